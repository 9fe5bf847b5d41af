"""PRF100 to PRF399: proofs of the finished files.

What was promised is looked for in the finished HTML, EPUB and PDF themselves, after they have been written; `pubkit.proof`
does that, and these classes say what each finding means. They find nothing in a manuscript.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pubkit.findings import Finding, Severity
from pubkit.metadata import OutputFormat
from pubkit.rules.base import Example, Rule, Submission

_REBUILD = "Build again; if it stays, take away the publication's own style sheets, and report it with the manuscript."


#: Formats that are read as pages of HTML; those with a layout; those without one.
PAGES: tuple[OutputFormat, ...] = ("html", "epub")
LAID_OUT: tuple[OutputFormat, ...] = (*PAGES, "pdf")
FLAT: tuple[OutputFormat, ...] = ("docx", "jats", "txt")


class Proof(Rule):
    """A promise that is proved in the finished file; `formats` are those whose files are looked through for it."""

    formats: ClassVar[tuple[OutputFormat, ...]] = (*LAID_OUT, *FLAT)

    severity = Severity.ERROR
    waivable = False
    remedy = _REBUILD
    bad: ClassVar[list[str | Example]] = []
    good: ClassVar[list[str | Example]] = []

    def check(self, submission: Submission) -> Iterator[Finding]:  # noqa: ARG002
        """Nothing: this rule is for finished files, which `pubkit.proof` reads."""
        yield from ()


class Unreadable(Proof):
    """The finished file can be read to its end."""

    id = "PRF100"
    formats = ("html", "epub", "pdf", "jats")
    source = "HTML Living Standard 13; EPUB 3.3, 4; ISO 32000-1, 7.5"


class Statement(Proof):
    """The finished file says what it is: title, language, identifier, date."""

    id = "PRF101"
    formats = ("html", "epub", "pdf", "docx")
    source = "WCAG 2.2, 2.4.2 and 3.1.1; EPUB 3.3, 5.5; ISO 14289-1, 7.1"


class ActiveContent(Proof):
    """Nothing in the finished file runs."""

    id = "PRF102"
    formats = LAID_OUT
    source = "pubkit's threat model: manuscripts are untrusted input (docs/security.md)"
    remedy = "Take the part out of the manuscript or the style sheet that it comes from."


class RemoteResource(Proof):
    """The finished file loads nothing from anywhere."""

    id = "PRF103"
    formats = PAGES
    source = "pubkit's threat model; readers are not told on to third parties"
    remedy = "Put the picture or the face into the publication's folder, and take addresses out of style sheets."


class UnsafeLink(Proof):
    """Every link goes to the web, to a mailbox, to a telephone, or within the file."""

    id = "PRF104"
    formats = LAID_OUT
    source = "pubkit's threat model: manuscripts are untrusted input (docs/security.md)"
    remedy = "Let the link begin with https://, http://, mailto: or tel:."


class DanglingLink(Proof):
    """Every link within the file has its target."""

    id = "PRF105"
    formats = LAID_OUT
    source = "EPUBCheck RSC-012; HTML Living Standard 7.4.2"
    remedy = "Correct the link, or the identifier that it names."


class RepeatedIdentifier(Proof):
    """No identifier stands twice."""

    id = "PRF106"
    formats = PAGES
    source = "HTML Living Standard 3.2.6: the id attribute"
    remedy = "Give one of the two headings, figures or tables another identifier."


class NoAlternative(Proof):
    """Every picture has its text alternative."""

    id = "PRF107"
    formats = LAID_OUT
    source = "WCAG 2.2, 1.1.1; ISO 14289-1, 7.3"
    remedy = "Write the alternative into the brackets: ![What the picture shows](file.png), or mark it {.decorative}."


class NoDraftMark(Proof):
    """A draft says that it is one, wherever it is opened."""

    id = "PRF108"
    formats = LAID_OUT
    source = "pubkit's promise: a draft carries findings, and must not be taken for the release"
    remedy = "Take away what the publication's own style sheets say of the draft mark."


class NoPolicy(Proof):
    """A web page forbids, in its head, everything it does not need."""

    id = "PRF109"
    formats = ("html",)
    source = "Content Security Policy Level 3"


class MissingHeading(Proof):
    """Every heading stands in the finished file, in its order."""

    id = "PRF110"
    source = "pubkit's promise: nothing is lost; a printing program can drop the tail of a book without a word"


class MissingText(Proof):
    """All text stands in the finished file, in its order."""

    id = "PRF111"
    source = "pubkit's promise: nothing is lost; a printing program can drop the tail of a book without a word"


class MissingTable(Proof):
    """Every table stands in the finished file, with all its cells."""

    id = "PRF112"
    source = "pubkit's promise: the finished file is looked through for everything that was promised"
    remedy = "Make the table simpler (no blocks in its cells, no spans), or build again and report it."


class MissingFigure(Proof):
    """Every figure and picture stands in the finished file, with its caption and its alternative."""

    id = "PRF113"
    source = "pubkit's promise: the finished file is looked through for everything that was promised"


class MissingNote(Proof):
    """Every footnote stands in the finished file, and its mark leads to it."""

    id = "PRF114"
    source = "pubkit's promise: the finished file is looked through for everything that was promised"


class MissingReference(Proof):
    """Every entry of the reference list stands in the finished file, in its order."""

    id = "PRF115"
    source = "pubkit's promise: the finished file is looked through for everything that was promised"


class Skeleton(Proof):
    """A page has one main part, one title heading, and no part that pubkit never writes."""

    id = "PRF116"
    formats = PAGES
    source = "HTML Living Standard 4.4.14; WCAG 2.2, 1.3.1"


class Container(Proof):
    """An EPUB is a sound container: its type first and stored, no name that leads out of it."""

    id = "PRF200"
    formats = ("epub",)
    source = "EPUB 3.3 OCF, 4.2 and 4.3"


class Package(Proof):
    """An EPUB's package lists every file, and every file that it lists is there."""

    id = "PRF201"
    formats = ("epub",)
    source = "EPUB 3.3, 5.6 and 5.7"


