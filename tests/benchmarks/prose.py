"""How much prose the claim rules judge in a second, by family of rules: `nox -s bench -- prose`.

The prose is that of the shared data (PUBKIT_SHARED_DATA): texts of public bodies, of Cochrane, and a review article, without
their keys, so that every sentence is judged; repeated, each time with another word at the end of each sentence, because a
sentence that was judged is remembered. Printed are megabytes a second at 1 MB and at 10 MB, median of five processes, in
seconds of the processor, with garbage collected as seldom as by the command line; and for each rule the slowest of many
sentences of 100,000 characters made to hurt.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from pubkit.cli.main import COLLECTIONS
from pubkit.findings import Location
from pubkit.manuscript.model import Block, BlockKind, Document, Manuscript
from pubkit.manuscript.tree import Tree
from pubkit.project.metadata import Dates, Publication
from pubkit.references.model import Bibliography
from pubkit.rules import own
from pubkit.rules.base import Example, Rule, Submission

from claims import TODAY, shared  # type: ignore[import-not-found]  # isort: skip  # beside this program

FAMILIES = ("CLM", "LNK", "STY")
SIZES = (1_000_000, 10_000_000)
RUNS = 5
LONGEST = 100_000
HURTFUL = (
    *(
        "a ",
        "no ",
        "is a ",
        "studies ",
        "1,",
        "1 in ",
        "the study of ",
        "kratom ",
        "is safe ",
        "you can ",
        "a-",
        "your ",
    ),
    *("half of the ", "my pain is ", "doctors say ", "people who ", "without any ", "the most ", "can help to ", "("),
)


def paragraphs() -> list[str]:
    """The paragraphs of the shared prose."""
    found: list[str] = []
    for name in ("nih", "cochrane"):
        lines = (shared() / "trustworthy" / f"{name}.jsonl").read_text("utf-8").splitlines()
        found += [paragraph for line in lines for paragraph in json.loads(line)["paragraphs"]]
    article = (shared() / "manuscripts" / "deep-review" / "manuscript.md").read_text("utf-8")
    for part in article.split("\n\n"):
        text = " ".join(re.sub(r"\[@[^\]]*\]", "", part).split())
        if len(text) > 60 and text[0] not in "#|<:-":
            found.append(text)
    return found


def prose(size: int) -> list[str]:
    """Paragraphs of `size` characters, no sentence twice."""
    first, found, length, turn = paragraphs(), [], 0, 0
    while length < size:
        for text in first:
            word = "" if not turn else " " + "".join(chr(97 + int(digit)) for digit in str(turn)) + "q"
            found.append(re.sub(r"(?<=\w)(?=[.?!](?:\s|$))", word, text))
            length += len(found[-1])
            if length >= size:
                break
        turn += 1
    return found


def submitted(texts: Sequence[str]) -> Submission:
    """A publication of these paragraphs."""
    blocks = tuple(Block(BlockKind.PARAGRAPH, text, Location("text.md", line, 1)) for line, text in enumerate(texts, 1))
    publication = Publication(title="A text", dates=Dates(published=TODAY), version="1")
    document = Document(Tree(), blocks, (), (), (), (), ())
    return Submission(publication, Manuscript(publication, (), document, {}), Bibliography(), {}, (), TODAY)


def seconds(rules: Sequence[Rule], submission: Submission) -> float:
    """What the rules take for a submission that has been read."""
    start = time.process_time()
    for rule in rules:
        for _ in rule.check(submission):
            pass
    return time.process_time() - start


def measured(size: int) -> dict[str, float]:
    """Seconds of the processor for reading `size` characters and for each family, in this process."""
    submission = submitted(prose(size))
    start = time.process_time()
    _ = submission.statements, submission.kind
    found = {"reading": time.process_time() - start}
    for family in FAMILIES:
        found[family] = seconds([rule for rule in own() if rule.id.startswith(family)], submission)
    return found


def hurtful(rule: Rule) -> Iterator[str]:
    """Sentences of 100,000 characters that repeat what a rule looks for, or half of it."""
    examples = [one.text if isinstance(one, Example) else one for one in (*rule.bad, *rule.good)]
    halves = [" ".join(text.split()[: len(text.split()) // 2]) for text in examples]
    for piece in (*HURTFUL, *examples[:12], *halves[:12]):
        text = re.sub(r"[.!?;:]\s*", " ", piece).strip() + " "
        yield (text * (LONGEST // len(text) + 1))[:LONGEST]


def main() -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--one", type=int, help="measure one size in this process, and print JSON")
    given = options.parse_args()
    if not (shared() / "trustworthy").is_dir():
        print("Nothing to measure: the shared data is not there (set PUBKIT_SHARED_DATA).")
        return 1
    gc.set_threshold(*COLLECTIONS)
    if given.one:
        print(json.dumps(measured(given.one)))
        return 0
    print(f"{'megabytes a second, median of ' + str(RUNS):<40} {'1 MB':>8} {'10 MB':>8}")
    runs = {size: [_apart(size) for _ in range(RUNS)] for size in SIZES}
    for name in ("reading", *FAMILIES, "all rules"):
        speeds = [statistics.median(size / 1e6 / _of(run, name) for run in runs[size]) for size in SIZES]
        print(f"{name:<40} {speeds[0]:8.2f} {speeds[1]:8.2f}")
    print(f"\n{'a sentence of 100,000 characters':<40} {'seconds':>8}")
    for rule in own():
        if rule.id.startswith(FAMILIES):
            print(f"{rule.id:<40} {max(seconds([rule], submitted([text])) for text in hurtful(rule)):8.2f}", flush=True)
    return 0


def _of(run: dict[str, float], name: str) -> float:
    return run[name] if name in run else sum(run[family] for family in FAMILIES)


def _apart(size: int) -> dict[str, float]:
    """The measurement in a process of its own, in which nothing is remembered or compiled."""
    command = [sys.executable, __file__, "--one", str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
