"""Words of the source that are printed nowhere: what pandoc, or pubkit's own reading, has dropped without a word.

The words of the source and those of the tree are aligned as a whole (`pubkit.manuscript.places`). What is left over on
the side of the source is a comment, an attribute, an address or a name of a note or link; anything else is lost text.
Rows of tables, notes and link definitions have rules of their own (SRC070, SRC071, SRC076).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding
from pubkit.manuscript.places import Places
from pubkit.manuscript.positions import SourceWords
from pubkit.manuscript.prose import prose, without_comments
from pubkit.manuscript.rules import SRC125

__all__ = ["unprinted"]

#: So many words in a row are lost rather than read otherwise.
_FEWEST = 4
_SHOWN = 80
#: So many findings of one chapter are shown; more are counted in one. So many runs are looked for in what is printed.
_MOST = 5
_MOST_TRIED = 200
#: What is not printed, or has a rule of its own: tags, attributes, names of characters, fences, definitions, rows, metadata.
_BESIDE = expression(
    r"<[/!?]?[A-Za-z][^<>]*>|\{[^{}]*\}|&#?\w+;|\\[A-Za-z]+|\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\]\[[^\]]*\]|"
    r"^[ \t]*[Tt]able:|^[ \t>]*(?:`{3,}|~{3,}|:{3,})[^\n]*|^[ \t>]*\[[^\]\n]+\]:[^\n]*(?:\n[ \t]+\S[^\n]*)*|"
    r"^[^\n]*\|[^\n]*|\$\$.*?\$\$|"
    r"^---\n(?:[\w-]+:[^\n]*\n)+(?:[^\n]+\n)*(?:---|\.\.\.)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
#: What HTML keeps for programs.
_FOR_PROGRAMS = ("style", "script", "template", "noscript")
_PARAGRAPH = expression(r"\n[ \t>]*\n")
_NOTHING = expression(r"[^\n]")


def unprinted(places: Places) -> Iterator[Finding]:
    """Yield a finding for each run of words of a chapter that is printed nowhere."""
    left = places.left_over()
    if len(left) < _FEWEST:
        return
    source = places.source
    text = _BESIDE.sub(_nothing, prose(_without_programs(without_comments(source.text))))
    printed = f" {' '.join(places.printed())} "
    runs = _runs([number for number in left if text[source.starts[number]].strip()], places)
    tried = itertools.islice(runs, _MOST_TRIED)
    lost = [run for run in tried if len(run) >= _FEWEST and f" {_words(run, places)} " not in printed]
    for run in lost[:_MOST]:
        yield _lost(run, source)
    if more := lost[_MOST:]:
        yield _lost(more[0], source).another(f"{len(more)} more of this kind in the same file.")


def _words(run: list[int], places: Places) -> str:
    return " ".join(places.source.words[number] for number in run)


def _lost(run: list[int], source: SourceWords) -> Finding:
    start, end = source.starts[run[0]], source.ends[run[-1]]
    written = source.text[start:end]
    shown = " ".join(written.split())
    place = source.location(start, end - start if "\n" not in written else 0)
    message = f"These words are in the source and are printed nowhere: “{printable(shown, _SHOWN)}”"
    return SRC125.at(place, message, context=shown[:400])


def _without_programs(text: str) -> str:
    """Return `text` with spaces in the place of the elements that HTML keeps for programs."""
    for name in _FOR_PROGRAMS:
        small, at = text.lower(), 0
        parts: list[str] = []
        while (start := small.find(f"<{name}", at)) >= 0 and (end := small.find(f"</{name}", start)) >= 0:
            parts += (text[at:start], _NOTHING.sub(" ", text[start:end]))
            at = end
        text = "".join((*parts, text[at:]))
    return text


def _nothing(found: re.Match[str]) -> str:
    return _NOTHING.sub(" ", found[0])


def _runs(numbers: list[int], places: Places) -> Iterator[list[int]]:
    """Yield the words with these numbers that follow each other in one paragraph."""
    run: list[int] = []
    source = places.source
    for number in numbers:
        if run and (
            number != run[-1] + 1 or _PARAGRAPH.search(source.text, source.ends[run[-1]], source.starts[number])
        ):
            yield run
            run = []
        run.append(number)
    if run:
        yield run
