"""WeasyPrint in a process of its own: preparations and a job on standard input, a PDF on standard output.

`pubkit.render.pdf.press` runs it as a script with `python -I`, within limits, or has it forked from one that has imported
WeasyPrint and read nothing yet. The page comes from a manuscript, and WeasyPrint reads fonts and settings from the whole
process; both are confined here. Each message is a line of JSON. The first has "page" and "styles" (CSS texts), "fonts"
(names to paths) and "lang"; then "pictures" (data: addresses) may follow; the last is the job, with "page" (HTML), "form"
(CSS texts that come between the first two), more "styles", "identifier", "labels" and "index" (see `labels.begun_at` and
`_repeated_places`) and "statement" (null, or the ids that `_feet` takes). A job with "part" is a part of a book, and others
may follow (`_answer_part`), as they may after a page with a preparation of its own, "beside" (`_answer_beside`).
Errors are reported on standard error as one JSON object with "fault" and "detail".

HarfBuzz from the package uharfbuzz, and not the system's, subsets the fonts (`pubkit.render.pdf.faces`): the same page
gives the same bytes on every machine with the same packages and the same Pango.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import gc
import html
import inspect
import io
import json
import logging
import os
import re
import sys
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

from pubkit.boundary import forks
from pubkit.render.pdf import clusters, faces, folios, footnotes, labels, lines, markers, paging, pictures, placing

__all__ = ["NOTICES", "SERVE", "Fault", "is_notice", "main", "page_of"]

#: PDF/UA identification for a file that is also PDF/A, with the extension schema that PDF/A-3 (6.6.2.3) requires.
_UA_IDENTIFICATION = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>'
    b'</rdf:Description><rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>The part of ISO 14289 to which the file conforms</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


#: Shows only the statement for the foot of pages, to measure it.
_ALONE = "main > :not(.pubkit-disclaimer-foot) { display: none !important }"
#: The foot of a page: the statement across most of it, with room beside it for the page number. Sizes are CSS pixels.
_FOOT = """@page%s { @bottom-left { content: element(pubkit-statement) !important; display: block !important;
  visibility: visible !important; opacity: 1 !important; width: 88%% !important; height: auto !important;
  margin: 0 !important; padding: 12px 0 0 !important; border: 0 !important; background: none !important;
  overflow: visible !important; vertical-align: top !important } @bottom-center { content: none !important } }"""
_ABOVE, _BELOW = 12, 32
#: What every file is: PDF/A-3a, tagged, with no picture finer than a press can print.
_VARIANT = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "dpi": 600}

#: What WeasyPrint says about itself, its libraries and its future, and not about the page. Every other warning is a fault:
#: a missing picture, font or character, an ignored declaration, and anything not yet known.
NOTICES = (
    r"Using fontTools instead of HarfBuzz-Subset for font ",
    r"HarfBuzz-Subset will be required by future versions of WeasyPrint",
    r"Deprecated `[^`]*` at [^,]*, prefixes on unstable attributes are deprecated, use ",
)
_NOTICE = re.compile("|".join(NOTICES))


#: The argument that asks for `pubkit.boundary.forks`; the number of a socket follows.
SERVE = "serve"


class Fault:
    """The names of what can go wrong here, as the parent process reads them."""

    LIBRARY = "library"
    PACKAGE = "package"
    VERSION = "version"
    RESOURCE = "resource"
    GLYPH = "glyph"
    WARNING = "warning"
    MEMORY = "memory"
    SYSTEM = "system"


def _give_up(fault: str, detail: str) -> NoReturn:
    sys.stderr.write("\n" + json.dumps({"fault": fault, "detail": detail}))
    sys.stderr.flush()
    sys.exit(1)


def is_notice(message: str) -> bool:
    """Return whether WeasyPrint only speaks about itself here, so that the page is as it was meant to be."""
    return _NOTICE.match(message) is not None


class _Warnings(logging.Handler):
    """Keeps WeasyPrint's warnings: a page with a missing part is not as it was meant to be."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not is_notice(message := record.getMessage()):
            self.messages.append(message)


