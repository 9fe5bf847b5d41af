"""What `pubkit verify` finds in a set."""

from __future__ import annotations

from pubkit.catalogue import Entry, When
from pubkit.findings import Severity

_SET = "the checksums and the manifest of the set"

REL001 = Entry(
    "REL001",
    "A set has checksums.",
    Severity.ERROR,
    remedy="Name the folder that a build has made.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL002 = Entry(
    "REL002",
    "Every file of a set is there.",
    Severity.ERROR,
    remedy="Fetch the set again from where it was published, or build it again.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL003 = Entry(
    "REL003",
    "Every file of a set is the one that was published.",
    Severity.ERROR,
    remedy="Fetch the set again from where it was published, or build it again.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL004 = Entry(
    "REL004",
    "Manifest and checksums agree.",
    Severity.ERROR,
    remedy="Fetch the set again from where it was published, or build it again.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL005 = Entry(
    "REL005",
    "A set's folder holds the set only.",
    Severity.ERROR,
    remedy="Do not publish it with the set; nobody has checked it.",
    source=_SET,
    waivable=False,
    when=When.VERIFIED,
)

REL006 = Entry(
    "REL006",
    "A file of an earlier set that somebody changed is kept beside the new set, under a name that says so.",
    Severity.WARNING,
    remedy="Take over what you need, and move the file out of the folder of the set.",
    source="pubkit's promise: nobody's work is lost",
    waivable=False,
    when=When.PLACED,
)

REL007 = Entry(
    "REL007",
    "Every format of a set was made from the same text, with the same tools.",
    Severity.WARNING,
    remedy="Build all formats that you need together.",
    source="pubkit's promise: a set is one edition; no stale file stands beside a new one",
    waivable=False,
    when=When.PLACED,
)
