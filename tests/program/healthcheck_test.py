"""`export-emulator healthcheck` from outside: its exit codes."""

import unittest

from program import GUARD, Case, bound, reserved_port, run


class Healthcheck(Case):

    def test_exit_0_if_the_server_is_ready(self):
        server = self.start("--host", "127.0.0.1")
        for arguments, env in [(["--port", server.port], {}),
                               (["--host", "127.0.0.1", "--port", server.port], {}),
                               ([], {"EXPORT_EMULATOR_PORT": str(server.port)}),
                               ([], {"PORT": str(server.port),
                                     "EXPORT_EMULATOR_HOST": "127.0.0.1"})]:
            with self.subTest(arguments=arguments, env=env):
                done = run("healthcheck", *arguments, env=env)
                self.assertEqual((done.code, done.out, done.err), (0, "", ""))

    def test_exit_1_if_nothing_listens(self):
        port = self.enterContext(reserved_port())
        done = run("healthcheck", "--port", port)
        self.assertEqual((done.code, done.out), (1, ""))
        self.assertIn(f"no emulator is ready at http://localhost:{port}", done.err)

    def test_exit_1_if_another_server_answers(self):
        listener = self.enterContext(bound("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        check = self.spawn("healthcheck", "--host", "127.0.0.1", "--port", port)
        client, _ = listener.accept()
        with client:
            client.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            self.assertEqual(check.wait(GUARD), 1)

    def test_wait_retries_until_the_server_is_up(self):
        port = self.enterContext(reserved_port())
        with bound("127.0.0.1", port) as listener:
            listener.listen()
            check = self.spawn("healthcheck", "--host", "127.0.0.1", "--port", port, "--wait", 5)
            listener.accept()[0].close()  # the first attempt fails
        self.start("--host", "127.0.0.1", port=port)
        self.assertEqual(check.wait(GUARD), 0)


if __name__ == "__main__":
    unittest.main()
