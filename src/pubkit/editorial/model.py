"""The parts of the editorial record: claims, how strongly they are made, and what they rest on."""

from __future__ import annotations

import enum
import hashlib

from msgspec import Struct

from pubkit.findings import Location
from pubkit.language.folding import fold

__all__ = ["Claim", "ClaimKind", "FigureLine", "FigureState", "Strength"]


class ClaimKind(enum.StrEnum):
    """What a sentence asserts; one sentence may assert several things."""

    EVIDENCE = "evidence"
    ABSENCE = "absence-of-evidence"
    JOURNAL = "named-journal"
    STATISTIC = "statistic"
    FACT = "fact"
    DISEASE = "disease-claim"
    SAFETY = "absolute-safety"
    SAFETY_PLAIN = "safety"
    PROMOTION = "promotion"
    COMMERCE = "commerce"
    DOSE = "dose"


class Strength(enum.IntEnum):
    """How firmly a claim is made, weakest first: denied, reported as others' words, left open, associated, asserted."""

    DENIED = 0
    REPORTED = 1
    HEDGED = 2
    ASSOCIATED = 3
    ASSERTED = 4

    @property
    def label(self) -> str:
        """Return the name in lower case, for tables."""
        return self.name.lower()


class FigureState(enum.StrEnum):
    """The result of looking for a figure in the abstracts of its sources."""

    OTHER_VALUE = "another value"
    FOUND = "found"
    FOLLOWS = "follows from the abstract"
    ABSENT = "not in the abstract"
    NO_ABSTRACT = "no abstract"


class FigureLine(Struct, frozen=True, omit_defaults=True):
    """One figure in a sentence, in its words, and what the abstracts of its sources say about it.

    `key` is the source, and `abstract` the passage that has the figure, what it follows from, or the other value,
    whose words are `value`.
    """

    figure: str
    state: FigureState
    key: str = ""
    abstract: str = ""
    value: str = ""


class Claim(Struct, frozen=True):
    """A sentence that asserts something a reader could act on.

    `keys` are the citation keys that source it, its own or those of the run of sentences it belongs to. `benefit` and
    `risk` say whether it speaks of a benefit or of a harm.
    """

    text: str
    location: Location
    section: tuple[str, ...]
    kinds: frozenset[ClaimKind]
    keys: tuple[str, ...]
    strength: Strength = Strength.ASSERTED
    benefit: bool = False
    risk: bool = False

    @property
    def identifier(self) -> str:
        """Return twelve hexadecimal digits made from the words alone: a claim keeps them when it moves."""
        return hashlib.sha256(fold(self.text).encode("utf-8", "replace")).hexdigest()[:12]
