"""A11Y: what readers need who use a screen reader or magnifier, or navigate by headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript.model import Image
from pubkit.manuscript.rules import SRC106
from pubkit.manuscript.tree import Link, Table, attributed, every, identifier, plain_text
from pubkit.rules.base import Example, Rule, Submission

_VAGUE = {
    "click here",
    "click",
    "here",
    "link",
    "this link",
    "more",
    "read more",
    "learn more",
    "this",
    "this page",
    "this article",
    "website",
    "source",
}
_FILE_NAME = expression(r"[\w -]+\.(png|jpe?g|gif|webp|tiff?|bmp)", re.IGNORECASE)
_PICTURE_WORDS = expression(
    r"^(an? )?(image|picture|photo|photograph|graphic|screenshot|icon|logo|figure|chart)( of)?\.?$", re.IGNORECASE
)
_LONG_ALT = 500


class MissingAltText(Rule):
    """Every picture that carries meaning has alternative text.

    A caption does not replace alternative text: it speaks to readers who can see the picture.
    """

    id = "A11Y001"
    severity = Severity.ERROR
    source = "WCAG 2.2, success criterion 1.1.1 (level A)"
    remedy = (
        'Describe what it shows: ![Caption](file.png){alt="..."}; a caption does not replace it. '
        "Or mark it {.decorative} if it carries no meaning."
    )
    bad = ["![](nowhere.png)", "![A caption only](nowhere.png)"]
    good = ['![A caption](nowhere.png){alt="Bars that rise from 2 to 9."}', "![](nowhere.png){.decorative}"]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check every image in the text."""
        for image in submission.manuscript.document.images:
            if not image.alt and not image.decorative:
                remedy = _in_code(image, submission.manuscript.written)
                yield self.at(
                    image.location, "This picture has no alternative text.", context=image.target, remedy=remedy
                )


#: How a picture begins that the author names in the text.
_NAMED = expression(r"!\[|<img|\{\{<")


def _in_code(image: Image, written: Mapping[str, str]) -> str:
    """Return how the code that draws `image` gives it alternative text; "" if Markdown names the picture."""
    form = PurePosixPath(image.location.file).suffix.lower()
    lines = written.get(image.location.file, "").split("\n")
    line = "".join(lines[image.location.line - 1 : image.location.line])
    chunk = form in {".qmd", ".rmd"} and not _NAMED.search(line)
    if chunk and form == ".rmd":
        return (
            'Describe what it shows, in the head of the chunk: fig.alt="..."; a caption (fig.cap) does not replace it.'
        )
    if chunk or (form == ".ipynb" and ".ipynb#" in image.target):
        return 'Describe what it shows, at the top of the code: #| fig-alt: "..."; a caption (fig-cap) does not replace it.'
    return ""


class EmptyAltText(Rule):
    """Alternative text describes what the picture shows."""

    id = "A11Y002"
    severity = Severity.WARNING
    source = "W3C, Images Tutorial: an alt decision tree"
    remedy = "Say what a reader would miss without the picture, in one or two sentences."
    bad = [
        '![Caption](nowhere.png){alt="image"}',
        '![Caption](nowhere.png){alt="chart_v2.png"}',
        f'![Caption](nowhere.png){{alt="{"word " * 101}"}}',
    ]
    good = ['![Caption](nowhere.png){alt="Bars that rise from 2 to 9."}']

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check every alternative text."""
        for image in submission.manuscript.document.images:
            if _PICTURE_WORDS.fullmatch(image.alt) or _FILE_NAME.fullmatch(image.alt):
                yield self.at(image.location, "This alternative text does not describe the picture.", context=image.alt)
            elif len(image.alt) > _LONG_ALT:
                message = (
                    f"This alternative text has {len(image.alt)} characters, too many for a screen reader user to "
                    "listen to."
                )
                yield self.at(
                    image.location,
                    message,
                    context=image.alt,
                    remedy=("Shorten it, and put the details in the text or a table."),
                )


class HeadingOrder(Rule):
    """No heading level is skipped."""

    id = "A11Y003"
    severity = Severity.WARNING
    source = "W3C, Page Structure Tutorial: headings; ISO 14289-1 (PDF/UA-1), 7.4"
    remedy = "Use the next level: a # heading is followed by ##, not by ###."
    bad = ["# One\n\nText.\n\n### Three\n\nText."]
    good = ["# One\n\n## Two\n\nText.\n\n# One\n\nText.", "## All chapters\n\nText.\n\n## begin here\n\nText."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare each heading with the one before."""
        before = None
        for heading in submission.manuscript.document.headings:
            if before is not None and heading.level > before + 1:
                message = f"This heading is at level {heading.level} but follows one at level {before}."
                yield self.at(heading.location, message, context=heading.text)
            before = heading.level


