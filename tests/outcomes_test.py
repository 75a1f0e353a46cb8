"""Runs every line of `export-emulator outcomes` in a shell, as its reader would."""

import json
import re
import subprocess
import unittest

from program import GUARD, ROOT, Case, environment, run

GOLDEN = ROOT / "tests" / "golden" / "get-export-connection"
README = ROOT / "README.md"

# A status, a code ("-" for a success), a meaning, and the command.
LINE = re.compile(r"^(\d{3})  (\S+) +(\S.*?)  +(curl -i .*)$")


def code_of(body):
    return json.loads(body).get("error", {}).get("code", "-")


def goldens():
    """The page's bodies by status and code."""
    bodies = {int(file.stem): file.read_bytes() for file in GOLDEN.glob("*.json")}
    return {(status, code_of(body)): body for status, body in bodies.items()}


def run_in_shell(line):
    """The status and the body that a curl line prints."""
    done = subprocess.run(line, shell=True, env=environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=GUARD)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
    if done.returncode != 0 or not status:
        raise AssertionError(f"{line}: exit {done.returncode}, {done.stderr!r}, {done.stdout!r}")
    return int(status[1]), body


class Outcomes(Case):

    def test_every_line_gives_what_it_says(self):
        server = self.start()
        documented = goldens()
        page_example = json.loads(documented[200, "-"])["connection"]["id"]
        met = set()
        for line in run("outcomes", "--url", server.url).out.splitlines():
            with self.subTest(line):
                wanted, code, meaning, command = LINE.match(line).groups()
                status, body = run_in_shell(command)
                self.assertEqual((status, code_of(body)), (int(wanted), code), meaning)
                if (status, code) in documented and (status != 200 or page_example in command):
                    self.assertEqual(body, documented[status, code])
                    met.add(status)
        self.assertEqual(met, {200, 401, 403, 404, 429})  # each documented body was compared

    def test_every_cause_of_a_401_has_a_line(self):
        server = self.start("--log", "json")
        for line in run("outcomes", "--url", server.url).out.splitlines():
            if line.startswith("401"):
                run_in_shell(LINE.match(line)[4])
        server.stop()
        self.assertEqual({json.loads(line)["reason"] for line in server.log().splitlines()}, {
            "authorization-missing", "authorization-not-bearer", "authorization-repeated",
            "token-unknown", "token-wrong-issuer", "token-not-yet-valid", "token-expired",
            "client-unknown", "scope-missing"})

    def test_the_lines_name_the_url_that_is_given(self):
        for line in run("outcomes", "--url", "http://[::1]:1").out.splitlines():
            self.assertIn(" curl -i http://[::1]:1/export/connections/", line)

    def test_the_readme_shows_the_same_table(self):
        if not README.exists():
            self.skipTest(f"there is no {README} yet")
        self.assertIn(run("outcomes").out, README.read_text())


if __name__ == "__main__":
    unittest.main()
