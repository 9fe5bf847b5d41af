"""Read pubkit.yaml, or the front matter of a single file, into a `Project`, and report the line of every mistake."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import math
import os
import posixpath
import re
import shlex
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from pubkit.boundary.files import as_path, from_here, printable, read_contained, refusal
from pubkit.boundary.rules import SRC003, SRC010, SRC013, SRC015
from pubkit.boundary.text import SourceFile, decode
from pubkit.errors import ConfigurationError, InputRefused, UsageError
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.language.folding import ascii_only
from pubkit.project import dialects
from pubkit.project import yaml as strict_yaml
from pubkit.project.completing import completed
from pubkit.project.dialects import Foreign, variables
from pubkit.project.dialects.files import OF_REPOSITORIES, SUFFIXES, split
from pubkit.project.metadata import Publication
from pubkit.project.rules import SRC100, SRC103
from pubkit.project.schema import typed
from pubkit.project.translations import behind

__all__ = ["CONFIGURATION", "STYLE_SHEETS", "Project", "load", "now", "slug_of", "source_date_epoch", "today"]

CONFIGURATION = "pubkit.yaml"
#: The style sheets that a publication may have in its folder styles/.
STYLE_SHEETS = tuple(f"{name}{kind}.css" for name in ("web", "epub", "print") for kind in ("", ".extra"))

_MAX_CONFIGURATION = 200_000
_MAX_SOURCE = 2_000_000
_NO_CHAPTERS = OF_REPOSITORIES | {"README"}
_CHAPTER = expression(r"([0-9]{1,3})(?:[-_. ].*)?\.md")
#: So many names of texts are shown to the author of a folder whose order nobody states.
_SHOWN = 8
#: Keys that only pubkit's own front matter has.
_OWN = frozenset(
    {"dates", "slug", "topics", "substances", "jurisdiction", "evidence", "seen", "waivers", "outputs"}
    | {"disclaimers", "disclaimers_in"}
)


class Project(Struct, frozen=True):
    """A publication on disk: its folder, its metadata, its chapters, and the place of each statement.

    A manuscript written for another tool has a `dialect`; `variables` are the values that its text may refer to,
    `sources` further files with metadata, `findings` what could not be read, `languages` those of chapters that are not in
    the language of the publication, by their paths.
    """

    folder: Path
    publication: Publication
    chapters: tuple[SourceFile, ...]
    configuration: SourceFile
    statements: strict_yaml.YamlFile
    dialect: str = ""
    variables: Mapping[str, str] = {}
    sources: tuple[SourceFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    languages: Mapping[str, str] = {}

    @property
    def left_out(self) -> tuple[str, ...]:
        """Markdown files in the folder that are not chapters, except those that every repository has."""
        if self.configuration.path != CONFIGURATION or self.dialect:
            return ()
        read = {Path(chapter.path).name for chapter in self.chapters}
        return tuple(name for name in _texts(self.folder) if name not in read)

    @property
    def slug(self) -> str:
        """Return the name of the finished files, without version and extension."""
        return self.publication.slug or slug_of(self.publication.title)

    @property
    def source_sha256(self) -> str:
        """Return one SHA-256 over the names and contents of the configuration and the chapters."""
        files = sorted({(one.path, one.sha256) for one in (self.configuration, *self.sources, *self.chapters)})
        return hashlib.sha256("".join(f"{digest}  {path}\n" for path, digest in files).encode()).hexdigest()

    @property
    def bibliography(self) -> tuple[str, ...]:
        """Return the paths of the bibliography files, as the author wrote them."""
        named = self.publication.bibliography
        return (named,) if isinstance(named, str) else tuple(named)

    @property
    def unread_sheets(self) -> tuple[str, ...]:
        """Style sheets in styles/ whose names pubkit does not read."""
        found = (path.name for path in (self.folder / "styles").glob("*.*ss"))
        return tuple(sorted(name for name in found if name not in STYLE_SHEETS and not name.startswith(".")))

    def at(self, *path: str | int) -> Location:
        """Return the place of the statement at `path` in the configuration."""
        return self.statements.at(path)

    def states(self, *path: str) -> bool:
        """Return whether the configuration gives `path` a value, even one that cannot be used."""
        around = self.statements.value
        for key in path[:-1]:
            around = around.get(key) if isinstance(around, Mapping) else None
        is_empty = isinstance(around, Mapping) and path[-1] in around and around[path[-1]] is None
        return path in self.statements.locations and not is_empty

    @property
    def moment(self) -> dt.datetime:
        """Return the date of the edition: SOURCE_DATE_EPOCH, or the day of its last update; never today.

        Raises:
            UsageError: SOURCE_DATE_EPOCH is not a number of seconds.
        """
        if (epoch := source_date_epoch()) is not None:
            return epoch
        day = self.publication.dates.updated or self.publication.dates.published
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


_LAST_YEAR = 9_000


def source_date_epoch() -> dt.datetime | None:
    """Return the time that SOURCE_DATE_EPOCH names, or None if it is not set.

    Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification.

    Raises:
        UsageError: it is not a number of seconds from 1970 to the year 9000; later, no term of years could be counted.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return None
    try:
        # Digits only: a date before 1970 is a mistake, and so is a sign or a space.
        made = dt.datetime.fromtimestamp(int(text) if text.isdecimal() else -math.inf, dt.UTC)
        return made.replace(year=made.year if made.year <= _LAST_YEAR else dt.MAXYEAR + 1)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is not a number of seconds: {printable(text, 40)}",
            remedy="Set it to seconds since 1970, or unset it.",
        ) from None


