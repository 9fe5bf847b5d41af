"""A manuscript as it is read: citations with their places, cross-references, pictures, what is left out."""

from __future__ import annotations

import io
from pathlib import Path

import PIL.Image
import pytest

from pubkit import manuscript
from pubkit.errors import InputRefused
from pubkit.findings import Severity
from pubkit.manuscript.model import BlockKind, Manuscript
from pubkit.manuscript.tree import CodeBlock, Div, Image, Link, Span, decode, every, identifier, nodes, plain_text
from pubkit.project import loading

from ..conftest import Publish


def read(folder: Path) -> Manuscript:
    return manuscript.read(loading.load(folder))


def keys(text: Manuscript) -> list[tuple[str, int, int]]:
    return [(one.key, one.location.line, one.location.column) for one in text.citations]


def test_every_citation_has_its_file_line_and_column(publication: Publish) -> None:
    text = (
        "As @first2001 [p. 3] says, and [see @second:02; -@third/03].^[A note by @fourth04.]\n\n"
        "| a | b |\n|---|---|\n| @fifth05 | x |\n\n"
        "Later.[^n]\n\n[^n]: Down here [@sixth06].\n\n[@{doi:10.1000/x(y)z}] and [@url:https://example.org/a].\n"
    )
    assert keys(read(publication(text))) == [
        ("first2001", 1, 4),
        ("second:02", 1, 37),
        ("third/03", 1, 50),
        ("fourth04", 1, 73),
        ("fifth05", 5, 3),
        ("sixth06", 9, 18),
        ("doi:10.1000/x(y)z", 11, 2),
        ("url:https://example.org/a", 11, 29),
    ]


def test_an_at_sign_in_mail_addresses_links_and_code_is_no_citation(publication: Publish) -> None:
    text = (
        "Write to me@example.org, `@cdm.person`, <https://example.org/@who>, [x](https://example.org/@x).\n\n"
        "```sql\nSELECT * FROM @cdm.person -- [@notakey]\n```\n\n(@ex) An example list.\n\nSee (@ex).\n"
    )
    found = read(publication(text))
    assert found.citations == ()
    code = next(every(CodeBlock, found.document.tree.blocks))
    assert code.text == "SELECT * FROM @cdm.person -- [@notakey]"
    assert "me@example.org" in plain_text(found.document.tree.blocks)


def test_the_tree_is_that_of_an_unmarked_parse(publication: Publish) -> None:
    from pubkit.boundary import pandoc

    table = "  a        b\n  -------- ---\n  @who2001 x\n"
    text = f"# About @who2001\n\nSee [@who2001; @doe:99a, p. 4] and @{{a/b}} in *it*.\n\n{table}"
    found = read(publication(text))
    assert found.document.tree.blocks == decode(pandoc.parse(text)).blocks


def test_words_are_found_again_in_the_source(publication: Publish) -> None:
    text = (
        "# One *two*\n\nThe first line of a para-\ngraph with **bold** and [a link](https://example.org/long/path) "
        "and more.\n\n- item one\n- item two has `code` and words\n\n> A quotation.\n\nThe end of it.\n"
    )
    lines = text.split("\n")
    for block in read(publication(text)).document.blocks:
        if block.kind is BlockKind.METADATA:
            continue
        assert block.anchors
        for offset, place in block.anchors:
            word = block.text[offset:].split()[0].strip(".,‘’“”")
            assert lines[place.line - 1][place.column - 1 :].startswith(word[:4])


def test_figures_tables_sections_and_equations_are_numbered_and_linked(publication: Publish, picture: bytes) -> None:
    text = (
        "# Start {#sec:start}\n\nSee @fig:a, [@tbl:b] and @eq:c in @sec:end.\n\n"
        '![A caption](a.png){#fig:a alt="What it shows"}\n\n| a |\n|---|\n| b |\n\n: Rows {#tbl:b}\n\n'
        "$$x = 1$$ {#eq:c}\n\n# End {#sec:end}\n\nText.\n"
    )
    found = read(publication(text, files={"a.png": picture}))
    assert {label: named.text for label, named in found.document.labels.items()} == {
        "sec:start": "Section\u00a01",
        "fig:a": "Figure\u00a01",
        "tbl:b": "Table\u00a01",
        "eq:c": "Equation\u00a01",
        "sec:end": "Section\u00a02",
    }
    links = list(every(Link, found.document.tree.blocks))
    assert [(plain_text(link.content), link.target.url) for link in links] == [
        ("Figure\u00a01", "#fig:a"),
        ("Table\u00a01", "#tbl:b"),
        ("Equation\u00a01", "#eq:c"),
        ("Section\u00a02", "#sec:end"),
    ]
    assert [heading.number for heading in found.document.headings] == ["1", "2"]
    assert found.citations == ()


