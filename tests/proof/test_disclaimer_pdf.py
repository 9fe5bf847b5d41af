"""A disclaimer that a page does not show is found missing, whatever the file's text says; one that shows is left in peace.

Every page is set by WeasyPrint and measured as it is.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from functools import cache
from importlib import resources

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from pubkit.disclaimers.choice import select
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.manuscript.model import Document
from pubkit.manuscript.tree import Tree
from pubkit.project.metadata import Dates, DisclaimerChoice, Publication
from pubkit.proof.disclaimers.pdf import prove
from pubkit.proof.promises.printed import Letter, find
from pubkit.render.pdf import weasy

Aside = Callable[..., str]
FILLER = "<p>" + "The leaves are chewed, or brewed as tea. " * 12 + "</p>"
PRINT = """
@page { size: A5; margin: 16mm 14mm }
body { font: 10pt/1.35 "Source Serif Pro", serif }
h1 { font-size: 15pt }
.pubkit-disclaimer { border: .5pt solid #333; padding: 2.5mm 3mm; margin: 3mm 0; break-inside: avoid }
.pubkit-disclaimer p { margin: 0 0 1.5mm }
.heading { font-weight: bold }
#pubkit-disclaimer-dshea { font-weight: bold; font-size: 10.5pt }
"""


@pytest.fixture(scope="module", autouse=True)
def _cut_as_pubkit_cuts() -> None:
    """What is proved has fonts as they are in pubkit's own files."""
    weasy._cut_fonts_with_uharfbuzz()


@cache
def faces(*weights: str) -> str:
    """@font-face rules for the text face that pubkit ships, in the weights asked for."""
    folder = resources.files("font_source_serif_pro").joinpath("files")
    named = {"400": "Regular", "700": "Bold"}
    return "".join(
        f"@font-face {{ font-family: 'Source Serif Pro'; font-weight: {weight}; "
        f"src: url('file://{folder}/SourceSerifPro-{named[weight]}.ttf') }}"
        for weight in weights
    )


def pdf(block: str, css: str = "", *, before: str = "", after: str = "", fonts: str | None = None) -> bytes:
    import weasyprint

    style = (faces("400", "700") if fonts is None else fonts) + PRINT + css
    text = f"<h1>Vitamin C</h1><p>It supports the immune system.*</p>{before}{block}{after}{FILLER}"
    data = weasyprint.HTML(string=f"<html lang=en><style>{style}</style><body>{text}</body></html>").write_pdf()
    assert isinstance(data, bytes)
    return data


ID = "#pubkit-disclaimer-dshea"
PAGES = "<div style='break-after: page'></div>"


def hidden(dshea: DisclaimerBlock, aside: Aside) -> dict[str, Callable[[], bytes]]:
    """Twenty ways, and some more, to keep the statutory statement from being read."""
    block = aside(dshea)
    picture = "data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 width=%27300%27 height=%2740%27/%3E"
    cover = "<div style='position:relative; top:-32mm; height:32mm; background:{}'></div>"
    stripe = "<div style='position:relative; top:-32mm; height:1.3pt; margin-bottom:.8pt; background:#fff'></div>"
    return {
        "missing": lambda: pdf(""),
        "reworded": lambda: pdf(block.replace("is not intended", "may not be intended")),
        "a word dropped": lambda: pdf(block.replace("cure, ", "")),
        "singular for plural": lambda: pdf(block.replace("These statements have", "This statement has")),
        "homoglyph": lambda: pdf(block.replace("evaluated", "еvaluated")),
        "not bold": lambda: pdf(block, f"{ID} {{ font-weight: normal }}"),
        "bold asked for, only a regular face there": lambda: pdf(block, fonts=faces("400")),
        "4 points": lambda: pdf(block, f"{ID} {{ font-size: 4pt }}"),
        "6 points": lambda: pdf(block, f"{ID} {{ font-size: 6pt }}"),
        "8 points": lambda: pdf(block, f"{ID} {{ font-size: 8pt }}"),
        "white on white": lambda: pdf(block, f"{ID} {{ color: #fff }}"),
        "light grey": lambda: pdf(block, f"{ID} {{ color: #ddd }}"),
        "middling grey": lambda: pdf(block, f"{ID} {{ color: #888 }}"),
        "opacity": lambda: pdf(block, f"{ID} {{ opacity: .05 }}"),
        "display none": lambda: pdf(block, f"{ID} {{ display: none }}"),
        "visibility hidden": lambda: pdf(block, f"{ID} {{ visibility: hidden }}"),
        "off the page": lambda: pdf(block, f"{ID} {{ position: absolute; left: -300mm }}"),
        "covered": lambda: pdf(block, after=cover.format("#fff")),
        "covered in its own colour": lambda: pdf(block, after=cover.format("#000")),
        "covered by stripes": lambda: pdf(block, after=stripe * 45),
        "veiled": lambda: pdf(block, after=cover.format("rgb(255 255 255 / 75%)")),
        "clipped to nothing": lambda: pdf(block, f"{ID} {{ height: 0; overflow: hidden; padding: 0 }}"),
        "clipped to one line": lambda: pdf(block, f"{ID} {{ height: 13pt; overflow: hidden }}"),
        "scaled": lambda: pdf(block, f"{ID} {{ transform: scale(.2) }}"),
        "turned": lambda: pdf(block, f"{ID} {{ transform: rotate(90deg) }}"),
        "mirrored": lambda: pdf(block, f"{ID} {{ transform: scaleX(-1) }}"),
        "a picture with alternative text": lambda: pdf(f'<img alt="{html.escape(dshea.text)}" src="{picture}">'),
        "on the last page only": lambda: pdf("", before=PAGES.join([FILLER] * 8) + PAGES + block),
        "one word in white": lambda: pdf(block.replace(" not ", " <span style='color:#fff'>not</span> ")),
        "one word in small": lambda: pdf(block.replace(" not ", " <span style='font-size:5pt'>not</span> ")),
        "one word without an o in small": lambda: pdf(
            block.replace(" any ", " <span style='font-size:5pt'>any</span> ")
        ),
        "one word not bold": lambda: pdf(block.replace(" any ", " <span style='font-weight:400'>any</span> ")),
        "cut by the edge": lambda: pdf(block, f"{ID} {{ position: absolute; left: 60mm; width: 100mm }}"),
        "printed over": lambda: pdf(
            block, f"{ID} + p {{ margin-top: -20mm }}", after="<p>" + "over it all " * 40 + "</p>"
        ),
        "no box": lambda: pdf(block, f"{ID} {{ border: none }}"),
        "half a box": lambda: pdf(block, f"{ID} {{ border-left: none; border-right: none }}"),
        "a marked statement on a page without it": lambda: pdf(block, after=PAGES + "<p>It works.*</p>"),
    }


#: The proof that must see it, where one alone is meant to.
SEEN_BY = {
    "missing": "PRF060",
    "reworded": "PRF061",
    "homoglyph": "PRF061",
    "not bold": "PRF067",
    "bold asked for, only a regular face there": "PRF067",
    "8 points": "PRF066",
    "white on white": "PRF064",
    "middling grey": "PRF065",
    "off the page": "PRF064",
    "covered by stripes": "PRF068",
    "veiled": "PRF065",
    "turned": "PRF064",
    "mirrored": "PRF064",
    "one word in white": "PRF064",
    "one word in small": "PRF066",
    "one word without an o in small": "PRF066",
    "one word not bold": "PRF067",
    "printed over": "PRF068",
    "half a box": "PRF071",
    "a marked statement on a page without it": "PRF072",
}


def test_every_way_to_hide_the_statutory_statement_is_found(dshea: DisclaimerBlock, aside: Aside) -> None:
    rules = {name: {one.rule for one in prove(make(), [dshea])[0]} for name, make in hidden(dshea, aside).items()}
    assert [name for name, found in rules.items() if not found] == []
    assert {name: rules[name] for name, rule in SEEN_BY.items() if rule not in rules[name]} == {}


#: Ways to set the statutory statement that are as they should be.
SHOWN = {
    "as it comes": "",
    "A4": "@page { size: A4; margin: 25mm }",
    "letter": "@page { size: letter }",
    "DejaVu Serif": f"{ID} {{ font-family: 'DejaVu Serif' }}",
    "DejaVu Sans": f"{ID} {{ font-family: 'DejaVu Sans'; font-size: 9pt }}",
    "Liberation Sans": f"{ID} {{ font-family: 'Liberation Sans'; font-size: 9.5pt }}",
    "Liberation Serif": f"{ID} {{ font-family: 'Liberation Serif' }}",
    "narrow": f"{ID} {{ font-family: 'Liberation Sans Narrow', 'DejaVu Sans Condensed' }}",
    "italic": f"{ID} {{ font-family: 'DejaVu Serif'; font-style: italic }}",
    "large": f"{ID} {{ font-size: 14pt }}",
    "white on blue": f"{ID} {{ background: #123a6b; color: #fff; border: none }}",
    "white on black page": "@page { background: #000 } body { color: #fff } #pubkit-disclaimer-dshea { border-color: #fff }",
    "a tint": f"{ID} {{ background: #fff3d0 }}",
    "a gradient": f"{ID} {{ background: linear-gradient(90deg, #fff, #d8e4f2) }}",
    "dark red": f"{ID} {{ color: #8b0000; border-color: #8b0000 }}",
    "grey with contrast enough": f"{ID} {{ color: #666 }}",
    "a double line": f"{ID} {{ border: 3pt double #000 }}",
    "rounded": f"{ID} {{ border-radius: 2mm; overflow: hidden }}",
    "two columns": "body { columns: 2; column-gap: 6mm } @page { size: A4; margin: 15mm }",
    "justified and hyphenated": f"{ID} {{ text-align: justify; hyphens: auto; width: 55mm }}",
    "letters apart": f"{ID} {{ letter-spacing: .3pt; word-spacing: 1pt }}",
    "tight lines": f"{ID} {{ line-height: 1.05 }}",
    "loose lines": f"{ID} {{ line-height: 1.9 }}",
    "half a line between heading and words": f"{ID} .heading {{ margin-bottom: 4mm; font-size: 12pt }}",
    "running heads": "@page { @top-left { content: 'Vitamin C' } @bottom-right { content: counter(page) } }",
    "slightly translucent": f"{ID} {{ opacity: .92 }}",
    "a page tint": "@page { background: #fdf6e3 }",
    "ligatures and old figures": f"{ID} {{ font-variant-ligatures: common-ligatures; font-variant-numeric: oldstyle-nums }}",
    "small capitals in the heading": f"{ID} .heading {{ text-transform: uppercase; letter-spacing: 1pt }}",
}


@pytest.mark.parametrize("css", SHOWN.values(), ids=list(SHOWN))
def test_a_statement_set_as_it_should_be_passes(dshea: DisclaimerBlock, aside: Aside, css: str) -> None:
    findings, measures = prove(pdf(aside(dshea), css), [dshea])
    assert [finding.message for finding in findings] == []
    assert measures[0].o_height
    assert measures[0].o_height >= 4.47


def shipped(language: str) -> tuple[DisclaimerBlock, ...]:
    """Every block that pubkit ships for an article, in one language, as it is printed."""
    publication = Publication(
        title="Kratom",
        version="1",
        dates=Dates(dt.date(2026, 1, 5), next_review=dt.date(2027, 1, 5)),
        lang=language,
        jurisdiction="US",
        publisher="Example",
        topics=["mental-health", "medication"],
        substances=["kratom"],
        disclaimers=[DisclaimerChoice("affiliate")],
    )
    return select(publication, Document(Tree(), (), (), (), (), (), ()), dt.date(2026, 9, 1)).required()


@pytest.mark.parametrize(
    ("language", "css"),
    [
        ("en", ""),
        ("es", "@page { size: A4 } body { font-family: 'DejaVu Sans'; font-size: 9pt }"),
        ("fr", "@page { size: letter } body { columns: 2; hyphens: auto; text-align: justify }"),
        ("de", "@page { background: #14171a } body { color: #eee; font-family: 'Liberation Serif'; hyphens: auto }"),
    ],
)
def test_the_texts_that_pubkit_ships_are_proved_in_every_language(aside: Aside, language: str, css: str) -> None:
    blocks = shipped(language)
    assert len(blocks) == 7
    html_blocks = "".join(aside(block, f'lang="{language}"') for block in blocks)
    findings, measures = prove(pdf(html_blocks, css), blocks)
    assert [finding.message for finding in findings] == []
    assert [entry.variant for entry in measures] == [block.variant for block in blocks]


FACES = {
    "SourceSerifPro-Bold.ttf": "font_source_serif_pro",
    "SourceSerifPro-Regular.ttf": "font_source_serif_pro",
    "SourceSansPro-Bold.ttf": "font_source_sans_pro",
    "SourceSansPro-Light.ttf": "font_source_sans_pro",
    "SourceSansPro-It.ttf": "font_source_sans_pro",
}


@pytest.mark.parametrize("size", [7.0, 9.5, 12.0])
@pytest.mark.parametrize("name", list(FACES))
def test_the_height_of_the_o_is_that_of_its_outline(
    general: DisclaimerBlock, aside: Aside, name: str, size: float
) -> None:
    path = str(resources.files(FACES[name]).joinpath("files", name))
    face = TTFont(path)
    glyphs = face.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[face.getBestCmap()[ord("o")]].draw(pen)
    outline = (pen.bounds[3] - pen.bounds[1]) / face["head"].unitsPerEm * size
    css = f"#{general.identifier} {{ font: {size}pt Face }} .heading {{ font-weight: inherit }}"
    fonts = f"@font-face {{ font-family: Face; src: url('file://{path}') }}"
    _, measures = prove(pdf(aside(general), css, fonts=fonts), [general])
    assert measures[0].o_height == pytest.approx(outline, abs=0.06)


def test_a_general_block_may_be_small_but_not_tiny(general: DisclaimerBlock, aside: Aside) -> None:
    assert prove(pdf(aside(general), "aside { font-size: 7.5pt }"), [general])[0] == []
    findings, _ = prove(pdf(aside(general), "aside { font-size: 6pt }"), [general])
    assert [finding.rule for finding in findings] == ["PRF066"]


def test_a_text_may_go_on_overleaf(general: DisclaimerBlock, aside: Aside) -> None:
    css = "aside { break-inside: auto; border: none } @page { size: 120mm 60mm; @bottom-center { content: 'Foot' } }"
    findings, measures = prove(pdf(aside(general), css), [general])
    assert [finding.message for finding in findings] == []
    assert len(measures[0].pages) == 2


@pytest.mark.parametrize(("pages", "found"), [(4, set()), (7, {"PRF062"})])
def test_it_must_come_within_the_first_pages(
    general: DisclaimerBlock, aside: Aside, pages: int, found: set[str]
) -> None:
    findings, measures = prove(pdf(aside(general), before=PAGES * pages), [general])
    assert {finding.rule for finding in findings} == found
    assert measures[0].where == str(pages + 1)


def test_the_statement_on_every_page_that_needs_it_is_proved(dshea: DisclaimerBlock, aside: Aside) -> None:
    again = PAGES + "<p>It works.*</p>" + aside(dshea).replace("id=", "data-id=")
    css = "[data-id] { font-weight: bold; font-size: 10.5pt }"
    findings, measures = prove(pdf(aside(dshea), css, after=again), [dshea])
    assert [finding.message for finding in findings] == []
    assert measures[0].pages == (1, 2)


def test_a_covered_block_is_not_excused_by_a_copy_in_small(dshea: DisclaimerBlock, aside: Aside) -> None:
    copy = aside(dshea).replace("id=", "data-id=")
    findings, _ = prove(
        pdf(aside(dshea), f"{ID} {{ color: #fff }} [data-id] {{ font-size: 6pt }}", after=copy), [dshea]
    )
    assert findings


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"<html></html>"])
def test_a_file_that_is_no_pdf_is_not_taken_for_proved(general: DisclaimerBlock, data: bytes) -> None:
    findings, measures = prove(data, [general])
    assert [finding.rule for finding in findings] == ["PRF070"]
    assert measures == []


