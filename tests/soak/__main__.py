"""Well-behaved, slow and broken clients at once, for a long time; every response is checked.

    python3 tests/soak [PROGRAM] MINUTES    (a fraction is allowed; or set EXPORT_EMULATOR_PROGRAM)

There are two targets. Each serves a store that is edited meanwhile. The steady one serves all the
time and must not grow. The restarted one is killed or stopped in a loop and restarts on its store.
Prints one line per check; exits with 1 if a check failed.
"""

import asyncio
import os
import pathlib
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "program"))
from checks import Checks, check_growth, check_journal, check_responses, check_stops
from clients import KINDS
from monitor import LogReader, take_sample, take_samples, wait_until_idle
from target import Target
from program import GUARD, reserved_port

JOURNAL_BYTES = 2 << 20  # small, so that entries are dropped early


async def run_all(steady, restarted, seconds, samples):
    """Runs all clients for this time; returns the exceptions that ended a task early."""
    over = asyncio.Event()
    restarts = asyncio.create_task(restarted.run_restarts(over))
    tasks = [asyncio.create_task(endless) for endless in [
        *(steady.run_client(kind) for kind, count, _ in KINDS for _ in range(count)),
        *(restarted.run_client(kind) for kind, _, count in KINDS for _ in range(count)),
        steady.run_edits(), restarted.run_edits(), take_samples(steady, samples)]]
    broken, _ = await asyncio.wait([*tasks, restarts], timeout=seconds,
                                   return_when=asyncio.FIRST_COMPLETED)
    # Let a restart finish: cancelling it could leave a half-started program.
    over.set()
    await asyncio.wait([restarts])
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return [task.exception() for task in {*broken, restarts} if task.exception()]


async def soak(seconds, folder, port):
    log = LogReader()
    small = ["--journal-bytes", str(JOURNAL_BYTES)]
    steady = Target("steady", folder, "--log", "json", *small, stderr=log.write_end)
    restarted = Target("restarted", folder, "--log", "off", *small, port=port)
    checks, samples = Checks(), []
    try:
        for target in (steady, restarted):
            await target.start()
            target.prepare()
        os.close(log.write_end)
        log.start()
        idle = take_sample(steady)
        for error in await run_all(steady, restarted, seconds, samples):
            checks.add(False, f"ended early: {error!r}")
        after = await wait_until_idle(steady, idle)
        for target in (steady, restarted):
            if target.is_up.is_set():
                await target.stop(signal.SIGTERM)
        await asyncio.to_thread(log.join, GUARD)
    finally:
        steady.close()
        restarted.close()

    check_responses(checks, (steady, restarted), log)
    check_growth(checks, samples)
    check_journal(checks, steady)
    checks.add((after.threads, after.files) == (idle.threads, idle.files),
               f"idle before: {idle}; after: {after}")
    check_stops(checks, (steady, restarted))
    print(f"soak: {checks.passed} passed, {checks.failed} failed")
    return checks.failed == 0


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    seconds = float(sys.argv[1]) * 60
    with tempfile.TemporaryDirectory() as folder, reserved_port() as port:
        is_good = asyncio.run(soak(seconds, pathlib.Path(folder), port))
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
