"""Manuscripts written for another tool, read as they are: each dialect is one module, and all return one type.

A module recognises a path of its kind (`recognised`) and reads it (`read`): its configuration becomes the statements
that pubkit.yaml would make, its chapters are in the order of that tool, and every place is in the author's files.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from msgspec import structs

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.errors import ConfigurationError, InputRefused
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.language.folders import languages
from pubkit.language.told import language_of
from pubkit.project.dialects import bookdown, document, folder, manubot, metadata, myst, quarto
from pubkit.project.dialects.files import split, without_code
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.rules import SRC101, SRC103
from pubkit.project.shipped_styles import shipped_style

__all__ = ["DIALECTS", "Foreign", "adopted", "project_of"]

#: The dialects by their names in pubkit.yaml, in the order in which they are tried: the surest sign first.
DIALECTS: dict[str, ModuleType] = {
    "quarto": quarto,
    "bookdown": bookdown,
    "myst": myst,
    "manubot": manubot,
    "document": document,
    "folder": folder,
}


def adopted(path: Path, name: str | None = None) -> Foreign | None:
    """Return the manuscript at `path` as the dialect `name`, or the first one that recognises it, reads it; else None.

    Raises:
        ConfigurationError: its configuration cannot be read, or a chapter is missing.
        InputRefused: a file is unsafe.
    """
    for module in (DIALECTS[name],) if name else DIALECTS.values():
        if module.recognised(path):
            return _with_those_of_chapters(_with_its_language(_with_a_style_that_exists(module.read(path))))
    return None


def project_of(path: Path) -> str:
    """Return the name of the configuration beside the file `path` that has it as one of its chapters; "" if there is none.

    The documents of a Quarto project that is no book or site are publications of their own.
    """
    for module in (quarto, bookdown, myst) if path.is_file() else ():
        configuration: Path | None = module.recognised(path.parent)
        with contextlib.suppress(ConfigurationError, InputRefused, FileNotFoundError):
            whole: Foreign | None = module.read(path.parent) if configuration else None
            chapters = [one.path for one in whole.chapters] if whole and whole.kind != "a Quarto project" else []
            if configuration and path.name in chapters and len(chapters) > 1:
                return configuration.name
    return ""


def _with_its_language(found: Foreign) -> Foreign:
    """State the language that a text is in by its words, where no file does; a note says so."""
    if "lang" in found.statements.value or not found.chapters:
        return found
    code = language_of(itertools.islice(_passages(found), _MOST_PASSAGES))
    if code not in languages():
        return found
    place = Location(found.chapters[0].path, 1, 1)
    message = f"No file of {found.kind} states a language; by its words the text is in “{code}”."
    note = SRC103.at(place, message, remedy=f"State it in the metadata: `lang: {code}`.", context=code)
    statements = structs.replace(
        found.statements,
        value={**found.statements.value, "lang": code},
        locations={**found.statements.locations, ("lang",): place},
    )
    return structs.replace(found, statements=statements, findings=[*found.findings, note])


def _with_those_of_chapters(found: Foreign) -> Foreign:
    """Add the languages of the chapters whose front matter states another one than the publication's."""
    whole = str(found.statements.value.get("lang", _ENGLISH))
    stated = {chapter.path: _stated(chapter) for chapter in found.chapters if _STATED.search(chapter.written)}
    return structs.replace(found, languages={path: code for path, code in stated.items() if code not in {"", whole}})


def _stated(chapter: SourceFile) -> str:
    """Return the language that the front matter of a chapter states, as a tag; "" if it states none that can be used."""
    alone = Statements(Location(chapter.path))
    metadata.say(alone, split(chapter._replace(text=chapter.written, pieces=())).front)
    return str(alone.value.get("lang", ""))


#: What a publication is in that states no language.
_ENGLISH = "en"
_STATED = expression(r"^[\"']?(?:lang|language|locale)\b", re.MULTILINE)
#: The passages of a text from which its language is told.
_MOST_PASSAGES = 300


def _passages(found: Foreign) -> Iterator[str]:
    """Yield the paragraphs of a manuscript, without code."""
    for chapter in found.chapters:
        yield from (part for part in re.split(r"\n\s*\n", without_code(chapter.text)) if len(part) > _SHORT)


#: A passage of fewer characters does not tell its language.
_SHORT = 60


def _with_a_style_that_exists(found: Foreign) -> Foreign:
    """Do without a citation style whose file is not in the repository, as many tools fetch theirs; a finding says so.

    The style of the same name that is shipped takes its place, if there is one.
    """
    style = str(found.statements.value.get("csl", ""))
    if not style.endswith(".csl") or (found.folder / style).is_file():
        return found
    said = {key: value for key, value in found.statements.value.items() if key != "csl"}
    name = Path(style).stem.lower()
    used = "pubkit's own is"
    if shipped_style(name):
        said["csl"] = name
        used = f"the style {name} that pubkit has is"
    message = f"The citation style {printable(style, 80)} does not exist; {used} used."
    remedy = "Add the file, or state the style's name in pubkit.yaml: `csl: apa`."
    fault = SRC101.at(found.statements.at(("csl",)), message, remedy=remedy, context=style)
    return structs.replace(
        found, statements=structs.replace(found.statements, value=said), findings=[*found.findings, fault]
    )
