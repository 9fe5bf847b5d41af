"""Where the words of a manuscript are in its source: every one at its own place, also where all of them occur often.

Each text is written twice, in the same shape. In the first, no word occurs twice, so that the place of each is beyond doubt;
in the second, the same places hold the few words of a small vocabulary. What is found in the second must be where the first
has it.
"""

from __future__ import annotations

import itertools
import random
import re
import string
from collections.abc import Iterator

import pytest

from pubkit.boundary import pandoc
from pubkit.boundary.text import SourceFile
from pubkit.manuscript import tree
from pubkit.manuscript.crossref import is_label
from pubkit.manuscript.marking import mark
from pubkit.manuscript.model import Block, BlockKind
from pubkit.manuscript.outline import outline
from pubkit.manuscript.places import Places
from pubkit.manuscript.positions import SourceWords
from pubkit.manuscript.reading import read
from pubkit.project import loading

from ..conftest import Publish

#: Shapes of text; each run of x stands for a word of its own.
SHAPES = {
    "paragraph": "xxxx xxxx xxxx, xxxx xxxx (xxxx) xxxx.\nxxxx *xxxx* xxxx **xxxx xxxx** xxxx; xxxx “xxxx” 'xxxx'.",
    "heading": "## xxxx xxxx {#sec:xxxx}",
    "heading without id": "# xxxx xxxx",
    "caption above": "Table: xxxx xxxx xxxx\n\n| xxxx | xxxx |\n|------|------|\n| xxxx | xxxx |\n| xxxx | xxxx xxxx |",
    "caption below": "| xxxx | xxxx |\n|------|------|\n| xxxx | xxxx |\n\n: xxxx xxxx xxxx {#tbl:xxxx}",
    "grid table": (
        "+-----------+-----------+\n| xxxx xxxx | xxxx xxxx |\n| xxxx      | xxxx      |\n+===========+===========+\n"
        "| xxxx xxxx | xxxx      |\n| xxxx xxxx | xxxx      |\n+-----------+-----------+"
    ),
    "simple table": "xxxx   xxxx\n------ ------\nxxxx   xxxx\nxxxx   xxxx\n\nTable: xxxx xxxx",
    "multiline table": (
        "-------------------------\n xxxx       xxxx\n---------- --------------\n xxxx       xxxx xxxx\n"
        "            xxxx xxxx\n\n xxxx       xxxx\n            xxxx\n-------------------------\n\nTable: xxxx xxxx\nxxxx"
    ),
    "note in the line": "xxxx xxxx^[xxxx xxxx xxxx.] xxxx xxxx.\nxxxx xxxx^[xxxx.]^[xxxx xxxx.]",
    "note elsewhere": "xxxx xxxx[^{n}] xxxx xxxx.\n\n[^{n}]: xxxx xxxx xxxx\n    xxxx.\n\n    xxxx xxxx.",
    "note far away": "xxxx[^far{n}] xxxx[^near{n}] xxxx.",
    "list": "- xxxx xxxx\n- xxxx\n\n    1. xxxx xxxx\n    2. xxxx\n\n- xxxx xxxx",
    "definitions": "xxxx xxxx\n\n:   xxxx xxxx xxxx\n\n:   xxxx\n",
    "line block": "| xxxx xxxx\n| xxxx xxxx xxxx\n| xxxx",
    "quotation": "> xxxx xxxx\n> xxxx xxxx.\n>\n> - xxxx xxxx",
    "div": "::: {.xxxx #xxxx}\nxxxx xxxx xxxx.\n:::",
    "links": 'xxxx [xxxx xxxx](https://xxxx.org/xxxx-xxxx "xxxx xxxx") xxxx <https://xxxx.org/xxxx> xxxx.',
    "link by reference": "xxxx [xxxx xxxx][ref{n}] xxxx xxxx.\n\n[ref{n}]: https://xxxx.org/xxxx",
    "picture": "xxxx ![xxxx xxxx](xxxx.png) xxxx.\n\n![xxxx xxxx xxxx](xxxx.png){#fig:xxxx}",
    "formula": "xxxx $xxxx + \\frac{xxxx}{2}$ xxxx.\n\n$$\nxxxx = xxxx\n$$\n\nxxxx xxxx.",
    "code": "xxxx `xxxx xxxx` xxxx.\n\n```xxxx\nxxxx xxxx\nxxxx\n```\n\nxxxx xxxx.",
    "html": 'xxxx H<sub>2</sub>O <span class="xxxx">xxxx</span> xxxx.\n\n<!-- xxxx xxxx xxxx -->\n\nxxxx xxxx.',
    "citation": "xxxx xxxx [see @xxxx, pp. 3; @xxxx:xxxx]. @xxxx xxxx xxxx.",
    "signs": (
        "xxxx\u00a0xxxx na\u00efve xxxx\u00adxxxx \ufb01xxxx --- xxxx... \\*xxxx xxxx\\_xxxx &amp; xxxx~xxxx~ xxxx^xxxx^."
    ),
}
VOCABULARY = [f"{first}{second}en" for first in "bdfgklmnprst" for second in "aeiou"]


