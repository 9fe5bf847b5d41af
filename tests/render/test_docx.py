"""The Word file for reviewers: complete, well dressed, the same twice; and its proof, which sees what is broken."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest
from lxml import etree
from msgspec import structs
from PIL import Image

from pubkit import manuscript
from pubkit.disclaimers.model import Place, Typography
from pubkit.editorial.word import review as word_review
from pubkit.errors import InputRefused
from pubkit.manuscript.model import Picture
from pubkit.manuscript.tree import Attr, Caption, Figure, Plain, RawBlock, worded
from pubkit.project import loading
from pubkit.proof.docx import prove
from pubkit.render.model import Edition
from pubkit.render.word import docx

from ..conftest import Publish
from .conftest import TEXT, MakeEdition, picture

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FILE = "kratom-1.2.0.docx"


@pytest.fixture(scope="module")
def made(edition: Edition) -> bytes:
    return docx.render(edition)


def part(data: bytes, name: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name)


def root(data: bytes, name: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(part(data, name))


def changed(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The file with one part changed (or added); the change must change something."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        parts = {one: old.read(one).decode("latin-1") for one in old.namelist()}
        after = change(parts.get(name, ""))
        assert after != parts.get(name)
        for one, text in {**parts, name: after}.items():
            new.writestr(one, text.encode("latin-1"))
    return buffer.getvalue()


def columns(data: bytes) -> list[list[int]]:
    """The widths of the columns of each table, in twentieths of a point."""
    grids = root(data).iter(f"{W}tblGrid")
    return [[int(column.get(f"{W}w", "0")) for column in grid] for grid in grids]


WIDTHS = """
| A | B |
|---|---|
| x | A long text that needs most of the room there is on a line, so that its column is the wider one. |

| Number | Another |
|--------|---------|
| 1      | 2       |
"""


def test_columns_are_as_wide_as_their_words(make_edition: MakeEdition) -> None:
    uneven, narrow = columns(docx.render(make_edition(WIDTHS)))
    assert uneven[1] > 5 * uneven[0]
    assert sum(narrow) < sum(uneven) / 2


def test_the_column_that_makes_rows_high_gets_the_room(make_edition: MakeEdition) -> None:
    many = "A text of some length that is in every row of its column and makes each of them high"
    once = "Another that is as long as it, but stands in one row of its column and no other one"
    rows = "\n".join(f"| {once if number == 3 else 'short'} | {many} |" for number in range(8))
    [[first, second]] = columns(docx.render(make_edition(f"| A | B |\n|---|---|\n{rows}\n")))
    assert second > 1.5 * first


def test_columns_run_from_the_right_in_a_language_that_does(make_edition: MakeEdition) -> None:
    assert b"<w:bidiVisual" in part(docx.render(make_edition(WIDTHS, lang="ar")))
    assert b"<w:bidiVisual" not in part(docx.render(make_edition(WIDTHS)))


BOX = """
:::: {.callout .callout-warning}
::: {.callout-title}
**Warning**
:::

Do not stop it suddenly.

- Ask a pharmacist.
::::

