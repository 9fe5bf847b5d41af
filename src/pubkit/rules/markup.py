"""SRC07: markup that silently loses text: table cells, notes, lists, blocks, links.

pandoc reads whatever it does not understand as text, and exits with 0. What it dropped can only be seen in the source;
`pubkit.rules.remnants` looks for what it printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.findings import Finding, Location, Severity
from pubkit.language.folding import caseless
from pubkit.manuscript.model import Block, BlockKind
from pubkit.manuscript.prose import prose, without_comments
from pubkit.rules.base import Rule, Submission
from pubkit.rules.rewriting import empty_line_before

_TABLES = "Pandoc User's Guide, pipe_tables: cells beyond the columns of the delimiter row are dropped"
_NOTES = "Pandoc User's Guide, Footnotes: [^id], and once [^id]: with the note"


class TableCells(Rule):
    """Every row of a table has as many cells as the table has columns."""

    id = "SRC070"
    severity = Severity.ERROR
    source = _TABLES
    remedy = (
        "Give every row, including the header and the line of dashes, the same number of cells; write "
        "\\| for a bar in a cell."
    )
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
            lines = prose(source.text).split("\n")
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
                lost = "the extra cells are not printed" if cells > columns else "the rest stay empty"
                message = f"This table row has {_count(cells, 'cell')}, but the line of dashes has {columns}: {lost}."
                yield self.at(source.line(number + 1), message, context=lines[number])

    def _cells(self, line: str) -> int:
        bare = self._hidden.sub("x", line).strip()
        bars = bare.count("|") + (bare.count("+") if self._dashes.fullmatch(bare) else 0)
        return bars + 1 - bare.startswith("|") - (bare.endswith("|") and len(bare) > 1)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


class Footnotes(Rule):
    """Every footnote is defined once and has a mark in the text."""

    id = "SRC071"
    severity = Severity.ERROR
    source = _NOTES
    remedy = (
        "Put a mark [^id] in the text, and define the note once in the same file on a line such as [^id]: The note."
    )
    bad = [
        "Words.[^nope]",
        "Words.\n\n[^a]: A note.\n",
        "Words.[^a]\n\n[^a]: One.\n\n[^a]: Two.\n",
        "Words.[^a]\n\n[^a]: One.[^b]\n\n[^b]: Two.\n",
    ]
    good = ["Words.[^a]\n\n[^a]: A note, and `[^b]`.\n", "Words.^[A note.]", "```\n[^a]: no note\n```\n"]

    _written = re.compile(r"^ {0,3}\[\^([^\[\]\s]+)\]:", re.MULTILINE)
    _marked = re.compile(r"\[\^([^\[\]\s]+)\]")
    _printed = re.compile(r"\[\^[^\[\]\s]+\]")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare marks and notes of each file; look for marks that were printed."""
        for block in submission.manuscript.document.markdown:
            for found in self._printed.finditer(block.text):
                yield self._printed_mark(submission, block, found)
        for source in submission.manuscript.sources:
            text = prose(source.text)
            notes = list(self._written.finditer(text))
            starts = {note.start(1) for note in notes}
            marks = {found[1] for found in self._marked.finditer(text) if found.start(1) not in starts}
            first: dict[str, Location] = {}
            for note in notes:
                name, at = note[1], source.location(note.start(1) - 2)
                if name in first:
                    message = f"The footnote [^{printable(name, 80)}] is defined twice, first at {first[name]}."
                    yield self.at(at, message, context=note[0])
                elif name not in marks:
                    message = f"The footnote [^{printable(name, 80)}] has no mark in the text, so it is not printed."
                    yield self.at(at, message, context=note[0])
                first.setdefault(name, at)

    def _printed_mark(self, submission: Submission, block: Block, found: re.Match[str]) -> Finding:
        near, shown = block.locate(found.end()), printable(found[0], 80)
        text = submission.manuscript.written.get(near.file, "")
        at = _from(near, found[0], text)
        if block.kind is BlockKind.NOTE and f"{found[0]}:" in text:
            message = f"The footnote {shown} is marked inside another note, where pandoc does not read it."
            remedy = "Put its text into the outer note, or put the mark in the main text."
            return self.at(at, message, context=found[0], remedy=remedy)
        message = f"The footnote {shown} is not defined in this file."
        return self.at(at, message, context=found[0])


def _from(near: Location, mark: str, text: str) -> Location:
    """Return where `mark` stands in the line of `near`, at its place or behind it; `near` if it does not."""
    line = next(iter(text.split("\n")[near.line - 1 : near.line]), "") if near.line else ""
    column = line.find(mark, max(0, near.column - 1)) + 1
    return Location(near.file, near.line, column) if column else near


