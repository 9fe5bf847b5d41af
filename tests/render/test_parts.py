"""A book that is set in parts, side by side, is the book that WeasyPrint prints in one piece."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from msgspec import Struct, structs
from pikepdf import Name

from pubkit import steps
from pubkit.manuscript.tree import Para, Space, Str, Tree, copied, every, plain_text
from pubkit.proof.pdf import prove
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf
from pubkit.render.pdf.press import Press
from pubkit.render.pdf.side_by_side import Part
from pubkit.store.kept import Kept

from .test_book import write_book


def edition_of(folder: Path) -> Edition:
    """The edition of a draft of the publication in `folder`, as the pipeline makes it."""
    clock = steps.Clock(None)
    order = steps.load(folder, "draft")
    text = steps.read(order, clock)
    known = steps.look_up(order, text, clock)
    cited = steps.cite(order, text, known, clock)
    return steps.edition(steps.compared(steps.gather(order, text, known, order.mode), cited), cited)


def printed(
    edition: Edition, *, shortest: int = 0, kept: Kept | None = None, told: Callable[[int, int], None] | None = None
) -> bytes:
    """The PDF; a book of at least `shortest` characters is set in parts, of which `told` is told."""
    job = pdf.job(edition, shortest=shortest)
    assert (job["parts"] is not None) == (shortest == 0)
    with Press(kept) as press:
        press.prepare(pdf.preparation(edition.publication, edition.styles))
        press.start(job, told)
        return press.result()


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    """A book of two parts with a preface, chapters, an appendix, lists, notes, an index, and links between all of them."""
    folder = write_book(tmp_path_factory.mktemp("book"), **{"07-notes.md": NOTES})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795305600")
        yield edition_of(folder)


NOTES = """# A chapter on Übergänge

