#!/usr/bin/env python3
"""Checks the image, as built and run by a container engine.

    tests/image_test.py IMAGE VERSION REVISION ENGINE [FLAG...]     (called by tests/image_test.sh)

VERSION and REVISION: the expected labels. ENGINE: docker or podman, which have the same command line. Needs root.
Each container has no network, so that requests are sent from its network namespace; a read-only root; and a user that
the image does not define.
"""

import contextlib
import functools
import gzip
import io
import json
import os
import pathlib
import re
import select
import shlex
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

IMAGE, VERSION, REVISION, *ENGINE = sys.argv[1:]

GUARD = 60  # seconds: far longer than any step takes
SOON = 0.2  # seconds: the program must end this fast after a signal
USER = 4711
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTCOME = re.compile(r"^(\d{3})  (\S+) +\S.*?  +(curl -i .*)$", re.M)


def command(*words, **settings):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=GUARD, **settings)


def engine(*words):
    """Runs a command of the engine; returns its standard output without the last newline."""
    done = command(*ENGINE, *words)
    if done.returncode:
        raise AssertionError(f"{words}: exit {done.returncode}: {done.stderr}")
    return done.stdout.rstrip("\n")


def hard_limits():
    """Options for podman, which otherwise requests more open files and processes than some machines allow."""
    if "podman" not in ENGINE[0]:
        return []
    return [f"--ulimit={name}={most}:{most}" for name, most in
            (line.split() for line in command("sh", "-c", "echo nofile $(ulimit -Hn); echo nproc 4096").stdout.splitlines())]


HARDENED = ["--network=none", "--cap-drop=all", "--security-opt=no-new-privileges", *hard_limits()]


def run(*arguments, options=()):
    """Runs the image until it ends."""
    return command(*ENGINE, "run", "--rm", *HARDENED, "--read-only", f"--user={USER}:{USER}", *options, IMAGE,
                   *arguments)


def inspect(kind, name, path):
    return json.loads(engine("inspect", f"--type={kind}", "--format", f"{{{{json {path}}}}}", name))


@functools.cache
def healthcheck():
    """The HEALTHCHECK command of the image."""
    # Read from a container: docker and podman name the member differently in images.
    container = engine("create", IMAGE)
    try:
        kind, *words = inspect("container", container, ".Config.Healthcheck.Test")
    finally:
        engine("rm", "--volumes", container)
    assert kind == "CMD", kind
    return words