def today() -> dt.date:
    """Return the day from which ages are counted: that of SOURCE_DATE_EPOCH, or else today in UTC."""
    return now().date()


def now() -> dt.datetime:
    """Return the time of SOURCE_DATE_EPOCH, or else this moment, in UTC."""
    return source_date_epoch() or dt.datetime.fromtimestamp(time.time(), dt.UTC)


def load(path: str | Path) -> Project:
    """Read the publication at `path`.

    It is a folder with pubkit.yaml, a Markdown file with front matter, or a manuscript written for another tool
    (`pubkit.project.dialects`).

    Raises:
        UsageError: `path` is empty, there is nothing at it, or nothing that pubkit reads.
        ConfigurationError: the configuration has mistakes; the findings list all of them.
        InputRefused: a file is unsafe or cannot be read.
    """
    if path == "":
        raise UsageError(
            "No path is given.", remedy="Name a folder with a manuscript, or a Markdown file; `.` is this folder."
        )
    try:
        return _loaded(as_path(path, "a publication"))
    except PermissionError as error:
        message = f"{printable(str(path))} cannot be read: {error.strerror}."
        raise InputRefused(message, remedy="Check your permissions for the folder and its files.") from error


def _loaded(path: Path) -> Project:
    if path.is_dir():
        return _from_folder(path)
    if path.name == CONFIGURATION and path.is_file():
        return _from_folder(path.parent)
    if path.suffix.lower() in SUFFIXES and (path.is_file() or path.is_symlink()):
        return _from_file(path)
    if "\n" in str(path):
        raise UsageError(
            "This is a text, not the path of one.", remedy="Give a text in memory as `pubkit.Text(...)` (docs/api.md)."
        )
    if not path.exists():
        raise UsageError(f"There is nothing at {printable(str(path))}.", remedy=f"{_near(path)}{_NAMED}")
    remedy = "Name a folder with a manuscript, or one .md, .qmd or .Rmd file."
    if path.suffix.lower() == ".docx":
        remedy = f"Make a manuscript of it first: pubkit init --from {shlex.quote(printable(str(path)))}"
    raise InputRefused(f"{printable(str(path))} is not a Markdown file.", remedy=remedy)


_NAMED = "Name a folder with a manuscript, or a Markdown file (.md)."


def _near(path: Path) -> str:
    """Return which file or folder may be meant by a name that nothing has."""
    try:
        names = [entry.name for entry in path.parent.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return ""
    meant = difflib.get_close_matches(path.name, names, 1)
    return f"Did you mean {printable(str(path.parent / meant[0]))}? " if meant else ""


def _from_folder(folder: Path) -> Project:
    configuration = _read_configuration(folder)
    if configuration is None:
        return _from_own_text(folder) or _from_another_tool(folder)
    statements = strict_yaml.load(configuration.text, CONFIGURATION)
    dialect = statements.value.get("dialect") if isinstance(statements.value, dict) else None
    if dialect in dialects.DIALECTS:
        return _completed(folder, configuration, statements, str(dialect))
    if dialect:
        message = f"There is no dialect {printable(str(dialect), 40)}."
        finding = SRC013.at(statements.at(("dialect",)), message, remedy=f"Use one of {', '.join(dialects.DIALECTS)}.")
        raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,))
    known = variables.of(statements, folder)
    whole = completed(statements, CONFIGURATION, folder.resolve().name, today().isoformat())
    statements, publication = whole.statements, whole.publication
    names = [posixpath.normpath(name) for name in publication.chapters] or _chapters_by_name(folder)
    chapters = _read_chapters(folder, names, statements)
    findings = (*whole.findings, *behind(folder, publication, statements))
    return Project(folder, publication, chapters, configuration, statements, variables=known, findings=findings)


