"""How well the claim rules do on sentences and prose that nobody here wrote: `nox -s bench -- claims`.

Three things are measured, each with its 95% interval (Wilson), because rare labels are known only roughly:

    sentences   labelled sentences of consumer pages. Each is put to the rules as a reader would meet it, after the sentence
                before it, with no citation key. precision: of the sentences found, how many are labelled so; recall: of the
                sentences labelled so, how many are found. A label that only one of two readers gave, or that the one
                reader doubted, counts neither way. "blocks" counts findings that are errors, "notices" all.
    prose       texts of public bodies and of Cochrane, with a key at the end of each paragraph: errors per 1,000 words.
    manuscripts real articles, methods books and JOSS papers: errors of the claim and commerce rules, to be read by eye.

The data lie in the folder that PUBKIT_SHARED_DATA names, or in `shared/data` beside the checkout; without them there is
nothing to measure, and the program says so and ends with 1. `--list` prints every miss and every false alarm; `--set FILE`
measures another set of sentences.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from forms_page import MEASURED, interval  # type: ignore[import-not-found]  # beside this program

from pubkit import manuscript
from pubkit.claims.engine import form_ids, forms
from pubkit.errors import PubkitError
from pubkit.findings import Finding, Location, Severity
from pubkit.language.matching import matchable
from pubkit.manuscript.model import Block, BlockKind, Citation, CitationMode, Document, Manuscript
from pubkit.manuscript.tree import Tree
from pubkit.project import loading
from pubkit.project.metadata import Dates, Publication
from pubkit.references.model import Bibliography
from pubkit.rules import own
from pubkit.rules.base import Submission

TODAY = dt.date(2026, 11, 22)


@dataclass(frozen=True)
class Category:
    """A category of claims: the rules that judge it, the label it answers to, and what must be reached.

    A finding on a sentence with one of the labels `allowed` is no false alarm; `blocks` counts errors only.
    """

    name: str
    rules: tuple[str, ...]
    labels: tuple[str, ...]
    precision: float | None = None
    recall: float | None = None
    allowed: tuple[str, ...] = ()
    blocks: bool = True


_CLAIMS = ("evidence", "safety", "stop", "promo")
_HEALS = ("CLM010", "CLM024", "CLM025")
CATEGORIES = (
    Category("evidence without source", ("CLM001", "CLM003"), ("evidence",), 0.90, 0.85, allowed=("statistic",)),
    Category("... and evidence lacking", ("CLM001", "CLM002", "CLM003"), ("evidence",), blocks=False),
    Category("statistic", ("CLM004",), ("statistic",), allowed=("evidence",)),
    Category("disease claim noticed", (*_HEALS, "CLM030"), ("disease",), None, 0.80, allowed=_CLAIMS, blocks=False),
    Category("disease claim blocked", _HEALS, ("disease",), 0.90, 0.75, allowed=_CLAIMS),
    Category("absolute safety", ("CLM011",), ("safety",), 0.95, 0.85),
    Category("advice to stop or refuse", ("CLM023",), ("stop",), 0.95, 0.85),
    Category("promotion", ("CLM013", "CLM014"), ("promo",), blocks=False),
    Category("shop phrases", ("LNK001", "LNK003", "LNK006"), ("commerce",), 0.95, 0.80),
    Category("... and testimonials", ("LNK001", "LNK003", "LNK006", "LNK007"), ("commerce", "promo"), blocks=False),
    Category("dose in figures", ("CLM019",), ("dose",)),
    Category("dose and dosage advice", ("CLM019", "CLM020"), ("dose",), blocks=False),
    Category("stigma", ("STY001",), ("stigma",), blocks=False),
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


def judged(before: str, text: str) -> frozenset[tuple[str, bool]]:
    """The ids of the rules that find something in `text`, not in the sentence before it, and whether that is an error."""
    submission = submitted(before, text)
    sentences = {
        statement.text
        for statement in submission.statements
        if statement.block.kind is BlockKind.PARAGRAPH
        and statement.sentence.end > len(statement.block.text) - len(text)
    }
    wanted = {rule for category in CATEGORIES for rule in category.rules}
    findings = [finding for rule in own() if rule.id in wanted for finding in rule.check(submission)]
    return frozenset(
        (finding.rule, finding.severity is Severity.ERROR) for finding in findings if finding.context in sentences
    )


def score(category: Category, rows: Sequence[Row], found: Sequence[frozenset[tuple[str, bool]]]) -> Score:
    hits, alarms, misses = 0, [], []
    for row, rules in zip(rows, found, strict=True):
        agreed, disputed = set(_labels(row, "agreed")), set(_labels(row, "disputed"))
        labelled = bool(agreed & set(category.labels))
        if "cited" in agreed or (not labelled and disputed & {*category.labels, "none"}):
            continue
        flagged = any(rule in category.rules and (error or not category.blocks) for rule, error in rules)
        hits += flagged and labelled
        if flagged and not labelled and not (agreed | disputed) & set(category.allowed):
            alarms.append(str(row["text"]))
        if labelled and not flagged:
            misses.append(str(row["text"]))
    return Score(hits, tuple(alarms), tuple(misses))


def _labels(row: Row, name: str) -> list[str]:
    labels = row[name]
    return [str(label) for label in labels] if isinstance(labels, list) else []


_RENAMED = {"shop": "commerce"}


def labelled(file: Path) -> list[Row]:
    """The rows of `file`; a set with one label a sentence is brought into the form of a set with two readers."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [row if "agreed" in row else _one_label(row) for row in rows]


