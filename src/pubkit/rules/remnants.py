"""SRC072 and SRC075: markup that did not work and is printed as text, and placeholders.

pandoc reads whatever it does not understand as text, and exits with 0. These rules look for such leftovers in the text
that pandoc read, where code and formulas are separate from words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Location, Severity
from pubkit.manuscript.model import Block, BlockKind, CitationMode
from pubkit.manuscript.prose import prose
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.remnant_forms import REMNANTS, Remnant
from pubkit.rules.rewriting import on_line, on_lines
from pubkit.rules.typed import is_typed, place_of

_PANDOC = "Pandoc User's Guide, Pandoc's Markdown: whatever is not valid markup is text"


class MarkupLeft(Rule):
    """No markup is printed as text."""

    id = "SRC072"
    severity = Severity.ERROR
    source = _PANDOC
    remedy = "Correct the markup; if it is meant literally, put it between backticks: `code`."
    bad = [
        "##Deep\n\nText.",
        "Text before\n## A heading\n\nText.",
        'Text.\n\n![A](x.png) {#fig:z alt="Dots"}',
        "Text !(x.png)[A] more.",
        "A claim [@kruegel2016. More.",
        "A claim [see @kruegel2016 and more.",
        "This is **not closed.",
        "This is *not closed, and more.",
        "Take the _second dose later.",
        "Text.\n\n```\ncode without an end\n",
        "Text <!-- unclosed comment",
        "Text.\n\n\\thispagestyle{empty}\n\nMore \\hyphenation{x}.",
        "Rows:\n| a | b |\n|---|---|\n| c | d |\n",
        "Below the table:\n\n+-----+----+\n",
        "[Sleep, see [rest](#rest)](#sleep).\n\n# Sleep\n\nText.\n\n# Rest\n\nText.",
        "Text.\n\n| Age | Dose |\n| 12 | 5 mg |\n",
        "See [the leaflet] (https://www.example.org/a).",
        "Words\n:::\n",
        "# A heading {#a .b\n\nText.",
        "The share \\(y = x + 2\\) grows.",
        "So: \\[E = mc^2\\]",
        "See ![[Beds in winter]].",
        "See [[Another page]].",
        "%% Ask Anna about this. %%",
        "Some ==marked words== here.",
        "It is so :cite:`page2021`.",
        "Take care :warning: now.",
        "*[NHS]: National Health Service",
        "#\u00a0What is known\n\nText.",
        "-\u00a0Rest\n-\u00a0Sleep\n",
        "(\\#tab:rest) A label without a table.",
        "So:\n\n$$ E = mc^2\n\nand so on.",
        "About 10^6 cells.",
        "The gas CO~2 and the level of Ca^2+ rose.",
        "See Fig.~2.",
        "Take 5\\,mg.",
        "Take 5 &micro g of it, and &amp;lt; 6.",
        "This is ** bold ** print.",
        "A word^[with a note.",
        "See the (leaflet)[https://example.org/a].",
        "• Rest\n• Sleep\n",
        ".. note:: Rest.",
        "import Box from './box'\n\nText.",
        "One line\\\\\nand more.",
        "Take 5 \\mu g.",
        "Text 10<sup>6</sup and more.",
        "Text {: .note} goes on.",
        Example("Text.", metadata={"abstract": "Some 10^3 to 10^4 cells grew."}),
        "title: Sleep\nauthor: Ann\n\nText.",
        "Take ++one++ of them.",
        "See ![beds](beds.png and more.",
        "See <https://example.org/a and more.",
        "Sleep helps {Roe, 2020 #12}.",
    ]
    good = [
        "The mark* and *closed* words, \\*escaped ones.\n\n*Corresponding author.\n\nValues. *At 5%. A snake_case, _a.py.",
        "About 10\\^6 and 10^6^, CO~2~, Fig.\\ 2, 5\\ mg, ~5 mg, &micro;g, AT&T, 0.05 ** and ^_^, `a^2`, $a^2\\,b$.",
        "If a == b and c == d, x[[i]] is [[1]], 5%% of 6%% at 10:30: see [[Source](https://example.org/a)].",
        "Restaurants ($$)\n\n| a | \\$\\$ |\n|---|---|\n| b | c |\n\n- Rest\u00a0well\n\n5.\u00a0May was cold.",
        "The sum of |x| and |y|\n\n| Roses are red,\n| violets | blue\n\nEither | or",
        "The line &#96;&#96;&#96;{r} begins a chunk.",
        "**#LaRobe** is a word.\n\nBut \\*\\*bold\\*\\* and \\`code\\` are signs.",
        r"It is \(a\) this, \[sic\] that, and \(see p. 4\); `\(x^2\)`.",
        "# Deep {#sec:d}\n\nA \\# in **bold**, `##x`, `{#id}` and $\\alpha$; C:\\temp\\new. Ranked #2, 0.05** and [1].",
        "A claim [@kruegel2016], and @kruegel2016 [p. 4].\n\n```\n##Deep [^x] {#y}\n```\n\n$$a$$ {#eq:a}\n\nSee @eq:a.",
        Example(
            "::: note\nText <!-- comment --> goes on.\n:::\n\n| a | b |\n|---|---|\n| c | d |\n\n: Rows {#tbl:r}\n"
        ),
    ]

    _escaped = re.compile(r"(?<!\\)\\(?:\((?P<inline>[^\n]{1,400}?)\\\)|\[(?P<display>[^$]{1,400}?)\\\])")
    _formula = re.compile(r"[\^=]|\\[A-Za-z]{2,}|(?<![A-Za-z])[A-Za-z]_[{\w]")
    _space = re.compile(r"\w\\[,;:!]\w")
    _after_comma = re.compile(r"(\w+)([,;:!])(\w+)")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for markup in the words of every block, and for formulas whose delimiters pandoc removes."""
        for source in submission.manuscript.sources:
            for written in self._escaped.finditer(prose(source.text)):
                if self._formula.search(written["inline"] or written["display"]):
                    message = f"A formula was read as text: “{printable(' '.join(written[0].split()), 60)}”"
                    remedy = "Write $...$ for a formula within a line, and $$...$$ for one on a line of its own."
                    fix = _between_dollars(source, written)
                    yield self.at(source.location(written.start()), message, context=written[0], remedy=remedy, fix=fix)
        labels = submission.manuscript.document.labels
        yield from self._spaces(submission)
        for block in submission.manuscript.document.markdown:
            if block.kind is BlockKind.ALT:
                continue
            yield from self._unclosed_citations(block)
            for remnant in REMNANTS:
                for found in remnant.pattern.finditer(block.text):
                    if found[0][2:-1] in labels or (remnant.typed and self._is_meant(submission, block, found)):
                        continue
                    place = place_of(block, *found.span(), submission.manuscript.written)
                    if remnant.opens and not found.start() and not _begins_line(place, submission.manuscript.written):
                        continue
                    message = f"{remnant.what}: {_around(block.text, found.start(), found.end())}"
                    unsure = remnant.typed and block.kind is BlockKind.METADATA
                    yield self.at(
                        place,
                        message,
                        context=block.text[:400],
                        remedy=remnant.remedy,
                        severity=Severity.WARNING if unsure else remnant.severity,
                        fix=_rewritten(submission, block, remnant, found),
                    )

    def _spaces(self, submission: Submission) -> Iterator[Finding]:
        """Find the spaces of TeX between a number and its unit, of which the comma is printed: `5\\,mg`."""
        files = submission.manuscript.written
        if not any(self._space.search(text) for text in files.values()):
            return
        for block in submission.manuscript.document.blocks:
            for found in self._after_comma.finditer(block.text):
                near = block.locate(found.start())
                if is_typed(f"{found[1]}\\{found[2]}{found[3]}", block, found.start(), files):
                    message = f"A space of TeX is printed as {found[2]}: “{printable(found[0], 60)}”"
                    remedy = "Write a backslash and a space for a space at which no line ends: 5\\ mg."
                    pattern = rf"({re.escape(found[1])}\\){found[2]}(?={re.escape(found[3])})"
                    fix = on_line(submission, near, pattern, r"\1 ", "Write a space at which no line ends")
                    yield self.at(near, message, context=found[0], remedy=remedy, fix=fix)

    @staticmethod
    def _is_meant(submission: Submission, block: Block, found: re.Match[str]) -> bool:
        """Return whether the author has escaped a sign of the text found, or it is part of an address.

        In the metadata that cannot be seen.
        """
        if "://" in block.text[max(0, found.start() - 2000) : found.start()].rpartition(" ")[2]:
            return True
        if block.kind is BlockKind.METADATA:
            return block.section[0] not in {"title", "subtitle", "abstract"}
        return not is_typed(found[0], block, found.start(), submission.manuscript.written)

    def _unclosed_citations(self, block: Block) -> Iterator[Finding]:
        for citation in block.citations:
            opened = block.text.rfind("[", 0, citation.offset)
            is_open = opened > block.text.rfind("]", 0, citation.offset) and block.text[opened - 1 : opened] != "\\"
            if citation.mode is not CitationMode.IN_TEXT or not is_open or "]" in block.text[citation.offset :]:
                continue
            message = f"The bracket before @{printable(citation.key)} is not closed, and is printed."
            remedy = "Close it after the last key: [@first2020; @second2021]."
            yield self.at(citation.location, message, context=citation.key, remedy=remedy)


