"""Languages side by side: readers find the others, and a translation that is behind its original is reported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from tests.conftest import Publish

import pubkit

GERMAN = "https://example.org/de/schlaf"


def test_readers_and_search_engines_find_the_other_languages(publication: Publish, tmp_path: Path) -> None:
    root = publication(
        translations=[{"lang": "de", "url": GERMAN}, {"lang": "sv", "url": "https://example.org/sv", "title": "Sömn"}],
        translation_of={"lang": "fr-CA", "version": "0.9", "title": "Le sommeil", "url": "https://example.org/fr"},
    )
    made = pubkit.build(root, tmp_path / "dist", only=["html", "txt"])
    page = (made.folder / "sleep-1.0.0.html").read_text("utf-8")
    assert re.findall(r'rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', page) == [
        ("fr-CA", "https://example.org/fr"),
        ("de", GERMAN),
        ("sv", "https://example.org/sv"),
    ]
    record = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert record["translationOfWork"]["version"] == "0.9"
    assert [one["inLanguage"] for one in record["workTranslation"]] == ["de", "sv"]
    assert f'<a href="{GERMAN}">Deutsch</a>' in page
    assert '<a href="https://example.org/fr">Le sommeil (Français), Version 0.9</a>' in page
    assert "Sömn" in (made.folder / "sleep-1.0.0.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ({"lang": "de", "translation_of": {"lang": "en", "version": "1.0.0"}}, ""),
        (
            {"lang": "de", "translation_of": {"lang": "en", "version": "0.9"}},
            "is of version 0.9; this is version 1.0.0.",
        ),
        ({"lang": "de"}, "is of an edition that it does not name"),
        ({"lang": "nl", "translation_of": {"lang": "en", "version": "1.0.0"}}, "is in nl, not de."),
        (None, "There is no translation in de"),
    ],
)
def test_a_translation_behind_its_original_is_a_finding(
    theirs: dict[str, object] | None, said: str, publication: Publish
) -> None:
    files = {"de/pubkit.yaml": yaml.safe_dump(theirs).encode()} if theirs else {}
    root = publication(translations=[{"lang": "de", "path": "de"}], files=files)
    found = [one for one in pubkit.check(root).findings if one.rule == "EDI050"]
    assert [said in one.message for one in found] == ([True] if said else [])


def test_nothing_outside_the_folder_is_read_and_a_text_is_no_translation_into_its_own_language(
    publication: Publish, tmp_path: Path
) -> None:
    (tmp_path / "pubkit.yaml").write_text("lang: de\ntranslation_of: {lang: en, version: 1.0.0}\n", "utf-8")
    root = publication(translations=[{"lang": "de", "path": ".."}])
    assert [one.message[:23] for one in pubkit.check(root).findings if one.rule == "EDI050"] == [
        "There is no translation"
    ]
    with pytest.raises(pubkit.ConfigurationError) as refused:
        pubkit.check(publication(translation_of={"lang": "en-US", "version": "1"}))
    assert "a translation is in another one" in str(refused.value.findings)
