"""The measured servers: how to start each, what it used, how to end it.

Each is a context: the server responds when it is entered and has ended when it is left. If this
program is killed, the kernel ends the servers (PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "program"))
import program  # noqa: E402  (found in the folder above)

TICK = os.sysconf("SC_CLK_TCK")
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
GOLDEN = program.ROOT / "tests/golden/get-export-connection/200.json"
PATH = "/export/connections/" + program.EXAMPLE
TOKEN = "reader-token"


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def request(path=PATH, token=TOKEN, close=False):
    """The bytes of a request; the same for every server."""
    return (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            + ("Connection: close\r\n" if close else "") + "\r\n").encode()


def read_response(client):
    """Reads one response with a Content-Length; returns head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(client)
    head, body = data.split(b"\r\n\r\n", 1)
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields[b"content-length"]):
        body += receive(client)
    return head, body


def receive(client):
    data = client.recv(65536)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data


def fields_of(file):
    """The fields of /proc/PID/stat after the name, which may contain any character."""
    return pathlib.Path(file).read_text().rpartition(")")[2].split()


def processes_of(parent):
    """A process and its children."""
    found = [parent]
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if entry.isdigit() and int(fields_of(f"/proc/{entry}/stat")[1]) == parent:
                found.append(int(entry))
    return found


class Server:
    """Subclasses define `name`, `command(port)` and, if there is an access log, `log`."""

    name = ""
    log = None
    process_count = 1

    def __init__(self, folder, path=PATH, token=TOKEN, guard=program.GUARD):
        self.folder = pathlib.Path(folder)
        self.path, self.token, self.guard = path, token, guard
        self.process = None

    def command(self, port):
        raise NotImplementedError

    def __enter__(self):
        with program.reserved_port() as self.port:
            started = time.monotonic()
            with open(self.folder / f"{self.name}.out", "ab") as out:
                self.process = subprocess.Popen(
                    self.command(self.port), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                    env=program.environment(), preexec_fn=die_with_parent)
            try:
                self.first_response = self.wait_for_response()
            except BaseException:
                program.end(self.process)
                raise
            self.start_seconds = time.monotonic() - started
        while len(processes_of(self.process.pid)) < self.process_count:
            time.sleep(0.001)
        self.processes = processes_of(self.process.pid)
        return self

    def wait_for_response(self):
        until = time.monotonic() + self.guard
        # Poll less often if the server takes minutes to start.
        pause = 0.0005 if self.guard <= program.GUARD else 0.1
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode} before its "
                                   f"first answer: {self.last_words()}")
            with contextlib.suppress(ConnectionRefusedError):
                return self.get()
            time.sleep(pause)
        raise RuntimeError(f"{self.name} did not answer within {self.guard} s")

    def last_words(self):
        return (self.folder / f"{self.name}.out").read_text(errors="replace")[-500:].strip()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=program.GUARD)

    def get(self):
        """Sends one request on its own connection; returns the body of the response."""
        with self.connect() as client:
            client.sendall(request(self.path, self.token, close=True))
            head, body = read_response(client)
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{self.name} responded: {head!r}")
        return body

    def __exit__(self, *_):
        started = time.monotonic()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(program.GUARD)
        self.stop_seconds = time.monotonic() - started
        program.end(self.process)

    def cpu(self):
        """Seconds of CPU so far: (user, system)."""
        user = system = 0
        for pid in self.processes:
            fields = fields_of(f"/proc/{pid}/stat")
            user, system = user + int(fields[11]), system + int(fields[12])
        return user / TICK, system / TICK

    def status(self, field):
        """A number of /proc/PID/status, summed over the processes of the server."""
        total = 0
        for pid in self.processes:
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(field + ":"):
                    total += int(line.split()[1])
        return total

    def rss(self):
        return self.status("VmRSS") / 1024  # MiB

    def forget_log(self):
        """Empties the access log to save disk space. True if lines were lost."""
        if not self.log or not self.log.exists():
            return False
        with open(self.log, "rb") as log:
            lost = any(b"log lines lost" in line for line in log)
        os.truncate(self.log, 0)  # the server appends to it
        return lost


class Emulator(Server):
    def __init__(self, folder, *arguments, name="ours", **settings):
        super().__init__(folder, **settings)
        self.name, self.arguments = name, arguments
        self.log = self.folder / f"{name}.out"  # its standard error

    def command(self, port):
        return [program.PROGRAM, "--port", str(port), "--rate-limit", "1000000000/60",
                *map(str, self.arguments)]


class Constant(Server):
    name = "bare"

    def command(self, port):
        # Built by tests/bench/meson.build.
        built = pathlib.Path(program.PROGRAM).parent / "tests/bench/bench-constant"
        return [str(built), str(port), str(GOLDEN)]


class Nginx(Server):
    """nginx with the relevant settings of Debian's nginx.conf; uses only files of the folder."""

    name = "nginx"
    process_count = 3  # a master and its workers
    config = """
daemon off;
worker_processes 2;
worker_rlimit_nofile 8192;
pid {folder}/nginx-{port}.pid;
error_log {folder}/nginx.out;
{user}
events {{ worker_connections 4096; }}
http {{
  sendfile on;
  tcp_nopush on;
  default_type application/json;
  access_log {log};
  keepalive_requests 1000000000;
  keepalive_timeout 65;
  {places}
  server {{ listen 127.0.0.1:{port} backlog=1024; {content} }}
}}
"""

    def content(self):
        """The directives that serve the body."""
        file = self.folder / "www" / self.path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(GOLDEN.read_bytes())
        self.log = self.folder / "nginx.log"
        return f"root {self.folder}/www;"

    def command(self, port):
        content = self.content()
        places = " ".join(f"{kind}_temp_path {self.folder}/temp;"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # Otherwise workers drop root and cannot read root's temporary folder.
        user = "user root;" if os.geteuid() == 0 else ""
        config = self.folder / f"{self.name}.conf".replace(" ", "-")
        config.write_text(self.config.format(folder=self.folder, port=port, user=user, places=places, content=content,
                                             log=self.log or "off"))
        return ["/usr/sbin/nginx", "-e", f"{self.folder}/nginx.out", "-p", str(self.folder),
                "-c", str(config)]


class NginxReturn(Nginx):
    """nginx at its fastest: the body is a constant of the configuration, without file and log."""

    name = "nginx return"

    def content(self):
        return f"location / {{ return 200 '{GOLDEN.read_text(encoding='utf-8')}'; }}"
