// Changes of the fixtures of a running world: of one item, and of all.

import assert from "node:assert/strict";

import { EXAMPLE, assertRefused, golden } from "./emulator.mjs";

// An item of each kind: its path, its JSON, and a change.
const ITEMS = [
  ["connections/new", { id: "new", displayName: "New", authenticationType: "Service" }, { displayName: "Newer" }],
  ["users/new", { id: "new", connections: [EXAMPLE] }, { connections: ["*"] }],
  ["clients/new", { id: "new", tier: "trial", user: "reader" }, { tier: "custom" }],
  [
    "tokens/new",
    { token: "new-token", name: "new", user: "owner", client: "premium-app", scopes: ["export:read"] },
    { scopes: [] },
  ],
];

const LINKS = {
  iModel: { href: "https://api.bentley.com/imodels/1" },
  iTwin: { href: "https://api.bentley.com/itwins/2" },
  project: { href: "https://api.bentley.com/projects/3" },
  lastRun: { href: "https://api.bentley.com/export/connections/new/runs/4" },
};

// Bodies that are refused, and the pointer to the error.
const INVALID_ITEMS = [
  ["connections/new", { displayname: "New" }, "/displayname"],
  ["connections/new", { id: "other" }, "/id"],
  ["connections/new", { displayName: null }, "/displayName"],
  ["connections/new", { authenticationType: "Robot" }, "/authenticationType"],
  ["connections/new", { _links: { iTwin: "https://api.bentley.com" } }, "/_links/iTwin"],
  ["connections/new", { displayName: "x".repeat(4097) }, "/displayName"],
  ["users/new", {}, undefined],
  ["users/new", { connections: ["nowhere"] }, "/connections/0"],
  ["users/reader", { connections: [EXAMPLE, EXAMPLE] }, "/connections/1"],
  ["clients/new", { tier: "gold" }, "/tier"],
  ["clients/new", { tier: "trial", user: "nobody" }, "/user"],
  ["clients/new", { tier: "trial", rateLimits: [{ limit: 1, seconds: 0 }] }, "/rateLimits/0/seconds"],
  ["tokens/new", { token: "a b", client: "premium-app", scopes: [] }, "/token"],
  ["tokens/new", { token: "new-token", client: "nothing", scopes: [] }, "/client"],
  ["tokens/new", { token: "new-token", client: "premium-app", scopes: [], expires: "soon" }, "/expires"],
  ["tokens/new", { token: "reader-token", client: "premium-app", scopes: [] }, "/token"],
];

// Texts that are not JSON, or have a duplicate member.
const INVALID_JSON = ["{", "hello", '{"connections": []', '{"connections": [], "connections": []}'];

// An item, and the items that reference it and must be deleted first.
const REFERENCES = [
  ["users/stranger", ["tokens/stranger"]],
  ["clients/trial-app", ["tokens/trial"]],
  ["clients/throttled-app", ["tokens/throttled"]],
];

const putText = (world, path, body) => world.ask(`/_emulator/${path}`, { method: "PUT", body });

