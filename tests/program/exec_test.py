"""`export-emulator exec` and `why` from outside."""

import json
import pathlib
import signal
import subprocess
import unittest

from program import BREACH, EXAMPLE, GUARD, PROGRAM, Case, get, run

CALL = "curl -s -o /dev/null $EXPORT_API_URL/export/connections/{} -H \"Authorization: Bearer {}\""
GOOD = CALL.format(EXAMPLE, "$EXPORT_TOKEN")
THROTTLED = CALL.format(EXAMPLE, "$EXPORT_TOKEN_THROTTLED")
ONE = ("--cover", "get-export-connection")
EVERY = "; ".join([GOOD, THROTTLED, CALL.format("nobody", "$EXPORT_TOKEN"),
                   CALL.format("private-connection", "$EXPORT_TOKEN"),
                   "curl -s -o /dev/null $EXPORT_EMULATOR_URL/_sandbox/a/export/connections/x"])


def execute(script, *arguments, **options):
    return run("exec", *arguments, "--", "sh", "-c", script, **options)


class ExecTest(Case):
    def report_of(self, script, *arguments):
        file = pathlib.Path(self.folder(), "report.json")
        done = execute(script, "--report", file, *arguments)
        return done, json.loads(file.read_text(encoding="utf-8"))

    def test_the_exit_code_is_the_one_of_the_command(self):
        for script, code in (("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 128 + 9),
                             ("kill -TERM $$", 128 + 15)):
            self.assertEqual(execute(script).code, code, script)

    def test_a_command_that_cannot_be_started_has_the_exit_code_of_a_shell(self):
        self.assertEqual(run("exec", "--", "/no/such/command").code, 127)
        self.assertEqual(run("exec", "--", "no-such-command").code, 127)
        file = pathlib.Path(self.folder(), "not-executable")
        file.write_text("", encoding="utf-8")
        self.assertEqual(run("exec", "--", file).code, 126)

    def test_exit_125_if_the_command_was_not_started(self):
        bad = pathlib.Path(self.folder(), "bad.json")
        bad.write_text("[{\"match\": {\"stauts\": 200}}]", encoding="utf-8")
        for arguments in (["--port", "x"], ["--fixtures", bad], ["--verify", bad],
                          ["--verify", bad.with_name("none")], ["--host", "no.such.host.invalid"]):
            done = execute("echo started", *arguments)
            self.assertEqual((done.code, done.out), (125, ""), arguments)
            self.assertTrue(done.err.strip(), arguments)
        self.assertEqual(run("exec").code, 125)
        self.assertIn("Did you mean \"status\"?", execute("true", "--verify", bad).err)

    def test_the_command_gets_the_url_and_the_tokens_as_variables(self):
        done = execute("echo $EXPORT_API_URL $EXPORT_EMULATOR_URL $EXPORT_TOKEN $EXPORT_TOKEN_NO_SCOPE; cat",
                       stdin=b"its input", env={"EXPORT_API_URL": "another"})
        url, same, *rest = done.out.split()
        self.assertTrue(url.startswith("http://localhost:"), url)
        self.assertEqual([same, *rest], [url, "reader-token", "no-scope-token", "its", "input"])

    def test_two_emulators_at_once_use_different_ports_despite_variables(self):
        with self.spawn("exec", "--", "cat", stdin=subprocess.PIPE):
            done = execute(GOOD, *ONE, "--min-coverage", 20, env={"PORT": "1", "EXPORT_EMULATOR_PORT": "1"})
        self.assertEqual(done.code, 0, done.err)

    def test_signals_are_forwarded(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
            # A trap interrupts `wait`, here for a cat whose input never ends.
            script = (f"exec 3<&0; trap 'echo got; exit 5' {number.name[3:]}; "
                      "cat <&3 & echo ready; wait")
            process = self.spawn("exec", "--", "sh", "-c", script, stdin=subprocess.PIPE)
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(number)
            # Wait before communicate() closes its input, which would also end `wait`.
            code = process.wait(GUARD)
            out, _ = process.communicate(timeout=GUARD)
            self.assertEqual((code, out), (5, b"got\n"), number)

    def test_the_command_has_default_signal_handling(self):
        done = execute("trap - PIPE; yes | head -n 1; grep SigBlk /proc/self/status")
        self.assertEqual(done.out.split(), ["y", "SigBlk:", "0" * 16])

    def test_the_report_covers_all_worlds_including_deleted_ones(self):
        script = EVERY + ("; curl -s -X DELETE $EXPORT_EMULATOR_URL/_emulator/sandboxes/a"
                          "; curl -s -X POST $EXPORT_EMULATOR_URL/_emulator/reset; " + GOOD)
        done, report = self.report_of(script, *ONE)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(report["requests"], 6)
        self.assertEqual(report["worlds"], 3)
        self.assertEqual(report["refused"], {"authorization-missing": 1, "connection-unknown": 1,
                                             "permission-missing": 1, "rate-limited": 1})
        self.assertEqual(report["coverage"]["percent"], 100)
        self.assertEqual(report["contractWarnings"]["accept-other"], 6)
        self.assertIn("requests 6, worlds 3", done.err)
        self.assertNotIn("-token", done.err.replace("-token-", ""))

    def test_a_failed_verification_is_exit_11(self):
        file = pathlib.Path(self.folder(), "verify.json")
        file.write_text(json.dumps([{"match": {"status": 200}, "count": {"exactly": 1}},
                                    {"match": {"status": 429}}]), encoding="utf-8")
        self.assertEqual(execute(f"{GOOD}; {THROTTLED}", "--verify", file).code, 0)
        done = execute(GOOD, "--verify", file)
        self.assertEqual(done.code, 11)
        self.assertIn("NOT VERIFIED: 0 requests match; wanted: at least 1. The nearest is request 1: "
                      "status was 200, not 429.", done.err)
        self.assertEqual(execute(f"{GOOD}; exit 3", "--verify", file).code, 3)

    def test_a_forbidden_early_retry_is_exit_12(self):
        script = f"{THROTTLED}; {THROTTLED}"
        self.assertEqual(execute(script).code, 0)
        self.assertEqual(execute(script, "--forbid-early-retry").code, 12)
        later = ("curl -s -o /dev/null $EXPORT_EMULATOR_URL/_emulator/clock/advance -d '{\"seconds\": 60}'")
        self.assertEqual(execute(f"{THROTTLED}; {later}; {THROTTLED}", "--forbid-early-retry").code, 0)

    def test_too_little_coverage_is_exit_13(self):
        self.assertEqual(execute(GOOD, *ONE, "--min-coverage", 20).code, 0)
        self.assertEqual(execute(GOOD, *ONE, "--min-coverage", 21).code, 13)
        self.assertEqual(execute(EVERY, *ONE, "--min-coverage", 100).code, 0)

    def test_a_forbidden_request_outside_the_contract_is_exit_14(self):
        script = GOOD.replace("curl ", "curl -H 'Accept: */*' ")
        self.assertEqual(execute(script, "--strict").code, 0)
        done = execute(GOOD.replace(EXAMPLE, EXAMPLE + "?x=1"),
                       "--strict")
        self.assertEqual(done.code, 14, done.err)
        self.assertIn("query-unknown 1", done.err)

    def test_a_request_refused_for_its_query_is_not_outside_the_contract(self):
        script = GOOD.replace("/" + EXAMPLE, "") + " -H 'Accept: */*'"
        done = execute(script, "--strict")
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("query-missing 1", done.err)

    def test_a_response_that_breaks_the_contract_is_reported_everywhere_and_is_exit_1(self):
        store = pathlib.Path(self.folder(), "world.db")
        # A value that no fixture file can hold.
        script = (f"sqlite3 {store} 'pragma ignore_check_constraints = on; "
                  f"update connections set authentication_type = \"Robot\"'; {GOOD}; "
                  "curl -s $EXPORT_EMULATOR_URL/_emulator/requests/1; $0 why $EXPORT_EMULATOR_URL")
        checked = run("exec", "--store", store, "--", "sh", "-c", script, PROGRAM)
        breach = "/connection/authenticationType is \"Robot\"; wanted: one of User, Service."
        self.assertEqual(checked.code, 1, checked.err)
        self.assertIn(f"get-export-connection 200 {BREACH}: {breach}", checked.err)
        self.assertIn("THE EMULATOR BREAKS THE CONTRACT: 1; see the emulator's log", checked.err)
        entry, why = checked.out.split("#1 ", 1)
        self.assertEqual(json.loads(entry)["violations"], [breach])
        self.assertIn(f"THE EMULATOR BREAKS THE CONTRACT: {breach}", why)
        unchecked = run("exec", "--store", store, "--", "sh", "-c", script, PROGRAM,
                        env={"EXPORT_EMULATOR_SELF_CHECK": "false"})
        self.assertEqual(unchecked.code, 0, unchecked.err)
        self.assertNotIn(BREACH, unchecked.err)
        self.assertNotIn("violations", unchecked.out)

    def test_an_unwritable_report_is_reported_and_is_exit_1(self):
        done = execute("true", "--report", "/no/such/folder/report.json")
        self.assertEqual(done.code, 1)
        self.assertIn("cannot write the report", done.err)
        self.assertEqual(execute("exit 3", "--report", "/no/such/folder/report.json").code, 3)

    def test_with_a_small_journal_the_report_counts_dropped_entries(self):
        done, report = self.report_of(f"{GOOD}; {GOOD}; {GOOD}", "--journal-bytes", 2500)
        self.assertEqual(report["requests"], 3)
        self.assertGreater(report["dropped"], 0)
        self.assertIn("dropped: ", done.err)


class WhyTest(Case):
    def test_why_prints_the_newest_entry_or_the_last_n(self):
        server = self.start()
        self.assertIn("The journal is empty.", run("why", server.url).out)
        get(server.port, f"/export/connections/{EXAMPLE}", "reader-token")
        get(server.port, "/_sandbox/a/export/connections/x", "a-secret-of-mine")
        get(server.port, f"/export/connections/{EXAMPLE}", "no-scope-token")
        newest = run("why", server.url).out
        self.assertIn("401 at the gate scope: scope-missing.", newest)
        self.assertIn("[D] the page Get Export Connection: ", newest)
        both = run("why", "--last", 5, server.url + "/").out
        self.assertIn("200 at the gate render.", both)
        self.assertIn("scope-missing", both)
        other = run("why", server.url + "/_sandbox/a").out
        self.assertIn("token-unknown", other)
        self.assertNotIn("a-secret-of-mine", other)

    def test_why_reports_an_unreachable_or_refusing_emulator(self):
        self.assertIn("no emulator responds at http://localhost:1",
                      run("why", "http://localhost:1").err)
        server = self.start("--control-token", "sesame")
        refused = run("why", server.url)
        self.assertEqual(refused.code, 1)
        self.assertIn("401: The emulator's own calls want the token", refused.err)
        self.assertEqual(run("why", "--control-token", "sesame", server.url).code, 0)
        self.assertEqual(run("why", server.url, env={"EXPORT_EMULATOR_CONTROL_TOKEN": "sesame"}).code, 0)

    def test_no_token_is_in_log_or_journal_wherever_a_client_puts_it(self):
        server = self.start("--log", "json", stderr=subprocess.PIPE)
        token = "very-secret-of-mine"
        get(server.port, f"/export/connections/{token}?x={token}", token)
        journal = get(server.port, "/_emulator/requests").body
        text = journal if isinstance(journal, bytes) else journal.encode()
        self.assertIn(b"token-unknown", text)
        self.assertNotIn(token.encode(), text)
        self.assertNotIn(token, run("why", server.url).out)
        server.stop()
        self.assertNotIn(token.encode(), server.process.stderr.read())


if __name__ == "__main__":
    unittest.main()
