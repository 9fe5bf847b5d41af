"""What a line's end does not take apart in print."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from markupsafe import Markup

from pubkit.boundary.xml import Element, fragment
from pubkit.render import unbroken


def after(step: Callable[[Element], None], markup: str) -> str:
    root = fragment(f"<p>{markup}</p>")
    step(root)
    return etree.tostring(root[0], encoding="unicode").removeprefix("<p>").removesuffix("</p>").replace("\u200b", "|")


def numbers_kept(root: Element) -> None:
    unbroken.keep_numbers(root, "en")


def marks_kept(root: Element) -> None:
    unbroken.keep_marks(root, "en")


def citations_kept(root: Element) -> None:
    unbroken.keep_citations(root, "en")


def long_words_parted(root: Element) -> None:
    unbroken.part_long_words(root)
    assert root[0].attrib.pop("class") == "ragged"  # spaces are not torn open


@pytest.mark.parametrize(
    "number",
    [
        "12–15",
        "120/80",
        "(0.72–0.99)",
        "2020-11-03",
        "1:1.5",
        "10–20%",
        "−3–+4",
        "5mg–10mg",
        ".001).",
        "1994;5(5):4–13.",
    ],
)
def test_a_range_or_ratio_stays_on_one_line(number: str) -> None:
    found = after(numbers_kept, f"From <b>x</b> {number} and on.")
    assert found == f'From <b>x</b> <span class="nobr">{number}</span> and on.'


@pytest.mark.parametrize("text", ["12 15", "well-known", "COVID-19", "and/or", "3.5", "10.1016/j.jad.2020.01.001", "–"])
def test_other_words_may_end_a_line_as_before(text: str) -> None:
    assert after(numbers_kept, text) == text


@pytest.mark.parametrize("number", ["+966 11 496 0000", "0113\u00a0496\u00a00000", "(011) 496-0000"])
def test_a_telephone_number_runs_from_the_left_among_arabic_words(number: str) -> None:
    found = after(lambda root: unbroken.keep_numbers(root, "ar"), f"على {number}، من 12 15")
    assert found == f'على <span class="nobr" dir="ltr">{number}</span>، من 12 15'


def test_numbers_in_code_are_left_alone() -> None:
    assert after(numbers_kept, "<code>12–15</code>") == "<code>12–15</code>"


def test_a_raised_mark_stays_with_its_word_and_its_signs() -> None:
    mark = '<span class="citation"><sup>1</sup></span>'
    assert after(marks_kept, f"One word.{mark}) Next") == (f'One <span class="nobr">word.{mark})</span> Next')
    assert after(marks_kept, f"One <em>word</em>{mark}, next") == (
        f'One <span class="nobr"><em>word</em>{mark},</span> next'
    )


def test_two_marks_stay_with_one_word() -> None:
    citation, note = '<span class="citation"><sup>1</sup></span>', '<span class="footnote">n</span>'
    assert after(marks_kept, f"A word.{citation}{note} B") == (f'A <span class="nobr">word.{citation}{note}</span> B')


@pytest.mark.parametrize("step", [marks_kept, citations_kept])
def test_a_citation_in_words_is_no_mark(step: Callable[[Element], None]) -> None:
    text = 'A word <span class="citation">(Page 2021)</span> on.'
    assert after(step, text) == text


@pytest.mark.parametrize("numbers", ["(10)", "[4–6]", "(1, 3)"])
def test_numbers_of_citations_stay_whole_and_with_the_word_before_them(numbers: str) -> None:
    kept = f'<span class="citation nobr">{numbers}</span>'
    found = after(citations_kept, f'By 12 of 87 participants <span class="citation">{numbers}</span>. Next')
    assert found == f'By 12 of 87 <span class="nobr">participants {kept}.</span> Next'
    note = '<sup class="note-call"><a>1</a></sup>'
    assert after(citations_kept, f"時間は七時間{note}。次") == f'時間は七時<span class="nobr">間{note}。</span>次'
    raised = '<span class="citation"><sup>10–12</sup></span>'
    assert after(citations_kept, f"A word.{raised} B") == f"A word.{raised.replace('citation', 'citation nobr')} B"


def test_a_mark_is_kept_with_the_end_of_a_long_word_and_with_the_last_sign_of_chinese() -> None:
    mark = '<span class="citation"><sup>2</sup></span>'
    found = after(lambda root: unbroken.keep_marks(root, "de"), f"Die Gesundheitsversorgung{mark}.")
    assert found == f'Die Gesundheitsversor<span class="nobr">gung{mark}.</span>'
    assert (
        after(marks_kept, f"没有一项超过24个月{mark}。研究")
        == f'没有一项超过24个<span class="nobr">月{mark}。</span>研究'
    )
    assert after(marks_kept, f"成人中约有10%{mark}，") == f'成人中约有<span class="nobr">10%{mark}，</span>'


def test_an_address_in_a_note_does_not_leave_the_lines_around_it_unfilled() -> None:
    root = fragment(
        '<p>Text<span class="footnote"><span class="note-p">https://example.org/a/long/address</span></span></p>'
    )
    unbroken.part_long_words(root)
    assert root[0].get("class") is None


def test_no_short_word_is_alone_on_the_last_line() -> None:
    words = "Words of a paragraph that runs over more than one line and ends in"
    assert after(marks_kept, f"{words} of it.") == f'{words} <span class="nobr">of it.</span>'
    assert after(marks_kept, f"{words} something different.") == f"{words} something different."


def test_an_address_ends_a_line_at_its_signs_only() -> None:
    parted = after(long_words_parted, "doi:10.1016/j.drugalcdep(2019.107564 https://example.org/a/long_one")
    assert parted == "doi:|10.1016/|j.|drugalcdep(2019.|107564 https://|example|.org/|a/|long_|one"


def test_a_long_code_may_break_but_a_long_word_may_not() -> None:
    code, word = "ACGT0123456789ACGT0123456789", "Donaudampfschifffahrtsgesellschaft"
    assert after(long_words_parted, f"{code} {word}") == f'<span class="long">{code}</span> {word}'


def test_a_paragraph_without_spaces_is_no_long_word() -> None:
    text = "失眠是指入睡困难、睡眠维持困难或早醒，并伴有日间功能受损。成人中约有10%的人长期失眠，女性多于男性。"
    assert after(unbroken.part_long_words, text) == text
    assert after(long_words_parted, f"{text}ACGT0123456789ACGT0123456789") != text


def test_a_word_too_wide_for_a_phone_says_where_it_may_be_divided() -> None:
    word = "Rechtsschutzversicherungsgesellschaften"
    root = fragment(
        f"<p>{word}, <code>{word}</code></p><table><tr><td class='long-word'>Acetylsalicylsäure</td></tr></table>"
    )
    unbroken.soften(root, "de-AT")
    assert str(root[0].text) == "Rechts|schutz|ver|si|che|rungs|ge|sell|schaften, ".replace("|", "\u00ad")
    assert root[0][0].text == word  # code is as it is written
    cell = next(root.iter("td"))
    assert "\u00ad" in (cell.text or "")
    assert not cell.get("class")  # it no longer needs to be broken anywhere
    assert unbroken.softened(Markup(f'<b title="{word}">{word}</b>'), "de").count("\u00ad") == 8
    assert unbroken.softened(Markup(word), "zh") == word
