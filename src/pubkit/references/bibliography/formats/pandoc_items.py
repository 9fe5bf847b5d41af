"""The CSL items that pandoc makes of cited entries, which citeproc prints.

Entries go to a sandboxed pandoc in one run, rewritten: one entry a line, a number for a key, values already expanded and
with paired braces, only fields that a reference is printed from. So a broken entry does not affect the others (pandoc
stops at the first), keys of any spelling survive, and TeX that defines or reads things never reaches it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.json import encode
from msgspec.structs import replace

from pubkit.boundary import pandoc
from pubkit.boundary.files import printable, refusal
from pubkit.boundary.keeping import Keeper
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.findings import Finding, Location, Severity
from pubkit.language.formulas import TEX, as_text
from pubkit.references.bibliography.formats.bibtex import with_parents
from pubkit.references.bibliography.formats.bibtex_items import (
    accessed,
    address_of,
    issued,
    split_names,
    verbatim,
    without_links,
)
from pubkit.references.bibliography.formats.bibtex_spelling import (
    NAME_LISTS,
    NOT_PRINTED,
    PRESS,
    is_no_arxiv,
    named_as_bibtex_does,
    says_access_alone,
    says_nothing,
    type_read,
    unknown_letters,
    unknown_signs,
    with_letters,
    with_particles_first,
    with_preprint_number,
    with_quotation_marks,
    with_small_and,
)
from pubkit.references.bibliography.formats.bibtex_values import balanced
from pubkit.references.bibliography.formats.csl import plain as without_markup
from pubkit.references.bibliography.formats.csl import read_item
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.formats.reading import left_out, noticed, unreadable
from pubkit.references.bibliography.formats.title_case import with_own_capitals
from pubkit.references.bibliography.markup import plain, words
from pubkit.references.item import NAMES, TEXTS, Date, Item, as_json
from pubkit.references.model import Entry
from pubkit.references.rules import SRC025

__all__ = ["items_from_bibtex", "items_from_markdown"]

_MOST_RETRIES = 8
_MOST_BRACKETS = 8
_LONGEST_MARKDOWN = 20_000
_NAME = expression(r"[a-z][a-z0-9_-]*")
_ERROR_LINE = expression(r"line (\d+), column")
#: TeX that defines, repeats or reads something does not belong in a reference.
_ACTIVE_TEX = expression(
    r"\\(?:[egx]?def|let|(?:re)?newcommand|providecommand|(?:re)?newenvironment|input|include|includegraphics|openin|"
    r"openout|read|write|csname|catcode|loop|expandafter|immediate|verb|begin|usepackage|today)(?![A-Za-z])"
)
_VERBATIM = frozenset({"doi", "url", "eprint"})
_ARXIV_FIELDS = frozenset({"eprint", "eprinttype", "archiveprefix"})
_ACCESS_FIELDS = frozenset({"howpublished", "note"})
#: Fields without which a reference is not what its author wrote.
_NEEDED = {
    "title": ("title",),
    "author": ("author",),
    "editor": ("editor",),
    "journal": ("container-title",),
    "journaltitle": ("container-title",),
    "booktitle": ("container-title",),
    "publisher": ("publisher",),
}

_RICH_WORDS = """
    title title-short shortTitle container-title container-title-short collection-title original-title part-title
    volume-title reviewed-title publisher publisher-place event-title event-place event archive-place genre status
    medium note annote"""
#: CSL variables that may contain emphasis, and so are Markdown in a CSL YAML file.
_RICH = frozenset(_RICH_WORDS.split())

#: Pandoc's CSL-JSON as it prints it, by the number of the entry.
_Read = dict[int, dict[str, Any]]
Converted = tuple[dict[int, Item], list[Finding]]


def items_from_bibtex(entries: Sequence[Entry], wanted: Sequence[int], kept: Keeper | None = None) -> Converted:
    """Return pandoc's items for the `wanted` entries (places in `entries`, which are all of one .bib file), by place.

    An entry that pandoc cannot read is missing from the result and has a finding. `kept` has what pandoc read before.

    Raises:
        InputRefused: pandoc needs more time or memory than pubkit grants.
        EnvironmentFault: pandoc could not be started.
    """
    findings: list[Finding] = []
    by_key = {entry.key: entry.fields for entry in reversed(entries)}
    lines = {number: _line(number, entries[number], by_key, findings) for number in wanted}
    read: _Read = {}
    for _ in range(_MOST_RETRIES):
        if not lines:
            break
        order = list(lines)
        try:
            read = _run("biblatex", "\n".join(lines.values()), entries[0].location.file, kept)
            break
        except pandoc.PandocError as error:
            found = _ERROR_LINE.search(error.detail)
            failed = order[min(int(found[1]), len(order)) - 1] if found else order[0]
            findings.append(_not_converted(entries[failed]))
            del lines[failed]
    else:
        findings.extend(_not_converted(entries[number]) for number in lines)
    for number, raw in read.items():
        findings.extend(_lost(entries[number], raw))
    whole = {
        number: _completed(raw, entries[number].type, with_parents(entries[number].fields, by_key))
        for number, raw in read.items()
    }
    return {number: _item(entries[number], raw, findings) for number, raw in whole.items()}, findings


def _completed(raw: Mapping[str, Any], kind: str, fields: Mapping[str, str]) -> Mapping[str, Any]:
    """Return `raw` with what pandoc drops or changes: dates in words, the author's capitals, braces in plain fields."""
    dates = {"issued": issued(fields), "accessed": accessed(fields)}
    dropped = {name: date for name, date in dates.items() if date and _is_lost(date, raw.get(name, {}))}
    titles = {
        name: with_own_capitals(raw[name], as_text(with_letters(fields[field]), TEX))
        for name, field in _CASED.items()
        if isinstance(raw.get(name), str) and fields.get(field)
    }
    bare = {name: _BRACE.sub("", raw[name]) for name in _PLAIN if isinstance(raw.get(name), str)}
    typed = {"type": "standard"} if kind == "standard" else {}  # pandoc makes a law of it
    return {**raw, **titles, **bare, **typed, **json.loads(encode(dropped))}


