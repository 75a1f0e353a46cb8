"""Counts instructions per request with callgrind: exact, but without the kernel's."""

import pathlib
import random

import servers
import worlds
from send import send_requests

FEW, MANY = 200, 1200  # requests: the difference excludes start and stop


class Counted(servers.Emulator):
    """The emulator under callgrind, which is about 50 times slower."""

    def command(self, port):
        self.counts = self.folder / "callgrind.out"
        return ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={self.counts}",
                *super().command(port)]

    def count(self):
        """REQUIRES: the program has ended."""
        for line in pathlib.Path(self.counts).read_text().splitlines():
            if line.startswith(("summary:", "totals:")):
                return int(line.split()[1])
        raise RuntimeError("callgrind wrote no count")


def per_request(folder, store, paths, tokens):
    counts = {}
    for count in (FEW, MANY):
        server = Counted(folder, "--store", store, name="counted", path=worlds.path(0),
                         token=worlds.TOKEN % 0, guard=120)
        with server:
            send_requests(server.port, count, paths, tokens)
        counts[count] = server.count()
    return (counts[MANY] - counts[FEW]) / (MANY - FEW)


def seed(folder, connections, clients):
    """Makes a store with a world: loading a fixture file under valgrind would take an hour."""
    file, store = folder / "world.json", folder / f"counted-{connections}-{clients}.db"
    if not store.exists():
        worlds.write(file, connections, clients)
        with servers.Emulator(folder, "--fixtures", file, "--store", store, name="seeding",
                              path=worlds.path(0), token=worlds.TOKEN % 0, guard=300):
            pass
    return store


def by_size(folder, most):
    """[(label, instructions), ...]."""
    # Label, connections, clients, and the number of connections that are requested: a few are all
    # cached before counting begins, of many hardly any.
    rows = [("10 fixtures, cached", 10, 1, 10),
            (f"{most:,} fixtures, 10 of them cached", most, 1, 10),
            ("10,000 fixtures, not cached", 10_000, 1, 10_000),
            (f"{most:,} fixtures, not cached", most, 1, most),
            ("10 fixtures cached, clients not cached", 10, 10_000, 10)]
    found = []
    for label, connections, clients, requested in rows:
        generator = random.Random(1)
        paths = [worlds.path(generator.randrange(requested)) for _ in range(MANY)]
        found.append((label, per_request(folder, seed(folder, connections, clients),
                                         lambda i, paths=paths: paths[i],
                                         lambda i, clients=clients: worlds.TOKEN % (i % clients))))
    return found
