"""A stand-in for the registries: a real HTTP server on this machine's loopback, well or badly behaved as a test asks.

Every source of `pubkit.references.registries.client` is a folder of it (`Endpoints.below`). It answers from `records`, and
for the source named by `behave` in one of the 25 ways of `BEHAVIOURS`.
"""

from __future__ import annotations

import functools
import gzip
import json
import socket
import struct
import threading
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pubkit.references.registries.client import Endpoints

DOI = "10.1000/sleep.2020.1"
TITLE = "Sleep and shift work in hospital nurses: a cohort study"

JSON = "application/json"


def crossref_work(doi: str = DOI, title: str = TITLE, **fields: Any) -> dict[str, Any]:
    """A Crossref record of an invented article."""
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": [title],
        "author": [{"given": "Ada", "family": "Okafor"}, {"given": "Jan", "family": "Novák"}],
        "container-title": ["Journal of Invented Sleep Research"],
        "issued": {"date-parts": [[2020, 3, 1]]},
        "volume": "29",
        "issue": "2",
        "page": "101-109",
        **fields,
    }


def crossref_answer(work: dict[str, Any]) -> bytes:
    """The answer that holds one Crossref record."""
    return json.dumps({"status": "ok", "message-type": "work", "message": work}).encode()


class Registry:
    """The server; use it as a context. `requests` lists what was asked, as (path, query, headers)."""

    def __init__(self) -> None:
        self.records: dict[str, tuple[int, str, bytes]] = {}
        self.requests: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
        self.behaviour: tuple[str, Behaviour] | None = None
        self.closing = threading.Event()
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                registry.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                """Nothing on the terminal."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A connection that was broken on purpose is no news."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def base(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def endpoints(self) -> Endpoints:
        """Every source at this server."""
        return Endpoints.below(self.base)

    def hold(self, work: dict[str, Any]) -> None:
        """Let Crossref hold `work`."""
        self.put(f"/crossref/works/{work['DOI']}", crossref_answer(work))

    def put(self, path: str, body: bytes, media_type: str = JSON, status: int = 200) -> None:
        """Answer `path` (unquoted, without the query) with `body`."""
        self.records[path] = (status, media_type, body)

    def behave(self, source: str, behaviour: str | Behaviour) -> None:
        """Let the folder `source` answer in the way named `behaviour`, or as that function does."""
        self.behaviour = (source, BEHAVIOURS[behaviour] if isinstance(behaviour, str) else behaviour)

    def paths(self) -> list[str]:
        """The paths that were asked for, unquoted, without queries."""
        return [path for path, _, _ in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """One answer, in good or bad manners."""
        parts = urlsplit(handler.path)
        path = unquote(parts.path)
        self.requests.append(
            (path, parse_qs(parts.query), {name.lower(): text for name, text in handler.headers.items()})
        )
        try:
            if self.behaviour and path.startswith(f"/{self.behaviour[0]}/"):
                self.behaviour[1](self, handler, path)
            else:
                self.good(handler, path)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    def good(self, handler: BaseHTTPRequestHandler, path: str) -> None:
        """What the record says; Europe PMC and Open Library hold nothing, doi.org knows no DOI, unless told otherwise."""
        if path in self.records:
            send(handler, *self.records[path])
        elif path == "/europe_pmc/search":
            send(handler, 200, JSON, b'{"hitCount": 0, "resultList": {"result": []}}')
        elif path == "/open_library/api/books":
            send(handler, 200, JSON, b"{}")
        elif path.startswith("/doi/doiRA/"):
            doi = path.removeprefix("/doi/doiRA/")
            send(handler, 200, JSON, json.dumps([{"DOI": doi, "status": "DOI does not exist"}]).encode())
        else:
            send(handler, 404, "text/plain", b"Resource not found.")


def send(
    handler: BaseHTTPRequestHandler, status: int, media_type: str, body: bytes, headers: dict[str, str] | None = None
) -> None:
    """A whole answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


# ---------------------------------------------------------------------------------------------------- the 25 behaviours

Behaviour = Callable[[Registry, BaseHTTPRequestHandler, str], None]


def _good_body(doi: str = DOI, **fields: Any) -> bytes:
    return crossref_answer(crossref_work(doi, **fields))


def _says(body: bytes, media_type: str = JSON, status: int = 200, headers: dict[str, str] | None = None) -> Behaviour:
    def behaviour(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
        send(handler, status, media_type, body, headers)

    return behaviour


def _reset(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def _half(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
    body = _good_body()
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def _drip(registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
    body = _good_body()
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for byte in body:
        handler.wfile.write(bytes([byte]))
        if registry.closing.wait(0.05):
            return


def _endless(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    handler.close_connection = True
    for _ in range(3_000):
        handler.wfile.write(b" " * 1_000_000)


def _bomb(_registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
    send(handler, 200, JSON, _packed_blanks(), {"Content-Encoding": "gzip"})


@functools.cache
def _packed_blanks() -> bytes:
    """Return 200 MB of blanks, packed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()


def _elsewhere(registry: Registry, handler: BaseHTTPRequestHandler, _path: str) -> None:
    send(handler, 302, JSON, b"", {"Location": f"http://localhost:{registry.server.server_port}/crossref/works/x"})


def _loop(_registry: Registry, handler: BaseHTTPRequestHandler, path: str) -> None:
    send(handler, 302, JSON, b"", {"Location": handler.path})


def _with_member(member: str) -> bytes:
    return _good_body().replace(b'"volume": "29"', f'"volume": "29", {member}'.encode())


BEHAVIOURS: dict[str, Behaviour] = {
    "good": _says(_good_body()),
    "wrong title": _says(
        _good_body(
            title="Yields of winter wheat under drip irrigation in dry valleys",
            author=[{"given": "Pia", "family": "Lindqvist"}],
        )
    ),
    "404": _says(b"Resource not found.", "text/plain", 404),
    "410": _says(b"gone", "text/plain", 410),
    "429 with Retry-After": _says(b"slow down", "text/plain", 429, {"Retry-After": "5"}),
    "429 for ever": _says(b"slow down", "text/plain", 429),
    "500": _says(b"error", "text/plain", 500),
    "503": _says(b"maintenance", "text/html", 503),
    "reset": _reset,
    "half body": _half,
    "drip": _drip,
    "3 GB": _endless,
    "gzip bomb": _bomb,
    "bad gzip": _says(gzip.compress(_good_body())[:40] + b"\0" * 40, headers={"Content-Encoding": "gzip"}),
    "HTML with 200": _says(b"<html><body>Sign in to this network</body></html>", "text/html; charset=utf-8"),
    "empty": _says(b""),
    "not JSON": _says(b"<message>" + _good_body() + b"</message>"),
    "deep JSON": _says(_with_member('"x": ' + "[" * 5_000 + "]" * 5_000)),
    "duplicate keys": _says(_with_member('"DOI": "10.1000/sleep.2020.1"')),
    "NaN": _says(_with_member('"x": NaN')),
    "huge int": _says(_with_member('"x": ' + "9" * 5_000)),
    "BOM": _says(b"\xef\xbb\xbf" + _good_body()),
    "latin-1": _says(_good_body().decode().replace("Nov\\u00e1k", "Novák").encode("latin-1")),
    "redirect to another host": _elsewhere,
    "redirect loop": _loop,
}
