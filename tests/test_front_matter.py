"""Title, subtitle and abstract: Markdown in pubkit.yaml, emphasis in print, plain text in every copy for programs."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
import yaml
from lxml import etree

import pubkit
from pubkit.manuscript.front import FrontMatter, as_plain, read_front
from pubkit.project.metadata import Dates, Publication
from pubkit.render.front_text import labelled, marked_up

from .conftest import Publish

TITLE = '*Mitragyna speciosa* & CO~2~: a "10^6^" study -- in rats'
PLAIN = "Mitragyna speciosa & CO₂: a “10⁶” study – in rats"
ABSTRACT = {
    "Background": "*Mitragyna* grows in H~2~O.",
    "Methods": "We counted > 65 leaves of CYP2C19*2 and CYP2C19*3.",
}


def front(title: str, abstract: str = "", lang: str = "en") -> tuple[Publication, FrontMatter]:
    dates = Dates(dt.date(2026, 1, 5))
    return read_front(Publication(title=title, dates=dates, version="1", abstract=abstract or None, lang=lang))


@pytest.mark.parametrize(
    ("written", "printed", "plain"),
    [
        (TITLE, "<em>Mitragyna speciosa</em> &amp; CO<sub>2</sub>: a “10<sup>6</sup>” study – in rats", PLAIN),
        ("<i>E. coli</i> & H<sub>2</sub>O", "<em>E. coli</em> &amp; H<sub>2</sub>O", "E. coli & H₂O"),
        ("5 $\\mu$g of $^{18}$F", "5 μg of <sup>18</sup>F", "5 μg of ¹⁸F"),
        ("The *p*-value of [a site](https://a.org)", "The <em>p</em>-value of a site", "The p-value of a site"),
        (
            "H~2~O, Ca^2+^ and the 4^th^",
            "H<sub>2</sub>O, Ca<sup>2+</sup> and the 4<sup>th</sup>",
            "H₂O, Ca²⁺ and the 4th",
        ),
        ("It's Crohn's `code`", "It’s Crohn’s <code>code</code>", "It’s Crohn’s code"),
        ("1. Sleep", "1. Sleep", "1. Sleep"),
        ("> 65 years", "&gt; 65 years", "> 65 years"),
        ("CYP2C19*2 and CYP2C19*3", "CYP2C19*2 and CYP2C19*3", "CYP2C19*2 and CYP2C19*3"),
        ("10^6–10^7, ~5 mg/~10 mg", "10^6–10^7, ~5 mg/~10 mg", "10^6–10^7, ~5 mg/~10 mg"),
        ("snake_case_name at p<0.05", "snake_case_name at p&lt;0.05", "snake_case_name at p<0.05"),
        ("*Sleep* 🧪 𝘅\u2028and rest", "<em>Sleep</em> 🧪 𝘅\u2028and rest", "Sleep 🧪 𝘅\u2028and rest"),
        ("A plain title", "A plain title", "A plain title"),
    ],
)
def test_a_title_is_printed_as_markdown_and_kept_as_text(written: str, printed: str, plain: str) -> None:
    publication, found = front(written)
    assert marked_up(found.title) == printed
    assert publication.title == as_plain(found.title) == plain


def test_quotation_marks_are_those_of_the_language() -> None:
    assert front('Er sagte "ja"', lang="de")[0].title == "Er sagte „ja“"


def test_an_abstract_keeps_its_paragraphs_and_lists() -> None:
    publication, found = front("A", "First *part*.\n\n- one\n- two\n\n1. three\n")
    assert publication.abstract == "First part.\n\n• one\n\n• two\n\n1. three"
    assert [type(block).__name__ for block in found.abstract] == ["Para", "BulletList", "OrderedList"]


@pytest.mark.parametrize("written", ["**Aims.** Sleep.", "**Aims**. Sleep.", "**Aims:** Sleep.", "**Aims**: Sleep."])
def test_the_label_of_a_part_of_an_abstract_is_known_with_its_mark_inside_or_outside(written: str) -> None:
    label, text = labelled(front("A", written)[1].abstract[0])
    assert (label, as_plain(text)) == ("Aims", "Sleep.")


@pytest.fixture(scope="module")
def lying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication with Markdown in its metadata, in every format."""
    from pubkit import testing

    root = tmp_path_factory.mktemp("front")
    said = {**testing.METADATA, "title": TITLE, "subtitle": "For the **reader**", "abstract": ABSTRACT}
    (root / "pubkit.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    (root / "references.bib").write_text(testing.BIBLIOGRAPHY.partition("\n\n")[0], "utf-8")
    (root / "01-text.md").write_text("# First\n\nA guideline says so [@page2021].\n", "utf-8")
    pubkit.build(root, root / "dist", draft=True, only=["html", "epub", "pdf", "docx", "jats", "txt"])
    return root / "dist"


def one(lying: Path, ending: str) -> bytes:
    [path] = lying.glob(f"sleep-*{ending}")
    return path.read_bytes()


def test_every_format_prints_the_emphasis_of_the_front_matter(lying: Path) -> None:
    page = one(lying, ".html").decode()
    assert '<h1 class="title"><em>Mitragyna speciosa</em> &amp; CO<sub>2</sub>: a “10<sup>6</sup>” study' in page
    assert '<p class="subtitle">For the <strong>reader</strong></p>' in page
    assert "<p><strong>Background.</strong> <em>Mitragyna</em> grows in H<sub>2</sub>O.</p>" in page
    article = etree.fromstring(one(lying, ".jats.xml"))
    assert article.findtext(".//article-title/italic") == "Mitragyna speciosa"
    assert [part.findtext("title") for part in article.iterfind(".//abstract/sec")] == ["Background", "Methods"]
    assert article.findtext(".//abstract/sec/p/italic") == "Mitragyna"
    text = one(lying, ".txt").decode()
    assert text.startswith(f"{PLAIN}\n=")
    assert "We counted > 65 leaves of CYP2C19*2 and CYP2C19*3." in " ".join(text.split())
    with zipfile.ZipFile(io.BytesIO(one(lying, ".epub"))) as book:
        assert "<em>Mitragyna speciosa</em>" in book.read("EPUB/text/title.xhtml").decode()


def test_every_copy_for_programs_is_plain(lying: Path) -> None:
    assert f"<title>{PLAIN.replace('&', '&amp;')}" in one(lying, ".html").decode()
    with zipfile.ZipFile(io.BytesIO(one(lying, ".epub"))) as book:
        package = etree.fromstring(book.read("EPUB/package.opf"))
    assert package.findtext(".//{http://purl.org/dc/elements/1.1/}title") == PLAIN
    with zipfile.ZipFile(io.BytesIO(one(lying, ".docx"))) as document:
        core = etree.fromstring(document.read("docProps/core.xml"))
    assert core.findtext("{http://purl.org/dc/elements/1.1/}title") == PLAIN
    with pikepdf.open(io.BytesIO(one(lying, ".pdf"))) as pdf:
        assert str(pdf.docinfo["/Title"]) == PLAIN
    record = yaml.safe_load((lying / "CITATION.cff").read_text("utf-8"))
    assert record["title"] == f"{PLAIN}: For the reader"
    assert record["abstract"].startswith("Background. Mitragyna grows in H₂O.\n\nMethods. We counted")


def test_a_citation_in_the_front_matter_is_refused_and_other_addresses_are_not(publication: Publish) -> None:
    root = publication(abstract="As shown [@page2021], and by @page2021. Write to desk@example.org or @somebody.")
    found = [one for one in pubkit.check(root).findings if one.rule == "CIT014"]
    assert sorted(one.message.rpartition(": ")[2] for one in found) == ["@page2021.", "[@page2021]"]
    assert all("abstract" in one.message and one.location for one in found)
