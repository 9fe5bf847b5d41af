"""Arguments that several commands share, and how their report is printed."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pubkit.boundary.files import printable

if TYPE_CHECKING:
    from pubkit.report.model import View

__all__ = [
    "FORMATS",
    "Commands",
    "add_command",
    "add_group",
    "add_output",
    "add_path",
    "add_profile",
    "add_report",
    "add_view",
    "default_path",
    "refuse_view",
    "view",
]

FORMATS = ("text", "html", "json", "sarif", "junit", "github", "gitlab")

Commands = argparse._SubParsersAction  # argparse has no public name for the type of add_subparsers()


def add_command(
    commands: Commands[argparse.ArgumentParser], name: str, run: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    """Return a new command `name`, described by `text`, that runs `run`."""
    parser = add_group(commands, name, text)
    parser.set_defaults(command=run)
    return parser


def add_group(commands: Commands[argparse.ArgumentParser], name: str, text: str) -> argparse.ArgumentParser:
    """Return a new command `name`, described by `text`, that other commands can be added to."""
    return commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")


def add_path(parser: argparse.ArgumentParser) -> None:
    """Add the publication that a command is about."""
    text = (
        "the folder of a publication or of another tool's manuscript, or one text (default: manuscript, or this folder)"
    )
    parser.add_argument("path", metavar="PATH", nargs="?", default=default_path(), help=text)


def add_profile(parser: argparse.ArgumentParser) -> None:
    """Add the file for the times of the stages."""
    text = "write when each stage began and ended to FILE, for a browser's profiler (Perfetto, speedscope)"
    parser.add_argument("--profile", metavar="FILE", help=text)


def default_path() -> str:
    """Return the publication that is meant if none is named."""
    return "manuscript" if Path("manuscript").exists() else "."


def add_key(parser: argparse.ArgumentParser) -> None:
    """Add the key that signs."""
    text = "a private SSH key, or the public half of one that ssh-agent has"
    parser.add_argument("--key", metavar="FILE", required=True, help=text)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the output folder and the formats."""
    parser.add_argument("--out", metavar="DIR", help="output folder (default: dist; draft for drafts)")
    parser.add_argument(
        "--only", metavar="FORMATS", type=_formats, help="make only these formats, for example html,pdf"
    )


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add the options that decide how a report is shown."""
    text = "form of the report (default: text), or form=file to write it into a file; may be given several times"
    parser.add_argument(
        "--format", action=_Reports, choices=_Forms(FORMATS), default="text", metavar="FORM[=FILE]", help=text
    )
    parser.set_defaults(files=())
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument(
        "-v", "--verbose", action="store_true", help="show notes, waived findings, fingerprints and times too"
    )
    amount.add_argument("-q", "--quiet", action="store_true", help="show errors only")
    parser.add_argument("--all", action="store_true", help="show findings one by one, even if a rule has many")


class _Forms(tuple[str, ...]):
    """The forms of a report; one with a file behind it is also known."""

    def __contains__(self, value: object) -> bool:
        return super().__contains__(str(value).partition("=")[0])


class _Reports(argparse.Action):
    """Collects the reports: at most one for standard output, and any number for files."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, value: object, option: str | None = None
    ) -> None:
        form, to_file, file = str(value).partition("=")
        if to_file and not file:
            parser.error(f"{option}: name a file after {form}=")
        if to_file:
            namespace.files = (*namespace.files, (form, file))
        elif getattr(namespace, "printed", form) != form:
            parser.error(f"{option}: only one report goes to standard output; write {form}=FILE for another one")
        else:
            namespace.format = namespace.printed = form


def add_view(parser: argparse.ArgumentParser) -> None:
    """Add the options that decide which findings are shown."""
    for name, text in (
        ("select", "show only the findings of these rules"),
        ("ignore", "hide the findings of these rules"),
    ):
        parser.add_argument(
            f"--{name}",
            metavar="RULES",
            action="extend",
            type=_rules,
            default=[],
            help=f"{text}, such as CLM001,STY; the exit code stays that of all findings",
        )


def refuse_view(parser: argparse.ArgumentParser) -> None:
    """Add --select and --ignore to a command that writes files, only to refuse them."""
    for name in ("select", "ignore"):
        parser.add_argument(f"--{name}", metavar="RULES", action=_NoView, help=argparse.SUPPRESS)


class _NoView(argparse.Action):
    """Refuses to hide findings, since all of them judge what is built."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error(
            f"{self.option_strings[0]} is for `pubkit check` only: every rule judges a build and a release. Use a waiver "
            "or `pubkit baseline` to accept findings."
        )


def _rules(text: str) -> list[str]:
    names = [name.strip().upper() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("name at least one rule")
    return names


def view(options: argparse.Namespace) -> View:
    """Return which findings `options` ask for.

    Raises:
        UsageError: no rule in force has such an id, or one that begins so.
    """
    from pubkit.report.model import View
    from pubkit.rules.rulebook import in_force

    asked = View(tuple(options.select), tuple(options.ignore))
    if options.select or options.ignore:
        folder = Path(options.path)
        known = in_force(folder if folder.is_dir() else folder.parent).entries
        for name in (*asked.select, *asked.ignore):
            _refuse_unknown(name, known)
    return asked


def _refuse_unknown(name: str, known: Collection[str]) -> None:
    if any(rule.startswith(name) for rule in known):
        return
    import difflib

    from pubkit.errors import UsageError

    families = {rule.rstrip("0123456789") for rule in known}
    close = difflib.get_close_matches(name, [*sorted(known), *sorted(families)], 3)
    hint = f"Did you mean {', '.join(close)}? " if close else ""
    message = f"There is no rule {printable(name, 40)}, and none whose id begins with it."
    raise UsageError(message, remedy=f"{hint}`pubkit explain` lists all rules.")


def _formats(text: str) -> list[str]:
    from pubkit.formats import OutputFormat

    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    known = get_args(OutputFormat)
    for name in names:
        if name not in known:
            raise argparse.ArgumentTypeError(f"{printable(name)} is not one of {', '.join(known)}")
    if not names:
        raise argparse.ArgumentTypeError("name at least one format")
    return names
