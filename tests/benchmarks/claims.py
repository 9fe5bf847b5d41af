"""How well the claim rules do on labelled sentences of real consumer pages: `nox -s bench -- claims`.

Each sentence is put to the rules as a reader would meet it, after the sentence before it, with no citation key. A rule that
finds something in it counts for its category. Labels that only one of the two readers gave count neither as hit nor as miss.

    precision   of the sentences found, how many both readers had labelled so
    recall      of the sentences both readers had labelled so, how many are found
    95%         the interval of each share (Wilson): rare labels are known only roughly

The same rules are then put to careful prose (a long review article with its citations), where every finding of a blocking
rule is counted as an alarm on so many sentences.

The data lie in the folder that PUBKIT_SHARED_DATA names, or in `shared/data` beside the checkout; without them there is
nothing to measure, and the program says so and ends with 1. `--list` prints every miss and every false alarm; `--set FILE`
measures another set of the same form.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from pubkit import manuscript
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import Block, BlockKind, Document, Manuscript
from pubkit.manuscript.tree import Tree
from pubkit.project import loading
from pubkit.project.metadata import Dates, Publication
from pubkit.references.model import Bibliography
from pubkit.rules import own
from pubkit.rules.base import Submission

TODAY = dt.date(2026, 11, 22)


@dataclass(frozen=True)
class Category:
    """A category of claims: the rules that judge it, the label it answers to, and what must be reached."""

    name: str
    rules: tuple[str, ...]
    labels: tuple[str, ...]
    precision: float | None = None
    recall: float | None = None
    without: tuple[str, ...] = ()


CATEGORIES = (
    Category("evidence without source", ("CLM001", "CLM003"), ("evidence",), 0.85, 0.80, without=("cited",)),
    Category("... and evidence lacking", ("CLM001", "CLM002", "CLM003"), ("evidence",), without=("cited",)),
    Category("statistic", ("CLM004",), ("statistic",)),
    Category("disease claim", ("CLM010",), ("disease",)),
    Category("absolute safety", ("CLM011",), ("safety",), 0.95),
    Category("promotion", ("CLM013", "CLM014"), ("promo",)),
    Category("shop phrases", ("LNK001", "LNK003", "LNK006"), ("commerce",), 0.95),
    Category("... and testimonials", ("LNK001", "LNK003", "LNK006", "LNK007"), ("commerce", "promo")),
    Category("dose in figures", ("CLM019",), ("dose",)),
    Category("dose and dosage advice", ("CLM019", "CLM020"), ("dose",)),
    Category("stigma", ("STY001",), ("stigma",)),
)
Row = Mapping[str, object]


@dataclass(frozen=True)
class Score:
    """Counts of one category, and the sentences that count against it."""

    hits: int
    alarms: tuple[str, ...]
    misses: tuple[str, ...]

    @property
    def found(self) -> int:
        return self.hits + len(self.alarms)

    @property
    def labelled(self) -> int:
        return self.hits + len(self.misses)


def shared() -> Path:
    here = Path(__file__).resolve()
    return Path(os.environ.get("PUBKIT_SHARED_DATA") or here.parents[3] / "shared" / "data")


def submitted(before: str, text: str) -> Submission:
    """A publication of one paragraph: the sentence after the one before it."""
    if not re.search(r"[.!?][\"'”’)]?\s*$", before):
        before = ""
    words = f"{before} {text}".strip()
    place = Location("text.md", 1, 1)
    anchors = tuple((match.start(), Location("text.md", 1, match.start() + 1)) for match in re.finditer(r"\S+", words))
    block = Block(BlockKind.PARAGRAPH, words, place, anchors=anchors)
    publication = Publication(title="A text", dates=Dates(published=TODAY), version="1")
    document = Document(Tree(), (block,), (), (), (), (), ())
    return Submission(publication, Manuscript(publication, (), document, {}), Bibliography(), {}, (), TODAY)


def judged(before: str, text: str) -> set[str]:
    """The ids of the rules that find something in `text`, not in the sentence before it."""
    submission = submitted(before, text)
    sentences = {
        statement.text
        for statement in submission.statements
        if statement.block.kind is BlockKind.PARAGRAPH
        and statement.sentence.end > len(statement.block.text) - len(text)
    }
    wanted = {rule for category in CATEGORIES for rule in category.rules}
    kinds = [rule for rule in own() if rule.id in wanted]
    return {finding.rule for kind in kinds for finding in kind.check(submission) if finding.context in sentences}


def score(category: Category, rows: Sequence[Row], found: Sequence[set[str]]) -> Score:
    hits, alarms, misses = 0, [], []
    for row, rules in zip(rows, found, strict=True):
        agreed, disputed = set(_labels(row, "agreed")), set(_labels(row, "disputed"))
        if agreed & set(category.without):
            continue
        labelled = bool(agreed & set(category.labels))
        if not labelled and disputed & set(category.labels):
            continue
        flagged = bool(rules & set(category.rules))
        hits += flagged and labelled
        if flagged and not labelled:
            alarms.append(str(row["text"]))
        if labelled and not flagged:
            misses.append(str(row["text"]))
    return Score(hits, tuple(alarms), tuple(misses))


def _labels(row: Row, name: str) -> list[str]:
    labels = row[name]
    return [str(label) for label in labels] if isinstance(labels, list) else []


def interval(hits: int, of: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: int, of: int) -> str:
    if not of:
        return "   -              "
    low, high = interval(hits, of)
    return f"{hits / of:5.2f} ({low:.2f}-{high:.2f})"


def report(rows: Sequence[Row], *, listed: bool) -> bool:
    """Print the table; whether every target is reached."""
    found = [judged(str(row.get("prev", "")), str(row["text"])) for row in rows]
    write(f"{len(rows)} sentences\n")
    write(f"{'category':<26} {'rules':<30} {'precision (95%)':<20} {'recall (95%)':<20} hits alarms misses")
    reached = True
    for category in CATEGORIES:
        result = score(category, rows, found)
        line = f"{category.name:<26} {' '.join(category.rules):<30} {share(result.hits, result.found):<20} "
        line += (
            f"{share(result.hits, result.labelled):<20} {result.hits:4} {len(result.alarms):6} {len(result.misses):6}"
        )
        for name, target, of in (
            ("precision", category.precision, result.found),
            ("recall", category.recall, result.labelled),
        ):
            if target is not None:
                good = bool(of) and result.hits / of >= target
                reached = reached and good
                line += f"  {name} >= {target:.2f} {'reached' if good else 'NOT REACHED'}"
        write(line)
        if listed:
            for kind, texts in (("alarm", result.alarms), ("miss", result.misses)):
                for text in texts:
                    write(f"    {kind}: {text}")
    return reached


def careful_prose(folder: Path, *, listed: bool) -> None:
    """Print how often the blocking rules speak on a long review article with its citations."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        text = (folder / "manuscript.md").read_text("utf-8")
        (root / "01-text.md").write_text(text[text.index("\n## ") :], "utf-8")
        said = {"title": "A review", "version": "1", "dates": {"published": "2021-12-28"}}
        (root / "pubkit.yaml").write_text(yaml.safe_dump(said), "utf-8")
        loaded = loading.load(root)
        read_text = manuscript.read(loaded)
    submission = Submission(loaded.publication, read_text, Bibliography(), {}, (), TODAY)
    sentences = sum(statement.in_body for statement in submission.statements)
    began = time.perf_counter()
    kinds = [kind for kind in own() if kind.id.startswith(("CLM", "LNK", "STY"))]
    findings = [finding for kind in kinds for finding in kind.check(submission)]
    seconds = time.perf_counter() - began
    write(f"\ncareful prose: {sentences} sentences of a review article, {seconds:.1f} s for {len(kinds)} rules")
    for kind in kinds:
        of_kind = [finding for finding in findings if finding.rule == kind.id]
        if of_kind:
            errors = sum(finding.severity is Severity.ERROR for finding in of_kind)
            write(f"  {kind.id}  {kind.entry.title:<75} {errors:3} errors {len(of_kind) - errors:3} others")
        if listed:
            for finding in of_kind:
                write(f"    {_line(finding)}")


def _line(finding: Finding) -> str:
    return f"{finding.severity.value} {finding.location}: {finding.message} | {finding.context[:160]}"


def write(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--set", type=Path, help="a file of the same form as claims/dev.jsonl")
    options.add_argument("--list", action="store_true", help="print every miss and every false alarm")
    given = options.parse_args()
    labelled = given.set or shared() / "claims" / "dev.jsonl"
    if not labelled.is_file():
        write(f"Nothing to measure: {labelled.name} is not there (set PUBKIT_SHARED_DATA).")
        return 1
    rows = [json.loads(line) for line in labelled.read_text("utf-8").splitlines() if line.strip()]
    reached = report(rows, listed=given.list)
    prose = shared() / "manuscripts" / "deep-review"
    if prose.is_dir():
        careful_prose(prose, listed=given.list)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
