"""CLM: the figures of a sentence compared with the abstracts of its sources, which the lock holds."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.claims.figures.comparison import worded
from pubkit.claims.figures.statements import compared
from pubkit.claims.reading import shown
from pubkit.editorial.model import FigureState
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["FigureOfTheSource"]

#: What a citation leaves behind before a full stop.
_GAP = expression(r"\s(?=[.,;:!?)])")
_TRIAL = "@article{trial, title={A trial}, year={2020}}"
_ABSTRACT = {
    "trial": "We assigned 276 children to a spray or saline. Snoring stopped in 44% with the spray and 41% without."
}


class FigureOfTheSource(Rule):
    """A figure is the one that the abstract of its source gives.

    Each figure of a sentence with a citation key is looked for in the abstracts that references.lock.json holds. A warning
    means that the abstract gives another value for what seems to be the same quantity. A figure that no abstract has is not
    reported: the evidence table lists it as "not in the abstract".
    """

    id = "CLM029"
    english = True
    severity = Severity.WARNING
    source = "ICMJE Recommendations, IV.A: references are direct, accurate and checked"
    remedy = (
        "Compare the figure with the source, and correct it. If it is from the full text (another outcome, group or time), "
        "say so in the sentence; or waive the finding with the page."
    )
    bad = [
        Example("The trial assigned 376 children to a spray or saline [@trial].", _TRIAL, abstracts=_ABSTRACT),
        Example("Snoring stopped in 54% of children with the spray [@trial].", _TRIAL, abstracts=_ABSTRACT),
    ]
    good = [
        Example("The trial assigned 276 children to a spray or saline [@trial].", _TRIAL, abstracts=_ABSTRACT),
        Example("Snoring stopped in nearly half of the children [@trial].", _TRIAL, abstracts=_ABSTRACT),
        Example("Nosebleeds were seen in 9% of the children [@trial].", _TRIAL, abstracts=_ABSTRACT),
        Example("The trial assigned 376 children to a spray or saline [@trial].", _TRIAL),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare every figure of a sourced sentence whose sources have abstracts."""
        for statement, figure in compared(submission.statements, submission.abstracts):
            if figure.state is FigureState.OTHER_VALUE:
                start, said = figure.quantity.start, worded(statement.text, figure.quantity)
                yield self.at(
                    statement.sentence.span(start, figure.quantity.end),
                    f"“{shown(said)}” in “{_around(statement.text, start)}”: the abstract of "
                    f"{printable(figure.key, 60)} has “{shown(figure.held)}”: “{printable(figure.quote, 320)}”",
                    context=statement.text,
                )


def _around(text: str, start: int) -> str:
    """Return the sentence, or what is near the figure in a long one."""
    first = max(0, start - 60) if len(text) > 120 else 0
    return shown(_GAP.sub("", f"{'…' if first else ''}{text[first : first + 118]}"))
