// The journal: its entries, their explanations, and the stream of new entries.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

import { EXAMPLE, EXAMPLE_TOKEN, assertRefused, golden } from "./emulator.mjs";

const OPERATION = "get-export-connection";
const PREFER_404 = { headers: { Prefer: "code=404" } };

// A call to the vendor's API, its status, the gate that decided, the reason and the evidence of its source.
const DECISIONS = [
  ["a success", [EXAMPLE], 200, "render"],
  ["no token", [EXAMPLE, { token: null }], 401, "authenticate", "authorization-missing", "D"],
  ["an unknown token", [EXAMPLE, { token: "nobodys" }], 401, "authenticate", "token-unknown", "O"],
  ["an expired token", [EXAMPLE, { token: "expired-token" }], 401, "authenticate", "token-expired", "O"],
  ["a token of another issuer", [EXAMPLE, { token: "wrong-issuer-token" }], 401, "authenticate", "token-wrong-issuer", "D"],
  ["an unknown client", [EXAMPLE, { token: "unknown-client-token" }], 401, "authenticate", "client-unknown", "O"],
  ["a missing scope", [EXAMPLE, { token: "no-scope-token" }], 401, "scope", "scope-missing", "D"],
  ["a limit", [EXAMPLE, { token: "throttled-token" }], 429, "rate-limit", "rate-limited", "D"],
  ["an unknown connection", ["none"], 404, "look-up", "connection-unknown", "D"],
  ["a connection of another user", ["private-connection"], 403, "permission", "permission-missing", "D"],
  ["an answer requested by Prefer", [EXAMPLE, PREFER_404], 404, "fault", "prefer", "U"],
  ["an unknown path", ["a/b/c"], 404, "route", "route-unknown", "U"],
  ["a HEAD", [EXAMPLE, { method: "HEAD" }], 200, "render"],
];

// A filter, and the statuses of the calls of `seven` that it finds.
const FILTERS = [
  ["", [200, 404, 403, 401, 401, 404, 0]],
  ["status=404", [404, 404]],
  ["status=4xx", [404, 403, 401, 401, 404]],
  ["status=0", [0]],
  [`operation=${OPERATION}`, [200, 404, 403, 401, 401, 0]],
  ["client=trial-app", [403, 0]],
  ["reason=token-expired", [401]],
  ["status=4xx&client=premium-app", [404, 401]],
  ["limit=2", [404, 0]],
  ["since=0&limit=2", [200, 404]],
];

async function seven(world) {
  await world.connection();
  await world.connection("none");
  await world.connection("private-connection", { token: "trial-token" });
  await world.connection(EXAMPLE, { token: "expired-token" });
  await world.connection(EXAMPLE, { token: null });
  await world.ask("/nothing");
  const { id } = await world.fault({ then: { connection: "EMPTY_RESPONSE" } });
  await assert.rejects(world.connection(EXAMPLE, { token: "trial-token" }));
  await world.delete(`faults/${id}`);
}

// An invalid query, and the parameter that the refusal names.
const INVALID_FILTERS = [
  ["since=now", "since"],
  ["limit=0", "limit"],
  ["limit=1001", "limit"],
  ["status=4", "status"],
  ["status=ok", "status"],
  ["client=", "client"],
  ["methods=GET", "methods"],
];

const idOf = (answer) => Number(answer.header("x-emulator-request-id"));
const idsIn = (requests) => requests.map(({ id }) => id);

// The events of a stream, parsed like a browser's EventSource. Resolves when the answer has begun.
async function follow(world, query = "", headers = {}) {
  const stop = new AbortController();
  const answer = await fetch(`${world.url}/_emulator/requests/stream${query}`, { headers, signal: stop.signal });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "text/event-stream");
  const events = read(answer.body.pipeThrough(new TextDecoderStream()));
  return {
    // Undefined at the end of the stream.
    next: async () => (await events.next()).value,
    stop: () => stop.abort(),
  };
}

async function* read(parts) {
  let text = "";
  for await (const part of parts) {
    text += part;
    for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
      const fields = text.slice(0, end).split("\n").map((line) => line.split(/: ?(.*)/s));
      const { id, event, data } = Object.fromEntries(fields);
      if (data !== undefined) yield { id: id && Number(id), event, data: JSON.parse(data) };
    }
  }
}

