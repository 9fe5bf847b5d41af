"""The schema of pubkit.yaml and of front matter, and every place in which a file breaks it.

msgspec makes the JSON Schema from the types in `metadata`, and decides. Only if it refuses a file, jsonschema lists every
mistake, since msgspec stops at the first one; this module puts them into words that an author can use, with their lines.
"""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec.inspect import (
    AnyType,
    DictType,
    IntType,
    ListType,
    Metadata,
    StrType,
    StructType,
    Type,
    UnionType,
    type_info,
)

from pubkit.boundary.files import printable
from pubkit.boundary.rules import SRC013
from pubkit.errors import ConfigurationError
from pubkit.expressions import expression
from pubkit.findings import Fix, Location, Replacement
from pubkit.packaged import parsed
from pubkit.project import yaml as strict_yaml
from pubkit.project.metadata import Publication

__all__ = ["Mistake", "converted", "descriptions", "schema", "typed", "written_schema"]


Kind = TypeVar("Kind", bound=msgspec.Struct)


class Mistake(NamedTuple):
    """One place where a file breaks its schema, and what to do about it.

    `path` is the way to the value that has to go for the rest to be used, empty for the whole file; `missing` is the key
    that is not there. `fix` is the correction, where the remedy names it.
    """

    location: Location
    message: str
    remedy: str
    path: strict_yaml.Path = ()
    missing: str = ""
    fix: Fix | None = None


def typed(statements: strict_yaml.YamlFile, file: str) -> Publication:
    """Return the statements of `file` as a `Publication`.

    Raises:
        ConfigurationError: they break the schema; the findings list every mistake.
    """
    found = converted(statements, Publication)
    if isinstance(found, Publication):
        return found
    count = f"{len(found)} mistakes" if len(found) > 1 else "a mistake"
    raise ConfigurationError(
        f"{file} has {count} in the metadata.",
        remedy=f"Correct {'them' if len(found) > 1 else 'it'}; `pubkit schema` describes every key.",
        findings=tuple(SRC013.at(one.location, one.message, remedy=one.remedy, fix=one.fix) for one in found),
    )


def converted(statements: strict_yaml.YamlFile, kind: type[Kind]) -> Kind | list[Mistake]:
    """Return the content of a YAML file as `kind`, or else every mistake in it, in the order of the file."""
    value = _with_numbers_as_text(statements.value if statements.value is not None else {}, _type_of(kind))
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        found = sorted(dict.fromkeys(_mistakes(statements, value, kind)), key=lambda one: one[:3])
        return found or [Mistake(statements.at(()), f"{error}.", "Correct the value.")]


@functools.cache
def _type_of(kind: type[msgspec.Struct]) -> Type:
    return type_info(kind)


def _with_numbers_as_text(value: Any, wanted: Type) -> Any:
    """Return `value` with whole numbers as text wherever text is wanted: `title: 1984`, `version: 2`."""
    match value, wanted:
        case (_, UnionType()):
            return _in_union(value, wanted.types)
        case (_, Metadata()):
            return _with_numbers_as_text(value, wanted.type)
        case (bool(), _):
            return value
        case (int(), StrType()):
            return str(value)
        case (dict(), StructType()):
            kinds = {one.encode_name: one.type for one in wanted.fields}
            return {key: _with_numbers_as_text(one, kinds.get(key, AnyType())) for key, one in value.items()}
        case (dict(), DictType()):
            return {key: _with_numbers_as_text(one, wanted.value_type) for key, one in value.items()}
        case (list(), ListType()):
            return [_with_numbers_as_text(one, wanted.item_type) for one in value]
    return value


