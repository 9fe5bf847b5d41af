"""How well figures are compared with abstracts (CLM029): `nox -s bench -- figures`.

    sets        invented abstracts with sentences that say the same, say something else, or give another value for what the
                abstract says (tests/corpora/figures). precision: of the sentences warned of, how many give another value;
                recall: of those, how many are warned of; each with its 95% interval (Wilson).
    altered     sentences of real abstracts and plain-language summaries with the first digit of one figure changed, against
                the abstract that they are from: how many are warned of.
    unchanged   the same sentences as they are: any warning is a false one.
    left out    the same sentences against their abstract without the sentence itself: what is left has other figures, or the
                same one again. Any warning is taken for a false one.
    article     the sentences of a real article with the real abstracts of its sources; warnings are printed, to be judged by
                eye.

The real texts lie in the folder that PUBKIT_SHARED_DATA names, or in `shared/data` beside the checkout; without them only
the sets are measured.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from pubkit import manuscript
from pubkit.claims.figures.comparison import figures
from pubkit.claims.figures.quantities import Kind, Quantity, quantities
from pubkit.claims.figures.statements import compared
from pubkit.claims.reading import read
from pubkit.editorial.model import FigureState
from pubkit.manuscript.sentences import sentence_spans
from pubkit.project import loading
from pubkit.references.registries.untrusted import abstract_of

SETS = Path(__file__).parents[1] / "corpora" / "figures"
EXPORTS = {
    "cs-wos.ris": r"(?m)^AB  - (.{200,})$",
    "revtools-scopus.ris": r"(?m)^AB  - (.{200,})$",
    "revtools-pubmed.nbib": r"(?m)^AB  - (.{200,})$",
    "men-covidtemp.bib": r"(?s)abstract\s*=\s*\{(.{200,9000}?)\},?\n",
    "men-metabol.bib": r"(?s)abstract\s*=\s*\{(.{200,9000}?)\},?\n",
}


def shared() -> Path:
    here = Path(__file__).resolve()
    return Path(os.environ.get("PUBKIT_SHARED_DATA") or here.parents[3] / "shared" / "data")


def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def warned(text: str, abstract: str) -> bool:
    return any(one.state is FigureState.OTHER_VALUE for one in figures(text, {"a": abstract}))


def share(hits: int, of: int) -> str:
    """A share with its 95% Wilson interval."""
    z, part = 1.96, hits / of
    middle = (part + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(part * (1 - part) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{part:.2f} ({max(0.0, middle - half):.2f}-{min(1.0, middle + half):.2f}, {hits} of {of})"


def own_set(name: str) -> None:
    counts: Counter[str] = Counter()
    for one in yaml.safe_load((SETS / f"{name}.yaml").read_text("utf-8")):
        for kind in ("faithful", "other", "altered"):
            for text in one[kind]:
                counts[kind] += 1
                counts[f"{kind} warned"] += warned(text, one["abstract"])
    right = counts["altered warned"]
    found = right + counts["faithful warned"] + counts["other warned"]
    write(f"{name:<16} precision {share(right, found)}   recall {share(right, counts['altered'])}")


def abstracts(data: Path) -> Iterator[tuple[str, list[str]]]:
    """Real abstracts and plain-language summaries, by the file that they are from."""
    for name, pattern in EXPORTS.items():
        text = (data / "bibliographies" / name).read_text("utf-8", "replace").replace("\n      ", " ")
        yield (
            name,
            [abstract_of(re.sub(r"[{}\\]", "", one)) for one in re.findall(pattern, text)],
        )
    for name in ("cochrane.jsonl", "nih.jsonl"):
        lines = (data / "trustworthy" / name).read_text("utf-8").splitlines()
        yield name, [" ".join(json.loads(line)["paragraphs"]) for line in lines if line.strip()]


def altered(text: str, quantity: Quantity) -> str:
    """The sentence with the first digit of a figure changed; empty for a figure in words."""
    digit = re.search(r"\d", text[quantity.start : quantity.end])
    if digit is None or quantity.kind in {Kind.PROBABILITY, Kind.FOLD}:
        return ""
    place = quantity.start + digit.start()
    return f"{text[:place]}{(int(digit[0]) + 3) % 9 + 1}{text[place + 1 :]}"


def real(name: str, texts: list[str]) -> None:
    counts: Counter[str] = Counter()
    for text in texts:
        parts = [text[start:end] for start, end in sentence_spans(text)]
        for index, part in enumerate(parts):
            held = quantities(part)
            counts["figures"] += len(held)
            counts["unchanged"] += warned(part, text)
            counts["left out"] += warned(part, " ".join((*parts[:index], *parts[index + 1 :])))
            changed = [one for one in (altered(part, quantity) for quantity in held) if one]
            counts["altered"] += len(changed)
            counts["altered warned"] += sum(warned(one, text) for one in changed)
    write(
        f"{name:<22} {len(texts):4} texts {counts['figures']:5} figures   unchanged {counts['unchanged']}   "
        f"left out {counts['left out']}   altered {share(counts['altered warned'], counts['altered'])}"
    )


def article(folder: Path) -> None:
    items = json.loads((folder / "references.json").read_text("utf-8"))
    held = {item["id"]: abstract_of(item["abstract"]) for item in items if item.get("abstract")}
    text = re.sub(r"\A---\n.*?\n(?:---|\.\.\.)\n", "", (folder / "manuscript.md").read_text("utf-8"), flags=re.DOTALL)
    with tempfile.TemporaryDirectory() as name:
        Path(name, "00-text.md").write_text(text, "utf-8")
        Path(name, "pubkit.yaml").write_text("title: A text\nversion: '1'\ndates: {published: 2021-12-28}\n", "utf-8")
        loaded = loading.load(name)
        statements = read(manuscript.read(loaded).document, loaded.publication)
    states: Counter[str] = Counter()
    for statement, figure in compared(statements, held):
        states[figure.state.value] += 1
        if figure.state is FigureState.OTHER_VALUE:
            write(f"    {statement.text[:200]} | {figure.held} | {figure.quote}")
    write(f"{folder.name}: {', '.join(f'{count} {state}' for state, count in states.most_common())}")


def main() -> int:
    for name in ("tuning", "held-out", "held-out-second", "held-out-third"):
        own_set(name)
    data = shared()
    if not data.is_dir():
        write("Real texts are not measured: they are not there (set PUBKIT_SHARED_DATA).")
        return 0
    for name, texts in abstracts(data):
        real(name, texts)
    article(data / "manuscripts" / "deep-review")
    return 0


if __name__ == "__main__":
    sys.exit(main())
