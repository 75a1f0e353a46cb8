"""Formats the figures as Markdown that is also readable on a terminal."""

import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess

import program

NOISY = 0.15  # cores that other processes used; figures above it are marked

HOW_TO_READ = """\
## How to read it

All servers share this machine's cores with wrk, which takes a whole core at full load: requests/s
depend on wrk as much as on the server. **CPU per request** (user and kernel, all threads and
processes, from /proc) is the figure with the least noise.

- **ours**: release build; it writes an access log to a file, counts a rate limit (`1000000000/60`) and
  checks token, scope and permission; its store is in memory. `ours --store` has the store in a SQLite
  file; `ours --log off` shows the cost of the log.
- **nginx**: Debian's package with 2 workers; it serves the same body as a static file and writes an
  access log to a file (unbuffered, as Debian configures it). Its response has fewer headers.
  `nginx return` returns the body as a constant of its configuration, without file and log.
- **bare**: `constant.cc`, cpp-httplib with the library's best settings, without decisions and log.
- Figures are medians over interleaved rounds. A ratio is the median of the ratios of the rounds, so
  it may differ from the quotient of the two medians.
- Latencies (p50, p99, worst) are measured by wrk from a request to the end of its response. With
  `close`, they exclude the time to connect, which is in req/s.
- **others**: cores used by neither wrk nor the server (includes kernel work that is charged to no
  process). Rows with more than {noisy} are marked `~`.
- A row with a fault (responses that were not 2xx, socket errors, lost log lines) is **invalid**.

`PROFILE.md` explains where the time goes, and which targets are missed and why."""


