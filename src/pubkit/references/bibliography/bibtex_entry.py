"""Write a CSL item as a BibTeX entry, as `refs add` appends it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pubkit.references.item import Item, Name

__all__ = ["entry_text"]

_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "thesis": "phdthesis",
    "report": "techreport",
}
_CONTAINER = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_PUBLISHER = {"phdthesis": "school", "techreport": "institution"}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {char: f"\\{char}" for char in "&%$#_"}
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SMALL_WORDS = "a an and as at but by for from in into nor of on or over per the to up via vs with"
_SMALL = frozenset(_SMALL_WORDS.split())


def entry_text(item: Item, key: str) -> str:
    """Return `item` as a BibTeX entry under `key`, one field a line.

    Words whose capitals carry meaning (DNA, mRNA, proper names in a title in sentence case) are put in braces, because
    BibTeX styles and pandoc otherwise put titles into lower case.
    """
    kind = _TYPES.get(item.type, "misc")
    article = kind == "article"
    fields = {
        "title": _protected(item.title),
        "author": _names(item.author),
        "editor": _names(item.editor),
        _CONTAINER.get(kind, "howpublished"): _kept(item.container_title, kind),
        "series": _escaped(item.collection_title),
        "year": _year(item),
        "volume": _escaped(item.volume),
        "number": _escaped(item.issue or ("" if article else item.number)),
        "pages": _pages(item.page or (item.number if article else "")),
        "edition": _escaped(item.edition),
        _PUBLISHER.get(kind, "publisher"): "" if article else _escaped(item.publisher),
        "address": _escaped(item.publisher_place),
        "isbn": _escaped(item.isbn),
        "issn": _escaped(item.issn),
        "doi": _doi(item.doi),
        "pmid": _escaped(item.pmid),
        "pmcid": _escaped(item.pmcid),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _kept(container: str, kind: str) -> str:
    """Return the title of a journal or book; a book's in braces, without which it is put into lower case."""
    return f"{{{_escaped(container)}}}" if container and _CONTAINER.get(kind) == "booktitle" else _escaped(container)


def _year(item: Item) -> str:
    return "" if item.year is None else str(item.year)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def _doi(text: str) -> str:
    """Return a DOI as it is: BibTeX readers take it verbatim, and only braces and backslashes have to be encoded."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _pages(text: str) -> str:
    return _escaped(re.sub(r"\s*[-–—]+\s*", "--", text))


def _names(people: Sequence[Name]) -> str:
    return " and ".join(map(_name, people))


def _name(name: Name) -> str:
    family = " ".join(filter(None, (name.dropping_particle, name.non_dropping_particle, name.family)))
    if not name.family:
        return f"{{{_escaped(name.literal)}}}"
    return ", ".join(map(_part, filter(None, (family, name.suffix, name.given))))


def _part(part: str) -> str:
    """Return a part of a name; a comma or an "and" in it would be read as the next part or the next name."""
    return f"{{{_escaped(part)}}}" if re.search(r",|\band\b", part) else _escaped(part)


def _protected(title: str) -> str:
    """Return the title, escaped, with braces around every word whose capitals must be kept."""
    later = [word for word in _WORD.findall(title)[1:] if word[:1].isalpha() and word.lower() not in _SMALL]
    plain = [word for word in later if not word.isupper()]
    # When in doubt, a title is in sentence case: a needless brace keeps a capital, a missing one loses a name's.
    title_case = len(plain) > 2 and sum(word[:1].isupper() for word in plain) > 0.7 * len(plain)
    pieces, end = [], 0
    for found in _WORD.finditer(title):
        pieces.append(_escaped(title[end : found.start()]))
        word = found[0]
        first = not title[: found.start()].strip() or title[: found.start()].rstrip()[-1:] in ":.?!"
        inner = any(char.isupper() for char in word[1:] if char.isalpha()) or (len(word) == 1 and word.isupper())
        stays = inner or (word[:1].isupper() and not title_case and not first)
        pieces.append(f"{{{_escaped(word)}}}" if stays and not (first and len(word) == 1) else _escaped(word))
        end = found.end()
    return "".join([*pieces, _escaped(title[end:])])
