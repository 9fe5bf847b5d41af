"""Links between notes as Obsidian and other wikis write them: `[[sleep]]`, `[[sleep#At night|words]]`, `![[sleep]]`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks.context import Context, Unread

__all__ = ["notes_by_name", "wiki_edits"]

#: A sign before the second | is what a table asks for; `^name` means a paragraph, to which no link leads here.
_LINK = expression(
    r"!?\[\[(?P<page>[^\[\]|#\n\\]{0,200})(?:#(?P<part>[^\[\]|\n\\]{1,200}))?(?:\\?\|(?P<words>[^\[\]\n]{1,300}))?\]\](?!\()"
)
_NOT_IN_ID = re.compile(r"[^\w\s-]")
_SIGNS = re.compile(r"(?=[\\*_`\[\]<>@$^~])")


def notes_by_name(paths: Collection[str]) -> Mapping[str, str]:
    """Return the paths of the texts of a manuscript by what a link calls them: the path, and the name, without ending."""
    without = {path.rpartition(".")[0].lower(): path for path in sorted(paths)}
    return {**{PurePosixPath(name).name: path for name, path in without.items()}, **without}


def wiki_edits(source: SourceFile, text: str, known: Context) -> Iterator[Edit]:
    """Yield the edits for the links of a wiki in `text`, which is `source` without code.

    A link to a note that is not among the texts leaves its words, which is noted. Where no link leads to a text, none is
    taken for one.
    """
    found = list(_LINK.finditer(text)) if "[[" in text else []
    if not known.is_vault and not any(_meant(one, known) for one in found if one["page"]):
        return
    for one in found:
        path = _meant(one, known) if one["page"] else source.path if one["part"] else None
        if path is None and one["page"]:
            what = "links to notes that are not among the texts"
            remedy = "Add them to the folder if readers are to have them; the words of the links are printed."
            known.unread.append(Unread(what, source, one.start(), remedy=remedy, light=True))
        yield Edit(one.start(), one.end(), _link(one, path, source.path) if path else _words(one))


def _meant(link: re.Match[str], known: Context) -> str | None:
    name = link["page"].strip().lower()
    return known.notes.get(name) or known.notes.get(name.removesuffix(".md"))


def _link(link: re.Match[str], path: str, source: str) -> str:
    target = "" if path == source and link["part"] else posixpath.relpath(path, posixpath.dirname(source) or ".")
    part = (link["part"] or "").rpartition("#")[2].strip()
    identifier = "" if part.startswith("^") else "-".join(_NOT_IN_ID.sub("", part.lower()).split())
    return f"[{_words(link)}](<{target}{'#' if identifier else ''}{identifier}>)"


def _words(link: re.Match[str]) -> str:
    """Return what a link shows: the author's words, or the name of the note and the heading in it."""
    if link["words"]:
        return link["words"].strip()
    part = (link["part"] or "").lstrip("^").replace("#", " > ").strip()
    return _SIGNS.sub(r"\\", " > ".join(filter(None, (link["page"].strip(), part))))
