"""A CSL item written as a BibTeX entry, under a key that a person can read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pubkit.references.bibliography.markup import fold
from pubkit.references.item import Item, Name

__all__ = ["entry_text", "readable_key"]

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


def readable_key(item: Item, taken: Collection[str]) -> str:
    """A key made of the first author's name and the year in ASCII ("kruegel2016"); with a letter where that is taken."""
    first = next(iter(item.author or item.editor), Name())
    words = re.findall(r"[a-z0-9]+", fold(first.family or first.literal or ("" if first else item.title)))
    family = "".join(words if first.family else words[:2])
    stem = f"{family[:24] or 'work'}{_year(item)}"
    suffixes: list[str] = ["", *"abcdefghijklmnopqrstuvwxyz", *(f"-{number}" for number in range(2, len(taken) + 3))]
    return next(stem + suffix for suffix in suffixes if stem + suffix not in taken)


def entry_text(item: Item, key: str) -> str:
    """The BibTeX entry for `item` under `key`: UTF-8, one field a line, ending with a line end.

    Words whose capitals carry meaning (DNA, mRNA, proper names in a title in sentence case) stand in braces, because
    BibTeX styles and pandoc otherwise put titles into lower case.
    """
    kind = _TYPES.get(item.type, "misc")
    article = kind == "article"
    fields = {
        "title": _protected(item.title),
        "author": _names(item.author),
        "editor": _names(item.editor),
        _CONTAINER.get(kind, "howpublished"): _escaped(item.container_title),
        "series": _escaped(item.collection_title),
        "year": _year(item),
        "volume": _escaped(item.volume),
        "number": _escaped(item.issue or ("" if article else item.number)),
        "pages": _pages(item.page or (item.number if article else "")),
        "edition": _escaped(item.edition),
        _PUBLISHER.get(kind, "publisher"): "" if article else _escaped(item.publisher),
        "isbn": _escaped(item.isbn),
        "doi": _doi(item.doi),
        "pmid": _escaped(item.pmid),
        "pmcid": _escaped(item.pmcid),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _year(item: Item) -> str:
    return "" if item.year is None else str(item.year)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def _doi(text: str) -> str:
    """A DOI as it is: BibTeX readers take it verbatim, so that only braces, which cannot stand, are written otherwise."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _pages(text: str) -> str:
    return _escaped(re.sub(r"\s*[-–—]+\s*", "--", text))


def _names(people: Sequence[Name]) -> str:
    return " and ".join(map(_name, people))


def _name(name: Name) -> str:
    family, given = name.family, name.given
    if not family:
        return f"{{{_escaped(name.literal)}}}"
    # A comma or an "and" inside a part would be read as the next part or the next name.
    parts = [f"{{{_escaped(part)}}}" if re.search(r",|\band\b", part) else _escaped(part) for part in (family, given)]
    return ", ".join(part for part in parts if part)


def _protected(title: str) -> str:
    """Return the title, escaped, with every word in braces whose capitals must stay."""
    later = [word for word in _WORD.findall(title)[1:] if word[:1].isalpha() and word.lower() not in _SMALL]
    plain = [word for word in later if not word.isupper()]
    # In doubt a title is in sentence case: a brace too many leaves a capital, one too few takes a name's.
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
