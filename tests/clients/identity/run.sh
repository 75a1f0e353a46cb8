#!/bin/sh
# Installs the packages of the lock file and runs the suite. Without Node, npm or their registry it exits 77 (skipped) with the reason.
# EXPORT_EMULATOR_PROGRAM names the program.
set -eu

cd "$(dirname -- "$0")"
# shellcheck source=/dev/null
. ../node.sh
need_packages 'NO real client has logged in.'
NO_COLOR=1 exec node --test-reporter=spec suite.test.mjs
