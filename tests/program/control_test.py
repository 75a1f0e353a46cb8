"""Control calls from outside: who may call, sandboxes, links, body sizes, rate limits."""

import json
import unittest

from program import EXAMPLE, Case, call, get, get_connection, raw


class ControlCalls(Case):

    def assert_refused(self, answer, status, code, words=()):
        error = json.loads(answer.body)["error"]
        self.assertEqual((answer.status, error["code"]), (status, code))
        self.assert_words(words, error["message"])

    def assert_serves_the_vendors_api(self, server):
        self.assertEqual(get_connection(server.port).status, 200)
        path = f"/_sandbox/a/export/connections/{EXAMPLE}"
        self.assertEqual(get(server.port, path, "reader-token").status, 200)
        for probe in ("/_emulator/livez", "/_emulator/readyz"):
            self.assertEqual(get(server.port, probe).status, 200)

    CALLS = [("GET", "/_emulator/clock"), ("GET", "/_emulator/fixtures"),
             ("POST", "/_emulator/reset"), ("GET", "/_sandbox/a/_emulator/fixtures"),
             ("GET", "/_emulator/nothing")]

    def test_control_off_removes_all_control_calls(self):
        server = self.start("--control", "off")
        self.assert_serves_the_vendors_api(server)
        for method, path in self.CALLS:
            self.assert_refused(call(server.port, method, path), 404, "RouteNotFound")

    def test_control_calls_require_the_configured_token(self):
        secret = "a-control-token"
        for arguments, env in [(["--control-token", secret], {}),
                               ([], {"EXPORT_EMULATOR_CONTROL_TOKEN": secret}),
                               (["--control-token", secret, "--host", "0.0.0.0"], {})]:
            with self.subTest(arguments=arguments, **env):
                server = self.start(*arguments, env=env)
                self.assert_serves_the_vendors_api(server)
                for token in (None, "reader-token", secret + "x", secret[:-1]):
                    for method, path in self.CALLS:
                        answer = call(server.port, method, path, token=token)
                        self.assert_refused(answer, 401, "ControlTokenMissing",
                                            ["--control-token", "Authorization: Bearer"])
                        self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
                        self.assertNotIn(secret, answer.body.decode())
                self.assertEqual(get(server.port, "/_emulator/clock", secret).status, 200)
                reset = call(server.port, "POST", "/_sandbox/a/_emulator/reset", token=secret)
                self.assertEqual(reset.status, 204)
                server.stop()
                self.assertNotIn(secret, server.log())
                self.assertNotIn("notice", server.log())

    def test_without_a_token_other_machines_are_refused(self):
        server = self.start("--host", "0.0.0.0")
        self.assert_serves_the_vendors_api(server)
        for method, path in self.CALLS:
            self.assert_refused(call(server.port, method, path), 403, "ControlForbidden",
                                ["--control-token TOKEN", "--control open"])
        server.stop()
        self.assertRegex(server.log(), "(?m)^notice: .*403.*--control-token.*--control open")

    def test_control_open_admits_other_machines(self):
        server = self.start("--host", "0.0.0.0", "--control", "open")
        self.assertEqual(call(server.port, "POST", "/_emulator/reset").status, 204)
        server.stop()
        self.assertNotIn("notice", server.log())

    def test_the_number_of_sandboxes_is_limited(self):
        server = self.start("--sandbox-limit", 2, "--sandbox-idle", 7)
        statuses = [get(server.port, f"/_sandbox/{name}/_emulator/clock").status for name in "abab"]
        self.assertEqual(statuses, [200] * 4)
        self.assert_refused(get(server.port, "/_sandbox/c/export/connections/x"), 503,
                            "TooManySandboxes", ["--sandbox-limit", "--sandbox-idle"])
        self.assert_refused(call(server.port, "PUT", "/_emulator/sandboxes/c"), 503,
                            "TooManySandboxes")
        listed = json.loads(get(server.port, "/_emulator/sandboxes").body)
        self.assertEqual((listed["most"], listed["droppedAfterIdleSeconds"]), (2, 7))
        self.assertEqual(call(server.port, "DELETE", "/_emulator/sandboxes/a").status, 204)
        self.assertEqual(get(server.port, "/_sandbox/c/_emulator/clock").status, 200)
        self.assertEqual(get_connection(server.port).status, 200)

    def test_links_begin_with_the_host_of_the_request_or_the_public_url(self):
        host = {"Host": "emulator.example:99"}
        for arguments, expected in [([], "http://emulator.example:99/_sandbox/a"),
                                  (["--public-url", "https://ci.example/emulator/"],
                                   "https://ci.example/emulator/_sandbox/a")]:
            with self.subTest(arguments):
                server = self.start(*arguments)
                fault = call(server.port, "POST", "/_sandbox/a/_emulator/faults",
                             {"then": {"status": 500}}, headers=host)
                self.assertEqual(fault.headers["Location"], f"{expected}/_emulator/faults/1")
                sandbox = json.loads(get(server.port, "/_emulator/sandboxes/a", None, host).body)
                self.assertEqual(sandbox["url"], expected)


class Bodies(Case):

    def test_3_mib_of_fixtures_are_accepted_and_2_mib_of_a_vendor_request_are_not(self):
        server = self.start()
        connections = [{"id": f"c{i}", "displayName": "x" * 4000} for i in range(800)]
        fixtures = json.dumps({"connections": connections}).encode()
        self.assertGreater(len(fixtures), 3 << 20)
        for prefix in ("", "/_sandbox/a"):
            answer = call(server.port, "PUT", f"{prefix}/_emulator/fixtures", fixtures)
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(json.loads(answer.body)["connections"], 800)
            saved = json.loads(get(server.port, f"{prefix}/_emulator/fixtures").body)
            self.assertEqual(saved["connections"], connections)
            for path in ("/export/connections", f"/export/connections/{EXAMPLE}"):
                self.assert_too_large(server.port, prefix + path, 2 << 20)

    def test_more_than_64_mib_are_rejected(self):
        self.assert_too_large(self.start().port, "/_emulator/fixtures", (64 << 20) + 1)

    def assert_too_large(self, port, path, size):
        """The Content-Length alone is enough: no body is sent."""
        head = f"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        self.assertIn(b" 413 ", raw(port, head.encode()).splitlines()[0])


class RateLimits(Case):

    def test_one_limit_for_all_clients(self):
        server = self.start("--rate-limit", "2/60")
        answers = [get_connection(server.port) for _ in range(3)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 429])
        self.assertIn(int(answers[2].headers["retry-after"]), range(50, 61))

    def test_off(self):
        server = self.start("--rate-limit", "off")
        self.assertEqual(get_connection(server.port, token="throttled-token").status, 200)


if __name__ == "__main__":
    unittest.main()
