"""`refs update` asks what is not known, keeps what was answered, and never takes silence for a yes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.references.builder import bibliography_of
from tests.references.registry import BEHAVIOURS, DOI, TITLE, Registry, crossref_answer, crossref_work
from tests.references.test_registries import MEDLINE, europe_pmc_answer
from tests.references.test_snapshot import WORK, table

from pubkit.errors import EnvironmentFault
from pubkit.references.model import Bibliography, VerdictStatus
from pubkit.references.registries import lock as lock_file
from pubkit.references.registries.client import Patience
from pubkit.references.registries.lock import Lock
from pubkit.references.registries.snapshot import FILE_NAME, Snapshot, build
from pubkit.references.registries.update import (
    Conditions,
    UpdateResult,
    look_up,
    update,
    update_snapshot,
)

TODAY = dt.date(2026, 11, 22)
ENTRY = f"""@article{{okafor2020,
  author = {{Okafor, Ada and Novák, Jan}},
  title = {{{TITLE}}},
  journal = {{Journal of Invented Sleep Research}},
  year = {{2020}}, volume = {{29}}, number = {{2}}, pages = {{101--109}},
  doi = {{{DOI}}}
}}
"""

RETRACTED: dict[str, Any] = {
    "updated-by": [
        {"DOI": "10.1000/n", "type": "retraction", "source": "retraction-watch", "updated": {"date-parts": [[2022]]}}
    ]
}


async def at_once(_seconds: float) -> None:
    """Waits for nothing."""


def conditions(registry: Registry, *, today: dt.date = TODAY, deadline: float = 20.0) -> Conditions:
    return Conditions(
        today, registry.endpoints, "editor@example.org", Patience(deadline=deadline, failures_allowed=99), sleep=at_once
    )


def asked(
    registry: Registry,
    text: str = ENTRY,
    *keys: str,
    lock: Lock | None = None,
    snapshot: Snapshot | None = None,
    **options: Any,
) -> UpdateResult:
    """The result of asking about the entries of `text` and the identifiers `keys`."""
    bibliography = bibliography_of(text) if text else Bibliography()
    given = conditions(registry, **options)
    return update(bibliography, keys, lock=lock or Lock(), conditions=given, snapshot=snapshot)


def verdict(result: UpdateResult, key: str = "okafor2020") -> VerdictStatus:
    return result.lock.references[key].verdict


# --------------------------------------------------------------------------------------------------- the 25 behaviours


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_only_the_good_answer_ends_in_ok(registry: Registry, behaviour: str) -> None:
    registry.behave("crossref", behaviour)
    result = asked(registry, deadline=0.4 if behaviour == "drip" else 20.0)
    expected = {
        "good": VerdictStatus.OK,
        "wrong title": VerdictStatus.WRONG_WORK,
        "404": VerdictStatus.BAD_ID,
    }.get(behaviour, VerdictStatus.UNCHECKED)
    assert verdict(result) is expected
    assert (result.fault is None) == (expected is not VerdictStatus.UNCHECKED)


@pytest.mark.parametrize("behaviour", sorted(set(BEHAVIOURS) - {"drip"}))
def test_a_second_source_that_fails_leaves_the_reference_unchecked(registry: Registry, behaviour: str) -> None:
    registry.hold(crossref_work())
    registry.behave("europe_pmc", behaviour)
    result = asked(registry)
    assert verdict(result) is VerdictStatus.UNCHECKED
    assert result.fault is not None
    assert result.fault.exit_code == 4
    assert "Europe PMC" in result.fault.message


def test_a_retraction_stands_even_where_another_source_is_down(registry: Registry) -> None:
    registry.hold(crossref_work(**RETRACTED))
    registry.behave("europe_pmc", "503")
    result = asked(registry)
    assert verdict(result) is VerdictStatus.RETRACTED
    assert result.fault is not None


def test_no_network_at_all_is_a_fault_and_no_pass() -> None:
    with Registry() as gone:
        pass
    result = asked(gone, ENTRY, "pmid:1234567", "isbn:9780306406157", "arxiv:2101.00001", "pmcid:PMC123")
    assert {reference.verdict for reference in result.lock.references.values()} == {VerdictStatus.UNCHECKED}
    assert len(result.not_asked) == 5
    assert result.fault is not None


# ------------------------------------------------------------------------------------------------------ which one is asked


def test_a_doi_that_no_authority_knows_is_a_bad_identifier(registry: Registry) -> None:
    result = asked(registry)
    assert verdict(result) is VerdictStatus.BAD_ID
    assert f"doi:{DOI} does not exist (doi.org)" in result.lock.references["okafor2020"].evidence


def test_a_doi_of_an_agency_that_is_not_asked_is_unconfirmed(registry: Registry) -> None:
    registry.put(f"/doi/doiRA/{DOI}", json.dumps([{"DOI": DOI, "RA": "JaLC"}]).encode())
    assert verdict(asked(registry)) is VerdictStatus.UNCONFIRMED


def test_the_portal_of_a_network_does_not_make_a_doi_bad(registry: Registry) -> None:
    for path in (f"/crossref/works/{DOI}", f"/datacite/dois/{DOI}", f"/doi/doiRA/{DOI}"):
        registry.put(path, b"<html>Sign in</html>", "text/html", 404)
    assert verdict(asked(registry)) is VerdictStatus.UNCHECKED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (("Okafor, Ada and Novák, Jan", "Okafor, Ada and Lindqvist, Pia"), "authors"),
        (("shift work in hospital nurses", "shift work in hospital physicians"), "title"),
        (("year = {2020}", "year = {2014}"), "year"),
    ],
)
def test_a_wrong_field_is_a_mismatch_that_names_the_field(
    registry: Registry, wrong: tuple[str, str], field: str
) -> None:
    registry.hold(crossref_work())
    result = asked(registry, ENTRY.replace(*wrong))
    reference = result.lock.references["okafor2020"]
    assert reference.verdict is VerdictStatus.MISMATCH
    assert field in {difference.field for difference in reference.differences}
    assert result.fault is None


def _csl(*authors: dict[str, str]) -> str:
    item = {"id": "okafor2020", "type": "article-journal", "title": TITLE, "author": authors, "DOI": DOI}
    journal = {"container-title": "Journal of Invented Sleep Research", "volume": "29", "issue": "2", "page": "101-109"}
    return json.dumps([{**item, **journal, "issued": {"date-parts": [[2020]]}}])


def _ris(*authors: str) -> str:
    names = "".join(f"AU  - {name}\n" for name in authors)
    return f"""TY  - JOUR
