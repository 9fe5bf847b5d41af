"""EDI: the review of the text. Who reviewed it, whether they wrote it, and whether the record covers the text as it is."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.editorial.review import ReviewState, record
from pubkit.findings import Finding, Severity
from pubkit.language.comparison import bare_words
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
]

_AUTHOR = {"name": "Ada Example", "credentials": "MD", "conflicts": "None declared."}
_TEXT = "A text on sleep."


class NoReviewer(Rule):
    """Nobody but the authors has reviewed the text."""

    id = "EDI008"
    severity = Severity.WARNING
    source = "HONcode 1; PIF TICK 4; schema.org MedicalWebPage, reviewedBy"
    remedy = "Have a person with the right training review the text, and name them under `reviewers:`."
    bad = [Example(_TEXT, metadata={"reviewers": []})]
    good = [Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer", "credentials": "PharmD"}]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look at the front matter."""
        if not submission.publication.reviewers:
            yield self.at(submission.place("reviewers"), "No reviewer is named.")


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
        names = {_name(author.name) for author in authors}
        orcids = {author.orcid[-19:] for author in authors if author.orcid}
        for index, reviewer in enumerate(submission.publication.reviewers):
            if _name(reviewer.name) in names or (reviewer.orcid and reviewer.orcid[-19:] in orcids):
                place = submission.place("reviewers", index)
                yield self.at(place, f"{reviewer.name} is named as author and as reviewer.", context=reviewer.name)


def _name(name: str) -> str:
    return " ".join(bare_words(name))


class ReviewRecordMissing(Rule):
    """Reviewers are named, but no record says that one of them reviewed this text."""

    id = "EDI010"
    severity = Severity.WARNING
    source = "PIF TICK 4; HONcode 4"
    remedy = "Let the reviewer sign: `pubkit review sign`."
    bad = [Example(_TEXT, metadata={"reviewers": [{"name": "Bo Reviewer", "credentials": "MD"}]})]
    good = [Example(_TEXT, metadata={"reviewers": []})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for a record; a release needs one where reviewers are named."""
        publication = submission.publication
        if publication.reviewers and publication.review is None:
            severity = Severity.ERROR if submission.release else None
            place = submission.place("reviewers")
            yield self.at(place, "No review record covers this text.", severity=severity)


_STALE = {
    "reviewers": [{"name": "Bo Reviewer", "credentials": "MD"}],
    "review": {"reviewer": "Bo Reviewer", "date": "2026-01-01", "decision": "approved", "content_sha256": "0" * 64},
}


class ReviewRecordStale(Rule):
    """The text has changed since it was reviewed."""

    id = "EDI011"
    severity = Severity.WARNING
    source = "PIF TICK 4; HONcode 4; the review record holds the sha256 of the text it covers"
    remedy = "Let the reviewer read the changes and sign again: `pubkit review sign`."
    bad = [Example(_TEXT, metadata=_STALE)]
    good = [_TEXT]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the sha256 of the record with that of the text; in a release a difference is an error."""
        review = record(submission.publication, submission.manuscript)
        if review.state is ReviewState.STALE:
            severity = Severity.ERROR if submission.release else None
            yield self.at(
                submission.place("review"),
                f"The review of {review.date} by {review.reviewer} covers another text ({review.covers[:12]}… "
                f"instead of {review.content_sha256[:12]}…).",
                context=review.covers,
                severity=severity,
            )


class ReviewRejected(Rule):
    """The reviewer rejected the text."""

    id = "EDI012"
    severity = Severity.ERROR
    source = "ICMJE, peer review"
    remedy = "Mend what the reviewer found, and let them sign the new text."
    bad = [Example(_TEXT, metadata={**_STALE, "review": {**_STALE["review"], "decision": "rejected"}})]  # type: ignore[dict-item]
    good = [_TEXT]
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look at the decision of the record."""
        review = record(submission.publication, submission.manuscript)
        if review.state is ReviewState.REJECTED:
            place = submission.place("review", "decision")
            yield self.at(place, f"{review.reviewer} rejected the text on {review.date}.", context="rejected")


class ReviewerUnknown(Rule):
    """The review record names somebody who is not among the reviewers, or a day in the future."""

    id = "EDI013"
    severity = Severity.ERROR
    source = "PIF TICK 4"
    remedy = "Name the person under `reviewers:` with credentials and conflicts; correct the date of the record."
    bad = [
        Example(_TEXT, metadata={**_STALE, "reviewers": [{"name": "Cy Other", "credentials": "MD"}]}),
        Example(_TEXT, metadata={**_STALE, "review": {**_STALE["review"], "date": "2099-01-01"}}),  # type: ignore[dict-item]
    ]
    good = [Example(_TEXT, metadata=_STALE)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Hold the record against the reviewers and today."""
        review = submission.publication.review
        if review is None:
            return
        if _name(review.reviewer) not in {_name(person.name) for person in submission.publication.reviewers}:
            yield self.at(
                submission.place("review", "reviewer"),
                f"The record is signed by {review.reviewer}, who is not among the reviewers.",
                context=review.reviewer,
            )
        if review.date > submission.today:
            place = submission.place("review", "date")
            yield self.at(place, f"The record is dated in the future: {review.date}.", context="review date")


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
