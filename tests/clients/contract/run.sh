#!/bin/sh
# Installs the packages of the lock file, has clients made of the contract in a temporary folder, and runs the suite with them.
# Without Node, npm or their registry it says so and exits 77: skipped. EXPORT_EMULATOR_PROGRAM names the program.
set -eu

skip() {
  echo "SKIPPED: $*. NO client was generated from the contract, and NO linter has read it."
  exit 77
}

for program in node npm; do
  command -v "$program" >/dev/null || skip "there is no $program here (Debian: nodejs npm)"
done
version=$(node --version)
major=${version#v}
[ "${major%%.*}" -ge 18 ] || skip "node is $version here, and 18 is wanted"

cd "$(dirname -- "$0")"
# What is there already was installed by this lock file, or is installed anew.
if ! cmp -s package-lock.json node_modules/.installed-by; then
  npm ci --ignore-scripts --no-audit --no-fund --prefer-offline >&2 || skip 'npm could not install the packages of package-lock.json'
  cp package-lock.json node_modules/.installed-by
fi

contract=$(cd ../../.. && pwd)/schema/openapi.json
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cp ./*.ts tsconfig.json "$folder"
ln -s "$PWD/node_modules" "$folder"
(
  cd "$folder"
  PATH=$PWD/node_modules/.bin:$PATH
  openapi-typescript "$contract" --output openapi_typescript.ts
  openapi-ts --input "$contract" --output hey_api_client --silent
  tsc
)
GENERATED_CLIENTS=$folder NO_COLOR=1 node --test-reporter=spec suite.test.mjs
