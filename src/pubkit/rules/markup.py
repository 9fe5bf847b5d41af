"""SRC07 and CIT013: markup that did not work, so that it is printed as text, or takes text away without a word.

Pandoc takes whatever it does not understand for text, and exits with 0. What it printed is looked for in the text that it
read, where code and formulas are no longer mixed with words; what it dropped can only be seen in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pubkit.files import printable
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import Block, BlockKind, CitationMode
from pubkit.rules.base import Example, Rule, Submission
from pubkit.text import SourceFile

_PANDOC = "Pandoc User's Guide, Pandoc's Markdown: what is not markup is text"
_TABLES = "Pandoc User's Guide, pipe_tables: cells beyond the columns of the line of dashes are left out"
_NOTES = "Pandoc User's Guide, Footnotes: [^id], and once [^id]: with the note"

_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})(.*)$")
_INLINE_CODE = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n\s*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_NO_BREAK = re.compile(r"[^\n]")
_LIST_OR_NOTE = re.compile(r"\s*(?:[-*+]|\(?[\w@#]{1,9}[.)]|:|~|\[\^[^\]]+\]:)\s")


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda found: _NO_BREAK.sub(" ", found[0]), text)


def _prose(text: str) -> str:
    """`text` with blanks in place of code and comments, so that every other character keeps its place."""
    lines = text.split("\n")
    unclosed: dict[str, int] = {}
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        end = None
        if fence and "`" not in fence[2] and len(fence[1]) < unclosed.get(fence[1][0], len(fence[1]) + 1):
            end = _end_of_code(lines, number, fence[1])
            if end is None:
                unclosed[fence[1][0]] = len(fence[1])
        if end is not None:
            lines[number : end + 1] = [" " * len(line) for line in lines[number : end + 1]]
            number = end
        number += 1
    _blank_indented(lines)
    return _without_comments(_blanked("\n".join(lines), _INLINE_CODE))


def _without_comments(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += (text[at:start], _NO_BREAK.sub(" ", text[start : end + 3]))
        at = end + 3
    return "".join((*parts, text[at:]))


def _end_of_code(lines: list[str], start: int, fence: str) -> int | None:
    """The line that closes the code begun at `start`; None where none does, and pandoc reads it as text."""
    closing = re.compile(rf"^[ \t>]*{fence[0]}{{{len(fence)},}}\s*$")
    return next((number for number in range(start + 1, len(lines)) if closing.match(lines[number])), None)


def _blank_indented(lines: list[str]) -> None:
    """Blank lines that are indented by four after an empty line, and go on with no list or note."""
    inside = open_ = False
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        indented = line.startswith(("    ", "\t"))
        after_gap = number == 0 or not lines[number - 1].strip()
        inside = indented and not open_ and (inside or after_gap)
        if inside:
            lines[number] = " " * len(line)
        elif not indented:
            open_ = _LIST_OR_NOTE.match(line) is not None or (open_ and not after_gap)


def _place(source: SourceFile, offset: int) -> Location:
    before = source.text.rfind("\n", 0, offset)
    return Location(source.path, source.text.count("\n", 0, offset) + 1, offset - before)


class TableCells(Rule):
    """Every row of a table has as many cells as the table has columns."""

    id = "SRC070"
    severity = Severity.ERROR
    source = _TABLES
    remedy = "Give each row, the first and the line of dashes the same number of cells; write \\| for a bar in a cell."
    bad = [
        "Text.\n\n| A | B |\n|---|---|\n| 1 | 2 | 3 |\n",
        "Text.\n\n| A | B |\n|---|\n| 1 | 2 |\n",
        "Text.\n\nA | B\n--|--\n1 | 2\n3 | 4 | 5\n",
        "Text.\n\n| A | B |\n|---|---|\n| 1 |\n",
    ]
    good = [
        "Text.\n\n| A | B |\n|:--|--:|\n| 1 | `a|b` |\n| \\| | $|x|$ |\n|   |   |\n\n: Rows\n",
        "```\n| A | B |\n|---|\n| 1 | 2 |\n```\n",
        "Text.\n\n+---+---+\n| A | B |\n+===+===+\n| 1 | 2 |\n+---+---+\n",
    ]

    _dashes = re.compile(r"\|?\s*:?-+:?(?:\s*[|+]\s*:?-+:?)*\s*\|?")
    _hidden = re.compile(r"\\.|`+[^`\n]*`+|\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the cells of each row of each pipe table with those of its line of dashes."""
        for source in submission.manuscript.sources:
            written = source.text.split("\n")
            lines = _prose(source.text).split("\n")
            for number, line in enumerate(lines[1:], 1):
                head = lines[number - 1]
                if (
                    "|" in line
                    and "|" in head
                    and self._dashes.fullmatch(line.strip())
                    and (number < 2 or not lines[number - 2].strip())
                ):
                    yield from self._table(source, written, number)

    def _table(self, source: SourceFile, lines: list[str], dashes: int) -> Iterator[Finding]:
        columns = self._cells(lines[dashes])
        last = dashes
        while last + 1 < len(lines) and "|" in lines[last + 1]:
            last += 1
        for number in (dashes - 1, *range(dashes + 1, last + 1)):
            cells = self._cells(lines[number])
            if cells != columns:
                lost = "what is beyond them is not printed" if cells > columns else "the others stay empty"
                message = f"This row of a table has {_count(cells, 'cell')}, its line of dashes {columns}: {lost}."
                yield self.finding(Location(source.path, number + 1, 1), message, context=lines[number])

    def _cells(self, line: str) -> int:
        bare = self._hidden.sub("x", line).strip()
        bars = bare.count("|") + (bare.count("+") if self._dashes.fullmatch(bare) else 0)
        return bars + 1 - bare.startswith("|") - (bare.endswith("|") and len(bare) > 1)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


