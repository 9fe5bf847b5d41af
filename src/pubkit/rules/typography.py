"""SRC121 and SRC126: signs that are printed otherwise than they were typed, and signs that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Severity
from pubkit.language.recognition import words_for
from pubkit.manuscript.model import Block, BlockKind
from pubkit.manuscript.prose import prose
from pubkit.rules.base import Rule, Submission
from pubkit.rules.rewriting import on_line
from pubkit.rules.typed import is_typed

__all__ = ["ChangedSigns", "HiddenSpace"]


class _Change(Struct, frozen=True):
    """Signs as they are printed, how they are typed, and what to type instead.

    `meant` has the sign that is meant for each that is typed; without one, the signs are set as code.
    """

    printed: re.Pattern[str]
    typed: dict[str, str]
    what: str
    remedy: str
    meant: Mapping[str, str]


_QUOTES = {"’": "'", "‘": "'", "”": '"', "“": '"'}
_PRIMES = {"'": "′", '"': "″"}
_DASHES = {"–": "--", "—": "---"}
_CHANGES = (
    _Change(
        re.compile(r"(?<![\w.,])\d{1,2}’\s?\d{1,2}(?:”|\b)(?![\w-])"),
        _QUOTES,
        "Feet and inches are printed with quotation marks",
        "Write 5 ft 10 in, or type the signs themselves: 5′10″.",
        _PRIMES,
    ),
    _Change(
        re.compile(r"(?<![\w.,’])\d{1,3}(?:[./]\d+)?”(?=[\s,;.)]|\Z)"),
        _QUOTES,
        "The sign for inches is printed as a quotation mark",
        "Write 12 in, or type the sign itself: 12″.",
        _PRIMES,
    ),
    _Change(
        re.compile(r"(?<!\w)[1-9]’(?:,\d’)*(?=-[A-Za-z]|\sends?\b|\sUTRs?\b|\sto\s\d’)"),
        _QUOTES,
        "A prime is printed as an apostrophe",
        "Type the sign itself: 5′.",
        _PRIMES,
    ),
    _Change(
        re.compile(r"(?<![\w‘])‘\d0s\b(?!’)"),
        _QUOTES,
        "An apostrophe is printed as an opening quotation mark",
        "Type the sign itself: ’90s.",
        {"'": "’"},
    ),
    _Change(
        re.compile(r"(?<=[^\W_])(‘[^\W\d_]+)"),
        _QUOTES,
        "An apostrophe is printed as an opening quotation mark",
        "Type the sign itself: ’s.",
        {"'": "’"},
    ),
    _Change(
        re.compile(
            r"\b(?:options?|flags?|switch|arguments?|parameters?|command|commands|run|use|using|with|add|pass|set|git \w+|"
            r"pip \w+|npm \w+|pubkit(?: \w+)?) (–[a-z][a-z-]*[a-z])(?=[\s=,.;)]|\Z)(?!.{0,300}\w–(?!\w))"
        ),
        _DASHES,
        "The two hyphens of an option are printed as a dash",
        "Put it between backticks: `--option`.",
        {},
    ),
    _Change(
        re.compile(r"(?:(?<!8)<[–—]|[–—]>)"),
        _DASHES,
        "An arrow is printed as a dash and a sign",
        "Type the sign itself: → or ←.",
        {"<": "←", ">": "→", "–": "", "-": ""},
    ),
)
#: An address in the text that is in no brackets, with a sign that pandoc may read as markup or set as another one.
_ADDRESS = expression(r"(?<![\w(<\[\"'=/:@])(?:https?://|www\.|doi:\s?10\.|10\.\d{4,9}/)[^\s<>\[\]()|`\"]+")
_AT_RISK = expression(r"--|\.\.\.|['*~^$\\]|(?<![^\W_])_|_(?![^\W_])")
#: A quotation or an address that a sign is in begins at most so many characters before it.
_BEFORE = 2000
_DEFINITION = expression(r"[ \t>]*\[[^\]]+\]:[ \t]*")
_AFTER = ".,;:!?'*_~"


class ChangedSigns(Rule):
    """Signs that matter are printed as they were typed: those of addresses, options, feet, inches and arrows."""

    id = "SRC121"
    severity = Severity.WARNING
    source = "Pandoc User's Guide, smart: quotation marks, hyphens and dots are set as typographic signs"
    remedy = "Type the sign that is meant, or put the text between backticks: `code`."
    bad = [
        "She is 5'10\" tall.",
        'A 12" tube was used.',
        "The 5' end and the 3'-UTR.",
        "In the '90s it was so, as rock 'n' roll was.",
        "[Ann](https://example.org)'s 'rest' helps.",
        "Run it with --force first.",
        "Rest --> sleep.",
        "See https://example.org/a--b for more.",
        "See https://example.org/~ann/~bo/x for more.",
    ]
    good = [
        "She is 5′10″ tall, and 5 ft. He said “in 1990” and 'in 1990'. The 1990's, the ’90s and the boys' 5' walk.",
        "Run it with `--force` first --or not-- and then -- so to speak -- rest; pages 1--2.",
        "See <https://example.org/a--b>, [this](https://example.org/~ann/~bo) and https://example.org/a_b_c/~ann.",
        "See [a].\n\n[a]: https://example.org/x--y#:~:text=a%20b\n",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the words for signs that were not typed, and in the source for addresses that are not printed."""
        blocks = submission.manuscript.document.blocks
        for block in blocks:
            if block.kind is not BlockKind.METADATA:
                yield from self._signs(block, submission)
        yield from self._addresses(submission)

    def _signs(self, block: Block, submission: Submission) -> Iterator[Finding]:
        for change in _CHANGES:
            for found in change.printed.finditer(block.text):
                start, end = found.span(found.re.groups)
                before, signs = block.text[max(0, start - _BEFORE) : start], block.text[start:end]
                typed = "".join(change.typed.get(char, char) for char in signs)
                if _is_open(before) or not is_typed(typed, block, start, submission.manuscript.written):
                    continue
                message = f"{change.what}: {printable(signs, 40)}"
                place = block.locate(start + (not signs[0].isalnum()))
                new = "".join(change.meant.get(char, char) for char in typed.replace("--", "–"))
                new = f"`{typed}`" if not change.meant else new
                fix = on_line(submission, place, re.escape(typed), new.replace("\\", r"\\"), f"Type {new}")
                yield self.at(place, message, context=block.text[:400], remedy=change.remedy, fix=fix)

    def _addresses(self, submission: Submission) -> Iterator[Finding]:
        document = submission.manuscript.document
        risky = [found for source in submission.manuscript.sources for found in _risky(source)]
        if not risky:
            return
        printed = {block.text for block in document.blocks} | {link.target for link in document.links}
        for source, start, address in risky:
            if not any(address in text for text in printed):
                message = f"This address is not printed as it was typed: {printable(address, 80)}"
                remedy = "Put it between < and >, or make a link of it: [words](https://...)."
                place = source.location(start, len(address))
                web = address.startswith(("http://", "https://"))
                found = source.replacement(start, start + len(address), f"<{address}>") if web else None
                fix = Fix("Put the address between < and >", (found,)) if found else None
                yield self.at(place, message, context=address, remedy=remedy, severity=Severity.ERROR, fix=fix)


