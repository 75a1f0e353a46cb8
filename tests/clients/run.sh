#!/bin/sh
# Runs the suite with this machine's Node and an emulator of its own. Without Node 18 or newer it exits 77 (skipped) with the
# reason. EXPORT_EMULATOR_PROGRAM names the program.
set -eu

folder=$(dirname -- "$0")
# shellcheck source=/dev/null
. "$folder/node.sh"
need_node "The clients' suite did NOT run."
NO_COLOR=1 exec "$EXPORT_EMULATOR_PROGRAM" exec --self-check --verify "$folder/verify.json" --min-coverage 100 -- \
  node --test-reporter=spec "$folder/suite.test.mjs"
