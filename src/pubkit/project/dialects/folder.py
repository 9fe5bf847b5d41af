"""A folder of Markdown, in the order of SUMMARY.md (mdBook, GitBook), mkdocs.yml, Sphinx, a Hugo site, or the names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pubkit.boundary.files import printable
from pubkit.boundary.text import Edit, SourceFile, rewritten
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata, sites, variables
from pubkit.project.dialects.files import OF_REPOSITORIES, first_of, mapping, opened, read_yaml, text_of, texts_below
from pubkit.project.dialects.gathering import gathered
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.rules import SRC103

__all__ = ["read", "recognised"]

#: The files with metadata for all texts that are given to pandoc together with them (Pandoc User's Guide, --metadata-file).
_METADATA = ("metadata.yaml", "metadata.yml")
#: How many files of YAML are searched for a preamble.
_MOST_SETTINGS = 30
_ENTRY = expression(r"\[[^\[\]]*\]\(<?([^()<>#\s]+\.(?:md|markdown))(?:#[^()]*)?>?\)")


def recognised(path: Path) -> Path | None:
    """Return the folder `path` if it contains Markdown."""
    return path if path.is_dir() and _texts(path) else None


def read(path: Path) -> Foreign:
    """Read the Markdown files in the folder `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    statements = Statements(Location(".", 0, 0))
    names, kind = _ordered(path)
    site = sites.configuration_of(path)
    if site is not None:
        _say_of_site(site, statements)
    if said := first_of(path, _METADATA):
        metadata.say(statements, read_yaml(path, said.name)[1])
    spoken = Path(names[0][0]).stem.lower() in {"_index", "index", "readme", "intro"} or "title" in statements.value
    if not spoken:
        statements.say("title", path.resolve().name, Location(names[0][0], 1, 1))
    texts = gathered(path, names, statements, own_heading_counts=True)
    if (path / ".obsidian").is_dir():
        texts = [_titled(one) for one in texts]
    if not spoken:  # the title of the first text is not that of all; the folder's name stands for one in drafts alone
        del statements.value["title"]
        _say_whose(names[0][0], len(texts), statements)
    references = sorted(file.as_posix() for file in texts_below(path, {".bib"}))
    statements.say("bibliography", references, Location(names[0][0], 1, 1))
    first = opened(path, texts[0].path) if texts else None
    settings = [file.as_posix() for file in texts_below(path, {".yaml", ".yml"})][:_MOST_SETTINGS]
    known = {**variables.preambles(path, settings), **(variables.of(first.front, path) if first else {})}
    return Foreign(
        "folder", kind, path, first.source if first else SourceFile(".", "", ""), statements.made(), texts, known,
        findings=statements.findings,
    )  # fmt: skip


def _titled(note: SourceFile) -> SourceFile:
    """Return a note of Obsidian, which has the name of its file as its title unless it begins with a heading of its own."""
    if _TITLED.match(note.text):
        return note
    return rewritten(note, [Edit(0, 0, f"# {Path(note.path).stem}\n\n")])


_TITLED = expression(r"\s*# ")


def _say_whose(first: str, number: int, statements: Statements) -> None:
    """Note what is taken for the whole of `number` texts although the first of them, no index, states it for itself."""
    taken = [key for key in ("authors", "dates") if key in statements.value and number > 1]
    if not taken:
        return
    place = statements.locations[(taken[0],)]
    what = {"authors": "the authors", "dates": "the date"}
    message = (
        f"What {printable(first)} states as {' and '.join(what[key] for key in taken)} is taken for all {number} texts; "
        "what the others state is not used."
    )
    keys = " and ".join(f"`{key}:`" for key in taken)
    remedy = f"If that is not right for all of them, state {keys} in a pubkit.yaml."
    statements.findings.append(SRC103.at(place, message, remedy=remedy, context=", ".join(taken)))


def _ordered(folder: Path) -> tuple[list[tuple[str, Location]], str]:
    """Return the texts in reading order, each with the place that names it, and what the folder is."""
    for inner in ("", "src/"):
        if (folder / f"{inner}SUMMARY.md").is_file() and (listed := list(_summarised(folder, inner))):
            return listed, "a folder of Markdown, in the order of SUMMARY.md"
    if (folder / "mkdocs.yml").is_file() and (listed := list(_navigated(folder))):
        return listed, "a folder of Markdown, in the order of mkdocs.yml"
    if (folder / "conf.py").is_file() and (folder / _ROOT).is_file():
        listed = [(name, Location(name)) for name in _linked(folder)]
        known = dict(listed)
        others = [(name, Location(name)) for name in _texts(folder) if name not in known]
        return [*listed, *others], "a folder of Markdown, in the order of its tables of contents"
    site = sites.configuration_of(folder)
    if site is not None and (pages := sites.pages_of(folder, site)):
        return [(name, Location(name)) for name in pages], "a Hugo site"
    return [(name, Location(name)) for name in _texts(folder)], "a folder of Markdown"


def _say_of_site(site: strict_yaml.YamlFile, statements: Statements) -> None:
    """Add the title and the language of a web site to `statements`."""
    value = mapping(site.value)
    for key, name in (("title", "title"), ("lang", "languageCode"), ("lang", "defaultContentLanguage")):
        said = value.get(name)
        if isinstance(said, str) and said.strip():
            metadata.say(statements, strict_yaml.YamlFile({key: said}, {(): site.at(()), (key,): site.at((name,))}))


def _summarised(folder: Path, inner: str) -> Iterator[tuple[str, Location]]:
    """Yield the texts that SUMMARY.md links to, each once."""
    source = text_of(folder, f"{inner}SUMMARY.md", "The table of contents")
    seen: set[str] = set()
    for found in _ENTRY.finditer(source.text):
        name = inner + found[1].removeprefix("./")
        if name not in seen and "://" not in name:
            seen.add(name)
            yield name, source.location(found.start(1))


def _linked(folder: Path) -> Iterator[str]:
    """Yield the first page of a site of Sphinx, and behind each page those that its tables of contents (toctree) list."""
    seen = {_ROOT}
    yield _ROOT
    around = [_listed(folder, _ROOT)]
    while around:
        path = next(around[-1], None)
        if path is None:
            around.pop()
        elif path not in seen and not path.startswith("..") and (folder / path).is_file():
            seen.add(path)
            yield path
            around.append(_listed(folder, path))


def _listed(folder: Path, name: str) -> Iterator[str]:
    """Yield the paths that the tables of contents of the text `name` list, in order."""
    for block in _TOCTREE.finditer(text_of(folder, name, "A table of contents").text):
        for found in filter(None, (_TOC_ENTRY.fullmatch(line.strip()) for line in block["lines"].splitlines())):
            path = posixpath.join(posixpath.dirname(name), (found["file"] or found["bare"]).strip("/"))
            yield posixpath.normpath(path if path.endswith(".md") else f"{path}.md")


#: The first page of a site of Sphinx, and the lists of pages in it (sphinx-doc.org, The toctree directive).
_ROOT = "index.md"
_TOCTREE = expression(r"^(?P<fence>`{3,}|:{3,})\{toctree\}[^\n]*\n(?P<lines>.*?)^(?P=fence)", re.MULTILINE | re.DOTALL)
_TOC_ENTRY = expression(r"(?![:#-])(?:[^<>\n]*<(?P<file>[^<>\n]+)>|(?P<bare>[^\s<>*:]+))")


