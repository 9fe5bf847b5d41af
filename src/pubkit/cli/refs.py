"""refs update, list, show, add: what registries say about the works cited. `update` and `add` use the network."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import contained_path, counted, printable
from pubkit.cli.arguments import Commands, add_command, add_group, add_key, add_path
from pubkit.errors import EnvironmentFault, UsageError

if TYPE_CHECKING:
    from pubkit.project.loading import Project
    from pubkit.references.known import Consultation
    from pubkit.references.registries.lock import Lock
    from pubkit.references.registries.snapshot import Snapshot
    from pubkit.references.registries.update import Conditions
    from pubkit.references.verdicts import Judgement

__all__ = ["add", "add_network", "bar", "conditions", "update_retractions"]

_WIDTH = 30


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add `refs` and its commands."""
    refs = add_group(commands, "refs", "ask registries about the cited works, and show their answers")
    inner = refs.add_subparsers(required=True, metavar="COMMAND", dest="refs")
    update = add_command(
        inner, "update", _update, "ask the registries, and update references.lock.json and the retraction data"
    )
    add_path(update)
    add_network(update)
    update.add_argument(
        "--all", action="store_true", help="ask again about everything, even if the answer is still recent"
    )
    what = update.add_mutually_exclusive_group()
    what.add_argument("--only-references", action="store_true", help="do not download new retraction data")
    text = "ask no registry; only look up the references in new retraction data"
    what.add_argument("--only-retractions", action="store_true", help=text)
    add_path(add_command(inner, "list", _list, "show each reference with its verdict, the evidence and its date"))
    show = add_command(inner, "show", _show, "compare one reference with the registry's record")
    show.add_argument("key", metavar="KEY", help="the citation key")
    add_path(show)
    text = "look up a work by its identifier and add its entry to the bibliography"
    new = add_command(inner, "add", _new, text)
    text = "a DOI, PubMed ID, ISBN or arXiv identifier, such as 10.1136/bmj.n71 or pmid:27192616"
    new.add_argument("identifier", metavar="ID", help=text)
    text = "the bibliography to write to, if there are several; the first one by default"
    new.add_argument("--to", metavar="FILE", help=text)
    add_path(new)
    add_network(new)
    text = "sign references.lock.json, so that a release elsewhere can trust its answers"
    sign = add_command(inner, "sign", _sign, text)
    add_path(sign)
    add_key(sign)


def add_network(parser: argparse._ActionsContainer) -> None:
    """Add the options of commands that ask registries."""
    text = "your e-mail address, which registries ask for (PUBKIT_CONTACT)"
    parser.add_argument("--contact", metavar="ADDRESS", default=os.environ.get("PUBKIT_CONTACT") or None, help=text)
    text = "address of a mirror to use for all registries (PUBKIT_REGISTRIES)"
    parser.add_argument("--registries", metavar="URL", default=os.environ.get("PUBKIT_REGISTRIES") or None, help=text)
    parser.add_argument("--proxies", action="store_true", help="use the proxies set in the environment")


def conditions(options: argparse.Namespace) -> Conditions:
    """Return where to ask, by whom, and on which day, as `options` say."""
    from pubkit.project import loading
    from pubkit.references.registries.client import Endpoints
    from pubkit.references.registries.update import Conditions

    endpoints = Endpoints.below(options.registries) if options.registries else Endpoints()
    return Conditions(loading.today(), endpoints=endpoints, contact=options.contact, proxies=options.proxies)


def _consulted(path: str) -> tuple[Project, Consultation, tuple[str, ...]]:
    """Return the publication, what is known about the works it cites, and the keys in its text."""
    from pubkit import manuscript
    from pubkit.project import loading
    from pubkit.references.known import consult

    loaded = loading.load(path)
    keys = tuple(dict.fromkeys(citation.key for citation in manuscript.read(loaded).citations))
    return loaded, consult(loaded.folder, loaded.bibliography, keys, loading.today()), keys


