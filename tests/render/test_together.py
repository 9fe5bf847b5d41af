"""Numbers stay with what belongs to them, in every format; the source and the words that are searched stay the same."""

from __future__ import annotations

import re

import lxml.html
import pypdfium2
import pytest
from msgspec import structs

from pubkit.boundary import pandoc
from pubkit.manuscript import tree
from pubkit.manuscript.front import FrontMatter
from pubkit.manuscript.tree import decode, encode, plain_text
from pubkit.render import html, plain
from pubkit.render.pdf import document as pdf
from pubkit.render.together import front_kept_together, kept_together

from .conftest import MakeEdition

KEPT = "·"


def shown(text: str, lang: str = "en-GB") -> str:
    """What is printed of `text`, with a sign for each space at which no line ends."""
    printed = kept_together(decode(pandoc.parse(text)), lang)
    return " / ".join(plain_text(block) for block in printed.blocks).replace("\u00a0", KEPT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Take 10 mg, 0.5 mL or 1,000 IU now.", "Take 10·mg, 0.5·mL or 1,000·IU now."),
        ("At 37 °C, 120/80 mm Hg and 50 mg/kg a day.", "At 37·°C, 120/80·mm·Hg and 50·mg/kg a day."),
        ("It was 5–10 µg or 25 kg/m^2^ then.", "It was 5–10·µg or 25·kg/m2 then."),
        ("With *p* < .001, *n* = 20 and r = −0.4 here.", "With p·<·.001, n·=·20 and r·=·−0.4 here."),
        ("About 5 ± 2 and 3 × 10^6^ copies grew.", "About 5·±·2 and 3·×·106·copies grew."),
        ("In 5 of 7 and 3 out of 10 people, −14.15 to 3.38.", "In 5·of·7 and 3·out·of·10 people, −14.15·to·3.38."),
        ("See Fig. 2, Table 3 and p. 7, says Dr. Smith.", "See Fig.·2, Table·3 and p.·7, says Dr.·Smith."),
        ("Vitamin D in a phase 3 trial for type 2 diabetes", "Vitamin·D in a phase·3 trial for type·2 diabetes"),
        (
            "On 26 November 2026 and on May 3, 2026, at 9 a.m. in all",
            "On 26·November 2026 and on May·3, 2026, at 9·a.m. in all",
        ),
        ("Call +49 30 1234567 or (020) 7946 0018 today.", "Call +49·30·1234567 or (020)·7946·0018 today."),
        ("Call 0113 496 0000 or 01 42 34 56 78, not 0.5 10 mg", "Call 0113·496·0000 or 01·42·34·56·78, not 0.5 10·mg"),
        ("Some 12 000 units for 6 weeks.\nThe 5\nmg dose", "Some 12·000·units for 6·weeks. The 5·mg dose"),
        ("**10** mg and [5 mg](https://example.org/a) and 'x 5 mg'", "10·mg and 5·mg and x 5·mg"),
    ],
)
def test_a_number_stays_with_its_unit_sign_or_name(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_number_stays_with_its_unit_where_words_have_no_spaces() -> None:
    assert shown("晚上剂量为10 mg的药。", "zh") == "晚上剂量为10·mg的药。"
    assert shown("用量は10 mgとする。", "ja") == "用量は10·mgとする。"


@pytest.mark.parametrize(
    "text", ["In 2019 men and women slept.", "Room 5 may hold 7 people.", "A plan B and an A to Z.", "`5 mg` and $5 g$"]
)
def test_other_spaces_stay_as_they_are(text: str) -> None:
    assert KEPT not in shown(text)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "de",
            "Am 3. Mai nahmen 5 von 7 vier Tage lang 2 Tabletten.",
            "Am 3.·Mai nahmen 5·von·7 vier Tage lang 2·Tabletten.",
        ),
        ("fr", "Le 3 mai, 5 sur 7 ont pris 2 gouttes.", "Le 3·mai, 5·sur·7 ont pris 2·gouttes."),
        ("es", "A los 6 meses, 5 de 7 en la fase 3.", "A los 6·meses, 5·de·7 en la fase·3."),
    ],
)
def test_unit_words_are_those_of_the_language(lang: str, text: str, expected: str) -> None:
    assert shown(text, lang) == expected


def test_notes_cells_captions_and_references_are_kept_too() -> None:
    text = "A.[^n]\n\n[^n]: Of 5 mg.\n\n| Dose |\n|---|\n| 5 mg |\n\n: Doses of 10 mg\n\n- 7 mL\n\n> 8 g\n"
    tree = kept_together(decode(pandoc.parse(text)), "en")
    written = encode(tree).decode()
    assert re.findall(r"(\d+)\"\},\{\"t\":\"Str\",\"c\":\"\u00a0\"", written) == ["5", "10", "5", "7", "8"]


DOSES = "\n\n".join(
    f"{'Word ' * number}5 mg, 50 mg/kg/day, 5–10 µg, *p* < .001 and 120/80 mmHg were noted on 26 November in 5 of 7."
    for number in range(1, 16)
)


def test_no_line_of_a_pdf_parts_a_dose_and_its_words_are_found(make_edition: MakeEdition) -> None:
    edition = make_edition(f"# Doses\n\n{DOSES}\n", {}, page_size="A5")
    edition = structs.replace(edition, tree=kept_together(edition.tree, "en"))
    page = html.render(edition).decode()
    assert {
        "".join(map(str, part.itertext())).rstrip(",")
        for part in lxml.html.fromstring(page).iter("span")
        if part.get("class") == "nobr"
    } >= {
        "50\u00a0mg/kg/day",
        "5–10\u00a0µg",
        "120/80\u00a0mmHg",
    }
    assert "5 mg, 50 mg/kg/day" in " ".join(plain.render(edition).decode().split())
    with pypdfium2.PdfDocument(pdf.render(edition)) as document:
        lines = "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r", "").split("\n")
    text = " ".join(" ".join(lines).split())
    wanted = "5 mg, 50 mg/kg/day, 5–10 µg, p < .001 and 120/80 mmHg were noted on 26 November in 5 of 7."
    assert text.count(wanted) >= 13  # but for those that go on after the foot of a page
    assert [line for line in lines if re.match(r"(mg|µg|kg|day|mmHg|<|\.001|November|of|7|10|80)\b", line)] == []


def test_title_and_summary_keep_their_numbers_too() -> None:
    said = FrontMatter(
        [tree.Str("Rest"), tree.Space(), tree.Str("of"), tree.Space(), tree.Str("8"), tree.Space(), tree.Str("h")],
        [],
        decode(pandoc.parse("In 3 of 9 people.\n\n- at 5 mg")).blocks,
    )
    kept = front_kept_together(said, "en-GB")
    assert kept
    assert plain_text(kept.title) == "Rest of 8\u00a0h"
    assert [plain_text(block) for block in kept.abstract] == ["In 3\u00a0of\u00a09 people.", "at 5\u00a0mg"]
    assert plain_text(said.title) == "Rest of 8 h"
