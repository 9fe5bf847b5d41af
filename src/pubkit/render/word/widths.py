"""The widths of a table's columns in Word, which does not know them before it has laid the table out: from their words."""

from __future__ import annotations

from pubkit.manuscript.tree import ColWidth, ColWidthDefault, Table, plain_text

__all__ = ["set_widths"]

#: The room that a column takes besides its letters, in letters.
_GAP = 3
#: The letters of the longest word that is surely not broken.
_LONGEST_WORD = 22
#: From this many columns on, Word chooses their widths.
_MANY_COLUMNS = 8


def set_widths(table: Table, line: int) -> None:
    """Give each column of `table` the part of the page's width that its words need; leave very many columns to Word.

    `line` is the number of letters that fit on a line of a table as wide as the page.

    A table whose lines are short is narrower than the page. Otherwise each column has room for its longest word, and each
    letter that is left goes to the column that makes the most rows high.
    """
    count = len(table.columns)
    if count >= _MANY_COLUMNS:
        for column in table.columns:
            column.width = ColWidthDefault()
        return
    words, lines, rows = _measures(table)
    room = line - _GAP * count
    letters = lines if sum(lines) <= room else _shared_out(words, rows, room)
    whole = max(line, sum(letters) + _GAP * count)
    for column, length in zip(table.columns, letters, strict=True):
        column.width = ColWidth(round((length + _GAP) / whole, 4))


def _shared_out(words: list[int], rows: list[list[int]], room: int) -> list[int]:
    """Return the letters of each column, together `room`, that make the rows together least high."""
    letters = list(words)
    for _ in range(room - sum(words)):
        gains = [0.0] * len(letters)
        for row in rows:
            highest = max(range(len(row)), key=lambda column: row[column] / letters[column])
            gains[highest] += row[highest] / letters[highest] ** 2
        letters[gains.index(max(gains))] += 1
    return letters


def _measures(table: Table) -> tuple[list[int], list[int], list[list[int]]]:
    """Return the letters of the longest word and of the longest text of each column, and of each text of each row."""
    words, lines, rows = [1] * len(table.columns), [1] * len(table.columns), []
    for row in table.rows:
        column, lengths = 0, [0] * len(words)
        for cell in row.cells:
            text = plain_text(cell.content).split()
            if cell.col_span == 1 and column < len(words):
                lengths[column] = len(" ".join(text))
                words[column] = max(words[column], min(_LONGEST_WORD, max(map(len, text), default=0)))
                lines[column] = max(lines[column], lengths[column])
            column += cell.col_span
        rows.append(lengths)
    return words, [max(pair) for pair in zip(words, lines, strict=True)], rows