def _one_label(row: Row) -> Row:
    label = str(row["label"])
    name = _RENAMED.get(label.rstrip("?"), label.rstrip("?"))
    sure, doubted = ([], [name]) if label.endswith("?") else ([name], [])
    return {"text": row["text"], "agreed": sure, "disputed": doubted}


def share(hits: int, of: int) -> str:
    if not of:
        return "   -              "
    low, high = interval(hits, of)
    return f"{hits / of:5.2f} ({low:.2f}-{high:.2f})"


def report(name: str, rows: Sequence[Row], *, listed: bool) -> bool:
    """Print the table; whether every target is reached."""
    found = [judged(str(row.get("prev", "")), str(row["text"])) for row in rows]
    write(f"\n{name}: {len(rows)} sentences\n")
    write(f"{'category':<26} {'rules':<27} {'precision (95%)':<18} {'recall (95%)':<18} hits alarms misses")
    reached = True
    for category in CATEGORIES:
        result = score(category, rows, found)
        line = f"{category.name:<26} {' '.join(category.rules):<27} {share(result.hits, result.found):<18} "
        line += (
            f"{share(result.hits, result.labelled):<18} {result.hits:4} {len(result.alarms):6} {len(result.misses):6}"
        )
        for aim, target, of in (
            ("precision", category.precision, result.found),
            ("recall", category.recall, result.labelled),
        ):
            if target is not None and not of:
                line += f"  {aim}: no such sentence"
            elif target is not None:
                good = result.hits / of >= target
                reached = reached and good
                line += f"  {aim} >= {target:.2f} {'reached' if good else 'NOT REACHED'}"
        write(line)
        if listed:
            for kind, texts in (("alarm", result.alarms), ("miss", result.misses)):
                for text in texts:
                    write(f"    {kind}: {text}")
    return reached


#: The category whose labels say whether a form of a file is right.
_ANSWERS = {
    "absolute-safety": "absolute safety",
    "cure-by-parts": "disease claim noticed",
    "dangerous-claims": "disease claim noticed",
    "disease-claims": "disease claim noticed",
    "dose-advice": "dose and dosage advice",
    "doses": "dose in figures",
    "refusal-by-parts": "advice to stop or refuse",
    "refused-treatment": "advice to stop or refuse",
    "safety-by-parts": "absolute safety",
    "sale-by-parts": "shop phrases",
    "shop-wording": "shop phrases",
    "testimonials": "... and testimonials",
    "unproven-cures": "disease claim noticed",
}


def counted(rows: Sequence[Row]) -> dict[str, object]:
    """What docs/forms-measured.json holds of one set: counts for each category, and for each form (right, found)."""
    found = [judged(str(row.get("prev", "")), str(row["text"])) for row in rows]
    scores = {category.name: score(category, rows, found) for category in CATEGORIES}
    return {
        "sentences": len(rows),
        "categories": {
            category.name: {
                "rules": category.rules,
                "hits": scores[category.name].hits,
                "found": scores[category.name].found,
                "labelled": scores[category.name].labelled,
            }
            for category in CATEGORIES
        },
        "forms": {name: count for file in form_ids() for name, count in _by_form(file, rows) if count[1]},
    }


def _by_form(file: str, rows: Sequence[Row]) -> Iterator[tuple[str, tuple[int, int]]]:
    """For each form of a file, how many of the sentences that it is the first to find have one of the labels."""
    category = next((one for one in CATEGORIES if one.name == _ANSWERS.get(file)), None)
    ready = forms(file)
    if category is None or ready is None:
        return
    right: Counter[str] = Counter()
    all_found: Counter[str] = Counter()
    for row in rows:
        first = ready.first(matchable(str(row["text"])))
        labels = {*_labels(row, "agreed"), *_labels(row, "disputed")}
        if first:
            all_found[first[0].id] += 1
            right[first[0].id] += bool(labels & {*category.labels, *category.allowed})
    yield from ((f"{file}/{name}", (right[name], number)) for name, number in sorted(all_found.items()))


def record(sets: Mapping[str, Sequence[Row]]) -> None:
    """Write docs/forms-measured.json, of which `nox -s docs` makes a page."""
    measured = {
        "as_of": dt.datetime.now(dt.UTC).date().isoformat(),
        "sets": {name: counted(rows) for name, rows in sets.items()},
    }
    MEASURED.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")


