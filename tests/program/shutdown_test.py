"""How the program stops: signals, clients, delayed responses, a slowly read log."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
import unittest

from program import GUARD, SOON, Case, call, get, get_pipelined, is_readable


class Stopping(Case):

    def connect_clients(self, server):
        """Sockets of 20 idle keep-alive connections, one with half a request and one that sent nothing."""
        for _ in range(20):
            client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=GUARD)
            self.addCleanup(client.close)
            client.request("GET", "/_emulator/livez")
            client.getresponse().read()
            yield client.sock
        for sent in [b"GET /export/connections/x HTTP/1.1\r\nHost: x\r\nAutho", b""]:
            client = self.enterContext(
                socket.create_connection(("127.0.0.1", server.port), timeout=GUARD))
            client.sendall(sent)
            yield client

    def test_stopping_does_not_wait_for_clients(self):
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(stop_signal.name):
                server = self.start()
                clients = list(self.connect_clients(server))
                code, elapsed = server.stop(stop_signal)
                self.assertEqual(code, 0)
                self.assertLess(elapsed, SOON)
                self.assertTrue(all(map(is_closed, clients)))

    def test_it_stops_as_pid_1_where_signals_have_no_default_action(self):
        become_root = ["--user", "--map-root-user"] if os.geteuid() != 0 else []
        namespace = ["unshare", *become_root, "--pid", "--fork", "--kill-child"]
        if subprocess.run([*namespace, "true"], capture_output=True).returncode != 0:
            self.skipTest("no PID namespace can be made here")
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(stop_signal.name):
                server = self.start(under=namespace)
                self.assertEqual(server.ready["pid"], 1)
                list(self.connect_clients(server))
                unshare = server.process.pid
                children = f"/proc/{unshare}/task/{unshare}/children"
                with open(children) as file:
                    os.kill(int(file.read()), stop_signal)
                start = time.monotonic()
                self.assertEqual(server.process.wait(GUARD), 0)
                self.assertLess(time.monotonic() - start, SOON)

    def test_it_stops_while_it_reads_fixtures(self):
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(stop_signal.name):
                process = self.spawn("--port", 0, "--fixtures", "-", stdin=subprocess.PIPE)
                # More than a pipe holds: once this is written, the program is reading.
                process.stdin.write(b" " * (1 << 20))
                process.stdin.flush()
                process.send_signal(stop_signal)
                try:
                    self.assertIn(process.wait(SOON), (0, -stop_signal))
                except subprocess.TimeoutExpired:
                    self.fail("the program does not stop")

    def test_stopping_does_not_wait_for_a_delayed_response(self):
        for then in ({"delayMs": 600_000}, {"slowBodyMs": 600_000}):
            with self.subTest(then):
                server = self.start()
                call(server.port, "POST", "/_emulator/faults", {"then": then})
                client = self.enterContext(
                    socket.create_connection(("127.0.0.1", server.port), timeout=GUARD))
                client.sendall(b"GET /export/connections/x HTTP/1.1\r\nHost: x\r\n\r\n")
                while json.loads(get(server.port, "/_emulator/faults/1").body)["applied"] == 0:
                    pass
                code, elapsed = server.stop()
                self.assertEqual(code, 0)
                self.assertLess(elapsed, SOON)

    def test_a_slowly_read_log_does_not_delay_stopping(self):
        server = self.start("--rate-limit", "off", stderr=subprocess.PIPE)
        get_pipelined(server.port, 5000)
        start = time.monotonic()
        server.process.terminate()
        ended = False
        while not ended and time.monotonic() < start + GUARD:
            ended = is_readable(server.process.stdout, 0.02)  # end of file
            os.read(server.process.stderr.fileno(), 4096)
        self.assertLess(time.monotonic() - start, SOON)


def is_closed(client):
    try:
        return client.recv(1) == b""
    except ConnectionResetError:  # the server closed with unread input
        return True


if __name__ == "__main__":
    unittest.main()
