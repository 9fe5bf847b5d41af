"""The report for people, on a terminal: by file, in reading order, each finding with what to do.

rich does the layout; manuscript text reaches it as plain text, never as its markup.
"""

from __future__ import annotations

import io
import itertools
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pubkit.boundary.files import printable
from pubkit.catalogue import Entry, When
from pubkit.findings import Finding, Severity
from pubkit.gate import Mode
from pubkit.report.model import Sheet

__all__ = ["WIDTH", "Look", "write"]

#: The width of a report that does not go to a terminal, in columns.
WIDTH = 100
_NARROWEST = 60
_LONGEST = 600
_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan", "waived": "dim"}


class Look(Struct, frozen=True):
    """How much is shown, how wide, and whether in colour.

    `least` is the lowest severity shown; waived findings and fingerprints are shown only in detail; `width` is in
    columns.
    """

    colour: bool = False
    least: Severity = Severity.WARNING
    detail: bool = False
    width: int = WIDTH

    def shows(self, finding: Finding, rule: Entry | None) -> bool:
        """Return whether this finding of `rule` is printed; what was moved or removed in the output folder always is."""
        if finding.waived:
            return self.detail
        return finding.severity.rank <= self.least.rank or (rule is not None and rule.when is When.PLACED)


def write(sheet: Sheet, look: Look) -> str:
    """Return the report as text."""
    paper = io.StringIO()
    width = max(look.width, _NARROWEST)
    console = Console(file=paper, width=width, color_system="standard" if look.colour else None, legacy_windows=False)
    report = sheet.report
    shown = [finding for finding in report.findings if look.shows(finding, report.entries.get(finding.rule))]
    for file, group in itertools.groupby(shown, key=lambda one: sheet.file(one.location)):
        console.print(Text(printable(file) if file else "The publication as a whole", style="bold"))
        console.print(_findings(list(group), look))
        console.print()
    for line in (*_references(sheet), *_not_run(sheet, look), *_not_shown(sheet, look), *_ending(sheet)):
        console.print(line, soft_wrap=True)
    return "\n".join(line.rstrip() for line in paper.getvalue().split("\n"))


def _findings(findings: list[Finding], look: Look) -> Table:
    """Return the findings of one file: place, severity and rule, and beside these the message and what to do."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for narrow in (2 + 6, 8, 7):
        table.add_column(min_width=narrow, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for finding in findings:
        location = finding.location
        place = f"  {location.line}:{location.column}" if location and location.line else ""
        kind = "waived" if finding.waived else finding.severity.value
        table.add_row(Text(place), Text(kind, style=_STYLES[kind]), Text(finding.rule), _words(finding, look))
    return table


def _words(finding: Finding, look: Look) -> Text:
    lines = [Text(printable(finding.message, _LONGEST)), Text(f"→ {printable(finding.remedy, _LONGEST)}", style="dim")]
    if finding.waiver:
        waiver = finding.waiver
        lines.append(Text(printable(f"waived by {waiver.who} until {waiver.expires}: {waiver.reason}", _LONGEST)))
    if look.detail:
        lines.append(Text(f"fingerprint {finding.fingerprint}", style="dim"))
    return Text("\n").join(lines)


def _references(sheet: Sheet) -> Iterator[Text]:
    """Yield how many references have which verdict; those that nobody has checked are always included."""
    verdicts = sheet.report.verdicts
    if not verdicts:
        return
    counts = Counter(verdict.status.value for verdict in verdicts)
    parts = [f"{number} {_SPOKEN.get(status, status.lower())}" for status, number in counts.most_common()]
    yield Text(f"References: {len(verdicts)} ({', '.join(parts)}).")


_SPOKEN = {
    "UNCHECKED": "not checked",
    "OK": "confirmed",
    "BAD_ID": "with a wrong identifier",
    "WRONG_WORK": "with the identifier of another work",
}


def _not_run(sheet: Sheet, look: Look) -> Iterator[Text]:
    """Yield how many rules could not run, by the reason; shown only in detail."""
    reasons = Counter(sheet.report.skipped.values()) if look.detail else Counter[str]()
    for why, number in reasons.items():
        yield Text(f"Not run: {number} {'rule' if number == 1 else 'rules'} ({printable(why)}).", style="dim")


def _not_shown(sheet: Sheet, look: Look) -> Iterator[Text]:
    hidden = Counter(
        "waived" if finding.waived else finding.severity.value
        for finding in sheet.report.findings
        if not look.shows(finding, sheet.report.entries.get(finding.rule))
    )
    if not hidden:
        return
    parts = ", ".join(
        f"{number} {kind}{'s' if number > 1 and kind != 'waived' else ''}" for kind, number in hidden.items()
    )
    yield Text(f"Not shown: {parts} (-v shows everything).", style="dim")


def _ending(sheet: Sheet) -> Iterator[Text]:
    """Yield the result, in one or two lines."""
    if sheet.error and not any(sheet.error.endswith(finding.message) for finding in sheet.report.findings):
        yield Text.assemble(("Stopped:", _STYLES["error"]), f" {printable(sheet.error, _LONGEST)}")
        if sheet.remedy:
            yield Text(f"  → {printable(sheet.remedy, _LONGEST)}")
    if not sheet.error or sheet.report.findings:
        yield _verdict(sheet)
    for one in sheet.artifacts:
        yield Text(f"  {one.path}  {one.bytes:,} bytes")


def _verdict(sheet: Sheet) -> Text:
    report = sheet.report
    counts = report.counts
    total = ", ".join(
        f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("error", "warning", "note")
    )
    if sheet.error:
        return Text(f"{total}.")
    if report.blocks_release and report.mode is Mode.DRAFT:
        return Text.assemble(("Draft made", _STYLES["warning"]), f": {total}. It cannot be released in this state.")
    if report.blocks_release:
        untouched = "" if report.mode is Mode.CHECK else " Your last build is unchanged."
        return Text.assemble((_REFUSED[report.mode], _STYLES["error"]), f": {total}.{untouched}")
    return Text.assemble((_PASSED[report.mode], "bold green"), f": {total}.")


_REFUSED = {Mode.CHECK: "Not ready", Mode.BUILD: "Build refused", Mode.RELEASE: "Release refused"}
_PASSED = {Mode.CHECK: "Ready to build", Mode.BUILD: "Built", Mode.DRAFT: "Draft made", Mode.RELEASE: "Released"}
