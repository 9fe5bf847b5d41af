"""What `pubkit verify` finds in a set."""

from __future__ import annotations

from pubkit.catalogue import Entry
from pubkit.findings import Severity

_SET = "the checksums and the manifest of the set"

REL001 = Entry(
    "REL001",
    "A set has checksums.",
    Severity.ERROR,
    remedy="Name the folder that a build has made.",
    source=_SET,
    waivable=False,
)

REL002 = Entry(
    "REL002",
    "Every file of a set is there.",
    Severity.ERROR,
    remedy="Fetch the set again from where it was published, or build it again.",
    source=_SET,
    waivable=False,
)

REL003 = Entry(
    "REL003",
    "Every file of a set is the one that was published.",
    Severity.ERROR,
    remedy="Fetch the set again from where it was published, or build it again.",
    source=_SET,
    waivable=False,
)

REL004 = Entry(
    "REL004",
    "Manifest and checksums agree.",
    Severity.ERROR,
    remedy="Fetch the set again from where it was published, or build it again.",
    source=_SET,
    waivable=False,
)

REL005 = Entry(
    "REL005",
    "A set's folder holds the set only.",
    Severity.WARNING,
    remedy="Do not publish it with the set; nobody has checked it.",
    source=_SET,
    waivable=False,
)
