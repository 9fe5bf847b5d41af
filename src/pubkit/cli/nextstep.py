"""What `pubkit` alone answers: what is in this folder, and what can be done next."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import printable
from pubkit.cli.arguments import default_path
from pubkit.errors import PubkitError, UsageError

if TYPE_CHECKING:
    from pubkit.project.loading import Project

__all__ = ["answer"]

#: What is done next: a command, and why.
Step = tuple[str, str]


def answer() -> int:
    """Print what can be done next in the current folder, the most pressing first."""
    head, steps = _found()
    width = max(len(command) for command, _ in steps)
    lines = "".join(f"  {command:<{width}}   {why}\n" for command, why in steps)
    sys.stdout.write(f"{head}\n\n{lines}\n`pubkit --help` lists all commands.\n")
    return 0


def _found() -> tuple[str, list[Step]]:
    from pubkit.project import loading

    path = default_path()
    try:
        project = loading.load(path)
    except UsageError:
        return _nothing()
    except PubkitError as error:
        number = len(error.findings) or 1
        mistakes = "a mistake" if number == 1 else f"{number} mistakes"
        head = f"There is a publication in {_shown(path)}, but it cannot be read yet: {mistakes}."
        return head, [("pubkit check", "show them with their lines"), ("pubkit preview", "show them while you correct")]
    said = project.publication
    head = f"{printable(said.title, 100)}, version {printable(said.version, 40)}, in {_shown(path)}."
    return head, list(_of(project))


def _nothing() -> tuple[str, list[Step]]:
    texts = sorted(one.name for one in Path().glob("*.md"))[:1]
    words = sorted(one.name for one in Path().glob("*.docx"))[:1]
    sets = sorted(one.parent.parent for one in Path().glob("*/*/pubkit.yaml"))[:1]
    steps = [("pubkit init NAME", "begin a publication in a new folder, from a template that builds")]
    if words:
        steps.insert(0, (f"pubkit init NAME --from {shlex.quote(words[0])}", "make a manuscript of this Word file"))
    if texts:
        steps.insert(0, (f"pubkit check {shlex.quote(texts[0])}", "check one text as it is"))
    if sets:
        steps.insert(0, (f"pubkit library check {shlex.quote(str(sets[0]))}", "check all publications in this folder"))
    return "There is no publication in this folder.", steps


def _of(project: Project) -> Iterator[Step]:
    """Yield what can be done with a publication that can be read."""
    from pubkit.project.loading import CONFIGURATION
    from pubkit.publish.manifest import MANIFEST
    from pubkit.publish.model import REFUSED
    from pubkit.references.registries.lock import FILE_NAME

    refused = sorted(Path().glob(f"*{REFUSED}"))
    if refused:
        yield "pubkit preview", f"correct what refused the last build (also in {printable(refused[0].name)})"
    if project.bibliography and not (project.folder / FILE_NAME).exists():
        yield "pubkit refs update", "look its references up; nobody has checked them yet (needs a network)"
    if project.dialect and project.configuration.path != CONFIGURATION:
        yield "pubkit init --from .", "write a pubkit.yaml for what the other files do not state"
    if not refused:
        yield "pubkit preview", "see the page and its findings in the browser while you write"
    yield "pubkit check", "list the findings here"
    yield "pubkit build --draft", "make the files as they are, marked as a draft"
    if not (Path("dist") / MANIFEST).is_file():
        yield "pubkit build", "make the files, once nothing blocks"
    returned = sorted(one.name for one in Path().glob("*.docx"))[:1]
    if returned:
        yield f"pubkit import-review {shlex.quote(returned[0])}", "see what a reviewer has changed in this Word file"
    if not project.publication.reviews:
        yield "pubkit review sign NAME", "record that a reviewer has read the text; a release needs a review"
    version = printable(project.publication.version, 40)
    if _is_released(project):
        yield "pubkit diff", f"see what has changed for readers since version {version} was released"
        yield "pubkit release", f"release what has changed, under a new `version:` ({version} is taken)"
    else:
        yield "pubkit release", "release it, once a build passes and a review covers the text"


def _is_released(project: Project) -> bool:
    from pubkit.editorial import ledger

    return any(one.version == project.publication.version for one in ledger.read(project).released)


def _shown(path: str) -> str:
    return "this folder" if path == "." else printable(path)
