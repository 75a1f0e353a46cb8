#!/bin/sh
# Holds the walls between the rooms of server/: who may include whom, and who may know which library,
# the clock, the environment; and that no two headers define a type of one name, for all share one
# namespace. One line per breach, and exit 1.
#
#     tests/includes.sh [ROOT]
#
# Looks at text, not at meaning: what a macro or an alias hides is not seen.
set -eu
cd "${1:-$(dirname -- "$0")/..}"

# shellcheck disable=SC2016 # awk's dollars
find server -name '*.cc' -o -name '*.h' | LC_ALL=C sort | xargs awk '
  function breach(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    breaches = 1
  }

  # Higher rooms include lower ones. The top level is a room, and main.cc stands above it.
  function room(file) {
    if (file == "main.cc") return "main.cc"
    return file ~ "/" ? substr(file, 1, index(file, "/") - 1) : "the top level"
  }

  function only(pattern, where, text) {
    if (code ~ pattern && file !~ "^(" where ")$") breach(text)
  }

  # Depth first; a file on the way to itself is a cycle.
  function visit(file, way,   i, next_files, count) {
    if (state[file] == "done") return
    if (state[file] == "open") {
      way = substr(way, index(way " ", " " file " "))
      gsub(/ /, " > ", way)
      printf "server/%s: a cycle:%s\n", file, substr(way, 3)
      breaches = 1
      return
    }
    state[file] = "open"
    count = split(includes[file], next_files, " ")
    for (i = 1; i <= count; i++) visit(next_files[i], way " " next_files[i])
    state[file] = "done"
  }

  BEGIN {
    order = "door world identity api oauth control"
    count = split(order, rooms, " ")
    for (i = 1; i <= count; i++) height[rooms[i]] = i
    height["the top level"] = count + 1
    height["main.cc"] = count + 2
  }

  FNR == 1 {
    file = substr(FILENAME, length("server/") + 1)
    known[file] = 1
    if (!(room(file) in height)) breach("a room that has no place in the order: " order)
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
    if (target != "embedded.h" && height[room(target)] > height[room(file)])
      breach(room(file) " may not include " target ", which is of " room(target) ", above it")
  }

  file ~ /\.h$/ && code ~ /^(class|struct|enum class) [A-Za-z]+ .*\{/ {
    name = code
    sub(/^(class|struct|enum class) /, "", name)
    sub(/ .*/, "", name)
    # The linker would take the functions of one for those of the other, and say nothing.
    if (name in defined) breach(name " is defined in " defined[name] ", too")
    defined[name] = FILENAME
  }

  {
    only("#[ \t]*include[ \t]*[<\"]httplib", "door/(httplib_server|http_client)\\.cc",
         "httplib is for door/httplib_server.cc and door/http_client.cc alone")
    only("#[ \t]*include[ \t]*[<\"](SQLiteCpp/|sqlite3)", "world/([^/]*_rows|fixture_(columns|reader|store|writer)|store_database)\\.cc",
         "SQLite is for world/*_rows, fixture_columns, fixture_reader, fixture_store, fixture_writer and store_database alone")
    only("#[ \t]*include[ \t]*[<\"](openssl|cjose)/", "door/[^/]*", "OpenSSL and cjose are for door/ alone")
    only("_clock::now|gettimeofday|clock_gettime|timespec_get|(^|[^A-Za-z0-9_])time\\((nullptr|NULL|0|&)",
         "world/clock\\.cc|door/real_time\\.h",
         "the clock is read by world/clock.cc and door/real_time.h alone")
    only("getenv|(^|[^A-Za-z0-9_])environ([^A-Za-z0-9_]|$)", "(options|child_process)\\.cc",
         "the environment is read by options.cc, and handed on by child_process.cc, alone")
    if (file ~ "^(world|identity)/.*\\.h$" && code ~ "#[ \t]*include[ \t]*[<\"]nlohmann/" &&
        code !~ "nlohmann/json_fwd\\.hpp")
      breach("a header of world/ or identity/ includes nlohmann/json_fwd.hpp at most")
  }

  END {
    for (pair in place) {
      split(pair, ends, SUBSEP)
      if (!(ends[2] in known)) {
        print place[pair] ": no file of server/ (write paths from there): " ends[2]
        breaches = 1
      }
    }
    for (name in known) visit(name, " " name)
    exit breaches
  }'