class LinkNames(Rule):
    """Every reference link has exactly one definition."""

    id = "SRC076"
    severity = Severity.ERROR
    source = "Pandoc User's Guide, Reference links: [words][name], and one definition [name]: address"
    remedy = (
        "Define the name once, on a line of its own: [name]: https://..., or put the address in the "
        "link: [words](https://...)."
    )
    bad = [
        "See [the leaflet][nowhere].",
        "See [the leaflet][].",
        "See [the leaflet][a].\n\n[a]: https://example.org/one\n[a]: https://example.org/two\n",
        "Text.\n\n[a]: https://example.org/one\n",
    ]
    good = [
        "See [the leaflet][a], [the leaflet][A] and [a].\n\n[a]: https://example.org/one\n",
        "```\n[a]: https://example.org/one\n```\n\nIn brackets [sic] and [1].",
        'See [a][].\n\n[a]: <https://example.org/one> "A title"\n',
        "Words.[^a]\n\n[^a]: A note.\n",
    ]

    _written = re.compile(r"^ {0,3}\[(?![\^@])([^\[\]\n]+)\]:[ \t]*\n?[ \t]*(\S+)", re.MULTILINE)
    _marked = re.compile(r"\[([^\[\]]+)\]")
    _printed = re.compile(r"\[([^\[\]]+)\]\[([^\[\]]*)\]")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare names and addresses of each file; look for links by name that were printed."""
        for block in submission.manuscript.document.markdown:
            for found in self._printed.finditer(block.text):
                name = found[2] or found[1]
                if not name.isdecimal():
                    message = f"The link name [{printable(name, 80)}] is not defined in this file."
                    yield self.at(block.locate(found.end()), message, context=found[0])
        for source in submission.manuscript.sources:
            yield from self._definitions(source, prose(source.text))

    def _definitions(self, source: SourceFile, text: str) -> Iterator[Finding]:
        written = list(self._written.finditer(text))
        starts = {found.start(1) for found in written}
        marks = {caseless(found[1]) for found in self._marked.finditer(text) if found.start(1) not in starts}
        first: dict[str, tuple[str, Location]] = {}
        for found in written:
            name, at = caseless(found[1]), source.location(found.start(1) - 1)
            shown = printable(found[1], 80)
            if name in first and first[name][0] != found[2]:
                message = (
                    f"The link name [{shown}] is defined twice with different addresses, first at {first[name][1]}."
                )
                yield self.at(at, message, context=found[0])
            elif name not in first and name not in marks:
                message = f"No link uses the name [{shown}], so this line is not printed."
                yield self.at(at, message, context=found[0], severity=Severity.WARNING)
            first.setdefault(name, (found[2], at))


class RunOnList(Rule):
    """Every list has an empty line before it."""

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
        """Look in the source of each paragraph for lines that begin like list items."""
        lines = {path: text.split("\n") for path, text in submission.manuscript.written.items()}
        for block in submission.manuscript.document.blocks:
            if block.kind not in {BlockKind.PARAGRAPH, BlockKind.QUOTE} or not block.anchors:
                continue
            written = lines.get(block.location.file, [])
            rows = sorted({place.line for _, place in block.anchors if place.line})
            items = [row for row in rows[1:] if row <= len(written) and self._item.match(written[row - 1])]
            if items and (len(items) > 1 or written[items[0] - 2].rstrip().endswith(":")):
                message = "This list is printed as part of the paragraph before it."
                yield self.at(
                    Location(block.location.file, items[0], 1),
                    message,
                    context=block.text[:400],
                    fix=empty_line_before(block.location.file, items[0]),
                )


class RunOnBlock(Rule):
    """Every heading, quotation, rule and list has marks that pandoc knows, and an empty line before it."""

    id = "SRC122"
    severity = Severity.ERROR
    source = "Pandoc User's Guide, Headings, Block quotations, Horizontal rules, Lists: each begins after an empty line"
    remedy = "Put an empty line before it."
    bad = [
        "Rest helps.\n# Sleep\nSo does sleep.\n",
        "She said\n> Sleep is good.\n",
        "Rest helps.\n***\nSo does sleep.\n",
        "– Rest\n– Sleep\n",
        "1.Rest\n2.Sleep\n",
        "① Rest\n② Sleep\n",
        "A. Rest\nB. Sleep\nC. Walks\n",
        "I. Rest\nII. Sleep\n",
        "Name | Dose\nOne | 5 mg\n",
        "| A | B |\n|---|---|\n| c | d |\n\n: Letters\n\nTable: More letters\n",
    ]
    good = [
        "People aged\n> 65 years, or\n# 3 in the queue.\n",
        "A pause\n– so to speak – is\ngood.\n\n***\n\n> Sleep is good.\n> She said so.\n",
        "It was in\n12.5 hours\n2.Nothing.",
        "A. Roe and\nC. Poe slept.\n\nA.  Rest\nB.  Sleep\n\na. Rest\nb. Sleep\n",
        "– How are you?\\\n– Well, and `x`: rest.",
        "**Ah!** Rest is\n**good**.\n\nRest <!-- is\n# good\n--> helps.",
        "- `-f`: force\n\n| A | B |\n|---|---|\n| c | d |\n\nTable: Letters\n",
    ]

    _kinds = (
        (re.compile(r"[ ]{0,3}#{1,6}[ \t]+(?=[^\W\d_])"), "heading"),
        (re.compile(r"[ ]{0,3}>[ \t]*(?=[\"'“‘*_]?[^\W\d_])"), "quotation"),
        (re.compile(r"[ ]{0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*\Z"), "rule"),
    )
    _captioned = re.compile(r"[ ]{0,3}(?:[Tt]able)?:[ \t]+(?=[^\W_])")
    #: The end of a line that stays a line of its own.
    _kept_apart = re.compile(r"(?:  |\\|<br[ /]*>)\Z")
    _bar = re.compile(r"(?<=\s)\|(?=\s)")
    _gap = re.compile(r"(?<=\S)(?:\t+|[ ]{3,})(?=\S)")
    _marks = re.compile(
        r"[ \t]*(?P<mark>[-–·o✓✔➢❖]|\*(?![*\w][^*\n]*\*)|\[[ xX]\]|[①-⑳]|(?:[A-Z]|[IVX]+)\.(?= )|"
        r"\(?\d{1,2}(?: [.)]|[.)](?=[^\W\d_])))(?P<gap>[ \t]*)(?=\S)"
    )

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the source of each paragraph for lines that begin like other blocks."""
        files = submission.manuscript.written
        lines = {path: without_comments(text).split("\n") for path, text in files.items()}
        for block in submission.manuscript.document.blocks:
            if block.kind in {BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.LIST_ITEM} and block.anchors:
                yield from self._blocks(block, lines.get(block.location.file, []))

    def _blocks(self, block: Block, written: list[str]) -> Iterator[Finding]:
        numbers = [place.line for _, place in block.anchors if 0 < place.line <= len(written)]
        if not numbers:
            return
        rows = range(min(numbers), max(numbers) + 1)
        is_quoted = written[rows[0] - 1].lstrip().startswith(">")
        for row in rows[1:] if not is_quoted else ():
            kind = next((name for pattern, name in self._kinds if pattern.match(written[row - 1])), "")
            if kind:
                message = (
                    f"This {kind} is printed as part of the paragraph: “{printable(written[row - 1].strip(), 60)}”"
                )
                fix = empty_line_before(block.location.file, row)
                yield self.at(Location(block.location.file, row, 1), message, context=written[row - 1], fix=fix)
        if block.kind is not BlockKind.LIST_ITEM:
            lines = [(row, written[row - 1]) for row in rows]
            yield from self._caption(block, lines[0])
            if not self._kept_apart.search(lines[0][1]):
                yield from self._list(block, lines)
                yield from self._table(block, lines)

    def _caption(self, block: Block, first: tuple[int, str]) -> Iterator[Finding]:
        row, line = first
        if self._captioned.match(line):
            message = "The caption of a table is printed as a paragraph."
            remedy = "Give each table one caption, directly before or after it, with an empty line between."
            yield self.at(Location(block.location.file, row, 1), message, context=line, remedy=remedy)

    def _table(self, block: Block, rows: list[tuple[int, str]]) -> Iterator[Finding]:
        """Find the rows of a table that has no line of dashes: all lines of a paragraph have as many bars or wide gaps."""
        bars = {len(self._bar.findall(line)) for _, line in rows}
        gaps = {len(self._gap.findall(line)) for _, line in rows}
        even = len(bars) == 1 and 0 not in bars and not rows[0][1].lstrip().startswith("|")
        if (len(rows) > 1 and even) or (len(rows) > 2 and len(gaps) == 1 and 0 not in gaps):
            message = "These lines look like rows of a table, and are printed as one paragraph."
            remedy = (
                "Put a line of dashes, such as --- | ---, under the row of names, and an empty line before the table."
            )
            yield self.at(
                Location(block.location.file, rows[0][0], 1), message, context=block.text[:400], remedy=remedy
            )

    def _list(self, block: Block, rows: list[tuple[int, str]]) -> Iterator[Finding]:
        """Find the lines of a list whose marks are none: all lines of a paragraph but one begin with one of a kind."""
        found = [(row, mark) for row, line in rows if (mark := self._marks.match(line))]
        if len(found) < 2 or found[0][0] != rows[0][0] or len(found) < len(rows) - 1 or not _one_kind(found):
            return
        message = "These lines begin like items of a list, and are printed as one paragraph."
        remedy = (
            "Begin each item with a hyphen and a space, or with 1. and a space; put an empty line before the first."
        )
        yield self.at(Location(block.location.file, found[0][0], 1), message, context=block.text[:400], remedy=remedy)


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def _one_kind(found: list[tuple[int, re.Match[str]]]) -> bool:
    """Return whether the marks are all the same sign, or count from one on."""
    marks = [mark["mark"].lower().replace("x", " ") for _, mark in found]
    if len(set(marks)) == 1:
        return marks[0] != "o" or all(len(mark["gap"]) for _, mark in found)
    if all("①" <= mark <= "⑳" for mark in marks):
        return True
    numbers = [mark["mark"].strip("( .)") for _, mark in found]
    counted = [str(number) for number in range(1, len(marks) + 1)]
    return any(numbers == list(names[: len(marks)]) for names in (counted, ascii_uppercase, _ROMAN))


