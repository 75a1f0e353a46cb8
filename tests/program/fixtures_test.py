"""Fixtures of the program: files, folders, standard input, reloading and watching."""

import json
import os
import signal
import subprocess
import unittest

from program import EXAMPLE, ONE_CONNECTION, PRINCIPAL, Case, call, get, get_connection, run


class FixtureSources(Case):

    def folder_of(self, **texts):
        folder = self.folder()
        for name, text in texts.items():
            (folder / f"{name}.json").write_text(text)
        return folder

    def assert_serves(self, server, *ids, token="t"):
        for connection_id in ids:
            self.assertEqual(get_connection(server.port, connection_id, token).status, 200)

    def test_several_files_form_one_world_and_may_refer_to_each_other(self):
        folder = self.folder_of(first=PRINCIPAL, second=ONE_CONNECTION % "a",
                                third='{"users": [{"id": "v", "connections": ["a"]}]}')
        server = self.start("--fixtures", folder / "third.json", "--fixtures",
                            folder / "first.json", "--fixtures", folder / "second.json")
        self.assert_serves(server, "a")
        self.assertEqual(get_connection(server.port, EXAMPLE, "t").status, 404)  # the default world is not loaded

    def test_an_id_is_unique_across_all_files(self):
        folder = self.folder_of(a=ONE_CONNECTION % "same", b=ONE_CONNECTION % "same")
        for sources, reported in [([folder / "a.json", folder / "b.json"], "b.json"),
                                ([folder / "b.json", folder / "a.json"], "a.json"),
                                ([folder], "b.json")]:  # sorted
            flags = [word for source in sources for word in ("--fixtures", source)]
            done = run("--port", 0, *flags)
            self.assertEqual((done.code, done.out), (2, ""))
            place = f"{folder / reported}:1: /connections/0: "
            self.assert_words([place + 'there is already a connection with the id "same"'], done.err)

    def test_a_folder_stands_for_its_json_files(self):
        folder = self.folder_of(b=PRINCIPAL, a=ONE_CONNECTION % "a")
        (folder / "c.txt").write_text("no JSON")
        (folder / "d.json").mkdir()
        self.assert_serves(self.start("--fixtures", folder), "a")

    def test_an_empty_folder_gives_the_default_world_and_a_notice(self):
        server = self.start("--fixtures", self.folder())
        self.assert_serves(server, EXAMPLE, token="reader-token")
        server.stop()
        self.assertRegex(server.log(), "^notice: .*default world")

    def test_a_dash_stands_for_standard_input(self):
        read, write = os.pipe()
        os.write(write, PRINCIPAL.encode())
        os.close(write)
        folder = self.folder_of(a=ONE_CONNECTION % "a")
        self.addCleanup(os.close, read)
        server = self.start("--fixtures", "-", "--fixtures", folder, stdin=read)
        self.assert_serves(server, "a")


