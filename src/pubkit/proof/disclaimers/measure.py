"""What the proofs of the disclaimers return: findings, and the measures that go into the release.

The disclaimer manifest of a release is the list of its measures: which text, in which file, where, and how it appears.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from pubkit.catalogue import Entry
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.disclaimers.texts import digest
from pubkit.findings import Finding, Location

__all__ = ["SMALLEST_O", "Measure", "fault", "manifest", "measure"]

#: The smallest height of the lowercase "o" in print, in points, for a text without a rule of its own: the x-height of
#: 1.2 mm that Regulation (EU) No 1169/2011, Article 13(2), requires of mandatory food information.
SMALLEST_O = 1.2 / 25.4 * 72


class Measure(Struct, frozen=True):
    """One disclaimer as it appears in one finished file.

    `sha256` is that of the text before its slots were filled, `printed_sha256` that of heading and paragraphs as
    printed. `where` is the page (from 1) in a PDF, the anchor elsewhere. `o_height` is the height of the lowercase "o"
    in points, `stem` the stroke of that letter as a fraction of its height (a real bold has 0.21 or more); both are
    measured on the page and None in other formats. `contrast` is the lowest found in any medium, `font_size` the
    smallest, in CSS pixels.
    """

    variant: str
    locale: str
    version: str
    sha256: str
    printed_sha256: str
    format: str
    file: str
    where: str
    contrast: float | None = None
    o_height: float | None = None
    stem: float | None = None
    font_size: float | None = None
    pages: tuple[int, ...] = ()


def measure(block: DisclaimerBlock, format_: str, file: str, where: str, **measures: Any) -> Measure:
    """Return the measure of `block` in `file`; `measures` are the fields that depend on the format."""
    return Measure(
        variant=block.variant,
        locale=block.locale,
        version=block.version,
        sha256=block.sha256,
        printed_sha256=digest((block.heading, *block.paragraphs)),
        format=format_,
        file=file,
        where=where,
        **measures,
    )


def manifest(measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """Return the disclaimer manifest, ready for JSON: one entry per block and file, ordered by file and variant."""
    return [asdict(entry) for entry in sorted(measures, key=lambda entry: (entry.file, entry.variant))]


def fault(rule: Entry, block: DisclaimerBlock, file: str, message: str, remedy: str = "") -> Finding:
    """Return a finding that `block` fails the proof `rule` in `file`."""
    return rule.at(
        Location(file),
        f"The disclaimer {block.variant}: {message}",
        context=f"{block.variant} {message}",
        remedy=remedy,
    )
