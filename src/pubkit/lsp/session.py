"""What the server knows: the open texts, and the last analysis of each publication."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pubkit.findings import Finding
from pubkit.lsp.analysis import Analysis
from pubkit.lsp.positions import Lines, Units
from pubkit.lsp.publications import path_of, publication_of, uri_of

__all__ = ["Known", "Session", "Text"]

#: The largest file that is read for a position in it.
_LARGEST = 50_000_000


class Text(Struct, frozen=True):
    """An open text: its address, its path (None if it was never saved), its version and its words."""

    uri: str
    path: Path | None
    version: int
    text: str


class Known(Struct):
    """What is known of one publication.

    `latest` is the analysis of its text as it is now; `whole` is the last one whose text could be read to its end, from
    which keys and labels are offered while the text is half-written. `published` are the addresses that have diagnostics.
    """

    latest: Analysis
    whole: Analysis
    published: frozenset[str] = frozenset()


class Session:
    """The open texts, by address, and the publications that they belong to."""

    def __init__(self) -> None:
        self.units = Units.UTF16
        self.texts: dict[str, Text] = {}
        self.known: dict[Path, Known] = {}
        self._lines: dict[str, Lines] = {}

    def opened(self, uri: str, version: int, text: str) -> Path | None:
        """Take in a text as it is now; return its publication, None if it has none."""
        self.texts[uri] = Text(uri, path_of(uri), version, text)
        return self.publication(uri)

    def closed(self, uri: str) -> Path | None:
        """Forget a text that an editor has closed; return its publication."""
        publication = self.publication(uri)
        self.texts.pop(uri, None)
        self._lines.pop(uri, None)
        return publication

    def publication(self, uri: str) -> Path | None:
        """Return the publication of an address."""
        text, path = self.texts.get(uri), path_of(uri)
        return publication_of(path, text.text if text else "") if path else None

    def unsaved(self) -> dict[Path, bytes]:
        """Return the open texts by their real paths: the folder may be reached through links, a file may not."""
        return {
            Path(os.path.realpath(text.path.parent), text.path.name): text.text.encode("utf-8", "replace")
            for text in self.texts.values()
            if text.path
        }

    def understood(self, publication: Path, analysis: Analysis) -> Known:
        """Keep an analysis, and return what is known now."""
        before = self.known.get(publication)
        whole = before.whole if before and analysis.stopped else analysis
        known = Known(analysis, whole, before.published if before else frozenset())
        self.known[publication] = known
        return known

    def around(self, uri: str) -> Known | None:
        """Return what is known of the publication of an address."""
        publication = self.publication(uri)
        return self.known.get(publication) if publication else None

    def uri(self, analysis: Analysis, file: str) -> str:
        """Return the address of a file of a publication, as its editor writes it if it is open."""
        path = Path(analysis.folder, file)
        return next((uri for uri, text in self.texts.items() if text.path == path), uri_of(path))

    def file(self, analysis: Analysis, uri: str) -> str:
        """Return the name that places in a publication have for an address; "" if it is not below its folder."""
        path = path_of(uri)
        try:
            return path.relative_to(analysis.folder).as_posix() if path else ""
        except ValueError:
            return ""

    def lines(self, uri: str) -> Lines:
        """Return the lines of a text, as it is in the editor or else on the disk; of nothing if it cannot be read."""
        text = self.texts.get(uri)
        if text is None:
            return Lines(_on_disk(path_of(uri)), self.units)
        known = self._lines.get(uri)
        if known is None or known.text is not text.text or known.units is not self.units:
            known = self._lines[uri] = Lines(text.text, self.units)
        return known

    def findings_at(self, uri: str, start: int, end: int) -> Iterator[Finding]:
        """Yield the findings whose place touches the characters from `start` to `end` of a text."""
        known = self.around(uri)
        if known is None:
            return
        file, lines = self.file(known.latest, uri), self.lines(uri)
        for finding in known.latest.findings:
            if finding.location and finding.location.file == file and not finding.waived:
                first, last = lines.span(finding.location)
                if first <= end and start <= last:
                    yield finding

    def named_at(self, uri: str, offset: int) -> tuple[str, tuple[int, int]]:
        """Return the key or label that is mentioned at `offset`, and where it begins and ends; "" if there is none."""
        text = self.lines(uri).text
        start = text.rfind("@", max(0, offset - _LONGEST), offset + 1)
        if start < 0:
            return "", (offset, offset)
        braced = text.startswith("{", start + 1)
        first = start + 1 + braced
        end = first
        while end < len(text) and end - first < _LONGEST and _in_key(text, end, braced=braced):
            end += 1
        end = first + len(text[first:end].rstrip(_NO_END)) if not braced else end
        return (text[first:end], (first, end)) if start <= offset <= end else ("", (offset, offset))


#: The longest key, in characters; and what a key may not end with, unless it is in braces.
_LONGEST = 200
_NO_END = ".,;:!?'\"-"


def _in_key(text: str, at: int, *, braced: bool) -> bool:
    char = text[at]
    if braced:
        return char not in "{}\n" and not char.isspace()
    return char.isalnum() or char in "_:.#$%&-+?<>~/"


def _on_disk(path: Path | None) -> str:
    try:
        if path is None or path.stat().st_size > _LARGEST or not path.is_file():
            return ""
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
