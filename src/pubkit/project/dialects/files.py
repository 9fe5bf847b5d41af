"""The files of a manuscript of another tool: configuration, chapters and front matter."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pubkit.boundary.files import printable, read_contained
from pubkit.boundary.rules import SRC010, SRC013
from pubkit.boundary.text import Edit, SourceFile, decode, rewritten
from pubkit.errors import ConfigurationError
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import notebook, toml

__all__ = [
    "OF_REPOSITORIES",
    "SUFFIXES",
    "Opened",
    "first_heading",
    "first_of",
    "is_notebook",
    "mapping",
    "missing",
    "natural",
    "no_statements",
    "offset",
    "opened",
    "page",
    "read_yaml",
    "split",
    "text_of",
    "texts_below",
    "without_code",
]

#: The extensions of the text files that pubkit reads.
SUFFIXES = frozenset({".md", ".qmd", ".rmd", ".markdown"})
#: The names, without extension, of files that describe a repository and are not part of a text.
OF_REPOSITORIES = frozenset(
    {"LICENSE", "LICENCE", "CHANGELOG", "CONTRIBUTING", "NOTICE", "AUTHORS", "CODE_OF_CONDUCT", "SECURITY"}
    | {"NEWS", "CRAN-COMMENTS", "AGENTS", "CLAUDE", "CODEOWNERS", "GOVERNANCE"}
)
_MAX_CONFIGURATION = 400_000
_MAX_SOURCE = 2_000_000
_END = expression(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
#: How front matter begins, unlike a text that begins with a horizontal rule: with a key, a comment, or its end.
_FRONT = expression(r"\s*(?:[\w\"'][^\n]*:(?:\s|$)|#|---|\.\.\.)")
_HEADING = expression(r"^#[ \t]+(.+?)[ \t]*#*(?:[ \t]*\{[^{}]*\})?[ \t]*$|^(\S.*)\n=+[ \t]*$", re.MULTILINE)
_CODE = expression(r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^[ \t]*(?P=fence)", re.MULTILINE | re.DOTALL)
#: The heading with which a text begins, behind labels of MyST; one without words hides, in MkDocs, the title of the page.
_FIRST = expression(r"(?:\s*\([\w:./ -]+\)=[ \t]*(?=\n))*\s*#(?:[ \t]+(?P<words>[^\n]*))?[ \t]*(?=\n|$)")
_ATTRIBUTES = expression(r"[ \t]\{[^{}\n]*\}[ \t]*$")
_DIGITS = expression(r"(\d+)")
_NOT_TEXT = frozenset({"node_modules", "renv", "venv", "dist", "build", "site-packages", "__pycache__"})


class Opened(NamedTuple):
    """A text and its front matter: the YAML or TOML between `begin` and `close`; the text goes on at `end` (offsets)."""

    source: SourceFile
    front: strict_yaml.YamlFile
    begin: int = 0
    close: int = 0
    end: int = 0

    @property
    def body(self) -> SourceFile:
        """Return the text with empty lines in the place of the front matter."""
        lines = "\n" * self.source.text.count("\n", 0, self.end)
        return rewritten(self.source, [Edit(0, self.end, lines)]) if self.end else self.source


def first_of(folder: Path, names: Iterable[str]) -> Path | None:
    """Return the first of `names` that is a file in `folder`; None if none is."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def texts_below(folder: Path, suffixes: Collection[str] = SUFFIXES, shown: Collection[str] = ()) -> list[Path]:
    """Return the paths below `folder` of its text files, by name, without those in hidden and generated folders.

    Names in `shown` are not hidden, although they begin with _.
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder):  # Other than glob, it passes over a folder that vanishes meanwhile.
        folders[:] = [name for name in folders if name in shown or not _is_hidden(Path(name))]
        paths = [Path(place, name).relative_to(folder) for name in names if name in shown or not _is_hidden(Path(name))]
        found += [path for path in paths if path.suffix.lower() in suffixes]
    return sorted(found, key=lambda path: natural(path.as_posix()))


def _is_hidden(path: Path) -> bool:
    """Return whether a part of the relative `path` begins with . or _, or is a folder that tools generate."""
    return any(part[0] in "._" or part in _NOT_TEXT for part in path.parts)


def no_statements(name: str) -> strict_yaml.YamlFile:
    """Return what the file `name` states if it has no metadata."""
    return strict_yaml.YamlFile({}, {(): Location(name, 1, 1)})


def mapping(value: Any, *keys: str) -> dict[str, Any]:
    """Return the mapping under `keys` of `value`, one key inside the other; an empty one if there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text_of(folder: Path, name: str, what: str, place: Location | None = None) -> SourceFile:
    """Return the text of the file `name` below `folder`.

    Raises:
        FileNotFoundError: there is none.
        InputRefused: it is unsafe or cannot be read.
    """
    return decode(read_contained(folder, name, what, limit=_MAX_SOURCE, location=place), name)


