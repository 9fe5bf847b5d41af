"""Each form finds its bad examples and leaves its good ones alone; none of them can run away."""

from __future__ import annotations

import msgspec
import pytest

from pubkit.claims.engine import Form, Forms, form_ids, forms
from pubkit.claims.frames import Frame, Part
from pubkit.claims.patterns import Pattern
from pubkit.language.matching import folded

LANGUAGES = ("en", "de", "fr", "es")
FILES = [(lang, name) for lang in LANGUAGES for name in form_ids(lang)]


@pytest.mark.parametrize(("lang", "name"), FILES)
def test_a_form_finds_its_bad_examples(lang: str, name: str) -> None:
    ready = forms(name, lang)
    assert ready is not None
    bad = [(form.id, text) for form in ready.file.forms for text in form.bad]
    assert bad
    assert [one for one in bad if not finds(ready, one[1])] == []


def finds(ready: Forms, text: str) -> bool:
    plain = folded(text).text
    found = ready.first(plain)
    return found is not None and 0 <= found[1].start < found[1].end <= len(plain)


@pytest.mark.parametrize(("lang", "name"), FILES)
def test_no_form_of_its_file_finds_a_good_example(lang: str, name: str) -> None:
    ready = forms(name, lang)
    assert ready is not None
    good = [(form.id, text) for form in ready.file.forms for text in form.good]
    assert [one for one in good if ready.first(folded(one[1]).text)] == []


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
