"""Make foreign answers safe to keep: strict JSON, and text without markup, control or direction characters."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any, NoReturn

from pubkit.expressions import expression
from pubkit.language.folding import composed

__all__ = ["NotUsable", "abstract_of", "clean", "parse_json", "text_of"]

_DEPTH = 64
_DIGITS = 18
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)
_TAG = expression(r"<(?:!--.*?--|[!?/]?[A-Za-z][^<>]*)>", re.DOTALL)
#: The longest abstract that is kept; those of journals have 2,000 to 4,000 characters, of systematic reviews up to 8,000.
_ABSTRACT = 12_000
#: Tags of JATS and HTML, with or without a prefix, that part words: without a blank, two paragraphs would run together.
_PARTING_TAG = expression(
    r"</?(?:[a-z]{1,8}:)?(?:p|sec|title|list|list-item|break|br|div|h[1-6]|li|ul|ol)\b[^<>]{0,200}>", re.I
)
_HEADING_END = expression(r"[.:]?\s{0,9}</(?:[a-z]{1,8}:)?(?:title|h[1-6])>", re.I)
#: The word that some registries put before every abstract.
_OWN_HEADING = expression(r"^\s{0,9}(?:<[^<>]{0,200}>\s{0,9}){0,9}abstract\s{0,9}:\s{0,9}", re.I)
#: 10<sup>9</sup> is no 109.
_RAISED = expression(r"(?<=\d)<(?:[a-z]{1,8}:)?sup>(?=[-−–]?\d)", re.I)
#: What may not reach a page, a terminal or a feed: controls, surrogates, private use, unassigned; and characters that turn
#: the writing direction or are not seen. The joiners U+200C and U+200D stay: Persian and Indic scripts need them.
_HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn", "Cf"})
_JOINERS = "\u200c\u200d"


class NotUsable(ValueError):
    """An answer that is not what the registry promises, and of which nothing is believed."""


def parse_json(body: bytes) -> Any:
    """Return the JSON value in `body`.

    It is UTF-8 without a byte order mark, at most 64 levels deep, with no key twice in an object, no NaN and no integer of
    more than 18 digits.

    Raises:
        NotUsable: anything else.
    """
    if body.startswith(b"\xef\xbb\xbf"):
        raise NotUsable("the answer starts with a byte order mark")
    _check_depth(body)
    try:
        return json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_bounded
        )
    except UnicodeDecodeError as error:
        raise NotUsable("the answer is not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotUsable("the answer is not JSON") from error


def _check_depth(body: bytes) -> None:
    depth = 0
    for token in _TOKEN.finditer(body):
        mark = token[0][:1]
        depth += (mark in b"[{") - (mark in b"]}")
        if depth > _DEPTH:
            raise NotUsable(f"the answer is nested more than {_DEPTH} levels deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotUsable("the answer has a key twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise NotUsable(f"the answer contains {name}, which is not JSON")


def _bounded(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise NotUsable(f"the answer contains a number of {len(digits)} digits")
    return int(digits)


def clean(text: str, limit: int = 2_000) -> str:
    """Return `text` as plain words of at most `limit` characters.

    It is in NFC, with entities resolved and single spaces, and without tags or control, invisible or direction-turning
    characters. What is left never starts a tag: a "<" that a letter, "/", "!" or "?" follows is set off by a space.
    """
    text = text[: limit * 8]
    for _ in range(3):
        plain = _TAG.sub("", html.unescape(text))
        if plain == text:
            break
        text = plain
    text = "".join(char if _is_plain(char) else " " if char.isspace() else "" for char in text)
    text = re.sub(r"<(?=[A-Za-z/!?])", "< ", composed(" ".join(text.split())))
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _is_plain(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _HIDDEN


def text_of(value: object, limit: int = 2_000) -> str:
    """Return `value` cleaned if it is a string or a number, or an empty string."""
    if isinstance(value, bool):
        return ""
    return clean(str(value), limit) if isinstance(value, str | int | float) else ""


def abstract_of(value: object) -> str:
    """Return an abstract as plain words, where `value` is a string: JATS and HTML headings end in a colon, paragraphs in a
    blank, and powers of ten are written 10^9. At most 12,000 characters; one cut short ends in "…"."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(value[: _ABSTRACT * 4])
    text = _RAISED.sub("^", _PARTING_TAG.sub(" ", _HEADING_END.sub(": ", text)))
    return clean(_OWN_HEADING.sub("", text), _ABSTRACT)
