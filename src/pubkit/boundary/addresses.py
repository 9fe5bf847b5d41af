"""Web addresses as every format takes them: percent-encoded ASCII, with the host in its ASCII form.

Authors write addresses as browsers show them. A browser repairs what it is given; EPUBCheck, PDF viewers and Word do not.

Sources: RFC 3986 (the characters of each part), RFC 5891 and UTS 46 (international host names), RFC 6068 (mailto), RFC
3966 (tel).
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote

from pubkit.expressions import expression

__all__ = ["NotAnAddress", "linkable", "usable"]

_WEB = expression(r"(https?)://([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = expression(r"(?:([^@]*)@)?(\[[^\]]*\]|[^:]*)(?::(\d{0,5}))?", re.DOTALL)
_HOST = expression(r"[a-z0-9_~-]+(\.[a-z0-9_~-]+)*\.?", re.IGNORECASE)
_LINE_BREAKS = expression(r"[\t\r\n]+")
_SPACES = expression(r"\s|%20")
_STRAY_PERCENT = expression(r"%(?![0-9A-Fa-f]{2})")
_IN_PATH = "/:@!$&'()*+,;=~%"
_IN_QUERY = f"{_IN_PATH}?"
_IN_MAIL = "/:@!$&'*+,;=~%?"
_LAST_PORT = 65_535


class NotAnAddress(ValueError):
    """No program can open this address; the message says why, as the rest of a sentence that begins with "it"."""


def usable(address: str) -> str:
    """Return `address`, which begins with http:, https:, mailto: or tel:, so that every format can link to it.

    Raises:
        NotAnAddress: it has no host, or one that cannot exist.
    """
    plain = _LINE_BREAKS.sub("", address.strip())
    scheme, _, rest = plain.partition(":")
    if scheme.lower() == "mailto":
        return f"mailto:{_encoded(rest, _IN_MAIL)}"
    if scheme.lower() == "tel":
        number = _SPACES.sub("", rest)
        return f"tel:{_encoded(number, _IN_MAIL)}"
    found = _WEB.fullmatch(plain)
    if found is None:
        raise NotAnAddress("has no host after the scheme")
    scheme, authority, path, query, fragment = found.groups()
    parts = [f"{scheme.lower()}://{_authority(authority)}{_encoded(path, _IN_PATH)}"]
    parts += [f"?{_encoded(query, _IN_QUERY)}"] if query is not None else []
    parts += [f"#{_encoded(fragment, _IN_QUERY)}"] if fragment is not None else []
    return "".join(parts)


def linkable(address: str) -> str:
    """Return `address` as `usable` does; "" if no program can open it."""
    try:
        return usable(address)
    except NotAnAddress:
        return ""


def _encoded(text: str, safe: str) -> str:
    return _STRAY_PERCENT.sub("%25", quote(text, safe=safe, errors="replace"))


def _authority(written: str) -> str:
    """Return user, host and port; the host in ASCII."""
    found = _AUTHORITY.fullmatch(
        re.sub("%5B", "[", re.sub("%5D", "]", written, flags=re.IGNORECASE), flags=re.IGNORECASE)
    )
    if found is None:
        raise NotAnAddress("has a port that is not a number")
    user, host, port = found.groups()
    if port and int(port) > _LAST_PORT:
        raise NotAnAddress(f"has a port above {_LAST_PORT}")
    before = f"{_encoded(user, _IN_PATH)}@" if user is not None else ""
    return f"{before}{_host(host)}{f':{port}' if port else ''}"


def _host(written: str) -> str:
    if written.startswith("["):
        return _numeric(written)
    plain = unquote(written)
    host = plain if plain.isascii() else _in_ascii(plain)
    if not host:
        raise NotAnAddress("has no host after the scheme")
    if not _HOST.fullmatch(host):
        raise NotAnAddress("has a host with a character that no host can have")
    return host


def _numeric(written: str) -> str:
    try:
        ipaddress.IPv6Address(written.strip("[]"))
    except ValueError:
        raise NotAnAddress("has a number in brackets that is not an IPv6 address") from None
    return written


def _in_ascii(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise NotAnAddress("has a host with a character that no host can have") from None
