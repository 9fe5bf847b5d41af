"""The review records: who signed which text, when, and whether the text is still that text.

A record covers everything that is printed (`pubkit.editorial.content`); an edit ends it until the reviewer signs again.
Of several records by one reviewer the newest counts; nobody's approval cancels another reviewer's rejection.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence

from msgspec import Struct

from pubkit.editorial import content as contents
from pubkit.language.comparison import name_key, same_name
from pubkit.project.decisions import Decision
from pubkit.project.metadata import Publication, Review, Reviewer, Unreviewed

__all__ = [
    "PrintedReview",
    "ReviewRecord",
    "ReviewState",
    "SignedReview",
    "printed",
    "record",
    "sign",
]


class ReviewState(enum.StrEnum):
    """What a record, or all of them together, is worth today.

    A record is void if its signer is not a reviewer of the publication or is an author, or if its date is in the
    future; it is superseded if the same reviewer has signed again.
    """

    NONE = "none"
    VALID = "valid"
    STALE = "stale"
    REJECTED = "rejected"
    VOID = "void"
    SUPERSEDED = "superseded"


class SignedReview(Struct, frozen=True):
    """One record, compared with the text as it is now.

    `index` is its place among the records. `current` says whether it was signed for this very text; if not, `changed`
    names the parts that differ, as far as the record lists them.
    """

    index: int
    state: ReviewState
    reviewer: str
    date: dt.date
    decision: Decision
    content_sha256: str
    current: bool
    changed: tuple[str, ...] = ()
    scope: str = ""
    claims_judged: bool = False
    not_covered: str = ""


class ReviewRecord(Struct, frozen=True):
    """All records, and what they amount to.

    `state` is rejected if one rejection counts, otherwise valid if an approval covers the text. `content_sha256` is
    that of everything printed now. `reviewers` are pairs of name and credentials; `unsigned` has the names of those who
    have signed nothing. `unreviewed` is the statement that nobody has reviewed the text.
    """

    state: ReviewState
    content_sha256: str
    not_covered: str
    records: tuple[SignedReview, ...] = ()
    reviewers: tuple[tuple[str, str], ...] = ()
    unsigned: tuple[str, ...] = ()
    unreviewed: Unreviewed | None = None

    @property
    def approvals(self) -> tuple[SignedReview, ...]:
        """Return the records that approve this text."""
        return self.of(ReviewState.VALID)

    @property
    def lets_release(self) -> bool:
        """Return whether a valid review, or the statement that there was none, allows a release."""
        return self.state is not ReviewState.REJECTED and bool(self.approvals or self.unreviewed)

    @property
    def claims_judged_by(self) -> SignedReview | None:
        """Return the record of a reviewer who approves this text and has judged its claims."""
        return next((one for one in self.approvals if one.claims_judged), None)

    def of(self, state: ReviewState) -> tuple[SignedReview, ...]:
        """Return the records in `state`, in their order."""
        return tuple(one for one in self.records if one.state is state)


class PrintedReview(Struct, frozen=True):
    """What readers see: who last reviewed this text, and when; otherwise who will review it, or that nobody has."""

    reviewed: tuple[Reviewer, ...] = ()
    on: dt.date | None = None
    planned: tuple[Reviewer, ...] = ()
    unreviewed: Unreviewed | None = None


def record(publication: Publication, content: Mapping[str, str], today: dt.date) -> ReviewRecord:
    """Return the review records of `publication`, compared with `content`, what is printed (`content.parts`)."""
    records = tuple(_held(publication, content, today))
    signers = [one.reviewer for one in records]
    return ReviewRecord(
        state=_together(records),
        content_sha256=contents.digest(content),
        not_covered=contents.NOT_COVERED,
        records=records,
        reviewers=tuple((person.name, person.credentials or "") for person in publication.reviewers),
        unsigned=tuple(one.name for one in publication.reviewers if not _among(one.name, signers)),
        unreviewed=publication.unreviewed,
    )


def _held(publication: Publication, content: Mapping[str, str], today: dt.date) -> list[SignedReview]:
    newest = _newest(publication.reviews)
    return [_one(publication, content, today, index, newest) for index in range(len(publication.reviews))]


def _newest(reviews: Sequence[Review]) -> frozenset[int]:
    """Return the places of the records after which the same reviewer has signed no other."""
    order = sorted(range(len(reviews)), key=lambda index: (reviews[index].date, index))
    return frozenset({name_key(reviews[index].reviewer): index for index in order}.values())


def _one(
    publication: Publication, content: Mapping[str, str], today: dt.date, index: int, newest: frozenset[int]
) -> SignedReview:
    review = publication.reviews[index]
    person = next((one for one in publication.reviewers if same_name(one.name, review.reviewer)), None)
    now = contents.signed_by(content, person) if person else content
    current = review.content_sha256 == contents.digest(now)
    if person is None or review.date > today or _among(review.reviewer, [one.name for one in publication.authors]):
        state = ReviewState.VOID
    elif review.decision == "rejected":
        state = ReviewState.REJECTED
    else:
        state = ReviewState.VALID if current else ReviewState.STALE
    return SignedReview(
        index=index,
        state=state if index in newest else ReviewState.SUPERSEDED,
        reviewer=review.reviewer,
        date=review.date,
        decision=review.decision,
        content_sha256=review.content_sha256,
        current=current,
        changed=() if current or not review.covers else contents.changes(review.covers, now),
        scope=review.scope or "",
        claims_judged=review.claims_judged,
        not_covered=review.not_covered or "",
    )


def _together(records: Sequence[SignedReview]) -> ReviewState:
    found = {one.state for one in records}
    order = (ReviewState.REJECTED, ReviewState.VALID, ReviewState.STALE, ReviewState.VOID)
    return next((state for state in order if state in found), ReviewState.NONE)


def printed(publication: Publication, held: ReviewRecord) -> PrintedReview:
    """Return what every format prints: no reviewer without a signature for this text, and none beside a rejection."""
    if any(one.current for one in held.of(ReviewState.REJECTED)):
        return PrintedReview()
    approvals = held.approvals
    if approvals:
        on = max(one.date for one in approvals)
        return PrintedReview(_people(publication, [one.reviewer for one in approvals]), on, _planned(publication, held))
    if held.unreviewed:
        return PrintedReview(unreviewed=held.unreviewed)
    return PrintedReview(planned=_planned(publication, held))


def _planned(publication: Publication, held: ReviewRecord) -> tuple[Reviewer, ...]:
    """Return the reviewers whose signature is still to come: not those who wrote the text or rejected it."""
    names = [*held.unsigned, *(one.reviewer for one in held.of(ReviewState.STALE))]
    authors = [one.name for one in publication.authors]
    return tuple(one for one in _people(publication, names) if not _among(one.name, authors))


def _people(publication: Publication, names: Sequence[str]) -> tuple[Reviewer, ...]:
    return tuple(person for person in publication.reviewers if _among(person.name, names))


def sign(
    publication: Publication,
    content: Mapping[str, str],
    *,
    reviewer: str,
    date: dt.date,
    decision: Decision = "approved",
    scope: str | None = None,
    claims_judged: bool = False,
) -> Review:
    """Return a review of the present text by `reviewer`, who must be among the reviewers in the front matter.

    Raises:
        ValueError: nobody of that name is among the reviewers, or the reviewer is also an author.
    """
    person = next((one for one in publication.reviewers if same_name(one.name, reviewer)), None)
    if person is None:
        known = ", ".join(one.name for one in publication.reviewers)
        listed = f" ({known})" if known else ", which names nobody"
        raise ValueError(f"{reviewer} is not listed under `reviewers:`{listed}.")
    if _among(reviewer, [author.name for author in publication.authors]):
        raise ValueError(f"{reviewer} is an author; a review must be by someone else.")
    signed = contents.signed_by(content, person)
    return Review(
        reviewer=person.name,
        date=date,
        decision=decision,
        content_sha256=contents.digest(signed),
        scope=scope or person.scope,
        claims_judged=claims_judged,
        not_covered=contents.NOT_COVERED,
        covers=contents.listing(signed),
    )


def _among(name: str, names: Sequence[str]) -> bool:
    return any(same_name(name, other) for other in names)
