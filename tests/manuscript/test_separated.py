"""Tables from comma-separated files, and other included files: they are read and judged as the chapters are."""

from __future__ import annotations

import pytest
from tests.conftest import Publish

import pubkit
from pubkit.boundary.text import SourceFile
from pubkit.manuscript.marks.separated import separated

DOSES = """Drug,Dose,Note
Melatonin,2 mg,"Before bed, not ""later\"""

Doxepin,3 | 6 mg,"one
two"
X,10^6,never harms anybody
"""
TEXT = """# Doses

```{csv-table} Doses in trials [@page2021]
:file: data/doses.csv
:header-rows: 1
:name: tbl:doses
```

See @tbl:doses.

```{include} more.md
```

```{csv-table} Missing
:file: data/none.csv
```
"""


@pytest.mark.parametrize(
    ("text", "sign", "rows"),
    [
        ('a,b\n"c, d",e|f\n', ",", [["a", "b"], ["c, d", "e\\|f"]]),
        ('"one\ntwo";"say ""no"""\n\n;\n', ";", [["one<br>two", 'say "no"'], ["", ""]]),
        ("a\tb\r\nc\t", "\t", [["a", "b"], ["c", ""]]),
        ('open "quote,b\n"never closed,c', ",", [['open "quote', "b"], ['"never closed', "c"]]),
        ("," * 3 + '"' * 100_000, ",", None),
    ],
)
def test_rows_and_cells_are_those_of_the_file(text: str, sign: str, rows: list[list[str]] | None) -> None:
    source = SourceFile("a.csv", text.replace("\r\n", "\n"), "")
    found = [[str(getattr(cell, "text", cell)) for cell in row] for row in separated(source, 0, len(source.text), sign)]
    assert rows is None or found == rows


def test_what_is_wrong_in_an_included_file_is_found_there(publication: Publish) -> None:
    files = {"data/doses.csv": DOSES.encode(), "more.md": b"About 10^6 cells [@page2021].\n"}
    book = publication(TEXT, files=files)
    places = [(one.rule, str(one.location)) for one in pubkit.check(book).findings if one.location]
    assert ("SRC072", "data/doses.csv:6:3") in places
    assert ("CLM011", "data/doses.csv:6:8") in places
    assert ("SRC072", "more.md:1:7") in places
    assert [place for rule, place in places if rule == "SRC105"] == ["01-text.md:14:1"]
    assert not [place for rule, place in places if rule == "SRC016"]


def test_a_table_that_grows_far_beyond_its_file_is_not_made(publication: Publish) -> None:
    rows = "," * 10_000 + "\nb" * 2_001
    text = "# Doses\n\n```{csv-table} Doses\n:file: a.csv\n:header-rows: " + "9" * 5_000 + "\n```\n"
    found = pubkit.check(publication(text, files={"a.csv": rows.encode()})).findings
    assert [str(one.location) for one in found if one.rule == "SRC105" and "20,022,002 cells" in one.message]


def test_every_cell_is_printed(publication: Publish) -> None:
    book = publication(
        TEXT.partition("```{csv-table} Missing")[0],
        files={"data/doses.csv": DOSES.partition("X,")[0].encode(), "more.md": b"More.\n"},
    )
    printed = pubkit.build_files(book, ["txt"], draft=True).files
    text = next(data for name, data in printed.items() if name.endswith(".txt")).decode()
    for words in ("2 mg", "Before bed, not “later”", "3 | 6 mg", "two", "Table 1. Doses in trials", "See Table 1."):
        assert words in text.replace("\u00a0", " ")
