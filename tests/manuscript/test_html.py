"""HTML in a manuscript: what carries meaning is read, the rest is reported once, and no words are lost or joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubkit import manuscript
from pubkit.boundary import pandoc
from pubkit.manuscript.html import places
from pubkit.manuscript.model import Manuscript
from pubkit.manuscript.tree import (
    BlockQuote,
    Figure,
    Header,
    Image,
    Link,
    RawBlock,
    RawInline,
    Table,
    encode,
    every,
    nodes,
    plain_text,
)
from pubkit.project import loading

from ..conftest import Publish


def read(folder: Path) -> Manuscript:
    return manuscript.read(loading.load(folder))


def html(text: Manuscript) -> str:
    """The text as pandoc prints it, in one line."""
    page = pandoc.convert(encode(text.document.tree), "html5", ["--wrap=none"]).decode()
    return page.replace("\n", " ").strip()


def said(text: Manuscript) -> list[tuple[str, int, int]]:
    return [(one.rule, one.location.line, one.location.column) for one in text.findings if one.location]


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("3×10<sup>5</sup> and H<SUB>2</SUB>O", "<p>3×10<sup>5</sup> and H<sub>2</sub>O</p>"),
        ("5 mg<br>10 mg<br/>20 mg", "<p>5 mg<br /> 10 mg<br /> 20 mg</p>"),
        ("<em>a</em> <i>b</i> <cite>c</cite> <var>d</var>", "<p><em>a</em> <em>b</em> <em>c</em> <em>d</em></p>"),
        ("<b>a *b*</b> <strong>c</strong>", "<p><strong>a <em>b</em></strong> <strong>c</strong></p>"),
        ("<u>a</u> <s>b</s> <del>c</del>", "<p><u>a</u> <del>b</del> <del>c</del></p>"),
        ("a <kbd>Ctrl</kbd> <tt>x y</tt>", "<p>a <code>Ctrl</code> <code>x y</code></p>"),
        ("<mark>a</mark> <q>b</q>", "<p><mark>a</mark> “b”</p>"),
        ('<abbr title="blood pressure">BP</abbr>', '<p><abbr title="blood pressure">BP</abbr></p>'),
        ('<a id="x"></a><a name="y">z</a>', '<p><span id="x"></span><span id="y">z</span></p>'),
        ('<span lang="fr" dir="ltr">mot</span>', '<p><span lang="fr" dir="ltr">mot</span></p>'),
        ("<font>a</font>b <wbr>c", "<p>ab c</p>"),
        ("<p align='center'>a *b*</p>", "<p>a <em>b</em></p>"),
        ("<center>a</center>\n\nb", "<p>a</p> <p>b</p>"),
        ("<ul>\n<li>a *b*</li>\n<li>c\n</ul>", "<ul> <li>a <em>b</em></li> <li>c</li> </ul>"),
        ("<ol start=3 type=a><li>x</li></ol>", '<ol start="3" type="a"> <li>x</li> </ol>'),
        ("<dl><dt>t<dd>d</dl>", "<dl> <dt>t</dt> <dd> d </dd> </dl>"),
        ("<blockquote>q</blockquote><hr>", "<blockquote> <p>q</p> </blockquote> <hr />"),
        ("a\n\n<pre>b  *b*\n &lt;c&gt;</pre>", "<p>a</p> <pre><code>b  *b*  &lt;c&gt;</code></pre>"),
        (
            "<details><summary>More</summary>\n\nAll *of* it.\n\n</details>",
            "<p><strong>More</strong></p> <p>All <em>of</em> it.</p>",
        ),
        ("a\n\n<ins>\n\nb\n\n</ins>", "<p>a</p> <p><u>b</u></p>"),
        ("`<b>x</b> y`{=html}", "<p><strong>x</strong> y</p>"),
        ("```{=html}\n<p>a<sub>2</sub></p>\n<table><tr><td>b</td></tr></table>\n```", None),
        ("a <!-- not this --> b", "<p>a b</p>"),
    ],
)
def test_html_that_means_something_is_read(publication: Publish, source: str, printed: str | None) -> None:
    found = read(publication(f"{source}\n"))
    assert found.findings == ()
    assert not [node for node in nodes(found.document.tree.blocks) if isinstance(node, RawInline | RawBlock)]
    assert printed is None or " ".join(html(found).split()) == " ".join(printed.split())


def test_a_table_keeps_its_head_its_caption_and_its_spans(publication: Publish) -> None:
    source = (
        "<table border=1>\n<caption>Doses *here*</caption>\n<thead><tr><th>Drug<th>Dose</thead>\n"
        "<tr><td rowspan=2>*A* [@page2021]<td align=right>5 mg\n"
        "<tr><td style='text-align: center'>3×10<sup>2</sup>\n</table>\n"
    )
    found = read(publication(source))
    assert found.findings == ()
    [table] = every(Table, found.document.tree.blocks)
    assert [len(table.columns), len(table.head.rows), len(table.bodies[0].body)] == [2, 1, 2]
    assert plain_text(table.caption.blocks) == "Table\u00a01. Doses here"
    cells = [cell for row in table.rows for cell in row.cells]
    assert [(plain_text(cell.content), cell.row_span, cell.alignment.t) for cell in cells] == [
        ("Drug", 1, "AlignDefault"),
        ("Dose", 1, "AlignDefault"),
        ("A [@page2021]", 2, "AlignDefault"),
        ("5 mg", 1, "AlignRight"),
        ("3×102", 1, "AlignCenter"),
    ]
    assert [(one.key, one.location.line) for one in found.citations] == [("page2021", 4)]


def test_a_figure_is_one(publication: Publish, picture: bytes) -> None:
    source = (
        '<figure id="fig:a">\n<img src="a.png" alt="Three &amp; more bars" width="50%" loading=lazy>\n'
        "<figcaption>What @page2021 say</figcaption>\n</figure>\n\nSee @fig:a.\n"
    )
    found = read(publication(source, files={"a.png": picture}))
    assert found.findings == ()
    [figure] = every(Figure, found.document.tree.blocks)
    [image] = every(Image, figure.content)
    assert (plain_text(image.content), image.attr.pairs) == ("Three & more bars", [("width", "50%")])
    [shown] = found.document.images
    assert (shown.alt, shown.location.line, shown.location.column) == ("Three & more bars", 2, 11)
    assert found.document.labels["fig:a"].text == "Figure\u00a01"


def test_a_table_without_cells_is_none(publication: Publish) -> None:
    found = read(
        publication(
            "A.\n\n<table></table>\n\n<table><caption>B *c*</caption><tr></tr></table>\n\n<table><tr><td>d</table>\n"
        )
    )
    tables = list(every(Table, found.document.tree.blocks))
    assert [plain_text(table) for table in tables] == ["d"]
    assert plain_text(found.document.tree.blocks[1]) == "B c"


def test_links_in_html_are_under_the_policy_of_links(publication: Publish) -> None:
    source = (
        '<a href="https://www.example.org/a" target=_blank rel="noopener">one</a> <a href="#two">two</a>\n\n'
        '<h2 id="two">Two</h2>\n\n<a href="JavaScript:alert(1)">three</a> <a href="data.xlsx">four</a>\n'
    )
    found = read(publication(source))
    assert said(found) == [("SRC046", 5, 10), ("SRC050", 5, 50)]
    links = [link.target.url for link in every(Link, found.document.tree.blocks)]
    assert links == ["https://www.example.org/a", "#two"]
    assert "three four" in plain_text(found.document.tree.blocks)


def test_headings_of_html_have_ids_of_their_own(publication: Publish) -> None:
    found = read(publication("# Two words\n\n<h1>Two words</h1>\n\n<h2 align=center>*Three*</h2>\n\nText.\n"))
    headers = [(one.level, one.attr.identifier) for one in every(Header, found.document.tree.blocks)]
    assert headers == [(1, "two-words"), (1, "two-words-1"), (2, "three")]
    assert [heading.text for heading in found.document.headings] == ["Two words", "Two words", "Three"]


def test_one_finding_names_each_kind_of_element_and_its_places(publication: Publish) -> None:
    source = "a <foo>b</foo>c\n\n`<foo>` is code\n\n<foo>d</foo> <bar>e</bar>\n\n<foo>f</foo>\n\n<foo>g</foo>\n"
    found = read(publication(source))
    assert said(found) == [("SRC041", 1, 3), ("SRC041", 5, 14)]
    assert found.findings[0].message == (
        "The HTML element <foo> is not one that pubkit reads (4 places, lines 1, 5, 7, ...)."
    )
    assert plain_text(found.document.tree.blocks) == "a b c<foo> is coded efg"


def test_tags_in_code_and_comments_are_not_taken_for_the_place_of_another(publication: Publish) -> None:
    source = (
        "`` <foo> ` `` and `<foo>`\n\n```html\n<foo>\n```\n\n~~~~\n<foo>\n~~~\n<foo>\n~~~~\n\n<!-- <foo> -->\n\n"
        "Text ` <foo>x</foo> -- ``` y.\n"
    )
    assert said(read(publication(source))) == [("SRC041", 15, 8)]


def test_marks_that_are_never_closed_cost_no_time(publication: Publish) -> None:
    """Pandoc's own time grows with the square of the fences, so that it is given a few."""
    few, many = ("\n".join("`" * length for length in range(most, 2, -1)) for most in (60, 600))
    lines = "a ~~~ --> ``` b ` c\n"
    assert said(read(publication(f"Text <foo>x</foo>.\n\n{lines * 2000}\n{few}\n")))[0] == ("SRC041", 1, 6)
    assert places.offsets_by_name(f"{many}\n{lines * 20_000}~~~\n<foo>\n<bar>") == {
        "foo": [len(many) + 1 + 20_000 * len(lines) + 4],
        "bar": [len(many) + 1 + 20_000 * len(lines) + 10],
    }


