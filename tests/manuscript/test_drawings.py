"""SVG pictures: what draws is kept, what runs, loads or explodes is not taken."""

from __future__ import annotations

import base64
import io
import re

import pytest
from lxml import etree
from PIL import Image, PngImagePlugin

import pubkit
from pubkit.findings import Location
from pubkit.manuscript.drawings import Refused, drawing
from pubkit.manuscript.drawn_words import drawn_words
from pubkit.manuscript.pictures import inside_drawing

from ..conftest import Publish

_START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20">'


def svg(inside: str, start: str = _START) -> bytes:
    return f"{start}{inside}</svg>".encode()


def test_what_draws_is_kept_and_what_only_editors_read_is_dropped() -> None:
    inside = (
        '<metadata>x</metadata><sodipodi:namedview xmlns:sodipodi="http://sodipodi.example/"/><!-- c -->'
        '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient><path id="p" d="M0 0h1"/></defs>'
        "<style>*{stroke-linejoin: round}</style>"
        '<g style="fill:url(#a); -inkscape-x: y" data-name="g"><use xlink:href="#p" x="3"/><text x="1">Label</text></g>'
    )
    data, width, height = drawing(svg(inside), inside_drawing)
    root = etree.fromstring(data)
    assert (width, height, root.get("width")) == (40, 20, "40")
    assert [str(one.tag).rpartition("}")[2] for one in root.iter()] == [
        *("svg", "defs", "linearGradient", "stop", "path", "style", "g", "use", "text"),
    ]
    assert b"fill:url(#a)" in data
    assert b"inkscape" not in data
    assert b"data-name" not in data
    assert drawing(data, inside_drawing) == (data, width, height)


def test_type_is_slanted_as_css_knows_it() -> None:
    inside = (
        '<style>.a{font-style : Italic}</style><text font-style="regular">A</text>'
        '<text style="fill:red;font-style:roman">B</text><text font-style="oblique 10deg">C</text>'
    )
    data, _, _ = drawing(svg(inside), inside_drawing)
    assert re.findall(rb'font-style(?: :|=")? ?:?([a-z]+)', data) == [b"italic", b"normal", b"normal", b"oblique"]


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<foreignObject><p/></foreignObject>", "<foreignObject>"),
        ('<image href="https://www.example.org/a.png"/>', "loads a file"),
        ('<animate attributeName="href" to="javascript:x"/>', "<animate>"),
        ('<set attributeName="onload" to="x"/>', "<set>"),
        ('<g onload="alert(1)"/>', "runs code"),
        ('<g ONCLICK="alert(1)"/>', "runs code"),
        ('<use href="https://www.example.org/a.svg#b"/>', "loads a file"),
        ('<use xlink:href="file:///etc/passwd#b"/>', "loads a file"),
        ('<rect fill="url(https://www.example.org/a.svg#b)"/>', "fill that loads"),
        ('<rect style="fill: url(//example.org/a)"/>', "fill that loads"),
        ('<rect style="fill: u\\72l(//example.org/a)"/>', "fill that loads"),
        ("<style>@import url(https://www.example.org/a.css);</style>", "style sheet"),
        ("<style>@font-face{src:url(data:font/ttf,x)}</style>", "style sheet"),
        ('<g id="a"><use href="#a"/></g>', "refers to itself"),
        (
            '<clipPath id="a" clip-path="url(#b)"/><clipPath id="b" clip-path="url(#a)"/><g clip-path="url(#a)"/>',
            "itself",
        ),
        ("<g>" * 100 + "</g>" * 100, "too many parts"),
        ("<text>" + "word " * 50_000 + "</text>", "characters of text"),
        ('<image href="chart.png"/>', "loads a file"),
        ('<image href="data:image/png;base64,AAAA"/>', "contains a picture that is not a picture"),
        ("<filter id='f'><feColorMatrix/></filter>", "<filter>"),
    ],
)
def test_what_runs_loads_or_never_ends_is_not_taken(inside: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        drawing(svg(inside), inside_drawing)


def test_a_drawing_keeps_its_words_without_links_shadows_and_html() -> None:
    inside = (
        '<filter id="s"><feGaussianBlur stdDeviation="2"/></filter><a href="javascript:x"><rect filter="url(#s)"/></a>'
        '<switch><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">Dose</p></foreignObject><text>Dose</text></switch>'
        '<pattern id="p" width="4" height="4"><path d="M0 0h4"/></pattern><mask id="m"><rect/></mask>'
    )
    root = etree.fromstring(drawing(svg(inside), inside_drawing)[0])
    assert [etree.QName(one).localname for one in root.iter()] == [
        "svg", "rect", "g", "text", "pattern", "path", "mask", "rect",
    ]  # fmt: skip
    assert "filter" not in root[0].attrib


def test_a_picture_in_a_drawing_is_written_anew() -> None:
    buffer = io.BytesIO()
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Author", "Ann Lee")
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG", pnginfo=comment)
    address = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    root = etree.fromstring(drawing(svg(f'<image width="4" height="4" xlink:href="{address}"/>'), inside_drawing)[0])
    data = base64.b64decode(root[0].get("{http://www.w3.org/1999/xlink}href", "").partition(",")[2])
    assert b"Ann Lee" in buffer.getvalue()
    assert b"Ann Lee" not in data
    assert Image.open(io.BytesIO(data)).getpixel((1, 1)) == (255, 0, 0)


def test_references_that_multiply_are_counted() -> None:
    levels = "".join(
        f'<g id="l{n}">' + f'<use href="#l{n - 1}"/>' * 10 + "</g>" if n else '<g id="l0"><path d="M0 0"/></g>'
        for n in range(12)
    )
    with pytest.raises(Refused, match="too many parts once"):
        drawing(svg(f'{levels}<use href="#l11"/>'), inside_drawing)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg/>",
        b"no xml",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        svg("", '<svg xmlns="http://www.w3.org/2000/svg">'),
        svg("", '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9">'),
        svg("", '<svg xmlns="http://www.w3.org/2000/svg" width="900000" height="900000">'),
    ],
)
def test_what_is_no_drawing_of_a_known_size_is_not_taken(data: bytes) -> None:
    with pytest.raises(Refused):
        drawing(data, inside_drawing)


