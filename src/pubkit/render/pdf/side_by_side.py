"""The parts of a book printed by several processes, each taking the next chapter.

A chapter is laid out, then waits to be told the number of its first page, which all chapters before it decide; as they are
begun in their order, it does not wait long. The contents and the index come last, because they name pages. What is printed
is kept by the whole of its input: a chapter is printed again if its text, its looks or the number of a page has changed.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from msgspec import Struct

from pubkit.boundary.child import Child, Limits
from pubkit.boundary.keeping import Keeper
from pubkit.boundary.memory import give_back
from pubkit.render.pdf.parts import Book, with_numbers

__all__ = ["Printer", "Stopped"]

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


class Part(Struct, frozen=True):
    """A part as a PDF, whose `faces` are apart, by digest; `first` is the number of its first page in the main matter."""

    laid: Laid
    first: int
    pdf: bytes
    faces: tuple[str, ...]


class Face(Struct, frozen=True):
    """The file of a face."""

    data: bytes


class Printer:
    """Prints the parts of a book.

    Args:
        job: what all parts have in common, and "labels", which say how pages are called.
        preparation: the message that has prepared the processes.
        crew: returns as many of WeasyPrint's processes as there are parts, or as there can be.
        limits: those of each answer.
        kept: what was printed before; None keeps nothing.
        told: called with the number of chapters that are printed, and of all, by several threads.
    """

    def __init__(
        self,
        job: Mapping[str, Any],
        preparation: bytes,
        crew: Callable[[int], Sequence[Child]],
        limits: Limits,
        kept: Keeper | None,
        told: Callable[[int, int], None] | None = None,
    ) -> None:
        self._job = job
        # The identifier changes with the text; that of the first part is the book's.
        self._shared = {"form": job["form"], "statement": job["statement"], "identifier": "", "index": [], "labels": []}
        self._preparation = preparation
        self._crew = crew
        self._limits = limits
        self._kept = kept
        self._told = told
        self._faces: dict[str, bytes] = {}

    def printed(self, book: Book) -> bytes:
        """Return the book as one PDF.

        Raises:
            Stopped: one of the processes has ended; what it says on its standard error is still to be read.
            Overrun: one needs more than its limits.
        """
        from pubkit.render.pdf.binding import bound

        chapters = self._chapters([self._line(part) for part in book.chapters])
        total = 1 + sum(one.laid.pages for one in chapters)
        numbers = {name: str(one.first + page) for one in chapters for name, page in one.laid.anchors.items()}
        if book.index:
            numbers |= dict.fromkeys(_INDEX, str(total))
        identified = {**with_numbers(book.front, numbers), "identifier": self._job["identifier"]}
        front = self._alone(self._line(identified), 1)
        parts = [front, *chapters]
        if book.index:
            opening = front.laid.anchors
            start = opening.get(next((name for name, style, _ in self._job["labels"] if style == "r"), ""), 0)
            numbers |= {name: _roman(page - start + 1) for name, page in opening.items()}
            hidden = _repeated(self._job["index"], numbers)
            parts.append(self._alone(self._line(with_numbers(book.index, numbers), hidden), total))
        # Binding takes more memory than anything before it, and leaves it to a thread that does nothing else.
        give_back()
        whole = bound([one.pdf for one in parts], list(_labels(self._job["labels"], parts)), self._faces)
        give_back()
        return whole

    def _line(self, part: Mapping[str, Any], *styles: str) -> bytes:
        whole = {**self._shared, **part, "styles": [*self._job["styles"], *part["styles"], *styles]}
        return json.dumps(whole).encode() + b"\n"

    def _chapters(self, lines: Sequence[bytes]) -> list[Part]:
        """Return the chapters, each printed or recalled; if one cannot be printed, raise what kept it from that."""
        known = [self._kept.recall(_question(self._preparation, line), Laid) if self._kept else None for line in lines]
        turns = _Turns([one.pages if one else None for one in known])
        done: dict[int, Part] = {}

        def work(child: Child) -> None:
            for number in turns:
                with turns.ended_on_error():
                    laid, first = known[number], functools.partial(turns.first, number)
                    part = self._recalled(lines[number], first(laid)) if laid else None
                    done[number] = part or self._ask(child, lines[number], first)
                    if self._told:
                        self._told(len(done), len(lines))

        children = self._crew(sum(one is None for one in known))
        with ThreadPoolExecutor(max_workers=len(children)) as pool:
            list(pool.map(work, children))
        return [done[number] for number in range(len(lines))]

    def _alone(self, line: bytes, first: int) -> Part:
        return self._recalled(line, first) or self._ask(self._crew(1)[0], line, lambda _: first)

    def _ask(self, child: Child, line: bytes, first_of: Callable[[Laid], int]) -> Part:
        """Return a part as `child` prints it; `first_of` is told its layout, and returns the number of its first page."""
        laid = Laid(**json.loads(self._answer(child, line)))
        first = first_of(laid)
        pdf = self._answer(child, json.dumps({"first": first}).encode() + b"\n")
        faces = {name: base64.b64decode(face) for name, face in json.loads(self._answer(child, b"")).items()}
        part = Part(laid, first, pdf, tuple(sorted(faces)))
        if self._kept:
            for name in faces.keys() - self._faces.keys():
                self._kept.keep(name.encode(), Face(faces[name]))
            self._kept.keep(_question(self._preparation, line), laid)
            self._kept.keep(_question(self._preparation, line, str(first).encode()), part)
        self._faces |= faces
        return part

    def _answer(self, child: Child, line: bytes) -> bytes:
        answer = child.ask(line, self._limits)
        if answer is None:
            raise Stopped(child)
        return answer

    def _recalled(self, line: bytes, first: int) -> Part | None:
        """Return a part that was printed before from the page `first` on, if its faces are there as well."""
        if not self._kept:
            return None
        part = self._kept.recall(_question(self._preparation, line, str(first).encode()), Part)
        for name in part.faces if part else ():
            face = None if name in self._faces else self._kept.recall(name.encode(), Face)
            if face:
                self._faces[name] = face.data
        return part if part and self._faces.keys() >= set(part.faces) else None


def _question(*parts: bytes) -> bytes:
    return hashlib.sha256(b"\0".join(parts)).digest()


class _Turns:
    """The numbers of the chapters, for several threads to take, and what they tell each other about pages.

    `pages` are those of each chapter, None where they are not known yet.
    """

    def __init__(self, pages: Sequence[int | None]) -> None:
        self._next = iter(range(len(pages)))
        self._lock = threading.Lock()
        self._pages: list[Future[int]] = [Future() for _ in pages]
        for future, number in zip(self._pages, pages, strict=True):
            if number is not None:
                future.set_result(number)

    def __iter__(self) -> Iterator[int]:
        while (number := self._taken()) is not None:
            yield number

    def _taken(self) -> int | None:
        with self._lock:
            return next(self._next, None)

    def first(self, number: int, laid: Laid) -> int:
        """Note the pages of a chapter, and return the number of its first page once those before it are known."""
        if not self._pages[number].done():
            self._pages[number].set_result(laid.pages)
        return 1 + sum(one.result() for one in self._pages[:number])

    @contextlib.contextmanager
    def ended_on_error(self) -> Iterator[None]:
        """Let no other chapter wait for one that never comes."""
        try:
            yield
        except BaseException as error:
            with self._lock:
                self._next = iter(())
                for one in self._pages:
                    if not one.done():
                        one.set_exception(error)
            raise


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


def _labels(wanted: Sequence[tuple[str, str, str]], parts: Sequence[Part]) -> Iterator[tuple[int, str, str]]:
    """Yield how pages are called from which page on, as `pubkit.render.pdf.binding.bound` takes it."""
    at: dict[str, int] = {"": 0}
    first = 0
    for part in parts:
        at |= {name: first + page for name, page in part.laid.anchors.items() if name not in at}
        first += part.laid.pages
    for identifier, style, prefix in wanted:
        if identifier in at:
            yield at[identifier], style, prefix