def test_sections_are_not_numbered_until_one_is_mentioned(publication: Publish) -> None:
    found = read(publication("# Start {#sec:start}\n\nText.\n"))
    assert [heading.number for heading in found.document.headings] == [""]


def test_the_same_heading_and_footnote_names_in_two_chapters_stay_apart(publication: Publish) -> None:
    first = "# Summary\n\nSee [above](#summary).[^1]\n\n[^1]: The first note.\n"
    second = b"# Summary\n\nSee [here](#summary).[^1]\n\n[^1]: The second note.\n"
    found = read(publication(first, files={"02-more.md": second}))
    assert [heading.identifier for heading in found.document.headings] == ["summary", "summary-2"]
    targets = [link.target.url for link in every(Link, found.document.tree.blocks)]
    assert targets == ["#summary", "#summary-2"]
    notes = [block.text for block in found.document.blocks if block.kind is BlockKind.NOTE]
    assert notes == ["The first note.", "The second note."]


def test_words_beside_a_key_and_the_titles_of_links_are_text(publication: Publish) -> None:
    text = "# A\n\nSleep [@roe2020, a study of 300 nurses, p. 4]. See [there](https://www.who.int 'What to do').\n"
    document = read(publication(text)).document
    note, title = [one for one in document.blocks if one.kind in {BlockKind.NOTE, BlockKind.ALT}]
    assert (note.text, note.location.column) == ("a study of 300 nurses, p.\u00a04", 18)
    assert [one.key for one in (*note.citations, *document.citations)] == ["roe2020", "roe2020"]
    assert (title.text, title.location.line) == ("What to do", 3)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a\n\n<script>alert(1)</script>\n", "SRC040"),
        ('a <b onclick="x()">b</b>\n', "SRC042"),
        ("a <iframe src=x></iframe> b\n", "SRC040"),
        ('a [b]{style="color:red"}\n', "SRC042"),
        ("a [b]{onmouseover=x}\n", "SRC042"),
        ("a [b](javascript:alert(1))\n", "SRC046"),
        ("a [b](JaVaScRipt:alert(1))\n", "SRC046"),
        ("a [b](data:text/html,x)\n", "SRC046"),
        ("a [b](file:///etc/passwd)\n", "SRC046"),
        ("a\n\n::: pubkit-disclaimer\nx\n:::\n", "SRC045"),
        ("a [b]{#pubkit-disclaimer-general}\n", "SRC044"),
        ("a $\\href{javascript:x}{y}$\n", "SRC048"),
        ("a ![x](../../secret.png)\n", "SRC020"),
        ("a ![x](/etc/secret.png)\n", "SRC020"),
    ],
)
def test_an_unsafe_part_costs_itself_and_is_an_error_that_nobody_can_waive(
    publication: Publish, text: str, rule: str
) -> None:
    found = read(publication(text))
    [finding] = [one for one in found.findings if one.rule == rule]
    assert (finding.severity, finding.waivable, finding.blocks) == (Severity.ERROR, False, True)
    assert finding.location is not None
    assert finding.location.line in {1, 3}
    assert plain_text(found.document.tree.blocks).startswith("a")


def test_a_heading_whose_words_make_a_reserved_id_is_renamed_with_its_links(publication: Publish) -> None:
    text = "# Footnotes\n\nText.\n\n# FN1\n\nSee [Footnotes] and [the gene](#fn1).\n\n# Own {#fn2}\n\nText.\n"
    found = read(publication(text))
    assert [(one.rule, one.location.line) for one in found.findings if one.location] == [("SRC044", 9)]
    assert [heading.identifier for heading in found.document.headings] == ["own-footnotes", "own-fn1", "own-fn2"]
    assert [link.target.url for link in every(Link, found.document.tree.blocks)] == ["#own-footnotes", "#own-fn1"]


