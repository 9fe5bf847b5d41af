"""Sentences about programs and statistical models, in which "side effect", "interaction" and "safe" mean something else."""

from __future__ import annotations

from pubkit.claims.patterns import Pattern, remembered

__all__ = ["speaks_of_programs_or_models"]

_RUNS = (
    r"(?:does|do|is|are|runs?|will|can|reads?|writes?|returns?|that|which|has|have|fails?|stops?|takes?|calls?|terminates?|"
    r"exits?|without|with|never|only|may|must|should)"
)
_PROGRAM = Pattern(
    rf"\b(?:a|the|this|that|each|every|all|these|those|such|our|r|c|python|bash|shell|sql|pure|helper|library|package|"
    rf"wrapper|anonymous|called|following) (?:\w+ )?(?:scripts?|functions?|programs?|methods?|code) {_RUNS}\b|"
    r"\b(?:source code|pure functions?|[cr] functions?|subroutines?|side[ -]effects? on the (?:global|caller|file|disk)|"
    r"call(?:s|ed|ing)? (?:this|the|a|such an?) (?:\w+ )?(?:function|method|constructor)|base r|python|javascript|"
    r"header files?|parsers?|compilers?|interpreters?|callbacks?|threads? are|thread[ -]safe|arguments? (?:is|are)|"
    r"variables? (?:is|are)|global environment|data ?frames?|repositor(?:y|ies)|(?:the|this|a|each) (?:pointer|array|"
    r"string|list|loop|lock|buffer|thread|query|cast|macro|iterator|class|object) (?:is|are|was|can|will|has|never)|"
    r"immutable|idempotent|null pointers?|software|git)\b"
)
_MODEL = Pattern(
    r"\b(?:regressions?|covariates?|main effects?|random effects?|fixed effects?|models? (?:was|were|is|are|has|have|with|"
    r"without)|fitted|ill[ -]posed|interactions? (?:between|terms?)|degrees of freedom|variances?|matrix|matrices|"
    r"factorial|(?:zero|no|one) to \w+ factors?|estimators?|likelihoods?|posteriors?|priors?|identifiab\w+|"
    r"single (?:observation|sample|measurement) (?:is|are|cannot))\b"
)


@remembered
def speaks_of_programs_or_models(text: str) -> bool:
    """Return whether the folded `text` is about a program or a statistical model."""
    return _PROGRAM.search(text) is not None or _MODEL.search(text) is not None
