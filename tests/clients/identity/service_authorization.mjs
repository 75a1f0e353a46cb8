// @itwin/service-authorization: how the vendor's services get tokens, and introspect those of others.

import { IntrospectionClient, ServiceAuthorizationClient } from "@itwin/service-authorization";
import assert from "node:assert/strict";

import { golden } from "../emulator.mjs";

const settings = (world) => ({
  authority: world.url,
  clientId: "service-app",
  clientSecret: "service-app-secret",
  scope: "itwin-platform",
});

// The token without the prefix "Bearer" of the client.
async function tokenOf(world, secrets) {
  const token = await new ServiceAuthorizationClient(settings(world)).getAccessToken();
  assert.match(token, /^Bearer /);
  return secrets.saw(token.slice("Bearer ".length));
}

export function serviceAuthorization(inSandbox, inDefaultWorld) {
  for (const [where, within] of [["a sandbox", inSandbox], ["the default world", inDefaultWorld]])
    within(`service-authorization: its token reads the connection, in ${where}`, async (world, secrets) => {
      const token = await tokenOf(world, secrets);
      const answer = await world.connection(undefined, { token });
      assert.equal(answer.status, 200);
      assert.equal(answer.text, golden(200));
    });

  inSandbox("service-authorization: a wrong secret gets no token", async (world) => {
    const client = new ServiceAuthorizationClient({ ...settings(world), clientSecret: "wrong" });
    await assert.rejects(client.getAccessToken(), /401/);
    const { requests } = await world.read("requests?reason=oauth-secret-wrong");
    assert.equal(requests.length, 1);
  });

  inSandbox("service-authorization: the client retries an identity service that fails twice", async (world, secrets) => {
    await world.fault({ match: { path: "/connect/token" }, when: { calls: "1-2" }, then: { status: 503 } });
    await tokenOf(world, secrets);
    assert.equal((await world.read("requests?operation=token")).requests.length, 3);
  });

  inSandbox("service-authorization: a token is requested once and cached", async (world, secrets) => {
    const client = new ServiceAuthorizationClient(settings(world));
    const first = await client.getAccessToken();
    assert.equal(await client.getAccessToken(), first);
    secrets.saw(first.slice("Bearer ".length));
    await world.post("verify", { match: { path: "/connect/token" }, count: { exactly: 1 } });
  });

  inSandbox("service-authorization: introspection reports a token as active, and an altered one as not", async (world, secrets) => {
    const token = await tokenOf(world, secrets);
    const client = new IntrospectionClient({ issuerUrl: world.url });
    const introspection = await client.introspect(`Bearer ${token}`);
    assert.equal(introspection.active, true);
    assert.equal(introspection.scope, "itwin-platform");
    assert.equal(introspection.client_id, "service-app");
    const { token: altered } = await world.post("tokens", { defect: "bad-signature" });
    assert.equal((await client.introspect(`Bearer ${secrets.saw(altered)}`)).active, false);
  });
}
