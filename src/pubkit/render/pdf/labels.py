"""Page labels of a PDF: what a reader's program calls a page is the number printed on it.

Source: ISO 32000-1, 12.4.2. Both functions return the items of /Nums, as PDF writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["as_printed", "begun_at"]

#: A number alone in the margin of a page, and the values of roman digits.
_PAGE_NUMBER = re.compile(r"[0-9]{1,5}|[ivxlcdm]{1,12}|[IVXLCDM]{1,12}")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def begun_at(pages: Sequence[Any], wanted: Sequence[tuple[str, str, str]]) -> str:
    """Return the page labels of a PDF (ISO 32000-1, 12.4.2): each number begins anew where an id is.

    `wanted` are the ids, "" for the first page, each with the style of the numbers and what comes before them.
    """
    found = []
    for identifier, style, prefix in wanted:
        index = 0 if not identifier else next((at for at, one in enumerate(pages) if identifier in one.anchors), None)
        if index is not None:
            kind = f"/S/{style}" if style else ""
            found.append((index, f"{index}<<{kind}{f'/P({prefix})' if prefix else ''}>>"))
    return " ".join(text for _, text in sorted(dict(found).items()))


def as_printed(pages: Sequence[Any]) -> str:
    """Return the labels of `pages` that have their numbers in the margin."""
    return " ".join(_runs([_printed_number(page) for page in pages]))


def _printed_number(page: Any) -> str:
    """Return the page number, arabic or roman, in the margin of a page; "" if none stands there alone."""
    margins = (box for box in page._page_box.children if getattr(box, "at_keyword", ""))
    texts = ("".join(part.text for part in box.descendants() if getattr(part, "text", "")) for box in margins)
    return next((text for text in map(str.strip, texts) if _PAGE_NUMBER.fullmatch(text)), "")


def _runs(printed: Sequence[str]) -> Iterator[str]:
    """Yield, for each run of pages that are numbered on, its first index and its label dictionary, as PDF writes them."""
    style, expected = "", 0
    for index, text in enumerate(printed):
        read = _read_number(text)
        kind, number = read if read else (style or "/D", expected if style else index + 1)
        if (kind, number) != (style, expected):
            yield f"{index} << /S {kind} /St {number} >>"
        style, expected = kind, number + 1


def _read_number(text: str) -> tuple[str, int] | None:
    """Return the style ("/D", "/r" or "/R") and the value of a page number."""
    if not text:
        return None
    if text.isdigit():
        return "/D", int(text)
    values = [_ROMAN[sign] for sign in text.lower()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return ("/r" if text.islower() else "/R"), sum(-one if one < after else one for one, after in pairs)