def _read_chapters(folder: Path, names: list[str], statements: strict_yaml.YamlFile) -> tuple[SourceFile, ...]:
    _refuse_repeated(names, statements)
    listed = ("chapters",) in statements.locations
    places = [statements.at(("chapters", index)) if listed else Location(name) for index, name in enumerate(names)]
    return tuple(_read_chapter(folder, name, place) for name, place in zip(names, places, strict=True))


def _from_own_text(folder: Path) -> Project | None:
    """Return the only text of `folder`, if it states what only pubkit's own front matter does.

    Raises:
        ConfigurationError: the configuration has a name that is not read.
    """
    if (folder / "pubkit.yml").is_file():
        raise ConfigurationError("pubkit.yml is not read.", remedy=f"Rename it to {CONFIGURATION}.")
    texts = _texts(folder)
    try:
        source = decode(read_contained(folder, texts[0], "The manuscript", limit=_MAX_SOURCE), texts[0])
        states = _OWN & set(split(source).front.value) if len(texts) == 1 else ()
    except (IndexError, InputRefused, ConfigurationError):
        return None
    return _from_file(folder / texts[0]) if states else None


def _from_another_tool(path: Path) -> Project:
    """Read the manuscript at `path` as the tool that it was written for does, and ask for what it does not state."""
    foreign = None if (path / "manuscript" / CONFIGURATION).is_file() else dialects.adopted(path)
    if foreign is None or not foreign.chapters:
        raise _nothing_to_read(path)
    statements, asked = _asked_for(foreign, foreign.statements)
    publication = typed(statements, foreign.configuration.path)
    findings = (_read_as(foreign), *_read_alone(path), *foreign.findings, *asked)
    return Project(
        foreign.folder, publication, tuple(foreign.chapters), foreign.configuration, statements,
        foreign.dialect, foreign.variables, tuple(foreign.sources), findings, foreign.languages,
    )  # fmt: skip


def _completed(folder: Path, configuration: SourceFile, own: strict_yaml.YamlFile, name: str) -> Project:
    """Read a manuscript of another tool whose pubkit.yaml adds to, or overrides, what that tool's files state."""
    listed = own.value.get("chapters")
    alone = name == "document" and isinstance(listed, list) and len(listed) == 1
    if alone:
        _read_chapter(folder, str(listed[0]), own.at(("chapters", 0)))
    foreign = dialects.adopted(folder / str(listed[0]) if alone else folder, name)
    if foreign is None:
        message = f"{printable(str(folder))} has no manuscript of the dialect {name}."
        finding = SRC013.at(own.at(("dialect",)), message, remedy="Correct `dialect:`, or remove it.")
        raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,))
    theirs = {key: value for key, value in foreign.statements.value.items() if key not in own.value}
    dates = _completed_dates(foreign.statements.value, own.value)
    kept = {*theirs, *dates}
    places = {path: at for path, at in foreign.statements.locations.items() if path and path[0] in kept}
    values = {path: at for path, at in foreign.statements.values.items() if path and path[0] in kept}
    said = {**theirs, **own.value, **dates, **_completed_authors(foreign.statements.value, own.value)}
    both = strict_yaml.YamlFile(said, {**places, **own.locations}, {**values, **own.values})
    said_so, asked = _asked_for(foreign, both)
    whole = completed(said_so, CONFIGURATION, folder.resolve().name, today().isoformat())
    statements, publication = whole.statements, whole.publication
    chapters = tuple(foreign.chapters)
    if publication.chapters and not alone:
        chapters = _read_chapters(folder, publication.chapters, own)
    return Project(
        foreign.folder, publication, chapters, configuration, statements, foreign.dialect, foreign.variables,
        (foreign.configuration, *foreign.sources), (*foreign.findings, *asked, *whole.findings), foreign.languages,
    )  # fmt: skip


