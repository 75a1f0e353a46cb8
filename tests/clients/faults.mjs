// Planned faults, as node:http and fetch see them: answers, delays, broken connections and tampering, and the calls that they apply to.

import assert from "node:assert/strict";
import http from "node:http";

import { EXAMPLE, assertRefused, golden } from "./emulator.mjs";

// The names of refusals in faults, with the status of each and, if it differs from the name, the code.
const REFUSALS = {
  HeaderNotFound: [401],
  InsufficientPermissions: [403],
  ConnectionNotFound: [404],
  TooManyRequests: [429],
  InvalidAuthorizationInformationRequest: [422],
  ConnectionAlreadyInUse: [409],
  InvalidConnectionId: [422, "InvalidExportConnectionRequest"],
  RateLimitExceeded: [429],
  InvalidConnection: [422, "InvalidExportConnectionRequest"],
  Unauthorized: [401],
  UnknownClient: [401, "Unauthorized"],
  InvalidRun: [422, "InvalidExportConnectionRequest"],
  InvalidQuery: [422, "InvalidExportConnectionRequest"],
  RunNotFound: [404],
};
const DOCUMENTED = ["HeaderNotFound", "InsufficientPermissions", "ConnectionNotFound", "TooManyRequests"];

// The code of the error that each client reports.
const BROKEN_CONNECTIONS = {
  CONNECTION_RESET_BY_PEER: { http: "ECONNRESET", fetch: "ECONNRESET" },
  EMPTY_RESPONSE: { http: "ECONNRESET", fetch: "UND_ERR_SOCKET" },
  MALFORMED_RESPONSE_CHUNK: { http: "HPE_INVALID_CHUNK_SIZE", fetch: "HPE_INVALID_CHUNK_SIZE" },
  RANDOM_DATA_THEN_CLOSE: { http: "HPE_INVALID_CONSTANT", fetch: "HPE_INVALID_CONSTANT" },
};

// A delay, and the milliseconds that pass at least. Timers may be early by a rounding error.
const DELAYS = [
  ["fixed", 40, 40],
  ["uniform", { uniform: [30, 50] }, 30],
  ["lognormal, which is its median without a spread", { lognormal: { median: 40, sigma: 0 } }, 40],
];

// `when`, and the numbers of the ten calls to which the fault applies.
const TIMES = [
  [undefined, "1 2 3 4 5 6 7 8 9 10"],
  [{ calls: "3" }, "3"],
  [{ calls: "3-5" }, "3 4 5"],
  [{ calls: "2,4-6" }, "2 4 5 6"],
  [{ calls: "8-" }, "8 9 10"],
  [{ times: 2 }, "1 2"],
  [{ probability: 0 }, ""],
  [{ probability: 1 }, "1 2 3 4 5 6 7 8 9 10"],
];

// `match`, a call that matches, and one that does not.
const MATCHES = [
  [{ method: "HEAD" }, [EXAMPLE, { method: "HEAD" }], [EXAMPLE]],
  [{ method: "GET" }, [EXAMPLE], [EXAMPLE, { method: "HEAD" }]],
  [{ path: "/export/connections/service-*" }, ["service-connection"], [EXAMPLE]],
  [{ path: "/EXPORT/*/never-run-connection" }, ["never-run-connection"], ["service-connection"]],
  [{ connectionId: EXAMPLE }, [EXAMPLE], ["service-connection"]],
  [{ client: "trial-app" }, [EXAMPLE, { token: "trial-token" }], [EXAMPLE]],
  [{ client: "trial-app", connectionId: EXAMPLE }, [EXAMPLE, { token: "trial-token" }], ["never-run-connection", { token: "trial-token" }]],
  [{ operation: "get-export-connection" }, [EXAMPLE], null],
];

