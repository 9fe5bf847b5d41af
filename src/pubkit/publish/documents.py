"""What editors and regulators get beside the publication: its claims and their sources, its review, its waivers.

The documents are made from the same findings as the report, and are part of every set: a compliance page to read, and
the tables behind it as JSON and CSV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pubkit.boundary.text import as_json
from pubkit.claims.figures import statements as figures
from pubkit.claims.inventory import claims
from pubkit.compliance import criteria
from pubkit.compliance.criteria import Dossier
from pubkit.compliance.page import PageContent, compliance_page
from pubkit.compliance.places import Places
from pubkit.editorial import evidence, waivers
from pubkit.editorial.model import FigureLine
from pubkit.findings import Location
from pubkit.formats import OutputFormat
from pubkit.outcome import Report
from pubkit.publish import snapshots
from pubkit.render.model import Edition
from pubkit.rules.base import Submission
from pubkit.rules.language import measure

__all__ = ["documents"]


def documents(
    submission: Submission, report: Report, files: Mapping[OutputFormat, str], edition: Edition, tool: str
) -> Mapping[str, bytes]:
    """Return the documents of one set, by file name.

    Args:
        submission: what the gate has judged.
        report: what it has found, including the findings of the proofs.
        files: the outputs that were made and proved, and the names of their files.
        edition: the set's, whose date and looks the documents have.
        tool: the name and version of this program.
    """
    publication = submission.publication
    made = claims(submission.manuscript.document, submission.publication)
    table = evidence.table(
        publication,
        submission.bibliography,
        submission.verdicts,
        made,
        edition.moment.date(),
        _figures(submission),
        report.findings,
    )
    record = submission.review
    register = waivers.register(report.waivers, report.findings, submission.today)
    assessed = criteria.assess(
        Dossier(
            publication=publication,
            manuscript=submission.manuscript,
            evidence=table,
            verdicts=submission.verdicts,
            findings=report.findings,
            disclaimers=submission.disclaimers,
            review=record,
            today=submission.today,
            formats=tuple(files),
            skipped=report.skipped,
            grade=measured.grade if (measured := measure(submission)) else None,
        )
    )
    page = PageContent(
        publication=publication,
        criteria=assessed,
        evidence=table,
        review=record,
        waivers=register,
        disclaimers=submission.disclaimers,
        findings=report.findings,
        tool=tool,
        declined=submission.declined,
        mode=report.mode,
        places=Places.of(submission.manuscript.document, publication.lang, files.get("html", "")),
        face=edition.styles.web,
    )
    texts = {
        "compliance.html": compliance_page(page),
        "compliance.json": criteria.to_json(assessed, submission.declined),
        snapshots.EVIDENCE: as_json(table),
        "review.json": as_json(record),
        "waivers.json": as_json(register),
    }
    tables = {"evidence.csv": evidence.to_csv(table), "waivers.csv": waivers.to_csv(register)}
    return {**{name: text.encode() for name, text in texts.items()}, **tables}


def _figures(submission: Submission) -> Mapping[Location, Sequence[FigureLine]]:
    """Return the figures in each sourced sentence; none if the text is not in English."""
    english = submission.publication.lang.split("-")[0] == "en"
    return figures.lines(submission.statements, submission.abstracts) if english else {}