def _is_lost(date: Date, raw: Mapping[str, Any]) -> bool:
    """Return whether pandoc has dropped `date`, or has made a number of its words."""
    return not any(raw.values()) or (bool(date.literal) and "literal" not in raw)


#: CSL titles that pandoc sets in sentence case, and the fields they come from.
_CASED = {"title": "title", "title-short": "title", "container-title": "booktitle"}
#: Variables that pandoc copies from their fields with the braces.
_PLAIN = ("genre", "number", "version", "volume", "issue", "page", "edition")
_BRACE = expression(r"(?<!\\)[{}]")
#: biblatex's option for names whose particle is no part of the family name; reporting styles print "van der Berg A".
_PARTICLE_APART = expression(r"useprefix\s*=\s*false")


def items_from_markdown(entries: Sequence[Entry], items: Mapping[int, Item], kept: Keeper | None = None) -> Converted:
    """Return pandoc's items for CSL `items` whose texts are Markdown (as in CSL YAML), by the same numbers.

    Identifiers, addresses, numbers and dates are kept as they are: a DOI may contain `_` and `~`, which are literal there.

    Raises:
        InputRefused: pandoc needs more time or memory than pubkit grants.
        EnvironmentFault: pandoc could not be started.
    """
    marked = [
        {name: value for name, value in as_json(item).items() if (name in _RICH or name in NAMES) and _is_tame(value)}
        | {"id": f"p{number}"}
        for number, item in items.items()
    ]
    text = pandoc.metadata({"references": marked})
    file = entries[0].location.file
    try:
        read = _run("markdown-raw_html-raw_tex-raw_attribute-latex_macros-citations", text, file, kept)
    except pandoc.PandocError:
        return {}, [_not_converted(entries[number]) for number in items]
    findings: list[Finding] = []
    marked_up = {number: _item(entries[number], read.get(number, {}), findings) for number in items}
    return {number: _with_markup(item, marked_up[number]) for number, item in items.items()}, findings


def _with_markup(item: Item, read: Item) -> Item:
    """Return `item` with the texts and names as pandoc has `read` them."""
    variables = (*TEXTS.values(), *NAMES.values())
    return replace(item, **{name: value for name in variables if (value := getattr(read, name))})


def _item(entry: Entry, raw: Mapping[str, Any], findings: list[Finding]) -> Item:
    return read_item(raw, entry.key, noticed(findings, entry))


