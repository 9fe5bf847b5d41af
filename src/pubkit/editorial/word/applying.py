"""A reviewer's edits written into the Markdown, as far as each fits one place and changes nothing else.

Every edit is tried in memory, and the text read again: the words of its block must be those that the reviewer wants, and all
other words, citations, links, pictures and findings the same as before. Only then is a file replaced, in one step.
"""

from __future__ import annotations

import difflib
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pubkit import manuscript as reading
from pubkit.boundary.files import from_here, printable, replace_file
from pubkit.boundary.text import decode
from pubkit.editorial.word.edits import Edit, Edits
from pubkit.editorial.word.fitting import Fitted, Present, Unfit, fitted
from pubkit.editorial.word.places import Finder
from pubkit.errors import InputRefused, PubkitError, UsageError
from pubkit.findings import Location
from pubkit.manuscript.model import Manuscript
from pubkit.project.loading import Project

__all__ = ["Applied", "Left", "apply", "diff", "write"]

_NOT_AS_WANTED = "the text would not be what the reviewer wants, or something else would change"
_QUOTES = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")


class Left(Struct, frozen=True):
    """An edit that is left to the author: its place, None if it is not known, and why."""

    edit: Edit
    location: Location | None
    why: str


class Applied(Struct, frozen=True):
    """The texts of the chapters that change, by path, how many edits are in them, and those that are not.

    `present` has the places of those that the text had already.
    """

    texts: Mapping[str, str]
    count: int
    left: tuple[Left, ...]
    present: tuple[Location | None, ...] = ()


def apply(wanted: Sequence[Edits], project: Project, text: Manuscript) -> Applied:
    """Return the chapters of `project`, whose manuscript is `text`, with as much of `wanted` as fits; nothing is written."""
    found: list[tuple[Left, Fitted]] = []
    left: list[Left] = []
    present: list[Location | None] = []
    for one in wanted:
        finder = Finder(one.paragraphs, text)
        for edit in one.edits:
            location = finder.place(edit.paragraph, edit.start)[0]
            try:
                fit = fitted(edit, one.paragraphs, finder, text, project.chapters)
            except Present:
                present.append(location)
            except Unfit as reason:
                left.append(Left(edit, location, str(reason)))
            else:
                found.append((Left(edit, location, _NOT_AS_WANTED), fit))
    trial = _Trial(project, text)
    left += trial.refused(found)
    return Applied(trial.texts(), len(trial.taken), tuple(left), tuple(present))


class _Trial:
    """Edits tried on the text, and those that were taken."""

    def __init__(self, project: Project, text: Manuscript) -> None:
        self._project, self._text = project, text
        self._before = Counter(finding.rule for finding in text.findings)
        self.taken: list[Fitted] = []

    def refused(self, found: Sequence[tuple[Left, Fitted]]) -> Iterator[Left]:
        """Take as many as work together, and yield the others."""
        if not found:
            return
        if self._works([*self.taken, *(one for _, one in found)]):
            self.taken += [one for _, one in found]
        elif len(found) == 1:
            yield found[0][0]
        else:
            middle = len(found) // 2
            yield from self.refused(found[:middle])
            yield from self.refused(found[middle:])

    def texts(self) -> dict[str, str]:
        """Return the chapters that change, as they are read, by path."""
        chapters = self._changed(self.taken)
        return {
            path: text
            for (path, text), chapter in zip(chapters, self._project.chapters, strict=True)
            if text != chapter.text
        }

    def _changed(self, fits: Sequence[Fitted]) -> list[tuple[str, str]]:
        chapters = []
        for number, chapter in enumerate(self._project.chapters):
            text = chapter.text
            for one in sorted((one for one in fits if one.chapter == number), key=lambda one: -one.start):
                text = text[: one.start] + one.new + text[one.end :]
            chapters.append((chapter.path, text))
        return chapters

    def _works(self, fits: Sequence[Fitted]) -> bool:
        """Return whether the text with these edits is what the reviewer wants, and nothing else has changed."""
        if _overlap(fits):
            return False
        changed = zip(self._project.chapters, self._changed(fits), strict=True)
        chapters = tuple(chapter._replace(text=text) for chapter, (_, text) in changed)
        try:
            then = reading.read(replace(self._project, chapters=chapters))
        except InputRefused:
            return False
        faults = Counter(finding.rule for finding in then.findings)
        return self._wanted(fits) == _contents(then) and not faults - self._before

    def _wanted(self, fits: Sequence[Fitted]) -> Counter[object]:
        wanted = _contents(self._text)
        for number in {one.block for one in fits}:
            block, here = self._text.document.blocks[number], [one for one in fits if one.block == number]
            wanted[_key(block.kind, block.text)] -= 1
            if any(one.gone for one in here):
                wanted.subtract(("citation", citation.key) for citation in block.citations)
                wanted.subtract(("link", link.target) for link in block.links)
            else:
                wanted[_key(block.kind, _reworded(block.text, here))] += 1
        wanted.update(_key("paragraph", words) for one in fits for words in one.added)
        return +wanted


