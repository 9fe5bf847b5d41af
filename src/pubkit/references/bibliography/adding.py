"""Add a new entry to the text of a bibliography file, leaving every other character as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from pubkit.boundary.files import printable
from pubkit.errors import InputRefused, UsageError
from pubkit.references.bibliography.bibtex_entry import entry_text
from pubkit.references.bibliography.csl_entry import in_json, in_yaml
from pubkit.references.bibliography.tagged_entry import endnote_record, enw_record, nbib_record, ris_record
from pubkit.references.item import Item

__all__ = ["with_entry"]


def with_entry(text: str, item: Item, key: str, file: str) -> tuple[str, str]:
    """Return the `text` of `file` with a new entry after its others, and the text that is new.

    Args:
        text: the whole file, with its own line ends; empty for a new file.
        item: the work to add.
        key: its citation key; a record of NBIB is cited by its PubMed ID instead.
        file: the name of the file, whose ending decides the format.

    Raises:
        UsageError: the format cannot describe this work.
        InputRefused: the file has mistakes, so there is no place for an entry.
    """
    suffix = PurePosixPath(file).suffix.lower()
    if suffix in _RECORDS:
        if suffix == ".nbib":
            _check_for_nbib(item, printable(file))
        start = stop = len(text)
        gap = "" if not text.strip("\ufeff") else "\n" if text.endswith("\n") else "\n\n"
        new = gap + _RECORDS[suffix](item, key)
    else:
        start, stop, new = _LISTS[suffix](text, item, key, printable(file))
    new = new.replace("\n", "\r\n" if "\r\n" in text else "\n")
    return text[:start] + new + text[stop:], new


def _check_for_nbib(item: Item, file: str) -> None:
    if not item.pmid or item.type not in {"article-journal", "article", "book", "chapter"}:
        lacking = "a type that MEDLINE does not know" if item.pmid else "no PubMed ID"
        message = f"{file} is in the format of PubMed, and this work has {lacking}."
        raise UsageError(message, remedy="Add it to a bibliography in another format, with --to FILE.")


def _in_endnote_xml(text: str, item: Item, key: str, file: str) -> tuple[int, int, str]:
    record = endnote_record(item, key)
    if not text.strip("\ufeff \r\n"):
        whole = f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>{record}</records></xml>\n'
        return len(text), len(text), whole
    if empty := re.search(r"<records\s*/>", text):
        return empty.start(), empty.end(), f"<records>{record}</records>"
    closing = text.rfind("</records>")
    if closing < 0:
        raise InputRefused(f"{file} has no list of records.", remedy="Run `pubkit check`, and correct the file first.")
    last = text.rfind("<record>", 0, closing)
    indent = re.search(r"\n([ \t]*)\Z", text[: max(last, 0)])
    start = len(text[:closing].rstrip()) if indent else closing
    return start, start, f"\n{indent[1]}{record}" if indent else record


_RECORDS: Mapping[str, Callable[[Item, str], str]] = {
    ".bib": entry_text,
    ".ris": ris_record,
    ".enw": enw_record,
    ".nbib": nbib_record,
}
#: Where the new text begins, where the file goes on, and the text between.
_LISTS: Mapping[str, Callable[[str, Item, str, str], tuple[int, int, str]]] = {
    ".json": in_json,
    ".yaml": in_yaml,
    ".yml": in_yaml,
    ".xml": _in_endnote_xml,
}
