#!/bin/sh
# Runs the suite by the Node of this machine. Without one, or with one older than 18, it says so and
# exits 77: skipped. EXPORT_EMULATOR_PROGRAM names the program.
set -eu

skip() {
  echo "SKIPPED: $*. The clients' suite was NOT run; it needs Node 18 or newer (Debian: nodejs)."
  exit 77
}

version=$(node --version 2>/dev/null) || skip 'there is no node here'
major=${version#v}
[ "${major%%.*}" -ge 18 ] || skip "node is $version here"
NO_COLOR=1 exec node --test-reporter=spec "$(dirname -- "$0")/suite.test.mjs"
