"""Parts that a text shows by name: pictures of Obsidian (`![[beds.png|Two beds|400]]`), and labelled ones of MyST.

`![](#label)` of MyST shows the output that a notebook keeps of the cell with that label; to other parts it links.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.marks.browser import readable
from pubkit.manuscript.marks.context import Context
from pubkit.manuscript.marks.pictures import attributes

__all__ = ["embed_edits"]

_EMBED = expression(
    r"!\[\[(?P<name>[^\[\]|<>\n]{1,200}\.(?:png|jpe?g|gif|webp|svg|bmp|avif))(?P<said>(?:\\?\|[^\[\]|\n]{0,300}){0,3})\]\]",
    re.IGNORECASE,
)
_SIZE = expression(r"(\d{1,4})(?:x\d{1,4})?")
_SIDES = frozenset({"left", "center", "right"})
_LABELLED = expression(r"!\[(?P<words>[^\[\]\n]{0,500})\]\(#(?P<label>[\w:./-]+)\)")
_SIGNS = re.compile(r"(?=[!-/:-@\[-`{-~])")
#: Where Obsidian may put the pictures of a vault.
_FOLDERS = ("", "attachments", "assets", "images", "files")


def embed_edits(text: str, path: str, known: Context) -> Iterator[Edit]:
    """Yield the edits that make pictures of the marks in `text`, which is the file `path` without its code."""
    folder = posixpath.dirname(path)
    for found in _EMBED.finditer(text) if "![[" in text else ():
        said = [part.strip() for part in found["said"].replace("\\|", "|").split("|")[1:]]
        size = next((size[1] for part in said if (size := _SIZE.fullmatch(part))), "")
        words = next((part for part in said if part and not _SIZE.fullmatch(part) and part.lower() not in _SIDES), "")
        stated = attributes("", words, f"{size}px" if size else "")
        yield Edit(found.start(), found.end(), f"![](<{_place(found['name'].strip(), folder, known)}>){stated}")
    for found in _LABELLED.finditer(text):
        yield Edit(found.start(), found.end(), _labelled(found, folder, known))


def _labelled(found: re.Match[str], folder: str, known: Context) -> str:
    """Return what is shown in the place of a label: the output of a cell, or a link to a part of the text."""
    label, words = found["label"], found["words"]
    kept = None if label.lower() in known.labels else known.output(label)
    if kept and kept.is_picture:
        return f"![{words}](<{posixpath.relpath(kept.target, folder or '.')}>)"
    if kept and kept.text:
        return _SIGNS.sub(r"\\", kept.text)
    if kept and _stands_alone(found) and (table := readable(kept.html)):
        return f"\n{table}\n"
    return f"[{words}](#{known.labels.get(label.lower(), label)})"


def _stands_alone(found: re.Match[str]) -> bool:
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 :].split("\n", 1)[0]
    return line.strip() == found[0]


def _place(name: str, folder: str, known: Context) -> str:
    """Return the path of a file from `folder`: beside the text, or where the vault has its pictures."""
    for base in (folder, *(posixpath.join(at, one) for at in dict.fromkeys((folder, "")) for one in _FOLDERS)):
        if known.exists(path := posixpath.normpath(posixpath.join(base, name))):
            return posixpath.relpath(path, folder or ".")
    return name