def _in_union(value: Any, kinds: Sequence[Type]) -> Any:
    """Return `value` for the first of `kinds` that changes it, unless a number may stay one."""
    if any(isinstance(kind, IntType) for kind in kinds):
        return value
    return next((made for kind in kinds if (made := _with_numbers_as_text(value, kind)) != value), value)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of pubkit.yaml and of front matter, for editors, with a description of every key."""
    made = msgspec.json.schema(Publication)
    for kind, described in descriptions().items():
        properties = made["$defs"][kind]["properties"]
        for key, text in described.items():
            properties[key] = {**properties[key], "description": text}
    return {"$schema": _DRAFT, "title": "pubkit publication", **made}


def written_schema() -> str:
    """Return the schema as a file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def descriptions() -> Mapping[str, Mapping[str, str]]:
    """Return what each key says, by the type that has it ("Publication", "Author") and by its name."""
    data = (resources.files("pubkit.project") / "described.yaml").read_bytes()
    return msgspec.convert(parsed(data), dict[str, dict[str, str]])


_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _mistakes(statements: strict_yaml.YamlFile, value: Any, kind: type[msgspec.Struct]) -> Iterator[Mistake]:
    """Yield every place where the statements break the schema of `kind`."""
    import jsonschema

    checker = jsonschema.FormatChecker(["date"])
    validator = jsonschema.Draft202012Validator(msgspec.json.schema(kind), format_checker=checker)
    for error in validator.iter_errors(value):
        for inner in _plainest(error):
            yield from _described(inner, statements)


def _plainest(error: Any) -> Iterator[Any]:
    """Yield the most specific errors: for a value that may have several forms, those of the closest form."""
    if error.validator != "anyOf":
        yield error
        return
    forms: dict[int, list[Any]] = {}
    for inner in error.context:
        forms.setdefault(inner.schema_path[0], []).append(inner)
    kept = [
        found for found in forms.values() if not any(one.validator == "type" and len(one.path) == 0 for one in found)
    ]
    for inner in kept[0] if kept else [error]:
        yield from _plainest(inner) if inner is not error else [error]


def _described(error: Any, statements: strict_yaml.YamlFile) -> Iterator[Mistake]:
    """Yield the mistakes in a schema error, in words that an author can use."""
    path = tuple(error.absolute_path)
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in path) or "The metadata"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                message = f"Unknown key `{printable(str(key), 60)}`."
                place = statements.at((*path, key))
                yield Mistake(
                    place, message, _known(str(key), known), (*path, key), fix=_renamed(place, str(key), known)
                )
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                where = f" in `{name}`" if path else ""
                message = f"The key `{key}` is missing{where}."
                remedy = f"Add `{key}:`; `pubkit schema` describes it."
                yield Mistake(statements.at(path), message, remedy, path, key)
    else:
        place, new = statements.value_at(path), _right_value(error, path)
        fix = _replaced(place, str(error.instance), new, certain=error.validator == "pattern") if new else None
        remedy = _remedy(error, path, printable(new, 80))
        yield Mistake(place, f"`{name}` {_fault(error)}.", remedy, path, fix=fix)


def _replaced(place: Location, written: str, new: str, *, certain: bool = False) -> Fix | None:
    # A value in quotation marks is longer than what it says.
    as_written = place.end_column - place.column == len(written)
    return Fix(f"Write {new}", (Replacement(place, written, new),), certain) if as_written else None


def _renamed(place: Location, key: str, known: list[str]) -> Fix | None:
    """Return the fix that writes the key that an unknown one is close to."""
    if key != key.strip():
        return _replaced(place, key, key.strip(), certain=key.strip() in known)
    close = difflib.get_close_matches(key, known, 2)
    return _replaced(place, key, close[0]) if close else None


def _known(key: str, known: list[str]) -> str:
    """Return what to write in the place of a key that is not one of those `known`."""
    if key != key.strip():
        return "There is a no-break space beside it, which only looks like a space: delete it, and indent with spaces."
    close = difflib.get_close_matches(key, known, 1)
    return f"Did you mean `{close[0]}`?" if close else "Remove it; `pubkit schema` lists the keys."


def _right_value(error: Any, path: tuple[str | int, ...]) -> str:
    """Return the value that is meant: the nearest one allowed, or the same in the form that its key takes; "" if unknown."""
    if error.validator == "enum":
        close = difflib.get_close_matches(str(error.instance), [str(value) for value in error.validator_value], 1)
        return close[0] if close else ""
    if error.validator == "pattern" and path[0] in _HYPHENATED and str(error.instance).isascii():
        joined = _NO_LETTER.sub("-", str(error.instance).lower()).strip("-")
        return joined if re.search(error.validator_value, joined) else ""
    if error.validator == "type" and isinstance(error.instance, str) and "name" in error.schema.get("properties", {}):
        return f"name: {error.instance}"
    return ""


