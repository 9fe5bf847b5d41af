"""What a book is: its parts in their order, its page numbers, its numbering, its lists and its index."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pypdfium2
import pytest
import weasyprint
import yaml

import pubkit
from pubkit.render.styles import sheets

from ..conftest import METADATA, Publish, png

PREFACE = "# Preface {.unnumbered}\n\nWhy this book was written, and [who]{.index} wrote it.\n"
PROSE = "Wards are loud at night, and people who sleep badly recover more slowly than others do. " * 60
TEXTS = {
    "00-preface.md": PREFACE,
    "01-ward.md": "# On the ward {.part}\n",
    "02-noise.md": f"""# Noise {{#sec:noise}}

Noise [wakes]{{.index}} people [@page2021]; see @sec:home, @sec:list, @tbl:ear and @fig:wave. An [Écluse]{{.index}}.

{PROSE}

{PROSE}

The [noise]{{.index entry="ward!noise"}} of the [ward]{{.index}}, and [waking]{{.index entry="wakes"}} again.

| Hour | Level |
|:-----|------:|
| 22   |    40 |

: Levels by hour. They fall after midnight. {{#tbl:levels}}

![A wave](wave.png){{#fig:wave alt="A wave that grows."}}
""",
    "03-light.md": """# Light

## Lamps

| Ear | Count |
|:----|------:|
| one |     1 |

: Ears. {#tbl:ear}

![Another wave](wave.png){#fig:second alt="A second wave."}
""",
    "04-home.md": "# At home {.part}\n\nWhat comes after the ward.\n",
    "05-going.md": "# Going home {#sec:home}\n\nAt home it is quiet.\n",
    "06-list.md": """# A checklist {.appendix #sec:list}

| Item | Done |
|:-----|-----:|
| one  |    1 |

: Items. {#tbl:item}
""",
}


def write_book(root: Path, **more: str) -> Path:
    """Write a small book, and the chapters `more`, into `root`, and return it."""
    said = {
        **METADATA,
        "kind": "book",
        "page_size": "A5",
        "bibliography": "references.bib",
        "outputs": ["html", "epub", "pdf"],
    }
    (root / "pubkit.yaml").write_text(yaml.safe_dump(said), "utf-8")
    (root / "references.bib").write_text(
        "@book{page2021, author={Page, M}, title={Guides}, publisher={X}, year=2021}\n"
    )
    (root / "wave.png").write_bytes(png())
    for name, text in (TEXTS | more).items():
        (root / name).write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a small book, built as a draft in three formats."""
    root = write_book(tmp_path_factory.mktemp("book"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795305600")
        made = pubkit.build(root, root / "dist", draft=True)
    assert [one for one in made.report.findings if one.rule.startswith("PRF")] == []
    yield root / "dist"


@pytest.fixture(scope="module")
def pdf(built: Path) -> bytes:
    return next(built.glob("*.pdf")).read_bytes()


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.fixture(scope="module")
def web(built: Path) -> str:
    return next(built.glob("*-draft.html")).read_text("utf-8")


def parsed(markup: str | bytes) -> Any:
    """A page as lxml reads it."""
    return lxml.html.fromstring(markup)


def labels(pdf: bytes) -> list[str]:
    """The label that a reader shows for each page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [page.label for page in document.pages]


def first(pages: list[str], words: str) -> int:
    """The number of the first page that has `words`, from 1."""
    return next(number for number, page in enumerate(pages, 1) if words in page)


def opening(pages: list[str], words: str) -> int:
    """The number of the page that `words` open, in small letters or capitals, from 1."""
    return next(number for number, page in enumerate(pages, 1) if page.casefold().startswith(words.casefold()))


def test_a_book_begins_with_cover_half_title_title_page_and_imprint(pages: list[str]) -> None:
    cover, inside, half, notices, title, imprint = pages[:6]
    assert "Sleep after surgery" in cover
    assert "Ada Example" in cover
    assert inside == "Draft"
    assert "Sleep after surgery" in half
    assert "Ada Example" not in half
    assert "Not medical advice" in notices
    assert "Ada Example" in title
    assert "Example Hospital" in title
    assert "About this publication" in imprint


def test_every_opening_is_a_right_hand_page(pages: list[str]) -> None:
    named = ("Contents", "Preface", "Part I On the ward", "1 Noise", "2 Light", "Part II At home", "3 Going home")
    assert [opening(pages, words) % 2 for words in (*named, "Appendix A A checklist", "References", "Index")] == [
        1
    ] * 10


def test_the_front_matter_has_roman_numbers_and_the_first_part_is_page_1(pdf: bytes, pages: list[str]) -> None:
    found = labels(pdf)
    part = opening(pages, "Part I On the ward")
    assert found[2:6] == ["i", "ii", "iii", "iv"]
    assert found[part - 1 : part + 1] == ["1", "2"]
    assert pages[part - 1].endswith(" 1")
    assert re.search(r"Preface[ .]+[xiv]+ ", pages[first(pages, "Contents") - 1])


def test_no_page_has_a_number_and_nothing_else(pages: list[str]) -> None:
    assert not [page for page in pages if re.fullmatch(r"(?:Draft )?(?:[ivxlc]+|\d+)(?: Draft)?", page)]


def test_margins_mirror_each_other(pdf: bytes, pages: list[str]) -> None:
    document, prose = pypdfium2.PdfDocument(pdf), opening(pages, "1 Noise")

    def left(number: int) -> float:
        text = document[number - 1].get_textpage()
        return min(
            float(text.get_charbox(index)[0])
            for index in range(text.count_chars())
            if text.get_text_range(index, 1).strip()
        )

    assert left(prose + 1) - left(prose) == pytest.approx(2 * 72 / 25.4, abs=1.5)


def test_mentions_name_chapters_and_appendices_and_count_by_chapter(web: str) -> None:
    page = parsed(web)
    found = [link.text_content() for link in page.iter("a") if link.get("class") == "cross-reference"]
    assert found == ["Chapter\u00a03", "Appendix\u00a0A", "Table\u00a02.1", "Figure\u00a01.1"]
    captions = [one.text_content().strip() for one in page.iter("caption", "figcaption")]
    assert [caption.partition(".")[0] + "." + caption.split(".")[1] for caption in captions] == [
        "Table\u00a01.1", "Figure\u00a01.1", "Table\u00a02.1", "Figure\u00a02.1", "Table\u00a0A.1"
    ]  # fmt: skip


def test_the_lists_name_figures_and_tables_with_their_pages(pages: list[str]) -> None:
    (page,) = [page for page in pages if "Tables Table 1.1" in page]
    assert re.search(r"Figures Figure 1\.1 A wave[ .]+\d Figure 2", page)
    assert re.search(r"Table 1\.1 Levels by hour[ .]+\d", page)
    assert "They fall after midnight" not in page


def test_the_index_gives_each_page_once_in_order_of_letters(pages: list[str]) -> None:
    index = pages[opening(pages, "Index") - 1]
    noise = opening(pages, "1 Noise") - opening(pages, "Part I On the ward") + 1
    assert re.search(rf"wakes, {noise}, (\d+)", index)
    assert re.search(r"who, [xiv]+", index)
    assert re.search(r"E Écluse, \d+ W wakes, \d+, \d+ ward, (\d+) noise, \1 who", index)
    assert len(re.findall(rf"\b{noise}\b", index)) == 2


def test_the_index_of_the_web_page_leads_to_sections(web: str) -> None:
    page = parsed(web)
    (index,) = page.xpath("//section[@role='doc-index']")
    places = {link.text_content(): link.get("href") for link in index.iter("a")}
    assert set(places) == {"1"}
    assert all(page.get_element_by_id(target.removeprefix("#")) is not None for target in places.values())


def test_the_contents_of_the_epub_put_chapters_below_their_part(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.epub"))) as archive:
        nav = parsed(archive.read("EPUB/nav.xhtml"))
    part = next(item for item in nav.iter("li") if item.text_content().startswith("Part\u00a0I "))
    inner = [" ".join(link.text_content().split()) for link in part.iterfind("ol/li/a")]
    assert inner == ["1 Noise", "2 Light"]
    assert [one.get("epub:type") for one in nav.iter("nav")] == ["toc", "loi", "lot", "landmarks"]


def test_the_same_book_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    made = pubkit.build(built.parent, tmp_path / "again", draft=True, only=["pdf"])
    for artifact in made.artifacts:
        assert artifact.path.read_bytes() == (built / artifact.path.name).read_bytes()


def test_a_long_text_in_many_files_is_a_book_and_a_short_one_is_not(publication: Publish) -> None:
    from pubkit.manuscript import read
    from pubkit.project import loading

    words = "word " * 1_300
    long = publication(
        "# One\n\n" + words, files={f"{n:02}-more.md": f"# {n}\n\n{words}".encode() for n in range(2, 10)}
    )
    assert read(loading.load(long)).form == "book"
    short = publication("# One\n\n" + words, folder="short")
    assert read(loading.load(short)).form == "article"
    stated = publication("# One\n\nText.", folder="stated", kind=["book", "guideline"])
    assert read(loading.load(stated)).form == "book"
    assert loading.load(stated).publication.text_kind == "guideline"


def test_numbers_that_an_author_wrote_are_not_doubled(publication: Publish) -> None:
    from pubkit.manuscript import read
    from pubkit.project import loading

    folder = publication("# 1 Sleep\n\nText.\n\n# 2. Noise\n\nText.\n\n# Chapter 3: Light\n\nText.\n", kind="book")
    assert [one.number for one in read(loading.load(folder)).document.headings] == ["", "", ""]


def test_the_last_lines_of_the_contents_are_not_alone_on_a_page() -> None:
    sheet = "".join(map(sheets.own, ("page-A5.css", "print-base.css", "print-book.css", "print.css")))

    def lines_on_pages(count: int) -> list[int]:
        lines = '<li><span class="entry" data-target="#a"><a href="#a">A chapter</a></span></li>' * count
        page = f'<body class="book"><div class="contents"><h2 class="contents-heading">Contents</h2><ul id="a">{lines}</ul>'
        pdf = weasyprint.HTML(string=page).write_pdf(stylesheets=[weasyprint.CSS(string=sheet)])
        with pypdfium2.PdfDocument(pdf) as document:
            return [one.get_textpage().get_text_range().count("A chapter") for one in document]

    full = lines_on_pages(60)[0]
    assert lines_on_pages(full + 1) == [full - 2, 3]
