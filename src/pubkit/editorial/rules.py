"""Rules on the editorial record without logic of their own, which the gate and the ledger of releases apply."""

from __future__ import annotations

from pubkit.catalogue import Entry, When
from pubkit.findings import Severity

EDI090 = Entry(
    "EDI090",
    "Every waiver matches a finding and ends within three years.",
    Severity.WARNING,
    remedy="Remove the waiver, or correct `where:`; `pubkit check -v` prints the fingerprint of each finding.",
    source="pubkit's rules on waivers (docs/manuscript.md)",
    waivable=False,
)

EDI091 = Entry(
    "EDI091",
    "A waiver for a whole file or publication covers few findings.",
    Severity.WARNING,
    remedy="Waive only the findings that you accept, by their fingerprints, and correct the others.",
    source="pubkit's rules on waivers (docs/manuscript.md)",
    waivable=False,
)

EDI092 = Entry(
    "EDI092",
    "The baseline contains only findings that are still there.",
    Severity.NOTE,
    remedy="Run `pubkit baseline --update`, which removes them from the baseline, and commit the file.",
    source="pubkit's rules on the baseline (docs/manuscript.md)",
    waivable=False,
)

EDI093 = Entry(
    "EDI093",
    "The baseline is as pubkit wrote it.",
    Severity.ERROR,
    remedy=(
        "Restore the file from version control; only `pubkit baseline` writes it. If nothing can be restored, delete it and "
        "run `pubkit baseline --by NAME`."
    ),
    source="pubkit's rules on the baseline (docs/manuscript.md)",
    waivable=False,
)

_LEDGER = "Semantic Versioning 2.0.0, rule 3: what was released under a version is never changed"

REL011 = Entry(
    "REL011",
    "The ledger of releases can be read.",
    Severity.ERROR,
    remedy="Restore the file from version control; only pubkit writes it.",
    source=_LEDGER,
    waivable=False,
)

REL012 = Entry(
    "REL012",
    "Every release is recorded in the ledger.",
    Severity.WARNING,
    remedy=(
        "Release from a writable checkout and commit the ledger; until then nothing prevents this version from "
        "being released again with different content."
    ),
    source=_LEDGER,
    waivable=False,
    when=When.RELEASED,
)
