"""The PDF: paged by WeasyPrint in a process of its own, within limits; PDF/A-3a and PDF/UA-1 in one file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from pubkit.language.labels import direction, labels_for
from pubkit.manuscript.model import Picture
from pubkit.project.metadata import Form, Publication
from pubkit.render import claims, cover, fonts, front, head
from pubkit.render.body import SIZED, Body, as_html, embedded, make, read_body, set_pictures
from pubkit.render.faceless import spelled
from pubkit.render.formulas import set_drawings
from pubkit.render.headings import contents
from pubkit.render.html import context
from pubkit.render.index import add_index, by_page
from pubkit.render.lists import figures, tables
from pubkit.render.model import Edition, Styles
from pubkit.render.pdf import parts
from pubkit.render.pdf.book import MAIN, OPENING, front_matter, index_places, name_openings, number_places
from pubkit.render.pdf.paged import arrange, contents_entries, name_headings, running_title
from pubkit.render.pdf.parts import Whole
from pubkit.render.pdf.press import Press
from pubkit.render.styles import sheets, typeface

__all__ = ["SHORTEST_IN_PARTS", "job", "page", "pictures", "preparation", "render"]

#: Comes after every other style sheet. PDF/A-3 (6.2.8) forbids smoothed pictures. The size of the disclaimers gives a
#: lowercase "o" of more than 4.5 points in Source Serif, on pages of any size (21 CFR 101.93(e)); that of the strip at the
#: top and of those without a box, one of more than 4 points in Source Sans, well above the 1.2 mm of Regulation (EU)
#: No 1169/2011.
_CONFORMING = """* { image-rendering: crisp-edges !important } .pubkit-disclaimer { font-size: 10.4pt !important }
.pubkit-disclaimer.pubkit-urgent, .pubkit-disclaimer.pubkit-quiet { font-size: 8.8pt !important }
.pubkit-draft { font-size: 9.2pt !important }"""

#: In large print, the disclaimers are as large as the text, and in its face.
_LARGE_DISCLAIMERS = """html:root .pubkit-disclaimer { font-size: 16pt !important;
  font-family: "Source Sans Pro", sans-serif !important }"""

#: Appears on every page of a draft, whatever the style sheet says about that page.
_DRAFT_MARK = """@page {{ @top-center {{ content: "{words}" !important; display: block !important;
  visibility: visible !important; width: auto !important; color: #9b1c1c !important;
  font: 700 13pt "Source Sans Pro" !important; opacity: 1 !important;
  letter-spacing: normal !important; vertical-align: middle !important }} }}"""

#: Pictures of fewer bytes than this are sent early, and at most this many: larger ones are sent only once.
_EARLY, _MOST_EARLY = 1_000_000, 20
_BASE_SECONDS = 120
#: A book with a page of fewer characters, some 50 pages, is set faster in one piece.
SHORTEST_IN_PARTS = 300_000
_SECONDS_PER_MEGABYTE = 240


def render(edition: Edition) -> bytes:
    """Return the edition as a PDF.

    Raises:
        EnvironmentFault: Pango or another library, or a font for a script of the text, is not installed.
        InputRefused: the text needs more time or memory than pubkit allows, or a formula cannot be drawn.
        PandocError: pandoc failed.
    """
    with Press() as press:
        press.prepare(preparation(edition.publication, edition.styles))
        press.start(job(edition))
        return press.result()


def preparation(publication: Publication, styles: Styles) -> dict[str, Any]:
    """Return what WeasyPrint needs before there is a page: fonts, style sheets, and the language, for hyphenation."""
    return {
        "page": [fonts.face_rules(), typeface.face_rules(styles.faces), sheets.own(f"page-{publication.paper}.css")],
        "styles": [styles.print, sheets.protection(), _CONFORMING],
        "fonts": fonts.files(),
        "lang": publication.lang,
    }


#: Pictures that WeasyPrint does not write anew.
_AS_THEY_ARE = {"image/jpeg", "image/svg+xml"}


def pictures(found: Mapping[str, Picture]) -> dict[str, Any]:
    """Return the pictures to send before there is a page: those that WeasyPrint would re-encode."""
    slow = [one for one in found.values() if one.media_type not in _AS_THEY_ARE and len(one.data) < _EARLY]
    return {"pictures": list(map(embedded, slow[:_MOST_EARLY]))}


def job(edition: Edition, *, shortest: int = SHORTEST_IN_PARTS) -> dict[str, Any]:
    """Return what WeasyPrint needs to know about an edition after its preparation.

    A book whose page has at least `shortest` characters besides its pictures is set in parts ("parts"), unless a style sheet
    of its own may say what is true only of the whole.

    Raises: as `render`, except for what only printing shows.
    """
    whole = _whole(edition)
    text = whole.page
    length = len(re.sub(r'"data:[^"]*"', "", text))
    tied = claims.tied_block(edition.disclaimers)
    return {
        "page": text,
        "parts": parts.divided(whole, MAIN) if length >= shortest and _can_be_divided(edition, whole) else None,
        "form": list(_sheets_of(edition)),
        "index": index_places(text),
        "labels": _PAGE_LABELS.get(edition.form, []),
        "styles": [
            *([_LARGE_DISCLAIMERS] if edition.publication.large_print else []),
            *([_SMALL_LETTERS] if _GEORGIAN.search(text) else []),
            *([sheets.own("statement.css")] if tied else []),
            *([_DRAFT_MARK.format(words=labels_for(edition.publication.lang)["draft"])] if edition.draft else []),
        ],
        "statement": tied and {"block": tied.identifier, "foot": f"{tied.identifier}-foot", "claims": claims.CLAIM},
        "identifier": hashlib.sha256(f"{edition.identifier} {edition.source_sha256}".encode()).hexdigest()[:32],
        "cpu_seconds": _BASE_SECONDS + _SECONDS_PER_MEGABYTE * length // 1_000_000,
    }


#: Georgian has no capitals in most faces: they came to Unicode in 2018. Pango takes them for small capitals all the same.
_GEORGIAN = re.compile("[\u10d0-\u10ff]")
#: What would be printed in capitals or small capitals is not.
_SMALL_LETTERS = "html:root * { text-transform: none !important; font-variant-caps: normal !important }"


def _can_be_divided(edition: Edition, whole: Whole) -> bool:
    """Return whether an edition is a book of chapters alone that looks as pubkit's own sheets say."""
    chapters = list(whole.text)
    only = edition.form == "book" and len(chapters) > 1 and all(one.tag == "section" for one in chapters)
    return only and not any(path.startswith("styles/print") for path in edition.styles.house)