def _is_tame(value: object) -> bool:
    """Return whether pandoc reads the Markdown in `value` quickly: each nested bracket doubles its time."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.count("[") <= _MOST_BRACKETS + (not isinstance(value, str)) and len(text) <= _LONGEST_MARKDOWN


def _run(source: str, text: str, file: str, kept: Keeper | None) -> _Read:
    try:
        printed = pandoc.read(source, text.encode("utf-8", "replace"), "csljson", kept=kept)
    except InputRefused as refused:
        message = f"{file} needs more time or memory in pandoc than any bibliography does."
        remedy = "Look for fields with long formulas, or with braces and brackets nested many times."
        raise refusal(SRC025, message, remedy, Location(file)) from refused
    return {int(str(item["id"])[1:]): item for item in json.loads(printed)}


def _line(number: int, entry: Entry, by_key: Mapping[str, Mapping[str, str]], findings: list[Finding]) -> str:
    """Return `entry` on one line, in the form that pandoc reads best.

    What it inherits is written out: pandoc 3.9 follows crossrefs in a circle until its memory is full.
    """
    fields = with_preprint_number(with_parents(entry.fields, by_key))
    kind = type_read(entry.type, fields) if _NAME.fullmatch(entry.type) else "misc"
    fields = named_as_bibtex_does(kind, fields)
    parts = [f"options = {{useprefix={'false' if _PARTICLE_APART.search(fields.get('options', '')) else 'true'}}}"]
    address = address_of(fields)
    for name, text in fields.items():
        if name in NOT_PRINTED or not text or not _NAME.fullmatch(name):
            continue
        if (
            says_nothing(name, text)
            or (name in _ACCESS_FIELDS and says_access_alone(without_links(text), address))
            or (name in _ARXIV_FIELDS and is_no_arxiv(fields))
        ):
            continue
        value = " ".join((verbatim(text) if name in _VERBATIM else with_letters(text)).split())
        if name == "url":
            value = address
        elif name in NAME_LISTS:
            value = with_particles_first(split_names(with_small_and(value)))
        elif name not in _VERBATIM:
            value = with_quotation_marks(value)
        if name not in _VERBATIM:
            command = _ACTIVE_TEX.search(value)
            if command:
                message = f"The field {name} of {entry.key} contains the TeX command {command[0]} and is left out."
                remedy = "Write the field as plain text, with accents and emphasis only."
                findings.append(left_out(entry.at(name), Severity.ERROR, message, remedy, entry.key))
                continue
            value = _without_traps(as_text(without_links(value), TEX))
        if balanced(value):
            parts.append(f"{name} = {{{value}}}")
    if entry.type in PRESS:
        parts.append(f"entrysubtype = {{{PRESS[entry.type]}}}")
    if address and not fields.get("url") and balanced(address):
        parts.append(f"url = {{{address}}}")
    if fields.get("eid") and not fields.get("pages") and balanced(fields["eid"]):
        parts.append(f"pages = {{{' '.join(fields['eid'].split())}}}")  # pandoc keeps it where no style looks
    month = month_number(plain(fields.get("month", "")))
    if month:
        parts.append(f"month = {month}")
    return f"@{kind}{{p{number}, {', '.join(parts)}}}"


def _without_traps(value: str) -> str:
    """Return `value` with the signs escaped that make TeX drop what follows: every %, and a $ without a partner."""
    value = re.sub(r"(?<!\\)%", r"\\%", value)
    dollars = re.findall(r"(?<!\\)\$", value)
    return re.sub(r"(?<!\\)\$", r"\\$", value) if len(dollars) % 2 else value


def _not_converted(entry: Entry) -> Finding:
    message = f"pandoc cannot read the entry {printable(entry.key, 60)}, so it would not be printed as written."
    remedy = "Look for stray braces, backslashes and TeX commands in its fields."
    return unreadable(entry.location, message, remedy, entry.key)


def _lost_field(entry: Entry, name: str) -> Finding:
    """Return the finding for a field that is not in the item: its TeX is at fault, or the type of the entry."""
    key = printable(entry.key, 60)
    if "\\" in entry.fields[name] or "$" in entry.fields[name]:
        message = f"The field {name} of {key} would be lost: its TeX cannot be read."
        remedy = "Look for an unpaired $, a lone backslash or an unknown command in it."
        return unreadable(entry.at(name), message, remedy, entry.key)
    message = (
        f"The field {name} of {key} is not printed: an entry of type @{printable(entry.type, 40)} has no such field."
    )
    remedy = "Choose a type with this field, such as @article, @incollection or @inproceedings."
    return unreadable(entry.at(name), message, remedy, entry.key, Severity.WARNING)


def _lost(entry: Entry, raw: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for each needed field that pandoc dropped silently, as it does with TeX that does not parse."""
    key = printable(entry.key, 60)
    remedy = "Look for an unpaired $, a lone backslash or an unknown command in it."
    for name, variables in _NEEDED.items():
        text = entry.fields.get(name, "")
        is_printed = any(raw.get(variable) for variable in variables) or plain(text) == raw.get("publisher")
        if plain(text) and not says_nothing(name, text) and not is_printed and not _ACTIVE_TEX.search(text):
            yield _lost_field(entry, name)
    for name in NAME_LISTS & entry.fields.keys():
        if unknown := unknown_letters(entry.fields[name]):
            message = f"A letter in the field {name} of {key} would be lost: {', '.join(unknown)} is unknown."
            yield unreadable(entry.at(name), message, "Write the letter itself; the file is in UTF-8.", entry.key)
    if unknown := unknown_signs(entry.fields.get("title", "")):
        message = f"A sign in the title of {key} would be lost: {', '.join(unknown)} is unknown."
        yield unreadable(entry.at("title"), message, "Write the sign itself; the file is in UTF-8.", entry.key)
    printed = set(words(without_markup(str(raw.get("title", "")))))
    lost = [word for word in words(entry.fields.get("title", "")) if word not in printed] if printed else []
    if lost and "\\" in entry.fields["title"]:
        message = f"A part of the title of {key} would be lost: {printable(' '.join(lost), 60)}."
        yield replace(unreadable(entry.at("title"), message, remedy, entry.key), severity=Severity.WARNING)
