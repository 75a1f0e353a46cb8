#!/usr/bin/env python3
"""Good, bad and broken clients, all at once and for long; every answer is checked.

    tests/soak.py [PROGRAM] MINUTES    (MINUTES may be a fraction; or EXPORT_EMULATOR_PROGRAM)

Two programs, each with a store that is edited meanwhile: the steady one serves all the time and may
not grow; the mortal one is killed and stopped again and again, and comes back on its store. Ends
with one line per verdict, and exit 1 when one is bad.
"""

import asyncio
import contextlib
import itertools
import json
import os
import pathlib
import random
import signal
import socket
import sqlite3
import statistics
import struct
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "program"))
from program import EXAMPLE, GUARD, ROOT, Running, reserved_port

SLOWEST_STOP = 1.0  # seconds; 0.2 is what it takes where nothing else runs
TYPICAL_STOP = 0.2
STALL = 10  # seconds: what the program gives a request to arrive
GROWTH, SLACK = 1.1, 2 << 20  # how much more memory is none
JOURNAL = 2 << 20  # bytes: soon full
MOST_SHOWN = 10
HOST = "127.0.0.1"

GOLDEN = ROOT / "tests" / "golden" / "get-export-connection"
PAGE = {status: (GOLDEN / f"{status}.json").read_bytes() for status in (200, 401, 403, 404, 429)}
SCHEMA = (ROOT / "schema" / "fixtures.schema.json").read_bytes()


# --- What is asked, and what is right ---

class Wrong(Exception):
    """An answer that is not right."""


class Ask:
    """A request and its answer."""

    def __init__(self, line, status, body=None, code=None, token=None, fields=(), sent=b""):
        """`body`: the whole of it; `code`: that of the error in it. Else it is not looked at."""
        self.line, self.status, self.body, self.code = line, status, body, code
        self.fields = [f"Authorization: Bearer {token}"] if token else []
        self.fields += fields
        self.sent = sent
        self.is_head = line.startswith("HEAD ")

    def bytes(self, correlation_id, *more_fields):
        lines = [f"{self.line} HTTP/1.1", f"Host: {HOST}", f"X-Correlation-Id: {correlation_id}",
                 *self.fields, *more_fields, "", ""]
        return "\r\n".join(lines).encode() + self.sent

    def check(self, answer, correlation_id):
        if answer.status != self.status:
            raise Wrong(f"{self.line}: {answer.status} and not {self.status}")
        if answer.headers.get("x-correlation-id") != correlation_id:
            raise Wrong(f"{self.line}: it is the answer to another request: {answer.headers}")
        if self.body is not None and answer.body != self.body:
            raise Wrong(f"{self.line}: {answer.body!r}")
        if self.code and json.loads(answer.body)["error"]["code"] != self.code:
            raise Wrong(f"{self.line}: {answer.body!r}")
        if self.status == 429 and not 0 < int(answer.headers["retry-after"]) <= 60:
            raise Wrong(f"{self.line}: {answer.headers}")
        if self.is_head and int(answer.headers["content-length"]) != len(PAGE[200]):
            raise Wrong(f"{self.line}: {answer.headers}")


def connection(name, status, token="reader-token", method="GET", **more):
    return Ask(f"{method} /export/connections/{name}", status, token=token, **more)


SHORT = connection(EXAMPLE, 200, body=PAGE[200])
LONG = Ask("GET /_emulator/fixtures.schema.json", 200, body=SCHEMA)
ASKS = [
    SHORT,
    LONG,
    connection(EXAMPLE, 200, method="HEAD", body=b""),
    connection("private-connection", 403, body=PAGE[403]),
    connection("nobody-has-this", 404, body=PAGE[404]),
    connection(EXAMPLE, 401, token=None, body=PAGE[401]),
    connection(EXAMPLE, 401, token="unknown-token", code="Unauthorized"),
    connection(EXAMPLE, 401, token="expired-token", code="Unauthorized"),
    connection(EXAMPLE, 429, token="throttled-token", body=PAGE[429]),
    connection(EXAMPLE, 204, method="OPTIONS", body=b""),
    connection(EXAMPLE, 405, method="POST", code="MethodNotAllowed",
               fields=["Content-Length: 5"], sent=b"hello"),
    connection(EXAMPLE, 405, method="PUT", code="MethodNotAllowed",
               fields=["Transfer-Encoding: chunked"], sent=b"5\r\nhello\r\n0\r\n\r\n"),
    connection("%zz", 400, code="BadRequest"),
    Ask("BREW /tea", 404, code="RouteNotFound"),
    Ask("GET /_emulator/livez", 200, body=b'{"status":"alive"}'),
]