def _remedy(error: Any, path: tuple[str | int, ...], new: str) -> str:
    """Return what to write in the place of a value: `new` if that is meant, or the form that the key takes."""
    if new:
        said = f"Did you mean {new}?" if error.validator == "enum" else f"Write {new}."
        return f"{said} {_EXPECTED.get(path[0], '')}".strip() if error.validator == "type" else said
    if error.validator == "enum":
        return "Use one of these." + (" Word is docx." if path[:1] == ("outputs",) else "")
    if error.validator == "type" and error.validator_value == "array" and isinstance(error.instance, str):
        listed = f"Write it as a list: {path[-1]}: [{printable(error.instance, 60)}]."
        return f"{listed} {_EXPECTED[path[0]]}" if path[0] in _EXPECTED else listed
    if _CURLY.match(str(error.instance)):
        return (
            f'Write it in straight quotation marks: {path[-1]}: "{printable(str(error.instance).strip(_CURLED), 60)}".'
        )
    if path and path[-1] in _DAYS:
        return _EXPECTED["dates"]
    return _EXPECTED.get(path[0] if path else "", "Correct the value.")


#: Keys whose values are dates, outside `dates`.
_DAYS = frozenset({"date", "expires", "on"})


_CURLED = "“”„‟«»‘’‚‹›"
#: A value in typographic quotation marks, which are no signs of YAML.
_CURLY = expression(rf"[{_CURLED}].*[{_CURLED}]$")
#: Keys whose values are words in lower case, joined by hyphens.
_HYPHENATED = frozenset({"topics", "slug", "substances"})
_NO_LETTER = expression(r"[^a-z0-9]+")

_EXPECTED: dict[str | int, str] = {
    "dates": "Write dates as 2026-11-22.",
    "authors": "Write each author as `- name:`, with `credentials:`, `orcid:`, `affiliation:` and `conflicts:` where known.",
    "reviewers": "Write each reviewer as `- name:`, with `credentials:` and `conflicts:` on lines of their own below it.",
    "lang": "Use a language tag such as en, en-US or de.",
    "version": 'Use letters, digits, dots and hyphens, such as "1.0.0".',
    "slug": "Use lower-case letters and digits, joined by hyphens.",
    "outputs": "Use any of html, epub, pdf, docx, jats, txt.",
    "review": "Use `pubkit review sign NAME` to write the record; it keeps the records of other reviewers.",
    "unreviewed": "State who decided to publish without a review, why, and when: {who: ..., why: ..., on: 2026-11-22}.",
    "shops": "Name each shop by its host, such as shop.example.org, without https:// and path.",
    "disclaimers": "Each disclaimer has variant, and slots or decline; decline has who and reason (ten characters or more).",
    "waivers": "Each waiver has rule, reason, who, expires, and either where (a fingerprint, or project) or file.",
}

_TYPES = {
    "string": "text",
    "array": "a list",
    "object": "a mapping of keys to values",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "empty",
}


def _fault(error: Any) -> str:
    """Return what is wrong with a value, as the end of a sentence that begins with its key."""
    shown = printable(str(error.instance), 60)
    match error.validator:
        case "type":
            wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
            return "must be " + " or ".join(_TYPES.get(str(kind), str(kind)) for kind in wanted)
        case "enum":
            return f"is {shown}, which is none of: " + ", ".join(str(value) for value in error.validator_value)
        case "pattern":
            return f"does not have the right form: {shown}"
        case "format":
            return f"is not a date: {shown}"
        case "minLength" | "minItems":
            return "is empty"
        case "maxLength" | "maxItems":
            return f"is longer than {error.validator_value} characters"
        case "oneOf":
            return "must have exactly one of " + " and ".join(
                f"`{one['required'][0]}:`" for one in error.validator_value
            )
        case "minimum" | "maximum":
            return f"is out of range: {shown}"
        case _:
            return f"cannot be used: {shown}"
