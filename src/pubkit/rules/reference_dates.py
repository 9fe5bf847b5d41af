"""REF: the dates, pages and numbers of the entries, and whether they are possible."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.references.bibliography.formats.bibtex_spelling import date_in_words, day_in_words
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.formats.vocabulary import written, written_names
from pubkit.references.bibliography.markup import plain
from pubkit.references.model import Entry
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.entries import EntryRule, Fault, walk

#: The first printed books; an earlier year is a mistake, or belongs in original-date.
_FIRST_PRINT = 1450
_AHEAD = dt.timedelta(days=366)

_PARTS = expression(r"(-?\d{1,5})(?:[-/](\d{1,3})?(?:[-/](\d{1,3})?)?)?(?:T.*|/.*)?")
_SEASON_CODES = range(21, 42)


def _bib(fields: str) -> Example:
    entry = "@article{{x, author = {{Kruegel, A.}}, title = {{Mitragyna}}, journal = {{J}}, {}}}"
    return Example("Kratom [@x].", entry.format(fields))


class _Date(NamedTuple):
    """A date as an entry gives it: its numbers, if any, the field, and the text."""

    year: int
    month: int | None
    day: int | None
    field: str


def _dates(entry: Entry, variable: str) -> Iterator[_Date]:
    """Yield the dates in the CSL `variable` of `entry`, as far as they are numbers."""
    for name in written_names(entry, variable):
        if name in {"month", "day"}:
            continue
        text = plain(entry.fields[name])
        if name in {"date", "urldate"} and _IN_NUMBERS.fullmatch(text):
            continue
        for half in text.split("/") if name not in {"PY", "Y1", "Y2", "DA"} else [text]:
            found = _PARTS.fullmatch(half.strip().rstrip("?~%"))
            if not found:
                continue
            month = int(found[2]) if found[2] else None
            day = int(found[3]) if found[3] else None
            if name == "year" and month is None:
                named = plain(entry.fields.get("month", ""))
                month = month_number(named) or (int(named) if re.fullmatch(r"\d{1,3}", named) else None)
                days = plain(entry.fields.get("day", ""))
                day = int(days) if month and re.fullmatch(r"\d{1,3}", days) else None
            yield _Date(int(found[1]), month, day, name)


class ImpossibleDate(EntryRule):
    """Every date exists in the calendar."""

    id = "REF020"
    severity = Severity.ERROR
    source = "ISO 8601; biblatex manual §2.3.8"
    remedy = "Correct the date from the work itself."
    bad = [_bib("year = {2016}, month = {13}")]
    good = [
        _bib("year = {2016}, month = {5}"),
        _bib("year = {May 2016}"),
        _bib("year = {2016a}"),
        _bib("year = {2016 Sep-Oct}"),
    ]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for years, months and days out of range, and years that are not numbers."""
        for variable in ("issued", "accessed"):
            for date in _dates(entry, variable):
                yield from _judge(date)
        for name in ("date", "urldate"):
            day = plain(entry.fields.get(name, ""))
            if _IN_NUMBERS.fullmatch(day) and not day_in_words(day):
                message = f"the date {printable(day)} can be read in two ways."
                yield Fault(name, message, Severity.WARNING, "Write it as year-month-day: 2026-05-17.")
        year = plain(entry.fields.get("year", "")) if entry.location.file.lower().endswith(".bib") else ""
        is_read = re.fullmatch(r"\d+", year) or _RANGE.fullmatch(year) or date_in_words(year).date_parts
        if year and not is_read and re.search(r"\d", year):
            yield Fault("year", f"the year is not a number: {printable(year)}")


_IN_NUMBERS = expression(r"\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}")
_RANGE = expression(r"(?:c(?:a|irca)?\.?\s*|\[)?\d{4}(?:\s*[-–/]+\s*\d{2,4})?\]?[a-z?]?")


def _judge(date: _Date) -> Iterator[Fault]:
    year, month, day, field = date
    if not 1000 <= year <= 2999:
        yield Fault(field, f"{year} is not a possible year of publication.")
        return
    if year < _FIRST_PRINT:
        message = f"the year {year} is before the first printed book."
        yield Fault(field, message, Severity.WARNING, "Give the year of the edition you used.")
    if month is not None and not 1 <= month <= 12 and month not in _SEASON_CODES:
        yield Fault("month" if field == "year" else field, f"{month} is not a month.")
    elif month in range(1, 13) and day is not None and month is not None:
        last = calendar.monthrange(year, month)[1]
        if not 1 <= day <= last:
            shown = f"{calendar.month_name[month]} {year}"
            yield Fault("day" if field == "year" else field, f"{shown} has no day {day}.")


