"""Rules on manuscripts written for another tool: missing metadata, and metadata that pubkit does not read."""

from __future__ import annotations

from pubkit.catalogue import Entry
from pubkit.findings import Severity

_SCHEMA = "the schema of pubkit.yaml (`pubkit schema`)"
_DIALECTS = "pubkit's list of dialects (docs/adopt.md)"

SRC100 = Entry(
    "SRC100",
    "The publication states its title, its date and its version.",
    Severity.ERROR,
    remedy="Write it into the pubkit.yaml that `pubkit init --from PATH` makes.",
    source=_SCHEMA,
    waivable=False,
)

SRC101 = Entry(
    "SRC101",
    "Every statement of another tool's metadata can be read.",
    Severity.WARNING,
    remedy="Correct the value, or state it in pubkit.yaml.",
    source=_DIALECTS,
)

SRC102 = Entry(
    "SRC102",
    "Metadata that pubkit does not use is listed.",
    Severity.NOTE,
    remedy="No action is needed, unless readers need it: then state it in pubkit.yaml.",
    source=_DIALECTS,
)

SRC103 = Entry(
    "SRC103",
    "The report says how a manuscript of another tool was read.",
    Severity.NOTE,
    remedy="To add what a health text needs, run `pubkit init --from PATH`.",
    source=_DIALECTS,
)

SRC104 = Entry(
    "SRC104",
    "Every chapter of the manuscript is a text that pubkit reads.",
    Severity.ERROR,
    remedy="Export it as Markdown, or remove it from the list of chapters.",
    source=_DIALECTS,
)

EDI050 = Entry(
    "EDI050",
    "Every translation beside the text is of its present edition.",
    Severity.WARNING,
    remedy="Bring the translation up to date, and state the edition under its `translation_of:`.",
    source="Readers of a translation rely on it as on the original",
    details=(
        "`translations:` with a `path` names folders below the publication's own. The pubkit.yaml there says under "
        "`translation_of:` which edition was translated."
    ),
)