class Reloading(Case):

    def world_of(self, *ids):
        return json.dumps({"connections": [{"id": id} for id in ids], **json.loads(PRINCIPAL)})

    def write(self, path, text):
        """Replaces the file atomically: the server never reads a half-written one."""
        path.with_suffix(".new").write_text(text)
        os.replace(path.with_suffix(".new"), path)

    def status(self, server, connection_id, prefix=""):
        return get(server.port, f"{prefix}/export/connections/{connection_id}", "t").status

    def start_with(self, *arguments, **settings):
        """A server with one fixture file, which has the connection "old"; and this file."""
        world = self.folder() / "world.json"
        self.write(world, self.world_of("old"))
        return self.start("--fixtures", world, *arguments, stderr=subprocess.PIPE, **settings), world

    def test_sighup_reloads_the_fixtures(self):
        server, world = self.start_with()
        for path in ("/_emulator/faults", "/_sandbox/before/_emulator/faults"):
            call(server.port, "POST", path, {"match": {"client": "other"}, "then": {"delayMs": 1}})
        self.write(world, self.world_of("new"))
        self.assertEqual(self.status(server, "new"), 404)  # no reload without a signal

        server.process.send_signal(signal.SIGHUP)
        server.await_log("notice: fixtures reloaded")
        self.assertEqual((self.status(server, "old"), self.status(server, "new")), (404, 200))
        faults = json.loads(get(server.port, "/_emulator/faults").body)["faults"]
        self.assertEqual(len(faults), 1)  # a reload replaces fixtures only

        self.assertEqual(self.status(server, "new", "/_sandbox/after"), 200)
        self.assertEqual(self.status(server, "old", "/_sandbox/before"), 200)
        call(server.port, "POST", "/_sandbox/before/_emulator/reset")
        self.assertEqual(self.status(server, "new", "/_sandbox/before"), 200)

    def test_an_invalid_file_leaves_the_world_unchanged_and_is_reported(self):
        for arguments in ([], ["--watch"]):
            with self.subTest(arguments):
                server, world = self.start_with(*arguments)
                for bad, words in [('{"conections": []}', 'world.json:1: /conections: '),
                                   ("hello", "is not JSON"), (None, "No such file")]:
                    world.unlink() if bad is None else self.write(world, bad)
                    if not arguments:
                        server.process.send_signal(signal.SIGHUP)
                    line = server.await_log("not reloaded, the old ones stay: ")
                    self.assert_words([str(world), words], line)
                    self.assertEqual(self.status(server, "old"), 200)
                self.write(world, self.world_of("new"))
                if not arguments:
                    server.process.send_signal(signal.SIGHUP)
                server.await_log("fixtures reloaded")
                self.assertEqual(self.status(server, "new"), 200)

    def test_watch_reloads_changed_files(self):
        server, world = self.start_with("--watch")
        for connection_id in ("a", "b"):
            self.write(world, self.world_of(connection_id))
            server.await_log("fixtures reloaded")
            self.assertEqual(self.status(server, connection_id), 200)

    def test_watch_notices_added_and_removed_files_of_a_folder(self):
        folder = self.folder()
        (folder / "who.json").write_text(PRINCIPAL)
        server = self.start("--fixtures", folder, env={"EXPORT_EMULATOR_WATCH": "true"},
                            stderr=subprocess.PIPE)
        self.write(folder / "a.json", ONE_CONNECTION % "a")
        server.await_log("fixtures reloaded")
        self.assertEqual(self.status(server, "a"), 200)
        (folder / "a.json").unlink()
        server.await_log("fixtures reloaded")
        self.assertEqual(self.status(server, "a"), 404)

    def test_a_store_keeps_its_rows_until_a_reset(self):
        server, world = self.start_with("--store", self.folder() / "store")
        self.write(world, self.world_of("new"))
        server.process.send_signal(signal.SIGHUP)
        server.await_log("the store keeps its rows")
        self.assertEqual((self.status(server, "old"), self.status(server, "new")), (200, 404))
        self.assertEqual(call(server.port, "POST", "/_emulator/reset").status, 204)
        self.assertEqual((self.status(server, "old"), self.status(server, "new")), (404, 200))

    def test_reloading_from_standard_input_is_refused_with_a_message(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        os.write(write, self.world_of("old").encode())
        os.close(write)
        server = self.start("--fixtures", "-", stdin=read, stderr=subprocess.PIPE)
        server.process.send_signal(signal.SIGHUP)
        server.await_log("standard input cannot be read again")
        self.assertEqual(self.status(server, "old"), 200)

    def test_without_fixtures_a_reload_restores_the_default_world(self):
        server = self.start(stderr=subprocess.PIPE)
        call(server.port, "PUT", "/_emulator/fixtures", {})
        server.process.send_signal(signal.SIGHUP)
        server.await_log("fixtures reloaded")
        self.assertEqual(get_connection(server.port).status, 200)


if __name__ == "__main__":
    unittest.main()
