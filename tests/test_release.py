"""From an unchecked reference to a release, over a real loopback registry: update, release, and what undoes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pubkit.cli import main

from .conftest import Publish
from .references.registry import DOI, Registry, crossref_answer, crossref_work
from .references.test_snapshot import WORK, table

ENTRY = f"""@article{{okafor2020,
  author = {{Okafor, Ada and Novák, Jan}},
  title = {{Sleep and shift work in hospital nurses: a cohort study}},
  journal = {{Journal of Invented Sleep Research}},
  year = {{2020}}, volume = {{29}}, number = {{2}}, pages = {{101--109}},
  doi = {{{DOI}}}
}}
"""
TEXT = "# Nights\n\nA cohort study of hospital nurses looked at shift work and sleep [@okafor2020].\n"


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        server.hold(crossref_work())
        server.put("/retraction_watch/retraction_watch.csv", table([WORK]), "text/csv")
        for name in ("entrez", "medicus"):
            server.put(f"/journals/journal_abbreviations_{name}.csv", b'"Acta Sleepiana","Acta Slp"\n', "text/plain")
        yield server


@pytest.fixture
def nurses(publication: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication that cites one invented work, with a snapshot of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return publication(TEXT, bibliography=ENTRY)


def update(root: Path, registry: Registry) -> int:
    return main(["refs", "update", str(root), "--registries", registry.base, "--contact", "editor@example.org"])


def rules(out: str) -> set[str]:
    return {finding["rule"] for finding in json.loads(out)["findings"] if finding["severity"] == "error"}


def test_a_release_is_made_once_the_registries_have_confirmed_everything(
    nurses: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "dist"), "--only", "html"]
    assert main(["release", str(nurses), *out]) == 1
    assert update(nurses, registry) == 0
    asked = len(registry.requests)
    capsys.readouterr()
    assert main(["release", str(nurses), *out]) == 0
    assert "References: 1, of these 1 confirmed." in capsys.readouterr().out
    assert len(registry.requests) == asked
    assert main(["refs", "list", str(nurses)]) == 0
    assert "okafor2020  OK" in capsys.readouterr().out


def test_a_release_keeps_a_changed_file_aside_names_strangers_and_takes_nothing_over(
    nurses: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dist"
    assert update(nurses, registry) == 0
    assert main(["release", str(nurses), "--out", str(out), "--only", "html,txt"]) == 0
    [page] = out.glob("sleep-*.html")
    page.write_bytes(page.read_bytes() + b"<!-- read -->")
    capsys.readouterr()
    assert main(["release", str(nurses), "--out", str(out), "--only", "html", "--format", "json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    said = {one["rule"]: one["message"] for one in findings if one["rule"].startswith("REL")}
    [aside] = out.glob("sleep-*.changed-*.html")
    assert aside.name in said["REL006"]
    assert aside.name in said["REL005"]
    assert "sleep-1.0.0.txt. This set holds only what this run has made." in said["REL007"]
    assert not list(out.glob("sleep-*.txt"))
    assert main(["verify", str(out)]) == 1


def test_an_entry_that_changed_since_is_unchecked_again(
    nurses: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(nurses, registry) == 0
    (nurses / "references.bib").write_text(ENTRY.replace("101--109", "101--110"), "utf-8")
    capsys.readouterr()
    assert main(["release", str(nurses), "--out", str(tmp_path / "dist"), "--format", "json"]) == 1
    assert "REF110" in rules(capsys.readouterr().out)


def test_a_retracted_work_is_refused_in_a_build_too(
    nurses: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = {
        "DOI": "10.1000/n",
        "type": "retraction",
        "source": "retraction-watch",
        "updated": {"date-parts": [[2022]]},
    }
    work = {**crossref_work(), "updated-by": [notice]}
    registry.put(f"/crossref/works/{DOI}", crossref_answer(work))
    assert update(nurses, registry) == 0
    capsys.readouterr()
    assert main(["check", str(nurses), "--format", "json"]) == 1
    assert "RET001" in rules(capsys.readouterr().out)


def test_a_registry_that_is_down_is_exit_4_and_never_a_pass(
    nurses: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put(f"/crossref/works/{DOI}", b"<html>Sign in</html>", "text/html")
    assert update(nurses, registry) == 4
    capsys.readouterr()
    assert main(["release", str(nurses), "--out", str(tmp_path / "dist"), "--format", "json"]) == 1
    assert "REF110" in rules(capsys.readouterr().out)


def test_a_work_cited_by_its_identifier_is_printed_from_the_lock(
    publication: Publish, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    text = TEXT.replace("@okafor2020", f"@doi:{DOI}") + "\nThe same study, cited twice [@okafor2020].\n"
    root = publication(text, bibliography=ENTRY)
    assert update(root, registry) == 0
    assert main(["build", str(root), "--out", str(tmp_path / "dist"), "--only", "txt", "-q"]) == 0
    (page,) = (tmp_path / "dist").glob("sleep-*.txt")
    assert page.read_text("utf-8").count("Journal of Invented Sleep Research") == 1
