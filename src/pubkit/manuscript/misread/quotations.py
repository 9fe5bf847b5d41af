"""Signs of comparison: > at the start of a quotation with a number, and tags in the line that nothing closes."""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript import tree
from pubkit.manuscript.misread.units import UNIT
from pubkit.manuscript.places import Places
from pubkit.manuscript.prose import prose
from pubkit.manuscript.rules import SRC078

__all__ = ["compared", "quoted"]

_COMPARED = expression(rf"(?P<sure>=\s*)?(?P<number>[$£€]?\d[\d.,/–-]*)\s*(?P<unit>{UNIT})?", re.IGNORECASE)
_YEAR = expression(r"(?:1[5-9]|20)\d\d$")
_QUOTED = expression(
    r"^(?P<item>[ \t]*(?:[-*+:~]|\(?\w{1,3}[.)]|\[\^[^\]\s]{1,80}\]:)[ \t]+)?[ \t]*(?:>[ \t]*)*?(?P<sign>>)[ \t]*=?[ \t]*$"
)
_TAG = expression(r"<(?P<name>sup|sub|em|strong|del|ins|[biqsu]|(?<=\w<)[ap](?=>\w))(?:\s[^<>]*)?>")
_PARAGRAPH_END = expression(r"\n[ \t>]*\n|</(?:p|li|td|th|div|h[1-6])\b|<(?:p|li|td|th|div|h[1-6])\b")
_CLOSED = expression(r"</(?P<name>sup|sub|em|strong|del|ins|[abipqsu])\b", re.IGNORECASE)
_FARTHEST = 300
_SHOWN = 50


def quoted(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each quotation that begins with a number."""
    for quote in tree.every(tree.BlockQuote, blocks):
        yield from _threshold(quote, places)


def _threshold(quote: tree.BlockQuote, places: Places) -> Iterator[Finding]:
    first = quote.content[0] if quote.content else None
    words = tree.plain_text(first) if isinstance(first, tree.Para | tree.Plain) else ""
    found = _COMPARED.match(words)
    if (
        found is None
        or words[found.end("number") :].startswith((":", ")"))
        or (_YEAR.match(found["number"]) and not found["sure"] and not found["unit"])
    ):
        return
    text, start = places.source.text, places.start(quote)
    line = text.rfind("\n", 0, start) + 1
    written = _QUOTED.match(text[line:start])
    if written is None:
        return
    sure = found["sure"] or found["unit"] or written["item"]
    sign = ">=" if found["sure"] else ">"
    at = line + written.start("sign")
    yield SRC078.at(
        places.source.location(at, 1),
        f"The sign {sign} makes this a quotation, and is not printed: “{printable(words, _SHOWN)}”",
        context=words[:400],
        remedy=f"Write \\{sign} if “more than” is meant; if it is a quotation, waive this finding.",
        severity=SRC078.severity if sure else Severity.WARNING,
        fix=places.source.fix(f"Print {sign} as it is", (at, at, "\\"), certain=False),
    )


def compared(_: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each `x<b>y` and `10<sup>6` in the source: tags of HTML in the line that nothing closes."""
    text = prose(places.source.text) if _TAG.search(places.source.text) else ""
    opened = [found for found in _TAG.finditer(text) if _goes_on(text, found.start())]
    if not opened:
        return
    ends = [found.start() for found in _PARAGRAPH_END.finditer(text)]
    closed: dict[str, list[int]] = {}
    for found in _CLOSED.finditer(text):
        closed.setdefault(found["name"].lower(), []).append(found.start())
    for found in opened:
        if _next(closed.get(found["name"], []), found.end()) >= _next(ends, found.end()):
            message = f"{found[0]} is read as HTML that is not closed: it is not printed, and marks all that follows."
            remedy = f"Write </{found['name']}> at the end of the marked words; write \\< for the sign itself."
            place = places.source.location(found.start(), len(found[0]))
            yield SRC078.at(place, message, context=found[0], remedy=remedy)


def _goes_on(text: str, start: int) -> bool:
    """Return whether words are before `start` on its line; a tag that begins a line may hold several paragraphs."""
    before = text[max(0, start - _FARTHEST) : start].rpartition("\n")[2]
    return bool(before.strip(" \t>*-"))


def _next(places: list[int], start: int) -> float:
    """Return the first of `places` from `start` on; infinity if there is none."""
    at = bisect.bisect_left(places, start)
    return places[at] if at < len(places) else math.inf