# What is no request; tests/hostile_requests.h has them all.
HOSTILE = [
    (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
     b"0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\n", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 100_000, 413),
    (b"GET /" + b"x" * 20_000, 414),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415),
    (b"GET / HTTP/1.1\r\nX: " + b"x" * 60_000, 431),
    (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
]


# --- A client's connection ---

class Answer:

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        fields = [line.split(": ", 1) for line in lines[1:] if line]
        self.headers = {name.lower(): value for name, value in fields}
        self.body = body


class Wire:
    """A context that closes it."""

    numbers = itertools.count()

    def __init__(self, target, receive_buffer=None):
        self.target, self.receive_buffer = target, receive_buffer

    async def __aenter__(self):
        self.socket = socket.socket()
        try:
            if self.receive_buffer:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
            self.socket.setblocking(False)
            async with asyncio.timeout(GUARD):
                await asyncio.get_running_loop().sock_connect(self.socket,
                                                              (HOST, self.target.port))
            self.reader, self.writer = await asyncio.open_connection(
                sock=self.socket, limit=self.receive_buffer or 1 << 16)
        except BaseException:
            self.socket.close()
            raise
        return self

    async def __aexit__(self, *_):
        self.writer.close()

    def send(self, data):
        if self.writer.is_closing():
            raise ConnectionResetError("closed by the program")
        self.writer.write(data)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def answer(self, is_head=False, patience=GUARD):
        async with asyncio.timeout(patience):
            head = await self.reader.readuntil(b"\r\n\r\n")
            answer = Answer(head[:-4], b"")
            if not is_head:
                length = int(answer.headers.get("content-length", 0))
                answer.body = await self.reader.readexactly(length)
            return answer

    async def rest(self, patience=GUARD):
        """All up to the end of the stream."""
        async with asyncio.timeout(patience):
            return await self.reader.read()

    async def receive(self, ask, correlation_id, patience=GUARD):
        ask.check(await self.answer(ask.is_head, patience), correlation_id)
        self.target.answers += 1

    async def exchange(self, ask, *more_fields):
        correlation_id = f"soak-{next(self.numbers)}"
        self.send(ask.bytes(correlation_id, *more_fields))
        await self.receive(ask, correlation_id)

    async def expect_refusal(self, status, patience=GUARD):
        answers = await self.rest(patience)
        head, end, body = answers.partition(b"\r\n\r\n")
        if not end:
            raise EOFError(f"no answer but {answers!r}")
        if not head.startswith(b"HTTP/1.1 %d " % status) or b"\r\nConnection: close" not in head:
            raise Wrong(f"not refused with {status}: {answers!r}")
        if len(body) != int(Answer(head, b"").headers["content-length"]):
            raise Wrong(f"more than one answer: {answers!r}")
        self.target.answers += 1


async def pace(seconds):
    """A client takes its time; nothing waits for it."""
    await asyncio.sleep(seconds * random.uniform(0.5, 1.5))


# --- Kinds of clients: each is one visit ---

async def keeps_its_connection(target):
    async with Wire(target) as wire:
        for _ in range(50):
            await wire.exchange(random.choice(ASKS))
            await pace(0.01)


async def comes_anew_each_time(target):
    async with Wire(target) as wire:
        await wire.exchange(random.choice(ASKS), *random.choice([[], ["Connection: close"]]))
    await pace(0.01)


async def pipelines(target, count=20):
    async with Wire(target) as wire:
        asks = [(random.choice(ASKS), f"soak-{next(Wire.numbers)}") for _ in range(count)]
        wire.send(b"".join(ask.bytes(correlation_id) for ask, correlation_id in asks))
        for ask, correlation_id in asks:
            await wire.receive(ask, correlation_id)
    await pace(0.1)


async def sends_slowly(target):
    async with Wire(target) as wire:
        for byte in SHORT.bytes("slow"):
            wire.send(bytes([byte]))
            await pace(0.03)
        await wire.receive(SHORT, "slow")


async def never_finishes(target):
    async with Wire(target) as wire:
        data = SHORT.bytes("stalled")
        wire.send(data[:random.randrange(1, len(data))])
        await wire.expect_refusal(408, STALL + GUARD)


async def reads_slowly(target, count=100):
    async with Wire(target, receive_buffer=4096) as wire:
        wire.send(LONG.bytes("slow") * count)
        for _ in range(count):
            await wire.receive(LONG, "slow", 3 * GUARD)
            await pace(0.02)


