"""Verdicts come from the lock and the snapshot alone, the worst counts, and nothing unknown passes."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from msgspec import structs
from msgspec.structs import replace
from tests.references.builder import bibliography_of
from tests.references.test_snapshot import WORK, table

from pubkit.errors import UsageError
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import Block, BlockKind, Citation, CitationMode, Document, Manuscript
from pubkit.metadata import Dates, Publication
from pubkit.references import listing
from pubkit.references.assessment import assess, reproducible
from pubkit.references.judge import Judgement, judge
from pubkit.references.lock import Lock, RegistryAnswer, digest_of_entry, digest_of_key, read, sealed, write
from pubkit.references.model import Bibliography, VerdictStatus
from pubkit.references.notices import Notice, NoticeKind
from pubkit.references.registries import Record
from pubkit.references.snapshot import FILE_NAME, Snapshot, build
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
    return RegistryAnswer(source, asked, "found", DAY, "0" * 64, Record(dict(item), notices))


def lock_of(bibliography: Bibliography, *answers: RegistryAnswer, not_asked: tuple[str, ...] = ()) -> Lock:
    entry = bibliography.entries[KEY]
    return Lock(references={KEY: assess(entry.item, digest_of_entry(entry, bibliography), answers, not_asked)})


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
    judged = judge(bibliography, lock=lock_of(bibliography, *answers), snapshot=None)
    assert judged[KEY].status is expected
    assert judged[KEY].evidence


def test_a_field_the_registry_lacks_is_no_mismatch(bibliography: Bibliography) -> None:
    item = {name: value for name, value in ITEM.items() if name != "volume"}
    assert judge(bibliography, lock=lock_of(bibliography, found(item)), snapshot=None)[KEY].status is VerdictStatus.OK


def test_what_is_not_in_the_lock_is_unchecked(bibliography: Bibliography) -> None:
    judged = judge(bibliography, lock=Lock(), snapshot=None, identifier_keys=["doi:10.1000/x", "fig:a"])
    assert {key: verdict.status for key, verdict in judged.items()} == {
        KEY: VerdictStatus.UNCHECKED,
        "doi:10.1000/x": VerdictStatus.UNCHECKED,
    }
    assert judged.unchecked == {KEY, "doi:10.1000/x"}


def test_an_entry_that_changed_is_unchecked(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found(ITEM))
    changed = bibliography_of(ENTRY.replace("volume = {3}", "volume = {4}"))
    verdict = judge(changed, lock=lock, snapshot=None)[KEY]
    assert verdict.status is VerdictStatus.UNCHECKED
    assert verdict.evidence == ("changed since it was looked up",)


def test_a_record_changed_by_hand_is_unchecked(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found(OTHER))
    forged = structs.replace(lock.references[KEY], verdict=VerdictStatus.OK, match=VerdictStatus.OK)
    verdict = judge(bibliography, lock=Lock(references={KEY: forged}), snapshot=None)[KEY]
    assert verdict.status is VerdictStatus.UNCHECKED


def test_a_mismatch_that_an_earlier_version_saw_is_compared_anew(bibliography: Bibliography) -> None:
    sound, wrong = (lock_of(bibliography, found(item)).references[KEY] for item in (ITEM, {**ITEM, "volume": "7"}))
    mismatch = {"match": VerdictStatus.MISMATCH, "verdict": VerdictStatus.MISMATCH}
    for record, expected in ((sound, VerdictStatus.OK), (wrong, VerdictStatus.MISMATCH)):
        lock = Lock(references={KEY: sealed(structs.replace(record, **mismatch))})
        assert judge(bibliography, lock=lock, snapshot=None)[KEY].status is expected


def test_a_source_that_was_not_asked_leaves_it_unchecked(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found(ITEM), not_asked=("Europe PMC was not asked: it answered with status 503",))
    assert judge(bibliography, lock=lock, snapshot=None)[KEY].status is VerdictStatus.UNCHECKED


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
    judged = judge(bibliography, lock=lock_of(bibliography, found(ITEM)), snapshot=snapshot_of(*natures))
    assert judged[KEY].status is expected
    assert judged.snapshot == DAY


def test_a_retraction_is_found_without_a_lock(bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]) -> None:
    judged = judge(
        bibliography,
        lock=Lock(),
        snapshot=snapshot_of("Retraction"),
        identifier_keys=["doi:10.1000/NAPS.1", "pmid:111"],
    )
    assert {verdict.status for verdict in judged.values()} == {VerdictStatus.RETRACTED}
    assert len(judged.unchecked) == 3


def test_a_correction_does_not_make_an_unchecked_reference_checked(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    assert judge(bibliography, lock=Lock(), snapshot=snapshot_of("Correction"))[KEY].status is VerdictStatus.UNCHECKED


def test_a_pmid_that_only_the_registry_knows_finds_the_notice(snapshot_of: Callable[..., Snapshot]) -> None:
    bibliography = bibliography_of(ENTRY.replace("10.1000/naps.1", "10.1000/reprint.7"))
    lock = lock_of(bibliography, found({**ITEM, "DOI": "10.1000/reprint.7", "PMID": "111"}))
    assert judge(bibliography, lock=lock, snapshot=snapshot_of("Retraction"))[KEY].status is VerdictStatus.RETRACTED


def test_a_reinstatement_in_the_snapshot_undoes_an_older_retraction_in_the_lock(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    lock = lock_of(bibliography, found(ITEM, notice(NoticeKind.RETRACTION, "2020-01-01")))
    assert judge(bibliography, lock=lock, snapshot=snapshot_of("Reinstatement"))[KEY].status is VerdictStatus.OK


def test_a_notice_cited_as_such_is_not_flagged(snapshot_of: Callable[..., Snapshot]) -> None:
    bibliography = bibliography_of(
        ENTRY.replace("10.1000/naps.1", "10.1000/notice.1").replace("{Naps of", "{Retraction: Naps of")
    )
    judged = judge(bibliography, lock=Lock(), snapshot=snapshot_of("Retraction"))
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
    runs = {repr(dict(judge(bibliography, lock=read(tmp_path), snapshot=snapshot))) for _ in range(3)}
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
    document = Document({"blocks": []}, (block,), citations, (), (), (), ())
    return Submission(publication, Manuscript(publication, (), document, {}), bibliography, verdicts, (), DAY, release)


def findings(rule: Rule, given: Submission) -> list[Finding]:
    return list(rule.check(given))


def test_a_retracted_reference_is_an_error_where_it_is_cited(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    judged = judge(bibliography, lock=Lock(), snapshot=snapshot_of("Retraction"))
    (finding,) = findings(retractions.Retracted(), submission(bibliography, judged))
    assert finding.severity is Severity.ERROR
    assert finding.waivable
    assert str(finding.location) == "01-text.md:3:18"
    assert "2021-01-01" in finding.message
    (changed,) = findings(retractions.Retracted(), submission(bibliography, judged, text="Naps never help nurses."))
    assert changed.fingerprint != finding.fingerprint, "a waiver must die with the sentence"


@pytest.mark.parametrize(
    ("age", "release", "severity"),
    [(90, True, None), (91, False, Severity.WARNING), (91, True, Severity.ERROR)],
)
def test_old_retraction_data_is_refused_by_a_release(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot], age: int, release: bool, severity: Severity | None
) -> None:
    judged = judge(bibliography, lock=Lock(), snapshot=snapshot_of("Correction", day=DAY - dt.timedelta(age)))
    found_there = findings(retractions.RetractionData(), submission(bibliography, judged, release=release))
    assert [finding.severity for finding in found_there] == ([severity] if severity else [])


@pytest.mark.parametrize(("release", "severity"), [(False, Severity.WARNING), (True, Severity.ERROR)])
def test_without_retraction_data_it_is_said_that_nothing_was_checked(
    bibliography: Bibliography, release: bool, severity: Severity
) -> None:
    judged = judge(bibliography, lock=Lock(), snapshot=None)
    (finding,) = findings(retractions.RetractionData(), submission(bibliography, judged, release=release))
    assert finding.severity is severity
    assert "not checked" in finding.message
    assert not finding.waivable


@pytest.mark.parametrize(("release", "severity"), [(False, Severity.WARNING), (True, Severity.ERROR)])
def test_an_unchecked_reference_is_a_warning_and_in_a_release_an_error(
    bibliography: Bibliography, release: bool, severity: Severity
) -> None:
    judged = judge(bibliography, lock=Lock(), snapshot=None)
    (finding,) = findings(reference_verdicts.Unchecked(), submission(bibliography, judged, release=release))
    assert finding.severity is severity
    assert not finding.waivable
    assert KEY in finding.message


def test_waiving_a_retraction_does_not_hide_that_it_was_never_compared(
    bibliography: Bibliography, snapshot_of: Callable[..., Snapshot]
) -> None:
    judged = judge(bibliography, lock=Lock(), snapshot=snapshot_of("Retraction"))
    assert findings(reference_verdicts.Unchecked(), submission(bibliography, judged, release=True))


def test_many_unchecked_references_are_one_finding() -> None:
    many = bibliography_of("".join(ENTRY.replace(KEY, f"work{number}") for number in range(30)), cited=())
    judged = judge(many, lock=Lock(), snapshot=None)
    (finding,) = findings(reference_verdicts.Unchecked(), submission(many, judged))
    assert "30 references" in finding.message


def test_an_unconfirmed_web_page_is_a_note_and_an_unconfirmed_article_a_warning(bibliography: Bibliography) -> None:
    page = bibliography_of(
        f"@online{{{KEY}, title = {{About sleep}}, url = {{https://www.example.org/}}, year = {{2020}}}}"
    )
    for given, severity in ((bibliography, Severity.WARNING), (page, Severity.NOTE)):
        judged = judge(given, lock=lock_of(given), snapshot=None)
        (finding,) = findings(reference_verdicts.Unconfirmed(), submission(given, judged))
        assert finding.severity is severity


def test_a_bad_identifier_is_reported_at_its_field(bibliography: Bibliography) -> None:
    answer = RegistryAnswer("doi.org", "doi:10.1000/naps.1", "absent", DAY, "0" * 64)
    judged = judge(bibliography, lock=lock_of(bibliography, answer), snapshot=None)
    (finding,) = findings(reference_verdicts.BadIdentifier(), submission(bibliography, judged))
    assert finding.location == Location("refs.bib", 2, 1)


# -------------------------------------------------------------------------------------------------------------- listing


def test_the_list_shows_the_worst_first(bibliography: Bibliography) -> None:
    two = bibliography_of(ENTRY + ENTRY.replace(KEY, "aaa2019"))
    judged = judge(two, lock=lock_of(bibliography, found(OTHER)), snapshot=None)
    assert [(line.key, line.status) for line in listing.lines(judged)] == [
        (KEY, VerdictStatus.WRONG_WORK),
        ("aaa2019", VerdictStatus.UNCHECKED),
    ]


def test_a_reference_is_shown_beside_the_registrys_record(bibliography: Bibliography) -> None:
    lock = lock_of(bibliography, found({**ITEM, "volume": "7", "title": "\x1b[2J" + TITLE}))
    detail = listing.show(KEY, bibliography, lock, judge(bibliography, lock=lock, snapshot=None))
    fields = {field.name: field for field in detail.fields}
    assert (fields["volume"].cited, fields["volume"].registry) == ("3", "7")
    assert fields["volume"].why
    assert not fields["DOI"].why
    assert fields["authors"].cited == "Okafor, Ada B.; Novák, Jan"
    assert "\x1b" not in fields["title"].registry
    assert detail.answers[0].sha256 == "0" * 64


def test_an_identifier_is_shown_and_an_unknown_key_is_not(bibliography: Bibliography) -> None:
    key = "doi:10.1000/naps.1"
    lock = Lock(references={key: assess(None, digest_of_key(key), (found(ITEM),))})
    judged = judge(bibliography, lock=lock, snapshot=None, identifier_keys=["doi:10.1000/NAPS.1"])
    detail = listing.show("doi:10.1000/NAPS.1", bibliography, lock, judged)
    assert detail.line.status is VerdictStatus.OK
    with pytest.raises(UsageError):
        listing.show("nobody1900", bibliography, lock, judged)


def test_a_submission_without_citations_has_nothing_to_look_up(bibliography: Bibliography) -> None:
    empty = submission(bibliography, judge(Bibliography(), lock=Lock(), snapshot=None))
    assert findings(retractions.RetractionData(), replace(empty, release=True)) == []
