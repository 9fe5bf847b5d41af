"""What is done for a preview, in a process of its own: the page, the EPUB and the PDF of a text, whatever state it is in.

Everything here returns an answer that can be shown. A text that is refused, half written or too large is an answer too;
only a process that is ended from outside is not, and the bench (`pubkit.preview.bench`) answers for it.
"""

from __future__ import annotations

import io
import posixpath
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeVar

from msgspec import Struct, structs

from pubkit import pipeline
from pubkit.boundary import budget, xml
from pubkit.boundary.distribution import tool
from pubkit.boundary.files import printable
from pubkit.boundary.pandoc import PandocError
from pubkit.boundary.zip import Archive, Bounds
from pubkit.catalogue import where
from pubkit.errors import EnvironmentFault, PubkitError
from pubkit.findings import Finding
from pubkit.formats import file_name
from pubkit.outcome import Mode, Report, stopped
from pubkit.proof import prove
from pubkit.report.annotated import page
from pubkit.report.model import Sheet, judgement

__all__ = [
    "AGAIN",
    "DIED",
    "Book",
    "Checked",
    "Look",
    "Request",
    "Set",
    "check",
    "look",
    "lost",
    "picture",
    "set_pages",
    "uncheckable",
]

T = TypeVar("T")
#: What is said of a process that was ended, and what to do.
DIED = "The process that reads the text was ended from outside, or ran out of memory."
AGAIN = "Save the text again to try once more; `pubkit check` shows what ends it."
#: The resolution of a page's picture: pixels for each point of the page.
_SCALE = 1.6
_BOUNDS = Bounds(packed=200 << 20, unpacked=400 << 20)
_TYPES = {".xhtml": "application/xhtml+xml", ".css": "text/css", ".png": "image/png", ".jpg": "image/jpeg",
          ".jpeg": "image/jpeg", ".svg": "image/svg+xml", ".gif": "image/gif"}  # fmt: skip


class Request(Struct, frozen=True):
    """What is to be looked at: the publication at `path`, as the user named it, and how places in it are opened."""

    path: str
    editor: str = ""

    @property
    def root(self) -> Path:
        """Return the folder of the publication."""
        path = Path(self.path)
        return path.parent if path.is_file() else path

    @property
    def is_file(self) -> bool:
        """Return whether it is one text, so that the folders beside it are none of its business."""
        return Path(self.path).is_file()


class Look(Struct, frozen=True):
    """One look at a text: the annotated page, and the result in words.

    `readable` is false if the text could not be printed, so that `page` shows lines of its source; `error` is what ended
    the run.
    """

    page: str
    words: str
    standing: str
    total: str
    title: str
    readable: bool
    seconds: float
    error: str = ""


class Checked(Struct, frozen=True):
    """What a check has found, its exit code, and what ended it, with what to do."""

    report: Report
    exit_code: int
    error: str = ""
    remedy: str = ""


class Set(Struct, frozen=True):
    """The PDF of a text: its bytes, the size of each page in pixels, and what its proofs have found, as sentences."""

    name: str
    data: bytes
    pages: tuple[tuple[int, int], ...]
    found: tuple[str, ...]


class Book(Struct, frozen=True):
    """The EPUB of a text: its bytes, its parts by path with their media types, and the documents in reading order."""

    name: str
    data: bytes
    parts: Mapping[str, tuple[str, bytes]]
    spine: tuple[tuple[str, str], ...]
    found: tuple[str, ...]


def check(request: Request) -> Checked:
    """Return what a check of the text as it is now finds."""
    try:
        report = pipeline.check(request.path)
    except Exception as error:  # noqa: BLE001 - a defect, too, is an answer that is shown
        return _ended(_as_ours(error))
    return Checked(_without_examples(report), report.exit_code)


def uncheckable() -> Checked:
    """Return the answer for a text whose process has died."""
    return _ended(EnvironmentFault(DIED, remedy=AGAIN))


def _as_ours(error: Exception) -> PubkitError:
    """Return what ended a piece of work as an error with a remedy."""
    if isinstance(error, PubkitError):
        return error
    if isinstance(error, MemoryError):
        return budget.out_of_memory()
    remedy = "Save the text again to try once more; `pubkit check` writes the details into a file."
    return PubkitError(f"A defect in pubkit itself: {printable(where(error), 300)}.", remedy=remedy)


def _ended(error: PubkitError) -> Checked:
    report = _without_examples(stopped(Mode.CHECK, error.findings))
    return Checked(report, error.exit_code, error.message, _remedy(error))


