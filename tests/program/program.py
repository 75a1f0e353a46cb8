"""Shared by the end-to-end tests: starts the program, sends requests to it, stops it.

EXPORT_EMULATOR_PROGRAM or the first argument of the test names the program. The program never sees
the caller's EXPORT_EMULATOR_* and PORT. Every wait ends with an event or fails after GUARD seconds.
"""

import collections
import contextlib
import http.client
import json
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

# Raised for sanitizers and busy machines; GUARD catches only what hangs.
PATIENCE = float(os.environ.get("EMULATOR_TEST_PATIENCE", "1"))
GUARD = 20 * PATIENCE  # seconds: far longer than any step takes
SOON = 3 * PATIENCE  # seconds: for steps that take at most 0.2 on an idle machine
ROOT = pathlib.Path(__file__).resolve().parents[2]
BREACH = "violates the contract"  # logged by --self-check
DEFAULT_WORLD = ROOT / "data" / "fixtures.json"
EXAMPLE = "fc226d0d-1647-48d7-8c11-f1f74f2d9808"  # the connection of the vendor's example

ONE_CONNECTION = '{"connections": [{"id": "%s"}]}'
# A user, client and token that may read every connection.
PRINCIPAL = """{"users": [{"id": "u", "connections": ["*"]}],
  "clients": [{"id": "k", "tier": "premium", "user": "u"}],
  "tokens": [{"token": "t", "client": "k", "scopes": ["export:read"]}]}"""


def find_program():
    named = os.environ.get("EXPORT_EMULATOR_PROGRAM")
    if not named and len(sys.argv) > 1 and os.path.isfile(sys.argv[1]):
        named = sys.argv.pop(1)
    if not named:
        sys.exit("EXPORT_EMULATOR_PROGRAM, or the first argument, must name the export-emulator")
    return os.path.abspath(named)


PROGRAM = find_program()

