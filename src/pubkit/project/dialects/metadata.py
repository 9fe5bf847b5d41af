"""The metadata that pandoc, Quarto, JOSS, R Markdown, MyST and Manubot write, as statements of pubkit.yaml.

One table serves for all of them, because they build on each other: pandoc's variables (Pandoc User's Guide, Variables),
Quarto's front matter (quarto.org, Front matter), the JOSS paper format (joss.readthedocs.io), MyST's frontmatter
(mystmd.org).
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.packaged import parsed
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects.dates import date_in, days_meant
from pubkit.project.dialects.files import Opened, first_heading, mapping
from pubkit.project.dialects.model import Statements
from pubkit.project.metadata import Publication
from pubkit.project.rules import SRC101, SRC102

__all__ = ["bibliographies", "say", "say_all", "sets_the_look"]

#: The keys of other tools for each key of pubkit.yaml; the first one with a value counts.
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
#: What is printed with its emphasis.
_MARKDOWN = frozenset({"title", "subtitle", "abstract"})
_NOTES = expression(r"\^\[[^\[\]]*\]|\\thanks\{[^{}]*\}")
_KEYWORDS = ("keywords", "tags", "subject", "categories")
_AUTHORS = ("author_info", "author", "authors")
_AFFILIATIONS = ("affiliations", "affiliation", "institute", "institution")
_DATES = {"published": ("date", "published", "date-published"), "updated": ("date-modified", "updated", "modified")}
_BIBLIOGRAPHY = ("bibliography", "bibtex_bibfiles")
_OTHERS = ("csl", "nocite", "project", "book", "website", "rmd_files", "rmd_subdir")

_MARKS = expression(r"\^\[[^\[\]]*\]|\\thanks\{[^{}]*\}|\^[^^\s]{1,6}\^|(?<!\w)[*_]{1,2}|[*_]{1,2}(?!\w)|`")
_LINK = expression(r"\[([^\[\]]*)\]\([^()]*\)")
_PROGRAM = expression(r"`r\s|r\s+Sys\.|!r\b|!expr\b|\bSys\.(?:Date|time)\b|\{\{[^{}]*\}\}")
_AND = expression(r"(?<!\s)\s+(?:and|und|et|y|&)\s+|(?<!\s)\s*;\s*|\\and\b")
#: Words for the day of a run (Quarto, Dates and Date Formatting): no date that a publication has.
_DAYS_OF_QUARTO = frozenset({"today", "now", "last-modified"})
_ORCID = expression(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def say(statements: Statements, file: strict_yaml.YamlFile, at: strict_yaml.Path = ()) -> None:
    """Add to `statements` what the mapping at the path `at` of `file` states, under the keys of pubkit.yaml."""
    _Reader(statements, file, at).read()


def say_all(statements: Statements, text: Opened) -> None:
    """Add to `statements` what the front matter of `text` states, and its first heading as the title."""
    say(statements, text.front)
    if title := first_heading(text.body.text):
        statements.say("title", title, Location(text.source.path, 1, 1))


def bibliographies(text: Opened) -> list[str]:
    """Return the bibliographies that the front matter of a chapter names, also for one format alone (Quarto)."""
    formats = mapping(text.front.value, "format")
    stated = [text.front.value, *(one for one in formats.values() if isinstance(one, dict))]
    values = [one.get("bibliography") for one in stated]
    named = [name for value in values for name in (value if isinstance(value, list) else [value])]
    beside = posixpath.dirname(text.source.path)
    return [
        posixpath.normpath(posixpath.join(beside, name)) for name in named if isinstance(name, str) and name.strip()
    ]


class _Reader:
    """One mapping of metadata while it is read."""

    def __init__(self, statements: Statements, file: strict_yaml.YamlFile, at: strict_yaml.Path) -> None:
        self._said = statements
        self._file = file
        self._at = at
        self._values: Mapping[str, Any] = mapping(file.value, *map(str, at))

    def read(self) -> None:
        for key, names in _TEXTS.items():
            for name in names:
                read = _markdown if key in _MARKDOWN else _text
                if key == "title" and _is_computed(self._values.get(name)):
                    self._said.leave_open(key, self._place(name))
                if text := read(self._values.get(name)):
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
            parts = re.split(r"[,;]", value) if isinstance(value, str) else value
            words = [
                word
                for part in (parts if isinstance(parts, list) else ())
                if (word := _text(part)) and len(word) <= 300
            ]
            self._said.say(key, words, self._place(name))

    def _files(self) -> None:
        for name in _BIBLIOGRAPHY:
            value = self._values.get(name)
            named = [value] if isinstance(value, str) else value if isinstance(value, list) else []
            paths = [self._path(one) for one in named if isinstance(one, str) and "://" not in one and one.strip()]
            self._said.say("bibliography", paths, self._place(name))
        uncited = self._values.get("nocite")
        stated = [uncited] if isinstance(uncited, str) else uncited if isinstance(uncited, list) else []
        self._said.say("nocite", [one.strip() for one in stated if isinstance(one, str)], self._place("nocite"))
        style = self._values.get("csl")
        if isinstance(style, str) and "://" not in style:
            self._said.say("csl", self._path(style) if style.endswith(".csl") else style, self._place("csl"))
        elif isinstance(style, str):
            name = style.rstrip("/").rsplit("/", 1)[-1].removesuffix(".csl")
            self._said.say("csl", name, self._place("csl"))

    def _path(self, written: str) -> str:
        """Return a path below the publication's folder; it is written relative to the file that states it."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._place().file), written.strip()))

    def _dates(self) -> None:
        dates: dict[str, str] = {}
        places: dict[strict_yaml.Path, Location] = {}
        for key, names in _DATES.items():
            for name in names:
                text = _text(self._values.get(name))
                if name == "date" and (_is_computed(self._values.get(name)) or text.lower() in _DAYS_OF_QUARTO):
                    self._said.leave_open("dates", self._place(name))
                if not text or key in dates:
                    continue
                if day := date_in(text):
                    dates[key], places[(key,)] = day, self._place(name)
                elif name == "date" and text.lower() not in _DAYS_OF_QUARTO:
                    message = f"The date does not name a day: {printable(text, 80)}"
                    meant = " or ".join(days_meant(text))
                    remedy = f"Write {meant}." if meant else "Write year, month and day, as in 2026-11-22."
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
        """Return the names of affiliations by the index or id that authors refer to them by."""
        found: dict[str, str] = {}
        for key in _AFFILIATIONS:
            value = self._values.get(key)
            for number, one in enumerate(value if isinstance(value, list) else [], 1):
                for mark, name in _marks_of(one, number):
                    found.setdefault(mark, name)
        return found

    def _unknown(self) -> None:
        known = {*_looks(), *_KEYWORDS, *_AUTHORS, *_AFFILIATIONS, *_BIBLIOGRAPHY, *_OTHERS}
        known |= {name for names in (*_TEXTS.values(), *_DATES.values()) for name in names}
        unknown = [name for name in self._values if name not in known and not name.startswith(("_", "x-"))]
        if unknown:
            named = ", ".join(printable(name, 40) for name in unknown[:12])
            message = f"pubkit does not use {'these keys' if len(unknown) > 1 else 'this key'}: {named}."
            self._said.findings.append(SRC102.at(self._place(unknown[0]), message, context=named))


