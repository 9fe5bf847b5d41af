"""Finished file to findings: what was promised is looked for in the file itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.findings import Finding
from pubkit.metadata import OutputFormat
from pubkit.proof.measure import Measure
from pubkit.render import styles
from pubkit.render.model import Edition

__all__ = ["Proof", "prove"]

_Generic = Callable[[bytes, Edition, str], Iterator[Finding]]
_Disclaimers = Callable[[bytes, Sequence[DisclaimerBlock], str], tuple[list[Finding], list[Measure]]]


class Proof(Struct, frozen=True):
    """What the proofs of one file have shown: what is wrong, and what was measured of each disclaimer."""

    findings: tuple[Finding, ...]
    measures: tuple[Measure, ...] = ()


def prove(name: OutputFormat, data: bytes, edition: Edition, file: str) -> Proof:
    """Look in the finished file `data`, of the format `name`, for everything that was promised of it."""
    generic, disclaimers = _PROOFS[name]()
    findings = list(generic(data, edition, file))
    found, measures = disclaimers(data, edition.disclaimers, file) if disclaimers else ([], [])
    note = styles.house_note(edition.styles, name)
    noted = (structs.replace(one, remedy=one.remedy + note) for one in (*findings, *found))
    return Proof(tuple(noted), tuple(measures))


def _html() -> tuple[_Generic, _Disclaimers | None]:
    from pubkit.proof import disclaimer_html, html

    return html.prove, disclaimer_html.prove


def _epub() -> tuple[_Generic, _Disclaimers | None]:
    from pubkit.proof import disclaimer_epub, epub

    return epub.prove, disclaimer_epub.prove


def _pdf() -> tuple[_Generic, _Disclaimers | None]:
    from pubkit.proof import disclaimer_pdf, pdf

    return pdf.prove, disclaimer_pdf.prove


def _docx() -> tuple[_Generic, _Disclaimers | None]:
    from pubkit.proof import docx

    return docx.prove, None


def _jats() -> tuple[_Generic, _Disclaimers | None]:
    from pubkit.proof import jats

    return jats.prove, None


def _txt() -> tuple[_Generic, _Disclaimers | None]:
    from pubkit.proof import plain

    return plain.prove, None


#: The proofs of each format; each imports what it needs when it is first asked.
_PROOFS: Mapping[OutputFormat, Callable[[], tuple[_Generic, _Disclaimers | None]]] = {
    "html": _html,
    "epub": _epub,
    "pdf": _pdf,
    "docx": _docx,
    "jats": _jats,
    "txt": _txt,
}
