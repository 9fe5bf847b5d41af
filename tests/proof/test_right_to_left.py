"""Right-to-left words in a PDF: read in any order, and missed when they are gone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import pubkit
from pubkit.proof.promises.bidi import of_pages, ordered_letters, turned
from pubkit.proof.promises.printed import Letter, find

from ..conftest import Publish

ARABIC = "قس محيط منتصف العضد بين الكتف والمرفق وقارن النتيجة بالمدى المطبوع"


def test_an_english_text_that_quotes_arabic_is_found_whole(publication: Publish, tmp_path: Path) -> None:
    quoted = f"The rule reads [“{ARABIC}، {ARABIC}. قليلًا.”]{{lang=ar dir=rtl}} and that is all there is to it."
    folder = publication(f"# Rules\n\n{quoted}\n\n{quoted}\n", publisher="دار الصحة", bibliography=None)
    made = pubkit.build(folder, tmp_path / "out", only=["pdf"], draft=True)
    assert [one for one in made.report.findings if one.rule.startswith("PRF")] == []


def test_the_sign_after_arabic_on_a_line_of_its_own_may_come_first() -> None:
    def found(line: str) -> bool:
        letters = [Letter(char, 0, 1, 10, 8, True, "F") for char in f"By{line}Next"]
        return find([letters], ("By", "دار الصحة.", "Next"), 0) is not None

    assert found(".دارالصحة")
    assert found("دارالصحة.")
    assert not found("دارالصحة")
    assert not found(",دارالصحة")
    assert not found(".دارالصح")


def test_letters_are_compared_whatever_their_order() -> None:
    assert ordered_letters(f"Before {ARABIC[:9]} after") == "beforeafter"
    assert of_pages(f"Before 12 {ARABIC[::-1]} 3 after") == "beforeafter"
    assert ordered_letters(f"{ARABIC} CBT") == ""
    assert ordered_letters("Plain text, 12") == "plaintext12"
    assert turned([ARABIC]) == turned([ARABIC[::-1]])
    assert (turned([ARABIC]) - turned([ARABIC[5:]])).total() > 3


@pytest.mark.parametrize(("lang", "country"), [("zh-CN", "CN"), ("ar", "")])
def test_disclaimers_in_another_language_are_chosen_said_and_of_no_country(
    publication: Publish, lang: str, country: str
) -> None:
    from pubkit.disclaimers.choice import select
    from pubkit.manuscript import read
    from pubkit.project import loading

    silent = read(loading.load(publication("# 一\n\n文字。", lang=lang)))
    for_draft = select(silent.publication, silent.document, dt.date(2026, 1, 5))
    assert [one.rule for one in for_draft.problems] == ["DIS002"]
    assert for_draft.lacks_a_block
    assert {block.locale for block in for_draft.required()} == {"en"}
    said = read(loading.load(publication("# 一\n\n文字。", folder="said", lang=lang, disclaimers_in="en")))
    selection = select(said.publication, said.document, dt.date(2026, 1, 5))
    assert "SRC164" in {one.rule for one in selection.problems}
    assert {block.locale for block in selection.blocks} == {"en"}
    assert said.publication.country == country


def test_a_crisis_notice_never_takes_the_country_of_its_language(publication: Publish) -> None:
    from pubkit.disclaimers.choice import select
    from pubkit.manuscript import read
    from pubkit.project import loading

    text = read(loading.load(publication("# 一\n\n文字。", lang="ar", disclaimers_in="en", topics=["suicide"])))
    selection = select(text.publication, text.document, dt.date(2026, 1, 5))
    assert "DIS016" in {one.rule for one in selection.problems}
    assert "crisis" not in {block.variant for block in selection.blocks}
