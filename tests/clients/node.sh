# shellcheck shell=sh
# What the suites need, for their run.sh to read in. Where it is not, their end is status 77: skipped, with the reason
# and the sentence that each function takes: what was not done.

# need_node SENTENCE
need_node() {
  not_done=$1
  version=$(node --version 2>/dev/null) || skip 'there is no node here (Debian: nodejs npm)'
  major=${version#v}
  [ "${major%%.*}" -ge 18 ] || skip "node is $version here, and 18 is wanted"
}

# need_packages SENTENCE: into the current folder, those of its lock file. What is there already was installed by this
# one, or is installed anew.
need_packages() {
  need_node "$1"
  command -v npm >/dev/null || skip 'there is no npm here (Debian: nodejs npm)'
  if ! cmp -s package-lock.json node_modules/.installed-by; then
    npm ci --ignore-scripts --no-audit --no-fund --prefer-offline >&2 || skip 'npm could not install the packages of package-lock.json'
    cp package-lock.json node_modules/.installed-by
  fi
}

skip() {
  echo "SKIPPED: $*. $not_done"
  exit 77
}
