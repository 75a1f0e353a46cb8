"""Messages for invalid fixture files, flags and variables: each names the place and the remedy, and
the program ends immediately with the documented exit code."""

import os
import sqlite3
import unittest

from program import SOON, Case, run

BAD_INPUT, FAILED = 2, 1

# No message may contain signs of a crash, a library's own words, or stray full stops.
FORBIDDEN = r"terminate called|what\(\)|xception|Sanitizer|Assertion|[.?!]\.(\s|$)"


def token(members):
    return ('{"clients": [{"id": "k", "tier": "trial"}],\n"tokens": [\n{"token": "t", '
            '"client": "k", "scopes": [], ' + members + "}]}")


def limits(limit):
    return '{"clients": [\n{"id": "k", "tier": "trial", "rateLimits": [' + limit + "]}]}"


def connection(members):
    return '{"connections": [\n{' + members + "}]}"


# name, text, line and place, words of the message: the mistake and the remedy
FILES = [
    ("a misspelt member", connection('"id": "c",\n"displayNam": "x"'),
     "3: /connections/0/displayNam", ['unknown member "displayNam"', 'mean "displayName"?']),
    ("a misspelt member in a pasted response",
     connection('"connection": {"id": "c", "itwinId": "x"}'),
     "2: /connections/0/connection/itwinId", ['Did you mean "iTwinId"?']),
    ("a member beside a pasted response",
     connection('"connection": {"id": "c"}, "id": "d"'), "2: /connections/0/id",
     ['unknown member "id"', "Known here: connection"]),
    ("an unknown member of the file", '{\n"conections": []}', "2: /conections",
     ['Did you mean "connections"?', "Known here: $schema, clients, connections"]),
    ("an unknown member whose name would break the line", '{"a\\nb": 1}', "1: /a?b",
     ['unknown member "a?b"']),
    ("a reference that would break the line",
     '{"clients": [{"id": "k", "tier": "trial", "user": "a\\nb"}]}', "1: /clients/0/user",
     ['there is no user "a?b"']),
    ("an unknown member without a similar one", '{"zzz": 1}', "1: /zzz", ["Known here: "]),
    ("a misspelt link", connection('"id": "c", "_links": {"itwin": {"href": "x"}}'),
     "2: /connections/0/_links/itwin", ['Did you mean "iTwin"?']),
    ("a wrong authenticationType", connection('"id": "c", "authenticationType": "user"'),
     "2: /connections/0/authenticationType", ['"user"', "one of User, Service", '"User"?']),
    ("a wrong tier", '{"clients": [{"id": "k", "tier": "gold"}]}', "1: /clients/0/tier",
     ['"gold"', "one of trial, community, basic, standard, premium, custom"]),

    ("a connection without an id", connection('"displayName": "x"'), "2: /connections/0",
     ['"id" is missing', "add an opaque, case-sensitive id"]),
    ("a client without a tier", '{"clients": [{"id": "k"}]}', "1: /clients/0",
     ['"tier" is missing', "add the subscription tier"]),
    ("a user without connections", '{"users": [{"id": "u"}]}', "1: /users/0",
     ['"connections" is missing', "or [\"*\"] for all"]),
    ("a token without scopes", '{"tokens": [{"token": "t", "client": "k"}]}', "1: /tokens/0",
     ['"scopes" is missing', "add a list of scopes"]),
    ("a link without href", connection('"id": "c", "_links": {"iTwin": {}}'),
     "2: /connections/0/_links/iTwin", ['"href" is missing']),

    ("a connection id twice", '{"connections": [{"id": "c"},\n{"id": "c"}]}', "2: /connections/1",
     ['there is already a connection with the id "c"', "its own"]),
    ("a user id twice",
     '{"users": [{"id": "u", "connections": []},\n{"id": "u", "connections": []}]}',
     "2: /users/1", ['another user "u"', "its own"]),
    ("a client id twice",
     '{"clients": [{"id": "k", "tier": "trial"},\n{"id": "k", "tier": "basic"}]}',
     "2: /clients/1", ['another client "k"', "its own"]),
    ("a token twice", token('"name": "a"},\n{"token": "t", "client": "k", "scopes": []'),
     "4: /tokens/1", ["another token has the same value", "keep one"]),
    ("a token's name twice",
     token('"name": "a"},\n{"token": "s", "client": "k", "scopes": [], "name": "a"'),
     "4: /tokens/1", ['another token named "a"', "its own"]),
    ("a member twice", connection('"id": "c",\n"id": "d"'), "3: /connections/0/id",
     ['"id" is there twice', "keep one of the two"]),
    ("a member twice, once escaped", connection('"id": "c",\n"\\u0069d": "d"'),
     "3: /connections/0/id", ['"id" is there twice']),
    ("a section twice", '{"users": [],\n"users": []}', "2: /users", ['"users" is there twice']),
    ("a connection twice among those of a user",
     '{"connections": [{"id": "c"}], "users": [{"id": "u", "connections": ["c", "c"]}]}',
     "1: /users/0", ['"c" is listed twice', "list it once"]),
    ("two limits of the same length",
     limits('{"limit": 1, "seconds": 60}, {"limit": 2, "seconds": 60}'),
     "2: /clients/0", ["two limits", "60 seconds", "keep"]),

    ("a reader of an unknown connection",
     '{"users": [\n{"id": "u",\n"connections": ["c"]}]}', "3: /users/0/connections",
     ['there is no connection "c"', 'add it to "connections"']),
    ("a client of an unknown user",
     '{"clients": [\n{"id": "k", "tier": "trial",\n"user": "u"}]}', "3: /clients/0/user",
     ['there is no user "u"', 'add it to "users"']),
    ("a token of an unknown user", token('\n"user": "u"'), "4: /tokens/0/user",
     ['there is no user "u"', 'add it to "users"']),
    ("a token of an unknown client",
     '{"tokens": [\n{"token": "t",\n"client": "k", "scopes": []}]}', "3: /tokens/0/client",
     ['there is no client "k"', 'add it to "clients"']),

    ("a list in place of the file's object", "[]", "1: /", ["is a list", "wanted: "]),
    ("a text in place of the file's object", '"connections"', "1: /", ["wanted: "]),
    ("a section that is an object", '{"connections": {}}', "1: /connections",
     ["is an object", "wanted: "]),
    ("a section that is null", '{"tokens": null}', "1: /tokens", ["is null", "wanted: "]),
    ("a connection that is a text", '{"connections": ["c"]}', "1: /connections/0",
     ['is "c"', "an object with at least an id"]),
    ("an id that is a number", connection('"id": 5'), "2: /connections/0/id",
     ["is 5", "an opaque, case-sensitive id"]),
    ("an empty id", connection('"id": ""'), "2: /connections/0/id", ["1 to 256 characters"]),
    ("an id of 257 characters", connection(f'"id": "{"x" * 257}"'), "2: /connections/0/id",
     ["1 to 256 characters"]),
    ("* as an id", connection('"id": "*"'), "2: /connections/0/id", ['not "*"']),
    ("a link that is a text", connection('"id": "c", "_links": {"iTwin": "https://x"}'),
     "2: /connections/0/_links/iTwin", ['wanted: a link: {"href": "https://..."}']),
    ("_links without a link", connection('"id": "c", "_links": {}'),
     "2: /connections/0/_links", ["is empty", "leave", "out"]),
    ("scopes that are a text",
     '{"tokens": [{"token": "t", "client": "k", "scopes": "export:read"}]}',
     "1: /tokens/0/scopes", ["wanted: a list of scopes"]),
    ("a scope with a space", '{"tokens": [{"token": "t", "client": "k", "scopes": ["a b"]}]}',
     "1: /tokens/0/scopes/0", ['is "a b"', "a scope without spaces"]),
    ("a token with spaces", '{"tokens": [{"token": "a b", "client": "k", "scopes": []}]}',
     "1: /tokens/0/token", ["wanted: the Bearer token itself", "A-Z a-z 0-9"]),
    ("a token's name with a slash", token('"name": "a/b"'), "3: /tokens/0/name",
     ['is "a/b"', "A-Z a-z 0-9"]),
    ("registered as a string",
     '{"clients": [{"id": "k", "tier": "trial", "registered": "no"}]}',
     "1: /clients/0/registered", ['is "no"', "true, or false"]),

    ("an invalid time", token('"expires": "tomorrow"'), "3: /tokens/0/expires",
     ['is "tomorrow"', 'a time such as "2030-01-01T00:00:00Z"']),
    ("the 30th of February", token('"expires": "2030-02-30T00:00:00Z"'), "3: /tokens/0/expires",
     ['"2030-02-30T00:00:00Z"', "time"]),
    ("a time that is in the year 10000 in UTC", token('"expires": "9999-12-31T23:59:59-01:00"'),
     "3: /tokens/0/expires", ['is "9999-12-31T23:59:59-01:00"', "is not a time", "a time such as"]),
    ("a time that is before the year 0 in UTC", token('"notBefore": "0000-01-01T00:00:00+01:00"'),
     "3: /tokens/0/notBefore", ["is not a time"]),
    ("a time without a zone", token('"notBefore": "2030-01-01T00:00:00"'),
     "3: /tokens/0/notBefore", ["a time such as"]),
    ("a date without a time", token('"notBefore": "2030-01-01"'), "3: /tokens/0/notBefore",
     ["a time such as"]),
    ("a time that is a number", token('"expires": 1893456000'), "3: /tokens/0/expires",
     ["is 1893456000", "a time such as"]),

    ("a negative limit", limits('{"limit": -1, "seconds": 60}'),
     "2: /clients/0/rateLimits/0/limit", ["is -1", "a whole number of calls from 0"]),
    ("half a call", limits('{"limit": 1.5, "seconds": 60}'), "2: /clients/0/rateLimits/0/limit",
     ["is 1.5", "a whole number of calls"]),
    ("a limit that fits no integer", limits('{"limit": 99999999999999999999, "seconds": 60}'),
     "2: /clients/0/rateLimits/0/limit", ["a whole number of calls"]),
    ("a limit that fits no number", limits('{"limit": 1e999, "seconds": 60}'), "2: ", ["1e999"]),
    ("a window of no length", limits('{"limit": 1, "seconds": 0}'),
     "2: /clients/0/rateLimits/0/seconds", ["is 0", "a whole number of seconds from 1"]),
    ("a limit without a window", limits('{"limit": 1}'), "2: /clients/0/rateLimits/0",
     ['"seconds" is missing']),
    ("no limits", limits(""), "2: /clients/0/rateLimits", ["is empty"]),

    ("no JSON", "hello", "1: ", ["is not JSON"]),
    ("an empty file", "", "1: ", ["is empty", "at least {}"]),
    ("only empty lines", "\n\n", "1: ", ["is empty", "at least {}"]),
    ("a truncated file", '{"connections": [\n{"id": "c"}', "2: ", ["is not JSON", "expected ']'"]),
    ("a superfluous comma", '{"connections": [\n],\n}', "3: ", ["is not JSON", "unexpected '}'"]),
    ("a comment", "// mine\n{}", "1: ", ["is not JSON"]),
    ("two documents", "{}\n{}", "2: ", ["is not JSON", "expected end of input"]),
    ("a NUL within a text", b'{"connections": [\n{"id": "c\0"}]}', "2: ", ["is not JSON", "NUL"]),
    ("a NUL behind the document", b'{}\n\0{"conections": []}', "2: ", ["is not JSON"]),
    ("invalid UTF-8", b'{"connections": [\n{"id": "c\xff"}]}', "2: ", ["is not JSON", "UTF-8"]),
    ("half a surrogate pair", connection('"id": "\\ud800"'), "2: ", ["is not JSON", "surrogate"]),
    ("UTF-16", '{"connections": []}'.encode("utf-16"), "1: ", ["is not JSON"]),
    ("half a byte order mark", b"\xef\xbb{}", "1: ", ["is not JSON", "BOM"]),
    ("a text of 4097 bytes", connection(f'"id": "c",\n"displayName": "{"x" * 4097}"'),
     "3: /connections/0/displayName", ["4097 bytes", "at most 4096"]),
    ("nesting of 33 levels", "\n" + "[" * 33 + "]" * 33, "2: ", ["deeper than 32 levels"]),
    ("a million levels of nesting", "[" * 1_000_000, "1: ", ["deeper than 32 levels"]),
]