def main() -> None:
    """Import WeasyPrint, and do the work, or have it done by children that are forked (`SERVE` and a socket's number)."""
    gc.set_threshold(
        100_000, 20, 50
    )  # a page tree is all in use until the end, so looking for garbage in it only costs time
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.handlers[:] = [warnings]
    logger.propagate = False
    try:
        _import_weasyprint()
        _cut_fonts_with_uharfbuzz()
        lines.correct()
        footnotes.correct()
        clusters.correct()
        markers.correct()
        _number_pages_once()
        _extend()
    except OSError as error:
        _give_up(Fault.LIBRARY, str(error))
    except ImportError as error:
        _give_up(Fault.PACKAGE, str(error))
    except lines.WrongVersion as error:
        _give_up(Fault.VERSION, str(error))
    if sys.argv[1:2] == [SERVE]:
        forks.serve(int(sys.argv[2]), lambda: _work(warnings), _warm_up)
    _work(warnings)


def _work(warnings: _Warnings) -> None:
    """Read the preparation and then the job, and write the PDF."""
    try:
        pdf = _printed(warnings)
    except MemoryError:
        _give_up(Fault.MEMORY, "")
    except OSError as error:
        if error.errno is None:  # Pillow's own, about a picture
            raise
        _give_up(Fault.SYSTEM, error.strerror or str(error))
    _demand_silence(warnings)
    sys.stdout.buffer.write(pdf)
    sys.stdout.flush()
    os._exit(0)  # freeing a page tree, object by object, would only delay the file


def _warm_up() -> None:
    """Read the patterns by which English words are hyphenated: no manuscript decides them, and most need them."""
    from weasyprint.text.line_break import pyphen

    for language in ("en-US", "en-GB"):
        pyphen.Pyphen(lang=pyphen.language_fallback(language))


def _demand_silence(warnings: _Warnings) -> None:
    """Give up if WeasyPrint has warned of anything."""
    glyphs = [message for message in warnings.messages if message.startswith(".notdef")]
    if glyphs:
        _give_up(Fault.GLYPH, "\n".join(glyphs))
    if warnings.messages:
        _give_up(Fault.WARNING, "\n".join(warnings.messages))


def _import_weasyprint() -> None:
    """Import WeasyPrint, which looks for each library by up to seven names, for all systems.

    For each name that Linux does not have, Python starts ldconfig, which takes half of the import's time; but Linux has
    all of them under names that need no search. If one is missing all the same, WeasyPrint may search.
    """
    import ctypes.util

    def nothing(name: str) -> str | None:  # noqa: ARG001
        return None

    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = nothing
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint.text.ffi
    except OSError:
        # What a failed import leaves behind would keep the next one from saying why.
        for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
            del sys.modules[name]
    finally:
        ctypes.util.find_library = search
    with contextlib.redirect_stdout(io.StringIO()):
        import weasyprint.text.fonts  # noqa: F401


def _cut_fonts_with_uharfbuzz() -> None:
    """Replace WeasyPrint's own way to subset a font, which needs a library of the system, with `_cut`."""
    import weasyprint
    from weasyprint.pdf import fonts

    own = getattr(getattr(fonts, "Font", None), "subset", None)
    if own is None or list(inspect.signature(own).parameters) != ["self", "to_unicode", "hinting"]:
        _give_up(Fault.VERSION, weasyprint.__version__)
    fonts.Font.subset = _cut


def _leave_fonts_whole() -> faces.Whole:
    """Let the binder of a book cut its faces, of which no part knows all glyphs; return those that are left whole."""
    from weasyprint.pdf import fonts

    whole = faces.Whole(_cut)

    def leave(font: Any, to_unicode: Mapping[int, object], hinting: object) -> None:
        whole.leave(font, to_unicode, hinting)

    fonts.Font.subset = leave
    return whole


