#!/bin/sh
# Runs the fuzz targets for a given time, one per core at once. Exits with 1 if one found a failure.
#
#     CXX=clang++ meson setup build-fuzz -Dfuzz=true && meson compile -C build-fuzz fuzzers
#     tests/fuzz/run.sh SECONDS [TARGET...]
#
# FUZZ_SEED: a fixed random seed; without it, each run has a new one. FUZZ_BUILD: another build folder. The build
# folder keeps new inputs in fuzz/corpus/TARGET/, for the next run, and failing inputs in fuzz/crashes/TARGET/.
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
    die "no program ${target}_fuzz. Check the name, or build it as the head of this file shows"
done
if [ $# -gt 1 ]; then
  printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" "$0" "$seconds" || exit 1
  exit 0
fi
build=$(CDPATH='' cd -- "$build" && pwd)

# Reports get line numbers also without llvm-symbolizer.
export ASAN_OPTIONS="detect_stack_use_after_return=1:allow_addr2line=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1:allow_addr2line=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"

found=$build/fuzz/corpus/$target crashes=$build/fuzz/crashes/$target log=$build/fuzz/$target.log
seeds=$build/fuzz/seeds/$target
kind=$target longest=4096 leaks=1
case $target in
  fixture) longest=8192 ;; # the default world fits
  # The HTTP server takes the same inputs as the request parser. No leak detection: memory that other threads free
  # later looks like a leak at first, and checking again halves the speed.
  server) kind=request leaks=0 ;;
esac
# Some targets have no corpus in the repository.
corpus=$here/corpus/$kind
[ -d "$corpus" ] || corpus=
rm -rf "$seeds"
mkdir -p "$found" "$crashes" "$seeds/$kind"
"$build/tests/fuzz/seeds" "$seeds"
python3 "$here/seeds.py" "$seeds"

# last WORD: prints the last number after WORD in the fuzzer's log.
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
# The failed property or the sanitizer's report, with its stack.
grep -E -A 12 -m 1 '^PROPERTY FAILED|ERROR: |runtime error:' "$log" || tail -n 12 "$log"
echo "  full log:     $log"
echo "  run again:    $build/tests/fuzz/${target}_fuzz $input"
echo "  make smaller: $build/tests/fuzz/${target}_fuzz -minimize_crash=1 -runs=100000 $input"
exit 1
