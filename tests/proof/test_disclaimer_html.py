"""A disclaimer that a browser would hide is found missing, however it is hidden; one that shows is left in peace."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import cssselect2
import pytest
import tinyhtml5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pubkit import catalogue
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.proof.css.media import Environment
from pubkit.proof.css.shown import font_size, share, word
from pubkit.proof.disclaimer_html import prove
from pubkit.proof.disclaimer_page import opened
from pubkit.proof.measure import manifest

Aside = Callable[..., str]
ID = "#pubkit-disclaimer-general"
LONG = "<p>" + "The leaves are chewed, or brewed as tea. " * 200 + "</p>"
WEB = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fdfdfb; --rule: #999; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #15171a; --rule: #555; } }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1.0625rem/1.5 "Source Serif Pro", serif; }
main { max-width: 40rem; margin: 0 auto; padding: 1rem; }
a { color: light-dark(#004a99, #8ab8ff); }
.pubkit-disclaimer { border: 1px solid var(--rule); padding: .8em 1em; margin: 1em 0; font-size: .95em; }
.pubkit-disclaimer .heading { font-weight: 600; }
@media print { body { font-size: 10.5pt; color: #000; background: none; } }
"""


def page(block: str, css: str = "", *, before: str = "", after: str = "", head: str = "", main: str = "main") -> bytes:
    style = f"<style>{WEB}</style><style>{css}</style>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kratom</title>{head}{style}</head><body>'
        f"<{main}><h1>Kratom</h1><p>By A. Author</p>{before}{block}{after}<h2>Effects</h2>{LONG}</{main}></body></html>"
    ).encode()


#: Ways to hide the general block: rules of a style sheet.
HIDDEN_BY_STYLE = {
    "display none": f"{ID} {{ display: none }}",
    "display none on dark screens only": f"@media (prefers-color-scheme: dark) {{ {ID} {{ display: none }} }}",
    "display none on phones only": f"@media (max-width: 40em) {{ {ID} {{ display: none }} }}",
    "display none in print only": "@media print { aside { display: none !important } }",
    "visibility": "aside p { visibility: hidden }",
    "opacity": f"{ID} {{ opacity: .05 }}",
    "white on white by a variable": f"{ID} {{ color: var(--c, #fff) }} :root {{ --c: #fdfdfb }}",
    "light grey": f"{ID} {{ color: #ddd; background: white }}",
    "transparent letters": f"{ID} {{ -webkit-text-fill-color: transparent }}",
    "tiny type": f"{ID} {{ font-size: 4px }}",
    "tiny type by em": "main { font-size: .5em } aside p { font-size: .9em }",
    "off the screen": f"{ID} {{ position: absolute; left: -9999px }}",
    "clipped to nothing": f"{ID} {{ height: 0; overflow: hidden; padding: 0 }}",
    "folded to two lines": f"{ID} {{ max-height: 3em; overflow: auto }}",
    "old clip": f"{ID} {{ position: absolute; clip: rect(0 0 0 0) }}",
    "clipping path": f"{ID} {{ clip-path: inset(100%) }}",
    "scaled": f"{ID} {{ transform: scale(.2) }}",
    "indented away": f"{ID} {{ text-indent: -9999px }}",
    "no line height": f"{ID} {{ line-height: 0 }}",
    "blurred": f"{ID} {{ filter: blur(4px) }}",
    "faded by a filter": f"{ID} {{ filter: opacity(5%) }}",
    "content-visibility": f"main {{ content-visibility: hidden }} {ID} {{ display: block }}",
    "masked": f"{ID} {{ -webkit-mask-image: linear-gradient(transparent, transparent) }}",
    "covered by an overlay": "body::after { content: ''; position: fixed; inset: 0; background: #fdfdfb; z-index: 9 }",
    "covered by its own overlay": f"{ID}::before {{ content: ''; position: absolute; inset: 0; background: #fff }}",
    "covered by what follows": "h2 { position: relative; top: -20em; padding-bottom: 20em; background: #fff }",
    "animated away": f"@keyframes gone {{ to {{ opacity: 0 }} }} {ID} {{ animation: gone 1s forwards }}",
    "words added": f"{ID}::before {{ content: 'Ignore this:' }}",
    "a later layer": f"@layer base, late; @layer late {{ {ID} {{ color: #fdfdfb !important }} }}",
    "nesting": f"main {{ & {ID} {{ display: none }} }}",
    "imported": "@import url('data:text/css;base64,"
    + base64.b64encode(f"{ID} {{ display: none !important }}".encode()).decode()
    + "');",
    "an invalid colour after the one that counts": f"{ID} {{ color: #fdfdfb; color: nonsense }}",
    "a logical property": f"{ID} {{ inset-inline-start: -200vw; position: relative }}",
    "a narrow box": f"{ID} {{ width: 1px; overflow: hidden }}",
    "only the first line": "aside p::first-line { color: #fdfdfb }",
    "over a picture": f"{ID} {{ background-image: url(data:image/png;base64,AAAA) }}",
    "a selector no one can judge": f"{ID}:state(gone) {{ display: none }}",
}