UNKNOWN = "unknown option"
UNEXPECTED = "unexpected argument"

# arguments, variables, exit code, words of the message: the flag or variable, and the remedy
COMMAND_LINES = [
    (["--nonsense"], {}, BAD_INPUT, ["--nonsense", UNKNOWN, "serve --help"]),
    (["--prot", "1"], {}, BAD_INPUT, ["--prot", 'Did you mean "--port"?']),
    (["serve", "--rate-limits=off"], {}, BAD_INPUT, ['Did you mean "--rate-limit"?']),
    (["--PORT", "1"], {}, BAD_INPUT, ["--PORT", 'Did you mean "--port"?']),
    (["-p", "80"], {}, BAD_INPUT, ["-p", UNKNOWN]),
    (["--port", "1", "2"], {}, BAD_INPUT, ['"2"', UNEXPECTED]),
    (["serve", "serve"], {}, BAD_INPUT, ['"serve"', UNEXPECTED]),
    (["--wait", "3"], {}, BAD_INPUT, ["--wait", UNKNOWN]),
    (["servee"], {}, BAD_INPUT, ['"servee": unknown command', 'Did you mean "serve"?']),
    (["valdate", "x"], {}, BAD_INPUT, ['"valdate"', 'Did you mean "validate"?']),
    (["frobnicate"], {}, BAD_INPUT, ['"frobnicate": unknown command', "export-emulator --help"]),
    ([""], {}, BAD_INPUT, ['"": unknown command']),
    (["schema", "x"], {}, BAD_INPUT, ['"x"', UNEXPECTED, "schema --help"]),
    (["outcomes", "--ulr", "x"], {}, BAD_INPUT, ['Did you mean "--url"?', "outcomes --help"]),
    (["outcomes", "--url", ""], {}, BAD_INPUT, ["--url", "empty"]),
    *[(["outcomes", "--url", value], {}, BAD_INPUT,
       ["--url", f'"{value}"', "such as http://localhost:8080"])
      for value in ("x", "localhost:8080", "ftp://x", "http://x y", "http://x;y", "http://x'")],
    (["validate", ""], {}, BAD_INPUT, ["FILE", "empty"]),
    (["validate"], {}, BAD_INPUT, ["FILE", "missing", "validate --help"]),
    (["validate", "--fixtures", "x"], {}, BAD_INPUT, ["--fixtures", "validate --help"]),
    (["validate", "/no/such.json"], {}, BAD_INPUT, ["/no/such.json", "No such file", "Name a"]),

    (["--port"], {}, BAD_INPUT, ["--port", "NUMBER", "serve --help"]),
    (["--port", "--log=off"], {}, BAD_INPUT, ["--port"]),
    (["--port=0", "--store=", "--log=off"], {}, BAD_INPUT, ["--store"]),
    (["--port=0", "--store", "--log=off"], {}, BAD_INPUT, ["--store"]),
    (["--port", "1", "--port", "2"], {}, BAD_INPUT, ["--port", "serve --help"]),
    (["--log", "off", "--log", "off"], {}, BAD_INPUT, ["--log", "serve --help"]),
    *[(["--port", value], {}, BAD_INPUT, ["--port", f'"{value}"', "from 0 (a free port) to 65535"])
      for value in ("65536", "-1", "abc", "0x50", "80 ", "+80", "8e1", "", "9" * 40)],
    *[(["--rate-limit", value], {}, BAD_INPUT, ["--rate-limit", f'"{value}"', '"off"', "100/60"])
      for value in ("5", "5/", "/5", "5/0", "-1/5", "5/5/5", "of", "")],
    *[(["--log", value], {}, BAD_INPUT, ["--log", f'"{value}"', "text, json or off"])
      for value in ("yaml", "JSON", "")],
    *[(["--control", value], {}, BAD_INPUT, ["--control", f'"{value}"', "loopback, open or off"])
      for value in ("on", "OPEN", "")],
    (["--control", "opne"], {}, BAD_INPUT, ['Did you mean "open"?']),
    (["--control-token", ""], {}, BAD_INPUT, ["--control-token", "empty"]),
    *[(["--control-token", value], {}, BAD_INPUT, ["--control-token", "visible ASCII"])
      for value in ("two words", "tab\t", "\u017elu\u0165")],
    *[(["--sandbox-limit", value], {}, BAD_INPUT,
       ["--sandbox-limit", f'"{value}"', "from 0 to 1000000"])
      for value in ("-1", "1000001", "many", "1e3", "")],
    *[(["--sandbox-idle", value], {}, BAD_INPUT,
       ["--sandbox-idle", f'"{value}"', "from 0 to 31536000"])
      for value in ("-1", "31536001", "1h", "0.5", "")],
    *[(["--public-url", value], {}, BAD_INPUT, ["--public-url", f'"{value}"', "such as http://"])
      for value in ("localhost:8080", "ftp://x", "http://x y", "http://x?a=1")],
    (["--public-url", ""], {}, BAD_INPUT, ["--public-url", "empty"]),
    *[([f"--{flag}={value}"], {}, BAD_INPUT, [f"--{flag}", f'"{value}"', "true or 1, false or 0"])
      for flag in ("watch", "ignore-prefer") for value in ("yes", "TRUE")],
    (["--watch", "off"], {}, BAD_INPUT, ['"off"', UNEXPECTED]),
    (["--log", "jsn"], {}, BAD_INPUT, ["--log", 'Did you mean "json"?']),
    *[([flag, ""], {}, BAD_INPUT, [flag, "empty", "value"])
      for flag in ("--host", "--store", "--fixtures", "--port-file")],
    (["--fixtures", "/no/such.json"], {}, BAD_INPUT, ["/no/such.json", "No such file", "Name a"]),

    ([], {"EXPORT_EMULATOR_PORT": "http"}, BAD_INPUT, ["EXPORT_EMULATOR_PORT", '"http"', "65535"]),
    ([], {"EXPORT_EMULATOR_PORT": "70000"}, BAD_INPUT, ["EXPORT_EMULATOR_PORT", '"70000"']),
    ([], {"PORT": "http"}, BAD_INPUT, ["PORT", '"http"', "65535"]),
    ([], {"EXPORT_EMULATOR_LOG": "all"}, BAD_INPUT, ["EXPORT_EMULATOR_LOG", "text, json or off"]),
    ([], {"EXPORT_EMULATOR_RATE_LIMIT": "9"}, BAD_INPUT, ["EXPORT_EMULATOR_RATE_LIMIT", "100/60"]),
    ([], {"EXPORT_EMULATOR_FIXTURES": "/no/a.json:/no/b.json"}, BAD_INPUT,
     ["/no/a.json", "/no/b.json"]),
    ([], {"EXPORT_EMULATOR_CONTROL": "yes"}, BAD_INPUT,
     ["EXPORT_EMULATOR_CONTROL", "loopback, open or off"]),
    ([], {"EXPORT_EMULATOR_CONTROL_TOKEN": "two words"}, BAD_INPUT,
     ["EXPORT_EMULATOR_CONTROL_TOKEN", "visible ASCII"]),
    ([], {"EXPORT_EMULATOR_SANDBOX_LIMIT": "x"}, BAD_INPUT, ["EXPORT_EMULATOR_SANDBOX_LIMIT"]),
    ([], {"EXPORT_EMULATOR_SANDBOX_IDLE": "x"}, BAD_INPUT, ["EXPORT_EMULATOR_SANDBOX_IDLE"]),
    ([], {"EXPORT_EMULATOR_PUBLIC_URL": "x"}, BAD_INPUT, ["EXPORT_EMULATOR_PUBLIC_URL"]),
    ([], {"EXPORT_EMULATOR_WATCH": "on"}, BAD_INPUT, ["EXPORT_EMULATOR_WATCH", "true or 1"]),
    ([], {"EXPORT_EMULATOR_STORE": "/no/such/store"}, FAILED, ["/no/such/store", "Name a file"]),

    (["--store", "/no/such/store"], {}, FAILED, ["/no/such/store", "No such file", "Name a file"]),
    (["--port", "0", "--port-file", "/no/such/file"], {}, FAILED,
     ["/no/such/file", "No such file", "Name a file"]),

    (["healthcheck", "--wait", "-1"], {}, FAILED, ["--wait", '"-1"', "from 0 to 3600"]),
    (["healthcheck", "--wait", "soon"], {}, FAILED, ["--wait", '"soon"', "from 0 to 3600"]),
    (["healthcheck", "--wait"], {}, FAILED, ["--wait", "SECONDS", "healthcheck --help"]),
    (["healthcheck", "--wiat", "1"], {}, FAILED, ['Did you mean "--wait"?']),
    (["healthcheck", "x", "y"], {}, FAILED, ['"x"', "healthcheck --help"]),
    (["healthcheck", "--port", "99999"], {}, FAILED, ["--port", '"99999"', "65535"]),
    (["healthcheck"], {"EXPORT_EMULATOR_PORT": "x"}, FAILED, ["EXPORT_EMULATOR_PORT", "65535"]),
]