class FutureDate(Rule):
    """No date of publication or access is in the future."""

    id = "REF021"
    severity = Severity.ERROR
    source = "a work cannot be cited before it has appeared; issues are dated up to a year ahead"
    remedy = "Correct the year, or write `in press` if the work has been accepted."
    bad = [_bib("year = {2199}")]
    good = [_bib("year = {2016}")]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for dates in the future: a warning up to a year ahead, as journals date their issues, else an error."""
        return walk(self, submission, lambda entry: _ahead(entry, submission.today))


def _ahead(entry: Entry, today: dt.date) -> Iterator[Fault]:
    for variable in ("issued", "accessed"):
        for year, month, day, field in _dates(entry, variable):
            if year > 2999:
                continue
            known = month if month in range(1, 13) else None
            first = dt.date(year, known or 1, min(day, 28) if day and known and day > 0 else 1) if year >= 1 else today
            if first <= today:
                continue
            shown = "-".join(f"{part:02}" for part in (year, known, day if known else None) if part)
            if variable == "accessed":
                yield Fault(field, f"its access date, {shown}, is in the future.")
            else:
                near = Severity.WARNING if first <= today + _AHEAD else None
                yield Fault(field, f"its date, {shown}, is in the future.", near)


class ReversedPages(EntryRule):
    """No page range ends before it begins."""

    id = "REF022"
    severity = Severity.ERROR
    source = "NLM, Citing Medicine, ch. 1, Location (Pagination)"
    remedy = "Swap the two page numbers, or correct the wrong one."
    bad = [_bib("year = {2016}, pages = {6764--6754}")]
    good = [_bib("year = {2016}, pages = {6754--6764}"), _bib("year = {2016}, pages = {6754--64}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check each range of pages, plain or with one letter before them; "6754-64" is short for 6754-6764."""
        text = entry.item.page
        for first, last in re.findall(r"(?<![\w.-])([A-Za-z]?\d{1,7})\s*[-–—]+\s*([A-Za-z]?\d{1,7})(?![\w.-])", text):
            start, end = re.sub(r"\D", "", first), re.sub(r"\D", "", last)
            prefixes = first[: -len(start)], last[: -len(end)]
            if prefixes[1] and prefixes[0].casefold() != prefixes[1].casefold():
                continue
            whole = start[: len(start) - len(end)] + end if len(end) < len(start) else end
            if int(whole) < int(start):
                short = Severity.WARNING if len(end) < len(start) else None
                yield Fault("page", f"the pages run backwards: {printable(text)}", short)


class SwappedNumbers(EntryRule):
    """Every number is in the field that it belongs to."""

    id = "REF023"
    severity = Severity.WARNING
    source = "copying mistakes: the year among the pages, the DOI among the pages, the pages as a volume"
    remedy = "Check the work itself, and put each number in its own field."
    bad = [_bib("year = {2016}, volume = {6754--6764}")]
    good = [_bib("year = {2016}, volume = {138}, pages = {6754--6764}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for pages that are the year, a volume that is a range of pages, and a title that ends with the year."""
        item = entry.item
        year = next((str(date.year) for date in _dates(entry, "issued")), "")
        page, volume, title = item.page, item.volume, item.title
        if year and page == year and item.type.startswith("article"):
            yield Fault("page", f"the page is the year, {year}.")
        if re.fullmatch(r"\d{3,}\s*[-–]+\s*\d{3,}", volume) and not re.fullmatch(
            r"(?:19|20)\d\d-(?:19|20)\d\d", volume
        ):
            yield Fault("volume", f"the volume looks like pages: {printable(volume)}")
        if year and re.search(rf"[\s,.;]\({year}\)\.?$", title):
            yield Fault("title", f"the title ends with the year, ({year}).")
        if re.search(r"\b10\.\d{4,9}/\S", page + " " + volume):
            yield Fault("page", "the pages contain a DOI.")


class UndatedAccess(EntryRule):
    """Every web page has an access date."""

    id = "REF024"
    severity = Severity.WARNING
    source = "AMA Manual of Style, 11th ed., 3.15.3; NLM, Citing Medicine, ch. 25: pages change, so the day is given"
    remedy = "Add the day on which you read it, as urldate = {2026-05-17} (CSL: accessed)."
    bad = [
        Example(
            "Kratom [@x].",
            "@online{x, author = {A, B}, title = {Kratom}, year = {2020}, url = {https://www.fda.gov/a}}",
        )
    ]
    good = [
        Example(
            "Kratom [@x].",
            "@online{x, title = {Kratom}, year = {2020}, url = {https://www.fda.gov/a}, urldate = {2026-05-17}}",
        )
    ]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Yield the address of a web page that has no date of access."""
        item = entry.item
        is_page = item.type in {"webpage", "post-weblog", "post"} and item.url and not item.doi
        if is_page and not item.accessed and not written(entry, "accessed"):
            yield Fault("URL", "the entry does not say when the page was read.")
