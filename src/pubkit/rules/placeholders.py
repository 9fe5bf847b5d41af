"""EDI: placeholders from `pubkit init` that nobody has replaced. The templates themselves list them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.editorial.placeholders import placeholders
from pubkit.expressions import expression
from pubkit.findings import Finding, Location, Severity
from pubkit.project import templates
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["PlaceholderLeft"]

_TEXT = "A text on sleep."
_NOTE = expression(r"\S\s+#\s*(\S.*)")
_BLOCK = """\
Say plainly what is not known, and what
was left out. @sec:claims shows how to give sources.

# Claims {#sec:claims}
"""


class PlaceholderLeft(Rule):
    """Every placeholder that `pubkit init` wrote has been replaced.

    In a release this is an error.
    """

    id = "EDI040"
    severity = Severity.WARNING
    source = "the templates of `pubkit init`; JAMA benchmarks (authorship, attribution, currency)"
    remedy = "Replace it with your own words, or remove it."
    bad = [
        Example(_TEXT, metadata={"title": "A title that says what the reader will learn"}),
        Example(_TEXT, metadata={"authors": [{"name": "Your name", "credentials": "MD", "conflicts": "None."}]}),
        "# How to use this file\n\nA text on sleep.",
        _BLOCK,
    ]
    good = [_TEXT, "# Your name is an example\n\nYour name is on the bracelet. Say plainly what is not known."]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for the words that the templates mark; in a release each is an error."""
        for location, what, words in _left(submission):
            yield self.at(
                location,
                f"{what} is a placeholder from `pubkit init`: “{printable(words, 80)}”.",
                context=words,
                severity=Severity.ERROR if submission.release else None,
            )


def _left(submission: Submission) -> Iterator[tuple[Location | None, str, str]]:
    """Yield the place of each placeholder, what it is, and its words."""
    marked = templates.placeholders("pubkit.yaml")
    for path, value in placeholders(submission.publication):
        yield submission.place(*path), f"`{_name(path)}`", value
    if source := submission.configuration:
        for line, column, note in _notes(source.text):
            if note in marked:
                yield Location(source.path, line, column), "The value before this note", note
    chapter = templates.placeholders("chapter.md")
    for source in submission.manuscript.sources:
        for line, paragraph in _paragraphs(source.text):
            if words := next((one for one in chapter if one in paragraph), ""):
                yield Location(source.path, line, 1), "This", words


def _name(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def _notes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and words of each comment that follows a value."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := _NOTE.search(line):
            yield number, found.start(1) + 1, " ".join(found[1].split())


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the first line of each paragraph, and the paragraph on one line."""
    lines = enumerate(text.split("\n"), 1)
    for full, run in itertools.groupby(lines, lambda numbered: bool(numbered[1].strip())):
        if full:
            numbers, texts = zip(*run, strict=True)
            yield numbers[0], " ".join(" ".join(texts).split())
