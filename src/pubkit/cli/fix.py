"""check --fix: correct what has one right answer, after showing the diff."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pubkit.boundary.files import printable
from pubkit.errors import UsageError

if TYPE_CHECKING:
    from pubkit.outcome import Report
    from pubkit.report.model import View

__all__ = ["add", "asked", "offer", "run"]


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of `pubkit check` that correct."""
    text = "correct what has one right answer, such as a mistyped key: show the diff, ask, write, and check again"
    parser.add_argument("--fix", action="store_true", help=text)
    parser.add_argument("--diff", action="store_true", help="only show what --fix would change (exit 1 if anything)")
    parser.add_argument("--yes", action="store_true", help="with --fix: do not ask")
    text = "with --fix or --diff: also what is only likely to be meant"
    parser.add_argument("--suggested", action="store_true", help=text)


def asked(options: argparse.Namespace) -> bool:
    """Return whether something is to be corrected, or what that would be is to be shown.

    Raises:
        UsageError: an option is given without the one it belongs to.
    """
    fixes = bool(options.fix or options.diff)
    if options.yes and not options.fix:
        raise UsageError("--yes belongs to --fix.", remedy="Write `pubkit check --fix --yes`.")
    if options.suggested and not fixes:
        raise UsageError("--suggested belongs to --fix.", remedy="Write `pubkit check --fix --suggested`.")
    return fixes


def _only_likely(number: int) -> str:
    count = "1 correction is" if number == 1 else f"{number} corrections are"
    return f" {count} only likely: `--suggested` adds {'it' if number == 1 else 'them'}."


def run(options: argparse.Namespace, shown: View) -> int:
    """Show what can be corrected, and write it unless it is only to be shown; return the number of corrections.

    Raises:
        UsageError: nobody can be asked whether to write.
        EnvironmentFault: a file cannot be written.
    """
    from pubkit.fixing import run as fixing

    # A report for another program has the standard output to itself.
    out = sys.stdout if options.format == "text" else sys.stderr
    made = fixing.fixed(options.path, suggested=options.suggested, view=shown)
    for line in fixing.diff(made):
        out.write(f"{line}\n")
    more = _only_likely(made.suggested) if made.suggested and not options.suggested else ""
    if not made.after:
        out.write(f"Nothing to fix for certain.{more}\n" if more else "Nothing to fix.\n")
        return 0
    count = "1 finding" if len(made.made) == 1 else f"{len(made.made)} findings"
    if options.diff:
        out.write(f"Can be fixed: {count}.{more}\n")
    elif options.yes or _agreed():
        fixing.write(made)
        out.write(f"Fixed: {count} in {', '.join(printable(name) for name in made.after)}.{more}\n")
    else:
        out.write("Nothing was written.\n")
    return len(made.made)


def _agreed() -> bool:
    """Ask whether to write the changes.

    Raises:
        UsageError: there is no terminal to ask at.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked whether to write these changes.", remedy="Add --yes, or --diff to see them."
        )
    sys.stderr.write("Write these changes? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def offer(options: argparse.Namespace, report: Report) -> None:
    """Say in a report for people how many of its findings `--fix` would correct."""
    count = sum(1 for one in report.findings if one.fix and one.fix.certain and not one.waived)
    if count and options.format == "text" and not options.quiet:
        what = "1 finding" if count == 1 else f"{count} findings"
        sys.stdout.write(f"{what} can be fixed with `pubkit check --fix`, which shows the diff first.\n")