def _update(options: argparse.Namespace) -> int:
    asking = conditions(options)
    faults: list[EnvironmentFault] = []
    if not options.only_references:
        folder = Path(options.path)
        faults += update_retractions(folder if folder.is_dir() else folder.parent, asking)
    faults += _update_lock(options, asking)
    if faults:
        raise EnvironmentFault(" ".join(fault.message for fault in faults), remedy=faults[-1].remedy)
    return 0


def update_retractions(folder: Path | None, conditions: Conditions) -> list[EnvironmentFault]:
    """Replace the retraction data that is used in `folder`, or the user's own, and return what kept it from being done."""
    from pubkit.references.known import snapshot_path
    from pubkit.references.registries.snapshot import user_path
    from pubkit.references.registries.update import update_snapshot

    target = snapshot_path(folder) or user_path()
    try:
        made = update_snapshot(target, conditions)
    except EnvironmentFault as fault:
        message = f"No new retraction data: {fault.message.removesuffix('.')}."
        return [EnvironmentFault(message, remedy=fault.remedy)]
    sys.stdout.write(f"Retraction data of {conditions.today}: {counted(made.counts.notices, 'notice')}, in {target}\n")
    for missed in made.not_asked:
        sys.stdout.write(f"Not downloaded: {printable(missed, 300)}\n")
    return []


def _update_lock(options: argparse.Namespace, conditions: Conditions) -> list[EnvironmentFault]:
    from pubkit.references.known import snapshot_path
    from pubkit.references.registries.snapshot import Snapshot

    if not options.only_retractions:
        return _asked(options, conditions)
    loaded, known, keys = _consulted(options.path)
    path = snapshot_path(loaded.folder)
    if path and path.is_file():
        with Snapshot(path) as snapshot:
            _look_up(conditions, loaded, known, keys, snapshot)
    return []


def _look_up(
    conditions: Conditions, loaded: Project, known: Consultation, keys: tuple[str, ...], snapshot: Snapshot
) -> None:
    from pubkit.references.registries import lock as locks
    from pubkit.references.registries.update import look_up

    if known.lock.superseded:
        remedy = "Run `pubkit refs update` without --only-retractions."
        raise UsageError(f"{locks.FILE_NAME} was written by an older version of pubkit.", remedy=remedy)
    lock = look_up(known.bibliography, keys, lock=known.lock, snapshot=snapshot, today=conditions.today)
    _save(loaded, lock)
    held = sum(reference.retractions is not None for reference in lock.references.values())
    sys.stdout.write(f"{locks.FILE_NAME}: {held} references looked up in the retraction data of {snapshot.date}\n")


def _asked(options: argparse.Namespace, conditions: Conditions) -> list[EnvironmentFault]:
    from pubkit.functions import asked
    from pubkit.references.registries import lock as locks

    result = asked(options.path, conditions, everything=options.all, on_reference=bar)
    counts = f"{len(result.asked)} asked, {len(result.kept)} still fresh, {len(result.not_asked)} without an answer"
    sys.stdout.write(f"{locks.FILE_NAME}: {counted(len(result.lock.references), 'reference')}; {counts}\n")
    if result.not_looked_up:
        sys.stdout.write(f"Not looked up in retraction data: {counted(len(result.not_looked_up), 'reference')}\n")
    return [result.fault] if result.fault else []


def _save(loaded: Project, lock: Lock) -> None:
    from pubkit.references.registries import lock as locks

    locks.write(loaded.folder, lock if loaded.publication.keep_abstracts else lock.without_abstracts())


def bar(done: int, total: int, key: str) -> None:
    """Print one line that fills up on a terminal; elsewhere, a line for each reference."""
    if sys.stderr.isatty():
        filled = _WIDTH * done // max(1, total)
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total} {printable(key, 40):<40}")
        sys.stderr.write("\n" if done == total else "")
    elif key:
        sys.stderr.write(f"  {done}/{total} {printable(key, 80)}\n")
    sys.stderr.flush()