def _between_dollars(source: SourceFile, written: re.Match[str]) -> Fix | None:
    """Return the fix that puts a formula of a line between dollars."""
    formula = (written["inline"] or "").strip()
    change = source.replacement(*written.span(), f"${formula}$") if formula and "$" not in formula else None
    return Fix("Put the formula between dollars", (change,)) if change else None


def _rewritten(submission: Submission, block: Block, remnant: Remnant, found: re.Match[str]) -> Fix | None:
    how = remnant.rewriting
    if how is None or (how.in_prose and _is_like_a_formula(block.text)):
        return None
    title = remnant.remedy.partition("; ")[0].removesuffix(".")
    if how.every_line:
        return on_lines(submission, block, how.pattern, how.new, title)
    places = {block.locate(found.start() + 1), block.locate(found.end())}
    fixes = {on_line(submission, place, how.pattern, how.new, title) for place in places} - {None}
    return fixes.pop() if len(fixes) == 1 else None


_LIKE_A_FORMULA = expression(r"[=$\\]|\w\s?\*\s?\w\^")


@functools.lru_cache(maxsize=64)
def _is_like_a_formula(text: str) -> bool:
    return _LIKE_A_FORMULA.search(text) is not None


def _begins_line(place: Location, files: Mapping[str, str]) -> bool:
    """Return whether the sign at `place` begins its line, but for marks of lists and quotations."""
    lines = files.get(place.file, "").split("\n")
    before = lines[place.line - 1][: (place.column or 1) - 1] if place.line and place.line <= len(lines) else ""
    return not before.strip(" \t>-*+0123456789.)|:") and not before.rstrip(" ").endswith("*")


