"""`pubkit refs add`: look up one work by its identifier, and write its entry to a bibliography of any format."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from pubkit.boundary.files import printable, read_contained, replace_file
from pubkit.errors import EnvironmentFault, InputRefused, UsageError
from pubkit.findings import Location
from pubkit.references.bibliography import duplicates
from pubkit.references.bibliography.adding import with_entry
from pubkit.references.bibliography.identifiers import (
    Identifiers,
    identifiers,
    normalise_arxiv,
    normalise_doi,
    normalise_isbn,
    normalise_pmcid,
    normalise_pmid,
)
from pubkit.references.bibliography.keys import new_key
from pubkit.references.bibliography.reading import SIZE_LIMIT, SUFFIXES, entries_in
from pubkit.references.item import Item
from pubkit.references.model import Bibliography, Entry
from pubkit.references.registries import printable_item
from pubkit.references.registries.ask import Questions
from pubkit.references.registries.lock import RegistryAnswer
from pubkit.references.registries.update import Conditions

__all__ = ["Addition", "NewWork", "append", "look_up_work"]


class NewWork(Struct, frozen=True):
    """A work that the bibliography lacks: its item, the registry it comes from, and what an editor should know."""

    item: Item
    source: str
    notices: tuple[str, ...] = ()


class Addition(Struct, frozen=True):
    """A new entry of a bibliography: the key to cite it by, and the text that was added."""

    key: str
    text: str


def look_up_work(identifier: str, *, bibliography: Bibliography, conditions: Conditions) -> NewWork:
    """Return the work with `identifier`, from its registry's record.

    Args:
        identifier: a DOI, PubMed ID, PubMed Central ID, ISBN or arXiv identifier, with or without its scheme.
        bibliography: the existing entries.
        conditions: which registries are asked, and how.

    Raises:
        UsageError: this is not an identifier, no work has it, or `bibliography` has that work.
        EnvironmentFault: the registries gave no answer, or the DOI is registered with an agency that pubkit does not ask.
    """
    name, known = _identified(identifier)
    bare = str(getattr(known, name))
    for entry in bibliography:
        if getattr(identifiers(entry.item), name) == bare:
            raise _exists(printable(bare), entry)
    answers, not_asked = asyncio.run(_ask(known, conditions))
    found = next((answer for answer in answers if answer.record is not None), None)
    if found is None or found.record is None:
        raise _not_found(name, bare, answers, not_asked)
    item = printable_item(found.record, "")
    notices = dict.fromkeys(str(notice) for answer in answers if answer.record for notice in answer.record.notices)
    return NewWork(item, found.source, (*notices, *_alike(item, bibliography, bare)))


def _exists(what: str, entry: Entry) -> UsageError:
    message = f"{what} is already in the bibliography ({entry.location})."
    return UsageError(message, remedy=f"Cite it as [@{printable(entry.key)}].")


def _not_found(
    name: str, bare: str, answers: tuple[RegistryAnswer, ...], not_asked: tuple[str, ...]
) -> UsageError | EnvironmentFault:
    if any(answer.outcome == "absent" or name == "isbn" for answer in answers):
        message = f"There is no such {_CALLED[name]}: {printable(bare)}"
        return UsageError(message, remedy="Check it against the publisher's page.")
    reasons = "; ".join(not_asked) or "; ".join(answer.remark for answer in answers if answer.remark)
    message = f"No record of {printable(bare)} could be obtained: {printable(reasons)}"
    return EnvironmentFault(message, remedy="Try again later.")


def _alike(item: Item, bibliography: Bibliography, bare: str) -> list[str]:
    """Return a remark on each entry that may be the work; refuse the work if an entry certainly is."""
    new = Entry("", item.type, item, Location("", 1))
    remarks = []
    for pair in duplicates.find([*bibliography, new]):
        if pair.second is not new:
            continue
        if pair.kind is duplicates.Kind.SAME_WORK:
            raise _exists(f"The work with {printable(bare)}", pair.first)
        remarks.append(f"{printable(pair.first.key, 60)} ({pair.first.location}): {pair.kind}, same {pair.shared}")
    return remarks


_CALLED = {
    "doi": "DOI",
    "arxiv": "arXiv identifier",
    "pmcid": "PubMed Central ID",
    "isbn": "ISBN",
    "pmid": "PubMed ID",
}
_NORMALISE: Mapping[str, Callable[[str], str | None]] = {
    "doi": normalise_doi,
    "arxiv": normalise_arxiv,
    "pmcid": normalise_pmcid,
    "isbn": normalise_isbn,
    "pmid": normalise_pmid,
}


def _identified(text: str) -> tuple[str, Identifiers]:
    """Return the kind of identifier that `text` is, and the identifier; a scheme ("pmid:27192616") decides."""
    # A sentence's full stop or comma is often copied with an identifier, which ends in neither.
    text = text.strip().rstrip(".,;")
    scheme, colon, rest = text.partition(":")
    named = scheme.lower() if colon and scheme.lower() in _NORMALISE else ""
    for name, normalise in _NORMALISE.items():
        value = normalise(rest if named else text) if named in {"", name} else None
        if value:
            return name, Identifiers(**{name: value})
    raise UsageError(
        f"Not a DOI, PubMed ID, ISBN or arXiv identifier: {printable(text)}",
        remedy="Give it as 10.1000/example, pmid:27192616, isbn:9780306406157 or arxiv:1607.07519.",
    )


async def _ask(known: Identifiers, conditions: Conditions) -> tuple[tuple[RegistryAnswer, ...], tuple[str, ...]]:
    async with conditions.client() as client:
        return await Questions(client, conditions.today).about(known, None)


def append(item: Item, folder: Path, file: str, bibliography: Bibliography) -> Addition:
    """Write an entry for `item` to a bibliography file in one step, leaving the rest of the file as it is.

    Args:
        item: the work.
        folder: the publication's folder.
        file: the bibliography, a path below `folder`; it need not exist.
        bibliography: all entries of the publication, whose keys are not used again.

    Raises:
        UsageError: the format of the file cannot describe this work.
        InputRefused: the file is a link, not UTF-8, too large, or has mistakes that would hide the new entry.
        EnvironmentFault: it cannot be written.
    """
    text = _text(folder, file)
    taken = {entry.key for entry in (*bibliography, *bibliography.duplicates)}
    new, added = with_entry(text, item, new_key(item, bibliography, taken), file)
    entries = entries_in(new, file)
    if len(entries) != len(entries_in(text, file)) + 1 or entries[-1].key in taken:
        message = f"A new entry at the end of {printable(file)} would not be read."
        raise InputRefused(message, remedy="Run `pubkit check`, and correct the file first.")
    replace_file(folder / file, new.encode("utf-8"))
    return Addition(entries[-1].key, added.strip("\r\n") + "\n")


def _text(folder: Path, file: str) -> str:
    """Return the text of the bibliography with its own line ends; empty if there is no such file."""
    try:
        return read_contained(folder, file, "The bibliography", limit=SIZE_LIMIT, suffixes=SUFFIXES).decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise InputRefused(f"Not UTF-8: {printable(file)}", remedy="Save the file as UTF-8.") from None