class Malformed(Case):

    def assert_refused(self, done, code, words):
        self.assertEqual((done.code, done.out), (code, ""), done.err)
        self.assert_words(words, done.err)
        self.assertTrue(done.err.startswith("export-emulator: "), done.err)
        self.assertNotRegex(done.err, FORBIDDEN)
        self.assertRegex(done.err, r"[.?]\n$")
        self.assertLess(done.elapsed, SOON)

    def test_fixture_files(self):
        file = self.folder() / "world.json"
        for name, text, place, words in FILES:
            with self.subTest(name):
                file.write_bytes(text.encode() if isinstance(text, str) else text)
                done = run("--port", 0, "--fixtures", file)
                self.assert_refused(done, BAD_INPUT, [f"{file}:{place}", *words])
                self.assertEqual(run("validate", file).err, done.err)

    def test_command_lines_and_variables(self):
        folder = self.folder()
        for arguments, env, code, words in COMMAND_LINES:
            with self.subTest(arguments=arguments, **env):
                self.assert_refused(run(*arguments, env=env, cwd=folder), code, words)
        self.assertEqual(os.listdir(folder), [])  # no argument was used as a file name

    def test_all_mistakes_of_all_files_are_reported_together(self):
        folder = self.folder()
        (folder / "a.json").write_text('{"users": 1,\n"tokens": 2}')
        (folder / "b.json").write_text("hello")
        self.assert_refused(run("--port", 0, "--fixtures", folder), BAD_INPUT,
                            [f"{folder}/a.json:1: /users", f"{folder}/a.json:2: /tokens",
                             f"{folder}/b.json:1: "])

    def test_one_mistake_gives_one_line(self):
        file = self.folder() / "world.json"
        file.write_text('{"clients": [{"id": "k", "tier": "trial", "user": "nobody"}], "tokens": '
                        '[{"token": "t", "client": "k", "scopes": []}]}')
        self.assertEqual(len(run("validate", file).err.splitlines()), 1)

    def test_no_message_contains_a_token_or_a_secret(self):
        file = self.folder() / "world.json"
        for text in ['{"tokens": [{"token": "hush hush", "client": "k", "scopes": []}]}',
                     '{"tokens": [{"token": "hush', '{"tokens": [{"token": "hush\xff"}]}',
                     '{"clients": [{"id": "k", "tier": "trial", "secret": ["hush"]}]}',
                     token('"name": "a"').replace('"t"', '"hush"').replace('"k"', '"x"', 1),
                     token('"name": "a"},\n{"token": "t", "client": "k", "scopes": []')
                     .replace('"t"', '"hush"')]:
            with self.subTest(text):
                file.write_bytes(text.encode("latin-1"))
                done = run("validate", file)
                self.assertEqual(done.code, BAD_INPUT)
                self.assertNotIn("hush", done.err)

    def test_no_message_contains_a_control_token(self):
        done = run("--control-token", "hush hush")
        self.assertEqual(done.code, BAD_INPUT)
        self.assertNotIn("hush", done.err)

    def test_a_byte_order_mark_is_accepted(self):
        file = self.folder() / "world.json"
        file.write_bytes(b'\xef\xbb\xbf{"connections": [{"id": "c"}]}')
        self.assertEqual(run("validate", file).code, 0)

    def test_an_unreadable_file_or_folder_is_reported(self):
        folder = self.folder()
        folder.chmod(0o755)
        for name in ("file.json", "folder"):
            secret = folder / name
            secret.write_text("{}") if "." in name else secret.mkdir()
            secret.chmod(0)
            done = self.run_unprivileged("--port", 0, "--fixtures", secret)
            self.assert_refused(done, BAD_INPUT, [str(secret), "Permission denied", "may read"])

    def test_a_file_that_is_not_a_store_is_reported_and_unchanged(self):
        folder = self.folder()
        (folder / "text").write_text("no database at all, but a text of some length" * 100)
        (folder / "empty folder").mkdir()
        with sqlite3.connect(folder / "other") as database:
            database.execute("create table recipes (name)")
        database.close()
        for name, words in [("text", ["not a database", "Name a file"]),
                            ("empty folder", ["Name a file"]),
                            ("other", ["another program", "Name another file"])]:
            with self.subTest(name):
                before = (folder / name).read_bytes() if name != "empty folder" else b""
                done = run("--port", 0, "--store", folder / name)
                self.assert_refused(done, FAILED, [str(folder / name), *words])
                if name != "empty folder":
                    self.assertEqual((folder / name).read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
