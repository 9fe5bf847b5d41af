"""A book in parts: what is before its first chapter, its chapters and its index, each a page of its own to be set.

A chapter begins on a right-hand page, and nothing in its layout depends on the others but the numbers of its pages. Parts
can therefore be set side by side, kept, and put together again (`pubkit.render.pdf.binding`). A part has the same elements
around it as in the whole; a page before a chapter that is thrown away keeps it from being the first of its document, and
a section behind it adds the empty page that the next part needs before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from msgspec import Struct

from pubkit.render.body import Element, as_html, make
from pubkit.render.faceless import spelled

__all__ = ["ELSEWHERE", "Book", "Whole", "divided", "with_numbers"]

#: Stands before an id that is in another part, in the address of a link.
ELSEWHERE = "pubkit-part:"
#: Pages before a chapter that are thrown away: one with a section, and the empty one behind it.
_SKIPPED = 2
_SECTION = '<section class="chapter"><p>\u00a0</p></section>'
#: Page numbers that another part decides, printed as words instead of counters.
_PRINTED_NUMBERS = """.book .entry[data-page]::after { content: leader(" . ") attr(data-page) }
.book .index-place[data-page]::before { content: attr(data-page) }"""
_ENTRY = re.compile(r'(<span class="entry(?: [^"]*)?" data-target="#)([^"]+)"')
_PLACE = re.compile(r'(<a\b[^>]*? href="' + ELSEWHERE + r')([^"]+)"([^>]*class="index-place)')
_LINK = re.compile(r'(<a\b[^>]*?\bhref=")#([^"]+)"')


class Whole(Struct, frozen=True):
    """The page of an edition: its text, what comes before and after it, and what comes before a section of it alone.

    `faceless` are the characters that are printed as their numbers.
    """

    before: str
    text: Element
    after: str
    alone: str
    faceless: Sequence[str] = ()

    @property
    def page(self) -> str:
        """Return the whole as one page."""
        return self.before + self.spelled(as_html(self.text)) + self.after

    def spelled(self, text: str) -> str:
        """Return `text` as it is printed."""
        return spelled(text, self.faceless)


class Book(Struct, frozen=True):
    """The jobs for WeasyPrint's processes: what comes before the first chapter, the chapters, and the index, if any.

    Each has a "page", "styles", and a "part": the number of pages to "skip", and whether there is a "tail", a page to be
    thrown away at its end.
    """

    front: Mapping[str, Any]
    chapters: Sequence[Mapping[str, Any]]
    index: Mapping[str, Any] | None


def divided(whole: Whole, main: str) -> Book:
    """Return `whole` in its parts; its text is changed. `main` is the id of the element around the sections."""
    sections = list(whole.text)
    ids = [frozenset(filter(None, (one.get("id") for one in section.iter()))) for section in sections]
    every = frozenset().union(*ids)
    front_ids = frozenset(re.findall(r'\bid="([^"]+)"', whole.before))
    for section, own in zip(sections, ids, strict=True):
        for link in section.iter("a"):
            target = link.get("href", "")[1:] if link.get("href", "").startswith("#") else ""
            if target not in own and (target in every or target in front_ids):
                link.set("href", f"{ELSEWHERE}{target}")
    last = len(sections) - 1
    texts = [whole.spelled(as_html(make("div", section))) for section in sections]
    jobs = [_chapter(whole, text, main, number, last) for number, text in enumerate(texts)]
    front = _LINK.sub(lambda found: _elsewhere(found, every), whole.before) + _SECTION + whole.after
    has_index = sections[last].get("id") == "pubkit-index"
    return Book(_job(front, 0, tail=True), jobs[:-1] if has_index else jobs, jobs[-1] if has_index else None)


def _chapter(whole: Whole, text: str, main: str, number: int, last: int) -> dict[str, Any]:
    around = whole.alone if number == 0 else whole.alone.replace(f' id="{main}"', "", 1)
    tail = _SECTION if number < last else ""
    return _job(around + _SECTION + text + tail + whole.after, _SKIPPED, tail=bool(tail))


def _job(page: str, skip: int, *, tail: bool) -> dict[str, Any]:
    return {"page": page, "part": {"skip": skip, "tail": tail}, "styles": [_PRINTED_NUMBERS]}


def _elsewhere(found: re.Match[str], ids: frozenset[str]) -> str:
    # lxml writes an address with the bytes of its letters: #%C3%BCber for #über.
    return f'{found[1]}{ELSEWHERE}{found[2]}"' if unquote(found[2]) in ids else found[0]


def with_numbers(job: Mapping[str, Any], numbers: Mapping[str, str]) -> dict[str, Any]:
    """Return the job of the front or the index with the page `numbers` of what is in other parts, by id."""

    def entry(found: re.Match[str]) -> str:
        number = numbers.get(found[2])
        return f'{found[0]} data-page="{number}"' if number else found[0]

    def place(found: re.Match[str]) -> str:
        number = numbers.get(unquote(found[2]))
        return f'{found[1]}{found[2]}" data-page="{number}"{found[3]}' if number else found[0]

    page = _PLACE.sub(place, _ENTRY.sub(entry, job["page"]))
    return {**job, "page": page}
