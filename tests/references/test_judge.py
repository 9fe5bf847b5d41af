"""Verdicts come from the lock and the snapshot alone, the worst counts, and nothing unknown passes."""

from __future__ import annotations

import datetime as dt
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest
from msgspec import structs
from msgspec.structs import replace
from tests.references.builder import bibliography_of, item_of, record_of
from tests.references.test_snapshot import WORK, table

from pubkit.cli import listing
from pubkit.errors import UsageError
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import Block, BlockKind, Citation, CitationMode, Document, Manuscript
from pubkit.manuscript.tree import Tree
from pubkit.project.metadata import Dates, Publication, Seen
from pubkit.references.assessment import assess, reproducible
from pubkit.references.model import Bibliography, Verdict, VerdictStatus
from pubkit.references.notices import Notice, NoticeKind
from pubkit.references.registries.lock import (
    Difference,
    Lock,
    RegistryAnswer,
    digest_of_entry,
    digest_of_key,
    read,
    sealed,
    write,
)
from pubkit.references.registries.retraction_status import looked_up, with_check
from pubkit.references.registries.snapshot import FILE_NAME, Snapshot, build
from pubkit.references.verdicts import Judgement, judge
from pubkit.rules import reference_verdicts, retractions
from pubkit.rules.base import Rule, Submission

DAY = dt.date(2026, 11, 22)
KEY = "okafor2020"
TITLE = "Naps of night-shift nurses: a diary study"
ENTRY = f"""@article{{{KEY}, author = {{Okafor, Ada B. and Novák, Jan}}, title = {{{TITLE}}},
  journal = {{Journal of Invented Sleep Research}}, year = {{2019}}, volume = {{3}}, doi = {{10.1000/naps.1}}}}
"""
ITEM = {
    "type": "article-journal",
    "title": TITLE,
    "author": [{"family": "Okafor", "given": "Ada B."}, {"family": "Novák", "given": "Jan"}],
    "container-title": "Journal of Invented Sleep Research",
    "issued": {"date-parts": [[2019]]},
    "volume": "3",
    "DOI": "10.1000/naps.1",
}
OTHER = {
    "type": "article-journal",
    "title": "Yields of winter wheat under drip irrigation",
    "author": [{"family": "Lindqvist", "given": "Pia"}],
    "issued": {"date-parts": [[2004]]},
    "DOI": "10.1000/naps.1",
}


def found(
    item: Mapping[str, object], *notices: Notice, source: str = "Crossref", asked: str = "doi:10.1000/naps.1"
) -> RegistryAnswer:
    return RegistryAnswer(source, asked, "found", DAY, "0" * 64, record_of(item, notices))


def lock_of(bibliography: Bibliography, *answers: RegistryAnswer, not_asked: tuple[str, ...] = ()) -> Lock:
    entry = bibliography.entries[KEY]
    return Lock(
        references={KEY: assess(entry.item, digest_of_entry(entry, bibliography), answers, not_asked, checked=DAY)}
    )


def looked_up_in(lock: Lock, snapshot: Snapshot) -> Lock:
    """The lock once its one reference was looked up in `snapshot`, on the day of the tests."""
    return Lock(references={KEY: looked_up(lock.references[KEY], item_of(ITEM), snapshot, DAY)})


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    return bibliography_of(ENTRY)


@pytest.fixture
def snapshot_of(tmp_path: Path) -> Iterator[Callable[..., Snapshot]]:
    opened: list[Snapshot] = []

    def make(*natures: str, day: dt.date = DAY) -> Snapshot:
        rows = [
            {**WORK, "RetractionNature": nature, "RetractionDate": f"{month}/1/2021 0:00"}
            for month, nature in enumerate(natures, 1)
        ]
        build(tmp_path / FILE_NAME, table(rows), date=day)
        opened.append(Snapshot(tmp_path / FILE_NAME))
        return opened[-1]

    yield make
    for snapshot in opened:
        snapshot.close()


def notice(kind: NoticeKind, date: str = "2021-05-04") -> Notice:
    return Notice(kind, "Crossref", date=date)


