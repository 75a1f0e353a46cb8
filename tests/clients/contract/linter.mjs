// The linter Redocly as a library. Its command-line program would need two hundred more packages, and reports its use to its
// makers.

import { createConfig, lintFromString } from "@redocly/openapi-core";
import { readFileSync } from "node:fs";

const config = createConfig(readFileSync(new URL("redocly.yaml", import.meta.url), "utf8"));

// The errors and warnings of a contract: "RULE at PLACE: SENTENCE".
export async function lint(source) {
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config: await config });
  return problems.map(({ ruleId, message, location: [{ pointer }] }) => `${ruleId} at ${pointer}: ${message}`);
}
