// Tests of the emulator as a user writes them: Node's test runner and HTTP client, without packages.
// All cases run concurrently against one emulator, each in its own sandbox, without sleeps.
//
//     build/export-emulator exec -- node tests/clients/suite.test.mjs
//     EXPORT_EMULATOR_PROGRAM=build/export-emulator node tests/clients/suite.test.mjs

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";

import { clock } from "./clock.mjs";
import { GUARD, startEmulator } from "./emulator.mjs";
import { faults } from "./faults.mjs";
import { fixtures } from "./fixtures.mjs";
import { journal } from "./journal.mjs";
import { outcomes } from "./outcomes.mjs";
import { rateLimits } from "./rate_limits.mjs";
import { sandboxes } from "./sandboxes.mjs";
import { story } from "./story.mjs";
import { verify } from "./verify.mjs";

const start = performance.now();
const emulator = await startEmulator();

let cases = 0;
const inSandbox = (title, test) => {
  const name = `case-${++cases}`;
  it(title, { timeout: GUARD }, () => test(emulator.sandbox(name), name));
};

describe("one emulator, a sandbox for each case", { concurrency: true }, () => {
  outcomes(inSandbox);
  clock(inSandbox);
  rateLimits(inSandbox);
  fixtures(inSandbox);
  faults(inSandbox);
  sandboxes(inSandbox, emulator);
  journal(inSandbox, emulator);
  verify(inSandbox, emulator);
  story(inSandbox);

  after(async () => {
    assert.equal(await emulator.stop(), 0);
    assert.ok(cases >= 100, `${cases} cases`);
    const elapsed = performance.now() - start;
    assert.ok(elapsed < GUARD, `${elapsed} ms`);
    console.log(`# ${cases} cases in ${Math.round(elapsed)} ms`);
  });
});
