"""Fix a publication: apply what its findings offer until nothing more is offered, all in memory, then write.

After each round the text is checked again. A fix that does not make its finding go away, or after which the text cannot be
read any more, is taken back and not tried again, so that fixing twice is the same as fixing once.
"""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pubkit import pipeline
from pubkit.boundary.files import from_here, overlaid, printable, read_contained, replace_file
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError
from pubkit.findings import Finding
from pubkit.fixing.edits import Text, apart
from pubkit.project import loading
from pubkit.report.model import View

__all__ = ["Fixed", "diff", "fixed", "write"]

_MOST_ROUNDS = 12
#: The largest file in which something is fixed: a bibliography.
_LIMIT = 50_000_000
_SHOWN = 2_000


class Fixed(Struct, frozen=True):
    """What fixing a publication changes: each file before and after, by its path below `folder`, and what was corrected.

    `suggested` is the number of findings left whose fix is not certain.
    """

    folder: Path
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    made: tuple[Finding, ...] = ()
    suggested: int = 0


class _State(Struct, frozen=True):
    """The findings on the files as they would be, and whether the text could be read to its end."""

    findings: tuple[Finding, ...]
    whole: bool


def fixed(path: str | Path, *, suggested: bool = False, view: View | None = None) -> Fixed:
    """Return what fixing the publication at `path` changes; nothing is written.

    Args:
        path: as for `pubkit.pipeline.check`.
        suggested: make the fixes too that are only likely.
        view: the rules whose findings are corrected; None for all.

    Raises:
        PubkitError: it cannot be checked, and nothing that is wrong can be fixed.
    """
    path, folder = Path(path), _folder(Path(path))
    shown = view or View()
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    banned: set[tuple[str, str]] = set()
    made: list[Finding] = []
    state = _checked(path, folder, after)
    seen = [after]
    for _ in range(_MOST_ROUNDS):
        offered = [one for one in _offered(state.findings, shown, suggested=suggested) if _subject(one) not in banned]
        chosen = _together(offered)
        tried = _changed(folder, chosen, before, after)
        # Two rules that undo each other's fixes would go on for ever.
        if tried in seen:
            break
        later = _checked(path, folder, tried)
        idle = _idle(state, later, chosen, shown, suggested=suggested)
        if idle:
            banned |= idle
            continue
        made += chosen
        after, state = tried, later
        seen.append(after)
    left = sum(1 for one in _offered(state.findings, shown, suggested=True) if one.fix and not one.fix.certain)
    files = {name: data for name, data in after.items() if data != before[name]}
    return Fixed(folder, {name: before[name] for name in files}, files, tuple(made), left)


def _folder(path: Path) -> Path:
    """Return the folder that the places in findings are relative to."""
    try:
        return loading.load(path).folder
    except PubkitError:
        return path if path.is_dir() else path.parent


def _checked(path: Path, folder: Path, files: Mapping[str, bytes]) -> _State:
    """Check the publication with `files` in the place of those on the disk."""
    root = Path(os.path.realpath(folder))
    with overlaid({root / name: data for name, data in files.items()}):
        try:
            return _State(pipeline.check(path).findings, whole=True)
        except PubkitError as error:
            if not files and not any(finding.fix for finding in error.findings):
                raise
            return _State(tuple(error.findings), whole=False)


def _offered(findings: Sequence[Finding], view: View, *, suggested: bool) -> Iterator[Finding]:
    """Yield the findings that are to be fixed: shown, not waived, and with a fix that is certain enough."""
    for finding in findings:
        if finding.fix and not finding.waived and view.shows(finding.rule) and (suggested or finding.fix.certain):
            yield finding


def _subject(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.location.file if finding.location else ""


def _together(findings: Sequence[Finding]) -> list[Finding]:
    """Return those of `findings` whose fixes do not overlap."""
    fixes = apart(finding.fix for finding in findings if finding.fix)
    return [finding for finding in findings if any(finding.fix is fix for fix in fixes)]


def _changed(
    folder: Path, chosen: Sequence[Finding], before: dict[str, bytes], after: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return the files with the fixes of `chosen` made; a file that is met for the first time is added to `before`."""
    changes = [change for finding in chosen if finding.fix for change in finding.fix.changes]
    tried = dict(after)
    for name in dict.fromkeys(change.location.file for change in changes):
        try:
            if name not in before:
                before[name] = read_contained(folder, name, "A file to fix", limit=_LIMIT)
            text = Text(tried.get(name, before[name]))
        except (InputRefused, FileNotFoundError, UnicodeDecodeError):
            continue
        tried[name] = text.with_changes(one for one in changes if one.location.file == name)
    return tried


def _idle(
    state: _State, later: _State, chosen: Sequence[Finding], view: View, *, suggested: bool
) -> set[tuple[str, str]]:
    """Return the rules and files of fixes after which their findings are no fewer; all if the text is not read any more."""
    tried = {_subject(finding) for finding in chosen}
    if state.whole and not later.whole:
        return tried
    was = Counter(map(_subject, _offered(state.findings, view, suggested=suggested)))
    now = Counter(map(_subject, _offered(later.findings, view, suggested=suggested)))
    # A text that could not be read shows its other findings only now.
    return {one for one in tried if now[one] >= was[one]} if state.whole else set()


def diff(changes: Fixed) -> Iterator[str]:
    """Yield the unified diff of `changes`, line by line, safe for a terminal; its files are named as seen from here."""
    for name, data in changes.after.items():
        old, new = (one.decode("utf-8-sig").splitlines() for one in (changes.before[name], data))
        path = from_here(changes.folder / name)
        yield from (printable(line, _SHOWN) for line in difflib.unified_diff(old, new, path, path, lineterm=""))


def write(changes: Fixed) -> None:
    """Write the changed files, each in one step.

    Raises:
        EnvironmentFault: a file cannot be written, or has been changed since it was read; those before it are written.
    """
    for name, data in changes.after.items():
        if _now(changes.folder, name) != changes.before[name]:
            message = f"{printable(name)} has been changed while the fixes were made, so it was left as it is."
            raise EnvironmentFault(message, remedy="Save it in your editor, and run the command again.")
        replace_file(changes.folder / name, data)


def _now(folder: Path, name: str) -> bytes | None:
    try:
        return read_contained(folder, name, "A file to fix", limit=_LIMIT)
    except FileNotFoundError:
        return None
