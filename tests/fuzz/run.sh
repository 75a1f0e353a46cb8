#!/bin/sh
# Runs each fuzz target for a while, as many at once as there are cores, and exits 1 when one found
# something.
#
#     CXX=clang++ meson setup build-fuzz -Dfuzz=true && meson compile -C build-fuzz fuzzers
#     tests/fuzz/run.sh SECONDS [TARGET...]
#
# FUZZ_SEED is for luck that is always the same; without it each run has its own. FUZZ_BUILD names the
# build folder when it is another. Its fuzz/ keeps what is found: corpus/TARGET/
# for the next run, crashes/TARGET/ for you.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=${FUZZ_BUILD:-$here/../../build-fuzz}

die() {
  echo "run.sh: $*" >&2
  exit 2
}

seconds=${1:-}
case $seconds in
  '' | *[!0-9]*) die 'usage: run.sh SECONDS [TARGET...]' ;;
esac
shift
[ $# -gt 0 ] || set -- authorization control fixture options path request server
for target; do
  [ -x "$build/tests/fuzz/${target}_fuzz" ] ||
    die "no such target, or it is not built (the head of this file says how): $target"
done
if [ $# -gt 1 ]; then
  printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" "$0" "$seconds" || exit 1
  exit 0
fi
build=$(CDPATH='' cd -- "$build" && pwd)

# Reports with lines, also without llvm-symbolizer.
export ASAN_OPTIONS="detect_stack_use_after_return=1:allow_addr2line=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1:allow_addr2line=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"

found=$build/fuzz/corpus/$target crashes=$build/fuzz/crashes/$target log=$build/fuzz/$target.log
seeds=$build/fuzz/seeds/$target
kind=$target longest=4096 leaks=1
case $target in
  fixture) longest=8192 ;; # the default world fits
  # The door reads what the reader of requests reads. Its threads free what the fuzzer would take
  # for a leak until it has looked again, which halves the speed.
  server) kind=request leaks=0 ;;
esac
# Where a target has no seeds that are worth a file each.
corpus=$here/corpus/$kind
[ -d "$corpus" ] || corpus=
rm -rf "$seeds"
mkdir -p "$found" "$crashes" "$seeds/$kind"
"$build/tests/fuzz/seeds" "$seeds"
python3 "$here/seeds.py" "$seeds"

# The last number behind a word of the fuzzer's log.
last() { sed -n "s/.*$1 *\\([0-9][0-9]*\\).*/\\1/p" "$log" | tail -n 1; }

status=0
"$build/tests/fuzz/${target}_fuzz" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -max_len="$longest" -timeout=30 \
  -detect_leaks="$leaks" -print_final_stats=1 -dict="$here/dict/$kind.dict" \
  -artifact_prefix="$crashes/" \
  "$found" ${corpus:+"$corpus"} "$seeds/$kind" >"$log" 2>&1 </dev/null || status=$?

line="$target: $(last stat::number_of_executed_units:) executions"
line="$line ($(last stat::average_exec_per_sec:)/s), coverage $(last cov:)"
line="$line, $(last stat::new_units_added:) new inputs, $(last stat::peak_rss_mb:) MB"
case $status in
  0) echo "$line, no crash" && exit 0 ;;
  72) echo "$line, interrupted" && exit 1 ;;
esac
input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
echo "$line, CRASHED (exit $status)"
# What was not so, or what the sanitizer says, with the calls that led there.
grep -E -A 12 -m 1 '^NOT SO|ERROR: |runtime error:' "$log" || tail -n 12 "$log"
echo "  all of it:    $log"
echo "  again:        $build/tests/fuzz/${target}_fuzz $input"
echo "  make smaller: $build/tests/fuzz/${target}_fuzz -minimize_crash=1 -runs=100000 $input"
exit 1
