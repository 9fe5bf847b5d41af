"""Real publications, read, cited and written to HTML, EPUB and PDF once for all tests of the proofs."""

from __future__ import annotations

import functools
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pypdfium2
import yaml
from msgspec import structs

from pubkit import steps
from pubkit.findings import Finding
from pubkit.manuscript.tree import Attr, Cite, Image, Span, Str, Strong, copied, every, replace
from pubkit.outcome import Mode
from pubkit.proof.setting import pieces
from pubkit.render import write
from pubkit.render.model import Edition

from ..conftest import BIBLIOGRAPHY, METADATA, png

ARTICLE = """\
# How rest is measured {#sec:measured}

Guidelines say what a review should report [@page2021]. A first note stands here.[^first] The mean is $m = 7.5$ hours, as
@fig:hours and @tbl:groups show.

![Hours of rest in two groups.](hours.png){#fig:hours alt="Two bars, the second one higher."}

## What the groups slept

| Group | Hours |
|:------|------:|
| Before the change | 6.25 |
| After the change | 7.75 |

: Mean hours by group. {#tbl:groups}

[^first]: The note explains how the hours were counted.

# What remains unknown

The causes are not known, and an ornament ![](ornament.png){.decorative} changes nothing about it.
See [the first part](#sec:measured) and [the guideline](https://www.bmj.com/content/372/bmj.n71).

- A list with one thing ≥ 4 ± 1 in it.
- And another thing.

The closing words of the whole text stand at its very end.
"""


class Finished:
    """An edition, and the files made from it when they are first asked for."""

    def __init__(self, printed: Edition) -> None:
        self.edition = printed

    @functools.cached_property
    def html(self) -> bytes:
        return write("html", self.edition)

    @functools.cached_property
    def epub(self) -> bytes:
        return write("epub", self.edition)

    @functools.cached_property
    def pdf(self) -> bytes:
        return write("pdf", self.edition)


@functools.cache
def article(*, draft: bool = False) -> Finished:
    """A small article with a figure, a table, a note, a formula, a reference, an ornament and links."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        said = {**METADATA, "bibliography": "references.bib"}
        (root / "pubkit.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
        (root / "01-text.md").write_text(ARTICLE, "utf-8")
        (root / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
        (root / "hours.png").write_bytes(png(320, 200))
        (root / "ornament.png").write_bytes(png(20, 20))
        return Finished(edition(root, draft=draft))


@functools.cache
def shipped(*, draft: bool = False) -> Finished:
    """The publication that this repository ships."""
    return Finished(edition(Path(__file__).parents[2] / "manuscript", draft=draft))


def edition(folder: Path, *, draft: bool = False) -> Edition:
    """The publication in `folder` as a build hands it to the writers."""
    clock = steps.Clock(None)
    order = steps.load(folder, "draft")
    text = steps.read(order, clock)
    known = steps.look_up(order, text, clock)
    work = steps.gather(order, text, known, Mode.DRAFT)
    return structs.replace(steps.edition(work, steps.cite(order, text, known, clock)), draft=draft)


def uncited(printed: Edition) -> Edition:
    """`printed` as citeproc leaves it where the bibliography lacks an entry: the key and a question mark, strong."""
    tree = copied(printed.tree)
    cite = next(every(Cite, tree.blocks))
    cite.content = [Strong([Str(f"{cite.citations[0].key}?")])]
    return structs.replace(printed, tree=tree)


def unpictured(printed: Edition) -> Edition:
    """`printed` with words in the place of its first picture, as the reading of a manuscript puts them."""
    tree = copied(printed.tree)
    first = next(every(Image, tree.blocks))
    instead = Span((Attr(classes=["missing-picture"]), [Str("[Picture missing]")]))
    replace(Image, tree.blocks, lambda image: instead if image is first else image)
    return structs.replace(printed, tree=tree)


def rules(findings: Iterable[Finding]) -> set[str]:
    """The rules that the findings name."""
    return {finding.rule for finding in findings}


def exchanged(data: bytes, old: str, new: str) -> bytes:
    """`data` with the text `old`, which must be there, exchanged for `new`."""
    assert old.encode() in data, f"{old!r} is not in the file; the test breaks nothing"
    return data.replace(old.encode(), new.encode())


def cut(data: bytes, pattern: str) -> bytes:
    """`data` without what the pattern matches first; it must match."""
    left, count = re.subn(pattern.encode(), b"", data, count=1, flags=re.DOTALL)
    assert count, f"{pattern!r} is not in the file; the test breaks nothing"
    return left


def rezipped(
    data: bytes,
    edit: Callable[[dict[str, bytes]], None] = lambda _: None,
    *,
    type_first: bool = True,
    store_type: bool = True,
) -> bytes:
    """An EPUB unpacked, edited and packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    edit(files)
    names = sorted(files, key=lambda name: (name == "mimetype") != type_first)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            kind = zipfile.ZIP_STORED if name == "mimetype" and store_type else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), files[name], kind)
    return buffer.getvalue()


def set_pages(pdf: bytes) -> tuple[pieces.Page, ...]:
    """The pages of a PDF as pieces of text."""
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(pieces.read(page, page.get_textpage(), number) for number, page in enumerate(document, 1))
