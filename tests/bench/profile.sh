#!/bin/sh
# Profiles a request: instructions per function, and system calls.
#
#     tests/bench/profile.sh [PROGRAM]
#
# PROGRAM: default EXPORT_EMULATOR_PROGRAM, then the program of build-release. Needs Debian's packages
# valgrind and strace. Counts everything twice, for few and for many requests: the difference excludes
# start and stop.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=${1:-${EXPORT_EMULATOR_PROGRAM:-$here/../../build-release/export-emulator}}
export EXPORT_EMULATOR_PROGRAM="$program" PYTHONDONTWRITEBYTECODE=1

few=200
many=1200
most_functions=25
folder=$(mktemp -d)
pid=

die() {
  echo "profile: $*" >&2
  exit 1
}

end() {
  if [ -n "$pid" ]; then kill -KILL "$pid" 2>/dev/null || :; fi
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM HUP

[ -x "$program" ] || die "no program at $program. Build it with ./dev run --version"
for tool in valgrind strace python3; do
  command -v "$tool" >/dev/null || die "$tool is not installed. Install it"
done

# measure COUNT CLOSE TOOL...: runs the program under the tool from start to stop with COUNT requests,
# each on its own connection if CLOSE is not empty.
measure() {
  count=$1 close=$2
  shift 2
  : >"$folder/ready"
  timeout -k 5 120 "$@" "$program" --port 0 --rate-limit 1000000000/60 \
    >"$folder/ready" 2>"$folder/log" &
  tool=$!
  tries=600
  until grep -q '}' "$folder/ready"; do
    tries=$((tries - 1))
    if [ $tries -eq 0 ] || ! kill -0 $tool 2>/dev/null; then
      die "the program did not start: $(cat "$folder/log")"
    fi
    sleep 0.1
  done
  pid=$(sed 's/.*"pid":\([0-9]*\).*/\1/' "$folder/ready")
  port=$(sed 's/.*"port":\([0-9]*\).*/\1/' "$folder/ready")
  timeout 100 python3 "$here/send.py" "$port" "$count" ${close:+"$close"}
  # Signal the program itself: strace does not forward SIGTERM.
  kill "$pid"
  wait $tool || die "the program failed: $(cat "$folder/log")"
  pid=
}

# per_request FEW MANY: two files of "NUMBER NAME" lines; prints each name's difference per request.
per_request() {
  awk -v requests=$((many - few)) '
    {
      number = $1
      sub(/^ *[0-9]+ */, "")
      of[$0] += FNR == NR ? -number : number
    }
    END { for (name in of) printf "%.2f %s\n", of[name] / requests, name }' "$1" "$2" | sort -rn
}

echo "Instructions per request in user space, for each function and the functions that it calls:"
for count in $few $many; do
  measure "$count" '' valgrind -q --tool=callgrind --callgrind-out-file="$folder/callgrind.$count"
  # "1,234  file:function [object]" becomes "1234 function".
  callgrind_annotate --inclusive=yes --threshold=100 --show-percs=no "$folder/callgrind.$count" |
    sed -n -e '/PROGRAM TOTALS/ { s/^ *\([0-9,]*\).*/\1 (all)/; p; }' \
      -e 's/^ *\([0-9,]\{1,\}\) *[^ :]*:\(.*\) \[[^]]*\]$/\1 \2/p' |
    awk '{ gsub(",", "", $1); print }' >"$folder/functions.$count"
done
# Omit functions that only wrap others or have no name.
per_request "$folder/functions.$few" "$folder/functions.$many" |
  grep -v -e ' std::_Function_handler<' -e ' std::thread::' -e ' start_thread' -e ' 0x' | sed \
    -e 's/std::__cxx11::basic_string<char, std::char_traits<char>, [^>]*> >/std::string/g' \
    -e 's/std::basic_string_view<char, std::char_traits<char> >/std::string_view/g' |
  awk -v most=$most_functions '
    NR == 1 { all = $1 }
    NR <= most {
      share = 100 * $1 / all
      number = $1
      sub(/^[^ ]* /, "")
      printf "%9.0f %5.1f %%  %s\n", number, share, substr($0, 1, 110)
    }'

# system_calls CLOSE: prints the system calls per request.
system_calls() {
  for count in $few $many; do
    measure "$count" "$1" strace -c -f -U calls,name -o "$folder/strace.$count"
    awk '$1 ~ /^[0-9]+$/ { print $1, $2 }' "$folder/strace.$count" >"$folder/calls.$count"
  done
  per_request "$folder/calls.$few" "$folder/calls.$many" |
    awk '$1 >= 0.01 { printf "%9.2f  %s\n", $1, $2 }'
}

echo
echo "System calls per request of all threads, on one connection:"
system_calls ''
echo
echo "System calls per request, each on its own connection:"
system_calls close
