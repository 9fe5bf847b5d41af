"""Blocks to be looked for, and pages that carry them."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable

import pytest

from pubkit.disclaimers.model import DisclaimerBlock, Typography

_GENERAL = (
    "This publication gives general information about health. It is not medical advice, and it does not replace the "
    "advice, diagnosis, or treatment of a doctor or another qualified health professional."
)
_DSHEA = (
    "* These statements have not been evaluated by the Food and Drug Administration. "
    "This product is not intended to diagnose, treat, cure, or prevent any disease."
)
GENERAL = DisclaimerBlock(
    variant="general",
    locale="en",
    version="1.0.0",
    identifier="pubkit-disclaimer-general",
    heading="Not medical advice",
    paragraphs=(
        _GENERAL,
        "Ask a health professional about any question you have about your health.",
    ),
    source="test",
    as_of=dt.date(2026, 1, 1),
    sha256="0" * 64,
)
DSHEA = DisclaimerBlock(
    variant="dshea",
    locale="en",
    version="1.0.0",
    identifier="pubkit-disclaimer-dshea",
    heading="Dietary supplement statement",
    paragraphs=(_DSHEA,),
    source="21 CFR 101.93",
    as_of=dt.date(2026, 1, 1),
    sha256="1" * 64,
    typography=Typography(minimum_o_height=4.5, bold=True, boxed=True),
    marker="*",
)


@pytest.fixture
def general() -> DisclaimerBlock:
    return GENERAL


@pytest.fixture
def dshea() -> DisclaimerBlock:
    return DSHEA


def _aside(block: DisclaimerBlock, attributes: str = "") -> str:
    """The block as it stands in a page."""
    paragraphs = "\n".join(f"<p>{html.escape(text)}</p>" for text in block.paragraphs)
    kind = "pubkit-disclaimer pubkit-disclaimer-bold" if block.typography.bold else "pubkit-disclaimer"
    opening = f'<aside role="note" id="{block.identifier}" class="{kind}" {attributes}>'
    return f"{opening}\n<p class='pubkit-disclaimer-heading'>{html.escape(block.heading)}</p>\n{paragraphs}\n</aside>"


@pytest.fixture
def aside() -> Callable[..., str]:
    return _aside
