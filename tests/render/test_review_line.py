"""What readers are told of the review, in every format and language: who reviewed the text, who will, or that nobody has."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from typing import Any, get_args

import pypdfium2
import pytest
from lxml import etree, html
from msgspec import structs

from pubkit.editorial.review import PrintedReview
from pubkit.formats import OutputFormat
from pubkit.language.labels import labels_for
from pubkit.project.metadata import Reviewer, Unreviewed
from pubkit.render import front, head, write
from pubkit.render.model import Edition

from .conftest import with_publication

BO = Reviewer("Bo Reviewer", credentials="PharmD", conflicts="Owns shares.")
STATEMENT = Unreviewed("Mara Lindqvist", "No clinician has read it", dt.date(2026, 5, 20), role="editor")
REVIEWED = PrintedReview((BO,), dt.date(2026, 5, 29))
PLANNED = PrintedReview(planned=(BO,))
UNREVIEWED = PrintedReview(unreviewed=STATEMENT)

LINES = {
    "en": ("Reviewed by", "Review planned", "Not reviewed", "Decided by {}, 20 May 2026."),
    "de": ("Geprüft von", "Prüfung geplant", "Nicht geprüft", "So entschieden von {}, 20. Mai 2026."),
    "fr": ("Relu par", "Relecture prévue", "Non relu", "Décidé par {}, 20 mai 2026."),
    "es": ("Revisado por", "Revisión prevista", "Sin revisión", "Decidido por {}, 20 de mayo de 2026."),
}


def lines(lang: str) -> tuple[str, str, str, str]:
    """The words for: reviewed by, review planned, not reviewed; and the whole statement."""
    reviewed, planned, label, decided = LINES[lang]
    return reviewed, planned, label, f"No clinician has read it. {decided.format('Mara Lindqvist, editor')}"


def text_of(name: str, data: bytes) -> str:
    """What a reader sees of a finished file, without blanks and hyphens, which each format sets in its own way."""
    if name == "pdf":
        with pypdfium2.PdfDocument(data) as document:
            pages = [page.get_textpage().get_text_bounded() for page in document]
        return squashed("".join(pages))
    if name in {"epub", "docx"}:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = ("title.xhtml", "imprint.xhtml", "word/document.xml")
            names = [one for one in archive.namelist() if one.endswith(wanted)]
            return squashed("".join(words_of(etree.fromstring(archive.read(one))) for one in names))
    if name == "html":
        [page] = html.fromstring(data.decode()).iter("main")
        return squashed(words_of(page))
    return squashed(words_of(etree.fromstring(data)) if name == "jats" else data.decode())


def words_of(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def squashed(text: str) -> str:
    return re.sub(r"[\s:\u00ad\u2010-]+", "", text)


def edition_with(edition: Edition, review: PrintedReview, lang: str = "en") -> Edition:
    return structs.replace(with_publication(edition, lang=lang, reviewers=[BO]), review=review)


@pytest.mark.parametrize(
    ("lang", "name"),
    [*(("de", name) for name in get_args(OutputFormat)), *((lang, "html") for lang in LINES if lang != "de")],
)
def test_every_format_prints_the_statement_that_nobody_reviewed_the_text(
    edition: Edition, name: OutputFormat, lang: str
) -> None:
    _, _, label, words = lines(lang)
    text = text_of(name, write(name, edition_with(edition, UNREVIEWED, lang)))
    assert squashed(label + words) in text
    assert squashed(BO.name) not in text


@pytest.mark.parametrize("name", get_args(OutputFormat))
def test_every_format_names_a_reviewer_only_as_far_as_there_is_a_signature(
    edition: Edition, name: OutputFormat
) -> None:
    reviewed, planned, _, _ = lines("en")
    signed, unsigned, rejected = (
        text_of(name, write(name, edition_with(edition, review))) for review in (REVIEWED, PLANNED, PrintedReview())
    )
    assert squashed(BO.name) in signed
    if name != "jats":  # there the role of a contributor says it
        assert squashed(f"{reviewed}{BO.name}, PharmD") in signed
    assert squashed(planned) not in signed
    assert squashed(f"{planned}{BO.name}, PharmD") in unsigned
    assert squashed(reviewed) not in unsigned
    assert squashed(BO.name) not in rejected


@pytest.mark.parametrize("lang", LINES)
def test_the_line_below_the_title_and_the_imprint_speak_the_language_of_the_text(edition: Edition, lang: str) -> None:
    reviewed, planned, label, words = lines(lang)
    for review, short, name, said in (
        (REVIEWED, f"{reviewed} Bo Reviewer, PharmD", reviewed, "Bo Reviewer, PharmD"),
        (PLANNED, planned, planned, "Bo Reviewer, PharmD"),
        (UNREVIEWED, label, label, words),
    ):
        printed = edition_with(edition, review, lang)
        assert [fact.text for fact in front.facts(printed)][-1] == short
        assert ((said, ""),) in [entry.lines for entry in front.imprint(printed) if entry.name == name]
    assert labels_for(lang).language == lang


def test_a_text_that_nobody_has_reviewed_yet_has_no_day_of_a_last_review(edition: Edition) -> None:
    cases = (
        (REVIEWED, "Last reviewed"),
        (PLANNED, "Last checked by the authors"),
        (UNREVIEWED, "Last checked by the authors"),
    )
    for review, name in cases:
        changed = edition_with(edition, review)
        dated = {entry.name for entry in front.imprint(changed)}
        assert name in dated
        assert len({"Last reviewed", "Last checked by the authors"} & dated) == 1


def record(edition: Edition) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(head.json_ld(edition))
    return found


def test_linked_data_names_a_reviewer_and_a_day_only_from_a_signature(edition: Edition) -> None:
    signed, unsigned = record(edition_with(edition, REVIEWED)), record(edition_with(edition, PLANNED))
    assert (signed["reviewedBy"][0]["name"], signed["lastReviewed"]) == ("Bo Reviewer", "2026-05-29")
    assert {"reviewedBy", "lastReviewed", "subjectOf"}.isdisjoint(unsigned)
    said = record(edition_with(edition, UNREVIEWED))
    assert {"reviewedBy", "lastReviewed"}.isdisjoint(said)
    assert said["subjectOf"]["text"] == lines("en")[3]


def test_a_book_lists_as_contributor_only_who_signed(edition: Edition) -> None:
    def package(review: PrintedReview) -> str:
        with zipfile.ZipFile(io.BytesIO(write("epub", edition_with(edition, review)))) as archive:
            return archive.read("EPUB/package.opf").decode()

    assert "Bo Reviewer" in package(REVIEWED)
    assert "Bo Reviewer" not in package(PLANNED)


@pytest.mark.parametrize(
    ("funding", "grant"),
    [
        ("None.", False),
        ("None. The article was written without outside funding.", False),
        ("No outside funding.", False),
        ("The authors received no specific funding for this work.", False),
        ("Keine.", False),
        ("Aucun financement.", False),
        ("Ninguna.", False),
        ("Sin financiación externa.", False),
        ("Example Foundation, grant 123.", True),
        ("No. 123 of the Example Fund.", True),
        ("Paid for by the Example Ministry of Health.", True),
    ],
)
def test_no_funding_is_no_grant(edition: Edition, funding: str, grant: bool) -> None:
    assert ("funding" in record(with_publication(edition, funding=funding))) is grant


@pytest.mark.parametrize(("licence", "address"), [("All rights reserved", False), ("CC BY 4.0", True)])
def test_a_licence_in_linked_data_is_an_address(edition: Edition, licence: str, address: bool) -> None:
    said = record(with_publication(edition, licence=licence)).get("license")
    assert bool(said) is address
    assert not said or said.startswith("https://")