:::: {.callout .callout-note}
Store it in a dry place.
::::
"""


EQUATIONS = r"""
It is [$$ d = \frac{m}{k} $$[(1)]{.equation-number}]{#eq:dose .equation} where $m$ is the mass.

- In a list [$$ a = b $$[(2)]{.equation-number}]{#eq:list .equation}
"""


def test_a_numbered_equation_has_a_line_with_its_number_at_the_end(make_edition: MakeEdition) -> None:
    made = docx.render(make_edition(EQUATIONS, page_size="A5"))
    assert texts(made, "Equation") == ["\t\t(1)", "\t\t(2)"]  # formulas have letters of their own
    assert len(list(root(made).iter("{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"))) == 3
    assert texts(made, "BodyText") == ["It is", "where  is the mass."]
    tabs = root(made, "word/styles.xml").iterfind(f".//{W}style[@{W}styleId='Equation']/{W}pPr/{W}tabs/{W}tab")
    width, margin = 8391, 964  # of A5, in twentieths of a point
    assert [int(tab.get(f"{W}pos", "")) for tab in tabs] == [round(width / 2) - margin, width - 2 * margin]


def test_a_box_of_the_text_is_a_box(make_edition: MakeEdition) -> None:
    made = docx.render(make_edition(BOX))
    assert texts(made, "CalloutWarningTitle") == ["Warning"]
    assert texts(made, "CalloutWarning") == ["Do not stop it suddenly."]
    assert texts(made, "CalloutWarningList") == ["Ask a pharmacist."]
    assert texts(made, "Callout") == ["Store it in a dry place."]
    styles = root(made, "word/styles.xml")
    for style in ("Callout", "CalloutTitle", "CalloutList", "CalloutWarning"):
        assert styles.find(f".//{W}style[@{W}styleId='{style}']/{W}pPr/{W}pBdr/{W}left") is not None
    assert borders(styles, "Callout") == borders(styles, "CalloutTitle")
    mirrored = borders(root(docx.render(make_edition(BOX, lang="ar")), "word/styles.xml"), "Callout")
    assert [side for side, *_ in mirrored] == [f"{W}{side}" for side in ("top", "bottom", "right")]


def test_a_paragraph_goes_where_its_first_letter_goes(make_edition: MakeEdition) -> None:
    text = "كلمة (CBT) واحدة.\n\nAn English sentence.\n"
    made = docx.render(make_edition(text, title="الأرق", lang="ar"))
    found = {}
    for paragraph in root(made).iter(f"{W}p"):
        words = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        marks = paragraph.find(f"{W}pPr/{W}bidi"), paragraph.find(f".//{W}rtl")
        found[words] = tuple(mark is not None for mark in marks)
    assert found["كلمة (CBT) واحدة."] == (True, True)
    assert found["An English sentence."] == (False, False)
    assert found["الأرق"] == (True, True)
    for name in ("word/header1.xml", "word/footer1.xml"):
        assert b"<w:bidi/>" in part(made, name)


def rules(data: bytes, edition: Edition) -> set[str]:
    return {finding.rule for finding in prove(data, edition, FILE)}


def texts(data: bytes, style: str) -> list[str]:
    paragraphs = root(data).iter(f"{W}p")
    return [
        "".join("\t" if node.tag == f"{W}tab" else node.text or "" for node in paragraph.iter(f"{W}t", f"{W}tab"))
        for paragraph in paragraphs
        if (found := paragraph.find(f"{W}pPr/{W}pStyle")) is not None and found.get(f"{W}val") == style
    ]


def test_a_sound_file_proves_sound(made: bytes, edition: Edition) -> None:
    assert list(prove(made, edition, FILE)) == []


def test_the_same_edition_gives_the_same_bytes(
    made: bytes, edition: Edition, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    monkeypatch.chdir(str(tmp_path))
    assert docx.render(edition) == made


def test_the_title_says_who_and_when_and_the_imprint_with_whose_money(made: bytes) -> None:
    assert texts(made, "Title") == ["Kratom & mental health"]
    assert texts(made, "Author") == ["Mara Lindqvist, PharmD"]
    assert texts(made, "Date") == ["Version 1.2.0 · Updated 1 June 2026 · Reviewed by Ingrid Solheim, MD"]
    assert {"Funding\tNo outside funding.", "Authors\tMara Lindqvist, PharmD, Uppsala"} <= set(texts(made, "Imprint"))


@pytest.mark.parametrize(("lang", "least"), [("fr", 2800), ("ja", 2300)])
def test_the_imprint_begins_behind_its_longest_name_and_divides_a_digest_in_the_middle(
    make_edition: MakeEdition, lang: str, least: int
) -> None:
    edition = make_edition("# Naps\n\nA nap.\n")
    dates = structs.replace(edition.publication.dates, evidence_search=dt.date(2026, 5, 1))
    data = docx.render(
        structs.replace(edition, publication=structs.replace(edition.publication, lang=lang, dates=dates))
    )
    [style] = [one for one in root(data, "word/styles.xml").iter(f"{W}style") if one.get(f"{W}styleId") == "Imprint"]
    [tab] = [int(one.get(f"{W}pos", "")) for one in style.iter(f"{W}tab")]
    [indent] = [int(one.get(f"{W}left", "")) for one in style.iter(f"{W}ind")]
    assert least <= tab == indent <= 3700
    lines = [[str(text) for text in one.itertext()] for one in root(data).iter(f"{W}p")]
    [(first, second)] = [(one[-2], one[-1]) for one in lines if "".join(one).endswith(edition.source_sha256)]
    assert (first + second, len(first)) == (edition.source_sha256, 32)


def borders(styles: etree._Element, style: str) -> list[tuple[str, str | None, str | None]]:
    """The sides, widths and colours of the borders of a style."""
    found = styles.iterfind(f".//{W}style[@{W}styleId='{style}']/{W}pPr/{W}pBdr/*")
    return [(str(one.tag), one.get(f"{W}sz"), one.get(f"{W}color")) for one in found]


def test_disclaimers_are_set_apart_before_the_text(made: bytes) -> None:
    everything = [text for style in ("DisclaimerHeading", "Disclaimer") for text in texts(made, style)]
    assert everything[0] == "Not medical advice"
    assert len(everything) == 3


@pytest.mark.parametrize("kind", ["Disclaimer", "DisclaimerStrip", "DisclaimerBox"])
def test_a_disclaimer_and_its_heading_stand_in_one_box(made: bytes, kind: str) -> None:
    # Word draws one box around paragraphs with the same borders.
    styles = root(made, "word/styles.xml")
    assert borders(styles, kind) == borders(styles, f"{kind}Heading") != []


def test_help_in_an_emergency_is_a_strip_and_what_the_law_wants_boxed_a_box(make_edition: MakeEdition) -> None:
    edition = make_edition()
    [block] = edition.disclaimers
    urgent = structs.replace(block, place=Place.TOP)
    boxed = structs.replace(block, typography=Typography(boxed=True))
    for changed_block, style in ((urgent, "DisclaimerStrip"), (boxed, "DisclaimerBox")):
        assert texts(docx.render(structs.replace(edition, disclaimers=(changed_block,))), f"{style}Heading")


def test_every_page_of_a_draft_says_so(make_edition: MakeEdition) -> None:
    edition = make_edition(draft=True)
    made = docx.render(edition)
    heads = [name for name in zipfile.ZipFile(io.BytesIO(made)).namelist() if name.startswith("word/header")]
    assert heads == ["word/header1.xml"]
    assert b"Draft" in part(made, heads[0])
    [kind] = root(made).findall(f".//{W}sectPr/{W}headerReference")
    assert kind.get(f"{W}type") == "default"
    assert rules(made, edition) == set()


def test_an_edition_that_is_no_draft_does_not_say_so(made: bytes) -> None:
    assert b"Draft" not in part(made, "word/header1.xml")


def test_the_page_has_the_size_of_the_publication(make_edition: MakeEdition) -> None:
    sizes = {}
    for page in ("A4", "A5", "letter"):
        size = root(docx.render(make_edition("Text.", page_size=page))).find(f".//{W}sectPr/{W}pgSz")
        assert size is not None
        sizes[page] = (size.get(f"{W}w"), size.get(f"{W}h"))
    assert sizes == {"A4": ("11906", "16838"), "A5": ("8391", "11906"), "letter": ("12240", "15840")}


def test_a_reviewer_finds_page_numbers_a_running_title_and_tracked_changes(made: bytes) -> None:
    assert b"NUMPAGES" in part(made, "word/footer1.xml")
    assert b"Kratom &amp; mental health" in part(made, "word/header1.xml")
    assert b"trackRevisions" in part(made, "word/settings.xml")
    assert root(made).find(f".//{W}sectPr/{W}lnNumType") is not None


def test_header_rows_of_tables_are_repeated_and_rows_stay_whole(made: bytes) -> None:
    rows = root(made).findall(f".//{W}tbl[1]/{W}tr")
    assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_a_picture_keeps_its_alternative(made: bytes) -> None:
    assert b'descr="Three bars of growing height."' in part(made)


def test_a_decorative_picture_is_marked_as_one(make_edition: MakeEdition) -> None:
    made = docx.render(make_edition("Text ![](bars.png){.decorative} goes on."))
    assert b"decorative" in part(made)
    assert re.search(rb'<wp:docPr[^>]*descr=""', part(made))
    assert b"pubkit-decorative" not in part(made)


def test_a_webp_picture_becomes_one_that_every_word_shows(make_edition: MakeEdition) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(buffer, "WEBP", lossless=True)
    webp = Picture(buffer.getvalue(), "image/webp", 30, 20, "1" * 64)
    made = docx.render(make_edition("![A red field](a.webp)", {"a.webp": webp}))
    media = [name for name in zipfile.ZipFile(io.BytesIO(made)).namelist() if name.startswith("word/media/")]
    assert [name.rpartition(".")[2] for name in media] == ["png"]


def test_properties_come_from_the_publication_not_from_the_clock(made: bytes) -> None:
    core = part(made, "docProps/core.xml").decode()
    assert "<dc:title>Kratom &amp; mental health</dc:title>" in core
    assert "2026-05-03T00:00:00Z" in core
    assert "2026-06-01T12:00:00Z" in core
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_language_and_its_quotation_marks_are_set(make_edition: MakeEdition) -> None:
    made = docx.render(make_edition('Er sagte "ja".', lang="de-DE"))
    assert "„ja“".encode() in re.sub(rb"<[^>]*>", b"", part(made))
    lang = root(made, "word/styles.xml").find(f".//{W}docDefaults//{W}lang")
    assert lang is not None
    assert lang.get(f"{W}val") == "de-DE"


def test_a_formula_that_cannot_be_read_is_named(make_edition: MakeEdition) -> None:
    edition = make_edition(r"Good $p$, bad $\frac{a$.")
    [finding] = prove(docx.render(edition), edition, FILE)
    assert finding.rule == "PRF111"
    assert r"\frac{a" in finding.message


def test_a_raw_part_is_refused(make_edition: MakeEdition) -> None:
    edition = make_edition("Text.")
    edition.tree.blocks.append(RawBlock(("openxml", "<w:p/>")))
    with pytest.raises(InputRefused):
        docx.render(edition)


def test_properties_stand_in_the_order_that_word_asks_for(made: bytes) -> None:
    """ECMA-376, CT_PPrBase: Word calls a file damaged in which they do not."""
    order = [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
        "pBdr",
    ]
    order += [
        "shd",
        "tabs",
        "wordWrap",
        "bidi",
        "spacing",
        "ind",
        "contextualSpacing",
        "jc",
        "outlineLvl",
        "rPr",
        "sectPr",
    ]
    for name in ("word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/header1.xml"):
        for properties in root(made, name).iter(f"{W}pPr"):
            places = [order.index(etree.QName(child).localname) for child in properties]
            assert places == sorted(places), etree.tostring(properties)


# What the proof sees


def test_a_lost_heading_is_seen(made: bytes, edition: Edition) -> None:
    broken = changed(made, "word/document.xml", lambda text: text.replace('w:val="Heading1"', 'w:val="BodyText"', 1))
    assert "PRF110" in rules(broken, edition)


def test_lost_text_is_seen(made: bytes, edition: Edition) -> None:
    broken = changed(made, "word/document.xml", lambda text: text.replace("Nothing that would count as proof.", ""))
    assert rules(broken, edition) == {"PRF111"}


def test_hidden_text_counts_as_lost(made: bytes, edition: Edition) -> None:
    hidden = '<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve">Nothing'
    broken = changed(
        made, "word/document.xml", lambda text: text.replace('<w:r><w:t xml:space="preserve">Nothing', hidden)
    )
    assert rules(broken, edition) == {"PRF111"}


def test_a_lost_reference_is_seen(made: bytes, edition: Edition) -> None:
    broken = changed(
        made, "word/document.xml", lambda text: text.replace("Kratom and pain tolerance", "Something else")
    )
    assert rules(broken, edition) == {"PRF115"}


def test_a_lost_note_is_seen(made: bytes, edition: Edition) -> None:
    broken = changed(made, "word/footnotes.xml", lambda text: text.replace("with a list", ""))
    assert rules(broken, edition) == {"PRF114"}


def test_a_lost_table_is_seen(made: bytes, edition: Edition) -> None:
    broken = changed(
        made, "word/document.xml", lambda text: re.sub(r"<w:tbl>.*?</w:tbl>", "<w:p/>", text, flags=re.DOTALL)
    )
    assert "PRF112" in rules(broken, edition)


def test_a_lost_alternative_is_seen(made: bytes, edition: Edition) -> None:
    broken = changed(made, "word/document.xml", lambda text: text.replace("Three bars of growing height.", ""))
    assert rules(broken, edition) == {"PRF113"}


def test_a_changed_disclaimer_is_seen(made: bytes, edition: Edition) -> None:
    broken = changed(made, "word/document.xml", lambda text: text.replace("for information only", "for your treatment"))
    assert rules(broken, edition) == {"PRF410"}


def test_a_disclaimer_after_the_text_is_seen(made: bytes, edition: Edition) -> None:
    def moved(text: str) -> str:
        start = text.index('<w:p><w:pPr><w:pStyle w:val="DisclaimerHeading"')
        end = text.index('<w:p><w:pPr><w:pStyle w:val="AbstractTitle"')
        before, after = text[:start], text[end:]
        return before + after.replace("<w:sectPr>", f"{text[start:end]}<w:sectPr>")

    assert rules(changed(made, "word/document.xml", moved), edition) == {"PRF411"}


@pytest.mark.parametrize("hidden", ["<w:vanish/>", '<w:rStyle w:val="Hidden"/>'])
def test_a_hidden_disclaimer_is_seen(made: bytes, edition: Edition, hidden: str) -> None:
    style = '<w:style w:type="character" w:styleId="Hidden"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    styled = changed(made, "word/styles.xml", lambda text: text.replace("</w:styles>", style))
    old = '<w:rPr><w:lang w:val="en"/></w:rPr><w:t xml:space="preserve">This text is'
    new = f'<w:rPr>{hidden}</w:rPr><w:t xml:space="preserve">This text is'
    assert rules(changed(styled, "word/document.xml", lambda text: text.replace(old, new)), edition) == {"PRF410"}


def test_a_disclaimer_hidden_by_its_style_is_seen(made: bytes, edition: Edition) -> None:
    old, new = '<w:name w:val="Disclaimer" />', '<w:name w:val="Disclaimer"/><w:rPr><w:vanish/></w:rPr>'
    assert rules(changed(made, "word/styles.xml", lambda text: text.replace(old, new)), edition) == {"PRF410"}


def test_a_table_in_a_figure_is_found_in_its_frame(make_edition: MakeEdition) -> None:
    edition = make_edition("| a | b |\n|---|---|\n| c | d |\n\nText between.\n\n| e |\n|---|\n| f |\n")
    table = edition.tree.blocks[0]
    edition.tree.blocks[0] = Figure((Attr(), Caption(blocks=[Plain(worded("The doses."))]), [table]))
    made = docx.render(edition)
    assert b'"FigureTable"' in part(made)
    assert rules(made, edition) == set()


SIZED = """
Text with `code`.[^note]

[^note]: A note.

| A | B |
|---|---|
| c | d |

: A caption.
"""


def test_large_print_is_large_in_word_too(make_edition: MakeEdition) -> None:
    edition = make_edition(SIZED)
    publication = structs.replace(edition.publication, large_print=True)
    large = structs.replace(edition, publication=publication)
    styles = root(docx.render(large), "word/styles.xml")
    sizes = {
        style.get(f"{W}styleId", ""): int(size.get(f"{W}val", "")) / 2
        for style in styles.iter(f"{W}style", f"{W}docDefaults")
        for size in style.iter(f"{W}sz")
    }
    assert sizes[""] == 16
    assert {name for name, size in sizes.items() if size < 16} <= {"Table", "Running"}
    assert min(sizes.values()) >= 14
    assert sum(columns(docx.render(large))[0]) > 1.4 * sum(columns(docx.render(edition))[0])
    assert sizes["Title"] > sizes["Heading1"] > sizes["Heading2"] > sizes["Heading3"] > 16


LONG = "| A | B |\n|---|---|\n" + "| c | d |\n" * 6


def test_the_rows_of_a_short_table_stay_together_and_with_its_caption(make_edition: MakeEdition) -> None:
    short, long = root(docx.render(make_edition(f"{SIZED}\n{LONG}"))).iter(f"{W}tbl")
    kept = [
        [paragraph.find(f"{W}pPr/{W}keepNext") is not None for paragraph in row.iter(f"{W}p")]
        for row in short.iter(f"{W}tr")
    ]
    assert kept == [[True, True], [False, False]]
    assert long.find(f".//{W}keepNext") is None


def test_a_table_that_lost_an_empty_cell_is_seen(make_edition: MakeEdition) -> None:
    edition = make_edition("| a | b |\n|---|---|\n| c |   |\n")
    made = docx.render(edition)
    assert rules(made, edition) == set()
    broken = changed(
        made, "word/document.xml", lambda text: re.sub(r"(.*)<w:tc>.*?</w:tc>", r"\1", text, flags=re.DOTALL)
    )
    assert rules(broken, edition) == {"PRF112"}


@pytest.mark.parametrize(
    ("name", "old"), [("word/footer1.xml", " PAGE "), ("word/settings.xml", "<w:trackRevisions />")]
)
def test_what_a_reviewer_misses_is_seen(made: bytes, edition: Edition, name: str, old: str) -> None:
    assert rules(changed(made, name, lambda text: text.replace(old, "")), edition) == {"PRF403"}


def test_the_language_of_a_chinese_text_is_seen(make_edition: MakeEdition) -> None:
    edition = make_edition("睡眠。", lang="zh-CN", title="睡眠")
    assert "PRF101" not in rules(docx.render(edition), edition)


def test_a_wrong_title_or_language_is_seen(made: bytes, edition: Edition) -> None:
    def other_language(text: str) -> str:
        return re.sub(r'(<w:lang [^>]*w:val=)"en"', r'\1"fr"', text, count=1)

    assert rules(changed(made, "word/styles.xml", other_language), edition) == {"PRF101"}
    assert rules(changed(made, "docProps/core.xml", lambda text: text.replace("Kratom", "")), edition) == {"PRF101"}


def test_a_draft_without_its_mark_is_seen(made: bytes, make_edition: MakeEdition) -> None:
    assert rules(made, make_edition(draft=True)) == {"PRF412"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/vbaProject.bin", "macros"),
        ("word/embeddings/oleObject1.bin", "object"),
        ("word/activeX/activeX1.xml", "<ax/>"),
    ],
)
def test_what_could_run_is_seen(made: bytes, edition: Edition, name: str, content: str) -> None:
    assert rules(changed(made, name, lambda _: content), edition) == {"PRF401"}


def test_a_field_that_fetches_is_seen(made: bytes, edition: Edition) -> None:
    field = '<w:fldSimple w:instr=" INCLUDETEXT &quot;https://x.example&quot; "/>'
    broken = changed(
        made, "word/document.xml", lambda text: text.replace("<w:sectPr>", f"<w:p>{field}</w:p><w:sectPr>")
    )
    assert "PRF401" in rules(broken, edition)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "https://x.example/a.png"),
        ("attachedTemplate", "https://x.example/t.dotm"),
        ("hyperlink", "file:///etc"),
    ],
)
def test_what_reaches_out_is_seen(made: bytes, edition: Edition, kind: str, target: str) -> None:
    relation = (
        '<Relationship Id="rId999" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="{target}"/></Relationships>'
    )
    broken = changed(made, "word/_rels/document.xml.rels", lambda text: text.replace("</Relationships>", relation))
    assert rules(broken, edition) == {"PRF402"}


def test_a_file_that_is_none_is_seen(edition: Edition) -> None:
    assert rules(b"not a Word file", edition) == {"PRF400"}
    assert rules(base64.b64decode("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="), edition) == {"PRF400"}


def noise(size: tuple[int, int], kind: str = "PNG") -> Picture:
    """A picture that does not compress."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", size, random.Random(1).randbytes(3 * size[0] * size[1])).save(buffer, kind)
    data = buffer.getvalue()
    return Picture(data, f"image/{kind.lower()}", *size, hashlib.sha256(data).hexdigest())


def test_a_large_picture_stands_in_the_file_once(make_edition: MakeEdition) -> None:
    """Neither pandoc nor the address of a picture sets a limit to its size."""
    photograph = noise((2400, 1800))
    edition = make_edition("![A](a.png)\n\nAgain ![a](a.png).\n", {"a.png": photograph})
    made = docx.render(edition)
    assert len(photograph.data) > 12_000_000
    assert len(made) < len(photograph.data) + 1_000_000
    assert rules(made, edition) == set()
    assert all(b"data:" not in part(made, name) for name in parts_named(made, ".xml"))
    [picture_name] = parts_named(made, ".png")
    assert part(made, picture_name) == photograph.data


def test_a_picture_is_as_large_as_its_pixels_at_96_dots_to_the_inch(make_edition: MakeEdition) -> None:
    made = docx.render(make_edition("![A](a.jpg)\n", {"a.jpg": noise((192, 96), "JPEG")}))
    assert re.findall(rb'<wp:extent cx="(\d+)" cy="(\d+)"', part(made)) == [(b"1828800", b"914400")]


def test_a_stand_in_that_was_left_is_seen(made: bytes, edition: Edition) -> None:
    [name] = parts_named(made, ".png")
    assert rules(changed(made, name, lambda _: "<svg/>"), edition) == {"PRF400"}
    broken = changed(
        made, "word/document.xml", lambda text: text.replace("<pic:cNvPr ", '<pic:cNvPr descr="data:image/png;" ')
    )
    assert rules(broken, edition) == {"PRF400"}


def parts_named(data: bytes, ending: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [name for name in file.namelist() if name.endswith(ending)]


def test_many_pictures_keep_numbers_of_their_own(make_edition: MakeEdition) -> None:
    text = "![One](a.png)\n\n![Two](b.png)\n"
    made = docx.render(make_edition(text, {"a.png": picture("#111111"), "b.png": picture("#222222")}))
    numbers = re.findall(rb'<wp:docPr[^>]* id="(\d+)"|<wp:docPr id="(\d+)"', part(made))
    assert len({first or second for first, second in numbers}) == len(numbers) == 2


BIBLIOGRAPHY = (
    "@article{vicknasingam2020, author = {Vicknasingam, B}, title = {Kratom and pain tolerance}, year = 2020}\n"
)


def test_a_reviewed_file_comes_back_with_the_lines_of_its_changes(made: bytes, publication: Publish) -> None:
    """The whole way: write the Word file, let a reviewer change it, read it again."""
    folder = publication(TEXT, bibliography=BIBLIOGRAPHY, files={"bars.png": picture().data})
    text = manuscript.read(loading.load(folder))
    by = 'w:author="Rae Viewer" w:date="2026-11-25T10:30:00Z"'

    def review(document: str) -> str:
        left, right = document.split("Nothing that would count as ")
        return (
            f"{left}Nothing that would count as </w:t></w:r>"
            f'<w:del w:id="1" {by}><w:r><w:delText>proof</w:delText></w:r></w:del>'
            f'<w:ins w:id="2" {by}><w:r><w:t>evidence</w:t></w:r></w:ins><w:r><w:t>{right.removeprefix("proof")}'
        )

    notes = word_review.read(changed(made, "word/document.xml", review), text, bytes).notes
    assert [note.text for note in notes] == ["proof", "evidence"]
    line = next(number for number, one in enumerate(TEXT.split("\n"), 1) if one.startswith("Nothing that"))
    assert [(note.location.line, note.location.column) for note in notes if note.location] == [(line, 29), (line, 34)]
    assert word_review.read(made, text, bytes).notes == ()


def test_a_column_of_numbers_is_flush_right(make_edition: MakeEdition) -> None:
    data = docx.render(make_edition("| Drug | Dose |\n|------|------|\n| A | 75 |\n| B | 400.25 |\n"))
    cells = [row.iter(f"{W}tc") for row in root(data).iter(f"{W}tr")]
    assert [[{one.get(f"{W}val") for one in cell.iter(f"{W}jc")} for cell in row] for row in cells] == [
        [set(), {"right"}]
    ] * 3
