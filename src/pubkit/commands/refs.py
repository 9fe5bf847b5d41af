"""refs update, list, show, add: what registries say of the works cited. `update` and `add` are all that use the network."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pubkit.commands.arguments import Commands, add_command, add_path
from pubkit.errors import EnvironmentFault, UsageError
from pubkit.files import contained_path, printable

if TYPE_CHECKING:
    from pubkit.project import Project
    from pubkit.references.consultation import Consultation
    from pubkit.references.update import Conditions

__all__ = ["add"]

_BAR = 30


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add `refs` and its commands."""
    refs = commands.add_parser("refs", help="ask registries about the works cited, and show what they said")
    inner = refs.add_subparsers(required=True, metavar="COMMAND", dest="refs")
    update = add_command(
        inner, "update", _update, "ask the registries, and write references.lock.json and the retraction data"
    )
    add_path(update)
    _add_network(update)
    update.add_argument("--all", action="store_true", help="ask again about everything, also what is still fresh")
    what = update.add_mutually_exclusive_group()
    what.add_argument("--only-references", action="store_true", help="leave the retraction data as it is")
    what.add_argument("--only-retractions", action="store_true", help="leave references.lock.json as it is")
    add_path(add_command(inner, "list", _list, "show each reference with its verdict, the evidence and its date"))
    show = add_command(inner, "show", _show, "show one reference beside the registry's record")
    show.add_argument("key", metavar="KEY", help="the citation key")
    add_path(show)
    new = add_command(inner, "add", _new, "ask for a DOI, and add an entry to the bibliography")
    new.add_argument("doi", metavar="DOI", help="such as 10.1136/bmj.n71")
    add_path(new)
    _add_network(new)


def _add_network(parser: argparse.ArgumentParser) -> None:
    text = "your e-mail address, which registries ask for (PUBKIT_CONTACT)"
    parser.add_argument("--contact", metavar="ADDRESS", default=os.environ.get("PUBKIT_CONTACT"), help=text)
    text = "the address under which all registries are reached, for a mirror (PUBKIT_REGISTRIES)"
    parser.add_argument("--registries", metavar="URL", default=os.environ.get("PUBKIT_REGISTRIES"), help=text)
    parser.add_argument("--proxies", action="store_true", help="use the proxies that the environment names")


def _conditions(options: argparse.Namespace) -> Conditions:
    from pubkit import project
    from pubkit.references.client import Endpoints
    from pubkit.references.update import Conditions

    endpoints = Endpoints.below(options.registries) if options.registries else Endpoints()
    return Conditions(project.today(), endpoints=endpoints, contact=options.contact, proxies=options.proxies)


def _consulted(path: str) -> tuple[Project, Consultation, tuple[str, ...]]:
    """The publication, what is known of what it cites, and the keys of its text."""
    from pubkit import manuscript, project
    from pubkit.references.consultation import consult

    loaded = project.load(path)
    keys = tuple(dict.fromkeys(citation.key for citation in manuscript.read(loaded).citations))
    return loaded, consult(loaded.folder, loaded.bibliography, keys), keys


def _update(options: argparse.Namespace) -> int:
    conditions = _conditions(options)
    faults: list[EnvironmentFault] = []
    if not options.only_references:
        faults += _update_retractions(options, conditions)
    if not options.only_retractions:
        faults += _update_lock(options, conditions)
    if faults:
        raise faults[0]
    return 0


def _update_retractions(options: argparse.Namespace, conditions: Conditions) -> list[EnvironmentFault]:
    from pubkit.references.consultation import snapshot_path
    from pubkit.references.snapshot import user_path
    from pubkit.references.update import update_snapshot

    folder = Path(options.path)
    target = snapshot_path(folder if folder.is_dir() else folder.parent) or user_path()
    try:
        made = update_snapshot(target, conditions)
    except EnvironmentFault as fault:
        sys.stdout.write(
            f"The retraction data was not fetched; what was there is untouched. {printable(fault.message, 300)}\n"
        )
        return [fault]
    sys.stdout.write(f"Retraction data of {conditions.today}: {made.counts.notices:,} notices, in {target}\n")
    for missed in made.not_asked:
        sys.stdout.write(f"Not fetched: {printable(missed, 300)}\n")
    return []


