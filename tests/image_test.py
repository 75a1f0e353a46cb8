#!/usr/bin/env python3
"""Looks into the image, as built and run by a real container engine.

    tests/image_test.py IMAGE VERSION REVISION ENGINE [FLAG...]     (tests/image_test.sh gives these)

VERSION and REVISION are what its labels must say. ENGINE is docker or podman, whose command lines are one.
Needs root. Each container has no network, so it is asked from within its own; a read-only root; a user that
the image does not know.
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

GUARD = 60  # seconds: far longer than anything here takes
SOON = 0.2  # seconds: within which a signal ends the program
USER = 4711
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTCOME = re.compile(r"^(\d{3})  (\S+) +\S.*?  +(curl -i .*)$", re.M)


def command(*words, **settings):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=GUARD, **settings)


def engine(*words):
    """Its standard output, without the last line's end."""
    done = command(*ENGINE, *words)
    if done.returncode:
        raise AssertionError(f"{words}: exit {done.returncode}: {done.stderr}")
    return done.stdout.rstrip("\n")


def hard_limits():
    """podman asks for more open files and processes than some machines may give; docker does not."""
    if "podman" not in ENGINE[0]:
        return []
    return [f"--ulimit={name}={most}:{most}" for name, most in
            (line.split() for line in command("sh", "-c", "echo nofile $(ulimit -Hn); echo nproc 4096").stdout.splitlines())]


HARDENED = ["--network=none", "--cap-drop=all", "--security-opt=no-new-privileges", *hard_limits()]


def run(*arguments, options=()):
    """The image, run to its end."""
    return command(*ENGINE, "run", "--rm", *HARDENED, "--read-only", f"--user={USER}:{USER}", *options, IMAGE,
                   *arguments)


def inspect(kind, name, path):
    return json.loads(engine("inspect", f"--type={kind}", "--format", f"{{{{json {path}}}}}", name))


@functools.cache
def healthcheck():
    """The image's own command."""
    # docker and podman write the member's name in two ways, of images.
    container = engine("create", IMAGE)
    try:
        kind, *words = inspect("container", container, ".Config.Healthcheck.Test")
    finally:
        engine("rm", "--volumes", container)
    assert kind == "CMD", kind
    return words