class Malformed(Proof):
    """Every XML part of an EPUB is well-formed."""

    id = "PRF202"
    formats = ("epub",)
    source = "XML 1.0, 2.1"
    remedy = "Take out what the message names; readers show nothing of a part that is not well-formed."


class Navigation(Proof):
    """The contents lead to the parts of the text, in their order."""

    id = "PRF203"
    formats = ("epub", "pdf")
    source = "EPUB 3.3, 7.4; ISO 14289-1, 7.17"


class AccessibilityMetadata(Proof):
    """What an EPUB says of its accessibility is there, and true."""

    id = "PRF204"
    formats = ("epub",)
    source = "EPUB Accessibility 1.1, 2; schema.org accessibility properties"


class Untagged(Proof):
    """A PDF is tagged: it carries its structure for screen readers."""

    id = "PRF300"
    formats = ("pdf",)
    source = "ISO 14289-1, 7.1 and 7.2"


class UntrueClaim(Proof):
    """A PDF claims PDF/UA-1 and PDF/A-3, and only with what they ask for."""

    id = "PRF301"
    formats = ("pdf",)
    source = "ISO 14289-1, 5; ISO 19005-3, 6.6.4"


class MissingFace(Proof):
    """Every face that a PDF uses is in the file."""

    id = "PRF302"
    formats = ("pdf",)
    source = "ISO 14289-1, 7.21.4; ISO 19005-3, 6.2.11.4"
    remedy = "Let style sheets use the bundled faces, or name faces that may be embedded."


class MissingGlyph(Proof):
    """Every character of a PDF shows, and can be read out."""

    id = "PRF303"
    formats = ("pdf",)
    source = "ISO 14289-1, 7.21.7 and 7.21.8"
    remedy = "Run: sudo apt-get install fonts-noto-core fonts-noto-cjk; or take the character out."


class OutsidePage(Proof):
    """Everything in a PDF stands within its page."""

    id = "PRF304"
    formats = ("pdf",)
    source = "pubkit's promise: tables never overflow"
    remedy = "Make the table or the picture narrower, or break the long word."


class ValidatorFinding(Proof):
    """The reference validators find no fault with the finished file."""

    id = "PRF390"
    formats = LAID_OUT
    source = "Nu, html-validate, axe, EPUBCheck, Ace, veraPDF, qpdf"
    remedy = "See what the validator says; its rule is named in the message."


class ValidatorFailed(Proof):
    """A reference validator that is installed can do its work."""

    id = "PRF391"
    formats = LAID_OUT
    source = "what has not been checked is never shown as checked"
    remedy = "Install the validator again, or see what it says."
