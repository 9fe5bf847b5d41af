"""Rules on an output folder: what `pubkit verify` and a build find there."""

from __future__ import annotations

from pubkit.catalogue import Entry, When
from pubkit.findings import Severity

_SET = "the checksums and the manifest of the output folder"

REL001 = Entry(
    "REL001",
    "The folder has checksums.",
    Severity.ERROR,
    remedy="Name the output folder of a build.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL002 = Entry(
    "REL002",
    "Every published file is present.",
    Severity.ERROR,
    remedy="Download the files again from where they were published, or build again.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL003 = Entry(
    "REL003",
    "Every published file is unchanged.",
    Severity.ERROR,
    remedy="Download the files again from where they were published, or build again.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL004 = Entry(
    "REL004",
    "The manifest and the checksums agree.",
    Severity.ERROR,
    remedy="Download the files again from where they were published, or build again.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL005 = Entry(
    "REL005",
    "The folder contains nothing but the published files.",
    Severity.ERROR,
    remedy="Do not publish it with the other files; nobody has checked it.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL006 = Entry(
    "REL006",
    "No file of the previous build has been changed by hand.",
    Severity.WARNING,
    remedy="Transfer what you need to the manuscript, and move the file out of the output folder.",
    source="pubkit's promise: nobody's work is lost",
    waivable=False,
    when=When.PLACED,
)

REL007 = Entry(
    "REL007",
    "Every format was made from the same text, with the same tools.",
    Severity.WARNING,
    remedy="Build all the formats you need together.",
    source="pubkit's promise: the output is one edition; no outdated file is left beside a new one",
    waivable=False,
    when=When.PLACED,
)
