"""The programs under test: each serves a store that is edited meanwhile."""

import asyncio
import contextlib
import itertools
import random
import signal
import sqlite3

from program import GUARD, Running

KEPT_EDITS = 10  # edits whose inserted connection still exists


async def pause(seconds):
    """Think time of a client; no check depends on it."""
    await asyncio.sleep(seconds * random.uniform(0.5, 1.5))


def run_sql(store, *statements):
    with contextlib.closing(sqlite3.connect(store, timeout=GUARD)) as database, database:
        database.execute("pragma synchronous = normal")  # enough: this process is never killed
        for statement in statements:
            rows = database.execute(statement).fetchall()
        return rows


class Target:
    """A program, its store, and the results of its clients."""

    def __init__(self, name, folder, *arguments, port=0, **popen):
        self.name, self.store = name, folder / name
        self.arguments, self.popen = ["--store", self.store, *arguments], popen
        self.port = port
        self.responses = self.sessions = self.outages = 0
        self.begun = self.committed = 0  # numbers of edits
        self.dropped = []  # the journal's count of dropped entries, per reading
        self.failures = []
        self.stops = []  # seconds
        self.is_up = asyncio.Event()
        self.running = None

    async def start(self):
        """Starts or restarts the program; a restart uses the same port and store."""
        self.running = await asyncio.to_thread(Running, *self.arguments, port=self.port,
                                               **self.popen)
        self.port = self.running.port
        self.is_up.set()

    def fail(self, text):
        self.failures.append(f"{self.name}: {text}")

    async def stop(self, with_signal):
        self.is_up.clear()
        self.outages += 1
        code, seconds = await asyncio.to_thread(self.running.stop, with_signal)
        if with_signal == signal.SIGTERM:
            self.stops.append(seconds)
        if code != (0 if with_signal == signal.SIGTERM else -with_signal):
            self.fail(f"{with_signal.name}: ended with {code}")
        self.close()

    def close(self):
        if self.running:
            self.running.__exit__(True)

    async def run_client(self, kind):
        """Repeats sessions forever. A broken connection is no failure if the program went down."""
        while True:
            await self.is_up.wait()
            outages = self.outages
            try:
                await kind(self)
                self.sessions += 1
            except (OSError, EOFError, TimeoutError) as error:
                if self.outages == outages:
                    self.fail(f"{kind.__name__}: {error!r}")
            except Exception as error:  # a wrong or unreadable response
                self.fail(f"{kind.__name__}: {error!r}")

    async def run_edits(self):
        """Edits the store forever, also while the program is down."""
        while True:
            self.begun += 1
            n = self.begun
            await asyncio.to_thread(
                run_sql, self.store,
                f"update connections set display_name = 'edit {n}'"
                " where id = 'never-run-connection'",
                f"insert into connections (id) values ('edit-{n}')",
                f"delete from connections where id = 'edit-{n - KEPT_EDITS}'")
            self.committed = n
            await pause(0.05)

    def prepare(self):
        """Raises the rate limit of the clients and makes edit 0."""
        run_sql(self.store,
                "insert into client_rate_limits values ('premium-app', 60, 1000000000)",
                "update connections set display_name = 'edit 0' where id = 'never-run-connection'")

    def last_edit(self):
        (name,), = run_sql(self.store, "select display_name from connections"
                                       " where id = 'never-run-connection'")
        return int(name.split()[1])

    async def run_restarts(self, over):
        """Until `over`: kills or stops the program under load, restarts it and checks its store."""
        signals = itertools.cycle([signal.SIGKILL, signal.SIGTERM])
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(random.uniform(1, 3)):
                    return await over.wait()
            await self.stop(next(signals))
            committed = self.committed
            await self.start()
            integrity = await asyncio.to_thread(run_sql, self.store, "pragma integrity_check")
            if integrity != [("ok",)]:
                self.fail(f"the store is corrupt: {integrity}")
            if (kept := await asyncio.to_thread(self.last_edit)) < committed:
                self.fail(f"edit {committed} was committed, but the store has only edit {kept}")
