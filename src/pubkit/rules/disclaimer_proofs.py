"""PRF060 to PRF072: proofs that the disclaimers can be read in the finished HTML, EPUB and PDF.

`pubkit.proof.disclaimer_html`, `disclaimer_epub` and `disclaimer_pdf` look for them in the files; these classes say what
each finding means. They find nothing in a manuscript, and none of them can be waived.
"""

from __future__ import annotations

from pubkit.rules.proofs import LAID_OUT, PAGES, Proof

__all__: list[str] = []

_STYLES = "Take back what the publication's own styles or templates do to the disclaimer."


class DisclaimerMissing(Proof):
    """The disclaimer is in the file."""

    id = "PRF060"
    formats = LAID_OUT
    source = "HONcode principle 2; 21 CFR 101.93(d)"
    remedy = "Print the block; build again with pubkit's own templates."


class DisclaimerAltered(Proof):
    """The disclaimer's words are all there, in order and once, and no others."""

    id = "PRF061"
    formats = LAID_OUT
    source = "21 CFR 101.93(c)"
    remedy = _STYLES


class DisclaimerMisplaced(Proof):
    """The disclaimer stands near the front, inside the text proper."""

    id = "PRF062"
    formats = LAID_OUT
    source = "16 CFR 255.0(f): difficult to miss"
    remedy = "Print the disclaimers before the text proper, inside <main>."


class DisclaimerMarkedHidden(Proof):
    """No markup hides the disclaimer from readers or from screen readers."""

    id = "PRF063"
    formats = PAGES
    source = "WCAG 2.2, 1.3.1; HTML Living Standard, the hidden and inert attributes"
    remedy = _STYLES


class DisclaimerStyledAway(Proof):
    """No style hides the disclaimer, on any screen or page."""

    id = "PRF064"
    formats = LAID_OUT
    source = "16 CFR 255.0(f): difficult to miss"
    remedy = _STYLES


class DisclaimerFaint(Proof):
    """The disclaimer stands out from its background by a contrast ratio of 4.5 to 1."""

    id = "PRF065"
    formats = LAID_OUT
    source = "WCAG 2.2, 1.4.3"
    remedy = "Give the disclaimer a darker colour, or its background a lighter one (on dark pages the other way round)."


class DisclaimerTiny(Proof):
    """The disclaimer is set in type large enough to read."""

    id = "PRF066"
    formats = LAID_OUT
    source = "21 CFR 101.93(e): 1/16 inch; Regulation (EU) No 1169/2011, Article 13(2): an x-height of 1.2 mm"
    remedy = "Set the disclaimer larger: 9 points at least, 10.1 points for the statutory statement."


class StatementNotBold(Proof):
    """The statutory statement is in bold type, measured by its ink."""

    id = "PRF067"
    formats = LAID_OUT
    source = "21 CFR 101.93(e)"
    remedy = "Set the statement in bold, and see that a real bold face of its font is there."


class DisclaimerCovered(Proof):
    """Nothing lies over the disclaimer."""

    id = "PRF068"
    formats = LAID_OUT
    source = "21 CFR 101.93(d): no intervening material; 16 CFR 255.0(f)"
    remedy = _STYLES


class DisclaimerUnreached(Proof):
    """In an EPUB, the disclaimer is in the reading order and in the navigation."""

    id = "PRF069"
    formats = ("epub",)
    source = "EPUB 3.3, 5.7 (spine) and 7 (navigation document)"
    remedy = "Give the disclaimers a linear place in the spine and an entry in the contents."


class DisclaimerUnjudged(Proof):
    """Everything that decides whether the disclaimer is seen can be judged."""

    id = "PRF070"
    formats = LAID_OUT
    source = "what cannot be judged is not shown as checked"
    remedy = "Take the script, the foreign style sheet or the selector out."


class StatementUnboxed(Proof):
    """The statutory statement is set off in a box."""

    id = "PRF071"
    formats = LAID_OUT
    source = "21 CFR 101.93(d)"
    remedy = "Draw a line around the statement, on all four sides."


class StatementNotOnPage(Proof):
    """The statutory statement is on every page that bears a statement tied to it."""

    id = "PRF072"
    formats = LAID_OUT
    source = "21 CFR 101.93(d): on each panel or page"
    remedy = "Print the statement on that page too, or take the marked statement off it."
