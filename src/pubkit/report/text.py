"""The report for people, on a terminal: by file, in reading order, each finding with what to do.

Findings of one kind are shown together, with their number and the first of them: from four on, those of a file that are
mended in the same way; if there are many, those of all files. The end of the report says which kinds to correct first. rich
lays the lines out; manuscript text reaches it as plain text, never as its markup.
"""

from __future__ import annotations

import io
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pubkit.boundary.files import printable
from pubkit.catalogue import Entry, When
from pubkit.findings import Finding, Location, Severity
from pubkit.outcome import Mode
from pubkit.report import editors, grouping
from pubkit.report.grouping import ALIKE, MANY
from pubkit.report.model import Sheet, counted, judgement, spoken
from pubkit.report.sources import Sources

__all__ = ["WIDTH", "Look", "write"]

#: The width of a report that does not go to a terminal, in columns.
WIDTH = 100
_NARROWEST = 60
#: The columns that place, severity and rule take up beside the words of a finding.
_BESIDE = 29
#: The columns of the place among them; one in words is wider.
_PLACE = 8
_LONGEST = 600
_STYLES = {
    "error": "bold red", "warning": "yellow", "note": "cyan", "waived": "dim", "baseline": "dim", "passed": "bold green",
}  # fmt: skip
#: So many findings of a group are shown in words.
_FIRST = 3
#: The kinds of findings to correct first: as many as make up this share of all, but no more than this number.
_MOST = 0.8
_KINDS = 5


class Look(Struct, frozen=True):
    """How much is shown, how wide, and whether in colour.

    `least` is the lightest severity shown; waived findings, those of the baseline and fingerprints are shown in detail
    only; `width` is in columns. With `every`, findings of one rule are shown one by one, however many there are. `links`
    makes places links that a terminal opens. With `counts`, only the number of findings by rule is shown.
    """

    colour: bool = False
    least: Severity = Severity.WARNING
    detail: bool = False
    width: int = WIDTH
    every: bool = False
    links: bool = False
    counts: bool = False

    @property
    def one_by_one(self) -> bool:
        """Whether each finding is shown on its own, however many are alike."""
        return self.every or self.detail

    def shows(self, finding: Finding, rule: Entry | None) -> bool:
        """Return whether this finding of `rule` is printed; what was moved or removed in the output folder always is.

        A finding that is shown whatever its severity is left out only if nothing but errors is asked for.
        """
        if finding.waived or finding.accepted:
            return self.detail
        if finding.severity.rank <= self.least.rank:
            return True
        if rule is None:
            return False
        return rule.when is When.PLACED or (rule.told and self.least is not Severity.ERROR)


def write(sheet: Sheet, look: Look) -> str:
    """Return the report as text."""
    paper = io.StringIO()
    width = max(look.width, _NARROWEST)
    console = Console(file=paper, width=width, color_system="standard" if look.colour else None, legacy_windows=False)
    report = sheet.report
    shown = [finding for finding in sheet.findings if look.shows(finding, report.entries.get(finding.rule))]
    kinds = {} if look.one_by_one else grouping.many(shown)
    if look.counts:
        if shown:
            console.print(_counts(sheet, shown))
            console.print()
        kinds, shown = {}, []
    single = [finding for finding in shown if grouping.kind(finding) not in kinds]
    margin = _Margin(sheet, look)
    for file, group in itertools.groupby(single, key=sheet.opened):
        console.print(Text(printable(file) if file else "The publication as a whole", style="bold"))
        console.print(_findings(sheet, list(group), look, margin))
        console.print()
    for kind, found in kinds.items():
        console.print(_together(sheet, kind, found))
        console.print()
    tail = (
        *_references(sheet),
        *_not_run(sheet, look),
        *_wide_waivers(sheet),
        *_baseline(sheet),
        *(() if look.counts else _not_shown(sheet, look)),
        *_hidden(sheet),
        *_first(shown),
        *_ending(sheet),
    )
    for line in tail:
        console.print(line, soft_wrap=True)
    return "\n".join(line.rstrip() for line in paper.getvalue().split("\n"))


def _together(sheet: Sheet, kind: tuple[int, str], findings: Sequence[Finding]) -> Table:
    """Return findings of one kind: their number, the wanted state, the first places, and what to do."""
    name = findings[0].severity.value
    files = len({sheet.opened(one) for one in findings})
    where = f" in {files} files" if files > 1 else ""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=7, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    head = Text.assemble((f"{len(findings)} {name}s{where}", _STYLES[name]), _wanted(sheet, kind[1]))
    table.add_row(Text(kind[1], style="bold"), head)
    for finding in findings[:_FIRST]:
        table.add_row("", Text(f"{printable(sheet.place(finding))}  {printable(finding.message, 160)}"))
    table.add_row("", Text(f"and {len(findings) - _FIRST} more; {_each(kind[1])}", style="dim"))
    table.add_row("", _remedy(findings[0]))
    return table