const INVALID_FAULTS = [
  [{}, undefined],
  [{ then: {} }, "/then"],
  [{ then: { refusal: "TooManyRequest" } }, "/then/refusal"],
  [{ then: { status: 99 } }, "/then/status"],
  [{ then: { status: 500, refusal: "Unauthorized" } }, "/then/status"],
  [{ then: { status: 204, body: "x" } }, "/then/body"],
  [{ then: { status: 500, headers: { "Content-Length": "3" } } }, "/then/headers/Content-Length"],
  [{ then: { retryAfter: 2 } }, "/then/retryAfter"],
  [{ then: { connection: "RESET" } }, "/then/connection"],
  [{ then: { connection: "EMPTY_RESPONSE", slowBodyMs: 5 } }, "/then/slowBodyMs"],
  [{ then: { delayMs: 0 } }, "/then/delayMs"],
  [{ then: { delayMs: 600001 } }, "/then/delayMs"],
  [{ then: { delayMs: { uniform: [9, 3] } } }, "/then/delayMs/uniform"],
  [{ then: { tamper: "white" } }, "/then/tamper"],
  [{ then: { status: 200, tamper: "html-body" } }, "/then/tamper"],
  [{ match: { methods: "GET" }, then: { status: 500 } }, "/match/methods"],
  [{ match: { method: "get" }, then: { status: 500 } }, "/match/method"],
  [{ match: { operation: "get-connection" }, then: { status: 500 } }, "/match/operation"],
  [{ when: { calls: "5-3" }, then: { status: 500 } }, "/when/calls"],
  [{ when: { calls: "1", times: 1 }, then: { status: 500 } }, "/when/times"],
  [{ when: { probability: 1.5 }, then: { status: 500 } }, "/when/probability"],
];

async function timed(answer) {
  const start = performance.now();
  return [await answer, performance.now() - start];
}

