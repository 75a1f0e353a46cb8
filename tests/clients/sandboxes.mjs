// Sandboxes: selection, creation, listing, deletion, isolation and reset.

import assert from "node:assert/strict";

import { EXAMPLE, assertRefused, golden } from "./emulator.mjs";

const OWN = {
  connections: [{ id: "mine" }],
  users: [{ id: "me", connections: ["*"] }],
  clients: [{ id: "my-app", tier: "trial", user: "me" }],
  tokens: [{ token: "my-token", name: "me", client: "my-app", scopes: ["export:read"] }],
};

// A change of a world, and the status of a call before and after it.
const CHANGES = [
  ["fixtures", (world) => world.delete(`connections/${EXAMPLE}`), 200, 404],
  ["all fixtures", (world) => world.put("fixtures", {}), 200, 401],
  ["permissions", (world) => world.put("users/reader", { connections: [] }), 200, 403],
  ["limits", (world) => world.put("rate-limit/premium-app", { limit: 0, seconds: 60 }), 200, 429],
  ["what was counted", (world) => world.post("rate-limit/premium-app/exhaust"), 200, 429],
  ["faults", (world) => world.fault({ then: { status: 503 } }), 200, 503],
  ["the clock", (world) => world.put("clock", { now: "2999-06-01T00:00:00Z" }), 401, 200, { token: "not-yet-valid-token" }],
];

