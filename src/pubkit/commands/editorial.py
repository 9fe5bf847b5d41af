"""review sign, diff, proof, import-review: what editors do with a publication and its files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pubkit.commands.arguments import Commands, add_command, add_path
from pubkit.errors import UsageError
from pubkit.files import printable

__all__ = ["add"]

_DECISIONS = ("approved", "approved-with-changes", "rejected")


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    review = commands.add_parser("review", help="record that somebody has reviewed the text as it stands")
    inner = review.add_subparsers(required=True, metavar="COMMAND", dest="review")
    sign = add_command(inner, "sign", _sign, "write a review of the present text into pubkit.yaml")
    sign.add_argument("reviewer", metavar="NAME", help="one of the reviewers in pubkit.yaml")
    add_path(sign)
    sign.add_argument("--decision", choices=_DECISIONS, default="approved", help="what the reviewer decided (approved)")
    sign.add_argument("--scope", metavar="TEXT", help="what the review covers")
    changes = add_command(commands, "diff", _diff, "show which claims differ between two sets")
    changes.add_argument("old", metavar="OLD", help="the folder of the earlier set")
    changes.add_argument("new", metavar="NEW", help="the folder of the later set")
    changes.add_argument("--json", action="store_true", help="as JSON, for other programs")
    proof = add_command(commands, "proof", _proof, "run the reference validators that are installed on finished files")
    proof.add_argument("files", metavar="FILE", nargs="+", help="an HTML, EPUB or PDF file")
    word = add_command(
        commands, "import-review", _import_review, "list what a reviewer has changed and noted in a DOCX"
    )
    word.add_argument("file", metavar="FILE.docx", help="the file that came back")
    add_path(word)


def _sign(options: argparse.Namespace) -> int:
    from pubkit import manuscript, project
    from pubkit.editorial.review import as_yaml, sign
    from pubkit.signing import entered

    loaded = project.load(options.path)
    try:
        review = sign(
            loaded.publication,
            manuscript.read(loaded),
            reviewer=options.reviewer,
            date=project.today(),
            decision=options.decision,
            scope=options.scope,
        )
    except ValueError as error:
        remedy = "Name the reviewer under `reviewers:` first; an author cannot review their own text."
        raise UsageError(printable(str(error), 300), remedy=remedy) from error
    path = entered(loaded, as_yaml(review))
    sys.stdout.write(f"{path}: reviewed by {printable(review.reviewer)} on {review.date}, {review.decision}.\n")
    sys.stdout.write("The review covers the text as it stands; an edit of a chapter ends it.\n")
    return 0


def _import_review(options: argparse.Namespace) -> int:
    from pubkit import manuscript, project
    from pubkit.manuscript.word_review import read

    path = Path(options.file)
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{printable(options.file)} cannot be read: {error.strerror}."
        raise UsageError(message, remedy="Name the DOCX that came back from review.") from error
    notes = read(data, manuscript.read(project.load(options.path)))
    for note in notes:
        sys.stdout.write(f"{note.location or 'not found'}  {note.kind}  {printable(note.author, 60)}\n")
        for mark, text in (("on", note.concerns), ("says", note.text)):
            if text:
                sys.stdout.write(f"    {mark}: {printable(text, 400)}\n")
    sys.stdout.write(f"{len(notes)} changes and comments.\n")
    return 0


def _proof(options: argparse.Namespace) -> int:
    from pubkit.proof.validators import validate

    failed = False
    for name in options.files:
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"There is no file {printable(name)}.", remedy="Name an HTML, EPUB or PDF file.")
        sys.stdout.write(f"{printable(name)}\n")
        for outcome in validate(path):
            state = "not checked" if not outcome.checked else "passed" if outcome.passed else "failed"
            sys.stdout.write(f"  {outcome.validator.name:<24} {state}\n")
            for finding in outcome.findings:
                failed = failed or finding.blocks
                sys.stdout.write(f"      {finding.severity.value}: {printable(finding.message, 400)}\n")
            if not outcome.checked and outcome.remedy:
                sys.stdout.write(f"      → {printable(outcome.remedy, 300)}\n")
    return 1 if failed else 0


def _diff(options: argparse.Namespace) -> int:
    from pubkit.dossier import compared
    from pubkit.editorial.diff import to_json

    changes = compared(Path(options.old), Path(options.new))
    if options.json:
        sys.stdout.write(to_json(changes))
        return 0
    for change in changes.changes:
        place = f" ({printable(change.file)}:{change.line})" if change.file else ""
        sys.stdout.write(f"{change.kind.value}{place}\n")
        for mark, text in (("-", change.before), ("+", change.after)):
            if text:
                sys.stdout.write(f"  {mark} {printable(text, 400)}\n")
        for mark, keys in (("-", change.keys_removed), ("+", change.keys_added)):
            if keys:
                sys.stdout.write(f"  {mark} sources: {', '.join(printable(key) for key in keys)}\n")
    total = f"{len(changes.changes)} claims changed, {changes.unchanged} did not"
    sys.stdout.write(f"Version {printable(changes.old_version)} to {printable(changes.new_version)}: {total}.\n")
    return 0
