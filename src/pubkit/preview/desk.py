"""The state of one preview: what was seen last, what is under way, and who is to be told."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs

from pubkit.preview import work
from pubkit.preview.bench import Bench, Died
from pubkit.preview.work import Book, Look, Request, Set

__all__ = ["Desk", "State"]


class State(Struct, frozen=True):
    """What a window must know: the number of the page, the result in words, and whether a look is under way.

    `broken` says that the text cannot be printed at present; `good` is the number of the last page that could be, 0 for
    none. `seconds` is how long the last look took.
    """

    page: int = 0
    good: int = 0
    words: str = ""
    standing: str = ""
    total: str = ""
    title: str = ""
    broken: bool = False
    busy: bool = True
    seconds: float = 0.0


class Desk:
    """Looks at one publication again and again; each look replaces the last one."""

    def __init__(self, request: Request, bench: Bench, told: Callable[[Look], None]) -> None:
        self.request = request
        self.state = State()
        self.page = ""
        self.good = ""
        self._bench = bench
        self._told = told
        self._ended = False
        self._listeners: set[asyncio.Event] = set()
        self._changed = asyncio.Event()
        self._made: dict[tuple[str, int], asyncio.Task[Set | Book | tuple[str, str]]] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="pubkit-preview-")

    def changed(self) -> None:
        """Say that the text has changed; looks that are under way are followed by another one."""
        self._changed.set()

    async def run(self) -> None:
        """Look whenever the text has changed, for ever; changes during a look are one occasion."""
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            self._put(structs.replace(self.state, busy=True))
            try:
                seen = await self._bench.do(work.look, self.request)
            except Died:
                seen = work.lost(self.request)
            self._take(seen)

    def _take(self, seen: Look) -> None:
        """Make `seen` the last look; a page that is the same as before keeps its number."""
        number = self.state.page + (seen.page != self.page)
        good = number if seen.readable else self.state.good
        self.page = seen.page
        if seen.readable:
            self.good = seen.page
        with contextlib.suppress(OSError):  # nobody reads the terminal any more; the window still does
            self._told(seen)
        self._put(
            State(
                number, good, seen.words, seen.standing, seen.total, seen.title,
                not seen.readable, self._changed.is_set(), seen.seconds,
            )
        )  # fmt: skip

    def _put(self, state: State) -> None:
        self.state = state
        for listener in self._listeners:
            listener.set()

    async def states(self) -> AsyncIterator[State]:
        """Yield the state, and again whenever it has changed, until the end."""
        news = asyncio.Event()
        self._listeners.add(news)
        try:
            while not self._ended:
                yield self.state
                news.clear()
                await news.wait()
        finally:
            self._listeners.discard(news)

    async def made(self, form: Literal["pdf", "epub"]) -> tuple[int, Set | Book | tuple[str, str]]:
        """Return the PDF or EPUB of the text as it was last seen, with the number of its page; it is made only once."""
        number = self.state.page
        task = self._made.get((form, number))
        if task is None:
            self._made = {key: one for key, one in self._made.items() if key[0] != form or not one.done()}
            task = self._made[form, number] = asyncio.create_task(self._make(form, number))
        return number, await asyncio.shield(task)

    async def _make(self, form: Literal["pdf", "epub"], number: int) -> Set | Book | tuple[str, str]:
        try:
            done = await self._bench.do(work.set_pages, self.request, form)
        except Died:
            return work.DIED, work.AGAIN
        if isinstance(done, Set):
            for old in Path(self._folder.name).iterdir():
                old.unlink()
            self._file(number).write_bytes(done.data)
        return done

    async def picture(self, number: int, sheet: int) -> bytes | None:
        """Return the sheet `sheet` (from 0) of the PDF of the page `number` as PNG, None if there is no such sheet."""
        done = self.kept("pdf", number)
        if not isinstance(done, Set) or sheet >= len(done.pages):
            return None
        try:
            return await self._bench.do(work.picture, str(self._file(number)), sheet)
        except Died:
            return None

    def kept(self, form: Literal["pdf", "epub"], number: int) -> Set | Book | None:
        """Return the PDF or EPUB of the page `number` if it was made."""
        task = self._made.get((form, number))
        done = task.result() if task and task.done() and not task.cancelled() else None
        return done if isinstance(done, (Set, Book)) else None

    def _file(self, number: int) -> Path:
        return Path(self._folder.name, f"{number}.pdf")

    def end(self) -> None:
        """Let go of everyone who listens."""
        self._ended = True
        self._put(self.state)

    def close(self) -> None:
        """Remove what was kept on disk."""
        self._folder.cleanup()
