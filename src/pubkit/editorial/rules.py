"""The rules of the editorial record that the gate itself keeps."""

from __future__ import annotations

from pubkit.catalogue import Entry
from pubkit.findings import Severity

EDI090 = Entry(
    "EDI090",
    "A waiver meets a finding, and ends within three years.",
    Severity.WARNING,
    remedy="Remove it, or correct `where`: `pubkit check -v` prints the fingerprint of each finding.",
    source="pubkit's rules on waivers (docs/manuscript.md)",
    waivable=False,
)
