"""pubkit.yaml, or the front matter of a single file, to a `Project`: typed, with the line of every mistake."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import math
import os
import re
import time
from pathlib import Path

from msgspec import Struct

from pubkit.boundary.files import printable, read_contained, refusal
from pubkit.boundary.rules import SRC003, SRC010, SRC013, SRC015
from pubkit.boundary.text import SourceFile, decode
from pubkit.errors import ConfigurationError, InputRefused, UsageError
from pubkit.findings import Location
from pubkit.language.folding import ascii_only
from pubkit.project import yaml as strict_yaml
from pubkit.project.metadata import Publication
from pubkit.project.schema import typed

__all__ = ["CONFIGURATION", "STYLE_SHEETS", "Project", "load", "slug_of", "source_date_epoch", "today"]

CONFIGURATION = "pubkit.yaml"
#: The style sheets that a publication may bring, in its folder styles/.
STYLE_SHEETS = tuple(f"{name}{kind}.css" for name in ("web", "epub", "print") for kind in ("", ".extra"))

_MAX_CONFIGURATION = 200_000
_MAX_SOURCE = 2_000_000
_NO_CHAPTERS = {
    "README",
    "LICENSE",
    "LICENCE",
    "CHANGELOG",
    "CONTRIBUTING",
    "NOTICE",
    "AUTHORS",
    "CODE_OF_CONDUCT",
    "SECURITY",
}
_CHAPTER = re.compile(r"[0-9]{2,3}[-_.].*\.md")
_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*")


class Project(Struct, frozen=True):
    """A publication on disk: its folder, what it says about itself, its chapters, and where each statement stands."""

    folder: Path
    publication: Publication
    chapters: tuple[SourceFile, ...]
    configuration: SourceFile
    statements: strict_yaml.YamlFile

    @property
    def left_out(self) -> tuple[str, ...]:
        """Markdown files in the folder that are no chapter, but for those that every repository has."""
        if self.configuration.path != CONFIGURATION:
            return ()
        read = {Path(chapter.path).name for chapter in self.chapters}
        found = (path.name for path in self.folder.glob("*.md") if path.stem.upper() not in _NO_CHAPTERS)
        return tuple(sorted(name for name in found if name not in read))

    @property
    def slug(self) -> str:
        """The name of the finished files, without version and ending."""
        return self.publication.slug or slug_of(self.publication.title)

    @property
    def source_sha256(self) -> str:
        """One sha256 over the names and contents of the configuration and the chapters."""
        files = sorted({(one.path, one.sha256) for one in (self.configuration, *self.chapters)})
        return hashlib.sha256("".join(f"{digest}  {path}\n" for path, digest in files).encode()).hexdigest()

    @property
    def bibliography(self) -> tuple[str, ...]:
        """The paths of the bibliography files, as the author wrote them."""
        named = self.publication.bibliography
        return (named,) if isinstance(named, str) else tuple(named)

    @property
    def unread_sheets(self) -> tuple[str, ...]:
        """Style sheets in styles/ whose names nothing reads."""
        found = (path.name for path in (self.folder / "styles").glob("*.*ss"))
        return tuple(sorted(name for name in found if name not in STYLE_SHEETS and not name.startswith(".")))

    def at(self, *path: str | int) -> Location:
        """Return where the statement at `path` stands in the configuration."""
        return self.statements.at(path)

    @property
    def moment(self) -> dt.datetime:
        """The date of the edition: SOURCE_DATE_EPOCH, or the day it was last updated; never the clock.

        Raises:
            UsageError: SOURCE_DATE_EPOCH is not a number of seconds.
        """
        if (epoch := source_date_epoch()) is not None:
            return epoch
        day = self.publication.dates.updated or self.publication.dates.published
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def source_date_epoch() -> dt.datetime | None:
    """Return the moment that SOURCE_DATE_EPOCH names, or None where it is not set.

    Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification.

    Raises:
        UsageError: it is not a number of seconds since 1970 that a calendar can hold.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return None
    try:
        # Digits only: a date before 1970 is a mistake, and a sign or a space is no number of seconds.
        return dt.datetime.fromtimestamp(int(text) if text.isdecimal() else -math.inf, dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is not a number of seconds: {printable(text, 40)}",
            remedy="Set it to seconds since 1970, or unset it.",
        ) from None


def today() -> dt.date:
    """Return the day on which ages are judged: that of SOURCE_DATE_EPOCH, else today in UTC."""
    epoch = source_date_epoch()
    return (epoch or dt.datetime.fromtimestamp(time.time(), dt.UTC)).date()


def load(path: str | Path) -> Project:
    """Read the publication at `path`: a folder with pubkit.yaml, or one Markdown file with front matter.

    Raises:
        UsageError: there is nothing at `path`, or it is neither of the two.
        ConfigurationError: the configuration has mistakes; all of them are among the findings.
        InputRefused: a file is unsafe or cannot be read.
    """
    try:
        return _loaded(Path(path))
    except PermissionError as error:
        message = f"{printable(str(path))} cannot be read: {error.strerror}."
        raise InputRefused(message, remedy="Check your permissions for the folder and its files.") from error


