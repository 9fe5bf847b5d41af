"""How the criteria on sources are judged: claims, references, kinds of study, risks.

The counts come from the evidence table and from what is known about each reference; see `pubkit.compliance.judging`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pubkit.boundary.files import counted
from pubkit.compliance.judging import Answer, Dossier, Status, against, listed
from pubkit.editorial.evidence import EvidenceRow, SourceLine
from pubkit.editorial.model import ClaimKind, FigureState
from pubkit.project.metadata import OBSERVATIONAL
from pubkit.references.model import Verdict, VerdictStatus
from pubkit.references.verdicts import Judgement
from pubkit.substances.registry import Substance, registry

__all__ = [
    "judge_age",
    "judge_attribution",
    "judge_balance",
    "judge_causes",
    "judge_figures",
    "judge_hierarchy",
    "judge_references",
    "judge_reliability",
    "judge_retractions",
    "judge_risks",
]

_SUMMARIES = frozenset({"guideline", "systematic-review"})
_SPOKEN = {
    VerdictStatus.OK: "found as cited",
    VerdictStatus.UNCHECKED: "not compared",
    VerdictStatus.UNCONFIRMED: "in no registry asked",
}


def _confirmed(row: EvidenceRow) -> bool:
    return bool(row.sources) and all(source.status == VerdictStatus.OK.value for source in row.sources)


def judge_attribution(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge how many claims have a source, and what is known about these sources."""
    rows = dossier.evidence.rows
    answer = against(dossier, rules)
    if answer or not rows:
        return answer or Answer(Status.HUMAN, "The word lists found no claim; a person must look.")
    bare = sum(not row.sources for row in rows)
    confirmed = sum(_confirmed(row) for row in rows)
    evidence = f"{counted(len(rows), 'claim')}: {len(rows) - bare} with a key, {bare} without"
    evidence += f"; {confirmed} with references that were all found in a registry, as cited."
    return Answer(Status.MET if confirmed == len(rows) else Status.PARTLY, evidence)


def _cited(dossier: Dossier) -> list[Verdict]:
    """Return what is known about each work that the text cites; a key that is in no bibliography is unchecked."""
    keys = dict.fromkeys(citation.key for citation in dossier.manuscript.citations if citation.key != "*")
    return [dossier.verdicts.get(key, Verdict(key, VerdictStatus.UNCHECKED)) for key in keys]


def _compared(dossier: Dossier, verdict: Verdict) -> bool:
    """Return whether the reference was compared with a registry's record; retraction data alone are not such a record."""
    known = dossier.verdicts
    return verdict.checked and not (isinstance(known, Judgement) and verdict.key in known.unchecked)