class EmptyHeading(Rule):
    """No heading is empty."""

    id = "A11Y004"
    severity = Severity.ERROR
    waivable = False
    source = "WCAG 2.2, success criterion 2.4.6 (level AA)"
    remedy = "Write the heading, or remove it."
    bad = ["# \n\nText.", "# ![](nowhere.png){.decorative}\n\nText."]
    good = ["# Words\n\nText."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check every heading."""
        for heading in submission.manuscript.document.headings:
            if not heading.text:
                yield self.at(heading.location, "This heading is empty.", context=heading.identifier)


class VagueLink(Rule):
    """Link text says where the link goes."""

    id = "A11Y005"
    severity = Severity.WARNING
    source = "WCAG 2.2, success criterion 2.4.4 (level A)"
    remedy = "Use the title of the page, or its publisher and subject, as the link text."
    bad = ["For the leaflet click [here](https://www.example.org/leaflet).", "[Read more](https://www.example.org/a)."]
    good = ["See the [leaflet on sleep](https://www.example.org/leaflet).", "<https://www.example.org/a>"]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the text of every link."""
        for link in submission.manuscript.document.links:
            words = link.text.strip().strip(".:»>").casefold()
            if words in _VAGUE:
                yield self.at(
                    link.location,
                    f"The words of this link, “{words}”, do not say where it goes.",
                    context=link.target,
                )


class EmptyLink(Rule):
    """Every link has text."""

    id = "A11Y006"
    severity = Severity.ERROR
    waivable = False
    source = "WCAG 2.2, success criterion 2.4.4 (level A)"
    remedy = "Write the link text, or give the picture in the link an alternative text."
    bad = ["Text [](https://www.example.org/a) more."]
    good = [
        "Text [about sleep](https://www.example.org/a) more.",
        "[![Home](nowhere.png)](https://www.example.org/a) text",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for links with neither words nor a described picture."""
        links = every(Link, submission.manuscript.document.tree.blocks)
        spoken = {link.target.url for link in links if plain_text(link.content)}
        for link in submission.manuscript.document.links:
            if not link.text.strip() and link.target not in spoken:
                yield self.at(link.location, "This link has no text.", context=link.target)


class HeadlessTable(Rule):
    """Every table has a header row that names its columns."""

    id = "A11Y007"
    severity = Severity.WARNING
    source = "WCAG 2.2, success criterion 1.3.1 (level A)"
    remedy = "Give the table a first row with the names of its columns."
    bad = ["Text.\n\n+---+---+\n| a | b |\n+---+---+\n| c | d |\n+---+---+\n"]
    good = ["Text.\n\n| a | b |\n|---|---|\n| c | d |\n"]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look at the head of every table."""
        document = submission.manuscript.document
        cells = {block.text: block.location for block in reversed(document.blocks) if block.row}
        for table in every(Table, document.tree.blocks):
            if any(plain_text(cell.content) for row in table.head.rows for cell in row.cells):
                continue
            rows = (row for body in table.bodies for row in body.body)
            first = next((plain_text(cell.content) for row in rows for cell in row.cells), "")
            yield self.at(cells.get(first), "This table has no header row.", context=plain_text(table)[:200])


class UnknownTarget(Rule):
    """Every link within the text has a target.

    A missing target is a warning if the manuscript has code that was not run (SRC106), as that may make it.
    """

    id = "A11Y008"
    severity = Severity.ERROR
    waivable = False
    source = "WCAG 2.2, success criterion 2.4.4 (level A); EPUB 3.3, 3.5"
    remedy = "Correct the id after the #, or give the heading that id: # Heading {#id}."
    bad = ["See [below](#belwo).\n\n# Below\n\nText."]
    good = ["See [below](#below).\n\n# Below\n\nText.", Example("See [it](#it). [The words]{#it}.")]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the targets of internal links with the ids of the tree."""
        document = submission.manuscript.document
        known = set(filter(None, map(identifier, attributed(document.tree.blocks))))
        is_complete = not any(finding.rule == SRC106.id for finding in submission.manuscript.findings)
        for link in document.links:
            if link.target.startswith("#") and link.target[1:] not in known | {"references", "refs"}:
                message = f"Nothing in the text has the id {link.target}."
                severity = None if is_complete else Severity.WARNING
                yield self.at(link.location, message, context=link.target, severity=severity)