def test_a_text_nested_too_deeply_is_refused(publication: Publish) -> None:
    with pytest.raises(InputRefused) as caught:
        read(publication(">" * 400 + " x\n"))
    assert [finding.rule for finding in caught.value.findings] == ["SRC005"]


def test_all_unsafe_parts_are_shown_at_once(publication: Publish) -> None:
    text = "<script>x</script>\n\n[a](javascript:b)\n\n[c]{onclick=d}\n"
    found = read(publication(text))
    assert sorted(one.location.line for one in found.findings if one.location) == [1, 3, 5]


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("gone.png", None, "SRC060"),
        ("chart.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SRC061"),
        ("https://example.org/a.png", None, "SRC062"),
        ("broken.png", b"\x89PNG\r\n\x1a\nrubbish", "SRC063"),
        ("text.png", b"root:x:0:0", "SRC063"),
        ("empty.png", b"", "SRC063"),
        ("torn.pdf", b"%PDF-1.7\nrubbish", "SRC061"),
        ("chart.eps", b"%!PS-Adobe-3.0 EPSF-3.0", "SRC061"),
    ],
)
def test_a_picture_that_cannot_be_used_is_a_finding_with_its_place(
    publication: Publish, name: str, data: bytes | None, rule: str
) -> None:
    files = {name: data} if data is not None else {}
    found = read(publication(f"Words.\n\nMore ![what](<{name}>) words.\n", files=files))
    assert [(one.rule, one.location.line if one.location else 0) for one in found.findings] == [(rule, 3)]
    assert "Error" not in found.findings[0].message
    assert not list(every(Image, found.document.tree.blocks))


def test_the_first_page_of_a_pdf_is_a_picture(publication: Publish) -> None:
    drawn = io.BytesIO()
    pages = [PIL.Image.new("RGB", (72, 36), colour) for colour in ("red", "blue")]
    pages[0].save(drawn, "PDF", save_all=True, append_images=pages[1:], resolution=72)
    found = read(publication('![Bars](figures/bars.pdf){alt="Red"}\n', files={"figures/bars.pdf": drawn.getvalue()}))
    [picture] = found.pictures.values()
    shown = PIL.Image.open(io.BytesIO(picture.data)).convert("RGB")
    assert (picture.media_type, shown.size, shown.getpixel((9, 9))) == ("image/png", (300, 150), (254, 0, 0))
    assert [(one.rule, one.severity) for one in found.findings] == [("SRC061", Severity.NOTE)]
    assert [image.target.url in found.pictures for image in every(Image, found.document.tree.blocks)] == [True]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("# Nights".encode("utf-16"), "This file is text in UTF-16."),
        (b"PK\x03\x04\x14\x00\x06\x00", "This file is an archive, such as a Word document, and not text."),
        (b"%PDF-1.7\n", "This file is a PDF, and not text."),
        (b"# Caf\xe9", "This byte is not UTF-8: 0xe9."),
    ],
)
def test_a_file_that_is_no_text_is_called_what_it_is(publication: Publish, data: bytes, words: str) -> None:
    root = publication()
    (root / "01-text.md").write_bytes(data)
    with pytest.raises(InputRefused) as caught:
        read(root)
    [finding] = caught.value.findings
    assert (finding.message, finding.location and finding.location.line) == (words, 1)


def test_a_picture_of_the_right_name_but_other_case_is_suggested(publication: Publish, picture: bytes) -> None:
    found = read(publication("![x](Images/A.PNG)\n", files={"Images/a.png": picture}))
    assert "Images/a.png" in found.findings[0].remedy


def test_a_picture_behind_a_link_is_not_shown(publication: Publish, tmp_path: Path, picture: bytes) -> None:
    root = publication("![x](a.png)\n")
    (tmp_path / "secret.png").write_bytes(picture)
    (root / "a.png").symlink_to(tmp_path / "secret.png")
    found = read(root)
    assert [one.rule for one in found.findings] == ["SRC024"]
    assert found.pictures == {}
    assert not list(every(Image, found.document.tree.blocks))