See [the lamps](#lamps), @fig:wave and @tbl:item; the ear is [here]{.index entry="wakes"}.[^one]

[^one]: A note, and *more*: café, Größe, naïve.

| Hour | Many levels, one of which is much longer than all the others |
|:-----|------:|
| 22   |    40 |

: Levels by hour, again. {#tbl:again}
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Counting:
    """Where the parts of the book in `both` are kept."""
    return Counting(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def both(edition: Edition, kept: Counting) -> tuple[bytes, bytes]:
    data = printed(edition, shortest=1 << 30), printed(edition, kept=kept)
    assert len(kept.made) > 7
    return data


def test_a_book_in_parts_is_the_book_in_one_piece(both: tuple[bytes, bytes], edition: Edition) -> None:
    one_piece, in_parts = (described(data) for data in both)
    assert one_piece.keys() == in_parts.keys()
    for what, value in one_piece.items():
        assert in_parts[what] == value, what
    assert len(one_piece["text"]) > 30
    assert any(target.startswith("pubkit-index-") for _, _, target, _, _ in one_piece["links"])
    verdicts = [[(one.rule, one.message) for one in prove(data, edition, "book.pdf")] for data in both]
    assert verdicts == [[], []]


def test_chapters_that_did_not_change_are_kept_and_the_book_is_the_same_as_a_new_one(
    both: tuple[bytes, bytes], edition: Edition, kept: Counting
) -> None:
    for change, made in (("light sleepers", 2), ("far more " * 900, None), ("", 0)):
        kept.made.clear()
        edited = structs.replace(edition, tree=_said(edition.tree, change), source_sha256=f"{len(change)}")
        edited = edited if change else edition
        again = printed(edited, kept=kept)
        assert again == (printed(edited) if change else both[1])
        assert made is None or len(kept.made) == made
    parts: list[tuple[int, int]] = []
    assert printed(edition, kept=kept, told=lambda done, of: parts.append((done, of))) == both[1]
    assert sorted(parts) == [(done, len(parts)) for done in range(1, len(parts) + 1)]
    assert len(parts) > 4
    for file in kept.folder.iterdir():
        file.write_bytes(file.read_bytes()[:-9] + b"damaged..")
    assert printed(edition, kept=kept) == both[1]


class Counting(Kept):
    """Keeps what it is given, and notes the parts that were printed."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache)
        self.folder = cache
        self.made: list[bytes] = []

    def keep(self, question: bytes, answer: Struct) -> None:
        """Keep `answer`, and note it."""
        if isinstance(answer, Part):
            self.made.append(question)
        super().keep(question, answer)


def _said(tree: Tree, words: str) -> Tree:
    """The tree with more words at the end of a paragraph in the middle of the book."""
    changed = copied(tree)
    place = next(one for one in every(Para, changed.blocks) if plain_text(one).startswith("At home it is quiet"))
    place.content += [Space(), Str(words.replace(" ", "\u00a0") if len(words) < 30 else words)]
    return changed


def described(data: bytes) -> dict[str, Any]:
    """What a reader and a program can see of a PDF."""
    text = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    with pikepdf.open(io.BytesIO(data)) as book:
        page_of = {page.obj.objgen: number for number, page in enumerate(book.pages)}
        with book.open_outline() as outline:
            bookmarks = list(_bookmarks(outline.root, page_of))
        names = list(book.Root.Names.Dests.Names)
        return {
            "text": text,
            "labels": [page.label for page in book.pages],
            "sizes": [_numbers(page.obj.MediaBox) for page in book.pages],
            "places": {str(key): _place(at, page_of) for key, at in zip(names[::2], names[1::2], strict=True)},
            "links": [link for page in book.pages for link in _links(page.obj, page_of)],
            "outline": bookmarks,
            "structure": _structure(book, page_of),
            "information": {key: str(value) for key, value in book.docinfo.items()},
            "metadata": book.Root.Metadata.read_raw_bytes(),
            "catalogue": sorted(book.Root.keys()),
            "identifier": bytes(book.trailer.ID[0]),
            "faces": {str(font.BaseFont): _face(font) for page in book.pages for font in page.Resources.Font.values()},
        }


def _numbers(values: Any) -> list[float]:
    return [round(float(value), 2) for value in values]


def _place(at: Any, page_of: Mapping[tuple[int, int], int]) -> tuple[int, list[float]]:
    return page_of[at[0].objgen], _numbers(list(at)[2:4])


def _links(page: Any, page_of: Mapping[tuple[int, int], int]) -> Iterator[tuple[int, list[float], str, str, str]]:
    for one in page.get("/Annots", []):
        address = str(one.A.URI) if "/A" in one else ""
        yield page_of[page.objgen], _numbers(one.Rect), str(one.get("/Dest", "")), address, str(one.Contents)


def _bookmarks(items: Any, page_of: Mapping[tuple[int, int], int]) -> Iterator[Any]:
    for one in items:
        yield one.title, _place(one.destination, page_of), one.is_closed, list(_bookmarks(one.children, page_of))


def _structure(book: pikepdf.Pdf, page_of: Mapping[tuple[int, int], int]) -> Any:
    """The structure tree; each part of it must be found from its page or annotation, and lead back to what is above it."""
    numbers = list(book.Root.StructTreeRoot.ParentTree.Nums)
    owners: dict[int, Any] = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    assert list(owners) == list(range(len(owners)))

    def kid(one: Any, parent: Any) -> Any:
        if isinstance(one, int):
            page = book.pages[page_of[parent.Pg.objgen]].obj
            assert owners[int(page.StructParents)][one].objgen == parent.objgen
            return one
        if one.get("/Type") == Name.OBJR:
            assert owners[int(one.Obj.StructParent)].objgen == parent.objgen
            return page_of[one.Pg.objgen], str(one.Obj.get("/Dest", ""))
        assert one.P.objgen == parent.objgen
        facts = {key: str(value) for key, value in dict(one.get("/A", {})).items()}
        inner = [kid(each, one) for each in one.get("/K", [])]
        return str(one.S), page_of[one.Pg.objgen], str(one.get("/Alt", "")), facts, inner

    document = book.Root.StructTreeRoot.K[0]
    return [kid(one, document) for one in document.K]


def _face(font: Any) -> tuple[Any, ...]:
    """What a font says about its face, and the face itself."""
    inner = font.DescendantFonts[0]
    about = inner.FontDescriptor
    file = about.get("/FontFile2", about.get("/FontFile3"))
    widths = [list(map(float, one)) if isinstance(one, pikepdf.Array) else int(one) for one in inner.W]
    box = _numbers(about.FontBBox)
    return int(about.Flags), box, widths, font.ToUnicode.read_bytes(), file.read_bytes()