@pytest.mark.parametrize("css", HIDDEN_BY_STYLE.values(), ids=list(HIDDEN_BY_STYLE))
def test_a_style_that_hides_a_disclaimer_is_found(general: DisclaimerBlock, aside: Aside, css: str) -> None:
    findings, _ = prove(page(aside(general), css), [general])
    assert findings
    assert all(finding.rule in catalogue.entries() and finding.remedy.endswith(".") for finding in findings)


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


#: Ways to style a disclaimer that leave it readable.
SHOWN = {
    "as it comes": "",
    "white on dark blue": f"{ID} {{ background: #123; color: #fff; border: none }}",
    "a tint": f"{ID} {{ background: light-dark(#fff8e1, #33290a) }}",
    "a gradient": f"{ID} {{ background: linear-gradient(#fff, #e8eef5); color: #111 }}",
    "translucent tint": f"{ID} {{ background: rgb(255 0 0 / 8%) }}",
    "grey that is dark enough": f"{ID} {{ color: light-dark(#595959, #bbb) }}",
    "large type": f"{ID} {{ font: bold 1.25rem/1.4 sans-serif }}",
    "fluid type": f"{ID} {{ font-size: clamp(.95rem, 1.2vw + .5rem, 1.3rem) }}",
    "rounded, shadowed": f"{ID} {{ border-radius: 8px; box-shadow: 0 1px 4px #0003; overflow: hidden }}",
    "two columns": "main { columns: 2 18em }",
    "a sidebar grid": "main { display: grid; grid-template-columns: minmax(0, 1fr) } @media (min-width: 60em) "
    "{ main { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); max-width: 70rem } }",
    "a sign before it": f"{ID} .heading::before {{ content: '\\26A0  ' }}",
    "layers": f"@layer base {{ {ID} {{ color: #fdfdfb }} }} {ID} {{ color: light-dark(#222, #ddd) }}",
    "important over a bad rule": f"{ID} {{ display: none }} .pubkit-disclaimer {{ display: block !important }}",
    "a bad rule for something else": "aside.advertisement { display: none } main > nav { position: absolute; left: -99em }",
    "skip link off the screen": "a.skip { position: absolute; left: -999em; background: #fff }",
    "hover": f"{ID}:hover {{ opacity: .2 }}",
    "print rules": "@media print { nav { display: none } aside { break-inside: avoid; border: 1pt solid #000 } }",
    "colours of CSS level 4": f"{ID} {{ background: oklch(97% .02 250); color: oklch(30% .05 250) }}",
    "a mixed colour": f"{ID} {{ color: color-mix(in srgb, CanvasText 90%, Canvas) }}",
    "a small shift": f"{ID} {{ transform: translateY(2px); position: relative; left: 4px }}",
    "a fade that keeps contrast": f"{ID} {{ opacity: .9 }}",
    "a decoration behind the title": "h1 { position: relative } h1::before { content: ''; position: absolute; inset: 0; "
    "background: #cde; z-index: -1 }",
    "an animation of a button": "@keyframes spin { to { transform: rotate(1turn) } } .button { animation: spin 2s }",
    "unknown properties": f"{ID} {{ text-wrap: pretty; hanging-punctuation: first; -webkit-hyphens: auto }}",
    "vendor selectors": "::-webkit-scrollbar { width: 0; color: #fff } button::-moz-focus-inner { opacity: 0 }",
    "app layout": "html, body { height: 100% } body { display: flex; flex-direction: column; overflow-y: auto }",
    "wide page in print": "@page { size: A5; margin: 12mm }",
    "high contrast wish": "@media (prefers-contrast: more) { aside { border-width: 3px } }",
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
    _, measures = prove(
        page(aside(general), f"{ID} {{ color: #767676; background: #fff; font-size: 16px }}"), [general], "a.html"
    )
    entry = manifest(measures)[0]
    assert entry["where"] == ID
    assert entry["contrast"] == pytest.approx(4.54, abs=0.01)
    assert entry["font_size"] == 16
    assert entry["file"] == "a.html"


STATUTORY = ".pubkit-disclaimer { font-weight: bold; font-size: 11pt; border: 1pt solid; }"


@pytest.mark.parametrize(
    ("css", "rule"),
    [
        (".pubkit-disclaimer { font-weight: normal }", "PRF067"),
        ("aside p { font-weight: lighter }", "PRF067"),
        (".pubkit-disclaimer { font-size: 9pt }", "PRF066"),
        (".pubkit-disclaimer { border-left: none }", "PRF071"),
    ],
)
def test_the_statutory_statement_is_bold_large_and_boxed(
    dshea: DisclaimerBlock, aside: Aside, css: str, rule: str
) -> None:
    assert prove(page(aside(dshea), STATUTORY), [dshea])[0] == []
    assert {finding.rule for finding in prove(page(aside(dshea), STATUTORY + css), [dshea])[0]} == {rule}


PIECES = r"""
aside { } ; : color font background calc( var(--x ) , 12px 50% red !important @media @layer @import (width < = url( ' " /*
& :is( ::before content \ 0 - --x inherit rgb( / em #fff transform scale( clip-path animation * not and
"""
CSS_PARTS = st.lists(st.sampled_from([*PIECES.split(), "\n"]), max_size=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CSS_PARTS)
def test_no_style_sheet_breaks_the_proof(general: DisclaimerBlock, aside: Aside, parts: list[str]) -> None:
    _, measures = prove(page(aside(general, f'style="{html.escape(" ".join(parts))}"'), " ".join(parts)), [general])
    assert len(measures) <= 1


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"<main>", "<!doctype html><p>ä".encode("utf-16")])
def test_a_page_without_the_disclaimer_is_not_taken_for_proved(general: DisclaimerBlock, data: bytes) -> None:
    assert [finding.rule for finding in prove(data, [general])[0]] == ["PRF060"]


BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
DESK = Environment("screen", 1280.0, 800.0, "light")
#: A browser reports an animation as far as it has run, and other colour spaces under their own names.
CASES = {name: css for name, css in {**HIDDEN_BY_STYLE, **SHOWN}.items() if name != "animated away"}
SCRIPT = """<script>onload = () => {
  const all = [...document.querySelectorAll('iframe')].map(frame =>
    [...frame.contentDocument.querySelectorAll('aside, aside p')].map(element => {
      const style = frame.contentWindow.getComputedStyle(element);
      return [style.fontSize, style.display, style.visibility, style.opacity, style.position];
    }));
  document.body.innerHTML = '<pre id="out">' + JSON.stringify(all) + '</' + 'pre>';
}</script>"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_computed_values_are_those_of_a_browser(
    general: DisclaimerBlock, aside: Callable[..., str], tmp_path: Path
) -> None:
    pages = {name: page(aside(general), css) for name, css in CASES.items()}
    frames = "".join(
        f'<iframe style="width:1280px;height:800px" srcdoc="{html.escape(data.decode())}"></iframe>'
        for data in pages.values()
    )
    (tmp_path / "all.html").write_text(f"<!doctype html><meta charset=utf-8>{SCRIPT}{frames}", "utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += ["--virtual-time-budget=5000", "--dump-dom", (tmp_path / "all.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    out = re.search(r'<body><pre id="out">(.*?)</pre>', done.stdout, re.DOTALL)
    assert out
    theirs = dict(zip(pages, json.loads(html.unescape(out[1])), strict=True))
    ours = {name: computed(data, general.identifier) for name, data in pages.items()}
    assert {name: values for name, values in ours.items() if values != rounded(theirs[name])} == {}


def rounded(values: list[list[str]]) -> list[tuple[float, bool, str, float, str]]:
    return [
        (round(float(size.removesuffix("px")), 2), display == "none", visibility, round(float(opacity), 3), position)
        for size, display, visibility, opacity, position in values
    ]


def computed(data: bytes, identifier: str) -> list[tuple[float, bool, str, float, str]]:
    opened_page = opened(cssselect2.ElementWrapper.from_html_root(tinyhtml5.parse(data, namespace_html_elements=False)))
    cascade = opened_page.cascades([DESK])[0]
    block = opened_page.find(identifier)[0]
    styled = [cascade.styled(element) for element in block.iter_subtree() if element.local_name in {"aside", "p"}]
    return [
        (
            round(font_size(one), 2),
            word(one, "display", "inline") == "none",
            word(one, "visibility", "visible"),
            round(share(one, "opacity", 1.0), 3),
            word(one, "position", "static"),
        )
        for one in styled
    ]