def _list(options: argparse.Namespace) -> int:
    from pubkit.cli.listing import lines

    _, known, _ = _consulted(options.path)
    table = lines(known.judgement)
    width = max((len(line.key) for line in table), default=0)
    for line in table:
        day = line.retrieved.isoformat() if line.retrieved else "-"
        sys.stdout.write(f"{line.key:<{width}}  {line.status.value:<13}  {day:<10}  {line.evidence}\n")
    count = "1 reference" if len(table) == 1 else f"{len(table)} references"
    sys.stdout.write(f"\n{count}. {_retraction_data(known.judgement)}\n")
    return 0


def _retraction_data(judgement: Judgement) -> str:
    """Return how many references were looked up in retraction data, and the day of that data, according to the lock."""
    checks = [check for check in judgement.retractions.values() if check]
    if not checks:
        return "Retractions were not checked."
    days = sorted({check.dated.isoformat() for check in checks})
    span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    lacking = len(judgement) - len(checks)
    return f"Retraction data of {span}" + (f"; {lacking} not looked up." if lacking else ".")


def _show(options: argparse.Namespace) -> int:
    from pubkit.cli.listing import show

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
    sys.stdout.write(f"\nabstract: {detail.abstract}\n")
    for answer in detail.answers:
        sys.stdout.write(
            f"\n{answer.source} on {answer.retrieved}: {answer.asked}: {answer.outcome}, sha256 {answer.sha256[:16]}\n"
        )
    return 0


def _new(options: argparse.Namespace) -> int:
    from pubkit.references.registries.adding import append, look_up_work

    loaded, known, _ = _consulted(options.path)
    target = _target(loaded.bibliography, options.to)
    work = look_up_work(options.identifier, bibliography=known.bibliography, conditions=conditions(options))
    made = append(work.item, loaded.folder, target, known.bibliography)
    shown = made.text.strip(",\r\n")  # An entry of a JSON list follows a comma.
    sys.stdout.write(
        f"{shown}\n\nAdded to {printable(str(loaded.folder / target), 400)}, from {work.source}. Cite it as [@{made.key}].\n"
    )
    for notice in work.notices:
        sys.stdout.write(f"Before you cite it: {printable(notice, 300)}\n")
    return 0


def _sign(options: argparse.Namespace) -> int:
    from pubkit.boundary import signatures
    from pubkit.boundary.files import replace_file
    from pubkit.project import loading
    from pubkit.references.registries import lock as locks

    folder = loading.load(options.path).folder
    try:
        data = locks.written(folder)
    except FileNotFoundError:
        raise UsageError(f"There is no {locks.FILE_NAME} to sign.", remedy="Run `pubkit refs update` first.") from None
    signature = folder / f"{locks.FILE_NAME}{signatures.SUFFIX}"
    replace_file(signature, signatures.sign(data, Path(options.key)))
    sys.stdout.write(f"Signed: {printable(str(signature))}\n")
    return 0


_NAME_ONE = (
    "Write `bibliography: references.bib` into pubkit.yaml or the front matter; if there is no such file, `pubkit refs add` "
    "makes it."
)


def _target(files: Sequence[str], named: str | None) -> str:
    """Return the bibliography to write to: the one that is `named`, or else the publication's first."""
    if not files:
        raise UsageError("The publication names no bibliography.", remedy=_NAME_ONE)
    paths = ["/".join(contained_path(file, "The bibliography")) for file in files]
    if named is None:
        return paths[0]
    wanted = "/".join(contained_path(named, "The bibliography"))
    if wanted not in paths:
        message = f"{printable(named)} is not a bibliography of this publication."
        raise UsageError(message, remedy=f"Choose one of {', '.join(map(printable, paths))}, or name it there first.")
    return wanted
