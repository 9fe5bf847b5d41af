"""What starts ahead of its turn, so that a build takes only as long as its longest part; kept out of the pipeline.

WeasyPrint needs a process of its own and half a second to start; it is started before pubkit's own modules are
imported, is sent style sheets, fonts and pictures as they become known, and lays pages out while the rules run. What
writers and proofs import, and pandoc's citing, run in threads. Nothing here changes what is made; an early start that
proves useless is discarded.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from pubkit.formats import FORMATS
from pubkit.render.pdf.press import Press

if TYPE_CHECKING:
    from pubkit.boundary.keeping import Keeper
    from pubkit.formats import OutputFormat
    from pubkit.manuscript.model import Picture
    from pubkit.project.metadata import Publication
    from pubkit.render.model import Edition, Styles

__all__ = ["Early", "begun"]

T = TypeVar("T")


class Early:
    """The early starts of one build; `press` is WeasyPrint's process, None if no PDF is made."""

    def __init__(
        self, press: Press | None, pool: ThreadPoolExecutor, ended: threading.Event, kept: Keeper | None
    ) -> None:
        self.press = press
        self._pool = pool
        self._ended = ended
        self._kept = kept
        self._formats: Sequence[OutputFormat] = ()

    def knows(self, formats: Sequence[OutputFormat], publication: Publication, sheets: Styles) -> None:
        """Begin what depends only on the publication's metadata and style sheets."""
        # Not a daemon: Python ends those in mid-work, and a C++ library that is just being imported then aborts the program.
        threading.Thread(target=_import, args=(formats, self._ended)).start()
        self._formats = formats
        if "pdf" not in formats:
            self.press = None
        if self.press:
            from pubkit.render.pdf import document

            self.press.prepare(document.preparation(publication, sheets))

    def sees(self, pictures: Mapping[str, Picture]) -> None:
        """Start rewriting the pictures that take long."""
        if self.press:
            from pubkit.render.pdf import document

            self.press.prepare(document.pictures(pictures))

    def runs(self, step: Callable[[], T]) -> Future[T]:
        """Start `step` in parallel with whatever comes next."""
        return self._pool.submit(step)

    def prints(self, edition: Edition, told: Callable[[int, int], None]) -> None:
        """Start laying out the pages of the edition, and its cover; `told` as `Press.start`."""
        if self.press:
            from pubkit.render import cover
            from pubkit.render.pdf import document

            if "epub" in self._formats:
                cover.begin(edition, self.press, self._pool, self._kept)
            self.press.start(document.job(edition), told)


@contextlib.contextmanager
def begun(only: Sequence[OutputFormat] | None, kept: Keeper | None = None) -> Iterator[Early]:
    """Start WeasyPrint's process, unless no PDF is asked for; a publication without one lets it go.

    What it prints is `kept` by its input.
    """
    with contextlib.ExitStack() as stack:
        ended = threading.Event()
        stack.callback(ended.set)
        pool = stack.enter_context(ThreadPoolExecutor(max_workers=1))
        press = stack.enter_context(Press(kept)) if only is None or "pdf" in only else None
        yield Early(press, pool, ended, kept)


def _import(formats: Sequence[OutputFormat], ended: threading.Event) -> None:
    """Import what writers and proofs need while pandoc reads; if that fails, the error appears where it is used.

    Once the build has `ended`, nothing more is begun.
    """
    from pubkit.boundary import pandoc
    from pubkit.errors import PubkitError

    for module in (module for name in formats for module in FORMATS[name].modules()):
        if ended.is_set():
            return
        with contextlib.suppress(ImportError, OSError):
            importlib.import_module(module)
    with contextlib.suppress(PubkitError, OSError):
        pandoc.version()
