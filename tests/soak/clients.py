"""The kinds of clients. Each function is one session with a target; sessions are repeated."""

import asyncio
import contextlib
import json
import random

from connection import Connection
from request import HOSTILE, LONG, PAGE, REQUESTS, SHORT, Request, WrongResponse, get_connection
from target import KEPT_EDITS, pause
from program import GUARD

REQUEST_TIMEOUT = 10  # seconds that the program gives a request to arrive


async def keep_alive(target):
    async with Connection(target) as client:
        for _ in range(50):
            await client.exchange(random.choice(REQUESTS))
            await pause(0.01)


async def connect_each_time(target):
    async with Connection(target) as client:
        await client.exchange(random.choice(REQUESTS), *random.choice([[], ["Connection: close"]]))
    await pause(0.01)


async def pipeline(target, count=20):
    async with Connection(target) as client:
        requests = [(random.choice(REQUESTS), f"soak-{next(Connection.numbers)}")
                    for _ in range(count)]
        client.send(b"".join(request.bytes(correlation_id)
                             for request, correlation_id in requests))
        for request, correlation_id in requests:
            await client.receive(request, correlation_id)
    await pause(0.1)


async def send_slowly(target):
    async with Connection(target) as client:
        for byte in SHORT.bytes("slow"):
            client.send(bytes([byte]))
            await pause(0.03)
        await client.receive(SHORT, "slow")


async def never_finish_a_request(target):
    async with Connection(target) as client:
        data = SHORT.bytes("stalled")
        client.send(data[:random.randrange(1, len(data))])
        await client.expect_refusal(408, REQUEST_TIMEOUT + GUARD)


async def read_slowly(target, count=100):
    async with Connection(target, receive_buffer=4096) as client:
        client.send(LONG.bytes("slow") * count)
        for _ in range(count):
            await client.receive(LONG, "slow", 3 * GUARD)
            await pause(0.02)


async def abort_within_a_request(target):
    async with Connection(target) as client:
        data = random.choice(REQUESTS).bytes("half")
        client.send(data[:random.randrange(len(data))])
        await pause(0.02)
        way = random.choice(["reset", "close", "end"])
        if way == "reset":
            client.reset()
        if way == "end":
            client.writer.write_eof()
            if (received := await client.read_to_end()) != b"":
                raise WrongResponse(f"response to half a request: {received!r}")


async def abort_before_the_responses(target):
    async with Connection(target) as client:
        client.send(LONG.bytes("left") * 50)
        await pause(0.005)
        client.reset()
    await pause(0.05)


async def send_malformed(target):
    data, status = random.choice(HOSTILE)
    async with Connection(target) as client:
        if random.random() < 0.5:
            await client.exchange(SHORT)  # a valid request on the same connection
        client.send(data)
        await client.expect_refusal(status)
    await pause(0.02)


async def mostly_idle(target, count=100):
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Connection(target)) for _ in range(count)]
        for _ in range(5):
            for client in clients:
                await client.exchange(SHORT)
                await pause(0.1)


async def check_edits(target):
    """A response shows every edit committed before the request, and none begun after it."""
    async with Connection(target) as client:
        for _ in range(20):
            before = target.committed
            edited = get_connection("never-run-connection", 200)
            client.send(edited.bytes("edit"))
            response = await client.read_response()
            edited.check(response, "edit")
            target.responses += 1
            number = int(json.loads(response.body)["connection"]["displayName"].split()[1])
            if not before <= number <= target.begun:
                raise WrongResponse(f"edit {number} is visible, not one from {before} to {target.begun}")
            deleted = get_connection(f"edit-{number - KEPT_EDITS}", 404, "owner-token", body=PAGE[404])
            await client.exchange(deleted)
            await pause(0.02)


async def read_journal(target):
    async with Connection(target) as client:
        request = Request("GET /_emulator/requests?limit=200", 200)
        client.send(request.bytes("journal"))
        response = await client.read_response()
        request.check(response, "journal")
        if b"-token" in response.body:
            raise WrongResponse("the journal contains a token")
        journal = json.loads(response.body)
        ids = [entry["id"] for entry in journal["requests"]]
        if ids != sorted(set(ids)):
            raise WrongResponse(f"ids do not rise: {ids}")
        target.dropped.append(journal["dropped"])
        if ids:
            why = Request(f"GET /_emulator/requests/{ids[-1]}/why", 200, fields=["Accept: text/plain"])
            client.send(why.bytes("why"))
            if b"-token" in (await client.read_response()).body:
                raise WrongResponse("an explanation contains a token")
        target.responses += 1
    await pause(0.3)


async def follow_journal(target, events=20):
    async with Connection(target) as client:
        client.send(Request("GET /_emulator/requests/stream", 200).bytes("stream"))
        async with asyncio.timeout(GUARD):
            await client.reader.readuntil(b"\r\n\r\n")
            for _ in range(events):
                event = await client.reader.readuntil(b"\n\n")
                if b"-token" in event:
                    raise WrongResponse("the stream contains a token")
        if random.random() < 0.5:
            client.reset()
        target.responses += 1
    await pause(0.1)


async def wait_until_timeout(target):
    content = b'{"match": {"path": "/nobody/asks/this"}}'
    async with Connection(target) as client:
        request = Request("POST /_emulator/verify/wait?timeoutMs=200", 409, code="VerificationUnmet",
                          fields=[f"Content-Length: {len(content)}"], content=content)
        client.send(request.bytes("wait"))
        if random.random() < 0.2:
            client.reset()
        else:
            response = await client.read_response()
            if response.status == 503:
                raise ConnectionResetError("the program stops")
            request.check(response, "wait")
            target.responses += 1
    await pause(0.1)


# Kind, and how many clients of it the steady and the restarted target have at once.
KINDS = [
    (keep_alive, 6, 4),
    (connect_each_time, 6, 4),
    (pipeline, 3, 2),
    (send_slowly, 20, 5),
    (never_finish_a_request, 10, 0),
    (read_slowly, 3, 1),
    (abort_within_a_request, 4, 2),
    (abort_before_the_responses, 3, 1),
    (send_malformed, 4, 2),
    (mostly_idle, 1, 0),
    (check_edits, 3, 3),
    (read_journal, 1, 1),
    (follow_journal, 3, 1),
    (wait_until_timeout, 3, 1),
]
