"""review sign, review status, diff, proof, import-review: what editors do with a publication and its files."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import printable, read_regular
from pubkit.cli.arguments import Commands, add_command, add_group, add_path, default_path
from pubkit.cli.printing import put
from pubkit.errors import EnvironmentFault, UsageError
from pubkit.project.decisions import DECISIONS

if TYPE_CHECKING:
    from pubkit.editorial.review import ReviewRecord
    from pubkit.editorial.word.edits import Edits
    from pubkit.editorial.word.review import ReviewNote
    from pubkit.manuscript.model import Manuscript
    from pubkit.project.loading import Project
    from pubkit.steps import Reviewable

__all__ = ["add"]

#: The most that is read of a returned Word file, in bytes; its pictures may be large.
_LARGEST = 500_000_000


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    review = add_group(commands, "review", "record who has reviewed the text, and show what has changed since")
    inner = review.add_subparsers(required=True, metavar="COMMAND", dest="review")
    sign = add_command(inner, "sign", _sign, "record a review of the current text in pubkit.yaml")
    sign.add_argument("reviewer", metavar="NAME", help="a reviewer listed in pubkit.yaml")
    add_path(sign)
    sign.add_argument(
        "--decision", choices=DECISIONS, default="approved", help=("the reviewer's decision (default: approved)")
    )
    sign.add_argument("--scope", metavar="TEXT", help="what the reviewer checked")
    sign.add_argument(
        "--claims-judged",
        action="store_true",
        help="the reviewer judged every claim, in a language whose claims pubkit cannot judge",
    )
    status = add_command(
        inner,
        "status",
        _status,
        "show who signed what, and what has changed since (exit 1 if a release needs a review)",
    )
    add_path(status)
    status.add_argument("--json", action="store_true", help="print JSON, for other programs")
    changes = add_command(
        commands, "diff", _diff, "show which claims, references and disclaimers differ between two editions"
    )
    text = (
        "OLD and NEW: publications, or the output folders of builds; NEW alone is compared with its last release; "
        "either may be the version of a release, such as 1.0.0, or a git tag"
    )
    changes.add_argument("places", metavar="EDITION", nargs="*", help=text)
    changes.add_argument(
        "--format",
        dest="form",  # `format` is that of a report
        choices=("text", "markdown", "html", "json"),
        default="text",
        help="markdown is for a pull request; html is a page with the texts side by side",
    )
    changes.add_argument("--json", action="store_true", help="print JSON, for other programs")
    pictures = "draw the pages of the PDF that differ, before and after, into DIR; both editions are output folders"
    changes.add_argument("--pages", metavar="DIR", help=pictures)
    proof = add_command(commands, "proof", _proof, "run the installed reference validators on finished files")
    proof.add_argument("files", metavar="FILE", nargs="+", help="an HTML, EPUB or PDF file")
    word = add_command(commands, "import-review", _import_review, "list a reviewer's changes and comments in a DOCX")
    word.add_argument("file", metavar="FILE.docx", help="the reviewed file")
    add_path(word)
    word.add_argument("--apply", action="store_true", help="write the tracked changes that fit into the Markdown")
    word.add_argument("--untracked", action="store_true", help="with --apply: also what was changed without tracking")


def _sign(options: argparse.Namespace) -> int:
    from pubkit import pipeline
    from pubkit.functions import sign_review

    try:
        review = sign_review(
            options.path,
            options.reviewer,
            decision=options.decision,
            scope=options.scope,
            claims_judged=options.claims_judged,
        )
    except UsageError as error:
        if not Path(options.reviewer).exists():
            raise
        message = f"{printable(options.reviewer, 200)} is a path; the name of the reviewer comes before it."
        remedy = f'Write `pubkit review sign "NAME" {printable(shlex.quote(options.reviewer), 200)}`.'
        raise UsageError(message, remedy=remedy) from error
    now = pipeline.reviewable(options.path)
    path = now.project.folder / now.project.configuration.path
    sys.stdout.write(
        f"{printable(str(path), 400)}: reviewed by {printable(review.reviewer)} on {review.date}, {review.decision}.\n"
    )
    sys.stdout.write(
        "The review covers everything that is printed; `pubkit review status` shows what has changed since.\n"
    )
    sys.stdout.write(f"It does not cover: {review.not_covered}.\n")
    _warn_of_corrections(now, claims_judged=review.claims_judged)
    return 0


def _warn_of_corrections(found: Reviewable, *, claims_judged: bool) -> None:
    """Say what still blocks: errors, whose correction would end the review, and claims that nobody has judged."""
    from pubkit.gate import judge
    from pubkit.outcome import Mode

    count = judge(found.submission, found.project, Mode.CHECK).counts["error"]
    if count:
        errors = "1 error blocks" if count == 1 else f"{count} errors block"
        sys.stdout.write(f"Note: {errors} a build (`pubkit check`). Correcting the text will invalidate this review.\n")
    lang = found.project.publication.lang
    if lang.split("-")[0] != "en" and not claims_judged:
        sys.stdout.write(
            f"Note: pubkit cannot judge the claims of a text in {lang}. A release also needs `--claims-judged`.\n"
        )


def _status(options: argparse.Namespace) -> int:
    from pubkit import pipeline

    submission = pipeline.reviewable(options.path).submission
    held = submission.review
    unjudged = not submission.publication.lang.lower().startswith("en") and held.claims_judged_by is None
    if options.json:
        from pubkit.boundary.text import as_json

        put(as_json(held), "json")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _record_lines(held)))
        if held.lets_release and unjudged:
            sys.stdout.write(f"{_UNJUDGED}\n")
    return 0 if held.lets_release and not unjudged else 1


def _record_lines(held: ReviewRecord) -> Iterator[str]:
    """Yield the review records as lines for people."""
    for one in held.records:
        yield f"{one.date}  {printable(one.reviewer)}: {one.decision}, {_WORTH[one.state.value]}"
        if one.scope:
            yield f"    scope: {printable(one.scope, 300)}"
        if one.claims_judged:
            yield "    judged every claim"
        if one.state.value in {"stale", "rejected"} and not one.current:
            yield f"    changed since: {printable(', '.join(one.changed), 2_000) or 'unknown; the record lists no parts'}"
    yield from (f"{printable(name)} has not signed." for name in held.unsigned)
    if said := held.unreviewed:
        yield f"Not reviewed, by a decision of {printable(said.who)} on {said.on}: {printable(said.why, 400)}"
    if not held.reviewers and not held.unreviewed:
        yield "No reviewer is named."
    yield f"Printed now: sha256 {held.content_sha256}"
    yield f"A review does not cover: {held.not_covered}."
    yield _RELEASE[held.lets_release]


_UNJUDGED = (
    "A release also needs a reviewer who has judged every claim, because the rules on claims are English: "
    "`pubkit review sign NAME --claims-judged`."
)
_RELEASE = {
    True: "For the review, a release is possible: the text is reviewed, or declared unreviewed.",
    False: "A release needs a signed review of this text, or the statement that there was none (`unreviewed:`).",
}

_WORTH = {
    "valid": "covers the current text",
    "stale": "covers an earlier text",
    "rejected": "counts until the same reviewer signs again",
    "void": "does not count: not a listed reviewer, or a date in the future",
    "superseded": "superseded by a later record of the same reviewer",
}


def _import_review(options: argparse.Namespace) -> int:
    from pubkit import manuscript, pipeline
    from pubkit.editorial.word.review import read
    from pubkit.project import loading

    if options.untracked and not options.apply:
        raise UsageError("--untracked says what is applied.", remedy="Write `--apply --untracked`.")
    path = Path(options.file)
    try:
        data = read_regular(path, _LARGEST)
    except OSError as error:
        message = f"{printable(options.file)} cannot be read: {error.strerror}."
        raise UsageError(message, remedy="Name the DOCX that the reviewer returned.") from error
    project = loading.load(options.path)
    text = manuscript.read(project)
    review = read(data, text, lambda: pipeline.word_file(options.path))
    for note in review.notes:
        sys.stdout.write("".join(f"{line}\n" for line in _note_lines(note)))
    untracked = sum(not note.tracked for note in review.notes)
    sys.stdout.write(
        f"Tracked changes and comments: {len(review.notes) - untracked}. Changes without tracking: {untracked}.\n"
    )
    if not review.says_what_was_sent:
        sys.stdout.write(
            "This file does not say what was sent, so it was compared with the manuscript as it is now: a change without "
            "tracking may be yours. Title page, references and imprint were not compared.\n"
        )
    is_done = True
    if options.apply:
        is_done = _apply([review.tracked, *([review.untracked] if options.untracked else [])], project, text)
        if review.untracked.edits and not options.untracked:
            sys.stdout.write(
                f"Waiting, changed without tracking: {len(review.untracked.edits)}. If they are the reviewer's, write "
                "`--apply --untracked`.\n"
            )
    return 0 if is_done else 1


def _apply(wanted: Sequence[Edits], project: Project, text: Manuscript) -> bool:
    """Write what fits into the chapters, show what that is and what is left, and return whether nothing is."""
    from pubkit.editorial.word import applying

    applied = applying.apply(wanted, project, text)
    for line in applying.diff(applied, project):
        sys.stdout.write(f"{printable(line, 2_000)}\n")
    applying.write(applied, project)
    for left in applied.left:
        where = printable(str(left.location or "not found"))
        sys.stdout.write(f"{where}  not applied: {left.why}.\n")
        sys.stdout.write(f"    says: {printable(left.edit.text, 400)}\n" if left.edit.text else "    deletes words\n")
    for place in applied.present:
        sys.stdout.write(
            f"{printable(str(place or 'not found'))}  nothing to apply: the text already has this change.\n"
        )
    already = f"Already there: {len(applied.present)}. " if applied.present else ""
    sys.stdout.write(f"Applied: {applied.count}. {already}Left to you: {len(applied.left)}.\n")
    return not applied.left


def _note_lines(note: ReviewNote) -> Iterator[str]:
    """Yield a note as lines for people."""
    yield f"{printable(str(note.location or 'not found'))}  {note.kind}  {printable(note.author, 60)}".rstrip()
    lines = [("in", note.concerns), ("was", note.before), ("is", note.text)]
    if note.tracked:
        lines = [("on", note.concerns), ("says", note.text)]
    yield from (f"    {mark}: {printable(_spaced(text), 400)}" for mark, text in lines if text)


def _spaced(text: str) -> str:
    """Return `text` with ordinary spaces, which is how a reviewer sees it; if it is nothing but spaces, as it is."""
    return text.replace("\u00a0", " ").replace("\u202f", " ") if text.strip() else text


def _proof(options: argparse.Namespace) -> int:
    from pubkit.proof.validators.run import validate

    failed, unchecked = False, []
    for name in options.files:
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"There is no file {printable(name)}.", remedy="Name an HTML, EPUB or PDF file.")
        sys.stdout.write(f"{printable(name)}\n")
        outcomes = validate(path)
        unchecked += [] if any(outcome.checked for outcome in outcomes) else [name]
        for outcome in outcomes:
            state = "not checked" if not outcome.checked else "passed" if outcome.passed else "failed"
            sys.stdout.write(f"  {outcome.validator.name:<24} {state}\n")
            for finding in outcome.findings:
                failed = failed or finding.blocks
                sys.stdout.write(f"      {finding.severity.value}: {printable(finding.message, 400)}\n")
            if not outcome.checked and outcome.remedy:
                sys.stdout.write(f"      → {printable(outcome.remedy, 300)}\n")
    if unchecked and not failed:
        message = f"No validator has checked {', '.join(map(printable, unchecked))}."
        raise EnvironmentFault(message, remedy="Install at least one of those that are named above.")
    return 1 if failed else 0


def _draw(old: str | None, new: str, folder: str) -> None:
    """Write the pages that differ as pictures, and say on standard error how many there are."""
    from pubkit.functions import page_pictures

    if old is None:
        message = "--pages compares the output folders of two builds."
        raise UsageError(message, remedy="Write `pubkit diff OLD NEW --pages DIR`.")
    made = page_pictures(old, new, folder)
    sys.stderr.write(f"{made.summary} {printable(str(Path(folder, 'index.html')), 400)}\n")


def _diff(options: argparse.Namespace) -> int:
    from pubkit.boundary.text import as_json
    from pubkit.functions import changes, redlines
    from pubkit.report.changes import markdown, text

    places = list(options.places)
    if len(places) > 2:
        raise UsageError("At most two editions are compared.", remedy="Write `pubkit diff OLD NEW`.")
    # One word that is no path is the version of an earlier edition.
    new = places.pop() if len(places) == 2 or (places and Path(places[0]).exists()) else default_path()
    old = places[0] if places else None
    form = "json" if options.json else options.form
    if options.pages:
        _draw(old, new, options.pages)
    if form == "html":
        put(redlines(old, new, default_path()), form)
        return 0
    found = changes(old, new, default_path())
    if form == "text":
        sys.stdout.write("".join(f"{line}\n" for line in text(found)))
    elif form == "json":
        put(as_json(found), form)
    else:
        sys.stdout.write(markdown(found))
    return 0
