#!/usr/bin/env python3
"""Runs the documentation: README.md and docs/*.md. Each page has an emulator of its own, and its commands run in order.

Info strings of fenced blocks:

    sh               The test runs the commands. A `json` or `text` block after it is the exact output; `…` matches any
                     text.
    sh store         The same, with an emulator that serves world.json from a store.
    json fixture=F   The test saves the block as the file F for the commands of all pages. Also with another language.
    ts test=F        A test file: it passes. Skipped without Node.
    python test=F    A test file: it passes.
    json fault       tests/control/fault_plans_test.cc reads the block.
    others           Only shown. `console` marks commands for containers and ./dev, which CI runs itself.

The comment `then WORLD CONNECTION TOKEN STATUS...` lists the statuses that a client's next calls get (`broken`: no
answer).
"""

import http.client
import pathlib
import re
import shutil
import subprocess
import unittest

import program

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DEFAULT_URL = "http://localhost:8080"
DEFAULT_TLS_URL = "https://localhost:8443"

FENCED = r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$"
THEN = r"^<!-- (?P<then>then [^\n]*) -->$"
LINK = r"\]\(([^)]+)\)"


def blocks(page):
    """(info string, text) of each fenced block, and ("then", words) of each such comment."""
    found = re.finditer(f"{FENCED}|{THEN}", page.read_text(encoding="utf-8"), re.M | re.S)
    return [("then", match["then"].split()[1:]) if match["then"] else (match["info"].strip(), match["text"])
            for match in found]


def with_attribute(pages, attribute):
    """(language, file name, text) of each block that has the attribute."""
    return [(info.split()[0], match[1], text) for page in pages for info, text in blocks(page)
            if (match := re.search(rf"{attribute}=(\S+)", info))]


def prose(page):
    """(line number, line) outside of fenced blocks."""
    is_fenced = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            is_fenced = not is_fenced
        elif not is_fenced:
            yield number, line


def anchors(page):
    """The anchors that GitHub gives to the headings."""
    headings = (re.match(r"#+ (.*)", line) for _, line in prose(page))
    return {re.sub(r"[^a-z0-9 _-]", "", match[1].lower()).replace(" ", "-") for match in headings if match}


