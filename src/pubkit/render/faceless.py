"""Characters that no installed face has: found before anything is laid out, and printed as their numbers.

WeasyPrint prints with the bundled faces, and with the system's for what these lack (`pubkit.render.fonts`). Only the files
of the faces are read here, so that `check` needs neither WeasyPrint nor Pango.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import structs

from pubkit.boundary import system
from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.findings import Finding, Location
from pubkit.manuscript.model import Manuscript
from pubkit.manuscript.tree import decode, encode
from pubkit.project.metadata import Publication
from pubkit.references.item import Item, as_json
from pubkit.render import fonts
from pubkit.render.model import Edition
from pubkit.render.rules import SRC036

__all__ = ["characters", "findings", "lacking", "spelled", "spelled_out"]

#: Up to here every bundled face has every letter, and these marks too; they are not looked up.
_LATIN = 0x17F
_MARKS = frozenset("‘’“”–—…•")
#: What shows nothing by itself: controls, format characters, blanks; and the variation selectors among the marks.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
#: So many characters are findings of their own; more are counted in one.
_MOST = 10


def characters(publication: Publication, manuscript: Manuscript, items: Iterable[Item]) -> tuple[str, ...]:
    """Return the characters that are printed and that no face has, in the order of their numbers.

    `items` are the works that are cited.
    """
    said = structs.asdict(publication)
    printed = [encode(manuscript.document.tree), msgspec.json.encode([said[name] for name in _PRINTED])]
    printed.append(msgspec.json.encode([as_json(item) for item in items]))
    found = {char for data in printed for char in set(data.decode()) if _needs_a_face(char)}
    return tuple(sorted(found - _had(frozenset(found)))) if found else ()


def lacking(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that no face has."""
    wanted = frozenset(filter(_needs_a_face, set(text)))
    return tuple(sorted(wanted - _had(wanted))) if wanted else ()


#: The statements of pubkit.yaml that pages show.
_PRINTED = (
    "title", "subtitle", "abstract", "keywords", "authors", "reviewers", "publisher", "funding", "contact", "licence",
    "audience", "disclaimers", "unreviewed", "identifier", "permalink", "corrections", "translations", "translation_of",
)  # fmt: skip


def _needs_a_face(char: str) -> bool:
    if ord(char) <= _LATIN or char in _MARKS or unicodedata.category(char) in _INVISIBLE:
        return False
    return not any(ord(char) in selectors for selectors in _SELECTORS)


@functools.lru_cache(maxsize=8)
def _had(wanted: frozenset[str]) -> frozenset[str]:
    """Return those of the `wanted` characters that a face has; faces are read until all are found."""
    missing = {ord(char) for char in wanted}
    for covered in fonts.coverage():
        missing -= {number for number in missing if number in covered}
        if not missing:
            break
    return wanted - {chr(number) for number in missing}


def findings(
    faceless: Sequence[str],
    manuscript: Manuscript,
    works: Iterable[tuple[Item, Location]],
    configuration: SourceFile,
    elsewhere: Location | None,
) -> Iterator[Finding]:
    """Yield a finding for each character that no face has, at its first place.

    Args:
        faceless: the characters, in the order of their numbers.
        manuscript: the text, in which they are looked for first.
        works: the cited works, each with the place of its entry.
        configuration: pubkit.yaml, or the file with the front matter.
        elsewhere: the place if a character is in none of these.
    """
    advice = system.advice("fonts that have it", system.FACES)
    remedy = f"Write it in words, or {advice}. The other formats can be made without it: `--only html,epub`."
    entries = [(msgspec.json.encode(as_json(item)).decode(), place) for item, place in works] if faceless else []

    def first(char: str) -> Location | None:
        in_entry = (place for text, place in entries if char in text)
        return _in_text(char, manuscript) or next(in_entry, None) or _in_source(char, configuration) or elsewhere

    for char in faceless[:_MOST]:
        message = f"No installed font has this character, so the PDF cannot show it: {_named(char)}."
        yield SRC036.at(first(char), message, context=char, remedy=remedy)
    if more := faceless[_MOST:]:
        message = f"No installed font has {len(more)} more characters, the first of them {_named(more[0])}."
        yield SRC036.at(first(more[0]), message, context="".join(more), remedy=remedy)


def _named(char: str) -> str:
    return f"{printable(char)} ({_number(char)})" if char.isprintable() else _number(char)


def _number(char: str) -> str:
    return f"U+{ord(char):04X}"


def _in_text(char: str, manuscript: Manuscript) -> Location | None:
    """Return the first place of `char` in the words of the text, or else in a chapter, such as in its code."""
    written = manuscript.written
    for block in manuscript.document.blocks:
        near = block.locate(block.text.index(char)) if char in block.text else None
        if near and near.line and near.file in written:
            line = written[near.file].split("\n")[near.line - 1]
            column = line.find(char, max(0, near.column - 1)) + 1
            return Location(near.file, near.line, column or near.column)
    return next((place for source in manuscript.sources if (place := _in_source(char, source))), None)


def _in_source(char: str, source: SourceFile) -> Location | None:
    offset = source.text.find(char)
    return source.location(offset) if offset >= 0 else None


def spelled(text: str, faceless: Iterable[str]) -> str:
    """Return `text` with the number of each faceless character in its place, as [U+1F517]."""
    return text.translate({ord(char): f"[{_number(char)}]" for char in faceless})


def spelled_out(edition: Edition) -> Edition:
    """Return the edition as its PDF shows it: faceless characters of the text and the title are their numbers."""
    if not edition.faceless:
        return edition
    tree = decode(spelled(encode(edition.tree).decode(), edition.faceless))
    title = spelled(edition.publication.title, edition.faceless)
    return structs.replace(edition, tree=tree, publication=structs.replace(edition.publication, title=title))
