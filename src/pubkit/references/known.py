"""Everything that is known offline about what a manuscript cites: its bibliography, the lock, the retraction data."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pubkit.boundary import signatures
from pubkit.boundary.files import printable, read_contained
from pubkit.boundary.keeping import Keeper
from pubkit.errors import UsageError
from pubkit.references.bibliography import reading as bibliographies
from pubkit.references.item import Item
from pubkit.references.model import Bibliography, VerdictStatus
from pubkit.references.registries import lock as locks
from pubkit.references.registries.lock import Lock, identifier_key
from pubkit.references.registries.snapshot import Snapshot, locate
from pubkit.references.verdicts import Judgement, judge

__all__ = ["LOCK_VARIABLE", "SNAPSHOT_VARIABLE", "Consultation", "Vouched", "consult", "lock_place"]

#: Names a lock to use instead of the publication's: one that is kept apart from the manuscript outranks what came with it.
LOCK_VARIABLE = "PUBKIT_LOCK"

#: Names a snapshot of retraction data to use instead of the user's own or the one beside the publication.
SNAPSHOT_VARIABLE = "PUBKIT_SNAPSHOT"

_SIGNATURE_LIMIT = 100_000

#: Results of a comparison after which the registry's abstract is that of the text cited.
_SAME_TEXT = frozenset({VerdictStatus.OK, VerdictStatus.INCOMPLETE, VerdictStatus.MISMATCH})


class Vouched(Struct, frozen=True):
    """Who stands for the answers in the lock: the name of a trusted signer, or why nobody does.

    `apart` says that the lock did not come with the manuscript, but was named by whoever runs pubkit.
    """

    signer: str = ""
    fault: str = ""
    apart: bool = False


class Consultation(Struct, frozen=True):
    """What is known about the works cited.

    `items` are the CSL items that can be printed, by key: the bibliography's, and those that the lock has for works
    cited by identifier. `canonical` maps each key of the text to the one under which its work is printed. `abstracts` are
    those that the lock has for a key, if its record counts and is of the very work cited. `vouched` says who has signed
    the lock; None if there is no lock, or it is the publication's own and nobody has named the signers to be trusted.
    """

    bibliography: Bibliography
    lock: Lock
    judgement: Judgement
    items: Mapping[str, Item]
    canonical: Mapping[str, str]
    abstracts: Mapping[str, str]
    vouched: Vouched | None = None

    @property
    def printed_items(self) -> Mapping[str, Item]:
        """Return the item that is printed for each key of the text that has one."""
        items, canonical = self.items, self.canonical
        return {**items, **{key: items[other] for key, other in canonical.items() if other in items}}


def consult(
    folder: Path,
    files: Sequence[str],
    keys: Sequence[str],
    today: dt.date,
    *,
    own: bool = False,
    kept: Keeper | None = None,
) -> Consultation:
    """Read what the publication in `folder` cites, and judge it without a network.

    Args:
        folder: the publication's folder.
        files: its bibliography files, relative to it.
        keys: the citation keys of the text, in reading order.
        today: the day of the check; answers dated later are not believed.
        own: take the publication's own lock, whatever `PUBKIT_LOCK` says.
        kept: has what pandoc read of the bibliography before.

    Raises:
        UsageError: there is no file that `PUBKIT_LOCK` names.
        InputRefused: a file is unsafe, or the lock cannot be read.
        EnvironmentFault: the retraction data is damaged.
    """
    works = bibliographies.read(folder, files, set(keys), kept)
    place = (folder, locks.FILE_NAME) if own else lock_place(folder)
    lock = locks.read(*place)
    with contextlib.ExitStack() as stack:
        path = snapshot_path(folder)
        snapshot = stack.enter_context(Snapshot(path)) if path else None
        judgement = judge(works, lock=lock, snapshot=snapshot, today=today, identifier_keys=keys)
    resolved, _ = lock.resolve(key for key in keys if key not in works)
    items = {entry.key: entry.item for entry in works} | dict(resolved)
    abstracts, vouched = _abstracts(lock, works, judgement), _vouched(folder, place) if lock.references else None
    return Consultation(works, lock, judgement, items, lock.canonical(keys, works), abstracts, vouched)


def lock_place(folder: Path) -> tuple[Path, str]:
    """Return the folder and the name of the lock in use: that named by `PUBKIT_LOCK`, or the publication's own.

    Raises:
        UsageError: there is no such file.
    """
    named = os.environ.get(LOCK_VARIABLE)
    if not named:
        return folder, locks.FILE_NAME
    path = Path(named).absolute()
    if not path.is_file():
        remedy = "Name a references.lock.json that `pubkit refs update` has written, or unset it."
        raise UsageError(f"{LOCK_VARIABLE}: there is no file {printable(named)}.", remedy=remedy)
    return path.parent, path.name


def _vouched(folder: Path, place: tuple[Path, str]) -> Vouched | None:
    """Return who has signed the lock at `place`, if it is to be signed, or that it is not the one in `folder`.

    Raises:
        UsageError: the signers that are named are in no file.
        EnvironmentFault: ssh-keygen is missing.
    """
    apart = place != (folder, locks.FILE_NAME)
    if (signers := signatures.named_signers()) is None:
        return Vouched(apart=True) if apart else None
    name = f"{place[1]}{signatures.SUFFIX}"
    try:
        signature = read_contained(place[0], name, "The signature of the lock", limit=_SIGNATURE_LIMIT)
    except FileNotFoundError:
        return Vouched(fault=f"{name} is missing", apart=apart)
    signer = signatures.signer(locks.written(*place), signature, signers)
    fault = "" if signer else f"nobody in {printable(signers.name)} has signed it"
    return Vouched(signer, fault, apart)


def _abstracts(lock: Lock, works: Bibliography, judgement: Judgement) -> Mapping[str, str]:
    """Return the abstract of each work that has one, but not that of another work or version."""
    same = (key for key, verdict in judgement.items() if verdict.match in _SAME_TEXT)
    held = ((key, lock.references.get(key if key in works else identifier_key(key) or key)) for key in same)
    return {key: reference.abstract for key, reference in held if reference and reference.abstract}


def snapshot_path(folder: Path | None) -> Path | None:
    """Return the snapshot in use: that named by `PUBKIT_SNAPSHOT`, the user's own, or the one beside the publication."""
    named = os.environ.get(SNAPSHOT_VARIABLE)
    return locate(folder, Path(named) if named else None)