class Footnotes(Rule):
    """Every footnote that is marked is written, once, and every one that is written is marked."""

    id = "SRC071"
    severity = Severity.ERROR
    source = _NOTES
    remedy = "Mark the note with [^id] in the text, and write it once in the same file, on a line [^id]: The note."
    bad = ["Words.[^nope]", "Words.\n\n[^a]: A note.\n", "Words.[^a]\n\n[^a]: One.\n\n[^a]: Two.\n"]
    good = ["Words.[^a]\n\n[^a]: A note, and `[^b]`.\n", "Words.^[A note.]", "```\n[^a]: no note\n```\n"]

    _written = re.compile(r"^ {0,3}\[\^([^\[\]\s]+)\]:", re.MULTILINE)
    _marked = re.compile(r"\[\^([^\[\]\s]+)\]")
    _printed = re.compile(r"\[\^[^\[\]\s]+\]")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare marks and notes of each file; look for marks that were printed."""
        for block in submission.manuscript.document.blocks:
            for found in self._printed.finditer(block.text):
                message = f"The footnote {printable(found[0], 80)} is written nowhere in this file."
                yield self.finding(block.locate(found.end()), message, context=found[0])
        for source in submission.manuscript.sources:
            prose = _prose(source.text)
            notes = list(self._written.finditer(prose))
            starts = {note.start(1) for note in notes}
            marks = {found[1] for found in self._marked.finditer(prose) if found.start(1) not in starts}
            first: dict[str, Location] = {}
            for note in notes:
                name, place = note[1], _place(source, note.start(1) - 2)
                if name in first:
                    message = f"The footnote [^{printable(name, 80)}] is written twice, first at {first[name]}."
                    yield self.finding(place, message, context=note[0])
                elif name not in marks:
                    message = f"The footnote [^{printable(name, 80)}] is not marked in the text, and not printed."
                    yield self.finding(place, message, context=note[0])
                first.setdefault(name, place)


class _Remnant(Struct, frozen=True):
    """Markup as it looks in a text in which it did not work."""

    pattern: re.Pattern[str]
    what: str
    remedy: str
    severity: Severity = Severity.ERROR


_REMNANTS = (
    _Remnant(
        re.compile(r"(?:^|(?<=\s))(?:#{2,6}(?=[^\W_]|\s\S)|\A#(?=[A-Z]))"),
        "A heading was read as text",
        "Put a blank behind the # and an empty line before the heading.",
    ),
    _Remnant(
        re.compile(r"\{(?:[#.][\w:.-]+)(?:\s[^{}]*)?\}|\{\s*(?:alt|width|height|lang)\s*=[^{}]*\}"),
        "Attributes in braces were read as text",
        "Put the brace directly behind the ) or ] it belongs to, without a blank.",
    ),
    _Remnant(
        re.compile(r"!\([^)\s]+\)\s?\["),
        "A picture was read as text",
        "Write ![Caption](file.png): words in square brackets, then the file in round ones.",
    ),
    _Remnant(re.compile(r"`{3,}|~{3,}"), "A line of code marks was read as text", "Close the code with a line of ```."),
    _Remnant(re.compile(r"<!(?:--|[–—])"), "A comment was read as text", "Close the comment with -->."),
    _Remnant(re.compile(r"(?<!\S):{3,}"), "A line of ::: was read as text", "Put an empty line before and after it."),
    _Remnant(
        re.compile(r"(?<![\w:\\/])\\[A-Za-z]{3,}"),
        "A TeX command was read as text",
        "Write it in Markdown; page breaks and fonts are the style's.",
    ),
    _Remnant(
        re.compile(r"\|\s*:?(?:-{3,}|[–—][-–—]*):?\s*\|"),
        "A table was read as text",
        "Put an empty line before the table, and a row of names before its line of dashes.",
    ),
    _Remnant(
        re.compile(r"\[[^\[\]]+\]\s?\((?:https?://|mailto:|www\.)[^)\s]*"),
        "A link was read as text",
        "Write [words](https://...) without a blank between the brackets.",
    ),
    _Remnant(
        re.compile(r"(?:^|(?<=[\s(“‘]))(?:\*\*|__)(?=[^\W_])(?![pP]\s*[<=≤])"),
        "Marks of bold type were printed",
        "Close the bold words with the same two marks.",
        Severity.WARNING,
    ),
    _Remnant(
        re.compile(r"(?<!`)`{1,2}(?!`)"), "A mark of code was printed", "Close the code with `.", Severity.WARNING
    ),
)


class MarkupLeft(Rule):
    """No markup is left in the text."""

    id = "SRC072"
    severity = Severity.ERROR
    source = _PANDOC
    remedy = "Correct the markup; where it is meant as it stands, put it between backticks: `code`."
    bad = [
        "##Deep\n\nText.",
        "Text before\n## A heading\n\nText.",
        'Text.\n\n![A](x.png) {#fig:z alt="Dots"}',
        "Text !(x.png)[A] more.",
        "A claim [@kruegel2016. More.",
        "A claim [see @kruegel2016 and more.",
        "This is **not closed.",
        "Text.\n\n```\ncode without an end\n",
        "Text <!-- unclosed comment",
        "Text.\n\n\\newpage\n\nMore \\textbf{x}.",
        "Rows:\n| a | b |\n|---|---|\n| c | d |\n",
        "See [the leaflet] (https://www.example.org/a).",
        "Words\n:::\n",
    ]
    good = [
        "# Deep {#sec:d}\n\nA \\# in **bold**, `##x`, `{#id}` and $\\alpha$; C:\\temp\\new. Ranked #2, 0.05** and [1].",
        "A claim [@kruegel2016], and @kruegel2016 [p. 4].\n\n```\n##Deep [^x] {#y}\n```\n\n$$a$$ {#eq:a}\n\nSee @eq:a.",
        Example(
            "::: note\nText <!-- comment --> goes on.\n:::\n\n| a | b |\n|---|---|\n| c | d |\n\n: Rows {#tbl:r}\n"
        ),
    ]

    _opened = re.compile(r"(?<!\\)\[[^\[\]]*$")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for the signs of markup in the words of every block."""
        labels = submission.manuscript.document.labels
        for block in submission.manuscript.document.blocks:
            if block.kind in {BlockKind.METADATA, BlockKind.ALT}:
                continue
            yield from self._unclosed_citations(block)
            for remnant in _REMNANTS:
                for found in remnant.pattern.finditer(block.text):
                    if found[0][2:-1] in labels:
                        continue
                    message = f"{remnant.what}: {_around(block.text, found.start(), found.end())}"
                    place = block.locate(found.end())
                    yield self.finding(
                        place, message, context=block.text[:400], remedy=remnant.remedy, severity=remnant.severity
                    )

    def _unclosed_citations(self, block: Block) -> Iterator[Finding]:
        for citation in block.citations:
            before = block.text[: citation.offset]
            opened = self._opened.search(before)
            if citation.mode is not CitationMode.IN_TEXT or not opened or "]" in block.text[citation.offset :]:
                continue
            message = f"The bracket before @{printable(citation.key)} is not closed, and is printed."
            remedy = "Close it behind the last key: [@first2020; @second2021]."
            yield self.finding(citation.location, message, context=citation.key, remedy=remedy)


