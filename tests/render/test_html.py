"""What the web page promises."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import lxml.html
import msgspec
import pytest
from msgspec import structs
from PIL import Image

from pubkit.errors import InputRefused
from pubkit.project.metadata import Author
from pubkit.render import html, icon
from pubkit.render.model import Edition

from .conftest import NOTICE, picture

MakeEdition = Callable[..., Edition]


def opened(edition: Edition) -> Any:
    return lxml.html.document_fromstring(html.render(edition))


@pytest.fixture(scope="module")
def page(edition: Edition) -> Any:
    return opened(edition)


def test_the_disclaimer_stands_in_the_main_part_before_the_first_section(page: Any) -> None:
    (notice,) = page.xpath('//main//aside[@id="pubkit-disclaimer-general"]')
    assert notice.get("role") == "note"
    assert "Ask a clinician before you act on it" in notice.text_content()
    assert notice.xpath('.//a[@href="https://poisonhelp.example/"]')
    assert notice.xpath('following::section[@id="studied"]')
    assert not notice.xpath('preceding::section[@id="studied"]')


def test_every_link_inside_the_page_arrives(page: Any) -> None:
    targets = page.xpath('//a[starts-with(@href, "#")]/@href')
    assert {"#tbl-doses", "#fig-bars", "#ref-vicknasingam2020"} <= set(targets)
    assert [target for target in targets if not page.xpath("//*[@id=$name]", name=target[1:])] == []


def test_a_note_leads_there_and_back(page: Any) -> None:
    (call,) = page.xpath('//a[@role="doc-noteref"]')
    note = page.get_element_by_id(call.get("href")[1:])
    assert "with a list" in note.text_content()
    (back,) = note.xpath('.//a[@role="doc-backlink"]')
    assert back.get("href") == f"#{call.get('id')}"


def test_notes_are_lettered_where_citations_are_raised_numbers(page: Any) -> None:
    assert page.xpath('//a[@role="doc-noteref"]/text()') == ["a"]
    assert page.xpath('//sup/a[@role="doc-biblioref"]/text()') == ["1"]


def test_the_record_for_search_engines_equals_the_front_matter(page: Any) -> None:
    record = json.loads(page.xpath('//script[@type="application/ld+json"]/text()')[0])
    assert record["@type"] == ["MedicalWebPage", "ScholarlyArticle"]
    assert record["name"] == "Kratom & mental health"
    assert record["abstract"].startswith("Surveys describe use; they </script>")
    assert [author["name"] for author in record["author"]] == ["Mara Lindqvist"]
    assert record["reviewedBy"][0]["honorificSuffix"] == "MD"
    assert record["lastReviewed"] == "2026-05-29"
    assert record["citation"][0]["sameAs"] == "https://doi.org/10.5555/12345678"
    assert record["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_the_head_says_what_indexes_and_libraries_read(page: Any) -> None:
    meta = {tag.get("name"): tag.get("content") for tag in page.xpath("//meta[@name]")}
    assert meta["citation_title"] == "Kratom & mental health"
    assert meta["citation_publication_date"] == "2026/05/03"
    assert meta["dcterms.identifier"] == "urn:uuid:6f0f3a5e-3c7a-5d1e-9f3e-0a7d3b6f1c11"
    assert meta["referrer"] == "no-referrer"


def test_references_that_were_not_checked_are_said_to_be_unchecked(edition: Edition, make_edition: MakeEdition) -> None:
    assert b"1 reference has not yet been checked" in html.render(edition)
    assert b"checked" not in html.render(make_edition(unchecked=0)).partition(b'class="imprint"')[2]


def test_an_author_cannot_use_the_names_of_the_disclaimer(make_edition: MakeEdition) -> None:
    text = "# One\n\n::: {#pubkit-disclaimer-general .pubkit-disclaimer .kept}\nFake.\n:::\n"
    page = opened(make_edition(text))
    assert len(page.xpath('//*[@id="pubkit-disclaimer-general"]')) == 1
    (fake,) = page.xpath('//div[contains(@class, "kept")]')
    assert fake.get("class") == "kept"


def test_table_headers_have_their_scope_and_wide_tables_scroll_from_the_keyboard(page: Any) -> None:
    assert page.xpath("//thead/tr/th/@scope") == ["col", "col"]
    assert page.xpath('//tbody//td[@class="align-right"]/text()') == ["1.5"]
    (holder,) = page.xpath('//div[@class="table-scroll"]')
    assert holder.get("tabindex") == "0"
    assert page.get_element_by_id(holder.get("aria-labelledby")).text_content() == "Doses."


def test_a_wide_picture_opens_as_large_as_the_window_and_closes_again(make_edition: MakeEdition) -> None:
    text = '![Bars](bars.png){#fig:bars alt="Three bars."}'
    page = opened(make_edition(text, pictures={"bars.png": picture(size=(900, 300))}))
    (link,) = page.xpath('//figure//a[@class="enlarge"]')
    assert link.get("href") == f"#{link.get('id')}"
    assert link[0].get("alt") == "Three bars."
    (back,) = page.xpath('//figure//a[@class="enlarged-back"]')
    assert page.get_element_by_id(back.get("href")[1:]).getparent().tag == "figure"
    assert not opened(make_edition(text)).xpath('//a[@class="enlarge"]')


def test_heading_levels_have_no_gap_where_an_author_begins_with_the_second(make_edition: MakeEdition) -> None:
    page = opened(make_edition("## One\n\nText.\n\n### Two\n\nText.\n", disclaimers=()))
    assert [heading.tag for heading in page.xpath('//div[@class="text"]//*[self::h2 or self::h3 or self::h4]')] == [
        "h2",
        "h3",
    ]


def test_quotation_marks_are_those_of_the_language(make_edition: MakeEdition) -> None:
    assert "„Zitat“".encode() in html.render(make_edition('Ein "Zitat".', lang="de"))


def test_a_formula_that_cannot_be_read_is_refused(make_edition: MakeEdition) -> None:
    with pytest.raises(InputRefused, match="formula"):
        html.render(make_edition(r"A formula $\frac{1}$."))


def test_a_raw_part_is_refused(make_edition: MakeEdition) -> None:
    with pytest.raises(InputRefused) as error:
        html.render(make_edition("A <b>raw</b> part."))
    assert error.value.findings[0].rule == "SRC031"


def test_a_picture_that_was_not_checked_is_refused(make_edition: MakeEdition) -> None:
    with pytest.raises(InputRefused, match=r"secret\.png"):
        html.render(make_edition("![Alt](secret.png)"))


def test_a_number_to_call_is_a_link_that_stays_on_one_line(make_edition: MakeEdition) -> None:
    notice = structs.replace(NOTICE, links={"call Poison Help": "tel:18002221222"})
    (link,) = opened(make_edition(disclaimers=(notice,))).xpath('//a[starts-with(@href, "tel:")]')
    assert (link.text, link.get("class")) == ("call Poison Help", "nobr")


def test_a_raised_number_does_not_run_into_a_digit_before_it(make_edition: MakeEdition) -> None:
    text = "In Figure 1[@vicknasingam2020] and in words[@vicknasingam2020], *as in 2*[@vicknasingam2020].\n"
    marks = opened(make_edition(text)).xpath('//span[@class="citation nobr"]')
    assert [mark.text_content() for mark in marks] == ["\u202f1", "1", "\u202f1"]


def test_a_numbered_reference_hangs_without_empty_paragraphs(page: Any) -> None:
    (entry,) = page.xpath('//div[@id="ref-vicknasingam2020"]')
    assert entry.get("class").split() == ["reference", "numbered"]
    assert [part.tag for part in entry] == ["span", "span"]
    assert entry.text_content().split()[0] == "1."


def test_a_publisher_who_is_the_author_is_named_once_above_the_text(make_edition: MakeEdition) -> None:
    edition = make_edition()
    twice = structs.replace(
        edition, publication=msgspec.structs.replace(edition.publication, authors=[Author("Plain Health Press")])
    )
    named = "//div[@class='title-block']//*[text()='Plain Health Press']/@class"
    assert opened(edition).xpath(named) == ["publisher"]
    assert opened(twice).xpath(named) == ["author"]


def test_a_link_to_the_page_becomes_a_card_with_its_title(page: Any) -> None:
    card = {tag.get("property"): tag.get("content") for tag in page.xpath("//meta[@property]")}
    assert (card["og:type"], card["og:title"]) == ("article", "Kratom & mental health")
    assert card["og:description"] == "What is known, and what is not"
    assert card["article:published_time"] == "2026-05-03"
    assert "og:image" not in card  # a picture needs an address of its own


@pytest.mark.parametrize("title", ["Schlaf nach einer Operation", "睡眠", "…"])
def test_the_icon_is_the_first_letter_or_lines_of_text_and_always_the_same(title: str) -> None:
    drawn = [icon.draw(title) for _ in range(2)]
    assert drawn[0] == drawn[1] != icon.draw("Kratom")
    with Image.open(io.BytesIO(drawn[0])) as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors() or []}
    assert len(colours) > 2


def test_a_font_of_the_system_stands_in_at_the_width_and_height_of_the_page_s_own(edition: Edition) -> None:
    faces = re.findall(r"@font-face \{[^}]*Fallback[^}]*\}", html.render(edition).decode())
    assert len(faces) == 6
    for face in faces:
        scale, above, below = (
            float(number) / 100 for number in re.findall(r"(?:adjust|override): ([0-9.]+)%", face)[:3]
        )
        own = {"Serif": (1.036, 0.335), "Sans": (0.984, 0.273)}["Serif" if "Source Serif" in face else "Sans"]
        assert (scale * above, scale * below) == pytest.approx(own, abs=0.001)


def test_the_contents_fold_up_without_a_script(page: Any) -> None:
    [summary] = page.xpath('//nav[@role="doc-toc"]/details/summary')
    assert summary.text_content() == "Contents"
    assert summary.xpath('following-sibling::ul//a[@href="#studied"]')


def test_a_long_formula_in_a_line_scrolls_on_its_own(make_edition: MakeEdition) -> None:
    long = "+".join(f"x_{{{number}}}" for number in range(12))
    page = opened(make_edition(f"A short one, $p = 0.05$, and a long one, ${long}$, in a line."))
    [holder] = page.xpath('//span[contains(@class, "formula-scroll")]')
    assert (holder.get("tabindex"), holder.get("class")) == ("0", "formula-scroll in-line")
