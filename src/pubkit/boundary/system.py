"""The system that pubkit runs on: which it is, what it must hold that no Python package carries, and how that is installed.

`noxfile.py` reads this file by its path, before pubkit is installed: it imports nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

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

#: The packages by package manager: Pango, with everything that WeasyPrint loads, brought along by it.
PANGO: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("libpango-1.0-0", "libpangoft2-1.0-0"),
    "dnf": ("pango",),
    "apk": ("pango",),
    "brew": ("pango",),
}
#: Faces for scripts and signs that the bundled ones lack.
FACES: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("fonts-noto-core", "fonts-noto-cjk", "fonts-dejavu", "fonts-symbola"),
}

#: What makes everything that needs no Pango.
WITHOUT_PDF = "--only html,epub"
UNSUPPORTED = "pubkit does not run on Windows; run it in a container or in WSL, as docs/systems.md says."

#: The steps in which each package manager installs, with what keeps each from asking and from talking. apt-get knows no
#: package on a new system before its update, and waits for a lock that the system itself may hold after its start.
_STEPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "apt-get": {
        "update": ("-qq",),
        "install": ("-qq", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"),
    },
    "dnf": {"install": ("--quiet", "--assumeyes")},
    "apk": {"add": ("--quiet", "--no-cache")},
    "brew": {"install": ("--quiet",)},
}
#: What /etc/os-release calls a family of systems, and the package manager of each.
_FAMILIES = {"debian": "apt-get", "ubuntu": "apt-get", "fedora": "dnf", "rhel": "dnf", "alpine": "apk"}

#: The libraries that WeasyPrint loads, by name: their files on Linux and on macOS.
_LIBRARIES = {
    "pango": ("libpango-1.0.so.0", "libpango-1.0.0.dylib"),
    "pangoft2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib"),
    "harfbuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib"),
    "gobject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
}
#: Where Homebrew puts libraries, which the loader of macOS does not look through by itself.
_HOMEBREW = ("/opt/homebrew/lib", "/usr/local/lib")


def supported() -> bool:
    """Return whether pubkit runs on this system at all."""
    return sys.platform != "win32"


def libraries() -> dict[str, str]:
    """Return the libraries that the PDF needs of the system: the file of each, by its name."""
    return {name: files[sys.platform == "darwin"] for name, files in _LIBRARIES.items()}


def library_folders() -> tuple[str, ...]:
    """Return the folders that the loader is to look through besides its own."""
    return _HOMEBREW if sys.platform == "darwin" else ()


def load(name: str) -> ctypes.CDLL:
    """Return the library `name` of `libraries`.

    Raises:
        OSError: the system does not have it, or cannot load it.
    """
    file = libraries()[name]
    for path in (file, *(f"{folder}/{file}" for folder in library_folders())):
        try:
            return ctypes.CDLL(path)
        except OSError:
            continue
    raise OSError(f"{file} cannot be loaded")


def missing() -> tuple[str, ...]:
    """Return the files of those libraries that cannot be loaded; none where the PDF can be made."""
    return tuple(file for name, file in libraries().items() if not _loads(name))


def _loads(name: str) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


def lack() -> str:
    """In one sentence, without its full stop, what is missing for the PDF and what to do; empty where nothing is.

    Pango brings all the libraries along, so the first that is missing stands for the others.
    """
    files = missing()
    if not files:
        return ""
    return f"Without Pango there is no PDF ({files[0]} cannot be loaded): {advice('Pango', PANGO)}"


def manager() -> str:
    """Return the package manager of this system, as PANGO names it; empty where it has none of them."""
    if not supported():
        return ""
    family = (_FAMILIES[name] for name in _family() if name in _FAMILIES)
    return next((name for name in (*family, *PANGO) if shutil.which(name)), "")


def _family() -> list[str]:
    """Return what /etc/os-release calls this system, and those that it is like."""
    try:
        described = platform.freedesktop_os_release()
    except OSError:
        return []
    return [described.get("ID", ""), *described.get("ID_LIKE", "").split()]


def command(packages: Mapping[str, Sequence[str]]) -> str:
    """The line that installs `packages` (names by package manager) here; empty where no manager of theirs is found."""
    found = manager()
    if not packages.get(found):
        return ""
    sudo = "" if found == "brew" or os.geteuid() == 0 else "sudo "
    return " ".join([" && ".join(f"{sudo}{found} {step}" for step in _STEPS[found]), *packages[found]])


def last_step(name: str, packages: Mapping[str, Sequence[str]]) -> str:
    """Return the arguments with which the package manager `name` installs `packages`, on one line."""
    step, options = list(_STEPS[name].items())[-1]
    return " ".join((step, *options, *packages[name]))


def advice(what: str, packages: Mapping[str, Sequence[str]]) -> str:
    """Return what to do where `what` is missing: the command to run here, or the package manager to ask."""
    line = command(packages)
    return f"run `{line}`" if line else f"install {what} with your system's package manager"


def installation(packages: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The commands, each a list of arguments, that install `packages` without asking; empty where this user may not."""
    found = manager()
    start = _privilege(found) if packages.get(found) else None
    if start is None:
        return []
    *steps, last = ([*start, found, step, *options] for step, options in _STEPS[found].items())
    return [*steps, [*last, *packages[found]]]


def _privilege(found: str) -> list[str] | None:
    """What a command of the package manager `found` begins with; None where this user may not use it without being asked."""
    if found == "brew":
        return None if os.geteuid() == 0 else []
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return quiet
    sudo = shutil.which("sudo")
    may = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    return [sudo, "-n", *quiet] if sudo and may else None
