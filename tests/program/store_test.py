"""The store file: it is seeded once, can be edited while the program serves it, belongs to one
process at a time, and survives a kill -9."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

from program import (EXAMPLE, GUARD, SOON, Case, Running, end, get_connection, is_readable, run, spawn)

MANY = 20_000
PATIENCE = 60  # seconds for many rows, also under a sanitizer

# Commits one connection after the other and prints each id after its commit.
WRITER = """
import itertools, sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=10)
for number in itertools.count():
    with store:
        store.execute("insert into connections (id) values (?)", (f"written-{number}",))
    print(f"written-{number}", flush=True)
"""

# Opens the store, commits one connection and closes the store, in a loop.
REOPENING_WRITER = """
import contextlib, itertools, sqlite3, sys
for number in itertools.count():
    with contextlib.closing(sqlite3.connect(sys.argv[1], timeout=10)) as store, store:
        store.execute("insert into connections (id) values (?)", (f"{sys.argv[2]}-{number}",))
    print(number, flush=True)
"""


def change(store, sql, *values):
    """Changes the store as the sqlite3 shell does: on its own connection, committed immediately."""
    with contextlib.closing(sqlite3.connect(store, timeout=GUARD)) as database, database:
        database.execute("pragma foreign_keys = on")
        return database.execute(sql, values).fetchall()


class Stores(Case):

    def setUp(self):
        self.store = self.folder() / "store"

    def serve(self, *arguments, **settings):
        return self.start("--store", self.store, *arguments, **settings)

    def make(self):
        """Makes a store with the default world; no program serves it afterwards."""
        self.assertEqual(self.serve().stop()[0], 0)

    def write_world(self, name, connection_id):
        file = self.store.parent / name
        file.write_text(json.dumps({
            "connections": [{"id": connection_id}],
            "users": [{"id": "u", "connections": ["*"]}],
            "clients": [{"id": "k", "tier": "premium", "user": "u"}],
            "tokens": [{"token": "t", "client": "k", "scopes": ["export:read"]}]}))
        return file

    def assert_refused(self, words, done=None):
        done = done or run("--port", 0, "--store", self.store)
        self.assertEqual((done.code, done.out), (1, ""), done.err)
        self.assert_words([str(self.store), *words], done.err)
        self.assertRegex(done.err, r"^export-emulator: .*\.\n$")
        self.assertLess(done.elapsed, SOON)


class Seeding(Stores):

    def test_a_new_store_is_seeded_with_the_default_world(self):
        server = self.serve()
        self.assertEqual(get_connection(server.port).status, 200)
        server.stop()
        self.assertEqual(server.log().count("notice"), 0)

    def test_a_store_is_seeded_once_and_kept(self):
        first = self.serve("--fixtures", self.write_world("first.json", "one"))
        self.assertEqual(get_connection(first.port, "one", "t").status, 200)
        first.stop()
        change(self.store, "insert into connections (id) values ('two')")

        second = self.serve("--fixtures", self.write_world("second.json", "three"))
        statuses = [get_connection(second.port, c, "t").status for c in ("one", "two", "three")]
        self.assertEqual(statuses, [200, 200, 404])
        second.stop()
        seed = "is used only for resets and sandboxes"
        self.assert_words(["notice: ", str(self.store), "--fixtures " + seed], second.log())

        third = self.serve()
        self.assertEqual(get_connection(third.port, "two", "t").status, 200)
        third.stop()
        self.assert_words(["the default world " + seed], third.log())

    def test_rejected_fixtures_leave_an_empty_store(self):
        bad = self.store.parent / "bad.json"
        bad.write_text('{"connections": [{"id": "a"}, {"id": "a"}]}')
        self.assertEqual(run("--port", 0, "--store", self.store, "--fixtures", bad).code, 2)
        server = self.serve("--fixtures", self.write_world("good.json", "one"))
        self.assertEqual(get_connection(server.port, "one", "t").status, 200)


class EditedFromOutside(Stores):

    def assert_shows(self, port, sql, status, **request):
        change(self.store, sql)
        answer = get_connection(port, **request)
        self.assertEqual(answer.status, status, sql)
        return json.loads(answer.body)

    def test_each_change_is_visible_in_the_next_response(self):
        port = self.serve().port
        self.assertEqual(get_connection(port).status, 200)  # fills the cache
        for sql, status, request in [
                ("delete from readers where user_id = 'reader'", 403, {}),
                (f"insert into readers values ('reader', '{EXAMPLE}')", 200, {}),
                ("update tokens set expires = '2001-01-01T00:00:00Z' where name = 'reader'", 401,
                 {}),
                ("update tokens set expires = '2999-01-01T00:00:00Z' where name = 'reader'", 200,
                 {}),
                ("update tokens set scopes = 'else' where name = 'reader'", 401, {}),
                ("update tokens set scopes = 'else itwin-platform' where name = 'reader'", 200, {}),
                ("insert into client_rate_limits values ('premium-app', 60, 0)", 429, {}),
                ("delete from client_rate_limits where client_id = 'premium-app'", 200, {}),
                ("update clients set registered = 0 where id = 'premium-app'", 401, {}),
                ("update clients set registered = 1 where id = 'premium-app'", 200, {}),
                ("update tokens set user_id = 'stranger' where name = 'reader'", 403, {}),
                ("update users set reads_all = 1 where id = 'stranger'", 200, {}),
                ("insert into connections (id) values ('new')", 200, {"connection_id": "new"}),
                ("delete from connections where id = 'new'", 404, {"connection_id": "new"}),
                ("update tokens set token = 'other' where name = 'reader'", 401, {}),
                ("select 1", 200, {"token": "other"}),
        ]:
            with self.subTest(sql):
                self.assert_shows(port, sql, status, **request)

    def test_a_changed_connection_is_rendered_again(self):
        port = self.serve().port
        for name in ("one", "two", 'with "quotes" and ü'):
            escaped = name.replace("'", "''")
            body = self.assert_shows(
                port, f"update connections set display_name = '{escaped}' where id = '{EXAMPLE}'",
                200)
            self.assertEqual(body["connection"]["displayName"], name)
        body = self.assert_shows(port, "update connections set display_name = null", 200)
        self.assertNotIn("displayName", body["connection"])

    @unittest.skipUnless(shutil.which("sqlite3"), "no sqlite3 shell")
    def test_the_sqlite3_shell_can_edit_the_store(self):
        port = self.serve().port
        sql = f"update connections set display_name = 'by the shell' where id = '{EXAMPLE}'"
        subprocess.run(["sqlite3", self.store, sql], check=True, timeout=GUARD)
        self.assertIn(b'"by the shell"', get_connection(port).body)

    def test_an_uncommitted_change_is_invisible_and_blocks_no_request(self):
        port = self.serve().port
        with contextlib.closing(sqlite3.connect(self.store, isolation_level=None)) as database:
            database.execute("begin immediate")
            database.execute("update connections set display_name = 'half'")
            answer = get_connection(port)
            self.assertEqual(answer.status, 200)
            self.assertNotIn(b"half", answer.body)
            database.execute("commit")
        self.assertIn(b"half", get_connection(port).body)

    def test_the_database_rejects_rows_that_are_invalid_in_fixtures(self):
        port = self.serve().port
        for sql in ["insert into connections (id) values ('*')",
                    "insert into connections (id) values (null)",
                    "update connections set authentication_type = 'user'",
                    "insert into readers values ('reader', 'no-such-connection')",
                    "update clients set tier = 'gold'",
                    "insert into client_rate_limits values ('premium-app', 0, 1)"]:
            with self.subTest(sql), self.assertRaises(sqlite3.IntegrityError):
                change(self.store, sql)
        self.assertEqual(get_connection(port).status, 200)

    def test_an_unreadable_time_is_rejected_or_gives_an_error(self):
        port = self.serve().port
        for time_text in ["soon", "2030-01-01", "2030-01-01T00:00:00", "2030-02-30T00:00:00Z",
                          "2030-01-01T24:00:00Z", "2030-01-01T00:00:00 +01:00"]:
            with self.subTest(time_text):
                with contextlib.suppress(sqlite3.IntegrityError):
                    change(self.store, "update tokens set expires = ? where name = 'reader'",
                           time_text)
                self.assertIn(get_connection(port).status, (200, 401))


class OpenedDuringWrites(Stores):

    def spawn_writer(self, name):
        """Starts a process that opens, writes and closes the store in a loop, as shell scripts do."""
        writer = subprocess.Popen([sys.executable, "-c", REOPENING_WRITER, self.store, name], text=True,
                                  stdout=subprocess.PIPE)
        self.addCleanup(end, writer)
        writer.stdout.readline()  # wait for its first commit

    def test_a_store_is_opened_while_scripts_write_to_it(self):
        self.make()
        for name in ("a", "b"):
            self.spawn_writer(name)
        for _ in range(10):
            with Running("--store", self.store) as server:
                self.assertEqual(get_connection(server.port).status, 200)

    def test_a_store_is_opened_during_a_transaction_of_another_process(self):
        self.make()
        with contextlib.closing(sqlite3.connect(self.store, isolation_level=None)) as database:
            database.execute("begin immediate")
            database.execute("update connections set display_name = 'half'")
            answer = get_connection(self.serve().port)
            self.assertEqual(answer.status, 200)
            self.assertNotIn(b"half", answer.body)


class Locking(Stores):

    def test_a_second_process_is_refused_and_the_first_continues(self):
        first = self.serve()
        self.assert_refused(["in use by another Export Emulator", "Stop that one"])
        self.assertEqual(get_connection(first.port).status, 200)
        change(self.store, "update connections set display_name = 'still here'")
        self.assertIn(b"still here", get_connection(first.port).body)
        first.stop()
        self.assertEqual(get_connection(self.serve().port).status, 200)

    def test_a_second_process_is_refused_under_another_path_of_the_store(self):
        self.serve()
        self.store.with_name("link").symlink_to(self.store)
        for folder, name in [(None, self.store.with_name("link")),
                             (self.store.parent, "store"), (self.store.parent, "./store")]:
            with self.subTest(name):
                done = None
                with contextlib.suppress(subprocess.TimeoutExpired):
                    done = run("--port", 0, "--store", name, cwd=folder)
                self.assertIsNotNone(done, "a second process serves the store")
                self.assertEqual((done.code, done.out), (1, ""))
                self.assertIn("in use", done.err)

    def test_a_killed_process_leaves_no_lock(self):
        self.serve().kill()
        self.assertEqual(get_connection(self.serve().port).status, 200)


class Unusable(Stores):

    def test_a_newer_version_is_refused_and_unchanged(self):
        self.make()
        change(self.store, "pragma user_version = 99")
        self.assert_refused(["version 99", "newer", "Use a newer Export Emulator"])
        self.assertEqual(change(self.store, "pragma user_version"), [(99,)])

    def test_an_invalid_version_is_refused(self):
        self.make()
        for version in (-1, -2147483648):
            with self.subTest(version):
                change(self.store, f"pragma user_version = {version}")
                self.assert_refused([])

    def test_a_truncated_store_is_refused(self):
        self.make()
        os.truncate(self.store, 5000)
        self.assert_refused(["malformed", "Name a file"])

    def test_a_read_only_store_is_refused(self):
        self.make()
        for name, file_mode, folder_mode in [("file", 0o444, 0o777), ("folder", 0o666, 0o555)]:
            with self.subTest(f"the {name} is read-only"):
                for leftover in self.store.parent.glob("store?*"):
                    leftover.unlink()
                self.store.chmod(file_mode)
                self.store.parent.chmod(folder_mode)
                done = self.run_unprivileged("--port", 0, "--store", self.store)
                self.store.parent.chmod(0o700)
                self.assert_refused(["Name a file"], done)


class Killed(Stores):

    def wait_for(self, process, happened):
        """Waits until happened() is true, or the process prints a line or ends."""
        until = time.monotonic() + PATIENCE
        while not happened() and not is_readable(process.stdout, 0.0005):
            self.assertLess(time.monotonic(), until, "the awaited event did not happen")

    def size(self, suffix):
        with contextlib.suppress(FileNotFoundError):
            return os.stat(f"{self.store}{suffix}").st_size
        return -1

    def test_commits_survive_a_kill_while_another_process_writes(self):
        server = self.serve()
        writer = subprocess.Popen([sys.executable, "-c", WRITER, self.store], text=True,
                                  stdout=subprocess.PIPE)
        self.addCleanup(writer.stdout.close)
        self.addCleanup(writer.wait)
        self.addCleanup(writer.kill)
        committed = []
        for _ in range(50):
            committed.append(writer.stdout.readline().strip())
            self.assertEqual(
                get_connection(server.port, committed[-1], "owner-token").status, 200)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(GUARD)
        committed += [writer.stdout.readline().strip() for _ in range(50)]  # the writer continues
        writer.kill()
        committed += writer.stdout.read().split("\n")[:-1]

        again = self.serve()
        lost = [c for c in committed
                if get_connection(again.port, c, "owner-token").status != 200]
        self.assertEqual((lost, len(committed) >= 100), ([], True))
        self.assertEqual(change(self.store, "pragma integrity_check"), [("ok",)])

    def test_a_store_is_complete_after_a_kill_at_any_moment_of_seeding(self):
        fixtures = self.store.parent / "many.json"
        fixtures.write_text(json.dumps({
            "connections": [{"id": f"c{i}", "displayName": "x" * 100} for i in range(MANY)],
            "users": [{"id": "u", "connections": ["*"]}],
            "clients": [{"id": "k", "tier": "premium", "user": "u"}],
            "tokens": [{"token": "t", "client": "k", "scopes": ["export:read"]}]}))
        moments = {
            "the lock file exists": lambda: self.size(".lock") >= 0,
            "the store file exists": lambda: self.size("") >= 0,
            "the write-ahead log exists": lambda: self.size("-wal") >= 0,
            "some is written": lambda: self.size("-wal") > 100_000,
            "much is written": lambda: self.size("-wal") > 2_000_000,
            "it is ready": lambda: False,
        }
        kept = {}
        for moment, happened in moments.items():
            with self.subTest(moment):
                for leftover in self.store.parent.glob("store*"):
                    leftover.unlink()
                seed = ["--store", self.store, "--fixtures", fixtures]
                process = spawn("--port", 0, *seed)
                self.addCleanup(process.stdout.close)
                self.wait_for(process, happened)
                process.kill()
                process.wait(GUARD)

                with Running(*seed, guard=PATIENCE) as server:
                    self.assertEqual(get_connection(server.port, f"c{MANY - 1}", "t").status, 200)
                    self.assertEqual(change(self.store, "select count(*) from connections"),
                                     [(MANY,)])
                    self.assertEqual(change(self.store, "pragma integrity_check"), [("ok",)])
                    server.stop()
                    kept[moment] = "exists and keeps its rows" in server.log()
        self.assertTrue(kept["it is ready"])
        self.assertIn(False, kept.values())  # otherwise every kill came after seeding


if __name__ == "__main__":
    unittest.main()