def _completed_dates(theirs: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dates of both; where both state one, pubkit.yaml's counts."""
    known, added = theirs.get("dates"), own.get("dates")
    if not isinstance(known, dict) or not isinstance(added, dict):
        return {}
    return {"dates": {**known, **{name: day for name, day in added.items() if day is not None or name not in known}}}


def _completed_authors(theirs: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the authors from the other tool's files, each with what pubkit.yaml adds under the same name."""
    known, added = theirs.get("authors"), own.get("authors")
    if not known or not isinstance(added, list) or not all(isinstance(one, dict) for one in added):
        return {}
    more = {str(one.get("name")): one for one in added}
    if not set(more) <= {one["name"] for one in known}:
        return {}
    return {"authors": [{**one, **more.get(one["name"], {})} for one in known]}


def _read_as(foreign: Foreign) -> Finding:
    count = len(foreign.chapters)
    message = f"This was read as {foreign.kind}: {count} {'text' if count == 1 else 'texts'}."
    place = (
        Location(foreign.configuration.path)
        if foreign.configuration.path != "."
        else Location(foreign.chapters[0].path)
    )
    return SRC103.at(place, message, context=foreign.dialect)


def _read_alone(path: Path) -> Iterator[Finding]:
    """Yield a note if the file `path`, which is read as a publication, is a chapter of a larger one."""
    if project := dialects.project_of(path):
        message = f"This text belongs to {project}, and is read alone: mentions of other chapters lead nowhere."
        remedy = (
            f"To check the whole, name its folder: `pubkit check {shlex.quote(printable(from_here(path.parent)))}`."
        )
        yield SRC103.at(Location(path.name), message, remedy=remedy, context=project)


def _asked_for(foreign: Foreign, said: strict_yaml.YamlFile) -> tuple[strict_yaml.YamlFile, list[Finding]]:
    """Return the statements with those that the schema requires filled in, and a finding for each that was missing."""
    value, findings = dict(said.value), []
    name = foreign.configuration.path if foreign.configuration.path != "." else foreign.chapters[0].path
    several = foreign.dialect == "folder"
    named, place = (foreign.folder.resolve().name, "folder") if several else (Path(name).stem, "file")
    day = today().isoformat()
    for key, default, what, line in (
        (
            "title",
            named,
            f"The title is missing; a draft has the name of the {place} in its place.",
            "title: Its words",
        ),
        (
            "dates",
            {"published": day},
            "The date is missing; a draft has the day on which it is built.",
            f"dates: {{published: {day}}}",
        ),
        ("version", "0", "The version is missing; a draft has version 0.", 'version: "1.0.0"'),
    ):
        if key not in value:
            value[key] = default
            remedy = f"Write `{line}` into the pubkit.yaml that {_completed_by(foreign)} makes."
            at = foreign.statements.locations.get((key,))
            if at:
                what = what.replace(" is missing;", " is one that only a run knows;")
                remedy = (
                    f"Write it out here, or write `{line}` into the pubkit.yaml that {_completed_by(foreign)} makes."
                )
            findings.append(SRC100.at(at or Location(name, 1, 1), what, context=key, remedy=remedy))
    return strict_yaml.YamlFile(value, said.locations, said.values), findings


def _completed_by(foreign: Foreign) -> str:
    """Return the command that writes what a manuscript of another tool does not state, as it can be typed here."""
    named = foreign.folder / foreign.configuration.path if foreign.dialect == "document" else foreign.folder
    here = from_here(named)
    return f"`pubkit init --from {'PATH' if Path(here).is_absolute() else shlex.quote(printable(here))}`"


def _nothing_to_read(path: Path) -> UsageError:
    inner = path / "manuscript"
    meant = f"Did you mean {printable(str(inner))}? " if (inner / CONFIGURATION).is_file() else ""
    return UsageError(
        f"{printable(str(path))} has no {CONFIGURATION}, and no manuscript that pubkit reads.",
        remedy=f"{meant}Start a new publication with `pubkit init DIR`, or write a {CONFIGURATION} there (`pubkit schema`).",
    )


def _refuse_repeated(names: list[str], statements: strict_yaml.YamlFile) -> None:
    """Refuse a chapter that is listed twice."""
    for index, name in enumerate(names):
        if name in names[:index]:
            message = f"The chapter {printable(name)} is listed twice."
            finding = SRC015.at(statements.at(("chapters", index)), message, remedy="Remove one of the two.")
            raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,))


def _read_configuration(folder: Path) -> SourceFile | None:
    """Return pubkit.yaml, or None if there is none."""
    try:
        return decode(
            read_contained(folder, CONFIGURATION, "The configuration", limit=_MAX_CONFIGURATION), CONFIGURATION
        )
    except FileNotFoundError:
        return None


