"""The output formats: one row each. A new format is a new row, with its name in `OutputFormat` above the table.

Writers and proofs are given by name and imported when first used.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

__all__ = ["FORMATS", "Format", "OutputFormat", "file_name", "function"]

OutputFormat = Literal["html", "epub", "pdf", "docx", "jats", "txt"]


class Format(Struct, frozen=True):
    """How one format is written and proved; functions are given as "module:name".

    Attributes:
        suffix: the ending of its files.
        writer: (Edition) -> bytes.
        proof: (bytes, Edition, file name) -> findings, for everything promised of the format.
        disclaimers: (bytes, disclaimers, file name) -> (findings, measures); "" if `proof` checks them itself.
        sheet: the style sheet that sets its look; "" for a format without one.
        ahead: other modules that are needed and slow to import.
    """

    suffix: str
    writer: str
    proof: str
    disclaimers: str = ""
    sheet: str = ""
    ahead: tuple[str, ...] = ()

    def modules(self) -> tuple[str, ...]:
        """Return the modules needed to write and prove this format."""
        named = (self.writer, self.proof, self.disclaimers)
        return (*(name.partition(":")[0] for name in named if name), *self.ahead)


FORMATS: Mapping[OutputFormat, Format] = {
    "html": Format(
        suffix="html",
        writer="pubkit.render.html:render",
        proof="pubkit.proof.html:prove",
        disclaimers="pubkit.proof.disclaimers.html:prove",
        sheet="web",
    ),
    "epub": Format(
        suffix="epub",
        writer="pubkit.render.epub.book:render",
        proof="pubkit.proof.epub:prove",
        disclaimers="pubkit.proof.disclaimers.epub:prove",
        sheet="epub",
    ),
    "pdf": Format(
        suffix="pdf",
        writer="pubkit.render.pdf.document:render",
        proof="pubkit.proof.pdf:prove",
        disclaimers="pubkit.proof.disclaimers.pdf:prove",
        sheet="print",
        ahead=("pikepdf", "pypdfium2"),
    ),
    "docx": Format(suffix="docx", writer="pubkit.render.word.docx:render", proof="pubkit.proof.docx:prove"),
    "jats": Format(suffix="jats.xml", writer="pubkit.render.jats:render", proof="pubkit.proof.jats:prove"),
    "txt": Format(suffix="txt", writer="pubkit.render.plain:render", proof="pubkit.proof.plain:prove"),
}


def function(named: str) -> Any:
    """Return the function that the table names as "module:name"."""
    module, _, name = named.partition(":")
    return getattr(importlib.import_module(module), name)


def file_name(slug: str, version: str, name: OutputFormat, *, draft: bool) -> str:
    """Return the name of one format's file in a set."""
    return f"{slug}-{version}{'-draft' if draft else ''}.{FORMATS[name].suffix}"
