"""The program as a shell, a container engine and a browser's user see it: how it starts, where it
listens, what it reads and logs, how it stops."""

import fcntl
import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import time
import unittest

from program import (EXAMPLE, GUARD, HAS_IPV6, PROGRAM, ROOT, SOON, Case, bound, call, end,
                     environment, get, get_connection, is_readable, raw, reserved_port,
                     run)

DEFAULT_WORLD = ROOT / "data" / "fixtures.json"

ONE_CONNECTION = '{"connections": [{"id": "%s"}]}'
WHO_ASKS = """{"users": [{"id": "u", "connections": ["*"]}],
  "clients": [{"id": "k", "tier": "premium", "user": "u"}],
  "tokens": [{"token": "t", "client": "k", "scopes": ["export:read"]}]}"""


class Starting(Case):

    def test_the_ready_line_is_all_that_it_prints(self):
        server = self.start()
        self.assertEqual(list(server.ready), ["event", "url", "port", "pid"])
        self.assertEqual(server.ready["event"], "ready")
        self.assertEqual(server.ready["pid"], server.process.pid)
        self.assertEqual(server.url, f"http://localhost:{server.port}")
        self.assertGreater(server.port, 0)
        self.assertEqual(get_connection(server.port).status, 200)
        self.assertEqual(server.stop()[0], 0)
        self.assertEqual(server.process.stdout.read(), b"")

    def test_port_0_takes_a_port_of_its_own_each_time(self):
        self.assertNotEqual(self.start().port, self.start().port)

    def test_the_port_file_is_whole_before_the_ready_line_is_printed(self):
        folder = self.folder()
        (folder / "port").write_text("of yesterday")
        server = self.start("--port-file", folder / "port")
        self.assertEqual((folder / "port").read_text(), f"{server.port}\n")
        self.assertEqual(os.listdir(folder), ["port"])

    def test_a_port_file_that_cannot_be_written_is_told_and_leaves_nothing_behind(self):
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

    def test_it_answers_on_both_loopbacks(self):
        server = self.start()
        for host in ["127.0.0.1"] + ["::1"] * HAS_IPV6:
            self.assertEqual(get(server.port, "/_emulator/livez", host=host).status, 200, host)

    def test_a_given_host_is_the_only_one_that_it_listens_on(self):
        server = self.start("--host", "127.0.0.1")
        self.assertEqual(server.url, f"http://127.0.0.1:{server.port}")
        if HAS_IPV6:
            with self.assertRaises(ConnectionRefusedError):
                get(server.port, "/", host="::1")

    @unittest.skipUnless(HAS_IPV6, "no IPv6")
    def test_the_url_of_an_ipv6_host_is_one_that_can_be_asked(self):
        server = self.start("--host", "::1")
        self.assertEqual(server.url, f"http://[::1]:{server.port}")
        self.assertEqual(get(server.port, "/", host="::1").status, 200)


