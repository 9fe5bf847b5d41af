"""CIT: cross-references to figures, tables, sections and equations."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import CrossReference
from pubkit.manuscript.rules import SRC106
from pubkit.manuscript.tree import Attr, Caption, Figure, Plain, Span, Table, attributed, identifier
from pubkit.rules.base import Rule, Submission
from pubkit.rules.rewriting import on_line

#: A label so similar to another is a mistyped one.
_MISTYPED = 0.9
_CAPTIONED = ((Figure, ("fig:", "fig-")), (Table, ("tbl:", "tbl-")))


class UndefinedCrossReference(Rule):
    """Every cross-reference points to a figure, table, section or equation that exists.

    A missing figure or table is a warning if the manuscript has code that was not run (SRC106), as that may make it.
    """

    id = "CIT010"
    severity = Severity.ERROR
    waivable = False
    source = "pandoc-crossref's label syntax, in which cross-references are written"
    remedy = (
        "Correct the cross-reference, or add the label to what it refers to: {#fig:name}, {#tbl:name}, "
        "{#sec:name}, {#eq:name}."
    )
    bad = [
        "See @fig:nowhere.",
        "See [@tbl:rows].\n\n| a |\n|---|\n| b |\n\n: Rows {#tbl:row}\n",
    ]
    good = [
        "See @tbl:rows.\n\n| a |\n|---|\n| b |\n\n: Rows {#tbl:rows}\n",
        "See @sec:one.\n\n# One {#sec:one}\n\nText.",
        "See @sec:end.\n\n# End {#sec:end .unnumbered}\n\nText.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare every cross-reference with the labels in the text; code that was not run may make figures and tables."""
        document = submission.manuscript.document
        is_complete = not any(finding.rule == SRC106.id for finding in submission.manuscript.findings)
        for mention in document.cross_references:
            if mention.label in document.labels:
                continue
            close = difflib.get_close_matches(mention.label, document.labels, 1)
            fix = None
            if len(difflib.get_close_matches(mention.label, document.labels, 2, _MISTYPED)) == 1:
                pattern = rf"(?<=@){re.escape(mention.label)}"
                fix = on_line(submission, mention.location, pattern, close[0], f"Write {close[0]}", certain=False)
            hint = f"Did you mean @{close[0]}? " if close else ""
            message = f"Nothing in the text has the label {printable(_as_written(mention, submission), 80)}."
            remedy = f"{hint}{self.remedy}"
            severity = None if is_complete or not mention.label.startswith(("fig", "tbl")) else Severity.WARNING
            yield self.at(mention.location, message, context=mention.label, remedy=remedy, severity=severity, fix=fix)


def _as_written(mention: CrossReference, submission: Submission) -> str:
    """Return the label that the author has written, without a kind that only pubkit has put before it."""
    lines = submission.manuscript.written.get(mention.location.file, "").split("\n")
    line = "".join(lines[mention.location.line - 1 : mention.location.line])
    name = mention.label.partition(":")[2]
    return name if name and mention.label not in line and name in line else mention.label


class UncaptionedLabel(Rule):
    """Every figure or table with a cross-reference has a caption."""

    id = "CIT011"
    severity = Severity.ERROR
    waivable = False
    source = (
        "ICMJE Recommendations, IV.A: each table and figure has a title and is numbered in the order of its mention"
    )
    remedy = "Give it a caption: a line `: Caption {#tbl:name}` below the table, or ![Caption](file.png){#fig:name}."
    bad = [
        "Text.\n\n: {#tbl:a}\n\n| a |\n|---|\n| b |\n\nSee @tbl:a.",
        'See @fig:a.\n\n![](a.png){#fig:a alt="Dots"}\n',
    ]
    good = ["See @tbl:a.\n\n| a |\n|---|\n| b |\n\n: Rows {#tbl:a}\n"]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for labelled figures and tables that have no caption, or only a number, and are referred to."""
        document = submission.manuscript.document
        places = {mention.label: mention.location for mention in reversed(document.cross_references)}
        for node in attributed(document.tree.blocks):
            label = identifier(node)
            if label not in places or (label in document.labels and not _is_number_alone(node)):
                continue
            if any(isinstance(node, kind) and label.startswith(prefix) for kind, prefix in _CAPTIONED):
                yield self.at(places[label], f"There is no caption at the label {printable(label, 80)}.", context=label)


def _is_number_alone(node: object) -> bool:
    """Return whether a figure has no caption but its number."""
    match node:
        case Figure(caption=Caption(blocks=[Plain([Span(attr=Attr(classes=["caption-number"]))])])):
            return True
    return False


class DuplicateLabel(Rule):
    """Every label is used only once."""

    id = "CIT012"
    severity = Severity.ERROR
    waivable = False
    source = "HTML, the id attribute: unique in the document"
    remedy = "Give each its own label."
    bad = ["# One {#sec:a}\n\nSee @sec:a.\n\n# Two {#sec:a}\n\nText."]
    good = ["# One {#sec:a}\n\nSee @sec:a and @sec:b.\n\n# Two {#sec:b}\n\nText."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Count the ids of the tree; pandoc's own are unique, so that duplicates come from the manuscript."""
        document = submission.manuscript.document
        written = Counter(filter(None, map(identifier, attributed(document.tree.blocks))))
        places: dict[str, list[Location]] = {}
        for image in document.images:
            places.setdefault(image.identifier, []).append(image.location)
        for heading in document.headings:
            places.setdefault(heading.identifier, []).append(heading.location)
        for label, count in written.items():
            if count > 1:
                first, *others = places.get(label) or _written(label, submission.manuscript.sources) or (None,)
                also = f": here, and at {', '.join(map(str, others))}" if others else ""
                message = f"The label {printable(label, 80)} is used {count} times{also}."
                yield self.at(first, message, context=label)


def _written(label: str, sources: Iterable[SourceFile]) -> list[Location]:
    """Return where the sources have {#label}, which names an equation or a part of a sentence."""
    mark = re.compile(rf"\{{#{re.escape(label)}(?![\w:.-])")
    return [source.location(found.start()) for source in sources for found in mark.finditer(source.text)]
