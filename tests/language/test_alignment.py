"""What two sequences share: in order, exact, and found again after every gap."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.language.alignment import LETTERS, WORDS, Grain, Stretch, aligned

_FEW = st.lists(st.sampled_from("abc"), max_size=40)


def pairs(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    return [(left + shift, right + shift) for left, right, length in stretches for shift in range(length)]


@given(_FEW, _FEW, st.sampled_from([WORDS, LETTERS]))
def test_what_is_aligned_is_the_same_and_in_the_order_of_both(left: list[str], right: list[str], grain: Grain) -> None:
    found = pairs(aligned(left, right, grain))
    assert all(left[one] == right[other] for one, other in found)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in itertools.pairwise(found))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), max_size=8))
def test_whatever_one_side_has_more_everything_else_is_found(insertions: list[tuple[int, int]]) -> None:
    left = [f"w{number % 97}-{number % 89}" for number in range(400)]
    right = list(enumerate(left))
    for place, length in sorted(insertions, reverse=True):
        right[place:place] = [(-1, f"w{number % 97}-x") for number in range(length)]
    found = pairs(aligned(left, [word for _, word in right]))
    assert [right[other][0] for _, other in found] == list(range(400))


def test_a_word_that_occurs_often_is_aligned_where_its_neighbours_are() -> None:
    left = ["the", "cat", "and", "the", "dog"]
    right = ["the", "the", "ox", "the", "cat", "the", "ox", "and", "the", "dog", "the"]
    assert pairs(aligned(left, right)) == [(0, 3), (1, 4), (2, 7), (3, 8), (4, 9)]


@pytest.mark.parametrize("size", [400, 15_000])
def test_of_two_parts_that_changed_places_the_longer_is_aligned(size: int) -> None:
    chance = random.Random(1)
    first, second, other = ("".join(chance.choices("abcdef", k=length)) for length in (size, size + 100, 1_000))
    assert aligned(first + second, second + "#" + other + first, LETTERS) == [Stretch(size, 0, size + 100)]


@pytest.mark.parametrize("size", [30, 3_000])
def test_parts_that_repeat_are_aligned_each_with_its_own(size: int) -> None:
    left, right = ["a", "b", "c"] * size, ["a", "b", "c", "x", "y"] * size
    found = pairs(aligned(left, right))
    assert found == [(3 * part + place, 5 * part + place) for part in range(size) for place in range(3)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["a"] * 100_000, ["a"] * 90_000),
        (["x", *["a"] * 100_000, "z"], ["y", *["a"] * 100_000, "w"]),
        (["q", *["a", "b"] * 50_000], ["b", "a", "c"] * 50_000),
        ([str(number) for number in range(50_000)], [str(number) for number in reversed(range(50_000))]),
        (random.Random(1).choices("ab", k=50_000), random.Random(2).choices("ab", k=50_000)),
        ("ab" * 50_000, "ba" * 50_000 + "c"),
    ],
)  # fmt: skip
def test_hostile_sequences_come_to_an_end(left: Sequence[str], right: Sequence[str]) -> None:
    for grain in (WORDS, LETTERS):
        assert all(left[one] == right[other] for one, other in pairs(aligned(left, right, grain)))
