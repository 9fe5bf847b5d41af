"""What an entry says of its own work is believed without a registry, and a study about withdrawal is no withdrawn study."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.references.builder import bibliography_of

from pubkit.references.bibliography.formats.tagged import read_nbib
from pubkit.references.model import Bibliography, VerdictStatus
from pubkit.references.notices import NoticeKind
from pubkit.references.own_word import own_kind, own_notices
from pubkit.references.registries.lock import Lock
from pubkit.references.verdicts import judge

DAY = dt.date(2026, 11, 22)
RECORD = """PMID- 87654321
DP  - 2018 Jun
TI  - {title}
FAU - Okafor, Ada
PT  - Journal Article
{more}TA  - J Invented Sleep Res
JT  - Journal of invented sleep research
VI  - 4
"""


def nbib(more: str = "", title: str = "Naps of night-shift nurses.") -> Bibliography:
    (entry,) = read_nbib(RECORD.format(more=more, title=title), "export.nbib").entries
    return Bibliography({entry.key: entry}, files=("export.nbib",))


def bib(title: str, **fields: str) -> Bibliography:
    more = "".join(f", {name} = {{{value}}}" for name, value in fields.items())
    return bibliography_of(f"@article{{okafor, author = {{Okafor, Ada}}, title = {{{title}}}, year = {{2018}}{more}}}")


def verdict(bibliography: Bibliography) -> VerdictStatus:
    judgement = judge(bibliography, lock=Lock(), snapshot=None, today=DAY)
    return judgement[bibliography.keys()[0]].status


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("PT  - Retracted Publication\n", VerdictStatus.RETRACTED),
        ("RIN - J Invented Sleep Res. 2019 Feb;5(1):9. PMID: 87654399\n", VerdictStatus.RETRACTED),
        ("ECI - J Invented Sleep Res. 2019 Feb;5(1):9. PMID: 87654399\n", VerdictStatus.CONCERN),
        ("PT  - Randomized Controlled Trial\n", VerdictStatus.UNCHECKED),
    ],
)
def test_a_record_of_pubmed_says_what_became_of_its_work(more: str, status: VerdictStatus) -> None:
    assert verdict(nbib(more)) is status


def test_the_notice_is_told_with_its_date_and_the_file_that_holds_it() -> None:
    (entry,) = nbib("RIN - J Invented Sleep Res. 2019 Feb;5(1):9. doi: 10.1000/r.1. PMID: 87654399\n")
    (notice,) = own_notices(entry)
    assert (notice.kind, notice.date, notice.pmid, notice.source) == (
        NoticeKind.RETRACTION,
        "2019-02",
        "87654399",
        "export.nbib",
    )


@pytest.mark.parametrize(
    "title",
    [
        "RETRACTED: Naps of nurses",
        "[Retracted] Naps of nurses",
        "RETRACTED ARTICLE: Naps of nurses",
        "Naps of nurses (Retracted article. See vol. 12, pg. 34, 2020)",
        "Naps of nurses [Retracted].",
        "[Retracted article] Naps of nurses",
        "RETRACTED Naps of nurses",
        "Retracted and replaced: Naps of nurses",
        "Naps of nurses – retracted",
        "Naps of nurses RETRACTED ARTICLE",
        "TEMPORARY REMOVAL: Naps of nurses",
        "Zurückgezogen: Nickerchen von Pflegekräften",
        "RÉTRACTÉ : Les siestes des infirmières",
        "Artículo retractado: Las siestas de enfermería",
    ],
)
def test_a_title_that_its_publisher_marked_is_believed(title: str) -> None:
    assert verdict(bib(title)) is VerdictStatus.RETRACTED


@pytest.mark.parametrize(
    "note", ["Retracted", "RETRACTED in 2020 for invented data", "This article has been retracted."]
)
def test_a_note_that_says_so_is_believed(note: str) -> None:
    assert verdict(bib("Naps of nurses", note=note)) is VerdictStatus.RETRACTED


@pytest.mark.parametrize(
    ("title", "note"),
    [
        ("Withdrawal of inhaled glucocorticoids in lung disease", ""),
        ("Retracted papers and those who go on citing them", ""),
        ("Troglitazone (withdrawn from the market) and the liver", ""),
        ("Retracted eardrums in nurses", ""),
        ("Naps of nurses whose papers were RETRACTED in 2019", ""),
        ("Naps of nurses", "Withdrawn from the market in 2000"),
        ("Naps of nurses", "One reference in it is to a retracted work"),
    ],
)
def test_a_work_about_retraction_or_withdrawal_is_not_retracted(title: str, note: str) -> None:
    assert verdict(bib(title, note=note)) is VerdictStatus.UNCHECKED


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Retraction: Naps of nurses", "retraction notice"),
        ("Retraction note to: Naps of nurses", "retraction notice"),
        ("Notice of retraction: Naps of nurses", "retraction notice"),
        ("Expression of concern: Naps of nurses", "expression of concern"),
        ("Corrigendum to “Naps of nurses”", "corrigendum notice"),
        ("Retraction-Naps of nurses", "retraction notice"),
        ("Retraction for Okafor et al., Naps of nurses", "retraction notice"),
        ("Rétractation : Les siestes des infirmières", "retraction notice"),
        ("Naps of nurses (Retraction of Vol 4, Pg 1, 2018)", "retraction notice"),
        ("Naps of nurses (vol 4, pg 1, 2018)", "correction notice"),
        ("Editorial expression of concern: Naps of nurses", "expression of concern"),
        ("Author correction: Naps of nurses", "correction notice"),
        ("Withdrawal: Naps of nurses", "withdrawal notice"),
        ("Withdrawal: a concept analysis", ""),
        ("Correction of vitamin D deficiency in nurses", ""),
        ("Retraction of the upper eyelid after naps", ""),
        ("Correction: a history of the prison", "correction notice"),
    ],
)
def test_a_notice_is_told_from_a_study_by_its_title(title: str, kind: str) -> None:
    (entry,) = bib(title)
    assert own_kind(entry) == kind


def test_a_notice_is_told_by_its_publication_type() -> None:
    (entry,) = nbib("PT  - Retraction of Publication\nROF - J Invented Sleep Res. 2018 Jun;4(2):1. PMID: 1\n")
    assert own_kind(entry) == "retraction notice"