def _navigated(folder: Path) -> Iterator[tuple[str, Location]]:
    """Yield the texts that `nav:` in mkdocs.yml names."""
    _, file = read_yaml(folder, "mkdocs.yml")
    value = mapping(file.value)
    docs = str(value.get("docs_dir") or "docs")

    def walk(one: Any, at: tuple[str | int, ...]) -> Iterator[tuple[str, Location]]:
        if isinstance(one, str) and one.endswith(".md"):
            yield f"{docs}/{one}", file.at(at)
        for key, inner in one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ():
            yield from walk(inner, (*at, key))

    yield from walk(value.get("nav"), ("nav",))


def _texts(folder: Path) -> list[str]:
    """Return the texts by name: knitted Markdown rather than its source, and a README only if there is nothing else."""
    unprinted = OF_REPOSITORIES | {"SUMMARY", "PULL_REQUEST_TEMPLATE"}
    below = texts_below(folder, shown=sites.collections_of(folder))
    kept = [one for one in below if one.stem.upper() not in unprinted]
    knitted = {one.with_suffix("") for one in kept if one.suffix.lower() == ".md"}
    kept = [one for one in kept if one.suffix.lower() == ".md" or one.with_suffix("") not in knitted]
    texts = [one for one in kept if one.name.upper() != "README.MD"] or kept
    return [printable(one.as_posix(), 500) for one in texts]
