"""How well the comparison of a reference with a registry's record works: `nox -s bench -- references`.

Three questions, put to `pubkit.references.comparison.works.compare` and, where it is installed, to bibaudit in the same run:

    detection       of the corrupted pairs, how many end in MISMATCH or WRONG_WORK
    false alarms    of the pairs that are one work, how many do
    speed           pairs compared in a second of processor time, reading included for pubkit and left out for bibaudit

VERSION_DRIFT is counted against us where it would hide something: a corrupted pair that ends in it counts as missed. A pair
that is one work and ends in it is no false alarm and is shown apart: those pairs are two versions of a preprint, with other
titles, authors or years, which is what the verdict says. The rate without them in the denominator stands beside.

The pairs come from HALLMARK (MIT). They lie in the folder that PUBKIT_SHARED_DATA names, or in `shared/data` beside the
checkout; without them there is nothing to measure, and the program says so and ends with 1. `--list` prints every miss and
every false alarm.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pubkit.references.bibliography.markup import fold
from pubkit.references.comparison.works import Status, compare

ROUNDS = 5
FAILING = (Status.MISMATCH, Status.WRONG_WORK)
ORIGINAL = re.compile(r"\(original: '(.*)'\)\s*$")
TARGETS = {"detection": 0.97, "false alarms": 0.05, "near-miss titles": 0.90, "times bibaudit's speed": 4.0}

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Pair:
    """A cited reference, the record of the work it claims to be, and how it was corrupted ("" if it was not)."""

    cited: Fields
    registry: Fields
    kind: str


@dataclass(frozen=True)
class Answer:
    """What a tool said of one pair: whether it fails the reference, and in which words."""

    fails: bool
    verdict: str
    why: str = ""


# ----------------------------------------------------------------------------------------------------------------- data


def shared_data() -> Path | None:
    """The folder with the reference pairs, or None."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("PUBKIT_SHARED_DATA", beside)) / "reference-pairs"
    return folder if folder.is_dir() else None


def read_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def labelled_pairs(path: Path) -> list[Pair]:
    return [
        Pair(row["cited"], row["registry"], "" if row["label"] == "same" else row["kind"]) for row in read_lines(path)
    ]


def hallmark_pairs(path: Path) -> tuple[list[Pair], int]:
    """The corrupted entries of HALLMARK, each beside the genuine entry it was made from; and how many have none.

    HALLMARK holds entries, not records. The genuine entry is known by its DOI, its title, or the title the entry's
    explanation quotes. Two genuine entries of one work make a pair that is the same. Invented DOIs are left out: whether a
    DOI exists is not a question of comparison.
    """
    rows = read_lines(path)
    genuine = [row["fields"] for row in rows if row["label"] == "VALID"]
    by_doi = {fields["doi"].lower(): fields for fields in reversed(genuine) if fields.get("doi")}
    by_title = {fold(fields["title"]): fields for fields in reversed(genuine)}
    pairs, without = [], 0
    for row in rows:
        fields, kind = row["fields"], row.get("hallucination_type") or ""
        quoted = ORIGINAL.search(row.get("explanation") or "")
        if kind == "fabricated_doi":
            continue
        record = by_doi.get(fields.get("doi", "").lower()) or by_title.get(fold(fields["title"]))
        if record is None and quoted:
            record = by_title.get(fold(quoted[1]), {**fields, "title": quoted[1]})
        if record is fields:
            continue
        if record is None:
            without += 1
        else:
            pairs.append(Pair(fields, record, kind))
    return pairs, without


# ---------------------------------------------------------------------------------------------------------------- tools


def ask_pubkit(pair: Pair) -> Answer:
    found = compare(pair.cited, pair.registry)
    why = "; ".join(f"{part.field}: {part.why}" for part in found.differences if not part.missing)
    return Answer(found.status in FAILING, found.status.value, why)


