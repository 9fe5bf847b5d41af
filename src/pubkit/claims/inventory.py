"""The claims of a manuscript, for the evidence table and for the rules that weigh them against each other."""

from __future__ import annotations

import functools
from collections.abc import Callable

from pubkit.claims.commerce import shop_phrase
from pubkit.claims.doses import health_fact, numeric_dose
from pubkit.claims.evidence import absence_of_evidence, evidence, named_journal, statistic
from pubkit.claims.grammar import clause_before
from pubkit.claims.products import absolute_safety, benefit, disease_claim, plain_safety, promotion
from pubkit.claims.reading import SameObject, Statement, read
from pubkit.claims.wordlists import Hit, word_list
from pubkit.editorial.model import Claim, ClaimKind, Strength
from pubkit.expressions import expression
from pubkit.manuscript.model import Document
from pubkit.project.metadata import Publication

__all__ = ["claims", "strength_of"]

_DETECTORS: tuple[tuple[ClaimKind, Callable[[str], Hit | None]], ...] = (
    (ClaimKind.EVIDENCE, evidence),
    (ClaimKind.ABSENCE, absence_of_evidence),
    (ClaimKind.JOURNAL, named_journal),
    (ClaimKind.STATISTIC, statistic),
    (ClaimKind.SAFETY, absolute_safety),
    (ClaimKind.SAFETY_PLAIN, plain_safety),
    (ClaimKind.PROMOTION, promotion),
    (ClaimKind.COMMERCE, shop_phrase),
    (ClaimKind.DOSE, numeric_dose),
)
#: Removing a citation from the text may leave a blank before the full stop.
_SPACE_BEFORE_STOP = expression(r"\s+(?=[.,;:!?)])")
_DENIES = expression(
    r"\b(?:no|not|never|cannot|neither|nor|none|without|inconclusive|unlikely|unclear|unknown)\b|n't\b"
)
_REPORTS = expression(
    r"\b(?:people|users?|patients|participants|respondents|adults|men|women|they|clients|sellers?|advocates) "
    r"(?:[\w,()%-]+ ){0,6}?(?:report\w*|said|say|describ\w*|felt|believ\w*|perceiv\w*|rated|credited|claim\w*|told|"
    r"think|thought)|\bself[ -]reported\b|\bperceived\b"
)
_ASSOCIATES = expression(r"\b(?:associat\w+|linked|links?|correlat\w+|related to|goes? along|went along|tracked)\b")
_LEAVES_OPEN = expression(
    r"\b(?:may|might|could|can|possibl\w+|perhaps|potential\w*|appear\w*|seem\w*|suggest\w*|likely|probabl\w+|"
    r"uncertain|preliminary|hint\w*|indicate\w*)\b"
)


def claims(document: Document, publication: Publication) -> tuple[Claim, ...]:
    """Return every sentence of the body that asserts something, in reading order."""
    return _claims(SameObject(read(document, publication)))


@functools.lru_cache(maxsize=2)
def _claims(statements: SameObject[tuple[Statement, ...]]) -> tuple[Claim, ...]:
    found = (_claim(statement) for statement in statements.value if statement.in_body)
    return tuple(claim for claim in found if claim is not None)


def strength_of(text: str) -> Strength:
    """Return how firmly a folded sentence makes its claim; the weakest word in it decides."""
    if _REPORTS.search(text):
        return Strength.REPORTED
    if _DENIES.search(text) and not _ASSOCIATES.search(clause_before(text, len(text))):
        return Strength.DENIED
    if _LEAVES_OPEN.search(text):
        return Strength.HEDGED
    return Strength.ASSOCIATED if _ASSOCIATES.search(text) else Strength.ASSERTED


def _claim(statement: Statement) -> Claim | None:
    text = statement.folded
    kinds = {kind for kind, detect in _DETECTORS if detect(text)}
    if disease_claim(text, statement.previous):
        kinds.add(ClaimKind.DISEASE)
    if not kinds and (statement.sentence.keys or health_fact(text)):
        kinds.add(ClaimKind.FACT)
    if not kinds:
        return None
    strength = strength_of(text)
    return Claim(
        text=_SPACE_BEFORE_STOP.sub("", statement.text),
        location=statement.sentence.location,
        section=statement.block.section,
        kinds=frozenset(kinds),
        keys=statement.sources,
        strength=strength,
        benefit=strength is not Strength.DENIED and benefit(text) is not None,
        risk=word_list("risk-words").first(text) is not None,
    )
