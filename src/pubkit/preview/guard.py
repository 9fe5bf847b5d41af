"""Who may see a preview: a browser on this machine that was given its address.

Other people's pages can send requests to a server on this machine, and can make their own name lead here (DNS
rebinding). So every request must name this machine as its host, and begin with a secret that only the address printed on
the terminal has. Every answer says that no script but pubkit's own runs, and that nothing may embed, keep or read it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["DOCUMENT", "SHELL", "Guard"]

#: For the window: its own script, and frames from here.
SHELL = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: For what comes from a manuscript: no script at all, whatever it holds, and no request to anywhere else.
DOCUMENT = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-robots-tag", b"noindex"),
)
#: No page has a longer path, in characters.
_LONGEST = 1_000
_ELSEWHERE = "This is no page of the preview. Open the address that the terminal shows; it has a secret.\n"


class Guard:
    """Lets a request through to `app` only if it names this machine and knows the `token`."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self._refused(scope)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name for name, _ in given}
                default = (
                    () if b"content-security-policy" in names else ((b"content-security-policy", DOCUMENT.encode()),)
                )
                kept = [one for one in given if one[0] not in dict(_HEADERS)]
                message["headers"] = [*kept, *_HEADERS, *default]
            await send(message)

        await (refused or self._app)(scope, receive, dressed)

    def _refused(self, scope: Scope) -> PlainTextResponse | None:
        """Return the answer to a request that is not let through; it says nothing about the preview."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0].decode("latin-1")):
            return PlainTextResponse("Wrong host.\n", 421)
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Only GET.\n", 405)
        if len(scope["path"]) > _LONGEST or not hmac.compare_digest(_first(scope["path"]), self._token):
            return PlainTextResponse(_ELSEWHERE, 404)
        if _site(scope["headers"]) == b"cross-site" and not _is_visit(scope["headers"]):
            return PlainTextResponse("Not from another site.\n", 403)
        return None


def _first(path: str) -> bytes:
    """Return the first part of a path."""
    return path.split("/", 2)[1].encode("utf-8", "replace") if "/" in path else b""


def _site(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    return next((value for name, value in headers if name == b"sec-fetch-site"), b"")


def _is_visit(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Return whether a person follows a link here, as from a message, rather than another page loading this one."""
    said = {name: value for name, value in headers if name.startswith(b"sec-fetch-")}
    return said.get(b"sec-fetch-mode") == b"navigate" and said.get(b"sec-fetch-dest") == b"document"