def test_a_manuscript_of_comments_only_has_no_text(publication: Publish) -> None:
    with pytest.raises(InputRefused, match="no text"):
        read(publication("<!-- nothing -->\n"))


def test_an_alt_text_is_told_from_a_caption(publication: Publish, picture: bytes) -> None:
    text = '![A caption](a.png)\n\n![A caption](b.png){alt="Bars that rise"}\n\n![](c.png){.decorative}\n'
    found = read(publication(text, files=dict.fromkeys(("a.png", "b.png", "c.png"), picture)))
    assert [(image.alt, image.decorative) for image in found.document.images] == [
        ("", False),
        ("Bars that rise", False),
        ("", True),
    ]


def test_a_file_that_is_no_chapter_and_a_chapter_without_text_are_said(publication: Publish) -> None:
    found = read(publication(files={"02-empty.md": b"\n", "notes.md": b"Notes.", "README.md": b"About."}))
    assert [(one.rule, one.context or one.location) for one in found.findings if one.rule == "SRC016"] == [
        ("SRC016", "notes.md")
    ]
    assert [one.location.file for one in found.findings if one.rule == "SRC017" and one.location] == ["02-empty.md"]


def test_an_at_sign_in_a_bare_web_address_is_no_citation(publication: Publish) -> None:
    found = read(publication("At https://x.example/@name/post and www.x.example/@name, not [@real2020].\n"))
    assert [one.key for one in found.citations] == ["real2020"]
    assert "https://x.example/@name/post and www.x.example/@name, not" in plain_text(found.document.tree.blocks)


@pytest.mark.parametrize(
    ("lang", "written", "printed"),
    [
        ("en", "Figure @fig:a shows", "Figure\u00a01 shows"),
        ("en", "See (Figs. [@fig:a]) and", "See (Figure\u00a01) and"),
        ("en", "See fig.\u00a0@fig:a and", "See Figure\u00a01 and"),
        ("en", "Table @fig:a and", "Table Figure\u00a01 and"),
        ("en", "Configure @fig:a and", "Configure Figure\u00a01 and"),
        ("en", "A Figure [see @fig:a] and", "A Figure see Figure\u00a01 and"),
        ("en", "Figure @fig:none and", "Figure [?] and"),
        ("de", "In Abb. @fig:a und", "In Abbildung\u00a01 und"),
        ("es", "Las figuras @fig:a y", "Las Figura\u00a01 y"),
        ("fr", "La figure @fig:a et", "La Figure\u00a01 et"),
    ],
)
def test_the_authors_own_word_before_a_mention_is_not_printed_twice(
    publication: Publish, picture: bytes, lang: str, written: str, printed: str
) -> None:
    text = f'{written} more.\n\n![Caption](p.png){{#fig:a alt="Bars."}}\n'
    found = read(publication(text, lang=lang, files={"p.png": picture}))
    assert plain_text(found.document.tree.blocks[0]) == f"{printed} more."


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("[@fig:a; @fig:b; @fig:c]", "Figures\u00a01–3"),
        ("[@fig:c; @fig:a]", "Figures\u00a01 and 3"),
        ("[@fig:a; @fig:b; @tbl:t]", "Figures\u00a01 and 2 and Table\u00a01"),
        ("[-@fig:a; -@fig:b; -@fig:c]", "1–3"),
        ("[@eq:x; @eq:y]", "Equations\u00a01 and 2"),
        ("[@fig:a and @tbl:t]", "Figure\u00a01 and Table\u00a01"),
        ("[@fig:a, figure @fig:b]", "Figure\u00a01, Figure\u00a02"),
        ("Figures @fig:a and @fig:b", "Figures\u00a01 and 2"),
        ("figs. @fig:a, @fig:b and @fig:c", "Figures\u00a01, 2 and 3"),
        ("Figure @fig:a and Figure @fig:b", "Figure\u00a01 and Figure\u00a02"),
        ("@fig:a–@fig:c", "Figures\u00a01–3"),
        ("@fig:a-@fig:c", "Figures\u00a01–3"),
        ("[see @fig:a-@fig:c]", "see Figure\u00a01–3"),
        ("@fig:a and @fig:b", "Figure\u00a01 and Figure\u00a02"),
        ("Figure @fig:a shows @fig:b", "Figure\u00a01 shows Figure\u00a02"),
        ("[@fig:none; @fig:a]", "[?] and Figure\u00a01"),
    ],
)
def test_several_mentions_share_a_word_in_the_plural(
    publication: Publish, picture: bytes, written: str, printed: str
) -> None:
    figures = "".join(f'![{name}](p.png){{#fig:{name} alt="Bars."}}\n\n' for name in "abc")
    table = "| a |\n|---|\n| b |\n\n: Rows {#tbl:t}\n\n$$x$$ {#eq:x}\n\n$$y$$ {#eq:y}\n"
    found = read(publication(f"See {written}.\n\n{figures}{table}", files={"p.png": picture}))
    assert plain_text(found.document.tree.blocks[0]) == f"See {printed}."


