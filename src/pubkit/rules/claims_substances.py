"""CLM: what a text says about a substance in the registry: its legal status, and the risks it must name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pubkit.claims.grammar import attributed, disowned
from pubkit.claims.patterns import Expression
from pubkit.claims.reading import shown
from pubkit.claims.wordlists import Hit
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.language.matching import matchable
from pubkit.rules.base import Example, Rule, Submission
from pubkit.substances.mentions import pattern
from pubkit.substances.registry import Substance, registry

__all__ = ["MissingRisk", "MissingRiskSection", "StatusContradiction"]

_STATUS_WORDS = (
    r"(?:dietary |herbal |natural |food |nutritional |botanical |health |legal )*(?:supplements?|remed(?:y|ies)|"
    r"medicines?|treatments?|medications?|nutraceuticals?|superfoods?)"
)


@functools.cache
def _status_patterns(names: tuple[str, ...]) -> tuple[Expression, ...]:
    name = pattern(names).pattern
    return (
        Expression(
            rf"(?:{name})(?:[\w' -]{{0,25}}?)? (?:is|are|remains?|makes?|became|can be|works as|serves as|counts as|"
            rf"as) (?:an? |the |one of the (?:\w+ )?|your |considered an? |regarded as an? |\w+ (?:and|but) \w+ |"
            rf"\w+,? )?{_STATUS_WORDS}(?!\w)"
        ),
        Expression(
            rf"(?:{name})[ -](?:dietary |herbal |food )?(?:supplements?|supplementation|remed(?:y|ies)|medicines?|"
            rf"treatments?|therapy)(?!\w)"
        ),
        Expression(
            rf"(?:{name})(?:[\w' -]{{0,25}}?)? (?:is|are|remains?) (?:a |an )?(?:\w+ly )?(?:legal|lawful|permitted|"
            rf"legally (?:sold|available|marketed)|unregulated and legal)(?!\w)"
        ),
        Expression(
            rf"(?:legal|lawful) (?:{name})(?!\w)|(?:dietary|herbal|food|natural) supplements? (?:such as|like|"
            rf"including|called|named) (?:\w+ ){{0,3}}?(?:{name})(?!\w)"
        ),
    )


_PLACED = Expression(
    r"\b(?:in|under|at) (?:the )?(?:\w+ ){0,2}?(?:states?|federal|united states|u\.s|us|uk|thailand|malaysia|"
    r"indonesia|europe|eu|germany|canada|australia|vermont|alabama|arkansas|indiana|wisconsin|rhode island|law|level|"
    r"countr\w+|jurisdictions?|counties|cities|some|most|many|parts|\d{4})\b|\b(?:as of|until|since|before|after|"
    r"where) \w+|\b(?:1[89]|20)\d\d\b"
)


_UNLAWFUL = Expression(
    r"\b(?:not|n't|never|no|nor|unlawful\w*|illegal\w*|unapproved|sold|marketed|advertis\w+|promoted|labell?ed|touted|"
    r"claim\w*|so-called|cannot|without|adulterated|banned|prohibit\w*|warn\w*|import|seiz\w+|recall\w*|withdraw\w*|"
    r"users?|people|survey\w*|regulat\w+|use of|called|considers?|stud(?:y|ies)|trials?|evidence|tested|whether|if|"
    r"inconclusive|role for)\b"
)


class StatusContradiction(Rule):
    """A substance in the registry is described as its recorded status allows."""

    id = "CLM018"
    english = True
    severity = Severity.ERROR
    source = "The substance registry, with the status of each jurisdiction and its sources"
    remedy = (
        "Say what it is (a plant, a leaf, a substance) and what the authority says about it, with place, date and key."
    )
    bad = [
        "Kratom is an herbal supplement.",
        "Kratom supplements are popular.",
        "Kratom is legal.",
        "Kratom is a natural remedy.",
        "Dietary supplements such as kratom are popular.",
    ]
    good = [
        "Kratom is not lawfully marketed as a dietary supplement [@fda].",
        "Kratom is sold as a supplement, which the law does not allow [@fda].",
        "Kratom was legal in Thailand until 1943 [@law].",
        "Is kratom legal?",
        "Kratom is an evergreen tree [@tree].",
        "Ginger is a food supplement.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption and the metadata that names a substance that is not a lawful supplement."""
        substances = [substance for substance in registry().values() if _contradicts(substance, submission)]
        names = tuple(name for substance in substances for name in substance.names)
        if not names:
            return
        patterns = _status_patterns(names)
        beginnings = {matchable(name.split()[0].removesuffix("*")) for name in names}
        for statement in submission.statements:
            if not any(word in statement.folded for word in beginnings):
                continue
            match = next((found for found in (one.search(statement.folded) for one in patterns) if found), None)
            if match is None or disowned(statement.folded, match.start(), match.end()):
                continue
            legal = re.search(r"\b(?:legal\w*|lawful|permitted)\b", match.group())
            if legal and _PLACED.search(statement.folded):
                continue
            if _UNLAWFUL.search(statement.folded) or attributed(statement.folded, match.end()):
                continue
            yield self.at(
                statement.span(match.start(), match.end()),
                f"“{shown(statement.original(Hit(match.start(), match.end(), match.group())))}” contradicts the "
                f"recorded status.",
                context=statement.text,
            )


