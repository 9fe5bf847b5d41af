"""The report for people, on a terminal: by file, in reading order, each finding with what to do."""

from __future__ import annotations

import itertools
import textwrap
from collections import Counter

from msgspec import Struct

from pubkit.files import printable
from pubkit.findings import Finding, Severity
from pubkit.gate import Mode
from pubkit.report.model import Sheet

__all__ = ["Look", "write"]

_COLOURS = {"error": "31;1", "warning": "33", "note": "36", "waived": "2", "file": "1", "good": "32;1", "quiet": "2"}
_WIDTH = 100
#: What was moved in the output folder, or removed, is said even to those who want to see errors only.
_MOVED = frozenset({"REL006", "REL007"})
_INDENT = " " * 11


class Look(Struct, frozen=True):
    """How much is shown, and whether in colour.

    `least` is the lightest severity shown; `waived` findings and fingerprints are shown in detail only.
    """

    colour: bool = False
    least: Severity = Severity.WARNING
    detail: bool = False

    def paint(self, kind: str, text: str) -> str:
        """`text` in the colour of `kind`, where colours are wanted."""
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if self.colour else text

    def shows(self, finding: Finding) -> bool:
        """Whether this finding is printed."""
        if finding.waived:
            return self.detail
        if finding.rule in _MOVED:
            return True
        return finding.severity.rank <= self.least.rank


def write(sheet: Sheet, look: Look) -> str:
    """The report as text."""
    shown = [finding for finding in sheet.report.findings if look.shows(finding)]
    lines: list[str] = []
    for file, group in itertools.groupby(shown, key=lambda one: sheet.file(one.location)):
        lines.append(look.paint("file", printable(file) if file else "The publication as a whole"))
        for finding in group:
            lines += _finding(finding, look)
        lines.append("")
    lines += _references(sheet)
    lines += _not_run(sheet, look)
    lines += _not_shown(sheet, look)
    lines += _ending(sheet, look)
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, look: Look) -> list[str]:
    location = finding.location
    place = f"{location.line}:{location.column}" if location and location.line else ""
    kind = "waived" if finding.waived else finding.severity.value
    head = f"  {place:<8} {look.paint(kind, f'{kind:<8}')} {finding.rule}  "
    message = _wrapped(printable(finding.message, 600), len("  12345678 warning_ REF001  "))
    lines = [head + message[0].lstrip(), *message[1:]]
    lines += [look.paint("quiet", line) for line in _wrapped(f"→ {printable(finding.remedy, 600)}", len(_INDENT))]
    if finding.waiver:
        lines += _wrapped(
            f"waived by {finding.waiver.who} until {finding.waiver.expires}: {finding.waiver.reason}", len(_INDENT)
        )
    if look.detail:
        lines.append(look.paint("quiet", f"{_INDENT}fingerprint {finding.fingerprint}"))
    return lines


def _wrapped(text: str, indent: int) -> list[str]:
    blanks = " " * indent
    return textwrap.wrap(text, _WIDTH, initial_indent=blanks, subsequent_indent=blanks, break_on_hyphens=False) or [
        blanks
    ]


def _references(sheet: Sheet) -> list[str]:
    """How many references are what; those that nobody has checked are never passed over."""
    verdicts = sheet.report.verdicts
    if not verdicts:
        return []
    counts = Counter(verdict.status.value for verdict in verdicts)
    parts = [f"{number} {_SPOKEN.get(status, status.lower())}" for status, number in counts.most_common()]
    return [f"References: {len(verdicts)}, of these {', '.join(parts)}."]


_SPOKEN = {
    "UNCHECKED": "not checked",
    "OK": "confirmed",
    "BAD_ID": "with a wrong identifier",
    "WRONG_WORK": "another work",
}


def _not_run(sheet: Sheet, look: Look) -> list[str]:
    """How many rules could not be asked, by the reason; shown in detail only."""
    reasons = Counter(sheet.report.skipped.values()) if look.detail else Counter[str]()
    return [
        look.paint("quiet", f"Not run: {number} {'rule' if number == 1 else 'rules'} ({printable(why)}).")
        for why, number in reasons.items()
    ]


def _not_shown(sheet: Sheet, look: Look) -> list[str]:
    hidden = Counter(
        "waived" if finding.waived else finding.severity.value
        for finding in sheet.report.findings
        if not look.shows(finding)
    )
    if not hidden:
        return []
    parts = ", ".join(
        f"{number} {kind}{'s' if number > 1 and kind != 'waived' else ''}" for kind, number in hidden.items()
    )
    return [look.paint("quiet", f"Not shown: {parts} (-v shows everything).")]


def _ending(sheet: Sheet, look: Look) -> list[str]:
    """What it comes to, in one or two lines."""
    lines = []
    if sheet.error and not any(sheet.error.endswith(finding.message) for finding in sheet.report.findings):
        lines.append(f"{look.paint('error', 'Stopped:')} {printable(sheet.error, 600)}")
        if sheet.remedy:
            lines.append(f"{_INDENT}→ {printable(sheet.remedy, 600)}")
    if not sheet.error or sheet.report.findings:
        lines.append(_verdict(sheet, look))
    return lines + [f"  {one.path}  {one.bytes:,} bytes" for one in sheet.artifacts]


def _verdict(sheet: Sheet, look: Look) -> str:
    counts = sheet.report.counts
    total = ", ".join(
        f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("error", "warning", "note")
    )
    if sheet.error:
        return f"{total}."
    if sheet.report.blocks_release and sheet.report.mode is Mode.DRAFT:
        return f"{look.paint('warning', 'Draft made')}: {total}. It cannot be released as it is."
    if sheet.report.blocks_release:
        refused = {Mode.CHECK: "Not ready", Mode.BUILD: "Build refused", Mode.RELEASE: "Release refused"}[
            sheet.report.mode
        ]
        untouched = "" if sheet.report.mode is Mode.CHECK else " Nothing that was made before has been touched."
        return f"{look.paint('error', refused)}: {total}.{untouched}"
    passed = {Mode.CHECK: "Ready to build", Mode.BUILD: "Built", Mode.DRAFT: "Draft made", Mode.RELEASE: "Released"}[
        sheet.report.mode
    ]
    return f"{look.paint('good', passed)}: {total}."
