"""The command line: arguments in, exit code out; it does no work of its own."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary import budget, starvation
from pubkit.boundary.faults import what_to_do
from pubkit.boundary.files import printable
from pubkit.cli import adoption, deposit, editorial, library, lsp, nextstep, preview, publish, refs, tools
from pubkit.cli import signals as stop
from pubkit.cli.parser import Parser
from pubkit.cli.signs import spell_out
from pubkit.errors import PubkitError
from pubkit.expressions import expression

if TYPE_CHECKING:
    from pubkit.outcome import Mode

__all__ = ["COLLECTIONS", "main"]

#: Commands that write a set.
_MAKING = frozenset({"build", "release"})
#: Commands that leave the work to other processes.
_LASTING = frozenset({"library", "lsp", "preview"})
#: Commands that wait for nobody, so that the clock bounds them too.
_UNATTENDED = frozenset({"build", "check", "release"})
#: The id of a rule, as it may be typed.
_RULE = expression(r"[A-Za-z][A-Za-z0-9]{2}\d{3}")
#: What other tools call a command.
_ELSEWHERE = {
    "create": "init",
    "fix": "check --fix",
    "lint": "check",
    "make": "build",
    "new": "init",
    "publish": "release",
    "render": "build",
    "serve": "preview",
    "test": "check",
    "validate": "check",
    "watch": "check --watch",
}
#: The process is short-lived: collecting garbage every 700 objects, and again at the end, costs more than it frees.
COLLECTIONS = (100_000, 20, 50)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `pubkit` with `arguments` (those of the process if None), and return its exit code."""
    if arguments is not None:
        return _within_memory(arguments)
    gc.set_threshold(*COLLECTIONS)
    stop.listen()
    threading.excepthook = _ended
    try:
        return _within_memory(None)
    finally:
        gc.freeze()


def _within_memory(arguments: Sequence[str] | None) -> int:
    """Run, and say so in a line that needs no memory if there is too little even for the report of an error.

    The process then ends at once: a thread that has no memory cannot end in order.
    """
    try:
        return _reported(arguments)
    except Exception as error:
        if not starvation.is_starved(error):
            raise
        starvation.say()
        if arguments is None:
            os._exit(starvation.EXIT_CODE)
        return starvation.EXIT_CODE


def _reported(arguments: Sequence[str] | None) -> int:
    """Run, and report an error that no command reports."""
    try:
        return _run(arguments)
    except Exception as error:
        if starvation.is_starved(error):
            raise
        return _failed(error) if isinstance(error, OSError) else _defect(error)


def _ended(thread: threading.ExceptHookArgs) -> None:
    """Let a thread that has no memory end without a word: the run says it."""
    if not starvation.is_starved(thread.exc_value or MemoryError()):
        threading.__excepthook__(thread)


