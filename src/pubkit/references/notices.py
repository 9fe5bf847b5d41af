"""Notices published about a work: retractions, expressions of concern, corrections and reinstatements.

Sources: NLM, "Errata, Retractions, and Other Linked Citations in PubMed"; Crossref's update types; the Retraction Watch
database's RetractionNature. A reinstatement undoes the retractions and concerns that came before it, and only those.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.recognition import retracted_marks
from pubkit.references.model import VerdictStatus

__all__ = [
    "Notice",
    "NoticeKind",
    "RetractionCheck",
    "Standing",
    "combined",
    "kind_of_update",
    "standing",
    "title_says",
    "worse",
]


class NoticeKind(enum.StrEnum):
    """What a notice says about the work it is about."""

    RETRACTION = "retraction"
    CONCERN = "concern"
    CORRECTION = "correction"
    REINSTATEMENT = "reinstatement"


class Notice(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One notice about a work.

    `label` is the source's own word for it ("partial retraction"); `date` is an ISO date, without day or month if they are
    not known, or empty; `doi` and `pmid` are the notice's own; `source` says who reports it. `certain` is
    False if the source does not show which of two works is the notice and which the work it is about.
    """

    kind: NoticeKind
    source: str
    label: str = ""
    date: str = ""
    doi: str = ""
    pmid: str = ""
    certain: bool = True

    def __str__(self) -> str:
        name = self.label or self.kind.value
        when = f" of {self.date}" if self.date else ""
        where = f", doi:{self.doi}" if self.doi else f", PMID {self.pmid}" if self.pmid else ""
        return f"{name}{when} ({self.source}{where})"


class RetractionCheck(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer of one set of retraction data about one work.

    `dataset` names the data, `dated` is the day it was fetched, `records` how many notices it held, counted, and `sha256`
    that of the data as received. `looked_up` is the day of the look-up; `found` is empty if there was no notice.
    """

    dataset: str
    dated: dt.date
    records: int
    sha256: str
    looked_up: dt.date
    found: tuple[Notice, ...]

    @property
    def day(self) -> dt.date:
        """Return the day for which the answer holds: that of the data, or of the look-up if that is older."""
        return min(self.dated, self.looked_up)


class Standing(Struct, frozen=True):
    """The standing of a work after all its notices; `status` is OK if none of them counts against it."""

    status: VerdictStatus
    evidence: tuple[str, ...]


_ORDER = list(VerdictStatus)
_WEIGHT = {
    NoticeKind.RETRACTION: VerdictStatus.RETRACTED,
    NoticeKind.CONCERN: VerdictStatus.CONCERN,
    NoticeKind.CORRECTION: VerdictStatus.CORRECTED,
}

_UPDATES = {
    "retraction": NoticeKind.RETRACTION,
    "withdrawal": NoticeKind.RETRACTION,
    "removal": NoticeKind.RETRACTION,
    "retraction and replacement": NoticeKind.RETRACTION,
    "retract and replace": NoticeKind.RETRACTION,
    "retracted": NoticeKind.RETRACTION,
    "partial retraction": NoticeKind.CONCERN,
    "expression of concern": NoticeKind.CONCERN,
    "concern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTION,
    "corrigendum": NoticeKind.CORRECTION,
    "erratum": NoticeKind.CORRECTION,
    "corrected and republished": NoticeKind.CORRECTION,
    "reinstatement": NoticeKind.REINSTATEMENT,
}


def kind_of_update(word: str) -> NoticeKind | None:
    """Return the kind of a notice from a source's word for it, however spelled ("expression_of-Concern"), or None."""
    return _UPDATES.get(" ".join(re.split(r"[\s_-]+", word.strip().casefold())))


_MARK = rf"(?:{'|'.join(map(re.escape, retracted_marks()))})(?:\s+(?:article|paper|chapter|manuscript|publication))?"
#: "RETRACTED: Title", "[Retracted article] Title", and capitals that stand out from the title: "RETRACTED Title".
_RETRACTED_TITLE = expression(
    rf"\s*(?:{_MARK}\s*[:.—–-]|\[\s*{_MARK}\s*\]|\(\s*{_MARK}\s*\)|(?-i:RETRACTED\s(?=.*[a-z])))", re.IGNORECASE
)
#: How citation databases mark it after the title: "(Retracted article. See vol. 375, pg. 445, 2010)".
_RETRACTED_SUFFIX = expression(
    r"[\[(]\s*(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter|publication)\b[^\[\]()]{0,200})?[\])]\s*\.?\s*$"
    r"|(?::|\s[—–-])\s*retracted(?:\s+(?:article|paper|chapter))?\s*\.?\s*$"
    r"|(?-i:(?<=[a-z.?!]\s)RETRACTED(?:\sARTICLE)?)\s*\.?\s*$",
    re.IGNORECASE,
)
_NOTICE_TITLE = expression(
    r"^(statement of |notice of )?(retraction|withdrawal|removal|expression of concern|correction|corrigendum|erratum)"
    r"(\s+(note|notice|statement))?(\s+(to|for|of|on))?\b\s*[:.—–-]?",
    re.IGNORECASE,
)


def title_says(title: str) -> str:
    """Return "retracted" if a publisher has marked a title as such, "notice" if it names a notice, or an empty text."""
    if _RETRACTED_TITLE.match(title) or _RETRACTED_SUFFIX.search(title):
        return "retracted"
    match = _NOTICE_TITLE.match(title)
    return "notice" if match and (match[0].rstrip()[-1:] in ":.—–-" or match[3] or match[4] or match[1]) else ""


def standing(notices: Iterable[Notice]) -> Standing:
    """Return the worst status left after every reinstatement, and the notices behind it, each once, in a fixed order."""
    ordered = sorted(
        set(notices), key=lambda notice: (notice.date, notice.kind, notice.doi, notice.pmid, notice.source)
    )
    reinstatements = [notice for notice in ordered if notice.kind is NoticeKind.REINSTATEMENT]
    worst = VerdictStatus.OK
    for notice in ordered:
        if notice.kind is NoticeKind.REINSTATEMENT or _undone(notice, reinstatements):
            continue
        status = _WEIGHT[notice.kind] if notice.certain else VerdictStatus.DISPUTED
        worst = worse(worst, status)
    return Standing(worst, tuple(str(notice) for notice in ordered))


def worse(one: VerdictStatus, other: VerdictStatus) -> VerdictStatus:
    """Return the worse of two statuses."""
    return min(one, other, key=_ORDER.index)


def combined(match: VerdictStatus, stands: VerdictStatus) -> VerdictStatus:
    """Return the verdict on a work that compares as `match` and has the notices of `stands`: the worse of the two.

    A correction does not make a reference checked if no registry was asked about it.
    """
    if match is VerdictStatus.UNCHECKED and stands not in {VerdictStatus.RETRACTED, VerdictStatus.CONCERN}:
        return match
    return worse(match, stands)


def _undone(notice: Notice, reinstatements: Iterable[Notice]) -> bool:
    """Return whether a reinstatement came after `notice`, which it presupposes if a date is missing or both are equal."""
    if notice.kind is NoticeKind.CORRECTION:
        return False
    return any(
        notice.date[: len(other.date)] <= other.date[: len(notice.date)] if notice.date and other.date else True
        for other in reinstatements
    )
