"""Observes the steady target: its log, memory, threads and descriptors."""

import os
import pathlib
import threading
import time

from target import pause
from program import GUARD


class LogReader(threading.Thread):
    """Reads the log of a program to its end. Start the program with stderr=`write_end`."""

    def __init__(self):
        super().__init__(daemon=True)
        self.read_end, self.write_end = os.pipe()
        self.lines = self.losses = 0
        self.failures = []

    def run(self):
        with os.fdopen(self.read_end, "rb") as log:
            for line in log:
                self.lines += 1
                if b"log lines lost" in line:
                    self.losses += 1
                elif b"-token" in line or b'{"fault"' in line or not line.startswith(b"{"):
                    self.failures.append(f"in the log: {line!r}")


class Sample:

    def __init__(self, pid):
        process = pathlib.Path("/proc") / str(pid)
        self.rss = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        self.threads = len(os.listdir(process / "task"))
        self.files = len(os.listdir(process / "fd"))

    def __str__(self):
        return f"{self.rss / 2**20:.1f} MiB, {self.threads} threads, {self.files} descriptors"


def take_sample(target):
    return Sample(target.running.process.pid)


async def take_samples(target, samples):
    while True:
        samples.append(take_sample(target))
        await pause(0.25)


async def wait_until_idle(target, idle):
    """Waits until threads and descriptors equal those of `idle`, or the guard ends; the last sample."""
    until = time.monotonic() + 2 * GUARD
    while True:
        sample = take_sample(target)
        if ((sample.threads, sample.files) == (idle.threads, idle.files)
                or time.monotonic() > until):
            return sample
        await pause(0.1)
