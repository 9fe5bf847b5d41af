"""EDI: the review of the text. Who reviewed it, whether they wrote it, and whether the record covers the text as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    """Nobody but the authors has reviewed the text.

    A release needs a signed review of what is printed, or the statement that there was none (`unreviewed:`).
    """

    id = "EDI008"
    severity = Severity.WARNING
    source = "HONcode 1; PIF TICK 4; schema.org MedicalWebPage, reviewedBy"
    remedy = "Have a person with the right training review the text, and name them under `reviewers:`."
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
        """Look at the front matter; a release without reviewers needs the statement that nobody reviewed the text."""
        publication = submission.publication
        if not publication.reviewers and not publication.unreviewed:
            yield self.at(
                submission.place("reviewers"),
                "No reviewer is named, and nothing says that the text is published without a review.",
                remedy=_NO_REVIEW if submission.release else "",
                severity=Severity.ERROR if submission.release else None,
            )


class ReviewerIsAuthor(Rule):
    """A reviewer is also an author."""

    id = "EDI009"
    severity = Severity.ERROR
    source = "ICMJE, peer review; HONcode 1"
    remedy = "Name a reviewer who did not write the text."
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
                yield self.at(place, f"{reviewer.name} is named as author and as reviewer.", context=reviewer.name)


class ReviewRecordMissing(Rule):
    """Every reviewer who is named has signed.

    In a release it is an error where nobody's signature covers the text, and no statement says that nobody reviewed it.
    """

    id = "EDI010"
    severity = Severity.WARNING
    source = "PIF TICK 4; HONcode 4"
    remedy = "Let the reviewer sign: `pubkit review sign NAME`. Until then readers are told that a review is planned."
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
                    f"No review record of {person.name} covers this text.",
                    context=person.name,
                    remedy=_NO_REVIEW if blocks else "",
                    severity=Severity.ERROR if blocks else None,
                )


_WORD = re.compile(r"[^\W\d_]{2,}")
_STALE = {
    "reviewers": [{"name": "Bo Reviewer", "credentials": "MD"}],
    "review": [{"reviewer": "Bo Reviewer", "date": "2026-01-01", "decision": "approved", "content_sha256": "0" * 64}],
}
_REJECTED = {**_STALE, "review": [{**_STALE["review"][0], "decision": "rejected"}]}
_SHOWN = 8


class ReviewRecordStale(Rule):
    """Nothing that is printed has changed since it was reviewed.

    In a release it is an error where nobody's signature covers the text, and no statement says that nobody reviewed it.
    """

    id = "EDI011"
    severity = Severity.WARNING
    source = "PIF TICK 4; HONcode 4; the review record holds the sha256 of everything it covers"
    remedy = (
        "Let the reviewer read the changes (`pubkit review status` lists them) and sign again: `pubkit review sign`."
    )
    bad = [Example(_TEXT, metadata=_STALE)]
    good = [_TEXT]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the sha256 of each record that approves with that of what is printed now."""
        held = submission.review
        blocks = submission.release and not held.lets_release
        for review in held.of(ReviewState.STALE):
            yield self.at(
                submission.place("review", review.index),
                f"The review of {review.date} by {review.reviewer} covers another text. {_told(review.changed)}",
                context=review.content_sha256,
                severity=Severity.ERROR if blocks else None,
            )


def _told(changed: Sequence[str]) -> str:
    """What has changed since a review, as a sentence."""
    if not changed:
        return "The record does not list what it covers, so what has changed since cannot be told."
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return f"Changed since: {', '.join(changed[:_SHOWN])}{more}."