def _is_computed(value: Any) -> bool:
    """Return whether code or a shortcode stands in `value`, so that only a run of the author's tool knows the text."""
    return isinstance(value, str) and bool(_PROGRAM.search(value))


def sets_the_look(key: str) -> bool:
    """Return whether `key` sets the look of a page in another tool, and is no key of pubkit.yaml."""
    return key in _looks() and key not in Publication.__struct_fields__


@functools.cache
def _looks() -> frozenset[str]:
    """Return the keys that set the look of a page."""
    return frozenset(parsed(resources.files(__package__).joinpath("keys.yaml").read_bytes())["looks"].split())


#: Keys in an affiliation or a name that are not ids.
_PARTS = frozenset(
    {"name", "department", "city", "country", "state", "region", "address", "ror", "url", "group", "index", "id"}
)


def _text(value: Any) -> str:
    """Return `value` as one text without markup; "" if code computes it."""
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


def _markdown(value: Any) -> str:
    """Return `value` as one text with its emphasis, without notes; a mapping of labels to texts is a structured abstract."""
    if isinstance(value, dict) and not _TEXT_KEYS & set(value):
        return "\n\n".join(f"**{label}.** {text}" for label, one in value.items() if (text := _markdown(one)))
    if not isinstance(value, str) or _PROGRAM.search(value):
        return _text(value)
    return _NOTES.sub("", value).strip()


#: Keys whose values are the text of a mapping.
_TEXT_KEYS = frozenset({"text", "name", "statement", "full", "id", "title", "literal", "content"})


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


def _marks_of(one: Any, number: int) -> Iterator[tuple[str, str]]:
    """Yield each index or id of an affiliation, which is entry `number` of its list, with its name."""
    if isinstance(one, str):
        yield str(number), one
    elif isinstance(one, dict):
        name = _organisation(one)
        yield from ((str(one[key]), name) for key in ("index", "id", "ref", "number") if one.get(key) is not None)
        # as pandoc's templates have it: - id: Name
        yield from ((str(mark), text) for mark, text in one.items() if isinstance(text, str) and mark not in _PARTS)