WORDS = st.lists(st.text("abcdefiloxyz", min_size=1, max_size=9), min_size=3, max_size=30)


def typeset(text: str, cuts: set[int], ligatures: bool) -> list[Letter]:
    """`text` as a page draws it: a hyphen and a new line at each of `cuts`, fi and fl as one glyph."""
    letters: list[Letter] = []
    line, x, index = 0, 0.0, 0
    squashed = text.replace(" ", "")
    while index < len(squashed):
        pair = squashed[index : index + 2]
        glyph = pair if ligatures and pair in {"fi", "fl"} else squashed[index]
        letters.append(Letter(glyph, x, x + 5, 700.0 - 12 * line, 10.0, True, "F"))
        x += 5
        index += len(glyph)
        if index in cuts and index < len(squashed):
            letters.append(Letter("‐", x, x + 3, 700.0 - 12 * line, 10.0, True, "F"))
            line, x = line + 1, 0.0
    return letters


@given(WORDS, st.sets(st.integers(1, 200), max_size=12), st.booleans(), WORDS)
def test_a_text_is_found_however_its_lines_are_broken(
    words: list[str], cuts: set[int], ligatures: bool, before: list[str]
) -> None:
    heading, text = "HEADING", " ".join(words)
    page = typeset(" ".join(before), set(), False) + typeset(heading, set(), False) + typeset(text, cuts, ligatures)
    assert find([page], (heading, text), 0)
    assert find([page], (heading, text + " more"), 0) is None
    assert find([page], (heading, "q" + text[1:]), 0) is None