def _chapters_by_name(folder: Path) -> list[str]:
    """Return the texts whose names begin with a number, in that order, or the only text that there is.

    Raises:
        ConfigurationError: there is no text, or there are several and nothing says their order.
    """
    numbered = ((match, entry.name) for entry in folder.iterdir() if (match := _CHAPTER.fullmatch(entry.name)))
    names = [name for _, name in sorted((int(match[1]), name) for match, name in numbered)]
    texts = _texts(folder)
    if names or len(texts) == 1:
        return names or texts
    shown = ", ".join(printable(name) for name in texts[:_SHOWN]) + ", ..." * (len(texts) > _SHOWN)
    which = printable(str(folder))
    raise ConfigurationError(
        f"Nothing says in which order {which} has its chapters: {shown}." if texts else f"{which} has no chapters.",
        remedy="Name the chapters 01-introduction.md, 02-..., or list them under `chapters:` in pubkit.yaml.",
    )


def _texts(folder: Path) -> list[str]:
    """Return the Markdown files in `folder` by name, except those that every repository has."""
    return sorted(path.name for path in folder.glob("*.md") if path.stem.upper() not in _NO_CHAPTERS)


def _read_chapter(folder: Path, name: str, location: Location) -> SourceFile:
    try:
        data = read_contained(folder, name, "A chapter", limit=_MAX_SOURCE, suffixes=SUFFIXES, location=location)
    except FileNotFoundError:
        close = difflib.get_close_matches(name, [entry.name for entry in folder.glob("*.md")], 1)
        hint = f" Did you mean {printable(close[0])}?" if close else ""
        message = f"The chapter {printable(name)} does not exist."
        finding = SRC010.at(location, message, remedy=f"Correct the name under `chapters:`.{hint}")
        raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,)) from None
    return decode(data, name)


def _from_file(path: Path) -> Project:
    """Read one text with front matter: pubkit's own, which is checked strictly, or that of another tool."""
    folder = path.parent
    if _is_completed(folder, path.name) or _is_chapter(folder, path.name):
        return _from_folder(folder)
    source = decode(read_contained(folder, path.name, "The manuscript", limit=_MAX_SOURCE), path.name)
    if not source.text.strip():
        remedy = "Begin the file with ---, then title, version and dates, then another ---, then the text."
        raise refusal(SRC003, f"{source.path} is empty.", remedy, Location(source.path, 1, 1))
    one = split(source)
    if not _OWN & set(one.front.value):
        return _from_another_tool(path)
    statements = strict_yaml.load(
        source.text[one.begin : one.close], path.name, source.text.count("\n", 0, one.begin) + 1
    )
    known = variables.of(statements, folder)
    whole = completed(statements, path.name, path.stem, today().isoformat())
    statements, publication = whole.statements, whole.publication
    if publication.chapters:
        message = "A single-file manuscript cannot list chapters."
        finding = SRC013.at(
            statements.at(("chapters",)), message, remedy="Remove `chapters:`, or make a folder with a pubkit.yaml."
        )
        raise ConfigurationError(message, remedy=finding.remedy, findings=(finding,))
    return Project(folder, publication, (one.body,), source, statements, variables=known, findings=whole.findings)


def _is_completed(folder: Path, name: str) -> bool:
    """Return whether the pubkit.yaml in `folder` describes the text `name` alone."""
    configuration = _read_configuration(folder)
    if configuration is None or "dialect: document" not in configuration.text:
        return False
    said = strict_yaml.load(configuration.text, CONFIGURATION).value
    return isinstance(said, dict) and said.get("dialect") == "document" and said.get("chapters") == [name]


def _is_chapter(folder: Path, name: str) -> bool:
    """Return whether the text `name` is a chapter of the publication that the pubkit.yaml in `folder` describes."""
    configuration = _read_configuration(folder)
    if configuration is None:
        return False
    said = strict_yaml.load(configuration.text, CONFIGURATION).value
    if not isinstance(said, dict) or said.get("dialect"):
        return False
    listed = said.get("chapters")
    return name in listed if isinstance(listed, list) else _CHAPTER.fullmatch(name) is not None


def slug_of(title: str) -> str:
    """Return a file name from a title: lower-case ASCII letters, digits and hyphens, at most 60 characters."""
    words = re.findall(r"[a-z0-9]+", ascii_only(title).lower())
    return "-".join(words)[:60].strip("-") or "publication"
