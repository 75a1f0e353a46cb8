// Run with npm install && npm test. One emulator for this file and one sandbox per test. Needs Docker and the image
// export-emulator.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GenericContainer, Wait } from "testcontainers";

let emulator, origin;

before(async () => {
  emulator = await new GenericContainer("export-emulator")
    .withExposedPorts(8080)
    // Wait for the image's HEALTHCHECK: waiting for an open port needs a shell in the container, which this one lacks.
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
  origin = `http://${emulator.getHost()}:${emulator.getMappedPort(8080)}`;
});

after(() => emulator?.stop());

test("a connection is read", async () => {
  const base = `${origin}/_sandbox/read`; // your client's base URL
  const response = await fetch(`${base}/export/connections/never-run-connection`, {
    headers: { Authorization: "Bearer reader-token" },
  });
  assert.equal(response.status, 200);
});

test("a client over its rate limit gets 429 with Retry-After", async () => {
  const base = `${origin}/_sandbox/limits`;
  const response = await fetch(`${base}/export/connections/never-run-connection`, {
    headers: { Authorization: "Bearer throttled-token" },
  });
  assert.equal(response.status, 429);
  assert.ok(response.headers.get("retry-after"));
});
