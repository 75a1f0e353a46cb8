// npm install && npm test: an emulator for this file, and a sandbox for each test. Wants Docker, and the image
// export-emulator.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GenericContainer, Wait } from "testcontainers";

let emulator, origin;

before(async () => {
  emulator = await new GenericContainer("export-emulator")
    .withExposedPorts(8080)
    // By the image's own HEALTHCHECK: to ask for an open port, a container needs a shell, and this one has none.
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
  origin = `http://${emulator.getHost()}:${emulator.getMappedPort(8080)}`;
});

after(() => emulator?.stop());

test("a connection is read", async () => {
  const base = `${origin}/_sandbox/read`; // your client's base URL
  const answer = await fetch(`${base}/export/connections/never-run-connection`, {
    headers: { Authorization: "Bearer reader-token" },
  });
  assert.equal(answer.status, 200);
});

test("a client that called too often is told to wait", async () => {
  const base = `${origin}/_sandbox/limits`;
  const answer = await fetch(`${base}/export/connections/never-run-connection`, {
    headers: { Authorization: "Bearer throttled-token" },
  });
  assert.equal(answer.status, 429);
  assert.ok(answer.headers.get("retry-after"));
});
