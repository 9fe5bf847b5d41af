"""The question that a publisher must answer every week: does anything that we have released cite retracted work?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pubkit.cli.main import main

from ..conftest import UNREVIEWED, Publish
from ..references.registry import DOI, Registry, crossref_answer, crossref_work
from ..references.test_snapshot import WORK, table

ENTRY = f"""@article{{okafor2020,
  author = {{Okafor, Ada and Novák, Jan}},
  title = {{Sleep and shift work in hospital nurses: a cohort study}},
  journal = {{Journal of Invented Sleep Research}},
  year = {{2020}}, volume = {{29}}, number = {{2}}, pages = {{101--109}},
  doi = {{{DOI}}}
}}
"""
NOTICE = {
    "DOI": "10.1000/n",
    "type": "retraction",
    "source": "retraction-watch",
    "updated": {"date-parts": [[2026, 11, 21]]},
}


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        server.hold(crossref_work())
        server.put("/retraction_watch/retraction_watch.csv", table([WORK]), "text/csv")
        for name in ("entrez", "medicus"):
            server.put(f"/journals/journal_abbreviations_{name}.csv", b'"Acta Sleepiana","Acta Slp"\n', "text/plain")
        yield server


@pytest.fixture
def released(publication: Publish, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two released publications that cite the same work, and one that was never released."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("nurses", "shifts", "planned"):
        text = f"# Nights\n\nA cohort study of hospital nurses looked at shift work and sleep [@okafor2020]. {name}\n"
        folder = publication(text, bibliography=ENTRY, folder=f"library/{name}", unreviewed=UNREVIEWED, outputs=["txt"])
        if name != "planned":
            assert main(["refs", "update", str(folder), *asking(registry)]) == 0
            assert main(["release", str(folder), "--out", str(tmp_path / "dist" / name)]) == 0
    return tmp_path / "library"


def asking(registry: Registry) -> list[str]:
    return ["--registries", registry.base, "--contact", "editor@example.org"]


def test_a_retraction_names_every_released_publication_that_cites_the_work(
    released: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "watched"
    command = ["library", "watch", str(released), "--out", str(out), *asking(registry)]
    assert main(command) == 0
    assert "1 work asked about, 0 with news." in capsys.readouterr().out

    (out / "library.lock.json").unlink()
    registry.put(f"/crossref/works/{DOI}", crossref_answer({**crossref_work(), "updated-by": [NOTICE]}))
    registry.requests.clear()
    assert main(command) == 1
    said = capsys.readouterr().out
    assert sum(path.startswith("/crossref/works/") for path in registry.paths()) == 1
    assert f"RETRACTED  Sleep and shift work in hospital nurses: a cohort study (doi:{DOI})" in said
    assert "cited in nurses 1.0.0 of 2026-11-22 as okafor2020 (references.bib:1:1, OK on record)" in said
    assert "cited in shifts 1.0.0" in said
    assert "Never released, so not watched: planned" in said
    (news,) = json.loads((out / "watch.json").read_bytes())["news"]
    assert [one["name"] for one in news["citing"]] == ["nurses", "shifts"]


def test_what_a_publication_has_on_record_is_no_news(
    released: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put(f"/crossref/works/{DOI}", crossref_answer({**crossref_work(), "updated-by": [NOTICE]}))
    for name in ("nurses", "shifts"):
        assert main(["refs", "update", str(released / name), "--all", *asking(registry)]) == 0
    capsys.readouterr()
    assert main(["library", "watch", str(released), "--out", str(tmp_path / "watched"), *asking(registry)]) == 0
    assert "On record already: RETRACTED" in capsys.readouterr().out


def test_a_registry_that_is_down_and_a_publication_that_cannot_be_read_are_never_no_news(
    released: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put(f"/crossref/works/{DOI}", b"<html>Sign in</html>", "text/html")
    (released / "shifts" / "pubkit.yaml").write_text("title: [\n", "utf-8")
    assert main(["library", "watch", str(released), "--out", str(tmp_path / "watched"), *asking(registry)]) == 4
    said = capsys.readouterr().out
    assert "shifts: not read: " in said
    assert "Not checked in this run" in said
