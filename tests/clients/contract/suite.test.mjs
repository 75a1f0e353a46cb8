// Checks the contract with a linter, and with clients that run.sh has generated from it and compiled. Each case has its own
// sandbox.
//
//     EXPORT_EMULATOR_PROGRAM=$PWD/build/export-emulator tests/clients/contract/run.sh

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, describe, it } from "node:test";

import { GUARD, startOwnEmulator } from "../emulator.mjs";
import { lint } from "./linter.mjs";

const compiled = createRequire(`${process.env.GENERATED_CLIENTS}/`);
const { cases } = compiled("./story.js");
const clients = { "openapi-fetch": compiled("./openapi_fetch.js").openapiFetch, "@hey-api/openapi-ts": compiled("./hey_api.js").heyApi };

const contract = readFileSync(new URL("../../../schema/openapi.json", import.meta.url), "utf8");
const emulator = await startOwnEmulator();

describe("the linter", () => {
  it("finds no problem in the contract", async () => assert.deepEqual(await lint(contract), []));
  it("finds an example that does not fit its schema", async () => {
    const problems = await lint(contract.replace('"authenticationType": "User"', '"authenticationType": "Robot"'));
    assert.match(problems[0], /^no-invalid-media-type-examples at .*authenticationType/);
  });
});

describe("generated clients", { concurrency: true }, () => {
  let sandboxes = 0;
  for (const [name, connect] of Object.entries(clients))
    for (const [title, test] of Object.entries(cases)) {
      const world = emulator.sandbox(`case-${++sandboxes}`);
      it(`${name}: ${title}`, { timeout: GUARD }, async () => {
        await test(connect, world);
        // Requests that are not refused with 422 keep the contract, and so does every answer.
        for (const { curl, status, contractWarnings, violations = [] } of (await world.read("requests")).requests) {
          assert.deepEqual(violations, [], curl);
          if (status !== 422) assert.deepEqual(contractWarnings.filter((warning) => warning.outsideContract), [], curl);
        }
      });
    }

  after(async () => assert.equal(await emulator.stop(), 0));
});
