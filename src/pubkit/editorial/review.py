"""The review record: who reviewed which text, when, and whether the text is still that text.

A review covers the words it was given. The record holds a sha256 over the manuscript's sources; an edit changes it, and
the record no longer covers the text until the reviewer signs again.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from typing import Literal

import msgspec
import yaml
from msgspec import Struct

from pubkit.language.comparison import same_name
from pubkit.manuscript.model import Manuscript
from pubkit.metadata import Publication, Review

__all__ = ["ReviewRecord", "ReviewState", "as_yaml", "content_sha256", "record", "sign"]

Decision = Literal["approved", "approved-with-changes", "rejected"]


class ReviewState(enum.StrEnum):
    """What the review record is worth today."""

    NONE = "none"
    VALID = "valid"
    STALE = "stale"
    REJECTED = "rejected"


class ReviewRecord(Struct, frozen=True):
    """The review of the front matter, held against the text as it is now.

    `content_sha256` is that of the present text; `covers` is the one that was reviewed. `reviewers` are pairs of name and
    credentials.
    """

    state: ReviewState
    content_sha256: str
    covers: str = ""
    reviewer: str = ""
    date: dt.date | None = None
    decision: str = ""
    scope: str = ""
    reviewers: tuple[tuple[str, str], ...] = ()


def content_sha256(manuscript: Manuscript) -> str:
    """The sha256, in hexadecimal, over the path and the sha256 of the text of every source, in the order of the paths.

    The front matter is not part of a source's text: signing a review does not undo it.
    """
    digest = hashlib.sha256()
    for path, text in sorted((source.path, source.text) for source in manuscript.sources):
        digest.update(path.encode("utf-8"))
        digest.update(b"\0")
        digest.update(hashlib.sha256(text.encode("utf-8")).hexdigest().encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()


def record(publication: Publication, manuscript: Manuscript) -> ReviewRecord:
    """The review record of `publication` as it stands against the text of `manuscript`."""
    now = content_sha256(manuscript)
    people = tuple((person.name, person.credentials or "") for person in publication.reviewers)
    review = publication.review
    if review is None:
        return ReviewRecord(ReviewState.NONE, now, reviewers=people)
    if review.decision == "rejected":
        state = ReviewState.REJECTED
    else:
        state = ReviewState.VALID if review.content_sha256 == now else ReviewState.STALE
    return ReviewRecord(
        state=state,
        content_sha256=now,
        covers=review.content_sha256,
        reviewer=review.reviewer,
        date=review.date,
        decision=review.decision,
        scope=review.scope or "",
        reviewers=people,
    )


def sign(
    publication: Publication,
    manuscript: Manuscript,
    *,
    reviewer: str,
    date: dt.date,
    decision: Decision = "approved",
    scope: str | None = None,
) -> Review:
    """A review of the present text by `reviewer`, who must be among the reviewers of the front matter.

    Raises:
        ValueError: nobody of that name is among the reviewers, or the reviewer is also an author.
    """
    same = [person for person in publication.reviewers if same_name(person.name, reviewer)]
    if not same:
        known = ", ".join(person.name for person in publication.reviewers) or "nobody"
        raise ValueError(f"{reviewer} is not among the reviewers of the front matter ({known}).")
    if any(same_name(author.name, reviewer) for author in publication.authors):
        raise ValueError(f"{reviewer} is an author; a review needs somebody else.")
    return Review(
        reviewer=same[0].name,
        date=date,
        decision=decision,
        content_sha256=content_sha256(manuscript),
        scope=scope or same[0].scope,
    )


def as_yaml(review: Review) -> str:
    """`review` as the lines that belong under `review:` in pubkit.yaml."""
    return yaml.safe_dump({"review": msgspec.to_builtins(review)}, sort_keys=False, allow_unicode=True)