def _cut(font: Any, to_unicode: Mapping[int, object], hinting: object) -> None:
    """Subset the face of `font`, a `weasyprint.pdf.fonts.Font`, to the glyphs numbered in `to_unicode`."""
    if not to_unicode:
        return
    cut = faces.cut(font.file_content, font.index, to_unicode, hints=bool(hinting), outline=bool(font.missing))
    if cut:
        font.file_content = cut
    else:
        logging.getLogger("weasyprint").warning('Unable to subset "%s" with HarfBuzz', font.family)


def _extend() -> None:
    """Let WeasyPrint make pages and pictures as the modules beside this one need them."""
    import weasyprint

    if not (folios.remember() and paging.prepare() and pictures.store_as_they_are()):
        _give_up(Fault.VERSION, weasyprint.__version__)


def _number_pages_once() -> None:
    """Keep the references to the pages of a PDF, which pydyf 0.13 makes anew, all of them, each time it is asked for one.

    WeasyPrint asks for one with every part of the structure tree: docs/upstream.md has the change as a patch.
    """
    from weasyprint.pdf import pydyf

    own = pydyf.PDF.page_references
    kept: WeakKeyDictionary[Any, tuple[bytes, ...]] = WeakKeyDictionary()

    def references(pdf: Any) -> tuple[bytes, ...]:
        if 3 * len(kept.get(pdf, ())) != len(pdf.pages["Kids"]):
            kept[pdf] = own.fget(pdf)
        return kept[pdf]

    pydyf.PDF.page_references = property(references)


def _printed(warnings: _Warnings) -> bytes:
    """Return the PDF of the job on standard input; nothing if the parent process has no job after all."""
    from weasyprint.urls import FatalURLFetchingError

    try:
        desk = None
        for line in sys.stdin.buffer:
            message = json.loads(line)
            if desk is None:
                desk = _Desk(message, warnings)
            elif "part" in message:
                _answer_part(desk, message, warnings)
            elif "beside" in message:
                _answer_beside(message, warnings)
            elif "page" in message:
                return desk.printed(message)
            else:
                desk.look_at(message["pictures"])
    except FatalURLFetchingError as error:
        _give_up(Fault.RESOURCE, str(error)[:500])
    return b""


def _answer_part(desk: _Desk, job: Mapping[str, Any], warnings: _Warnings) -> None:
    """Lay out a part of a book, answer with its number of pages and where its ids are, and print it from the page asked for.

    Each answer is a line with its length in bytes, and the answer; the last has the faces that the PDF lacks.
    """
    whole = _leave_fonts_whole()
    document, pages = desk.part(job)
    anchors = {name: number for number, page in reversed(list(enumerate(pages))) for name in page.anchors}
    _demand_silence(warnings)
    _answer(json.dumps({"pages": len(pages), "anchors": anchors}).encode())
    folios.number_from(pages, json.loads(sys.stdin.buffer.readline())["first"])
    pdf = desk.written(document.copy(pages), job)
    _demand_silence(warnings)
    _answer(pdf)
    _answer(json.dumps({name: base64.b64encode(face).decode() for name, face in whole.faces.items()}).encode())
    del document, pages
    gc.collect()


def _answer_beside(message: Mapping[str, Any], warnings: _Warnings) -> None:
    """Answer with the PDF of a page that has nothing in common with the publication's; `message` has its preparation."""
    pdf = _Desk(message["beside"], warnings).printed(message["job"])
    _demand_silence(warnings)
    _answer(pdf)


def _answer(data: bytes) -> None:
    sys.stdout.buffer.write(b"%d\n" % len(data) + data)
    sys.stdout.flush()