def test_a_placeholder_in_angle_brackets_is_text(publication: Publish) -> None:
    found = read(publication("Write <your name>, see <wiki:this> and <toc/> end.\n"))
    assert " ".join(html(found).split()) == "<p>Write &lt;your name&gt;, see &lt;wiki:this&gt; and end.</p>"
    assert [one.rule for one in found.findings] == ["SRC041"] * 3


def test_what_is_left_out_costs_itself_and_is_seen(publication: Publish) -> None:
    source = (
        "<iframe src='https://www.example.org'></iframe>\n\nA <video src=a.mp4 controls>film</video>.\n\n"
        "<form><input name=q> Words <select><option>one</option></select></form>\n\n"
        "```{=html}\n<object data=x>kept</object>\n```\n\n```{=latex}\nlost\n```\n\n`\\newpage`{=latex}\n"
    )
    found = read(publication(source))
    page = html(found)
    for words in (
        "[embedded page left out]",
        "[video left out]",
        "film",
        "[form field left out]",
        "Words",
        "one",
        "kept",
    ):
        assert words in page
    assert page.count("[object left out]") == page.count("[latex left out]") == 1
    [place] = [one.location for one in found.findings if one.location and "<object>" in one.message]
    assert found.written[place.file].split("\n")[place.line - 1].startswith("<object")
    assert "lost" not in page
    assert {one.rule for one in found.findings} == {"SRC040", "SRC041"}
    assert all(one.blocks for one in found.findings)


