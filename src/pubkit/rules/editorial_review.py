"""EDI: the review of the text: who reviewed it, whether they also wrote it, and whether the record covers this text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pubkit.editorial.reasons import explains
from pubkit.editorial.review import ReviewState
from pubkit.findings import Finding, Severity
from pubkit.language.comparison import name_key
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.editorial import says_nothing

__all__ = [
    "NoReviewer",
    "ReviewRecordMissing",
    "ReviewRecordStale",
    "ReviewRejected",
    "ReviewerIsAuthor",
    "ReviewerUnknown",
    "ReviewerWithoutCredentials",
    "UnreviewedStatement",
]

_AUTHOR = {"name": "Ada Example", "credentials": "MD", "conflicts": "None declared."}
_TEXT = "A text on sleep."
_NO_REVIEW = (
    "Have it reviewed and signed (`pubkit review sign`), or state under `unreviewed:` who decided to publish without a "
    "review, why and when; readers will see the statement."
)


class NoReviewer(Rule):
    """Someone other than the authors has reviewed the text.

    A release needs a signed review of what is printed, or a statement that there was none (`unreviewed:`).
    """

    id = "EDI008"
    severity = Severity.WARNING
    source = "HONcode 1; PIF TICK 4; schema.org MedicalWebPage, reviewedBy"
    remedy = "Have a qualified person review the text, and name them under `reviewers:`."
    bad = [Example(_TEXT, metadata={"reviewers": []})]
    good = [
        Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer", "credentials": "PharmD"}]}),
        Example(
            _TEXT,
            metadata={"unreviewed": {"who": "Ada Example", "why": "No clinician was found.", "on": "2026-11-20"}},
        ),
    ]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the metadata; a release without reviewers needs a statement that nobody reviewed the text."""
        publication = submission.publication
        if not publication.reviewers and not publication.unreviewed:
            yield self.at(
                submission.place("reviewers"),
                "No reviewer is named, and the text is not declared to be unreviewed.",
                remedy=_NO_REVIEW if submission.release else "",
                severity=Severity.ERROR if submission.release else None,
            )