async def breaks_off(target):
    async with Wire(target) as wire:
        data = random.choice(ASKS).bytes("half")
        wire.send(data[:random.randrange(len(data))])
        await pace(0.02)
        way = random.choice(["reset", "close", "end"])
        if way == "reset":
            wire.reset()
        if way == "end":
            wire.writer.write_eof()
            if (rest := await wire.rest()) != b"":
                raise Wrong(f"half a request was answered: {rest!r}")


async def leaves_before_its_answers(target):
    async with Wire(target) as wire:
        wire.send(LONG.bytes("left") * 50)
        await pace(0.005)
        wire.reset()
    await pace(0.05)


async def is_hostile(target):
    data, status = random.choice(HOSTILE)
    async with Wire(target) as wire:
        if random.random() < 0.5:
            await wire.exchange(SHORT)  # first it is good
        wire.send(data)
        await wire.expect_refusal(status)
    await pace(0.02)


async def is_mostly_idle(target, count=100):
    async with contextlib.AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(Wire(target)) for _ in range(count)]
        for _ in range(5):
            for wire in wires:
                await wire.exchange(SHORT)
                await pace(0.1)


async def watches_the_edits(target):
    """What was committed before it asked shows, and nothing that comes later than the answer."""
    async with Wire(target) as wire:
        for _ in range(20):
            before = target.committed
            shown = connection("never-run-connection", 200)
            wire.send(shown.bytes("edit"))
            answer = await wire.answer()
            shown.check(answer, "edit")
            target.answers += 1
            number = int(json.loads(answer.body)["connection"]["displayName"].split()[1])
            if not before <= number <= target.begun:
                raise Wrong(f"edit {number} shows, not one from {before} to {target.begun}")
            gone = connection(f"edit-{number - KEPT_EDITS}", 404, "owner-token", body=PAGE[404])
            await wire.exchange(gone)
            await pace(0.02)


async def reads_the_journal(target):
    async with Wire(target) as wire:
        ask = Ask("GET /_emulator/requests?limit=200", 200)
        wire.send(ask.bytes("journal"))
        answer = await wire.answer()
        ask.check(answer, "journal")
        if b"-token" in answer.body:
            raise Wrong("a token is in the journal")
        journal = json.loads(answer.body)
        ids = [entry["id"] for entry in journal["requests"]]
        if ids != sorted(set(ids)):
            raise Wrong(f"ids do not rise: {ids}")
        target.dropped.append(journal["dropped"])
        if ids:
            why = Ask(f"GET /_emulator/requests/{ids[-1]}/why", 200, fields=["Accept: text/plain"])
            wire.send(why.bytes("why"))
            if b"-token" in (await wire.answer()).body:
                raise Wrong("a token is in a why")
        target.answers += 1
    await pace(0.3)


async def follows_the_journal(target, events=20):
    async with Wire(target) as wire:
        wire.send(Ask("GET /_emulator/requests/stream", 200).bytes("stream"))
        async with asyncio.timeout(GUARD):
            await wire.reader.readuntil(b"\r\n\r\n")
            for _ in range(events):
                event = await wire.reader.readuntil(b"\n\n")
                if b"-token" in event:
                    raise Wrong("a token is in the stream")
        if random.random() < 0.5:
            wire.reset()
        target.answers += 1
    await pace(0.1)


async def waits_in_vain(target):
    body = b'{"match": {"path": "/nobody/asks/this"}}'
    async with Wire(target) as wire:
        ask = Ask("POST /_emulator/verify/wait?timeoutMs=200", 409, code="VerificationUnmet",
                  fields=[f"Content-Length: {len(body)}"], sent=body)
        wire.send(ask.bytes("wait"))
        if random.random() < 0.2:
            wire.reset()
        else:
            answer = await wire.answer()
            if answer.status == 503:
                raise ConnectionResetError("the program stops")
            ask.check(answer, "wait")
            target.answers += 1
    await pace(0.1)


# Kinds, and how many of each visit the steady and the mortal program.
KINDS = [
    (keeps_its_connection, 6, 4),
    (comes_anew_each_time, 6, 4),
    (pipelines, 3, 2),
    (sends_slowly, 20, 5),
    (never_finishes, 10, 0),
    (reads_slowly, 3, 1),
    (breaks_off, 4, 2),
    (leaves_before_its_answers, 3, 1),
    (is_hostile, 4, 2),
    (is_mostly_idle, 1, 0),
    (watches_the_edits, 3, 3),
    (reads_the_journal, 1, 1),
    (follows_the_journal, 3, 1),
    (waits_in_vain, 3, 1),
]


# --- The programs ---

KEPT_EDITS = 10


