#!/bin/sh
# Runs the suite by the Node of this machine, beside an emulator of its own. Without one, or with one older than 18, it says so and
# exits 77: skipped. EXPORT_EMULATOR_PROGRAM names the program.
set -eu

skip() {
  echo "SKIPPED: $*. The clients' suite was NOT run; it needs Node 18 or newer (Debian: nodejs)."
  exit 77
}

version=$(node --version 2>/dev/null) || skip 'there is no node here'
major=${version#v}
[ "${major%%.*}" -ge 18 ] || skip "node is $version here"
folder=$(dirname -- "$0")
NO_COLOR=1 exec "$EXPORT_EMULATOR_PROGRAM" exec --self-check --verify "$folder/verify.json" --min-coverage 100 -- \
  node --test-reporter=spec "$folder/suite.test.mjs"