def unique_words() -> Iterator[str]:
    """Words of four letters, none of which occurs in a shape."""
    return ("".join(one) for one in itertools.product("bcdfghjklmn", "xzjq", "aou", string.ascii_lowercase))


def shaped(seed: int, parts: int, names: tuple[str, ...] = tuple(SHAPES)) -> str:
    """A text of many shapes by chance."""
    chance = random.Random(seed)
    return joined([chance.choice(names) for _ in range(parts)], chance)


def joined(names: list[str], chance: random.Random) -> str:
    """A text of shapes; notes that stand far away come at its end, in another order."""
    text = [SHAPES[name].replace("{n}", str(number)) for number, name in enumerate(names)]
    far = [number for number, name in enumerate(names) if name == "note far away"]
    notes = [f"[^{name}{number}]: xxxx xxxx xxxx." for number in far for name in ("far", "near")]
    chance.shuffle(notes)
    return "\n\n".join((*text, *notes)) + "\n"


def filled(shape: str, words: Iterator[str]) -> str:
    return re.sub("xxxx", lambda _: next(words), shape)


def outlined(text: str) -> list[Block]:
    marked = mark(text)
    blocks = tree.decode(marked.restore(pandoc.parse(marked.text).decode())).blocks
    places = Places(SourceWords(SourceFile("x.md", text, "")), blocks, marked.keys.get)
    return outline(blocks, places, marked.keys.get, is_label).blocks


def anchors(text: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Where each word of each block is, as line and column, by the number of the block and the place in its text."""
    found = [block for block in outlined(text) if block.kind is not BlockKind.CODE]
    return {
        (number, offset): (place.line, place.column)
        for number, block in enumerate(found)
        for offset, place in block.anchors
    }


def word_at(text: str, place: tuple[int, int]) -> str:
    line, column = place
    found = re.match(r"[^\W_]+", text.split("\n")[line - 1][column - 1 :])
    return found[0].casefold() if found else ""


@pytest.mark.parametrize("name", SHAPES)
def test_each_construct_has_every_word_at_its_place(name: str) -> None:
    text = filled(joined(["paragraph", name, "paragraph"], random.Random(0)), unique_words())
    for block in outlined(text):
        places = dict(block.anchors)
        if block.kind is BlockKind.ALT:
            continue
        for found in re.finditer(r"[^\W_]+", block.text):
            assert found.start() in places, f"{found[0]} has no place"
            place = places[found.start()]
            # H<sub>2</sub>O is one word for the reader and three in the source.
            assert found[0].casefold().startswith(word_at(text, (place.line, place.column)))


#: Cells side by side over several lines: where their words are the same, nothing tells one from the other.
SIDE_BY_SIDE = frozenset({"grid table", "multiline table"})


@pytest.mark.parametrize("seed", range(8))
def test_words_that_occur_often_are_found_where_they_belong(seed: int) -> None:
    shape = shaped(seed, 60, tuple(name for name in SHAPES if name not in SIDE_BY_SIDE))
    chance = random.Random(seed)
    unlike, alike = filled(shape, unique_words()), filled(shape, iter(lambda: chance.choice(VOCABULARY), None))
    true, found = anchors(unlike), anchors(alike)
    wrong = {word: (place, true.get(word)) for word, place in found.items() if true.get(word) != place}
    assert (wrong, true.keys() - found.keys()) == ({}, set())


def test_a_text_that_repeats_itself_is_found_in_its_order() -> None:
    part = "## The same\n\nThe same words [again](https://example.org/the/same), and the same.[^1]\n\nYes.\n\n"
    text = part * 40 + "[^1]: The same words.\n"
    lines = [place[0] for word, place in anchors(text).items() if word[1] == 0]
    body = [line for line in lines if line <= 240]
    assert body == sorted(body)
    assert set(body) == {line for first in range(0, 240, 6) for line in (first + 1, first + 3, first + 5)}


def test_a_caption_above_a_table_moves_nothing(publication: Publish) -> None:
    rows = "".join(f"| the sheet | of the ward |\n| list {number} | the plan |\n" for number in range(6))
    table = f"Table: The plan of the ward and the list of the sheet\n\n| of the | plan |\n|---|---|\n{rows}\n"
    claims = [
        f"The plan of the ward. Tea cures the flu in {number} days. The list of the sheet." for number in range(9)
    ]
    found = read(loading.load(publication(f"# Plan\n\nThe plan.\n\n{table}" + "\n\n".join(claims) + "\n")))
    source = found.sources[0].text.split("\n")
    for block in found.document.blocks:
        if "cures" in block.text:
            place = block.locate(block.text.index("cures"))
            assert source[place.line - 1] == block.text
            assert source[place.line - 1][place.column - 1 :].startswith("cures")


def test_signs_without_words_are_told_apart_by_their_order(publication: Publish) -> None:
    text = "A $+$ b $+$ c.\n\n$<$ and $\\href{x}$ and [a]{.pubkit-a} [a]{.pubkit-a}\n"
    found = read(loading.load(publication(text)))
    places = [(one.location.line, one.location.column) for one in found.findings if one.location]
    assert sorted(places) == [(3, 10), (3, 29)]
