"""The publication's own style sheets, and what its writers refuse."""

from __future__ import annotations

from pubkit.catalogue import Entry
from pubkit.findings import Severity

_SCHEMA = "the schema of pubkit.yaml (`pubkit schema`)"

SRC030 = Entry(
    "SRC030",
    "A style sheet sets type, colour and space; it hides, moves, shrinks, covers and loads nothing.",
    Severity.ERROR,
    remedy="Remove what the message names; styles/README.md lists what a style sheet may hold.",
    source="pubkit's allow-list for style sheets (styles/README.md)",
    waivable=False,
)

SRC031 = Entry(
    "SRC031",
    "No raw part reaches a writer.",
    Severity.ERROR,
    remedy="Write it in Markdown.",
    source=_SCHEMA,
    waivable=False,
)

SRC033 = Entry(
    "SRC033",
    "No picture reaches a writer that was not opened and checked.",
    Severity.ERROR,
    remedy="Name it by its path.",
    source=_SCHEMA,
    waivable=False,
)
