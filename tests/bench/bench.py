#!/usr/bin/env python3
"""Measures the emulator against nginx and against a bare cpp-httplib program, in one run.

    tests/bench/bench.py [--quick] [--instructions]

EXPORT_EMULATOR_PROGRAM names the program (default: the one of build-release). Its build folder must
have the programs bench-constant and bench-journal (meson compile -C FOLDER export-emulator
bench-constant bench-journal). Needs Debian's packages wrk and nginx (or nginx-light), and valgrind
for --instructions. Writes the results of a full run to RESULTS.md; only prints those of a quick run.
"""

import argparse
import contextlib
import os
import pathlib
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
os.environ.setdefault("EXPORT_EMULATOR_PROGRAM",
                      str(HERE.parent.parent / "build-release/export-emulator"))

import instructions  # noqa: E402  (reads the variable above)
import load  # noqa: E402
import program  # noqa: E402
import report  # noqa: E402
import servers  # noqa: E402
import worlds  # noqa: E402


class Plan:
    """The sizes and durations of a run."""

    def __init__(self, quick):
        self.rounds = 2 if quick else 7
        self.seconds = 0.5 if quick else 2
        self.world_rounds = 2 if quick else 5
        self.starts = 3 if quick else 20
        self.most_fixtures = 120_000 if quick else 1_000_000
        self.warm_requests = 20_000 if quick else 150_000
        self.end_after = 150 if quick else 1800  # seconds; a run takes about 60 or 500


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def median_run(runs):
    """The median of each figure, and all faults."""
    middle = [statistics.median(values) for values in list(zip(*runs))[:-1]]
    return load.Run(*middle, fault="; ".join(sorted({run.fault for run in runs if run.fault})))


def interleaved(pairs, rounds, seconds):
    """Runs each (server, load) once per round; each round starts with another pair.

    Returns the runs of each pair in the order of the rounds.
    """
    runs = [[] for _ in pairs]
    for turn in range(rounds):
        for i in range(len(pairs)):
            at = (i + turn) % len(pairs)
            runs[at].append(load.measure(*pairs[at], seconds))
    return runs


# Keep-alive, and a new connection for each request.
SHAPES = [(connections, close) for close in (False, True) for connections in (1, 8, 64, 256)]


def compare(folder, plan):
    """Sends the same request to all servers. Returns {(shape, name): [Run, ...]}."""
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.Emulator(folder))
        kept = stack.enter_context(
            servers.Emulator(folder, "--store", folder / "store.db", name="ours --store"))
        silent = stack.enter_context(
            servers.Emulator(folder, "--log", "off", name="ours --log off"))
        others = [stack.enter_context(kind(folder)) for kind in (servers.Nginx, servers.Constant, servers.NginxReturn)]
        golden = servers.GOLDEN.read_bytes()
        for server in (ours, kept, silent, *others):
            if server.first_response != golden:
                raise RuntimeError(f"{server.name} does not respond with the golden body")
        found = {}
        for shape in SHAPES:
            connections, close = shape
            say(f"{connections} connections{', each for one request' if close else ''}")
            measured = [ours, *others] + ([kept, silent] if shape == (64, False) else [])
            pairs = [(server, load.Load(connections, close)) for server in measured]
            for server, runs in zip(measured, interleaved(pairs, plan.rounds, plan.seconds)):
                found[shape, server.name] = runs
        return found


IDLE_CLIENTS = 2000
SLOW_SENDERS = 200
FRESH = 300


def fresh_latencies(server):
    """Sorted microseconds from connect to the last byte, for new connections in sequence."""
    times = []
    for _ in range(FRESH):
        started = time.perf_counter()
        server.get()
        times.append((time.perf_counter() - started) * 1e6)
    return sorted(times)


