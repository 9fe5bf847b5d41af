"""Figures in PDF, as LaTeX takes them: the first page, drawn by PDFium behind a wall, with limits of time and memory."""

from __future__ import annotations

import functools
import sys
import tempfile

from pubkit.boundary import child
from pubkit.boundary.child import Limits, Overrun
from pubkit.boundary.confinement import wall
from pubkit.manuscript import draw_page

__all__ = ["first_page"]

_LIMITS = Limits(60, cpu_seconds=40, output=1 << 26, memory=3 << 30)


@functools.lru_cache(maxsize=64)
def first_page(pdf: bytes) -> bytes | None:
    """Return the first page of `pdf` as a PNG, 300 dots to an inch; None if it cannot be drawn."""
    if not pdf.startswith(b"%PDF-") or not sys.executable:
        return None
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = child.run(
                [sys.executable, "-I", draw_page.__file__], pdf, _LIMITS, child.bare(folder), folder, wall(folder)
            )
        except (OSError, Overrun):
            return None
    return done.output if done.code == 0 and done.output else None