def run_sql(store, *statements):
    with contextlib.closing(sqlite3.connect(store, timeout=GUARD)) as database, database:
        database.execute("pragma synchronous = normal")  # this process is not the one that dies
        for statement in statements:
            rows = database.execute(statement).fetchall()
        return rows


class Target:
    """A program, its store, and what came of its clients."""

    def __init__(self, name, folder, *arguments, port=0, **popen):
        self.name, self.store = name, folder / name
        self.arguments, self.popen = ["--store", self.store, *arguments], popen
        self.port = port
        self.answers = self.visits = self.outages = 0
        self.begun = self.committed = 0  # edits
        self.dropped = []  # by the journal, as it told
        self.faults, self.stops = [], []  # what was wrong; seconds
        self.is_up = asyncio.Event()
        self.running = None

    async def start(self):
        """Also again, on the same port and store."""
        self.running = await asyncio.to_thread(Running, *self.arguments, port=self.port,
                                               **self.popen)
        self.port = self.running.port
        self.is_up.set()

    def fault(self, what):
        self.faults.append(f"{self.name}: {what}")

    async def go_down(self, with_signal):
        self.is_up.clear()
        self.outages += 1
        code, seconds = await asyncio.to_thread(self.running.stop, with_signal)
        if with_signal == signal.SIGTERM:
            self.stops.append(seconds)
        if code != (0 if with_signal == signal.SIGTERM else -with_signal):
            self.fault(f"{with_signal.name}: ended with {code}")
        self.close()

    def close(self):
        if self.running:
            self.running.__exit__(True)

    async def be_visited(self, kind):
        """For ever. What breaks off is no fault when the program went down meanwhile."""
        while True:
            await self.is_up.wait()
            outages = self.outages
            try:
                await kind(self)
                self.visits += 1
            except (OSError, EOFError, TimeoutError) as error:
                if self.outages == outages:
                    self.fault(f"{kind.__name__}: {error!r}")
            except Exception as error:  # an answer that is wrong, or cannot even be read
                self.fault(f"{kind.__name__}: {error!r}")

    async def be_edited(self):
        """For ever, also while the program is down."""
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
            await pace(0.05)


def prepare(target):
    """Metering does not get into the way, and the first edit is there."""
    run_sql(target.store, "insert into client_rate_limits values ('premium-app', 60, 1000000000)",
            "update connections set display_name = 'edit 0' where id = 'never-run-connection'")


class LogReader(threading.Thread):
    """Reads the log of the steady program to its end."""

    def __init__(self):
        super().__init__(daemon=True)
        self.end, self.given = os.pipe()
        self.lines = self.lost = 0
        self.faults = []

    def run(self):
        with os.fdopen(self.end, "rb") as log:
            for line in log:
                self.lines += 1
                if b"log lines lost" in line:
                    self.lost += 1
                elif b"-token" in line or b'{"fault"' in line or not line.startswith(b"{"):
                    self.faults.append(f"in the log: {line!r}")


class Sample:

    def __init__(self, pid):
        process = pathlib.Path("/proc") / str(pid)
        self.rss = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        self.threads = len(os.listdir(process / "task"))
        self.files = len(os.listdir(process / "fd"))

    def __str__(self):
        return f"{self.rss / 2**20:.1f} MiB, {self.threads} threads, {self.files} descriptors"


async def take_samples(target, samples):
    while True:
        samples.append(Sample(target.running.process.pid))
        await pace(0.25)


def last_edit(store):
    (name,), = run_sql(store, "select display_name from connections"
                              " where id = 'never-run-connection'")
    return int(name.split()[1])


async def die_and_rise(target, over):
    """Killed or stopped while clients ask, then back with all that was committed."""
    signals = itertools.cycle([signal.SIGKILL, signal.SIGTERM])
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(random.uniform(1, 3)):
                return await over.wait()
        await target.go_down(next(signals))
        committed = target.committed
        await target.start()
        integrity = await asyncio.to_thread(run_sql, target.store, "pragma integrity_check")
        if integrity != [("ok",)]:
            target.fault(f"the store is not whole: {integrity}")
        if (kept := await asyncio.to_thread(last_edit, target.store)) < committed:
            target.fault(f"edit {committed} was committed, and {kept} is the last")


async def is_idle_again(target, idle):
    """The last sample; as soon as it is as idle as before, else after a while."""
    until = time.monotonic() + 2 * GUARD
    while True:
        sample = Sample(target.running.process.pid)
        if ((sample.threads, sample.files) == (idle.threads, idle.files)
                or time.monotonic() > until):
            return sample
        await pace(0.1)


# --- The verdict ---

class Verdicts:

    def __init__(self):
        self.passed = self.failed = 0

    def say(self, is_good, text):
        self.passed += is_good
        self.failed += not is_good
        print(f"{'ok' if is_good else 'BAD':4}{text}")