@pytest.mark.parametrize(
    ("start", "size"),
    [
        ('width="2in" height="1in"', (192, 96)),
        ('width="100%" viewBox="0 0 300 150"', (300, 150)),
        ('width="600" viewBox="0,0,300,150"', (600, 300)),
        ('height="75pt" viewBox="0 0 300 150"', (200, 100)),
    ],
)
def test_the_size_is_that_of_the_drawing(start: str, size: tuple[int, int]) -> None:
    assert drawing(svg("", f'<svg xmlns="http://www.w3.org/2000/svg" {start}>'), inside_drawing)[1:] == size


_TALKING = svg(
    """
<title>Purchase kratom online</title><metadata>Buy moss</metadata>
<!-- cures --><text
   x="3" y="4">Kratom <tspan font-style="italic">cures</tspan> <![CDATA[cancer]]> &amp; pain</text>
<g font-size="10"><text x="3" y="8">It is</text><text x="3" y="20" style="fill: red">completely safe.</text>
<text x="3" y="80">Placebo</text><text x="9" y="90"><tspan x="9">Doses</tspan><tspan x="9" dy="12">stay</tspan></text></g>"""
)


def test_its_words_are_read_text_by_text_each_word_in_its_place() -> None:
    blocks = drawn_words(_TALKING, "leaf.svg")
    assert [" ".join(block.text.split()) for block in blocks] == [
        "Purchase kratom online",
        "Kratom cures cancer & pain",
        "It is completely safe.",
        "Placebo",
        "Doses stay",
    ]
    lines = _TALKING.decode().split("\n")
    for block in blocks:
        for offset, place in block.anchors:
            word = block.text[offset:].split()[0]
            assert word == "&" or lines[place.line - 1][place.column - 1 :].startswith(word)


def test_what_a_drawing_claims_is_found_in_its_file_and_the_place_that_shows_it_is_named(publication: Publish) -> None:
    root = publication("Words.\n\n![A leaf](fig/leaf.svg)\n", files={"fig/leaf.svg": _TALKING})
    found = {
        (one.rule, one.location.line): one
        for one in pubkit.check(root).findings
        if one.location and one.location.file == "fig/leaf.svg"
    }
    assert {("LNK001", 2), ("CLM010", 4), ("CLM011", 5)} <= found.keys()
    shop = found["LNK001", 2]
    assert shop.location == Location("fig/leaf.svg", 2, 8, 30)
    assert shop.message == "Shop wording: “Purchase kratom online”. The drawing is shown at 01-text.md:3."


def test_a_drawing_in_another_encoding_is_read() -> None:
    data = '<?xml version="1.0" encoding="ISO-8859-1"?>' + svg("\n<text>Déjà vu</text>").decode()
    (block,) = drawn_words(data.encode("latin-1"), "a.svg")
    assert (block.text, block.location) == ("Déjà vu", Location("a.svg", 2, 7))


def test_hidden_direction_marks_in_its_words_are_refused() -> None:
    with pytest.raises(Refused, match=r"U\+202E"):
        drawing(svg("<text>\u202eerus</text>"), inside_drawing)
