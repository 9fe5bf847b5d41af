"""The figures in each sourced sentence of a manuscript, for the rule on them and for the evidence table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pubkit.claims.figures.comparison import Figure, figures, worded
from pubkit.claims.reading import Statement
from pubkit.editorial.model import FigureLine
from pubkit.findings import Location

__all__ = ["compared", "lines"]


def compared(statements: Sequence[Statement], abstracts: Mapping[str, str]) -> Iterator[tuple[Statement, Figure]]:
    """Yield every figure in a sourced sentence of the body with what the `abstracts`, by key, say about it."""
    for statement in statements:
        if statement.in_body and statement.sources:
            held = {key: abstracts.get(key, "") for key in statement.sources}
            for figure in figures(statement.text, held, own=bool(statement.sentence.keys)):
                yield statement, figure


def lines(statements: Sequence[Statement], abstracts: Mapping[str, str]) -> Mapping[Location, tuple[FigureLine, ...]]:
    """Return the figures in each sourced sentence, by its place, for the evidence table."""
    found: dict[Location, tuple[FigureLine, ...]] = {}
    for statement, figure in compared(statements, abstracts):
        line = FigureLine(worded(statement.text, figure.quantity), figure.state, figure.key, figure.quote, figure.held)
        place = statement.sentence.location
        found[place] = (*found.get(place, ()), line)
    return found
