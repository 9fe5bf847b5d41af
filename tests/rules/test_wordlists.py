from __future__ import annotations

import re

import pytest

from pubkit.claims.wordlists import filled, grammar, phrase_pattern, word_list, word_list_ids


@pytest.mark.parametrize("name", word_list_ids())
def test_every_list_says_what_it_is_for_and_where_it_comes_from(name: str) -> None:
    words = word_list(name)
    assert words.id == name
    assert words.purpose
    assert words.source
    assert words.entries


@pytest.mark.parametrize("name", word_list_ids())
def test_every_entry_is_found_by_its_own_list(name: str) -> None:
    words = word_list(name)
    for entry in words.entries:
        plain = entry.phrase.replace("*", "")
        if not any(char in plain for char in "()|?") and words.without_exceptions(plain) == plain:
            assert words.first(plain), entry.phrase


@pytest.mark.parametrize("name", word_list_ids())
def test_alternatives_that_share_letters_find_what_the_phrases_one_by_one_find(name: str) -> None:
    words = word_list(name)
    for entry in words.entries:
        alone = re.compile(rf"(?<!\w)(?:{phrase_pattern(entry.phrase)})(?!\w)")
        for other in words.entries:
            text = other.phrase.replace("*", "")
            if alone.fullmatch(text):
                assert words.pattern.regex(text).fullmatch(text), (entry.phrase, text)


def test_an_exception_hides_only_itself() -> None:
    promotion = word_list("promotion")
    assert promotion.first("breakthrough pain") is None
    assert promotion.first("a breakthrough against pain") is not None


def test_an_entry_meets_hyphens_and_line_ends() -> None:
    assert word_list("stigma").first("substance-abuse") is not None
    assert word_list("stigma").first("substance abuse") is not None


def test_a_substitution_says_what_to_write() -> None:
    hit = word_list("stigma").first("he committed suicide")
    assert hit is not None
    assert hit.entry is not None
    assert hit.entry.use == "die by suicide"


@pytest.mark.parametrize(
    ("phrase", "text", "met"),
    [
        ("addict(s)?", "addicts", True),
        ("colou?r", "color", True),
        ("promis*", "promising", True),
        ("(a|b) c", "b-c", True),
        ("a.b", "axb", False),
    ],
)
def test_a_phrase_means_what_the_documentation_says(phrase: str, text: str, met: bool) -> None:
    import re

    assert bool(re.fullmatch(phrase_pattern(phrase), text)) is met


def test_a_grammar_names_lists() -> None:
    assert grammar(r"(?:no|zero) <harms>").search("zero side-effects")
    with pytest.raises(LookupError):
        filled("<no-such-list>", "")
