#!/usr/bin/env python3
"""HTTPS from outside, with Python's ssl, which verifies the certificate as any client does."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import unittest

from program import (GUARD, HAS_IPV6, SOON, Case, bound, call, get, get_connection, raw, run)

SELF_SIGNED = ("--tls", "self-signed", "--tls-port", 0)
HELLO = "GET /_emulator/livez HTTP/1.1\r\nHost: a\r\n\r\n"


def trusting(ca, **settings):
    """A client context that trusts only this CA (PEM text)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(cadata=ca)
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def ca_of(server):
    return get(server.port, "/_emulator/ca.pem").body.decode()


def connect(server, context=None, name="localhost", host="127.0.0.1"):
    """A TLS socket to the server; verifies that its certificate has this name."""
    plain = socket.create_connection((host, server.ready["tlsPort"]), timeout=GUARD)
    try:
        return (context or trusting(ca_of(server))).wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise


def send(server, method, path, body=None, headers=None, client=None):
    """Sends one request over HTTPS; returns status, headers and body."""
    connection = http.client.HTTPConnection("localhost", timeout=GUARD)
    connection.sock = client or connect(server)
    with contextlib.closing(connection):
        connection.request(method, path, json.dumps(body) if body is not None else None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def read_response(file):
    """Reads one response that has a Content-Length; returns status and body."""
    status, length = int(file.readline().split()[1]), 0
    while (line := file.readline().strip()):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, file.read(length)


def read_to_end(client):
    """Reads until the end. Raises if the connection ends without close_notify."""
    return b"".join(iter(lambda: client.recv(65536), b""))


class Certificates:
    """Makes certificates with the installed openssl, as users who have their own do."""

    def __init__(self, folder):
        self.folder = folder

    def make(self, name, key="ec:P-256"):
        algorithm, detail = key.split(":")
        new_key = ["-newkey", algorithm, "-pkeyopt", f"ec_paramgen_curve:{detail}"]
        cert, key_file = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        self.run("req", "-x509", *new_key, "-nodes", "-days", "30", "-subj", f"/CN={name}",
                 "-addext", "subjectAltName=DNS:localhost", "-addext", "keyUsage=critical,digitalSignature,keyCertSign",
                 "-keyout", key_file, "-out", cert)
        return cert, key_file

    def run(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=GUARD)


class SelfSigned(Case):

    def test_both_ports_serve_the_same_world(self):
        server = self.start(*SELF_SIGNED)
        self.assertEqual(list(server.ready), ["event", "url", "port", "pid", "tlsUrl", "tlsPort"])
        self.assertEqual(server.ready["tlsUrl"], f"https://localhost:{server.ready['tlsPort']}")
        path = "/export/connections/service-connection"
        status, headers, body = send(server, "GET", path, headers={"Authorization": "Bearer reader-token"})
        plain = get_connection(server.port, "service-connection")
        self.assertEqual((status, body), (plain.status, plain.body))
        self.assertEqual(headers["Content-Type"], "application/json")

    def test_the_certificate_names_every_address_of_the_server(self):
        server = self.start(*SELF_SIGNED, "--tls-name", "api.bentley.com", "--tls-name", "192.0.2.7",
                            "--host", "127.0.0.1")
        context = trusting(ca_of(server))
        for name in ("localhost", "127.0.0.1", "::1", "api.bentley.com", "192.0.2.7"):
            connect(server, context, name).close()
        for name in ("www.bentley.com", "192.0.2.8"):
            with self.assertRaises(ssl.SSLCertVerificationError):
                connect(server, context, name)
        with self.assertRaises(ssl.SSLCertVerificationError):
            connect(server, ssl.create_default_context())

    @unittest.skipUnless(HAS_IPV6, "no IPv6")
    def test_it_listens_on_both_loopback_addresses(self):
        server = self.start(*SELF_SIGNED)
        connect(server, host="::1", name="::1").close()

    def test_the_ca_file_is_complete_before_the_ready_line_and_removed_at_exit(self):
        file = self.folder() / "ca.pem"
        # A killed emulator leaves its CA file behind.
        killed = self.start(*SELF_SIGNED, "--tls-ca-file", file)
        killed.kill()
        self.assertTrue(file.exists())
        server = self.start(*SELF_SIGNED, "--tls-ca-file", file)
        self.assertEqual(file.read_text(), ca_of(server))
        self.assertEqual(send(server, "GET", "/_emulator/ca.pem")[2].decode(), ca_of(server))
        self.assertEqual(os.listdir(file.parent), ["ca.pem"])
        server.stop()
        self.assertFalse(file.exists())

    def test_a_foreign_ca_file_is_refused_and_kept(self):
        for text in ("precious", ca_of(self.start(*SELF_SIGNED)) * 2):
            file = self.folder() / "ca.pem"
            file.write_text(text)
            done = run("--port", 0, *SELF_SIGNED, "--tls-ca-file", file)
            self.assertEqual((done.code, done.out), (2, ""))
            self.assert_words(["--tls-ca-file: ", str(file), "Name another file"], done.err)
            self.assertEqual(file.read_text(), text)

    def test_the_ca_is_served_without_a_control_token(self):
        server = self.start(*SELF_SIGNED, "--control-token", "hush")
        answer = get(server.port, "/_emulator/ca.pem")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/x-pem-file"))
        self.assertEqual(get(self.start().port, "/_emulator/ca.pem").status, 404)

    def test_links_have_the_scheme_of_the_request(self):
        server = self.start(*SELF_SIGNED)
        for index, scheme in ((send(server, "GET", "/_sandbox/a/_emulator")[2], "https"),
                              (get(server.port, "/_sandbox/a/_emulator").body, "http")):
            urls = [row["url"] for row in json.loads(index)["emulator"] if "url" in row]
            self.assertTrue(urls)
            for url in urls:
                self.assertRegex(url, f"^{scheme}://[^/]+/_sandbox/a/")

    def test_curl_lines_of_the_journal_have_the_scheme_of_the_request(self):
        server = self.start(*SELF_SIGNED)
        get_connection(server.port)
        entries = json.loads(send(server, "GET", "/_emulator/requests")[2])["requests"]
        self.assertIn(" 'https://localhost/export/", entries[0]["curl"])


class Connections(Case):

    def test_one_connection_carries_many_requests_also_pipelined(self):
        server = self.start(*SELF_SIGNED)
        with connect(server) as client, client.makefile("rb") as file:
            for _ in range(3):
                client.sendall(HELLO.encode())
                self.assertEqual(read_response(file), (200, b'{"status":"alive"}'))
            client.sendall(HELLO.encode() * 50)
            for _ in range(50):
                self.assertEqual(read_response(file), (200, b'{"status":"alive"}'))

    def test_alpn_selects_http_1_1(self):
        server = self.start(*SELF_SIGNED)
        context = trusting(ca_of(server))
        context.set_alpn_protocols(["h2", "http/1.1"])
        with connect(server, context) as client:
            self.assertEqual(client.selected_alpn_protocol(), "http/1.1")
            self.assertEqual(client.version(), "TLSv1.3")
        context = trusting(ca_of(server), maximum_version=ssl.TLSVersion.TLSv1_2)
        with connect(server, context) as client:
            self.assertEqual(client.version(), "TLSv1.2")
            self.assertEqual(send(server, "GET", "/_emulator/livez", client=client)[0], 200)

    def test_a_session_is_resumed_by_its_ticket(self):
        server = self.start(*SELF_SIGNED)
        context = trusting(ca_of(server))
        plain = [socket.create_connection(("127.0.0.1", server.ready["tlsPort"]), timeout=GUARD) for _ in range(2)]
        with context.wrap_socket(plain[0], server_hostname="localhost") as first, first.makefile("rb") as file:
            first.sendall(HELLO.encode())
            self.assertEqual(read_response(file)[0], 200)
            session = first.session
        with context.wrap_socket(plain[1], server_hostname="localhost", session=session) as second:
            self.assertTrue(second.session_reused)
            second.sendall(HELLO.encode())
            with second.makefile("rb") as file:
                self.assertEqual(read_response(file)[0], 200)

    def test_large_bodies_are_received_and_sent(self):
        server = self.start(*SELF_SIGNED)
        connections = [{"id": f"connection-{number}", "displayName": "x" * 1000} for number in range(5000)]
        fixtures = {"connections": connections, "users": [], "clients": [], "tokens": []}
        status, _, body = send(server, "PUT", "/_sandbox/large/_emulator/fixtures", fixtures)
        self.assertEqual((status, json.loads(body)["connections"]), (200, 5000))
        status, _, body = send(server, "GET", "/_sandbox/large/_emulator/fixtures")
        self.assertEqual((status, json.loads(body)["connections"]), (200, connections))

    def test_a_body_after_100_continue(self):
        server = self.start(*SELF_SIGNED)
        with connect(server) as client, client.makefile("rb") as file:
            client.sendall(b"POST /_emulator/clock/advance HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                           b"Content-Length: 14\r\n\r\n")
            self.assertEqual(file.readline(), b"HTTP/1.1 100 Continue\r\n")
            self.assertEqual(file.readline(), b"\r\n")
            client.sendall(b'{"seconds": 1}')
            self.assertEqual(read_response(file)[0], 200)

    def test_an_event_stream_is_immediate_and_ends_with_close_notify(self):
        server = self.start(*SELF_SIGNED)
        with connect(server) as client:
            client.suppress_ragged_eofs = False
            client.sendall(b"GET /_emulator/requests/stream HTTP/1.1\r\nHost: a\r\n\r\n")
            with client.makefile("rb") as file:
                while file.readline().strip():
                    pass
                get_connection(server.port)
                while not file.readline().startswith(b"data:"):
                    pass
                server.process.send_signal(signal.SIGTERM)
                file.read()  # raises if close_notify is missing

    def test_planned_faults_are_applied(self):
        server = self.start(*SELF_SIGNED)
        path = "/_sandbox/faults/export/connections/service-connection"
        request = f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer reader-token\r\n\r\n".encode()

        def response_with(then):
            call(server.port, "DELETE", "/_sandbox/faults/_emulator/faults")
            planned = call(server.port, "POST", "/_sandbox/faults/_emulator/faults", {"then": then})
            self.assertEqual(planned.status, 201, planned.body)
            client = connect(server)
            client.suppress_ragged_eofs = False
            with client:
                client.sendall(request)
                return read_to_end(client)

        call(server.port, "POST", "/_sandbox/faults/_emulator/faults",
             {"then": {"connection": "CONNECTION_RESET_BY_PEER"}})
        with connect(server) as client:
            client.sendall(request)
            # Read below ssl, which reports a reset and a missing close_notify alike.
            with socket.socket(fileno=os.dup(client.fileno())) as tcp, \
                    self.assertRaises(ConnectionResetError):
                tcp.settimeout(GUARD)
                read_to_end(tcp)
        self.assertEqual(response_with({"connection": "EMPTY_RESPONSE"}), b"")
        self.assertIn(b"Transfer-Encoding: chunked", response_with({"connection": "MALFORMED_RESPONSE_CHUNK"}))
        self.assertNotIn(b"HTTP/1.1 200", response_with({"connection": "RANDOM_DATA_THEN_CLOSE"}))
        for then in ({"delayMs": 20}, {"slowBody": 20}):
            call(server.port, "DELETE", "/_sandbox/faults/_emulator/faults")
            call(server.port, "POST", "/_sandbox/faults/_emulator/faults", {"then": then})
            with connect(server) as client, client.makefile("rb") as file:
                client.sendall(request)
                self.assertEqual(read_response(file)[0], 200)

    def test_a_connection_closed_by_request_ends_with_close_notify(self):
        server = self.start(*SELF_SIGNED)
        client = connect(server)
        client.suppress_ragged_eofs = False
        with client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            self.assertTrue(read_to_end(client).startswith(b"HTTP/1.1 200"))

    def test_a_malformed_request_is_refused_and_ends_with_close_notify(self):
        server = self.start(*SELF_SIGNED)
        client = connect(server)
        client.suppress_ragged_eofs = False
        with client:
            client.sendall(b"rubbish\r\n\r\n")
            self.assertTrue(read_to_end(client).startswith(b"HTTP/1.1 400"))


class WrongProtocol(Case):

    def test_http_on_the_https_port_gets_a_plain_http_error(self):
        server = self.start(*SELF_SIGNED)
        answer = raw(server.ready["tlsPort"], HELLO.encode())
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
        self.assertIn(b"use https://", answer)
        self.assertEqual(answer.count(b"HTTP/1.1"), 1)

    def test_a_client_that_rejects_the_ca_is_reported_in_log_and_journal(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            server = self.start(*SELF_SIGNED, stderr=subprocess.PIPE)
            context = ssl.create_default_context()
            context.maximum_version = version
            with self.assertRaises(ssl.SSLCertVerificationError):
                connect(server, context)
            server.await_log("reason=tls-handshake-failed")
            entry = json.loads(get(server.port, "/_emulator/requests").body)["requests"][0]
            why = get(server.port, f"/_emulator/requests/{entry['id']}/why", headers={"Accept": "text/plain"}).body
            self.assertIn(b"/_emulator/ca.pem", why)

    def test_a_tls_hello_on_the_http_port_is_refused(self):
        server = self.start(*SELF_SIGNED)
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=GUARD)
        with self.assertRaises(ssl.SSLError):
            trusting(ca_of(server)).wrap_socket(plain, server_hostname="localhost")
        plain.close()

    def test_an_unfinished_handshake_delays_neither_requests_nor_the_stop(self):
        server = self.start(*SELF_SIGNED)
        context, wire = trusting(ca_of(server)), ssl.MemoryBIO()
        half = context.wrap_bio(ssl.MemoryBIO(), wire, server_hostname="localhost")
        with self.assertRaises(ssl.SSLWantReadError):
            half.do_handshake()
        hello = wire.read()
        for part in (hello[:1], hello[:len(hello) // 2], hello) * 20:
            client = self.enterContext(socket.create_connection(("127.0.0.1", server.ready["tlsPort"]), GUARD))
            client.sendall(part)
        idle = [self.enterContext(connect(server, context)) for _ in range(3)]
        self.assertEqual(send(server, "GET", "/_emulator/livez", client=connect(server, context))[0], 200)
        code, seconds = server.stop()
        self.assertEqual(code, 0)
        self.assertLess(seconds, SOON)
        for client in idle:
            client.suppress_ragged_eofs = False
            self.assertEqual(client.recv(1), b"")  # close_notify arrived

    def test_garbage_on_the_https_port_ends_only_its_connection(self):
        server = self.start(*SELF_SIGNED)
        for garbage in (b"\x16\x03\x01\x00\x05hello", b"\x16" * 100, b"\x00" * 20000, b"\x80\x2e\x01\x00\x02", b"{"):
            with socket.create_connection(("127.0.0.1", server.ready["tlsPort"]), GUARD) as client:
                client.sendall(garbage)
                with contextlib.suppress(OSError):  # the server may have reset the connection
                    client.shutdown(socket.SHUT_WR)
                    read_to_end(client)
        self.assertEqual(send(server, "GET", "/_emulator/livez")[0], 200)


class CertificateFiles(Case):

    def setUp(self):
        if not shutil.which("openssl"):
            self.skipTest("no openssl to make certificates with")
        self.certificates = Certificates(self.folder())

    def test_a_certificate_from_files_is_served(self):
        cert, key = self.certificates.make("first")
        server = self.start("--tls-cert", cert, "--tls-key", key, "--tls-port", 0)
        client = connect(server, trusting(cert.read_text()))
        self.assertEqual(send(server, "GET", "/_emulator/livez", client=client)[0], 200)
        self.assertEqual(get(server.port, "/_emulator/ca.pem").status, 404)

    def test_sighup_loads_a_renewed_certificate_and_ignores_an_invalid_one(self):
        cert, key = self.certificates.make("first")
        other_cert, other_key = self.certificates.make("second")
        server = self.start("--tls-cert", cert, "--tls-key", key, "--tls-port", 0, stderr=subprocess.PIPE)
        first, second = trusting(cert.read_text()), trusting(other_cert.read_text())
        kept = self.enterContext(connect(server, first))
        shutil.copy(other_cert, cert)
        server.process.send_signal(signal.SIGHUP)
        line = server.await_log("certificate and key not reloaded")
        self.assert_words([str(key), "does not fit", str(cert)], line)
        connect(server, first).close()
        shutil.copy(other_key, key)
        server.process.send_signal(signal.SIGHUP)
        server.await_log("certificate and key reloaded")
        connect(server, second).close()
        self.assertEqual(send(server, "GET", "/_emulator/livez", client=kept)[0], 200)

    def test_an_unusable_certificate_or_key_is_exit_2_and_the_message_names_the_file(self):
        cert, key = self.certificates.make("first")
        _, other_key = self.certificates.make("second")
        encrypted = self.certificates.folder / "encrypted.key"
        self.certificates.run("pkey", "-in", key, "-aes128", "-passout", "pass:hush", "-out", encrypted)
        missing = self.certificates.folder / "missing"
        for given, words in (((missing, key), ["--tls-cert", str(missing), "cannot be read"]),
                             ((cert, missing), ["--tls-key", str(missing), "cannot be read"]),
                             ((key, key), ["--tls-cert", str(key), "no certificate"]),
                             ((cert, cert), ["--tls-key", str(cert), "no private key"]),
                             ((cert, other_key), ["--tls-key", str(other_key), "does not fit", str(cert)]),
                             ((cert, encrypted), ["--tls-key", "is encrypted", "openssl pkey"])):
            with self.subTest(given=given):
                done = run("--port", 0, "--tls-port", 0, "--tls-cert", given[0], "--tls-key", given[1])
                self.assertEqual((done.code, done.out), (2, ""))
                self.assert_words(words, done.err)
                self.assertNotIn("hush", done.err)


class Commands(Case):

    def test_a_taken_port_is_exit_3_and_the_message_names_its_flag(self):
        with bound("127.0.0.1", 0) as taken:
            taken.listen()
            done = run("--port", 0, "--host", "127.0.0.1", "--tls", "self-signed",
                       "--tls-port", taken.getsockname()[1])
        self.assertEqual((done.code, done.out), (3, ""))
        self.assert_words(["https://127.0.0.1:", "--tls-port"], done.err)

    def test_contradicting_settings_are_exit_2(self):
        done = run("--port", 0, "--tls-port", 0)
        self.assertEqual(done.code, 2)
        self.assert_words(["--tls-port", "Add --tls self-signed"], done.err)

    def test_why_verifies_the_certificate_of_an_https_emulator(self):
        file = self.folder() / "ca.pem"
        server = self.start(*SELF_SIGNED, "--tls-ca-file", file)
        get_connection(server.port, "no-such")
        url = server.ready["tlsUrl"]
        done = run("why", url, env={"SSL_CERT_FILE": str(file)})
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("404", done.out)
        done = run("why", url, env={"SSL_CERT_FILE": "/dev/null"})
        self.assertEqual((done.code, done.out), (1, ""))
        self.assert_words([url, "SSL_CERT_FILE"], done.err)

    def test_exec_gives_its_command_the_https_url_and_the_ca_file(self):
        folder = self.folder()
        script = 'cat "$EXPORT_EMULATOR_CA_FILE"; curl -sS --cacert "$EXPORT_EMULATOR_CA_FILE" "$EXPORT_EMULATOR_TLS_URL/_emulator/readyz"'
        done = run("exec", "--tls", "self-signed", "--tls-ca-file", "ca.pem", "--", "sh", "-c", f"cd /; {script}",
                   cwd=folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertTrue(done.out.startswith("-----BEGIN CERTIFICATE-----"), done.out)
        self.assertTrue(done.out.endswith('{"status":"ready"}'), done.out)
        self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main()