# ------------------------------------------------------------------------------------------------------------ judging


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((found(ITEM),), VerdictStatus.OK),
        ((found(OTHER),), VerdictStatus.WRONG_WORK),
        ((found({**ITEM, "volume": "7", "issued": {"date-parts": [[2011]]}}),), VerdictStatus.MISMATCH),
        ((found({"type": "article-journal", "DOI": "10.1000/naps.1"}),), VerdictStatus.UNCONFIRMED),
        ((found(ITEM), found(OTHER, source="PubMed", asked="pmid:5")), VerdictStatus.WRONG_WORK),
        (
            (found(ITEM), found({**ITEM, "title": "Naps of day-shift nurses: a diary study"}, source="PubMed")),
            VerdictStatus.DISPUTED,
        ),
        ((found(ITEM), found({**ITEM, "volume": "7"}, source="PubMed")), VerdictStatus.OK),
        ((RegistryAnswer("Crossref", "doi:10.1000/naps.1", "not held", DAY, "0" * 64),), VerdictStatus.UNCONFIRMED),
        ((RegistryAnswer("doi.org", "doi:10.1000/naps.1", "absent", DAY, "0" * 64), found(ITEM)), VerdictStatus.BAD_ID),
        ((found(ITEM, notice(NoticeKind.RETRACTION)),), VerdictStatus.RETRACTED),
        ((found(OTHER, notice(NoticeKind.CONCERN)),), VerdictStatus.CONCERN),
        ((found(ITEM, notice(NoticeKind.CORRECTION)),), VerdictStatus.CORRECTED),
        ((found(ITEM, notice(NoticeKind.RETRACTION), notice(NoticeKind.REINSTATEMENT, "2022")),), VerdictStatus.OK),
        ((found(ITEM, structs.replace(notice(NoticeKind.RETRACTION), certain=False)),), VerdictStatus.DISPUTED),
        ((), VerdictStatus.UNCONFIRMED),
    ],
)
def test_the_worst_that_the_registries_say_is_the_verdict(
    bibliography: Bibliography, answers: tuple[RegistryAnswer, ...], expected: VerdictStatus
) -> None:
    judged = judge(bibliography, lock=lock_of(bibliography, *answers), today=DAY, snapshot=None)
    assert judged[KEY].status is expected
    assert judged[KEY].evidence


def test_a_field_the_registry_lacks_is_no_mismatch(bibliography: Bibliography) -> None:
    item = {name: value for name, value in ITEM.items() if name != "volume"}
    assert (
        judge(bibliography, lock=lock_of(bibliography, found(item)), today=DAY, snapshot=None)[KEY].status
        is VerdictStatus.OK
    )


def test_what_is_not_in_the_lock_is_unchecked(bibliography: Bibliography) -> None:
    judged = judge(bibliography, lock=Lock(), today=DAY, snapshot=None, identifier_keys=["doi:10.1000/x", "fig:a"])
    assert {key: verdict.status for key, verdict in judged.items()} == {
        KEY: VerdictStatus.UNCHECKED,
        "doi:10.1000/x": VerdictStatus.UNCHECKED,
    }
    assert judged.unchecked == {KEY, "doi:10.1000/x"}


def test_an_entry_that_changed_is_unchecked(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found(ITEM))
    changed = bibliography_of(ENTRY.replace("volume = {3}", "volume = {4}"))
    verdict = judge(changed, lock=lock, today=DAY, snapshot=None)[KEY]
    assert verdict.status is VerdictStatus.UNCHECKED
    assert verdict.evidence == ("changed since it was looked up",)


def test_a_record_changed_by_hand_is_unchecked(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found(OTHER))
    forged = structs.replace(lock.references[KEY], verdict=VerdictStatus.OK, match=VerdictStatus.OK)
    verdict = judge(bibliography, lock=Lock(references={KEY: forged}), today=DAY, snapshot=None)[KEY]
    assert verdict.status is VerdictStatus.UNCHECKED


def test_a_mismatch_that_an_earlier_version_saw_is_compared_anew(bibliography: Bibliography) -> None:
    sound, wrong = (lock_of(bibliography, found(item)).references[KEY] for item in (ITEM, {**ITEM, "volume": "7"}))
    mismatch = {"match": VerdictStatus.MISMATCH, "verdict": VerdictStatus.MISMATCH}
    for record, expected in ((sound, VerdictStatus.OK), (wrong, VerdictStatus.MISMATCH)):
        lock = Lock(references={KEY: sealed(structs.replace(record, **mismatch))})
        assert judge(bibliography, lock=lock, today=DAY, snapshot=None)[KEY].status is expected


