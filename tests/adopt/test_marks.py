"""Marks of other tools are read as they mean them: mentions, citations, boxes, links."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import pubkit
from pubkit.cli.main import main
from pubkit.manuscript import read
from pubkit.manuscript.model import BlockKind
from pubkit.manuscript.tree import Div, Figure, Header, Math, OrderedList, Superscript, Table, every, plain_text
from pubkit.project import loading

from .laying import BIB, MYST, Lay, findings_of, headings, one, rules, words

TABLE = "\n\n| a |\n|---|\n| 1 |\n\n: Rows {#tbl-rows}\n"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("See @tbl-rows." + TABLE, "See Table 1."),
        ("See Table @tbl-rows." + TABLE, "See Table 1."),
        ("See ([-@tbl-rows])." + TABLE, "See (1)."),
        (r"See Table \@ref(tab:rows)." + TABLE.replace("tbl-", "tbl:"), "See Table 1."),
        (r"See \autoref{tab:rows}." + "\n\n| a |\n|---|\n| 1 |\n\n: Rows \\label{tab:rows}\n", "See Table 1."),
        (r"See Table \ref{tab:rows}." + "\n\n| a |\n|---|\n| 1 |\n\nTable: (\\#tab:rows) Rows\n", "See Table 1."),
        ("See {@tbl:rows}B." + TABLE.replace("tbl-", "tbl:"), "See Table 1B."),
        ("See {numref}`tbl-rows`." + TABLE, "See Table 1."),
        ("See {numref}`row %s <tbl-rows>`." + TABLE, "See row 1."),
        ("See {ref}`late`.\n\n(late)=\n# Late nights\n\nText.\n", "See Late nights."),
        ("See {ref}`this <late>`.\n\n(late)=\n# Late nights\n\nText.\n", "See this."),
        (r"See Chapter \@ref(late)." + "\n\n# Late {#late}\n\nText.\n", "See Chapter 1."),
        (r"See \@ref(eq:sum)." + "\n\n\\begin{equation}\na = b\n(\\#eq:sum)\n\\end{equation}\n", "See (1)."),
        (
            "See *@tbl:rows and* more, +@tbl:rows or *@tbl:rows." + TABLE.replace("tbl-", "tbl:"),
            "See Table 1 and more, ",
        ),
        ("See **@tbl:rows{nolink=True}**." + TABLE.replace("tbl-", "tbl:"), "See Table 1."),
        ("See [Rest [- 59\n-](#rest)](#rest).\n\n# Rest\n\nText.", "See Rest - 59 -."),
        (r"See \eqref{eq:sum}." + "\n\n\\begin{align}\na &= b \\label{eq:sum}\n\\end{align}\n", "See (1)."),
        ("See {eq}`sum`.\n\n```{math}\n:label: sum\na = b\n```\n", "See (1)."),
        ("See @eq-sum.\n\n$$\na = b\n$$ {#eq-sum}\n", "See Equation 1."),
    ],
)
def test_a_reference_of_any_tool_is_a_link_to_what_it_names(lay: Lay, text: str, printed: str) -> None:
    found = one(lay, text)
    assert printed in words(found)
    assert "[?]" not in words(found)
    assert not found.citations


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("{cite}`a1`", [("a1", "normal")]),
        ("{cite:p}`a1,b2`", [("a1", "normal"), ("b2", "normal")]),
        ("{cite:t}`a1`", [("a1", "in-text")]),
        (r"\citep{a1, b2}", [("a1", "normal"), ("b2", "normal")]),
        (r"\fullcite{a1}", [("a1", "normal")]),
        (r"\citet{a1}", [("a1", "in-text")]),
        (r"\citep[see][pp.~3--5]{a1}", [("a1", "normal")]),
    ],
)
def test_a_citation_of_any_tool_is_a_citation(lay: Lay, text: str, cited: list[tuple[str, str]]) -> None:
    assert [(one.key, one.mode) for one in one(lay, f"It is so {text}.\n").citations] == cited


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("::: {.callout-warning title='Do not mix'}\nBoxed.\n:::\n", "warning", "Do not mix"),
        ("::: callout-tip\n## A heading\n\nBoxed.\n:::\n", "tip", "A heading"),
        ("::: {.important}\nBoxed.\n:::\n", "important", "Important"),
        ("```{note}\nBoxed.\n```\n", "note", "Note"),
        (":::{warning} Take *care*\nBoxed.\n:::\n", "warning", "Take care"),
        ("```{admonition} By name\n:class: tip\nBoxed.\n```\n", "tip", "By name"),
        ("> [!CAUTION]\n> Boxed.\n", "caution", "Caution"),
        ("> [!note] Of Obsidian\n> Boxed.\n", "note", "Of Obsidian"),
        ('!!! danger "Of MkDocs"\n    Boxed.\n', "warning", "Of MkDocs"),
        (":::tip Of Docusaurus\n\nBoxed.\n\n:::\n", "tip", "Of Docusaurus"),
        ("```{block, type='rmdnote'}\nBoxed.\n```\n", "note", "Note"),
        ("{: .attention }\nBoxed.\n", "caution", "Caution"),
        ("Boxed.\n{: .warn}\n", "warning", "Warning"),
        ("{: .info }\n\n> Boxed.\n", "note", "Note"),
        ("{: .tip-title }\n> Of *Jekyll*\n>\n> Boxed.\n", "tip", "Of Jekyll"),
    ],
)
def test_a_box_of_any_tool_is_a_box_with_its_title(lay: Lay, text: str, kind: str, title: str) -> None:
    found = one(lay, f"Before.\n\n{text}\nAfter.\n")
    boxes = [part for part in every(Div, found.document.tree.blocks) if "callout" in part.attr.classes]
    assert [part.attr.classes for part in boxes] == [["callout", f"callout-{kind}"]]
    assert plain_text(boxes[0].content[0]).strip() == title
    assert plain_text(boxes[0].content[1:]).strip() == "Boxed."
    assert words(found) == f"Before. {title} Boxed. After."
    assert not found.document.headings


@pytest.mark.parametrize("directive", ["table", "list-table"])
def test_what_follows_a_table_is_read_like_any_other_text(lay: Lay, directive: str) -> None:
    rows = {"table": "| A |\n|---|\n| 5 |\n", "list-table": ":header-rows: 1\n\n* - A\n* - 5\n"}
    text = f"Before.\n\n```{{{directive}}} A caption\n{rows[directive]}```\n\n```{{note}}\nBoxed.\n```\n"
    found = one(lay, text).document.tree.blocks
    assert [plain_text(table.caption.blocks) for table in every(Table, found)] == ["Table\u00a01. A caption"]
    assert [part.attr.classes for part in every(Div, found) if part.attr.classes] == [
        ["callout", "callout-note"],
        ["callout-title"],
    ]


@pytest.mark.parametrize("directive", ["bibliography", "toctree"])
def test_a_directive_that_nothing_closes_hides_no_text(lay: Lay, directive: str) -> None:
    found = one(lay, f"Before.\n\n```{{{directive}}}\n\nAfter.\n")
    assert "After." in words(found)
    assert rules(found) == ["SRC105"]


@pytest.mark.parametrize("division", [".callout-tip", ".panel-tabset group=tools"])
def test_a_box_and_a_tab_have_no_sections(lay: Lay, division: str) -> None:
    text = f"# A\n\n::: {{{division}}}\n## Title\n\nWords.\n\n# Deep {{#sec:deep}}\n\n> ## Deeper\n:::\n\n# B\n"
    found = one(lay, text)
    assert headings(found) == ["A", "B"]
    assert words(found) == "A Title Words. Deep Deeper B"


def test_a_warning_box_can_be_seen_and_heard_in_every_format(lay: Lay, tmp_path: Path) -> None:
    folder = lay({"text.md": "Before.\n\n::: warning\nDo not drive.\n:::\n"})
    assert main(["build", str(folder), "--draft", "--only", "html,epub,txt", "--out", str(tmp_path / "out")]) == 0
    text = next(path for path in (tmp_path / "out").glob("text*.html")).read_text("utf-8")
    assert '<div class="callout callout-warning" role="note" aria-label="Warning">' in text
    assert "Warning\n\nDo not drive." in next((tmp_path / "out").glob("*.txt")).read_text("utf-8")


def test_words_of_a_picture_are_its_alternative_text_where_pandoc_makes_a_caption_of_them(
    lay: Lay, picture: bytes
) -> None:
    page = (
        "# Night {: #dark .wide }\n\n![Stars above a house](a.png)\n{: .align-centre }\n\n"
        '> ![A *lamp*](a.png "On"){: width="30" .right }\n\nSee [there](#dark){: target="_blank" }.\n\nRest.\n{: .note }\n'
    )
    folder = lay({"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": page})
    (folder / "docs/a.png").write_bytes(picture)
    found = read(loading.load(folder))
    assert [(one.alt, one.location.line) for one in found.document.images] == [
        ("Stars above a house", 3),
        ("A lamp", 6),
    ]
    assert not any(True for _ in every(Figure, found.document.tree.blocks))
    assert words(found).endswith("See there. Rest.")  # a class, and no box as on a site of Jekyll
    assert next(iter(every(Header, found.document.tree.blocks))).attr.identifier == "dark"


def test_pictures_of_obsidian_are_found_and_packages_are_no_citations(lay: Lay, picture: bytes) -> None:
    text = "# Night\n\n![[Pasted image 1.png|center|400]]\n\nSee ![[b.png|Two *beds*]] and [@scope/plugin](https://example.org).\n"
    folder = lay({"index.md": text, "deep/other.md": "# Day\n\n![[b.png]]\n"})
    (folder / "attachments").mkdir()
    for name in ("attachments/Pasted image 1.png", "b.png"):
        (folder / name).write_bytes(picture)
    found = read(loading.load(folder))
    shown = [(one.target, one.alt) for one in found.document.images]
    assert {alt for _, alt in shown} == {"", "Two *beds*"}
    assert sorted(found.pictures) == ["attachments/Pasted%20image%201.png", "b.png"]
    assert not found.citations
    assert "@scope/plugin" in words(found)


def test_what_is_meant_for_a_web_page_is_shown_in_every_format(lay: Lay) -> None:
    text = (
        '::: {.content-visible when-format="html"}\nOn screen.\n:::\n\n'
        '::: {.content-hidden when-format="html"}\nOn paper [@gone].\n:::\n\n'
        'A [click]{.content-visible unless-format="pdf"}[turn]{.content-visible when-format="docx"} away.\n'
    )
    found = one(lay, text, name="text.qmd")
    assert words(found) == "On screen. A click away."
    assert not found.citations
    notes = [note for note in found.findings if note.rule == "SRC107"]
    assert [(note.severity.value, note.location and note.location.line) for note in notes] == [("note", 5), ("note", 9)]


def test_citations_side_by_side_are_one(lay: Lay) -> None:
    found = one(lay, "Dim [@ray2019][see @lund2020, p. 3] light, [@a](https://example.org) `[@b][@c]` [x][@d].")
    assert [(each.key, each.location.column) for each in found.citations[:2]] == [("ray2019", 6), ("lund2020", 20)]
    assert words(found).startswith("Dim [@ray2019; see @lund2020, p. 3] light")


def test_a_mention_needs_no_space_in_scripts_that_have_none(lay: Lay) -> None:
    table = "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n: Naps {#tbl:naps}\n"
    found = one(lay, f"如@tbl:naps所示，見@tbl:naps。ann@tbl:naps.org{table}")
    assert words(found).replace("\u00a0", " ").startswith("如Table 1所示，見Table 1。ann@tbl:naps.org")


def test_commands_of_latex_may_run_over_a_line_and_lay_out_nothing_that_is_printed(lay: Lay) -> None:
    laid_out = "\\markboth{A}{B}\n\n\\setlength{\\parskip}{4pt}\n\n{\\begin{landscape}}\n\n"
    found = one(
        lay,
        laid_out
        + "S6K1\\textsuperscript{Thr389/\nThr412} of\\newline{}CO\\textsubscript{2} and \\textbf{two\nlines}.\n",
    )
    assert words(found) == "S6K1Thr389/ Thr412 of CO2 and two lines."
    assert [plain_text(part) for part in every(Superscript, found.document.tree.blocks)] == ["Thr389/ Thr412"]
    assert not [finding for finding in found.findings if finding.rule not in {"SRC100", "SRC103"}]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("A $d_{\\texttt{low}}$ dose.", "d_{\\texttt{low}}"),
        ("$$\nd = \\textbf{x}\n$$", "d = \\textbf{x}"),
        ("\\begin{equation}\nd = \\textit{x}\n\\end{equation}", "d = \\textit{x}"),
        ("The rest:\n\\[\n(a^2-b,\\ c_1)\n\\]\nis small.", "(a^2-b,\\ c_1)"),
    ],
)
def test_commands_for_type_in_a_formula_stay_tex(lay: Lay, text: str, tex: str) -> None:
    found = one(lay, f"Words.\n\n{text}\n")
    assert [math.text for math in every(Math, found.document.tree.blocks)] == [tex]
    assert not findings_of(found, "SRC032")


@pytest.mark.parametrize(
    ("html", "printed"),
    [
        ("<h2 class='x'>2.\tDiet</h2>\n<ul>\n<li>- 5 kg</li>\n</ul>\n<p>(3) Rest</p>", "2. Diet - 5 kg (3) Rest"),
        ("<table>\n<tr><td>* starred</td><td>> 65 years</td></tr>\n</table>\n\nText.", "* starred > 65 years Text."),
    ],
)
def test_what_an_element_has_on_its_line_is_no_list(lay: Lay, html: str, printed: str) -> None:
    found = one(lay, f"<div>\n{html}\n</div>\n")
    assert " ".join(block.text for block in found.document.blocks if block.kind is not BlockKind.METADATA) == printed
    assert not findings_of(found, "SRC072", "SRC125")


def test_an_id_in_the_words_of_a_picture_is_that_of_its_caption(lay: Lay) -> None:
    folder = lay({"text.md": "---\ntitle: A\n---\n\n![[]{#_Toc1 .anchor}Rest](none.png)\n\nSee [it](#_Toc1).\n"})
    assert not {"CIT012", "A11Y008"} & {finding.rule for finding in pubkit.check(folder / "text.md").findings}


def test_headings_and_signs_of_latex_are_those_of_the_text(lay: Lay) -> None:
    section = "\\section*{Two \\emph{kinds}}\\label{sec:two}\nSee \\ref{sec:two}.\n"
    found = one(lay, f"\\chapter{{Thanks}}\n\nAged \\textgreater{{}} 65, $a \\ldots b$.\n{section}")
    assert [(header.level, plain_text(header.content)) for header in every(Header, found.document.tree.blocks)] == [
        (1, "1 Thanks"),
        (2, "Two kinds"),
    ]
    assert words(found) == r"1 Thanks Aged > 65, a \ldots b. Two kinds See Two kinds."
    assert not findings_of(found, "SRC072")


def test_type_in_a_formula_stays_with_the_formula(lay: Lay) -> None:
    text = (
        "For $5 \\textbf{each} and $6, let $\\textit{v} = 1$ and \\emph{so}\n\n$$\\textbf{w} = 2$$\n\n"
        "\\begin{align}\\textbf{u}\\end{align}\n"
    )
    found = one(lay, text)
    formulas = [formula.text for formula in every(Math, found.document.tree.blocks)]
    assert formulas == ["\\textit{v} = 1", "\\textbf{w} = 2", "\\begin{aligned}\\textbf{u}\\end{aligned}"]
    assert words(found).startswith("For $5 each and $6, let \\textit{v} = 1 and so")


def test_notes_of_a_citation_in_latex_have_no_ties_of_tex(lay: Lay) -> None:
    assert "[see @a1; @b2, pp. 3" in words(one(lay, r"So \citep[see][pp.~3--5]{a1,b2}."))
    assert words(one(lay, r"So \citet[see][chap.~2]{a1} say.")).startswith("So see @a1 [chap. 2] say")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A\n\n```{figure} gone.png\n:alt: A\n\nWords\nof two lines.\n```\n", 3),
        ("A\n\n:::{image} gone.png\n:::\n", 3),
        ("A\n\n<p align='center'>\n<a href='b.html'><img src='gone.png'/></a></p>\n\nB\n", 4),
        ("A\n\n<figure>\n<figcaption>B</figcaption>\n<img src='gone.png'>\n</figure>\n\nC\n", 5),
    ],
)
def test_a_missing_picture_is_found_where_it_is_named(lay: Lay, text: str, line: int) -> None:
    [found] = [finding for finding in one(lay, text).findings if finding.rule == "SRC060"]
    assert found.location is not None
    named = text.split("\n")[line - 1].index("gone.png") + 1
    assert (found.location.line, found.location.column) == (line, named)


def test_what_is_wrong_in_a_file_that_two_chapters_include_is_said_once(lay: Lay) -> None:
    part = "Text {{< nosuch >}}.\n"
    found = read(
        loading.load(lay({"a.md": "{{< include _b.md >}}\n", "c.md": "{{< include _b.md >}}\n", "_b.md": part}))
    )
    assert rules(found) == ["SRC105"]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Words.\n\n---\n## Doses {#doses}\n\nMore words.\n\n---\n## Nights\n\nLast.\n", ["Doses", "Nights"]),
        ("Words\n-----\n## Doses\n\nMore.\n", ["Words", "Doses"]),
        ("--------\n #   mg\n--- ----\n 1   2\n--------\n\n# Doses\n", ["Doses"]),
    ],
)
def test_a_rule_that_a_heading_follows_at_once_makes_no_table(lay: Lay, text: str, made: list[str]) -> None:
    found = one(lay, text)
    assert headings(found) == made
    assert len(list(every(Table, found.document.tree.blocks))) == text.count("mg")
    assert not found.findings or {finding.rule for finding in found.findings} <= {"SRC100", "SRC103"}


def test_a_rule_that_text_follows_is_one_in_commonmark(lay: Lay) -> None:
    text = "First.\n\n---\nThen.\n\nMore.\n***\n\n---\n\nOther.\n"
    found = read(loading.load(lay({"a.md": text, "b.md": "Last.\n"})))
    assert words(found) == "First. Then. More. Other. Last."
    assert not list(every(Table, found.document.tree.blocks))


def test_places_are_those_of_the_authors_file_behind_every_kind_of_mark(lay: Lay) -> None:
    text = textwrap.dedent(
        """\
        ---
        title: A
        ---

        Alpha and {cite}`ray2019` bravo.

        ```{note} Charlie
        :class: dropdown
        Delta {ref}`late` echo.
        ```

        > [!TIP]
        > Foxtrot golf.

        ```{figure} night.png
        :name: fig-night

        Hotel india.
        ```

        (late)=
        # Juliett

        Kilo \\@ref(fig:night) lima.
        """
    )
    found = one(lay, text)
    lines = text.split("\n")
    seen = []
    for block in found.document.blocks:
        for offset, place in block.anchors:
            word = block.text[offset:].split()[0].strip(".,")
            if word == "Tip":  # the word for the kind of box, which stands where its mark does
                continue
            assert lines[place.line - 1][place.column - 1 :].startswith(word), (word, place)
            seen.append(word)
    assert {
        "Alpha",
        "bravo",
        "Charlie",
        "Delta",
        "echo",
        "Foxtrot",
        "golf",
        "Hotel",
        "india",
        "Juliett",
        "Kilo",
        "lima",
    } <= set(seen)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("A {{< video x.mp4 >}} b.", "shortcode {{< video >}}"),
        ("Take {{ dose }} a day.", "variable {{ dose }}"),
        ("{% if x %} b.", "template mark {% if %}"),
        ("See {unheard}`of`.", "role {unheard}"),
        ("```{unheard}\nText.\n```", "directive {unheard}"),
    ],
)
def test_a_mark_that_is_not_read_is_left_as_it_is_and_reported(lay: Lay, text: str, what: str) -> None:
    found = one(lay, f"{text}\n")
    problem = next(finding for finding in found.findings if finding.rule == "SRC105")
    assert what in problem.message
    assert str(problem.location).startswith("text.md:1:")


def test_an_id_that_pandoc_made_is_no_label(lay: Lay) -> None:
    found = one(lay, "# Night\n\nIt is so [@night].\n")
    assert [citation.key for citation in found.citations] == ["night"]


def test_sections_are_numbered_as_deep_as_a_mention_leads(lay: Lay) -> None:
    text = "# A\n\n## B\n\n### C\n\n#### D {#sec-d}\n\nSee @sec-d.\n\n#### E\n\nText.\n\n##### F\n\nText.\n"
    found = one(lay, text)
    assert "See Section 1.1.1.1." in words(found)
    assert [heading.number for heading in found.document.headings] == [
        "1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.2", "",
    ]  # fmt: skip


def test_sections_are_numbered_from_the_outermost_heading_of_a_text(lay: Lay) -> None:
    found = one(
        lay, "## A {#sec-a}\n\n### B\n\nSee @sec-a.\n\n$$x$$ {#eq-x}\n\n## C\n\nBy (-@eq-x), and by [-@eq-x].\n"
    )
    assert [heading.number for heading in found.document.headings] == ["1", "1.1", "2"]
    assert "See Section 1." in words(found) and "By (1), and by (1)." in words(found)


@pytest.mark.parametrize(
    ("link", "printed"),
    [
        ("[that](nights/late)", "See that."),
        ("[](Late:Night)", "See Late nights."),
        ("[](#late:night)", "See Late nights."),
        ("[](nights/late)", "See Late nights."),
    ],
)
def test_a_link_to_a_label_leads_there_from_any_chapter(lay: Lay, link: str, printed: str) -> None:
    late = "(nights/late)=\n(late:night)=\n# Late nights\n\nText.\n"
    found = read(loading.load(lay({**MYST, "start.md": f"# Start\n\nSee {link}.\n", "late.md": late})))
    assert printed in words(found)
    assert found.document.links[0].target.startswith("#")
    assert not [finding for finding in found.findings if finding.rule in {"SRC046", "SRC050", "SRC105"}]


def test_attributes_on_a_line_are_those_of_the_block_below_and_headings_may_be_indented(lay: Lay) -> None:
    text = "{#dark}\n## Dark\n\n {#note .wide}\nA word.\n\n  ### Deep\n\n- a\n\n  #### In it\n\n`{#x}` {#not}\nWords.\n"
    files = {"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": f"# Night\n\nText.\n\n{text}"}
    found = read(loading.load(lay(files)))
    headings = [(one.text, one.identifier, one.location.line) for one in found.document.headings]
    assert headings == [("Night", "night", 1), ("Dark", "dark", 6), ("Deep", "deep", 11), ("In it", "in-it", 15)]
    notes = [one.attr.classes for one in every(Div, found.document.tree.blocks) if one.attr.identifier == "note"]
    assert notes == [["wide"]]
    assert words(found).endswith("A word. Deep a In it {#x} {#not} Words.")


def test_a_quotation_may_follow_a_line_of_text_where_the_tool_allows_it(lay: Lay) -> None:
    text = "- A task\n  > of somebody\n\nSome words\n> and more\n> of them\n> # Doses\n\n```\na\n> b\n```\n"
    blocks = read(loading.load(lay({"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": text}))).document.blocks
    assert [block.text for block in blocks if block.kind is BlockKind.QUOTE] == ["of somebody", "and more of them"]


def test_a_link_to_nowhere_stops_no_draft(lay: Lay, tmp_path: Path) -> None:
    folder = lay({"text.md": "# Rest\n\nSee [this](#) text.\n"})
    assert main(["build", str(folder), "--draft", "--out", str(tmp_path / "out")]) == 0
    assert list((tmp_path / "out").glob("*.pdf"))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("$$\nx_1 = 2\n$$ (eq:two)\n\nBy {eq}`eq:two`.", "By (1)."),
        ("$$\nx_1 = 2\n$$ (eq:two)\n\nBy [](eq:two).", "By Equation 1."),
        ("::: {#tip-pool .callout-tip}\n### Pool them\n\nText.\n:::\n\nSee @tip-pool.", "See Pool them."),
        ("```{exercise}\n:label: do_it\n\nTry.\n```\n\nSee {ref}`do_it`.", "See Exercise."),
        ("```{prf:Theorem} Long nights\n:label: long\n\nText.\n```\n\nBy {prf:ref}`long`.", "By Long nights."),
        ("```{theorem, long, name='Long nights'}\nText.\n```\n\nBy \\@ref(thm:long).", "By Long nights."),
        ("# Long nights {#sec-long}\n\n@Sec-long is long.", "Section 1 is long."),
        ('```{#lst-go .python lst-cap="A start"}\ngo()\n```\n\nSee @lst-go.', "See A start."),
        ("# Long nights\n\nSee Chapter \\@ref(long-nights).", "See Chapter 1."),
        ("See @sec-x and [-@sec-x].\n\n# Long *nights* {.unnumbered #sec-x}", "See Long nights and Long nights."),
        ("$a_1$ and $b_1 $, $\\{d_t\\}_{t=0} $.", "a₁ and b₁"),
        ('![](none.png){#fig-rise alt="A hill"}\n\nSee @fig-rise.', "Figure 1. [Picture missing] See Figure 1."),
        ("::: {#fig-rise}\n![](a.png)\n\n![](b.png)\n:::\n\nSee @fig-rise.", "See Figure 1."),
        (
            "::: {#fig:all}\n![One](a.png){#fig:one}\n![Two](b.png){#fig:two}\n\nBoth.\n:::\n\nSee @fig:all and @fig:two.",
            "See Figure 1 and Figure 1b.",
        ),
        ("::: {#fig-rise}\nHow it rises.\n:::\n\n@fig-rise is below.", "Figure 1. How it rises."),
        ("::: {#fig-rise}\n<!-- elsewhere -->\n:::\n\n::: {#fig-fall}\n:::\n\nSee @fig-fall.", "See Figure 2."),
    ],
)
def test_what_a_tool_lets_a_text_mention_is_found(lay: Lay, text: str, printed: str) -> None:
    found = one(lay, f"{text}\n")
    if "₁" not in printed:
        assert printed in words(found)
    assert not findings_of(found, "SRC105", "SRC032")
    assert {mention.label for mention in found.document.cross_references} <= found.document.labels.keys()
    assert not found.citations


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("By {eq}`none`.", "eq:none"),
        ("See {numref}`none`.", "fig:none"),
        ("See \\@ref(none).", "sec:none"),
        ("By Lemma \\ref{none}.", "sec:none"),
        ("By \\autoref{none}.\n\n\\begin{algorithm}\n\\label{none}\n\\end{algorithm}", "none"),
    ],
)
def test_a_mention_of_a_label_that_is_not_there_is_no_citation(lay: Lay, text: str, label: str) -> None:
    found = one(lay, f"{text}\n")
    assert [mention.label for mention in found.document.cross_references] == [label]
    assert not found.citations


@pytest.mark.parametrize(("text", "named"), [("See \\@ref(lost).", "lost"), ("See @sec:lost.", "sec:lost")])
def test_a_finding_names_the_label_that_the_author_wrote(lay: Lay, text: str, named: str) -> None:
    folder = lay({"text.Rmd": f"---\ntitle: A\ndate: 2026-01-05\n---\n\n{text}\n"})
    [found] = [finding for finding in pubkit.check(folder / "text.Rmd").findings if finding.rule == "CIT010"]
    assert found.message == f"Nothing in the text has the label {named}."


def test_a_mention_within_a_citation_is_no_second_key(lay: Lay) -> None:
    files = {"refs.bib": BIB}
    text = "---\nbibliography: refs.bib\n---\n\n# Late {#late}\n\nSo [@ray2019, see Chapter \\@ref(late)].\n"
    found = one(lay, text, files)
    assert [citation.key for citation in found.citations] == ["ray2019"]
    assert not findings_of(found, "CIT013")


@pytest.mark.parametrize("between", ["- a\n- b\n", "  * a\n  * b\n", "1. a\n2. b\n"])
def test_a_list_right_after_a_paragraph_is_a_list_in_commonmark(lay: Lay, between: str) -> None:
    text = (
        f"# Start\nThere are two:\n{between}\n```{{note}}\nText that\n- goes on.\n```\n\n- an item\ngoes on\n- here\n"
    )
    project = loading.load(lay({**MYST, "start.md": text}))
    items = [block.text for block in read(project).document.blocks if block.kind == "list-item"]
    assert items == ["a", "b", "goes on.", "an item goes on", "here"]


def test_words_of_a_picture_on_a_slide_of_marp_are_those_that_say_what_it_shows(lay: Lay, picture: bytes) -> None:
    front = "---\nmarp: true\npaginate: true\n---\n\n"
    folder = lay({"talk.md": f"{front}# Rest\n\nIn short:\n- one\n- two\n\n![bg right:40% w:200px A bed](a.png)\n"})
    (folder / "a.png").write_bytes(picture)
    found = read(loading.load(folder / "talk.md"))
    assert [image.alt for image in found.document.images] == ["A bed"]
    assert not list(every(Figure, found.document.tree.blocks))
    assert words(found) == "Rest In short: one two A bed"
    assert not findings_of(found, "SRC073", "SRC102")


def test_a_readme_is_read_as_github_shows_it(lay: Lay) -> None:
    found = one(lay, "Words:\n- one\n- two\n# Next\nText.\n", name="README.md")
    assert (words(found), headings(found)) == ("Words: one two Next Text.", ["Next"])


def test_the_title_of_a_box_is_in_its_own_place(lay: Lay) -> None:
    found = one(lay, 'Words before.\n\nMore words.\n\n::: {.callout-note title="Late nights"}\nText.\n:::\n')
    (title,) = [block for block in found.document.blocks if block.text == "Late nights"]
    assert str(title.location) == "text.md:5:27"


def test_a_text_that_begins_with_a_lower_heading_has_sections_side_by_side(lay: Lay) -> None:
    found = one(lay, "## Introduction\n\nA.\n\n## Results\n\n### One\n\nWords.\n")
    assert [block.section for block in found.document.blocks if block.text == "Words."] == [("Results", "One")]


def test_an_alert_in_a_list_item_stays_in_it(lay: Lay) -> None:
    found = one(lay, "1. First.\n\n   - inner\n\n   > [!NOTE]\n   > Boxed.\n\n2. Second.\n")
    (listed,) = [block for block in found.document.tree.blocks if isinstance(block, OrderedList)]
    assert [len(list(every(Div, item))) for item in listed.content] == [2, 0]


GROUP = "::: {#fig-x layout-ncol=2}\n![One](a.png){#fig-one}\n\n![Two](a.png){#fig-two}\n\nBoth *halves*\n:::\n"
DIVISION = '::: {#fig-x fig-alt="A hill"}\n![](a.png)\n\nThe *hill*\n:::\n'
ROWS = "::: {#tbl-x}\n| a |\n|---|\n| 1 |\n\nThe *rows*\n:::\n"


@pytest.mark.parametrize(
    ("text", "mention", "printed"),
    [
        (GROUP, "@fig-x, @fig-one and @fig-two", "Figure 1, Figure 1a and Figure 1b"),
        (DIVISION, "@fig-x", "Figure 1"),
        (ROWS, "@tbl-x", "Table 1"),
        ("::: {#thm-x}\n## Long nights\nText.\n:::\n", "@thm-x", "Long nights"),
        ("::: {#lem-x}\nText.\n:::\n", "@lem-x", "Lemma"),
        ('::: {.theorem #x name="Long nights"}\nText.\n:::\n', "[-@x]", "Long nights"),
    ],
)
def test_a_division_of_quarto_is_the_figure_table_or_theorem_that_its_id_says(
    lay: Lay, picture: bytes, text: str, mention: str, printed: str
) -> None:
    folder = lay({"text.qmd": f"{text}\nSee {mention}.\n"})
    (folder / "a.png").write_bytes(picture)
    found = read(loading.load(folder / "text.qmd"))
    assert f"See {printed}." in words(found).replace("\u00a0", " ")
    assert not headings(found)
    assert {finding.rule for finding in found.findings} <= {"SRC100", "SRC103"}
    assert [image.alt for image in found.document.images] == {GROUP: ["", ""], DIVISION: ["A hill"]}.get(text, [])


def test_a_missing_label_of_a_quarto_document_is_no_citation(lay: Lay) -> None:
    assert not one(lay, "See @fig-gone and [@sec-gone].\n", name="text.qmd").citations


def test_ids_that_pandoc_makes_are_unique_in_all_chapters(lay: Lay) -> None:
    files = {"_bookdown.yml": "rmd_files: [index.Rmd, b.Rmd]\n", "index.Rmd": "# Dose\n\nText.\n"}
    found = read(loading.load(lay({**files, "b.Rmd": "# Dose\n\nText.\n\n# Dose 2\n\nText.\n"})))
    assert [heading.identifier for heading in found.document.headings] == ["dose", "dose-3", "dose-2"]


def test_a_label_that_is_typed_twice_is_still_found_twice(lay: Lay) -> None:
    found = one(lay, "# Dose {#dose}\n\nText.\n\n# Dose {#dose}\n\nText.\n")
    assert [heading.identifier for heading in found.document.headings] == ["dose", "dose"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Take {si}`5 <\\milli\\gram>` of {chem}`H2O`.", "Take {5\\,\\mathrm{mg}} of {\\mathrm{H}_{2}\\mathrm{O}}."),
        ('One.\n\n+++ {"part": "abstract"}\nTwo.\n% Not printed.\n+++\n\nThree.', "One. Two. Three."),
        (":::{figure} a.png\n:label: f\nA.\n:::\n\nSee [Figure %s](#f).", "See Figure 1."),
        (":::{figure}\n:label: f\n![A](a.png)\n![B](a.png)\n\nBoth.\n:::\n\nSee [](#f).", "See Figure 1."),
        ("(start)=\n## More\n\nSee [](#start).", "See More."),
        (
            ":::{figure} a.png\n:label: f\nA.\n:::\n\n:::{embed} #f\n:::\n\n{sc}`Next`.",
            "A. Figure 1 Next.",
        ),
        ("::::{card} Doses\nHeader.\n^^^\nBody.\n+++\nFooter.\n::::", "Doses Header. Body. Footer."),
        ("It is then\n$$\nH = a\n+ b\n- c\n$$ (h)\n\nSee {eq}`h`.", "See (1)."),
        (
            "\\begin{align}\na &= b \\label{eq:a} \\\\\nc &= d \\notag \\\\ &+ e \\label{eq:b}\n\\end{align}\n\n{eq}`eq:b`.",
            "(2).",
        ),
    ],
)
def test_what_a_project_of_myst_writes_is_printed_as_it_is_meant(
    lay: Lay, picture: bytes, text: str, printed: str
) -> None:
    folder = lay({"myst.yml": "version: 1\nproject:\n  title: Rest\n", "start.md": f"# Start\n\n{text}\n"})
    (folder / "a.png").write_bytes(picture)
    found = read(loading.load(folder))
    assert printed in " ".join(words(found).split())
    assert {finding.rule for finding in found.findings} <= {"SRC100", "SRC103"}
