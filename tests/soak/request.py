"""The requests of the soak and the responses that they must get."""

import json

from program import EXAMPLE, ROOT

HOST = "127.0.0.1"
GOLDEN = ROOT / "tests" / "golden" / "get-export-connection"
PAGE = {status: (GOLDEN / f"{status}.json").read_bytes() for status in (200, 401, 403, 404, 429)}
SCHEMA = (ROOT / "schema" / "fixtures.schema.json").read_bytes()


class WrongResponse(Exception):
    pass


class Request:
    """A request and the response that it must get."""

    def __init__(self, line, status, body=None, code=None, token=None, fields=(), content=b""):
        """Expects `status`, and if given the whole `body` and the error `code` of the response."""
        self.line, self.status, self.body, self.code = line, status, body, code
        self.fields = [f"Authorization: Bearer {token}"] if token else []
        self.fields += fields
        self.content = content
        self.is_head = line.startswith("HEAD ")

    def bytes(self, correlation_id, *more_fields):
        lines = [f"{self.line} HTTP/1.1", f"Host: {HOST}", f"X-Correlation-Id: {correlation_id}",
                 *self.fields, *more_fields, "", ""]
        return "\r\n".join(lines).encode() + self.content

    def check(self, response, correlation_id):
        if response.status != self.status:
            raise WrongResponse(f"{self.line}: status {response.status}, not {self.status}")
        if response.headers.get("x-correlation-id") != correlation_id:
            raise WrongResponse(f"{self.line}: response to another request: {response.headers}")
        if self.body is not None and response.body != self.body:
            raise WrongResponse(f"{self.line}: {response.body!r}")
        if self.code and json.loads(response.body)["error"]["code"] != self.code:
            raise WrongResponse(f"{self.line}: {response.body!r}")
        if self.status == 429 and not 0 < int(response.headers["retry-after"]) <= 60:
            raise WrongResponse(f"{self.line}: {response.headers}")
        if self.is_head and int(response.headers["content-length"]) != len(PAGE[200]):
            raise WrongResponse(f"{self.line}: {response.headers}")


def get_connection(name, status, token="reader-token", method="GET", **more):
    return Request(f"{method} /export/connections/{name}", status, token=token, **more)


SHORT = get_connection(EXAMPLE, 200, body=PAGE[200])
LONG = Request("GET /_emulator/fixtures.schema.json", 200, body=SCHEMA)
REQUESTS = [
    SHORT,
    LONG,
    get_connection(EXAMPLE, 200, method="HEAD", body=b""),
    get_connection("private-connection", 403, body=PAGE[403]),
    get_connection("nobody-has-this", 404, body=PAGE[404]),
    get_connection(EXAMPLE, 401, token=None, body=PAGE[401]),
    get_connection(EXAMPLE, 401, token="unknown-token", code="Unauthorized"),
    get_connection(EXAMPLE, 401, token="expired-token", code="Unauthorized"),
    get_connection(EXAMPLE, 429, token="throttled-token", body=PAGE[429]),
    get_connection(EXAMPLE, 204, method="OPTIONS", body=b""),
    get_connection(EXAMPLE, 405, method="POST", code="MethodNotAllowed",
                   fields=["Content-Length: 5"], content=b"hello"),
    get_connection(EXAMPLE, 405, method="PUT", code="MethodNotAllowed",
                   fields=["Transfer-Encoding: chunked"], content=b"5\r\nhello\r\n0\r\n\r\n"),
    get_connection("%zz", 400, code="BadRequest"),
    Request("BREW /tea", 404, code="RouteNotFound"),
    Request("GET /_emulator/livez", 200, body=b'{"status":"alive"}'),
]

# Malformed requests and the status of their refusal. tests/support/hostile_requests.h has more.
HOSTILE = [
    (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
     b"0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\n", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 100_000, 413),
    (b"GET /" + b"x" * 20_000, 414),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415),
    (b"GET / HTTP/1.1\r\nX: " + b"x" * 60_000, 431),
    (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
]
