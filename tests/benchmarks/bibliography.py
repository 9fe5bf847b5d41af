"""How long 2,000 entries take offline: `nox -s bench -- bibliography`.

The entries are those of the shared data's large bibliography (PUBKIT_SHARED_DATA), converted to BibTeX by pandoc.
Reading and the reference rules are timed apart from pandoc's own conversion, which only cited entries need.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path

from pubkit.boundary import pandoc
from pubkit.findings import Finding
from pubkit.manuscript.model import Document, Manuscript
from pubkit.manuscript.tree import Tree
from pubkit.project.loading import today
from pubkit.project.metadata import Dates, Publication
from pubkit.references.bibliography.reading import read
from pubkit.references.model import Bibliography
from pubkit.rules import own
from pubkit.rules.base import Submission

RUNS = 3


def main() -> None:
    """Convert, read and judge the entries, and print the best of some runs."""
    shared = Path(os.environ.get("PUBKIT_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    source = shared / "speed" / "large.json"
    if not source.is_file():
        print("The large bibliography is not here (PUBKIT_SHARED_DATA): not measured.")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = len(json.loads(source.read_bytes()))
        written = pandoc.run(["--from", "csljson", "--to", "biblatex"], source.read_bytes())
        (folder / "large.bib").write_bytes(written)
        timed = []
        for _ in range(RUNS):
            start = time.perf_counter()
            works = read(folder, ["large.bib"], cited=())
            middle = time.perf_counter()
            findings = judged(works)
            timed.append((middle - start, time.perf_counter() - middle))
        best = min(timed, key=sum)
        start = time.perf_counter()
        pandoc.run(["--from", "biblatex", "--to", "csljson"], written)
        print(
            f"{count} entries: read {best[0]:.2f} s, rules {best[1]:.2f} s, together {sum(best):.2f} s (best of {RUNS})"
        )
        print(f"pandoc's own conversion of all of them: {time.perf_counter() - start:.2f} s; {len(findings)} findings")


def judged(works: Bibliography) -> list[Finding]:
    """What the rules on references and citations find in `works`, beside an empty text."""
    publication = Publication(title="Measured", dates=Dates(published=today()), version="1")
    text = Manuscript(publication, (), Document(Tree(), (), (), (), (), (), ()), {})
    submission = Submission(publication, text, works, {}, (), today())
    rules = [rule for rule in own() if rule.id.startswith(("REF", "CIT"))]
    return [finding for rule in rules for finding in rule.check(submission)]


if __name__ == "__main__":
    main()