class Container:
    """The image while it serves: a context that begins when HEALTHCHECK says so and ends with it removed."""

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

    def start_again(self):
        engine("start", self.id)
        self.begin()

    def status(self, key):
        """What the kernel says of its process: the words behind a key."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return re.search(rf"^{key}:\s*(.*)$", text, re.M)[1].split()

    def is_healthy(self):
        """What the image's own HEALTHCHECK command says, run where the engine would run it."""
        with contextlib.suppress(FileNotFoundError):  # it has ended
            pairs = pathlib.Path(f"/proc/{self.pid}/environ").read_text(encoding="utf-8").split("\0")
            environment = dict(pair.split("=", 1) for pair in pairs if pair)
            uid, gid = self.status("Uid")[0], self.status("Gid")[0]
            return command("/usr/bin/nsenter", f"--target={self.pid}", "--mount", "--pid", "--net", "--root", "--wd",
                           f"--setuid={uid}", f"--setgid={gid}", "--", *healthcheck(), env=environment).returncode == 0
        return False

    def shell(self, line):
        """A shell of this machine, in the container's network."""
        return command("nsenter", f"--target={self.pid}", "--net", "sh", "-c", line, stdin=subprocess.DEVNULL)

    def ask(self, path, *options):
        """The status and the body."""
        url = path if "://" in path else f"http://127.0.0.1:{self.port}{path}"
        words = ["curl", "--noproxy", "*", "-s", "-m", "10", "-w", "\n%{http_code}", *options, url]
        body, _, status = self.shell(shlex.join(words)).stdout.rpartition("\n")
        return int(status), body

    def log(self):
        done = command(*ENGINE, "logs", self.id)
        return done.stdout + done.stderr

    def stop(self):
        """SIGTERM; the exit code, and the seconds until the process was gone."""
        process = os.pidfd_open(self.pid)
        try:
            start = time.monotonic()
            signal.pidfd_send_signal(process, signal.SIGTERM)
            if not select.select([process], [], [], GUARD)[0]:
                raise AssertionError(f"still there after {GUARD} s")
            elapsed = time.monotonic() - start
        finally:
            os.close(process)
        return int(engine("wait", self.id)), elapsed

    def age(self):
        """Seconds since its process began, to a hundredth."""
        ticks = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
        uptime = pathlib.Path("/proc/uptime").read_text(encoding="ascii").split()[0]
        return float(uptime) - int(ticks) / os.sysconf("SC_CLK_TCK")

    def journeys(self):
        """How many packets and connections were sent for where no route leads, and how many passed a device
        that is not the loopback."""
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
        """The option that mounts a folder with these files where the image looks for them."""
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        for name, world in files.items():
            (folder / f"{name}.json").write_text(json.dumps(world), encoding="utf-8")
        return f"--volume={folder}:/fixtures:ro"

    def start(self, *arguments, **settings):
        return self.enterContext(Container(*arguments, **settings))

    def test_it_says_what_it_is(self):
        labels = {name.removeprefix("org.opencontainers.image."): text
                  for name, text in inspect("image", IMAGE, ".Config.Labels").items()}
        self.assertEqual(labels["title"], "Export Emulator")
        self.assertEqual(labels["licenses"], "MIT")
        self.assertEqual((labels["version"], labels["revision"]), (VERSION, REVISION))
        self.assertIn(VERSION, run("--version").stdout)

    def test_it_holds_the_program_its_libraries_and_their_licences_alone(self):
        container = engine("create", IMAGE)
        self.addCleanup(engine, "rm", "--volumes", container)
        content = subprocess.run([*ENGINE, "export", container], capture_output=True, check=True, timeout=GUARD).stdout
        with tarfile.open(fileobj=io.BytesIO(content)) as files:
            held = {member.name for member in files if member.isfile() and member.size}
        libraries = {name for name in held if re.fullmatch(r"(usr/)?lib(64)?/([\w-]+/)?(lib|ld-)[\w+.-]+", name)}
        licences = {name for name in held if re.fullmatch(r"usr/share/doc/[\w+.-]+/(copyright|LICENSE)", name)}
        self.assertGreater(len(libraries), 10)
        self.assertTrue({"libc6", "libssl3", "libcjose0", "gcc-12-base", "libsqlitecpp-dev", "export-emulator"} <=
                        {name.split("/")[3] for name in licences}, licences)
        self.assertEqual(held - libraries - licences, {"usr/bin/export-emulator", "usr/share/man/man1/export-emulator.1",
                                                      "etc/passwd", "etc/group"})

    def test_it_is_process_1_of_a_user_without_rights_and_of_its_own_if_none_is_named(self):
        server = self.start()
        self.assertEqual(server.status("NSpid")[-1], "1")
        self.assertEqual(set(server.status("Uid")), {str(USER)})
        self.assertEqual(server.status("CapEff"), ["0" * 16])
        self.assertEqual(inspect("image", IMAGE, ".Config.User"), "10001:10001")

    def test_every_outcome_is_what_the_image_says_of_it(self):
        server = self.start()
        rows = OUTCOME.findall(run("outcomes", "--url", f"http://localhost:{server.port}").stdout)
        self.assertGreater(len(rows), 50)
        for wanted, code, line in rows:
            with self.subTest(line):
                head, _, body = server.shell(line).stdout.partition("\n\n")
                status = head.split(" ", 2)[1]
                given = json.loads(body).get("error", {}).get("code", "-") if body else "-"
                self.assertEqual((status, given), (wanted, code))
        status, body = server.ask("/_emulator/coverage")
        self.assertEqual((status, json.loads(body)["percent"]), (200, 100))

    def test_its_tokens_and_its_tls_work_with_the_libraries_it_brings(self):
        server = self.start("--tls", "self-signed")
        status, body = server.ask("/connect/token", "-d", "grant_type=client_credentials", "-u",
                                  "service-app:service-app-secret")
        self.assertEqual(server.ask("https://127.0.0.1:8443/_emulator/readyz", "-k")[0], 200)
        self.assertEqual(status, 200, body)

    def test_fixtures_that_are_mounted_are_served(self):
        server = self.start(options=[self.fixtures(first=connection("first-one"))])
        self.assertEqual(server.ask("/export/connections/first-one", "-H", "Authorization: Bearer mine")[0], 200)
        self.assertEqual(server.ask("/export/connections/other", "-H", "Authorization: Bearer mine")[0], 404)

    def test_bad_fixtures_end_it_with_2_and_their_place(self):
        done = run(options=[self.fixtures(good=connection("good"), bad={"connections": [{"id": 5}]})])
        self.assertEqual(done.returncode, 2)
        self.assertIn("/fixtures/bad.json:1: /connections/0/id: is 5; wanted", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_an_empty_folder_is_the_default_world_with_a_notice(self):
        server = self.start(options=[self.fixtures()])
        self.assertEqual(server.ask("/export/connections/never-run-connection", "-H",
                                    "Authorization: Bearer reader-token")[0], 200)
        self.assertIn("default world", server.log())

    def test_the_healthcheck_knows_another_port_and_a_frozen_server(self):
        server = self.start(options=["--env=EXPORT_EMULATOR_PORT=9191"], port=9191)
        self.assertEqual(server.ask("/_emulator/livez")[0], 200)
        os.kill(server.pid, signal.SIGSTOP)
        self.assertFalse(server.is_healthy())
        os.kill(server.pid, signal.SIGCONT)
        self.assertTrue(server.is_healthy())

    def test_a_store_in_the_volume_survives_a_restart(self):
        server = self.start("--store", "/store/x.db")
        wanted = json.dumps({"iModelId": "a0471655-6b18-419e-ab01-ebf4fbff9dff", "displayName": "Mine"})
        status, body = server.ask("/export/connections", "-H", "Authorization: Bearer writer-token", "-d", wanted)
        self.assertEqual(status, 201, body)
        made = json.loads(body)["connection"]
        path = "/export/connections/" + made["id"]
        self.assertEqual(server.stop()[0], 0)
        server.start_again()
        status, body = server.ask(path, "-H", "Authorization: Bearer writer-token")
        self.assertEqual((status, json.loads(body)["connection"]), (200, made))

    def test_sigterm_ends_it_at_once_with_0_and_with_a_client_connected(self):
        self.assertEqual(inspect("image", IMAGE, ".Config.StopSignal") or "SIGTERM", "SIGTERM")
        server = self.start()
        with subprocess.Popen(["nsenter", f"--target={server.pid}", "--net", "curl", "--noproxy", "*", "-sN",
                               f"http://127.0.0.1:{server.port}/_emulator/requests/stream"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
            server.ask("/export/connections")
            self.assertTrue(select.select([client.stdout], [], [], GUARD)[0], "the stream says nothing")
            code, elapsed = server.stop()
            client.wait(GUARD)
        self.assertEqual(code, 0)
        self.assertLess(elapsed, SOON)
        print(f"stopped {elapsed * 1000:.0f} ms after SIGTERM, a client connected")

    def test_it_opens_no_connection_to_outside(self):
        server = self.start("--tls", "self-signed")
        for _, _, line in OUTCOME.findall(run("outcomes", "--url", f"http://localhost:{server.port}").stdout):
            server.shell(line)
        server.ask("/.well-known/openid-configuration")
        self.assertEqual(server.journeys(), 0)
        # That zero says something: an attempt would have been seen.
        server.ask("http://192.0.2.1/")
        self.assertGreater(server.journeys(), 0)

    def test_it_writes_nothing_outside_its_volume(self):
        idle = engine("create", *HARDENED, IMAGE, "--version")
        self.addCleanup(engine, "rm", "--force", "--volumes", idle)
        engine("start", "--attach", idle)
        server = self.start("--store", "/store/x.db", "--tls", "self-signed", writable=True)
        for _, _, line in OUTCOME.findall(run("outcomes", "--url", f"http://localhost:{server.port}").stdout):
            server.shell(line)
        self.assertEqual(set(engine("diff", server.id).splitlines()), set(engine("diff", idle).splitlines()))

    def test_it_is_small_and_soon_there(self):
        saved = subprocess.run([*ENGINE, "save", IMAGE], capture_output=True, check=True, timeout=GUARD).stdout
        size = len(gzip.compress(saved, 6))
        self.assertLess(size, 7.8e6)  # the smallest emulator that a vendor publishes
        server = self.start()
        self.assertEqual(server.ask("/_emulator/readyz")[0], 200)
        age, elapsed = server.age(), time.monotonic() - server.called
        self.assertLess(age, 5)
        print(f"compressed {size / 1e6:.1f} MB; first 200 at most {age * 1000:.0f} ms after the process began, "
              f"{elapsed * 1000:.0f} ms after the engine was called")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