class ReviewRejected(Rule):
    """No reviewer has rejected the text.

    A rejection counts until the same reviewer signs again; somebody else's approval does not take it away. One that was
    given for an earlier text is a warning, and an error in a release.
    """

    id = "EDI012"
    severity = Severity.ERROR
    source = "ICMJE, peer review"
    remedy = "Correct what the reviewer found, and let the same reviewer sign the new text."
    bad = [Example(_TEXT, metadata=_REJECTED)]
    good = [_TEXT]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look at the newest decision of each reviewer."""
        for review in submission.review.of(ReviewState.REJECTED):
            what = "the text" if review.current else "an earlier text, and has not signed since"
            yield self.at(
                submission.place("review", review.index, "decision"),
                f"{review.reviewer} rejected {what} ({review.date}).",
                context=f"rejected by {review.reviewer}",
                severity=None if review.current or submission.release else Severity.WARNING,
            )


class ReviewerUnknown(Rule):
    """Every review record names one of the reviewers, and a day that has come."""

    id = "EDI013"
    severity = Severity.ERROR
    source = "PIF TICK 4"
    remedy = "Name the person under `reviewers:` with credentials and conflicts; correct the date of the record."
    bad = [
        Example(_TEXT, metadata={**_STALE, "reviewers": [{"name": "Cy Other", "credentials": "MD"}]}),
        Example(_TEXT, metadata={**_STALE, "review": [{**_STALE["review"][0], "date": "2099-01-01"}]}),
    ]
    good = [Example(_TEXT, metadata=_STALE)]
    waivable = False  # nobody takes a rejection away by taking the reviewer off the list

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Hold each record against the reviewers and today."""
        known = {name_key(person.name) for person in submission.publication.reviewers}
        for index, review in enumerate(submission.publication.reviews):
            if name_key(review.reviewer) not in known:
                yield self.at(
                    submission.place("review", index, "reviewer"),
                    f"The record is signed by {review.reviewer}, who is not among the reviewers.",
                    context=review.reviewer,
                )
            if review.date > submission.today:
                place = submission.place("review", index, "date")
                yield self.at(place, f"The record is dated in the future: {review.date}.", context="review date")


class UnreviewedStatement(Rule):
    """The statement that nobody has reviewed the text says who decided so, why and when, and is true."""

    id = "EDI030"
    severity = Severity.ERROR
    source = "ICMJE, transparency of peer review; HONcode 1"
    remedy = (
        "Write under `unreviewed:` who decided so (an author, or a person with their `role:`), why, and on which day."
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
        """Hold the statement against the people named, today and the review records."""
        publication, said = submission.publication, submission.publication.unreviewed
        if said is None:
            return
        named = {name_key(author.name) for author in publication.authors} | {name_key(publication.publisher or "")}
        if name_key(said.who) not in named and says_nothing(said.role):
            message = f"{said.who} is no author of this publication, and the role is not stated."
            yield self.at(submission.place("unreviewed", "who"), message, context=said.who)
        if says_nothing(said.why) or len({word.lower() for word in _WORD.findall(said.why)}) < 3:
            message = "Why the text is published without a review is not stated in words that readers can follow."
            yield self.at(submission.place("unreviewed", "why"), message, context=said.why)
        if said.on > submission.today:
            place = submission.place("unreviewed", "on")
            yield self.at(place, f"The decision is dated in the future: {said.on}.", context="unreviewed on")
        for review in submission.review.approvals:
            yield self.at(
                submission.place("unreviewed"),
                f"The text is said to be unreviewed, but {review.reviewer} approved it on {review.date}.",
                context=review.reviewer,
                remedy="Take `unreviewed:` out.",
            )


class ReviewerWithoutCredentials(Rule):
    """A reviewer's credentials are not stated."""

    id = "EDI014"
    severity = Severity.WARNING
    source = "HONcode 1; PIF TICK 4"
    remedy = "State degree, profession or role of the reviewer under `credentials:`, and conflicts under `conflicts:`."
    bad = [Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer"}]})]
    good = [
        Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer", "credentials": "PharmD", "conflicts": "None."}]})
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look at every reviewer."""
        for index, person in enumerate(submission.publication.reviewers):
            missing = [
                name
                for name, value in (("credentials", person.credentials), ("conflicts", person.conflicts))
                if says_nothing(value)
            ]
            if missing:
                message = f"{person.name}: {' and '.join(missing)} not stated."
                yield self.at(submission.place("reviewers", index), message, context=person.name)
