"""Hover, completion and definition: what a reader of the source asks at a position."""

from __future__ import annotations

import re
from pathlib import Path

from lsprotocol import types

from pubkit.catalogue import Entry, all_rules
from pubkit.findings import Finding, Location
from pubkit.lsp import metadata
from pubkit.lsp.analysis import Analysis, Reference, Target
from pubkit.lsp.positions import Lines, Place
from pubkit.lsp.publications import path_of
from pubkit.lsp.session import Session
from pubkit.project.loading import CONFIGURATION

__all__ = ["completed", "defined", "hovered", "range_of"]

_BEFORE_KEY = re.compile(r"(?:^|[^\w@])@(\{?)([\w:.#$%&\-+?<>~/]*)$")
_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_WORDS = {
    "OK": "confirmed by a registry",
    "UNCHECKED": "not checked yet: run `pubkit refs update`",
    "RETRACTED": "**retracted**",
    "CONCERN": "under an expression of concern",
    "BAD_ID": "its identifier is not known to the authority that issues it",
    "WRONG_WORK": "its identifier belongs to another work",
    "MISMATCH": "it differs from the registry's record",
    "VERSION_DRIFT": "it mixes two versions of the work",
    "UNCONFIRMED": "no registry confirms it",
    "INCOMPLETE": "details are missing",
    "CORRECTED": "corrected since",
    "DISPUTED": "its sources disagree about it",
}


def range_of(lines: Lines, start: int, end: int) -> types.Range:
    """Return the range of the characters from `start` to `end`."""
    return types.Range(_position(lines.place(start)), _position(lines.place(max(start, end))))


def _position(place: Place) -> types.Position:
    return types.Position(place.line, place.character)


def hovered(session: Session, uri: str, position: types.Position) -> types.Hover | None:
    """Return what is known of what is at a position: a work, a label, a key of the metadata; and what is wrong there."""
    lines = session.lines(uri)
    offset = lines.offset(position.line, position.character)
    known = session.around(uri)
    parts: list[str] = []
    start, end = offset, offset
    if known:
        name, (first, last) = session.named_at(uri, offset)
        said = _named(known.whole, name) if name else ""
        if said:
            parts, start, end = [said], first, last
    if not parts and (where := _yaml_at(session, uri, lines, offset)):
        here, first = where
        path = here.path if here.is_value else (*here.path, here.word)
        if said := metadata.described(path):
            parts, start, end = [f"**{'.'.join(path)}**\n\n{said}"], first, first + len(here.word)
    found = list(session.findings_at(uri, offset, offset))
    parts += [_explained(finding) for finding in found]
    if not parts:
        return None
    where_shown = range_of(lines, start, end) if end > start else None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts)), where_shown)


def _named(analysis: Analysis, name: str) -> str:
    """Return what is known of a citation key or a label, as Markdown."""
    reference = next((one for one in analysis.references if one.key == name), None)
    if reference:
        return _printed(reference)
    target = next((one for one in analysis.targets if one.label == name), None)
    return f"**{_plain(target.words)}**\n\n`{target.label}`, at {target.location}" if target else ""


def _printed(reference: Reference) -> str:
    verdict = f"Verdict: {_WORDS.get(reference.verdict, reference.verdict)}." if reference.verdict else "Not cited."
    evidence = "".join(f"\n- {_plain(one)}" for one in reference.evidence[:8])
    return f"{_plain(reference.printed or reference.brief)}\n\n`{reference.key}` · {verdict}{evidence}"


def _plain(text: str) -> str:
    """Return words of a manuscript so that no editor reads markup or a link in them."""
    return re.sub(r"([\\`*_{}\[\]<>()#!|~^])", r"\\\1", " ".join(text.split()))


def _explained(finding: Finding) -> str:
    """Return a finding and its rule, as `pubkit explain` has it."""
    rule = _rules().get(finding.rule)
    title = f"**{finding.rule}** ({finding.severity.value}): {_plain(finding.message)}\n\n{_plain(finding.remedy)}"
    if rule is None:
        return title
    details = f"\n\n{_plain(rule.details)}" if rule.details else ""
    source = f"\n\nSource: {_plain(rule.source)}" if rule.source else ""
    return f"{title}\n\nThe rule: {_plain(rule.title)}{details}{source}"


def _rules() -> dict[str, Entry]:
    return {rule.id: rule for rule in all_rules()}


