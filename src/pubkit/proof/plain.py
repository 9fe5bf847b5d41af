"""The finished text file: complete and in order, its disclaimers before the text, and nothing in it but plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Location
from pubkit.manuscript.tree import Link, Str, every, plain_text
from pubkit.proof.promises.completeness import Reading, incomplete
from pubkit.proof.promises.contents import Kind
from pubkit.proof.promises.sequence import few
from pubkit.proof.rules import PRF430
from pubkit.render.model import Edition

__all__ = ["prove"]

_CONTROL = re.compile(r"[^\S \n\u00a0\u202f\u2000-\u200a\u3000]|[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_ADDRESS = re.compile(r"\s*<(?:https?://|mailto:)[^\s>]*>")
_UNDERLINE = re.compile(r"=+|-+")
_MARK = re.compile(r"\[\*(\d+)\]")


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """Yield a finding for each promise that the text file `data` does not keep; `file` is its name, for messages."""
    location = Location(file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield PRF430.at(location, f"Byte {error.start} of the file is not UTF-8.")
        return
    yield from few(_plainness(text, file))
    yield from few(_addresses(text, edition, location))
    yield from incomplete(edition, _reading(_without_addresses(text, edition)), location)


def _without_addresses(text: str, edition: Edition) -> str:
    """Return `text` without the addresses that the writer has put behind links; those that an author has typed stay."""
    typed = {found for word in every(Str, edition.tree.blocks) for found in _ADDRESS.findall(word.text)}
    return _ADDRESS.sub(lambda found: found[0] if found[0].strip() in typed else "", text)


def _reading(text: str) -> Reading:
    marks = Counter(_MARK.findall(text))
    return Reading(
        text=_MARK.sub("", text),
        headings=[_MARK.sub("", heading) for heading in _headings(text)],
        references=text,
        notes=[text],
        calls=sum(count > 1 for count in marks.values()),
        floating=frozenset({Kind.TABLE}),
    )


def _headings(text: str) -> Iterator[str]:
    """Yield the paragraphs whose last line is an underline."""
    for part in text.split("\n\n"):
        words, _, last = part.strip("\n").rpartition("\n")
        if words and _UNDERLINE.fullmatch(last):
            yield words


def _plainness(text: str, file: str) -> Iterator[Finding]:
    if not text.endswith("\n") or text.startswith("\ufeff"):
        message = "The file begins with a byte order mark, or its last line has no line end."
        yield PRF430.at(Location(file), message)
    for found in _CONTROL.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"The line contains the control character U+{ord(found[0]):04X}."
        yield PRF430.at(Location(file, line, column), message)


def _addresses(text: str, edition: Edition, location: Location) -> Iterator[Finding]:
    """Yield a finding for each link in the tree whose address cannot be read."""
    for link in every(Link, edition.tree.blocks):
        target = link.target.url
        if target.startswith(("#", "tel:")):
            continue
        bare = target.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").removeprefix("doi.org/")
        if bare.rstrip("/") not in text and plain_text(link.content) not in {target, bare}:
            yield PRF430.at(location, f"The address of a link cannot be seen: {printable(target, 100)}")
