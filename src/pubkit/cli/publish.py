"""check, build, release, verify: from a manuscript to a set of files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import printable
from pubkit.cli import fix
from pubkit.cli.arguments import (
    Commands,
    add_command,
    add_key,
    add_output,
    add_path,
    add_profile,
    add_report,
    add_view,
    refuse_view,
    view,
)
from pubkit.cli.preview import needs_extra
from pubkit.cli.printing import forget_refusal, print_report, wants_page
from pubkit.cli.progress import progress
from pubkit.errors import UsageError

if TYPE_CHECKING:
    from pubkit.report.model import View

__all__ = ["add"]


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    check = add_command(commands, "check", _check, "check a manuscript without writing anything")
    add_path(check)
    add_report(check)
    add_view(check)
    check.add_argument("--statistics", action="store_true", help="show only the number of findings by rule")
    check.add_argument("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    _add_fresh(check)
    add_profile(check)
    fix.add(check)
    build = add_command(commands, "build", _build, "check a manuscript, make its files, prove them and write them")
    add_path(build)
    build.add_argument(
        "--draft", action="store_true", help='write what can be made safely, marked "Draft", even if findings block'
    )
    add_output(build)
    add_report(build)
    refuse_view(build)
    _add_fresh(build)
    add_profile(build)
    release = add_command(
        commands,
        "release",
        _release,
        ("build for publication: nothing unchecked or out of date; reviewed, or declared unreviewed"),
    )
    add_path(release)
    add_output(release)
    add_report(release)
    refuse_view(release)
    add_profile(release)
    verify = add_command(commands, "verify", _verify, "check that an output folder is complete and unchanged")
    verify.add_argument("path", metavar="DIR", nargs="?", default="dist", help="output folder (default: dist)")
    text = "the file of the signers that are trusted, one of whom must have signed the set (PUBKIT_SIGNERS)"
    verify.add_argument("--signers", metavar="FILE", help=text)
    add_report(verify)
    sign = add_command(commands, "sign", _sign, "sign a complete and unchanged output folder with an SSH key")
    sign.add_argument("path", metavar="DIR", nargs="?", default="dist", help="output folder (default: dist)")
    add_key(sign)


def _add_fresh(parser: argparse.ArgumentParser) -> None:
    text = "do everything again, even if nothing has changed since the last run"
    parser.add_argument("--fresh", action="store_true", help=text)


def _check(options: argparse.Namespace) -> int:
    from pubkit import pipeline

    shown = view(options)
    if options.watch and fix.asked(options):
        raise UsageError("--watch writes nothing.", remedy="Run `pubkit check --fix` beside it.")
    if options.watch:
        return _watch(options, shown)
    if fix.asked(options):
        changed = fix.run(options, shown)
        if options.diff:
            return 1 if changed else 0
    with progress(options) as observer:
        if wants_page(options):
            read = pipeline.proofread(options.path, on_stage=observer)
            report = read.report
        else:
            read, report = None, pipeline.check(options.path, on_stage=observer, cache=_cache(options))
    code = report.exit_code
    code = print_report(options, report, code=code, timings=observer.timings, shown=shown, read=read)
    fix.offer(options, report)
    return code


def _watch(options: argparse.Namespace, shown: View) -> int:
    """Check after each change, until Ctrl-C."""
    try:
        from pubkit.preview.watched import watch
        from pubkit.preview.work import Checked, Request
    except ImportError as error:
        raise needs_extra(error, "--watch") from error

    def seen(result: Checked) -> None:
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[2J\x1b[H")
        print_report(
            options, result.report, error=result.error, remedy=result.remedy, code=result.exit_code, shown=shown
        )
        sys.stdout.flush()
        sys.stderr.write("Waiting for changes; Ctrl-C ends it.\n")

    watch(Request(options.path), seen)
    return 0


def _build(options: argparse.Namespace) -> int:
    from pubkit import pipeline

    out = options.out or ("draft" if options.draft else "dist")
    with progress(options) as observer:
        made = pipeline.build(
            options.path, out, only=options.only, draft=options.draft, on_stage=observer, cache=_cache(options)
        )
    forget_refusal(options)
    return print_report(options, made.report, artifacts=made.artifacts, timings=made.timings)


def _cache(options: argparse.Namespace) -> Path | None:
    """Return the folder with the results of earlier runs, None if everything is to be done again."""
    if options.fresh:
        return None
    from pubkit.store import runs

    return runs.folder()


def _release(options: argparse.Namespace) -> int:
    from pubkit import pipeline

    with progress(options) as observer:
        made = pipeline.release(options.path, options.out or "dist", only=options.only, on_stage=observer)
    forget_refusal(options)
    return print_report(options, made.report, artifacts=made.artifacts, timings=made.timings)


def _verify(options: argparse.Namespace) -> int:
    from pubkit.boundary.signatures import named_signers
    from pubkit.functions import verify

    signers = named_signers(options.signers)
    report = verify(options.path, signers=signers)
    code = report.exit_code
    if options.format != "text" or options.files or report.findings:
        code = print_report(options, report, code=code)
    if options.format == "text" and not code:
        signed = ", and signed by somebody who is trusted" if signers else ""
        sys.stdout.write(f"{printable(options.path)}: complete and unchanged{signed}.\n")
    return code


def _sign(options: argparse.Namespace) -> int:
    from pubkit.publish.manifest import verify
    from pubkit.publish.signed import sign

    folder = _set(options.path)
    if faults := verify(folder):
        message = f"{printable(options.path)} is not complete and unchanged: {faults[0].message}"
        raise UsageError(message, remedy="See `pubkit verify`, and sign what a build has made.")
    sys.stdout.write(f"Signed: {printable(str(sign(folder, Path(options.key))))}\n")
    return 0


def _set(path: str) -> Path:
    """Return the output folder `path`; raise UsageError if there is none."""
    folder = Path(path)
    if not folder.is_dir():
        raise UsageError(f"There is no folder {printable(path)}.", remedy="Name the output folder of a build.")
    return folder
