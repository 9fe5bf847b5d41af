"""What the chunks of one bookdown chapter take from others: bookdown runs all chapters in one session of R.

The options that the first chapter or `_common.R` sets (`opts_chunk$set(echo = FALSE)`) hold in every chapter; which chunks
show their code depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from pubkit.boundary.files import read_contained
from pubkit.boundary.text import decode
from pubkit.errors import InputRefused
from pubkit.manuscript.marks.cells import defaults
from pubkit.project.loading import Project

__all__ = ["with_common_options"]

#: The script that, by custom, every chapter begins with.
_SCRIPT = "_common.R"
_LARGEST = 200_000


def with_common_options(project: Project) -> Project:
    """Return a project of bookdown with the options of all its chunks among its variables; any other as it is."""
    if project.dialect != "bookdown" or not project.chapters:
        return project
    found: Mapping[str, str] = {**defaults(_script(project), {}), **defaults(project.chapters[0].text, {})}
    options = {f"meta.execute.{name}": value for name, value in found.items()}
    return replace(project, variables={**project.variables, **options}) if options else project


def _script(project: Project) -> str:
    try:
        return decode(read_contained(project.folder, _SCRIPT, "The script", limit=_LARGEST), _SCRIPT).text
    except (OSError, InputRefused):
        return ""
