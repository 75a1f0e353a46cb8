"""Asks a running emulator COUNT times, on one connection or many: `ask.py PORT COUNT [close]`."""

import socket
import sys

import servers


def ask(port, count, path=lambda _: servers.PATH, token=lambda _: servers.TOKEN):
    """`path` and `token` tell what the request of that number asks for, and as whom."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        for number in range(count):
            client.sendall(servers.request(path(number), token(number)))
            head, _ = servers.read_answer(client)
            assert b" 200 " in head.split(b"\r\n", 1)[0], head


if __name__ == "__main__":
    port, count = int(sys.argv[1]), int(sys.argv[2])
    for _ in range(count if sys.argv[3:] else 1):
        ask(port, 1 if sys.argv[3:] else count)