def matches(expected, output):
    """Whether both are equal, except for text that an ellipsis matches."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, output.strip()) is not None


def status_of_call(port, world, connection, token):
    try:
        return str(program.get(port, f"{world}/export/connections/{connection}", token).status)
    except (OSError, http.client.HTTPException):
        return "broken"


def shell(command, emulator, folder):
    """The standard output of a documented command, against that emulator."""
    urls = {DEFAULT_URL: emulator.url, DEFAULT_TLS_URL: emulator.ready.get("tlsUrl", DEFAULT_TLS_URL)}
    for default, url in urls.items():
        command = command.replace(default, url)
    variables = program.environment()
    variables["PATH"] = f"{pathlib.Path(program.PROGRAM).resolve().parent}:{variables['PATH']}"
    variables["EXPORT_EMULATOR_PORT"] = str(emulator.port)
    result = subprocess.run(["sh", "-ec", command], cwd=folder, env=variables,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    if result.returncode:
        raise AssertionError(f"{command} exits with {result.returncode}: {result.stderr}")
    output = result.stdout
    for default, url in urls.items():
        output = output.replace(url, default)
    return output


def without_types(typescript):
    """JavaScript, for a Node that does not run TypeScript. The pages annotate nothing but parameters."""
    return re.sub(r"(\w+): (?:string|number|Response)(?=[,)= ])", r"\1", typescript)


class PagesTest(program.Case):
    def setUp(self):
        self.files = self.folder()
        for _, name, text in with_attribute(PAGES, "fixture"):
            pathlib.Path(self.files, name).write_text(text, encoding="utf-8")

    def run_blocks(self, page, kind, emulator):
        """Runs the blocks of one kind, and returns how many the page has."""
        page_blocks, count = blocks(page), 0
        for (info, text), (next_info, expected) in zip(page_blocks, page_blocks[1:] + [("", "")]):
            if info == kind:
                with self.subTest(page=page.name, command=text.strip()):
                    output = shell(text, emulator, self.files)
                    if next_info in ("json", "text"):
                        self.assertTrue(matches(expected, output), output)
                count += 1
            elif info == "then" and kind == "sh":
                with self.subTest(page=page.name, then=text):
                    world, connection, token, *statuses = text
                    self.assertEqual(statuses, [status_of_call(emulator.port, world, connection, token)
                                                for _ in statuses])
        return count

    def test_commands_print_what_the_pages_show(self):
        count = 0
        for page in PAGES:
            if any(info == "sh" for info, _ in blocks(page)):
                count += self.run_blocks(page, "sh", self.start("--tls", "self-signed", "--tls-port", 0))
        self.assertGreaterEqual(count, 30)

    def test_commands_for_a_store_print_what_the_pages_show(self):
        emulator = self.start("--fixtures", "world.json", "--store", "world.db", cwd=self.files)
        self.assertEqual(sum(self.run_blocks(page, "sh store", emulator) for page in PAGES), 1)

    def test_python_tests_of_the_pages_pass(self):
        tests = [(name, text) for language, name, text in with_attribute(PAGES, "test") if language == "python"]
        self.assertGreaterEqual(len(tests), 2)
        for name, text in tests:
            with self.subTest(name):
                pathlib.Path(self.files, name).write_text(text, encoding="utf-8")
                done = program.run("exec", "--log", "off", "--", "python3", "-m", "unittest", pathlib.Path(name).stem,
                                   cwd=self.files)
                self.assertEqual(done.code, 0, done.err)

    @unittest.skipUnless(shutil.which("node"), "Node is not installed")
    def test_typescript_tests_of_the_pages_pass(self):
        tests = [(name, text) for language, name, text in with_attribute(PAGES, "test") if language == "ts"]
        self.assertGreaterEqual(len(tests), 3)
        for name, text in tests:
            with self.subTest(name):
                file = pathlib.Path(self.files, name).with_suffix(".mjs")
                file.write_text(without_types(text), encoding="utf-8")
                done = program.run("exec", "--log", "off", "--", "node", "--test", file.name, cwd=self.files)
                self.assertEqual(done.code, 0, done.out + done.err)


class ReferenceTest(program.Case):
    def test_the_page_of_settings_has_every_flag_of_the_help(self):
        page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
        for command in ("serve", "exec", "why", "token", "outcomes", "healthcheck"):
            for flag in set(re.findall(r"^ +(--[a-z][a-z-]*)", program.run(command, "--help").out, re.M)):
                self.assertIn(f"| `{flag}", page, command)

    def test_flags_of_exec_are_those_of_the_help(self):
        of_exec, of_serve = (set(re.findall(r"^ +(--[a-z][a-z-]*)", program.run(command, "--help").out, re.M))
                             for command in ("exec", "serve"))
        page = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
        table = set(re.findall(r"^\| `(--[a-z-]+)", page[page.index("\n## exec"):], re.M))
        self.assertEqual(of_exec - of_serve, table)
        self.assertEqual(of_serve - of_exec, {"--watch"})

    def test_links_inside_the_repository_lead_to_a_file_and_a_heading(self):
        for page in [*PAGES, *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"))]:
            for number, line in prose(page):
                for target in re.findall(LINK, line):
                    if "://" in target:
                        continue
                    name, _, anchor = target.partition("#")
                    file = (page.parent / name).resolve() if name else page
                    place = f"{page.name}:{number}: {target}"
                    self.assertTrue(file.exists(), place)
                    if anchor:
                        self.assertIn(anchor, anchors(file), place)

    def test_the_readme_links_to_every_page(self):
        readme = PAGES[0].read_text(encoding="utf-8")
        for page in PAGES[1:]:
            self.assertIn(f"(docs/{page.name}", readme)

    def test_the_readme_has_at_most_200_lines(self):
        self.assertLessEqual(len(PAGES[0].read_text(encoding="utf-8").splitlines()), 200)


if __name__ == "__main__":
    unittest.main()