def bibaudit_questions(pairs: Sequence[Pair]) -> list[Callable[[], Answer]] | None:
    """One question for each pair, both sides read beforehand with bibaudit's own reader; None where it is not installed."""
    try:
        import bibaudit
        from bibaudit.adapters.bibtex import read_bibtex
    except ImportError:
        return None

    def references(sides: Iterable[Fields]) -> list[Any]:
        entries = []
        for number, fields in enumerate(sides):
            kind = "inproceedings" if "booktitle" in fields else "article"
            lines = "".join(f"  {name} = {{{_balanced(value)}}},\n" for name, value in fields.items())
            entries.append(f"@{kind}{{key{number:05d},\n{lines}}}\n")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pairs.bib"
            path.write_text("\n".join(entries), encoding="utf-8")
            found = {reference.key: reference for reference in read_bibtex(path)}
        return [found[f"key{number:05d}"] for number in range(len(entries))]

    def record(reference: Any) -> Any:
        return bibaudit.Record(
            source="crossref",
            doi=reference.doi,
            pmid=reference.pmid,
            title=reference.title,
            authors=reference.authors,
            years={"issued": reference.year} if reference.year else {},
            container=reference.container,
            kind={"article": "journal-article", "preprint": "posted-content"}.get(reference.kind, reference.kind),
        )

    def question(cited: Any, held: Any) -> Callable[[], Answer]:
        def ask() -> Answer:
            result = bibaudit.compare(cited, {"crossref": held}, asked={"crossref"})
            return Answer(result.fails, result.verdict)

        return ask

    cited = references(pair.cited for pair in pairs)
    held = [record(reference) for reference in references(pair.registry for pair in pairs)]
    return [question(one, other) for one, other in zip(cited, held, strict=True)]


def _balanced(value: str) -> str:
    value = " ".join(value.split())
    return value if value.count("{") == value.count("}") else value.replace("{", "").replace("}", "")


# -------------------------------------------------------------------------------------------------------------- results


def write(line: str = "") -> None:
    sys.stdout.write(line + "\n")


def share(part: int, whole: int) -> str:
    return f"{part / whole:6.3f}  ({part}/{whole})" if whole else "   -"


def report(
    title: str, pairs: Sequence[Pair], ours: Sequence[Answer], theirs: Sequence[Answer] | None, list_all: bool
) -> None:
    write(f"\n{title}: {len(pairs)} pairs")
    same = [place for place, pair in enumerate(pairs) if not pair.kind]
    corrupted = [place for place, pair in enumerate(pairs) if pair.kind]
    for name, answers in (("pubkit", ours), ("bibaudit", theirs)):
        if answers is None:
            continue
        drift = sum(answers[place].verdict == Status.VERSION_DRIFT for place in same)
        alarms = sum(answers[place].fails for place in same)
        write(f"  {name}")
        write(f"    detection            {share(sum(answers[place].fails for place in corrupted), len(corrupted))}")
        write(f"    false alarms         {share(alarms, len(same))}")
        if name == "pubkit":
            write(
                f"    ... VERSION_DRIFT    {share(drift, len(same))}  of the pairs that are one work, not counted above"
            )
            write(f"    ... without those    {share(alarms, len(same) - drift)}")
    kinds: dict[str, list[int]] = defaultdict(list)
    for place in corrupted:
        kinds[pairs[place].kind].append(place)
    write(f"  found, by kind of corruption{'pubkit':>14}{'bibaudit' if theirs else '':>12}")
    for kind, places in sorted(kinds.items()):
        line = f"    {kind:<30}{sum(ours[place].fails for place in places) / len(places):8.2f}"
        if theirs:
            line += f"{sum(theirs[place].fails for place in places) / len(places):12.2f}"
        write(f"{line}   of {len(places)}")
    counts = Counter(answer.verdict for answer in ours)
    write("  pubkit's verdicts: " + ", ".join(f"{verdict} {count}" for verdict, count in sorted(counts.items())))
    if list_all:
        for pair, answer in zip(pairs, ours, strict=True):
            if answer.fails is not bool(pair.kind):
                error = f"missed {pair.kind}" if pair.kind else "false alarm"
                write(f"  {error}: {answer.verdict}: {answer.why or 'no difference'}")
                write(f"      cited     {pair.cited.get('title', '')} | {pair.cited.get('author', '')[:160]}")
                write(f"      registry  {pair.registry.get('title', '')} | {pair.registry.get('author', '')[:160]}")


