// Rate limits of a world, exact to the second, with a frozen clock.

import assert from "node:assert/strict";

import { EXAMPLE, assertRefused, golden } from "./emulator.mjs";

const NEW_YEAR = "2030-01-01T00:00:00Z";
const limitOf = (world, client = "premium-app") => world.read(`rate-limit/${client}`);

// The length of a window, the time after its first call when the client is refused, and the retry-after.
const WAITS = [
  [1, 0, 1],
  [2, 0, 2],
  [2, 1, 1],
  [60, 0, 60],
  [60, 12, 48],
  [60, 12.4, 48],
  [60, 58.999, 2],
  [60, 59, 1],
  [60, 59.999, 1],
  [3600, 0.001, 3600],
  [86400, 0, 86400],
];

const INVALID_LIMITS = [
  [{}, ""],
  [{ limit: 3 }, ""],
  [{ limit: -1, seconds: 60 }, "/limit"],
  [{ limit: 1.5, seconds: 60 }, "/limit"],
  [{ limit: 3, seconds: 0 }, "/seconds"],
  [{ limit: 3, seconds: 60, per: "user" }, "/per"],
  [[], ""],
  [[{ limit: 3, seconds: 60 }, { limit: 5, seconds: 60 }], ""],
  ["of", ""],
];

