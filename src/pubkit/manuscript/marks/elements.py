"""What an element of HTML has on one line is words, also if it begins like a list: <h2>2. Treatment</h2>, <td>- 5 mg</td>.

pandoc makes a list of them, and takes the end tag and all that follows into its item.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.prose import prose

__all__ = ["element_edits"]

_MARKED = expression(
    r"<(?P<name>h[1-6]|p|td|th|li|dt|dd|div|caption|figcaption|summary)(?:[ \t][^<>\n]{0,500})?>[ \t]*"
    r"(?:\(?(?:\d{1,9}|[A-Za-z]|[ivxlcIVXLC]{1,7}|\#|@[\w-]{0,40})(?P<numbered>[.)])(?=[ \t])"
    r"|(?P<sign>[-*+|](?=[ \t])|>))"
)


def element_edits(text: str) -> Iterator[Edit]:
    """Yield the edits that escape the signs of a list, a quotation or lines of verse behind a start tag."""
    if not _MARKED.search(text):
        return
    words = prose(text)
    for found in _MARKED.finditer(words):
        end = words.find("\n", found.end())
        if words.find(f"</{found['name']}", found.end(), end if end >= 0 else len(words)) >= 0:
            at = found.start("numbered" if found["numbered"] else "sign")
            yield Edit(at, at, "\\")
