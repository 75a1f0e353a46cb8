// Verifications, at once and with a wait; retries; coverage.

import assert from "node:assert/strict";

import { EXAMPLE, assertRefused } from "./emulator.mjs";

// Claims about two successes, a 404 and a 401, in this order, and whether each holds.
const CLAIMS = [
  [{ match: {} }, true],
  [{ match: { status: 200 } }, true],
  [{ match: { status: 429 } }, false],
  [{ match: { status: 200 }, count: { exactly: 2 } }, true],
  [{ match: { status: 200 }, count: { exactly: 1 } }, false],
  [{ match: { status: 200 }, count: { atLeast: 3 } }, false],
  [{ match: { status: "4xx" }, count: { atLeast: 1, atMost: 2 } }, true],
  [{ match: { status: "4xx" }, count: { atMost: 1 } }, false],
  [{ match: { status: 429 }, count: { atMost: 0 } }, true],
  [{ match: { path: "/export/connections/*", method: "GET" }, count: { exactly: 4 } }, true],
  [{ match: { path: "/EXPORT/connections/none" }, count: { exactly: 1 } }, true],
  [{ match: { connectionId: "none", reason: "connection-unknown", gate: "look-up" } }, true],
  [{ match: { operation: "get-export-connection", client: "premium-app", user: "reader", token: "expired" } }, true],
  [{ match: { token: "Expired" } }, false],
  [{ match: { headers: { "x-run": "7" } }, count: { exactly: 1 } }, true],
  [{ match: { headers: { "X-Run": null } }, count: { exactly: 3 } }, true],
  [{ match: { query: { top: "a b" } }, count: { exactly: 1 } }, true],
  [{ match: { query: { top: null } }, count: { exactly: 3 } }, true],
  [{ match: { contractWarning: "query-unknown" }, count: { exactly: 1 } }, true],
  [{ sequence: [{ status: 200 }, { status: 401 }] }, true],
  [{ sequence: [{ status: 200 }, { status: 200 }, { status: 404 }, { status: 401 }] }, true],
  [{ sequence: [{ status: 401 }, { status: 404 }] }, false],
  [{ sequence: [{ status: 200 }, { status: 200 }, { status: 200 }] }, false],
  [{ retries: "none-early" }, true],
  [[{ match: { status: 200 } }, { sequence: [{ status: 404 }] }], true],
  [[{ match: { status: 200 } }, { match: { status: 500 } }], false],
];

async function four(world) {
  await world.connection();
  await world.connection(EXAMPLE, { headers: { "X-Run": "7" } });
  await world.connection(`none?${new URLSearchParams({ top: "a b" })}`);
  await world.connection(EXAMPLE, { token: "expired-token" });
}

const INVALID_CLAIMS = [
  [{}, undefined],
  [[], undefined],
  [{ match: {}, sequence: [{}] }, undefined],
  [{ sequence: [] }, "/sequence"],
  [{ retries: "none" }, "/retries"],
  [{ match: { staus: 200 } }, "/match/staus"],
  [{ match: { status: 42 } }, "/match/status"],
  [{ match: { path: "export" } }, "/match/path"],
  [{ match: { headers: { accept: 1 } } }, "/match/headers/accept"],
  [{ match: {}, count: { atLeast: -1 } }, "/count/atLeast"],
  [{ match: {}, count: { atLeast: 2, atMost: 1 } }, "/count"],
  [{ match: {}, count: { exactly: 1, atMost: 1 } }, "/count"],
  [{ sequence: [{}], count: { exactly: 1 } }, "/count"],
  [[{ match: {} }, { match: { user: 3 } }], "/1/match/user"],
];

const LONG = "?timeoutMs=600000"; // longer than any case takes
const SOME_404 = { match: { status: 404 } };