def rate(ask: Callable[[], object], count: int) -> float:
    start = time.process_time()  # not the clock on the wall: other work on the machine must not decide the ratio
    ask()
    return count / (time.process_time() - start)


def speed(pairs: Sequence[Pair], questions: Sequence[Callable[[], Answer]] | None) -> float | None:
    """Print pairs a second, the median of alternating rounds; return how many times bibaudit's rate ours is."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(rate(lambda: [compare(pair.cited, pair.registry) for pair in pairs], len(pairs)))
        if questions is not None:
            theirs.append(rate(lambda: [question() for question in questions], len(pairs)))
    write(f"\nSpeed, median of {ROUNDS} alternating rounds over {len(pairs)} pairs, processor time")
    write(f"  pubkit    {statistics.median(ours):8,.0f} pairs/s  (reading both sides included)")
    if not theirs:
        return None
    write(f"  bibaudit  {statistics.median(theirs):8,.0f} pairs/s  (both sides read beforehand)")
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the comparison of references with registry records.")
    parser.add_argument("--list", action="store_true", help="print every miss and every false alarm")
    options = parser.parse_args()
    folder = shared_data()
    if folder is None:
        write("Not measured: the reference pairs are not here. Name their folder in PUBKIT_SHARED_DATA.")
        return 1
    pairs = labelled_pairs(folder / "pairs.jsonl")
    ours = [ask_pubkit(pair) for pair in pairs]
    questions = bibaudit_questions(pairs)
    if questions is None:
        write("bibaudit is not installed here, so it is not measured beside (`pip install bibaudit==0.1.2`).")
    theirs = [question() for question in questions] if questions else None
    report("pairs.jsonl", pairs, ours, theirs, options.list)

    hallmark = folder / "hallmark-dev.jsonl"
    if hallmark.is_file():
        others, without = hallmark_pairs(hallmark)
        more = bibaudit_questions(others)
        answers = [question() for question in more] if more else None
        report("hallmark-dev.jsonl", others, [ask_pubkit(pair) for pair in others], answers, options.list)
        write(
            f"  {without} entries have no genuine entry beside them and were left out, as were those with an invented DOI."
        )
    else:
        write("\nhallmark-dev.jsonl is not here, so it is not measured.")

    ratio = speed(pairs, questions)
    corrupted = [answer for pair, answer in zip(pairs, ours, strict=True) if pair.kind]
    same = [answer for pair, answer in zip(pairs, ours, strict=True) if not pair.kind]
    near = [answer for pair, answer in zip(pairs, ours, strict=True) if pair.kind == "near_miss_title"]
    reached = {
        "detection": sum(answer.fails for answer in corrupted) / len(corrupted),
        "false alarms": sum(answer.fails for answer in same) / len(same),
        "near-miss titles": sum(answer.fails for answer in near) / len(near),
        "times bibaudit's speed": ratio,
    }
    write("\nTargets, on pairs.jsonl")
    failed = False
    for name, value in reached.items():
        if value is None:
            write(f"  {name:<24} not measured")
            continue
        good = value <= TARGETS[name] if name == "false alarms" else value >= TARGETS[name]
        failed = failed or not good
        bound = "at most" if name == "false alarms" else "at least"
        write(f"  {name:<24} {value:6.3f}   {bound} {TARGETS[name]:<5}  {'reached' if good else 'NOT REACHED'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
