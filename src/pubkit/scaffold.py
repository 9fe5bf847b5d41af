"""A new publication: the files that `pubkit init` lays down, which build as they stand."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
from importlib import resources
from pathlib import Path

from pubkit.errors import EnvironmentFault, UsageError
from pubkit.files import printable

__all__ = ["lay_down"]

#: Where each template of the package goes; names with a leading dot cannot travel in a package under that name.
_FILES = {
    "pubkit.yaml": "manuscript/pubkit.yaml",
    "chapter.md": "manuscript/01-introduction.md",
    "references.bib": "manuscript/references.bib",
    "noxfile.py.txt": "noxfile.py",
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "workflow.yml": ".github/workflows/publish.yml",
}


def lay_down(folder: Path, today: dt.date) -> tuple[Path, ...]:
    """Write a new publication into `folder`, dated `today`; the files written are returned.

    Nothing that is there is overwritten: if one of the files exists, none is written.

    Raises:
        UsageError: a file of the publication is already there.
        EnvironmentFault: the folder cannot be written.
    """
    targets = {name: folder / path for name, path in _FILES.items()}
    taken = [path for path in targets.values() if path.exists() or path.is_symlink()]
    if taken:
        raise UsageError(
            f"{printable(str(taken[0]))} exists already.",
            remedy="Name an empty folder, or one that does not exist yet.",
        )
    templates = resources.files("pubkit") / "templates"
    values = {
        "@TODAY@": today.isoformat(),
        "@NEXT_REVIEW@": _a_year_on(today).isoformat(),
        "@VERSION@": importlib.metadata.version("pubkit"),
    }
    try:
        for name, path in targets.items():
            text = (templates / name).read_text("utf-8")
            for place, value in values.items():
                text = text.replace(place, value)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        raise EnvironmentFault(
            f"{printable(str(folder))} cannot be written: {error.strerror}.",
            remedy="Check your rights there, or name another folder.",
        ) from error
    return tuple(targets.values())


def _a_year_on(day: dt.date) -> dt.date:
    """The same day a year later; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