def judge_references(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge how many references were compared with a registry, and what was found."""
    cited = _cited(dossier)
    compared = [verdict for verdict in cited if _compared(dossier, verdict)]
    if not cited:
        return Answer(Status.NOT_APPLICABLE, "The text cites nothing.")
    if not compared:
        return Answer(Status.NOT_LOOKED_AT, f"0 of {counted(len(cited), 'reference')} compared with a registry.")
    counts = Counter(verdict.status for verdict in compared)
    found = ", ".join(f"{number} {_spoken(status)}" for status, number in counts.most_common())
    evidence = f"{len(compared)} of {counted(len(cited), 'reference')} compared with a registry: {found}."
    answer = against(dossier, rules)
    if answer:
        return Answer(answer.status, f"{evidence} {answer.evidence}")
    return Answer(Status.MET if counts[VerdictStatus.OK] == len(cited) else Status.PARTLY, evidence)


def _spoken(status: VerdictStatus) -> str:
    return _SPOKEN.get(status, status.value.lower().replace("_", " "))


def judge_retractions(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge how many references were looked up for retractions, and what was found."""
    cited, looked_up = _cited(dossier), _looked_up(dossier)
    if not cited:
        return Answer(Status.NOT_APPLICABLE, "The text cites nothing.")
    evidence = f"{len(looked_up)} of {counted(len(cited), 'reference')} looked up for retractions"
    if not looked_up:
        return Answer(Status.NOT_LOOKED_AT, f"{evidence}.")
    evidence += f"{_data(dossier)}: {_notices(looked_up)}."
    answer = against(dossier, rules)
    if answer:
        return Answer(answer.status, f"{evidence} {answer.evidence}")
    return Answer(Status.MET if len(looked_up) == len(cited) else Status.PARTLY, evidence)


def _looked_up(dossier: Dossier) -> list[Verdict]:
    known = dossier.verdicts
    if not isinstance(known, Judgement):
        return []
    return [one for one in _cited(dossier) if one.key in known and known.looked_up(one.key)]


def _data(dossier: Dossier) -> str:
    date = dossier.verdicts.retraction_data if isinstance(dossier.verdicts, Judgement) else None
    return f" (data of {date})" if date else ""


def _notices(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(verdict.status for verdict in verdicts)
    return (
        f"{counts[VerdictStatus.RETRACTED]} retracted, {counts[VerdictStatus.CONCERN]} in doubt, "
        f"{counts[VerdictStatus.CORRECTED]} corrected"
    )


def judge_balance(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the sentences on benefits against the sentences on risks."""
    benefits = sum(row.benefit for row in dossier.evidence.rows)
    risks = sum(row.risk and not row.benefit for row in dossier.evidence.rows)
    evidence = f"{counted(benefits, 'sentence')} on benefits, {risks} on risks."
    answer = against(dossier, rules)
    if answer:
        return Answer(answer.status, f"{evidence} {answer.evidence}")
    if not benefits:
        return Answer(
            Status.HUMAN, f"{evidence} As no benefit was found, there was nothing to weigh; a person must look."
        )
    return Answer(Status.PARTLY, f"{evidence} Counted, not weighed; a person must read them.")


def judge_hierarchy(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the kinds of study behind claims of benefit."""
    rows = [row for row in dossier.evidence.rows if row.benefit and row.sources]
    answer = against(dossier, rules)
    if answer or not rows:
        return answer or Answer(Status.HUMAN, "No claim of benefit with a source was found; a person must look.")
    kinds = Counter(source.study_type for source in _sources(rows) if source.study_type)
    unknown = sum(not source.study_type for source in _sources(rows))
    behind = listed(f"{number} {kind}" for kind, number in kinds.most_common()) or "none described"
    evidence = f"Claims of benefit with a source: {len(rows)}. Works behind them, as described: {behind}"
    evidence += f"; {unknown} of unstated type."
    return Answer(Status.PARTLY if unknown else Status.MET, evidence)


def _sources(rows: Sequence[EvidenceRow]) -> list[SourceLine]:
    """Return each work behind `rows`, once."""
    return list({source.key: source for row in rows for source in row.sources}.values())


def judge_reliability(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge preprints, as far as the front matter describes the works, and retractions, as far as they were looked up."""
    works = _sources(dossier.evidence.rows)
    if not works:
        return Answer(Status.NOT_APPLICABLE, "No claim rests on a cited work.")
    described = sum(bool(work.study_type) for work in works)
    preprints = sum(work.preprint for work in works)
    retractions = judge_retractions(dossier, rules)
    evidence = (
        f"{described} of {counted(len(works), 'work')} described, {preprints} as a preprint. {retractions.evidence}"
    )
    if retractions.status is Status.MET and described < len(works):
        return Answer(Status.PARTLY, evidence)
    return Answer(retractions.status, evidence)


def judge_age(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the years of the guidelines and systematic reviews."""
    works = [work for work in _sources(dossier.evidence.rows) if work.study_type in _SUMMARIES and work.year]
    answer = against(dossier, rules)
    if answer:
        return answer
    if not works:
        evidence = "No work behind a claim is described as a guideline or systematic review with a year."
        return Answer(Status.NOT_APPLICABLE, evidence)
    oldest = min(works, key=lambda work: (work.year or 0, work.key))
    text = f"Guidelines and systematic reviews behind claims: {len(works)}; the oldest, {oldest.key}, is from {oldest.year}."
    return Answer(Status.MET, text)


def judge_causes(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge claims that rest on observational works, which must not be presented as cause and effect."""

    def observational(row: EvidenceRow) -> bool:
        return bool(row.sources) and all(source.study_type in OBSERVATIONAL for source in row.sources)

    rows = sum(observational(row) for row in dossier.evidence.rows)
    answer = against(dossier, rules)
    if answer or not rows:
        evidence = "No claim rests only on works described as observational, so none was checked for this."
        return answer or Answer(Status.NOT_APPLICABLE, evidence)
    text = f"{counted(rows, 'claim')} resting only on works described as observational: no causal wording was found in them."
    return Answer(Status.MET, text)


def judge_figures(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the sentences with a figure, and their sources."""
    rows = [row for row in dossier.evidence.rows if ClaimKind.STATISTIC.value in row.kinds]
    answer = against(dossier, rules)
    if answer or not rows:
        return answer or Answer(Status.NOT_APPLICABLE, "No sentence with a figure was found.")
    sourced = sum(bool(row.sources) for row in rows)
    evidence = (
        f"Sentences with a figure: {len(rows)}, of these {sourced} with a key.{_looked_for(dossier.evidence.rows)}"
    )
    return Answer(Status.PARTLY, f"{evidence} Whether the figures are explained is for a person to judge.")


def _looked_for(rows: Sequence[EvidenceRow]) -> str:
    """Return what became of the figures that were looked for in abstracts, as a sentence; "" where none was."""
    counts = Counter(figure.state for row in rows for figure in row.figures)
    read = counts.total() - counts[FigureState.NO_ABSTRACT]
    if not read:
        return ""
    said = {state: counts[state] for state in FigureState if state is not FigureState.NO_ABSTRACT and counts[state]}
    listed = ", ".join(f"{number} {state.value}" for state, number in said.items())
    return f" {counted(read, 'figure')} looked for in abstracts of sources: {listed}."


def judge_risks(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge whether the text names the risks that the registry lists for its substances."""
    declared = dossier.publication.substances
    known = [registry()[name] for name in declared if name in registry()]
    unknown = [name for name in declared if name not in registry()]
    answer = against(dossier, rules)
    if answer:
        return answer
    risks = list(_risks(known, dossier.publication.lang))
    if not risks:
        return Answer(Status.HUMAN, f"{_nothing(unknown)}, so no risk was looked for; a person must look.")
    evidence = f"A heading mentions risks, and the text mentions the risks that the registry lists. {' '.join(risks)}"
    if unknown:
        return Answer(Status.PARTLY, f"{evidence} {_nothing(unknown)}; a person must look.")
    return Answer(Status.MET, evidence)


def _nothing(unknown: Sequence[str]) -> str:
    return f"The registry does not contain {listed(unknown)}" if unknown else "No substance is declared"


def _risks(known: Sequence[Substance], lang: str) -> Iterator[str]:
    """Yield the risks whose words are looked for in `lang`, substance by substance."""
    language = lang.split("-")[0]
    for substance in known:
        titles = [risk.title for risk in substance.risks if risk.words.get(language)]
        if titles:
            yield f"Of {substance.id}: {'; '.join(titles)}."
