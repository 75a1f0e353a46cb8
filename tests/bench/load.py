"""One run of wrk against one server, with the resources that the server used."""

import collections
import json
import pathlib
import resource
import signal
import subprocess
import time

import servers

# Times are microseconds. `cpu`: CPU of the server per request; `user`: its part outside of the kernel.
# `others`: cores that neither the server nor wrk used. `fault`: why the run is invalid, or empty.
Run = collections.namedtuple("Run", "requests rate p50 p99 worst cpu user rss others fault")

# Prints exact figures instead of wrk's rounded ones.
DONE = """
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests": %d, "seconds": %.6f, "p50": %d, "p99": %d, "worst": %d, '
    .. '"refused": %d, "socket": %d}\\n', summary.requests, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99), latency.max,
    e.status, e.connect + e.read + e.write + e.timeout))
end
"""

# One constant request, which wrk builds once.
ONE = """
wrk.path = {path}
wrk.headers["Authorization"] = {token}
"""
CLOSE = 'wrk.headers["Connection"] = "close"\n'

# A random one of `count` connections. Each run has another sequence; otherwise the second run would
# hit the caches that the first one filled.
RANDOM_IDS = """
math.randomseed({seed})
local random, format = math.random, string.format
function request() return format({text}, random({count}) - 1) end
"""

# Numbers in ascending order.
IN_ORDER = """
local at, format = 0, string.format
function request()
  at = (at + 1) % {count}
  return format({text}, at)
end
"""


def lua(text):
    return json.dumps(text)  # JSON escapes are valid in Lua for ASCII


class Load:
    """The requests of a run. `close`: a new connection for each. `varied`: RANDOM_IDS or IN_ORDER."""

    def __init__(self, connections, close=False, varied=None, request=b"", count=1):
        self.connections, self.close = connections, close
        self.varied, self.request, self.count = varied, request, count
        self.runs = 0

    def script(self, server):
        self.runs += 1
        if self.varied:
            return DONE + self.varied.format(seed=self.runs, text=lua(self.request.decode()),
                                             count=self.count)
        return (DONE + ONE.format(path=lua(server.path), token=lua("Bearer " + server.token))
                + (CLOSE if self.close else ""))


def busy_cores():
    """Busy seconds of all cores of the machine."""
    line = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, line[1:9])
    return (user + nice + system + irq + softirq + steal) / servers.TICK


def used_by_wrk():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(server, load, seconds):
    script = server.folder / "wrk.lua"
    script.write_text(load.script(server))
    server.forget_log()
    before = busy_cores(), used_by_wrk(), *server.cpu()
    started = time.monotonic()
    # Ended by a signal, because wrk accepts whole seconds only.
    wrk = subprocess.Popen(
        ["wrk", "-t1", f"-c{load.connections}", f"-d{int(seconds) + 10}s", "--timeout", "5s",
         "-s", str(script), f"http://127.0.0.1:{server.port}/"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=servers.die_with_parent)
    try:
        time.sleep(seconds * 0.8)
        rss = server.rss()
        time.sleep(seconds * 0.2)
        wrk.send_signal(signal.SIGINT)
        out, _ = wrk.communicate(timeout=20)
    finally:
        if wrk.poll() is None:
            wrk.kill()
            wrk.wait()
    elapsed = time.monotonic() - started
    after = busy_cores(), used_by_wrk(), *server.cpu()
    busy, by_wrk, user, system = (b - a for a, b in zip(before, after))

    report = json.loads(out.decode().strip().rpartition("\n")[2])
    requests = max(report["requests"], 1)
    faults = [f"{report[name]} {what}" for name, what in
              (("refused", "responses not 2xx"), ("socket", "socket errors")) if report[name]]
    if report["requests"] == 0:
        faults.append("no response")
    if server.forget_log():
        faults.append("access log lines lost")
    return Run(requests=report["requests"], rate=report["requests"] / report["seconds"],
               p50=report["p50"], p99=report["p99"],
               worst=report["worst"], cpu=(user + system) / requests * 1e6,
               user=user / requests * 1e6, rss=rss,
               others=max(0.0, (busy - by_wrk - user - system) / elapsed),
               fault=", ".join(faults))
