"""A client's TCP connection to a target."""

import asyncio
import itertools
import socket
import struct

from request import HOST, WrongResponse
from program import GUARD


class Response:

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        fields = [line.split(": ", 1) for line in lines[1:] if line]
        self.headers = {name.lower(): value for name, value in fields}
        self.body = body


class Connection:
    """An async context that connects and closes. Counts checked responses in `target.responses`."""

    numbers = itertools.count()  # of correlation ids

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
        """Closes the connection with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def read_response(self, is_head=False, seconds=GUARD):
        async with asyncio.timeout(seconds):
            head = await self.reader.readuntil(b"\r\n\r\n")
            response = Response(head[:-4], b"")
            if not is_head:
                length = int(response.headers.get("content-length", 0))
                response.body = await self.reader.readexactly(length)
            return response

    async def read_to_end(self, seconds=GUARD):
        async with asyncio.timeout(seconds):
            return await self.reader.read()

    async def receive(self, request, correlation_id, seconds=GUARD):
        """Reads and checks the response to a request that was sent."""
        request.check(await self.read_response(request.is_head, seconds), correlation_id)
        self.target.responses += 1

    async def exchange(self, request, *more_fields):
        """Sends the request; reads and checks its response."""
        correlation_id = f"soak-{next(self.numbers)}"
        self.send(request.bytes(correlation_id, *more_fields))
        await self.receive(request, correlation_id)

    async def expect_refusal(self, status, seconds=GUARD):
        """Reads to the end: exactly one response with this status and `Connection: close`."""
        received = await self.read_to_end(seconds)
        head, end, body = received.partition(b"\r\n\r\n")
        if not end:
            raise EOFError(f"no response but {received!r}")
        if not head.startswith(b"HTTP/1.1 %d " % status) or b"\r\nConnection: close" not in head:
            raise WrongResponse(f"not refused with {status}: {received!r}")
        if len(body) != int(Response(head, b"").headers["content-length"]):
            raise WrongResponse(f"more than one response: {received!r}")
        self.target.responses += 1