def read_yaml(folder: Path, name: str) -> tuple[SourceFile, strict_yaml.YamlFile]:
    """Return the YAML file `name` below `folder`, as text and as values with their places.

    Raises:
        FileNotFoundError: there is none.
        ConfigurationError, InputRefused: it cannot be read.
    """
    source = decode(read_contained(folder, name, "The configuration", limit=_MAX_CONFIGURATION), name)
    return source, strict_yaml.load(source.text, name, passing=("!", "tag:"), repeating=True)


def opened(folder: Path, name: str, place: Location | None = None) -> Opened:
    """Return the text `name` below `folder` and its front matter, which may be missing.

    Raises:
        FileNotFoundError: there is none.
        ConfigurationError: its front matter is not YAML, or not closed.
        InputRefused: it is unsafe or cannot be read.
    """
    if is_notebook(name):
        data = read_contained(folder, name, "A chapter", limit=notebook.LARGEST, location=place)
        source = decode(notebook.without_pictures(data), name)
        return split(notebook.as_text(source) or source._replace(text=""))
    return split(text_of(folder, name, "A chapter", place))


def is_notebook(name: str) -> bool:
    """Return whether a chapter of this name is a Jupyter notebook."""
    return name.lower().endswith(".ipynb")


def split(source: SourceFile) -> Opened:
    """Return `source` with its front matter, which is empty if the text has none.

    Raises:
        ConfigurationError: it is not closed, or neither YAML nor TOML.
        InputRefused: its YAML is unsafe.
    """
    if start := toml.begins_with_toml(source.text):
        return _with_toml(source, start.end())
    nothing = no_statements(source.path)
    start = re.match(r"\s*---[ \t]*\n", source.text)
    end = _END.search(source.text, start.end()) if start else None
    if not start or not _FRONT.match(source.text, start.end()):
        return _with_title_block(source) or Opened(source, nothing)
    if not end:
        raise _not_closed(source, "---")
    front = source.text[start.end() : end.start()]
    statements = strict_yaml.load(front, source.path, source.text.count("\n", 0, start.end()) + 1, ("!",))
    if statements.value is None:
        statements = nothing
    if not isinstance(statements.value, dict):
        return Opened(source, nothing)
    return Opened(source, statements, start.end(), end.start(), end.end())


def _with_toml(source: SourceFile, begin: int) -> Opened:
    end = _TOML_END.search(source.text, begin)
    if not end:
        raise _not_closed(source, "+++")
    first_line = source.text.count("\n", 0, begin) + 1
    statements = toml.load(source.text[begin : end.start()], source.path, first_line)
    return Opened(source, statements, begin, end.start(), end.end())


_TOML_END = expression(r"^\+\+\+[ \t]*$", re.MULTILINE)


def _with_title_block(source: SourceFile) -> Opened | None:
    """Return a text that begins with pandoc's title block (% title, % authors, % date); None for any other text."""
    found = _TITLE_BLOCK.match(source.text)
    if not found:
        return None
    said = {name: found[name].strip() for name in ("title", "author", "date") if (found[name] or "").strip()}
    places: dict[strict_yaml.Path, Location] = {
        (name,): Location(source.path, source.text.count("\n", 0, found.start(name)) + 1, 1) for name in said
    }
    value: dict[str, Any] = {name: " ".join(text.split()) for name, text in said.items()}
    if "author" in said:
        value["author"] = [one.strip() for one in re.split(r";|\n", said["author"]) if one.strip()]
    statements = strict_yaml.YamlFile(value, {(): Location(source.path, 1, 1), **places}, places)
    return Opened(source, statements, end=found.end())


