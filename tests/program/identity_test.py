"""The identity service from outside: its settings, `export-emulator token`, and that no secret
reaches the log or the journal."""

import base64
import json
import subprocess
import unittest
import urllib.parse

from program import EXAMPLE, Case, call, get, get_connection, run

SERVICE = {"grant_type": "client_credentials", "client_id": "service-app",
           "client_secret": "service-app-secret", "scope": "itwin-platform"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post_form(port, path, parameters, headers=None):
    return call(port, "POST", path, urllib.parse.urlencode(parameters).encode(),
                headers={**FORM, **(headers or {})})


def token_of(port, prefix="", **others):
    return json.loads(post_form(port, prefix + "/connect/token", {**SERVICE, **others}).body)


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def reason(answer):
    return answer.headers["X-Emulator-Reason"]


class SigningKeyTest(Case):
    def key(self, *options):
        file = self.folder() / "key.pem"
        subprocess.run(["openssl", "genpkey", "-quiet", "-out", file, *options], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)
        return file

    def test_with_a_signing_key_tokens_outlive_the_process(self):
        file = self.key("-algorithm", "RSA")
        arguments = ("--signing-key", file, "--issuer", "https://login.example")
        first = self.start(*arguments)
        token = token_of(first.port)["access_token"]
        first.stop()
        second = self.start(*arguments)
        self.assertEqual(get_connection(second.port, EXAMPLE, token).status, 200)
        third = self.start("--issuer", "https://login.example")
        refused = get_connection(third.port, EXAMPLE, token)
        self.assertEqual((refused.status, reason(refused)), (401, "token-unknown-key"))

    def test_an_unusable_key_is_exit_2(self):
        folder = self.folder()
        (folder / "text").write_text("no key")
        encrypted = self.key("-algorithm", "RSA", "-aes128", "-pass", "pass:secret")
        for file, words in ((folder / "none", "cannot read"),
                            (folder / "text", "no private key in PEM"),
                            (encrypted, "that is not encrypted"),
                            (self.key("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
                             "2048 bits or more"),
                            (self.key("-algorithm", "EC", "-pkeyopt",
                                      "ec_paramgen_curve:P-256"), "RSA key")):
            done = run("--port", 0, "--signing-key", file)
            self.assertEqual((done.code, done.out), (2, ""))
            self.assert_words(["--signing-key: ", str(file), words], done.err)


class IssuerTest(Case):
    def test_the_default_issuer_is_the_url_of_the_request(self):
        server = self.start()
        metadata = json.loads(get(server.port, "/.well-known/openid-configuration",
                                  headers={"Host": "emulator:8080"}).body)
        self.assertEqual(metadata["issuer"], "http://emulator:8080")
        token = json.loads(post_form(server.port, "/connect/token", SERVICE,
                                     {"Host": "emulator:8080"}).body)["access_token"]
        self.assertEqual(claims_of(token)["iss"], "http://emulator:8080")
        # The token is valid under every host name of the emulator.
        self.assertEqual(get_connection(server.port, EXAMPLE, token).status, 200)

    def test_a_configured_issuer_is_the_only_one(self):
        server = self.start("--issuer", "https://login.example")
        metadata = json.loads(get(server.port, "/_sandbox/a/.well-known/openid-configuration").body)
        self.assertEqual(metadata["issuer"], "https://login.example/_sandbox/a")
        self.assertEqual(metadata["token_endpoint"],
                         f"http://127.0.0.1:{server.port}/_sandbox/a/connect/token")
        self.assertEqual(claims_of(token_of(server.port)["access_token"])["iss"],
                         "https://login.example")
        done = run("--issuer", "https://login.example/")
        self.assertEqual(done.code, 2)
        self.assert_words(["--issuer: ", "without '/' at its end"], done.err)


class TokenCommandTest(Case):
    def test_it_prints_a_token_with_the_given_properties(self):
        server = self.start()
        done = run("token", "--client", "trial-app", "--user", "owner", "--scope", "export:read",
                   "--scope", "openid", "--ttl", 60, server.url)
        self.assertEqual((done.code, done.err), (0, ""))
        claims = claims_of(done.out)
        self.assertEqual((claims["client_id"], claims["sub"], claims["scope"],
                          claims["exp"] - claims["iat"]),
                         ("trial-app", "owner", ["export:read", "openid"], 60))
        answer = get_connection(server.port, "private-connection", done.out.strip())
        self.assertEqual(answer.status, 200)

    def test_the_api_rejects_a_token_with_any_defect_of_the_help(self):
        server = self.start()
        text = run("token", "--help").out
        names = text[text.index("Defects: ") + 9:].rstrip(".\n").replace("\n", " ").split(", ")
        self.assertGreaterEqual(len(names), 9)
        for name in names:
            done = run("token", "--defect", name, server.url)
            self.assertEqual(done.code, 0, name)
            answer = get_connection(server.port, EXAMPLE, done.out.strip())
            self.assertEqual(answer.status, 401, name)

    def test_it_reports_mistakes(self):
        server = self.start("--control-token", "let-me-in")
        for arguments, code, words in (
                (("--defect", "expird"), 2, ['Did you mean "expired"?']),
                (("--ttl", "0"), 2, ["--ttl", "whole number"]),
                (("--scop", "a"), 2, ["--scop"]),
                ((server.url,), 1, ["401", "--control-token"]),
                (("--control-token", "let-me-in", "--client", "premium-ap", server.url), 1,
                 ["422", 'Did you mean "premium-app"?']),
                (("--control-token", "let-me-in", f"{server.url}/export"), 1, ["404"])):
            done = run("token", *arguments)
            self.assertEqual((done.code, done.out), (code, ""), arguments)
            self.assert_words(words, done.err)
        self.assertEqual(run("token", "--control-token", "let-me-in", server.url).code, 0)


class SecretsTest(Case):
    def test_no_secret_reaches_the_log_or_the_journal(self):
        for log in ("text", "json"):
            server = self.start("--log", log)
            tokens = token_of(server.port)
            get_connection(server.port, EXAMPLE, tokens["access_token"])
            get(server.port, f"/export/connections/{tokens['access_token']}",
                tokens["access_token"])
            get(server.port, f"/export/connections/x?token={tokens['access_token']}")
            post_form(server.port, "/connect/token", {**SERVICE, "client_secret": "a-wrong-secret"})
            post_form(server.port, "/connect/revocation",
                      {"token": tokens["access_token"], "client_id": "browser-app"})
            basic = base64.b64encode(b"service-app:service-app-secret").decode()
            post_form(server.port, "/connect/token", {"grant_type": "client_credentials"},
                      {"Authorization": f"Basic {basic}"})
            get(server.port, f"/connect/token?client_secret=a-wrong-secret")
            post_form(server.port, "/connect/nothing", {"client_secret": "a-wrong-secret"})
            broken = json.loads(call(server.port, "POST", "/_emulator/tokens",
                                     {"defect": "truncated"}).body)["token"]
            get_connection(server.port, EXAMPLE, broken)
            journal = get(server.port, "/_emulator/requests?limit=1000").body.decode()
            server.stop()
            for secret in (tokens["access_token"], tokens["access_token"].split(".")[2], broken,
                           "service-app-secret", "a-wrong-secret", basic):
                self.assertNotIn(secret, server.log())
                self.assertNotIn(secret, journal)


if __name__ == "__main__":
    unittest.main()