// The words of a command line, as the shell gives them to curl.
function wordsOf(line) {
  const script = `curl() { for word; do printf '%s\\0' "$word"; done; }\n${line}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

export function journal(inSandbox, emulator) {
  for (const [title, call, status, gate, reason, mark] of DECISIONS)
    inSandbox(`the journal and the explanation of ${title}`, async (world) => {
      const answer = await world.connection(...call);
      assert.equal(answer.status, status);
      assert.equal(answer.header("x-emulator-reason"), reason);
      const { requests } = await world.read("requests");
      assert.equal(requests.length, 1);
      const [request] = requests;
      assert.deepEqual([request.id, request.status, request.gate, request.reason], [idOf(answer), status, gate, reason]);

      const why = await world.read(`requests/${request.id}/why`);
      const step = why.steps.at(-1);
      const verdict = reason === undefined ? "passed" : gate === "fault" ? "fault" : "refused";
      assert.deepEqual([step.gate, step.verdict, why.reason], [gate, verdict, reason]);
      assert.equal(why.steps.length === 8, status === 200);
      assert.equal(why.source?.mark, mark);
      if (reason === undefined) assert.equal(why.hint, undefined);
      else assert.match(why.hint, /^[A-Z].*\.$/s);
    });

  inSandbox("an entry has the whole request and its answer", async (world) => {
    await world.freeze("2030-01-01T00:00:00Z");
    const answer = await world.connection(EXAMPLE, { headers: { Accept: "text/html", "X-Mine": "a, b" } });
    const request = await world.read(`requests/${idOf(answer)}`);
    assert.equal(request.time, "2030-01-01T00:00:00.000Z");
    assert.ok(Math.abs(Date.parse(request.realTime) - Date.now()) < 3600_000, request.realTime);
    assert.ok(request.durationMs >= 0);
    assert.equal(request.method, "GET");
    assert.equal(new URL(request.target, emulator.url).href, `${world.url}/export/connections/${EXAMPLE}`);
    assert.deepEqual(request.headers.find(({ name }) => name === "X-Mine"), { name: "X-Mine", value: "a, b" });
    assert.deepEqual([request.operation, request.connectionId], [OPERATION, EXAMPLE]);
    assert.deepEqual([request.client, request.user, request.token], ["premium-app", "reader", "reader"]);
    assert.equal(request.answer.body, golden(200));
    assert.equal(request.answer.bodyBytes, golden(200).length);
    assert.deepEqual(request.contractWarnings, ["accept-other", "scope-older"].map((code) => ({ code, outsideContract: false })));
    assert.equal((await world.ask(new URL(request.why).pathname.slice(new URL(world.url).pathname.length))).status, 200);
  });

  for (const [filter, statuses] of FILTERS)
    inSandbox(`the journal with "${filter}"`, async (world) => {
      await seven(world);
      const { requests, total, dropped } = await world.read(`requests?${filter}`);
      assert.deepEqual(requests.map(({ status }) => status), statuses);
      assert.deepEqual([total, dropped], [7, 0]);
    });

  for (const [query, target] of INVALID_FILTERS)
    inSandbox(`the journal refuses "${query}"`, async (world) =>
      assertRefused(await world.control("GET", `requests?${query}`), 422, "InvalidQuery", target));

  inSandbox("the journal is read page by page, without a gap, while requests come", async (world) => {
    await world.statuses(30);
    const seen = [];
    for (let since = 0, page; ; since = seen.at(-1)) {
      [page] = await Promise.all([world.read(`requests?since=${since}&limit=7`), seen.length < 20 && world.connection()]);
      if (page.requests.length === 0) break;
      seen.push(...idsIn(page.requests));
    }
    assert.deepEqual(seen, idsIn((await world.read("requests?limit=1000")).requests));
    assert.ok(seen.length >= 31);
  });

  inSandbox("each of many concurrent calls has its own id and entry", async (world) => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => world.connection(`c-${i}`)));
    const { requests } = await world.read("requests");
    assert.equal(new Set(answers.map(idOf)).size, 50);
    for (const [i, answer] of answers.entries())
      assert.equal(requests.find(({ id }) => id === idOf(answer)).connectionId, `c-${i}`);
  });

  inSandbox("control calls are not in the journal", async (world) => {
    const id = idOf(await world.control("GET", "clock"));
    assert.equal((await world.read("requests")).total, 0);
    for (const behind of ["", "/why"]) assertRefused(await world.control("GET", `requests/${id}${behind}`), 404, "NotFound");
  });

  inSandbox("a request is only in the journal of its sandbox", async (world, name) => {
    const other = emulator.sandboxByHeader(`${name}-other`);
    const [mine, others] = [idOf(await world.connection()), idOf(await other.connection())];
    assert.deepEqual(idsIn((await world.read("requests")).requests), [mine]);
    assert.deepEqual(idsIn((await other.read("requests")).requests), [others]);
    assertRefused(await world.control("GET", `requests/${others}`), 404, "NotFound");
    await world.delete("requests");
    assert.equal((await other.read("requests")).requests.length, 1);
  });

  inSandbox("ids continue after the journal is emptied or its world is reset", async (world) => {
    const first = idOf(await world.connection());
    await world.delete("requests");
    assert.deepEqual(await world.read("requests"), { requests: [], total: 1, dropped: 0 });
    const second = idOf(await world.connection());
    await world.reset();
    assert.deepEqual(await world.read("requests"), { requests: [], total: 0, dropped: 0 });
    const third = idOf(await world.connection());
    assert.ok(first < second && second < third);
  });

  inSandbox("why as text, for a terminal", async (world) => {
    const id = idOf(await world.connection(EXAMPLE, { token: "expired-token" }));
    const answer = await world.ask(`/_emulator/requests/${id}/why`, { headers: { Accept: "text/plain" } });
    assert.equal(answer.header("content-type"), "text/plain; charset=utf-8");
    assert.match(answer.text, new RegExp(`^#${id}  GET .*\\n    401 at the gate authenticate: token-expired\\.\\n`));
    assert.match(answer.text, /\n {2}refused {2}authenticate: expected .*; found .*which expired at 2001-01-01T00:00:00Z\n/);
    assert.match(answer.text, /\n {2}hint: /);
  });

  inSandbox("the curl line repeats the request, with the token's name in its place", async (world) => {
    const body = "@it's `here`\n";
    const headers = { Authorization: `Bearer ${EXAMPLE_TOKEN}`, Accept: "a/b", "Content-Type": "text/plain", "Content-Length": body.length };
    const id = idOf(await world.ask("/export/connections/it's?a=$HOME&b={1,2}", { headers, body }));
    const { curl } = await world.read(`requests/${id}`);
    assert.deepEqual(wordsOf(curl), [
      "-i", "-X", "GET", "-H", "Authorization: Bearer reader", "-H", "Accept: a/b", "-H", "Content-Type: text/plain",
      "--data-raw", body, "-g", `${world.url}/export/connections/it's?a=$HOME&b={1,2}`,
    ]);
  });

  inSandbox("the stream sends each entry of the journal as it is added", async (world) => {
    await world.connection();
    const stream = await follow(world);
    for (const connection of [EXAMPLE, "none"]) {
      const id = idOf(await world.connection(connection));
      assert.deepEqual(await stream.next(), { id, event: "request", data: await world.read(`requests/${id}`) });
    }
    stream.stop();
  });

  inSandbox("the stream starts after Last-Event-ID, or after since", async (world) => {
    const ids = [];
    for (let i = 0; i < 4; ++i) ids.push(idOf(await world.connection()));
    for (const [query, headers, from] of [["", { "Last-Event-ID": `${ids[1]}` }, 2], [`?since=${ids[0]}`, {}, 1]]) {
      const stream = await follow(world, query, headers);
      for (const id of ids.slice(from)) assert.equal((await stream.next()).id, id);
      stream.stop();
    }
  });

  inSandbox("the stream has only entries that match its filters, of its own world", async (world, name) => {
    const stream = await follow(world, "?status=4xx&client=premium-app");
    const other = emulator.sandbox(`${name}-other`);
    await Promise.all([world.connection(), other.connection("none"), world.connection("none", { token: "trial-token" })]);
    const id = idOf(await world.connection("none"));
    assert.equal((await stream.next()).id, id);
    stream.stop();
  });

  inSandbox("the stream keeps up with hundreds of requests", async (world) => {
    const stream = await follow(world);
    const answers = await Promise.all(Array.from({ length: 300 }, () => world.connection()));
    const ids = [];
    while (ids.length < answers.length) ids.push((await stream.next()).id);
    assert.deepEqual(ids, answers.map(idOf).sort((a, b) => a - b));
    stream.stop();
  });

  inSandbox("the stream ends with an event when its world is reset", async (world) => {
    const stream = await follow(world);
    const id = idOf(await world.connection());
    await world.reset();
    assert.equal((await stream.next()).id, id);
    assert.deepEqual(await stream.next(), { id: undefined, event: "reset", data: {} });
    assert.equal(await stream.next(), undefined);
  });

  inSandbox("no token is in any answer about requests, wherever the client put it", async (world) => {
    await world.put("tokens/mine", { token: "s3cret-t0ken", user: "reader", client: "premium-app", scopes: ["export:read"] });
    const stream = await follow(world);
    const answer = await world.ask(`/export/connections/s3cret-t0ken?access_token=0ther-secret&x=s3cret-t0ken`, {
      headers: { Authorization: "Bearer s3cret-t0ken", "X-Copy": "s3cret-t0ken", Cookie: "sid=th1rd-secret", "X-Api-Token": "f0urth-secret" },
    });
    const unknown = await world.connection(EXAMPLE, { token: "unkn0wn-secret" });
    const texts = [];
    for (const id of [answer, unknown].map(idOf)) {
      texts.push(JSON.stringify(await stream.next()));
      for (const behind of ["", "/why"]) texts.push((await world.control("GET", `requests/${id}${behind}`)).text);
      texts.push((await world.ask(`/_emulator/requests/${id}/why`, { headers: { Accept: "text/plain" } })).text);
    }
    texts.push((await world.control("GET", "requests")).text);
    texts.push((await world.control("GET", "retries")).text, (await world.control("POST", "verify", { match: { status: 500 } })).text);
    stream.stop();
    assert.equal(texts.length, 11);
    for (const text of texts) assert.doesNotMatch(text, /s3cret-t0ken|0ther-secret|th1rd-secret|f0urth-secret|unkn0wn-secret/);
    assert.match(texts[0], /Bearer mine/);
  });
}
