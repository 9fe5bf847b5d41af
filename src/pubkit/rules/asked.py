"""Which rules could not be asked, and why: what no report may show as passed.

Reasons are phrases for the end of a sentence: "PRF100 was not run: nothing was rendered."
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pubkit.metadata import OutputFormat
from pubkit.references.judge import Judgement
from pubkit.rules import Rule
from pubkit.rules.base import Submission
from pubkit.rules.proofs import Proof
from pubkit.rules.proofs_more import UnsafeReview
from pubkit.rules.reference_verdicts import Judged
from pubkit.rules.retractions import Corrected, Doubted, Retracted

__all__ = ["ON_PLACING", "ON_VERIFYING", "PROOFS", "unasked", "unproved"]

#: Rules of `pubkit verify`, and those on what a new set does to the folder it is put into.
ON_VERIFYING = ("REL001", "REL002", "REL003", "REL004", "REL005")
ON_PLACING = ("REL006", "REL007")
ON_RELEASING = ("REL012",)
#: The beginnings of the ids of all proofs of finished files.
PROOFS = "PRF"
_BY_VALIDATORS = frozenset({"PRF390", "PRF391"})
_ON_DRAFTS = frozenset({"PRF108", "PRF412"})
#: Rules that rest on English word lists, by id or by family.
_ENGLISH = (
    "CLM", "EDI020", "EDI021", "EDI022", "EDI025", "LNK001", "LNK002", "LNK006", "LNK007", "STY001", "STY003", "STY004",
)  # fmt: skip
#: The rule that says that those above were not asked.
_SAYS_SO = "CLM099"


def unasked(rules: Iterable[Rule], submission: Submission) -> dict[str, str]:
    """The ids of those `rules` that could not be asked about `submission`, before anything is rendered, and why."""
    reasons = ((rule.id, _unasked(rule, submission)) for rule in rules)
    return {name: reason for name, reason in reasons if reason}


def unproved(rules: Iterable[type[Rule]], formats: Collection[OutputFormat], *, draft: bool) -> dict[str, str]:
    """The ids of the proofs that were not made of a set of `formats`, and why."""
    proofs = (rule for rule in rules if issubclass(rule, Proof) and rule.id.startswith(PROOFS))
    reasons = ((rule.id, _unproved(rule, formats, draft=draft)) for rule in proofs)
    return {name: reason for name, reason in reasons if reason}


def _unasked(rule: Rule, submission: Submission) -> str:
    if isinstance(rule, UnsafeReview):
        return "`pubkit import-review` asks it"
    if rule.id in _BY_VALIDATORS:
        return "`pubkit proof` asks it"
    if isinstance(rule, Proof):
        return "nothing was rendered"
    if rule.id in ON_VERIFYING:
        return "`pubkit verify` asks it"
    if rule.id in ON_PLACING:
        return "no set was put in place"
    if rule.id in ON_RELEASING and not submission.release:
        return "this is no release"
    return _not_looked_up(rule, submission.verdicts) or _not_english(rule, submission.publication.lang)


def _unproved(rule: type[Proof], formats: Collection[OutputFormat], *, draft: bool) -> str:
    if rule.id in _BY_VALIDATORS:
        return "`pubkit proof` asks it"
    if rule.id in _ON_DRAFTS and not draft:
        return "this is no draft"
    made = [name for name in rule.formats if name in formats]
    return "" if made else f"no {' or '.join(rule.formats)} was made"


def _not_looked_up(rule: Rule, verdicts: Mapping[str, object]) -> str:
    """References that the rule knows nothing of: those that no registry, or no list of retractions, was asked about."""
    if not isinstance(verdicts, Judgement) or not isinstance(rule, Judged | Retracted | Doubted | Corrected):
        return ""
    retractions = not isinstance(rule, Judged)
    missing = sum(not verdicts.looked_up(key) for key in verdicts) if retractions else len(verdicts.unchecked)
    where = " in retraction data" if retractions else ""
    noun = "reference" if len(verdicts) == 1 else "references"
    return f"{missing} of {len(verdicts)} {noun} not looked up{where}" if missing else ""


def _not_english(rule: Rule, lang: str) -> str:
    if lang.split("-")[0] == "en" or rule.id == _SAYS_SO or not rule.id.startswith(_ENGLISH):
        return ""
    return f"its word lists are English, and the text is in “{lang}”"
