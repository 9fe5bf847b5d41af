"""The disclaimer texts as they are stored: language/en/disclaimers/general.yaml and so on, each with its fingerprint.

A text changes only together with its version and its sha256: a file whose words do not match its fingerprint is not
used. English never replaces a missing language: a variant that a language lacks is an error.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

import msgspec
import yaml
from msgspec import Meta, Struct

from pubkit.disclaimers.model import DisclaimerText, Place, Typography
from pubkit.errors import ConfigurationError, PubkitError
from pubkit.expressions import expression
from pubkit.language.folders import folder, language, languages
from pubkit.language.folding import normalise
from pubkit.packaged import parsed

__all__ = ["ORDER", "PLACES", "VARIANTS", "TextDamaged", "available", "digest", "load", "read"]

#: Every variant with its place, in the order in which the blocks are printed: what saves a life first, what dates the text
#: last. What a reader needs before the first sentence comes before the summary, the rest between it and the text.
PLACES: Mapping[str, Place] = {
    "emergency": Place.TOP,
    "crisis": Place.TOP,
    "general": Place.BEFORE_SUMMARY,
    "affiliate": Place.BEFORE_SUMMARY,
    "dshea": Place.BEFORE_SUMMARY,
    "eu-supplement": Place.BEFORE_SUMMARY,
    "medication": Place.AFTER_SUMMARY,
    "substance-status": Place.AFTER_SUMMARY,
    "evidence-currency": Place.AFTER_SUMMARY,
}
ORDER = tuple(PLACES)
VARIANTS = frozenset(ORDER)

_PLACE = expression(r"\{([a-z_]+)\}")


class TextDamaged(PubkitError):
    """A disclaimer text that pubkit ships cannot be read, or was changed without a new version and sha256."""


class _Paragraph(Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1)]
    otherwise: str | None = None
    form: Literal["one", "many"] | None = None


class _Slot(Struct, frozen=True, forbid_unknown_fields=True):
    by: Literal["pubkit", "author"]
    required: bool = False
    default: str = ""


class _Type(Struct, frozen=True, forbid_unknown_fields=True):
    minimum_o_height: float = 0.0
    bold: bool = False
    contrast: float = 4.5
    boxed: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    variant: str
    locale: str
    version: Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+$")]
    status: Literal["original", "translation-for-review"]
    as_of: dt.date
    source: Annotated[str, Meta(min_length=1)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    heading: Annotated[str, Meta(min_length=1)]
    paragraphs: Annotated[list[_Paragraph], Meta(min_length=1)]
    slots: dict[str, _Slot] = {}
    typography: _Type = _Type()
    links: dict[str, str] = {}


@functools.cache
def available(variant: str) -> tuple[str, ...]:
    """Return the languages that have a text of `variant`, in alphabetical order."""
    return tuple(sorted(code for code in languages() if _file(variant, code).is_file()))


@functools.cache
def load(variant: str, tag: str) -> DisclaimerText:
    """Return the text of `variant` in the language of `tag` ("en", "en-US").

    Raises:
        ConfigurationError: there is no such variant, or none in that language.
        TextDamaged: the file does not match its fingerprint.
    """
    if variant not in VARIANTS:
        raise ConfigurationError(
            f"There is no disclaimer called {variant!r}.", remedy=f"Use one of {', '.join(sorted(VARIANTS))}."
        )
    locale = language(tag)
    if locale not in available(variant):
        there = ", ".join(available(variant))
        raise ConfigurationError(
            f"The disclaimer {variant} has no text in the language {locale!r}.",
            remedy=f"It exists in: {there}. If you asked for it, take {variant} out of `disclaimers:` in pubkit.yaml; "
            "otherwise ask pubkit's maintainers for the translation, which comes with the program.",
        )
    name = f"{locale}/disclaimers/{variant}.yaml"
    text = read(_file(variant, locale).read_bytes(), name)
    if (text.variant, text.locale) != (variant, locale):
        raise TextDamaged(f"{name} contains the text of {text.variant} in {text.locale!r}.", remedy="Move the file.")
    return text


def _file(variant: str, code: str) -> Traversable:
    return folder(code).joinpath("disclaimers", f"{variant}.yaml")


def read(data: bytes, name: str) -> DisclaimerText:
    """Return the text in the YAML file `data`; `name` is the file's, for messages.

    Raises:
        TextDamaged: it is not such a file, its words do not match its sha256, or a slot is not declared.
    """
    try:
        file = msgspec.convert(parsed(data), _File)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise TextDamaged(f"{name} cannot be read: {error}", remedy="Reinstall pubkit, or correct the file.") from error
    written = [paragraph.text for paragraph in file.paragraphs]
    otherwise = {index: entry.otherwise for index, entry in enumerate(file.paragraphs) if entry.otherwise is not None}
    found = digest(_wording(file))
    if found != file.sha256:
        raise TextDamaged(
            f"{name}: the wording has changed, but the fingerprint has not (sha256 {file.sha256[:12]}…).",
            remedy=f"If the change is intended, give the text a new version and this sha256: {found}",
        )
    places = {place for text in (*written, *otherwise.values()) for place in _PLACE.findall(text)}
    declared = set(file.slots) - {"claims"}
    if places != declared:
        differing = ", ".join(sorted(places ^ declared))
        raise TextDamaged(
            (f"{name}: declared and used slots differ: {differing}."), remedy="Declare each slot under `slots:`."
        )
    return DisclaimerText(
        variant=file.variant,
        locale=file.locale,
        version=file.version,
        heading=file.heading,
        paragraphs=tuple(written),
        source=file.source.strip(),
        as_of=file.as_of,
        sha256=file.sha256,
        slots={slot: entry.default for slot, entry in file.slots.items()},
        typography=Typography(**msgspec.to_builtins(file.typography)),
        links=file.links,
        status=file.status,
        alternatives=otherwise,
        forms={index: entry.form for index, entry in enumerate(file.paragraphs) if entry.form},
        required=frozenset(slot for slot, entry in file.slots.items() if entry.required),
        author_slots=frozenset(slot for slot, entry in file.slots.items() if entry.by == "author"),
    )


def digest(parts: Iterable[str]) -> str:
    """Return the sha256, in hexadecimal digits, of the normalised parts joined by line feeds (UTF-8)."""
    return hashlib.sha256("\n".join(normalise(part) for part in parts).encode()).hexdigest()


def _wording(file: _File) -> list[str]:
    """Return what the fingerprint covers: the heading, and each paragraph with its alternative."""
    parts = [file.heading]
    for paragraph in file.paragraphs:
        parts.append(paragraph.text)
        if paragraph.otherwise:
            parts.append(paragraph.otherwise)
    return parts
