"""The metadata that pandoc, Quarto, JOSS, R Markdown, MyST and Manubot write, as statements of pubkit.yaml.

One table for all of them, because they grew out of each other: pandoc's variables (Pandoc User's Guide, Variables), Quarto's
front matter (quarto.org, Front matter), the JOSS paper format (joss.readthedocs.io), MyST's frontmatter (mystmd.org).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from pubkit.boundary.files import printable
from pubkit.findings import Location
from pubkit.packaged import parsed
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects.dates import date_in
from pubkit.project.dialects.model import Statements
from pubkit.project.rules import SRC101, SRC102

__all__ = ["say"]

#: The names under which a statement may stand, by pubkit's own; the first that says something counts.
_TEXTS = {
    "title": ("title", "pagetitle", "title-short"),
    "subtitle": ("subtitle",),
    "abstract": ("abstract", "description", "summary"),
    "publisher": ("publisher", "institute", "journal-title"),
    "funding": ("funding", "funding-statement", "funders"),
    "lang": ("lang", "language", "locale"),
    "licence": ("licence", "license"),
    "identifier": ("identifier", "doi"),
    "version": ("version",),
}
_KEYWORDS = ("keywords", "tags", "subject", "categories")
_AUTHORS = ("author", "authors")
_AFFILIATIONS = ("affiliations", "affiliation", "institute", "institution")
_DATES = {"published": ("date", "published", "date-published"), "updated": ("date-modified", "updated", "modified")}
_BIBLIOGRAPHY = ("bibliography", "bibtex_bibfiles")

_MARKS = re.compile(r"\^\[[^\]]*\]|\\thanks\{[^{}]*\}|\^[^^\s]{1,6}\^|(?<!\w)[*_]{1,2}|[*_]{1,2}(?!\w)|`")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_PROGRAM = re.compile(r"`r\s|r\s+Sys\.|!r\b|!expr\b|\bSys\.(?:Date|time)\b|\{\{.*\}\}")
_AND = re.compile(r"\s+(?:and|und|et|y|&)\s+|\s*;\s*|\\and\b")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def say(statements: Statements, file: strict_yaml.YamlFile, at: strict_yaml.Path = ()) -> None:
    """State in `statements` what the mapping at the path `at` of `file` says, in the keys of pubkit.yaml."""
    _Reader(statements, file, at).read()


class _Reader:
    """One mapping of metadata while it is read."""

    def __init__(self, statements: Statements, file: strict_yaml.YamlFile, at: strict_yaml.Path) -> None:
        self._said = statements
        self._file = file
        self._at = at
        found: Any = file.value or {}
        for part in at:
            found = found[part]
        self._values: Mapping[str, Any] = found if isinstance(found, dict) else {}

    def read(self) -> None:
        for key, names in _TEXTS.items():
            for name in names:
                if text := _text(self._values.get(name)):
                    self._said.say(key, _fitting(key, text), self._place(name))
        self._listed("keywords", _KEYWORDS)
        self._files()
        self._dates()
        self._authors()
        self._unknown()
        if not self._at:
            self._repeated()

    def _repeated(self) -> None:
        for key, place in self._file.repeated:
            message = f"The key {printable(key)} is given twice; the last one counts."
            self._said.findings.append(SRC101.at(place, message, remedy="Keep one of the two.", context=key))

    def _place(self, *path: str | int) -> Location:
        return self._file.at((*self._at, *path))

    def _listed(self, key: str, names: Sequence[str]) -> None:
        for name in names:
            value = self._values.get(name)
            parts = re.split(r"\s*[,;]\s*", value) if isinstance(value, str) else value
            words = [word for part in parts or () if (word := _text(part)) and len(word) <= 300]
            self._said.say(key, words, self._place(name))

    def _files(self) -> None:
        for name in _BIBLIOGRAPHY:
            value = self._values.get(name)
            named = [value] if isinstance(value, str) else value or []
            paths = [path.strip() for path in named if isinstance(path, str) and "://" not in path and path.strip()]
            self._said.say("bibliography", paths, self._place(name))
        style = self._values.get("csl")
        if isinstance(style, str) and "://" not in style:
            self._said.say("csl", style, self._place("csl"))
        elif isinstance(style, str):
            name = style.rstrip("/").rsplit("/", 1)[-1].removesuffix(".csl")
            self._said.say("csl", name, self._place("csl"))

    def _dates(self) -> None:
        dates: dict[str, str] = {}
        places: dict[strict_yaml.Path, Location] = {}
        for key, names in _DATES.items():
            for name in names:
                text = _text(self._values.get(name))
                if not text or key in dates:
                    continue
                if day := date_in(text):
                    dates[key], places[(key,)] = day, self._place(name)
                elif name == "date":
                    message = f"The date names no day: {printable(text, 80)}"
                    remedy = "Write it as 2026-11-22."
                    self._said.findings.append(SRC101.at(self._place(name), message, remedy=remedy, context=text))
        if "published" in dates:
            self._said.say("dates", dates, places[("published",)], places)

    def _authors(self) -> None:
        known = self._affiliations()
        for name in _AUTHORS:
            value = self._values.get(name)
            written = value if isinstance(value, list) else [value] if value else []
            authors: list[dict[str, Any]] = []
            places: dict[strict_yaml.Path, Location] = {}
            for index, one in enumerate(written):
                place = self._place(name, index)
                for author in _persons(one, known):
                    places[(len(authors),)] = place
                    places.update({(len(authors), part): place for part in author})
                    authors.append(author)
            self._said.say("authors", authors, self._place(name), places)

    def _affiliations(self) -> dict[str, str]:
        """Return the names of affiliations by the index or id that authors name them by."""
        found: dict[str, str] = {}
        for key in _AFFILIATIONS:
            value = self._values.get(key)
            for number, one in enumerate(value if isinstance(value, list) else [], 1):
                if isinstance(one, dict):
                    named = _organisation(one)
                    for mark in (one.get("index"), one.get("id"), one.get("ref"), one.get("number")):
                        if mark is not None:
                            found.setdefault(str(mark), named)
                    for mark, text in one.items():  # pandoc's own habit: - id: Name
                        if isinstance(text, str) and mark not in _PARTS:
                            found.setdefault(str(mark), text)
                elif isinstance(one, str):
                    found.setdefault(str(number), one)
        return found

    def _unknown(self) -> None:
        known = {*_looks(), *_KEYWORDS, *_AUTHORS, *_AFFILIATIONS, *_BIBLIOGRAPHY, "csl", "project", "book", "website"}
        known |= {name for names in (*_TEXTS.values(), *_DATES.values()) for name in names}
        unknown = [name for name in self._values if name not in known and not name.startswith(("_", "x-"))]
        if unknown:
            named = ", ".join(printable(name, 40) for name in unknown[:12])
            message = f"pubkit does not use {'these keys' if len(unknown) > 1 else 'this key'}: {named}."
            self._said.findings.append(SRC102.at(self._place(unknown[0]), message, context=named))


@functools.cache
def _looks() -> frozenset[str]:
    """Return the keys about the look of a page."""
    return frozenset(parsed(resources.files(__package__).joinpath("keys.yaml").read_bytes())["looks"].split())


#: The parts of an affiliation or of a name that are no id.
_PARTS = frozenset(
    {"name", "department", "city", "country", "state", "region", "address", "ror", "url", "group", "index", "id"}
)


def _text(value: Any) -> str:
    """Return `value` as one text, without the marks that only a page would show; nothing where a program makes it."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, dict):
        inner = next(
            (value[key] for key in ("text", "name", "statement", "full", "id", "title", "literal") if key in value),
            None,
        )
        return _text(inner if inner is not None else value.get("content"))
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    text = str(value)
    if _PROGRAM.search(text):
        return ""
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()