def _is_open(before: str) -> bool:
    """Return whether a text ends within quotation marks or an address."""
    return "://" in before.rpartition(" ")[2] or before.rfind("“") > before.rfind("”")


def _risky(source: SourceFile) -> Iterator[tuple[SourceFile, int, str]]:
    """Yield the addresses of `source` with a sign that may change, and where they are."""
    text = prose(source.text)
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER)
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if _AT_RISK.search(address) and not _DEFINITION.fullmatch(line):
            yield source, found.start(), address


#: A word with a hyphen and a space in it.
_PARTED = expression(r"(?<![\w-])(?:[^\W\d_]{2,30}-){1,3} (?P<second>[^\W\d_]{2,30})\b")
#: What may follow a hyphen that stands for the rest of a word, besides "and" and "or": "first- versus second-line".
_SUSPENDED = frozenset({"versus", "vs", "but", "nor", "then", "than", "bzw", "sowie", "beziehungsweise", "als", "wie"})


class HiddenSpace(Rule):
    """No invisible space divides a word."""

    id = "SRC126"
    severity = Severity.WARNING
    source = "Unicode Standard, 23.2: U+200B, U+2060 and U+FEFF are no letters, and end a word for a search or a voice"
    remedy = "Delete it, or type the word anew; it comes with text copied from web pages and PDF files."
    bad = [
        "An anti\u200bdepressant.",
        "Take 5\u20600 mg.",
        "The para\ufeffcetamol is new.",
        "It is a meta-\nanalysis of both.",
    ]
    good = [
        "Pre-\nand postoperative care, a long-term\nstudy, an anti -\nwell.\n\nNon-\n\nsmokers",
        "A soft\u00adly broken word, ภาษา\u200bไทย, https://example.org/\u200ba, either/\u200bor, and a\u200b b.",
    ]

    _hidden = re.compile(
        r"(?<=[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff])[\u200b\u2060\ufeff]+(?=[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff])|"
        r"(?<=\d)[\u200b\u2060\ufeff]+(?=\d)"
    )

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look between the letters of every word, and at hyphens with which lines end."""
        joins = words_for(submission.publication.lang).joins
        for block in submission.manuscript.document.blocks:
            for found in _PARTED.finditer(block.text):
                here, below = block.locate(found.start()), block.locate(found.start("second"))
                if here.line and below.line == here.line + 1 and found["second"].lower() not in joins | _SUSPENDED:
                    message = f"A line ends within a word, which is printed with a space: {printable(found[0], 60)}"
                    remedy = "Write the word on one line; a line's end is printed as a space."
                    yield self.at(below, message, context=found[0], remedy=remedy)
            for found in self._hidden.finditer(block.text):
                start, end = block.text.rfind(" ", 0, found.start()) + 1, block.text.find(" ", found.end())
                word = block.text[start : end if end >= 0 else None]
                message = f"The invisible character U+{ord(found[0][0]):04X} divides a word: {printable(word, 60)}"
                yield self.at(block.locate(found.end()), message, context=word)
