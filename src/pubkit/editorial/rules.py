"""Rules of the editorial record that need no question: what the gate and the ledger of releases show."""

from __future__ import annotations

from pubkit.catalogue import Entry, When
from pubkit.findings import Severity

EDI090 = Entry(
    "EDI090",
    "A waiver meets a finding, and ends within three years.",
    Severity.WARNING,
    remedy="Remove it, or correct `where`: `pubkit check -v` prints the fingerprint of each finding.",
    source="pubkit's rules on waivers (docs/manuscript.md)",
    waivable=False,
)

_LEDGER = "Semantic Versioning 2.0.0, rule 3: what was released under a version is never changed"

REL011 = Entry(
    "REL011",
    "The ledger of releases can be read.",
    Severity.ERROR,
    remedy="Restore the file from version control; pubkit alone writes it.",
    source=_LEDGER,
    waivable=False,
)

REL012 = Entry(
    "REL012",
    "The ledger of releases holds every release.",
    Severity.WARNING,
    remedy=(
        "Release from a checkout that can be written to and commit the ledger; until then nothing keeps this version from "
        "being released again with other bytes."
    ),
    source=_LEDGER,
    waivable=False,
    when=When.RELEASED,
)