def test_a_source_that_was_not_asked_leaves_it_unchecked(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found(ITEM), not_asked=("Europe PMC was not asked: it answered with status 503",))
    assert judge(bibliography, lock=lock, today=DAY, snapshot=None)[KEY].status is VerdictStatus.UNCHECKED


def test_a_forged_lock_with_a_fitting_seal_does_not_follow_from_its_answers(bibliography: Bibliography) -> None:
    entry = bibliography.entries[KEY]
    lock = lock_of(bibliography, found(OTHER))
    assert reproducible(lock, entry, bibliography)
    forged = sealed(structs.replace(lock.references[KEY], verdict=VerdictStatus.OK, match=VerdictStatus.OK))
    assert not reproducible(Lock(references={KEY: forged}), entry, bibliography)


# ------------------------------------------------------------------------------------------------------- the snapshot


@pytest.mark.parametrize(
    ("natures", "expected"),
    [
        (["Retraction"], VerdictStatus.RETRACTED),
        (["Expression of concern"], VerdictStatus.CONCERN),
        (["Correction"], VerdictStatus.CORRECTED),
        (["Retraction", "Reinstatement"], VerdictStatus.OK),
    ],
)
def test_a_notice_newer_than_the_lock_is_found(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot], natures: list[str], expected: VerdictStatus
) -> None:
    judged = judge(bibliography, lock=lock_of(bibliography, found(ITEM)), today=DAY, snapshot=snapshot_of(*natures))
    assert judged[KEY].status is expected
    assert judged.snapshot == DAY


def test_a_verdict_says_in_which_data_no_notice_was_found(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    elsewhere = snapshot_of()
    lock = lock_of(bibliography, found(ITEM))
    alone = judge(bibliography, lock=lock, today=DAY, snapshot=None)[KEY]
    with_data = judge(bibliography, lock=lock, today=DAY, snapshot=elsewhere)[KEY]
    assert not any("no notice" in line for line in alone.evidence)
    assert with_data.evidence[-1] == f"no notice in the retraction data of {elsewhere.date}"


def test_a_retraction_is_found_without_a_lock(bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]) -> None:
    judged = judge(
        bibliography,
        lock=Lock(),
        today=DAY,
        snapshot=snapshot_of("Retraction"),
        identifier_keys=["doi:10.1000/NAPS.1", "pmid:111"],
    )
    assert {verdict.status for verdict in judged.values()} == {VerdictStatus.RETRACTED}
    assert len(judged.unchecked) == 3


