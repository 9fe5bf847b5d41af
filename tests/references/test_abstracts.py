"""The lock keeps the abstract of each work, as plain words and once; it can be left out, and an old lock has none."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
import yaml
from tests.references.builder import bibliography_of
from tests.references.registry import DOI, Registry, crossref_answer, crossref_work
from tests.references.test_registries import MEDLINE, europe_pmc_answer
from tests.references.test_update import ENTRY, TODAY, asked

from pubkit.cli.main import main
from pubkit.references.known import consult
from pubkit.references.model import VerdictStatus
from pubkit.references.registries import crossref, datacite, europepmc, lock, pubmed
from pubkit.references.registries.lock import FILE_NAME, Lock, digest_of_entry
from pubkit.references.registries.untrusted import abstract_of

JATS = (
    "<jats:title>Abstract</jats:title><jats:sec><jats:title>Methods</jats:title><jats:p>We followed 276 nurses.</jats:p>"
    "</jats:sec><jats:sec><jats:title>Results:</jats:title><jats:p>They slept 6.1 h (<jats:italic>p</jats:italic> &lt; "
    "0.05; 2 × 10<jats:sup>9</jats:sup>/L).</jats:p></jats:sec>"
)
WHEAT = "Yields of winter wheat under drip irrigation in dry valleys"
PLAIN = "Methods: We followed 276 nurses. Results: They slept 6.1 h (p < 0.05; 2 × 10^9/L)."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (JATS, PLAIN),
        (JATS.replace("<", "&lt;").replace(">", "&gt;"), PLAIN),
        ("<h4>Background</h4>Sleep.<h4>Results</h4>12 of 30.", "Background: Sleep. Results: 12 of 30."),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("I<sub>2</sub> was 40%, H<sub>2</sub>O", "I2 was 40%, H2O"),
        ("A <script>alert(1)</script> \u202eword\u0007", "A alert(1) word"),
        ({"an": "object"}, ""),
        (None, ""),
    ],
)
def test_an_abstract_is_kept_as_plain_words(text: object, expected: str) -> None:
    assert abstract_of(text) == expected


def test_a_very_long_abstract_is_cut_and_says_so() -> None:
    assert len(abstract_of("word " * 50_000)) <= 12_000
    assert abstract_of("word " * 50_000).endswith("…")


def test_every_registry_that_has_abstracts_gives_them() -> None:
    assert crossref.read(crossref_answer(crossref_work(abstract=JATS)), DOI).abstract == PLAIN
    found = europepmc.read(europe_pmc_answer(abstractText="<h4>Aim</h4>To sleep."), DOI)
    assert found is not None
    assert found.abstract == "Aim: To sleep."
    text = MEDLINE.replace("\nFAU ", "\nAB  - AIM: To follow\n      276 nurses.\nFAU ", 1)
    number = next(line for line in MEDLINE.splitlines() if line.startswith("PMID-")).partition("- ")[2]
    record = pubmed.read(text.encode(), number)
    assert record is not None
    assert record.abstract == "AIM: To follow 276 nurses."
    described = [
        {"descriptionType": "TechnicalInfo", "description": "n"},
        {"descriptionType": "Abstract", "description": "To sleep."},
    ]
    work = {"doi": DOI, "titles": [{"title": "Sleep"}], "descriptions": described}
    assert datacite.read(json.dumps({"data": {"attributes": work}}).encode(), DOI).abstract == "To sleep."


def test_two_registries_leave_one_abstract_the_longer() -> None:
    with Registry() as registry:
        registry.hold(crossref_work(abstract="Cut short."))
        registry.put("/europe_pmc/search", europe_pmc_answer(abstractText="The whole abstract."))
        reference = asked(registry).lock.references["okafor2020"]
    assert [answer.record.abstract for answer in reference.found if answer.record] == ["", "The whole abstract."]
    assert reference.abstract == "The whole abstract."


def test_the_nearest_record_of_a_search_brings_no_abstract() -> None:
    entry = ENTRY.replace(f"doi = {{{DOI}}}", "").replace("hospital nurses", "hospital porters")
    answer = {"message": {"items": [crossref_work(abstract="Of another work.")]}}
    with Registry() as registry:
        registry.put("/crossref/works", json.dumps(answer).encode())
        held = asked(registry, entry).lock
    assert held.references["okafor2020"].answers[0].near is not None
    assert "Of another work" not in msgspec.json.encode(held).decode()


def published(folder: Path, **more: object) -> Path:
    (folder / "references.bib").write_text(ENTRY, "utf-8")
    (folder / "01-text.md").write_text("# Sleep\n\nNurses slept 7 hours [@okafor2020].\n", "utf-8")
    said = {"title": "Sleep", "version": "1", "dates": {"published": "2026-01-05"}, "bibliography": "references.bib"}
    (folder / "pubkit.yaml").write_text(yaml.safe_dump(said | more), "utf-8")
    return folder


def test_refs_update_keeps_the_abstract_and_refs_show_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(published(tmp_path))
    with Registry() as registry:
        registry.hold(crossref_work(abstract=JATS))
        assert main(["refs", "update", "--only-references", "--registries", registry.base, root]) == 0
    first = (tmp_path / FILE_NAME).read_bytes()
    assert PLAIN.encode() in first
    main(["refs", "show", "okafor2020", root])
    assert f"abstract: {len(PLAIN.split())} words, from Crossref" in capsys.readouterr().out


def test_a_publication_that_keeps_no_abstracts_has_none_in_its_lock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(published(tmp_path, keep_abstracts=False))
    with Registry() as registry:
        registry.hold(crossref_work(abstract=JATS))
        assert main(["refs", "update", "--only-references", "--registries", registry.base, root]) == 0
    held = lock.read(tmp_path)
    assert "nurses." not in (tmp_path / FILE_NAME).read_text("utf-8")
    assert held.verify() == ()
    assert held.references["okafor2020"].verdict is VerdictStatus.OK
    main(["refs", "show", "okafor2020", root])
    assert "abstract: none recorded" in capsys.readouterr().out


def consulted_abstracts(folder: Path, held: Lock) -> dict[str, str]:
    (folder / "refs.bib").write_text(ENTRY, "utf-8")
    lock.write(folder, held)
    return dict(consult(folder, ["refs.bib"], ["okafor2020"], TODAY).abstracts)


def test_only_the_abstract_of_a_record_that_counts_is_looked_into(tmp_path: Path) -> None:
    with Registry() as registry:
        registry.hold(crossref_work(abstract=JATS))
        good = asked(registry).lock
        registry.hold(crossref_work(title=WHEAT, author=[{"given": "Pia", "family": "Lindqvist"}], abstract=JATS))
        wrong = asked(registry).lock
    assert consulted_abstracts(tmp_path, good) == {"okafor2020": PLAIN}
    assert consulted_abstracts(tmp_path, wrong) == {}
    text = (lock.write(tmp_path, good), (tmp_path / FILE_NAME).read_text("utf-8"))[1]
    (tmp_path / FILE_NAME).write_text(text.replace("276 nurses", "900 nurses"), "utf-8")
    assert dict(consult(tmp_path, ["refs.bib"], ["okafor2020"], TODAY).abstracts) == {}


def test_a_lock_from_before_abstracts_reads_as_it_was() -> None:
    with Registry() as registry:
        registry.hold(crossref_work())
        held = asked(registry).lock
    assert '"abstract"' not in msgspec.json.encode(held).decode()
    works = bibliography_of(ENTRY)
    again = msgspec.json.decode(msgspec.json.encode(held), type=Lock)
    reference = again.believed("okafor2020", digest_of_entry(works.entries["okafor2020"], works))
    assert reference is not None
    assert reference.abstract == ""
