"""Diagnostics, and what an editor can do about them: make a fix, or waive a finding."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lsprotocol import types
from rapidfuzz.distance import Postfix, Prefix

from pubkit.boundary.files import overlaid
from pubkit.editorial.waiving import stub, with_waiver
from pubkit.errors import PubkitError
from pubkit.findings import Finding, Fix, Location, Severity
from pubkit.fixing.edits import apart
from pubkit.lsp.analysis import Analysis
from pubkit.lsp.positions import Lines
from pubkit.lsp.reading import range_of
from pubkit.lsp.session import Session
from pubkit.project import loading
from pubkit.project.editing import metadata_span

__all__ = ["FIX_ALL", "actions", "diagnostics"]

FIX_ALL = "source.fixAll.pubkit"
#: The term of a waiver in days.
_DAYS = 365
#: So many findings of one file are shown; an editor has no use for more.
_MOST = 1_000
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
    "baseline": types.DiagnosticSeverity.Hint,
}


def diagnostics(session: Session, publication: Path, analysis: Analysis) -> dict[str, list[types.Diagnostic]]:
    """Return the diagnostics of a publication by address; those without a place are at the start of its metadata."""
    found: dict[str, list[types.Diagnostic]] = {}
    lines: dict[str, Lines] = {}
    left_out: Counter[str] = Counter()
    for finding in (one for one in analysis.findings if not one.waived):
        name = finding.location.file if finding.location else _configuration(publication, analysis)
        uri = session.uri(analysis, name)
        if uri not in lines:
            lines[uri] = session.lines(uri)
        shown = found.setdefault(uri, [])
        left_out[uri] += len(shown) >= _MOST
        if len(shown) < _MOST:
            start, end = lines[uri].span(finding.location) if finding.location else (0, 0)
            shown.append(_diagnostic(finding, range_of(lines[uri], start, end)))
    for uri, number in left_out.items():
        if number:
            more = f"{number} more findings are not shown here: `pubkit check` lists all of them."
            top = range_of(lines[uri], 0, 0)
            found[uri].append(types.Diagnostic(top, more, types.DiagnosticSeverity.Warning, source="pubkit"))
    if analysis.stopped and not analysis.findings:
        uri = session.uri(analysis, _configuration(publication, analysis))
        nowhere = range_of(session.lines(uri), 0, 0)
        said = types.Diagnostic(nowhere, analysis.stopped, types.DiagnosticSeverity.Error, source="pubkit")
        found.setdefault(uri, []).append(said)
    return found


def _configuration(publication: Path, analysis: Analysis) -> str:
    return analysis.configuration or (publication.name if publication.is_file() else loading.CONFIGURATION)


def _diagnostic(finding: Finding, where: types.Range) -> types.Diagnostic:
    return types.Diagnostic(
        range=where,
        message=f"{finding.message}\n→ {finding.remedy}" if finding.remedy else finding.message,
        severity=_SEVERITIES[finding.standing],
        code=finding.rule,
        source="pubkit",
        data=finding.fingerprint,
    )


def actions(
    session: Session, uri: str, where: types.Range, only: Sequence[str] | None, today: dt.date
) -> list[types.CodeAction]:
    """Return what can be done about the findings in a range: fixes, waivers, and all certain fixes of the text at once."""
    known = session.around(uri)
    if known is None:
        return []
    lines = session.lines(uri)
    start = lines.offset(where.start.line, where.start.character)
    end = lines.offset(where.end.line, where.end.character)
    made: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix, only):
        for finding in session.findings_at(uri, start, end):
            made += _of_finding(session, known.latest, finding, uri, today)
    if _wanted(FIX_ALL, only) and (everything := _fix_all(session, known.latest, uri)):
        made.append(everything)
    return made


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Return whether an editor asks for actions of a kind: kinds are hierarchies, separated by dots."""
    return only is None or any(kind == one or kind.startswith(f"{one}.") or not one for one in only)


def _of_finding(
    session: Session, analysis: Analysis, finding: Finding, uri: str, today: dt.date
) -> Iterator[types.CodeAction]:
    lines = session.lines(uri)
    said = _diagnostic(finding, range_of(lines, *lines.span(finding.location or Location(""))))
    if finding.fix and (edit := _edit(session, analysis, [finding.fix])):
        yield types.CodeAction(
            title=f"{finding.fix.title} ({finding.rule})",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[said],
            is_preferred=finding.fix.certain,
            edit=edit,
        )
    if (
        finding.waivable
        and finding.severity is not Severity.NOTE
        and (edit := _waived(session, analysis, finding, today))
    ):
        yield types.CodeAction(
            title=f"Waive this finding of {finding.rule} (reason and name to be filled in)",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[said],
            edit=edit,
        )


def _fix_all(session: Session, analysis: Analysis, uri: str) -> types.CodeAction | None:
    """Return the action that makes every certain fix of one text."""
    file = session.file(analysis, uri)
    fixes = [one.fix for one in analysis.findings if one.fix and one.fix.certain and not one.waived]
    own = [fix for fix in fixes if all(change.location.file == file for change in fix.changes)]
    edit = _edit(session, analysis, apart(own))
    if edit is None:
        return None
    return types.CodeAction(title="Fix everything that has one right answer", kind=FIX_ALL, edit=edit)


def _edit(session: Session, analysis: Analysis, fixes: Sequence[Fix]) -> types.WorkspaceEdit | None:
    """Return the changes of `fixes`; None if the text has changed at one of their places since it was checked."""
    changes: dict[str, list[types.TextEdit]] = {}
    for fix in fixes:
        for change in fix.changes:
            uri = session.uri(analysis, change.location.file)
            lines = session.lines(uri)
            start, _ = lines.span(change.location)
            end = start + len(change.written)
            if lines.text[start:end] != change.written or lines.location("", start).line != change.location.line:
                return None
            new = change.text.replace("\n", "\r\n") if "\r\n" in lines.text else change.text
            changes.setdefault(uri, []).append(types.TextEdit(range_of(lines, start, end), new))
    return types.WorkspaceEdit(changes=dict(changes)) if changes else None


def _waived(session: Session, analysis: Analysis, finding: Finding, today: dt.date) -> types.WorkspaceEdit | None:
    """Return the change of the metadata that waives a finding; None if they cannot be changed by a program."""
    path = Path(analysis.folder)
    name = analysis.configuration
    if not name:
        return None
    whole = path if name == loading.CONFIGURATION else path / name
    uri = session.uri(analysis, name)
    lines = session.lines(uri)
    text = lines.text.removeprefix("\ufeff").replace("\r\n", "\n")
    start, end = metadata_span(text, alone=name == loading.CONFIGURATION)
    entry = stub(finding.rule, finding.fingerprint, today + dt.timedelta(days=_DAYS))
    try:
        with overlaid(session.unsaved()):
            waivers = loading.load(whole).publication.waivers
        new = text[:start] + with_waiver(text[start:end], waivers, entry, name) + text[end:]
    except PubkitError:
        return None
    return types.WorkspaceEdit(changes={uri: [_difference(lines, text, new)]})


def _difference(lines: Lines, old: str, new: str) -> types.TextEdit:
    """Return the change that makes `new` of `old`, which is the text of `lines` with LF at the end of each line."""
    first = Prefix.similarity(old, new)
    last = Postfix.similarity(old[first:], new[first:])
    added = new[first : len(new) - last]
    # A line and a column are the same whatever ends the lines.
    where = range_of(Lines(old, lines.units), first, len(old) - last)
    return types.TextEdit(where, added.replace("\n", "\r\n") if "\r\n" in lines.text else added)
