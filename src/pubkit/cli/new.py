"""A new publication: the files that `pubkit init` writes, which build as they are.

Existing files are never changed: the folder may be a fresh clone with a README and a licence, or hold a manuscript
without tasks and workflows. A file that works only together with another is left out if that other one is not pubkit's.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from pubkit.boundary import distribution, system
from pubkit.boundary.files import printable, read_regular
from pubkit.errors import EnvironmentFault, UsageError
from pubkit.project import dialects, templates
from pubkit.project.dialects import Foreign
from pubkit.project.dialects.files import OF_REPOSITORIES, SUFFIXES
from pubkit.project.loading import CONFIGURATION
from pubkit.project.schema import written_schema

__all__ = ["FromWord", "Scaffold", "adopt", "folder_for", "from_word", "write"]

#: Where builds and drafts go: no folder for a manuscript.
_OUTPUTS = frozenset({"dist", "draft"})

#: What the text and the bibliography from a Word file are named.
_TEXT, _WORKS = "text.md", "references.json"
_CONFIGURATION = "manuscript/pubkit.yaml"
_CHAPTER = "manuscript/01-introduction.md"
_BIBLIOGRAPHY = "manuscript/references.bib"
#: What text editors check pubkit.yaml against; its first line names the file.
_SCHEMA = "manuscript/pubkit.schema.json"
_TASKS = "noxfile.py"
_IGNORED = ".gitignore"
#: The largest file that is read, in bytes.
_LARGEST = 200_000_000
_WORKFLOWS = ".github/workflows"

#: Where each template goes; the schema is made. A package cannot contain hidden files, or programs that are not its own.
_TEMPLATES = {
    _CONFIGURATION: "pubkit.yaml",
    _CHAPTER: "chapter.md",
    _BIBLIOGRAPHY: "references.bib",
    _SCHEMA: "",
    _TASKS: "noxfile.py.txt",
    "README.md": "README.md",
    _IGNORED: "gitignore",
    f"{_WORKFLOWS}/build.yml": "build.yml",
    f"{_WORKFLOWS}/release.yml": "release.yml",
    f"{_WORKFLOWS}/references.yml": "references.yml",
}


class Scaffold(Struct, frozen=True):
    """The files that `write` has written, and those it left alone or left out, each with what the user should know.

    `tasks` says whether noxfile.py has pubkit's sessions. `local` is the path on this machine from which they install
    pubkit, "" if any machine can install it.
    """

    written: tuple[Path, ...]
    left: Mapping[Path, str]
    tasks: bool
    local: str


def write(folder: Path, today: dt.date) -> Scaffold:
    """Write into `folder`, dated `today`, whatever a publication needs that the folder does not contain yet.

    Raises:
        UsageError: there is nothing to write.
        EnvironmentFault: the folder cannot be written, or pubkit is not installed.
    """
    requirement = distribution.requirement()
    left = {path: why for path in _TEMPLATES if (why := _why_left(folder, path)) is not None}
    _refuse_beside_texts(folder)
    words = {path.name: why for path in sorted(_entries(folder)) if (why := _how_taken(path))}
    wanted = [path for path in _TEMPLATES if path not in left]
    if not wanted:
        raise UsageError(
            f"{printable(str(folder))} already contains a complete publication, so nothing was written.",
            remedy="Name an empty folder, or one that does not exist yet.",
        )
    values = _values(today, requirement)
    for path in wanted:
        text = templates.filled(_TEMPLATES[path], values) if _TEMPLATES[path] else written_schema()
        _write_new(folder / path, text.encode())
    return Scaffold(
        tuple(folder / path for path in wanted),
        {folder / path: why for path, why in {**left, **words}.items()},
        _has_tasks(folder),
        requirement.path,
    )


def adopt(path: Path, today: dt.date) -> tuple[Path, str]:
    """Write a pubkit.yaml beside the manuscript of another tool, for what the tool's files do not state.

    Args:
        path: the manuscript, as `pubkit check` takes it.
        today: the date of the publication if it states none.

    Returns:
        The file that was written, and what the manuscript was read as ("a Quarto book").

    Raises:
        UsageError: there is no manuscript, or it has a pubkit.yaml already.
        ConfigurationError, InputRefused: it cannot be read.
        EnvironmentFault: the file cannot be written.
    """
    foreign = dialects.adopted(path)
    if foreign is None:
        remedy = "Name a folder with a manuscript, or one text; `pubkit init DIR` starts a new publication."
        raise UsageError(f"There is no manuscript of another tool at {printable(str(path))}.", remedy=remedy)
    file = foreign.folder / CONFIGURATION
    if file.exists():
        raise UsageError(
            f"{printable(str(file))} already exists.", remedy="Edit it; `pubkit check` says what is missing."
        )
    _write_new(file, _answers(foreign, today).encode())
    return file, foreign.kind


def folder_for(file: Path) -> str:
    """Return the folder for the manuscript from a Word file if its user names none."""
    return "manuscript" if file.stem.lower() in _OUTPUTS else file.stem


class FromWord(Struct, frozen=True):
    """The files that `from_word` has written, and what its user should know."""

    written: tuple[Path, ...]
    remarks: tuple[str, ...]


def from_word(file: Path, folder: Path, today: dt.date) -> FromWord:
    """Write the manuscript that is in a Word file into `folder`: text, pictures, bibliography, pubkit.yaml.

    Raises:
        UsageError: the file cannot be read, or the folder has files already.
        InputRefused: it is not a Word file, or is unsafe.
        EnvironmentFault: the folder cannot be written.
    """
    from pubkit.editorial.word.conversion import converted

    try:
        data = read_regular(file, _LARGEST)
    except OSError as error:
        message = f"{printable(str(file))} cannot be read: {error.strerror}."
        raise UsageError(message, remedy="Name a DOCX; save an older file as DOCX first.") from error
    if any(True for _ in _entries(folder)):
        remedy = "Name an empty folder, or one that does not exist yet: pubkit init DIR --from FILE.docx"
        raise UsageError(f"{printable(str(folder))} already has files, so nothing was written.", remedy=remedy)
    made = converted(data)
    files = dict(made.pictures)
    said = dict(made.statements)
    if made.bibliography:
        files[_WORKS] = made.bibliography.encode()
        said["bibliography"] = _WORKS
    front = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())
    files[_TEXT] = (f"---\n{front}---\n\n{made.text}" if front else made.text).encode()
    for name, content in files.items():
        _write_new(folder / name, content)
    configuration, _ = adopt(folder / _TEXT, today)
    return FromWord((*(folder / name for name in files), configuration), tuple(made.remarks))


def _answers(foreign: Foreign, today: dt.date) -> str:
    """Return the text of a pubkit.yaml with everything that the files of the manuscript do not state."""
    said = foreign.statements.value
    document = foreign.dialect == "document"
    values = {
        "SOURCE": printable(foreign.configuration.path) if foreign.dialect != "folder" else "this folder",
        "DIALECT": foreign.dialect,
        "DOCUMENT": json.dumps(foreign.configuration.path, ensure_ascii=False),
        "TODAY": today.isoformat(),
        "AUTHORS": "\n".join(map(_unsaid, said.get("authors", [{"name": "Your name"}]))),
    }
    stated = {key for key in said if key not in {"authors", "dates"}} | ({"chapters"} if not document else set())
    text = templates.filled("adopted.yaml", values)
    if "dates" in said:
        text = re.sub(r"^  published: .*\n", "", text, flags=re.MULTILINE)
    blocks = re.split(r"^(?=(?:# Each author[^\n]*\n)?[a-z]+:)", text, flags=re.MULTILINE)
    return "".join(block for block in blocks if block.split(":")[0].split("\n")[-1] not in stated)


def _unsaid(author: Mapping[str, str]) -> str:
    """Return an author by name, with placeholders for what is not known."""
    asked = {
        "credentials": "What qualifies you to write this",
        "affiliation": "Your organisation",
        "conflicts": 'State conflicts of interest, or write "None declared".',
    }
    lines = [f"    {key}: {json.dumps(words)}" for key, words in asked.items() if not author.get(key)]
    return "\n".join([f"  - name: {json.dumps(author['name'], ensure_ascii=False)}", *lines])


def _why_left(folder: Path, path: str) -> str | None:
    """Return why a file is not written, in words for the user; None for one that is."""
    if (folder / path).exists() or (folder / path).is_symlink():
        return _advice(folder, path)
    if path.startswith(_WORKFLOWS) and (top := _repository_around(folder)):
        return f"not written: workflows run from the top folder of a repository only, which is {printable(str(top))}"
    if path.startswith(_WORKFLOWS) and (folder / _TASKS).exists() and not _has_tasks(folder):
        return f"not written: it calls sessions that your {_TASKS} does not have"
    if path in {_CHAPTER, _BIBLIOGRAPHY, _SCHEMA} and (folder / _CONFIGURATION).exists():
        return "not written: there is already a manuscript"
    if path == _CHAPTER and any(entry.suffix in {".md", ".bib"} for entry in _entries(folder / "manuscript")):
        return "not written: the manuscript already has a text or a bibliography"
    return None


def _repository_around(folder: Path) -> Path | None:
    """Return the top folder of the repository that `folder` is a part of; None if it is the top itself, or in none."""
    inside = folder.absolute()
    return None if (inside / ".git").exists() else next((up for up in inside.parents if (up / ".git").exists()), None)


def _refuse_beside_texts(folder: Path) -> None:
    """Refuse to begin another publication where texts lie that can become one as they are."""
    if (folder / "manuscript").exists():
        return
    if (folder / CONFIGURATION).exists():
        where, name = shlex.quote(str(folder)), printable(str(folder))
        raise UsageError(
            f"{name} is a publication already, so nothing was written.",
            remedy=f"Run `pubkit check {where}`. For tasks and workflows beside it, move its files into a folder "
            f"manuscript/ in it first, and run `pubkit init {where}` again.",
        )
    texts = [path.name for path in sorted(_entries(folder)) if path.suffix.lower() in SUFFIXES and path.is_file()]
    own = [name for name in texts if Path(name).stem.upper() not in {*OF_REPOSITORIES, "README"}]
    if own:
        some = ", ".join(map(printable, own[:3])) + (f" and {len(own) - 3} more" if len(own) > 3 else "")
        raise UsageError(
            f"There are texts in {printable(str(folder))} already ({some}), so nothing was written.",
            remedy=f"To publish them, run `pubkit init --from {shlex.quote(str(folder))}`; for a new publication, name "
            "another folder.",
        )


def _how_taken(path: Path) -> str:
    """Return how a Word file that lies beside a new publication becomes one itself; "" for any other file."""
    if path.suffix.lower() != ".docx" or not path.is_file():
        return ""
    return f"not part of it; to make a manuscript of it: pubkit init NAME --from {shlex.quote(str(path))}"


def _advice(folder: Path, path: str) -> str:
    """Return what to know about a file that already exists."""
    if path == _TASKS and not _has_tasks(folder):
        return "already exists, without sessions for pubkit: run pubkit itself"
    if path == _IGNORED and (missing := _not_ignored(folder / path)):
        return f"already exists; add to it: {' '.join(missing)}"
    return "already exists"


def _not_ignored(path: Path) -> list[str]:
    """Return the lines of the template that the file does not contain in any form."""
    present = {line.strip().strip("/") for line in _text(path).splitlines()}
    return [line for line in templates.filled("gitignore", {}).splitlines() if line.strip("/") not in present]


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _has_tasks(folder: Path) -> bool:
    """Return whether noxfile.py was written by `pubkit init`."""
    return "\nPUBKIT = " in _text(folder / _TASKS)


def _text(path: Path) -> str:
    try:
        return read_regular(path, _LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _values(today: dt.date, requirement: distribution.Requirement) -> dict[str, str]:
    """Return the values for the slots of the templates."""
    shared = f'"{distribution.NAME} @ git+https://REPOSITORY@COMMIT"'
    on_pubkit = f"\n#: This path exists on one machine only. For all others, write a version or a commit: {shared}."
    on_noxfile = f"""\
# NOT READY: noxfile.py installs pubkit from a path on the machine where `pubkit init` was run; no workflow can reach it.
# Write a version or a commit there, PUBKIT = {shared}, and delete these lines.
"""
    return {
        "TODAY": today.isoformat(),
        "PANGO": "\n".join(f'    "{name}": "{system.last_step(name, system.PANGO)}",' for name in system.PANGO),
        "PUBKIT": json.dumps(requirement.text, ensure_ascii=False),
        "REMARK_ON_PUBKIT": on_pubkit if requirement.path else "",
        "REMARK_ON_NOXFILE": on_noxfile if requirement.path else "",
    }


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise EnvironmentFault(
            f"{printable(str(path))} cannot be written: {error.strerror}.",
            remedy="Check your permissions there, or name another folder.",
        ) from error
