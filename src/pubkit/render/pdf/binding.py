"""The PDFs of the parts of a book bound into one, as if WeasyPrint had printed the book in one piece.

The terms are those of ISO 32000-1. Pages, structure elements, destinations and bookmarks follow each other; what belongs to
the document (metadata, output intent, viewer preferences) is that of the first part.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from pubkit.render.pdf.faces import share
from pubkit.render.pdf.parts import ELSEWHERE

__all__ = ["bound"]


def bound(parts: Sequence[bytes], labels: Sequence[tuple[int, str, str]], faces: Mapping[str, bytes]) -> bytes:
    """Return the PDFs `parts` as one.

    Args:
        parts: the files, in the order of their pages.
        labels: the page from which on pages are called differently, from 0, the style of their numbers, and what is before.
        faces: those that were left whole in the parts, by digest.

    Raises:
        pikepdf.PdfError: one of them cannot be read.
    """
    opened = [pikepdf.open(io.BytesIO(part)) for part in parts]
    book, others = opened[0], opened[1:]
    counts = [len(one.pages) for one in opened]
    for page in (page for one in others for page in one.pages):
        book.pages.append(page)
    _bind_structure(book, others, counts)
    _bind_destinations(book, others)
    _bind_outlines(book, others)
    resources = [book.pages[sum(counts[:number])].obj.Resources for number in range(len(counts))]
    share(book, resources, faces)
    _share_pictures(resources)
    _lead_into_book(book)
    book.Root["/PageLabels"] = Dictionary(Nums=Array([part for label in labels for part in _label(*label)]))
    target = io.BytesIO()
    generated = pikepdf.ObjectStreamMode.generate
    book.save(
        target, min_version="1.7", object_stream_mode=generated, deterministic_id=True, fix_metadata_version=False
    )
    return target.getvalue()


def _label(first: int, style: str, prefix: str) -> tuple[int, Dictionary]:
    entry = Dictionary()
    if style:
        entry["/S"] = Name(f"/{style}")
    if prefix:
        entry["/P"] = String(prefix)
    return first, entry


def _bind_structure(book: Pdf, others: Sequence[Pdf], counts: Sequence[int]) -> None:
    """Put the elements of all parts below one, and number pages and annotations anew in the one parent tree."""
    root = book.Root.StructTreeRoot
    document = root.K[0]
    pages, marked = _pairs(root.ParentTree.Nums), list[tuple[Any, Any]]()
    elements = list(document.K)
    trees = [(pages, counts[0])]
    for one, count in zip(others, counts[1:], strict=True):
        theirs = book.copy_foreign(one.Root.StructTreeRoot.K[0])
        for element in theirs.K:
            element.P = document
            elements.append(element)
        copied = book.copy_foreign(one.make_indirect(one.Root.StructTreeRoot.ParentTree.Nums))
        trees.append((_pairs(copied), count))
    document.K = Array(elements)
    numbers, first, total = [], 0, sum(counts)
    for pairs, count in trees:
        for key, value in pairs:
            if key < count:
                numbers += [first + key, value]
                book.pages[first + key].obj["/StructParents"] = first + key
            else:
                marked.append((total + len(marked), value))
                _annotation(value)["/StructParent"] = marked[-1][0]
        first += count
    root.ParentTree.Nums = Array([*numbers, *(part for pair in marked for part in pair)])


def _pairs(numbers: Any) -> list[tuple[int, Any]]:
    values = list(numbers)
    return [(int(key), value) for key, value in zip(values[::2], values[1::2], strict=True)]


def _annotation(element: Any) -> Any:
    """Return the annotation of a structure element: its kid that is a reference to an object."""
    return next(kid.Obj for kid in element.K if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == Name.OBJR)


def _bind_destinations(book: Pdf, others: Sequence[Pdf]) -> None:
    found: dict[bytes, Any] = {}
    for one in (book, *others):
        names = one.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", Array())
        own = names if one is book else book.copy_foreign(one.make_indirect(names))
        for key, place in zip(list(own)[::2], list(own)[1::2], strict=True):
            found.setdefault(bytes(key), place)
    pairs = [part for key in sorted(found, key=_text) for part in (String(_text(key)), found[key])]
    book.Root.Names = Dictionary(Dests=Dictionary(Names=Array(pairs)))


def _text(name: bytes) -> str:
    return str(String(name)) if not name.startswith(b"\xfe\xff") else name[2:].decode("utf-16-be")


def _bind_outlines(book: Pdf, others: Sequence[Pdf]) -> None:
    """Let the bookmarks of the parts follow each other."""
    roots = [one.Root.Outlines for one in (book, *others) if "/Outlines" in one.Root]
    if not roots:
        return
    own = [
        root if index == 0 and "/Outlines" in book.Root else book.copy_foreign(root) for index, root in enumerate(roots)
    ]
    whole = own[0]
    items = [item for root in own for item in _items(root)]
    for item, after in zip(items, [*items[1:], None], strict=True):
        item["/Parent"] = whole
        if after is not None:
            item["/Next"], after["/Prev"] = after, item
    whole["/First"], whole["/Last"] = items[0], items[-1]
    whole.Count = sum(int(root.Count) for root in own)
    book.Root.Outlines = whole
    book.Root["/PageMode"] = Name.UseOutlines


def _items(root: Any) -> Iterator[Any]:
    item = root.First
    while item is not None:
        yield item
        item = item.get("/Next")


def _share_pictures(resources: Sequence[Any]) -> None:
    """Let the parts share the pictures that several of them have, and the space of their colours."""
    known: dict[tuple[bytes, str], Any] = {}
    for one in resources:
        one.ColorSpace = resources[0].ColorSpace
        for name, picture in dict(one.get("/XObject", Dictionary())).items():
            if picture.get("/Subtype") == Name.Image and "/SMask" not in picture:
                shape = str([picture.get(key) for key in ("/Width", "/Height", "/ColorSpace", "/BitsPerComponent")])
                one.XObject[name] = known.setdefault((picture.read_raw_bytes(), shape), picture)


def _lead_into_book(book: Pdf) -> None:
    """Turn the addresses that stand for places in other parts into destinations."""
    for page in book.pages:
        for annotation in page.obj.get("/Annots", Array()):
            action = annotation.get("/A")
            address = str(action.get("/URI", "")) if action is not None else ""
            if address.startswith(ELSEWHERE):
                name = String(unquote(address.removeprefix(ELSEWHERE)))
                del annotation.A
                annotation["/Dest"], annotation["/Contents"] = name, name
