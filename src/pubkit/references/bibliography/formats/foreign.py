"""Formats of reference managers that pubkit recognises but does not read.

Sources: EndNote's help, Exporting References (tagged and XML); Clarivate, Web of Science field tags.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["FOREIGN_ENDINGS", "FOREIGN_REMEDY", "foreign_format"]

_XML = "EndNote XML"
_TAGGED = "in the EndNote tagged format"
_WEB_OF_SCIENCE = "in the plain-text format of Web of Science"

FOREIGN_ENDINGS: Mapping[str, str] = {
    ".enw": _TAGGED,
    ".xml": _XML,
    ".enl": "an EndNote library",
    ".enlx": "an EndNote library",
    ".ciw": _WEB_OF_SCIENCE,
}
FOREIGN_REMEDY = (
    "Export the references again as RIS or BibTeX (in EndNote: File, Export, output style RefMan (RIS) Export), "
    "and name that file under `bibliography`."
)

_OPENINGS = (
    (re.compile(r"%0 \S"), _TAGGED),
    (re.compile(r"<\?xml\b|<xml>|<records>"), _XML),
    (re.compile(r"FN (?:Clarivate|Thomson|ISI)"), _WEB_OF_SCIENCE),
)


def foreign_format(text: str) -> str:
    """Return the name of the format if `text` begins like one of these; otherwise an empty text."""
    opening = text[:1000].lstrip("\ufeff \t\r\n")
    return next((name for pattern, name in _OPENINGS if pattern.match(opening)), "")