def _reworded(text: str, fits: Sequence[Fitted]) -> str:
    """Return the words of a block after all the edits in it."""
    words = text.split()
    for one in sorted(fits, key=lambda one: -one.first):
        words[one.first : one.first + one.count] = one.words
    return " ".join(words)


def _key(kind: str, text: str) -> tuple[str, str]:
    return str(kind), " ".join(text.translate(_QUOTES).split())


def _contents(text: Manuscript) -> Counter[object]:
    """Return everything that an edit of words must not change, and the words of each block."""
    document = text.document
    return Counter(
        [
            *(_key(block.kind, block.text) for block in document.blocks),
            *(("citation", citation.key) for citation in document.citations),
            *(("mention", mention.label) for mention in document.cross_references),
            *(("link", link.target) for link in document.links),
            *(("picture", image.target) for image in document.images),
        ]
    )


def _overlap(fits: Sequence[Fitted]) -> bool:
    ordered = sorted(fits, key=lambda one: (one.chapter, one.start))
    pairs = itertools.pairwise(ordered)
    return any(one.chapter == other.chapter and one.end > other.start for one, other in pairs)


def diff(applied: Applied, project: Project) -> Iterator[str]:
    """Yield the lines of a unified diff, whose files are named as seen from here."""
    for chapter in project.chapters:
        if (new := applied.texts.get(chapter.path)) is not None:
            before, after = chapter.text.split("\n"), new.split("\n")
            path = from_here(project.folder / chapter.path)
            yield from difflib.unified_diff(before, after, path, path, lineterm="")


def write(applied: Applied, project: Project) -> None:
    """Write the changed chapters, each in one step, with their own line ends and front matter.

    Raises:
        UsageError: a file is no longer what was read; nothing has been written to it.
        EnvironmentFault: a file cannot be written.
    """
    waiting = []
    for chapter in project.chapters:
        if (new := applied.texts.get(chapter.path)) is not None:
            path = project.folder / chapter.path
            waiting.append((path, _with_front_matter(path, chapter.sha256, chapter.text, new)))
    for path, data in waiting:
        replace_file(path, data)


def _with_front_matter(path: Path, sha256: str, old: str, new: str) -> bytes:
    """Return the bytes of the file at `path` with its text `old` replaced by `new`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _changed_meanwhile(path) from error
    if decode(data, path.name).sha256 != sha256:
        raise _changed_meanwhile(path)
    written = data.decode("utf-8")
    mark, written = ("\ufeff", written[1:]) if written.startswith("\ufeff") else ("", written)
    end = "\r\n" if "\r\n" in written else "\n"
    lines, before = written.replace("\r\n", "\n").split("\n"), old.split("\n")
    same = next((at for at, (line, read) in enumerate(zip(lines, before, strict=False)) if line == read and line), None)
    head = same if same is not None else 0
    if lines[head:] != before[head:] or before[:head] != new.split("\n")[:head]:
        raise UsageError(
            f"{printable(path.name)} has line ends or signs that are read differently, so it is not changed.",
            remedy="Save it as UTF-8 with ordinary line ends, or make the changes by hand.",
        )
    return (mark + end.join([*lines[:head], *new.split("\n")[head:]])).encode()


def _changed_meanwhile(path: Path) -> PubkitError:
    return UsageError(
        f"{printable(path.name)} has been changed since it was read, so nothing is written.", remedy="Run it again."
    )
