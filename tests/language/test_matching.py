from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.language.matching import folded, matchable


@pytest.mark.parametrize(
    "disguised",
    [
        "purchase kratom",
        "PURCHASE  Kratom",
        "pur\u00adchase kra\u200btom",
        "purch\u0430se kr\u0430t\u043em",
        "ｐｕｒｃｈａｓｅ ｋｒａｔｏｍ",
        "𝐩𝐮𝐫𝐜𝐡𝐚𝐬𝐞 𝐤𝐫𝐚𝐭𝐨𝐦",
        "purcha\u0301se krato\u0308m",
        "purch4se kr@tom",
        "p u r c h a s e kratom",
        "\u202emotark esahcrup\u202c",
        "pur\u2060chase\u00a0kratom",
    ],
)
def test_a_disguise_is_taken_off(disguised: str) -> None:
    assert matchable(disguised) == "purchase kratom"


def test_another_script_is_left_alone() -> None:
    assert matchable("Ελλάδα") == "ελλαδα"
    assert matchable("здоровье") == "здоровье"


def test_numbers_and_short_words_are_left_alone() -> None:
    assert matchable("7-OH, B12, 3–5 mg of TNF-α") == "7-oh, b12, 3-5 mg of tnf-a"


def test_dashes_between_clauses_keep_the_words_apart() -> None:
    assert matchable("drugs—without") == "drugs - without"


@given(st.text(max_size=60))
def test_every_character_knows_where_it_stood(text: str) -> None:
    plain = folded(text)
    assert len(plain.text) == len(plain.origins)
    assert all(0 <= origin < max(len(text), 1) for origin in plain.origins)
    assert plain.text == plain.text.strip()
    assert "  " not in plain.text