_SECOND_LINE = 2


class IndentedProse(Rule):
    """A paragraph is not indented by four spaces, which sets it as code."""

    id = "SRC077"
    severity = Severity.WARNING
    source = "CommonMark, indented code blocks: four spaces before a paragraph make it code"
    remedy = "Remove the spaces before the paragraph; fence what is meant as code with lines of ```."
    bad = [
        "Text.\n\n    She slept well for the whole night, and woke rested. The tea was cold.\n",
        "Text.\n\n    Sleep helps people who rest [@roe2020]\n",
        "Text.\n\n    > [!WARNING]\n    > Never take it with alcohol.\n",
    ]
    good = [
        "Text.\n\n    x = 1\n",
        "Text.\n\n```\nShe slept well for the whole night.\n```\n",
        "1.  Then run this:\n\n        cd the other folder\n        git init\n",
        "- A list\n\n    - with `git add every file.` in it.\n\n    ```\n    She slept well. He did not.\n    ```\n",
    ]

    _sentence = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|\Z)")
    _key = re.compile(r"@\w")

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the source of each text set as code for the spaces before it."""
        lines = {path: text.split("\n") for path, text in submission.manuscript.written.items()}
        for block in submission.manuscript.document.blocks:
            written = lines.get(block.location.file, [])
            if block.kind is not BlockKind.CODE or not 0 < block.location.line <= len(written):
                continue
            has_key = self._key.search(block.text) is not None
            if (has_key or self._sentence.search(block.text)) and _is_indented(written, block.location):
                lost = ", and a key in it is not cited" if has_key else ""
                yield self.at(
                    block.location,
                    f"This paragraph is indented, so it is set as code{lost}.",
                    context=block.text[:400],
                )


def _is_indented(written: Sequence[str], place: Location) -> bool:
    """Return whether an indented line begins at `place`, after an empty one: code between fences follows their line."""
    before = written[place.line - 1][: place.column - 1]  # perhaps with the signs of an alert
    blank = place.line < _SECOND_LINE or not written[place.line - 2].strip()
    return blank and not before.strip(" \t>![") and len(before.expandtabs(4)) >= len("    ")


class UnclosedPart(Rule):
    """Every ::: or <div> block is closed."""

    id = "SRC074"
    severity = Severity.ERROR
    source = "Pandoc User's Guide, fenced_divs: a block that is not closed extends to the end of the file"
    remedy = "Close the block with a line of ::: (or </div>), with an empty line before and after it."
    bad = ["Text.\n\n::: note\nText.\n\n# More\n\nText.", "Text.\n\n<div>\n\nText.\n"]
    good = ["::: note\nText.\n\n:::: {.inner}\nText.\n::::\n:::\n", "```\n::: note\n```\n", "Text."]

    _fence = re.compile(r"^ {0,3}(:{3,})(.*)$")
    _tag = re.compile(r"<(/?)div\b[^>]*>", re.IGNORECASE)

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Count what opens and what closes, file by file."""
        for source in submission.manuscript.sources:
            fences: list[Location] = []
            tags: list[Location] = []
            for number, line in enumerate(prose(source.text).split("\n"), 1):
                place = source.line(number)
                if fence := self._fence.match(line):
                    _open_or_close(fences, place, closes=not fence[2].strip(": "))
                for tag in self._tag.finditer(line):
                    _open_or_close(tags, place, closes=bool(tag[1]))
            for place in (*fences, *tags):
                yield self.at(place, "This block is opened but never closed, so it takes in everything that follows.")


def _open_or_close(opened: list[Location], place: Location, *, closes: bool) -> None:
    if not closes:
        opened.append(place)
    elif opened:
        opened.pop()