ID  - okafor2020
{names}TI  - {TITLE}
JO  - Journal of Invented Sleep Research
PY  - 2020
VL  - 29
IS  - 2
SP  - 101
EP  - 109
DO  - {DOI}
ER  -
"""


FIRST = "Okafor, Ada and Novák, Jan"
MORE = [{"given": "Pia", "family": "Lindqvist"}, {"given": "Bo", "family": "Ek"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("refs.bib", ENTRY.replace(FIRST, shortened))
            for shortened in (f"{FIRST} and others", f"{FIRST} and et al.", f"{FIRST} and {{et al.}}")
        ),
        ("refs.json", _csl({"family": "Okafor", "given": "Ada"}, {"literal": "et al."})),
        ("refs.json", _csl({"family": "Okafor", "given": "Ada"}, {"literal": "others"})),
        ("refs.ris", _ris("Okafor, Ada", "Novák, Jan", "et al.")),
    ],
)
def test_a_list_of_authors_that_says_it_is_shortened_agrees(registry: Registry, name: str, text: str) -> None:
    work = crossref_work()
    registry.hold({**work, "author": [*work["author"], *MORE]})
    result = update(bibliography_of(text, name), (), lock=Lock(), conditions=conditions(registry))
    assert verdict(result) is VerdictStatus.OK, result.lock.references["okafor2020"].differences


def test_a_list_of_authors_that_is_shortened_in_silence_is_a_mismatch(registry: Registry) -> None:
    work = crossref_work()
    registry.hold({**work, "author": [*work["author"], *MORE]})
    assert verdict(asked(registry)) is VerdictStatus.MISMATCH


def test_an_entry_without_its_journal_is_incomplete(registry: Registry) -> None:
    registry.hold(crossref_work())
    text = "\n".join(line for line in ENTRY.splitlines() if "journal" not in line)
    assert verdict(asked(registry, text)) is VerdictStatus.INCOMPLETE


def test_a_pmid_that_belongs_to_another_work_is_found_out(registry: Registry) -> None:
    registry.hold(crossref_work())
    other = MEDLINE.replace("Sleep and shift work in hospital nurses: a cohort study of many", "Wheat yields over the")
    other = other.replace("Okafor", "Lindqvist").replace("van Eijk", "Ek").replace("CN  - Sleep Study Group\n", "")
    registry.put("/pubmed/efetch.fcgi", other.encode(), "text/plain")
    result = asked(registry, ENTRY.replace("doi =", "pmid = {1234567}, doi ="))
    assert verdict(result) is VerdictStatus.WRONG_WORK
    assert "pmid:1234567 is another work" in result.lock.references["okafor2020"].evidence[0]


def test_a_pmid_is_bad_only_when_the_summary_says_so(registry: Registry) -> None:
    registry.put("/pubmed/efetch.fcgi", b"\n", "text/plain")
    result = asked(registry, "", "pmid:99")
    assert verdict(result, "pmid:99") is VerdictStatus.UNCHECKED
    body = b'{"result": {"uids": ["99"], "99": {"uid": "99", "error": "cannot get document summary"}}}'
    registry.put("/pubmed/esummary.fcgi", body)
    assert verdict(asked(registry, "", "pmid:99"), "pmid:99") is VerdictStatus.BAD_ID


def test_a_retraction_that_only_pubmed_knows_is_found(registry: Registry) -> None:
    registry.hold(crossref_work())
    registry.put(
        "/europe_pmc/search", europe_pmc_answer(title=TITLE, pubTypeList={"pubType": ["Retracted Publication"]})
    )
    assert verdict(asked(registry)) is VerdictStatus.RETRACTED


def test_a_pmc_number_leads_to_the_record(registry: Registry) -> None:
    converted = {"records": [{"requested-id": "PMC7654321", "pmcid": "PMC7654321", "pmid": 1234567, "doi": DOI}]}
    registry.put("/pmc/articles/", json.dumps(converted).encode())
    registry.put("/pubmed/efetch.fcgi", MEDLINE.encode(), "text/plain")
    registry.hold(crossref_work())
    result = asked(registry, "", "pmcid:PMC7654321")
    assert verdict(result, "pmcid:PMC7654321") is VerdictStatus.OK
    assert result.lock.references["pmcid:PMC7654321"].names == {f"doi:{DOI}", "pmid:1234567", "pmcid:PMC7654321"}


def test_an_entry_without_identifier_is_found_by_its_title(registry: Registry) -> None:
    answer = {"message": {"items": [crossref_work("10.1000/other", "Wheat yields"), crossref_work()]}}
    registry.put("/crossref/works", json.dumps(answer).encode())
    result = asked(registry, "\n".join(line for line in ENTRY.splitlines() if "doi" not in line))
    assert verdict(result) is VerdictStatus.INCOMPLETE
    assert any(f"add the DOI {DOI}" in line for line in result.lock.references["okafor2020"].evidence)


def test_a_title_that_is_nearly_found_confirms_nothing(registry: Registry) -> None:
    answer = {"message": {"items": [crossref_work(title=TITLE.replace("nurses", "physicians"))]}}
    registry.put("/crossref/works", json.dumps(answer).encode())
    result = asked(registry, "\n".join(line for line in ENTRY.splitlines() if "doi" not in line))
    assert verdict(result) is VerdictStatus.UNCONFIRMED
    [line] = result.lock.references["okafor2020"].evidence
    assert line.startswith("the nearest record at Crossref is “")
    assert "nurses" in line
    assert "physicians" in line


def test_a_registry_that_found_nothing_is_named_and_no_other(registry: Registry) -> None:
    registry.put("/crossref/works", b'{"message": {"items": []}}')
    result = asked(registry, "\n".join(line for line in ENTRY.splitlines() if "doi" not in line))
    assert result.lock.references["okafor2020"].evidence == ("Crossref has no record of this work",)


def test_a_web_page_is_not_searched_for(registry: Registry) -> None:
    result = asked(
        registry, "@online{page, title = {About sleep}, year = {2020}, url = {https://www.example.org/sleep}}"
    )
    assert verdict(result, "page") is VerdictStatus.UNCONFIRMED
    assert registry.requests == []


def test_a_chapter_is_not_compared_with_the_book_that_has_its_isbn(registry: Registry) -> None:
    book = {"ISBN:9780306406157": {"title": "On Sleep", "authors": [{"name": "Pia Lindqvist"}], "publish_date": "2001"}}
    registry.put("/open_library/api/books", json.dumps(book).encode())
    registry.put("/crossref/works", b'{"message": {"items": []}}')
    fields = "author = {Okafor, Ada}, year = {2001}, isbn = {978-0-306-40615-7}"
    chapter = f"@incollection{{okafor2020, title = {{Naps of nurses}}, booktitle = {{On Sleep}}, {fields}}}"
    assert verdict(asked(registry, chapter)) is VerdictStatus.UNCONFIRMED
    book_entry = f"@book{{okafor2020, title = {{Naps of nurses}}, {fields}}}"
    assert verdict(asked(registry, book_entry)) is VerdictStatus.WRONG_WORK


def test_another_year_in_open_library_is_no_error(registry: Registry) -> None:
    book = {"ISBN:9780306406157": {"title": "On Sleep", "authors": [{"name": "Ada Okafor"}], "publish_date": "1987"}}
    registry.put("/open_library/api/books", json.dumps(book).encode())
    entry = "@book{okafor2020, title = {On Sleep}, author = {Okafor, Ada}, year = {2001}, isbn = {9780306406157}}"
    assert verdict(asked(registry, entry)) is VerdictStatus.DISPUTED


def test_no_address_of_the_manuscript_is_ever_asked_for(registry: Registry) -> None:
    registry.hold(crossref_work())
    asked(registry, ENTRY.replace("doi =", f"url = {{{registry.base}/canary}}, doi ="))
    assert all(path.split("/")[1] in {"crossref", "europe_pmc"} for path in registry.paths())


# ----------------------------------------------------------------------------------------------------- what is kept


def test_what_is_known_is_not_asked_again(registry: Registry) -> None:
    registry.hold(crossref_work())
    first = asked(registry)
    count = len(registry.requests)
    again = asked(registry, lock=first.lock)
    assert (again.asked, again.kept) == ((), ("okafor2020",))
    assert len(registry.requests) == count
    assert again.lock == first.lock


def test_an_entry_that_changed_is_asked_again(registry: Registry) -> None:
    registry.hold(crossref_work())
    first = asked(registry)
    again = asked(registry, ENTRY.replace("2020}, vol", "2021}, vol"), lock=first.lock)
    assert again.asked == ("okafor2020",)


@pytest.mark.parametrize(("days", "is_asked"), [(29, False), (31, True)])
def test_an_old_answer_is_asked_again(registry: Registry, days: int, is_asked: bool) -> None:
    registry.hold(crossref_work())
    first = asked(registry)
    again = asked(registry, lock=first.lock, today=TODAY + dt.timedelta(days))
    assert bool(again.asked) is is_asked


def test_what_an_older_pubkit_compared_is_asked_again_and_judged_anew(registry: Registry) -> None:
    registry.hold(crossref_work())
    known = asked(registry).lock.references["okafor2020"]
    older = structs.replace(known, checked=None, match=VerdictStatus.MISMATCH, verdict=VerdictStatus.MISMATCH)
    result = asked(registry, lock=Lock(references={"okafor2020": lock_file.sealed(older)}))
    assert result.asked == ("okafor2020",)
    assert result.lock.references["okafor2020"].match is VerdictStatus.OK


def test_a_reference_whose_source_was_silent_is_asked_again_the_same_day(registry: Registry) -> None:
    registry.behave("crossref", "503")
    first = asked(registry)
    registry.hold(crossref_work())
    registry.behave("none", "good")
    again = asked(registry, lock=first.lock)
    assert again.asked == ("okafor2020",)
    assert verdict(again) is VerdictStatus.OK


def test_an_outage_does_not_take_away_what_was_known(registry: Registry) -> None:
    registry.hold(crossref_work())
    first = asked(registry)
    registry.behave("crossref", "503")
    later = asked(registry, lock=first.lock, today=TODAY + dt.timedelta(60))
    assert later.lock == first.lock, "the older record, with its older date"
    assert later.fault is not None
    assert "The records of 2026-11-22 are kept for okafor2020." in later.fault.message
    assert "Crossref gave no answer" in later.fault.message


def test_an_outage_does_not_make_a_known_retraction_an_unchecked_one(registry: Registry, tmp_path: Path) -> None:
    registry.hold(crossref_work())
    with snapshot_about(tmp_path, DOI) as snapshot:
        first = asked(registry, snapshot=snapshot)
        registry.behave("crossref", "503")
        later = asked(registry, lock=first.lock, snapshot=snapshot, today=TODAY + dt.timedelta(60))
    assert later.lock.references["okafor2020"].match is VerdictStatus.OK
    assert verdict(later) is VerdictStatus.RETRACTED


def test_one_registry_that_is_down_leaves_the_others_answers(registry: Registry) -> None:
    registry.hold(crossref_work())
    registry.behave("open_library", "503")
    result = asked(registry, ENTRY, "isbn:9780306406157")
    assert verdict(result) is VerdictStatus.OK
    assert verdict(result, "isbn:9780306406157") is VerdictStatus.UNCHECKED
    assert result.fault is not None
    assert result.fault.message.startswith("Not checked in this run: isbn:9780306406157. Open Library gave no answer")


def test_a_record_dated_in_the_future_is_asked_again(registry: Registry) -> None:
    registry.hold(crossref_work())
    future = asked(registry, today=dt.date(2999, 1, 1))
    again = asked(registry, lock=future.lock)
    assert again.asked == ("okafor2020",)
    assert again.lock.references["okafor2020"].newest == TODAY
    registry.behave("crossref", "503")
    assert verdict(asked(registry, lock=future.lock)) is VerdictStatus.UNCHECKED


def test_an_entry_about_which_nobody_can_be_asked_has_its_day_too(registry: Registry) -> None:
    page = "@online{page2020, title = {About sleep}, url = {https://www.example.org/}, year = {2020}}"
    reference = asked(registry, page).lock.references["page2020"]
    assert (reference.answers, reference.retrieved) == ((), TODAY)


def test_an_outage_does_not_hide_a_new_retraction(registry: Registry) -> None:
    registry.hold(crossref_work())
    first = asked(registry)
    registry.hold(crossref_work(**RETRACTED))
    registry.behave("europe_pmc", "503")
    assert verdict(asked(registry, lock=first.lock, today=TODAY + dt.timedelta(60))) is VerdictStatus.RETRACTED


def test_a_run_that_breaks_off_loses_nothing_that_was_known(registry: Registry) -> None:
    keys = ["doi:10.1000/a", "doi:10.1000/b", "doi:10.1000/c"]
    for key in keys:
        registry.hold(crossref_work(key.removeprefix("doi:")))
    first = update(Bibliography(), keys, lock=Lock(), conditions=conditions(registry))
    saved: list[Lock] = []
    update(Bibliography(), keys, lock=first.lock, conditions=conditions(registry), save=saved.append, kept_days=0)
    assert [len(lock.references) for lock in saved] == [3, 3, 3]


def test_what_was_not_found_is_asked_again_the_next_day(registry: Registry) -> None:
    first = asked(registry)
    assert asked(registry, lock=first.lock).asked == ()
    assert asked(registry, lock=first.lock, today=TODAY + dt.timedelta(1)).asked == ("okafor2020",)


def test_a_run_that_breaks_off_goes_on_where_it_stopped(registry: Registry, tmp_path: Path) -> None:
    keys = [f"doi:10.1000/work.{number}" for number in range(8)]
    for key in keys:
        registry.hold(crossref_work(key.removeprefix("doi:")))

    class Interrupted(Exception):
        """The user has pressed Ctrl-C."""

    def save(lock: Lock) -> None:
        lock_file.write(tmp_path, lock)
        if len(lock.references) == 3:
            raise Interrupted

    with pytest.raises(Interrupted):
        update(Bibliography(), keys, lock=Lock(), conditions=conditions(registry), save=save)
    known = lock_file.read(tmp_path)
    assert 3 <= len(known.references) < len(keys)
    result = update(Bibliography(), keys, lock=known, conditions=conditions(registry))
    assert set(result.asked) == set(keys) - set(known.references)
    assert sorted(result.lock.references) == keys


def test_progress_is_told_for_each_reference(registry: Registry) -> None:
    told: list[tuple[int, int]] = []
    keys = ["doi:10.1000/a", "doi:10.1000/b"]
    update(
        Bibliography(), keys, lock=Lock(), conditions=conditions(registry),
        progress=lambda done, total, _key: told.append((done, total)),
    )  # fmt: skip
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_references_that_are_gone_leave_the_lock(registry: Registry) -> None:
    registry.hold(crossref_work())
    first = asked(registry, ENTRY, f"doi:{DOI}")
    assert sorted(asked(registry, ENTRY, lock=first.lock).lock.references) == ["okafor2020"]


def test_the_order_of_answers_does_not_change_the_lock(registry: Registry, tmp_path: Path) -> None:
    keys = [f"doi:10.1000/work.{number}" for number in range(6)]
    for key in keys:
        registry.hold(crossref_work(key.removeprefix("doi:")))
    for folder, order in (("a", keys), ("b", keys[::-1])):
        (tmp_path / folder).mkdir()
        result = update(Bibliography(), order, lock=Lock(), conditions=conditions(registry))
        lock_file.write(tmp_path / folder, result.lock)
    assert (tmp_path / "a" / lock_file.FILE_NAME).read_bytes() == (tmp_path / "b" / lock_file.FILE_NAME).read_bytes()


def test_what_strangers_write_is_cleaned_before_it_is_kept(registry: Registry, tmp_path: Path) -> None:
    title = "Sleep \u202e and &lt;script&gt;alert(1)&lt;/script&gt; <b onclick=x>work</b>\x1b[2J"
    registry.put(f"/crossref/works/{DOI}", crossref_answer(crossref_work(title=title)))
    result = asked(registry, "", f"doi:{DOI}")
    lock_file.write(tmp_path, result.lock)
    text = (tmp_path / lock_file.FILE_NAME).read_text("utf-8")
    assert not any(bad in text for bad in ("\u202e", "\\u202e", "<script", "<b", "\x1b", "\\u001b"))


# ---------------------------------------------------------------------------------------------- retraction data in the lock


def snapshot_about(folder: Path, doi: str, day: dt.date = TODAY) -> Snapshot:
    """Retraction data of `day` that knows the work with `doi`."""
    build(folder / FILE_NAME, table([{**WORK, "OriginalPaperDOI": doi}]), date=day)
    return Snapshot(folder / FILE_NAME)


def test_every_reference_is_looked_up_in_the_retraction_data(registry: Registry, tmp_path: Path) -> None:
    registry.hold(crossref_work())
    registry.hold(crossref_work("10.1000/other"))
    with snapshot_about(tmp_path, DOI) as snapshot:
        result = asked(registry, ENTRY, "doi:10.1000/other", snapshot=snapshot)
    retracted, clean = result.lock.references["okafor2020"], result.lock.references["doi:10.1000/other"]
    assert retracted.verdict is VerdictStatus.RETRACTED
    assert retracted.retractions is not None
    assert [notice.doi for notice in retracted.retractions.found] == ["10.1000/notice.1"]
    assert clean.verdict is VerdictStatus.OK
    assert clean.retractions is not None
    assert (clean.retractions.found, clean.retractions.dated, clean.retractions.records) == ((), TODAY, 1)
    assert result.not_looked_up == ()


def test_a_reference_that_is_still_fresh_is_looked_up_in_new_data(registry: Registry, tmp_path: Path) -> None:
    registry.hold(crossref_work())
    tomorrow = TODAY + dt.timedelta(1)
    with snapshot_about(tmp_path, "10.1000/other") as snapshot:
        first = asked(registry, snapshot=snapshot)
    with snapshot_about(tmp_path, DOI, tomorrow) as snapshot:
        second = asked(registry, lock=first.lock, snapshot=snapshot, today=tomorrow)
    assert (verdict(first), verdict(second)) == (VerdictStatus.OK, VerdictStatus.RETRACTED)
    assert second.kept == ("okafor2020",)
    assert second.lock.references["okafor2020"].retrieved == TODAY


def test_older_data_takes_no_answer_of_newer_data_away(registry: Registry, tmp_path: Path) -> None:
    registry.hold(crossref_work())
    with snapshot_about(tmp_path, DOI) as snapshot:
        first = asked(registry, snapshot=snapshot)
    with snapshot_about(tmp_path, "10.1000/other", TODAY - dt.timedelta(9)) as snapshot:
        second = asked(registry, lock=first.lock, snapshot=snapshot)
    assert second.lock == first.lock


def test_asking_twice_writes_the_same_lock(registry: Registry, tmp_path: Path) -> None:
    registry.hold(crossref_work())
    with snapshot_about(tmp_path, DOI) as snapshot:
        first = asked(registry, snapshot=snapshot)
        assert lock_file.write(tmp_path, first.lock)
        for days in (30, 0):
            again = update(
                bibliography_of(ENTRY), (), lock=lock_file.read(tmp_path), conditions=conditions(registry),
                snapshot=snapshot, kept_days=days,
            )  # fmt: skip
            assert not lock_file.write(tmp_path, again.lock)


def test_looking_up_alone_asks_nobody(registry: Registry, tmp_path: Path) -> None:
    registry.hold(crossref_work())
    first = asked(registry)
    assert first.not_looked_up == ("okafor2020",)
    count = len(registry.requests)
    with snapshot_about(tmp_path, DOI) as snapshot:
        lock = look_up(bibliography_of(ENTRY), (), lock=first.lock, snapshot=snapshot, today=TODAY)
    assert len(registry.requests) == count
    assert lock.references["okafor2020"].verdict is VerdictStatus.RETRACTED
    assert lock.verify() == ()


def test_data_dated_in_the_future_is_no_look_up(registry: Registry, tmp_path: Path) -> None:
    registry.hold(crossref_work())
    with snapshot_about(tmp_path, "10.1000/other", dt.date(2999, 1, 1)) as snapshot:
        assert asked(registry, snapshot=snapshot).not_looked_up == ("okafor2020",)


# ------------------------------------------------------------------------------------------------------------ snapshot


def test_the_snapshot_is_fetched_and_dated(registry: Registry, tmp_path: Path) -> None:
    registry.put("/retraction_watch/retraction_watch.csv", table([WORK]), "text/plain; charset=utf-8")
    registry.put("/journals/journal_abbreviations_entrez.csv", b'"Acta Sleepiana","Acta Slp"\n', "text/plain")
    updated = update_snapshot(tmp_path / "new" / FILE_NAME, conditions(registry))
    assert updated.counts.retractions == 1
    assert [line.split(":")[0] for line in updated.not_asked] == ["journal_abbreviations_medicus.csv"]
    with Snapshot(tmp_path / "new" / FILE_NAME) as snapshot:
        assert snapshot.date == TODAY


@pytest.mark.parametrize("behaviour", sorted(set(BEHAVIOURS) - {"drip", "3 GB"}))
def test_a_bad_download_leaves_the_old_snapshot(registry: Registry, tmp_path: Path, behaviour: str) -> None:
    registry.put("/retraction_watch/retraction_watch.csv", table([WORK]), "text/csv")
    update_snapshot(tmp_path / FILE_NAME, conditions(registry))
    before = (tmp_path / FILE_NAME).read_bytes()
    registry.behave("retraction_watch", behaviour)
    with pytest.raises(EnvironmentFault):
        update_snapshot(tmp_path / FILE_NAME, conditions(registry))
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_snapshot_does_not_shrink(registry: Registry, tmp_path: Path) -> None:
    rows = [{**WORK, "OriginalPaperDOI": f"10.1000/{number}"} for number in range(40)]
    registry.put("/retraction_watch/retraction_watch.csv", table(rows), "text/csv")
    update_snapshot(tmp_path / FILE_NAME, conditions(registry))
    registry.put("/retraction_watch/retraction_watch.csv", table(rows[:20]), "text/csv")
    with pytest.raises(EnvironmentFault, match="at least 38"):
        update_snapshot(tmp_path / FILE_NAME, conditions(registry))
