"""Statements that another tool would understand, or that break the schema, made into a publication as far as they go.

One mistake in the metadata keeps no rule from being asked: what cannot be used is left out and reported at its place, what
is required and missing gets a default, and an error blocks every build but a draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, structs

from pubkit.boundary.rules import SRC013
from pubkit.errors import ConfigurationError
from pubkit.findings import Finding
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata
from pubkit.project.dialects.dates import date_in
from pubkit.project.dialects.model import Statements
from pubkit.project.metadata import Publication
from pubkit.project.rules import SRC102
from pubkit.project.schema import Mistake, converted, typed

__all__ = ["Completed", "completed", "in_own_words"]

_MOST_ROUNDS = 12
#: pandoc's keys and those of other tools, which pubkit.yaml states under names of its own.
_OTHER_WORDS = """
    author date date-modified license institute institution affiliation affiliations description tags subject language doi
    funding-statement"""
_OTHER_NAMES = frozenset(_OTHER_WORDS.split())
#: How a finding on one of pubkit's own keys begins, which the schema judges.
_OWN_KEY = ("`title`", "`subtitle`", "`version`", "`lang`", "`csl`", "`bibliography`")
_OWN_NAMES = ("authors", "dates", "licence", "abstract", "keywords", "publisher", "lang", "identifier", "funding")


class Completed(Struct, frozen=True):
    """A publication, the statements that it was made of, and what was wrong with them."""

    publication: Publication
    statements: strict_yaml.YamlFile
    findings: tuple[Finding, ...]


def completed(statements: strict_yaml.YamlFile, file: str, title: str, day: str) -> Completed:
    """Return the publication that the statements of `file` describe, without those that the schema does not allow.

    Args:
        statements: as they are written.
        file: the name of the file.
        title: the title if there is none.
        day: the date of publication if there is none, as YYYY-MM-DD; that of an earlier update if there is one.

    Raises:
        ConfigurationError: the file has no statements, but a list or a text.
    """
    if not isinstance(statements.value, Mapping | None):
        typed(statements, file)
    said, notes = in_own_words(statements)
    defaults = {"title": title, "version": "0", "dates": {"published": day}}
    findings = [*notes]
    # What is missing because it could not be used is reported once.
    gone: set[strict_yaml.Path] = {(key,) for key in said.value}
    for _ in range(_MOST_ROUNDS):
        found = converted(said, Publication)
        if isinstance(found, Publication):
            return Completed(found, said, tuple(findings))
        findings += (_reported(one) for one in found if (*one.path, one.missing) not in gone)
        gone |= {one.path for one in found}
        said = structs.replace(said, value=_without(said.value, found, defaults))
    raise ConfigurationError(f"{file} cannot be read.", remedy="See the findings.", findings=tuple(findings))


def _reported(mistake: Mistake) -> Finding:
    return SRC013.at(mistake.location, mistake.message, remedy=mistake.remedy, fix=mistake.fix)


def _without(value: Any, mistakes: list[Mistake], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the statements without those that are mistaken, and with `defaults` for those that are missing."""
    left: dict[str, Any] = _copied(value or {})
    for mistake in sorted(mistakes, key=_last_first):
        key = str(mistake.path[0]) if len(mistake.path) == 1 and mistake.missing else ""
        within = defaults.get(key)
        if isinstance(within, dict) and mistake.missing in within:
            day = within[mistake.missing]
            # Not after the date of an update: that would be another mistake.
            left[key][mistake.missing] = min(day, date_in(str(left[key].get("updated"))) or day)
        elif mistake.path:
            _remove(left, mistake.path)
        elif mistake.missing in defaults:
            left[mistake.missing] = defaults[mistake.missing]
    return left


def _last_first(mistake: Mistake) -> list[tuple[int, str]]:
    """Return the order of removal: the last item of a list first, so that the others keep their place."""
    return [(-part, "") if isinstance(part, int) else (0, part) for part in mistake.path]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _remove(value: Any, path: strict_yaml.Path) -> None:
    """Remove what is at `path`, if it is still there."""
    *way, last = path
    for part in way:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(value, dict):
        value.pop(last, None)
    elif isinstance(value, list) and isinstance(last, int) and last < len(value):
        del value[last]


# What is written in the words or the forms of other tools


def in_own_words(statements: strict_yaml.YamlFile) -> tuple[strict_yaml.YamlFile, list[Finding]]:
    """Return the statements under the keys and in the forms of pubkit.yaml, and what could not be read.

    `author: Jane Doe`, `date:` and `license:` are pandoc's; an abstract may be a mapping of labels to texts.
    """
    value: dict[str, Any] = dict(statements.value or {})
    theirs, findings = _translated(statements, value)
    kept = {key: inner for key, inner in value.items() if key not in _OTHER_NAMES and not metadata.sets_the_look(key)}
    said = {key: _in_form(key, inner) for key, inner in {**kept, **theirs.value}.items()}
    places = {**theirs.locations, **statements.locations} if theirs.value else statements.locations
    return strict_yaml.YamlFile(said, places, statements.values, statements.repeated), findings


def _translated(
    statements: strict_yaml.YamlFile, value: Mapping[str, Any]
) -> tuple[strict_yaml.YamlFile, list[Finding]]:
    """Return what the keys of other tools state and pubkit's own do not."""
    if _OTHER_NAMES.isdisjoint(value):
        return strict_yaml.YamlFile({}), []
    made = Statements(statements.at(()))
    metadata.say(made, statements)
    listed = not {"affiliation", "affiliations", "institute"}.isdisjoint(value)
    names = {name for name in _OWN_NAMES if name not in value or (name == "authors" and listed)}
    said = {key: inner for key, inner in made.value.items() if key in names}
    places = {path: at for path, at in made.locations.items() if path and path[0] in said}
    unread = (one for one in made.findings if one.rule != SRC102.id)
    return strict_yaml.YamlFile(said, places), [one for one in unread if not one.message.startswith(_OWN_KEY)]


def _in_form(key: str, value: Any) -> Any:
    """Return a value in the form that pubkit.yaml has for `key`."""
    match key, value:
        case "authors", str():
            return [{"name": value}]
        case "authors", list():
            return [{"name": one} if isinstance(one, str) else one for one in value]
        case "keywords", str():
            return [word.strip() for word in re.split(r"[,;]", value) if word.strip()]
        case "dates", str():
            return {"published": value}
        case "abstract", dict() | list():
            return "\n\n".join(_parts(value))
        case "csl", str() if "://" in value:
            return value.rstrip("/").rsplit("/", 1)[-1].removesuffix(".csl")
    return value


def _parts(abstract: Any) -> Iterator[str]:
    """Yield the parts of a structured abstract as Markdown: a label in bold, and its text."""
    if isinstance(abstract, dict) and {"label", "text"} <= set(abstract):
        abstract = {abstract["label"]: abstract["text"]}
    if isinstance(abstract, dict):
        for label, text in abstract.items():
            yield f"**{str(label).strip().rstrip('.:')}.** {str(text or '').strip()}"
    elif isinstance(abstract, list):
        for part in abstract:
            yield from _parts(part) if isinstance(part, dict) else (str(part),)