def _around(text: str, start: int, end: int) -> str:
    """Return the found text from the start of its word, and a little of what follows, on one line."""
    if text[start : start + 1].isalnum():
        start = max(text.rfind(" ", 0, start) + 1, start - 40)
    shown = text[start : max(end, start + 40)]
    return f"“{printable(shown, 60)}{'…' if start + len(shown) < len(text) else ''}”"


class Placeholder(Rule):
    """No placeholder is left in place of a source."""

    id = "SRC075"
    severity = Severity.ERROR
    source = "ICMJE Recommendations IV.A.3.g: statements rest on references that the reader can find"
    remedy = "Cite the source, or remove the statement."
    bad = [
        "Kratom helps with sleep [citation needed]. More.",
        "It is so [ref].",
        "A claim.\\[sources to come\\]",
    ]
    good = [
        "Kratom acts on opioid receptors [@kruegel2016].",
        "The word [sic] stays.",
        "A title. A journal. 2007 [[Source](https://example.org/a)]",
    ]

    _words = re.compile(
        r"\[\s*(?:(?:citation|source|reference|ref)s? (?:needed|missing|required|to come|here)"
        r"|citation|cite|refs?|reference|source\??|\?+"
        r"|beleg fehlt|quelle\??|référence nécessaire|cita requerida)\s*\]",
        re.IGNORECASE,
    )

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for the usual placeholders in the words of every block."""
        for block in submission.manuscript.document.blocks:
            for found in self._words.finditer(block.text):
                if any(found.start() < link.end and link.start < found.end() for link in block.links):
                    continue
                message = f"A placeholder is left in place of a source: {found[0]}"
                place = place_of(block, *found.span(), submission.manuscript.written)
                yield self.at(place, message, context=block.text[:400])
