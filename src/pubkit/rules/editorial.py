"""EDI: the editorial record: authors, funding, conflicts, dates, contact, licence and the review of the text.

What even a first draft must state is an error if it is missing (who wrote it, who paid, what conflicts of
interest there are); what may follow later (an independent reviewer, a contact) is a warning. A release requires
more than a build: in a release, a review that no longer covers the text is an error.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.rules.base import Example, Rule, Submission

__all__ = [
    "AuthorWithoutConflicts",
    "AuthorWithoutCredentials",
    "DatesOutOfOrder",
    "NextReview",
    "NoAbstract",
    "NoAuthors",
    "NoContact",
    "NoFunding",
    "NoLicence",
    "OrcidWrong",
    "ReviewOverdue",
    "says_nothing",
    "three_years_after",
]

_AUTHOR = {"name": "Ada Example", "credentials": "MD", "conflicts": "None declared."}
_TEXT = "A text on sleep."
_EMPTY = expression(
    r"^(?:-+|n/?a|tbd|tba|tbc|to be (?:done|added|confirmed)|\?+|xxx+|\.+|unknown|not stated|todo)\.?$", re.IGNORECASE
)


def says_nothing(value: str | None) -> bool:
    """Return whether a field of the metadata is missing, empty or a placeholder."""
    return value is None or not value.strip() or _EMPTY.match(value.strip()) is not None


class NoAuthors(Rule):
    """At least one author is named."""

    id = "EDI001"
    severity = Severity.ERROR
    source = "JAMA benchmarks (authorship); HONcode 1; ICMJE"
    remedy = "Name the person or organisation that wrote the text under `authors:`."
    bad = [Example(_TEXT, metadata={"authors": []})]
    good = [Example(_TEXT, metadata={"authors": [_AUTHOR]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the metadata."""
        if not submission.publication.authors:
            yield self.at(submission.place("authors"), "The publication names no author.")


