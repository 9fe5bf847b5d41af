"""RET: works that were retracted, questioned or corrected after publication, and the age of that data."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript.sentences import sentences
from pubkit.references.model import VerdictStatus
from pubkit.references.notices import RetractionCheck
from pubkit.references.own_word import own_kind
from pubkit.references.verdicts import Judgement
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.reference_verdicts import cited_verdicts, place, reasons

__all__: list[str] = []

#: How many keys a finding names before it counts the rest.
_LISTED = 10
_ICMJE = "ICMJE Recommendations IV.A.3.g: no reference is to a retracted article, except to refer to the retraction"
_COPE = "COPE, Retraction Guidelines: an expression of concern alerts readers that findings may be unreliable"
_BIB = """@article{okafor2020, author = {Okafor, Ada}, title = {Sleep and shift work in hospital nurses},
  journal = {J Sleep Res}, year = {2020}, volume = {29}, pages = {1--9}, doi = {10.1000/sleep.2020.1}}"""
_NOTICE = _BIB.replace("Sleep and", "Retraction: Sleep and")
_TEXT = "Night shifts shorten sleep [@okafor2020]."
#: Words of a sentence that cites a notice as a notice; no word of another language is mistaken for them.
_OF_A_NOTICE = expression(
    r"retract|rétract|zur[üu]ckgezogen|retirad|withdr[ae]w|corrigend|errat|correct|concern|notice", re.IGNORECASE
)


class Retracted(Rule):
    """No cited work has been retracted."""

    id = "RET001"
    severity = Severity.ERROR
    source = _ICMJE
    remedy = (
        "Remove the citation and every statement that depends on it. To cite it on purpose, say that the work was "
        "retracted, and waive this finding."
    )
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "RETRACTED"})]
    good = [
        Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"}),
        Example(_TEXT, _BIB, verdicts={"okafor2020": "CORRECTED"}),
        Example("Nothing is cited here.", _BIB, verdicts={"okafor2020": "RETRACTED"}),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each sentence that cites a retracted work, because a waiver covers one sentence."""
        retracted = {verdict.key: verdict for verdict in cited_verdicts(submission, VerdictStatus.RETRACTED)}
        if not retracted:
            return
        met: set[str] = set()
        for block in submission.manuscript.document.blocks:
            if not any(citation.key in retracted for citation in block.citations):
                continue
            for sentence in sentences(block, submission.publication.lang):
                for key in sentence.keys:
                    if key in retracted:
                        met.add(key)
                        location = next(cited.location for cited in sentence.citations if cited.key == key)
                        context = f"{key}: {sentence.text}"
                        yield self.at(location, self._message(key, reasons(retracted[key])), context=context)
        # Cited outside a sentence.
        for key in sorted(retracted.keys() - met):
            yield self.at(place(submission, key), self._message(key, reasons(retracted[key])), context=key)

    def _message(self, key: str, evidence: str) -> str:
        return f"{printable(key)} was retracted" + (f": {evidence}." if evidence else ".")


class Doubted(Rule):
    """No cited work has been partly retracted or given an expression of concern."""

    id = "RET002"
    severity = Severity.WARNING
    source = _COPE
    remedy = "Read the notice. If you keep the citation, say in the text that the findings are in doubt."
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "CONCERN"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each cited work whose findings are in doubt."""
        for verdict in cited_verdicts(submission, VerdictStatus.CONCERN):
            evidence = reasons(verdict)
            message = f"The findings of {printable(verdict.key)} are in doubt" + (f": {evidence}." if evidence else ".")
            yield self.at(place(submission, verdict.key), message, context=verdict.key)


class Corrected(Rule):
    """No cited work has been corrected."""

    id = "RET003"
    severity = Severity.NOTE
    source = "ICMJE Recommendations III.A: corrections are published and linked to the article"
    remedy = "Read the correction, and check whether your statement is still true."
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "CORRECTED"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each cited work with a correction."""
        for verdict in cited_verdicts(submission, VerdictStatus.CORRECTED):
            evidence = reasons(verdict)
            message = f"{printable(verdict.key)} was corrected" + (f": {evidence}." if evidence else ".")
            yield self.at(place(submission, verdict.key), message, context=verdict.key)