export function sandboxes(inSandbox, emulator) {
  const all = emulator.sandbox("any"); // /_emulator/sandboxes is the same in every world
  const listed = async (name) => (await all.read("sandboxes")).sandboxes.find((sandbox) => sandbox.name === name);

  for (const [title, change, before, after, call] of CHANGES) {
    const status = async (world) => (await world.connection(EXAMPLE, call)).status;

    inSandbox(`${title}: reset restores it`, async (world) => {
      assert.equal(await status(world), before);
      await change(world);
      assert.equal(await status(world), after);
      await world.reset();
      assert.equal(await status(world), before);
    });

    inSandbox(`${title}: other worlds see neither the change nor the reset`, async (world, name) => {
      const neighbour = emulator.sandbox(`${name}-neighbour`);
      await change(world);
      assert.deepEqual([await status(world), await status(neighbour)], [after, before]);
      await neighbour.reset();
      assert.equal(await status(world), after);
    });
  }

  inSandbox("after a reset the fixtures equal the seed, byte for byte", async (world) => {
    const seed = (await world.control("GET", "fixtures")).text;
    await world.put("users/reader", { connections: [] });
    await world.delete("tokens/owner");
    assert.notEqual((await world.control("GET", "fixtures")).text, seed);
    await world.reset();
    assert.equal((await world.control("GET", "fixtures")).text, seed);
  });

  inSandbox("calls during a reset see the old world or the new one", async (world) => {
    await world.put(`connections/${EXAMPLE}`, { displayName: "changed" });
    await world.put("users/reader", { connections: [EXAMPLE] });
    const changed = JSON.stringify({ connection: { id: EXAMPLE, displayName: "changed" } });
    const ask = async () => {
      for (let i = 0; i < 10; ++i) assert.ok([changed, golden(200)].includes((await world.connection()).text));
    };
    await Promise.all([ask(), ask(), world.reset(), ask()]);
    assert.equal((await world.connection()).text, golden(200));
  });

  inSandbox("the header selects a sandbox, too", async (world, name) => {
    const same = emulator.sandboxByHeader(name);
    await world.put("users/reader", { connections: [] });
    assert.equal((await same.connection()).status, 403);
    await same.reset();
    assert.equal((await world.connection()).status, 200);
  });

  inSandbox("path and header may name the same sandbox", async (world, name) => {
    assert.equal((await world.connection(EXAMPLE, { headers: { "X-Emulator-Sandbox": name } })).status, 200);
  });

  inSandbox("path and header must not name two sandboxes", async (world) => {
    const answer = await world.connection(EXAMPLE, { headers: { "X-Emulator-Sandbox": "another" } });
    assertRefused(answer, 400, "TwoSandboxes");
  });

  for (const name of ["", "a%20b", "a*b", "x".repeat(65), "%C5%BE"])
    inSandbox(`"${name.slice(0, 20)}" is an invalid name in the path`, async () =>
      assertRefused(await emulator.sandbox(name).connection(), 400, "InvalidSandboxName"));

  for (const name of ["", "a b", "a/b", "x".repeat(65)])
    inSandbox(`"${name.slice(0, 20)}" is an invalid name in the header`, async () =>
      assertRefused(await emulator.sandboxByHeader(name).connection(), 400, "InvalidSandboxName"));

  inSandbox("a name of 64 characters of every kind is valid", async (world, name) => {
    const long = `${name}.A_z-`.padEnd(64, "0");
    assert.equal((await emulator.sandbox(long).connection()).status, 200);
    assert.equal((await listed(long)).name, long);
  });

  inSandbox("names are case-sensitive", async (world, name) => {
    await emulator.sandbox(`${name}-x`).put("users/reader", { connections: [] });
    assert.equal((await emulator.sandbox(`${name}-X`).connection()).status, 200);
  });

  inSandbox("there is no sandbox within a sandbox", async (world) => {
    const answer = await world.ask(`/_sandbox/inner/export/connections/${EXAMPLE}`);
    assertRefused(answer, 404, "RouteNotFound");
  });

  inSandbox("the first call creates a sandbox; a control call about it does not", async (world, name) => {
    assertRefused(await all.control("GET", `sandboxes/${name}`), 404, "NotFound");
    assert.equal(await listed(name), undefined);
    await world.connection();
    const { idleSeconds, ...sandbox } = await all.read(`sandboxes/${name}`);
    assert.deepEqual(sandbox, { name, url: world.url, ownFixtures: false });
    assert.ok(idleSeconds >= 0 && idleSeconds < 60, idleSeconds);
  });

  inSandbox("PUT creates a sandbox with its own fixtures, to which it resets", async (world, name) => {
    const { idleSeconds, ...sandbox } = await all.put(`sandboxes/${name}`, { fixtures: OWN });
    assert.deepEqual(sandbox, { name, url: world.url, ownFixtures: true });
    const mine = async () => (await world.connection("mine", { token: "my-token" })).status;
    assert.deepEqual([(await world.connection()).status, await mine()], [401, 200]);
    await world.delete("connections/mine");
    assert.equal(await mine(), 404);
    await world.reset();
    assert.equal(await mine(), 200);
    assert.equal((await listed(name)).ownFixtures, true);
  });

  inSandbox("a second PUT creates it anew", async (world, name) => {
    assert.equal((await all.control("PUT", `sandboxes/${name}`)).status, 201);
    await world.put("users/reader", { connections: [] });
    assert.equal((await all.control("PUT", `sandboxes/${name}`)).status, 200);
    assert.equal((await world.connection()).status, 200);
  });

  inSandbox("PUT with invalid fixtures changes nothing", async (world, name) => {
    await all.put(`sandboxes/${name}`, { fixtures: OWN });
    const refused = await all.control("PUT", `sandboxes/${name}`, { fixtures: { connections: [{ id: "x", size: 1 }] } });
    assertRefused(refused, 422, "InvalidBody", "/fixtures/connections/0/size");
    assert.equal((await world.connection("mine", { token: "my-token" })).status, 200);
  });

  inSandbox("PUT refuses unknown members", async (world, name) => {
    assertRefused(await all.control("PUT", `sandboxes/${name}`, { seed: {} }), 422, "InvalidBody", "/seed");
    assert.equal(await listed(name), undefined);
  });

  inSandbox("a deleted sandbox is gone, and its name can be used again", async (world, name) => {
    await all.put(`sandboxes/${name}`, { fixtures: OWN });
    await all.delete(`sandboxes/${name}`);
    assert.equal(await listed(name), undefined);
    assertRefused(await all.control("DELETE", `sandboxes/${name}`), 404, "NotFound");
    assert.equal((await world.connection()).text, golden(200));
  });

  inSandbox("links of a sandbox lead into the sandbox", async (world, name) => {
    const list = (await world.ask("/_emulator")).json;
    assert.equal(list.sandbox, name);
    const links = list.emulator.flatMap(({ url }) => url ?? []);
    assert.ok(links.length > 5);
    for (const link of links) assert.ok(link.startsWith(world.url), link);
  });

  inSandbox("links in the fixtures are not rewritten", async (world) => {
    assert.match((await world.connection()).json.connection._links.lastRun.href, /^https:\/\/api\.bentley\.com\//);
  });

  inSandbox("50 concurrent worlds each have their own answers", async (world, name) => {
    const worlds = Array.from({ length: 50 }, (_, i) => [emulator.sandbox(`${name}-${i}`), `of world ${i}`]);
    await Promise.all(worlds.map(async ([one, displayName]) => {
      await one.put("connections/mine", { displayName });
      const { connection } = (await one.connection("mine", { token: "owner-token" })).json;
      assert.equal(connection.displayName, displayName);
    }));
  });
}