def test_an_attribute_costs_itself(publication: Publish) -> None:
    source = 'A [word]{style="color:red"}, <span style="color:red">a span</span> and <b onclick=x() data-a=b>c</b>.\n'
    found = read(publication(source))
    assert [(rule, line) for rule, line, _ in said(found)] == [("SRC042", 1), ("SRC042", 1), ("SRC043", 1)]
    assert html(found) == "<p>A word, a span and <strong>c</strong>.</p>"


@pytest.mark.parametrize(
    "source",
    [
        "<div><center>\n\na\n\n</div>\n\nb <i>c\n",
        "</div></p></table>\n\na\n\n<td>b</td>\n\nc\n",
        "<table>\n\na\n\n<tr>b<td>c</table>\n",
        "<b>a\n\nb</i> c\n",
        "**a <sub>b** c</sub>\n",
        "<ul>a<li>b</ul>c\n",
        "<foo <b>a</b> b c\n",
        "<table><tr><td>a<table><tr><td>b</table></table>c\n",
        "<p>a<p>b<div>c\n",
        "<center>" * 500 + "abc\n",
        "<b>" * 500 + "abc\n",
    ],
)
def test_no_word_is_lost_where_tags_do_not_match(publication: Publish, source: str) -> None:
    text = plain_text(read(publication(source)).document.tree.blocks)
    assert [letter for letter in text if letter in "abc"] == list("abc")


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("Take &#x202E;05&#32;mg.", 6),
        ("Take <b>&#8238;05</b> mg.", 9),
        ("Take ^[Or &#x000202e;05 mg.] none.", 11),
        ("Take $x$, `y`, [5 mg](https://example.org/ 'a &#x202E; title').", 47),
        ("Take [5 mg](https://example.org/a&#x202E;b).", 34),
        ("Take 5 mg.\n\n| a |\n|---|\n| 5 &#x202E;mg |\n", 5),
    ],
)
def test_no_hidden_character_comes_in_by_its_number(publication: Publish, source: str, column: int) -> None:
    found = read(publication(source))
    assert [(rule, at) for rule, _, at in said(found)] == [("SRC002", column)]
    assert "\u202e" not in encode(found.document.tree).decode()


