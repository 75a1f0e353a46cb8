#!/bin/sh
# Checks the order of the folders of server/: a folder includes only folders before it. Checks also which files
# may include which library, read the clock or read the environment. Prints a line for each violation, and exits 1.
#
#     tests/includes.sh [ROOT]
#
# The check reads text: it does not see what a macro or an alias hides.
set -eu
cd "${1:-$(dirname -- "$0")/..}"

# shellcheck disable=SC2016 # dollars of awk
find server -name '*.cc' -o -name '*.h' | LC_ALL=C sort | xargs awk '
  function violation(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    violations = 1
  }

  # The unit of a file: its folder, or the module of a file at the top of server/.
  function unit(file,   folder) {
    if (file !~ "/") return file ~ /^emulator\./ ? "emulator" : file ~ /^access_log\./ ? "access_log" : file
    folder = file
    sub(/\/[^\/]*$/, "", folder)
    return folder
  }

  function only(pattern, where, text) {
    if (code ~ pattern && file !~ "^(" where ")$") violation(text)
  }

  # Depth-first search; a file that is reached again from itself is part of a cycle.
  function visit(file, path,   i, next_files, count) {
    if (state[file] == "done") return
    if (state[file] == "open") {
      path = substr(path, index(path " ", " " file " "))
      gsub(/ /, " > ", path)
      printf "server/%s: include cycle:%s\n", file, substr(path, 3)
      violations = 1
      return
    }
    state[file] = "open"
    count = split(includes[file], next_files, " ")
    for (i = 1; i <= count; i++) visit(next_files[i], path " " next_files[i])
    state[file] = "done"
  }

  BEGIN {
    order = "base crypto http http/server fixtures journal world tokens api oauth diagnosis control" \
      " access_log emulator cli main.cc"
    count = split(order, units, " ")
    for (i = 1; i <= count; i++) rank[units[i]] = i
  }

  FNR == 1 {
    file = substr(FILENAME, length("server/") + 1)
    known[file] = 1
    if (!(unit(file) in rank)) violation("folder without a place in the order: " order)
  }

  {
    code = $0
    sub(/(^|[ \t])\/\/.*/, "", code)
  }

  code ~ /^[ \t]*#[ \t]*include[ \t]*"/ {
    split(code, quoted, "\"")
    target = quoted[2]
    includes[file] = includes[file] " " target
    place[file, target] = FILENAME ":" FNR
    if (rank[unit(target)] > rank[unit(file)])
      violation(unit(file) " may not include " target ": " unit(target) " comes later in the order")
  }

  {
    only("#[ \t]*include[ \t]*[<\"]httplib", "http/(server/response_serializer|http_client)\\.cc",
         "only http/server/response_serializer.cc and http/http_client.cc may include httplib")
    only("#[ \t]*include[ \t]*[<\"](SQLiteCpp/|sqlite3)", "fixtures/[^/]*", "only fixtures/ may include SQLite")
    only("#[ \t]*include[ \t]*[<\"]openssl/",
         "crypto/[^/]*|base/digest\\.cc|http/server/tls_[^/]*",
         "only crypto/, base/digest.cc and http/server/tls_* may include OpenSSL")
    only("_clock::now|gettimeofday|clock_gettime|timespec_get|(^|[^A-Za-z0-9_])time\\((nullptr|NULL|0|&)",
         "base/(clock\\.cc|real_time\\.h)", "only base/clock.cc and base/real_time.h may read the clock")
    only("getenv|(^|[^A-Za-z0-9_])environ([^A-Za-z0-9_]|$)", "cli/(environment|child_process)\\.cc",
         "only cli/environment.cc may read the environment, and only cli/child_process.cc may pass it on")
    if (file ~ "^(fixtures|journal|world|tokens)/.*\\.h$" && code ~ "#[ \t]*include[ \t]*[<\"]nlohmann/" &&
        code !~ "nlohmann/json_fwd\\.hpp")
      violation("a header below api/ may include nlohmann/json_fwd.hpp at most")
  }

  END {
    if (length(known) == 0) {
      print "server/: no source files"
      exit 1
    }
    for (pair in place) {
      split(pair, ends, SUBSEP)
      if (!(ends[2] in known)) {
        print place[pair] ": no such file in server/ (paths start there): " ends[2]
        violations = 1
      }
    }
    for (name in known) visit(name, " " name)
    exit violations
  }'
