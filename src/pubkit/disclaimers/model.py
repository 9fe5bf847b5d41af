"""What a disclaimer is: a fixed text with its source, and the block that is placed in every output."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping

from msgspec import Struct, field

__all__ = ["DisclaimerBlock", "DisclaimerText", "Place", "Typography"]


class Place(enum.StrEnum):
    """Where a disclaimer is printed: in the strip at the very top, before the summary, or between it and the text."""

    TOP = "top"
    BEFORE_SUMMARY = "before-summary"
    AFTER_SUMMARY = "after-summary"


class Typography(Struct, frozen=True):
    """What the finished page must show: height of the lowercase "o" in points, weight, contrast ratio, a box."""

    minimum_o_height: float = 0.0
    bold: bool = False
    contrast: float = 4.5
    boxed: bool = False


class DisclaimerText(Struct, frozen=True):
    """One variant in one language and version, as in language/en/disclaimers/general.yaml.

    `paragraphs` are the texts with `{slot}` places; `sha256` is that of the normalised heading, paragraphs and
    alternatives, checked on loading. `alternatives` holds, by the index of a paragraph, what is printed instead if one
    of its slots has no value (nothing, if that is empty); `forms` holds the form to which a paragraph belongs (the
    singular or the plural of a statutory text). `slots` gives each slot its default, empty if it has none; those in
    `required` must have a value, those in `author_slots` are for the author to fill. `status` is "original" or
    "translation-for-review".
    """

    variant: str
    locale: str
    version: str
    heading: str
    paragraphs: tuple[str, ...]
    source: str
    as_of: dt.date
    sha256: str
    slots: Mapping[str, str] = field(default_factory=dict)
    typography: Typography = field(default_factory=Typography)
    links: Mapping[str, str] = field(default_factory=dict)
    status: str = "original"
    alternatives: Mapping[int, str] = field(default_factory=dict)
    forms: Mapping[int, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    author_slots: frozenset[str] = frozenset()


class DisclaimerBlock(Struct, frozen=True):
    """A disclaimer as it is printed: every slot filled, ready to be placed and to be looked for again.

    `identifier` is the reserved id of the block in HTML and EPUB ("pubkit-disclaimer-general"). `links` maps words of
    the text, as they appear there, to the address they lead to. `sha256` is that of the text before its slots were
    filled. A `marker` is the symbol that ties statements of the text to this block, which must then appear on every
    page that has one of them. `claims` are the words of the statements that the author has marked, in reading order.
    `place` is where the block is printed. `before_signature` are its paragraphs as long as no reviewer has signed the text,
    if those are others: they speak of no review.
    """

    variant: str
    locale: str
    version: str
    identifier: str
    heading: str
    paragraphs: tuple[str, ...]
    source: str
    as_of: dt.date
    sha256: str
    typography: Typography = field(default_factory=Typography)
    links: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    status: str = "original"
    marker: str = ""
    claims: tuple[str, ...] = ()
    place: Place = Place.BEFORE_SUMMARY
    before_signature: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return heading and paragraphs as one text."""
        return "\n".join((self.heading, *self.paragraphs))
