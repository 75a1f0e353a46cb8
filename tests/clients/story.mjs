// The whole API as a client uses it: connections and runs from creation to deletion; every documented refusal of every
// operation, by Prefer; editions and assumptions.

import assert from "node:assert/strict";

const IMODEL = "a0471655-6b18-419e-ab01-ebf4fbff9dff";
const RUN = { exportType: "IFC", ifcVersion: "IFC4.3" };
const OPERATIONS = {
  "create-export-connection": ["POST", "/export/connections", [401, 422, 429]],
  "get-export-connections": ["GET", `/export/connections?imodelId=${IMODEL}`, [401, 403, 404, 429]],
  "get-export-connection": ["GET", "/export/connections/any", [401, 403, 404, 429]],
  "delete-export-connection": ["DELETE", "/export/connections/any", [401, 404, 409, 422, 429]],
  "create-export-connection-run": ["POST", "/export/connections/any/runs", [401, 403, 404, 409, 422, 429]],
  "get-export-connection-runs": ["GET", "/export/connections/any/runs", [401, 403, 404, 429]],
  "get-export-connection-run": ["GET", "/export/connections/any/runs/any", [401, 403, 404, 429]],
  "get-authorization-information": ["GET", "/export/authorizationinformation?redirectUrl=https://a.example", [401, 422, 429]],
};