def _fitting(key: str, text: str) -> str:
    if key == "lang":
        first, *others = text.replace("_", "-").split("-")
        return "-".join((first.lower(), *(part.upper() if len(part) == 2 else part.title() for part in others)))
    if key == "identifier" and re.match(r"10\.\d{4,9}/", text):
        return f"https://doi.org/{text}"
    return text if key == "abstract" else " ".join(text.split())


def _organisation(one: Mapping[str, Any]) -> str:
    parts = (one.get(part) for part in ("group", "department", "name", "institution", "city", "state", "country"))
    return ", ".join(filter(None, map(_text, parts)))


def _persons(one: Any, known: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the authors that one entry of a list of authors names."""
    if isinstance(one, str):
        for part in _AND.split(_MARKS.sub("", _LINK.sub(r"\1", re.sub(r"<[^<>]*>", "", one)))):
            if part.strip(" ,"):
                yield {"name": " ".join(part.split()).strip(" ,")[:300]}
        return
    if not isinstance(one, dict):
        return
    name = _name(one)
    if not name and len(one) == 1:  # - Jane Doe: {affiliation: ...}
        (name, inner), *_ = one.items()
        one = inner if isinstance(inner, dict) else {"affiliation": inner}
    if not name:
        return
    author: dict[str, Any] = {"name": _MARKS.sub("", name).strip()}
    if places := _places(one, known):
        author["affiliation"] = places if len(places) > 1 else places[0]
    if (orcid := one.get("orcid") or one.get("ORCID")) and (found := _ORCID.search(str(orcid))):
        author["orcid"] = found[0]
    if degrees := _text(one.get("degrees") or one.get("degree")):
        author["credentials"] = degrees
    yield author


def _name(one: Mapping[str, Any]) -> str:
    name = one.get("name")
    if isinstance(name, dict):
        one = name
        name = one.get("literal")
    given, family = (
        _text(one.get("given") or one.get("given-names") or one.get("firstname") or one.get("first")),
        " ".join(
            filter(
                None,
                (
                    _text(one.get("dropping-particle")),
                    _text(one.get("non-dropping-particle")),
                    _text(one.get("family") or one.get("surname") or one.get("lastname") or one.get("last")),
                ),
            )
        ),
    )
    return _text(name) or " ".join(filter(None, (given, family)))


def _places(one: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """Return the affiliations of one author, in the order in which they are named."""
    value = next(
        (one[key] for key in ("affiliation", "affiliations", "institute", "institution") if one.get(key)), None
    )
    parts = value if isinstance(value, list) else [value] if value is not None else []
    found: list[str] = []
    for part in parts:
        if isinstance(part, dict):
            ref = part.get("ref") or part.get("id")
            found.append(
                known.get(str(ref), "") if ref and str(ref) in known and not part.get("name") else _organisation(part)
            )
        else:
            text = str(part).strip()
            marks = [mark.strip() for mark in re.split(r"[,;&\s]+", text)]
            named = [known[mark] for mark in marks if mark in known]
            found += named if named and len(named) == len(marks) else [known.get(text, _text(text))]
    return [place[:300] for place in dict.fromkeys(filter(None, found))]
