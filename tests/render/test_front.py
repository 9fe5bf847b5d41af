"""What comes between the title and the text: the same order in every format, and no more than a reader needs first."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import lxml.html
import pypdfium2
import pytest
from lxml import etree
from msgspec import structs

from pubkit.disclaimers.model import DisclaimerBlock, Place
from pubkit.formats import OutputFormat
from pubkit.project.metadata import Author, Correction
from pubkit.proof.docx import prove as prove_docx
from pubkit.render import write
from pubkit.render.model import Edition
from pubkit.render.pdf import document

from .conftest import NOTICE, with_publication

MakeEdition = Callable[..., Edition]

URGENT = structs.replace(
    NOTICE,
    variant="emergency",
    identifier="pubkit-disclaimer-emergency",
    heading="In an emergency",
    paragraphs=("Call for help at once.", "Night Line: call 555 0100 200, or text 70707."),
    links={"call 555 0100 200": "tel:5550100200"},
    place=Place.TOP,
)
DATED = structs.replace(
    NOTICE,
    variant="evidence-currency",
    identifier="pubkit-disclaimer-evidence-currency",
    heading="How current this is",
    paragraphs=("Last searched in March.",),
    links={},
    place=Place.AFTER_SUMMARY,
)
BLOCKS: tuple[DisclaimerBlock, ...] = (URGENT, NOTICE, DATED)
#: What opens each part, in reading order, apart from the strip.
PARTS = (
    "Kratom & mental health",
    "Not medical advice",
    "Surveys describe use",
    "How current this is",
    "What was studied",
)


@pytest.fixture(scope="module")
def edition(make_edition: MakeEdition) -> Edition:
    return make_edition(disclaimers=BLOCKS)


def text_of(name: OutputFormat, data: bytes) -> str:
    """The words of a finished file from its first page on, in reading order."""
    if name == "pdf":
        with pypdfium2.PdfDocument(data) as document:
            return " ".join(page.get_textpage().get_text_range() for page in document)
    if name in {"epub", "docx"}:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = [
                one for one in archive.namelist() if re.search(r"title\.xhtml|chapter-\d+|word/document\.xml", one)
            ]
            return " ".join(as_words(archive.read(one)) for one in sorted(wanted, key=lambda one: "title" not in one))
    return as_words(data[data.find(b"<main") :]) if name == "html" else data.decode()


def as_words(markup: bytes) -> str:
    words: Any = lxml.html.document_fromstring(markup.decode().partition("?>")[2] or markup.decode())
    return " ".join(str(part) for part in words.itertext())


def opened(edition: Edition) -> Any:
    return lxml.html.document_fromstring(write("html", edition))


def places(text: str, parts: tuple[str, ...]) -> list[int]:
    squashed = "".join(text.split())
    return [squashed.index("".join(part.split())) for part in parts]


@pytest.mark.parametrize("name", ["html", "epub", "pdf", "docx", "txt"])
def test_the_reader_meets_the_parts_in_one_order_in_every_format(edition: Edition, name: OutputFormat) -> None:
    text = text_of(name, write(name, edition))
    found = places(text, PARTS)
    assert found == sorted(found)
    strip, title = places(text, ("In an emergency", "Kratom & mental health"))
    # Word and plain text begin with the title, which their writers set.
    assert (strip < title) is (name in {"html", "epub", "pdf"})
    assert strip < found[1]


def test_a_word_file_with_the_summary_between_disclaimers_proves_sound(edition: Edition) -> None:
    assert list(prove_docx(write("docx", edition), edition, "kratom.docx")) == []


def test_numbers_in_the_strip_are_links_or_at_least_stay_on_one_line(edition: Edition) -> None:
    page = opened(edition)
    [strip] = page.xpath('//div[@class="pubkit-strip"]')
    assert [link.get("href") for link in strip.iter("a")] == ["tel:5550100200"]
    assert [whole.text for whole in strip.xpath('.//*[@class="nobr"]')] == ["call 555 0100 200", "70707"]


def test_the_strip_has_no_heading_because_it_comes_before_the_title(edition: Edition) -> None:
    page = opened(edition)
    assert page.xpath("//main//*[self::h1 or self::h2]")[0].tag == "h1"


def test_the_title_is_followed_by_a_line_each_and_a_link_to_the_imprint(edition: Edition) -> None:
    [block] = opened(edition).xpath('//div[@class="title-block"]')
    lines = {part.get("class"): " ".join(part.text_content().split()) for part in block}
    assert lines["byline"] == "Mara Lindqvist, PharmD"
    assert lines["affiliations"] == "Uppsala"
    facts = "Version 1.2.0 · Updated 1 June 2026 · Reviewed by Ingrid Solheim, MD · About this publication"
    assert lines["facts"].replace("\u00a0", " ") == facts
    assert block.xpath('.//a[@href="#pubkit-imprint"]')


def test_a_place_where_only_some_authors_work_has_a_number(edition: Edition) -> None:
    authors = [Author("Ada Lopez"), Author("Tom Vane", affiliation="Uppsala")]
    [block] = opened(with_publication(edition, authors=authors)).xpath('//div[@class="title-block"]')
    lines = {part.get("class"): " ".join(part.text_content().split()) for part in block}
    assert lines["byline"] == "Ada Lopez, Tom Vane1"
    assert lines["affiliations"] == "1 Uppsala"


def test_what_is_not_needed_first_is_in_the_imprint(edition: Edition) -> None:
    page = opened(edition)
    [imprint] = page.xpath('//section[@class="imprint"]')
    entries = {row[0].text_content(): row[1].text_content() for row in imprint.xpath(".//dl/div")}
    assert entries["Funding"] == "No outside funding."
    assert entries["Keywords"] == "kratom"
    assert entries["Reviewed by"] == "Ingrid Solheim, MD"
    front = page.xpath('//div[@class="front"]')[0].text_content()
    assert not [words for words in ("No outside funding", "urn:uuid") if words in front]


def long_list(edition: Edition) -> Edition:
    authors = [Author(f"Ann Number{number}", affiliation=f"Hospital {number} of Uppsala") for number in range(40)]
    return with_publication(edition, authors=authors, abstract="A long summary. " * 300)


def test_forty_authors_take_a_line_and_are_all_in_the_imprint(edition: Edition) -> None:
    page = opened(long_list(edition))
    [byline] = page.xpath('//p[@class="byline"]')
    assert byline.text_content().count("Ann Number") == 6
    assert byline.xpath('a[@href="#pubkit-imprint"]/text()') == ["et\u00a0al."]
    assert not page.xpath('//p[@class="affiliations"]')
    imprint = page.xpath('//section[@class="imprint"]')[0]
    assert imprint.text_content().count("Hospital") == 40


@pytest.mark.parametrize("name", ["html", "epub"])
def test_a_long_summary_and_many_authors_do_not_put_a_disclaimer_too_far_back(
    edition: Edition, name: OutputFormat
) -> None:
    from pubkit.formats import FORMATS, function

    printed = long_list(edition)
    findings, _ = function(FORMATS[name].disclaimers)(write(name, printed), printed.disclaimers, "file")
    assert findings == []


def test_corrections_earlier_editions_and_the_permanent_link_are_in_the_imprint_and_in_jats(edition: Edition) -> None:
    corrections = [Correction(dt.date(2026, 5, 20), "The dose in table 2 was 5 mg, not 50 mg.", "1.1.0")]
    told = with_publication(edition, corrections=corrections, permalink="https://example.org/kratom?a=1&b=2")
    told = structs.replace(told, earlier=(("1.1.0", dt.date(2026, 5, 10)), ("1.0.0", dt.date(2026, 5, 3))))
    page = lxml.html.document_fromstring(write("html", told))
    rows: Any = page.xpath('//section[@class="imprint"]//dl/div')
    entries = {row[0].text_content(): row[1] for row in rows}
    said = {name: " ".join(entry.text_content().split()) for name, entry in entries.items()}
    assert said["Corrections"] == "20 May 2026: The dose in table 2 was 5 mg, not 50 mg."
    assert said["Earlier editions"] == "Version 1.1.0, 10 May 2026Version 1.0.0, 3 May 2026"
    assert entries["Permanent link"].xpath(".//a/@href") == ["https://example.org/kratom?a=1&b=2"]
    article: Any = etree.fromstring(write("jats", told), etree.XMLParser(load_dtd=False, resolve_entities=False))
    events = article.findall("front/article-meta/pub-history/event")
    found = [
        (one.get("event-type"), one.findtext("event-desc"), one.find("date").get("iso-8601-date")) for one in events
    ]
    assert found == [
        ("correction", "The dose in table 2 was 5 mg, not 50 mg.", "2026-05-20"),
        ("edition", "Version 1.1.0", "2026-05-10"),
        ("edition", "Version 1.0.0", "2026-05-03"),
    ]
    [link] = article.findall("front/article-meta/self-uri")
    assert link.get("{http://www.w3.org/1999/xlink}href") == "https://example.org/kratom?a=1&b=2"
    order = [one.tag for one in article.find("front/article-meta")]
    assert order.index("history") < order.index("pub-history") < order.index("permissions") < order.index("self-uri")


@pytest.mark.parametrize(("lang", "credentials", "between"), [
    ("en", ", MD", "; "), ("en", "", ", "), ("fr", ", MD", "\u202f; "), ("ar", "", "، "), ("ar", "، MD", "؛ "),
    ("zh", "", "，"), ("zh", "，MD", "；"), ("ja", "、MD", "；"),
])  # fmt: skip
def test_no_line_of_authors_ends_with_a_separator_that_stands_alone(
    make_edition: MakeEdition, lang: str, credentials: str, between: str
) -> None:
    degree = "MD" if credentials else None
    authors = [Author(name, credentials=degree, affiliation="Uppsala") for name in ("Ada Example", "Bo Author")]
    [line] = opened(with_publication(make_edition(), authors=authors, lang=lang)).find_class("byline")
    assert line.text_content() == between.join(f"{one.name}{credentials}" for one in authors)


def test_a_separator_belongs_to_the_fact_after_it(edition: Edition) -> None:
    [line] = opened(edition).find_class("facts")
    assert [one.text_content()[:1] == "·" for one in line.find_class("fact")] == [False, True, True, True]


@pytest.mark.parametrize(("letters", "name"), [(80, "title"), (81, "title title-long"), (141, "title title-very-long")])
def test_a_long_title_is_smaller(make_edition: MakeEdition, letters: int, name: str) -> None:
    edition = with_publication(make_edition("Words."), title="n" * letters)
    assert opened(edition).xpath("string(//h1/@class)") == name
    for form in ("book", "leaflet"):
        assert f'class="{name}"' in document.page(structs.replace(edition, form=form))


def test_a_title_without_spaces_breaks_after_its_signs(make_edition: MakeEdition) -> None:
    edition = with_publication(make_edition("词。"), title="成人失眠：认知行为疗法", lang="zh")
    [title] = opened(edition).find_class("title")
    assert [one.text_content() for one in title.find_class("title-phrase")] == ["成人失眠：", "认知行为疗法"]
    [whole] = opened(with_publication(make_edition("词。"), title="成人失眠的认知行为疗法", lang="zh")).find_class(
        "title"
    )
    assert not whole.find_class("title-phrase")
