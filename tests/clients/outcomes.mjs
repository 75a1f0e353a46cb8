// Every outcome that the page documents, by tokens and ids of the default world, and by Prefer.

import assert from "node:assert/strict";

import { EXAMPLE, assertRefused, golden } from "./emulator.mjs";

// A connection id, a call, and its answer: a status, and the page's body or the error's code.
const OUTCOMES = [
  ["the page's example", EXAMPLE, { token: "reader-token" }, 200, golden(200)],
  ["the newer scope", EXAMPLE, { token: "platform-token" }, 200, golden(200)],
  ["the scheme in capitals", EXAMPLE, { token: null, headers: { Authorization: "BEARER reader-token" } }, 200, golden(200)],
  ["no Authorization header", EXAMPLE, { token: null }, 401, golden(401)],
  ["an Authorization header that is empty", EXAMPLE, { token: null, headers: { Authorization: "" } }, 401, "Unauthorized"],
  ["no scheme", EXAMPLE, { token: null, headers: { Authorization: "reader-token" } }, 401, "Unauthorized"],
  ["another scheme", EXAMPLE, { token: null, headers: { Authorization: "Basic cmVhZGVyOnRva2Vu" } }, 401, "Unauthorized"],
  ["an unknown token", EXAMPLE, { token: "no-such-token" }, 401, "Unauthorized"],
  ["a token without the scope", EXAMPLE, { token: "no-scope-token" }, 401, "Unauthorized"],
  ["an expired token", EXAMPLE, { token: "expired-token" }, 401, "Unauthorized"],
  ["a token that is not valid yet", EXAMPLE, { token: "not-yet-valid-token" }, 401, "Unauthorized"],
  ["a token of another issuer", EXAMPLE, { token: "wrong-issuer-token" }, 401, "Unauthorized"],
  ["a token of an unknown client", EXAMPLE, { token: "unknown-client-token" }, 401, "Unauthorized"],
  ["a user who may read nothing", EXAMPLE, { token: "stranger-token" }, 403, golden(403)],
  ["another user's connection", "private-connection", { token: "reader-token" }, 403, golden(403)],
  ["an unknown connection", "no-such-connection", { token: "reader-token" }, 404, golden(404)],
  ["an unknown connection, and a user who may read nothing", "nowhere", { token: "stranger-token" }, 404, golden(404)],
  ["an id in another case", EXAMPLE.toUpperCase(), { token: "reader-token" }, 404, golden(404)],
  ["a client with a limit of 0", EXAMPLE, { token: "throttled-token" }, 429, golden(429)],
];

const CONNECTIONS = [
  ["service-connection", "reader-token", { authenticationType: "Service" }],
  ["VRZHoBhrnkGrAev0-_-d_xwvyrzjgaVGka5wU967Q7M", "reader-token", { authenticationType: "User" }],
  ["private-connection", "owner-token", { displayName: "Only its owner may read this one" }],
];

export function outcomes(inSandbox) {
  for (const [title, id, call, status, expected] of OUTCOMES)
    inSandbox(`${status}: ${title}`, async (world) => {
      const answer = await world.connection(id, call);
      if (!expected.startsWith("{")) return assertRefused(answer, status, expected);
      assert.equal(answer.status, status);
      assert.equal(answer.text, expected);
    });

  for (const [id, token, members] of CONNECTIONS)
    inSandbox(`200: ${id}`, async (world) => {
      const { connection } = (await world.connection(id, { token })).json;
      assert.deepEqual({ ...connection, ...members, id }, connection);
    });

  inSandbox("200: a connection that never ran has no lastRun", async (world) => {
    const { connection } = (await world.connection("never-run-connection")).json;
    assert.deepEqual(Object.keys(connection._links), ["iModel", "iTwin"]);
  });

  inSandbox("HEAD is GET without a body", async (world) => {
    const [head, get] = await Promise.all([world.connection(EXAMPLE, { method: "HEAD" }), world.connection()]);
    assert.deepEqual([head.status, head.text], [200, ""]);
    assert.equal(head.header("content-length"), get.header("content-length"));
  });

  for (const status of [200, 401, 403, 404, 429])
    inSandbox(`Prefer: code=${status}`, async (world) => {
      const answer = await world.connection(EXAMPLE, { headers: { Prefer: `code=${status}` } });
      assert.equal(answer.status, status);
      assert.equal(answer.text, golden(status));
      assert.equal(answer.header("preference-applied"), status === 200 ? undefined : `code=${status}`);
      assert.equal(answer.retryAfter, status === 429 ? "1" : undefined);
    });

  for (const status of [302, 422, 500, "teapot"])
    inSandbox(`Prefer: code=${status}, which the page does not document`, async (world) => {
      const answer = await world.connection(EXAMPLE, { headers: { Prefer: `code=${status}` } });
      assertRefused(answer, 400, "BadRequest");
      assert.match(answer.json.error.message, /200, 401, 403, 404, 429/);
    });

  inSandbox("other preferences are passed over", async (world) => {
    const answer = await world.connection(EXAMPLE, { headers: { Prefer: "return=minimal, wait=10" } });
    assert.equal(answer.text, golden(200));
  });

  inSandbox("a preference meters nothing", async (world) => {
    await world.put("rate-limit/premium-app", { limit: 1, seconds: 60 });
    await world.connection(EXAMPLE, { headers: { Prefer: "code=404" } });
    assert.deepEqual(await world.statuses(2), [200, 429]);
  });
}
