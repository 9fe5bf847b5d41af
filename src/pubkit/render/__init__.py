"""Syntax tree to file: HTML, EPUB 3, PDF; for reviewers and archives also DOCX, JATS and plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pubkit.metadata import OutputFormat
    from pubkit.render.model import Edition

__all__ = ["WRITERS"]


def _html(edition: Edition) -> bytes:
    from pubkit.render import html

    return html.render(edition)


def _epub(edition: Edition) -> bytes:
    from pubkit.render import epub

    return epub.render(edition)


def _pdf(edition: Edition) -> bytes:
    from pubkit.render import pdf

    return pdf.render(edition)


def _docx(edition: Edition) -> bytes:
    from pubkit.render import docx

    return docx.render(edition)


def _jats(edition: Edition) -> bytes:
    from pubkit.render import jats

    return jats.render(edition)


def _txt(edition: Edition) -> bytes:
    from pubkit.render import plain

    return plain.render(edition)


#: What writes each format; each imports what it needs when it is first asked.
WRITERS: Mapping[OutputFormat, Callable[[Edition], bytes]] = {
    "html": _html,
    "epub": _epub,
    "pdf": _pdf,
    "docx": _docx,
    "jats": _jats,
    "txt": _txt,
}
