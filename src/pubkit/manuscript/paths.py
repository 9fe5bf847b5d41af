"""What the paths in a chapter mean: they begin in the chapter's folder or, failing that, in the publication's."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from pubkit.boundary.files import SCHEME

__all__ = ["from_chapter", "linked_chapter"]

#: Endings under which other tools know a chapter: its source, and the page that they make of it.
_ENDINGS = {"", ".md", ".markdown", ".qmd", ".rmd", ".ipynb", ".html", ".htm"}


def from_chapter(chapter: str, target: str) -> tuple[str, ...]:
    """Return the paths below the publication's folder that `target` can mean in `chapter`, the likelier first.

    One that begins with / is meant from the root of the web site that another tool makes, which is the publication's
    folder or one between it and the chapter.

    Args:
        chapter: the path of the chapter's file below the publication's folder.
        target: a path as the author wrote it.
    """
    if target.startswith("/"):
        roots = [one.as_posix() for one in reversed(PurePosixPath(chapter).parents)]
        return tuple((PurePosixPath(root) / target.lstrip("/")).as_posix() for root in roots)
    folder = PurePosixPath(chapter).parent.as_posix()
    return tuple(dict.fromkeys((f"{folder}/{target}" if folder != "." else target, target)))


def linked_chapter(chapter: str, target: str, chapters: frozenset[str]) -> tuple[str, str] | None:
    """Return the chapter to which a link in `chapter` leads and the id in it, "" for its beginning; None for other links.

    Args:
        chapter: the path of the file in which the link is.
        target: where it leads, as the author wrote it.
        chapters: the paths of all chapters.
    """
    path, _, identifier = target.partition("#")
    if not path or SCHEME.match(path):
        return None
    known = _known(chapters)
    meant = (_without_ending(one) for one in from_chapter(chapter, unquote(path)))
    found = next((known[name] for one in meant for name in (one, *_pages_of(one)) if name in known), None)
    return (found, identifier) if found else None


def _pages_of(folder: str) -> tuple[str, ...]:
    """Return the chapters that a web site shows for the address of a folder."""
    return tuple(f"{folder}/{name}" for name in ("index", "README", "readme"))


@functools.lru_cache(maxsize=2)
def _known(chapters: frozenset[str]) -> Mapping[str, str]:
    return {_without_ending(name): name for name in sorted(chapters)}


def _without_ending(path: str) -> str:
    """Return a path in its shortest form, without an ending that only says how the chapter is stored."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    plain = PurePosixPath(*parts)
    return (plain.with_suffix("") if plain.suffix.lower() in _ENDINGS else plain).as_posix()