def _around(text: str, start: int, end: int) -> str:
    """The found text and a little of what follows, on one line."""
    shown = text[start : max(end, start + 40)]
    return f"“{printable(shown, 60)}{'…' if start + len(shown) < len(text) else ''}”"


class RunOnList(Rule):
    """An empty line stands before a list."""

    id = "SRC073"
    severity = Severity.ERROR
    source = (
        "Pandoc User's Guide, Lists: a list that follows a paragraph without an empty line is part of the paragraph"
    )
    remedy = "Put an empty line before the first item."
    bad = ["Signs:\n- tired\n- thirsty\n", "Do this\n1. Sit down.\n2. Call somebody.\n"]
    good = [
        "Signs:\n\n- tired\n    - very tired\n- thirsty\n",
        "A pause - so to speak -\n- and an aside that a line break has cut.",
        "It was in\n12. Nothing else.",
    ]

    _item = re.compile(r"[ \t>]*(?:[-*+]|\d{1,2}[.)])[ \t]+\S")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the source of each paragraph for lines that begin as items do."""
        lines = {source.path: source.text.split("\n") for source in submission.manuscript.sources}
        for block in submission.manuscript.document.blocks:
            if block.kind not in {BlockKind.PARAGRAPH, BlockKind.QUOTE} or not block.anchors:
                continue
            written = lines.get(block.location.file, [])
            rows = sorted({place.line for _, place in block.anchors if place.line})
            items = [row for row in rows[1:] if row <= len(written) and self._item.match(written[row - 1])]
            if items and (len(items) > 1 or written[items[0] - 2].rstrip().endswith(":")):
                message = "This list runs on as a part of the paragraph before it."
                yield self.finding(Location(block.location.file, items[0], 1), message, context=block.text[:400])


class UnclosedPart(Rule):
    """Every part between ::: or <div> tags is closed."""

    id = "SRC074"
    severity = Severity.ERROR
    source = "Pandoc User's Guide, fenced_divs: a part that is not closed goes on to the end of the file"
    remedy = "Close it with a line of ::: (or </div>), with an empty line before and after."
    bad = ["Text.\n\n::: note\nText.\n\n# More\n\nText.", "Text.\n\n<div>\n\nText.\n"]
    good = ["::: note\nText.\n\n:::: {.inner}\nText.\n::::\n:::\n", "```\n::: note\n```\n", "Text."]

    _fence = re.compile(r"^ {0,3}(:{3,})(.*)$")
    _tag = re.compile(r"<(/?)div\b[^>]*>", re.IGNORECASE)

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Count what opens and what closes, file by file."""
        for source in submission.manuscript.sources:
            fences: list[Location] = []
            tags: list[Location] = []
            for number, line in enumerate(_prose(source.text).split("\n"), 1):
                place = Location(source.path, number, 1)
                if fence := self._fence.match(line):
                    _open_or_close(fences, place, closes=not fence[2].strip(": "))
                for tag in self._tag.finditer(line):
                    _open_or_close(tags, place, closes=bool(tag[1]))
            for place in (*fences, *tags):
                yield self.finding(place, "This part is opened, but not closed: it swallows what follows.")


