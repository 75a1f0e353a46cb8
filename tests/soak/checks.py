"""The checks at the end of the soak; each prints one line."""

import statistics

SLOWEST_STOP = 1.0  # seconds; a stop takes 0.2 on an idle machine
TYPICAL_STOP = 0.2
GROWTH, SLACK = 1.1, 2 << 20  # factor and bytes of memory growth that are tolerated
MOST_SHOWN = 10


class Checks:

    def __init__(self):
        self.passed = self.failed = 0

    def add(self, is_good, text):
        self.passed += is_good
        self.failed += not is_good
        print(f"{'ok' if is_good else 'BAD':4}{text}")


def check_growth(checks, samples):
    third = len(samples) // 3
    thirds = samples[:third], samples[third:2 * third], samples[2 * third:]
    for name, unit, scale, slack in [("rss", "MiB of memory", 2**20, SLACK),
                                     ("threads", "threads", 1, 10),
                                     ("files", "descriptors", 1, 10)]:
        first, second, last = (statistics.median(getattr(sample, name) for sample in part)
                               for part in thirds)
        checks.add(last <= second * GROWTH + slack,
                   f"{unit}, median of each third: {first / scale:.1f}, {second / scale:.1f}, "
                   f"{last / scale:.1f}; most: "
                   f"{max(getattr(sample, name) for sample in samples) / scale:.1f}")


def check_responses(checks, targets, log):
    for target in targets:
        for failure in target.failures[:MOST_SHOWN]:
            print(f"    {failure}")
        checks.add(not target.failures and target.responses > 0,
                   f"{target.name}: {target.responses} responses in {target.sessions} sessions with "
                   f"{target.committed} edits: {len(target.failures)} failures")
    for failure in log.failures[:MOST_SHOWN]:
        print(f"    {failure}")
    checks.add(not log.failures and log.lines > 0,
               f"steady: {log.lines} log lines without a token or an internal error; "
               f"lines were lost {log.losses} times")


def check_journal(checks, steady):
    dropped = steady.dropped
    checks.add(dropped == sorted(dropped) and 0 < dropped[len(dropped) // 2] < dropped[-1],
               f"steady: the journal dropped {dropped[-1]} entries to stay within its size")


def check_stops(checks, targets):
    stops = [seconds for target in targets for seconds in target.stops]
    outages = sum(target.outages for target in targets)
    typical, slowest = statistics.median(stops), max(stops)
    checks.add(typical <= TYPICAL_STOP and slowest <= SLOWEST_STOP,
               f"{len(stops)} stops, median {typical * 1000:.0f} ms, "
               f"slowest {slowest * 1000:.0f} ms; and {outages - len(stops)} kills")
