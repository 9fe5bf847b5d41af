"""Figures and tables that move while a document is laid out: it is the one that WeasyPrint makes of the moved text."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
import weasyprint
from weasyprint import layout

from pubkit.render.pdf import paging, placing
from pubkit.render.pdf.weasy import page_of

CSS = """@page { size: 400px 560px; margin: 30px 30px 50px; @bottom-center { content: counter(page) } }
body, p, figure, table { margin: 0; font: 14px/18px monospace } figure, table, h2 { break-inside: avoid }
section { break-before: page } h2 { break-after: avoid; margin: 18px 0 } figure { margin: 18px 0 }
p { orphans: 2; widows: 2 } p + p { text-indent: 20px } .footnote { float: footnote; text-indent: 0 }
.contents a::after { content: " " target-counter(attr(href), page) } table { width: 100% }"""
PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='90' height='{}'/%3E"


def text(seed: int) -> str:
    """Two chapters with contents, notes, figures and tables of any height, which paragraphs mention."""
    chance = random.Random(seed)
    words = ["dose", "sleep", "of", "people", "and", "evidence", "with", "trial", "who", "pain"]
    chapters = []
    for chapter in range(2):
        parts = [f'<h2 id="c{chapter}">{chance.choice(words)}</h2>']
        for number in range(24):
            note = (
                f'<span class="footnote">{" ".join(chance.choices(words, k=9))}</span>' if chance.random() < 0.2 else ""
            )
            link = f'<a href="#f{chapter}-{number}">it</a> ' if number % 4 == 3 else ""
            parts.append(f"<p>{link}{' '.join(chance.choices(words, k=chance.randint(8, 70)))}{note}</p>")
            if number % 4 == 3:
                height = chance.randint(90, 330)
                image = f'<img src="{PICTURE.format(height)}" style="display: block" alt="">'
                rows = "".join(f"<tr><td>{chance.choice(words)}</td></tr>" for _ in range(height // 20))
                name = f'id="f{chapter}-{number}"'
                parts.append(
                    f"<figure {name}>{image}<figcaption>A figure</figcaption></figure>"
                    if chance.random() < 0.6
                    else f"<table {name}><caption>A table</caption><tbody>{rows}</tbody></table>"
                )
        chapters.append(f"<section>{''.join(parts)}</section>")
    contents = '<p class="contents"><a href="#c0">one</a> <a href="#c1">two</a></p>'
    return f"<style>{CSS}</style><body>{contents}<div class=text>{''.join(chapters)}</div>"


def printed(document: Any) -> list[list[tuple[str, float, float]]]:
    """All text of each page, with its place."""
    return [
        [(one.text, one.position_x, one.position_y) for one in page._page_box.descendants() if hasattr(one, "text")]
        for page in document.pages
    ]


@pytest.mark.parametrize("seed", [3, 14])
def test_what_moves_while_pages_are_made_is_where_the_moved_text_has_it(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "make_all_pages", layout.make_all_pages)
    assert paging.prepare()
    page = weasyprint.HTML(string=text(seed))
    before = copy.deepcopy(page.etree_element)
    whole = []

    def lay_out(root: Any) -> Any:
        whole.append(root is page.etree_element)
        return (page if whole[-1] else page_of(root, page)).render()

    placed = placing.settled(page.etree_element, lay_out)
    assert [one.get("id") for one in before.iter()] != [one.get("id") for one in page.etree_element.iter()]
    assert whole.count(True) == 1
    assert printed(placed) == printed(page.render())


def test_another_weasyprint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "make_all_pages", lambda context, html: None)
    assert not paging.prepare()
