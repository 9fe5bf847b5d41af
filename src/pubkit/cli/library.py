"""library: check, build or release many publications in one run, and watch what they cite."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import counted, printable
from pubkit.cli.arguments import Commands, add_command
from pubkit.cli.printing import from_repository, put
from pubkit.cli.refs import add_network
from pubkit.errors import UsageError

if TYPE_CHECKING:
    from pubkit.library.summary import Summary
    from pubkit.library.titles import Title
    from pubkit.library.work import Outcome

__all__ = ["add"]

_WORK = ("check", "draft", "build", "release", "watch")
_FOR_HOSTS = ("github", "gitlab", "sarif")
_MARKS = {"sound": "ok", "blocked": "blocked", "refused": "refused", "lost": "lost"}


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command of this module."""
    text = "check, build or release every publication of a library"
    library = add_command(commands, "library", _library, text)
    library.add_argument(
        "work",
        type=_work,
        choices=_WORK,
        nargs="?",
        default="check",
        help="what to do with each (default: check); watch asks the registries about everything that released ones cite",
    )
    catalog = 'a folder of publications, a pattern such as "leaflets/*", or a YAML file with `publications:`'
    library.add_argument("catalog", metavar="CATALOG", help=catalog)
    out = "folder for the sets and the summary, or an address that fsspec knows (default: library; none for a check)"
    library.add_argument("--out", metavar="DIR", help=out)
    library.add_argument(
        "--jobs",
        metavar="N",
        type=_number,
        default=0,
        help="publications in work at once (default: one on each processor)",
    )
    library.add_argument(
        "--scheduler",
        metavar="URL",
        default="",
        help="let the workers of this Dask scheduler do the work, such as tcp://10.0.0.1:8786",
    )
    library.add_argument(
        "--fresh", action="store_true", help="do everything again, even what has not changed since the last run"
    )
    library.add_argument(
        "--format",
        dest="summary",
        choices=("text", "json", *_FOR_HOSTS),
        default="text",
        help="format of the summary (default: text); github, gitlab and sarif have the findings of all publications",
    )
    add_network(library.add_argument_group("for watch, which uses the network"))
    library.add_argument("-q", "--quiet", action="store_true", help="show only what needs attention")


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("give a number from 1")
    return int(text)


def _watch(options: argparse.Namespace) -> int:
    from pubkit.boundary.files import replace_file
    from pubkit.cli.refs import bar, conditions, update_retractions
    from pubkit.library.titles import titles
    from pubkit.library.watch import as_json, lines, watch
    from pubkit.references.known import snapshot_path

    found = titles(options.catalog)
    asking = conditions(options)
    faults = update_retractions(None, asking)
    folder = Path(options.out or "library")
    path = snapshot_path(None)
    seen = watch(found, folder, asking, snapshot=path if path and path.is_file() else None, progress=bar)
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / "watch.json", as_json(seen))
    for line in lines(seen):
        sys.stdout.write(f"{printable(line, 400)}\n")
    for fault in faults:
        sys.stdout.write(f"{printable(fault.message, 400)}\n")
    return seen.exit_code or (4 if faults else 0)


def _work(word: str) -> str:
    """Return what to do; a second folder in its place is told how several are named."""
    if word in _WORK:
        return word
    meant = next(iter(difflib.get_close_matches(word.lower(), _WORK, 1)), None)
    if meant and not Path(word).exists():
        raise argparse.ArgumentTypeError(f"there is no {printable(word, 40)}; did you mean {meant}?")
    raise argparse.ArgumentTypeError(
        f'{word!r} is none of {", ".join(_WORK)}; name one folder, or a pattern such as "leaflets/*"'
    )


def _library(options: argparse.Namespace) -> int:
    if options.work == "watch":
        return _watch(options)
    from pubkit.library.run import run
    from pubkit.library.summary import as_json
    from pubkit.library.titles import titles
    from pubkit.library.work import Work
    from pubkit.store import runs

    if options.jobs and options.scheduler:
        raise UsageError("--jobs is for this machine; with --scheduler, the cluster decides.", remedy="Leave one out.")
    work = Work(options.work)
    output = options.out or ("" if work is Work.CHECK else "library")
    found = titles(options.catalog)
    made = run(
        found,
        work,
        output,
        jobs=options.jobs,
        scheduler=options.scheduler,
        cache=None if options.fresh else runs.folder(),
        on_outcome=None if options.quiet or options.summary != "text" else _progress,
    )
    if not options.quiet and options.summary == "text":
        sys.stderr.write(f"  {made.processor_seconds:.1f} processor seconds\n")
    if options.summary == "json":
        put(as_json(made).decode(), options.summary)
    elif options.summary in _FOR_HOSTS:
        put(_for_host(made, found, options.summary), options.summary)
    else:
        _print(made, output)
    return made.exit_code


def _for_host(made: Summary, found: Sequence[Title], form: str) -> str:
    """Return the findings of all publications in a form that a code host reads."""
    from pubkit.library.summary import of_all
    from pubkit.publish.model import tool
    from pubkit.report.forms import WRITERS
    from pubkit.report.model import Sheet

    report = of_all(made, {one.name: from_repository(str(one.path)) for one in found})
    unplaced = [
        f"{one.name}: {one.error} {one.remedy}".strip() for one in made.outcomes if one.error and not one.findings
    ]
    return WRITERS[form](Sheet(report, tool(), error=" ".join(unplaced), exit_code=made.exit_code))


def _progress(outcome: Outcome, number: int, of: int) -> None:
    how = "unchanged" if outcome.unchanged else f"{outcome.seconds:.1f} s"
    sys.stderr.write(f"  {number}/{of}  {_MARKS[outcome.state.value]:<8} {printable(outcome.name, 60)} ({how})\n")
    sys.stderr.flush()


def _print(made: Summary, output: str) -> None:
    """Print what needs attention, and one line for the whole."""
    for outcome in made.outcomes:
        if outcome.exit_code:
            _print_outcome(outcome)
    for work in made.doubtful:
        named = ", ".join(printable(name, 60) for name in work.publications)
        sys.stdout.write(
            f"{work.verdict:<13} {printable(work.title, 80)} ({printable(work.identifier)}), cited in {named}\n"
        )
    for one in made.due:
        sys.stdout.write(f"{'Review past' if one.late else 'Review due'} {one.on}: {printable(one.name, 60)}\n")
    states = ", ".join(f"{number} {state}" for state, number in made.states.items() if number)
    sys.stdout.write(f"{counted(len(made.outcomes), 'publication')}: {states}.\n")
    if output:
        from pubkit.library.summary import PAGE

        where = f"{output.rstrip('/')}/{PAGE}" if "://" in output else str(Path(output, PAGE))
        sys.stdout.write(f"Summary: {printable(where)}\n")


def _print_outcome(outcome: Outcome) -> None:
    from pubkit.library.summary import beside_error

    errors = outcome.counts.get("error", 0)
    what = outcome.error or counted(errors, "error")
    sys.stdout.write(f"{printable(outcome.name, 60)}: {_MARKS[outcome.state.value]}: {printable(what, 300)}\n")
    place, others = beside_error(outcome)
    if outcome.error and outcome.remedy:
        here = f"{printable(place)}  " if place else ""
        sys.stdout.write(f"    {here}→ {printable(outcome.remedy, 300)}\n")
    for finding in others[:3]:
        place = f"{printable(str(finding.location))}  " if finding.location else ""
        sys.stdout.write(f"    {place}{finding.rule}  {printable(finding.message, 200)}\n")
    if errors > 3:
        sys.stdout.write(f"    and {errors - 3} more\n")