export function verify(inSandbox, emulator) {
  for (const [claim, holds] of CLAIMS)
    inSandbox(`${holds ? "holds" : "does not hold"}: ${JSON.stringify(claim)}`, async (world) => {
      await four(world);
      for (const path of ["verify", "verify/wait?timeoutMs=1"]) {
        const answer = await world.control("POST", path, claim);
        assert.equal(answer.status, holds ? 200 : 409, answer.text);
        assert.equal(answer.json.passed, holds);
        assert.deepEqual(answer.json.results[0].verification, [claim].flat()[0]);
        if (!holds) assertRefused(answer, 409, "VerificationUnmet");
      }
    });

  for (const [claim, target] of INVALID_CLAIMS)
    inSandbox(`invalid verification: ${JSON.stringify(claim)}`, async (world) => {
      for (const path of ["verify", "verify/wait"])
        assertRefused(await world.control("POST", path, claim), 422, "InvalidBody", target);
    });

  inSandbox("a claim that does not hold is reported with the nearest request", async (world) => {
    await four(world);
    const { error, results } = (await world.control("POST", "verify", { match: { status: 404, token: "expired" } })).json;
    const { id, differs } = results[0].nearest;
    assert.deepEqual(differs, [{ member: "status", expected: "404", found: "401" }]);
    assert.equal((await world.read(`requests/${id}`)).reason, "token-expired");
    assert.equal(error.message, `0 requests match; wanted: at least 1. The nearest is request ${id}: status was 401, not 404.`);
  });

  inSandbox("since: only later requests count", async (world) => {
    await four(world);
    const since = (await world.read("requests?limit=1")).requests[0].id;
    const claim = { match: { status: 404 }, count: { exactly: 1 }, since };
    assert.equal((await world.control("POST", "verify", claim)).status, 409);
    await world.connection("none");
    assert.equal((await world.post("verify", claim)).passed, true);
  });

  inSandbox("a wait that began before the request ends with it", async (world) => {
    let answered = false;
    const waiting = world.post(`verify/wait${LONG}`, SOME_404).finally(() => (answered = true));
    await world.statuses(20);
    assert.equal(answered, false);
    const id = Number((await world.connection("none")).header("x-emulator-request-id"));
    assert.deepEqual((await waiting).results[0].ids, [id]);
  });

  inSandbox("a wait for a sequence ends with its last step", async (world) => {
    const waiting = world.post(`verify/wait${LONG}`, { sequence: [{ status: 200 }, { status: 404 }, { status: 200 }] });
    for (const connection of ["none", EXAMPLE, "none", "none", EXAMPLE]) await world.connection(connection);
    const { count, ids } = (await waiting).results[0];
    assert.deepEqual([count, ids.length], [3, 3]);
  });

  inSandbox("a wait ends when a claim can never hold any more", async (world) => {
    const claims = [SOME_404, { match: { status: 200 }, count: { atMost: 2 } }];
    const waiting = world.control("POST", `verify/wait${LONG}`, claims);
    assert.deepEqual(await world.statuses(3), [200, 200, 200]);
    const answer = await waiting;
    assertRefused(answer, 409, "VerificationUnmet");
    assert.equal(answer.json.results.at(-1).sentence, "3 requests match; wanted: at most 2.");
  });

  inSandbox("a wait ends at its time-out, in real time, while the world's clock is frozen", async (world) => {
    await world.freeze("2030-01-01T00:00:00Z");
    const start = performance.now();
    const answer = await world.control("POST", "verify/wait?timeoutMs=60", SOME_404);
    assertRefused(answer, 409, "VerificationUnmet");
    assert.ok(performance.now() - start >= 59);
  });

  inSandbox("one request ends many waits", async (world) => {
    const waiting = Array.from({ length: 10 }, () => world.post(`verify/wait${LONG}`, SOME_404));
    await world.connection("none");
    for (const result of await Promise.all(waiting)) assert.equal(result.passed, true);
  });

  inSandbox("a wait ends when its world is reset", async (world) => {
    let answer;
    const waiting = world.control("POST", `verify/wait${LONG}`, SOME_404).then((it) => (answer = it));
    while (!answer) await world.reset(); // one of the resets comes after the wait began
    await waiting;
    assertRefused(answer, 409, "WorldReset");
  });

  for (const timeout of ["0", "600001", "soon"])
    inSandbox(`the time-out "${timeout}" is refused`, async (world) =>
      assertRefused(await world.control("POST", `verify/wait?timeoutMs=${timeout}`, SOME_404), 422, "InvalidQuery", "timeoutMs"));

  inSandbox("a verification evaluates its own world", async (world, name) => {
    await emulator.sandbox(`${name}-other`).connection("none");
    assert.equal((await world.control("POST", "verify", SOME_404)).status, 409);
  });

  for (const [title, seconds, cameBack] of [["too early", 59, "early"], ["on time", 60, "on-time"]])
    inSandbox(`a client that retries ${title} after a 429`, async (world) => {
      await world.freeze("2030-01-01T00:00:00Z");
      await world.post("rate-limit/premium-app/exhaust");
      assert.equal((await world.connection()).retryAfter, "60");
      const [{ client, refusals: [refusal] }] = (await world.read("retries")).clients;
      assert.deepEqual([client, refusal.status, refusal.retryAfter, refusal.cameBack], ["premium-app", 429, 60, "never"]);

      await world.advance(seconds);
      await world.connection(EXAMPLE, { token: "trial-token" }); // of another client
      const id = Number((await world.connection("none")).header("x-emulator-request-id"));
      const [after] = (await world.read("retries")).clients.find(({ client }) => client === "premium-app").refusals;
      assert.deepEqual([after.cameBack, after.with, after.afterSeconds], [cameBack, id, seconds]);
      const answer = await world.control("POST", "verify", { retries: "none-early" });
      assert.equal(answer.json.passed, cameBack === "on-time");
    });

  inSandbox("after a 503 only the same call is a retry", async (world) => {
    await world.freeze("2030-01-01T00:00:00Z");
    await world.fault({ when: { times: 1 }, then: { status: 503, headers: { "retry-after": "5" } } });
    const cameBack = async () => (await world.read("retries")).clients[0].refusals[0].cameBack;
    assert.equal((await world.connection()).status, 503);
    await world.connection("none");
    assert.equal(await cameBack(), "never");
    await world.advance(5);
    await world.connection();
    assert.equal(await cameBack(), "on-time");
  });

  inSandbox("a client without refusals has no retries", async (world) => {
    await four(world);
    assert.deepEqual(await world.read("retries"), { clients: [] });
  });

  inSandbox("coverage grows to all outcomes that the page documents", async (world) => {
    const outcomesOfOperation = async (someWorld) =>
      (await someWorld.read("coverage")).operations.find(({ operation }) => operation === "get-export-connection").outcomes;
    const calls = [
      [0, () => world.ask("/nothing")],
      [20, () => world.connection()],
      [20, () => world.connection()],
      [40, () => world.connection(EXAMPLE, { token: null })],
      [60, () => world.connection("private-connection")],
      [80, () => world.connection("none")],
      [100, () => world.connection(EXAMPLE, { headers: { Prefer: "code=429" } })],
    ];
    for (const [percent, call] of calls) {
      await call();
      const outcomes = await outcomesOfOperation(world);
      assert.equal(100 * outcomes.filter(({ count }) => count > 0).length / outcomes.length, percent);
    }
    const { documented, covered, operations } = await world.read("coverage");
    assert.deepEqual([operations.length, covered], [8, 5]);
    assert.equal(documented, operations.flatMap(({ outcomes }) => outcomes).length);
    assert.deepEqual((await outcomesOfOperation(world)).map(({ status, count }) => [status, count]), [[200, 2], [401, 1], [403, 1], [404, 1], [429, 1]]);
  });
}
