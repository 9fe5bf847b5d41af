"""A CSL item written as a BibTeX entry, under a key that a person can read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from pubkit.references.bibliography.markup import fold

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


def readable_key(item: Mapping[str, Any], taken: Collection[str]) -> str:
    """A key made of the first author's name and the year in ASCII ("kruegel2016"); with a letter where that is taken."""
    authors = item.get("author") or item.get("editor") or []
    name = str(authors[0].get("family") or authors[0].get("literal") or "" if authors else item.get("title", ""))
    words = re.findall(r"[a-z0-9]+", fold(name))
    family = "".join(words) if authors and authors[0].get("family") else "".join(words[:2])
    stem = f"{family[:24] or 'work'}{_year(item)}"
    suffixes: list[str] = ["", *"abcdefghijklmnopqrstuvwxyz", *(f"-{number}" for number in range(2, len(taken) + 3))]
    return next(stem + suffix for suffix in suffixes if stem + suffix not in taken)


def entry_text(item: Mapping[str, Any], key: str) -> str:
    """Return the BibTeX entry for `item` under `key`: UTF-8, one field a line, ending with a line end.

    Words whose capitals carry meaning (DNA, mRNA, proper names in a title in sentence case) stand in braces, because
    BibTeX styles and pandoc otherwise put titles into lower case.
    """
    kind = _TYPES.get(str(item.get("type")), "misc")
    container = str(item.get("container-title") or "")
    fields = {
        "title": _protected(str(item.get("title", ""))),
        "author": _names(item.get("author")),
        "editor": _names(item.get("editor")),
        _CONTAINER.get(kind, "howpublished"): _escaped(container),
        "series": _escaped(str(item.get("collection-title", ""))),
        "year": _year(item),
        "volume": _escaped(str(item.get("volume", ""))),
        "number": _escaped(str(item.get("issue") or (item.get("number", "") if kind != "article" else ""))),
        "pages": _pages(str(item.get("page") or (item.get("number", "") if kind == "article" else ""))),
        "edition": _escaped(str(item.get("edition", ""))),
        _PUBLISHER.get(kind, "publisher"): "" if kind == "article" else _escaped(str(item.get("publisher", ""))),
        "isbn": _escaped(str(item.get("ISBN", ""))),
        "doi": _doi(str(item.get("DOI", ""))),
        "pmid": _escaped(str(item.get("PMID", ""))),
        "pmcid": _escaped(str(item.get("PMCID", ""))),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _year(item: Mapping[str, Any]) -> str:
    issued = item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    return str(parts[0][0]) if parts and parts[0] else ""


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def _doi(text: str) -> str:
    """A DOI as it is: BibTeX readers take it verbatim, so that only braces, which cannot stand, are written otherwise."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _pages(text: str) -> str:
    return _escaped(re.sub(r"\s*[-–—]+\s*", "--", text))


def _names(names: object) -> str:
    people = names if isinstance(names, list) else []
    return " and ".join(_name(name) for name in people if isinstance(name, Mapping))


def _name(name: Mapping[str, Any]) -> str:
    family, given = str(name.get("family", "")), str(name.get("given", ""))
    if not family:
        return f"{{{_escaped(str(name.get('literal', '')))}}}"
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
