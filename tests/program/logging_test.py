"""The access log and the standard streams of the program."""

import fcntl
import json
import os
import subprocess
import unittest

from program import (DEFAULT_WORLD, EXAMPLE, GUARD, PROGRAM, SOON, Case, end, environment, get,
                     get_connection, get_pipelined, raw, reserved_port, run)


class AccessLog(Case):

    def log_three_requests(self, log_format):
        """The log lines of a success, a refusal and a malformed request."""
        server = self.start("--log", log_format)
        get(server.port, f"/export/connections/{EXAMPLE}?a=1", "reader-token",
            {"X-Correlation-Id": "mine"})
        get_connection(server.port, "no-such-connection")
        raw(server.port, b"rubbish\r\n\r\n")
        self.assertEqual(server.stop()[0], 0)
        return server.log().splitlines()

    def test_text(self):
        start = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z "
        who = r" \d+\.\d{3}ms%s client=premium-app user=reader token=reader id="
        lines = self.log_three_requests("text")
        self.assertEqual(len(lines), 3, lines)
        for line, expected in zip(lines, [
                f"GET /export/connections/{EXAMPLE}\\?a=1 200 render" + who % "" + "mine$",
                "GET /export/connections/no-such-connection 404 look-up" +
                who % " reason=connection-unknown" + r"\S{36}$",
                r"- - 400 http \d+\.\d{3}ms reason=request-malformed id=\S{36}$"]):
            self.assertRegex(line, start + expected)

    def test_json(self):
        lines = [json.loads(line) for line in self.log_three_requests("json")]
        self.assertEqual([line["status"] for line in lines], [200, 404, 400])
        self.assertEqual([line["gate"] for line in lines], ["render", "look-up", "http"])
        self.assertEqual(lines[0] | {"time": "", "durationMs": 0}, {
            "time": "", "method": "GET", "target": f"/export/connections/{EXAMPLE}?a=1",
            "status": 200, "gate": "render", "durationMs": 0, "client": "premium-app",
            "user": "reader", "token": "reader", "correlationId": "mine"})

    def test_off(self):
        self.assertEqual(self.log_three_requests("off"), [])

    def test_no_token_is_logged(self):
        tokens = [row["token"] for row in json.loads(DEFAULT_WORLD.read_text())["tokens"]]
        tokens.append("a-secret-of-no-issuer")
        for log_format in ("text", "json"):
            with self.subTest(log_format):
                server = self.start("--log", log_format)
                for token in tokens:
                    path = f"/export/connections/{EXAMPLE}"
                    get(server.port, path, token)
                    get(server.port, path, headers={"Authorization": f"Basic {token}"})
                    get(server.port, path, headers={"Authorization": f"Bearer {token} {token}"})
                    for query in ("access_token=", "a=1&Access_Token=", "access%5Ftoken="):
                        get(server.port, f"{path}?{query}{token}&b=2")
                server.stop()
                self.assertEqual(len(server.log().splitlines()), 6 * len(tokens))
                self.assertEqual([token for token in tokens if token in server.log()], [])

    def test_an_unread_log_does_not_delay_requests(self):
        server = self.start("--rate-limit", "off", stderr=subprocess.PIPE)
        fcntl.fcntl(server.process.stderr, fcntl.F_SETPIPE_SZ, 4096)
        self.assertEqual(get_pipelined(server.port, 5000), [b"200"] * 5000)
        code, elapsed = server.stop()
        self.assertEqual(code, 0)
        self.assertLess(elapsed, SOON)

    def test_a_closed_log_pipe_does_not_affect_requests(self):
        read, write = os.pipe()
        os.close(read)
        server = self.start("--rate-limit", "off", stderr=write)
        os.close(write)
        self.assertEqual(get_pipelined(server.port, 500), [b"200"] * 500)


class StandardStreams(Case):

    def assert_serves_with(self, redirection, *arguments):
        """Starts the program from a shell with this redirection; it answers and stops."""
        port = self.enterContext(reserved_port())
        process = subprocess.Popen(
            ["sh", "-c", f'exec "$0" "$@" {redirection}', PROGRAM, "--port", str(port),
             *map(str, arguments)], env=environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(end, process)
        self.assertEqual(run("healthcheck", "--port", port, "--wait", 5).code, 0)
        self.assertEqual(get_connection(port).status, 200)
        process.terminate()
        self.assertEqual(process.wait(GUARD), 0)

    def test_it_serves_with_closed_standard_streams(self):
        for redirection in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"):
            with self.subTest(redirection):
                self.assert_serves_with(redirection)

    def test_no_output_goes_to_a_file_that_reuses_a_closed_descriptor(self):
        for redirection in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(redirection):
                folder = self.folder()
                self.assert_serves_with(redirection, "--store", folder / "store")
                self.assertEqual((folder / "store.lock").read_bytes(), b"")
                self.assertEqual((folder / "store").read_bytes()[:6], b"SQLite")

    def test_an_unread_ready_line_does_not_end_the_program(self):
        read, write = os.pipe()
        os.close(read)
        port = self.enterContext(reserved_port())
        process = self.spawn("--port", port, stdout=write)
        os.close(write)
        self.assertEqual(run("healthcheck", "--port", port, "--wait", 5).code, 0)
        self.assertEqual(get_connection(port).status, 200)
        process.terminate()
        self.assertEqual(process.wait(GUARD), 0)


if __name__ == "__main__":
    unittest.main()
