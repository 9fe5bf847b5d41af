"""In an EPUB a disclaimer must be in the reading order, in the navigation, and visible under the book's own styles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.proof.disclaimers.epub import prove
from pubkit.render.styles import sheets

Aside = Callable[..., str]
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
SHEET = sheets.own("epub-base.css") + sheets.own("epub.css")
LINKS = '<link rel="stylesheet" href="../styles/book.css"/><link rel="stylesheet" href="../styles/disclaimer.css"/>'
CHAPTER = "<h1>Effects</h1>" + "<p>The leaves are chewed, or brewed as tea.</p>" * 300


def document(body: str, head: str = LINKS) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title>{head}</head><body>{body}</body></html>'
    )


def book(
    block: str,
    *,
    css: str = "",
    linear: str = "yes",
    toc: str = '<li><a href="text/notice.xhtml">Notice</a></li>',
    order: tuple[str, ...] = ("title", "notice", "chapter"),
    head: str = LINKS,
    **extra: str,
) -> bytes:
    texts = {
        "title": document("<h1>Kratom</h1><p>By A. Author</p>"),
        "notice": document(block, head),
        "chapter": document(CHAPTER),
    }
    items = "".join(f'<item id="{key}" href="text/{key}.xhtml" media-type="application/xhtml+xml"/>' for key in texts)
    spine = "".join(f'<itemref idref="{key}"{linear_mark(key, linear)}/>' for key in order)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'<item id="css" href="styles/book.css" media-type="text/css"/>{items}</manifest><spine>{spine}</spine></package>'
    )
    contents = f'<nav epub:type="toc"><ol>{toc}<li><a href="text/chapter.xhtml">Effects</a></li></ol></nav>'
    parts = {
        "META-INF/container.xml": CONTAINER,
        "EPUB/package.opf": package,
        "EPUB/nav.xhtml": document(contents, ""),
        "EPUB/styles/book.css": SHEET + css,
        "EPUB/styles/disclaimer.css": sheets.protection(),
        **{f"EPUB/text/{key}.xhtml": text for key, text in texts.items()},
        **{f"EPUB/styles/{key}.css": text for key, text in extra.items()},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def linear_mark(key: str, linear: str) -> str:
    return f' linear="{linear}"' if key == "notice" else ""


def test_a_disclaimer_in_its_place_is_proved(general: DisclaimerBlock, aside: Aside) -> None:
    findings, measures = prove(book(aside(general)), [general], "kratom.epub")
    assert findings == []
    assert measures[0].where == "EPUB/text/notice.xhtml#pubkit-disclaimer-general"
    assert measures[0].contrast == 8.27  # the heading, brown on cream


def test_a_link_with_a_fragment_is_navigation_too(general: DisclaimerBlock, aside: Aside) -> None:
    toc = f'<li><a href="text/notice.xhtml#{general.identifier}">Notice</a></li>'
    assert prove(book(aside(general), toc=toc), [general])[0] == []


GOOD_CSS = [
    "body { background: #f4f1e8; color: #222 }",
    "p { font-size: .9em; border-left: 4px solid #900 }",
    "@media (prefers-color-scheme: dark) { body { background: #222; color: #ddd } }",
    "p { -epub-hyphens: auto; page-break-inside: avoid }",
    "@media amzn-kf8 { p { margin: 1em 0 } } @media not amzn-mobi { p { padding: 1em } }",
]


@pytest.mark.parametrize("css", GOOD_CSS)
def test_a_style_that_shows_it_passes(general: DisclaimerBlock, aside: Aside, css: str) -> None:
    assert [finding.message for finding in prove(book(aside(general), css=css), [general])[0]] == []


def hidden(general: DisclaimerBlock, aside: Aside) -> dict[str, tuple[bytes, str]]:
    block = aside(general)
    imported = LINKS.replace("<link", '<style>@import "../styles/more.css";</style><link', 1)
    own = '<link rel="stylesheet" href="../styles/book.css"/>'
    return {
        "not in the book": (book("<p>Nothing.</p>"), "PRF060"),
        "not linear": (book(block, linear="no"), "PRF069"),
        "not in the spine": (book(block, order=("title", "chapter")), "PRF069"),
        "not in the navigation": (book(block, toc=""), "PRF069"),
        "an empty link": (book(block, toc='<li><a href="text/notice.xhtml"> </a></li>'), "PRF069"),
        "after the text": (book(block, order=("title", "chapter", "notice")), "PRF062"),
        "reworded": (book(block.replace("does not replace", "may replace")), "PRF061"),
        "a homoglyph": (book(block.replace("medical", "mеdical")), "PRF061"),
        "twice": (book(block + block), "PRF061"),
        "hidden": (book(aside(general, 'hidden="hidden"')), "PRF063"),
        "aria-hidden": (book(aside(general, 'aria-hidden="true"')), "PRF063"),
        "details": (book(f"<details>{block}</details>"), "PRF063"),
        "inline": (book(aside(general, 'style="display: none"')), "PRF070"),
        "display none": (book(block, css="aside { display: none }"), "PRF064"),
        "display none in dark": (
            book(block, css="@media (prefers-color-scheme: dark) { aside { display: none } }"),
            "PRF064",
        ),
        "off the page": (book(block, css="aside { position: absolute; left: -999em }"), "PRF064"),
        "clipped": (book(block, css="aside { height: 1px; overflow: hidden }"), "PRF064"),
        "white": (book(block, head=own, css="aside { color: #fff; background: #fff }"), "PRF065"),
        "faint": (book(block, css="aside { opacity: .3 }"), "PRF064"),
        "tiny": (book(block, head=own, css="aside { font-size: 60% }"), "PRF066"),
        "without the protection": (book(block, head=own), "PRF064"),
        "outlined": (book(block, css="aside { outline: 400px solid; outline-offset: -400px }"), "PRF064"),
        "a shadow": (book(block, css="h1 { box-shadow: 0 0 0 999px #fff }"), "PRF064"),
        "imported": (book(block, head=imported, more="aside { visibility: hidden }"), "PRF064"),
        "a sheet that is not there": (book(block, head=f'{LINKS}<link rel="stylesheet" href="gone.css"/>'), "PRF070"),
        "scripted": (book(block, head=f"{LINKS}<script>0</script>"), "PRF070"),
    }


def test_every_way_to_hide_it_is_found(general: DisclaimerBlock, aside: Aside) -> None:
    wrong = {}
    for name, (data, rule) in hidden(general, aside).items():
        rules = {finding.rule for finding in prove(data, [general])[0]}
        if rule not in rules:
            wrong[name] = rules
    assert wrong == {}


def test_a_file_that_is_no_epub_is_not_taken_for_proved(general: DisclaimerBlock) -> None:
    findings, measures = prove(b"nothing", [general])
    assert [finding.rule for finding in findings] == ["PRF070"]
    assert measures == []
