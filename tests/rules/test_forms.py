"""Each form finds its bad examples and leaves its good ones alone; none of them can run away."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from pubkit.claims.engine import Form, form_ids, forms
from pubkit.claims.frames import Frame, Part
from pubkit.claims.patterns import Pattern
from pubkit.language.matching import folded

LANGUAGES = ("en", "de", "fr", "es")
FILES = [(lang, name) for lang in LANGUAGES for name in form_ids(lang)]


def examples(good: bool) -> Iterator[object]:
    for lang, name in FILES:
        ready = forms(name, lang)
        assert ready is not None
        for form in ready.file.forms:
            for text in form.good if good else form.bad:
                yield pytest.param(lang, name, form, text, id=f"{lang}-{name}-{form.id}-{text[:40]}")


@pytest.mark.parametrize(("lang", "name", "form", "text"), list(examples(good=False)))
def test_a_form_finds_its_bad_examples(lang: str, name: str, form: Form, text: str) -> None:
    ready = forms(name, lang)
    assert ready is not None
    found = ready.first(folded(text).text)
    assert found is not None
    assert 0 <= found[1].start < found[1].end <= len(folded(text).text)


@pytest.mark.parametrize(("lang", "name", "form", "text"), list(examples(good=True)))
def test_no_form_of_its_file_finds_a_good_example(lang: str, name: str, form: Form, text: str) -> None:
    ready = forms(name, lang)
    assert ready is not None
    assert ready.first(folded(text).text) is None


@pytest.mark.parametrize(("lang", "name"), FILES)
def test_a_file_says_what_it_is_for_and_what_it_rests_on(lang: str, name: str) -> None:
    ready = forms(name, lang)
    assert ready is not None
    assert ready.file.id == name
    assert ready.file.purpose and ready.file.source
    identifiers = [form.id for form in ready.file.forms]
    assert len(set(identifiers)) == len(identifiers)


@pytest.mark.parametrize("stated", [{}, {"match": "safe", "all": ["safe"]}, {"all": ["safe"], "least": 2}])
def test_a_form_is_a_pattern_or_parts(stated: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError, match="either"):
        msgspec.convert({"id": "safe", "bad": ["Safe."], **stated}, Form)


def test_parts_stand_in_any_order_apart_from_each_other() -> None:
    whole = [Part(word, Pattern(rf"(?<!\w){word}(?!\w)")) for word in ("no risk", "risk", "tea")]
    frame = Frame(whole, 0, 30)
    assert [text for *_, text in frame.places("a risk with tea: no risk")] == ["risk with tea: no risk"]
    assert not list(frame.places("tea has no risk"))
    assert not list(frame.places("tea has no risk, and much later somebody spoke of a risk"))
    assert list(Frame(whole, 2, 30).places("tea has no risk"))


def test_a_language_without_forms_has_none() -> None:
    assert forms("absolute-safety", "nl") is None
    assert not form_ids("nl")


def test_a_file_that_is_not_there_is_told_apart_from_one_that_is() -> None:
    assert forms("no-such-file") is None