# Arguments of Popen that drop root, so that file permissions apply.
UNPRIVILEGED = ({"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {})


def environment(extra=None):
    """The caller's environment without variables that affect the program or curl; turns on
    --self-check, so that each response is checked against the contract."""
    hidden = ("EXPORT_EMULATOR_", "PORT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    kept = {name: value for name, value in os.environ.items()
            if name.upper() not in hidden and not name.startswith("EXPORT_EMULATOR_")}
    return {**kept, "EXPORT_EMULATOR_SELF_CHECK": "true", **(extra or {})}


def spawn(*arguments, env=None, under=(), **popen):
    """Starts the program with exactly these arguments and does not wait. `under`: a wrapper command,
    such as unshare."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
               "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*under, PROGRAM, *map(str, arguments)], env=environment(env),
                            **{**streams, **popen})


Finished = collections.namedtuple("Finished", "code out err elapsed")


def run(*arguments, env=None, stdin=b"", **popen):
    """Runs the program until it ends."""
    start = time.monotonic()
    done = subprocess.run([PROGRAM, *map(str, arguments)], env=environment(env), input=stdin,
                          capture_output=True, timeout=GUARD, **popen)
    return Finished(done.returncode, done.stdout.decode(errors="replace"),
                    done.stderr.decode(errors="replace"), time.monotonic() - start)


def end(process):
    """Kills the process if it still runs, and closes its pipes."""
    if process.poll() is None:
        process.kill()
    process.wait(GUARD)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def is_readable(file, seconds=GUARD):
    return bool(select.select([file], [], [], max(0, seconds))[0])


class Running:
    """A running server: a context that begins at the ready line and ends with SIGTERM.

    `port=None` omits --port; other keywords go to subprocess.Popen. The log goes to a file.
    """

    def __init__(self, *arguments, port=0, env=None, guard=GUARD, **popen):
        self.log_file = tempfile.TemporaryFile()
        port_flag = [] if port is None else ["--port", port]
        self.process = spawn(*arguments, *port_flag, env=env,
                             **{"stderr": self.log_file, **popen})
        try:
            self.ready_line = self._read_line(guard)
            self.ready = json.loads(self.ready_line)
            self.url, self.port = self.ready["url"], self.ready["port"]
        except BaseException:
            self.kill()
            self.log_file.close()
            raise

    def _read_line(self, guard):
        line, until = b"", time.monotonic() + guard
        while not line.endswith(b"\n"):
            if not is_readable(self.process.stdout, until - time.monotonic()):
                raise AssertionError(f"not ready after {guard} s: {self.log()}")
            byte = os.read(self.process.stdout.fileno(), 1)
            if not byte:
                raise AssertionError(f"ended with {self.process.wait(GUARD)}: {self.log()}")
            line += byte
        return line.decode()

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        try:
            if not failed and self.process.poll() is None:
                code, _ = self.stop()
                assert code == 0, f"ended with {code}: {self.log()}"
            assert failed or BREACH not in self.log(), self.log()
        finally:
            self.kill()
            self.log_file.close()

    def await_log(self, words):
        """Waits for the next log line with these words. Requires stderr=subprocess.PIPE."""
        until, descriptor = time.monotonic() + GUARD, self.process.stderr.fileno()
        line = b""
        while is_readable(descriptor, until - time.monotonic()):
            byte = os.read(descriptor, 1)
            line += byte
            if not byte:
                break
            if byte == b"\n":
                if words.encode() in line:
                    return line.decode()
                line = b""
        raise AssertionError(f"no line with {words!r} in the log; the last is {line!r}")

    def stop(self, with_signal=signal.SIGTERM):
        """Stops the program; returns its exit code and the seconds this took."""
        start = time.monotonic()
        self.process.send_signal(with_signal)
        return self.process.wait(GUARD), time.monotonic() - start

    def kill(self):
        end(self.process)

    def log(self):
        """The log so far; complete after the program has ended."""
        self.log_file.seek(0)
        return self.log_file.read().decode(errors="replace")


Answer = collections.namedtuple("Answer", "status headers body")


def call(port, method, path, body=None, token=None, headers=None, host="127.0.0.1"):
    """Sends one request. A body that is not bytes is sent as JSON."""
    connection = http.client.HTTPConnection(host, port, timeout=GUARD)
    with contextlib.closing(connection):
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        connection.request(method, path, body, {**sent, **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def get(port, path, token=None, headers=None, host="127.0.0.1"):
    return call(port, "GET", path, None, token, headers, host)


def get_connection(port, connection_id=EXAMPLE, token="reader-token"):
    return get(port, f"/export/connections/{connection_id}", token)


def raw(port, request, host="127.0.0.1"):
    """Sends these bytes; returns everything received until the server closes."""
    with socket.create_connection((host, port), timeout=GUARD) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65536), b""))


def get_pipelined(port, times, batch=250):
    """Sends `times` pipelined requests; returns their statuses."""
    request = (f"GET /export/connections/{EXAMPLE} HTTP/1.1\r\nHost: x\r\n"
               "Authorization: Bearer reader-token\r\n%s\r\n")
    requests = (request % "") * (batch - 1) + request % "Connection: close\r\n"
    statuses = []
    for _ in range(times // batch):
        statuses += re.findall(rb"HTTP/1\.1 (\d+) ", raw(port, requests.encode()))
    return statuses


def bound(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def has_ipv6():
    with contextlib.suppress(OSError), bound("::1", 0):
        return True
    return False


HAS_IPV6 = has_ipv6()


@contextlib.contextmanager
def reserved_port():
    """A port of both loopback addresses: bound here, so that no other process gets it, but without a
    listener, so that the program can listen on it."""
    for _ in range(20):
        with contextlib.ExitStack() as held:
            port = held.enter_context(bound("127.0.0.1", 0)).getsockname()[1]
            if HAS_IPV6:
                try:
                    held.enter_context(bound("::1", port))
                except OSError:
                    continue
            yield port
            return
    raise AssertionError("no port is free on both loopbacks")


class Case(unittest.TestCase):
    """A test case with temporary folders and programs that it cleans up."""

    def folder(self):
        return pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def start(self, *arguments, **settings):
        return self.enterContext(Running(*arguments, **settings))

    def spawn(self, *arguments, **settings):
        process = spawn(*arguments, **settings)
        self.addCleanup(end, process)
        return process

    def run_unprivileged(self, *arguments, **settings):
        try:
            return run(*arguments, **UNPRIVILEGED, **settings)
        except PermissionError:
            self.skipTest(f"{PROGRAM} is in a folder that only root can enter")

    def assert_words(self, words, text):
        for word in words:
            self.assertIn(word, text)
