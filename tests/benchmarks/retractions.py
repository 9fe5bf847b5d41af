"""How well retracted works are found, and how fast: `nox -s bench -- retractions`.

    found           of the DOIs of the retraction map, how many get the verdict the map gives them
    false flags     of the DOIs of its notices (those that are no work's own), how many are flagged; must be 0
    answers         registries' real answers: retractions, concerns, and notices, each with the verdict it must get
    look-ups        DOIs looked up in a second, all in one batch, those that are there and those that are not
    judging         seconds for 2,000 entries, lock and snapshot opened, read and looked up

The data lie in the folder that PUBKIT_SHARED_DATA names, or in `shared/data` beside the checkout; without them there is
nothing to measure, and the program says so and ends with 1, as it does where a figure that must be reached is not.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from pubkit.references.assessment import assess
from pubkit.references.bibliography.reading import read
from pubkit.references.item import Item, as_json
from pubkit.references.model import VerdictStatus
from pubkit.references.notices import standing
from pubkit.references.registries import Record, RegisteredItem, crossref, datacite, pubmed
from pubkit.references.registries import lock as locks
from pubkit.references.registries.lock import Lock, RegistryAnswer, digest_of_entry
from pubkit.references.registries.snapshot import FILE_NAME, Snapshot, build
from pubkit.references.verdicts import judge

T = TypeVar("T")

DAY = dt.date(2026, 8, 8)
COLUMNS = (
    "Title", "Author", "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate", "OriginalPaperDOI",
    "OriginalPaperPubMedID", "RetractionNature",
)  # fmt: skip
NATURE = {VerdictStatus.RETRACTED: "Retraction", VerdictStatus.CONCERN: "Expression of concern"}
FLAGS = frozenset(NATURE)
ENTRIES = 2_000
LEAST_LOOKUPS = 50_000

#: What the real answers must come to; all others are sound.
ANSWERS = {
    "compare_crossref_wakefield_retracted.json": VerdictStatus.RETRACTED,
    "crossref_reciprocal_retracted_paper.json": VerdictStatus.RETRACTED,
    "compare_pubmed_wakefield_retracted.txt": VerdictStatus.RETRACTED,
    "pubmed_retracted.txt": VerdictStatus.RETRACTED,
    "compare_crossref_expression_of_concern.json": VerdictStatus.CONCERN,
    "compare_crossref_partial_retraction.json": VerdictStatus.CONCERN,
    "pubmed_eci_concern.txt": VerdictStatus.CONCERN,
}


def main() -> int:
    """Measure, print, and say by the exit code whether everything was reached."""
    shared = Path(os.environ.get("PUBKIT_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    if not shared.is_dir():
        print("The shared data is not here (PUBKIT_SHARED_DATA): nothing to measure.")
        return 1
    kinds, notices = retraction_map(shared / "retractions" / "retractions.json")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        seconds, _ = timed(lambda: build(root / FILE_NAME, table(kinds), date=DAY))
        size = (root / FILE_NAME).stat().st_size / 1e6
        print(f"snapshot        {len(kinds):,} works, {size:.1f} MB, built in {seconds:.1f} s")
        with Snapshot(root / FILE_NAME) as snapshot:
            reached = [measure_finding(snapshot, kinds, notices), measure_lookups(snapshot, kinds)]
        reached += [measure_answers(shared / "registry-answers"), measure_judging(root)]
    return 0 if all(reached) else 1


def retraction_map(path: Path) -> tuple[dict[str, VerdictStatus], list[str]]:
    """The verdict on each work of the map, and the DOIs that only notices have."""
    held = json.loads(path.read_text("utf-8"))
    retractions, concerns = (
        {doi.lower(): by for doi, by in held[name].items()} for name in ("retractions", "concerns")
    )
    kinds = dict.fromkeys(concerns, VerdictStatus.CONCERN) | dict.fromkeys(retractions, VerdictStatus.RETRACTED)
    named = {by.lower() for by in (*retractions.values(), *concerns.values()) if by}
    return kinds, sorted(doi for doi in named - kinds.keys() if doi.startswith("10."))


def table(kinds: Mapping[str, VerdictStatus]) -> bytes:
    """The map in the form of the Retraction Watch CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({"OriginalPaperDOI": doi, "RetractionNature": NATURE[kind]} for doi, kind in kinds.items())
    return text.getvalue().encode()


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """How many seconds `work` takes, and what it returns."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def measure_finding(snapshot: Snapshot, kinds: Mapping[str, VerdictStatus], notices: list[str]) -> bool:
    """Whether every work is found and no notice flagged."""
    found = snapshot.notices({doi: Item(doi=doi) for doi in kinds})
    right = sum(standing(found.get(doi, ())).status is kind for doi, kind in kinds.items())
    flagged = snapshot.notices({doi: Item(doi=doi) for doi in notices})
    print(f"found           {right:,} of {len(kinds):,}")
    print(f"false flags     {len(flagged)} of {len(notices):,} notices")
    return right == len(kinds) and not flagged


def measure_lookups(snapshot: Snapshot, kinds: Mapping[str, VerdictStatus]) -> bool:
    """Whether look-ups are fast enough, of works that are there and of works that are not."""
    there = {doi: Item(doi=doi) for doi in kinds}
    absent = {doi: Item(doi=doi) for doi in (f"10.99999/{number}" for number in range(len(kinds)))}
    rates = [
        len(kinds) / min(timed(partial(snapshot.notices, items))[0] for _ in range(3)) for items in (there, absent)
    ]
    print(f"look-ups        {rates[0]:,.0f} a second of works that are there, {rates[1]:,.0f} of others")
    return min(rates) >= LEAST_LOOKUPS


def measure_answers(folder: Path) -> bool:
    """Whether each real answer gets its verdict, and no other is flagged."""
    paths = sorted([*folder.glob("*crossref*.json"), *folder.glob("datacite*.json"), *folder.glob("*pubmed*.txt")])
    given = {path.name: standing(record_in(path).notices).status for path in paths}
    wrong = [name for name, status in given.items() if (status if status in FLAGS else None) is not ANSWERS.get(name)]
    print(f"answers         {len(paths) - len(wrong)} of {len(paths)} real answers judged rightly {', '.join(wrong)}")
    return not wrong and len(paths) >= len(ANSWERS)


def record_in(path: Path) -> Record:
    """The record in a registry's answer, by whichever registry sent it."""
    body = path.read_bytes()
    if path.suffix == ".txt":
        number = next(line.removeprefix("PMID- ") for line in body.decode().splitlines() if line.startswith("PMID- "))
        return pubmed.read(body, number) or Record(RegisteredItem())
    answer = json.loads(body)
    if "data" in answer:
        return datacite.read(body, answer["data"]["id"])
    work = answer.get("message", answer)
    return crossref.read(json.dumps({"message": work}).encode(), work["DOI"])


