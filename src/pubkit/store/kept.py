"""What a step of a build has made, kept by everything that decides it: the step's own input, and what all steps share.

Shared are pubkit's own files, the folders from which Python, programs and libraries are loaded, the environment, and the
fonts of the system. A release keeps and recalls nothing.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from pubkit.render.fonts import system_faces
from pubkit.store import runs
from pubkit.store.question import state, surroundings

__all__ = ["Kept"]

Answer = TypeVar("Answer", bound=Struct)


class Kept:
    """The answers of steps in the folder `cache`; one that is damaged or lacking is made again."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def recall(self, question: bytes, kind: type[Answer]) -> Answer | None:
        """Return the answer to `question`, a value of `kind`, or None."""
        return runs.recall(self._cache, self._full(question), kind)

    def keep(self, question: bytes, answer: Struct) -> None:
        """Keep `answer` as the answer to `question`; if that is not possible, nothing is lost but time."""
        runs.keep(self._cache, self._full(question), answer)

    def _full(self, question: bytes) -> str:
        return hashlib.sha256(self._shared + question).hexdigest()

    @functools.cached_property
    def _shared(self) -> bytes:
        parts = (*surroundings(), *(f"{path}{state(Path(path))}" for path in system_faces()))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).digest()