def table(heads, rows):
    """A Markdown table with aligned columns: the first to the left, the others to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *rows)]

    def line(cells):
        padded = [cell.ljust(width) if i == 0 else cell.rjust(width)
                  for i, (cell, width) in enumerate(zip(cells, widths))]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":"
                          for i, width in enumerate(widths)) + "|"
    return "\n".join([line(heads), rule, *map(line, rows)])


def shape_name(shape):
    connections, close = shape
    return f"{connections}{' close' if close else ''}"


def cpu(run):
    return f"{run.cpu:.1f} ({run.user:.1f})"


def others(run):
    return f"{'~ ' if run.others > NOISY else ''}{run.others:.2f}"


def ratio(ours, theirs, figure):
    """The median of the ratios of the rounds; None if a run is invalid."""
    if any(run.fault for run in ours + theirs):
        return None
    return statistics.median(getattr(a, figure) / max(getattr(b, figure), 1e-9)
                             for a, b in zip(ours, theirs))


def formatted(number):
    return "invalid" if number is None else f"{number:.2f}"


def verdict(met):
    return "invalid" if met is None else "met" if met else "MISSED"


def comparison(found, median_run):
    rows, ratios, targets = [], [], []
    shapes = list(dict.fromkeys(shape for shape, _ in found))
    for shape in shapes:
        for (of, name), runs in found.items():
            if of != shape:
                continue
            run = median_run(runs)
            rows.append([shape_name(shape), name, f"{run.rate:,.0f}", f"{run.p50:.0f}",
                         f"{run.p99:.0f}", cpu(run), f"{run.rss:.1f}", others(run), run.fault])
        ours, nginx, bare = (found[shape, name] for name in ("ours", "nginx", "bare"))
        ratios.append([shape_name(shape), *(formatted(ratio(ours, nginx, figure))
                                            for figure in ("rate", "p50", "p99", "cpu")),
                       *(formatted(ratio(ours, bare, figure)) for figure in ("rate", "p99", "cpu"))])
        if shape in ((8, False), (64, False)):
            for name, least in (("nginx", "nginx"), ("nginx return", "an nginx that returns a constant, without log")):
                rate = ratio(ours, found[shape, name], "rate")
                targets.append(f"- req/s at {shape_name(shape)} connections, at least 0.7 of {least}: "
                               f"{formatted(rate)}, {verdict(rate and rate >= 0.7)}")
            p99 = ratio(ours, nginx, "p99")
            targets.append(f"- p99 at {shape_name(shape)} connections, at most 2 times nginx's: "
                           f"{formatted(p99)}, {verdict(p99 and p99 <= 2)}")
    return "\n\n".join([
        "## Targets", "\n".join(targets),
        "## Ratios",
        table(["connections", "req/s ours/nginx", "p50", "p99", "CPU", "req/s ours/bare", "p99",
               "CPU"], ratios),
        "## One request, repeated",
        table(["connections", "server", "req/s", "p50 µs", "p99 µs", "CPU µs/request (user)",
               "RSS MiB", "others", "fault"], rows)])


def at_99(times):
    return times[int(len(times) * 0.99)]


def latencies(times):
    return f"{statistics.median(times):.0f} / {at_99(times):.0f} / {times[-1]:.0f}"


def idle(found, count, slow):
    rows = [[name, f"{f['rss_before']:.1f}", f"{f['rss_at_once']:.1f} ({f['threads_at_once']})",
             f"{f['rss']:.1f} ({f['threads']})", f"{f['idle_cpu'] * 100:.1f} %",
             latencies(f["before"]), latencies(f["meanwhile"])] for name, f in found.items()]
    ours = found["ours"]
    is_met = ours["rss"] < 64 and at_99(ours["meanwhile"]) < 10_000
    return "\n\n".join([
        f"## With {count:,} idle keep-alive connections",
        "A new client connects, sends a request and reads to the end, in Python, in sequence.\n"
        f"`meanwhile`: {slow} more clients send a request byte by byte.",
        table(["server", "RSS MiB before", "at once (threads)", "7 s later (threads)", "idle CPU",
               "new client, µs before: p50 / p99 / worst", "meanwhile"], rows),
        f"Target: under 64 MiB, and a p99 of new clients under 10 ms: {verdict(is_met)}."])


def starts(found):
    rows = []
    idle_rss = statistics.median(run[1] for run in found["ours"])
    for name, runs in found.items():
        start, rss, stop = ([run[i] for run in runs] for i in range(3))
        rows.append([name, f"{statistics.median(start) * 1e3:.1f}", f"{max(start) * 1e3:.1f}",
                     f"{statistics.median(rss):.1f}", f"{statistics.median(stop) * 1e3:.1f}",
                     f"{max(stop) * 1e3:.1f}"])
    return "\n\n".join([
        "## Start and stop",
        "From exec to the end of the first response, and from SIGTERM to the end of the process.",
        table(["server", "start ms", "worst", "RSS MiB", "stop ms", "worst"], rows),
        f"Target: less than 12 MiB of memory after the first response: {verdict(idle_rss < 12)}."])


def sizes(rows, median_run):
    table_rows, flat = [], []
    # Larger worlds are compared with the small one of their kind: the cost must not grow.
    small = None
    for label, start, runs, kind in rows:
        run = median_run(runs)
        if small and small[1] == kind:
            grown = ratio(runs, small[2], "cpu")
            flat.append(f"- CPU per request, {label} against {small[0]}, at most 1.25 times: "
                        f"{formatted(grown)}, {verdict(grown and grown <= 1.25)}")
        else:
            small = label, kind, runs
        table_rows.append([label, f"{run.rate:,.0f}", f"{run.p50:.0f}", f"{run.p99:.0f}",
                           f"{run.worst / 1000:.1f}", cpu(run), f"{run.rss:.0f}", f"{start:.2f}",
                           others(run), run.fault])
    return "\n\n".join([
        "## Larger worlds",
        "8 keep-alive connections. Each request is for a random connection, or by the next client. The "
        "caches are full.",
        "\n".join(flat),
        table(["world", "req/s", "p50 µs", "p99 µs", "worst ms", "CPU µs/request (user)",
               "RSS MiB", "start s", "others", "fault"], table_rows)])


def journal(figures):
    on, off, difference = figures
    return "\n\n".join([
        "## The journal",
        "CPU per request without sockets and log: medians of interleaved rounds.",
        table(["with journal, µs", "without", "difference"],
              [[f"{on:.2f}", f"{off:.2f}", f"{difference:.2f}"]]),
        f"Target: under 1 µs: {verdict(difference < 1)}."])


def instructions(rows):
    return "\n\n".join([
        "## Instructions per request",
        "In user space, counted by callgrind, with --store.",
        table(["world", "instructions"], [[label, f"{count:,.0f}"] for label, count in rows])])


def first_line(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=10,
                          check=False)
    return (done.stdout.decode(errors="replace").splitlines() or [""])[0].strip()


def machine():
    model = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(),
                      re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(),
                       re.MULTILINE)
    return "\n".join([
        f"- {os.cpu_count()} cores, {model[1] if model else platform.machine()}",
        f"- {system[1] if system else 'Linux'}, Linux {platform.release()}",
        f"- {first_line(program.PROGRAM, '--version')}; "
        f"{first_line('/usr/sbin/nginx', '-v').removeprefix('nginx version: ')}; "
        f"{' '.join(first_line('wrk', '-v').split()[:2])}"])


def whole(parts, plan, seconds):
    now = datetime.datetime.now(datetime.timezone.utc)
    head = "\n".join([
        "# Benchmark results", "",
        f"Written by `tests/bench/bench.py` on {now:%Y-%m-%d %H:%M} UTC: {plan.rounds} rounds of "
        f"{plan.seconds} s, {seconds / 60:.1f} minutes in total.", "", machine()])
    return "\n\n".join([head, *parts, HOW_TO_READ.format(noisy=NOISY)])
