"""Pictures as Obsidian writes them: `![[beds.png|Two beds|400]]`, by the name of a file that may be in another folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.marks.context import Context
from pubkit.manuscript.marks.pictures import attributes

__all__ = ["embed_edits"]

_EMBED = expression(
    r"!\[\[(?P<name>[^\[\]|<>\n]{1,200}\.(?:png|jpe?g|gif|webp|svg|bmp|avif))(?P<said>(?:\|[^\[\]|\n]{0,300}){0,3})\]\]",
    re.IGNORECASE,
)
_SIZE = expression(r"(\d{1,4})(?:x\d{1,4})?")
_SIDES = frozenset({"left", "center", "right"})
#: Where Obsidian may put the pictures of a vault.
_FOLDERS = ("", "attachments", "assets", "images", "files")


def embed_edits(text: str, path: str, known: Context) -> Iterator[Edit]:
    """Yield the edits that make pictures of the marks in `text`, which is the file `path` without its code."""
    folder = posixpath.dirname(path)
    for found in _EMBED.finditer(text) if "![[" in text else ():
        said = [part.strip() for part in found["said"].split("|")[1:]]
        size = next((size[1] for part in said if (size := _SIZE.fullmatch(part))), "")
        words = next((part for part in said if part and not _SIZE.fullmatch(part) and part.lower() not in _SIDES), "")
        stated = attributes("", words, f"{size}px" if size else "")
        yield Edit(found.start(), found.end(), f"![](<{_place(found['name'].strip(), folder, known)}>){stated}")


def _place(name: str, folder: str, known: Context) -> str:
    """Return the path of a file from `folder`: beside the text, or where the vault has its pictures."""
    for base in (folder, *(posixpath.join(at, one) for at in dict.fromkeys((folder, "")) for one in _FOLDERS)):
        if known.exists(path := posixpath.normpath(posixpath.join(base, name))):
            return posixpath.relpath(path, folder or ".")
    return name
