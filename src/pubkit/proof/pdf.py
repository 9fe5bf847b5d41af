"""The finished PDF: tagged, safe, with every glyph, and with the whole tree, in its order.

The terms are those of ISO 32000-1 (PDF 1.7) and ISO 14289-1 (PDF/UA-1). The structure is read with pikepdf, the text
with PDFium, as a reader would copy it.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from pubkit.boundary.files import printable
from pubkit.boundary.pdfium import PDFIUM
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.language.labels import labels_for
from pubkit.proof.glyphs import missing_glyphs
from pubkit.proof.promises.bidi import of_pages, ordered_letters, turned
from pubkit.proof.promises.contents import Contents, Heading, Run, promised
from pubkit.proof.promises.gaps import gaps_in_text
from pubkit.proof.promises.pages import PagedText, faults
from pubkit.proof.promises.sequence import faulty_runs, few, holds, missing_headings, missing_signs
from pubkit.proof.promises.structure import Bookmark, active, bookmarks, damaged, uncalibrated, unclaimed, untagged
from pubkit.proof.rules import PRF100, PRF108, PRF110, PRF111, PRF114, PRF203, PRF304, SRC161
from pubkit.proof.setting import pieces
from pubkit.proof.setting.faults import faults as setting_faults
from pubkit.proof.setting.rows import Torn, torn
from pubkit.render.faceless import spelled_out
from pubkit.render.model import Edition

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["prove"]

#: Text may extend this far over a page's edge, in points: the side bearing of an italic letter is not an overflow.
_TOLERANCE = 1.0
#: What pikepdf calls a file in memory; its address is another one in each run.
_STREAM = re.compile(r"<_io\.BytesIO object at 0x[0-9A-Fa-f]+>")
#: FPDF_PAGEOBJ_IMAGE in PDFium's fpdf_edit.h.
_IMAGE = 3


class _Lead(Struct, frozen=True):
    """A heading, and the bookmark that leads to it."""

    heading: Heading
    bookmark: Bookmark


class _Pages(Struct, frozen=True):
    """The pages as PDFium reads them: their pieces and words, and what is at the places that bookmarks lead to.

    `strips` has, by the number of the lead, the text below its place; `outside` says what is beyond the edge of a page.
    """

    pieces: list[pieces.Page] = []
    words: list[str] = []
    outside: list[Finding] = []
    strips: dict[int, str] = {}


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """Yield a finding for each promise that the PDF `data` does not keep.

    Args:
        data: the file.
        edition: what it was written from.
        file: its name, for findings.
    """
    import pikepdf

    location = Location(file)
    try:
        # In a damaged file, any object may be of any type, and libraries fail where they do not expect it.
        yield from _judged(data, spelled_out(edition), location)
    except (
        pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, AttributeError, LookupError, RecursionError,
    ) as error:  # fmt: skip
        said = _STREAM.sub("the file", str(error))
        message = f"The PDF cannot be read to its end: {type(error).__name__}: {printable(said)}"
        yield PRF100.at(location, message)


def _judged(data: bytes, edition: Edition, location: Location) -> Iterator[Finding]:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        if pdf.is_encrypted or not len(pdf.pages):
            what = "is encrypted" if pdf.is_encrypted else "has no pages"
            yield PRF100.at(location, f"The PDF {what}.")
            return
        contents = promised(edition.tree)
        yield from few(untagged(pdf, edition, contents, location))
        yield from few(damaged(pdf, location))
        yield from unclaimed(pdf, location)
        yield from few(uncalibrated(pdf, location))
        yield from few(active(pdf, location))
        yield from few(missing_glyphs(pdf, location))
        outline, parted = bookmarks(pdf), tuple(torn(pdf))
    yield from few(_printed(data, outline, edition, contents, parted, location))


def _printed(
    data: bytes,
    outline: Sequence[Bookmark],
    edition: Edition,
    contents: Contents,
    parted: Sequence[Torn],
    location: Location,
) -> list[Finding]:
    """Return what is wrong on the printed pages."""
    import pypdfium2

    unlisted, leads = _led(outline, contents, location)
    with PDFIUM:
        try:
            with contextlib.closing(pypdfium2.PdfDocument(data)) as document:
                printed = _read(document, leads, location)
        except pypdfium2.PdfiumError as error:
            return [PRF100.at(location, f"The PDF cannot be read: {printable(str(error))}")]
    return [
        *_too_long(printed, edition, location),
        *printed.outside,
        *_draft_mark(printed, edition, location),
        *unlisted,
        *_misled(printed, leads, location),
        *_missing(printed, contents, location),
        *gaps_in_text(" ".join(" ".join(printed.words).split()), edition, contents, location),
        *setting_faults(printed.pieces, outline, parted, edition, contents, location),
    ]


def _read(document: pypdfium2.PdfDocument, leads: Sequence[_Lead], location: Location) -> _Pages:
    """Return the pages of `document`, of which one at a time is open, because PDFium takes much memory for each."""
    led_to: dict[int, list[int]] = {}
    for lead, one in enumerate(leads):
        led_to.setdefault(one.bookmark.page, []).append(lead)
    printed = _Pages()
    for number, page in enumerate(document):
        with contextlib.closing(page), contextlib.closing(page.get_textpage()) as text:
            printed.pieces.append(pieces.read(page, text, number + 1))
            printed.words.append(text.get_text_range())
            printed.outside.extend(_outside(page, text, number + 1, location))
            printed.strips.update({lead: _strip(page, text, leads[lead]) for lead in led_to.get(number, ())})
    return printed


def _too_long(printed: _Pages, edition: Edition, location: Location) -> Iterator[Finding]:
    """Yield a finding if a leaflet takes more paper than can be handed out as one."""
    most = 4 if edition.publication.large_print else 2
    if edition.form == "leaflet" and len(printed.pieces) > most:
        message = f"The leaflet takes {len(printed.pieces)} pages; {most} are one sheet, printed on both sides."
        message = message.replace("are one sheet", "are two sheets") if most > 2 else message
        yield SRC161.at(location, message)


def _outside(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, number: int, location: Location
) -> Iterator[Finding]:
    left, bottom, right, top = media = page.get_mediabox()
    if right - left < 72 or top - bottom < 72:
        yield PRF304.at(location, f"Page {number} has no size.")
        return
    boxes = map(text.get_rect, range(text.count_rects()))
    if (outside := next((box for box in boxes if _is_beyond(box, media)), None)) is not None:
        shown = printable(text.get_text_bounded(*outside).strip(), 60)
        yield PRF304.at(location, f"Text lies outside page {number}: “{shown}”")
    pictures = page.get_objects(filter=[_IMAGE], max_depth=1)
    if any(_is_beyond(picture.get_bounds(), media) for picture in pictures):
        yield PRF304.at(location, f"A picture lies outside page {number}.")


def _is_beyond(box: Sequence[float], media: Sequence[float]) -> bool:
    """Return whether `box` extends over the edge of the page; both are left, bottom, right, top."""
    left, bottom, right, top = (inner - outer for inner, outer in zip(box, media, strict=True))
    return min(left, bottom) < -_TOLERANCE or max(right, top) > _TOLERANCE


def _draft_mark(printed: _Pages, edition: Edition, location: Location) -> Iterator[Finding]:
    if not edition.draft:
        return
    mark = letters(labels_for(edition.publication.lang)["draft"])
    unmarked = [str(number) for number, text in enumerate(printed.words, 1) if mark not in letters(text)]
    if unmarked:
        which = ", ".join(unmarked[:12]) + (" …" if len(unmarked) > 12 else "")
        yield PRF108.at(location, f"The draft is not marked as a draft on page {which}.")


def _led(outline: Sequence[Bookmark], contents: Contents, location: Location) -> tuple[list[Finding], list[_Lead]]:
    """Return a finding for each heading that is not among the bookmarks in order, and the bookmarks of the others."""
    listed = [heading for heading in contents.headings if heading.listed]
    titles = [(bookmark.depth, bookmark.title) for bookmark in outline]
    unlisted, lost = [], set()
    for heading, _ in missing_headings(Contents(headings=listed), titles, location):
        lost.add(heading)
        message = (
            f"The bookmarks do not list the heading “{printable(heading.text, 80)}”, or list it in the wrong place."
        )
        unlisted.append(PRF203.at(location, message))
    cursor, leads = 0, []
    for heading in listed:
        if heading in lost:
            continue
        place = next(index for index in range(cursor, len(outline)) if holds(letters(outline[index].title), heading))
        cursor = place + 1
        leads.append(_Lead(heading, outline[place]))
    return unlisted, leads


def _misled(printed: _Pages, leads: Sequence[_Lead], location: Location) -> Iterator[Finding]:
    """Yield a finding for each heading whose words are not in the strip of the page to which its bookmark leads."""
    for number, lead in enumerate(leads):
        wanted = ordered_letters(lead.heading.parts[0])
        strip = printed.strips.get(number)
        if strip is None or (wanted and wanted[:60] not in of_pages(strip)):
            shown = printable(lead.heading.text, 80)
            yield PRF110.at(location, f"The heading “{shown}” is not printed where its bookmark leads.")


def _strip(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, lead: _Lead) -> str:
    """Return the text in the strip of the page below the destination of the bookmark."""
    left, bottom, right, _ = page.get_mediabox()
    height, top = 120 + 3 * len(lead.heading.text), lead.bookmark.top
    return str(text.get_text_bounded(left, max(bottom, top - height), right, top + 24))


def _missing(printed: _Pages, contents: Contents, location: Location) -> list[Finding]:
    """Return what is missing of the text, its tables and figures, and its notes, or is not in its place.

    Tables and figures are printed among the text as they are written, or have moved to a page with room. So the pages are
    read in both ways, and what is in place in one of them is in place.
    """
    flow = [run for run in contents.runs if not run.unit]
    floating = [run for run in contents.runs if run.unit]
    least: list[Finding] | None = None
    for order in ((contents.runs, None), (flow, None, floating), (flow, floating, None)):
        found = list(_read_in(order, printed, contents, location))
        if least is None or len(found) < len(least):
            least = found
        if not least:
            break
    return [
        *(least or []),
        *missing_signs(contents, "".join(printed.words), location),
        *_turned(printed, contents, location),
    ]


def _read_in(
    order: Sequence[Sequence[Run] | None], printed: _Pages, contents: Contents, location: Location
) -> Iterator[Finding]:
    """Yield what is not on the pages, each part of `order` looked for in what those before it leave; None is the notes."""
    text = PagedText.of([of_pages(words) for words in printed.words])
    ordered = ordered_letters if not turned(printed.words) else _without_numbers
    for part in order:
        if part is None:
            yield from _missing_notes(text, contents, location)
        else:
            yield from faulty_runs(text, [(run, ordered(run.text)) for run in part], location)
        text = text.rest()


def _without_numbers(text: str) -> str:
    """Return `ordered_letters`, or "" for a number alone, whose place among right-to-left words a PDF does not keep."""
    kept = ordered_letters(text)
    return "" if kept.isdigit() else kept


def _turned(printed: _Pages, contents: Contents, location: Location) -> Iterator[Finding]:
    """Yield a finding if letters of right-to-left scripts are missing, wherever they should be."""
    wanted = turned(run.text for run in (*contents.runs, *(run for note in contents.notes for run in note.runs)))
    lacking = (wanted - turned(printed.words)).total()
    if lacking > _LETTERS_LOST * wanted.total():
        message = f"Of {wanted.total()} letters written from right to left, {lacking} are missing."
        yield PRF111.at(location, message)


#: A PDF returns a few letters of a ligature as others; more than this share of all of them are a loss.
_LETTERS_LOST = 0.03


def _missing_notes(text: PagedText, contents: Contents, location: Location) -> Iterator[Finding]:
    """Yield a finding for each footnote that is not in what the text outside the notes has left over of the pages."""
    runs, numbers = [], []
    for note in contents.notes:
        for run in note.runs:
            # A note within a note may come before the rest of it.
            runs.append((structs.replace(run, unit=1) if note.within else run, ordered_letters(run.text)))
            numbers.append(note.number)
    for fault in faults(runs, text):
        place = "not in its place" if fault.whole and runs[fault.number][1] in text.letters else "not whole"
        what = "missing" if fault.whole and place == "not whole" else place
        shown = printable(fault.run.text if fault.whole else fault.words, 80)
        yield PRF114.at(location, f"Footnote {numbers[fault.number]} is {what}: “{shown}”")
