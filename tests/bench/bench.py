#!/usr/bin/env python3
"""Measures the emulator against nginx and against a bare cpp-httplib program, in one run.

    tests/bench/bench.py [--quick] [--instructions]

The program is what EXPORT_EMULATOR_PROGRAM names, else that of build-release; the bare program is
looked for beside it (meson compile -C FOLDER export-emulator bench-constant bench-journal). It needs Debian's
packages wrk and nginx (or nginx-light), and valgrind for --instructions. A whole run is written to
RESULTS.md beside; a quick one is only printed.
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

import instructions  # noqa: E402  (these want the program to be known)
import load  # noqa: E402
import program  # noqa: E402
import report  # noqa: E402
import servers  # noqa: E402
import worlds  # noqa: E402


class Plan:
    """How much of everything."""

    def __init__(self, quick):
        self.rounds = 2 if quick else 7
        self.seconds = 0.5 if quick else 2
        self.world_rounds = 2 if quick else 5
        self.starts = 3 if quick else 20
        self.most_fixtures = 120_000 if quick else 1_000_000
        self.warm_requests = 20_000 if quick else 150_000
        self.end_after = 150 if quick else 1800  # seconds; it takes about 60 and 500


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def median_run(runs):
    """Of each figure the median; of what went wrong, all."""
    middle = [statistics.median(values) for values in list(zip(*runs))[:-1]]
    return load.Run(*middle, fault="; ".join(sorted({run.fault for run in runs if run.fault})))


def interleaved(pairs, rounds, seconds):
    """Runs each (server, load) once a round, every round begun by another one.

    Returns for each pair its runs, in the order of the rounds.
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
    """The same request to all, by load and server: {(shape, name): [Run, ...]}."""
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.Emulator(folder))
        kept = stack.enter_context(
            servers.Emulator(folder, "--store", folder / "store.db", name="ours --store"))
        silent = stack.enter_context(
            servers.Emulator(folder, "--log", "off", name="ours --log off"))
        others = [stack.enter_context(kind(folder)) for kind in (servers.Nginx, servers.Constant)]
        golden = servers.GOLDEN.read_bytes()
        for server in (ours, kept, silent, *others):
            if server.first_answer != golden:
                raise RuntimeError(f"{server.name} does not answer the golden bytes")
        found = {}
        for shape in SHAPES:
            connections, close = shape
            say(f"{connections} connections{', each for one request' if close else ''}")
            asked = [ours, *others] + ([kept, silent] if shape == (64, False) else [])
            pairs = [(server, load.Load(connections, close)) for server in asked]
            for server, runs in zip(asked, interleaved(pairs, plan.rounds, plan.seconds)):
                found[shape, server.name] = runs
        return found


IDLE_CLIENTS = 2000
SLOW_SENDERS = 200
FRESH = 300


def fresh_latencies(server):
    """Microseconds from connect to the last byte, of new connections one after the other."""
    times = []
    for _ in range(FRESH):
        started = time.perf_counter()
        server.ask()
        times.append((time.perf_counter() - started) * 1e6)
    return sorted(times)


@contextlib.contextmanager
def slow_senders(server):
    """Clients that send a request byte by byte and never come to its end."""
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
    """Memory and a new client's latency beside many connections that say little or nothing."""
    found = {}
    with contextlib.ExitStack() as stack:
        asked = [stack.enter_context(servers.Emulator(folder)),
                 stack.enter_context(servers.Nginx(folder))]
        for server in asked:
            found[server.name] = {"rss_before": server.rss(), "before": fresh_latencies(server)}
        for server in asked:
            # Each has been answered once: so it is a kept connection, not one that never spoke.
            for _ in range(IDLE_CLIENTS):
                client = stack.enter_context(server.connect())
                client.sendall(servers.request())
                servers.read_answer(client)
            found[server.name].update(rss_at_once=server.rss(),
                                      threads_at_once=server.status("Threads"))
        time.sleep(6.5)  # the emulator's threads wait 5 seconds for work
        cpu = {server: sum(server.cpu()) for server in asked}
        started = time.monotonic()
        time.sleep(1)
        for server in asked:
            found[server.name].update(
                idle_cpu=(sum(server.cpu()) - cpu[server]) / (time.monotonic() - started),
                rss=server.rss(), threads=server.status("Threads"))
        for server in asked:
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


def warm(server, asked, requests):
    """Asks at least so many times, in order: fills the caches."""
    while requests > 0:
        run = load.measure(server, asked, 0.5)
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
        # What is asked of whom, and in what way the world is large.
        rows = [(f"{few} fixtures", small, worlds.ask_connections(at, few), "fixtures"),
                (f"{some:,} fixtures", middle, worlds.ask_connections(at, some), "fixtures"),
                (f"{many:,} fixtures", big, worlds.ask_connections(at, many), "fixtures"),
                (f"{many:,} fixtures, {few} asked for", big, worlds.ask_connections(at, few),
                 "fixtures"),
                ("1 client", small, worlds.ask_as_each(at, 1), "clients"),
                (f"{clients:,} clients", crowd, worlds.ask_as_each(at, clients), "clients")]
        warm(middle, worlds.ask_connections(at, some, in_order=True), some)
        warm(big, worlds.ask_connections(at, many, in_order=True), plan.warm_requests)
        warm(crowd, worlds.ask_as_each(at, clients), clients)
        pairs = [(server, asked) for _, server, asked, _ in rows]
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
    parser.add_argument("--quick", action="store_true", help="a look of a minute, written nowhere")
    parser.add_argument("--instructions", action="store_true",
                        help="count instructions per request as well, with valgrind")
    arguments = parser.parse_args()
    plan = Plan(arguments.quick)

    def give_up(number, _):
        raise SystemExit(f"bench: ended by {signal.Signals(number).name}")

    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, give_up)
    signal.alarm(plan.end_after + (900 if arguments.instructions else 0))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # 4,000 idle clients are ours

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
