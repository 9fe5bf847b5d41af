"""The system that pubkit runs on: which it is, which libraries it must provide, and how they are installed.

`noxfile.py` reads this file by its path, before pubkit is installed, so it imports only the standard library.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

__all__ = [
    "FACES",
    "PANGO",
    "UNSUPPORTED",
    "WITHOUT_PDF",
    "advice",
    "command",
    "installation",
    "lack",
    "last_step",
    "libraries",
    "library_folders",
    "load",
    "manager",
    "missing",
    "supported",
]

#: The packages, by package manager, that provide Pango and everything else that WeasyPrint loads.
PANGO: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("libpango-1.0-0", "libpangoft2-1.0-0"),
    "dnf": ("pango",),
    "apk": ("pango",),
    "brew": ("pango",),
}
#: Fonts for scripts and symbols that the bundled ones lack.
FACES: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("fonts-noto-core", "fonts-noto-cjk", "fonts-dejavu", "fonts-symbola"),
}

#: The option that makes everything that does not need Pango.
WITHOUT_PDF = "--only html,epub"
UNSUPPORTED = "pubkit does not run on Windows; run it in a container or in WSL, as docs/systems.md says."

#: The commands by which each package manager installs, quiet and without questions. On a new system apt-get knows no
#: package before its update, and it waits for a lock that the system itself may hold after starting.
_STEPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "apt-get": {
        "update": ("-qq",),
        "install": ("-qq", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"),
    },
    "dnf": {"install": ("--quiet", "--assumeyes")},
    "apk": {"add": ("--quiet", "--no-cache")},
    "brew": {"install": ("--quiet",)},
}
#: The package manager of each family of systems, by its name in /etc/os-release.
_FAMILIES = {"debian": "apt-get", "ubuntu": "apt-get", "fedora": "dnf", "rhel": "dnf", "alpine": "apk"}

#: The libraries that WeasyPrint loads, by name: their files on Linux and on macOS.
_LIBRARIES = {
    "pango": ("libpango-1.0.so.0", "libpango-1.0.0.dylib"),
    "pangoft2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib"),
    "harfbuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib"),
    "gobject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
}
#: Where Homebrew puts libraries; the loader of macOS does not search there by itself.
_HOMEBREW = ("/opt/homebrew/lib", "/usr/local/lib")


def supported() -> bool:
    """Return whether pubkit runs on this system."""
    return sys.platform != "win32"


def libraries() -> dict[str, str]:
    """Return the file of each library that the PDF needs from the system, by the library's name."""
    return {name: files[sys.platform == "darwin"] for name, files in _LIBRARIES.items()}


def library_folders() -> tuple[str, ...]:
    """Return the folders that the loader must search besides its own."""
    return _HOMEBREW if sys.platform == "darwin" else ()


def load(name: str) -> ctypes.CDLL:
    """Load and return the library `name` of `libraries`.

    Raises:
        OSError: the system does not have it, or cannot load it.
    """
    import ctypes

    file = libraries()[name]
    for path in (file, *(f"{folder}/{file}" for folder in library_folders())):
        try:
            return ctypes.CDLL(path)
        except OSError:
            continue
    raise OSError(f"{file} cannot be loaded")


def missing() -> tuple[str, ...]:
    """Return the files of the libraries that cannot be loaded; empty if the PDF can be made."""
    return tuple(file for name, file in libraries().items() if not _loads(name))


def _loads(name: str) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


def lack() -> str:
    """Return what is missing for the PDF and what to do, as a sentence without its full stop; "" if nothing is.

    Pango brings all the libraries with it, so the first missing one stands for the others.
    """
    files = missing()
    if not files:
        return ""
    return f"Without Pango there is no PDF ({files[0]} cannot be loaded): {advice('Pango', PANGO)}"


def manager() -> str:
    """Return this system's package manager, as named in PANGO; "" if it has none of them."""
    if not supported():
        return ""
    family = (_FAMILIES[name] for name in _family() if name in _FAMILIES)
    return next((name for name in (*family, *PANGO) if shutil.which(name)), "")


def _family() -> list[str]:
    """Return the names in /etc/os-release of this system and of those that it resembles."""
    import platform

    try:
        described = platform.freedesktop_os_release()
    except OSError:
        return []
    return [described.get("ID", ""), *described.get("ID_LIKE", "").split()]


def command(packages: Mapping[str, Sequence[str]]) -> str:
    """Return the command line that installs `packages` (names by package manager); "" without such a manager."""
    found = manager()
    if not packages.get(found):
        return ""
    sudo = "" if found == "brew" or os.geteuid() == 0 else "sudo "
    return " ".join([" && ".join(f"{sudo}{found} {step}" for step in _STEPS[found]), *packages[found]])


def last_step(name: str, packages: Mapping[str, Sequence[str]]) -> str:
    """Return, on one line, the arguments with which the package manager `name` installs `packages`."""
    step, options = list(_STEPS[name].items())[-1]
    return " ".join((step, *options, *packages[name]))


def advice(what: str, packages: Mapping[str, Sequence[str]]) -> str:
    """Return what to do if `what` is missing: the command to run here, or which package manager to use."""
    line = command(packages)
    return f"run `{line}`" if line else f"install {what} with your system's package manager"


def installation(packages: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the commands, as lists of arguments, that install `packages` unasked; empty if this user may not."""
    found = manager()
    start = _privilege(found) if packages.get(found) else None
    if start is None:
        return []
    *steps, last = ([*start, found, step, *options] for step, options in _STEPS[found].items())
    return [*steps, [*last, *packages[found]]]


def _privilege(found: str) -> list[str] | None:
    """Return what must precede a command of the package manager `found`; None if it would ask for a password."""
    if found == "brew":
        return None if os.geteuid() == 0 else []
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return quiet
    sudo = shutil.which("sudo")
    may = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    return [sudo, "-n", *quiet] if sudo and may else None