def page(edition: Edition) -> str:
    """Return the whole edition as one HTML page for WeasyPrint."""
    return _whole(edition).page


def _whole(edition: Edition) -> Whole:
    body = read_body(edition, shift=1)
    set_pictures(body.parts, edition, embedded)
    _set_sizes(body)
    labels = labels_for(edition.publication.lang)
    book = edition.form == "book"
    if book:
        add_index(body, labels, by_page)
        name_openings(body.text)
    lists = (figures(body.text), tables(body.text)) if book else ((), ())
    lines = contents(body.text)
    claims.tie(body, edition.disclaimers)
    name_headings(body.text, alone=book)
    set_drawings(body, edition.publication.lang)
    arrange(body, labels, edition.publication.lang, alone=book)
    front_part = front_matter(body.text) if book else make("div")
    roman = frozenset(element.get("id", "") for element in front_part.iter())
    number_places(roman, body.text)
    values = (
        context(edition)
        | cover.values(edition)
        | {
            "meta": head.meta_tags(edition),
            "kind": edition.form,
            "house_logo": _logo(edition),
            "opening_id": OPENING,
            "main_id": MAIN,
            "front_matter": front.trusted(as_html(front_part)),
            "body": front.trusted(_BODY),
            "contents": front.trusted(contents_entries(lines, roman)),
            "lists": [
                (labels[name], front.trusted(contents_entries(entries, roman)))
                for name, entries in zip(("list-of-figures", "list-of-tables"), lists, strict=True)
                if entries
            ],
            "running_title": running_title(edition.publication.title, body.text, labels["imprint"], alone=book),
            "foot": front.trusted(_foot(edition)),
        }
    )

    def around(alone: bool) -> list[str]:
        page = front.render_template(_TEMPLATES[edition.form], {**values, "alone": alone})
        return spelled(page, edition.faceless).split(_BODY)

    before, after = around(alone=False)
    return Whole(before, body.text, after, around(alone=True)[0], edition.faceless)


