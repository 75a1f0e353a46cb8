#!/usr/bin/env python3
"""Counts the test cases of one run of `meson test`; prints "N passed, N failed[, N skipped]".

    tests/count_cases.py LOG STATUS

LOG is meson's testlog.json or the output of one test program; STATUS is the exit status. Meson counts a test program
as one test; this script reads the summary of each program (doctest, unittest, Node's test runner). It prints the
output of skipped programs to standard error. One failure counts for a program that failed without a failed case (a
crash, a time-out, or a sanitizer report at its end) and for a program whose filter selected no case.
"""

import json
import pathlib
import re
import sys

DOCTEST = re.compile(r"^\[doctest\] test cases: *\d+ \| *(\d+) passed \| *(\d+) failed", re.M)
NODE = re.compile(r"^\S+ (pass|fail|cancelled|skipped) (\d+)$", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(.*)$", re.M)


def count(test):
    """Returns (passed, failed, skipped) for one line of meson's log."""
    output = test.get("stdout", "") + test.get("stderr", "")
    good = test["result"] in ("OK", "EXPECTEDFAIL")
    found, passed, failed, skipped = False, 0, 0, test["result"] == "SKIP"
    for case_passed, case_failed in DOCTEST.findall(output):
        found, passed, failed = True, passed + int(case_passed), failed + int(case_failed)
    for ran, rest in UNITTEST.findall(output):
        number = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", rest)}
        bad = number.get("failures", 0) + number.get("errors", 0)
        absent = number.get("skipped", 0)
        # Several subtests of one case may fail, so the difference can be negative.
        found, passed, failed, skipped = True, passed + max(0, int(ran) - bad - absent), failed + bad, skipped + absent
    node = {key: int(value) for key, value in NODE.findall(output)}
    if node and not found:
        found, passed, failed = True, node.get("pass", 0), node.get("fail", 0) + node.get("cancelled", 0)
        skipped += node.get("skipped", 0)
    if not found:
        passed = int(good)
    if not skipped and not failed and (not good or not passed):
        failed = 1
    return passed, failed, int(skipped)


def read(log, status):
    """Returns one record of meson's log per test program."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if log.suffix == ".json":
        return [json.loads(line) for line in text.splitlines()]
    result = {"0": "OK", "77": "SKIP"}.get(status, "FAIL")
    return [{"name": log.parent.name, "result": result, "stdout": text}]


def main(log, status):
    tests = read(pathlib.Path(log), status)
    for test in tests:
        if test["result"] == "SKIP":
            print(f"{test['name']}: {test.get('stdout', '').strip()}", file=sys.stderr)
    counts = [count(test) for test in tests]
    passed, failed, skipped = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
    if not failed and (status not in ("0", "77") or not counts):
        failed = 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))


main(*sys.argv[1:])
