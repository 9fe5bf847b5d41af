"""Read the bibliography files of a publication into entries, with the place of everything in them.

Reading never stops at the first mistake: what cannot be read becomes a finding with its line, and every other entry is
there. Entries of a .bib file that are cited carry the CSL item that pandoc makes of them, which is what is printed; all
others a draft from their fields, because rules need no more and pandoc takes about two milliseconds for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from pubkit.boundary.files import contained_path, printable, read_contained, refusal
from pubkit.boundary.keeping import Keeper
from pubkit.boundary.rules import SRC004, SRC021
from pubkit.boundary.text import decode
from pubkit.errors import InputRefused
from pubkit.findings import Finding, Location
from pubkit.references.bibliography.formats.bibtex import read_bibtex
from pubkit.references.bibliography.formats.csl import cleaned
from pubkit.references.bibliography.formats.csl_json import read_csl_json
from pubkit.references.bibliography.formats.csl_yaml import read_csl_yaml
from pubkit.references.bibliography.formats.endnote import read_endnote_xml, read_enw
from pubkit.references.bibliography.formats.foreign import (
    FOREIGN_ENDINGS,
    FOREIGN_REMEDY,
    foreign_format,
    other_ending,
)
from pubkit.references.bibliography.formats.pandoc_items import items_from_bibtex, items_from_markdown
from pubkit.references.bibliography.formats.reading import Reading, noticed
from pubkit.references.bibliography.formats.tagged import read_nbib, read_ris
from pubkit.references.item import Item
from pubkit.references.model import Bibliography, Entry
from pubkit.references.rules import CIT007

__all__ = ["SIZE_LIMIT", "SUFFIXES", "entries_in", "read"]

#: The largest bibliography file, in bytes.
SIZE_LIMIT = 20_000_000
_MOST_FINDINGS = 1_000
#: U+0080 to U+009F in UTF-8, without U+0085, which ends a line.
_C1_CONTROL = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")

_READERS: Mapping[str, Callable[[str, str], Reading]] = {
    ".bib": read_bibtex,
    ".json": read_csl_json,
    ".yaml": read_csl_yaml,
    ".yml": read_csl_yaml,
    ".ris": read_ris,
    ".nbib": read_nbib,
    ".enw": read_enw,
    ".xml": read_endnote_xml,
}

#: The endings of the files that can be read.
SUFFIXES = tuple(_READERS)


def read(
    root: Path, files: Sequence[str], cited: Collection[str] | None = None, kept: Keeper | None = None
) -> Bibliography:
    """Read the bibliography `files` below `root`, in their order.

    Args:
        root: the publication's folder.
        files: relative paths, as the author wrote them.
        cited: the keys that the manuscript cites; only these get the item that pandoc makes. All entries do if it is
            None or contains `*`.
        kept: has what pandoc read before.

    Returns:
        The first entry under each key; later ones under the same key are in `duplicates`. `findings` says what could not
        be read (rules CIT006, CIT007, CIT009, REF002).

    Raises:
        InputRefused: a path that leaves the folder, or a file that is too large, is not UTF-8, contains control characters,
            or would expand beyond the limit for a bibliography.
        EnvironmentFault: pandoc could not be started.
    """
    entries: dict[str, Entry] = {}
    duplicates: list[Entry] = []
    findings: list[Finding] = []
    texts: dict[str, str] = {}
    for file in dict.fromkeys(files):
        shown = "/".join(contained_path(file, "The bibliography"))
        _refuse_foreign(shown, FOREIGN_ENDINGS.get(PurePosixPath(shown).suffix.lower(), ""))
        try:
            data = read_contained(root, file, "The bibliography", limit=SIZE_LIMIT, suffixes=SUFFIXES)
        except FileNotFoundError:
            findings.append(_missing(root, shown, files))
            continue
        suffix = PurePosixPath(shown).suffix.lower()
        texts[shown] = text = _text(data, shown, suffix)
        _refuse_foreign(shown, foreign_format(text))
        _refuse_ending(shown, text, suffix)
        reading = _READERS[suffix](text, shown)
        findings.extend(reading.findings)
        for entry in _as_printed(reading, suffix, cited, findings, kept):
            if entry.key in entries:
                duplicates.append(entry)
            else:
                entries[entry.key] = entry
    return Bibliography(entries, tuple(duplicates), tuple(texts), _capped(findings), texts)


def entries_in(text: str, file: str) -> Sequence[Entry]:
    """Return the entries in `text`, read in the format of `file`, without what pandoc makes of them."""
    bare = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return _READERS[PurePosixPath(file).suffix.lower()](bare, file).entries if bare.strip() else ()


def _refuse_foreign(file: str, name: str) -> None:
    """Refuse `file` if `name` is that of a format pubkit does not read."""
    if name:
        raise refusal(
            SRC021, f"{printable(file)} is {name}, which pubkit does not read.", FOREIGN_REMEDY, Location(file)
        )


def _refuse_ending(file: str, text: str, suffix: str) -> None:
    """Refuse `file` if its text is in another format than its ending says."""
    right, name = other_ending(text, suffix)
    if right:
        message = f"{printable(file)} is {name}, although its name ends in {suffix}."
        remedy = f"Rename it to end in {right}, also under `bibliography`."
        raise refusal(SRC021, message, remedy, Location(file, 1, 1))


def _capped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return `findings`, or the first thousand and one that says how many more there are."""
    if len(findings) <= _MOST_FINDINGS:
        return tuple(findings)
    message = f"There are {len(findings) - _MOST_FINDINGS:,} more findings of this kind."
    last = findings[_MOST_FINDINGS]
    return (*findings[:_MOST_FINDINGS], replace(last, message=message, context=message))