def test_isolates_are_accepted_as_characters_and_refused_by_number(publication: Publish) -> None:
    typed = "The words \u2067\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd\u2069 greet."
    assert said(read(publication(typed))) == []
    assert {rule for rule, *_ in said(read(publication("Take &#x2067;05 mg.&#x2069;")))} == {"SRC002"}


def test_hidden_characters_may_be_shown_as_code(publication: Publish) -> None:
    assert said(read(publication("Write `&#x202E;` or `&#8238;` to turn the direction.\n"))) == []


def test_spans_of_any_size_cost_no_memory(publication: Publish) -> None:
    source = "<table><tr>" + "<td colspan=100000000 rowspan=99999999>a</td>" * 200 + "</tr></table>\n"
    found = read(publication(source))
    assert [one.rule for one in found.findings] == ["SRC047"]
    [table] = every(Table, found.document.tree.blocks)
    assert len(table.columns) == 200


def test_rows_that_reach_into_each_other_cost_no_time(publication: Publish) -> None:
    source = "<table>" + "<tr><td colspan=999 rowspan=999>a</td></tr>\n" * 1000 + "</table>\n"
    found = read(publication(source))
    assert [one.rule for one in found.findings] == ["SRC047"]
    [table] = every(Table, found.document.tree.blocks)
    assert len(table.columns) == 1


def test_words_are_found_again_behind_html(publication: Publish) -> None:
    source = "<table>\n<tr><td>One cell</td></tr>\n</table>\n\n"
    source += "<blockquote>\n\nA *quotation* [@page2021]\n\n</blockquote>\n\nThe end.\n"
    found = read(publication(source))
    assert any(every(BlockQuote, found.document.tree.blocks))
    places = {
        block.text.strip(): block.location.line
        for block in found.document.blocks
        if block.location.file.endswith(".md")
    }
    assert places == {"One cell": 2, "A quotation": 7, "The end.": 11}
