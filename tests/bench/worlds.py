"""Fixture files of any size, and requests for their connections."""

import json

import load
import servers

# As long as a real id, so that worlds differ only by the number of connections.
ID = "fc226d0d-1647-48d7-8c11-%012d"
TOKEN = "bench-token-%06d"
CHUNK = 10_000


def write(file, connections, clients):
    """Writes copies of the golden connection with different ids; clients of one user, with one token each."""
    golden = json.loads(servers.GOLDEN.read_text())["connection"]
    golden["id"] = "@id@"
    connection = json.dumps(golden).replace('"@id@"', f'"{ID}"')
    with open(file, "w", encoding="ascii") as out:
        out.write('{"users": [{"id": "reader", "connections": ["*"]}],\n"connections": [')
        write_list(out, connection, connections)
        out.write('],\n"clients": [')
        write_list(out, '{"id": "app-%06d", "tier": "premium", "user": "reader"}', clients)
        out.write('],\n"tokens": [')
        write_list(out, '{"token": "' + TOKEN + '", "client": "app-%06d", '
                   '"scopes": ["export:read"]}', clients)
        out.write("]}\n")


def write_list(out, pattern, count):
    places = pattern.count("%0")
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        out.write((",\n" if start else "\n") + ",\n".join(pattern % ((n,) * places)
                                                         for n in numbers))


def path(number):
    return "/export/connections/" + ID % number


def request_connections(connections, count, in_order=False):
    """Requests for one of the first `count` connections."""
    return load.Load(connections, varied=load.IN_ORDER if in_order else load.RANDOM_IDS,
                     count=count, request=servers.request("/export/connections/" + ID, TOKEN % 0))


def request_as_each(connections, count):
    """Requests by each of `count` clients in turn."""
    return load.Load(connections, varied=load.IN_ORDER, count=count,
                     request=servers.request(path(0), TOKEN))