class Container:
    """A running container: a context that begins when HEALTHCHECK succeeds and ends with its removal."""

    def __init__(self, *arguments, options=(), port=8080, writable=False):
        self.port = port
        if not writable:
            options = ["--read-only", f"--user={USER}:{USER}", *options]
        healthcheck()
        self.called = time.monotonic()
        self.id = engine("run", "--detach", *HARDENED, *options, IMAGE, *arguments)
        try:
            self.begin()
        except BaseException:
            self.remove()
            raise

    def begin(self):
        self.pid = inspect("container", self.id, ".State.Pid")
        until = time.monotonic() + GUARD
        while not self.is_healthy():
            if time.monotonic() > until or not os.path.exists(f"/proc/{self.pid}"):
                raise AssertionError(f"not healthy: {self.log()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        engine("rm", "--force", "--volumes", self.id)

    def restart(self):
        engine("start", self.id)
        self.begin()

    def status(self, key):
        """The words after a key in /proc/PID/status."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return re.search(rf"^{key}:\s*(.*)$", text, re.M)[1].split()

    def is_healthy(self):
        """Runs the HEALTHCHECK command in the container, as the engine does."""
        with contextlib.suppress(FileNotFoundError):  # the process has ended
            pairs = pathlib.Path(f"/proc/{self.pid}/environ").read_text(encoding="utf-8").split("\0")
            environment = dict(pair.split("=", 1) for pair in pairs if pair)
            uid, gid = self.status("Uid")[0], self.status("Gid")[0]
            return command("/usr/bin/nsenter", f"--target={self.pid}", "--mount", "--pid", "--net", "--root", "--wd",
                           f"--setuid={uid}", f"--setgid={gid}", "--", *healthcheck(), env=environment).returncode == 0
        return False

    def shell(self, line):
        """Runs a shell of this machine in the container's network."""
        return command("nsenter", f"--target={self.pid}", "--net", "sh", "-c", line, stdin=subprocess.DEVNULL)

    def request(self, path, *options):
        """Sends a request with curl; returns status and body."""
        url = path if "://" in path else f"http://127.0.0.1:{self.port}{path}"
        words = ["curl", "--noproxy", "*", "-s", "-m", "10", "-w", "\n%{http_code}", *options, url]
        body, _, status = self.shell(shlex.join(words)).stdout.rpartition("\n")
        return int(status), body

    def log(self):
        done = command(*ENGINE, "logs", self.id)
        return done.stdout + done.stderr

    def stop(self):
        """Sends SIGTERM; returns the exit code and the seconds until the process ended."""
        process = os.pidfd_open(self.pid)
        try:
            start = time.monotonic()
            signal.pidfd_send_signal(process, signal.SIGTERM)
            if not select.select([process], [], [], GUARD)[0]:
                raise AssertionError(f"still running after {GUARD} s")
            elapsed = time.monotonic() - start
        finally:
            os.close(process)
        return int(engine("wait", self.id)), elapsed

    def age(self):
        """Seconds since the process started, in steps of 0.01."""
        ticks = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
        uptime = pathlib.Path("/proc/uptime").read_text(encoding="ascii").split()[0]
        return float(uptime) - int(ticks) / os.sysconf("SC_CLK_TCK")

    def outgoing_packets(self):
        """Counts packets without a route, and packets sent by devices other than the loopback device."""
        net = pathlib.Path(f"/proc/{self.pid}/net")
        names, values = (line.split() for line in re.findall(r"^Ip: .*$", (net / "snmp").read_text(), re.M))
        lost = int(values[names.index("OutNoRoutes")])
        if (net / "snmp6").exists():
            lost += int(re.search(r"^Ip6OutNoRoutes\s+(\d+)", (net / "snmp6").read_text(), re.M)[1])
        devices = [line.split() for line in (net / "dev").read_text().replace(":", " ").splitlines()[2:]]
        return lost + sum(int(words[10]) for words in devices if words[0] != "lo")


def connection(name):
    return {"connections": [{"id": name}],
            "users": [{"id": "user", "connections": ["*"]}],
            "clients": [{"id": "client", "tier": "custom"}],
            "tokens": [{"token": "mine", "user": "user", "client": "client", "scopes": ["export:read"]}]}


class Image(unittest.TestCase):
    def fixtures(self, **files):
        """The option that mounts a folder with these files at /fixtures."""
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        for name, world in files.items():
            (folder / f"{name}.json").write_text(json.dumps(world), encoding="utf-8")
        return f"--volume={folder}:/fixtures:ro"

    def start(self, *arguments, **settings):
        return self.enterContext(Container(*arguments, **settings))

    def test_the_labels_and_the_version(self):
        labels = {name.removeprefix("org.opencontainers.image."): text
                  for name, text in inspect("image", IMAGE, ".Config.Labels").items()}
        self.assertEqual(labels["title"], "Export Emulator")
        self.assertEqual(labels["licenses"], "MIT")
        self.assertEqual((labels["version"], labels["revision"]), (VERSION, REVISION))
        self.assertIn(VERSION, run("--version").stdout)

    def test_it_contains_only_the_program_its_libraries_and_their_licences(self):
        container = engine("create", IMAGE)
        self.addCleanup(engine, "rm", "--volumes", container)
        content = subprocess.run([*ENGINE, "export", container], capture_output=True, check=True, timeout=GUARD).stdout
        with tarfile.open(fileobj=io.BytesIO(content)) as files:
            contained = {member.name for member in files if member.isfile() and member.size}
        libraries = {name for name in contained if re.fullmatch(r"(usr/)?lib(64)?/([\w-]+/)?(lib|ld-)[\w+.-]+", name)}
        licences = {name for name in contained if re.fullmatch(r"usr/share/doc/[\w+.-]+/(copyright|LICENSE)", name)}
        self.assertGreater(len(libraries), 10)
        self.assertTrue({"libc6", "libssl3", "gcc-12-base", "libsqlitecpp-dev", "export-emulator"} <=
                        {name.split("/")[3] for name in licences}, licences)
        self.assertEqual(contained - libraries - licences,
                         {"usr/bin/export-emulator", "usr/share/man/man1/export-emulator.1", "etc/passwd", "etc/group"})

    def test_it_runs_as_process_1_of_an_unprivileged_user(self):
        server = self.start()
        self.assertEqual(server.status("NSpid")[-1], "1")
        self.assertEqual(set(server.status("Uid")), {str(USER)})
        self.assertEqual(server.status("CapEff"), ["0" * 16])
        self.assertEqual(inspect("image", IMAGE, ".Config.User"), "10001:10001")

    def test_every_listed_outcome_occurs(self):
        server = self.start()
        rows = OUTCOME.findall(run("outcomes", "--url", f"http://localhost:{server.port}").stdout)
        self.assertGreater(len(rows), 50)
        for expected, code, line in rows:
            with self.subTest(line):
                head, _, body = server.shell(line).stdout.partition("\n\n")
                status = head.split(" ", 2)[1]
                actual = json.loads(body).get("error", {}).get("code", "-") if body else "-"
                self.assertEqual((status, actual), (expected, code))
        status, body = server.request("/_emulator/coverage")
        self.assertEqual((status, json.loads(body)["percent"]), (200, 100))

    def test_tokens_and_tls_work_with_the_libraries_of_the_image(self):
        server = self.start("--tls", "self-signed")
        status, body = server.request("/connect/token", "-d", "grant_type=client_credentials", "-u",
                                  "service-app:service-app-secret")
        self.assertEqual(server.request("https://127.0.0.1:8443/_emulator/readyz", "-k")[0], 200)
        self.assertEqual(status, 200, body)

    def test_mounted_fixtures_are_served(self):
        server = self.start(options=[self.fixtures(first=connection("first-one"))])
        self.assertEqual(server.request("/export/connections/first-one", "-H", "Authorization: Bearer mine")[0], 200)
        self.assertEqual(server.request("/export/connections/other", "-H", "Authorization: Bearer mine")[0], 404)

    def test_invalid_fixtures_are_exit_2_with_their_place(self):
        done = run(options=[self.fixtures(good=connection("good"), bad={"connections": [{"id": 5}]})])
        self.assertEqual(done.returncode, 2)
        self.assertIn("/fixtures/bad.json:1: /connections/0/id: is 5; wanted", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_an_empty_folder_gives_the_default_world_and_a_notice(self):
        server = self.start(options=[self.fixtures()])
        self.assertEqual(server.request("/export/connections/never-run-connection", "-H",
                                    "Authorization: Bearer reader-token")[0], 200)
        self.assertIn("default world", server.log())

    def test_the_healthcheck_follows_the_port_and_fails_for_a_stopped_process(self):
        server = self.start(options=["--env=EXPORT_EMULATOR_PORT=9191"], port=9191)
        self.assertEqual(server.request("/_emulator/livez")[0], 200)
        os.kill(server.pid, signal.SIGSTOP)
        self.assertFalse(server.is_healthy())
        os.kill(server.pid, signal.SIGCONT)
        self.assertTrue(server.is_healthy())

    def test_a_store_in_the_volume_survives_a_restart(self):
        server = self.start("--store", "/store/x.db")
        body_sent = json.dumps({"iModelId": "a0471655-6b18-419e-ab01-ebf4fbff9dff", "displayName": "Mine"})
        status, body = server.request("/export/connections", "-H", "Authorization: Bearer writer-token", "-d", body_sent)
        self.assertEqual(status, 201, body)
        created = json.loads(body)["connection"]
        path = "/export/connections/" + created["id"]
        self.assertEqual(server.stop()[0], 0)
        server.restart()
        status, body = server.request(path, "-H", "Authorization: Bearer writer-token")
        self.assertEqual((status, json.loads(body)["connection"]), (200, created))

    def test_sigterm_ends_it_immediately_with_0_despite_a_connected_client(self):
        self.assertEqual(inspect("image", IMAGE, ".Config.StopSignal") or "SIGTERM", "SIGTERM")
        server = self.start()
        with subprocess.Popen(["nsenter", f"--target={server.pid}", "--net", "curl", "--noproxy", "*", "-sN",
                               f"http://127.0.0.1:{server.port}/_emulator/requests/stream"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
            server.request("/export/connections")
            self.assertTrue(select.select([client.stdout], [], [], GUARD)[0], "no event in the stream")
            code, elapsed = server.stop()
            client.wait(GUARD)
        self.assertEqual(code, 0)
        self.assertLess(elapsed, SOON)
        print(f"stopped {elapsed * 1000:.0f} ms after SIGTERM, with a connected client")

    def test_it_opens_no_outgoing_connection(self):
        server = self.start("--tls", "self-signed")
        for _, _, line in OUTCOME.findall(run("outcomes", "--url", f"http://localhost:{server.port}").stdout):
            server.shell(line)
        server.request("/.well-known/openid-configuration")
        self.assertEqual(server.outgoing_packets(), 0)
        # The counter works: it counts an attempt.
        server.request("http://192.0.2.1/")
        self.assertGreater(server.outgoing_packets(), 0)

    def test_it_writes_nothing_outside_its_volume(self):
        idle = engine("create", *HARDENED, IMAGE, "--version")
        self.addCleanup(engine, "rm", "--force", "--volumes", idle)
        engine("start", "--attach", idle)
        server = self.start("--store", "/store/x.db", "--tls", "self-signed", writable=True)
        for _, _, line in OUTCOME.findall(run("outcomes", "--url", f"http://localhost:{server.port}").stdout):
            server.shell(line)
        self.assertEqual(set(engine("diff", server.id).splitlines()), set(engine("diff", idle).splitlines()))

    def test_it_is_small_and_starts_fast(self):
        saved = subprocess.run([*ENGINE, "save", IMAGE], capture_output=True, check=True, timeout=GUARD).stdout
        size = len(gzip.compress(saved, 6))
        self.assertLess(size, 7.8e6)  # the size of the smallest emulator published by a vendor
        server = self.start()
        self.assertEqual(server.request("/_emulator/readyz")[0], 200)
        age, elapsed = server.age(), time.monotonic() - server.called
        self.assertLess(age, 5)
        print(f"compressed {size / 1e6:.1f} MB; first 200 at most {age * 1000:.0f} ms after the process started, "
              f"{elapsed * 1000:.0f} ms after the call of the engine")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
