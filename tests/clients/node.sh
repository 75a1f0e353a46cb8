# shellcheck shell=sh
# Checks what the suites need; each run.sh reads this file. If something is missing, the suite exits 77 (skipped) with
# the reason and the sentence that it passed: what was not done.

# need_node SENTENCE
need_node() {
  not_done=$1
  version=$(node --version 2>/dev/null) || skip 'node is not installed (Debian: nodejs npm)'
  major=${version#v}
  [ "${major%%.*}" -ge 18 ] || skip "node is $version; the suite requires 18"
}

# need_packages SENTENCE: installs the packages of the lock file into the current folder, unless they are there already.
need_packages() {
  need_node "$1"
  command -v npm >/dev/null || skip 'npm is not installed (Debian: nodejs npm)'
  if ! cmp -s package-lock.json node_modules/.installed-by; then
    npm ci --ignore-scripts --no-audit --no-fund --prefer-offline >&2 || skip 'npm could not install the packages of package-lock.json'
    cp package-lock.json node_modules/.installed-by
  fi
}

skip() {
  echo "SKIPPED: $*. $not_done"
  exit 77
}
