"""From a syntax tree to a file: HTML, EPUB 3, PDF; for reviewers and archives also DOCX, JATS and plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubkit.formats import FORMATS, function

if TYPE_CHECKING:
    from pubkit.formats import OutputFormat
    from pubkit.render.model import Edition

__all__ = ["write"]


def write(name: OutputFormat, edition: Edition) -> bytes:
    """Return the edition as a file of the format `name`; raises whatever its writer raises."""
    data: bytes = function(FORMATS[name].writer)(edition)
    return data