def _logo(edition: Edition) -> Markup:
    """Return the logo as a background, which tagged PDF leaves out of the reading order: the name of the house is below."""
    if (found := edition.pictures.get(edition.publication.logo or "")) is None:
        return Markup("")
    width = min(_LOGO_WIDTH, _LOGO_HEIGHT * found.width / found.height)
    form = Markup(
        '<span class="decoration" style="width:{:.1f}mm">'
        '<span style="background-image:url({});padding-top:{:.2f}%"></span></span>'
    )
    return form.format(width, embedded(found), 100 * found.height / found.width)


#: The largest logo above a title, in millimetres.
_LOGO_WIDTH, _LOGO_HEIGHT = 60, 13
#: Stands for the text of the edition until its template is filled in; XML has no such character.
_BODY = "\x02"
_TEMPLATES: Mapping[Form, str] = {
    "book": "print-book.html",
    "article": "print.html",
    "leaflet": "print-leaflet.html",
}


def _sheets_of(edition: Edition) -> Iterator[str]:
    """Yield the style sheets of the form in which the edition is set; they come before those that set its look."""
    publication = edition.publication
    if edition.form == "book":
        yield sheets.own("cover.css")
        yield sheets.own("print-book.css")
        yield sheets.own(f"book-{publication.paper}.css")
    if edition.form == "leaflet":
        yield sheets.own("leaflet.css")
        yield from [_NARROW_LEAFLET] if publication.paper == "A5" and not publication.panels else []
        yield from (
            [f"@page {{ size: {publication.paper} landscape }}", sheets.own("panels.css")] if publication.panels else []
        )
    if direction(publication.lang) == "rtl":
        yield sheets.own("rtl-print.css")
        yield from [sheets.own("rtl-book.css")] if edition.form == "book" else []
    if publication.large_print:
        yield sheets.own("large-print.css")


#: A page of A5 has no room for two columns.
_NARROW_LEAFLET = ".leaflet .leaflet-columns { columns: auto } html:root { font-size: 10.6pt }"

#: Where numbering begins: the id of the first element, the style of the numbers as in PDF, and what comes before them.
_PAGE_LABELS = {"book": [("", "", "*"), (OPENING, "r", ""), (MAIN, "D", "")]}


def _set_sizes(body: Body) -> None:
    """Print pictures in the size that their author wants, or as high as a page allows.

    WeasyPrint does not read it from the attributes.
    """
    for part in body.parts:
        for image in part.iter("img"):
            if SIZED in (image.get("class") or "").split():
                width, height = int(image.get("width", "1")), int(image.get("height", "1"))
                image.set("style", f"width: min({width}px, calc(var(--tallest) * {width / height:.4g})); height: auto")


def _foot(edition: Edition) -> str:
    """Return the statement for the foot of pages with a claim."""
    block = claims.tied_block(edition.disclaimers)
    if block is None:
        return ""
    foot = claims.copy_of(block, "foot")
    foot.set("class", f"{foot.get('class')} pubkit-disclaimer-foot")
    return as_html(make("div", foot))
