"""Plain text: readable, complete, the same twice; and its proof."""

from __future__ import annotations

import pytest

from pubkit.manuscript.tree import Superscript, nodes, plain_text
from pubkit.proof.plain import prove
from pubkit.render import links, plain
from pubkit.render.model import Edition

from .conftest import MakeEdition

FILE = "kratom-1.2.0.txt"


@pytest.fixture(scope="module")
def made(edition: Edition) -> str:
    return plain.render(edition).decode()


def rules(text: str, edition: Edition) -> set[str]:
    return {finding.rule for finding in prove(text.encode(), edition, FILE)}


def without(text: str, old: str, new: str = "") -> str:
    assert old in text
    return text.replace(old, new)


def test_a_sound_file_proves_sound(made: str, edition: Edition) -> None:
    assert list(prove(made.encode(), edition, FILE)) == []


def test_a_draft_proves_sound(make_edition: MakeEdition) -> None:
    draft = make_edition(draft=True)
    assert list(prove(plain.render(draft), draft, FILE)) == []


def test_the_same_edition_gives_the_same_bytes(made: str, edition: Edition) -> None:
    assert plain.render(edition).decode() == made


def test_title_people_and_disclaimers_come_first_and_references_last(made: str) -> None:
    places = [
        made.index(words)
        for words in (
            "Kratom & mental health\n======",
            "Mara Lindqvist, PharmD",
            "Not medical advice",
            "Summary",
            "Before the first heading.",
            "What was studied\n================",
            "What was found\n==============",
            "Notes\n=====",
            "References\n==========",
            "1. Vicknasingam",
            "About this publication\n======",
        )
    ]
    assert places == sorted(places)


def test_addresses_can_be_seen(made: str) -> None:
    assert "Wikipedia <https://en.wikipedia.org/wiki/Mitragyna_speciosa>" in " ".join(made.split())
    assert "Poison Help <https://poisonhelp.example/>" in " ".join(made.split())
    assert "doi:10.5555/12345678" in made
    assert "<https://doi.org" not in made


def test_citations_and_notes_cannot_be_mixed_up(made: str) -> None:
    flat = " ".join(made.split())
    assert "26 men[1]," in flat or "26 men,[1]" in flat
    assert "[*1]" in flat
    assert "[*1] A note of two blocks." in flat


def test_a_picture_is_told_in_words(made: str) -> None:
    assert "[Three bars of growing height.]" in made


def test_a_decorative_picture_leaves_no_trace(make_edition: MakeEdition) -> None:
    text = plain.render(make_edition("Text ![](bars.png){.decorative} goes on.")).decode()
    assert "[]" not in text


def test_lines_keep_to_seventy_eight_columns(make_edition: MakeEdition) -> None:
    words = "word " * 300
    item = f"- {words}\n\n    - {words}\n\nTerm\n:   {words}\n\n> {words}\n\nText[^n] {words}\n\n[^n]: {words}\n"
    text = plain.render(make_edition(item)).decode()
    assert max(map(len, text.split("\n"))) <= 78


def test_a_long_address_is_not_broken(make_edition: MakeEdition) -> None:
    address = "https://example.org/" + "a" * 120
    edition = make_edition(f"See [this]({address}).")
    text = plain.render(edition).decode()
    assert f"<{address}>" in text
    assert rules(text, edition) == set()


WIDE = """\
| Study | Design | Participants | Country | Outcome | Measure | Limits of it |
|:--|:--|--:|:--|:--|:--|:--|
| Andersen and others | cross-sectional | 1293 | Denmark | self-reported relief | questionnaire | representativeness |
| Bartholomew | prospective | 88 | Malaysia | withdrawal | questionnaire | generalisability |

: Seven columns. {#tbl:wide}
"""


def test_no_word_of_a_wide_table_is_broken(make_edition: MakeEdition) -> None:
    edition = make_edition(f"{WIDE}\nAfter.\n")
    text = plain.render(edition).decode()
    assert {"cross-sectional", "questionnaire", "representativeness", "generalisability"} <= set(text.split())
    assert "Seven columns." in text
    assert "tbl:wide" not in text
    assert list(prove(text.encode(), edition, FILE)) == []


def test_a_figure_is_told_with_its_caption(made: str) -> None:
    assert "[Three bars of growing height.]\n\nBars\n" in made


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("Nothing that would count as proof.", "", "PRF111"),
        ("What was found\n==============", "What was found", "PRF110"),
        ("Kratom and pain", "Other", "PRF115"),
        ("with a list", "", "PRF114"),
        ("[*1] Where", "Where", "PRF114"),
        ("Three bars of growing height.", "", "PRF113"),
        ("1.5", "", "PRF112"),
        ("for information only", "for your treatment", "PRF410"),
        ("<https://en.wikipedia.org/wiki/Mitragyna_speciosa>", "", "PRF430"),
        ("Mara", "M\x07ara", "PRF430"),
    ],
)
def test_the_proof_sees_what_is_broken(made: str, edition: Edition, old: str, new: str, rule: str) -> None:
    assert rule in rules(without(made, old, new), edition)


def test_a_disclaimer_after_the_text_is_seen(made: str, edition: Edition) -> None:
    start, end = made.index("Not medical advice"), made.index("Summary\n")
    moved = made[:start] + made[end:] + made[start:end]
    assert "PRF411" in rules(moved, edition)


def test_a_draft_without_its_mark_is_seen(made: str, make_edition: MakeEdition) -> None:
    assert rules(made, make_edition(draft=True)) == {"PRF412"}


def test_what_is_not_utf_8_is_seen(edition: Edition) -> None:
    assert [finding.rule for finding in prove(b"\xff\xfe", edition, FILE)] == ["PRF430"]


def test_an_address_that_an_author_has_typed_is_no_address_behind_a_link(make_edition: MakeEdition) -> None:
    made = make_edition(
        "A [word[^n]](https://example.org/a) and \\<https://example.org/b>.\n\n[^n]: As <https://example.org/c> has.\n"
    )
    text = plain.render(made).decode()
    assert "<https://example.org/b>" in text
    assert list(prove(text.encode(), made, FILE)) == []
    lost = text.replace("<https://example.org/b>", "")
    assert "PRF111" in {finding.rule for finding in prove(lost.encode(), made, FILE)}


def test_marks_side_by_side_are_not_read_as_one_number(make_edition: MakeEdition) -> None:
    made = make_edition("Light[@vicknasingam2020]^[One.] and dark^[Two.]^[Three.] and x^2^^[Four.]")
    links.settle(made.tree)
    text = " ".join(plain.render(made).decode().split())
    assert "Light[1], [*1] and dark [*2], [*3] and x² [*4]" in text
    assert list(prove(plain.render(made), made, FILE)) == []
    raised = make_edition("Light[@vicknasingam2020]^2^ and[@vicknasingam2020]^st^ day.")
    links.settle(raised.tree)
    marks = [plain_text(node) for node in nodes(raised.tree.blocks) if isinstance(node, Superscript)]
    assert marks[:5] == ["1", ",", "2", "1", "st"]