def _contradicts(substance: Substance, submission: Submission) -> bool:
    status = substance.status.get(submission.publication.country) or substance.status.get("US")
    return status is not None and status.lawful_supplement is False


_RISK_HEADING = expression(
    r"\b(?:risks?|harms?|side effects?|adverse|safety|dangers?|warnings?|cautions?|hazards?|toxicity|what can go "
    r"wrong|poisoning|overdose|complications|who should not|dependence|withdrawal)\b"
)


def _declared(submission: Submission) -> Iterator[Substance]:
    known = registry()
    return (known[name] for name in submission.publication.substances if name in known)


class MissingRiskSection(Rule):
    """A text on a substance in the registry has a section on its risks."""

    id = "CLM021"
    english = True
    severity = Severity.ERROR
    source = "DISCERN 11; HONcode 5; the substance registry"
    remedy = "Add a section on the risks, with “Risks” or “Side effects” in its heading."
    bad = [Example("# What kratom is\n\nA tree.", metadata={"substances": ["kratom"]})]
    good = [Example("# Risks\n\nDependence [@a].", metadata={"substances": ["kratom"]}), "A text on sleep."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for a heading on risks if the front matter declares a substance in the registry."""
        substances = [substance.id for substance in _declared(submission)]
        headings = submission.manuscript.document.headings
        if substances and not any(_RISK_HEADING.search(matchable(heading.text)) for heading in headings):
            yield self.at(None, f"No section speaks of the risks of {', '.join(substances)}.")


class MissingRisk(Rule):
    """Every risk that the registry lists for the substance is mentioned."""

    id = "CLM022"
    english = True
    severity = Severity.WARNING
    source = "DISCERN 11; the source that the substance registry gives for each risk"
    remedy = "Add a sourced sentence on the risk, or say that it could not be assessed."
    bad = [Example("# Risks\n\nKratom may harm the liver.", metadata={"substances": ["kratom"]})]
    good = ["A text on sleep."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for the words of each risk in the text."""
        text = " ".join(statement.folded for statement in submission.statements)
        language = submission.publication.lang.split("-")[0]
        for substance in _declared(submission):
            for risk in substance.risks:
                words = risk.words.get(language)
                if words and not pattern(words).search(text):
                    yield self.at(
                        None,
                        f"A risk of {substance.id} is not mentioned: {risk.title} ({risk.source}).",
                        context=f"{substance.id} {risk.id}",
                    )
