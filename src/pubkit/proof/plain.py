"""The finished text file: complete and in order, its disclaimers before the text, and nothing in it but plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.files import printable
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters, squash
from pubkit.language.labels import labels_for
from pubkit.manuscript.tree import nodes, plain_text
from pubkit.proof.contents import Contents, Kind, promised
from pubkit.proof.rules import PRF110, PRF112, PRF113, PRF114, PRF115, PRF410, PRF411, PRF412, PRF430, PRF431
from pubkit.proof.sequence import FileText, few, missing_runs
from pubkit.render.model import Edition

__all__ = ["prove"]

_COLUMNS = 78
_CONTROL = re.compile(r"[^\S \n\u00a0\u202f\u2000-\u200a\u3000]|[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_ADDRESS = re.compile(r"\s*<(?:https?://|mailto:|tel:)[^\s>]*>")
_UNDERLINE = re.compile(r"=+|-+|~+")


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """A finding for each promise that the text file `data` does not keep; `file` is its name, for messages."""
    location = Location(file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield PRF430.at(location, f"Byte {error.start} of the file is not UTF-8.")
        return
    yield from few(_plainness(text, file))
    without_addresses = _ADDRESS.sub("", text)
    contents = promised(edition.tree)
    yield from few(_headings(text, contents, location))
    yield from few(_text(without_addresses, contents, location))
    yield from few(_addresses(text, edition, location))
    yield from _disclaimers(without_addresses, edition, contents, location)


def _plainness(text: str, file: str) -> Iterator[Finding]:
    if not text.endswith("\n") or text.startswith("\ufeff"):
        yield PRF430.at(Location(file), "The file begins with a byte order mark, or its last line does not end.")
    for number, line in enumerate(text.split("\n"), 1):
        if found := _CONTROL.search(line):
            message = f"The line holds the control character U+{ord(found[0]):04X}."
            yield PRF430.at(Location(file, number, found.start() + 1), message)
        if len(line) > _COLUMNS and len(line.split()) > 1 and not _holds_long_word(line):
            yield PRF431.at(Location(file, number), f"The line has {len(line)} characters.")


def _holds_long_word(line: str) -> bool:
    """Whether a word makes the line long that has no place to break, or letters that take two columns or none."""
    words = line.split(" ")
    indent = len(line) - len(line.lstrip())
    return line.isascii() is False or any(len(word) + indent > _COLUMNS // 2 for word in words)


def _headings(text: str, contents: Contents, location: Location) -> Iterator[Finding]:
    """Every heading underlined, in its order."""
    lines = text.split("\n")
    underlined = [
        letters(" ".join(lines[_start(lines, index) : index]))
        for index, line in enumerate(lines)
        if index and line and _UNDERLINE.fullmatch(line) and lines[index - 1].strip()
    ]
    cursor = 0
    for heading in contents.headings:
        wanted = [letters(part) for part in heading.parts]
        place = next(
            (at for at in range(cursor, len(underlined)) if all(part in underlined[at] for part in wanted)), None
        )
        if place is None:
            message = f"The heading “{printable(heading.text, 80)}” is missing, not underlined, or in the wrong place."
            yield PRF110.at(location, message)
        else:
            cursor = place + 1


def _start(lines: list[str], index: int) -> int:
    """The first line of the paragraph that ends above line `index`."""
    while index and lines[index - 1].strip():
        index -= 1
    return index


def _text(text: str, contents: Contents, location: Location) -> Iterator[Finding]:
    """Running text in its order; the words of tables, whose lines go across the columns; notes and references."""
    found = letters(text)
    runs = [
        (run, letters(run.text) if run.kind in {Kind.TEXT, Kind.HEADING, Kind.FIGURE} else "") for run in contents.runs
    ]
    yield from missing_runs(FileText(found), runs, location)
    for run in contents.runs:
        missing = [word for word in run.text.split() if letters(word) not in found] if run.kind is Kind.TABLE else []
        if missing:
            yield PRF112.at(location, f"This word of a table is missing: “{printable(missing[0], 80)}”")
    for picture in contents.pictures:
        if letters(picture.alt) not in found:
            yield PRF113.at(location, f"A picture's text is missing: “{printable(picture.alt, 80)}”")
    for note in contents.notes:
        mark = f"[*{note.number}]"
        if text.count(mark) < 2 or not all(letters(run.text) in found for run in note.runs):
            yield PRF114.at(location, f"Note {note.number}, or the mark that calls it, is missing.")
    cursor = 0
    for reference in contents.references:
        place = found.find(letters(reference.text), cursor)
        if place < 0:
            message = f"The reference {printable(reference.key, 60)} is missing or out of order."
            yield PRF115.at(location, message)
        else:
            cursor = place + 1


def _addresses(text: str, edition: Edition, location: Location) -> Iterator[Finding]:
    """Every address that a link of the tree leads to can be read."""
    for node in nodes(edition.tree["blocks"]):
        if node["t"] != "Link" or node["c"][2][0].startswith("#"):
            continue
        target = node["c"][2][0]
        bare = target.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").removeprefix("doi.org/")
        if bare.rstrip("/") not in text and plain_text(node["c"][1]) not in {target, bare}:
            yield PRF430.at(location, f"The address of a link cannot be seen: {printable(target, 100)}")


def _disclaimers(text: str, edition: Edition, contents: Contents, location: Location) -> Iterator[Finding]:
    """Each disclaimer word for word before the first words of the text."""
    squashed, found = squash(text), letters(text)
    places = {block.identifier: found.find(letters(block.text)) for block in edition.disclaimers}
    end = _first_words(contents, found, max(places.values(), default=0))
    for block in edition.disclaimers:
        if squash(block.text) not in squashed:
            message = f"The disclaimer “{block.heading}” is not in the file word for word."
            yield PRF410.at(location, message)
        elif places[block.identifier] > end:
            message = f"The disclaimer “{block.heading}” does not stand before the text."
            yield PRF411.at(location, message)
    banner = letters(labels_for(edition.publication.lang)["draft-banner"])
    if edition.draft and not 0 <= found.find(banner) < end:
        yield PRF412.at(location, "The front of this draft does not say that it is one.")


def _first_words(contents: Contents, found: str, last_disclaimer: int) -> int:
    """Where the first run of text that is long enough to be known again begins; -1 if all text comes before the disclaimers.

    Titles and abstracts may begin with the same words, so it is looked for behind the last disclaimer.
    """
    wanted = next((letters(run.text) for run in contents.runs if len(letters(run.text)) > 12), "")
    return found.find(wanted, max(0, last_disclaimer)) if wanted else len(found)