class TakenPorts(Case):

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

    def test_a_port_that_others_would_share_is_taken_too(self):
        listener = self.enterContext(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        self.assert_port_is_taken(listener.getsockname()[1])

    @unittest.skipUnless(HAS_IPV6, "no IPv6")
    def test_a_port_of_which_one_loopback_is_taken_is_taken(self):
        listener = self.enterContext(bound("::1", 0))
        listener.listen()
        self.assert_port_is_taken(listener.getsockname()[1])

    def test_a_restart_on_the_same_port_may_follow_at_once(self):
        port = self.enterContext(reserved_port())
        for _ in range(2):
            server = self.start(port=port)
            client = self.enterContext(socket.create_connection(("127.0.0.1", port)))
            self.assertEqual(get_connection(port).status, 200)
            self.assertEqual(server.stop()[0], 0)
            self.assertEqual(client.recv(1), b"")  # closed by the server: TIME_WAIT is its own

    def test_any_other_address_that_cannot_be_had_is_exit_1(self):
        done = run("--host", "203.0.113.7", "--port", 0)  # nobody's, by RFC 5737
        self.assertEqual((done.code, done.out), (1, ""))
        self.assert_words(["203.0.113.7", "Give --host an address of this machine"], done.err)


class Stopping(Case):

    def clients_of(self, server):
        """20 that were answered and keep their connection, one within a request, one silent."""
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

    def test_a_stop_waits_for_no_client(self):
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(stop_signal.name):
                server = self.start()
                clients = list(self.clients_of(server))
                code, elapsed = server.stop(stop_signal)
                self.assertEqual(code, 0)
                self.assertLess(elapsed, SOON)
                self.assertTrue(all(map(is_closed, clients)))

    def test_it_stops_as_pid_1_which_has_no_default_action_for_a_signal(self):
        become_root = ["--user", "--map-root-user"] if os.geteuid() != 0 else []
        namespace = ["unshare", *become_root, "--pid", "--fork", "--kill-child"]
        if subprocess.run([*namespace, "true"], capture_output=True).returncode != 0:
            self.skipTest("no PID namespace can be made here")
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(stop_signal.name):
                server = self.start(under=namespace)
                self.assertEqual(server.ready["pid"], 1)
                list(self.clients_of(server))
                unshare = server.process.pid
                children = f"/proc/{unshare}/task/{unshare}/children"
                with open(children) as file:
                    os.kill(int(file.read()), stop_signal)
                start = time.monotonic()
                self.assertEqual(server.process.wait(GUARD), 0)
                self.assertLess(time.monotonic() - start, SOON)

    def test_it_can_be_stopped_while_it_reads_its_fixtures(self):
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(stop_signal.name):
                process = self.spawn("--port", 0, "--fixtures", "-", stdin=subprocess.PIPE)
                # More than a pipe holds: when it is written, the program reads.
                process.stdin.write(b" " * (1 << 20))
                process.stdin.flush()
                process.send_signal(stop_signal)
                try:
                    self.assertIn(process.wait(SOON), (0, -stop_signal))
                except subprocess.TimeoutExpired:
                    self.fail("it does not stop")

    def test_a_stop_waits_for_no_delay(self):
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

    def test_a_log_that_is_read_slowly_does_not_delay_the_stop(self):
        server = self.start("--rate-limit", "off", stderr=subprocess.PIPE)
        ask_often(server.port, 5000)
        start = time.monotonic()
        server.process.terminate()
        ended = False
        while not ended and time.monotonic() < start + GUARD:
            ended = is_readable(server.process.stdout, 0.02)  # its end of file
            os.read(server.process.stderr.fileno(), 4096)
        self.assertLess(time.monotonic() - start, SOON)


def is_closed(client):
    try:
        return client.recv(1) == b""
    except ConnectionResetError:  # what it sent last was not read any more
        return True


def ask_often(port, times, batch=250):
    """Pipelined, so that it is quick. The statuses."""
    request = (f"GET /export/connections/{EXAMPLE} HTTP/1.1\r\nHost: x\r\n"
               "Authorization: Bearer reader-token\r\n%s\r\n")
    requests = (request % "") * (batch - 1) + request % "Connection: close\r\n"
    statuses = []
    for _ in range(times // batch):
        statuses += re.findall(rb"HTTP/1\.1 (\d+) ", raw(port, requests.encode()))
    return statuses


class Variables(Case):

    def test_a_flag_stands_over_its_variable_over_port_over_the_default(self):
        ours = self.enterContext(reserved_port())
        plain = self.enterContext(reserved_port())
        flag = self.enterContext(reserved_port())
        variables = {"EXPORT_EMULATOR_PORT": str(ours), "PORT": str(plain)}
        for given, env, wanted in [
                (None, {"PORT": str(plain)}, plain),
                (None, {"EXPORT_EMULATOR_PORT": str(ours)}, ours),
                (None, variables, ours),
                (flag, variables, flag),
                (None, {**variables, "EXPORT_EMULATOR_PORT": ""}, plain),
        ]:
            with self.subTest(given=given, env=env):
                server = self.start(port=given, env=env)
                self.assertEqual(server.port, wanted)
                server.stop()

    def test_the_default_is_port_8080_of_localhost(self):
        self.assert_words(["(default: localhost)", "(default: 8080)"], run("serve", "--help").out)
        self.assertIn("http://localhost:8080/export/", run("outcomes").out)

    def test_every_flag_of_serve_has_a_variable_that_help_tells(self):
        text = run("serve", "--help").out
        flags = set(re.findall(r"--([a-z][a-z-]*)", text)) - {"help"}
        self.assertEqual(flags, {"host", "port", "port-file", "tls", "tls-cert", "tls-key", "tls-name",
                                 "tls-port", "tls-ca-file", "fixtures", "store", "watch", "issuer",
                                 "signing-key",
                                 "rate-limit", "edition", "reading", "seed", "ignore-prefer", "control", "control-token",
                                 "sandbox-limit", "sandbox-idle", "public-url", "journal-bytes", "quiet-headers", "self-check",
                                 "log"})
        for flag in flags:
            self.assertIn("EXPORT_EMULATOR_" + flag.replace("-", "_").upper(), text)
        self.assertRegex(text, r"\bPORT\]")

    def test_each_variable_does_what_its_flag_does(self):
        folder = self.folder()
        fixtures = folder / "fixtures.json"
        fixtures.write_text(DEFAULT_WORLD.read_text())
        server = self.start(env={"EXPORT_EMULATOR_HOST": "127.0.0.1",
                                 "EXPORT_EMULATOR_PORT_FILE": str(folder / "port"),
                                 "EXPORT_EMULATOR_STORE": str(folder / "store"),
                                 "EXPORT_EMULATOR_FIXTURES": str(fixtures),
                                 "EXPORT_EMULATOR_RATE_LIMIT": "1/60",
                                 "EXPORT_EMULATOR_LOG": "json"})
        self.assertEqual(server.url, f"http://127.0.0.1:{server.port}")
        self.assertEqual((folder / "port").read_text(), f"{server.port}\n")
        self.assertTrue((folder / "store").exists())
        statuses = [get_connection(server.port).status for _ in range(2)]
        self.assertEqual(statuses, [200, 429])
        server.stop()
        self.assertEqual([json.loads(line)["status"] for line in server.log().splitlines()],
                         statuses)

    def test_empty_variables_are_unset(self):
        names = ["HOST", "PORT_FILE", "STORE", "FIXTURES", "RATE_LIMIT", "LOG"]
        server = self.start(env={f"EXPORT_EMULATOR_{name}": "" for name in names})
        self.assertEqual(get_connection(server.port).status, 200)

    def test_the_fixtures_variable_is_a_list(self):
        folder = self.folder()
        (folder / "a.json").write_text(ONE_CONNECTION % "a")
        (folder / "b.json").write_text(WHO_ASKS)
        server = self.start(env={"EXPORT_EMULATOR_FIXTURES": f"{folder}/a.json:{folder}/b.json"})
        self.assertEqual(get_connection(server.port, "a", "t").status, 200)

    def test_what_kubernetes_puts_into_the_environment_is_ignored_with_a_notice(self):
        port = self.enterContext(reserved_port())
        link = "tcp://10.0.0.1:80"
        server = self.start(port=None, env={"EXPORT_EMULATOR_PORT": link, "PORT": str(port),
                                            "EXPORT_EMULATOR_PORT_80_TCP": link,
                                            "EXPORT_EMULATOR_SERVICE_HOST": "10.0.0.1",
                                            "EXPORT_EMULATOR_SERVICE_PORT": "80"})
        self.assertEqual(server.port, port)
        server.stop()
        self.assert_words(["notice: EXPORT_EMULATOR_PORT=" + link, "ignored"], server.log())
        self.assertEqual(len(server.log().splitlines()), 1)


class OneShots(Case):

    def assert_prints(self, done, words):
        self.assertEqual((done.code, done.err), (0, ""))
        self.assert_words(words, done.out)

    def test_help(self):
        words = ["serve", "outcomes", "healthcheck", "validate", "drift", "schema", "--version",
                 "GET /export/connections/{connectionId}", "Exit codes: 0", "3 the port is"]
        for flag in ("--help", "-h"):
            self.assert_prints(run(flag), words)
        for command in ("serve", "outcomes", "healthcheck", "validate", "drift", "schema"):
            self.assert_prints(run(command, "--help"), [f"export-emulator {command}", "--help"])

    def test_the_version_is_the_one_of_the_build(self):
        version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text())[1]
        self.assertEqual(run("--version").out, f"export-emulator {version}\n")

    def test_schema_prints_the_file_that_it_also_serves(self):
        wanted = (ROOT / "schema" / "fixtures.schema.json").read_text()
        done = run("schema")
        self.assert_prints(done, ["json-schema.org"])
        self.assertEqual(done.out, wanted)
        self.assertIn("properties", json.loads(done.out))
        served = get(self.start().port, "/_emulator/fixtures.schema.json")
        self.assertEqual(served.body.decode(), wanted)

    def test_validate_counts_what_is_good(self):
        world = json.loads(DEFAULT_WORLD.read_text())
        counts = ["ok"] + [f"{section} {len(world[section])}"
                           for section in ("connections", "users", "clients", "tokens")]
        self.assert_prints(run("validate", DEFAULT_WORLD), counts)
        self.assert_prints(run("validate", DEFAULT_WORLD.parent), counts)
        self.assert_prints(run("validate", "-", stdin=DEFAULT_WORLD.read_bytes()), counts)

    def test_validate_refuses_what_is_bad(self):
        done = run("validate", DEFAULT_WORLD, "-", stdin=b'{"conections": []}')
        self.assertEqual((done.code, done.out), (2, ""))
        self.assert_words(["standard input:1: /conections", 'Did you mean "connections"?'],
                          done.err)

    def test_what_can_never_work_is_a_warning_of_validate_and_a_notice_of_serve(self):
        world = self.folder() / "world.json"
        world.write_text(WHO_ASKS.replace("export:read", "export:raed"))
        doubt = (f'{world}:3: /tokens/0/scopes/0: no operation asks for the scope "export:raed". '
                 'Did you mean "export:read"?\n')
        done = run("validate", world)
        self.assertEqual((done.code, done.err), (0, "warning: " + doubt))
        self.assertTrue(done.out.startswith("ok: "))

        # Also when the store was there: resets and sandboxes begin with these fixtures.
        store = world.with_name("store")
        for _ in range(2):
            server = self.start("--fixtures", world, "--store", store)
            server.stop()
            self.assertIn(doubt, server.log())


class Healthcheck(Case):

    def test_it_is_0_for_a_server_that_is_ready(self):
        server = self.start("--host", "127.0.0.1")
        for arguments, env in [(["--port", server.port], {}),
                               (["--host", "127.0.0.1", "--port", server.port], {}),
                               ([], {"EXPORT_EMULATOR_PORT": str(server.port)}),
                               ([], {"PORT": str(server.port),
                                     "EXPORT_EMULATOR_HOST": "127.0.0.1"})]:
            with self.subTest(arguments=arguments, env=env):
                done = run("healthcheck", *arguments, env=env)
                self.assertEqual((done.code, done.out, done.err), (0, "", ""))

    def test_it_is_1_where_nobody_listens(self):
        port = self.enterContext(reserved_port())
        done = run("healthcheck", "--port", port)
        self.assertEqual((done.code, done.out), (1, ""))
        self.assertIn(f"no emulator is ready at http://localhost:{port}", done.err)

    def test_it_is_1_where_somebody_else_answers(self):
        listener = self.enterContext(bound("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        check = self.spawn("healthcheck", "--host", "127.0.0.1", "--port", port)
        client, _ = listener.accept()
        with client:
            client.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            self.assertEqual(check.wait(GUARD), 1)

    def test_it_waits_for_a_server_that_comes_up(self):
        port = self.enterContext(reserved_port())
        with bound("127.0.0.1", port) as listener:
            listener.listen()
            check = self.spawn("healthcheck", "--host", "127.0.0.1", "--port", port, "--wait", 5)
            listener.accept()[0].close()  # it has asked once, in vain
        self.start("--host", "127.0.0.1", port=port)
        self.assertEqual(check.wait(GUARD), 0)


class FixtureSources(Case):

    def folder_of(self, **texts):
        folder = self.folder()
        for name, text in texts.items():
            (folder / f"{name}.json").write_text(text)
        return folder

    def assert_serves(self, server, *ids, token="t"):
        for connection_id in ids:
            self.assertEqual(get_connection(server.port, connection_id, token).status, 200)

    def test_several_files_make_one_world_and_refer_to_each_other(self):
        folder = self.folder_of(first=WHO_ASKS, second=ONE_CONNECTION % "a",
                                third='{"users": [{"id": "v", "connections": ["a"]}]}')
        server = self.start("--fixtures", folder / "third.json", "--fixtures",
                            folder / "first.json", "--fixtures", folder / "second.json")
        self.assert_serves(server, "a")
        self.assertEqual(get_connection(server.port, EXAMPLE, "t").status, 404)  # not the default

    def test_an_id_is_given_once_in_all_files(self):
        folder = self.folder_of(a=ONE_CONNECTION % "same", b=ONE_CONNECTION % "same")
        for sources, blamed in [([folder / "a.json", folder / "b.json"], "b.json"),
                                ([folder / "b.json", folder / "a.json"], "a.json"),
                                ([folder], "b.json")]:  # sorted
            flags = [word for source in sources for word in ("--fixtures", source)]
            done = run("--port", 0, *flags)
            self.assertEqual((done.code, done.out), (2, ""))
            self.assert_words([f'{folder / blamed}:1: /connections/0: another connection "same"'],
                              done.err)

    def test_a_folder_is_its_json_files(self):
        folder = self.folder_of(b=WHO_ASKS, a=ONE_CONNECTION % "a")
        (folder / "c.txt").write_text("no JSON")
        (folder / "d.json").mkdir()
        self.assert_serves(self.start("--fixtures", folder), "a")

    def test_an_empty_folder_is_the_default_world_with_a_notice(self):
        server = self.start("--fixtures", self.folder())
        self.assert_serves(server, EXAMPLE, token="reader-token")
        server.stop()
        self.assertRegex(server.log(), "^notice: .*default world")

    def test_a_dash_is_standard_input(self):
        read, write = os.pipe()
        os.write(write, WHO_ASKS.encode())
        os.close(write)
        folder = self.folder_of(a=ONE_CONNECTION % "a")
        self.addCleanup(os.close, read)
        server = self.start("--fixtures", "-", "--fixtures", folder, stdin=read)
        self.assert_serves(server, "a")


class Reloading(Case):

    def world_of(self, *ids):
        return json.dumps({"connections": [{"id": id} for id in ids], **json.loads(WHO_ASKS)})

    def write(self, path, text):
        """At once, so that nobody reads half of it."""
        path.with_suffix(".new").write_text(text)
        os.replace(path.with_suffix(".new"), path)

    def status(self, server, connection_id, within=""):
        return get(server.port, f"{within}/export/connections/{connection_id}", "t").status

    def start_with(self, *arguments, **settings):
        """A server of a fixture file with the connection "old", and that file."""
        world = self.folder() / "world.json"
        self.write(world, self.world_of("old"))
        return self.start("--fixtures", world, *arguments, stderr=subprocess.PIPE, **settings), world

    def test_sighup_loads_the_fixtures_again(self):
        server, world = self.start_with()
        for path in ("/_emulator/faults", "/_sandbox/before/_emulator/faults"):
            call(server.port, "POST", path, {"match": {"client": "other"}, "then": {"delayMs": 1}})
        self.write(world, self.world_of("new"))
        self.assertEqual(self.status(server, "new"), 404)  # not before it is told to

        server.process.send_signal(signal.SIGHUP)
        server.await_log("notice: fixtures reloaded")
        self.assertEqual((self.status(server, "old"), self.status(server, "new")), (404, 200))
        faults = json.loads(get(server.port, "/_emulator/faults").body)["faults"]
        self.assertEqual(len(faults), 1)  # only the fixtures are others

        self.assertEqual(self.status(server, "new", "/_sandbox/after"), 200)
        self.assertEqual(self.status(server, "old", "/_sandbox/before"), 200)
        call(server.port, "POST", "/_sandbox/before/_emulator/reset")
        self.assertEqual(self.status(server, "new", "/_sandbox/before"), 200)

    def test_a_bad_file_leaves_the_world_as_it_was_and_says_why(self):
        for arguments in ([], ["--watch"]):
            with self.subTest(arguments):
                server, world = self.start_with(*arguments)
                for bad, words in [('{"conections": []}', 'world.json:1: /conections: '),
                                   ("hello", "is not JSON"), (None, "No such file")]:
                    world.unlink() if bad is None else self.write(world, bad)
                    if not arguments:
                        server.process.send_signal(signal.SIGHUP)
                    line = server.await_log("not reloaded, all stays as it was: ")
                    self.assert_words([str(world), words], line)
                    self.assertEqual(self.status(server, "old"), 200)
                self.write(world, self.world_of("new"))
                if not arguments:
                    server.process.send_signal(signal.SIGHUP)
                server.await_log("fixtures reloaded")
                self.assertEqual(self.status(server, "new"), 200)

    def test_watch_loads_what_changes_by_itself(self):
        server, world = self.start_with("--watch")
        for connection_id in ("a", "b"):
            self.write(world, self.world_of(connection_id))
            server.await_log("fixtures reloaded")
            self.assertEqual(self.status(server, connection_id), 200)

    def test_watch_sees_files_come_and_go_in_a_folder(self):
        folder = self.folder()
        (folder / "who.json").write_text(WHO_ASKS)
        server = self.start("--fixtures", folder, env={"EXPORT_EMULATOR_WATCH": "true"},
                            stderr=subprocess.PIPE)
        self.write(folder / "a.json", ONE_CONNECTION % "a")
        server.await_log("fixtures reloaded")
        self.assertEqual(self.status(server, "a"), 200)
        (folder / "a.json").unlink()
        server.await_log("fixtures reloaded")
        self.assertEqual(self.status(server, "a"), 404)

    def test_a_store_keeps_its_rows_until_it_is_reset(self):
        server, world = self.start_with("--store", self.folder() / "store")
        self.write(world, self.world_of("new"))
        server.process.send_signal(signal.SIGHUP)
        server.await_log("the store keeps its rows")
        self.assertEqual((self.status(server, "old"), self.status(server, "new")), (200, 404))
        self.assertEqual(call(server.port, "POST", "/_emulator/reset").status, 204)
        self.assertEqual((self.status(server, "old"), self.status(server, "new")), (404, 200))

    def test_standard_input_cannot_be_read_again_and_that_is_said(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        os.write(write, self.world_of("old").encode())
        os.close(write)
        server = self.start("--fixtures", "-", stdin=read, stderr=subprocess.PIPE)
        server.process.send_signal(signal.SIGHUP)
        server.await_log("standard input cannot be read again")
        self.assertEqual(self.status(server, "old"), 200)

    def test_without_fixtures_it_is_the_default_world_again(self):
        server = self.start(stderr=subprocess.PIPE)
        call(server.port, "PUT", "/_emulator/fixtures", {})
        server.process.send_signal(signal.SIGHUP)
        server.await_log("fixtures reloaded")
        self.assertEqual(get_connection(server.port).status, 200)


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

    def test_off_is_as_if_there_were_none(self):
        server = self.start("--control", "off")
        self.assert_serves_the_vendors_api(server)
        for method, path in self.CALLS:
            self.assert_refused(call(server.port, method, path), 404, "RouteNotFound")

    def test_a_token_is_asked_for_where_one_was_given(self):
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

    def test_other_machines_may_not_call_unless_it_is_said(self):
        server = self.start("--host", "0.0.0.0")
        self.assert_serves_the_vendors_api(server)
        for method, path in self.CALLS:
            self.assert_refused(call(server.port, method, path), 403, "ControlForbidden",
                                ["--control-token TOKEN", "--control open"])
        server.stop()
        self.assertRegex(server.log(), "(?m)^notice: .*403.*--control-token.*--control open")

    def test_open_lets_other_machines_call(self):
        server = self.start("--host", "0.0.0.0", "--control", "open")
        self.assertEqual(call(server.port, "POST", "/_emulator/reset").status, 204)
        server.stop()
        self.assertNotIn("notice", server.log())

    def test_there_are_only_so_many_sandboxes(self):
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

    def test_own_links_begin_as_the_request_did_or_as_it_was_said(self):
        host = {"Host": "emulator.example:99"}
        for arguments, wanted in [([], "http://emulator.example:99/_sandbox/a"),
                                  (["--public-url", "https://ci.example/emulator/"],
                                   "https://ci.example/emulator/_sandbox/a")]:
            with self.subTest(arguments):
                server = self.start(*arguments)
                fault = call(server.port, "POST", "/_sandbox/a/_emulator/faults",
                             {"then": {"status": 500}}, headers=host)
                self.assertEqual(fault.headers["Location"], f"{wanted}/_emulator/faults/1")
                sandbox = json.loads(get(server.port, "/_emulator/sandboxes/a", None, host).body)
                self.assertEqual(sandbox["url"], wanted)


class Bodies(Case):

    def test_3_mib_of_fixtures_are_taken_and_2_mib_of_a_vendors_call_are_not(self):
        server = self.start()
        connections = [{"id": f"c{i}", "displayName": "x" * 4000} for i in range(800)]
        fixtures = json.dumps({"connections": connections}).encode()
        self.assertGreater(len(fixtures), 3 << 20)
        for within in ("", "/_sandbox/a"):
            answer = call(server.port, "PUT", f"{within}/_emulator/fixtures", fixtures)
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(json.loads(answer.body)["connections"], 800)
            saved = json.loads(get(server.port, f"{within}/_emulator/fixtures").body)
            self.assertEqual(saved["connections"], connections)
            for path in ("/export/connections", f"/export/connections/{EXAMPLE}"):
                self.assert_too_large(server.port, within + path, 2 << 20)

    def test_more_than_64_mib_are_not_taken(self):
        self.assert_too_large(self.start().port, "/_emulator/fixtures", (64 << 20) + 1)

    def assert_too_large(self, port, path, size):
        """By its length alone: nothing of it is sent."""
        head = f"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        self.assertIn(b" 413 ", raw(port, head.encode()).splitlines()[0])


class RateLimits(Case):

    def test_one_limit_for_all(self):
        server = self.start("--rate-limit", "2/60")
        answers = [get_connection(server.port) for _ in range(3)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 429])
        self.assertIn(int(answers[2].headers["retry-after"]), range(50, 61))

    def test_off(self):
        server = self.start("--rate-limit", "off")
        self.assertEqual(get_connection(server.port, token="throttled-token").status, 200)


class AccessLog(Case):

    def log_of_three(self, log_format):
        """The lines of an answer, a refusal, and of what never became a request."""
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
        lines = self.log_of_three("text")
        self.assertEqual(len(lines), 3, lines)
        for line, wanted in zip(lines, [
                f"GET /export/connections/{EXAMPLE}\\?a=1 200 render" + who % "" + "mine$",
                "GET /export/connections/no-such-connection 404 look-up" +
                who % " reason=connection-unknown" + r"\S{36}$",
                r"- - 400 door \d+\.\d{3}ms reason=request-malformed id=\S{36}$"]):
            self.assertRegex(line, start + wanted)

    def test_json(self):
        lines = [json.loads(line) for line in self.log_of_three("json")]
        self.assertEqual([line["status"] for line in lines], [200, 404, 400])
        self.assertEqual([line["gate"] for line in lines], ["render", "look-up", "door"])
        self.assertEqual(lines[0] | {"time": "", "durationMs": 0}, {
            "time": "", "method": "GET", "target": f"/export/connections/{EXAMPLE}?a=1",
            "status": 200, "gate": "render", "durationMs": 0, "client": "premium-app",
            "user": "reader", "token": "reader", "correlationId": "mine"})

    def test_off(self):
        self.assertEqual(self.log_of_three("off"), [])

    def test_no_token_is_ever_logged(self):
        tokens = [row["token"] for row in json.loads(DEFAULT_WORLD.read_text())["tokens"]]
        tokens.append("a-secret-that-nobody-issued")
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

    def test_nobody_reading_the_log_stalls_no_request(self):
        server = self.start("--rate-limit", "off", stderr=subprocess.PIPE)
        fcntl.fcntl(server.process.stderr, fcntl.F_SETPIPE_SZ, 4096)
        self.assertEqual(ask_often(server.port, 5000), [b"200"] * 5000)
        code, elapsed = server.stop()
        self.assertEqual(code, 0)
        self.assertLess(elapsed, SOON)

    def test_a_reader_that_went_away_harms_nobody(self):
        read, write = os.pipe()
        os.close(read)
        server = self.start("--rate-limit", "off", stderr=write)
        os.close(write)
        self.assertEqual(ask_often(server.port, 500), [b"200"] * 500)


class ClosedDescriptors(Case):

    def assert_serves_with(self, redirection, *arguments):
        """It answers and stops when a shell started it with descriptors closed."""
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

    def test_it_serves_with_any_of_them_closed(self):
        for redirection in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"):
            with self.subTest(redirection):
                self.assert_serves_with(redirection)

    def test_nothing_is_printed_into_a_file_that_took_the_place_of_a_closed_one(self):
        for redirection in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(redirection):
                folder = self.folder()
                self.assert_serves_with(redirection, "--store", folder / "store")
                self.assertEqual((folder / "store.lock").read_bytes(), b"")
                self.assertEqual((folder / "store").read_bytes()[:6], b"SQLite")

    def test_a_ready_line_that_nobody_reads_does_not_kill_it(self):
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
