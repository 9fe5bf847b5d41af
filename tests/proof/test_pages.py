"""Text over several pages: an intact text of any length passes; in any other, the faulty word is named."""

from __future__ import annotations

import random

import pytest
from msgspec import structs

from pubkit.language.folding import letters
from pubkit.manuscript.tree import Para, Str, Tree, copied, every
from pubkit.proof.pdf import prove
from pubkit.proof.promises.contents import Kind, Run
from pubkit.proof.promises.pages import Fault, PagedText, faults

from .finished import article, rules

WORDS = "the ward plan lists no more than five mg of each drug that a nurse gives at night".split()  # noqa: SIM905


def sound(seed: int, count: int) -> tuple[list[Run], list[str]]:
    """A text of `count` words, and pages of it with running heads, notes, numbers of lists and words that break."""
    chance = random.Random(seed)
    runs: list[Run] = []
    pages: list[str] = []
    page = "Head of page 1 "
    while count > 0:
        kind, unit = (Kind.TABLE, len(runs) + 1) if chance.random() < 0.2 else (Kind.TEXT, 0)
        words = chance.choices(WORDS, k=chance.choice((1, 2, 8, 60)))
        runs.append(Run(" ".join(words), kind, unit=unit))
        page += chance.choice(("", "3. ", "* "))
        for word in words:
            if chance.random() < 0.02:
                break_at = chance.randrange(len(word))
                page += word[:break_at] + f"\n{len(pages)} A note about no more than five words. "
                pages.append(page)
                page, word = f"Head of page {len(pages) + 1} ", word[break_at:]
            page += word + " "
        count -= len(words)
    return runs, [*pages, page]


def searched(runs: list[Run], pages: list[str]) -> list[Fault]:
    return faults([(run, letters(run.text)) for run in runs], PagedText.of([letters(page) for page in pages]))


@pytest.mark.parametrize(("seed", "count"), [*((seed, 400) for seed in range(20)), (20, 16_000), (21, 50_000)])
def test_a_sound_text_passes_however_long_it_is(seed: int, count: int) -> None:
    assert searched(*sound(seed, count)) == []


@pytest.mark.parametrize("change", ["dropped", "changed", "swapped", "added"])
def test_a_word_that_is_wrong_is_found_in_its_run(change: str) -> None:
    runs, pages = sound(1, 6_000)
    chance = random.Random(change)
    long = [number for number, run in enumerate(runs) if len(run.text.split()) > 5 and run.kind is Kind.TEXT]
    missed = 0
    for number in chance.sample(long, 12):
        words = runs[number].text.split()
        place = chance.randrange(1, len(words) - 2)
        while letters(words[place]) == letters(words[place + 1]):
            place = chance.randrange(1, len(words) - 2)
        match change:
            case "dropped":
                words.insert(place, "never")
            case "changed":
                words[place] = "six"
            case "swapped":
                words[place : place + 2] = words[place + 1 : place - 1 : -1]
            case "added":
                del words[place]
        others = [*runs[:number], structs.replace(runs[number], text=" ".join(words)), *runs[number + 1 :]]
        missed += number not in {fault.number for fault in searched(others, pages)}
    # What is added right at the end of a page might be a note or a running head.
    assert missed <= (change == "added")


def test_a_run_that_is_lost_is_the_only_fault() -> None:
    runs, pages = sound(2, 16_000)
    runs.insert(len(runs) // 2, Run("Take two tablets a day.", Kind.TEXT))
    [fault] = searched(runs, pages)
    assert (fault.run.text, fault.whole) == ("Take two tablets a day.", True)


def test_the_words_around_a_fault_are_shown() -> None:
    run = Run("Adults should not take more than two tablets of it in one day without advice.", Kind.TEXT)
    [fault] = searched([run], ["Adults should take more than two tablets of it in one day without advice."])
    assert fault.words == "Adults should not take more than"


def test_cells_that_go_over_the_end_of_a_page_may_stand_in_another_order() -> None:
    cells = [Run(f"{name} cell with more words in it than a line", Kind.TABLE, unit=1) for name in ("First", "Second")]
    halves = [run.text.split("more ") for run in cells]
    pages = [f"{halves[0][0]} {halves[1][0]}", f"more {halves[0][1]} more {halves[1][1]}"]
    assert searched(cells, pages) == []


@pytest.mark.parametrize("change", ["dropped", "changed", "swapped", "doubled"])
def test_a_word_that_is_wrong_in_a_pdf_is_found(change: str) -> None:
    """Change the tree instead of the file: the file lacks a word that is added to the tree."""
    tree = copied(article().edition.tree)
    texts = next(para.content for para in every(Para, tree.blocks) if Str("Guidelines") in para.content)
    place = texts.index(Str("review"))
    match change:
        case "dropped":
            texts.insert(place, Str("never"))
        case "changed":
            texts[place] = Str("revue")
        case "swapped":
            texts[place], texts[place + 2] = texts[place + 2], texts[place]
        case "doubled":
            del texts[place]
    edition = structs.replace(article().edition, tree=Tree(blocks=tree.blocks))
    found = list(prove(article().pdf, edition, "x.pdf"))
    assert rules(found) == {"PRF111"}
    assert len(found) == 1