def _open_or_close(opened: list[Location], place: Location, *, closes: bool) -> None:
    if not closes:
        opened.append(place)
    elif opened:
        opened.pop()


class Placeholder(Rule):
    """No placeholder stands where a source belongs."""

    id = "SRC075"
    severity = Severity.ERROR
    source = "ICMJE Recommendations IV.A.3.g: statements rest on references that the reader can find"
    remedy = "Cite the source, or take the statement out."
    bad = ["Kratom helps with sleep [citation needed]. More.", "It is so [ref]."]
    good = ["Kratom acts on opioid receptors [@kruegel2016].", "The word [sic] stays."]

    _words = re.compile(
        r"\[\s*(?:citation needed|citation|cite|refs?|references? needed|reference|source\??|sources? needed|\?+"
        r"|beleg fehlt|quelle\??|référence nécessaire|cita requerida)\s*\]",
        re.IGNORECASE,
    )

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for the usual placeholders in the words of every block."""
        for block in submission.manuscript.document.blocks:
            for found in self._words.finditer(block.text):
                message = f"A placeholder stands for a source: {found[0]}"
                yield self.finding(block.locate(found.end()), message, context=block.text[:400])


class KeysPartedBySemicolon(Rule):
    """Several keys in one pair of brackets are parted by semicolons."""

    id = "CIT013"
    severity = Severity.ERROR
    source = "Pandoc User's Guide, Citations: keys are parted by ;. What follows a key up to there is its suffix"
    remedy = "Put a semicolon between the keys: [@first2020; @second2021]."
    waivable = False
    bad = [
        Example("Two papers [@kruegel2016, @doi:10.1021/jacs.6b00360] say so."),
        Example("Two papers [@kruegel2016 @kruegel2016, p. 4] say so."),
        Example("Two papers say so.^[See @kruegel2016 and [@kruegel2016 and @kruegel2016].]"),
    ]
    good = [
        Example("Two papers [@kruegel2016; see also @kruegel2016, p. 4] say so."),
        Example("See [@sec:one, @sec:two].\n\n# One {#sec:one}\n\nText.\n\n# Two {#sec:two}\n\nText."),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """The keys that reading has found inside the suffix or prefix of another."""
        return (finding for finding in submission.manuscript.findings if finding.rule == self.id)
