"""Runs every line of `export-emulator outcomes` in a shell, as a reader does."""

import json
import re
import subprocess
import unittest

import program
from program import GUARD, ROOT, Case, environment, run

GOLDEN = ROOT / "tests" / "golden"
PAGE = ROOT / "docs" / "outcomes.md"

# A status, a code ("-" for a success), a meaning, and the command.
LINE = re.compile(r"^(\d{3})  (\S+) +(\S.*?)  +(curl -i .*)$")
# Success bodies that equal the page's example. Others differ by the ids of the world.
EQUAL_TO_PAGE = {("get-export-connection", "the page's example"),
                 ("get-authorization-information", "one who has not: the page's example")}


def outcomes(*arguments):
    """Every line as (operation, status, code, meaning, command)."""
    operation, rows = "", []
    for line in run("outcomes", *arguments).out.splitlines():
        match = LINE.match(line)
        if match:
            rows.append((operation, int(match[1]), *match.groups()[1:]))
        elif line:
            operation = line
    return rows


def code_of(body):
    return json.loads(body).get("error", {}).get("code", "-") if body else "-"


def golden(operation, status, code):
    """The example body of the operation's page with this status and code, or None."""
    file = GOLDEN / operation / f"{status}.json"
    body = file.read_bytes() if file.exists() else None
    return body if body and code_of(body) == code else None


def run_in_shell(line):
    """Runs a curl line; returns the status and body of the response."""
    done = subprocess.run(line, shell=True, env=environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=GUARD)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
    if done.returncode != 0 or not status:
        raise AssertionError(f"{line}: exit {done.returncode}, {done.stderr!r}, {done.stdout!r}")
    return int(status[1]), body


class Outcomes(Case):

    def test_every_line_gives_its_outcome_and_together_they_cover_the_contract(self):
        server = self.start()
        compared = set()
        for operation, expected, code, meaning, command in outcomes("--url", server.url):
            with self.subTest(command):
                status, body = run_in_shell(command)
                self.assertEqual((status, code_of(body)), (expected, code), meaning)
                example = golden(operation, status, code)
                if example and (status >= 400 or (operation, meaning) in EQUAL_TO_PAGE):
                    self.assertEqual(body, example)
                    compared.add((operation, status))
        refused = {(file.parent.name, int(file.stem)) for file in GOLDEN.glob("*/4*.json")}
        self.assertEqual(compared - {(operation, 200) for operation, _ in EQUAL_TO_PAGE}, refused)
        coverage = json.loads(program.get(server.port, "/_emulator/coverage").body)
        self.assertEqual(coverage["percent"], 100)

    def test_every_reason_of_a_401_has_a_line(self):
        server = self.start("--log", "json")
        for _, status, _, _, command in outcomes("--url", server.url):
            if status == 401:
                run_in_shell(command)
        server.stop()
        self.assertEqual({json.loads(line)["reason"] for line in server.log().splitlines()}, {
            "authorization-missing", "authorization-not-bearer", "authorization-repeated",
            "token-unknown", "token-wrong-issuer", "token-not-yet-valid", "token-expired",
            "client-unknown", "scope-missing"})

    def test_the_lines_contain_the_given_url(self):
        for *_, command in outcomes("--url", "http://[::1]:1"):
            self.assertIn("http://[::1]:1/export/", command)

    def test_the_table_can_be_limited_to_one_operation(self):
        printed = run("outcomes", "--operation", "get-export-connection").out
        self.assertTrue(all(LINE.match(line) for line in printed.splitlines()), printed)
        done = run("outcomes", "--operation", "get-export-conection")
        self.assertEqual(done.code, 2)
        self.assert_words(["--operation", "Did you mean \"get-export-connection\"?"], done.err)

    def test_the_documentation_shows_the_same_table(self):
        self.assertIn(run("outcomes", "--operation", "get-export-connection").out, PAGE.read_text())


if __name__ == "__main__":
    unittest.main()
