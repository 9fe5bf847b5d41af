"""doctor, schema, init, explain, cache: the commands around a publication."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from pubkit.boundary.files import printable
from pubkit.cli.arguments import Commands, add_command, add_path
from pubkit.errors import UsageError

__all__ = ["add"]


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    add_command(commands, "doctor", _doctor, "show every tool and library that pubkit uses, with its version")
    add_command(commands, "schema", _schema, "print the JSON Schema of pubkit.yaml, for text editors")
    init = add_command(commands, "init", _init, "create a new publication, or add what a folder lacks")
    init.add_argument("path", metavar="DIR", nargs="?", help="the folder of the publication")
    origin = "a Word file, or a manuscript of another tool, for which a pubkit.yaml is written"
    init.add_argument("--from", dest="origin", metavar="PATH", help=origin)
    explain = add_command(commands, "explain", _explain, "explain a rule with examples, or list all rules")
    explain.add_argument("rule", metavar="RULE", nargs="?", help="the id of a rule, such as CIT001")
    add_path(explain)
    cache = add_command(commands, "cache", _cache, "show or remove the results of earlier runs")
    cache.add_argument(
        "action", choices=("info", "clear"), nargs="?", default="info", help="what to do (default: info)"
    )


def _doctor(_: argparse.Namespace) -> int:
    from pubkit.publish import tools

    missing = 0
    for part in tools.parts():
        missing += not part.found
        sys.stdout.write(f"{part.name:<32} {part.version if part.found else f'{part.fault} → {part.remedy}'}\n")
    return 4 if missing else 0


def _cache(options: argparse.Namespace) -> int:
    from pubkit.store import runs

    folder = runs.folder()
    if folder is None:
        sys.stdout.write(f"No results are kept: {runs.VARIABLE} is off.\n")
        return 0
    if options.action == "clear":
        sys.stdout.write(f"Removed {_results(runs.clear(folder))} from {printable(str(folder))}.\n")
        return 0
    number, size = runs.size(folder)
    sys.stdout.write(f"{printable(str(folder))}: {_results(number)} of runs and of their steps, {size:,} bytes.\n")
    return 0


def _results(number: int) -> str:
    return "1 result" if number == 1 else f"{number:,} results"


def _schema(_: argparse.Namespace) -> int:
    from pubkit.project.schema import written_schema

    sys.stdout.write(written_schema())
    return 0


def _same(one: str, other: str) -> bool:
    return Path(one).resolve() == Path(other).resolve()


def _init(options: argparse.Namespace) -> int:
    import shutil

    from pubkit.cli import new as scaffold
    from pubkit.project import loading

    if options.origin is not None and options.origin.lower().endswith(".docx"):
        return _init_from_word(Path(options.origin), options.path)
    if options.origin is not None and options.path is not None and not _same(options.origin, options.path):
        raise UsageError(
            "`pubkit init --from` writes pubkit.yaml beside the manuscript, and takes no other folder.",
            remedy=f"Run `pubkit init --from {shlex.quote(options.origin)}`.",
        )
    if options.path is None and options.origin is None:
        raise UsageError(
            "`pubkit init` needs a folder, or --from with a manuscript.",
            remedy="Run `pubkit init DIR` for a new publication, `pubkit init --from PATH` for one that exists.",
        )
    if options.origin is not None:
        file, kind = scaffold.adopt(Path(options.origin), loading.today())
        sys.stdout.write(f"wrote {printable(str(file))} for {kind}\n\nNow: complete it, then run\n")
        sys.stdout.write(f"pubkit check {shlex.quote(options.origin)}\n")
        return 0
    folder = Path(options.path)
    made = scaffold.write(folder, loading.today())
    for path in made.written:
        sys.stdout.write(f"wrote {printable(str(path))}\n")
    for path, why in made.left.items():
        sys.stdout.write(f"left  {printable(str(path))}: {why}\n")
    if made.local:
        sys.stdout.write(
            f"\nnoxfile.py installs pubkit from {printable(made.local)}, which exists only on this machine: change PUBKIT "
            "in it before anyone else, or a workflow, uses it.\n"
        )
    if made.tasks and not shutil.which("nox"):
        sys.stdout.write("\nnox is not installed yet: python -m pip install nox\n")
    sys.stdout.write(f"\nNow: {_next_command(folder, tasks=made.tasks)}\n")
    return 0


def _init_from_word(file: Path, folder: str | None) -> int:
    from pubkit.cli import new as scaffold
    from pubkit.project import loading

    made = scaffold.from_word(file, Path(folder or scaffold.folder_for(file)), loading.today())
    for path in made.written:
        sys.stdout.write(f"wrote {printable(str(path))}\n")
    for remark in made.remarks:
        sys.stdout.write(f"note  {printable(remark, 300)}\n")
    sys.stdout.write("\nNow: complete pubkit.yaml, then run\n")
    sys.stdout.write(f"pubkit check {shlex.quote(str(made.written[-1].parent))}\n")
    return 0


def _next_command(folder: Path, *, tasks: bool) -> str:
    """Return what to run in the current folder to build the new publication in `folder`."""
    build = "nox -s build" if tasks else "pubkit build"
    if folder.resolve() == Path.cwd():
        return build
    name = str(folder) if not str(folder).startswith("-") else f"./{folder}"
    return f"cd {shlex.quote(name)} && {build}"


def _explain(options: argparse.Namespace) -> int:
    from pubkit.store import runs
    from pubkit.store.explanations import explanation

    folder = Path(options.path)
    sys.stdout.write(explanation(options.rule, folder if folder.is_dir() else folder.parent, runs.folder()))
    return 0