class _Desk:
    """WeasyPrint with everything prepared that does not depend on the page: style sheets, fonts, hyphenation."""

    def __init__(self, preparation: Mapping[str, Any], warnings: _Warnings) -> None:
        from weasyprint.css.counters import CounterStyle
        from weasyprint.text.fonts import FontConfiguration

        self._warnings = warnings
        self._fetcher = _fetcher(preparation["fonts"])
        self._shared = {"font_config": FontConfiguration(), "counter_style": CounterStyle()}
        self._pictures: dict[str, Any] = {}
        self._page = [self._sheet(css) for css in preparation["page"]]
        self._look = [self._sheet(css) for css in preparation["styles"]]
        self._sheets = [*self._page, *self._look]
        self._try_out(preparation["lang"])
        self._warnings.messages = [message for message in self._warnings.messages if message.startswith("Font")]

    def _sheet(self, css: str) -> Any:
        from weasyprint import CSS

        return CSS(string=css, url_fetcher=self._fetcher, **self._shared)

    def _try_out(self, language: str) -> None:
        """Lay out a few words and discard them, because hyphenation patterns and much else are only read when needed."""
        from weasyprint import HTML

        words = '<p style="hyphens: auto; width: 3em">Publication <em>publication</em> <b>publication</b></p>'
        page = HTML(string=f'<html lang="{html.escape(language)}"><body>{words}', url_fetcher=self._fetcher)
        self._laid_out(page, self._sheets)

    def look_at(self, addresses: Sequence[str]) -> None:
        """Read pictures before the page that shows them, because WeasyPrint re-encodes most of them, which takes time."""
        from weasyprint import HTML

        shown = "".join(f'<img src="{html.escape(address)}" style="width: 1px">' for address in addresses)
        self._laid_out(HTML(string=shown, url_fetcher=self._fetcher), self._sheets)

    def _laid_out(self, page: Any, sheets: Sequence[Any]) -> Any:
        return page.render(stylesheets=sheets, cache=self._pictures, **_VARIANT, **self._shared)

    def printed(self, job: Mapping[str, Any]) -> bytes:
        """Return the PDF of a job."""
        return self.written(self._settled(job), job)

    def part(self, job: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        """Return the document of a part of a book, and those of its pages that belong to the book."""
        document = self._settled(job)
        return document, document.pages[job["part"]["skip"] : -1 if job["part"]["tail"] else None]

    def _settled(self, job: Mapping[str, Any]) -> Any:
        from weasyprint import HTML

        said = len(self._warnings.messages)
        form = [self._sheet(css) for css in job["form"]]
        sheets = [*self._page, *form, *self._look, *(self._sheet(css) for css in job["styles"])]
        del self._warnings.messages[said:]
        page = HTML(string=job["page"], base_url=None, url_fetcher=self._fetcher)
        if job["statement"]:
            sheets.append(self._sheet(self._margin(page, sheets, job["statement"])))

        def lay_out(root: Any) -> Any:
            if root is page.etree_element:
                return self._laid_out(page, sheets)
            said = len(self._warnings.messages)
            alone = self._laid_out(page_of(root, page), sheets)
            del self._warnings.messages[said:]  # of links to what is not there; what is true of the whole comes again
            return alone

        document = placing.settled(page.etree_element, lay_out)
        if again := _repeated_places(document.pages, job["index"]):
            sheets.append(self._sheet(again))
            document = self._laid_out(page, sheets)
        if job["statement"]:
            document = self._laid_out(page, [*sheets, self._sheet(_feet(document, job["statement"]))])
        return document

    def written(self, document: Any, job: Mapping[str, Any]) -> bytes:
        """Return the pages of `document` as a PDF."""
        begun = labels.begun_at(document.pages, job["labels"])

        def finish(document: object, pdf: Any) -> None:
            _finish(document, pdf)
            if begun:
                pdf.catalog["PageLabels"] = f"<</Nums [{begun}]>>"

        identifier = bytes.fromhex(job["identifier"])
        return bytes(document.write_pdf(**_VARIANT, pdf_identifier=identifier, finisher=finish))

    def _margin(self, page: Any, sheets: list[Any], ids: Mapping[str, str]) -> str:
        """Return a style sheet that keeps the foot of every page free for the statement; `ids` are those for `_feet`.

        Because the foot is free on every page, no line moves when the statement is printed: the claims' places in one
        layout hold for the next.
        """
        alone = [*sheets, *map(self._sheet, (_FOOT % "", _ALONE))]
        measured = self._laid_out(page, alone)
        _, top, _, bottom = measured.pages[0].anchors[ids["foot"]]
        usual = measured.pages[0].height - top + _ABOVE
        return f"@page {{ margin-bottom: {max(usual, bottom - top + _ABOVE + _BELOW):.2f}px !important }}"


def page_of(root: Any, page: Any) -> Any:
    """Return a page like `page`, a `weasyprint.HTML`, with another root element."""
    from cssselect2 import ElementWrapper

    other = copy.copy(page)
    other.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
    other.etree_element = other.wrapper_element.etree_element
    return other


def _feet(laid: Any, ids: Mapping[str, str]) -> str:
    """Return a style sheet that prints the statement on the pages of the document `laid` that need it.

    `ids` are those of the statement's own block at the front ("block"), of its copy for the foot ("foot"), and the
    beginning of the claims' ids ("claims").
    """
    return "\n".join(
        _FOOT % f":nth({number})"
        for number, one in enumerate(laid.pages, 1)
        if ids["block"] not in one.anchors and any(name.startswith(ids["claims"]) for name in one.anchors)
    )


def _repeated_places(pages: Sequence[Any], index: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Return a style sheet that hides each place of an index entry on a page that the entry already names.

    The index is the last part of a book, so that no place in it moves another's page. Each entry of `index` has pairs of
    ids: what names a page, and what is on that page.
    """
    at = {name: number for number, one in enumerate(pages) for name in one.anchors}
    hidden = []
    for entry in index:
        named: set[int | None] = set()
        for place, target in entry:
            hidden += [place] if at.get(target) in named else []
            named.add(at.get(target))
    return "".join(f"#{place} {{ display: none !important }}" for place in hidden)


def _fetcher(fonts: Mapping[str, str]) -> Any:
    """Return WeasyPrint's fetcher, which serves the bundled fonts and data: addresses, and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme == "pubkit-font" and name in fonts:
                with open(fonts[name], "rb") as file:  # noqa: PTH123
                    return URLFetcherResponse(url, file.read(), {"Content-Type": "font/ttf"})
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)


def _finish(document: Any, pdf: Any) -> None:
    """Add to WeasyPrint's file, in its public finisher, what PDF/UA and readers want besides."""
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            item.stream[0] = item.stream[0].replace(b"</rdf:RDF>", _UA_IDENTIFICATION + b"</rdf:RDF>")
            item.compress = False
    _scope_headers(pdf)
    pdf.catalog["PageLabels"] = f"<< /Nums [{labels.as_printed(document.pages)}] >>"
    if "Outlines" in pdf.catalog:
        pdf.catalog["PageMode"] = "/UseOutlines"
    _compress(pdf)


def _compress(pdf: Any) -> None:
    """Compress every stream now: pydyf compresses each twice, for the file and for the digest that identifies it."""
    for item in pdf.objects:
        if getattr(item, "compress", False):
            item.stream = [zlib.compress(b"\n".join(map(_plain, item.stream)), 9)]
            item.extra["Filter"] = "/FlateDecode"
            item.compress = False


def _scope_headers(pdf: Any) -> None:
    """Give every header cell its scope.

    WeasyPrint links cells to headers by counting columns, which goes wrong if cells span rows; with a scope on every
    header cell (ISO 32000-1, table 349) the reader's own rules find them.
    """
    elements: dict[bytes, Any] = {
        getattr(item, "reference", b""): item
        for item in pdf.objects
        if isinstance(item, dict) and item.get("Type") == "/StructElem"
    }
    for element in elements.values():
        if element["S"] == "/TH":
            element.pop("ID", None)  # which only the links of cells to headers would use
            above = elements.get(element["P"])
            while above is not None and above["S"] not in {"/THead", "/TBody", "/TFoot", "/Table"}:
                above = elements.get(above["P"])
            element["A"]["Scope"] = "/Column" if above is not None and above["S"] == "/THead" else "/Row"
        elif element["S"] == "/TD" and "A" in element:
            element["A"].pop("Headers", None)


def _plain(part: Any) -> bytes:
    """Return a part of a stream as pydyf writes it."""
    return part if isinstance(part, bytes) else getattr(part, "data", None) or str(part).encode("ascii")


if __name__ == "__main__":
    main()
