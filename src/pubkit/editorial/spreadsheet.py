"""Tables as CSV that spreadsheets open correctly: RFC 4180, UTF-8 with a byte order mark, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

__all__ = ["as_csv"]

_FORMULA = ("=", "+", "-", "@")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the table as a CSV file; its first line names the columns.

    Without a byte order mark, Excel would read UTF-8 as the machine's code page. A cell that would be read as a formula
    gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    flat = " ".join(str(value).split())
    return f"'{flat}" if flat.startswith(_FORMULA) else flat