def _loaded(path: Path) -> Project:
    if path.is_dir():
        return _from_folder(path)
    if path.suffix.lower() == ".md" and (path.is_file() or path.is_symlink()):
        return _from_file(path)
    if not path.exists():
        raise UsageError(
            f"There is nothing at {printable(str(path))}.",
            remedy="Name a folder with a pubkit.yaml, or a Markdown file (.md).",
        )
    raise InputRefused(
        f"{printable(str(path))} is not a Markdown file.",
        remedy="Name a folder with a pubkit.yaml, or one .md file.",
    )


def _from_folder(folder: Path) -> Project:
    configuration = _read_configuration(folder)
    statements = strict_yaml.load(configuration.text, CONFIGURATION)
    publication = typed(statements, CONFIGURATION)
    names = publication.chapters or _numbered_chapters(folder)
    if not names:
        raise ConfigurationError(
            f"{printable(str(folder))} has no chapters.",
            remedy="Name the chapters 01-introduction.md, 02-..., or list them under `chapters:` in pubkit.yaml.",
        )
    _refuse_repeated(names, statements)
    listed = ("chapters",) in statements.locations
    places = [statements.at(("chapters", index)) if listed else Location(name) for index, name in enumerate(names)]
    chapters = tuple(_read_chapter(folder, name, place) for name, place in zip(names, places, strict=True))
    return Project(folder, publication, chapters, configuration, statements)


def _refuse_repeated(names: list[str], statements: strict_yaml.YamlFile) -> None:
    """A chapter is printed once."""
    for index, name in enumerate(names):
        if name in names[:index]:
            message = f"The chapter {printable(name)} is listed twice."
            finding = SRC015.at(statements.at(("chapters", index)), message, remedy="Remove one of the two.")
            raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,))


def _read_configuration(folder: Path) -> SourceFile:
    try:
        data = read_contained(folder, CONFIGURATION, "The configuration", limit=_MAX_CONFIGURATION)
    except FileNotFoundError:
        inner = folder / "manuscript"
        meant = f"Did you mean {printable(str(inner))}? " if (inner / CONFIGURATION).is_file() else ""
        raise UsageError(
            f"{printable(str(folder))} has no {CONFIGURATION}.",
            remedy=f"{meant}Lay down a new publication with `pubkit init DIR`, or write a {CONFIGURATION} there "
            "(`pubkit schema`).",
        ) from None
    return decode(data, CONFIGURATION)


def _numbered_chapters(folder: Path) -> list[str]:
    """Return the files NN-*.md, NN_*.md and NN.*.md in `folder`, by number and name; the same order on every file system."""
    return sorted(entry.name for entry in folder.iterdir() if _CHAPTER.fullmatch(entry.name))


def _read_chapter(folder: Path, name: str, location: Location) -> SourceFile:
    try:
        data = read_contained(folder, name, "A chapter", limit=_MAX_SOURCE, suffixes={".md"}, location=location)
    except FileNotFoundError:
        close = difflib.get_close_matches(name, [entry.name for entry in folder.glob("*.md")], 1)
        hint = f" Did you mean {printable(close[0])}?" if close else ""
        message = f"The chapter {printable(name)} does not exist."
        finding = SRC010.at(location, message, remedy=f"Correct the name under `chapters:`.{hint}")
        raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,)) from None
    return decode(data, name)


def _from_file(path: Path) -> Project:
    folder = path.parent
    source = decode(read_contained(folder, path.name, "The manuscript", limit=_MAX_SOURCE), path.name)
    front, body = _split(source)
    statements = strict_yaml.load(front, path.name, 2)
    publication = typed(statements, path.name)
    if publication.chapters:
        message = "A single-file manuscript cannot list chapters."
        finding = SRC013.at(
            statements.at(("chapters",)), message, remedy="Remove `chapters:`, or make a folder with a pubkit.yaml."
        )
        raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,))
    chapter = SourceFile(source.path, body, source.sha256)
    return Project(folder, publication, (chapter,), source, statements)


def _split(source: SourceFile) -> tuple[str, str]:
    """Return the front matter and the text of a single-file manuscript; the text keeps its line numbers."""
    lines = source.text.split("\n")
    remedy = (
        "Begin the file with ---, then title, version and dates, then another ---; or use a folder with a pubkit.yaml."
    )
    if not source.text.strip():
        raise refusal(SRC003, f"{source.path} is empty.", remedy, Location(source.path, 1, 1))
    if lines[0].rstrip() != "---":
        message = f"{source.path} has no front matter."
        if source.text.lstrip().startswith("---\n"):
            message = "The front matter does not begin in the first line."
            remedy = "Remove what stands before the first ---, empty lines too."
        raise ConfigurationError(
            message,
            remedy=remedy,
            findings=(SRC013.at(Location(source.path, 1, 1), message, remedy=remedy),),
        )
    end = next((index for index, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), None)
    if end is None:
        message = "The front matter is not closed."
        remedy = "Write --- on a line by itself after the metadata."
        raise ConfigurationError(
            message,
            remedy=remedy,
            findings=(SRC013.at(Location(source.path, 1, 1), message, remedy=remedy),),
        )
    return "\n".join(lines[1:end]), "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def slug_of(title: str) -> str:
    """Return a file name made from a title: lower-case ASCII letters, digits and hyphens, at most 60 characters."""
    words = re.findall(r"[a-z0-9]+", ascii_only(title).lower())
    return "-".join(words)[:60].strip("-") or "publication"
