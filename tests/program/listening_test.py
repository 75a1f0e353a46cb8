"""The program's start: addresses, ports, the ready line and the port file."""

import os
import resource
import socket
import unittest

from program import GUARD, HAS_IPV6, Case, bound, get, get_connection, reserved_port, run


class Listening(Case):

    def test_the_ready_line_is_the_only_output(self):
        server = self.start()
        self.assertEqual(list(server.ready), ["event", "url", "port", "pid"])
        self.assertEqual(server.ready["event"], "ready")
        self.assertEqual(server.ready["pid"], server.process.pid)
        self.assertEqual(server.url, f"http://localhost:{server.port}")
        self.assertGreater(server.port, 0)
        self.assertEqual(get_connection(server.port).status, 200)
        self.assertEqual(server.stop()[0], 0)
        self.assertEqual(server.process.stdout.read(), b"")

    def test_port_0_selects_a_free_port_each_time(self):
        self.assertNotEqual(self.start().port, self.start().port)

    def test_the_port_file_is_complete_before_the_ready_line_is_printed(self):
        folder = self.folder()
        (folder / "port").write_text("stale")
        server = self.start("--port-file", folder / "port")
        self.assertEqual((folder / "port").read_text(), f"{server.port}\n")
        self.assertEqual(os.listdir(folder), ["port"])

    def test_an_unwritable_port_file_is_reported_and_leaves_nothing_behind(self):
        folder = self.folder()
        (folder / "taken").mkdir()
        done = run("--port", 0, "--port-file", folder / "taken")
        self.assertEqual((done.code, done.out), (1, ""))
        self.assert_words([str(folder / "taken"), "Name a file"], done.err)
        self.assertEqual(os.listdir(folder), ["taken"])

    def test_a_low_soft_limit_of_descriptors_does_not_limit_clients(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        server = self.start(
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, hard)))
        for _ in range(100):
            self.enterContext(socket.create_connection(("127.0.0.1", server.port), GUARD))
        self.assertEqual(get_connection(server.port).status, 200)

    def test_it_listens_on_both_loopback_addresses(self):
        server = self.start()
        for host in ["127.0.0.1"] + ["::1"] * HAS_IPV6:
            self.assertEqual(get(server.port, "/_emulator/livez", host=host).status, 200, host)

    def test_with_a_host_it_listens_on_this_host_only(self):
        server = self.start("--host", "127.0.0.1")
        self.assertEqual(server.url, f"http://127.0.0.1:{server.port}")
        if HAS_IPV6:
            with self.assertRaises(ConnectionRefusedError):
                get(server.port, "/", host="::1")

    @unittest.skipUnless(HAS_IPV6, "no IPv6")
    def test_the_url_of_an_ipv6_host_has_brackets(self):
        server = self.start("--host", "::1")
        self.assertEqual(server.url, f"http://[::1]:{server.port}")
        self.assertEqual(get(server.port, "/", host="::1").status, 200)


class OccupiedPorts(Case):

    def assert_port_is_taken(self, port, *arguments):
        done = run("--port", port, *arguments)
        self.assertEqual((done.code, done.out), (3, ""))
        self.assert_words([f":{port}", "in use", "choose another --port", "0 takes a free one"],
                          done.err)

    def test_two_servers_never_share_a_port(self):
        first = self.start()
        self.assert_port_is_taken(first.port)
        self.assert_port_is_taken(first.port, "--host", "127.0.0.1")
        self.assertEqual(get_connection(first.port).status, 200)

    def test_a_port_with_so_reuseport_counts_as_taken(self):
        listener = self.enterContext(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        self.assert_port_is_taken(listener.getsockname()[1])

    @unittest.skipUnless(HAS_IPV6, "no IPv6")
    def test_a_port_taken_on_one_loopback_address_counts_as_taken(self):
        listener = self.enterContext(bound("::1", 0))
        listener.listen()
        self.assert_port_is_taken(listener.getsockname()[1])

    def test_the_port_can_be_reused_immediately_after_a_stop(self):
        port = self.enterContext(reserved_port())
        for _ in range(2):
            server = self.start(port=port)
            client = self.enterContext(socket.create_connection(("127.0.0.1", port)))
            self.assertEqual(get_connection(port).status, 200)
            self.assertEqual(server.stop()[0], 0)
            self.assertEqual(client.recv(1), b"")  # the server closes first, so it holds TIME_WAIT

    def test_an_address_that_cannot_be_bound_is_exit_1(self):
        done = run("--host", "203.0.113.7", "--port", 0)  # TEST-NET-3 of RFC 5737: no machine has this address
        self.assertEqual((done.code, done.out), (1, ""))
        self.assert_words(["203.0.113.7", "Give --host an address of this machine"], done.err)


if __name__ == "__main__":
    unittest.main()
