"""What a program may ask for beside a build: finished files as bytes, and what the commands of the same names do.

Like `pubkit.pipeline`, nothing here prints, and every function may be called from several threads.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pubkit import pipeline
from pubkit.boundary.files import as_path, from_here, printable
from pubkit.boundary.rules import SRC013
from pubkit.errors import EnvironmentFault, UsageError
from pubkit.outcome import Report
from pubkit.project.memory import Text
from pubkit.publish.model import Observer

if TYPE_CHECKING:
    from pubkit.editorial.changes import Changes
    from pubkit.editorial.diff import ClaimDiff
    from pubkit.editorial.editions import Snapshot
    from pubkit.formats import OutputFormat
    from pubkit.project.decisions import Decision
    from pubkit.project.metadata import Review
    from pubkit.references.registries.update import Conditions, UpdateResult
    from pubkit.report.drawn import DrawnChanges

__all__ = [
    "BuiltFiles",
    "asked",
    "build_files",
    "changes",
    "diff",
    "page_pictures",
    "redlines",
    "report_as",
    "sign_review",
    "update_references",
    "verify",
]


class BuiltFiles(Struct, frozen=True):
    """The files of one build in memory: `files` are their bytes by name, `report` all findings."""

    files: Mapping[str, bytes]
    report: Report


def build_files(
    source: str | Path | Text,
    formats: Sequence[OutputFormat] | None = None,
    *,
    draft: bool = False,
    on_stage: Observer | None = None,
) -> BuiltFiles:
    """Build a publication and return its files as bytes; nothing is written where it could stay.

    Args:
        source: a folder with pubkit.yaml, a Markdown file with front matter, or a `Text`.
        formats: the formats to make; None for those that the publication names.
        draft: make what can safely be made even if findings block, with "Draft" on each page.
        on_stage: called as each stage ends, with its name and its seconds; if it raises, the build ends there.

    Raises:
        Blocked: findings block the build.
        UsageError, ConfigurationError, InputRefused, EnvironmentFault: see `pubkit.errors`.
    """
    with tempfile.TemporaryDirectory(prefix="pubkit-") as made:
        out = Path(made) / "set"
        built = pipeline.build(source, out, only=formats, draft=draft, on_stage=on_stage)
        files = {
            path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
        }
    return BuiltFiles(files, built.report)


def report_as(report: Report, form: str, folder: str = "") -> str:
    """Return a report in a form that other programs read, as `pubkit check --format` prints it.

    Args:
        report: what a check or a build has found.
        form: "json", "sarif", "junit", "github" or "gitlab".
        folder: the folder of the publication, as the names of files are to begin; code hosts want it from the root of the
            repository.

    Raises:
        UsageError: there is no such form.
    """
    from pubkit.publish.model import tool
    from pubkit.report.forms import WRITERS
    from pubkit.report.model import Sheet

    if form not in WRITERS:
        raise UsageError(f"There is no form {printable(str(form), 40)}.", remedy=f"Choose from {', '.join(WRITERS)}.")
    return WRITERS[form](Sheet(report, tool(), folder, exit_code=report.exit_code))


def verify(folder: str | Path, *, signers: str | Path | None = None) -> Report:
    """Return whether the set in `folder` is complete and unchanged, as a report: `exit_code` is 0 if it is.

    Args:
        folder: the output folder of a build.
        signers: a file of trusted keys in the form of ssh-keygen's allowed signers; with it, one of them must have
            signed the set.

    Raises:
        UsageError: there is no such folder or file.
        EnvironmentFault: ssh-keygen is missing.
    """
    from pubkit.catalogue import When, all_rules
    from pubkit.outcome import Mode
    from pubkit.publish import manifest
    from pubkit.publish.rules import REL060
    from pubkit.publish.signed import not_signed

    place = as_path(folder, "a set")
    if not place.is_dir():
        raise UsageError(f"There is no folder {printable(str(folder))}.", remedy="Name the output folder of a build.")
    rules = {rule.id: rule for rule in all_rules() if rule.when is When.VERIFIED}
    findings = (*manifest.verify(place), *(not_signed(place, as_path(signers, "the signers")) if signers else ()))
    skipped = {} if signers else {REL060.id: "no trusted signers are named"}
    return Report(Mode.CHECK, findings, entries=rules, skipped=skipped)


def diff(old: str | Path, new: str | Path) -> ClaimDiff:
    """Return which claims were added, removed, strengthened or weakened between two editions.

    Args:
        old: a publication, the output folder of a build, or its evidence.json; or the version of an edition that was kept.
        new: the same of the later edition.

    Raises:
        UsageError: one of them is none of these.
        ConfigurationError, InputRefused, EnvironmentFault: a publication cannot be read.
    """
    return changes(old, new).claims


def changes(old: str | Path | None = None, new: str | Path = "manuscript", of: str | Path = "manuscript") -> Changes:
    """Return what has changed for readers between two editions: claims, works cited, disclaimers.

    Args:
        old: a publication, the output folder of a build, or its evidence.json; the version of an edition that was kept, or
            a git tag; None for the edition that was released last.
        new: the same of the later edition.
        of: the publication whose versions and tags are meant, unless `new` is one.

    Raises:
        UsageError: one of them is none of these, or no edition was released yet.
        ConfigurationError, InputRefused, EnvironmentFault: a publication cannot be read.
    """
    from pubkit.editorial.changes import changes as compared

    return compared(*_editions(old, new, of))


def redlines(old: str | Path | None = None, new: str | Path = "manuscript", of: str | Path = "manuscript") -> str:
    """Return what has changed between two editions as one HTML page: the changes for readers, then both texts side by side.

    Args and errors are those of `changes`. The text of a built set, and of an edition that an older pubkit kept, is not
    known; the page says so.
    """
    from pubkit.report.redlines import page

    return page(*_editions(old, new, of))


def page_pictures(old: str | Path, new: str | Path, folder: str | Path) -> DrawnChanges:
    """Draw each page of a built PDF that differs from an earlier build's, before and after, side by side.

    Args:
        old: the output folder of the earlier build.
        new: that of the later one.
        folder: where the pictures (PNG, 96 dots per inch) and a page that shows them, index.html, are written; it must not
            exist yet, or be empty.

    Raises:
        UsageError: one of the builds has no PDF, or `folder` has files already.
        EnvironmentFault: the folder cannot be written.
    """
    from pubkit.publish.snapshots import pdf_of_set
    from pubkit.report.drawn import drawn

    target = as_path(folder, "the pictures")
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        remedy = "Name an empty folder, or one that does not exist yet."
        raise UsageError(f"{printable(str(target))} already has files, so nothing was written.", remedy=remedy)
    (before, old_pdf), (after, new_pdf) = (pdf_of_set(as_path(one, "a build")) for one in (old, new))
    made = drawn(old_pdf, new_pdf)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, data in made.files((before, after)).items():
            (target / name).write_bytes(data)
    except OSError as error:
        message = f"{printable(str(target))} cannot be written: {error.strerror}."
        raise EnvironmentFault(message, remedy="Check your permissions there, or name another folder.") from error
    return made


def _editions(old: str | Path | None, new: str | Path, of: str | Path) -> tuple[Snapshot, Snapshot]:
    later = as_path(new, "an edition")
    own = later if later.exists() and not _is_built(later) else as_path(of, "a publication")
    earlier = _last_edition(own) if old is None else _named_edition(old, own)
    return earlier, _named_edition(new, own)


def _named_edition(name: str | Path, own: Path) -> Snapshot:
    """Return the edition that `name` stands for: a path, or else a version or a tag of the publication `own`."""
    place = as_path(name, "an edition")
    if place.exists() or not own.exists():
        return _edition(place)
    found = _kept_edition(own, str(name)) or _tagged_edition(own, str(name))
    if found is None:
        message = (
            f"There is no edition {printable(str(name), 200)}: no version that was kept, no git tag, no file or folder."
        )
        raise UsageError(message, remedy=_which_editions(own))
    return found


def _which_editions(own: Path) -> str:
    from pubkit.editorial import editions
    from pubkit.project import loading

    known = editions.kept(loading.load(own))
    kept = f"Kept of {printable(from_here(own), 200)}: {', '.join(known)}. Name one of them, or" if known else "Name"
    return f"{kept} a git tag, a publication, or the output folder of a build."


def _edition(place: Path) -> Snapshot:
    from pubkit import pipeline
    from pubkit.publish import snapshots

    if _is_built(place):
        return snapshots.of_set(place)
    return snapshots.of_submission(pipeline.reviewable(place).submission)


def _is_built(place: Path) -> bool:
    from pubkit.publish import snapshots

    return place.suffix == ".json" or (place / snapshots.EVIDENCE).is_file() or (place / "manifest.json").is_file()


def _kept_edition(own: Path, version: str) -> Snapshot | None:
    """Return the edition with this version that the publication has kept."""
    from pubkit.editorial import editions
    from pubkit.project import loading

    return editions.read(loading.load(own), version)


def _tagged_edition(own: Path, tag: str) -> Snapshot | None:
    """Return what the publication said when a git tag was set; None if there is no such tag."""
    from pubkit.boundary.tags import tagged

    files = tagged(own if own.is_dir() else own.parent, tag)
    if files is None:
        return None
    with tempfile.TemporaryDirectory(prefix="pubkit-tag-") as folder:
        for name, data in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return _edition(Path(folder) if own.is_dir() else Path(folder, own.name))


def _last_edition(place: Path) -> Snapshot:
    from pubkit.editorial import editions
    from pubkit.project import loading

    loaded = loading.load(place)
    if found := editions.last(loaded):
        return found
    message = f"No edition of {printable(str(place))} has been kept yet."
    raise UsageError(message, remedy="`pubkit release` keeps one; or name what to compare with: `pubkit diff OLD NEW`.")


def update_references(
    path: str | Path = "manuscript",
    *,
    contact: str | None = None,
    registries: str | None = None,
    everything: bool = False,
    on_reference: Callable[[int, int, str], None] | None = None,
) -> UpdateResult:
    """Ask the registries about every cited work, and write their answers into references.lock.json; this uses the network.

    The retraction data is not downloaded anew: `pubkit refs update` does that as well.

    Args:
        path: the publication.
        contact: an e-mail address, which registries ask for.
        registries: the address of a mirror to use for all registries.
        everything: ask again about works whose answers are still fresh.
        on_reference: called with the number asked, the number to ask, and the citation key, as each is answered.

    Returns:
        What was asked and what was not; `fault` is the error to raise if a source gave no answer.

    Raises:
        UsageError, ConfigurationError, InputRefused, EnvironmentFault: see `pubkit.errors`.
    """
    from pubkit.project import loading
    from pubkit.references.registries.client import Endpoints
    from pubkit.references.registries.update import Conditions

    endpoints = Endpoints.below(registries) if registries else Endpoints()
    conditions = Conditions(loading.today(), endpoints=endpoints, contact=contact)
    return asked(path, conditions, everything=everything, on_reference=on_reference)


def asked(
    path: str | Path,
    conditions: Conditions,
    *,
    everything: bool = False,
    on_reference: Callable[[int, int, str], None] | None = None,
) -> UpdateResult:
    """Do as `update_references`, under `conditions`: where to ask, by whom, on which day, how patiently."""
    from pubkit import manuscript
    from pubkit.project import loading
    from pubkit.references.known import consult, snapshot_path
    from pubkit.references.registries import lock as locks
    from pubkit.references.registries.snapshot import Snapshot
    from pubkit.references.registries.update import update

    project = loading.load(path)
    keys = tuple(dict.fromkeys(citation.key for citation in manuscript.read(project).citations))
    known = consult(project.folder, project.bibliography, keys, conditions.today, own=True)

    def save(lock: locks.Lock) -> None:
        locks.write(project.folder, lock if project.publication.keep_abstracts else lock.without_abstracts())

    snapshot = snapshot_path(project.folder)
    with contextlib.ExitStack() as stack:
        result = update(
            known.bibliography,
            keys,
            lock=known.lock,
            conditions=conditions,
            progress=on_reference,
            save=save,
            snapshot=stack.enter_context(Snapshot(snapshot)) if snapshot and snapshot.is_file() else None,
            # Ask again about whatever a release would refuse as too old.
            kept_days=0 if everything else project.publication.snapshot_max_age,
        )
    save(result.lock)
    return result


def sign_review(
    path: str | Path,
    reviewer: str,
    *,
    decision: Decision = "approved",
    scope: str | None = None,
    claims_judged: bool = False,
) -> Review:
    """Record in pubkit.yaml that `reviewer` has judged the text as it is now.

    Args:
        path: the publication.
        reviewer: a name that stands under `reviewers:`; an author cannot review their own text.
        decision: "approved", "approved-with-changes" or "rejected".
        scope: what was reviewed; None for the scope that pubkit.yaml states.
        claims_judged: whether every claim was judged, in a language whose claims pubkit cannot judge.

    Raises:
        UsageError: nobody of that name may sign, there is no such decision, or something that is to be printed is missing
            and is approved.
        ConfigurationError, InputRefused, EnvironmentFault: see `pubkit.errors`.
    """
    from pubkit.editorial.review import sign
    from pubkit.editorial.signing import entered
    from pubkit.project import loading
    from pubkit.project.decisions import DECISIONS

    if decision not in DECISIONS:
        message = f"There is no decision {printable(str(decision))}."
        raise UsageError(message, remedy=f"Choose from {', '.join(DECISIONS)}.")
    found = pipeline.reviewable(path)
    if decision != "rejected" and found.missing:
        more = f" and {len(found.missing) - 1} more" if len(found.missing) > 1 else ""
        message = f"The text cannot be approved while something is missing: {printable(found.missing[0], 300)}{more}."
        raise UsageError(message, remedy="Correct what `pubkit check` lists, or sign with `--decision rejected`.")
    try:
        review = sign(
            found.project.publication,
            found.submission.content,
            reviewer=reviewer,
            date=loading.today(),
            decision=decision,
            scope=scope,
            claims_judged=claims_judged,
        )
    except ValueError as error:
        unread = [one for one in found.project.findings if one.rule == SRC013.id]
        raise UsageError(printable(str(error), 300), remedy=_how_to_name(reviewer), findings=unread) from error
    entered(found.project, review)
    return review


def _how_to_name(reviewer: str) -> str:
    """Return how a reviewer is listed, as lines of pubkit.yaml."""
    from pubkit.project.editing import item

    said = {"name": reviewer, "credentials": "Degree, profession or role", "conflicts": "None declared"}
    return f"List the reviewer first, who is no author, in pubkit.yaml:\nreviewers:\n{item(said)}"