export function rateLimits(inSandbox) {
  for (const [seconds, elapsed, wait] of WAITS)
    inSandbox(`${elapsed} s into a window of ${seconds} s, retry-after is ${wait} and true`, async (world) => {
      await world.freeze(NEW_YEAR);
      await world.put("rate-limit/premium-app", { limit: 1, seconds });
      assert.equal((await world.connection()).status, 200);

      await world.advance(elapsed);
      const refused = await world.connection();
      assert.deepEqual([refused.status, refused.text], [429, golden(429)]);
      assert.equal(refused.retryAfter, `${wait}`);

      await world.advance(wait - 1);
      const early = await world.connection();
      assert.deepEqual([early.status, early.retryAfter], [429, "1"]);

      await world.advance(1);
      assert.equal((await world.connection()).status, 200);
    });

  inSandbox("a 429 names the application and its tier", async (world) => {
    await world.post("rate-limit/trial-app/exhaust");
    const answer = await world.connection(EXAMPLE, { token: "trial-token" });
    assert.equal(answer.status, 429);
    assert.equal(answer.header("ITwinPlatform-RateLimited-Application"), "trial-app");
    assert.equal(answer.header("ITwinPlatform-RateLimited-Tier"), "community");
  });

  inSandbox("calls at once are counted once each", async (world) => {
    await world.put("rate-limit/premium-app", { limit: 7, seconds: 3600 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.connection()));
    assert.equal(answers.filter(({ status }) => status === 200).length, 7);
    assert.equal(answers.filter(({ status }) => status === 429).length, 13);
  });

  inSandbox("two limits apply together, and retry-after has the later end", async (world) => {
    await world.freeze(NEW_YEAR);
    await world.put("rate-limit/premium-app", [{ limit: 1, seconds: 10 }, { limit: 2, seconds: 3600 }]);
    assert.deepEqual(await world.statuses(2), [200, 429]);
    await world.advance(10);
    assert.deepEqual(await world.statuses(2), [200, 429]);
    assert.equal((await world.connection()).retryAfter, "3590");
    await world.advance(10);
    assert.equal((await world.connection()).retryAfter, "3580");
    await world.advance(3580);
    assert.equal((await world.connection()).status, 200);
  });

  inSandbox("the state has the used and remaining calls and the time of the reset", async (world) => {
    await world.freeze(NEW_YEAR);
    await world.put("rate-limit/premium-app", { limit: 3, seconds: 60 });
    const window = async () => (await limitOf(world)).windows[0];
    assert.deepEqual(await window(), { limit: 3, seconds: 60, used: 0, remaining: 3 });
    await world.statuses(2);
    await world.advance(5);
    assert.deepEqual(await window(), { limit: 3, seconds: 60, used: 2, remaining: 1, resetsAt: "2030-01-01T00:01:00Z" });
    await world.statuses(5); // refused calls are not counted
    assert.deepEqual(await window(), { limit: 3, seconds: 60, used: 3, remaining: 0, resetsAt: "2030-01-01T00:01:00Z" });
    await world.advance(55);
    assert.deepEqual(await window(), { limit: 3, seconds: 60, used: 0, remaining: 3 });
  });

  for (const [title, used, id, call] of [
    ["200", 1, EXAMPLE, {}],
    ["403", 1, EXAMPLE, { token: "stranger-token" }],
    ["404", 1, "no-such-connection", {}],
    ["401 of an expired token", 0, EXAMPLE, { token: "expired-token" }],
    ["401 of a missing scope", 0, EXAMPLE, { token: "no-scope-token" }],
  ])
    inSandbox(`a ${title} is counted ${used} times`, async (world) => {
      await world.connection(id, call);
      assert.equal((await limitOf(world)).windows[0].used, used);
    });

  inSandbox("all clients are listed with the origin of their limits", async (world) => {
    await world.put("rate-limit/trial-app", "off");
    const { clients } = await world.read("rate-limit");
    assert.deepEqual(
      clients.map(({ client, tier, limitedBy, windows }) => [client, tier, limitedBy, ...windows.map((w) => w.limit)]),
      [
        ["premium-app", "premium", "tier", 5000],
        ["trial-app", "community", "control"],
        ["throttled-app", "community", "fixtures", 0],
        ["unregistered-app", "community", "tier", 500, 5000],
        ["service-app", "premium", "tier", 5000],
        ["browser-app", "premium", "tier", 5000],
      ],
    );
    assert.deepEqual(clients[0], await limitOf(world));
  });

  inSandbox("an exhausted client is admitted again after retry-after", async (world) => {
    await world.freeze(NEW_YEAR);
    const { windows } = await world.post("rate-limit/premium-app/exhaust");
    assert.deepEqual(windows, [{ limit: 5000, seconds: 60, used: 5000, remaining: 0, resetsAt: "2030-01-01T00:01:00Z" }]);
    assert.equal((await world.connection()).retryAfter, "60");
    await world.advance(60);
    assert.equal((await world.connection()).status, 200);
  });

  inSandbox("another client is not exhausted", async (world) => {
    await world.post("rate-limit/premium-app/exhaust");
    assert.equal((await world.connection()).status, 429);
    assert.equal((await world.connection(EXAMPLE, { token: "trial-token" })).status, 200);
  });

  inSandbox("all tokens of a client share its limit", async (world) => {
    await world.put("rate-limit/premium-app", { limit: 2, seconds: 60 });
    assert.deepEqual(await world.statuses(2), [200, 200]);
    assert.equal((await world.connection(EXAMPLE, { token: "owner-token" })).status, 429);
  });

  inSandbox("DELETE resets the counts and keeps the limits", async (world) => {
    await world.put("rate-limit/premium-app", { limit: 1, seconds: 60 });
    assert.deepEqual(await world.statuses(2), [200, 429]);
    const { limitedBy, windows } = await world.delete("rate-limit/premium-app");
    assert.deepEqual([limitedBy, windows[0].limit, windows[0].used], ["control", 1, 0]);
    assert.deepEqual(await world.statuses(2), [200, 429]);
  });

  inSandbox("off removes all limits, and there is nothing to exhaust", async (world) => {
    assert.deepEqual((await world.put("rate-limit/throttled-app", "off")).windows, []);
    assert.deepEqual(await world.statuses(3, EXAMPLE, { token: "throttled-token" }), [200, 200, 200]);
    assertRefused(await world.control("POST", "rate-limit/throttled-app/exhaust"), 409, "NothingToExhaust");
  });

  for (const [client, limitedBy] of [["premium-app", "tier"], ["throttled-app", "fixtures"]])
    inSandbox(`default goes back to the limits of the ${limitedBy}`, async (world) => {
      const before = await limitOf(world, client);
      assert.equal(before.limitedBy, limitedBy);
      assert.equal((await world.put(`rate-limit/${client}`, "off")).limitedBy, "control");
      assert.deepEqual(await world.put(`rate-limit/${client}`, "default"), before);
    });

  inSandbox("a limit of 0 refuses every call", async (world) => {
    await world.freeze(NEW_YEAR);
    await world.put("rate-limit/premium-app", { limit: 0, seconds: 60 });
    assert.equal((await world.connection()).retryAfter, "60");
    await world.advance(60);
    assert.equal((await world.connection()).status, 429);
    await world.put("rate-limit/premium-app", { limit: 1, seconds: 60 });
    assert.equal((await world.connection()).status, 200);
  });

  inSandbox("a window that lies in the future, because the clock was set back, begins anew", async (world) => {
    await world.freeze("2030-01-01T01:00:00Z");
    await world.put("rate-limit/premium-app", { limit: 1, seconds: 60 });
    assert.deepEqual(await world.statuses(2), [200, 429]);
    await world.freeze(NEW_YEAR);
    assert.deepEqual(await world.statuses(2), [200, 429]);
    assert.equal((await world.connection()).retryAfter, "60");
  });

  for (const [body, target] of INVALID_LIMITS)
    inSandbox(`a limit cannot be ${JSON.stringify(body)}`, async (world) => {
      const before = await limitOf(world);
      assertRefused(await world.control("PUT", "rate-limit/premium-app", body), 422, "InvalidBody", target || undefined);
      assert.deepEqual(await limitOf(world), before);
    });

  for (const [method, path] of [["GET", ""], ["PUT", ""], ["DELETE", ""], ["POST", "/exhaust"]])
    inSandbox(`${method} rate-limit/{client}${path} of an unknown client suggests the nearest`, async (world) => {
      const body = method === "PUT" ? "off" : undefined;
      const answer = await world.control(method, `rate-limit/premium-ap${path}`, body);
      assertRefused(answer, 404, "NotFound");
      assert.match(answer.json.error.message, /Did you mean "premium-app"\?/);
    });
}
