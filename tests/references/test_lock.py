"""The lock is the same bytes each time, is not believed once changed, and turns identifiers into references."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from tests.references.builder import bibliography_of, record_of

from pubkit.errors import EnvironmentFault, InputRefused
from pubkit.references.assessment import assess
from pubkit.references.item import Name, as_json
from pubkit.references.model import VerdictStatus
from pubkit.references.registries.lock import (
    FILE_NAME,
    Lock,
    Reference,
    RegistryAnswer,
    digest_of_entry,
    digest_of_key,
    identifier_key,
    read,
    sealed,
    write,
)

DAY = dt.date(2026, 11, 22)
CORPORA = Path(__file__).parents[1] / "corpora"
ENTRY = "@article{okafor2020, title = {Sleep and shift work in nurses}, year = {2020}, doi = {10.1000/sleep.1}}"


def answer(asked: str, source: str = "Crossref", **item: object) -> RegistryAnswer:
    """A registry's answer that holds a record of `item`."""
    held = {"type": "article-journal", "title": "Sleep and shift work in nurses", **item}
    return RegistryAnswer(source, asked, "found", DAY, "0" * 64, record_of(held))


def known(key: str, *answers: RegistryAnswer) -> Reference:
    """What the lock holds for a work cited by the identifier `key`."""
    return assess(None, digest_of_key(key), answers, checked=DAY)


LOCK = Lock(
    references={
        "doi:10.1000/sleep.1": known(
            "doi:10.1000/sleep.1",
            answer("doi:10.1000/sleep.1", DOI="10.1000/sleep.1", author=[{"family": "Okafor", "given": "Ada"}]),
            answer("doi:10.1000/sleep.1", "Europe PMC", DOI="10.1000/sleep.1", PMID="123", PMCID="PMC9"),
        ),
        "pmid:123": known("pmid:123", answer("pmid:123", "PubMed", DOI="10.1000/sleep.1", PMID="123")),
        "isbn:9780306406157": known(
            "isbn:9780306406157", answer("isbn:9780306406157", type="book", ISBN="9780306406157")
        ),
        "doi:10.1000/chapter.1": known(
            "doi:10.1000/chapter.1",
            answer("doi:10.1000/chapter.1", type="chapter", DOI="10.1000/chapter.1", ISBN="9780306406157"),
        ),
        "doi:10.1000/gone": known(
            "doi:10.1000/gone", RegistryAnswer("doi.org", "doi:10.1000/gone", "absent", DAY, "1" * 64)
        ),
    }
)


def test_a_lock_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    assert write(tmp_path, LOCK)
    assert read(tmp_path) == LOCK
    assert LOCK.verify() == ()


def test_the_same_lock_is_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path, LOCK)
    first = (tmp_path / FILE_NAME).read_bytes()
    assert not write(tmp_path, Lock(references=dict(reversed(LOCK.references.items()))))
    write(tmp_path, read(tmp_path), "again.json")
    assert (tmp_path / "again.json").read_bytes() == first
    assert first.endswith(b"}\n")


def test_a_lock_from_before_items_had_a_type_is_believed_and_a_change_by_hand_is_not(tmp_path: Path) -> None:
    """Earlier versions wrote empty lists, names and dates where a registry sent such, and sealed them."""
    earlier = (CORPORA / "locks" / "raw-items.lock.json").read_text("utf-8")
    assert all(mark in earlier for mark in ('"author": []', '"literal": ""', '"published-online": null'))
    (tmp_path / FILE_NAME).write_text(earlier, "utf-8")
    lock = read(tmp_path)
    assert lock.verify() == ()
    items, unresolved = lock.resolve(lock.references)
    assert not unresolved
    assert [item.title for item in items.values()][2:] == ["On Sleep", "Sleep and shift work in nurses"]
    write(tmp_path, lock)
    assert read(tmp_path) == lock
    (tmp_path / FILE_NAME).write_text(earlier.replace("On Sleep", "On Sloth"), "utf-8")
    assert read(tmp_path).verify() == ("isbn:9780306406157",)


def test_what_csl_does_not_know_is_no_part_of_a_lock(tmp_path: Path) -> None:
    write(tmp_path, LOCK)
    text = (tmp_path / FILE_NAME).read_text("utf-8")
    (tmp_path / FILE_NAME).write_text(text.replace('"title"', '"heading"', 1), "utf-8")
    with pytest.raises(InputRefused, match="heading"):
        read(tmp_path)


def test_no_lock_is_an_empty_one(tmp_path: Path) -> None:
    assert read(tmp_path) == Lock()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"schema": 3, "references": {}}',
        '{"schema": 1, "references": {"x": {}}}',
        "<<<<<<< HEAD\n{}",
    ],
)
def test_a_file_that_is_no_lock_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(InputRefused) as caught:
        read(tmp_path)
    assert caught.value.findings[0].rule == "REF111"


def test_a_lock_behind_a_link_is_refused(tmp_path: Path) -> None:
    write(tmp_path, LOCK, "elsewhere.json")
    (tmp_path / FILE_NAME).symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(InputRefused):
        read(tmp_path)


def test_writing_replaces_a_link_and_leaves_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine", "utf-8")
    (tmp_path / FILE_NAME).symlink_to(tmp_path / "victim")
    write(tmp_path, LOCK)
    assert (tmp_path / "victim").read_text("utf-8") == "mine"
    assert not (tmp_path / FILE_NAME).is_symlink()


def test_a_lock_is_on_the_disk_before_and_after_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def sync(descriptor: int) -> None:
        place = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append(f"{'lock' if place.parent == tmp_path else 'folder'}, {(tmp_path / FILE_NAME).exists()}")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    write(tmp_path, Lock())
    assert synced == ["lock, False", "folder, True"]


