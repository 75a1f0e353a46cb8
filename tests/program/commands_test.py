"""Commands that print and end: help, version, schema and validate."""

import json
import re
import unittest

from program import DEFAULT_WORLD, PRINCIPAL, ROOT, Case, get, run


class ShortCommands(Case):

    def assert_prints(self, done, words):
        self.assertEqual((done.code, done.err), (0, ""))
        self.assert_words(words, done.out)

    def test_help(self):
        words = ["serve", "outcomes", "healthcheck", "validate", "drift", "schema", "--version",
                 "COMMAND --help", "Exit codes: 0", "3 port in use"]
        for flag in ("--help", "-h", "help"):
            self.assert_prints(run(flag), words)
        self.assertLessEqual(len(run("--help").out.splitlines()), 24)
        commands = re.findall(r"^  ([a-z]+) ", run("--help").out, re.M)
        self.assertGreaterEqual(len(commands), 14)
        for command in commands:
            self.assert_prints(run(command, "--help"), [f"Usage: export-emulator {command}"])
            self.assertEqual(run("help", command).out, run(command, "--help").out)
        self.assert_prints(run("serve", "--help"), ["GET /export/connections/{connectionId}"])

    def test_an_unknown_command_is_rejected_with_a_suggestion(self):
        for arguments in (["srve"], ["help", "srve"]):
            done = run(*arguments)
            self.assertEqual((done.code, done.out), (2, ""))
            self.assert_words(['"srve": unknown command', 'Did you mean "serve"?'], done.err)

    def test_version_prints_the_version_of_the_build(self):
        version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text())[1]
        for argument in ("--version", "-V", "version"):
            self.assertEqual(run(argument).out, f"export-emulator {version}\n")

    def test_schema_prints_the_file_that_the_server_also_serves(self):
        expected = (ROOT / "schema" / "fixtures.schema.json").read_text()
        done = run("schema")
        self.assert_prints(done, ["json-schema.org"])
        self.assertEqual(done.out, expected)
        self.assertIn("properties", json.loads(done.out))
        served = get(self.start().port, "/_emulator/fixtures.schema.json")
        self.assertEqual(served.body.decode(), expected)

    def test_world_prints_the_default_world(self):
        self.assertEqual(run("world").out, DEFAULT_WORLD.read_text())

    def test_validate_counts_the_rows_of_valid_fixtures(self):
        world = json.loads(DEFAULT_WORLD.read_text())
        counts = ["ok"] + [f"{section} {len(world[section])}"
                           for section in ("connections", "users", "clients", "tokens")]
        self.assert_prints(run("validate", DEFAULT_WORLD), counts)
        self.assert_prints(run("validate", DEFAULT_WORLD.parent), counts)
        self.assert_prints(run("validate", "-", stdin=DEFAULT_WORLD.read_bytes()), counts)

    def test_validate_rejects_invalid_fixtures(self):
        done = run("validate", DEFAULT_WORLD, "-", stdin=b'{"conections": []}')
        self.assertEqual((done.code, done.out), (2, ""))
        self.assert_words(["standard input:1: /conections", 'Did you mean "connections"?'],
                          done.err)

    def test_a_lint_finding_is_a_warning_of_validate_and_a_notice_of_serve(self):
        world = self.folder() / "world.json"
        world.write_text(PRINCIPAL.replace("export:read", "export:raed"))
        finding = (f'{world}:3: /tokens/0/scopes/0: no operation asks for the scope "export:raed". '
                 'Did you mean "export:read"?\n')
        done = run("validate", world)
        self.assertEqual((done.code, done.err), (0, "warning: " + finding))
        self.assertTrue(done.out.startswith("ok: "))

        # Also if the store existed: resets and sandboxes start from these fixtures.
        store = world.with_name("store")
        for _ in range(2):
            server = self.start("--fixtures", world, "--store", store)
            server.stop()
            self.assertIn(finding, server.log())


if __name__ == "__main__":
    unittest.main()