#: Source: Pandoc User's Guide, Extension: pandoc_title_block.
_TITLE_BLOCK = expression(
    r"%(?P<title>[^\n]*(?:\n[ \t]+\S[^\n]*)*)\n"
    r"(?:%(?P<author>[^\n]*(?:\n[ \t]+\S[^\n]*)*)\n(?:%(?P<date>[^\n]*)\n)?)?(?=\s*\n|\s*\Z)"
)


def _not_closed(source: SourceFile, mark: str) -> ConfigurationError:
    message, remedy = "The front matter is not closed.", f"Write {mark} on a line by itself after the metadata."
    finding = SRC013.at(Location(source.path, 1, 1), message, remedy=remedy)
    return ConfigurationError(message, remedy=remedy, findings=(finding,))


def missing(name: str, place: Location | None, near: Sequence[str]) -> Finding:
    """Return the finding on a listed chapter that does not exist; the closest of the names `near` may have been meant."""
    close = difflib.get_close_matches(name, near, 1)
    hint = f" Did you mean {printable(close[0])}?" if close else ""
    message = f"The chapter {printable(name)} does not exist."
    return SRC010.at(place, message, remedy=f"Correct its name in the list of chapters.{hint}")


def page(one: Opened, *, own_heading_counts: bool = False) -> SourceFile:
    """Return the body of a chapter; a title in its front matter becomes its first heading, at its own place.

    With `own_heading_counts`, a title gives way to the heading with which the text begins.
    """
    title = one.front.value.get("title")
    if not isinstance(title, str) or not title.strip():
        return one.body
    first = _FIRST.match(one.source.text, one.end)
    words_of_own = _ATTRIBUTES.sub("", first["words"] or "").strip() if first else ""
    if words_of_own and (own_heading_counts or words_of_own == title.strip()):
        return one.body
    if first and own_heading_counts:
        one = one._replace(end=first.end())
    at = one.front.value_at(("title",))
    words = one.source.text.find(title.strip(), offset(one.source.text, at))
    if words < 0:  # folded over several lines
        words = offset(one.source.text, at)
        return rewritten(
            one.source, [Edit(0, words, _lines(one, 0, words) + "# "), Edit(words, one.end, _joined(one, words, title))]
        )
    after = words + len(title.strip())
    edits = [Edit(0, words, _lines(one, 0, words) + "# "), Edit(after, one.end, _lines(one, after, one.end) + "\n")]
    return rewritten(one.source, edits)


def _joined(one: Opened, start: int, title: str) -> str:
    return " ".join(title.split()) + _lines(one, start, one.end) + "\n"


def _lines(one: Opened, start: int, end: int) -> str:
    return "\n" * one.source.text.count("\n", start, end)


def offset(text: str, at: Location) -> int:
    """Return the offset of a place in `text`."""
    start = -1
    for _ in range(at.line - 1):
        start = text.index("\n", start + 1)
    return start + at.column


def first_heading(text: str) -> str | None:
    """Return the words of the first heading of level 1, without its attributes; a comment in code is none."""
    found = _HEADING.search(without_code(text))
    return (found[1] or found[2]).strip() if found else None


def without_code(text: str) -> str:
    """Return `text` without its blocks of code."""
    return _CODE.sub("", text)


def natural(name: str) -> tuple[Any, ...]:
    """Return a key that sorts names as people do: 2 before 10, index and README first."""
    parts = name.lower().split("/")
    return tuple(
        (
            Path(part).stem not in {"_index", "index", "readme", "intro"} if last else True,
            not last,
            [
                (not piece.isdigit(), int(piece) if piece.isdigit() else 0, piece)
                for piece in _DIGITS.split(part)
                if piece
            ],
        )
        for part, last in ((part, number == len(parts) - 1) for number, part in enumerate(parts))
    )
