#!/bin/sh
# Installs the packages of the lock file, generates clients from the contract in a temporary folder, and runs the suite with them.
# Without Node, npm or their registry it exits 77 (skipped) with the reason. EXPORT_EMULATOR_PROGRAM names the program.
set -eu

cd "$(dirname -- "$0")"
# shellcheck source=/dev/null
. ../node.sh
need_packages 'NO client was generated from the contract, and NO linter has checked it.'

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
