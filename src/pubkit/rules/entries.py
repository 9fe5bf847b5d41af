"""The base of rules about single bibliography entries: the loop over the entries, and the severity of a fault."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Fix, Severity
from pubkit.references.model import Entry
from pubkit.rules.base import Rule, Submission
from pubkit.rules.rewriting import in_entry

__all__ = ["EntryRule", "Fault", "cited_keys", "is_tagged", "walk", "weighed"]


class Fault(Struct, frozen=True):
    """A fault of one entry: the field (its CSL or native name), a message, and where it differs from the rule.

    `words` are pairs of what the field has and what it should have, where that is known; see `Fix` for `certain`.
    """

    field: str
    message: str
    severity: Severity | None = None
    remedy: str = ""
    words: tuple[tuple[str, str], ...] = ()
    certain: bool = True


def is_tagged(entry: Entry) -> bool:
    """Return whether the entry is a record of tagged lines (RIS, NBIB, EndNote), which databases write, not people."""
    return entry.location.file.lower().endswith((".ris", ".nbib", ".xml", ".enw"))


def cited_keys(submission: Submission) -> frozenset[str]:
    """Return every key that the manuscript cites."""
    return frozenset(citation.key for citation in submission.manuscript.citations)


def weighed(severity: Severity, cited: bool) -> Severity:
    """Return `severity`, but at most a warning for an entry that is not cited and therefore not printed."""
    return Severity.WARNING if severity is Severity.ERROR and not cited else severity


def walk(rule: Rule, submission: Submission, faults: Callable[[Entry], Iterator[Fault]]) -> Iterator[Finding]:
    """Yield a finding of `rule`, at the line of the field in question, for each of the `faults` of each entry."""
    cited = cited_keys(submission)
    for entry in submission.bibliography:
        for fault in faults(entry):
            yield rule.at(
                entry.at(fault.field),
                f"{printable(entry.key, 60)}: {fault.message}",
                context=f"{entry.key} {fault.message}",
                remedy=fault.remedy,
                severity=weighed(fault.severity or rule.severity, entry.key in cited),
                fix=_fix(submission, entry, fault),
            )


def _fix(submission: Submission, entry: Entry, fault: Fault) -> Fix | None:
    if not fault.words:
        return None
    title = f"Write {' and '.join(new for _, new in fault.words)}"
    return in_entry(submission, entry, fault.field, *fault.words, title=title, certain=fault.certain)


class EntryRule(Rule):
    """A rule that checks each entry on its own."""

    @abstractmethod
    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Yield what is wrong with `entry`."""

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each fault of each entry."""
        return walk(self, submission, self.faults)
