"""The SRC07 rules: what pandoc prints as text, or drops, is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubkit.findings import Finding
from pubkit.rules import Example, own
from pubkit.rules.markup import Footnotes, TableCells, UnclosedPart
from pubkit.rules.remnants import MarkupLeft
from pubkit.testing import found

from ..builder import submission as submission_of


def of(text: str, folder: Path, *rules: str) -> list[Finding]:
    return [finding for finding in found(Example(text), folder, *own()) if finding.rule in rules]


def places(text: str, folder: Path, *rules: str) -> list[str]:
    return [str(finding.location) for finding in of(text, folder, *rules)]


def test_each_row_of_a_table_with_other_cells_than_its_dashes_is_named_by_its_line(tmp_path: Path) -> None:
    text = "Text.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |\n| `a|b` | \\| |\n| 1 |\n\n| A | B |\n|---|\n| 1 | 2 |\n"
    assert places(text, tmp_path, "SRC070") == [f"01-text.md:{line}:1" for line in (6, 8, 10, 12)]


def test_footnotes_are_compared_with_their_marks(tmp_path: Path) -> None:
    text = "One.[^a] Two.[^no]\n\n[^a]: First.\n\n[^a]: Second.\n\n[^b]: Never marked.\n"
    assert places(text, tmp_path, "SRC071") == ["01-text.md:1:14", "01-text.md:5:1", "01-text.md:7:1"]


def test_what_is_shown_as_code_is_no_remnant(tmp_path: Path) -> None:
    code = "##Deep [^x] {#y}\n| A | B |\n|---|\n| 1 | 2 |\n::: open\n<div>\n[ref] **open\n[^x]: note"
    indented = "\n".join(f"    {line}" for line in code.split("\n"))
    text = f"Words.\n\n```markdown\n{code}\n```\n\nMore:\n\n{indented}\n\n~~~\n{code}\n~~~\n\nThe end.\n"
    assert of(text, tmp_path, "SRC070", "SRC071", "SRC072", "SRC073", "SRC074", "SRC075") == []


def test_a_fence_that_is_never_closed_does_not_hide_what_follows(tmp_path: Path) -> None:
    rules = {finding.rule for finding in of("Words.\n\n```\ncode\n\nMore [^x].\n", tmp_path, "SRC071", "SRC072")}
    assert rules == {"SRC071", "SRC072"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text.\n\n> 75 kg: one sachet.\n", ["3:1 error"]),
        ("Text.\n\n>=4 weeks\n", ["3:1 error"]),
        ("1. < 50 ml\n2. > 50 ml\n    - >3\n", ["2:4 error", "3:7 error"]),
        ("> 12 people were asked.\n> Two answered.\n", ["1:1 warning"]),
        ("> 1: One\n> 2: Two\n\n> 1998 was cold.\n\n> 1. One\n> 2. Two\n\n> She had 3 mg.\n", []),
        ("| HLA |\n|---|\n| B*58:01/*58:02 |\n", ["3:4 error"]),
        ("Either SLCO1B1*5\nor SLCO1B1*15.\n", ["1:15 error"]),
        ("Values of 0.02*, 0.07 and 0.03* count.^[Or 4*5*6.]", ["1:15 error", "1:45 error"]),
        ("Only TPMT*2 was found, as in p\\*53.\n\nThe *p*53, *E. coli*, ab*so*lute, *5*-HT and H*o*.\n", []),
        ("It took (~20min–~30min).", ["1:10 error"]),
        ("About ~3 g to ~4 g of CO~2~, x~1~/x~2~ and C~2~H~6~O.", []),
        ("From 10^5–10^8 and 5 m^2/10^3.", ["1:8 error", "1:23 error"]),
        ("From 10^5^–10^8^, Na^+^/K^+^-ATPase, ^99m^Tc and x^1/2^.", []),
        ("- 1<sup>2/3</sup>x and <sub>5/</sub>6\n\n<blockquote>65 years</blockquote>\n", []),
        ("*p < 0.04, **p < 0.02, ***p < 0.003.\n", ["1:12 error"]),
        ("* p < 0.04.\n\n# Next\n\n* Adjusted. ** Not adjusted.\n", ["1:1 error", "5:1 error"]),
        ("The genes *3 or *5 and *8 count.", ["1:11 error"]),
        ("Carriers of TPMT *3 and NUDT15 *2 need less.\n\nIn *n (n = 5)* and *a) one*.", ["1:18 error"]),
        ("g.*44A>C, p.(Lys7*) and it.[^n]\n\n[^n]: > 3 g\n", ["1:3 error", "3:7 error"]),
        ("From R$7 to R$8, 9$/day, and $0, 1$.", ["1:14 error"]),
        ("Between ~~3 g and ~~7 g, ~~not 9 g~~ and ~~gone~~.", ["1:9 error", "1:19 error"]),
        ("Bills of $7 a visit or 12$ a month, $n = 5$ and $12 - odds$.", ["1:10 error"]),
        ("If a<b>c, and so on.\n\nA<b>B</b>.", ["1:5 error"]),
        ("It had 10<sup>6 cells.\n\n<small>\n\nWords\n\n</small>\n", ["1:10 error"]),
        ("| A |\n|---|\n| 2\\* |\n\n* Adjusted.\n\n# Next\n\n- b) one\n- c) two\n", ["5:1 error"]),
        ("2007. A year.\n\n(1985) says so.\n\n7. Seven.\n", ["1:1 error", "3:1 error", "5:1 warning"]),
        ("i. One\n\nText.\n\nii. Two\n\nText.\n\n4. Four\n5. Five\n\nText.\n\n6. Six\n", []),
        ("::: a\n1. One\n:::\n\n::: a\n2. Two\n:::\n\niv. Four\nv. Five\n\nText.\n\nvi. Six\n", []),
        ("Change of weight\n\n+ 3 kg\n- 2 kg\n", ["3:1 error", "4:1 warning"]),
        ("It fell.\n\n- 3 kg in all\n\nLimits:\n\n- 5 mg\n\n* 7 mg\n* 8 mg\n", ["3:1 warning"]),
        ("The dose at night was\n~ 8 mg.\n", ["2:1 error"]),
        ("Tea\n: A drink.\n\nWhat is it?\n: A drink.\n\nThey all slept well that night.\n: Sleep\n", ["8:1 error"]),
        ("They all slept well.\n---\n\nSleep\n---\n", ["1:1 error"]),
        ("---\nThey slept.\n---\n\n---\n\nText.\n", ["2:1 error"]),
        (
            "See <https://doi.org/10.1/(A)1:2<3::B-4>3.0.C>, <https://a.org/b>c and <https://a.org/d> > e.",
            ["1:6 error"],
        ),
    ],
)
def test_a_sign_that_is_meant_as_written_and_read_as_markup_is_named_by_its_place(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    findings = of(text, tmp_path, "SRC078")
    shown = [f"{one.location.line}:{one.location.column} {one.severity}" for one in findings if one.location]
    assert sorted(shown) == sorted(expected)


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u200b"])
def test_a_mark_with_a_no_break_space_behind_it_is_named(blank: str, tmp_path: Path) -> None:
    text = f"##{blank}Sleep\n\nText.\n\n-{blank}Rest\n-{blank}Tea\n\n1.{blank}Lie down\n2.{blank}Get up\n"
    assert [place.partition(":")[2].partition(":")[0] for place in places(text, tmp_path, "SRC072")] == ["1", "5", "8"]


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 20_000,
        "[^" * 20_000,
        "Words\n\n" + "```a\n" * 5_000,
        "::: " + " " * 90_000 + "x",
        "a | b\n" + " " * 90_000 + "|x",
        "`" * 9_000 + "a`b" * 9_000,
    ],
    ids=["comments", "notes", "fences", "parts", "dashes", "code"],
)
def test_no_text_makes_the_search_go_back_without_end(text: str) -> None:
    """Each of these takes minutes with patterns that go back."""
    submission = submission_of(text)
    for rule in (TableCells, Footnotes, MarkupLeft, UnclosedPart):
        assert all(finding.location for finding in rule().check(submission))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("From 10^8 to 10\\^9, 10^3^ m^2 and Na^+ on https://example.org/a^2.", ["1:6", "1:27", "1:35"]),
        ("SpO~2 fell, SpO\\~2 and CO~2~ not. See Table~4, 7~mg and 5~10 mg.", ["1:1", "1:39", "1:48"]),
        ("Take 7\\,mg or 7\\ mg, and 1,000.\\\\\nThen 3 &deg C and &amp;micro; on.", ["1:6", "1:32", "2:24", "2:8"]),
        ("Words `a b` with :cite:`c` and %% a note %% more.", ["1:32", "1:18"]),
        ("A 2</sup and a \\<br.\n\n· Rest\n", ["1:4", "3:1"]),
    ],
)
def test_half_marked_signs_are_named_and_escaped_ones_are_not(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [place.partition(":")[2] for place in places(text, tmp_path, "SRC072")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1990. Cold.\n1996. Hot.\n\nText.\n\n1. a\n2. b\n2. c\n", ["2:1 error", "8:1 warning"]),
        ("1. a\n1. b\n\n#. a\n#. b\n\n(2) a\n(3) b\n\nc. a\nd. b\n", []),
    ],
)
def test_a_list_is_printed_with_the_numbers_that_were_written(text: str, expected: list[str], tmp_path: Path) -> None:
    found_there = of(text, tmp_path, "SRC120")
    assert [
        f"{one.location.line}:{one.location.column} {one.severity}" for one in found_there if one.location
    ] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He is 6\'1" tall, “6 ft”, and said "in 1920" and "It is 9".', ["1:7"]),
        ("The 3'-UTR, the 3′-UTR and the girls' 3' jump.", ["1:5"]),
        ("Run git add --all or pubkit check now, pages 3--4, x -- y --or z.", ["1:15"]),
        ("See https://example.org/x--y, <https://example.org/x--z> and www.example.org/'a'.", ["1:5", "1:62"]),
    ],
)
def test_signs_that_matter_are_not_set_in_others(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [place.partition(":")[2] for place in places(text, tmp_path, "SRC121")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Some words\n# Sleep\nmore\n\n- item\n  > She said so.\n", ["2", "6"]),
        ("> > Some\n> > words\n\n- a\n# 3 in the row\n", []),
        ("1 ) Rest\n2 ) Sleep\n\no  Rest\no  Sleep\n\n-Rest\n-Sleep\n", ["1", "4", "7"]),
        ("A | B\nC | D\n\nEither | or\n\n| A | B |\n|---|---|\n| c | d |\n\n: One\n\nTable: Two\n", ["1", "12"]),
    ],
)
def test_a_block_that_pandoc_joins_to_a_paragraph_is_named(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [place.split(":")[1] for place in places(text, tmp_path, "SRC122")] == expected


def test_words_that_are_printed_nowhere_are_named_and_what_is_not_to_be_printed_is_not(tmp_path: Path) -> None:
    lost = "---\nFirst rest.\n\nNever take it without asking a nurse.\n\n---\nThen sleep.\n\n---\n"
    kept = "See [the page][a long name].\n\n[a long name]: https://example.org/with/many/words/in/it 'And a title'\n"
    hidden = "<!-- Never take it without asking a nurse. -->\n\n![A](#){alt='Words of a text alternative'}\n"
    assert places(f"{lost}\n{kept}\n{hidden}", tmp_path, "SRC125") == ["01-text.md:4:1"]


def test_a_key_of_one_letter_may_be_cited_without_end(tmp_path: Path) -> None:
    """Its mentions are told apart by letters of dead scripts, which a text may use up."""
    blocks = (range(0x12000, 0x1239A), range(0x13000, 0x13430), range(0x14400, 0x14640))
    signs = " ".join("".join(map(chr, block)) for block in blocks)
    assert places(f"Signs are {signs}.\n\n{'[@a] ' * 40}\n", tmp_path, "SRC125") == []