class AuthorWithoutCredentials(Rule):
    """Every author's credentials are stated."""

    id = "EDI002"
    severity = Severity.WARNING
    source = "JAMA benchmarks (authorship); HONcode 1"
    remedy = "State the author's degree, profession or role under `credentials:`; “not a clinician” is acceptable."
    bad = [Example(_TEXT, metadata={"authors": [{"name": "Ada Example", "conflicts": "None."}]})]
    good = [Example(_TEXT, metadata={"authors": [{**_AUTHOR, "credentials": "Not a clinician"}]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check every author."""
        for index, author in enumerate(submission.publication.authors):
            if says_nothing(author.credentials):
                place = submission.place("authors", index)
                yield self.at(place, f"The credentials of {author.name} are not stated.", context=author.name)


class NoFunding(Rule):
    """The funding of the publication is stated."""

    id = "EDI003"
    severity = Severity.ERROR
    source = "JAMA benchmarks (disclosure); HONcode 7; ICMJE"
    remedy = "State under `funding:` who paid for the publication, or “None” if nobody did."
    bad = [Example(_TEXT, metadata={"funding": None}), Example(_TEXT, metadata={"funding": "TBD"})]
    good = [Example(_TEXT, metadata={"funding": "None."})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the metadata; an explicit "none" counts."""
        if says_nothing(submission.publication.funding):
            yield self.at(submission.place("funding"), "The funding of this publication is not stated.")


class AuthorWithoutConflicts(Rule):
    """Every author's conflicts of interest are stated."""

    id = "EDI004"
    severity = Severity.ERROR
    source = "JAMA benchmarks (disclosure); HONcode 7; ICMJE disclosure form"
    remedy = "State them under the author's `conflicts:`; if there are none, write “None declared”."
    bad = [Example(_TEXT, metadata={"authors": [{"name": "Ada Example", "credentials": "MD"}]})]
    good = [Example(_TEXT, metadata={"authors": [_AUTHOR]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check every author; an explicit "none" counts."""
        for index, author in enumerate(submission.publication.authors):
            if says_nothing(author.conflicts):
                place = submission.place("authors", index)
                message = f"The conflicts of interest of {author.name} are not stated."
                yield self.at(place, message, context=author.name)


_PUT_RIGHT = "Write under `on:` the day on which the correction was made."


class DatesOutOfOrder(Rule):
    """The dates are in order, and no past event is dated in the future."""

    id = "EDI005"
    severity = Severity.ERROR
    source = "JAMA benchmarks (currency); HONcode 4"
    remedy = (
        "Correct the date under `dates:`; published comes first, then updated and last_reviewed, and next_review last."
    )
    bad = [
        Example(_TEXT, metadata={"dates": {"published": "2099-01-01"}}),
        Example(_TEXT, metadata={"dates": {"published": "2025-05-01", "updated": "2025-04-01"}}),
        Example(
            _TEXT,
            metadata={"dates": {"published": "2025-05-01", "last_reviewed": "2025-06-01", "next_review": "2025-05-20"}},
        ),
        Example(_TEXT, metadata={"dates": {"published": "2025-05-01", "evidence_search": "2025-06-01"}}),
        Example(_TEXT, metadata={"corrections": [{"on": "2099-01-01", "what": "The dose in the second section."}]}),
    ]
    good = [
        Example(
            _TEXT,
            metadata={
                "dates": {
                    "published": "2025-05-01",
                    "updated": "2025-06-01",
                    "last_reviewed": "2025-05-01",
                    "next_review": "2027-05-01",
                    "evidence_search": "2025-04-01",
                }
            },
        )
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the dates of the metadata with each other and with today."""
        dates = submission.publication.dates
        past = {
            "published": dates.published,
            "updated": dates.updated,
            "last_reviewed": dates.last_reviewed,
            "evidence_search": dates.evidence_search,
        }
        for name, date in past.items():
            if date and date > submission.today:
                place = submission.place("dates", name)
                remedy = f"Write a day up to today, {submission.today}: nothing can be said of a later one yet."
                yield self.at(place, f"`{name}` is in the future: {date}.", context=name, remedy=remedy)
        for index, correction in enumerate(submission.publication.corrections):
            if correction.on > submission.today:
                place = submission.place("corrections", index)
                message = f"A correction is dated in the future: {correction.on}."
                yield self.at(place, message, context=f"correction {correction.on}", remedy=_PUT_RIGHT)
        newest = max(date for date in (dates.published, dates.updated, dates.last_reviewed) if date)
        orders = (
            ("updated", dates.updated, "published", dates.published),
            ("next_review", dates.next_review, "last_reviewed", dates.last_reviewed),
            ("evidence_search", newest, "evidence_search", dates.evidence_search),
        )
        for later_name, later, earlier_name, earlier in orders:
            if later and earlier and later < earlier:
                name = f"`{later_name}`" if later_name != earlier_name else "the newest date of the text"
                yield self.at(
                    submission.place("dates", later_name),
                    f"{name} ({later}) is before `{earlier_name}` ({earlier}).",
                    context=f"{later_name} {earlier_name}",
                )


def three_years_after(date: dt.date) -> dt.date:
    """Return the same day three years later; 29 February becomes 28 February, and no day is after the year 9999."""
    if date.year + 3 > dt.MAXYEAR:
        return dt.date.max
    try:
        return date.replace(year=date.year + 3)
    except ValueError:
        return date.replace(year=date.year + 3, day=28)


class ReviewOverdue(Rule):
    """The text was reviewed for currency within the last three years."""

    id = "EDI006"
    severity = Severity.ERROR
    source = "PIF TICK: reviewed at least every three years; HONcode 4"
    remedy = "Check the text against current evidence, and set `last_reviewed:` to the day of that check."
    bad = [
        Example(_TEXT, metadata={"dates": {"published": "2020-01-01", "last_reviewed": "2020-01-01"}}),
        Example(_TEXT, metadata={"dates": {"published": "2026-01-01"}}),
    ]
    good = [Example(_TEXT, metadata={"dates": {"published": "2020-01-01", "last_reviewed": "2025-12-01"}})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare `last_reviewed` with today; if it is missing on a recent text, only warn."""
        dates = submission.publication.dates
        last = dates.last_reviewed
        if last is None and submission.states("dates", "last_reviewed"):
            return
        if last is None:
            young = three_years_after(dates.updated or dates.published) >= submission.today
            severity = Severity.WARNING if young else Severity.ERROR
            message = "The date of the last review is not stated."
            yield self.at(submission.place("dates"), message, severity=severity)
        elif three_years_after(last) < submission.today:
            place = submission.place("dates", "last_reviewed")
            message = f"The text was last reviewed on {last}, more than three years ago."
            yield self.at(place, message, context="last_reviewed")


class NextReview(Rule):
    """The next review is planned, is not overdue, and is at most three years ahead.

    In a release a date that has passed is an error.
    """

    id = "EDI007"
    severity = Severity.WARNING
    source = "PIF TICK: reviewed at least every three years"
    remedy = "Set `next_review:` to a date at most three years after `last_reviewed:`."
    bad = [
        Example(_TEXT, metadata={"dates": {"published": "2026-01-01", "last_reviewed": "2026-01-01"}}),
        Example(
            _TEXT,
            metadata={"dates": {"published": "2025-01-01", "last_reviewed": "2025-01-01", "next_review": "2026-01-01"}},
        ),
        Example(
            _TEXT,
            metadata={"dates": {"published": "2026-01-01", "last_reviewed": "2026-01-01", "next_review": "2030-01-01"}},
        ),
    ]
    good = [
        Example(
            _TEXT,
            metadata={"dates": {"published": "2026-01-01", "last_reviewed": "2026-01-01", "next_review": "2028-01-01"}},
        )
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare `next_review` with today and the last review; in a release, a date that has passed is an error."""
        dates = submission.publication.dates
        start = dates.last_reviewed or dates.updated or dates.published
        place = submission.place("dates", "next_review")
        if dates.next_review is None and submission.states("dates", "next_review"):
            return
        if dates.next_review is None:
            yield self.at(place, "No date is set for the next review.", context="next_review missing")
        elif dates.next_review < (dates.last_reviewed or dates.next_review):
            return  # An impossible order of dates is the subject of EDI005.
        elif dates.next_review < submission.today:
            severity = Severity.ERROR if submission.release else None
            yield self.at(
                place,
                f"The next review was due on {dates.next_review}.",
                context="next_review passed",
                severity=severity,
            )
        elif dates.next_review > three_years_after(start):
            yield self.at(
                place,
                f"The next review ({dates.next_review}) is more than three years after {start}.",
                context="next_review late",
            )


class NoContact(Rule):
    """Readers are given contact details."""

    id = "EDI015"
    severity = Severity.WARNING
    source = "HONcode 6 (transparency); PIF TICK 8 (feedback)"
    remedy = "Give an email address, or the address of a web page or form, under `contact:`."
    bad = [Example(_TEXT, metadata={"contact": None})]
    good = [Example(_TEXT, metadata={"contact": "editors@example.org"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the metadata."""
        if says_nothing(submission.publication.contact):
            yield self.at(submission.place("contact"), "No contact is given.")


class NoLicence(Rule):
    """The licence of the text is stated."""

    id = "EDI016"
    severity = Severity.WARNING
    source = "JAMA benchmarks (attribution: copyright)"
    remedy = "Name the licence under `licence:`, for example “CC BY 4.0” or “All rights reserved”."
    bad = [Example(_TEXT, metadata={"licence": None})]
    good = [Example(_TEXT, metadata={"licence": "CC BY 4.0"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the metadata."""
        if says_nothing(submission.publication.licence):
            yield self.at(submission.place("licence"), "No licence is stated.")


class NoAbstract(Rule):
    """The text has an abstract."""

    id = "EDI017"
    severity = Severity.WARNING
    source = "CDC Clear Communication Index 1-4 (main message first); DISCERN 1 (aims)"
    remedy = (
        "Summarise the text in a few sentences under `abstract:`: its subject, its findings, and what is not known."
    )
    bad = [Example(_TEXT, metadata={"abstract": None})]
    good = [Example(_TEXT, metadata={"abstract": "What is known about sleep after surgery, and what is not."})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the metadata."""
        if says_nothing(submission.publication.abstract):
            yield self.at(submission.place("abstract"), "The publication has no abstract.")


class OrcidWrong(Rule):
    """Every ORCID iD has the correct check digit."""

    id = "EDI018"
    severity = Severity.ERROR
    source = "ORCID, structure of the identifier: ISO/IEC 7064 mod 11-2"
    remedy = "Copy the ORCID iD again from the person's page at orcid.org."
    bad = [Example(_TEXT, metadata={"authors": [{**_AUTHOR, "orcid": "0000-0002-1825-0098"}]})]
    good = [Example(_TEXT, metadata={"authors": [{**_AUTHOR, "orcid": "https://orcid.org/0000-0002-1825-0097"}]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compute the check digit of every author and reviewer."""
        publication = submission.publication
        people = [("authors", index, one.name, one.orcid) for index, one in enumerate(publication.authors)]
        people += [("reviewers", index, one.name, one.orcid) for index, one in enumerate(publication.reviewers)]
        for key, index, name, orcid in people:
            if orcid and not _orcid_holds(orcid[-19:]):
                place = submission.place(key, index, "orcid")
                yield self.at(place, f"The ORCID iD of {name} is not valid: {orcid}.", context=orcid)


def _orcid_holds(orcid: str) -> bool:
    digits = orcid.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == 10 else str(check))
