"""The rules in force for a publication: pubkit's, those of other packages, and the publication's own.

Other people's rules are untrusted input, like a manuscript or a registry's answer. An id that is taken, a module that
cannot be imported, a rule file that cannot be read and a rule that raises are findings that name the package or the
file; all other rules still run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct, structs

from pubkit import catalogue
from pubkit.boundary.files import printable
from pubkit.catalogue import Entry
from pubkit.findings import Finding, Severity
from pubkit.language.told import other_language, words_of
from pubkit.rules import own, rules_of
from pubkit.rules.base import Rule, Submission
from pubkit.rules.house import SRC090, read_rules

__all__ = ["FAULTS", "Asker", "Offer", "Rulebook", "found_by", "in_force", "offers"]

SRC091 = Entry(
    "SRC091",
    "Rules from other packages load and run.",
    Severity.ERROR,
    source="the entry point group `pubkit.rules`",
    remedy="Correct, update or uninstall that package; the fault is not in the manuscript or in pubkit.",
    waivable=False,
)

#: The rules under which faults of other people's rules are reported.
FAULTS = (SRC090, SRC091)
#: So many common words of another language, and hardly any of English, tell that a sentence is not English: for rules of
#: wording, and for those of claims and sale, which a foreign name ("Crème de la Mer cures eczema") must not silence.
_FEWEST_WORDS, _FEWEST_IN_CLAIMS = 2, 5
_CLAIMS = ("CLM", "LNK")


class Asker(Protocol):
    """A rule that checks a submission: a class of `pubkit.rules`, of a package, or a rule of a file."""

    @property
    def entry(self) -> Entry:
        """Return its entry in the catalogue."""

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each place in `submission` that breaks it."""


class Rulebook(Struct, frozen=True):
    """The rules to run, the catalogue entry of each, and the faults that kept others from running."""

    rules: tuple[Asker, ...]
    entries: Mapping[str, Entry]
    faults: tuple[Finding, ...] = ()

    def ask(self, submission: Submission, told: Callable[[int, int], None] | None = None) -> Iterator[Finding]:
        """Yield everything that the rules find in `submission`, and the faults of other people's rules.

        `told` is called with the number of rules that were asked, and of all.
        """
        yield from self.faults
        for number, rule in enumerate(self.rules, 1):
            yield from found_by(rule, submission)
            if told:
                told(number, len(self.rules))


def found_by(rule: Asker, submission: Submission) -> Iterator[Finding]:
    """Yield what `rule` finds; word lists that are English say nothing about a sentence in another language."""
    for finding in rule.check(submission):
        fewest = _FEWEST_IN_CLAIMS if rule.entry.id.startswith(_CLAIMS) else _FEWEST_WORDS
        if not (rule.entry.english and other_language(words_of(finding.context), "en", fewest=fewest)):
            yield finding


class _Foreign:
    """A rule of another package; whatever it raises is caught."""

    def __init__(self, rule: Rule, origin: str) -> None:
        self._rule = rule
        self.entry = structs.replace(rule.entry, origin=origin)

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield what the rule finds; if it raises, yield a finding with its name and place instead."""
        found: list[Finding] = []
        try:
            found.extend(self._rule.check(submission))
        except Exception as error:  # noqa: BLE001 - another package's code: whatever it raises is that package's fault
            failure = printable(catalogue.where(error), 300)
            message = f"The rule {self.entry.id} of {self.entry.origin} failed: {failure}."
            found.append(SRC091.at(None, message, context=self.entry.id))
        yield from found


class Offer(Struct, frozen=True):
    """What another package adds: its name and version, its rules, and what is wrong with them, in sentences."""

    origin: str
    rules: tuple[_Foreign, ...] = ()
    faults: tuple[str, ...] = ()


def offers() -> Iterator[Offer]:
    """Yield the rules of each other package; a rule whose id is taken is left out, which is a fault."""
    known = dict(catalogue.entries())
    offered = catalogue.plugins()
    yield from (Offer(origin, faults=(fault,)) for origin, fault in offered.faults.items())
    for module, origin in offered.modules.items():
        rules, faults = [], []
        for rule in rules_of([catalogue.imported(module)]):
            if fault := catalogue.refused(rule.entry, known):
                faults.append(f"A rule of {origin} is left out: {fault}.")
                continue
            rules.append(_Foreign(rule, origin))
            known[rule.entry.id] = rules[-1].entry
        yield Offer(origin, tuple(rules), tuple(faults))


def in_force(folder: Path) -> Rulebook:
    """Return the rules in force for the publication in `folder`.

    Raises: as `pubkit.rules.house.read_rules`.
    """
    offered = list(offers())
    foreign = [rule for offer in offered for rule in offer.rules]
    entries = dict(catalogue.entries()) | {rule.entry.id: rule.entry for rule in foreign}
    house = read_rules(folder, entries)
    return Rulebook(
        rules=(*own(), *foreign, *house.rules),
        entries=entries | {rule.entry.id: rule.entry for rule in house.rules},
        faults=(*(SRC091.at(None, fault) for offer in offered for fault in offer.faults), *house.faults),
    )