@contextlib.contextmanager
def slow_senders(server):
    """Clients that send a request byte by byte and never finish it."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(SLOW_SENDERS)]
        ended = threading.Event()

        def drip():
            sent = 0
            while not ended.wait(0.002):
                byte = sent // SLOW_SENDERS
                clients[sent % SLOW_SENDERS].sendall(servers.request()[byte:byte + 1])
                sent += 1

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            yield
        finally:
            ended.set()
            dripping.join()


def idle_clients(folder):
    """Memory and the latency of a new client while many connections are idle or slow."""
    found = {}
    with contextlib.ExitStack() as stack:
        compared = [stack.enter_context(servers.Emulator(folder)),
                    stack.enter_context(servers.Nginx(folder))]
        for server in compared:
            found[server.name] = {"rss_before": server.rss(), "before": fresh_latencies(server)}
        for server in compared:
            # One request each, so that these are keep-alive connections and not new ones.
            for _ in range(IDLE_CLIENTS):
                client = stack.enter_context(server.connect())
                client.sendall(servers.request())
                servers.read_response(client)
            found[server.name].update(rss_at_once=server.rss(),
                                      threads_at_once=server.status("Threads"))
        time.sleep(6.5)  # idle threads of the emulator end after 5 seconds
        cpu = {server: sum(server.cpu()) for server in compared}
        started = time.monotonic()
        time.sleep(1)
        for server in compared:
            found[server.name].update(
                idle_cpu=(sum(server.cpu()) - cpu[server]) / (time.monotonic() - started),
                rss=server.rss(), threads=server.status("Threads"))
        for server in compared:
            with slow_senders(server):
                found[server.name]["meanwhile"] = fresh_latencies(server)
    return found


def starts(folder, plan):
    """Start, memory and stop of fresh processes: {name: [(seconds, MiB, seconds), ...]}."""
    kept = ("--store", folder / "kept.db")
    with servers.Emulator(folder, *kept):
        pass
    found = {}
    for _ in range(plan.starts):
        for server in (servers.Emulator(folder), servers.Nginx(folder), servers.Constant(folder),
                       servers.Emulator(folder, *kept, name="ours --store")):
            with server:
                rss = server.rss()
            found.setdefault(server.name, []).append(
                (server.start_seconds, rss, server.stop_seconds))
    return found


def warm(server, requested, requests):
    """Fills the caches: repeats the load until this number of requests is reached."""
    while requests > 0:
        run = load.measure(server, requested, 0.5)
        if run.fault:
            raise RuntimeError(f"{server.name}: {run.fault}")
        requests -= run.requests


def sizes(folder, plan):
    """The emulator with small and large worlds: [(label, start seconds, [Run, ...], kind), ...]."""
    few, some, many, clients = 10, 10_000, plan.most_fixtures, 10_000
    at = 8  # connections
    with contextlib.ExitStack() as stack:
        def start(connections, clients):
            say(f"loading {connections:,} fixtures, {clients:,} clients")
            file = folder / "world.json"
            worlds.write(file, connections, clients)
            server = servers.Emulator(folder, "--fixtures", file, name=f"w{connections}-{clients}",
                                      path=worlds.path(0), token=worlds.TOKEN % 0, guard=300)
            return stack.enter_context(server)

        small, middle, big = start(few, 1), start(some, 1), start(many, 1)
        crowd = start(few, clients)
        # Label, server, load, and what makes the world large.
        rows = [(f"{few} fixtures", small, worlds.request_connections(at, few), "fixtures"),
                (f"{some:,} fixtures", middle, worlds.request_connections(at, some), "fixtures"),
                (f"{many:,} fixtures", big, worlds.request_connections(at, many), "fixtures"),
                (f"{many:,} fixtures, {few} requested", big, worlds.request_connections(at, few),
                 "fixtures"),
                ("1 client", small, worlds.request_as_each(at, 1), "clients"),
                (f"{clients:,} clients", crowd, worlds.request_as_each(at, clients), "clients")]
        warm(middle, worlds.request_connections(at, some, in_order=True), some)
        warm(big, worlds.request_connections(at, many, in_order=True), plan.warm_requests)
        warm(crowd, worlds.request_as_each(at, clients), clients)
        pairs = [(server, requested) for _, server, requested, _ in rows]
        runs = interleaved(pairs, plan.world_rounds, plan.seconds)
        return [(label, server.start_seconds, measured, kind)
                for (label, server, _, kind), measured in zip(rows, runs)]


def journal():
    """CPU microseconds per request: with the journal, without, the difference."""
    cost = pathlib.Path(program.PROGRAM).parent / "tests/bench/bench-journal"
    done = subprocess.run([cost], stdout=subprocess.PIPE, text=True, check=True)
    return [float(figure) for figure in done.stdout.split()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="a run of one minute; the results are only printed")
    parser.add_argument("--instructions", action="store_true",
                        help="also count instructions per request with valgrind")
    arguments = parser.parse_args()
    plan = Plan(arguments.quick)

    def give_up(number, _):
        raise SystemExit(f"bench: ended by {signal.Signals(number).name}")

    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, give_up)
    signal.alarm(plan.end_after + (900 if arguments.instructions else 0))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # for 4,000 idle clients

    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = pathlib.Path(name)
        parts = [report.comparison(compare(folder, plan), median_run)]
        say("idle connections")
        parts.append(report.idle(idle_clients(folder), IDLE_CLIENTS, SLOW_SENDERS))
        say("starts")
        parts.append(report.starts(starts(folder, plan)))
        parts.append(report.sizes(sizes(folder, plan), median_run))
        say("the journal")
        parts.append(report.journal(journal()))
        if arguments.instructions:
            say("instructions")
            parts.append(report.instructions(instructions.by_size(folder, plan.most_fixtures)))
    text = report.whole(parts, plan, time.monotonic() - started)
    print(text)
    if not arguments.quick:
        (HERE / "RESULTS.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
