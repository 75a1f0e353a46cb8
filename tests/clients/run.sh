#!/bin/sh
# Runs the suite by the Node of this machine, beside an emulator of its own. Without one, or with one older than 18, it says so and
# exits 77: skipped. EXPORT_EMULATOR_PROGRAM names the program.
set -eu

folder=$(dirname -- "$0")
# shellcheck source=/dev/null
. "$folder/node.sh"
need_node "The clients' suite was NOT run."
NO_COLOR=1 exec "$EXPORT_EMULATOR_PROGRAM" exec --self-check --verify "$folder/verify.json" --min-coverage 100 -- \
  node --test-reporter=spec "$folder/suite.test.mjs"
