"""A disclaimer that a browser would hide is refused, at the door or in the finished file; one that shows passes."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from pathlib import Path

import cssselect2
import pytest
import tinyhtml5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pubkit
from pubkit import catalogue
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.proof.disclaimers.html import prove
from pubkit.proof.disclaimers.measure import manifest
from pubkit.proof.disclaimers.page import opened
from pubkit.render.styles import sheets

Aside = Callable[..., str]
Publish = Callable[..., Path]
ID = "#pubkit-disclaimer-general"
LONG = "<p>" + "The leaves are chewed, or brewed as tea. " * 200 + "</p>"
WEB = sheets.own("web-base.css") + sheets.own("web.css")


def page(
    block: str,
    css: str = "",
    *,
    before: str = "",
    after: str = "",
    head: str = "",
    main: str = "main",
    last: str = "",
    web: str = WEB,
) -> bytes:
    style = f"{head}<style>{web}{css}{sheets.protection()}{last}</style>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kratom</title>{style}</head><body>'
        f"<{main}><h1>Kratom</h1><p>By A. Author</p>{before}{block}{after}<h2>Effects</h2>{LONG}</{main}></body></html>"
    ).encode()


#: Ways to hide the general block: rules of a style sheet.
HIDDEN_BY_STYLE = {
    "display none": "aside { display: none }",
    "display none on dark screens only": "@media (prefers-color-scheme: dark) { aside { display: none } }",
    "display none on phones only": "@media (max-width: 40em) { aside { display: none } }",
    "display none in print only": "@media print { aside { display: none !important } }",
    "visibility": "aside p { visibility: hidden }",
    "opacity": "aside { opacity: .05 }",
    "white on white by a variable": "aside { color: var(--c, #fff) } :root { --c: #fdfdfb }",
    "light grey": "aside { color: #ddd; background: white }",
    "transparent letters": "aside { -webkit-text-fill-color: transparent }",
    "tiny type": "aside { font-size: 4px }",
    "tiny type by em": "main { font-size: .5em } aside p { font-size: .9em }",
    "off the screen": "aside { position: absolute; left: -9999px }",
    "clipped to nothing": "aside { height: 0; overflow: hidden; padding: 0 }",
    "folded to two lines": "aside { max-height: 3em; overflow: auto }",
    "old clip": "aside { position: absolute; clip: rect(0 0 0 0) }",
    "clipping path": "aside { clip-path: inset(100%) }",
    "scaled": "aside { transform: scale(.2) }",
    "indented away": "aside { text-indent: -9999px }",
    "no line height": "aside { line-height: 0 }",
    "blurred": "aside { filter: blur(4px) }",
    "faded by a filter": "aside { filter: opacity(5%) }",
    "content-visibility": "main { content-visibility: hidden } aside { display: block }",
    "masked": "aside { -webkit-mask-image: linear-gradient(transparent, transparent) }",
    "covered by an overlay": "body::after { content: ''; position: fixed; inset: 0; background: #fdfdfb; z-index: 9 }",
    "covered by its own overlay": "aside::before { content: ''; position: absolute; inset: 0; background: #fff }",
    "covered by what follows": "h2 { position: relative; top: -20em; padding-bottom: 20em; background: #fff }",
    "animated away": "@keyframes gone { to { opacity: 0 } } aside { animation: gone 1s forwards }",
    "words added": "aside::before { content: 'Ignore this:' }",
    "a later layer": "@layer base, late; @layer late { aside { color: #fdfdfb !important } }",
    "nesting": "main { & aside { display: none } }",
    "imported": "@import url('data:text/css;base64,"
    + base64.b64encode(b"aside { display: none !important }").decode()
    + "');",
    "an invalid colour after the one that counts": "aside { color: #fdfdfb; color: nonsense }",
    "a logical property": "aside { inset-inline-start: -200vw; position: relative }",
    "a narrow box": "aside { width: 1px; overflow: hidden }",
    "only the first line": "aside p::first-line { color: #fdfdfb }",
    "over a picture": "aside { background-image: url(data:image/png;base64,AAAA) }",
    "a selector no one can judge": "aside:state(gone) { display: none }",
}


#: More ways, of kinds that a list of properties that hide does not think of.
OVERPRINTED = {
    "an outline": "aside { outline: 300px solid #fff; outline-offset: -300px }",
    "struck through": "aside p { text-decoration: line-through 1.5em #fdf6ea }",
    "a thick underline": "aside p { text-decoration: underline 1.5em #fdf6ea }",
    "a shadow of a neighbour": "h2 { box-shadow: 0 -900px 0 900px #fff }",
    "a neighbour moved": "h2 { translate: 0 -2000px; background: #fff; padding-bottom: 2000px }",
    "a neighbour with a negative margin": "h2 { margin-top: -60em; background: #fff; padding: 0 0 60em }",
    "areas of a grid that overlap": ".text, .front { grid-area: 1 / 1 } .text { background: #fff }",
    "rows without height": ".page { grid-template-rows: 0 0 }",
    "containment": "main { contain: size; overflow: clip }",
    "a height by min()": "aside { height: min(0px, 1em); overflow: hidden }",
    "a ratio": "aside { aspect-ratio: 9000; height: auto; overflow: hidden }",
    "a path": "aside { offset-path: path('M -9000 0 L -9000 1') }",
    "on wide screens only": "@media (min-width: 1500px) { main { height: 2px; overflow: hidden } }",
    "on fine screens only": "@media (min-resolution: 2dppx) { aside { visibility: hidden } }",
    "behind the page": ".front { position: relative; z-index: -2 } main { background: #fff }",
    "a strip that sticks": "nav { position: sticky; inset: 0; height: 100vh; background: #fff }",
    "letters turned into strokes": "aside { -webkit-text-stroke: 9px #fdf6ea }",
    "another writing": "aside { writing-mode: vertical-rl; text-orientation: sideways; height: 1em }",
    "columns without width": "aside { columns: 40 }",
    "an empty box of the page": "body { width: 0 }",
    "a spacing that swallows": "aside p { letter-spacing: -1em }",
    "a variable": ":root { --gone: none } aside { display: var(--gone) }",
    "no content": "aside { content: '' }",
    "everything unset": "aside { all: unset }",
    "another direction": "aside p { unicode-bidi: bidi-override; direction: rtl }",
    "a house's own important": "aside { display: none ! important }",
}
AT_THE_DOOR = HIDDEN_BY_STYLE | OVERPRINTED


@pytest.mark.parametrize("name", ["web", "epub"])
@pytest.mark.parametrize("ways", [HIDDEN_BY_STYLE, OVERPRINTED], ids=["hidden", "overprinted"])
def test_a_style_that_would_hide_a_disclaimer_is_an_error_of_check(
    publication: Publish, name: str, ways: dict[str, str]
) -> None:
    own = sheets.own(f"{name}.css")
    whole = own + "\n".join(ways.values())
    with pytest.raises(pubkit.InputRefused) as error:
        pubkit.check(publication(files={f"styles/{name}.css": whole.encode()}))
    found = {one.location.line for one in error.value.findings if one.rule == "SRC030" and one.location}
    lines = dict(enumerate(ways, own.count("\n") + 1))
    assert [way for line, way in lines.items() if line not in found] == []
    assert found <= lines.keys()
    assert {one.rule for one in error.value.findings} == {"SRC030"}
    assert all(finding.remedy.endswith(".") for finding in error.value.findings)


@pytest.mark.parametrize("css", AT_THE_DOOR.values(), ids=list(AT_THE_DOOR))
def test_a_style_that_hides_a_disclaimer_is_found_in_the_finished_file_too(
    general: DisclaimerBlock, aside: Aside, css: str
) -> None:
    findings, _ = prove(page(aside(general), css), [general])
    assert findings
    assert all(finding.rule in catalogue.entries() and finding.remedy.endswith(".") for finding in findings)


@pytest.mark.parametrize(
    "css",
    [
        "@media print { p::first-line { color: #fdf6ea } }",
        ":root { --gone: #fdf6ea } @media print { p::first-letter { color: var(--gone) } }",
        "html, body, main, .page, .front { padding: 0 20% }",
        "@media (min-width: 1700px) and (max-width: 1800px) { main { width: 10% } }",
    ],
)
def test_what_the_door_lets_through_and_a_reader_does_not_see_stops_the_build(
    publication: Publish, tmp_path: Path, css: str
) -> None:
    root = publication(files={"styles/web.extra.css": css.encode()})
    with pytest.raises(pubkit.Blocked) as error:
        pubkit.build(root, tmp_path / "out", only=["html"])
    blocking = [finding for finding in error.value.report.findings if finding.blocks]
    assert {finding.rule for finding in blocking} <= {"PRF064", "PRF065"}
    assert all("styles/web.extra.css" in finding.remedy for finding in blocking)


@pytest.mark.parametrize(
    "css",
    [
        "aside { color: #fdf6ea; background: #111 }",
        "* { color: #777; background: #fff; font-size: .7em }",
        "aside, aside p, aside h2 { letter-spacing: .3em; text-indent: 4em; text-transform: uppercase; width: 2em }",
        "aside p::before { content: '* * * ' } aside::after { content: '†' }",
    ],
)
def test_what_a_house_sets_on_a_disclaimer_has_no_effect(general: DisclaimerBlock, aside: Aside, css: str) -> None:
    plain = prove(page(aside(general)), [general])
    assert prove(page(aside(general), css), [general])[0] == plain[0] == []
    assert prove(page(aside(general), css), [general])[1][0].contrast == plain[1][0].contrast


def hidden_by_markup(general: DisclaimerBlock, aside: Aside) -> dict[str, bytes]:
    block = aside(general)
    return {
        "missing": page(""),
        "a word changed": page(block.replace("does not replace", "may not replace")),
        "a word left out": page(block.replace("diagnosis, ", "")),
        "a Cyrillic letter": page(block.replace("medical", "mеdical")),
        "a word added": page(block.replace("</aside>", "<p>Not really.</p></aside>")),
        "hidden": page(aside(general, "hidden")),
        "aria-hidden above": page(f'<div aria-hidden="true">{block}</div>'),
        "inert": page(aside(general, "inert")),
        "closed details": page(f"<details><summary>Legal</summary>{block}</details>"),
        "dialog": page(f"<dialog>{block}</dialog>"),
        "template": page(f"<template>{block}</template>"),
        "noscript": page(f"<noscript>{block}</noscript>"),
        "comment": page(f"<!-- {block} -->"),
        "unclosed textarea before it": page(block, before="<textarea>"),
        "twice": page(block + block),
        "outside main": page(block, main="div"),
        "at the end": page("", after=LONG * 2 + block),
        "inline style": page(aside(general, 'style="display:none"')),
        "inline important": page(aside(general, 'style="color:#fdfdfb!important"')),
        "as a picture": page(f'<img alt="{general.text}" src="data:image/png;base64,AA">'),
        "foreign style sheet": page(block, head='<link rel="stylesheet" href="https://example.org/a.css">'),
        "script": page(block, head="<script>document.querySelector('aside').remove()</script>"),
        "struck out": page(block.replace("<p>", "<p><del>").replace("</p>", "</del></p>")),
        "reversed": page(block.replace("<p>", "<p><bdo dir='rtl'>").replace("</p>", "</bdo></p>")),
    }


def test_markup_that_hides_or_alters_a_disclaimer_is_found(general: DisclaimerBlock, aside: Aside) -> None:
    missed = [name for name, data in hidden_by_markup(general, aside).items() if not prove(data, [general])[0]]
    assert missed == []


#: Styles of a house that leave the disclaimers readable.
SHOWN = {
    "as it comes": "",
    "grey that is dark enough": "body { color: #595959 }",
    "a dark page": "html { background: #123; color: #fff }",
    "larger type": "html { font-size: 150% }",
    "fluid type": "body { font-size: clamp(.95rem, 1.2vw + .5rem, 1.3rem) }",
    "two columns": ".text { columns: 2 18em }",
    "a narrow page": "main { max-width: 30rem; padding: 1rem }",
    "a tint": ".abstract { background: rgb(255 0 0 / 8%); border-radius: 8px; padding: 1em }",
    "a sign before headings": "h2::before { content: '\\26A0  ' }",
    "hover": "a:hover { color: #900 }",
    "print rules": "@media print { main { max-width: 100% } aside { break-inside: avoid; border: 1pt solid #000 } }",
    "high contrast wish": "@media (prefers-contrast: more) { table { border-width: 3px } }",
    "drop capitals": ".text > section > p:first-of-type::first-letter { font-size: 3em; color: #a00 }",
    "wide page in print": "@page { size: A5; margin: 12mm }",
}


@pytest.mark.parametrize("css", SHOWN.values(), ids=list(SHOWN))
def test_a_style_that_shows_a_disclaimer_passes(general: DisclaimerBlock, aside: Aside, css: str) -> None:
    findings, measures = prove(page(aside(general), css), [general], "text.html")
    assert [finding.message for finding in findings] == []
    assert measures[0].contrast
    assert measures[0].contrast >= 4.5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<nav><ol><li>" + "A heading of the contents. " * 400 + "</li></ol></nav>", ""),
        ("<!-- a comment --><p class='abstract'>" + "Words. " * 200 + "</p>", "<section><h2>One</h2></section>"),
    ],
)
def test_contents_and_an_abstract_may_come_first(
    general: DisclaimerBlock, aside: Aside, before: str, after: str
) -> None:
    assert prove(page(aside(general), before=before, after=after), [general])[0] == []


def test_links_and_emphasis_inside_are_part_of_the_words(general: DisclaimerBlock, aside: Aside) -> None:
    block = aside(general).replace(
        "health professional about", "<a href='#x'><strong>health</strong> professional</a> about"
    )
    assert prove(page(block), [general])[0] == []


def test_the_measure_says_where_and_how_it_shows(general: DisclaimerBlock, aside: Aside) -> None:
    _, measures = prove(page(aside(general)), [general], "a.html")
    entry = manifest(measures)[0]
    assert entry["where"] == ID
    assert entry["contrast"] == pytest.approx(8.27, abs=0.01)  # the heading, brown on cream
    assert entry["font_size"] == pytest.approx(16, abs=0.01)
    assert entry["file"] == "a.html"


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("font-weight: 700", "font-weight: 400", "PRF067", "bold"),
        ("max(1em, 16px)", "max(.5em, 9pt)", "PRF066", "12.0 pixels"),
        ("border-left-width: 4px", "border-left-width: 0", "PRF071", "no border"),
        ("color: #1c1917", "color: #c1c1c1", "PRF065", "contrast"),
        ("opacity: 1 ", "opacity: .2 ", "PRF064", "hidden by opacity: .2"),
        ("text-indent: 0 ", "text-indent: -99em ", "PRF064", "text-indent: -99em"),
        ("display: block", "display: none", "PRF064", "hidden by display: none"),
        ("position: static", "position: absolute", "PRF064", "hidden by position: absolute"),
        ("content: none", "content: 'Not so:'", "PRF061", "adds to it"),
        ("line-height: 1.45", "line-height: .1", "PRF064", "line-height: .1"),
    ],
)
def test_the_look_of_the_statement_itself_is_measured(
    dshea: DisclaimerBlock, aside: Aside, old: str, new: str, rule: str, words: str
) -> None:
    data = page(aside(dshea))
    assert prove(data, [dshea])[0] == []
    assert old.encode() in data
    found = prove(data.replace(old.encode(), new.encode()), [dshea])[0]
    assert [finding for finding in found if finding.rule == rule and words in finding.message]


PIECES = r"""
aside { } ; : color font background calc( var(--x ) , 12px 50% red !important @media @layer @import (width < = url( ' " /*
& :is( ::before content \ 0 - --x inherit rgb( / em #fff transform scale( clip-path animation * not and
"""
CSS_PARTS = st.lists(st.sampled_from([*PIECES.split(), "\n"]), max_size=40)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CSS_PARTS)
def test_no_style_sheet_breaks_the_proof(general: DisclaimerBlock, aside: Aside, parts: list[str]) -> None:
    css = " ".join(parts)
    _, measures = prove(page(aside(general, f'style="{html.escape(css)}"'), css, web=""), [general])
    assert len(measures) <= 1


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"<main>", "<!doctype html><p>ä".encode("utf-16")])
def test_a_page_without_the_disclaimer_is_not_taken_for_proved(general: DisclaimerBlock, data: bytes) -> None:
    assert [finding.rule for finding in prove(data, [general])[0]] == ["PRF060"]


def test_a_page_without_the_protection_or_with_more_after_it_is_not_taken_for_proved(
    general: DisclaimerBlock, aside: Aside
) -> None:
    assert prove(page(aside(general)).replace(sheets.protection().encode(), b""), [general])[0]
    assert prove(page(aside(general), last="p { color: #123 }"), [general])[0]


def test_a_rule_for_everything_does_not_print_the_head_of_the_page(general: DisclaimerBlock, aside: Aside) -> None:
    root = tinyhtml5.parse(page(aside(general), "* { display: block }"), namespace_html_elements=False)
    sheet = opened(cssselect2.ElementWrapper.from_html_root(root), "web")
    unseen = [one for one in sheet.root.iter_subtree() if one.local_name in {"head", "title", "style"}]
    assert len(unseen) == 3
    for cascade in sheet.sheet.cascades(("screen", "print"), unseen):
        assert {cascade.styled(one).words("display") for one in unseen} == {"none"}
