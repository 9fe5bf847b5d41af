"""The parts of a book printed by several processes, each taking the next chapter.

A chapter is laid out, then waits to be told the number of its first page, which all chapters before it decide; as they are
begun in their order, it does not wait long. The contents and the index come last, because they name pages.
"""

from __future__ import annotations

import base64
import functools
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from msgspec import Struct

from pubkit.boundary.child import Child, Limits
from pubkit.render.pdf.parts import Book, with_numbers

__all__ = ["Stopped", "printed"]

#: The ids at the beginning of the index, to which the contents lead.
_INDEX = ("pubkit-index", "pubkit-index-heading")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class Stopped(Exception):
    """A process has ended before its part was printed."""

    def __init__(self, child: Child) -> None:
        super().__init__()
        self.child = child


class Laid(Struct, frozen=True):
    """A part that is laid out: its number of pages, and on which of them ids are, from 0."""

    pages: int
    anchors: Mapping[str, int]


class Printed(Struct, frozen=True):
    """A part as a PDF, whose `faces` are apart, by digest; `first` is the number of its first page in the main matter."""

    laid: Laid
    first: int
    pdf: bytes
    faces: Mapping[str, bytes]


def printed(book: Book, job: Mapping[str, Any], children: Sequence[Child], limits: Limits) -> bytes:
    """Return the book as one PDF.

    Args:
        book: its parts.
        job: what all parts have in common, and "labels", which say how pages are called.
        children: WeasyPrint's processes, prepared.
        limits: those of each answer.

    Raises:
        Stopped: one of the processes has ended; what it says on its standard error is still to be read.
        Overrun: one needs more than `limits`.
    """
    from pubkit.render.pdf.binding import bound

    shared = {name: job[name] for name in ("form", "statement", "identifier")} | {"index": [], "labels": []}
    chapters = _Chapters(book.chapters, job["styles"], shared, children, limits).printed()
    total = 1 + sum(one.laid.pages for one in chapters)
    numbers = {name: str(one.first + page) for one in chapters for name, page in one.laid.anchors.items()}
    if book.index:
        numbers |= dict.fromkeys(_INDEX, str(total))
    front = _ask(children[0], _with(with_numbers(book.front, numbers), job["styles"], shared), lambda _: 1, limits)
    opening = front.laid.anchors
    start = opening.get(next((name for name, style, _ in job["labels"] if style == "r"), ""), 0)
    parts = [front, *chapters]
    if book.index:
        roman = {name: _roman(page - start + 1) for name, page in opening.items()}
        page = with_numbers(book.index, {**numbers, **roman})
        hidden = _repeated(job["index"], {**numbers, **roman})
        parts.append(_ask(children[0], _with(page, [*job["styles"], hidden], shared), lambda _: total, limits))
    faces = {name: face for part in parts for name, face in part.faces.items()}
    return bound([one.pdf for one in parts], list(_labels(job["labels"], parts)), faces)


def _with(part: Mapping[str, Any], styles: Sequence[str], shared: Mapping[str, Any]) -> dict[str, Any]:
    return {**shared, **part, "styles": [*styles, *part["styles"]]}


def _repeated(index: Sequence[Sequence[tuple[str, str]]], numbers: Mapping[str, str]) -> str:
    """Return a style sheet that hides each place of an index entry on a page that the entry already names."""
    hidden = []
    for entry in index:
        named: set[str | None] = set()
        for place, target in entry:
            hidden += [place] if numbers.get(target) in named else []
            named.add(numbers.get(target))
    return "".join(f"#{place} {{ display: none !important }}" for place in hidden)


def _roman(number: int) -> str:
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


def _labels(wanted: Sequence[tuple[str, str, str]], parts: Sequence[Printed]) -> Iterator[tuple[int, str, str]]:
    """Yield how pages are called from which page on, as `pubkit.render.pdf.binding.bound` takes it."""
    at: dict[str, int] = {"": 0}
    first = 0
    for part in parts:
        at |= {name: first + page for name, page in part.laid.anchors.items() if name not in at}
        first += part.laid.pages
    for identifier, style, prefix in wanted:
        if identifier in at:
            yield at[identifier], style, prefix


def _ask(child: Child, job: Mapping[str, Any], first_of: Callable[[Laid], int], limits: Limits) -> Printed:
    """Return a part as `child` prints it; `first_of` is told its layout, and returns the number of its first page."""
    answer = child.ask(json.dumps(job).encode() + b"\n", limits)
    if answer is None:
        raise Stopped(child)
    laid = Laid(**json.loads(answer))
    first = first_of(laid)
    pdf = child.ask(json.dumps({"first": first}).encode() + b"\n", limits)
    faces = child.ask(b"", limits) if pdf is not None else None
    if pdf is None or faces is None:
        raise Stopped(child)
    return Printed(laid, first, pdf, {name: base64.b64decode(face) for name, face in json.loads(faces).items()})


class _Chapters:
    """The chapters of a book on their way through several processes."""

    def __init__(
        self,
        jobs: Sequence[Mapping[str, Any]],
        styles: Sequence[str],
        shared: Mapping[str, Any],
        children: Sequence[Child],
        limits: Limits,
    ) -> None:
        self._jobs = [_with(job, styles, shared) for job in jobs]
        self._children = children
        self._limits = limits
        self._turn = iter(range(len(jobs)))
        self._lock = threading.Lock()
        self._pages: list[Future[int]] = [Future() for _ in jobs]
        self._done: dict[int, Printed] = {}

    def printed(self) -> list[Printed]:
        """Return every chapter; if one cannot be printed, raise what kept it from that."""
        with ThreadPoolExecutor(max_workers=len(self._children)) as pool:
            list(pool.map(self._work, self._children))
        return [self._done[number] for number in range(len(self._jobs))]

    def _work(self, child: Child) -> None:
        while (number := self._next()) is not None:
            try:
                first = functools.partial(self._first, number)
                self._done[number] = _ask(child, self._jobs[number], first, self._limits)
            except BaseException as error:
                self._give_up(error)
                raise

    def _next(self) -> int | None:
        with self._lock:
            return next(self._turn, None)

    def _first(self, number: int, laid: Laid) -> int:
        """Note the pages of a chapter, and return the number of its first page once those before it are known."""
        self._pages[number].set_result(laid.pages)
        return 1 + sum(one.result() for one in self._pages[:number])

    def _give_up(self, error: BaseException) -> None:
        """Let no other chapter wait for one that never comes."""
        with self._lock:
            self._turn = iter(())
            for one in self._pages:
                if not one.done():
                    one.set_exception(error)
