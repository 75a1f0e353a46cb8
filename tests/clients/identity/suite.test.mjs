// Published clients log in at the emulator and call it. Each case has its own sandbox, unless its title says otherwise. At the
// end no secret is in the log or in a journal.
//
//     npm ci && EXPORT_EMULATOR_PROGRAM=build/export-emulator node suite.test.mjs

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";

import { GUARD, startOwnEmulator } from "../emulator.mjs";
import { browser } from "./browser.mjs";
import { jose } from "./jose.mjs";
import { openidClient } from "./openid_client.mjs";
import { Secrets } from "./secrets.mjs";
import { serviceAuthorization } from "./service_authorization.mjs";

const emulator = await startOwnEmulator({ log: "json" });
const secrets = new Secrets();
const worlds = [emulator.world()];

const inSandbox = (title, test, options = {}) => {
  const name = `case-${worlds.length}`;
  const world = emulator.sandbox(name);
  worlds.push(world);
  it(title, { timeout: GUARD, ...options }, () => test(world, secrets));
};
const inDefaultWorld = (title, test) => {
  it(title, { timeout: GUARD }, () => test(worlds[0], secrets));
};

describe("real clients", { concurrency: true }, () => {
  serviceAuthorization(inSandbox, inDefaultWorld);
  openidClient(inSandbox, inDefaultWorld);
  jose(inSandbox, inDefaultWorld);
  browser(inSandbox);

  after(async () => {
    const texts = [];
    for (const world of worlds) texts.push((await world.ask("/_emulator/requests?limit=1000")).text);
    assert.equal(await emulator.stop(), 0);
    texts.push(emulator.log());
    assert.ok(secrets.count > 20, `${secrets.count} secrets`);
    secrets.assertNowhereIn(texts.join("\n"));
  });
});
