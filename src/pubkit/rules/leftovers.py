"""SRC079: what the tools that a text went through have left in it: git, Word, a template, a chatbot, a wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Location, Severity
from pubkit.language.alphabets import DAMAGED
from pubkit.manuscript.prose import prose
from pubkit.rules.base import Rule, Submission

__all__ = ["ToolsLeftovers"]


class _Leftover(Struct, frozen=True):
    pattern: re.Pattern[str]
    what: str
    remedy: str


_CONFLICT = _Leftover(
    re.compile(r"^[ ]{0,3}(?:<{7}|>{7})(?: [^\n]*)?$", re.MULTILINE),
    "A merge conflict of git was not resolved",
    "Keep one of the two texts, and remove the lines <<<<<<<, ======= and >>>>>>>.",
)
_CHATBOT = _Leftover(
    re.compile(
        r":?contentReference\[?oaicite|【?\boaicite:\d|\boai_citation:\d|\b(?:file|i)?cite(?:turn\d+\w+\d+)+|"
        r"\bturn\d+(?:search|news|view|file|image|fetch|academia|click)\d+\b|【\d+(?::\d+)?†|[\ue200-\ue206]|"
        r"\[cite_start\]|\[cite:\s?\d[\d, ]*\]|\[attached_file:\d+\]|\[web:\d+\]|"
        r"(?<![“\"‘'«„])\bas an? (?:AI(?: language)?|large language) model,? I\b|"
        r"(?<![“\"‘'«„])\bas of my last (?:knowledge )?(?:update|training)\b|\bmy knowledge cut-?off\b|"
        r"\A\s*(?:Certainly|Sure|Of course)[!,]\s(?:here(?:’s|'s| is| are)|I can)\b|"
        r"\bI hope this helps!|\bLet me know if you(?:’d| would|'d) like me to\b|\ARegenerate response\Z|"
        r"utm_source=(?:chatgpt|openai|copilot|perplexity|gemini|claude)\b",
        re.IGNORECASE,
    ),
    "An answer of a chatbot was pasted in",
    "Remove it; check every statement around it against its source, and say how the tool was used.",
)
_LEFTOVERS = (
    _Leftover(
        re.compile(r"Error! (?:Reference source|Bookmark) not (?:found|defined)|Fehler! Verweisquelle"),
        "A cross-reference of a word processor is broken",
        "Write @fig:name, @tbl:name or @sec:name, with that label at what is meant.",
    ),
    _Leftover(
        re.compile(r"\b(?:Figures?|Figs?\.?|Tables?|Sections?|Chapters?|Equations?|Eqs?\.?)\s\(?\?\?(?!\?)"),
        "A cross-reference of LaTeX is broken",
        "Write @fig:name, @tbl:name or @sec:name, with that label at what is meant.",
    ),
    _Leftover(
        re.compile(r"\$\{[A-Za-z_][\w.]+\}(?![_^{(])|<%=?\s[^%]+%>|%\(\w+\)[sdf]\b|(?<!\w)%[A-Z][A-Z_]{2,}%"),
        "A place in a template was not filled in",
        "Write the value.",
    ),
    _CHATBOT,
    _Leftover(
        re.compile(r"(?<![\w&])#(?:(?:REF|DIV/0|VALUE|NUM|NULL)!|N/A(?!\w)|NAME\?)|\[object Object\]"),
        "A program could not give a value",
        "Write the value.",
    ),
    _Leftover(
        # In a mail, the first two bytes of a letter in UTF-8; a structure such as OC1=CC=CC=C1 has none.
        re.compile(
            r"(?<![\w\\“‘\"'])\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})|=(?:C[2-9A-F]|D\w|E\w|F[0-4])=[89AB][0-9A-F]"
        ),
        "A letter is written as a program or a mail writes it",
        "Type the letter itself.",
    ),
    _Leftover(
        re.compile(rf"(?<![“\"‘'«„])(?:{DAMAGED.pattern})"),
        "A letter is damaged by a wrong encoding",
        "Type the letter again, and save the file as UTF-8.",
    ),
)


class ToolsLeftovers(Rule):
    """Nothing is left in the text of a tool that merged, converted, filled in or wrote it."""

    id = "SRC079"
    severity = Severity.ERROR
    source = "ICMJE Recommendations II.A.4: authors answer for what a tool wrote; git, “How conflicts are presented”"
    remedy = "Remove it; if it is meant literally, put it between backticks: `code`."
    bad = [
        "<<<<<<< HEAD\nTake one.\n=======\nTake five.\n>>>>>>> review\n",
        "See Error! Reference source not found.",
        "The result is in Figure ??.",
        "Take ${dose} mg.",
        "Sleep helps.:contentReference[oaicite:3]{index=3}",
        "As an AI language model, I cannot know that.",
        "Sleep helps.[cite: 1, 2]",
        "Certainly! Here is a shorter version:",
        "See [this page](https://www.example.org/a?utm_source=chatgpt.com).",
        "The sum was #REF! in all.",
        "Take 5 \\u00b5g of it, or =C2=B5.",
        "The bed is Johnâ€™s.",
    ]
    good = [
        "```\n<<<<<<< HEAD\n```\n\nIt cost $5 and ${}$; what? Why?? See `${dose}` and Figure 2.",
        "The makers of an AI model say so. A NÃO in São Tomé, the sign “\ufffd”, 5 << 6, >> here, CC(=O)OC1=CC=CC=C1C(=O)O.",
        "It answered “As an AI language model, I cannot say”. See [a page](https://www.example.org/a?utm_source=list).",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the source for git's marks, which pandoc takes for quotations and headings; in the words for the rest."""
        for source in submission.manuscript.sources:
            text = source.text
            for found in _CONFLICT.pattern.finditer(prose(text) if "<<<<<<<" in text or ">>>>>>>" in text else ""):
                yield self._left(_CONFLICT, found, source.location(found.start(), len(found[0])), found[0])
        for block in submission.manuscript.document.blocks:
            for leftover in _LEFTOVERS:
                for found in leftover.pattern.finditer(block.text):
                    yield self._left(leftover, found, block.locate(found.start()), block.text[:400])
        for link in submission.manuscript.document.links:
            named = _CHATBOT.pattern.search(link.target)
            if named and not _CHATBOT.pattern.search(link.text):
                yield self._left(_CHATBOT, named, link.location, link.target)

    def _left(self, leftover: _Leftover, found: re.Match[str], at: Location, context: str) -> Finding:
        before = found.string[max(0, found.start() - 15) : found.start()].rpartition("\n")[2]
        after = found.string[found.end() : found.end() + 15].partition("\n")[0]
        around = f"{before}{found[0]}{after}".strip()
        message = f"{leftover.what}: “{printable(around, 60)}”"
        return self.at(at, message, context=context, remedy=leftover.remedy)