export function fixtures(inSandbox) {
  for (const [path, item, change] of ITEMS)
    inSandbox(`${path}: added, replaced, deleted`, async (world) => {
      const { id, name, ...unnamed } = item; // the path has it
      const changed = { ...item, ...change };
      const call = async (method, body) => {
        const { status, text } = await world.control(method, path, body);
        return [status, text && status < 300 ? JSON.parse(text) : ""];
      };
      assert.deepEqual(await call("GET"), [404, ""]);
      assert.deepEqual(await call("PUT", unnamed), [201, item]);
      assert.deepEqual(await call("GET"), [200, item]);
      assert.deepEqual(await call("PUT", changed), [200, changed]);
      assert.deepEqual(await call("GET"), [200, changed]);
      assert.deepEqual(await call("DELETE"), [204, ""]);
      assert.deepEqual(await call("DELETE"), [404, ""]);
      assert.deepEqual(await call("GET"), [404, ""]);
    });

  inSandbox("a permission is removed and restored between calls", async (world) => {
    const { connections } = await world.read("users/reader");
    assert.equal((await world.connection()).status, 200);
    await world.put("users/reader", { connections: [] });
    assert.equal((await world.connection()).status, 403);
    await world.put("users/reader", { connections });
    assert.equal((await world.connection()).status, 200);
  });

  inSandbox("a permission is given for another user's connection", async (world) => {
    assert.equal((await world.connection("private-connection")).status, 403);
    await world.put("users/reader", { connections: ["private-connection"] });
    assert.equal((await world.connection("private-connection")).status, 200);
    assert.equal((await world.connection()).status, 403);
  });

  inSandbox("an added connection is answered as it was sent", async (world) => {
    const put = { iModelId: "m", iTwinId: "t", displayName: "New", authenticationType: "User", _links: LINKS };
    await world.put("connections/new", put);
    assert.equal((await world.connection("new")).status, 403);
    const answer = await world.connection("new", { token: "owner-token" }); // of a user who may read all
    assert.equal(answer.text, JSON.stringify({ connection: { id: "new", ...put } }));
  });

  inSandbox("a connection may be sent as the API answers it", async (world) => {
    const { connection } = JSON.parse(golden(200));
    await world.put("connections/copy", { connection: { ...connection, id: "copy" } });
    assert.deepEqual(await world.read("connections/copy"), { ...connection, id: "copy" });
  });

  inSandbox("a deleted connection is a 404, and is removed from its users", async (world) => {
    await world.delete(`connections/${EXAMPLE}`);
    assert.equal((await world.connection()).status, 404);
    assert.ok(!(await world.read("users/reader")).connections.includes(EXAMPLE));
    await world.put(`connections/${EXAMPLE}`, {});
    assert.equal((await world.connection()).status, 403);
  });

  inSandbox("an id with a slash, a percent sign and a non-ASCII letter", async (world) => {
    const id = "a/b %25 ж";
    const path = encodeURIComponent(id);
    assert.deepEqual(await world.put(`connections/${path}`, {}), { id });
    const answer = await world.connection(path, { token: "owner-token" });
    assert.deepEqual(answer.json, { connection: { id } });
  });

  inSandbox("a token is deleted and replaced", async (world) => {
    const reader = await world.read("tokens/reader");
    await world.delete("tokens/reader");
    assert.equal((await world.connection()).status, 401);
    await world.put("tokens/reader", { ...reader, token: "another-token" });
    assert.equal((await world.connection()).status, 401);
    assert.equal((await world.connection(EXAMPLE, { token: "another-token" })).status, 200);
  });

  inSandbox("a token gets a scope and loses it", async (world) => {
    const { name, ...token } = await world.read("tokens/no-scope");
    const status = async () => (await world.connection(EXAMPLE, { token: "no-scope-token" })).status;
    await world.put("tokens/no-scope", { ...token, scopes: ["itwin-platform"] });
    assert.equal(await status(), 200);
    await world.put("tokens/no-scope", { ...token, scopes: ["export:modify"] });
    assert.equal(await status(), 401);
  });

  inSandbox("a client is registered", async (world) => {
    await world.put("clients/unregistered-app", { tier: "trial", registered: true });
    assert.equal((await world.connection(EXAMPLE, { token: "unknown-client-token" })).status, 200);
  });

  inSandbox("a client changes its tier", async (world) => {
    await world.put("clients/premium-app", { tier: "community" });
    const { tier, windows } = await world.read("rate-limit/premium-app");
    assert.deepEqual([tier, windows.map(({ limit }) => limit)], ["community", [500, 5000]]);
  });

  for (const [path, referring] of REFERENCES)
    inSandbox(`${path} is deleted after the items that reference it`, async (world) => {
      const refused = await world.control("DELETE", path);
      assertRefused(refused, 409, "StillReferenced");
      assert.match(refused.json.error.message, new RegExp(referring[0].split("/")[1]));
      for (const other of referring) await world.delete(other);
      await world.delete(path);
    });

  for (const [path, body, target] of INVALID_ITEMS)
    inSandbox(`${path} cannot be ${JSON.stringify(body).slice(0, 90)}`, async (world) => {
      const before = await world.read("fixtures");
      assertRefused(await world.control("PUT", path, body), 422, "InvalidBody", target);
      assert.deepEqual(await world.read("fixtures"), before);
    });

  for (const text of INVALID_JSON)
    inSandbox(`fixtures cannot be ${text}`, async (world) => {
      const before = await world.read("fixtures");
      const answer = await putText(world, "fixtures", text);
      assert.ok(answer.status === 400 || answer.status === 422, answer.text);
      assert.deepEqual(await world.read("fixtures"), before);
    });

  inSandbox("PUT replaces all fixtures", async (world) => {
    const counts = await world.put("fixtures", {
      connections: [{ id: "only" }],
      users: [{ id: "ada", connections: ["*"] }],
      clients: [{ id: "app", tier: "custom", user: "ada" }],
      tokens: [{ token: "adas-token", client: "app", scopes: ["export:read"] }],
    });
    assert.deepEqual(counts, { connections: 1, users: 1, clients: 1, tokens: 1, runs: 0, runPlans: 0 });
    assert.equal((await world.connection()).status, 401);
    assert.equal((await world.connection("only", { token: "adas-token" })).status, 200);
  });

  inSandbox("fixtures that are read and put back are the same, byte for byte", async (world) => {
    const saved = (await world.control("GET", "fixtures")).text;
    await world.put("fixtures", {});
    assert.equal((await world.connection()).status, 401);
    assert.equal((await putText(world, "fixtures", saved)).status, 200);
    assert.equal((await world.control("GET", "fixtures")).text, saved);
    assert.equal((await world.connection()).text, golden(200));
  });

  inSandbox("all errors of invalid fixtures are reported, and nothing changes", async (world) => {
    const before = await world.read("fixtures");
    const refused = await world.control("PUT", "fixtures", {
      connections: [{ id: "good" }, { id: 5 }],
      users: [{ id: "u", connections: ["nowhere"], admin: true }],
    });
    assertRefused(refused, 422, "InvalidBody", "/connections/1/id");
    const targets = refused.json.error.details.map(({ target }) => target);
    assert.deepEqual(targets.slice(0, 2), ["/connections/1/id", "/users/0/admin"]);
    assert.deepEqual(await world.read("fixtures"), before);
  });

  inSandbox("no call sees a part of a replacement", async (world) => {
    const saved = await world.read("fixtures");
    const worlds = ["before", "after"].map((displayName) => ({
      ...saved,
      connections: saved.connections.map((connection) => ({ ...connection, displayName })),
    }));
    await world.put("fixtures", worlds[0]);
    const write = async () => {
      for (let i = 0; i < 10; ++i) await world.put("fixtures", worlds[i % 2]);
    };
    const read = async () => {
      for (let i = 0; i < 20; ++i) {
        const { connections } = await world.read("fixtures");
        assert.equal(new Set(connections.map(({ displayName }) => displayName)).size, 1);
        assert.equal((await world.connection()).status, 200);
      }
    };
    await Promise.all([write(), read(), read()]);
  });

  for (const path of ["fixtures?pretty", "clock?now", "connections/x?y=1"])
    inSandbox(`GET ${path} is refused: it takes no query`, async (world) =>
      assertRefused(await world.control("GET", path), 422, "InvalidQuery"));

  for (const path of ["nothing", "clock/", "connections", "Clock/advance/more"])
    inSandbox(`/_emulator/${path} is a 404`, async (world) =>
      assertRefused(await world.control("GET", path), 404, "RouteNotFound"));

  for (const [method, path, allow] of [
    ["POST", "clock", "GET, HEAD, PUT, DELETE, OPTIONS"],
    ["PATCH", "fixtures", "GET, HEAD, PUT, OPTIONS"],
    ["GET", "reset", "POST, OPTIONS"],
  ])
    inSandbox(`${method} ${path} is a 405`, async (world) => {
      const answer = await world.control(method, path);
      assertRefused(answer, 405, "MethodNotAllowed");
      assert.equal(answer.header("allow"), allow);
    });
}