def answer_with(item: Item) -> RegistryAnswer:
    """A registry's answer whose record says what `item` does."""
    record = Record(msgspec.convert(as_json(item), RegisteredItem))
    return RegistryAnswer("Crossref", "doi", "found", DAY, "0" * 64, record)


def measure_judging(root: Path) -> bool:
    """Whether a lock of many entries gives the same verdicts twice; prints how long that takes."""
    fields = "author = {Okafor, Ada}, title = {Sleep of nurses}, year = {2019}"
    entries = (f"@article{{k{number}, {fields}, doi = {{10.99999/{number}}}}}" for number in range(ENTRIES))
    (root / "refs.bib").write_text("\n".join(entries), "utf-8")
    works = read(root, ["refs.bib"], ())
    references = {
        work.key: assess(work.item, digest_of_entry(work, works), (answer_with(work.item),), checked=DAY)
        for work in works
    }
    locks.write(root, Lock(references=references))

    def judged() -> str:
        with Snapshot(root / FILE_NAME) as snapshot:
            return repr(sorted(judge(works, lock=locks.read(root), snapshot=snapshot, today=DAY).items()))

    seconds, first = min(timed(judged) for _ in range(3))
    size = (root / locks.FILE_NAME).stat().st_size / 1e6
    print(f"judging         {seconds:.2f} s for {ENTRIES:,} entries from a lock of {size:.1f} MB")
    return first == judged()


if __name__ == "__main__":
    sys.exit(main())