class NoticeCited(Rule):
    """No retraction, correction or expression of concern is cited as if it were the study."""

    id = "RET005"
    severity = Severity.WARNING
    source = _ICMJE
    remedy = "Cite the study itself, or say in the sentence what the notice says about it."
    bad = [Example(_TEXT, _NOTICE)]
    good = [
        Example("The study of night shifts was retracted [@okafor2020].", _NOTICE),
        Example(_TEXT, _BIB.replace("Sleep and", "Withdrawal of caffeine and")),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each notice that no sentence cites as a notice."""
        kinds = dict(_notices_cited(submission))
        for key in sorted(kinds.keys() - _called_notices(submission, kinds)) if kinds else ():
            message = f"{printable(key)} is a {kinds[key]}, not the study itself."
            yield self.at(place(submission, key), message, context=key)


def _notices_cited(submission: Submission) -> Iterator[tuple[str, str]]:
    """Return key and kind of every cited work that its entry or a registry calls a notice."""
    for key in dict.fromkeys(citation.key for citation in submission.manuscript.citations):
        entry = submission.bibliography.entries.get(key)
        verdict = submission.verdicts.get(key)
        if kind := (own_kind(entry) if entry else "") or (verdict.notice if verdict else ""):
            yield key, kind


def _called_notices(submission: Submission, kinds: Mapping[str, str]) -> set[str]:
    """Return the keys of `kinds` that a sentence cites as a notice."""
    lang = submission.publication.lang
    blocks = [
        block for block in submission.manuscript.document.blocks if any(one.key in kinds for one in block.citations)
    ]
    spoken = (one for block in blocks for one in sentences(block, lang) if _OF_A_NOTICE.search(one.text))
    return {key for sentence in spoken for key in sentence.keys}


class RetractionData(Rule):
    """Every reference has been looked up in recent retraction data.

    In a release this is an error.
    """

    id = "RET004"
    severity = Severity.WARNING
    source = "Retraction Watch: works are retracted even years after publication, so old data misses retractions"
    remedy = (
        "Run `pubkit refs update`, which looks up every reference in current data, and commit references.lock.json."
    )
    waivable = False
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]
    good = ["A text without sources has nothing to look up."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for all references not looked up, and one for each date of data that is too old."""
        severity = Severity.ERROR if submission.release else self.severity
        place = submission.place("bibliography")
        for context, problem in _problems(submission):
            yield self.at(place, problem, context=context, severity=severity)


def _problems(submission: Submission) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the retraction data, each with the context that identifies the problem."""
    if not submission.manuscript.citations:
        return
    checks = _checks(submission)
    lacking = [key for key, check in checks.items() if check is None]
    if lacking or not isinstance(submission.verdicts, Judgement):
        which = "" if len(lacking) == len(checks) else f" for {_listed(lacking)}"
        yield "retraction data", f"Retractions were not checked{which}: references.lock.json records no lookup."
    most = submission.publication.snapshot_max_age
    old: dict[dt.date, list[str]] = defaultdict(list)
    for key, check in checks.items():
        if check and (submission.today - check.day).days > most:
            old[check.day].append(key)
    for day, keys in sorted(old.items()):
        allowed = f"{(submission.today - day).days} days old; {most} are allowed (snapshot_max_age)"
        yield f"data of {day}", f"The retraction data of {day} is {allowed}. Looked up in it: {_listed(keys)}."


def _checks(submission: Submission) -> dict[str, RetractionCheck | None]:
    """Return the lookup of each cited work, as the lock file records it.

    Works without a valid record are left out if there is local data: they were looked up in that, and are reported as
    unchecked.
    """
    verdicts = submission.verdicts
    if not isinstance(verdicts, Judgement):
        return {}
    cited = [verdict.key for verdict in cited_verdicts(submission, *VerdictStatus)]
    known = [key for key in cited if verdicts.snapshot is None or key in verdicts.retractions]
    return {key: verdicts.retractions.get(key) for key in known}


def _listed(keys: Sequence[str]) -> str:
    shown = ", ".join(printable(key, 60) for key in keys[:_LISTED])
    return shown if len(keys) <= _LISTED else f"{shown} and {len(keys) - _LISTED} more"