// A client of a world that follows the links of the answers.
function clientOf(world, token = "writer-token") {
  const call = (method, path, body) =>
    world.ask(path, {
      method,
      headers: { Authorization: `Bearer ${token}`, Accept: "*/*", "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
  const follow = (url) => call("GET", url.slice(world.url.length));
  return {
    call,
    follow,
    create: async (displayName) => (await call("POST", "/export/connections", { iModelId: IMODEL, displayName })).json.connection,
    run: (id, body = RUN) => call("POST", `/export/connections/${id}/runs`, body),
    read: async (url) => (await follow(url)).json.run,
  };
}

export function story(inSandbox) {
  inSandbox("a connection is created, run, listed and deleted", async (world) => {
    const client = clientOf(world);
    await world.put("clock", { now: "2030-01-01T00:00:00Z", frozen: true });
    const { id } = await client.create("mine");
    assert.match(id, /^VRZHoBhrnkGrAev0-_-d_[\w-]{22}$/);

    const started = await client.run(id);
    assert.deepEqual([started.status, started.text, started.header("content-type")], [202, "", undefined]);
    const url = started.header("location");
    assert.ok(url.startsWith(`${world.url}/export/connections/${id}/runs/`), url);
    const again = await client.run(id);
    assert.deepEqual([again.status, again.header("location")], [303, url]);
    assert.equal((await client.follow(url)).status, 200);
    assert.equal((await client.call("DELETE", `/export/connections/${id}`)).status, 409);
    assert.equal((await client.call("GET", `/export/connections/${id}`)).json.connection._links.lastRun.href, url);

    const states = [];
    for (let half = 0; half <= 20; ++half, await world.post("clock/advance", { seconds: 0.5 }))
      states.push((await client.read(url)).state);
    assert.deepEqual([...new Set(states)], ["Queued", "Executing", "Finalizing", "Completed"]);
    const run = await client.read(url);
    assert.deepEqual([run.result, run.startDateTime, run.endDateTime], ["Success", "2030-01-01T00:00:00Z", "2030-01-01T00:00:10Z"]);

    assert.equal((await client.run(id)).status, 202);
    const { runs } = (await client.call("GET", `/export/connections/${id}/runs`)).json;
    assert.deepEqual(runs.map(({ state }) => state), ["Queued", "Completed"]);
    await world.post(`runs/${runs[0].id}/finish`, { outcome: "Error" });
    assert.equal((await client.read(`${world.url}/export/connections/${id}/runs/${runs[0].id}`)).result, "Error");
    assert.equal((await client.call("DELETE", `/export/connections/${id}`)).status, 204);
    assert.equal((await client.call("GET", `/export/connections/${id}/runs`)).status, 404);
  });

  inSandbox("lists are paged by links", async (world) => {
    const client = clientOf(world);
    for (const name of ["1", "2", "3", "4"]) await client.create(name);
    const names = [];
    let url = `${world.url}/export/connections?imodelId=${IMODEL}&%24top=2`;
    for (let page; url; url = page._links.next?.href) {
      page = (await client.follow(url)).json;
      names.push(page.connections.map(({ displayName }) => displayName.length));
    }
    assert.deepEqual(names.map(({ length }) => length), [2, 2, 1]);
  });

  for (const outcome of ["Success", "Error", "PartialSuccess", "Skipped", "Cancelled", "TimedOut"])
    inSandbox(`a run of a connection with outcome=${outcome} in its name`, async (world) => {
      const client = clientOf(world);
      await world.put("run-plans/*", { seconds: 0, queuedSeconds: 0 });
      const { id } = await client.create(`nightly outcome=${outcome}`);
      const run = await client.read((await client.run(id)).header("location"));
      assert.deepEqual([run.state, run.result, run.jobs[0].result], ["Completed", outcome, outcome]);
      const failed = run.jobs[0].tasks.filter(({ result }) => result === "Error");
      assert.deepEqual(failed.map(({ error }) => error.errorCode), outcome === "Error" || outcome === "PartialSuccess" ? ["TAE_BRW_1000"] : []);
    });

  inSandbox("of many concurrent starts of a run one succeeds, and the others are redirected or refused", async (world) => {
    const client = clientOf(world);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.run("service-connection")));
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 202).length, 1, `${statuses}`);
    assert.ok(statuses.every((status) => [202, 303, 409].includes(status)), `${statuses}`);
    assert.equal(new Set(answers.map((answer) => answer.header("location")).filter(Boolean)).size, 1);
  });

  inSandbox("clients without the scope, the permission or the authorization are refused", async (world) => {
    assert.equal((await clientOf(world, "reader-token").call("POST", "/export/connections", { iModelId: IMODEL })).status, 401);
    assert.equal((await clientOf(world, "stranger-token").call("GET", "/export/connections/service-connection/runs")).status, 403);
    assert.equal((await clientOf(world, "newcomer-token").run("never-run-connection")).status, 403);
    await world.put("users/newcomer", { connections: ["*"] });
    assert.equal((await clientOf(world, "newcomer-token").run("never-run-connection")).status, 202);
  });

  for (const [operation, [method, path, statuses]] of Object.entries(OPERATIONS))
    inSandbox(`Prefer requests each documented refusal of ${operation}`, async (world) => {
      for (const status of statuses)
        assert.equal((await world.ask(path, { method, headers: { Prefer: `code=${status}` } })).status, status, `${status}`);
      const outcomes = (await world.read("coverage")).operations.find((row) => row.operation === operation).outcomes;
      assert.deepEqual(outcomes.filter(({ count }) => count === 0).map(({ status }) => status < 400), outcomes.filter(({ status }) => status < 400).map(() => true));
    });

  inSandbox("the authorization information, with a path in another case", async (world) => {
    const ask = async (token) =>
      (await clientOf(world, token).call("GET", "/export/authorizationInformation?redirectUrl=https%3A%2F%2Fa.example")).json.authorizationInformation;
    assert.equal((await ask("writer-token")).isUserAuthorized, true);
    assert.equal((await ask("newcomer-token")).isUserAuthorized, false);
  });

  inSandbox("the current edition requires its own scope, and has its own code for a 429", async (world) => {
    await world.put("edition", { edition: "current" });
    assert.deepEqual(await world.statuses(1, "service-connection"), [401]);
    await world.put("rate-limit/premium-app", { limit: 0, seconds: 60 });
    assert.equal((await world.connection("service-connection", { token: "platform-token" })).json.error.code, "RateLimitExceeded");
    await world.delete("edition");
    assert.equal((await world.connection()).json.error.code, "TooManyRequests");
  });

  inSandbox("assumptions choose where the page contradicts itself", async (world) => {
    const connection = async () => (await world.connection()).json.connection;
    await world.put("edition", { assumptions: ["project-link"] });
    assert.deepEqual(Object.keys((await connection())._links), ["iModel", "project", "lastRun"]);
    await world.put("edition", { assumptions: ["table-members"] });
    assert.deepEqual(Object.keys(await connection()), ["id", "iModelId", "displayName", "authenticationType"]);
    await world.put("edition", { assumptions: ["no-retry-after"] });
    assert.equal((await world.connection("service-connection", { token: "throttled-token" })).retryAfter, undefined);
  });
}