def test_empty_headings_and_links_have_their_own_places(publication: Publish) -> None:
    found = read(publication("# One\n\nText [a](#one) and [b](#two).\n\n##\n\nText.\n\n## {#x}\n\nText.\n"))
    assert [heading.location.line for heading in found.document.headings] == [1, 5, 9]
    assert [link.location.column for link in found.document.links] == [10, 24]


def test_what_the_front_matter_prints_is_read_like_the_text(publication: Publish) -> None:
    folder = publication("Text.")
    stated = (folder / "pubkit.yaml").read_text("utf-8")
    said = "".join(
        f"{name}: Our {name}\n" for name in ("publisher", "contact", "licence") if f"\n{name}:" not in stated
    )
    (folder / "pubkit.yaml").write_text(stated + said, "utf-8")
    read_text = read(folder)
    printed = {block.text for block in read_text.document.blocks if block.kind is BlockKind.METADATA}
    stated_by = (read_text.publication.publisher, read_text.publication.contact, read_text.publication.licence)
    assert all(stated_by) and set(stated_by) <= printed


def test_whom_the_text_is_for_and_what_binds_its_people_are_read_like_the_text(publication: Publish) -> None:
    folder = publication("Text.")
    stated = (folder / "pubkit.yaml").read_text("utf-8")
    people = "reviewers:\n  - {name: Ann Lee, affiliation: House of Herbs, conflicts: She sells tea.}\n"
    said = "audience: {readers: Patients who drink tea}\n" + people
    (folder / "pubkit.yaml").write_text(stated + said, "utf-8")
    printed = {block.text for block in read(folder).document.blocks if block.kind is BlockKind.METADATA}
    assert {"Patients who drink tea", "House of Herbs", "She sells tea."} <= printed


def test_words_inside_a_formula_are_read_where_they_stand(publication: Publish) -> None:
    found = read(publication(r"The dose $d = \text{drink three cups of tea} + x^2$ is large." + "\n"))
    words = [block for block in found.document.blocks if block.kind is BlockKind.CODE]
    assert [(block.text, block.location.column) for block in words] == [("drink three cups of tea", 21)]


def test_comments_of_a_program_are_read_where_they_stand(publication: Publish) -> None:
    found = read(publication("Words.\n\n```python\nx = f(1)\n# Drink three cups of tea\ny = x  # again\n```\n"))
    words = [block for block in found.document.blocks if block.kind is BlockKind.CODE]
    assert [(block.text, block.location.line, block.location.column) for block in words] == [
        ("Drink three cups of tea", 5, 3)
    ]


def test_the_lines_of_a_verse_are_one_sentence(publication: Publish) -> None:
    found = read(publication("| You may drink\n| the tea today.\n"))
    assert "You may drink the tea today." in {block.text for block in found.document.blocks}


