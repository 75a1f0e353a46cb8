#!/bin/sh
# Checks that every server/FOLDER/x.cc has a test file tests/FOLDER/x_test.cc, and every test file its source. Prints a
# line for each violation and exits with 1. meson.build checks that every test file is listed there.
#
#     tests/test_files.sh [ROOT]
set -eu
cd "${1:-$(dirname -- "$0")/..}"

# Sources without a test file of their own: the source, then the test that covers it, or `not yet`.
untested='
  cli/control_client tests/program/exec_test.py
  cli/descriptors tests/program/logging_test.py
  cli/drift_command tests/program/drift_test.py
  cli/healthcheck_command tests/program/healthcheck_test.py
  cli/help_command tests/program/commands_test.py
  cli/https_endpoint tests/program/tls_test.py
  cli/running_emulator tests/program/shutdown_test.py
  cli/schema_command tests/program/commands_test.py
  cli/serve_command tests/program/listening_test.py
  cli/signals tests/program/shutdown_test.py
  cli/validate_command tests/program/malformed_test.py
  cli/version_command tests/program/commands_test.py
  cli/world_command tests/program/commands_test.py
  main tests/program/commands_test.py
'

# Test files of a subject that has no source file of this name.
subjects='
  control/request_stream
  diagnosis/why_reasons
  http/server/delivery
  http/server/library_holes
  http/server/pending_response
'

violations=0
violation() {
  echo "$*"
  violations=1
}

# is_in LIST NAME: whether a line of the list begins with the name.
is_in() { printf '%s' "$1" | awk -v name="$2" '$1 == name { found = 1 } END { exit !found }'; }

for file in $(find server -name '*.cc' | LC_ALL=C sort); do
  name=${file#server/}
  name=${name%.cc}
  [ -e "tests/${name}_test.cc" ] || is_in "$untested" "$name" ||
    violation "$file: no test file. Add tests/${name}_test.cc"
done

for file in $(find tests -name node_modules -prune -o -name '*_test.cc' -print | LC_ALL=C sort); do
  name=${file#tests/}
  name=${name%_test.cc}
  [ -e "server/$name.cc" ] || [ -e "server/$name.h" ] || is_in "$subjects" "$name" ||
    violation "$file: no source file. Rename it after its source, or add it to \`subjects\` in tests/test_files.sh"
done

# The lists must not outlive their reasons.
while read -r name reason; do
  [ -n "$name" ] || continue
  [ -e "server/$name.cc" ] || violation "tests/test_files.sh: $name: no such source. Remove the line"
  [ ! -e "tests/${name}_test.cc" ] || violation "tests/test_files.sh: $name: has a test file now. Remove the line"
  [ "$reason" = 'not yet' ] || [ -e "$reason" ] || violation "tests/test_files.sh: $name: no file $reason"
done <<END
$untested
END

for name in $subjects; do
  [ -e "tests/${name}_test.cc" ] || violation "tests/test_files.sh: $name: no such test file. Remove the line"
done

exit "$violations"
