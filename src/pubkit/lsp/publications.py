"""Which publication a file that is open in an editor belongs to."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from pubkit.project.loading import CONFIGURATION

__all__ = ["path_of", "publication_of", "uri_of"]

_TEXTS = frozenset({".md", ".qmd", ".rmd", ".markdown"})
#: Front matter that only pubkit's own texts have; other Markdown files are none of its business.
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n")
_OWN = tuple(re.compile(f"^{key}:", re.MULTILINE) for key in ("title", "dates"))
#: So much of a file is looked at for front matter, in characters.
_HEAD = 20_000


def path_of(uri: str) -> Path | None:
    """Return the path of a file; None for a buffer that was never saved, or something on another machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or "\0" in path or not path.startswith("/"):
        return None
    return Path(path)


def uri_of(path: Path) -> str:
    """Return the address of a file."""
    return f"file://{quote(str(path.absolute()))}"


def publication_of(path: Path, text: str) -> Path | None:
    """Return the publication of the file `path`, whose text is `text`; None if it belongs to none.

    It is the nearest folder with pubkit.yaml, or else the file itself if it begins with front matter for pubkit.
    """
    for folder in path.parents:
        if (folder / CONFIGURATION).is_file() or (path.parent == folder and path.name == CONFIGURATION):
            return folder
        inner = folder / "manuscript" / CONFIGURATION
        if inner.is_file() and inner.parent in path.parents:
            return inner.parent
    head = text[:_HEAD]
    own = path.suffix.lower() in _TEXTS and _FRONT.match(head) and all(key.search(head) for key in _OWN)
    return path if own else None
