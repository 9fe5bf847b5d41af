"""What an annotated page is made from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pubkit.findings import Location
from pubkit.manuscript.model import Document

__all__ = ["Printed"]


class Printed(Struct, frozen=True):
    """A web page as it was printed, and the manuscript it was printed from.

    `entries` gives the place of each bibliography entry by its key, `lang` is the language of the text (BCP 47).
    """

    html: bytes
    document: Document
    lang: str
    entries: Mapping[str, Location] = {}