def _update_lock(options: argparse.Namespace, conditions: Conditions) -> list[EnvironmentFault]:
    from pubkit.references import lock as locks
    from pubkit.references.consultation import snapshot_path
    from pubkit.references.snapshot import Snapshot
    from pubkit.references.update import update

    loaded, known, keys = _consulted(options.path)
    path = snapshot_path(loaded.folder)
    snapshot = Snapshot(path) if path and path.is_file() else None
    settings: dict[str, Any] = {"kept_days": 0} if options.all else {}
    result = update(
        known.bibliography,
        keys,
        lock=known.lock,
        conditions=conditions,
        progress=_bar,
        save=lambda lock: _saved(loaded.folder, lock),
        venues=snapshot.full_title if snapshot else None,
        **settings,
    )
    locks.write(loaded.folder, result.lock)
    if snapshot:
        snapshot.close()
    counts = f"{len(result.asked)} asked, {len(result.kept)} still fresh, {len(result.not_asked)} without an answer"
    sys.stdout.write(f"{locks.FILE_NAME}: {len(result.lock.references)} references; {counts}\n")
    return [result.fault] if result.fault else []


def _saved(folder: Path, lock: Any) -> None:
    from pubkit.references import lock as locks

    locks.write(folder, lock)


def _bar(done: int, total: int, key: str) -> None:
    """One line that fills up on a terminal; elsewhere a line for each reference."""
    if sys.stderr.isatty():
        filled = _BAR * done // max(1, total)
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {done}/{total} {printable(key, 40):<40}")
        sys.stderr.write("\n" if done == total else "")
    elif key:
        sys.stderr.write(f"  {done}/{total} {printable(key, 80)}\n")
    sys.stderr.flush()


def _list(options: argparse.Namespace) -> int:
    from pubkit.references.listing import lines

    _, known, _ = _consulted(options.path)
    table = lines(known.judgement)
    width = max((len(line.key) for line in table), default=0)
    for line in table:
        day = line.retrieved.isoformat() if line.retrieved else "-"
        sys.stdout.write(f"{line.key:<{width}}  {line.status.value:<13}  {day:<10}  {line.evidence}\n")
    date = known.judgement.snapshot
    sys.stdout.write(
        f"\n{len(table)} references. Retraction data: {date or 'none, so that retractions were not checked'}.\n"
    )
    return 0


def _show(options: argparse.Namespace) -> int:
    from pubkit.references.listing import show

    _, known, _ = _consulted(options.path)
    detail = show(options.key, known.bibliography, known.lock, known.judgement)
    sys.stdout.write(f"{detail.line.key}: {detail.line.status.value}\n")
    for evidence in detail.evidence:
        sys.stdout.write(f"  {evidence}\n")
    for field in detail.fields:
        mark = "≠" if field.why else " "
        sys.stdout.write(
            f"\n{mark} {field.name}\n    cited     {field.cited or '-'}\n    registry  {field.registry or '-'}\n"
        )
        if field.why:
            sys.stdout.write(f"    → {field.why}\n")
    for answer in detail.answers:
        sys.stdout.write(
            f"\n{answer.source} on {answer.retrieved}: {answer.asked}: {answer.outcome}, sha256 {answer.sha256[:16]}\n"
        )
    return 0


def _new(options: argparse.Namespace) -> int:
    from pubkit.references.update import add as add_reference
    from pubkit.references.update import append

    loaded, known, _ = _consulted(options.path)
    target = next((name for name in loaded.bibliography if name.endswith(".bib")), None)
    if target is None:
        raise UsageError("The publication has no .bib file.", remedy="Name one under `bibliography:` first.")
    contained_path(target, "The bibliography")
    made = add_reference(
        options.doi, taken=known.bibliography.keys(), conditions=_conditions(options), bibliography=known.bibliography
    )
    append(made, loaded.folder / target)
    sys.stdout.write(f"{made.text}\nAdded to {loaded.folder / target}, from {made.source}. Cite it as [@{made.key}].\n")
    for notice in made.notices:
        sys.stdout.write(f"Note: {printable(notice, 300)}\n")
    return 0
