#!/usr/bin/env python3
"""Runs the README: every `sh` block, against a real emulator, with the answer it promises.

Info strings of fenced blocks: `sh` is run, and the `json` or `text` block behind it is its exact output, but for `…`,
which stands for anything; `sh store` is run against an emulator that serves world.json from a store; `json fixture=NAME`
is saved as NAME before; `outcomes` is the exact output of `export-emulator outcomes --operation get-export-connection`; `json fault` is read by
fault_plans_test.cc; `console` is shown only (containers and ./dev are run by CI itself); other blocks are shown only.
A comment `then WORLD CONNECTION TOKEN STATUS...` says what a client's calls get afterwards (`broken`: no answer).
"""

import http.client
import pathlib
import re
import subprocess
import unittest

import program

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
DEFAULT_URL = "http://localhost:8080"
DEFAULT_TLS_URL = "https://localhost:8443"

FENCED = r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$"
THEN = r"^<!-- (?P<then>then [^\n]*) -->$"


def blocks():
    """(info string, text) of every fenced block, and ("then", what follows) of every such comment."""
    found = re.finditer(f"{FENCED}|{THEN}", README.read_text(encoding="utf-8"), re.M | re.S)
    return [("then", match["then"].split()[1:]) if match["then"] else (match["info"].strip(), match["text"])
            for match in found]


def matches(expected, output):
    """Whether they are equal, but for what an ellipsis stands for."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, output.strip()) is not None


def status_of_call(port, world, connection, token):
    try:
        return str(program.get(port, f"{world}/export/connections/{connection}", token).status)
    except (OSError, http.client.HTTPException):
        return "broken"


def shell(command, emulator, folder):
    """The standard output of a README command, against that emulator."""
    urls = {DEFAULT_URL: emulator.url, DEFAULT_TLS_URL: emulator.ready.get("tlsUrl", DEFAULT_TLS_URL)}
    for default, url in urls.items():
        command = command.replace(default, url)
    variables = program.environment()
    variables["PATH"] = f"{pathlib.Path(program.PROGRAM).resolve().parent}:{variables['PATH']}"
    variables["EXPORT_EMULATOR_PORT"] = str(emulator.port)
    result = subprocess.run(["sh", "-ec", command], cwd=folder, env=variables,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    if result.returncode:
        raise AssertionError(f"{command} exits {result.returncode}: {result.stderr}")
    output = result.stdout
    for default, url in urls.items():
        output = output.replace(url, default)
    return output


class ReadmeTest(program.Case):
    def setUp(self):
        self.world = self.folder()
        for info, text in blocks():
            name = re.search(r"fixture=(\S+)", info)
            if name:
                pathlib.Path(self.world, name.group(1)).write_text(text, encoding="utf-8")

    def run_blocks(self, kind, emulator):
        """Runs the blocks of one kind and returns how many."""
        all_blocks, count = blocks(), 0
        for (info, text), (next_info, expected) in zip(all_blocks, all_blocks[1:] + [("", "")]):
            if info == kind:
                with self.subTest(command=text.strip()):
                    output = shell(text, emulator, self.world)
                    if next_info in ("json", "text"):
                        self.assertTrue(matches(expected, output), output)
                count += 1
            elif info == "then" and kind == "sh":
                with self.subTest(then=text):
                    world, connection, token, *statuses = text
                    self.assertEqual(statuses, [status_of_call(emulator.port, world, connection, token)
                                                for _ in statuses])
        return count

    def test_commands_do_what_the_readme_promises(self):
        self.assertGreaterEqual(self.run_blocks("sh", self.start("--tls", "self-signed", "--tls-port", 0)), 15)

    def test_a_store_does_what_the_readme_promises(self):
        emulator = self.start("--fixtures", "world.json", "--store", "world.db", cwd=self.world)
        self.assertEqual(self.run_blocks("sh store", emulator), 1)

    def test_the_outcomes_table_is_the_programs(self):
        shown = [text for info, text in blocks() if info == "outcomes"]
        self.assertEqual(shown, [program.run("outcomes", "--operation", "get-export-connection").out])

    def test_settings_are_those_of_the_help(self):
        usage = program.run("serve", "--help").out
        readme = README.read_text(encoding="utf-8")
        settings = readme[readme.index("## Settings"):readme.index("## In CI")]
        table = "".join(re.findall(r"^\|.*\n", settings, re.M))
        in_help = set(re.findall(r"^  (--[a-z][a-z-]*)", usage, re.M))
        self.assertEqual(in_help, set(re.findall(r"--[a-z][a-z-]*", table)))
        variables = {"EXPORT_EMULATOR_" + flag[2:].replace("-", "_").upper() for flag in in_help}
        self.assertEqual(variables, set(re.findall(r"EXPORT_EMULATOR_[A-Z_]+", table)))

    def test_flags_of_exec_are_those_of_the_help(self):
        of_exec, of_serve = (set(re.findall(r"^ +(--[a-z][a-z-]*)", program.run(command, "--help").out, re.M))
                             for command in ("exec", "serve"))
        readme = README.read_text(encoding="utf-8")
        section = readme[readme.index("### exec"):readme.index("## Settings")]
        table = set(re.findall(r"^\| `(--[a-z-]+)", section, re.M))
        self.assertEqual(of_exec - of_serve, table)
        self.assertEqual(of_serve - of_exec, {"--watch"})

    def test_links_inside_lead_somewhere(self):
        readme = README.read_text(encoding="utf-8")
        anchors = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-")
                   for h in re.findall(r"^#+ (.*)$", readme, re.M)}
        for target in re.findall(r"\]\(([^)]+)\)", readme):
            if target.startswith("#"):
                self.assertIn(target[1:], anchors)
            elif "://" not in target:
                self.assertTrue((README.parent / target).exists(), target)


if __name__ == "__main__":
    unittest.main()