def _run(arguments: Sequence[str] | None) -> int:
    if sys.stdout is None:  # closed by the parent process; the exit code still reports the result
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    spell_out()
    options = _options(arguments)
    # A library has as many publications as it has, and a preview lasts; each of their processes has limits of its own.
    if arguments is None and options.name not in _LASTING and not getattr(options, "watch", False):
        budget.begin(clock=options.name in _UNATTENDED and not getattr(options, "fix", False))
    try:
        _look_around(options)
        code: int = options.command(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _interrupted()
    except PubkitError as error:
        return _interrupted() if stop.hidden(error) else _stopped(options, _reason(error))
    except BrokenPipeError:
        _silence()
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: a defect is reported in one line, never as a traceback
        if stop.hidden(error):
            return _interrupted()
        if spent := budget.exhausted():
            return _stopped(options, spent)
        if isinstance(error, OSError):
            return _failed(error)
        return _stopped(options, budget.out_of_memory()) if starvation.is_starved(error) else _defect(error)
    return code


def _reason(error: PubkitError) -> PubkitError:
    """Return the error that ended the run: that the budget is spent, if what failed then is a program that was ended."""
    return budget.exhausted() or error


def _look_around(options: argparse.Namespace) -> None:
    """Take the repository of a JOSS paper for its folder, if the paper uses files of other folders."""
    name = "origin" if getattr(options, "origin", None) else "path"
    given = getattr(options, name, None)
    if not isinstance(given, str) or not any((Path(given) / end).is_file() for end in ("", "paper.md")):
        return
    if Path(given).is_dir() or Path(given).name == "paper.md":
        from pubkit.project.dialects.document import repository_of

        repository = repository_of(Path(given))
        if repository is not None:
            setattr(options, name, os.path.relpath(repository))


def _silence() -> None:
    """Discard what is still to be printed, because nobody reads it; with too many open files it is printed after all."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupted() -> int:
    sys.stderr.write(stop.MESSAGE)
    return stop.exit_code()


def _failed(error: OSError) -> int:
    """Report that something outside pubkit failed: a full disk, a pipe, a permission."""
    _silence()
    what = error.strerror or type(error).__name__
    where = f" ({printable(os.fsdecode(error.filename))})" if isinstance(error.filename, str | bytes) else ""
    sys.stderr.write(f"pubkit: {what}{where}; an earlier build is unchanged.\n")
    remedy = what_to_do(error, "Check that file or folder, and the limits of this process (ulimit -a).")
    sys.stderr.write(f"        → {remedy}\n")
    return 4


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a command line; `help` stands for --help, or explains a rule."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["help"]:
        given = ["explain", *given[1:]] if _RULE.fullmatch("".join(given[1:])) else [*given[1:], "--help"]
    program, commands = _parser()
    if given and not given[0].startswith("-") and given[0] not in commands:
        program.error(_no_command(given[0], commands))
    return program.parse_args(given)


def _no_command(name: str, commands: Collection[str]) -> str:
    """Return that there is no such command, and which one is meant."""
    import difflib

    meant = _ELSEWHERE.get(name.lower()) or next(
        iter(difflib.get_close_matches(name.lower(), [*commands, "help"], 1)), None
    )
    if meant is None and (Path(name).exists() or name.endswith(".md")):
        meant = f"check {printable(name, 100)}"
    hint = f" Did you mean `pubkit {meant}`?" if meant else ""
    return f"there is no command {printable(name, 40)}.{hint} `pubkit --help` lists all commands."


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """Return the parser, and the names of its commands."""
    program = Parser(
        prog="pubkit",
        description="The release gate for health publishing. `pubkit help COMMAND` explains a command, or a rule.",
        epilog="Exit codes: 0 success, 1 findings block, 2 usage, 3 input refused, 4 environment, 5 defect in pubkit.",
    )
    program.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    shells = ("bash", "zsh", "tcsh")
    program.add_argument(
        "--completion", action=_Completion, choices=shells, help="print the completion script of a shell and exit"
    )
    commands = program.add_subparsers(metavar="COMMAND", dest="name", title="commands")
    program.set_defaults(command=lambda _: nextstep.answer())
    for group in (publish, preview, library, adoption, refs, editorial, deposit, lsp, tools):
        group.add(commands)
    return program, commands.choices


class _Version(argparse.Action):
    """Prints the version, which is looked up only on request."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from pubkit.publish.model import tool

        sys.stdout.write(f"{tool()}\n")
        parser.exit()


class _Completion(argparse.Action):
    """Prints the completion script of a shell."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, shell: object, *__: object) -> None:
        import shtab

        sys.stdout.write(f"{shtab.complete(parser, str(shell))}\n")
        parser.exit()


def _stopped(options: argparse.Namespace, error: PubkitError) -> int:
    """Report the error that ended the run, in the format that was asked for."""
    from pubkit.boundary.pandoc import PandocError
    from pubkit.cli.printing import print_report, tell_of_refusal
    from pubkit.outcome import Report, stopped

    budget.spare()
    remedy = error.remedy
    if isinstance(error, PandocError) and error.detail:
        remedy = f"{remedy} Pandoc says: {printable(error.detail, 300)}".strip()
    if not hasattr(options, "format"):
        _say(error, remedy)
        return error.exit_code
    known: Report | None = getattr(error, "report", None)
    report = known or stopped(_mode(options), error.findings)
    said = ("", "") if known else (error.message, remedy)
    timings = getattr(error, "timings", {})
    code = print_report(options, report, error=said[0], remedy=said[1], timings=timings, code=error.exit_code)
    if options.name in _MAKING and report.findings:
        tell_of_refusal(options, report, *said, error.exit_code)
    return code


def _say(error: PubkitError, remedy: str) -> None:
    """Print an error on standard error, for commands without a report."""
    sys.stderr.write(f"pubkit: {printable(error.message, 600)}\n")
    if remedy:
        first, *more = remedy.split("\n")
        lines = (f"        → {printable(first, 600)}", *(f"          {printable(line, 600)}" for line in more if line))
        sys.stderr.write("".join(f"{line}\n" for line in lines))
    for finding in error.findings:
        if finding.message != error.message or finding.location:
            sys.stderr.write(f"  {printable(str(finding.location or ''))}  {printable(finding.message, 600)}\n")


def _mode(options: argparse.Namespace) -> Mode:
    from pubkit.outcome import Mode

    if getattr(options, "draft", False):
        return Mode.DRAFT
    return {"build": Mode.BUILD, "release": Mode.RELEASE}.get(options.name, Mode.CHECK)


def _defect(error: Exception) -> int:
    """Report an error that nobody foresaw: one line, and the traceback in a file for whoever fixes it."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="pubkit-defect-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    name = type(error).__name__
    sys.stderr.write(f"pubkit: a defect in pubkit itself ({name}); nothing was written. Details: {file.name}\n")
    return 5


if __name__ == "__main__":
    sys.exit(main())
