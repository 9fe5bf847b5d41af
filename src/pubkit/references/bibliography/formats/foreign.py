"""Recognise the format of a bibliography from its first lines, also formats that pubkit does not read.

Sources: EndNote's help, Exporting References (tagged and XML); Clarivate, Web of Science field tags; NLM, MEDLINE tags.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pubkit.expressions import expression

__all__ = ["FOREIGN_ENDINGS", "FOREIGN_REMEDY", "foreign_format", "other_ending"]

_WEB_OF_SCIENCE = "in the plain-text format of Web of Science"

FOREIGN_ENDINGS: Mapping[str, str] = {
    ".enl": "an EndNote library",
    ".enlx": "an EndNote library",
    ".ciw": _WEB_OF_SCIENCE,
}
FOREIGN_REMEDY = (
    "Export the references as RIS, BibTeX or XML (in EndNote: File, Export), and name that file under `bibliography`."
)

_FOREIGN = expression(r"FN (?:Clarivate|Thomson|ISI)")
#: How each format begins; a .bib file may begin with anything, so a mere "%" proves nothing.
_OPENINGS = (
    (re.compile(r"%0 [A-Z]|(?:%[0-9A-Z@] \S.*\n){3}"), ".enw", "in the EndNote tagged format"),
    (re.compile(r"<\?xml\b|<xml>|<records>"), ".xml", "EndNote XML"),
    (re.compile(r"TY {1,2}- ?[A-Z]"), ".ris", "RIS"),
    (re.compile(r"PMID ?- ?\d"), ".nbib", "NBIB, the MEDLINE format of PubMed"),
    (re.compile(r"@[A-Za-z]+\s{0,3}[{(]\s{0,3}[^\s{}(),]+\s{0,3},"), ".bib", "BibTeX"),
)


def foreign_format(text: str) -> str:
    """Return the name of the format if `text` begins like one that pubkit does not read; otherwise an empty text."""
    return _WEB_OF_SCIENCE if _FOREIGN.match(_opening(text)) else ""


def other_ending(text: str, ending: str) -> tuple[str, str]:
    """Return the ending that `text` should have and the name of its format if that is not `ending`; or two empty texts.

    >>> other_ending("TY  - JOUR\\nER  - ", ".bib")
    ('.ris', 'RIS')
    """
    shown = _opening(text)
    found = next(((right, name) for pattern, right, name in _OPENINGS if pattern.match(shown)), None)
    return found if found and found[0] != ending else ("", "")


def _opening(text: str) -> str:
    return text[:1000].lstrip("\ufeff \t\r\n")
