"""Instructions per request, counted by callgrind: no noise, but nothing of the kernel either."""

import pathlib
import random

import servers
import worlds
from ask import ask

FEW, MANY = 200, 1200  # requests: the difference leaves out start and stop


class Counted(servers.Emulator):
    """Runs about 50 times slower."""

    def command(self, port):
        self.counts = self.folder / "callgrind.out"
        return ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={self.counts}",
                *super().command(port)]

    def count(self):
        """REQUIRES: it has ended."""
        for line in pathlib.Path(self.counts).read_text().splitlines():
            if line.startswith(("summary:", "totals:")):
                return int(line.split()[1])
        raise RuntimeError("callgrind counted nothing")


def per_request(folder, store, paths, tokens):
    counts = {}
    for count in (FEW, MANY):
        server = Counted(folder, "--store", store, name="counted", path=worlds.path(0),
                         token=worlds.TOKEN % 0, guard=120)
        with server:
            ask(server.port, count, paths, tokens)
        counts[count] = server.count()
    return (counts[MANY] - counts[FEW]) / (MANY - FEW)


def seed(folder, connections, clients):
    """A store with a world in it: valgrind would load the fixture file for an hour."""
    file, store = folder / "world.json", folder / f"counted-{connections}-{clients}.db"
    if not store.exists():
        worlds.write(file, connections, clients)
        with servers.Emulator(folder, "--fixtures", file, "--store", store, name="seeding",
                              path=worlds.path(0), token=worlds.TOKEN % 0, guard=300):
            pass
    return store


def by_size(folder, most):
    """[(label, instructions), ...]."""
    # Label, connections, clients, and how many of the connections are asked for: of few, all are
    # in the cache before the counting begins; of many, hardly any.
    rows = [("10 fixtures, cached", 10, 1, 10),
            (f"{most:,} fixtures, 10 of them cached", most, 1, 10),
            ("10,000 fixtures, not cached", 10_000, 1, 10_000),
            (f"{most:,} fixtures, not cached", most, 1, most),
            ("10 fixtures cached, clients not cached", 10, 10_000, 10)]
    found = []
    for label, connections, clients, asked in rows:
        chosen = random.Random(1)
        paths = [worlds.path(chosen.randrange(asked)) for _ in range(MANY)]
        found.append((label, per_request(folder, seed(folder, connections, clients),
                                         lambda i, paths=paths: paths[i],
                                         lambda i, clients=clients: worlds.TOKEN % (i % clients))))
    return found
