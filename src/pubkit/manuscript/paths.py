"""The paths in a chapter, which are relative to its folder or, failing that, to the publication's."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from pubkit.boundary.files import SCHEME

__all__ = ["from_chapter", "linked_chapter"]

#: File name extensions by which other tools refer to a chapter: its source, and the page that they make from it.
_ENDINGS = {"", ".md", ".markdown", ".qmd", ".rmd", ".ipynb", ".html", ".htm"}

#: Folders whose files web sites have at their root: those of Hugo, Zola and Docusaurus, of Astro and Next.
_SERVED = ("static", "public")

#: The page that a folder's address leads to.
_FOLDER_PAGES = {"index", "_index", "readme"}


def from_chapter(chapter: str, target: str) -> tuple[str, ...]:
    """Return the paths below the publication's folder that `target` can mean in `chapter`, the likelier one first.

    A path that begins with / is relative to the root of the website that another tool makes: the publication's folder, or
    one between it and the chapter, or the folder of files that the site serves as they are.

    Args:
        chapter: the path of the chapter's file below the publication's folder.
        target: a path as the author wrote it.
    """
    if target.startswith("/"):
        roots = [one.as_posix() for one in reversed(PurePosixPath(chapter).parents)]
        return tuple((PurePosixPath(root) / target.lstrip("/")).as_posix() for root in (*roots, *_SERVED))
    folder = PurePosixPath(chapter).parent.as_posix()
    return tuple(dict.fromkeys((f"{folder}/{target}" if folder != "." else target, target)))


def linked_chapter(chapter: str, target: str, chapters: frozenset[str]) -> tuple[str, str] | None:
    """Return the chapter and the id ("" for its beginning) to which a link in `chapter` leads; None for other links.

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
    return tuple(f"{folder}/{name}" for name in ("index", "_index", "README", "readme"))


@functools.lru_cache(maxsize=2)
def _known(chapters: frozenset[str]) -> Mapping[str, str]:
    folders = {
        PurePosixPath(name).parent.as_posix(): name
        for name in sorted(chapters)
        if PurePosixPath(name).stem.lower() in _FOLDER_PAGES
    }
    return folders | {_without_ending(name): name for name in sorted(chapters)}


def _without_ending(path: str) -> str:
    """Return a path in its shortest form, without an extension that only says how the chapter is stored."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    plain = PurePosixPath(*parts)
    return (plain.with_suffix("") if parts and plain.suffix.lower() in _ENDINGS else plain).as_posix()
