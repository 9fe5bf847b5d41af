"""The Retraction Watch database as Crossref publishes it: one CSV, one row per notice.

Source: the data at gitlab.com/crossref/retraction-watch-data (CC BY 4.0) and its real header. RetractionNature says what the
notice is, OriginalPaper... which work it is about, Retraction... which document it is. Dates are M/D/YYYY H:MM; PMID 0 and
DOI "unavailable" stand for "none".
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator

from msgspec import Struct

from pubkit.errors import EnvironmentFault
from pubkit.references.comparison.names import read_authors
from pubkit.references.notices import NoticeKind, kind_of_update
from pubkit.references.registries import clean, doi_of

__all__ = ["Row", "bare_doi", "bare_pmid", "first_family", "read"]

_COLUMNS = (
    "Title",
    "Author",
    "RetractionDate",
    "RetractionDOI",
    "RetractionPubMedID",
    "OriginalPaperDate",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
)


class Row(Struct, frozen=True):
    """One notice: its kind, its own identifiers, and everything by which the work it is about can be found.

    `kind` is None if Retraction Watch uses a word for it that pubkit does not know. `date` is the notice's, an ISO date,
    `year` the work's; both are empty if they are not given, as is every identifier. `family` is the first author's,
    folded.
    """

    kind: NoticeKind | None
    label: str
    date: str
    doi: str
    pmid: str
    work_dois: tuple[str, ...]
    work_pmid: str
    title: str
    family: str
    year: str


def read(data: bytes) -> Iterator[Row]:
    """Yield the rows of the CSV `data`, in order.

    Raises:
        EnvironmentFault: the data lacks columns of the Retraction Watch CSV, or is cut short.
    """
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", "replace", newline="")
    reader = csv.DictReader(text)
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        message = f"The retraction data has no column {missing[0]!r}: it is not the Retraction Watch CSV."
        raise EnvironmentFault(message, remedy="Check the address of the retraction data.")
    try:
        for row in reader:
            if any(row[column] is None for column in _COLUMNS):
                message = f"The retraction data is cut short at line {reader.line_num}."
                raise EnvironmentFault(message, remedy="Download it again.")
            yield _row(row)
    except csv.Error as error:
        message = f"The retraction data cannot be read at line {reader.line_num}: {error}"
        raise EnvironmentFault(message, remedy="Download it again.") from error


def _row(row: dict[str, str]) -> Row:
    nature = row["RetractionNature"]
    author = row["Author"].partition(";")[0]
    # Several DOIs are separated by semicolons, which old DOIs of Wiley's also contain.
    dois = {doi for part in re.split(r";\s*(?=10\.)", row["OriginalPaperDOI"]) if (doi := bare_doi(part))}
    return Row(
        # A row without a nature counts as a retraction, the subject of the database.
        kind_of_update(nature) if nature.strip() else NoticeKind.RETRACTION,
        clean(nature, 80).lower() or "notice whose kind is not stated",
        _date(row["RetractionDate"]),
        bare_doi(row["RetractionDOI"]),
        bare_pmid(row["RetractionPubMedID"]),
        tuple(sorted(dois)),
        bare_pmid(row["OriginalPaperPubMedID"]),
        clean(row["Title"]),
        "" if author.strip().casefold() in {"", "unavailable", "unknown"} else first_family([author]),
        _date(row["OriginalPaperDate"])[:4],
    )


def bare_doi(text: str) -> str:
    """Return the DOI in `text`, in lower case and without its resolver, or an empty text."""
    return doi_of(text).rstrip(".,;")


def bare_pmid(text: str) -> str:
    """Return the PMID in `text` as digits, or an empty text if there is none or it is 0."""
    number = text.strip().removesuffix(".0").lstrip("0")
    return number if number.isascii() and number.isdigit() else ""


def first_family(authors: object) -> str:
    """Return the folded family name of the first person in an author list, or an empty text."""
    people = read_authors(authors).people
    return people[0].family if people else ""


def _date(text: str) -> str:
    """Return an ISO date from M/D/YYYY H:MM, or an empty text."""
    match = re.match(r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})\b", text)
    if not match:
        return ""
    try:
        return dt.date(int(match[3]), int(match[1]), int(match[2])).isoformat()
    except ValueError:
        return ""