def test_paths_begin_in_the_folder_of_their_chapter(publication: Publish, picture: bytes) -> None:
    text = (
        "# One {#one}\n\n![A](images/a.png){alt=A}\n\n![B](../shared.png){alt=B}\n\n"
        "![C](./images/../images/a.png){alt=C}\n\n"
        "[two](02-two.md), [its part](two/../02-two.html#part), [from the root](/part/02-two.md) and [away](../../x.md).\n\n"
        "![D](/shared.png){alt=D}\n"
    )
    root = publication(
        chapters=["part/01-one.md", "part/02-two.md"],
        files={
            "part/01-one.md": text.encode(),
            "part/02-two.md": b"Before.\n\n# Two\n\n## Part\n\nText [back](01-one.qmd).\n",
            "part/images/a.png": picture,
            "shared.png": picture,
        },
    )
    (root / "01-text.md").unlink()
    found = read(root)
    assert [(one.rule, one.location.line if one.location else 0) for one in found.findings] == [("SRC050", 9)]
    assert sorted(found.pictures) == ["part/images/a.png", "shared.png"]
    assert [image.target for image in found.document.images] == [
        "part/images/a.png",
        "shared.png",
        "part/images/a.png",
        "shared.png",
    ]
    links = [(plain_text(link.content), link.target.url) for link in every(Link, found.document.tree.blocks)]
    assert links == [("two", "#chapter-1"), ("its part", "#part"), ("from the root", "#chapter-1"), ("back", "#one")]
    assert "chapter-1" in map(identifier, nodes(found.document.tree.blocks))


def test_a_link_into_a_chapter_follows_an_id_that_two_chapters_have(publication: Publish) -> None:
    text = b"# Methods\n\nSee [there](02-b.md#methods) and [here](#methods).\n"
    root = publication(files={"01-a.md": text, "02-b.md": b"# Methods\n\nSee [the first](01-a.md#methods).\n"})
    (root / "01-text.md").unlink()
    found = read(root)
    assert [link.target.url for link in every(Link, found.document.tree.blocks)] == [
        "#methods-2",
        "#methods",
        "#methods",
    ]
    assert [link.target for link in found.document.links] == ["#methods-2", "#methods", "#methods"]


def test_a_picture_shown_under_many_spellings_is_read_once(publication: Publish, picture: bytes) -> None:
    text = "".join(f"![a]({'./' * count}a.png) " for count in range(20))
    assert list(read(publication(text, files={"a.png": picture})).pictures) == ["a.png"]


def test_a_mention_may_end_a_line_after_its_word(publication: Publish, picture: bytes) -> None:
    text = '![A](a.png){#fig:a alt="A"}\n\nFigure @fig:a\n'
    found = read(publication(text, files={"a.png": picture}))
    assert plain_text(found.document.tree.blocks).endswith("Figure\u00a01")


def test_a_heading_of_any_length_has_an_id(publication: Publish) -> None:
    found = read(publication(f"# {'Word ' * 80}\n\nText.\n"))
    assert found.findings == ()
    assert len(found.document.headings[0].identifier) == 200


def test_front_matter_shown_as_code_is_no_metadata(publication: Publish) -> None:
    block = "---\ntitle: A form\n---\n"
    found = read(publication(f"Write:\n\n```yaml\n{block}```\n\nOr:\n\n    a: b\n\nText.\n\n{block}"))
    assert [one.location.line for one in found.findings if one.rule == "SRC014" and one.location] == [15]


def test_formulas_with_line_breaks_comments_and_old_switches_are_set(publication: Publish) -> None:
    text = "$a +\nu$, $x\ni$, $w_{\\rm a} = {\\bf b}$, ${\\scriptsize a}$ and\n\n$$\na % the first\n+ b\n$$\n"
    found = read(publication(text, outputs=["html", "pdf"]))
    assert [one for one in found.findings if one.rule == "SRC032"] == []


def test_a_class_of_pubkits_pages_does_nothing_among_the_words(publication: Publish, picture: bytes) -> None:
    source = "[Words]{.cover .mark} ![A](a.png){.cover}\n\n::: {.title-page .wide}\nText.\n:::\n\n```text\nx\n```\n"
    found = read(publication(source, files={"a.png": picture}))
    marked = (Span, Image, Div, CodeBlock)
    classes = [node.attr.classes for node in nodes(found.document.tree.blocks) if isinstance(node, marked)]
    assert classes == [["mark"], [], ["wide"], ["text"]]
