"""The compliance page: the editorial record as one HTML file that reads well, prints well and needs nothing else.

No script and no request: the filters are radio buttons and CSS. Jinja escapes everything that comes from a manuscript.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape
from msgspec import Struct

from pubkit.compliance.criteria import Criterion, Status, frameworks
from pubkit.compliance.matrix import matrix
from pubkit.compliance.places import Places
from pubkit.compliance.verdict import assessment, urgencies
from pubkit.disclaimers.choice import Declined
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.evidence import ClaimVerdict, EvidenceRow, EvidenceTable
from pubkit.editorial.model import FigureLine, FigureState
from pubkit.editorial.review import ReviewRecord
from pubkit.editorial.waivers import WaiverLine
from pubkit.findings import Finding, Location, Severity
from pubkit.outcome import Mode
from pubkit.project.metadata import Publication
from pubkit.render import fallback, fonts, unbroken
from pubkit.render.styles.sheets import own
from pubkit.render.styles.tokens import tokens
from pubkit.render.templates import template

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


#: The faces that the page is set in.
_FACES = (
    "SourceSerifPro-Semibold.ttf",
    "SourceSansPro-Regular.ttf",
    "SourceSansPro-Semibold.ttf",
    "IBMPlexMono-Regular.ttf",
)
_MOST_SHOWN = 12
_REVIEW = {
    "none": "No review record.",
    "valid": "A signed record covers this text.",
    "stale": "The review record covers an earlier text.",
    "rejected": "A reviewer rejected the text.",
    "void": "No review record counts.",
}


class PageContent(Struct, frozen=True):
    """What the page shows.

    `tool` is the program's name and version; `findings` are the report's, even if waived. `mode` is the purpose of the
    run, `places` leads from a finding to its sentence in the web page, and `face` is the style sheet of that page, whose
    colours and fonts this one wears.
    """

    publication: Publication
    criteria: Sequence[Criterion]
    evidence: EvidenceTable
    review: ReviewRecord
    waivers: Sequence[WaiverLine]
    disclaimers: Sequence[DisclaimerBlock]
    findings: Sequence[Finding]
    tool: str = "pubkit"
    declined: Sequence[Declined] = ()
    mode: Mode = Mode.CHECK
    places: Places = Places()
    face: str = ""


def _figures(row: EvidenceRow) -> list[tuple[FigureState, list[FigureLine]]]:
    """Return the figures of a claim by what became of them, the contradictions first."""
    groups = ((state, [one for one in row.figures if one.state is state]) for state in FigureState)
    return [(state, held) for state, held in groups if held]


def compliance_page(content: PageContent) -> str:
    """Return the page as one HTML document; the same content gives the same bytes."""
    counts = Counter(one.answer.status for one in content.criteria)
    verdicts = Counter(row.verdict for row in content.evidence.rows)
    open_findings = [finding for finding in content.findings if not finding.waived]
    values = {
        "content": content,
        "title": unbroken.whole_words(escape(content.publication.title), content.publication.lang),
        "frameworks": list(frameworks(content.criteria)),
        "statuses": [(status, status.name.lower(), counts[status]) for status in _STATUSES],
        "verdicts": [(verdict.value, name, verdicts[verdict]) for verdict, name in _VERDICTS.items()],
        "verdict_names": _VERDICTS,
        "figures": _figures,
        "support": matrix(content.evidence),
        "accepted": sum(finding.accepted is not None for finding in open_findings),
        "severities": [(one.value, sum(found.severity is one for found in open_findings)) for one in Severity],
        "verdict": assessment(content.mode, open_findings),
        "urgencies": urgencies(content.mode, open_findings),
        "glance": [one for one in _glance(content, open_findings) if one[0]],
        "human": [one for one in content.criteria if one.answer.status is Status.HUMAN],
        "address": content.places.address,
        "row_address": lambda row: content.places.address(Location(row.file, row.line, row.column)),
        "review_state": _REVIEW[content.review.state.value],
        "most": _MOST_SHOWN,
    }
    page = template("pubkit.compliance", _TEMPLATE)
    return page.render(values, style=_style(page.render(values, style=""), content.face))


def _style(page: str, face: str) -> Markup:
    """Return the fonts and variables of the publication's web page, for a page with the characters of `page`."""
    faces = [one for one in fonts.FACES if one.name in _FACES]
    variables = tokens("\n".join((own("web.css"), face)))
    return Markup("\n").join(map(Markup, (fonts.web_rules(page, faces), fallback.rules(), variables)))


def _glance(content: PageContent, findings: Sequence[Finding]) -> Iterator[tuple[int, str, str]]:
    """Yield what an editor asks first: a number, what it counts, and the part of the page that has more."""
    verdicts = Counter(row.verdict for row in content.evidence.rows)
    unsupported = verdicts[ClaimVerdict.UNSOURCED] + verdicts[ClaimVerdict.NO_SUCH_SOURCE]
    warnings = sum(one.standing == "warning" for one in findings)
    unchecked, sourced = verdicts[ClaimVerdict.UNCHECKED], verdicts[ClaimVerdict.SOURCED]
    numbers = (
        (sum(one.blocks for one in findings), "error", "", "todo"),
        (warnings, "warning", "", "todo"),
        (unsupported, "claim", " without a source", "evidence"),
        (verdicts[ClaimVerdict.WEAK], "benefit", " on weak evidence", "evidence"),
        (unchecked, "claim", " whose sources are not checked", "evidence"),
        (sourced, "claim", " with checked sources", "evidence"),
        (sum(one.waived for one in content.findings), "finding", " waived", "waivers"),
    )
    for number, what, more, part in numbers:
        yield number, f"{what}{'s' * (number != 1)}{more}", part
