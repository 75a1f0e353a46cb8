// The linter Redocly as the library that its program is made of. The program would bring two hundred more packages, and reports
// to its makers that it was used.

import { createConfig, lintFromString } from "@redocly/openapi-core";
import { readFileSync } from "node:fs";

const config = createConfig(readFileSync(new URL("redocly.yaml", import.meta.url), "utf8"));

// What is wrong with a contract, errors and warnings: "RULE at PLACE: SENTENCE".
export async function lint(source) {
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config: await config });
  return problems.map(({ ruleId, message, location: [{ pointer }] }) => `${ruleId} at ${pointer}: ${message}`);
}