def _persons(one: Any, known: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the authors in one entry of a list of authors."""
    if isinstance(one, str):
        for part in _AND.split(_LINK.sub(r"\1", re.sub(r"<[^<>]*>", "", one))):
            if name := " ".join(_MARKS.sub("", part).split()).strip(" ,")[:300]:
                yield {**_named(name), **_placed(part, known)}
    elif isinstance(one, dict):
        name = _name(one)
        if not name and len(one) == 1:  # - Jane Doe: {affiliation: ...}
            (name, inner), *_ = one.items()
            one = inner if isinstance(inner, dict) else {"affiliation": inner}
        if name:
            yield {**_named(_MARKS.sub("", name).strip()), **_details(one, known)}


def _named(name: str) -> dict[str, Any]:
    """Return a name, and the degrees that follow it as credentials: "Ann Ray, MD, PhD"."""
    plain, comma, degrees = name.partition(",")
    known = (_DOT.sub("", one) in _DEGREES for one in re.split(", *", degrees.lstrip(" ")))
    if comma and _TWO_WORDS.fullmatch(plain) and all(known):
        return {"name": plain, "credentials": degrees.lstrip(" ")}
    return {"name": name}


_DEGREES = frozenset({
    "MD", "PhD", "DPhil", "MPH", "MSc", "MS", "MA", "MPhil", "BSc", "BA", "BS", "RN", "RD", "RDN", "PharmD", "DrPH", "ScD",
    "DSc", "DO", "MBBS", "MBChB", "MRCP", "FRCP", "FRCPC", "FACP", "FACC", "FAHA", "JD", "MBA", "EdD", "PsyD", "DDS", "DMD",
    "DVM", "MHS", "MSPH", "MSN", "DNP", "NP", "PA", "CNM", "MPA", "MEd", "MRes", "LLM",
})  # fmt: skip
_DOT = expression(r"(?<=[A-Za-z])[.]")
_TWO_WORDS = expression(r"[^,]+\s[^,]+")


def _placed(name: str, known: Mapping[str, str]) -> dict[str, Any]:
    """Return the affiliations that raised marks after a name refer to: "Jane Doe^1,2^"."""
    marks = [mark for found in _RAISED.finditer(name) for mark in re.split(r"[,;\s]+", found[1])]
    places = list(dict.fromkeys(known[mark] for mark in marks if mark in known))
    return {"affiliation": places if len(places) > 1 else places[0]} if places else {}


_RAISED = expression(r"\^([^^\s\[]{1,12})\^")


def _details(one: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Return what else is stated about an author."""
    details: dict[str, Any] = {}
    if places := _places(one, known):
        details["affiliation"] = places if len(places) > 1 else places[0]
    if (orcid := one.get("orcid") or one.get("ORCID")) and (found := _ORCID.search(str(orcid))):
        details["orcid"] = found[0]
    if degrees := _text(one.get("credentials") or one.get("degrees") or one.get("degree")):
        details["credentials"] = degrees
    if roles := list(_roles(one.get("roles") or one.get("role"))):
        details["roles"] = roles
    details |= {key: text for key in ("conflicts", "email") if (text := _text(one.get(key)))}
    return details


def _roles(stated: Any) -> Iterator[str]:
    """Yield what an author has contributed: words, or a map with the word as its key or under `role` or `credit`."""
    for role in stated if isinstance(stated, list) else [stated]:
        if isinstance(role, dict):
            named = role.get("role") or role.get("credit-name") or role.get("credit")
            yield from filter(None, [_text(named)] if named else map(_text, role))
        elif words := _text(role):
            yield words


def _name(one: Mapping[str, Any]) -> str:
    stated = one.get("name")
    if not isinstance(stated, dict):
        return _text(stated) or _parts_of_name(one)
    return _text(stated.get("literal")) or _parts_of_name(stated)


def _parts_of_name(one: Mapping[str, Any]) -> str:
    """Return a name that is given in parts: given names, particles, family name."""
    parts = (
        one.get("given") or one.get("given-names") or one.get("firstname") or one.get("first"),
        one.get("dropping-particle"),
        one.get("non-dropping-particle"),
        one.get("family") or one.get("surname") or one.get("lastname") or one.get("last"),
    )
    return " ".join(filter(None, map(_text, parts)))


def _places(one: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """Return the affiliations of one author, in the order in which they are listed."""
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
