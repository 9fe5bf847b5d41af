"""The compliance page: the editorial record as one HTML file that reads well, prints well and needs nothing else.

No script and no request: the filters are radio buttons and CSS. Jinja escapes everything that comes from a manuscript.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from importlib import resources

import jinja2
from msgspec import Struct

from pubkit.compliance.criteria import Criterion, Status, frameworks
from pubkit.disclaimers.choice import Declined
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.evidence import ClaimVerdict, EvidenceRow, EvidenceTable
from pubkit.editorial.model import FigureLine, FigureState
from pubkit.editorial.review import ReviewRecord
from pubkit.editorial.waivers import WaiverLine
from pubkit.findings import Finding, Severity
from pubkit.project.metadata import Publication

__all__ = ["PageContent", "compliance_page"]

_TEMPLATE = "compliance.html.jinja"
_STATUSES = tuple(Status)
_VERDICTS = {
    ClaimVerdict.SOURCED: "sourced",
    ClaimVerdict.UNKNOWN_DESIGN: "study type not stated",
    ClaimVerdict.UNCONFIRMED: "not confirmed",
    ClaimVerdict.UNCHECKED: "key, not checked",
    ClaimVerdict.IN_QUESTION: "source in question",
    ClaimVerdict.WEAK: "weak for a benefit",
    ClaimVerdict.BAD_SOURCE: "bad source",
    ClaimVerdict.NO_SUCH_SOURCE: "no such source",
    ClaimVerdict.UNSOURCED: "no source",
}


class PageContent(Struct, frozen=True):
    """What the page shows. `tool` is the program's name and version; `findings` are the report's, even if waived."""

    publication: Publication
    criteria: Sequence[Criterion]
    evidence: EvidenceTable
    review: ReviewRecord
    waivers: Sequence[WaiverLine]
    disclaimers: Sequence[DisclaimerBlock]
    findings: Sequence[Finding]
    tool: str = "pubkit"
    declined: Sequence[Declined] = ()


def _figures(row: EvidenceRow) -> list[tuple[FigureState, list[FigureLine]]]:
    """Return the figures of a claim by what became of them, the contradictions first."""
    groups = ((state, [one for one in row.figures if one.state is state]) for state in FigureState)
    return [(state, held) for state, held in groups if held]


def compliance_page(content: PageContent) -> str:
    """Return the page as one HTML document; the same content gives the same bytes."""
    counts = Counter(one.answer.status for one in content.criteria)
    verdicts = Counter(row.verdict for row in content.evidence.rows)
    open_findings = [finding for finding in content.findings if not finding.waived]
    return _template().render(
        content=content,
        frameworks=list(frameworks(content.criteria)),
        statuses=[(status, status.name.lower(), counts[status]) for status in _STATUSES],
        verdicts=[(verdict.value, name, verdicts[verdict]) for verdict, name in _VERDICTS.items()],
        verdict_names=_VERDICTS,
        figures=_figures,
        accepted=sum(finding.accepted is not None for finding in open_findings),
        severities=[(severity.value, sum(one.severity is severity for one in open_findings)) for severity in Severity],
    )


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files(__package__).joinpath(_TEMPLATE).read_text("utf-8")
    return environment.from_string(source)
