"""From a finished file to findings: everything promised is looked for in the file itself."""

from __future__ import annotations

from msgspec import Struct, structs

from pubkit.findings import Finding
from pubkit.formats import FORMATS, OutputFormat, function
from pubkit.proof.disclaimers.measure import Measure
from pubkit.render.model import Edition
from pubkit.render.styles import sheets

__all__ = ["Proof", "prove"]


class Proof(Struct, frozen=True):
    """What the proofs of one file have found: what is wrong, and the measures of each disclaimer."""

    findings: tuple[Finding, ...]
    measures: tuple[Measure, ...] = ()


def prove(name: OutputFormat, data: bytes, edition: Edition, file: str) -> Proof:
    """Look in the finished file `data`, of the format `name`, for everything that was promised of it."""
    row = FORMATS[name]
    findings = list(function(row.proof)(data, edition, file))
    found, measures = function(row.disclaimers)(data, edition.disclaimers, file) if row.disclaimers else ([], [])
    note = sheets.house_note(edition.styles, name)
    noted = (structs.replace(one, remedy=one.remedy + note) for one in (*findings, *found))
    return Proof(tuple(noted), tuple(measures))