def test_a_lock_that_cannot_be_written_is_an_environment_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        write(tmp_path / "no" / "such" / "folder", LOCK)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_keeps_its_lock(tmp_path: Path) -> None:
    write(tmp_path, LOCK)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(EnvironmentFault):
            write(tmp_path, Lock())
    finally:
        tmp_path.chmod(0o755)
    assert read(tmp_path) == LOCK


def test_a_verdict_changed_by_hand_is_not_believed() -> None:
    key = "doi:10.1000/gone"
    assert LOCK.references[key].verdict is VerdictStatus.BAD_ID
    forged = structs.replace(LOCK.references[key], verdict=VerdictStatus.OK, match=VerdictStatus.OK)
    lock = Lock(references={key: forged})
    assert lock.verify() == (key,)
    assert lock.believed(key, digest_of_key(key)) is None
    assert lock.resolve([key]) == ({}, (key,))


# ------------------------------------------------------------------------------------------------- the entry as cited


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("2020}", "2021}", False),
        ("nurses", "Nurses", False),
        ("@article", "@book", False),
        ("year =", "volume = {2}, year =", False),
        ("year =", "abstract = {Long}, keywords = {sleep}, year =", True),
        ("Sleep and shift", "Sleep  and\n    shift", True),
    ],
)
def test_an_entry_is_known_by_what_it_says_of_its_work(old: str, new: str, same: bool) -> None:
    assert (digest_in(ENTRY) == digest_in(ENTRY.replace(old, new))) is same


def digest_in(text: str) -> str:
    bibliography = bibliography_of(text, cited=())
    return digest_of_entry(bibliography.entries["okafor2020"], bibliography)


def test_what_an_entry_inherits_is_its_own() -> None:
    chapter = (
        "@incollection{okafor2020, title = {Naps}, crossref = {book}}\n@book{book, title = {On sleep}, year = {2001}}"
    )
    assert digest_in(chapter) != digest_in(chapter.replace("2001", "2002"))
    circle = chapter.replace("crossref = {book}", "crossref = {okafor2020}")
    assert digest_in(circle) != digest_in(chapter)


# ---------------------------------------------------------------------------------------------------- identifiers as keys


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("doi:10.1000/SLEEP.1", "doi:10.1000/sleep.1"),
        ("DOI:10.1000/sleep.1", "doi:10.1000/sleep.1"),
        ("pmid:123", "pmid:123"),
        ("pmcid:PMC9", "pmcid:PMC9"),
        ("isbn:0-306-40615-2", "isbn:9780306406157"),
        ("arxiv:2101.00001v2", "arxiv:2101.00001"),
        ("okafor2020", None),
        ("pmid:PMC9", None),
        ("isbn:9780306406158", None),
        ("fig:sleep", None),
        ("doi:", None),
    ],
)
def test_identifiers_are_told_from_other_keys(key: str, expected: str | None) -> None:
    assert identifier_key(key) == expected


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_key_breaks_the_reading(key: str) -> None:
    name = identifier_key(key)
    assert name is None or identifier_key(name) == name


def test_identifiers_resolve_to_full_references() -> None:
    items, unresolved = LOCK.resolve(["doi:10.1000/SLEEP.1", "okafor2020", "pmid:7", "doi:10.1000/gone"])
    assert list(items) == ["doi:10.1000/SLEEP.1"]
    item = items["doi:10.1000/SLEEP.1"]
    assert item.id == "doi:10.1000/SLEEP.1"
    assert item.author == (Name("Okafor", "Ada"),)
    assert (item.pmid, item.pmcid) == ("123", "PMC9")
    assert unresolved == ("pmid:7", "doi:10.1000/gone")


def test_only_what_citeproc_prints_is_resolved() -> None:
    more: dict[str, Any] = {"published-online": {"date-parts": [[2020]]}, "title": "<i>Sleep</i> <script>x</script>"}
    record = answer("doi:10.1000/a", DOI="10.1000/a", **more)
    items, _ = Lock(references={"doi:10.1000/a": known("doi:10.1000/a", record)}).resolve(["doi:10.1000/a"])
    assert "published-online" not in as_json(items["doi:10.1000/a"])
    assert "<script" not in items["doi:10.1000/a"].title


def test_one_work_cited_two_ways_is_one_reference() -> None:
    keys = [
        "pmid:123",
        "doi:10.1000/SLEEP.1",
        "doi:10.1000/sleep.1",
        "isbn:9780306406157",
        "doi:10.1000/chapter.1",
        "pmid:7",
    ]
    assert LOCK.canonical(keys) == {
        "pmid:123": "pmid:123",
        "doi:10.1000/SLEEP.1": "pmid:123",
        "doi:10.1000/sleep.1": "pmid:123",
        "isbn:9780306406157": "isbn:9780306406157",
        "doi:10.1000/chapter.1": "doi:10.1000/chapter.1",
        "pmid:7": "pmid:7",
    }


def test_a_work_of_the_bibliography_cited_by_identifier_is_that_entry() -> None:
    bibliography = bibliography_of(ENTRY)
    keys = ["pmid:123", "okafor2020", "doi:10.1000/sleep.1"]
    assert LOCK.canonical(keys, bibliography) == dict.fromkeys(keys, "okafor2020")


def test_entries_that_look_alike_stay_apart() -> None:
    twice = ENTRY + "\n" + ENTRY.replace("okafor2020", "again2020")
    assert LOCK.canonical(["okafor2020", "again2020"], bibliography_of(twice)) == {
        "okafor2020": "okafor2020",
        "again2020": "again2020",
    }


def test_a_seal_is_kept_when_it_fits() -> None:
    reference = LOCK.references["pmid:123"]
    assert sealed(reference) == reference