def judge_growth(verdicts, samples):
    third = len(samples) // 3
    thirds = samples[:third], samples[third:2 * third], samples[2 * third:]
    for name, unit, scale, slack in [("rss", "MiB of memory", 2**20, SLACK),
                                     ("threads", "threads", 1, 10),
                                     ("files", "descriptors", 1, 10)]:
        first, second, last = (statistics.median(getattr(sample, name) for sample in part)
                               for part in thirds)
        verdicts.say(last <= second * GROWTH + slack,
                     f"{unit}, median of each third: {first / scale:.1f}, {second / scale:.1f}, "
                     f"{last / scale:.1f}; most: "
                     f"{max(getattr(sample, name) for sample in samples) / scale:.1f}")


def judge_answers(verdicts, targets, log):
    for target in targets:
        for fault in target.faults[:MOST_SHOWN]:
            print(f"    {fault}")
        verdicts.say(not target.faults and target.answers > 0,
                     f"{target.name}: {target.answers} answers in {target.visits} visits with "
                     f"{target.committed} edits: {len(target.faults)} faults")
    for fault in log.faults[:MOST_SHOWN]:
        print(f"    {fault}")
    verdicts.say(not log.faults and log.lines > 0,
                 f"steady: {log.lines} lines of log, none with a token or a fault of the program; "
                 f"{log.lost} times some were lost")


def judge_journal(verdicts, steady):
    dropped = steady.dropped
    verdicts.say(dropped == sorted(dropped) and 0 < dropped[len(dropped) // 2] < dropped[-1],
                 f"the journal of the steady one dropped {dropped[-1]} requests to stay within "
                 "its bytes")


def judge_stops(verdicts, targets):
    stops = [seconds for target in targets for seconds in target.stops]
    downs = sum(target.outages for target in targets)
    typical, slowest = statistics.median(stops), max(stops)
    verdicts.say(typical <= TYPICAL_STOP and slowest <= SLOWEST_STOP,
                 f"{len(stops)} stops, {typical * 1000:.0f} ms typically and "
                 f"{slowest * 1000:.0f} ms at most; and {downs - len(stops)} kills")


async def visit(steady, mortal, seconds, samples):
    """All clients, for so long. Returns what broke the soak off, if anything did."""
    over = asyncio.Event()
    dying = asyncio.create_task(die_and_rise(mortal, over))
    tasks = [asyncio.create_task(endless) for endless in [
        *(steady.be_visited(kind) for kind, count, _ in KINDS for _ in range(count)),
        *(mortal.be_visited(kind) for kind, _, count in KINDS for _ in range(count)),
        steady.be_edited(), mortal.be_edited(), take_samples(steady, samples)]]
    broken, _ = await asyncio.wait([*tasks, dying], timeout=seconds,
                                   return_when=asyncio.FIRST_COMPLETED)
    # No program may be left half started, so this one ends by itself.
    over.set()
    await asyncio.wait([dying])
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return [task.exception() for task in {*broken, dying} if task.exception()]


async def soak(seconds, folder, mortal_port):
    log = LogReader()
    small = ["--journal-bytes", str(JOURNAL)]
    steady = Target("steady", folder, "--log", "json", *small, stderr=log.given)
    mortal = Target("mortal", folder, "--log", "off", *small, port=mortal_port)
    verdicts, samples = Verdicts(), []
    try:
        for target in (steady, mortal):
            await target.start()
            prepare(target)
        os.close(log.given)
        log.start()
        idle = Sample(steady.running.process.pid)
        for error in await visit(steady, mortal, seconds, samples):
            verdicts.say(False, f"broke off: {error!r}")
        after = await is_idle_again(steady, idle)
        for target in (steady, mortal):
            if target.is_up.is_set():
                await target.go_down(signal.SIGTERM)
        await asyncio.to_thread(log.join, GUARD)
    finally:
        steady.close()
        mortal.close()

    judge_answers(verdicts, (steady, mortal), log)
    judge_growth(verdicts, samples)
    judge_journal(verdicts, steady)
    verdicts.say((after.threads, after.files) == (idle.threads, idle.files),
                 f"idle before: {idle}; after: {after}")
    judge_stops(verdicts, (steady, mortal))
    print(f"soak: {verdicts.passed} passed, {verdicts.failed} failed")
    return verdicts.failed == 0


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    seconds = float(sys.argv[1]) * 60
    with tempfile.TemporaryDirectory() as folder, reserved_port() as port:
        is_good = asyncio.run(soak(seconds, pathlib.Path(folder), port))
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
