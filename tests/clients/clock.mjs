// The clock of a world: token validity and Date (rate limits: rate_limits.mjs), and how it is set.

import assert from "node:assert/strict";

import { EXAMPLE, assertRefused } from "./emulator.mjs";

const NEW_YEAR = Date.parse("2030-01-01T00:00:00Z");

// A token of the default world's reader with this validity.
const token = (validity) => ({
  token: "of-the-case",
  user: "reader",
  client: "premium-app",
  scopes: ["export:read"],
  ...validity,
});

const EXPIRES = { expires: new Date(NEW_YEAR).toISOString() };
const BEGINS = { notBefore: new Date(NEW_YEAR).toISOString() };

// A token, the clock's milliseconds after the new year, and the status of a call.
const VALIDITY = [
  ["a second before it expires", EXPIRES, -1000, 200],
  ["a millisecond before it expires", EXPIRES, -1, 200],
  ["when it expires", EXPIRES, 0, 401],
  ["a second after it expired", EXPIRES, 1000, 401],
  ["a millisecond before it begins", BEGINS, -1, 401],
  ["when it begins", BEGINS, 0, 200],
  ["a century after it began", BEGINS, 36525 * 86400_000, 200],
];

// Invalid bodies, and the pointer to the error.
const INVALID_CLOCKS = [
  ["PUT", "clock", {}, ""],
  ["PUT", "clock", { now: "tomorrow" }, "/now"],
  ["PUT", "clock", { now: 1893456000 }, "/now"],
  ["PUT", "clock", { now: "2030-02-30T00:00:00Z" }, "/now"],
  ["PUT", "clock", { frozen: "yes" }, "/frozen"],
  ["PUT", "clock", { now: "2030-01-01T00:00:00Z", speed: 2 }, "/speed"],
  ["POST", "clock/advance", {}, ""],
  ["POST", "clock/advance", { seconds: -1 }, "/seconds"],
  ["POST", "clock/advance", { seconds: "60" }, "/seconds"],
  ["POST", "clock/advance", { minutes: 1 }, "/minutes"],
  ["POST", "clock/advance", { seconds: 1e12 }, "/seconds"],
];

export function clock(inSandbox) {
  for (const [title, validity, offset, status] of VALIDITY)
    inSandbox(`a token ${title}`, async (world) => {
      await world.put("tokens/mine", token(validity));
      await world.freeze(NEW_YEAR + offset);
      assert.equal((await world.connection(EXAMPLE, { token: "of-the-case" })).status, status);
    });

  inSandbox("a token expires while the clock is moved, and is valid again when it is set back", async (world) => {
    await world.put("tokens/mine", token(EXPIRES));
    await world.freeze(NEW_YEAR - 60_000);
    const status = async () => (await world.connection(EXAMPLE, { token: "of-the-case" })).status;
    assert.equal(await status(), 200);
    await world.advance(59);
    assert.equal(await status(), 200);
    await world.advance(1);
    assert.equal(await status(), 401);
    await world.freeze(NEW_YEAR - 1);
    assert.equal(await status(), 200);
  });

  for (const [name, time] of [["expired", "2000-12-31T23:59:59Z"], ["not-yet-valid", "2999-01-01T00:00:00Z"]])
    inSandbox(`the default world's ${name} token is valid at ${time}`, async (world) => {
      await world.freeze(time);
      assert.equal((await world.connection(EXAMPLE, { token: `${name}-token` })).status, 200);
    });

  inSandbox("a frozen clock stops, also for the header Date", async (world) => {
    await world.put("clock", { now: "2030-01-01T00:00:00Z", frozen: true });
    for (let i = 0; i < 3; ++i) {
      assert.deepEqual(await world.read("clock"), { now: "2030-01-01T00:00:00Z", frozen: true });
      assert.equal((await world.connection()).header("date"), "Tue, 01 Jan 2030 00:00:00 GMT");
    }
  });

  inSandbox("a clock that was set runs on", async (world) => {
    const { now, frozen } = await world.put("clock", { now: "2030-01-01T00:00:00Z" });
    assert.equal(frozen, false);
    assert.ok(Date.parse(now) >= NEW_YEAR && Date.parse(now) < NEW_YEAR + 60_000, now);
    assert.ok(Date.parse((await world.read("clock")).now) >= Date.parse(now));
  });

  inSandbox("a clock is frozen at its present time and released", async (world) => {
    const before = Date.now();
    const { now, frozen } = await world.put("clock", { frozen: true });
    assert.equal(frozen, true);
    assert.ok(Date.parse(now) >= before - 1 && Date.parse(now) <= Date.now() + 1, now);
    assert.deepEqual(await world.read("clock"), { now, frozen });
    assert.equal((await world.put("clock", { frozen: false })).frozen, false);
  });

  for (const [seconds, time] of [[0, "00:00:00"], [1, "00:00:01"], [0.25, "00:00:00.250"], [3600, "01:00:00"]])
    inSandbox(`an advance by ${seconds} s is exact when the clock is frozen`, async (world) => {
      await world.freeze(NEW_YEAR);
      assert.deepEqual(await world.advance(seconds), { now: `2030-01-01T${time}Z`, frozen: true });
    });

  inSandbox("a running clock runs on after an advance", async (world) => {
    const before = Date.now();
    const { now, frozen } = await world.advance(3600);
    assert.equal(frozen, false);
    assert.ok(Date.parse(now) >= before + 3600_000 - 1 && Date.parse(now) <= Date.now() + 3600_001, now);
  });

  for (const frozen of [true, false])
    inSandbox(`DELETE sets a ${frozen ? "frozen" : "running"} clock to real time`, async (world) => {
      await world.put("clock", { now: "2030-01-01T00:00:00Z", frozen });
      const before = Date.now();
      const { now, frozen: isFrozen } = await world.delete("clock");
      assert.equal(isFrozen, false);
      assert.ok(Date.parse(now) >= before - 1 && Date.parse(now) <= Date.now() + 1, now);
    });

  for (const [method, path, body, target] of INVALID_CLOCKS)
    inSandbox(`${method} ${path} refuses ${JSON.stringify(body)}`, async (world) => {
      await world.freeze(NEW_YEAR);
      assertRefused(await world.control(method, path, body), 422, "InvalidBody", target || undefined);
      assert.equal((await world.read("clock")).now, "2030-01-01T00:00:00Z");
    });
}
