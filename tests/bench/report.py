"""The figures as text: Markdown that reads as well on a terminal."""

import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess

import program

NOISY = 0.15  # cores that others used: above it a figure is marked

HOW_TO_READ = """\
## How to read it

All servers run on this machine's cores together with wrk, which takes a core for itself at full
load: requests/s say as much about wrk as about the server. **CPU per request** (user and kernel,
all threads and processes, from /proc) is the figure that noise moves least.

- **ours**: release build, access log to a file, rate limit counting (`1000000000/60`), token, scope
  and permission checked, store in memory; `ours --store` keeps it in a SQLite file,
  `ours --log off` shows what the log costs.
- **nginx**: Debian's, 2 workers, serves the same body as a static file, access log to a file
  (unbuffered, as Debian configures it). Its answer has fewer headers.
- **bare**: `constant.cc`, cpp-httplib with the library's best settings; decides and logs nothing.
- Figures are medians over interleaved rounds. A ratio is the median of each round's ratio, so it
  need not be the quotient of the two medians beside it.
- Latencies (p50, p99, worst) are wrk's, for a keep-alive request and, with `close`, from the
  request on the new connection to the end of its answer: connecting is not in them, but in req/s.
- **others**: cores that neither wrk nor the server used meanwhile (kernel work that is charged to
  nobody is in it, too). Rows with more than {noisy} are marked `~`.
- A row with something in its last column (answers that were not 2xx, socket errors, lost log lines)
  **does not count**.

Where the time goes, and what is missed and why: `PROFILE.md`."""


def table(heads, rows):
    """Columns as wide as they must be; the first to the left, numbers to the right."""
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
    """The median of each round's ratio; None when a run does not count."""
    if any(run.fault for run in ours + theirs):
        return None
    return statistics.median(getattr(a, figure) / max(getattr(b, figure), 1e-9)
                             for a, b in zip(ours, theirs))


def shown(number):
    return "invalid" if number is None else f"{number:.2f}"


def verdict(met):
    return "invalid" if met is None else "met" if met else "MISSED"


def comparison(found, median_run):
    rows, ratios, wanted = [], [], []
    shapes = list(dict.fromkeys(shape for shape, _ in found))
    for shape in shapes:
        for (of, name), runs in found.items():
            if of != shape:
                continue
            run = median_run(runs)
            rows.append([shape_name(shape), name, f"{run.rate:,.0f}", f"{run.p50:.0f}",
                         f"{run.p99:.0f}", cpu(run), f"{run.rss:.1f}", others(run), run.fault])
        ours, nginx, bare = (found[shape, name] for name in ("ours", "nginx", "bare"))
        ratios.append([shape_name(shape), *(shown(ratio(ours, nginx, figure))
                                            for figure in ("rate", "p50", "p99", "cpu")),
                       *(shown(ratio(ours, bare, figure)) for figure in ("rate", "p99", "cpu"))])
        if shape in ((8, False), (64, False)):
            rate, p99 = ratio(ours, nginx, "rate"), ratio(ours, nginx, "p99")
            wanted.append(f"- req/s at {shape_name(shape)} connections at least 0.7 of nginx: "
                          f"{shown(rate)}, {verdict(rate and rate >= 0.7)}")
            wanted.append(f"- p99 at {shape_name(shape)} connections at most 2 times nginx's: "
                          f"{shown(p99)}, {verdict(p99 and p99 <= 2)}")
    return "\n\n".join([
        "## Wanted", "\n".join(wanted),
        "## Ratios",
        table(["connections", "req/s ours/nginx", "p50", "p99", "CPU", "req/s ours/bare", "p99",
               "CPU"], ratios),
        "## One answer, asked again and again",
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
    within = ours["rss"] < 64 and at_99(ours["meanwhile"]) < 10_000
    return "\n\n".join([
        f"## Beside {count:,} idle keep-alive connections",
        "A fresh request connects, asks and reads to the end, in Python, one after the other; "
        f"`meanwhile` with {slow} clients more that send a byte now and then.",
        table(["server", "RSS MiB before", "at once (threads)", "7 s later (threads)", "idle CPU",
               "fresh µs before: p50 / p99 / worst", "meanwhile"], rows),
        f"Wanted: under 64 MiB, and the p99 of fresh requests under 10 ms: {verdict(within)}."])


def starts(found):
    rows = []
    for name, runs in found.items():
        start, rss, stop = ([run[i] for run in runs] for i in range(3))
        rows.append([name, f"{statistics.median(start) * 1e3:.1f}", f"{max(start) * 1e3:.1f}",
                     f"{statistics.median(rss):.1f}", f"{statistics.median(stop) * 1e3:.1f}",
                     f"{max(stop) * 1e3:.1f}"])
    return "\n\n".join([
        "## Start and stop",
        "From exec to the end of the first answer, and from SIGTERM to the end of the process.",
        table(["server", "start ms", "worst", "RSS MiB", "stop ms", "worst"], rows)])


def sizes(rows, median_run):
    shown_rows, flat = [], []
    # A small world, and larger ones of its kind: the cost of a request must not grow.
    small = None
    for label, start, runs, kind in rows:
        run = median_run(runs)
        if small and small[1] == kind:
            grown = ratio(runs, small[2], "cpu")
            flat.append(f"- CPU per request, {label} against {small[0]}, at most 1.25 times: "
                        f"{shown(grown)}, {verdict(grown and grown <= 1.25)}")
        else:
            small = label, kind, runs
        shown_rows.append([label, f"{run.rate:,.0f}", f"{run.p50:.0f}", f"{run.p99:.0f}",
                           f"{run.worst / 1000:.1f}", cpu(run), f"{run.rss:.0f}", f"{start:.2f}",
                           others(run), run.fault])
    return "\n\n".join([
        "## Larger worlds",
        "8 keep-alive connections; a random connection in each request, or one client after the "
        "other. The caches were filled before.",
        "\n".join(flat),
        table(["world", "req/s", "p50 µs", "p99 µs", "worst ms", "CPU µs/request (user)",
               "RSS MiB", "start s", "others", "fault"], shown_rows)])


def journal(figures):
    on, off, difference = figures
    return "\n\n".join([
        "## The journal",
        "CPU of a request from head to answer without sockets and log, medians of rounds in turns.",
        table(["with, µs", "without", "the journal's"],
              [[f"{on:.2f}", f"{off:.2f}", f"{difference:.2f}"]]),
        f"Wanted: under 1 µs: {verdict(difference < 1)}."])


def instructions(rows):
    return "\n\n".join([
        "## Instructions per request",
        "In user space, by callgrind, with --store.",
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
        "# How fast it is", "",
        f"Written by `tests/bench/bench.py` on {now:%Y-%m-%d %H:%M} UTC: {plan.rounds} rounds of "
        f"{plan.seconds} s, {seconds / 60:.1f} minutes in all.", "", machine()])
    return "\n\n".join([head, *parts, HOW_TO_READ.format(noisy=NOISY)])
