"""What an entry says about its own work, before any registry is asked: that it was retracted, or is a notice.

Sources: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions", for records exported from PubMed; the words with which
publishers and databases mark titles ("RETRACTED: ...", "... (Retracted article. See vol. 375, pg. 445, 2010)").
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pubkit.expressions import expression
from pubkit.language.recognition import retraction_marks
from pubkit.references.model import Entry
from pubkit.references.notices import Notice, NoticeKind, title_says
from pubkit.references.registries.medline import medline_notices, notice_itself

__all__ = ["own_kind", "own_notices"]

#: Fields in which people and programs note that a work was retracted or corrected.
_NOTES = ("note", "annote", "annotation", "addendum", "pubstate", "status", "extra", "N1", "notes", "%Z")
_RETRACTED_NOTE = expression(
    r"\W*(retracted|withdrawn)\b(?! (from|because|consent))"
    r"|\b(this|the) (article|paper|study|chapter|work) (has been|was|is|has since been) (retracted|withdrawn)\b",
    re.IGNORECASE,
)
#: Narrower than `title_says`: "Withdrawal of inhaled glucocorticoids" and "Correction of vitamin D deficiency" are studies.
_NOTICE_TITLE = expression(
    rf"[\[(]?\s*(?:(?:notice|statement) of )?(?:(?P<retraction>{'|'.join(map(re.escape, retraction_marks()))})"
    r"(?: note| notice| statement)?(?: (?:of|to|for))?\s*(?:[\])]?\s*[:—–]|\s-\s|(?-i:-(?=[A-Z]))|\W*$)"
    r"|(?P<withdrawal>withdrawal)(?: note| notice)?\s*(?:[\])]\s*)?:(?!\s*an?\s)"
    r"|(?P<named>retraction|withdrawal) (?:note|notice|for \S+ et al)\b|(?:notice|statement) of (?P<noted>retraction)\b"
    r"|(?:editorial )?(?P<concern>expression of concern)\b"
    r"|(?:author |publisher )?(?P<corrected>erratum|corrigendum|correction)(?: to)?\s*(?:[\])]?\s*:|[“\"‘'«])"
    r"|(?P<wrong>erratum|corrigendum)\b)",
    re.IGNORECASE,
)
#: How Web of Science marks a notice, after the study's title: "(Retraction of Vol 5, Pg 1, 2001)", "(vol 5, pg 1, 2001)".
_NOTICE_SUFFIX = expression(
    r"[\[(]\s*(?:(?P<kind>retraction|expression of concern|correction|erratum|corrigendum)(?: (?:to|of|for))?,? )?"
    r"vol\.? [^()\[\]]{1,80}\b\d{4}\s*[\])]\W*$",
    re.IGNORECASE,
)


def own_notices(entry: Entry) -> tuple[Notice, ...]:
    """Return the notices about its work that an entry itself contains; their source is the name of its file."""
    source = PurePosixPath(entry.location.file).name
    notices = medline_notices(_fields(entry), source)
    if any(one.kind is NoticeKind.RETRACTION for one in notices):
        return notices
    if title_says(entry.item.title) == "retracted":
        return (*notices, Notice(NoticeKind.RETRACTION, source, "marked as retracted in its title"))
    if any(_RETRACTED_NOTE.match(entry.fields.get(name, "")) for name in _NOTES):
        return (*notices, Notice(NoticeKind.RETRACTION, source, "marked as retracted in a note"))
    return notices


def own_kind(entry: Entry) -> str:
    """Return the kind of notice that an entry says it is, such as "retraction notice"; empty if it is not a notice."""
    if kind := notice_itself(_fields(entry)):
        return kind
    title = entry.item.title
    found = _NOTICE_TITLE.match(title) or _NOTICE_SUFFIX.search(title)
    if found is None:
        return ""
    kind, word = next(((kind, word.lower()) for kind, word in found.groupdict().items() if word), ("", "correction"))
    if "concern" in word:
        return "expression of concern"
    return f"{'retraction' if kind == 'retraction' else word} notice"


def _fields(entry: Entry) -> list[tuple[str, str]]:
    """Return the tag and text of each field; fields with several values are split."""
    return [(tag, part) for tag, text in entry.fields.items() for part in text.split("; ")]