#: Errors in 1,000 words that prose which deserves trust may meet.
TRUSTWORTHY = {"nih": 0.3, "cochrane": 0.5}
_FAMILIES = ("CLM", "LNK", "STY")


def with_keys(paragraphs: Sequence[str]) -> Submission:
    """A publication of these paragraphs, each ending in a citation key."""
    blocks = []
    for line, text in enumerate(paragraphs, 1):
        place = Location("text.md", line, 1)
        cited = (Citation("a", CitationMode.NORMAL, place, len(text)),)
        blocks.append(Block(BlockKind.PARAGRAPH, text, place, citations=cited))
    publication = Publication(title="A text", dates=Dates(published=TODAY), version="1")
    document = Document(Tree(), tuple(blocks), (), (), (), (), ())
    return Submission(publication, Manuscript(publication, (), document, {}), Bibliography(), {}, (), TODAY)


def errors(submission: Submission) -> list[Finding]:
    """What the claim and commerce rules would block."""
    rules = [rule for rule in own() if rule.id.startswith(_FAMILIES)]
    findings = [finding for rule in rules for finding in rule.check(submission)]
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def trustworthy(file: Path, most: float, *, listed: bool) -> bool:
    """Print the errors in 1,000 words of the texts of `file`; whether they are at most `most`."""
    texts = [json.loads(line)["paragraphs"] for line in file.read_text("utf-8").splitlines() if line.strip()]
    words = sum(len(paragraph.split()) for text in texts for paragraph in text)
    found = [finding for text in texts for finding in errors(with_keys(text))]
    rate = 1000 * len(found) / words
    verdict = "reached" if rate <= most else "NOT REACHED"
    write(
        f"{file.stem:<12} {len(texts):3} texts {words:6} words {len(found):4} errors {rate:6.2f} in 1,000 words  ",
        end="",
    )
    write(f"<= {most} {verdict}")
    if listed:
        for finding in found:
            write(f"    {_line(finding)}")
    return rate <= most


def read_real(folder: Path) -> Iterator[Submission]:
    """A real manuscript as it lies: the Markdown files of each folder as its chapters, without their own front matter."""
    files = sorted((*folder.rglob("*.md"), *folder.rglob("*.Rmd")))
    for place in sorted({file.parent for file in files}):
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            for number, file in enumerate(
                file for file in files if file.parent == place and "response" not in file.name
            ):
                text = re.sub(r"\A---\n.*?\n(?:---|\.\.\.)\n", "", file.read_text("utf-8"), flags=re.DOTALL)
                (root / f"{number:02}-text.md").write_text(text, "utf-8")
            said = {"title": "A text", "version": "1", "dates": {"published": "2021-12-28"}}
            (root / "pubkit.yaml").write_text(yaml.safe_dump(said), "utf-8")
            try:
                loaded = loading.load(root)
                read_text = manuscript.read(loaded)
            except PubkitError as refused:
                write(f"    {place.relative_to(folder.parent)}: not read: {refused}")
                continue
        yield Submission(loaded.publication, read_text, Bibliography(), {}, (), TODAY)


def manuscripts(folder: Path, *, listed: bool) -> None:
    """Print what the claim and commerce rules block in real manuscripts."""
    for one in sorted(path for path in folder.iterdir() if path.is_dir()):
        sentences, found = 0, []
        for submission in read_real(one):
            sentences += sum(statement.in_body for statement in submission.statements)
            found += errors(submission)
        by_rule = sorted(Counter(finding.rule for finding in found).items())
        write(
            f"{one.name:<26} {sentences:5} sentences {len(found):4} errors  {' '.join(f'{n}x{k}' for n, k in by_rule)}"
        )
        if listed:
            for finding in found:
                write(f"    {_line(finding)}")


def _line(finding: Finding) -> str:
    return f"{finding.rule} {finding.location}: {finding.message} | {finding.context[:200]}"


def write(line: str, end: str = "\n") -> None:
    sys.stdout.write(line + end)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--set", type=Path, action="append", help="a file of the same form as claims/dev.jsonl")
    options.add_argument("--list", action="store_true", help="print every miss and every false alarm")
    options.add_argument("--record", action="store_true", help="write docs/forms-measured.json instead of the tables")
    given = options.parse_args()
    sets = given.set or [shared() / "claims" / "dev.jsonl", shared() / "claims" / "dev2.jsonl"]
    missing = [file.name for file in sets if not file.is_file()]
    if missing:
        write(f"Nothing to measure: {missing[0]} is not there (set PUBKIT_SHARED_DATA).")
        return 1
    if given.record:
        record({file.stem: labelled(file) for file in sets})
        return 0
    reached = [report(file.name, labelled(file), listed=given.list) for file in sets]
    write("\nprose that deserves trust, a key in each paragraph")
    for name, most in TRUSTWORTHY.items():
        reached.append(trustworthy(shared() / "trustworthy" / f"{name}.jsonl", most, listed=given.list))
    write("\nreal manuscripts, with the keys they have")
    manuscripts(shared() / "manuscripts", listed=given.list)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