def test_a_correction_does_not_make_an_unchecked_reference_checked(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    assert (
        judge(bibliography, lock=Lock(), today=DAY, snapshot=snapshot_of("Correction"))[KEY].status
        is VerdictStatus.UNCHECKED
    )


def test_a_pmid_that_only_the_registry_knows_finds_the_notice(snapshot_of: Callable[..., Snapshot]) -> None:
    bibliography = bibliography_of(ENTRY.replace("10.1000/naps.1", "10.1000/reprint.7"))
    lock = lock_of(bibliography, found({**ITEM, "DOI": "10.1000/reprint.7", "PMID": "111"}))
    assert (
        judge(bibliography, lock=lock, today=DAY, snapshot=snapshot_of("Retraction"))[KEY].status
        is VerdictStatus.RETRACTED
    )


def test_a_local_snapshot_makes_a_verdict_worse_and_never_better(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    lock = lock_of(bibliography, found(ITEM, notice(NoticeKind.RETRACTION, "2020-01-01")))
    reinstated = snapshot_of("Reinstatement")
    judged = judge(bibliography, lock=lock, today=DAY, snapshot=reinstated)
    assert judged[KEY].status is VerdictStatus.RETRACTED
    updated = looked_up_in(lock, reinstated)
    assert judge(bibliography, lock=updated, today=DAY, snapshot=None)[KEY].status is VerdictStatus.OK


def test_the_lock_alone_says_that_a_work_was_retracted(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    lock = looked_up_in(lock_of(bibliography, found(ITEM)), snapshot_of("Retraction"))
    assert lock.references[KEY].verdict is VerdictStatus.RETRACTED
    verdict = judge(bibliography, lock=lock, today=DAY, snapshot=None)[KEY]
    assert verdict.status is VerdictStatus.RETRACTED
    assert "2021-01-01 (Retraction Watch, as of 2026-11-22, doi:10.1000/notice.1)" in verdict.evidence[0]
    entry = bibliography.entries[KEY]
    assert reproducible(lock, entry, bibliography)


@pytest.mark.parametrize(("later", "expected"), [(-1, VerdictStatus.OK), (1, VerdictStatus.RETRACTED)])
def test_only_newer_local_data_adds_to_the_lock(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot], later: int, expected: VerdictStatus
) -> None:
    lock = looked_up_in(lock_of(bibliography, found(ITEM)), snapshot_of("Unknown kind"))
    local = snapshot_of("Retraction", day=DAY + dt.timedelta(later))
    judged = judge(bibliography, lock=lock, today=DAY + dt.timedelta(1), snapshot=local)
    assert judged[KEY].status is expected
    assert judged.retraction_data == DAY, "ages are those of the lock"


@pytest.mark.parametrize("nature", ["Unknown kind", "Expression of concern"])
def test_newer_local_data_that_says_the_same_changes_nothing(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot], nature: str
) -> None:
    lock = looked_up_in(lock_of(bibliography, found(ITEM)), snapshot_of(nature))
    newer = snapshot_of(nature, day=DAY + dt.timedelta(3))
    alone, beside = (
        judge(bibliography, lock=lock, today=DAY + dt.timedelta(3), snapshot=snapshot)[KEY]
        for snapshot in (None, newer)
    )
    assert beside == alone


def test_local_data_of_a_later_day_does_not_count(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    future = snapshot_of("Unknown kind", day=dt.date(2999, 1, 1))
    lock = lock_of(bibliography, found(ITEM))
    judged = judge(bibliography, lock=looked_up_in(lock, future), today=DAY, snapshot=future)
    assert (judged.snapshot, judged.retraction_data) == (None, None)
    assert findings(retractions.RetractionData(), submission(bibliography, judged))


@pytest.mark.parametrize("what", ["answer", "day of the data"])
def test_a_record_dated_in_the_future_is_not_checked(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot], what: str
) -> None:
    future = dt.date(2999, 1, 1)
    lock = lock_of(bibliography, structs.replace(found(ITEM), retrieved=future if what == "answer" else DAY))
    if what != "answer":
        checked = looked_up_in(lock, snapshot_of("Unknown kind")).references[KEY]
        assert checked.retractions is not None
        forged = with_check(checked, structs.replace(checked.retractions, dated=future))
        lock = Lock(references={KEY: forged})
    judged = judge(bibliography, lock=lock, today=DAY, snapshot=None)
    assert judged[KEY].status is VerdictStatus.UNCHECKED
    assert judged[KEY].evidence == ("its record in the lock is dated in the future (2999-01-01)",)
    (finding,) = findings(reference_verdicts.Unchecked(), submission(bibliography, judged, release=True))
    assert finding.severity is Severity.ERROR


def test_the_lock_of_an_older_pubkit_is_read_and_counts_as_not_checked(
    tmp_path: Path, bibliography: Bibliography
) -> None:
    reference = sealed(structs.replace(lock_of(bibliography, found(ITEM)).references[KEY], checked=None))
    write(tmp_path, Lock(schema=1, references={KEY: reference}))
    assert "retractions" not in (tmp_path / "references.lock.json").read_text("utf-8")
    judged = judge(bibliography, lock=read(tmp_path), today=DAY, snapshot=None)
    assert judged[KEY].evidence == ("references.lock.json was written by an older version of pubkit",)
    (finding,) = findings(reference_verdicts.Unchecked(), submission(bibliography, judged, release=True))
    assert "refs update" in finding.remedy


def test_a_notice_cited_as_such_is_not_flagged(snapshot_of: Callable[..., Snapshot]) -> None:
    bibliography = bibliography_of(
        ENTRY.replace("10.1000/naps.1", "10.1000/notice.1").replace("{Naps of", "{Retraction: Naps of")
    )
    judged = judge(bibliography, lock=Lock(), today=DAY, snapshot=snapshot_of("Retraction"))
    assert judged[KEY].status is VerdictStatus.UNCHECKED


# -------------------------------------------------------------------------------------------------------------- replay


def test_a_replay_opens_no_socket_and_gives_the_same_verdicts(
    tmp_path: Path, bibliography: Bibliography, snapshot_of: Callable[..., Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, lock_of(bibliography, found(ITEM, notice(NoticeKind.CORRECTION))))
    snapshot = snapshot_of("Expression of concern")

    def forbidden(*_args: object, **_options: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    before = (tmp_path / "references.lock.json").read_bytes()
    runs = {repr(dict(judge(bibliography, lock=read(tmp_path), today=DAY, snapshot=snapshot))) for _ in range(3)}
    assert len(runs) == 1
    assert (tmp_path / "references.lock.json").read_bytes() == before


# --------------------------------------------------------------------------------------------------------------- rules


def submission(
    bibliography: Bibliography, verdicts: Judgement, *, release: bool = False, text: str = "Naps help nurses."
) -> Submission:
    """A manuscript of one sentence that cites every reference judged."""
    place = Location("01-text.md", 3, 18)
    citations = tuple(Citation(key, CitationMode.NORMAL, place, len(text) - 1) for key in verdicts)
    block = Block(BlockKind.PARAGRAPH, text, Location("01-text.md", 3, 1), citations)
    publication = Publication(title="Naps", dates=Dates(published=DAY), version="1.0")
    document = Document(Tree(), (block,), citations, (), (), (), ())
    return Submission(publication, Manuscript(publication, (), document, {}), bibliography, verdicts, (), DAY, release)


def findings(rule: Rule, given: Submission) -> list[Finding]:
    return list(rule.check(given))


def test_a_retracted_reference_is_an_error_where_it_is_cited(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    judged = judge(bibliography, lock=Lock(), today=DAY, snapshot=snapshot_of("Retraction"))
    (finding,) = findings(retractions.Retracted(), submission(bibliography, judged))
    assert finding.severity is Severity.ERROR
    assert finding.waivable
    assert str(finding.location) == "01-text.md:3:18"
    assert "2021-01-01" in finding.message
    (changed,) = findings(retractions.Retracted(), submission(bibliography, judged, text="Naps never help nurses."))
    assert changed.fingerprint != finding.fingerprint, "a waiver must die with the sentence"


@pytest.mark.parametrize(
    ("age", "release", "severity"),
    [(90, True, None), (91, False, Severity.WARNING), (91, True, Severity.ERROR), (700, True, Severity.ERROR)],
)
def test_a_release_refuses_what_the_lock_holds_from_too_long_ago(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot], age: int, release: bool, severity: Severity | None
) -> None:
    lock = looked_up_in(lock_of(bibliography, found(ITEM)), snapshot_of("Unknown kind"))
    judged = judge(bibliography, lock=lock, today=DAY, snapshot=None)
    given = replace(submission(bibliography, judged, release=release), today=DAY + dt.timedelta(age))
    for rule in (reference_verdicts.Outdated(), retractions.RetractionData()):
        assert [finding.severity for finding in findings(rule, given)] == ([severity] if severity else [])
        assert all(KEY in finding.message and "2026-11-22" in finding.message for finding in findings(rule, given))
        assert not any(finding.waivable for finding in findings(rule, given))


def test_a_snapshot_without_a_look_up_in_the_lock_is_not_enough(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    judged = judge(
        bibliography, lock=lock_of(bibliography, found(ITEM)), today=DAY, snapshot=snapshot_of("Unknown kind")
    )
    (finding,) = findings(retractions.RetractionData(), submission(bibliography, judged, release=True))
    assert finding.severity is Severity.ERROR
    assert "refs update" in finding.remedy


@pytest.mark.parametrize(("release", "severity"), [(False, Severity.WARNING), (True, Severity.ERROR)])
def test_without_retraction_data_it_is_said_that_nothing_was_checked(
    bibliography: Bibliography, release: bool, severity: Severity
) -> None:
    judged = judge(bibliography, lock=Lock(), today=DAY, snapshot=None)
    (finding,) = findings(retractions.RetractionData(), submission(bibliography, judged, release=release))
    assert finding.severity is severity
    assert "not checked" in finding.message
    assert not finding.waivable


@pytest.mark.parametrize(("release", "severity"), [(False, Severity.WARNING), (True, Severity.ERROR)])
def test_an_unchecked_reference_is_a_warning_and_in_a_release_an_error(
    bibliography: Bibliography, release: bool, severity: Severity
) -> None:
    judged = judge(bibliography, lock=Lock(), today=DAY, snapshot=None)
    (finding,) = findings(reference_verdicts.Unchecked(), submission(bibliography, judged, release=release))
    assert finding.severity is severity
    assert not finding.waivable
    assert KEY in finding.message


def test_waiving_a_retraction_does_not_hide_that_it_was_never_compared(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    judged = judge(bibliography, lock=Lock(), today=DAY, snapshot=snapshot_of("Retraction"))
    assert findings(reference_verdicts.Unchecked(), submission(bibliography, judged, release=True))


def test_many_unchecked_references_are_one_finding() -> None:
    many = bibliography_of("".join(ENTRY.replace(KEY, f"work{number}") for number in range(30)), cited=())
    judged = judge(many, lock=Lock(), today=DAY, snapshot=None)
    (finding,) = findings(reference_verdicts.Unchecked(), submission(many, judged))
    assert "30 references" in finding.message


def test_an_unconfirmed_web_page_is_a_note_and_an_unconfirmed_article_a_warning(bibliography: Bibliography) -> None:
    page = bibliography_of(
        f"@online{{{KEY}, title = {{About sleep}}, url = {{https://www.example.org/}}, year = {{2020}}}}"
    )
    for given, severity in ((bibliography, Severity.WARNING), (page, Severity.NOTE)):
        judged = judge(given, lock=lock_of(given), today=DAY, snapshot=None)
        (finding,) = findings(reference_verdicts.Unconfirmed(), submission(given, judged))
        assert finding.severity is severity


def test_a_bad_identifier_is_reported_at_its_field(bibliography: Bibliography) -> None:
    answer = RegistryAnswer("doi.org", "doi:10.1000/naps.1", "absent", DAY, "0" * 64)
    judged = judge(bibliography, lock=lock_of(bibliography, answer), today=DAY, snapshot=None)
    (finding,) = findings(reference_verdicts.BadIdentifier(), submission(bibliography, judged))
    assert finding.location == Location("refs.bib", 2, 1)


# -------------------------------------------------------------------------------------------------------------- listing


def test_the_list_shows_the_worst_first(bibliography: Bibliography) -> None:
    two = bibliography_of(ENTRY + ENTRY.replace(KEY, "aaa2019"))
    judged = judge(two, lock=lock_of(bibliography, found(OTHER)), today=DAY, snapshot=None)
    assert [(line.key, line.status) for line in listing.lines(judged)] == [
        (KEY, VerdictStatus.WRONG_WORK),
        ("aaa2019", VerdictStatus.UNCHECKED),
    ]


def test_a_reference_is_shown_beside_the_registrys_record(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found({**ITEM, "volume": "7", "title": "\x1b[2J" + TITLE}))
    detail = listing.show(KEY, bibliography, lock, judge(bibliography, lock=lock, today=DAY, snapshot=None))
    fields = {field.name: field for field in detail.fields}
    assert (fields["volume"].cited, fields["volume"].registry) == ("3", "7")
    assert fields["volume"].why
    assert not fields["DOI"].why
    assert fields["authors"].cited == "Okafor, Ada B.; Novák, Jan"
    assert "\x1b" not in fields["title"].registry
    assert detail.answers[0].sha256 == "0" * 64


def test_nothing_that_a_lock_says_reaches_the_terminal_as_it_is(bibliography: Bibliography) -> None:
    bad = "\x1b[31m\n::error::pwn\u202e"
    answer = replace(found({**ITEM, "volume": "7", "publisher": bad}), source=bad, asked=bad, sha256=bad)
    reference = lock_of(bibliography, answer).references[KEY]
    difference = Difference("volume", bad, bad, bad)
    forged = sealed(replace(reference, differences=(difference,), evidence=(bad,)))
    lock = Lock(references={KEY: forged})
    detail = listing.show(KEY, bibliography, lock, judge(bibliography, lock=lock, today=DAY, snapshot=None))
    words = msgspec.to_builtins(detail)
    assert "pwn" in str(words)
    assert not re.search("[\x00-\x1f\u202e]", " ".join(_strings(words)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def test_an_identifier_is_shown_and_an_unknown_key_is_not(bibliography: Bibliography) -> None:
    key = "doi:10.1000/naps.1"
    lock = Lock(references={key: assess(None, digest_of_key(key), (found(ITEM),), checked=DAY)})
    judged = judge(bibliography, lock=lock, today=DAY, snapshot=None, identifier_keys=["doi:10.1000/NAPS.1"])
    detail = listing.show("doi:10.1000/NAPS.1", bibliography, lock, judged)
    assert detail.line.status is VerdictStatus.OK
    with pytest.raises(UsageError):
        listing.show("nobody1900", bibliography, lock, judged)


def test_a_submission_without_citations_has_nothing_to_look_up(bibliography: Bibliography) -> None:
    empty = submission(bibliography, judge(Bibliography(), lock=Lock(), today=DAY, snapshot=None))
    assert findings(retractions.RetractionData(), replace(empty, release=True)) == []


def test_a_concern_does_not_hide_that_the_entry_is_another_works(bibliography: Bibliography) -> None:
    doubted = notice(NoticeKind.CONCERN, "2020-01-01")
    judged = judge(bibliography, lock=lock_of(bibliography, found(OTHER, doubted)), today=DAY, snapshot=None)
    assert (judged[KEY].status, judged[KEY].match) == (VerdictStatus.CONCERN, VerdictStatus.WRONG_WORK)
    given = submission(bibliography, judged)
    [wrong] = findings(reference_verdicts.WrongWork(), given)
    assert wrong.severity is Severity.ERROR
    assert [one.severity for one in findings(retractions.Doubted(), given)] == [Severity.WARNING]


def test_a_difference_is_told_with_both_values(bibliography: Bibliography) -> None:
    judged = judge(bibliography, lock=lock_of(bibliography, found({**ITEM, "volume": "7"})), today=DAY, snapshot=None)
    [wrong] = findings(reference_verdicts.Mismatch(), submission(bibliography, judged))
    assert "volume (“3” cited, “7” in the record)" in wrong.message


@pytest.mark.parametrize(
    ("count", "told"), [(8, "Ada Surname7; Jan Novák” in the record"), (40, "leaves out Jan Novák")]
)
def test_of_long_values_what_differs_is_told(bibliography: Bibliography, count: int, told: str) -> None:
    many = [{"family": f"Surname{number}", "given": "Ada"} for number in range(count)]
    held = {**ITEM, "author": [*many, {"family": "Novák", "given": "Jan"}]}
    cited = replace(bibliography.entries[KEY].item, author=item_of({**ITEM, "author": many}).author)
    assert told in assess(cited, "0" * 64, (found(held),), checked=DAY).evidence[0]


SEEN = Seen(who="Ada Example", on=DAY, how="In the reading room of the university library.")


@pytest.mark.parametrize(
    ("release", "seen", "severity"),
    [
        (False, {}, Severity.WARNING),
        (True, {}, Severity.ERROR),
        (True, {KEY: SEEN}, Severity.NOTE),
        (True, {"another": SEEN}, Severity.ERROR),
    ],
)
def test_a_release_refuses_what_no_registry_confirms_until_a_person_has_seen_it(
    bibliography: Bibliography, release: bool, seen: dict[str, Seen], severity: Severity
) -> None:
    judged = Judgement({KEY: Verdict(KEY, VerdictStatus.UNCONFIRMED, ("Crossref has no record of this work",))})
    given = submission(bibliography, judged, release=release)
    given = structs.replace(given, publication=structs.replace(given.publication, seen=seen))
    [finding] = findings(reference_verdicts.Unconfirmed(), given)
    assert finding.severity is severity
    assert ("Ada Example saw the original" in finding.message) is (seen == {KEY: SEEN})


def test_a_web_page_that_no_registry_holds_is_only_noted(bibliography: Bibliography) -> None:
    works = bibliography_of("@online{okafor2020, title = {Naps}, year = {2020}, url = {https://example.org/naps}}")
    judged = Judgement({KEY: Verdict(KEY, VerdictStatus.UNCONFIRMED)})
    [finding] = findings(reference_verdicts.Unconfirmed(), submission(works, judged, release=True))
    assert finding.severity is Severity.NOTE
