"""SRC124: changes and comments that an editor or author has written between the lines, and that readers would see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript.prose import prose
from pubkit.rules.base import Rule, Submission

__all__ = ["EditorsNotes"]

_CRITIC = expression(
    r"\{>>[^{}]+<<\}|\{\+\+[^{}]+\+\+\}|\{--[^{}]+--\}|\{~~[^{}]+~>[^{}]*~~\}|\{==[^{}]+==\}",
)
_QUERY = expression(
    r"\[(?:AU|AQ|AuQ|ED|EQ|CE|PE|QA?)\s?\d{0,3}:\s[^\[\]]+\]|"
    r"[\[(](?:[Aa]uthors?|AUTHORS?|[Ee]ditors?|EDITORS?)(?: query| note)?:\s(?:please|pls|check|confirm|supply|is |are |"
    r"can |could |should )[^\[\]()]*[\])]|"
    r"[\[(](?:[Nn]ote to (?:self|editor|author|typesetter)|(?:please )?(?:check|confirm) (?:this|source|spelling))\b"
    r"[^\[\]()]*[\])]"
)


class EditorsNotes(Rule):
    """No change or comment of an editor is printed."""

    id = "SRC124"
    severity = Severity.ERROR
    source = "CriticMarkup; editors' queries (Chicago Manual of Style 2.87)"
    remedy = "Decide, and remove the note; <!-- ... --> is a comment that is not printed."
    bad = [
        "Sleep helps.{>>Bo: is this so?<<} More.",
        "Take {~~one~>two~~} of them{++ a day++}{-- or more--}.",
        "Sleep helps [AU: please give a source].",
        "Sleep helps (note to self: check).",
    ]
    good = [
        "Sleep helps <!-- Bo: is this so? --> a lot. `{>>x<<}`, {x}, [sic] and (Author: Ann Roe), as [AU 2020] say.",
        "Before you begin (please check with a doctor), rest.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for CriticMarkup in the source, where pandoc has not yet read its signs, and for queries in the words."""
        for source in submission.manuscript.sources:
            for found in _CRITIC.finditer(prose(source.text) if "{" in source.text else ""):
                place = source.location(found.start())
                yield self.at(place, f"A change or comment is printed: “{_shown(found)}”", context=found[0][:400])
        for block in submission.manuscript.document.blocks:
            for found in _QUERY.finditer(block.text):
                place = block.locate(found.start() + 1)
                yield self.at(place, f"A note of an editor is printed: “{_shown(found)}”", context=found[0][:400])


def _shown(found: re.Match[str]) -> str:
    return printable(" ".join(found[0].split()), 60)
