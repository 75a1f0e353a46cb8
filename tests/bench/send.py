"""Sends COUNT requests to a running emulator, on one connection or many: `send.py PORT COUNT [close]`."""

import socket
import sys

import servers


def send_requests(port, count, path=lambda _: servers.PATH, token=lambda _: servers.TOKEN):
    """`path` and `token`: functions from the number of a request to its path and its token."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        for number in range(count):
            client.sendall(servers.request(path(number), token(number)))
            head, _ = servers.read_response(client)
            assert b" 200 " in head.split(b"\r\n", 1)[0], head


if __name__ == "__main__":
    port, count = int(sys.argv[1]), int(sys.argv[2])
    for _ in range(count if sys.argv[3:] else 1):
        send_requests(port, 1 if sys.argv[3:] else count)
