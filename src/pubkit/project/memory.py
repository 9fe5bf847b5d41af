"""A publication that a program holds in memory: written into a private folder while pubkit works on it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import yaml
from msgspec import Struct

from pubkit.boundary.files import as_path, printable
from pubkit.errors import EnvironmentFault, UsageError

__all__ = ["Text", "on_disk"]

_CONFIGURATION = "pubkit.yaml"


class Text(Struct, frozen=True):
    """A publication without a folder: its text, what it says about itself, and the files that belong to it.

    Attributes:
        text: Markdown, with front matter or without.
        metadata: the keys of pubkit.yaml with their values; empty if the front matter states them, or `files` has a
            pubkit.yaml.
        files: further files by their paths in the publication, as text or bytes: a bibliography, pictures,
            references.lock.json, chapters, `styles/web.extra.css`, `rules/house.yaml`.
        name: the file in which the text stands, as findings name it.
    """

    text: str
    metadata: Mapping[str, object] = {}
    files: Mapping[str, str | bytes] = {}
    name: str = "text.md"


@contextlib.contextmanager
def on_disk(source: str | Path | Text) -> Iterator[Path]:
    """Yield the path of a publication; one in memory lies in a folder of its own until the context ends.

    Raises:
        UsageError: it is no path; a file of it has a path that leaves the publication, or a value that cannot be written.
        EnvironmentFault: it cannot be written.
    """
    if not isinstance(source, Text):
        yield as_path(source, "a publication")
        return
    with tempfile.TemporaryDirectory(prefix="pubkit-") as made:
        folder = Path(made) / "publication"
        try:
            _written(source, folder)
        except OSError as error:
            message = f"The publication cannot be written to a temporary folder: {error.strerror}."
            raise EnvironmentFault(message, remedy="Free some space, or set TMPDIR.") from error
        yield folder if _has_configuration(source) else folder / source.name


def _has_configuration(source: Text) -> bool:
    return bool(source.metadata) or _CONFIGURATION in source.files


def _written(source: Text, folder: Path) -> None:
    if not (
        isinstance(source.metadata, Mapping) and isinstance(source.files, Mapping) and isinstance(source.name, str)
    ):
        remedy = "Give `metadata` and `files` as dictionaries, and `name` as str."
        raise UsageError("The metadata, the files or the name of a text have another type.", remedy=remedy)
    files: dict[str, object] = {**source.files, source.name: source.text}
    if source.metadata:
        files[_CONFIGURATION] = _configuration(source)
    for name, data in files.items():
        if not (isinstance(name, str) and isinstance(data, str | bytes)):
            message = f"{printable(str(name))} is neither text nor bytes, or has no name."
            raise UsageError(message, remedy="Give what the file contains as str or bytes, and its path as str.")
        path = folder / _inside(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())


def _configuration(source: Text) -> str:
    stated = {**source.metadata, "chapters": source.metadata.get("chapters", [source.name])}
    try:
        return yaml.safe_dump(stated, allow_unicode=True, sort_keys=False)
    except yaml.YAMLError as error:
        remedy = "Use text, numbers, dates, true and false, lists and maps."
        raise UsageError("The metadata has a value that YAML cannot hold.", remedy=remedy) from error


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name:
        raise UsageError(
            f"{printable(name)} is not a path inside a publication.", remedy="Write `pictures/figure.png`."
        )
    return path
