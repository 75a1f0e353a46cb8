// openid-client, certified by the OpenID Foundation: discovery, log-in by code and PKCE, refresh, revocation.

import assert from "node:assert/strict";
import { custom, generators, Issuer } from "openid-client";

const REDIRECT = "http://127.0.0.1:1/callback"; // no server: the test reads the answer from the redirect

const clientOf = (issuer) =>
  new issuer.Client({
    client_id: "browser-app",
    redirect_uris: [REDIRECT],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  });

// Discovers the issuer and logs the user in. The client has validated the tokens.
async function logIn(world, secrets) {
  const client = clientOf(await Issuer.discover(world.url));
  const checks = { state: generators.state(), nonce: generators.nonce() };
  const verifier = secrets.saw(generators.codeVerifier());
  const url = client.authorizationUrl({
    scope: "openid offline_access itwin-platform",
    ...checks,
    code_challenge: generators.codeChallenge(verifier),
    code_challenge_method: "S256",
    login_hint: "reader",
  });
  const answer = await world.ask(url.slice(world.url.length));
  assert.equal(answer.status, 302, answer.text);
  const parameters = client.callbackParams(answer.header("location"));
  secrets.saw(parameters.code);
  const tokens = await client.callback(REDIRECT, parameters, { ...checks, code_verifier: verifier });
  remember(tokens, secrets);
  return { client, tokens, parameters };
}

function remember(tokens, secrets) {
  for (const name of ["access_token", "refresh_token", "id_token"]) if (tokens[name]) secrets.saw(tokens[name]);
}

const isRefused = (error) => (failure) => {
  assert.equal(failure.error, error);
  return true;
};

export function openidClient(inSandbox, inDefaultWorld) {
  for (const [where, within] of [["a sandbox", inSandbox], ["the default world", inDefaultWorld]])
    within(`openid-client: a user logs in by code and PKCE, in ${where}`, async (world, secrets) => {
      const { tokens } = await logIn(world, secrets);
      assert.equal(tokens.claims().sub, "reader");
      assert.equal(tokens.claims().iss, world.url);
      assert.equal((await world.connection(undefined, { token: tokens.access_token })).status, 200);
    });

  inSandbox("openid-client: a refresh gives new tokens, and the old one is refused", async (world, secrets) => {
    const { client, tokens } = await logIn(world, secrets);
    const refreshed = await client.refresh(tokens.refresh_token);
    remember(refreshed, secrets);
    assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
    assert.equal((await world.connection(undefined, { token: refreshed.access_token })).status, 200);
    await assert.rejects(client.refresh(tokens.refresh_token), isRefused("invalid_grant"));
    await assert.rejects(client.refresh(refreshed.refresh_token), isRefused("invalid_grant"));
  });

  inSandbox("openid-client: a token expires by the world's clock, and a refresh gives another", async (world, secrets) => {
    const { client, tokens } = await logIn(world, secrets);
    client[custom.clock_tolerance] = 7200; // the client's own clock does not change
    await world.advance(3600);
    const answer = await world.connection(undefined, { token: tokens.access_token });
    assert.equal(answer.status, 401);
    assert.equal(answer.header("x-emulator-reason"), "token-expired");
    const refreshed = await client.refresh(tokens.refresh_token);
    remember(refreshed, secrets);
    assert.equal((await world.connection(undefined, { token: refreshed.access_token })).status, 200);
  });

  inSandbox("openid-client: a revoked token is refused", async (world, secrets) => {
    const { client, tokens } = await logIn(world, secrets);
    await client.revoke(tokens.access_token);
    const answer = await world.connection(undefined, { token: tokens.access_token });
    assert.equal(answer.header("x-emulator-reason"), "token-revoked");
    await client.revoke(tokens.refresh_token, "refresh_token");
    await assert.rejects(client.refresh(tokens.refresh_token), isRefused("invalid_grant"));
  });

  inSandbox("openid-client: a code is valid once", async (world, secrets) => {
    const { client, parameters } = await logIn(world, secrets);
    const again = client.grant({
      grant_type: "authorization_code",
      code: parameters.code,
      redirect_uri: REDIRECT,
      code_verifier: secrets.saw(generators.codeVerifier()),
    });
    await assert.rejects(again, isRefused("invalid_grant"));
  });

  inSandbox("openid-client: the client gets access_denied if the user declines", async (world) => {
    const client = clientOf(await Issuer.discover(world.url));
    const state = generators.state();
    const url = client.authorizationUrl({
      state,
      code_challenge: generators.codeChallenge(generators.codeVerifier()),
      code_challenge_method: "S256",
      emulator_declined: "true",
    });
    const parameters = client.callbackParams((await world.ask(url.slice(world.url.length))).header("location"));
    await assert.rejects(client.callback(REDIRECT, parameters, { state }), isRefused("access_denied"));
  });

  inSandbox("openid-client: a service gets its token with either way to authenticate", async (world, secrets) => {
    const issuer = await Issuer.discover(world.url);
    for (const method of ["client_secret_basic", "client_secret_post"]) {
      const client = new issuer.Client({
        client_id: "service-app",
        client_secret: "service-app-secret",
        token_endpoint_auth_method: method,
      });
      const tokens = await client.grant({ grant_type: "client_credentials", scope: "export:read" });
      remember(tokens, secrets);
      assert.equal((await world.connection(undefined, { token: tokens.access_token })).status, 200);
    }
  });
}