export function faults(inSandbox) {
  for (const [refusal, [status, code]] of Object.entries(REFUSALS))
    inSandbox(`the refusal ${refusal}`, async (world) => {
      await world.fault({ then: { refusal } });
      const answer = await world.connection();
      assertRefused(answer, status, code ?? refusal);
      if (DOCUMENTED.includes(refusal)) assert.equal(answer.text, golden(status));
      assert.equal(answer.retryAfter, status === 429 ? "1" : undefined);
    });

  inSandbox("this list has every refusal", async (world) => {
    const answer = await world.control("POST", "faults", { then: { refusal: "?" } });
    assert.ok(answer.json.error.message.includes(`one of ${Object.keys(REFUSALS).join(", ")}.`), answer.text);
  });

  for (const [refusal, retryAfter] of [["TooManyRequests", 30], ["TooManyRequests", 0], ["TooManyRequests", 86400]])
    inSandbox(`${refusal} with retry-after ${retryAfter}`, async (world) => {
      await world.fault({ then: { refusal, retryAfter } });
      assert.equal((await world.connection()).retryAfter, `${retryAfter}`);
    });

  inSandbox("an answer of the test's own: a status, header fields, a text", async (world) => {
    await world.fault({ then: { status: 502, headers: { "Content-Type": "text/plain", "X-Proxy": "a, b" }, body: "Bad gateway\n" } });
    const answer = await world.connection();
    assert.deepEqual([answer.status, answer.text], [502, "Bad gateway\n"]);
    assert.equal(answer.header("content-type"), "text/plain");
    assert.equal(answer.header("x-proxy"), "a, b");
  });

  inSandbox("an answer of the test's own: an object is JSON", async (world) => {
    const body = { error: { code: "X", message: "ж" } };
    await world.fault({ then: { status: 422, body } });
    const answer = await world.connection();
    assert.deepEqual([answer.status, answer.json], [422, body]);
    assert.match(answer.header("content-type"), /^application\/json/);
  });

  inSandbox("an answer of the test's own: no body at all", async (world) => {
    await world.fault({ then: { status: 204 } });
    const answer = await world.connection();
    assert.deepEqual([answer.status, answer.text], [204, ""]);
  });

  for (const [title, delayMs, least] of DELAYS)
    inSandbox(`a delay, ${title}`, async (world) => {
      await world.fault({ then: { delayMs } });
      const [answer, elapsed] = await timed(world.connection());
      assert.equal(answer.text, golden(200));
      assert.ok(elapsed >= least - 1, `${elapsed} ms`);
    });

  inSandbox("a delay goes with a refusal", async (world) => {
    await world.fault({ then: { delayMs: 30, refusal: "TooManyRequests" } });
    const [answer, elapsed] = await timed(world.connection());
    assert.equal(answer.status, 429);
    assert.ok(elapsed >= 29, `${elapsed} ms`);
  });

  inSandbox("a delay does not delay other calls", async (world) => {
    const { id } = await world.fault({ match: { connectionId: "late" }, then: { delayMs: 600_000 } });
    let answered = false;
    const late = http.get(`${world.url}/export/connections/late`, { agent: false }, () => (answered = true));
    late.on("error", () => {}); // it is aborted below
    while ((await world.read(`faults/${id}`)).applied === 0);
    assert.deepEqual(await world.statuses(10), Array(10).fill(200));
    assert.equal(answered, false);
    late.destroy();
  });

  inSandbox("a slow body arrives whole, and late", async (world) => {
    await world.fault({ then: { slowBodyMs: 50 } });
    const [answer, elapsed] = await timed(world.connection());
    assert.equal(answer.text, golden(200));
    assert.ok(elapsed >= 30, `${elapsed} ms`);
  });

  for (const [connection, codes] of Object.entries(BROKEN_CONNECTIONS)) {
    inSandbox(`${connection}, by node:http`, async (world) => {
      await world.fault({ when: { times: 1 }, then: { connection } });
      await assert.rejects(world.connection(), { code: codes.http });
      assert.equal((await world.connection()).status, 200);
    });

    inSandbox(`${connection}, by fetch`, async (world) => {
      await world.fault({ when: { times: 1 }, then: { connection } });
      const get = () => fetch(`${world.url}/export/connections/${EXAMPLE}`).then((answer) => answer.json());
      await assert.rejects(get(), ({ cause }) => cause.code === codes.fetch);
      assert.equal((await get()).error.code, "HeaderNotFound");
    });
  }

  for (const [tamper, retryAfter] of [["no-retry-after", /^undefined$/], ["retry-after-zero", /^0$/], ["retry-after-date", / GMT$/]])
    inSandbox(`tampering ${tamper}`, async (world) => {
      await world.freeze("2030-01-01T00:00:00Z");
      await world.fault({ then: { tamper } });
      const answer = await world.connection(EXAMPLE, { token: "throttled-token" });
      assert.deepEqual([answer.status, answer.text], [429, golden(429)]);
      assert.match(`${answer.retryAfter}`, retryAfter);
      if (tamper === "retry-after-date") assert.equal(Date.parse(answer.retryAfter), Date.parse("2030-01-01T00:01:00Z"));
      assert.equal((await world.connection()).text, golden(200)); // only a 429 is tampered with
    });

  for (const [tamper, type, body] of [["no-body", /^undefined$/, /^$/], ["html-body", /^text\/html/, /^<.*html/is]])
    inSandbox(`tampering ${tamper}`, async (world) => {
      await world.fault({ then: { tamper } });
      const answer = await world.connection("no-such-connection");
      assert.equal(answer.status, 404);
      assert.match(`${answer.header("content-type")}`, type);
      assert.match(answer.text, body);
      assert.equal((await world.connection()).text, golden(200));
    });

  for (const [when, hits] of TIMES)
    inSandbox(`of ten calls, when ${JSON.stringify(when)}`, async (world) => {
      const { id } = await world.fault({ when, then: { status: 503 } });
      const statuses = await world.statuses(10);
      assert.equal(statuses.flatMap((status, i) => (status === 503 ? [i + 1] : [])).join(" "), hits);
      const report = await world.read(`faults/${id}`);
      assert.deepEqual([report.matched, report.applied], [10, hits.split(" ").filter(Boolean).length]);
    });

  inSandbox("the same seed gives the same calls, another seed other calls", async (world) => {
    const statusesWithSeed = async (seed) => {
      await world.reset();
      await world.fault({ when: { probability: 0.5, seed }, then: { status: 503 } });
      return (await world.statuses(40)).join();
    };
    const [first, again, other] = [await statusesWithSeed(7), await statusesWithSeed(7), await statusesWithSeed(8)];
    assert.equal(first, again);
    assert.notEqual(first, other);
    assert.ok(first.includes("200") && first.includes("503"));
  });

  for (const [match, hit, missed] of MATCHES)
    inSandbox(`a fault for ${JSON.stringify(match)}`, async (world) => {
      await world.fault({ match, then: { status: 503 } });
      assert.equal((await world.connection(...hit)).status, 503);
      if (missed) assert.equal((await world.connection(...missed)).status, 200);
    });

  inSandbox("a fault is applied before the token is validated, and can match its client", async (world) => {
    await world.fault({ match: { client: "premium-app" }, then: { status: 503 } });
    assert.equal((await world.connection(EXAMPLE, { token: "expired-token" })).status, 503);
    assert.equal((await world.connection(EXAMPLE, { token: "no-such-token" })).status, 401);
  });

  inSandbox("of several faults, the first that matches is applied", async (world) => {
    await world.fault({ when: { calls: "2" }, then: { status: 502 } });
    await world.fault({ when: { calls: "1-2" }, then: { status: 503 } });
    await world.fault({ match: { client: "trial-app" }, then: { status: 504 } });
    assert.deepEqual(await world.statuses(5), [503, 502, 503, 200, 200]);
    const { faults } = await world.read("faults");
    assert.deepEqual(faults.map(({ matched, applied }) => [matched, applied]), [[5, 1], [4, 2], [0, 0]]);
  });

  inSandbox("a planned refusal is not rate-limited, a delayed call is", async (world) => {
    await world.fault({ when: { times: 2 }, then: { refusal: "TooManyRequests" } });
    await world.fault({ then: { delayMs: 1 } });
    assert.deepEqual(await world.statuses(3), [429, 429, 200]);
    assert.equal((await world.read("rate-limit/premium-app")).windows[0].used, 1);
  });

  inSandbox("faults are listed as they were sent, read by their id, and deleted", async (world) => {
    const plans = [{ then: { delayMs: 1 } }, { match: { method: "GET" }, when: { times: 1 }, then: { status: 503 } }];
    const ids = [];
    for (const plan of plans) ids.push((await world.fault(plan)).id);
    const listed = plans.map((plan, i) => ({ id: ids[i], ...plan, matched: 0, applied: 0 }));
    assert.deepEqual(await world.read("faults"), { faults: listed });
    assert.deepEqual(await world.read(`faults/${ids[1]}`), listed[1]);
    await world.delete(`faults/${ids[0]}`);
    assertRefused(await world.control("GET", `faults/${ids[0]}`), 404, "NotFound");
    assert.equal((await world.connection()).status, 503);
    await world.delete("faults");
    assert.deepEqual(await world.read("faults"), { faults: [] });
    assert.equal((await world.connection()).status, 200);
  });

  inSandbox("a new fault has a Location", async (world) => {
    const answer = await world.control("POST", "faults", { then: { status: 503 } });
    assert.equal(answer.status, 201);
    const location = answer.header("location");
    assert.equal(location, `${world.url}/_emulator/faults/${answer.json.id}`);
    assert.equal((await (await fetch(location)).json()).id, answer.json.id);
  });

  inSandbox("a request with Prefer meets no fault", async (world) => {
    const { id } = await world.fault({ then: { status: 503 } });
    const answer = await world.connection(EXAMPLE, { headers: { Prefer: "code=404" } });
    assert.equal(answer.status, 404);
    assert.equal((await world.read(`faults/${id}`)).matched, 0);
  });

  inSandbox("control calls meet no fault", async (world) => {
    await world.fault({ match: { path: "*" }, then: { status: 503 } });
    assert.equal((await world.read("clock")).frozen, false);
    assert.equal((await world.read("readyz")).status, "ready");
  });

  for (const [fault, target] of INVALID_FAULTS)
    inSandbox(`a fault cannot be ${JSON.stringify(fault)}`, async (world) => {
      assertRefused(await world.control("POST", "faults", fault), 422, "InvalidBody", target);
      assert.deepEqual(await world.read("faults"), { faults: [] });
    });
}