def _without_examples(report: Report) -> Report:
    """Return the report without the examples of rules, which no report shows."""
    lean = {name: structs.replace(one, bad=(), good=()) for name, one in report.entries.items()}
    return structs.replace(report, entries=lean)


def _remedy(error: PubkitError) -> str:
    if isinstance(error, PandocError) and error.detail:
        return f"{error.remedy} Pandoc says: {printable(error.detail, 300)}".strip()
    return error.remedy


def look(request: Request) -> Look:
    """Return the annotated page of the text as it is now."""
    start = time.perf_counter()
    try:
        read = pipeline.proofread(request.path)
        sheet = Sheet(read.report, tool(), root=request.root, editor=request.editor, exit_code=read.report.exit_code)
        shown = page.write(sheet, read.page, target=request.path, live=True)
    except Exception as error:  # noqa: BLE001 - a defect, too, is an answer that is shown
        return _refused(request, _as_ours(error), start)
    return _looked(sheet, shown, read.edition.publication.title, start, readable=True)


def lost(request: Request) -> Look:
    """Return the page for a text whose process has died."""
    return _refused(request, EnvironmentFault(DIED, remedy=AGAIN), time.perf_counter())


def _refused(request: Request, error: PubkitError, start: float) -> Look:
    """Return the page of a text that cannot be printed: the lines of its source that the error is about."""
    report = stopped(Mode.CHECK, error.findings)
    sheet = Sheet(
        report, tool(), root=request.root, editor=request.editor,
        error=error.message, remedy=_remedy(error), exit_code=error.exit_code,
    )  # fmt: skip
    shown = page.write(sheet, None, target=request.path, live=True)
    return _looked(sheet, shown, request.root.resolve().name, start, readable=False)


def _looked(sheet: Sheet, shown: str, title: str, start: float, *, readable: bool) -> Look:
    said = judgement(sheet)
    return Look(shown, said.words, said.standing, said.total, title, readable, time.perf_counter() - start, sheet.error)


def set_pages(request: Request, form: Literal["pdf", "epub"]) -> Set | Book | tuple[str, str]:
    """Return the PDF or EPUB of the text as a draft has it; or why there is none, and what to do."""
    return _answered(lambda: _made(request, form))


def _answered(step: Callable[[], T]) -> T | tuple[str, str]:
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - a defect, too, is an answer that is shown
        fault = _as_ours(error)
        return fault.message, fault.remedy


def _made(request: Request, form: Literal["pdf", "epub"]) -> Set | Book:
    read = pipeline.proofread(request.path, form, Report(Mode.CHECK))
    edition, data = read.edition, read.data
    name = file_name(edition.slug, edition.publication.version, form, draft=True)
    found = tuple(map(_sentence, prove(form, data, edition, name).findings))
    return _book(name, data, found) if form == "epub" else Set(name, data, _sizes(data), found)


def _sentence(finding: Finding) -> str:
    place = f"{finding.location}: " if finding.location else ""
    return f"{finding.severity.value} {finding.rule}, {place}{finding.message} → {finding.remedy}"


def _sizes(data: bytes) -> tuple[tuple[int, int], ...]:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        return tuple(
            (round(width * _SCALE), round(height * _SCALE))
            for width, height in (document.get_page_size(number) for number in range(len(document)))
        )


def picture(file: str, number: int) -> bytes:
    """Return the page `number` (from 0) of the PDF `file` as a PNG picture."""
    import pypdfium2

    with pypdfium2.PdfDocument(file) as document:
        page = document[number]
        image = page.render(scale=_SCALE).to_pil()
        page.close()
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def _book(name: str, data: bytes, found: tuple[str, ...]) -> Book:
    files = Archive(data, _BOUNDS).files()
    parts = {
        path: (_TYPES[posixpath.splitext(path)[1]], content)
        for path, content in files.items()
        if posixpath.splitext(path)[1] in _TYPES
    }
    package = next(path for path in files if path.endswith(".opf"))
    root, folder = xml.long_document(files[package]), posixpath.dirname(package)
    items = {one.get("id"): one.get("href", "") for one in root.iterfind(".//{*}manifest/{*}item")}
    paths = [
        posixpath.normpath(posixpath.join(folder, items[one.get("idref")])) for one in root.iterfind(".//{*}itemref")
    ]
    return Book(name, data, parts, tuple((path, _title(parts[path][1])) for path in paths if path in parts), found)


def _title(document: bytes) -> str:
    title = xml.long_document(document).findtext(".//{*}title")
    return " ".join((title or "").split())