def _wanted(sheet: Sheet, rule: str) -> str:
    """Return what a rule wants, as it follows a number of findings; "" of a rule that is not known."""
    entry = sheet.report.entries.get(rule)
    return printable(f" against “{entry.title.removesuffix('.')}”", _LONGEST) if entry else ""


def _each(rule: str) -> str:
    return f"`pubkit check --select {rule} --all` lists them"


def _remedy(finding: Finding) -> Text:
    return Text(f"→ {printable(finding.remedy, _LONGEST)}", style="dim")


def _counts(sheet: Sheet, shown: Sequence[Finding]) -> Table:
    """Return the number of findings of each rule, the gravest and then the most first."""
    found = Counter((finding.severity.rank, finding.standing, finding.rule) for finding in shown)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for (_, standing, rule), number in sorted(found.items(), key=lambda one: (one[0][0], -one[1], one[0][2])):
        entry = sheet.report.entries.get(rule)
        title = printable(entry.title, _LONGEST) if entry else ""
        table.add_row(Text(f"{number}"), Text(standing, style=_STYLES[standing]), Text(rule), Text(title))
    return table


class _Margin:
    """What is shown with a finding besides its words: the line of the source, and the place as a link."""

    def __init__(self, sheet: Sheet, look: Look) -> None:
        self._sheet = sheet
        self._sources = Sources(sheet.root) if sheet.root else None
        widest = max((len(_place(one.location)) for one in sheet.findings if one.location), default=0)
        self._width = max(look.width, _NARROWEST) - _BESIDE - max(0, widest + 2 - _PLACE)
        self._links = look.links and look.colour

    def place(self, finding: Finding) -> Text:
        """Return the line and column of a finding."""
        location = finding.location
        if location is None or not location.line:
            return Text("")
        address = editors.address(self._sheet.editor, self._sheet.root, location) if self._links else ""
        return Text.assemble("  ", (_place(location), f"link {address}" if address else ""))

    def frame(self, finding: Finding) -> Iterator[Text]:
        """Yield the line of the source that a finding is about, and below it what points at the words in question."""
        shown = self._sources.excerpt(finding.location, self._width - 2) if self._sources else None
        if shown is not None:
            style = _STYLES[finding.standing]
            before, there = shown.text[: shown.start], shown.text[shown.start : shown.end]
            yield Text.assemble(("│ ", "dim"), shown.text, overflow="crop", no_wrap=True)
            yield Text.assemble(("│ ", "dim"), " " * cell_len(before), ("^" * max(1, cell_len(there)), style))


