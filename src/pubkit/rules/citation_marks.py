"""CIT: citations that pandoc does not recognise, and prints as they are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Location, Severity
from pubkit.manuscript.model import Block, BlockKind
from pubkit.rules.base import Rule, Submission
from pubkit.rules.rewriting import on_line

_CITED_IN_METADATA = expression(
    r"\[[^\[\]]{0,80}(?<![\w.])@(?P<inside>\w[^\s\[\];,]*)[^\[\]]{0,200}\]|(?<![\w.%+-])@(?P<key>\w[^\s\[\];,()]*)"
)
_IN_BRACKETS = expression(r"[\[(]([^\[\]()]{1,300})[\])]")
_KEY_AFTER_AT = expression(r"(?<![\w.%+-])@\s*([^\s;,]+)")
_LONE_AT = expression(r"(?<![\w.%+-])@(?=[\s{\w]|$)")
#: A key that is not a word of a language: letters and digits, or letters separated by signs.
_LIKE_A_KEY = expression(r"(?=\D*\d)(?=[\W\d_]*[^\W\d_])\S{5,}")


class UnseenCitation(Rule):
    """Pandoc recognises every citation."""

    id = "CIT014"
    severity = Severity.ERROR
    source = (
        "Pandoc User's Guide, Citation syntax: the key follows the @ directly; visual editors put a backslash before it"
    )
    remedy = (
        "Write [@key], without a space or a backslash; give an entry whose key has spaces or other signs a new key."
    )
    bad = [
        "Kratom acts on opioid receptors [@ kruegel2016].",
        "Kratom acts on opioid receptors [\\@kruegel2016].",
        "Kratom acts on opioid receptors [kruegel2016].",
        "Kratom acts on opioid receptors (see @ kruegel2016).",
    ]
    good = [
        "Kratom acts on opioid receptors [@kruegel2016].",
        "Write to us [desk@hospital.org] with `[@key]` in mind.",
        "Kratom [sic] acts on receptors (at 5 mg @ 37 degrees) [1].",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the printed text for an @ that begins a word in brackets, and for a known key in brackets."""
        known = frozenset(key for key in submission.bibliography.entries if _LIKE_A_KEY.fullmatch(key))
        for block in submission.manuscript.document.blocks:
            if block.kind is BlockKind.METADATA:
                yield from self._in_metadata(submission, block)
                continue
            for found in _IN_BRACKETS.finditer(block.text):
                words = re.split(r"[\s;,]+", found[1])
                is_square = found[0][0] == "["
                named = any(key in submission.bibliography for key in _KEY_AFTER_AT.findall(found[1]))
                is_known = named or (is_square and not known.isdisjoint(words))
                # Code may show how others cite.
                is_meant = is_square and block.kind is not BlockKind.CODE and _LONE_AT.search(found[1])
                if is_known or is_meant:
                    message = (
                        f"This is not recognised as a citation and is printed as written: {printable(found[0], 80)}"
                    )
                    # A bracket is at no word of its own.
                    first = re.search(r"[^\W_]|\Z", found[0])
                    start = found.start() + (first.start() if first else 0)
                    place = block.span(start, found.end())
                    fix = self._cited(submission, place, found[1], words, known)
                    bare = next((word for word in words if word in known), "")
                    remedy = f"Write an @ before the key: [@{bare}]." if bare and is_square else ""
                    yield self.at(place, message, context=found[0], remedy=remedy, fix=fix)

    @staticmethod
    def _cited(
        submission: Submission, place: Location, inside: str, words: list[str], known: Collection[str]
    ) -> Fix | None:
        """Return the fix that makes a citation of a key in brackets, if the brackets hold nothing else."""
        after_at = [key for key in _KEY_AFTER_AT.findall(inside) if key in submission.bibliography]
        if len(after_at) == 1:
            key = re.escape(after_at[0])
            return on_line(submission, place, rf"\\?@[ \t]*({key})", r"@\1", f"Cite {after_at[0]}")
        if len(words) == 1 and words[0] in known:
            return on_line(submission, place, rf"(?<=\[)({re.escape(words[0])})(?=\])", r"@\1", f"Cite {words[0]}")
        return None

    def _in_metadata(self, submission: Submission, block: Block) -> Iterator[Finding]:
        """Yield each citation in a text of the metadata, where none is read."""
        for found in _CITED_IN_METADATA.finditer(block.text):
            key = (found["inside"] or found["key"]).rstrip(".,;:!?")
            if key in submission.bibliography or found[0].startswith("["):
                message = f"A citation in the {block.section[0]} is printed as written: {printable(found[0], 80)}"
                remedy = (
                    "Cite the work in the text instead: the abstract and the title are read without the reference list."
                )
                yield self.at(block.location, message, context=found[0], remedy=remedy)