def _text(data: bytes, file: str, suffix: str) -> str:
    """Return the text of a bibliography, with U+FFFD for each C1 control, which an export leaves of a damaged letter.

    A rule reports these where they would be printed; in an abstract they do no harm.
    """
    data = _C1_CONTROL.sub("\ufffd".encode(), data)
    try:
        return decode(data, file).text
    except InputRefused as refused:
        # JSON and EndNote's XML are often one long line, which does no harm here.
        if suffix in {".json", ".xml"} and all(finding.rule == SRC004.id for finding in refused.findings):
            return data.decode("utf-8-sig")
        raise


def _missing(root: Path, file: str, listed: Collection[str]) -> Finding:
    """Return the finding for a bibliography that is not there; a file that is `listed` itself was not meant."""
    from rapidfuzz import process

    names = sorted(path.name for path in root.iterdir() if path.suffix.lower() in SUFFIXES and path.name not in listed)
    nearest = process.extractOne(PurePosixPath(file).name, names, score_cutoff=60)
    hint = f" Did you mean {printable(nearest[0])}?" if nearest else ""
    message = f"The bibliography {printable(file)} does not exist.{hint}"
    remedy = "Correct the name under `bibliography:`, or add the file."
    return CIT007.at(Location(file), message, context=file, remedy=remedy)


def _as_printed(
    reading: Reading,
    suffix: str,
    cited: Collection[str] | None,
    findings: list[Finding],
    kept: Keeper | None,
) -> Iterable[Entry]:
    """Return the entries of `reading`, those that are cited with the item citeproc prints."""
    if suffix != ".bib" and not reading.markdown:
        return reading.entries
    wanted = [number for number, entry in enumerate(reading.entries) if cited is None or entry.key in cited]
    items: Mapping[int, Item] = {}
    if wanted and suffix == ".bib":
        items, problems = items_from_bibtex(reading.entries, wanted, kept)
        findings.extend(problems)
    elif wanted:
        marked_up = {number: reading.markdown[number] for number in wanted}
        items, problems = items_from_markdown(reading.entries, marked_up, kept)
        findings.extend(problems)
    return [
        replace(entry, item=items[number] if number in items else cleaned(entry.item, noticed(findings, entry)))
        for number, entry in enumerate(reading.entries)
    ]
