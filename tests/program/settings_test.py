"""Settings: flags, environment variables and their precedence."""

import json
import re
import unittest

from program import (DEFAULT_WORLD, ONE_CONNECTION, PRINCIPAL, Case, get_connection, reserved_port,
                     run)


class Variables(Case):

    def test_a_flag_wins_over_its_variable_which_wins_over_port(self):
        ours = self.enterContext(reserved_port())
        plain = self.enterContext(reserved_port())
        flag = self.enterContext(reserved_port())
        variables = {"EXPORT_EMULATOR_PORT": str(ours), "PORT": str(plain)}
        for given, env, expected in [
                (None, {"PORT": str(plain)}, plain),
                (None, {"EXPORT_EMULATOR_PORT": str(ours)}, ours),
                (None, variables, ours),
                (flag, variables, flag),
                (None, {**variables, "EXPORT_EMULATOR_PORT": ""}, plain),
        ]:
            with self.subTest(given=given, env=env):
                server = self.start(port=given, env=env)
                self.assertEqual(server.port, expected)
                server.stop()

    def test_the_default_is_localhost_port_8080(self):
        self.assert_words(["(default: localhost)", "(default: 8080)"], run("serve", "--help").out)
        self.assertIn("http://localhost:8080/export/", run("outcomes").out)

    def test_the_manual_page_lists_a_variable_for_every_flag_of_serve(self):
        flags = set(re.findall(r"^  --([a-z][a-z-]*)", run("serve", "--help").out, re.M))
        text = run("man").out
        self.assertEqual(flags, {"host", "port", "port-file", "tls", "tls-cert", "tls-key",
                                 "tls-name", "tls-port", "tls-ca-file", "fixtures", "store",
                                 "watch", "issuer", "signing-key", "rate-limit", "edition",
                                 "assume", "seed", "ignore-prefer", "control", "control-token",
                                 "sandbox-limit", "sandbox-idle", "public-url", "journal-bytes",
                                 "quiet-headers", "self-check", "log"})
        for flag in flags:
            self.assertIn("EXPORT_EMULATOR_" + flag.replace("-", "_").upper(), text)
        self.assertIn("the variable PORT is read", text)

    def test_a_variable_has_the_effect_of_its_flag(self):
        folder = self.folder()
        fixtures = folder / "fixtures.json"
        fixtures.write_text(DEFAULT_WORLD.read_text())
        server = self.start(env={"EXPORT_EMULATOR_HOST": "127.0.0.1",
                                 "EXPORT_EMULATOR_PORT_FILE": str(folder / "port"),
                                 "EXPORT_EMULATOR_STORE": str(folder / "store"),
                                 "EXPORT_EMULATOR_FIXTURES": str(fixtures),
                                 "EXPORT_EMULATOR_RATE_LIMIT": "1/60",
                                 "EXPORT_EMULATOR_LOG": "json"})
        self.assertEqual(server.url, f"http://127.0.0.1:{server.port}")
        self.assertEqual((folder / "port").read_text(), f"{server.port}\n")
        self.assertTrue((folder / "store").exists())
        statuses = [get_connection(server.port).status for _ in range(2)]
        self.assertEqual(statuses, [200, 429])
        server.stop()
        self.assertEqual([json.loads(line)["status"] for line in server.log().splitlines()],
                         statuses)

    def test_an_empty_variable_counts_as_unset(self):
        names = ["HOST", "PORT_FILE", "STORE", "FIXTURES", "RATE_LIMIT", "LOG"]
        server = self.start(env={f"EXPORT_EMULATOR_{name}": "" for name in names})
        self.assertEqual(get_connection(server.port).status, 200)

    def test_the_fixtures_variable_is_a_list(self):
        folder = self.folder()
        (folder / "a.json").write_text(ONE_CONNECTION % "a")
        (folder / "b.json").write_text(PRINCIPAL)
        server = self.start(env={"EXPORT_EMULATOR_FIXTURES": f"{folder}/a.json:{folder}/b.json"})
        self.assertEqual(get_connection(server.port, "a", "t").status, 200)

    def test_service_variables_of_kubernetes_are_ignored_with_a_notice(self):
        port = self.enterContext(reserved_port())
        link = "tcp://10.0.0.1:80"
        server = self.start(port=None, env={"EXPORT_EMULATOR_PORT": link, "PORT": str(port),
                                            "EXPORT_EMULATOR_PORT_80_TCP": link,
                                            "EXPORT_EMULATOR_SERVICE_HOST": "10.0.0.1",
                                            "EXPORT_EMULATOR_SERVICE_PORT": "80"})
        self.assertEqual(server.port, port)
        server.stop()
        self.assert_words(["notice: EXPORT_EMULATOR_PORT=" + link, "ignored"], server.log())
        self.assertEqual(len(server.log().splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
