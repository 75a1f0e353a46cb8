"""Shell completions and the manual page. bash really completes; zsh and fish check the syntax if they are installed."""

import re
import shutil
import subprocess
import sys
import unittest

from program import GUARD, PROGRAM, Case, run

DRIVER = """
source <("$0" completion bash)
COMP_WORDS=(export-emulator "$@")
COMP_CWORD=$#
_export_emulator
printf '%s\\n' "${COMPREPLY[@]}"
"""


class Completion(Case):

    def complete(self, *words, **popen):
        """What bash offers for the last word."""
        done = subprocess.run(["bash", "-c", DRIVER, PROGRAM, *words], capture_output=True, text=True, timeout=GUARD,
                              check=True, **popen)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def require(self, tool):
        if not shutil.which(tool):
            reason = f"{tool} is not installed, so its check did NOT run"
            print(f"SKIPPED: {reason}", file=sys.stderr)
            self.skipTest(reason)

    def test_bash_completes_commands(self):
        self.assertEqual(self.complete("se"), ["serve"])
        self.assertEqual(self.complete("help", "out"), ["outcomes"])
        self.assertEqual(self.complete("completion", ""), ["bash", "zsh", "fish"])

    def test_bash_completes_options_of_the_command(self):
        self.assertEqual(self.complete("serve", "--tls-c"), ["--tls-cert", "--tls-ca-file"])
        self.assertEqual(self.complete("--wat"), ["--watch"])
        self.assertEqual(self.complete("exec", "--wat"), [])
        self.assertEqual(self.complete("exec", "--verif"), ["--verify"])

    def test_bash_completes_values(self):
        self.assertEqual(self.complete("serve", "--log", "j"), ["json"])
        self.assertEqual(self.complete("serve", "--log", "=", "j"), ["json"])  # as bash splits --log=j
        self.assertEqual(self.complete("serve", "--log", "="), ["text", "json", "off"])
        self.assertEqual(self.complete("--assume", "no"), ["no-retry-after"])
        self.assertIn("alg-none", self.complete("token", "--defect", ""))

    def test_bash_completes_files_and_the_command_of_exec(self):
        folder = self.folder()
        (folder / "world.json").write_text("{}")
        self.assertEqual(self.complete("serve", "--fixtures", "wor", cwd=folder), ["world.json"])
        self.assertEqual(self.complete("validate", "wor", cwd=folder), ["world.json"])
        self.assertIn("bash", self.complete("exec", "--", "bas"))

    def check_syntax(self, shell):
        self.require(shell)
        file = self.folder() / "script"
        file.write_text(run("completion", shell).out)
        done = subprocess.run([shell, "-n", file], capture_output=True, text=True, timeout=GUARD)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_bash_accepts_the_syntax(self):
        self.check_syntax("bash")

    def test_zsh_accepts_the_syntax(self):
        self.check_syntax("zsh")

    def test_fish_accepts_the_syntax(self):
        self.check_syntax("fish")

    def test_an_unknown_shell_is_rejected(self):
        done = run("completion", "zhs")
        self.assertEqual((done.code, done.out), (2, ""))
        self.assert_words(['SHELL: "zhs" is not a shell: bash, zsh or fish.', 'Did you mean "zsh"?'], done.err)


class Manual(Case):

    def format(self, tool, *arguments):
        if not shutil.which(tool):
            reason = f"{tool} is not installed, so the manual page was NOT checked by it"
            print(f"SKIPPED: {reason}", file=sys.stderr)
            self.skipTest(reason)
        done = subprocess.run([tool, *arguments], input=run("man").out, capture_output=True, text=True, timeout=GUARD)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_groff_formats_the_page_without_a_warning(self):
        text = self.format("groff", "-man", "-ww", "-Tascii", "-P-cbou")
        self.assert_words(["NAME", "--rate-limit CALLS/SECONDS", "EXPORT_EMULATOR_RATE_LIMIT", "EXIT STATUS"], text)

    def test_man_shows_the_page(self):
        self.assertIn("--rate-limit", re.sub(".\b", "", self.format("man", "-l", "-Tascii", "-")))

    def test_mandoc_accepts_the_page(self):
        self.format("mandoc", "-Tlint", "-Werror", "-man")


if __name__ == "__main__":
    unittest.main()
