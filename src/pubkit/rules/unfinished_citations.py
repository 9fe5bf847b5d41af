"""SRC123: citations that are cited, but not as they are written: too many or too few brackets, a letter before the @."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript.crossref import is_label
from pubkit.manuscript.model import Block, Citation, CitationMode
from pubkit.manuscript.prose import prose
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.rewriting import on_line

__all__ = ["UnfinishedCitation"]

_ENTRY = "@article{roe2020, title={A study}, author={Roe, Ann}, journal={J Test}, year={2020}}"
_KEY = r"(\w(?:[\w:.#$%&+?<>~/-]*\w)?)"
_AFTER_A_LETTER = re.compile(rf"[^\W_]@{_KEY}")
_IN_ASCII = expression(r"[\w:.#$%&+?<>~/-]*\w", re.ASCII)
_FULL_WIDTH = re.compile(rf"[＠﹫]{_KEY}")
_TWICE = expression(rf"@(@){_KEY}")
_ORG = expression(rf"\[(?:cite(?:/\w+)?):@{_KEY}")
_BARE = expression(r"\((?=[^()]*\d)(?=[^()]*[A-Za-z])-?([^\s()]{5,})\)|\[-([^\s\[\]]+)\]")
_NO_SIGN = expression(r"[^\[\];]*;\s*-?([A-Za-z][\w:.#$%&+?~/-]*)\s*(?=[;\]])")
_LIKE_A_KEY = expression(r"[A-Za-z][A-Za-z_:-]*(?:19|20)\d\d[A-Za-z]*")
_START_OF_LINE = expression(r"^[ \t>]*\(@([\w-]+)\)(?=[ \t]+\S)", re.MULTILINE)
_REMEDY = "Write [@key], with a space before the bracket and nothing else in it but keys, pages and words."


class UnfinishedCitation(Rule):
    """Every citation has the signs that pandoc needs, and no others."""

    id = "SRC123"
    severity = Severity.ERROR
    source = "Pandoc User's Guide, Citation syntax; Numbered example lists: (@label) at the start of a line"
    remedy = _REMEDY
    bad = [
        Example("Sleep helps@roe2020 a lot.", _ENTRY),
        Example("关于睡眠的研究@roe2020的结果。", _ENTRY),
        "Sleep is long, see@fig:beds for more.",
        Example("Sleep helps [＠roe2020].", _ENTRY),
        Example("(@roe2020) found that sleep helps.", _ENTRY),
        Example("Sleep helps {@roe2020} a lot.", _ENTRY),
        Example("Sleep helps @roe2020]. So does tea.", _ENTRY),
        Example("Sleep helps [@@roe2020].", _ENTRY),
        Example("Sleep helps [[@roe2020]].", _ENTRY),
        Example("Sleep helps [cite:@roe2020].", _ENTRY),
        Example("Sleep helps (roe2020).", _ENTRY),
        Example("Sleep helps [@roe2020; smith2018].", _ENTRY),
    ]
    good = [
        Example(
            "Sleep helps [@roe2020; @roe2020, p. 4; for children see @roe2020, chapter 2; but not for all].", _ENTRY
        ),
        Example("Sleep helps [@roe2020], as @roe2020 [p. 4] say (see @roe2020); write to ann@example.org.", _ENTRY),
        Example("[Sleep helps, as @roe2020 say.]{.note} (@a) One.\n\n(@a) Two.\n\n`x@roe2020` {x} [@roe2020]", _ENTRY),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the words for keys that are printed, in the source for keys that number a list, and around citations."""
        known, labels = submission.bibliography, submission.manuscript.document.labels
        for block in submission.manuscript.document.blocks:
            for pattern, what in ((_AFTER_A_LETTER, "A letter before the @"), (_FULL_WIDTH, "An @ of full width")):
                for found in pattern.finditer(block.text):
                    # In scripts without spaces the next word is part of what looks like a key.
                    keys = {found[1], *_IN_ASCII.findall(found[1])[:1]}
                    if any(key in known or key in labels or is_label(key) for key in keys):
                        message = (
                            f"{what} keeps this from being a citation, and it is printed: {printable(found[0], 60)}"
                        )
                        place, key = block.locate(found.start()), re.escape(found[1])
                        written, new = (
                            (rf"(?<=\w)@({key})(?![\w\]])", r" [@\1]")
                            if "@" in found[0]
                            else (rf"[＠﹫]({key})", r"@\1")
                        )
                        fix = on_line(submission, place, written, new, f"Cite {found[1]}")
                        yield self.at(place, message, context=block.text[:400], fix=fix)
            for found in _BARE.finditer(block.text):
                if (key := found[1] or found[2]) in known:
                    message = f"This key has no @, and is printed: {printable(found[0], 60)}"
                    place = block.locate(found.start() + 1)
                    fix = on_line(submission, place, rf"[(\[](-?)({re.escape(key)})[)\]]", r"[\1@\2]", f"Cite {key}")
                    yield self.at(place, message, context=block.text[:400], fix=fix)
            for citation in block.citations:
                yield from self._around(submission, block, citation)
                yield from self._without_sign(submission, block, citation)
        for source in submission.manuscript.sources:
            text = prose(source.text) if any(sign in source.text for sign in ("@@", "(@", "[cite")) else ""
            for found in _ORG.finditer(text):
                message = f"The word before @{printable(found[1], 60)} is printed."
                place = source.location(found.start(), len(found[0]))
                fix = on_line(
                    submission, place, rf"\[cite(?:/\w+)?:(?=@{re.escape(found[1])})", "[", f"Cite {found[1]}"
                )
                yield self.at(place, message, context=found[0], fix=fix)
            for found in _TWICE.finditer(text):
                if found[2] in known:
                    message = f"The second @ before {printable(found[2], 60)} is printed."
                    place = source.location(found.start(), len(found[0]))
                    fix = on_line(submission, place, rf"@@(?={re.escape(found[2])})", "@", "Delete the second @")
                    yield self.at(place, message, context=found[2], fix=fix)
            for found in _START_OF_LINE.finditer(text):
                if found[1] in known:
                    message = (
                        f"({printable('@' + found[1], 60)}) at the start of a line numbers a list, and cites nothing."
                    )
                    remedy = f"Write [@{printable(found[1], 60)}], or begin the line with a word."
                    place = source.location(found.start(1) - 1, len(found[1]) + 1)
                    fix = on_line(submission, place, rf"\(@({re.escape(found[1])})\)", r"[@\1]", f"Cite {found[1]}")
                    yield self.at(place, message, context=found[1], remedy=remedy, fix=fix)

    def _without_sign(self, submission: Submission, block: Block, citation: Citation) -> Iterator[Finding]:
        """Look behind the semicolon after a citation for a key whose @ is missing."""
        opened = citation.mode is CitationMode.NORMAL or block.text[: citation.offset].endswith("[")
        found = _NO_SIGN.match(block.text, citation.offset) if opened else None
        # One that the bibliography has is CIT014.
        if found and found[1] not in submission.bibliography and _LIKE_A_KEY.fullmatch(found[1]):
            key = printable(found[1], 60)
            pattern = rf"(;\s*-?)({re.escape(found[1])})(?=\s*[;\]])"
            fix = on_line(submission, citation.location, pattern, r"\1@\2", f"Cite {found[1]}")
            yield self.at(citation.location, f"{key} has no @, and is printed as words.", context=citation.key, fix=fix)

    def _around(self, submission: Submission, block: Block, citation: Citation) -> Iterator[Finding]:
        before, after = block.text[: citation.offset], block.text[citation.offset :]
        key = printable(citation.key, 60)
        if before.endswith("{") and after.startswith("}"):
            message = f"The braces around @{key} are printed."
            pattern = rf"\{{@({re.escape(citation.key)})\}}"
            fix = on_line(submission, citation.location, pattern, r"[@\1]", f"Cite {citation.key}")
            yield self.at(citation.location, message, context=citation.key, fix=fix)
        elif citation.mode is CitationMode.NORMAL and before.endswith("[") and after.startswith("]"):
            pattern = rf"\[(\[[^\[\]]*@{re.escape(citation.key)}[^\[\]]*\])\]"
            fix = on_line(submission, citation.location, pattern, r"\1", "Delete the second brackets")
            message = f"The second brackets around @{key} are printed."
            yield self.at(citation.location, message, context=citation.key, fix=fix)
        elif citation.mode is CitationMode.IN_TEXT and after.startswith("]") and before.count("[") <= before.count("]"):
            message = f"The bracket after @{key} is not opened, and is printed."
            yield self.at(citation.location, message, context=citation.key)