def _yaml_at(session: Session, uri: str, lines: Lines, offset: int) -> tuple[metadata.At, int] | None:
    """Return where `offset` is in the metadata, and the offset of the word there; None outside of them."""
    text = lines.text
    begin, end = 0, len(text)
    if uri.rpartition("/")[2] != CONFIGURATION:
        opened = re.match(r"\ufeff?---[ \t]*\r?\n", text)
        closed = _FENCE.search(text, opened.end()) if opened else None
        if not opened or session.publication(uri) != path_of(uri):
            return None
        begin, end = opened.end(), closed.start() if closed else len(text)
    if not begin <= offset <= end:
        return None
    body = text[begin:end]
    line = body.count("\n", 0, offset - begin)
    start = body.rfind("\n", 0, offset - begin) + 1
    found = metadata.at([one.rstrip("\r") for one in body.split("\n")], line, offset - begin - start)
    return (found, begin + start + found.column) if found else None


def completed(session: Session, uri: str, position: types.Position) -> types.CompletionList | None:
    """Return the keys, labels or values that fit at a position."""
    lines = session.lines(uri)
    offset = lines.offset(position.line, position.character)
    if where := _yaml_at(session, uri, lines, offset):
        at, first = where
        span = range_of(lines, first, max(offset, first + len(at.word)))
        return types.CompletionList(False, [_of_metadata(choice, span) for choice in metadata.choices(at)])
    found = _BEFORE_KEY.search(lines.line_before(position.line, position.character))
    known = session.around(uri)
    if found is None or known is None:
        return None
    name, (_, last) = session.named_at(uri, offset)
    start = offset - len(found[2])
    span = range_of(lines, start, max(offset, last) if name else offset)
    works = [_of_work(one, span, braced=bool(found[1])) for one in known.whole.references]
    return types.CompletionList(False, [*works, *(_of_label(one, span) for one in known.whole.targets)])


def _of_metadata(choice: metadata.Choice, span: types.Range) -> types.CompletionItem:
    return types.CompletionItem(
        label=choice.name,
        kind=types.CompletionItemKind.Property if choice.is_key else types.CompletionItemKind.Value,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, choice.text) if choice.text else None,
        text_edit=types.TextEdit(span, f"{choice.name}: " if choice.is_key else choice.name),
        filter_text=choice.name,
    )


#: What pandoc accepts as a key without braces.
_BARE = re.compile(r"\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*")


def _of_work(reference: Reference, span: types.Range, *, braced: bool) -> types.CompletionItem:
    bare = braced or _BARE.fullmatch(reference.key)
    return types.CompletionItem(
        label=reference.key,
        kind=types.CompletionItemKind.Reference,
        detail=" ".join(reference.brief.split())[:200],
        documentation=types.MarkupContent(types.MarkupKind.Markdown, _printed(reference)),
        text_edit=types.TextEdit(span, reference.key if bare else f"{{{reference.key}}}"),
        filter_text=reference.key,
        tags=[types.CompletionItemTag.Deprecated] if reference.verdict == "RETRACTED" else None,
    )


def _of_label(target: Target, span: types.Range) -> types.CompletionItem:
    return types.CompletionItem(
        label=target.label,
        kind=types.CompletionItemKind.Field,
        detail=target.words[:200],
        text_edit=types.TextEdit(span, target.label),
        filter_text=target.label,
    )


def defined(session: Session, uri: str, position: types.Position) -> types.Location | None:
    """Return where what is named at a position is: the entry of a key, the place of a label, a file of the metadata."""
    lines = session.lines(uri)
    offset = lines.offset(position.line, position.character)
    known = session.around(uri)
    if known is None:
        return None
    name, _ = session.named_at(uri, offset)
    places: list[Location | None] = [one.location for one in known.whole.references if one.key == name]
    places += [one.location for one in known.whole.targets if one.label == name]
    place = next((one for one in places if one), None)
    if place is None and (where := _yaml_at(session, uri, lines, offset)):
        place = _file_named(known.whole, where[0])
    if place is None:
        return None
    there = session.uri(known.whole, place.file)
    there_lines = session.lines(there)
    return types.Location(there, range_of(there_lines, *there_lines.span(place)))


def _file_named(analysis: Analysis, where: metadata.At) -> Location | None:
    """Return the beginning of the file of the publication that a value names."""
    name = where.word.strip(" '\"")
    inside = bool(name) and not name.startswith("/") and ".." not in Path(name).parts
    return Location(name, 1, 1) if inside and Path(analysis.folder, name).is_file() else None
