"""One folder for each language: what another language lacks of English shows here, and a new folder needs nothing else."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pubkit.language import recognition
from pubkit.language.folders import folder, labelled, languages
from pubkit.language.labels import labels_for, labels_in
from pubkit.substances.registry import registry

from ..conftest import Publish

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "pubkit"
LANGUAGES = tuple(code for code in languages() if code != "en")
#: Languages that pubkit prints labels in, and has no disclaimers in.
LABELLED = tuple(code for code in labelled() if code not in languages())
#: What no language but English needs, and why.
ENGLISH_ONLY = {
    "disclaimers/dshea.yaml": "21 CFR 101.93(c) gives the words, in English",
    "spelling.yaml": "British and American spelling",
    "names.yaml": "only English titles have a case to set",
    "labels.yaml: regions": "the dates and the spelling of one country",
    "manuscript.yaml: openers": "English openers are looked for in every language",
    "manuscript.yaml: abbreviations.before-numbers": "those of English hold in every language",
    "manuscript.yaml: abbreviations.open-ended": "those of English hold in every language",
}


def files(code: str) -> dict[str, Any]:
    """What each YAML file of a language holds, by its path in the folder."""
    top = Path(str(folder(code)))
    return {path.relative_to(top).as_posix(): yaml.safe_load(path.read_bytes()) for path in sorted(top.rglob("*.yaml"))}


def lacking(english: object, other: object, way: str) -> Iterator[str]:
    """The keys that `english` has and `other` has not, and the texts, words and months that are empty there."""
    if isinstance(english, dict):
        for key, value in english.items():
            name = f"{way}{'.' if ':' in way else ': '}{key}"
            if not isinstance(other, dict) or key not in other:
                yield name
            else:
                yield from lacking(value, other[key], name)
    elif english and not other and other is not False:
        yield way


def lacks(code: str) -> list[str]:
    """All that the language `code` lacks compared with English."""
    english, other = files("en"), files(code)
    missing = [path for path in english if path not in other]
    for path in english.keys() & other.keys():
        # A disclaimer's words are the translator's; tests/disclaimers compares its slots and paragraphs.
        missing += [] if path.startswith("disclaimers/") else lacking(english[path], other[path], path)
    return sorted(set(missing) - set(ENGLISH_ONLY))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_lacks_nothing_that_english_has(code: str) -> None:
    assert lacks(code) == []


@pytest.mark.parametrize("code", LABELLED)
def test_a_language_with_labels_only_says_that_nobody_has_reviewed_them(code: str) -> None:
    english, own = yaml.safe_load(folder("en").joinpath("labels.yaml").read_bytes()), files(code)["labels.yaml"]
    labels = labels_in(code)
    assert labels
    assert labels.unreviewed
    for name, text in own["words"].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english["words"][name])), name
    assert labels.date(dt.date(2026, 3, 5)).count("2026") == 1
    # Drafts must be recognised by their mark in every language.
    assert own["words"]["draft"] in own["words"]["draft-banner"]


def test_the_languages_that_the_issue_asks_for_have_labels() -> None:
    assert {"ar", "it", "ja", "nl", "pl", "pt", "zh"} <= set(LABELLED)
    assert not any(labels.unreviewed for code in languages() if (labels := labels_in(code)))


def test_what_only_english_has_is_still_there() -> None:
    for name in ENGLISH_ONLY:
        path, _, way = name.partition(": ")
        value = files("en")[path]
        for key in filter(None, way.split(".")):
            value = value[key]
        assert value


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_has_the_places_of_the_english_one(code: str) -> None:
    english, other = files("en")["labels.yaml"], files(code)["labels.yaml"]
    for group in ("words", "phrases"):
        for name, text in english[group].items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other[group][name])), name


@pytest.mark.parametrize("code", languages())
def test_every_substance_is_described_in_the_language(code: str) -> None:
    for substance in registry().values():
        assert code in substance.name
        assert all(code in risk.words for risk in substance.risks)
        assert all(code in status.text for status in substance.status.values())


@pytest.mark.parametrize("code", languages())
def test_a_folder_holds_what_its_readers_ask_for(code: str) -> None:
    labels, words = labels_in(code), recognition.words_in(code)
    assert labels
    assert labels.language == code
    assert words
    assert set(words.mentions) == {"fig", "tbl", "sec", "chap", "app", "eq"}
    for expression in (*words.mentions.values(), *words.withdraws_disclaimers):
        re.compile(expression)


def test_a_language_without_a_folder_is_labelled_in_english() -> None:
    assert labels_in("sv-SE") is None
    assert (labels_for("sv-SE").words, labels_for("sv-SE").language) == (labels_for("en").words, "en")
    assert labels_for("sv-SE").decimal_comma
    assert labels_in("zh-Hant-TW") is None


def test_a_country_has_its_own_dates_and_words() -> None:
    day = dt.date(2026, 5, 1)
    found = [labels_for(tag).date(day) for tag in ("en", "en-GB", "en-US", "fr", "de", "it", "zh-CN")]
    assert found == [
        "1 May 2026", "1 May 2026", "May 1, 2026", "1er mai 2026", "1. Mai 2026", "1º maggio 2026", "2026年5月1日"
    ]  # fmt: skip
    assert [labels_for(tag)["licence"] for tag in ("en-US", "en-GB")] == ["License", "Licence"]
    assert [labels_for(tag)["section"] for tag in ("pt-BR", "pt-PT")] == ["Seção", "Secção"]


@pytest.mark.parametrize(
    ("word", "number"),
    [("April", 4), ("Sept", 9), ("März", 3), ("Jänner", 1), ("févr", 2), ("Août", 8), ("ene", 1), ("DICIEMBRE", 12)],
)
def test_a_month_is_read_in_every_language(word: str, number: int) -> None:
    assert recognition.month_number(word) == number


def test_a_word_names_one_month_in_all_languages() -> None:
    named: dict[str, int] = {}
    for code in languages():
        written = zip(files(code)["labels.yaml"]["months"], files(code)["bibliography.yaml"]["months"], strict=True)
        for number, (name, short) in enumerate(written, 1):
            for word in (name, *short):
                assert named.setdefault(word.lower(), number) == number
                assert recognition.month_number(word) == number


def installed(site: Path) -> Path:
    """A copy of the package in `site`, with its style sheets, as pip would put it there; its language folders."""
    shutil.copytree(SOURCE, site / "pubkit")
    shutil.copytree(ROOT / "styles", site / "pubkit" / "styles")
    return site / "pubkit" / "language"


def run(site: Path, *words: str) -> str:
    """What the copied program prints."""
    paths = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run([sys.executable, "-m", "pubkit", *words], env=paths, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode()


def test_a_language_is_added_by_its_folder_alone(tmp_path: Path, publication: Publish) -> None:
    bibliography = "@book{um, author = {Ada Um}, title = {Sono}, publisher = {Casa}, year = 2020, month = {xaneiro}}\n"
    root = publication("# Um\n\nO sono [@um].\n", bibliography=bibliography, lang="gl-ES", csl="apa")
    folders = installed(tmp_path / "site")
    assert "DIS002" in run(tmp_path / "site", "check", str(root))

    shutil.copytree(folders / "es", folders / "gl")
    for path in (folders / "gl").rglob("*.yaml"):
        text = path.read_text("utf-8").replace("locale: es", "locale: gl").replace("enero", "xaneiro")
        path.write_text(text.replace('"Referencias"', '"Referencias do texto"'), "utf-8")

    assert "DIS002" not in run(tmp_path / "site", "check", str(root))
    printed = run(tmp_path / "site", "build", str(root), "--draft", "--only", "html", "--out", str(tmp_path / "out"))
    text = (tmp_path / "out" / "sleep-1.0.0-draft.html").read_text("utf-8")
    assert 'lang="gl-ES"' in text, printed
    assert ">Referencias do texto</h" in text
    assert "5 de xaneiro de 2026" in text
    assert "Esta publicación ofrece información general" in text