class ReviewerIsAuthor(Rule):
    """No reviewer is also an author."""

    id = "EDI009"
    severity = Severity.ERROR
    source = "ICMJE, peer review; HONcode 1"
    remedy = "Have the text reviewed by someone who did not write it."
    bad = [
        Example(_TEXT, metadata={"authors": [_AUTHOR], "reviewers": [{"name": "ada  example", "credentials": "MD"}]})
    ]
    good = [
        Example(_TEXT, metadata={"authors": [_AUTHOR], "reviewers": [{"name": "Bo Reviewer", "credentials": "MD"}]})
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare names and ORCIDs."""
        authors = submission.publication.authors
        names = {name_key(author.name) for author in authors}
        orcids = {author.orcid[-19:] for author in authors if author.orcid}
        for index, reviewer in enumerate(submission.publication.reviewers):
            if name_key(reviewer.name) in names or (reviewer.orcid and reviewer.orcid[-19:] in orcids):
                place = submission.place("reviewers", index)
                yield self.at(place, f"{reviewer.name} is named both as author and as reviewer.", context=reviewer.name)


class ReviewRecordMissing(Rule):
    """Every named reviewer has signed.

    In a release this is an error if no signature covers the text and no statement says that nobody reviewed it.
    """

    id = "EDI010"
    severity = Severity.WARNING
    source = "PIF TICK 4; HONcode 4"
    remedy = (
        "Have the reviewer sign: `pubkit review sign NAME`. Until then, readers are informed that a review is planned."
    )
    bad = [Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer", "credentials": "MD"}]})]
    good = [Example(_TEXT, metadata={"reviewers": []})]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for a record of each reviewer."""
        held = submission.review
        blocks = submission.release and not held.lets_release
        for index, person in enumerate(submission.publication.reviewers):
            if person.name in held.unsigned:
                yield self.at(
                    submission.place("reviewers", index),
                    f"No signed review by {person.name} covers this text.",
                    context=person.name,
                    remedy=_NO_REVIEW if blocks else "",
                    severity=Severity.ERROR if blocks else None,
                )


_STALE = {
    "reviewers": [{"name": "Bo Reviewer", "credentials": "MD"}],
    "review": [{"reviewer": "Bo Reviewer", "date": "2026-01-01", "decision": "approved", "content_sha256": "0" * 64}],
}
_REJECTED = {**_STALE, "review": [{**_STALE["review"][0], "decision": "rejected"}]}
_SHOWN = 8


class ReviewRecordStale(Rule):
    """Nothing printed has changed since it was reviewed.

    In a release this is an error if no signature covers the text and no statement says that nobody reviewed it.
    """

    id = "EDI011"
    severity = Severity.WARNING
    source = "PIF TICK 4; HONcode 4; the review record contains the SHA-256 of everything that it covers"
    remedy = (
        "Have the reviewer read the changes (`pubkit review status` lists them) and sign again: `pubkit review sign`."
    )
    bad = [Example(_TEXT, metadata=_STALE)]
    good = [_TEXT]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the SHA-256 in each approving record with that of what is printed now."""
        held = submission.review
        blocks = submission.release and not held.lets_release
        for review in held.of(ReviewState.STALE):
            yield self.at(
                submission.place("review", review.index),
                f"The review of {review.date} by {review.reviewer} covers an earlier text. {_changes(review.changed)}",
                context=review.content_sha256,
                severity=Severity.ERROR if blocks else None,
            )


def _changes(changed: Sequence[str]) -> str:
    """Return what has changed since a review, as a sentence."""
    if not changed:
        return "The record does not list what it covers, so the changes since then are unknown."
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return f"Changed since: {', '.join(changed[:_SHOWN])}{more}."


class ReviewRejected(Rule):
    """No reviewer has rejected the text.

    A rejection is in force until the same reviewer signs again; another reviewer's approval does not lift it. A rejection
    of an earlier text is a warning, and an error in a release.
    """

    id = "EDI012"
    severity = Severity.ERROR
    source = "ICMJE, peer review"
    remedy = "Correct what the reviewer found, and have the same reviewer sign the new text."
    bad = [Example(_TEXT, metadata=_REJECTED)]
    good = [_TEXT]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the latest decision of each reviewer."""
        for review in submission.review.of(ReviewState.REJECTED):
            what = "the text" if review.current else "an earlier text, and has not signed since"
            yield self.at(
                submission.place("review", review.index, "decision"),
                f"{review.reviewer} rejected {what} ({review.date}).",
                context=f"rejected by {review.reviewer}",
                severity=None if review.current or submission.release else Severity.WARNING,
            )


class ReviewerUnknown(Rule):
    """Every review record names a listed reviewer and a date that is not in the future."""

    id = "EDI013"
    severity = Severity.ERROR
    source = "PIF TICK 4"
    remedy = "Name the person under `reviewers:` with credentials and conflicts, or correct the date of the record."
    bad = [
        Example(_TEXT, metadata={**_STALE, "reviewers": [{"name": "Cy Other", "credentials": "MD"}]}),
        Example(_TEXT, metadata={**_STALE, "review": [{**_STALE["review"][0], "date": "2099-01-01"}]}),
    ]
    good = [Example(_TEXT, metadata=_STALE)]
    waivable = False  # nobody takes a rejection away by taking the reviewer off the list

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare each record with the reviewers and with today."""
        known = {name_key(person.name) for person in submission.publication.reviewers}
        for index, review in enumerate(submission.publication.reviews):
            if name_key(review.reviewer) not in known:
                yield self.at(
                    submission.place("review", index, "reviewer"),
                    f"The record is signed by {review.reviewer}, who is not listed under `reviewers:`.",
                    context=review.reviewer,
                )
            if review.date > submission.today:
                place = submission.place("review", index, "date")
                yield self.at(place, f"The record is dated in the future: {review.date}.", context="review date")


class UnreviewedStatement(Rule):
    """A statement that nobody reviewed the text says who decided this, why and when, and is true."""

    id = "EDI030"
    severity = Severity.ERROR
    source = "ICMJE, transparency of peer review; HONcode 1"
    remedy = (
        "State under `unreviewed:` who decided this (an author, or another person with their `role:`), "
        "why, and on which date."
    )
    bad = [
        Example(_TEXT, metadata={"unreviewed": {"who": "Zed", "why": "No clinician was found.", "on": "2026-11-20"}}),
        Example(_TEXT, metadata={"unreviewed": {"who": "Ada Example", "why": "None.", "on": "2026-11-20"}}),
        Example(_TEXT, metadata={"unreviewed": {"who": "Ada Example", "why": "n/a n/a ...", "on": "2026-11-20"}}),
        Example(
            _TEXT,
            metadata={"unreviewed": {"who": "Ada Example", "why": "No clinician was found.", "on": "2099-01-01"}},
        ),
    ]
    good = [
        Example(
            _TEXT,
            metadata={
                "unreviewed": {
                    "who": "Zed Other",
                    "role": "managing editor",
                    "why": "No clinician was found.",
                    "on": "2026-11-20",
                }
            },
        )
    ]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the statement with the people named, with today and with the review records."""
        publication, said = submission.publication, submission.publication.unreviewed
        if said is None:
            return
        named = {name_key(author.name) for author in publication.authors} | {name_key(publication.publisher or "")}
        if name_key(said.who) not in named and says_nothing(said.role):
            message = f"{said.who} is not an author of this publication, and their role is not stated."
            yield self.at(submission.place("unreviewed", "who"), message, context=said.who)
        if says_nothing(said.why) or not explains(said.why):
            message = "Why the text is published without a review is not stated in words that readers can follow."
            yield self.at(submission.place("unreviewed", "why"), message, context=said.why)
        if said.on > submission.today:
            place = submission.place("unreviewed", "on")
            yield self.at(place, f"The decision is dated in the future: {said.on}.", context="unreviewed on")
        for review in submission.review.approvals:
            yield self.at(
                submission.place("unreviewed"),
                f"The text is declared unreviewed, but {review.reviewer} approved it on {review.date}.",
                context=review.reviewer,
                remedy="Remove `unreviewed:`.",
            )


class ReviewerWithoutCredentials(Rule):
    """Every reviewer's credentials are stated."""

    id = "EDI014"
    severity = Severity.WARNING
    source = "HONcode 1; PIF TICK 4"
    remedy = (
        "State the reviewer's degree, profession or role under `credentials:`, and any conflicts under `conflicts:`."
    )
    bad = [Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer"}]})]
    good = [
        Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer", "credentials": "PharmD", "conflicts": "None."}]})
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check every reviewer."""
        for index, person in enumerate(submission.publication.reviewers):
            missing = [
                name
                for name, value in (("credentials", person.credentials), ("conflicts", person.conflicts))
                if says_nothing(value)
            ]
            if missing:
                message = f"{person.name}: {' and '.join(missing)} not stated."
                yield self.at(submission.place("reviewers", index), message, context=person.name)
