"""waive, baseline: accept findings one by one, by file, or all of today's."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import shlex
import sys
from collections import Counter
from typing import TYPE_CHECKING

from pubkit.boundary.files import from_here, printable
from pubkit.cli.arguments import Commands, add_command, add_path, default_path
from pubkit.errors import UsageError

if TYPE_CHECKING:
    from pubkit.editorial.baseline import Baseline
    from pubkit.outcome import Report
    from pubkit.project.loading import Project
    from pubkit.project.metadata import WaiverEntry

__all__ = ["add"]

#: The term of a waiver in days if no date is given.
_DAYS = 365
#: The most findings for which the command that waives them is shown.
_MOST_SHOWN = 5


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    baseline = add_command(
        commands, "baseline", _baseline, "accept today's errors, so that only new ones block a build"
    )
    add_path(baseline)
    baseline.add_argument("--by", metavar="NAME", help="who accepts the errors")
    change = baseline.add_mutually_exclusive_group()
    change.add_argument("--update", action="store_true", help="remove what has been fixed; nothing is added")
    change.add_argument("--extend", action="store_true", help="accept the new errors too")
    waive = add_command(
        commands, "waive", _waive, "add a waiver to pubkit.yaml: one finding, a file, or the publication"
    )
    waive.add_argument("rule", metavar="RULE", help="the id of the rule, such as CLM010")
    add_path(waive)
    extent = waive.add_mutually_exclusive_group()
    one = "one finding; `pubkit check -v` prints fingerprints"
    extent.add_argument("--finding", metavar="FINGERPRINT", type=_fingerprint, help=one)
    extent.add_argument(
        "--file", metavar="FILE", help="every finding of the rule in these files; * matches any characters"
    )
    extent.add_argument("--project", action="store_true", help="every finding of the rule in the publication")
    waive.add_argument("--reason", metavar="TEXT", help="why it is acceptable")
    waive.add_argument("--by", metavar="NAME", help="who decides")
    waive.add_argument("--until", metavar="DATE", type=_day, help="the last day, as 2027-01-31 (default: in a year)")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{printable(text, 40)} is not a date such as 2027-01-31") from error


def _fingerprint(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{16}", text):
        message = f"{printable(text, 40)} is not a fingerprint, which has 16 hexadecimal digits (`pubkit check -v`)"
        raise argparse.ArgumentTypeError(message)
    return text


def _baseline(options: argparse.Namespace) -> int:
    from pubkit import pipeline
    from pubkit.editorial import baseline
    from pubkit.project import loading

    project, report = loading.load(options.path), pipeline.check(options.path)
    known = baseline.read(project, report.entries, loading.today())
    name = baseline.file_name(project)
    if known.findings:
        raise UsageError(known.findings[0].message, remedy=known.findings[0].remedy, findings=known.findings)
    if options.update:
        return _update(project, known, report, name)
    if known.exists and not options.extend:
        message = f"{name} already exists and accepts {sum(one.count for one in known.entries)} errors."
        remedy = "`pubkit baseline --update` removes what was fixed; `--extend --by NAME` accepts the new errors too."
        raise UsageError(message, remedy=remedy)
    return _accept(project, known, report, options.by)


def _update(project: Project, known: Baseline, report: Report, name: str) -> int:
    from pubkit.editorial import baseline

    if not known.exists or report.baseline is None:
        raise UsageError(f"There is no {name} yet.", remedy="Write one with `pubkit baseline --by NAME`.")
    gone = report.baseline.gone
    kept = baseline.shrunk(known, gone)
    path = baseline.write(project, kept)
    left, fixed = sum(one.count for one in kept), sum(one.count for one in gone)
    state = f"{left} {'remains' if left == 1 else 'remain'}" if left else "none remains, and the file is removed"
    removed = f"{fixed} fixed {'error' if fixed == 1 else 'errors'} removed"
    sys.stdout.write(f"{printable(from_here(path))}: {removed}; {state}.\n")
    return 0


def _accept(project: Project, known: Baseline, report: Report, who: str | None) -> int:
    from pubkit.editorial import baseline
    from pubkit.project import loading

    blocking = [finding for finding in report.findings if finding.blocks]
    new = Counter(finding.rule for finding in blocking if finding.waivable)
    refused = Counter(finding.rule for finding in blocking if not finding.waivable)
    if not new:
        sys.stdout.write("There is no new error that could be accepted; nothing was written.\n")
    else:
        if not (who and who.strip()):
            message = f"A baseline names the person who accepts its {new.total()} errors."
            raise UsageError(message, remedy='Write `pubkit baseline --by "Ada Example"`.')
        entries = baseline.extended(known, report.findings, who.strip()[:300], loading.today())
        path = baseline.write(project, entries)
        sys.stdout.write(f"{from_here(path)}: {_errors(new)} accepted by {printable(who.strip())}.\n")
        sys.stdout.write(
            "Commit the file. `check` and `build` fail on new errors only; a release accepts none of these.\n"
        )
    if refused:
        sys.stdout.write(f"Not accepted, because these rules cannot be waived: {_errors(refused)}. Correct them.\n")
    return 0


def _errors(rules: Counter[str]) -> str:
    """Return the number of errors, and of those of each rule."""
    number = "1 error" if rules.total() == 1 else f"{rules.total()} errors"
    return f"{number} ({', '.join(f'{rule} {count}' for rule, count in sorted(rules.items()))})"


def _waive(options: argparse.Namespace) -> int:
    from pubkit import pipeline
    from pubkit.editorial.waiving import entered
    from pubkit.project import loading

    project, report = loading.load(options.path), pipeline.check(options.path)
    _refuse_unsaid(options, report)
    made = _entry(options, loading.today())
    number = _covered(made, report)
    path = entered(project, made)
    findings = "1 finding" if number == 1 else f"{number} findings"
    said = f"{findings} of {made.rule} waived by {printable(made.who)} until {made.expires}"
    sys.stdout.write(f"{printable(from_here(path))}: {said}.\n")
    return 0


def _refuse_unsaid(options: argparse.Namespace, report: Report) -> None:
    """Refuse a waiver that leaves out what it is for, why, or who decides, with the commands that say it.

    Raises:
        UsageError: one of these is missing, or the rule can have no waiver.
    """
    from pubkit.editorial.waiving import command

    rule = options.rule.upper()
    _refuse_unwaivable(rule, report)
    given = {"--file": options.file, "--finding": options.finding}
    extents = [f"{name} {shlex.quote(value)}" for name, value in given.items() if value]
    extents += ["--project"] if options.project else []
    if extents and options.reason and options.by:
        return
    here = "." if options.path == default_path() else options.path
    found = [one for one in report.findings if one.rule == rule and not one.waived]
    if not found:
        raise UsageError(f"{rule} has no finding that is not waived already.", remedy="There is nothing to waive.")
    lines = [command(rule, here, one, options.reason or "WHY", options.by or "NAME") for one in extents]
    for one in [] if extents else found[:_MOST_SHOWN]:
        place = f"{one.location}: " if one.location else ""
        lines += [command(rule, here, f"--finding {one.fingerprint}", options.reason or "WHY", options.by or "NAME")]
        lines += [f"    {place}{one.message}"]
    if len(found) > _MOST_SHOWN and not extents:
        lines.append(
            f"({len(found) - _MOST_SHOWN} more: `pubkit check --select {rule} --all -v`; or `--project` for all)"
        )
    message = f"A waiver says which findings of {rule} it is for, why they are accepted, and who decides."
    raise UsageError(message, remedy="\n".join(("Write, in your own words:", *lines)))


def _refuse_unwaivable(rule: str, report: Report) -> None:
    known = report.entries.get(rule)
    if known is None:
        raise UsageError(f"There is no rule {printable(rule, 40)}.", remedy="`pubkit explain` lists all rules.")
    if not known.waivable:
        remedy = f"Resolve the finding; `pubkit explain {rule}` says how."
        raise UsageError(f"{rule} cannot be waived.", remedy=remedy)


def _entry(options: argparse.Namespace, today: dt.date) -> WaiverEntry:
    """Return the waiver as pubkit.yaml will have it.

    Raises:
        UsageError: an argument does not have the form that pubkit.yaml requires, or the waiver would have no effect.
    """
    import msgspec

    from pubkit.editorial.reasons import explains
    from pubkit.gate import LONGEST_WAIVER
    from pubkit.project.metadata import WaiverEntry

    if not explains(options.reason, 2):
        message = f"This reason does not say why: “{printable(options.reason, 60)}”."
        raise UsageError(
            message, remedy="Say in a few words why the finding is wrong or accepted; readers see the reason."
        )
    expires = options.until or today + dt.timedelta(days=_DAYS)
    if not 0 <= (expires - today).days <= LONGEST_WAIVER:
        message = f"A waiver cannot end on {expires}."
        raise UsageError(message, remedy=f"Name a day from today on, within {LONGEST_WAIVER} days.")
    where = {"file": options.file} if options.file else {"where": "project" if options.project else options.finding}
    said = {"rule": options.rule.upper(), "reason": options.reason, "who": options.by, "expires": expires, **where}
    try:
        return msgspec.convert(said, WaiverEntry)
    except msgspec.ValidationError as error:
        remedy = "`pubkit check -v` prints rules and fingerprints; `pubkit schema` describes a waiver."
        raise UsageError(f"This waiver is not valid: {printable(str(error), 300)}.", remedy=remedy) from error


def _covered(made: WaiverEntry, report: Report) -> int:
    """Return the number of findings that the waiver covers.

    Raises:
        UsageError: it covers none: the rule has found nothing there.
    """
    from pubkit.findings import Waiver

    waiver = Waiver(made.rule, made.where or "", made.reason, made.who, made.expires, file=made.file or "")
    number = sum(waiver.covers(finding) and not finding.waived for finding in report.findings)
    if not number:
        message = f"{made.rule} has no finding there that is not waived already."
        raise UsageError(message, remedy=f"`pubkit check --select {made.rule} -v` lists its findings.")
    return number