def _findings(sheet: Sheet, findings: Sequence[Finding], look: Look, margin: _Margin) -> Table:
    """Return the findings of one file: place, severity and rule, and beside these the message and what to do."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for narrow in (_PLACE, 8, 7):
        table.add_column(min_width=narrow, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    groups = [[one] for one in findings] if look.one_by_one else grouping.alike(findings)
    for alike in groups:
        finding, kind = alike[0], alike[0].standing
        label = (Text(kind, style=_STYLES[kind]), Text(finding.rule))
        if len(alike) == 1:
            table.add_row(margin.place(finding), *label, _words(finding, look, margin))
            continue
        table.add_row("", *label, Text(f"{len(alike)} {kind}s{_wanted(sheet, finding.rule)}"))
        # What blocks is always said in words.
        spoken_of = len(alike) if finding.severity is Severity.ERROR else _FIRST
        for one in alike[:spoken_of]:
            table.add_row(margin.place(one), "", "", Text(printable(one.message, _LONGEST)))
        if others := alike[spoken_of:]:
            table.add_row("", "", "", _others(others))
        table.add_row("", "", "", _remedy(finding))
    return table


def _place(location: Location) -> str:
    return location.within or f"{location.line}:{location.column}"


def _others(findings: Sequence[Finding]) -> Text:
    """Return where the findings are that a group does not show in words."""
    places = [_place(one.location) for one in findings if one.location and one.location.line]
    rest = f"at {', '.join(places)}" if len(places) == len(findings) else f"{len(findings)} more"
    return Text(f"and {rest}; {_each(findings[0].rule)}", style="dim")


def _words(finding: Finding, look: Look, margin: _Margin) -> Text:
    lines = [Text(printable(finding.message, _LONGEST)), *margin.frame(finding), _remedy(finding)]
    if finding.waiver:
        waiver = finding.waiver
        lines.append(Text(printable(f"waived by {waiver.who} until {waiver.expires}: {waiver.reason}", _LONGEST)))
    if finding.accepted:
        lines.append(Text(printable(str(finding.accepted), _LONGEST)))
    if look.detail:
        lines.append(Text(f"fingerprint {finding.fingerprint}", style="dim"))
    return Text("\n").join(lines)


def _references(sheet: Sheet) -> Iterator[Text]:
    """Yield the number of references with each verdict; unchecked ones are always included."""
    verdicts = sheet.report.verdicts
    if not verdicts:
        return
    counts = Counter(verdict.status for verdict in verdicts)
    parts = [f"{number} {spoken(status)}" for status, number in counts.most_common()]
    yield Text(f"References: {len(verdicts)} ({', '.join(parts)}).")
    if sheet.report.mode is Mode.RELEASE:
        from pubkit.rules.reference_verdicts import VouchedFor

        # Never left out, although it is a note: it says what the word "confirmed" rests on.
        said = (one for one in sheet.report.findings if one.rule == VouchedFor.id and not one.blocks)
        yield from (Text(printable(one.message, _LONGEST)) for one in said)


def _not_run(sheet: Sheet, look: Look) -> Iterator[Text]:
    """Yield the number of rules that could not run, by reason; shown only in detail."""
    reasons = Counter(sheet.report.skipped.values()) if look.detail else Counter[str]()
    for why, number in reasons.items():
        yield Text(f"Not run: {number} {'rule' if number == 1 else 'rules'} ({printable(why)}).", style="dim")


def _wide_waivers(sheet: Sheet) -> Iterator[Text]:
    """Yield each waiver for a file or the publication, with the number of findings that it covers; never left out."""
    for waiver in sheet.report.waivers:
        number = sheet.report.covered(waiver)
        if waiver.wide and number:
            findings = "1 finding" if number == 1 else f"{number} findings"
            yield Text(
                f"Waived: {waiver.rule} in {printable(waiver.file) if waiver.file else 'the whole publication'}, by "
                f"{printable(waiver.who)} until {waiver.expires}; covers {findings}."
            )


def _baseline(sheet: Sheet) -> Iterator[Text]:
    """Yield the state of the baseline, if there is one."""
    known = sheet.report.baseline
    if known is None:
        return
    errors = "1 error" if known.matched == 1 else f"{known.matched} errors"
    if sheet.report.mode is Mode.RELEASE:
        yield Text(f"A release accepts no baseline: {errors} in {known.file} count.")
        return
    fixed = sum(entry.count for entry in known.gone)
    update = (
        f"; {fixed} more fixed, `pubkit baseline --update` removes {'it' if fixed == 1 else 'them'}" if fixed else ""
    )
    yield Text(f"Baseline: {errors} accepted in {known.file}{update}. A release accepts none.")


def _not_shown(sheet: Sheet, look: Look) -> Iterator[Text]:
    left_out = Counter(
        finding.standing
        for finding in sheet.findings
        if not look.shows(finding, sheet.report.entries.get(finding.rule))
    )
    if left_out:
        yield Text(f"Not shown: {counted(left_out)} (-v shows everything).", style="dim")


def _hidden(sheet: Sheet) -> Iterator[Text]:
    """Yield what --select and --ignore hide; never left out."""
    if sheet.hidden:
        yield Text(sheet.hidden)


def _first(shown: Sequence[Finding]) -> Iterator[Text]:
    """Yield the kinds of findings to correct first, if there are many of the highest severity."""
    counting = [finding for finding in shown if finding.standing == finding.severity.value]
    gravest = min((finding.severity.rank for finding in counting), default=0)
    found = Counter(finding.rule for finding in counting if finding.severity.rank == gravest)
    total = found.total()
    if total <= MANY:
        return
    kinds: list[tuple[str, int]] = []
    for kind in sorted(found.items(), key=lambda one: (-one[1], one[0])):
        if len(kinds) == _KINDS or kind[1] < ALIKE or sum(number for _, number in kinds) >= _MOST * total:
            break
        kinds.append(kind)
    if not kinds:
        return
    part = sum(number for _, number in kinds)
    name = next(finding.severity.value for finding in counting if finding.severity.rank == gravest)
    many = f"{len(kinds)} kinds of {name} make" if len(kinds) > 1 else f"1 kind of {name} makes"
    rules = ", ".join(f"{rule} ({number})" for rule, number in kinds)
    yield Text(
        f"Fix first: {many} up {100 * part // total} % of {total}: {rules}. "
        f"`pubkit explain {kinds[0][0]}` says why it matters and what to do."
    )


def _ending(sheet: Sheet) -> Iterator[Text]:
    """Yield the result, in one or two lines."""
    if sheet.error and not any(sheet.error.endswith(finding.message) for finding in sheet.report.findings):
        yield Text.assemble(("Stopped:", _STYLES["error"]), f" {printable(sheet.error, _LONGEST)}")
        if sheet.remedy:
            yield Text(f"  → {printable(sheet.remedy, _LONGEST)}")
    if not sheet.error or sheet.report.findings:
        yield _verdict(sheet)
    for one in sheet.artifacts:
        yield Text(f"  {printable(one.path, 400)}  {one.bytes:,} bytes")


def _verdict(sheet: Sheet) -> Text:
    said = judgement(sheet)
    if sheet.error:
        return Text(f"{said.total}.")
    consequence = f" {said.consequence}" if said.consequence else ""
    return Text.assemble((said.words, _STYLES[said.standing]), f": {said.total}.{consequence}")
