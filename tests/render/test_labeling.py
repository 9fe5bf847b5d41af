"""Labels: marked claims, each with its symbol, and the dietary supplement statement wherever one stands (21 CFR 101.93)."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from msgspec import structs

from pubkit import pipeline
from pubkit.disclaimers.claims import marked
from pubkit.disclaimers.model import DisclaimerBlock, Typography
from pubkit.proof.disclaimers import epub as disclaimer_epub
from pubkit.proof.disclaimers import html as disclaimer_html
from pubkit.proof.disclaimers import pdf as disclaimer_pdf
from pubkit.render import html
from pubkit.render.epub import book as epub
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf
from pubkit.render.styles import sheets

Publish = Callable[..., Path]
MakeEdition = Callable[..., Edition]

FILLER = "\n\n".join(
    ["Each capsule holds dried flower heads, a plant shell and nothing else, as the list says [@page2021]."] * 14
)
LABEL = f"""\
# What it is

Chamomile is a daisy. [Chamomile supports calm]{{.claim}}.

{FILLER}

# What it is for

[It supports restful *sleep* and “easy” digestion]{{.claim}} [@page2021].

{FILLER}

# How it is taken

| Part | Use |
|---|---|
| Flower | [Maintains a comfortable stomach]{{.claim}} |

{FILLER}
"""
DSHEA = [{"variant": "dshea"}]
PLURAL = "These statements have not been evaluated by the Food and Drug Administration."


def built(folder: Path, **options: Any) -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
    """The files of a build by format, and what was measured of the statement by format."""
    out = folder.parent / f"{folder.name}-out"
    release = pipeline.build(folder, out, **options)
    files = {artifact.format: artifact.path.read_bytes() for artifact in release.artifacts}
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    return files, {entry["format"]: entry for entry in manifest["disclaimers"] if entry["variant"] == "dshea"}


def refused(folder: Path) -> set[tuple[str, str]]:
    with pytest.raises(pipeline.Blocked) as caught:
        pipeline.build(folder, folder.parent / "out", only=["pdf"])
    return {(finding.rule, finding.message) for finding in caught.value.report.findings if finding.severity == "error"}


def page_texts(data: bytes) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def chapters(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if "/chapter-" in name}


def test_a_label_with_three_claims_is_built_and_proved_in_every_format(publication: Publish) -> None:
    files, measures = built(publication(LABEL, role="labeling", disclaimers=DSHEA, page_size="A5"))
    assert set(measures) == {"html", "epub", "pdf"}
    pages = page_texts(files["pdf"])
    bearing = [number for number, text in enumerate(pages, 1) if re.search("calm\\*|digestion\\*|stomach\\*", text)]
    assert len(bearing) == 3
    stated = [number for number, text in enumerate(pages, 1) if PLURAL in text]
    assert stated == [1, *bearing]
    assert measures["pdf"]["pages"] == stated
    assert measures["pdf"]["o_height"] >= 4.5
    assert measures["pdf"]["stem"] >= 0.206
    assert all(text.count("Dietary supplement statement") <= 1 for text in pages[:-1])
    page = files["html"].decode()
    marks = re.findall(r'([\w”]+)</span><a class="pubkit-claim-mark" href="#pubkit-disclaimer-dshea"[^>]*>\*</a>', page)
    assert marks == ["calm", "digestion", "stomach"]
    for text in chapters(files["epub"]).values():
        copies = re.findall(r'<aside class="pubkit-disclaimer pubkit-disclaimer-bold" id="([^"]+)"', text)
        assert set(re.findall(r'pubkit-claim-mark" href="#([^"]+)"', text)) == set(copies)
        assert len(copies) == text.count('id="pubkit-claim-')


def test_one_claim_brings_the_statement_in_the_singular_unasked(publication: Publish) -> None:
    files, measures = built(publication("# Use\n\n[Supports calm]{.claim}.\n", role="labeling"), only=["html"])
    assert "* This statement has not been evaluated" in files["html"].decode()
    assert "html" in measures


def test_a_label_whose_symbols_are_written_by_hand_is_refused_for_the_page_without_the_statement(
    publication: Publish,
) -> None:
    text = re.sub(r"\[(.*?)\]\{\.claim\}", r"\1\\*", LABEL)
    asked = [{"variant": "dshea", "slots": {"claims": "many"}}]
    found = refused(publication(text, role="labeling", disclaimers=asked, page_size="A5"))
    assert {rule for rule, _ in found} == {"PRF072"}
    assert any("but not the disclaimer" in message for _, message in found)


def test_a_european_label_is_built_with_its_statements_in_every_format(publication: Publish) -> None:
    slots = {"daily_dose": "zwei Kapseln", "consumption": "täglich zum Essen", "avoid": "Kinder"}
    asked = [{"variant": "eu-supplement", "slots": slots}]
    folder = publication(
        "# Kamille\n\nKamille ist eine [Pflanze]{.claim}.\n",
        role="labeling",
        jurisdiction="DE",
        lang="de",
        disclaimers=asked,
    )
    files, measures = built(folder)
    assert measures == {}
    manifest = json.loads((folder.parent / "book-out" / "manifest.json").read_text("utf-8"))
    printed = [entry["format"] for entry in manifest["disclaimers"] if entry["variant"] == "eu-supplement"]
    assert sorted(printed) == ["epub", "html", "pdf"]
    assert "zwei Kapseln" in page_texts(files["pdf"])[0]
    assert "pubkit-claim" not in "".join(chapters(files["epub"]).values())


@pytest.mark.parametrize(
    ("text", "metadata", "rule", "words"),
    [
        ("[Supports calm]{.claim}.", {}, "DIS003", "“Supports calm”"),
        ("[Kratom supports calm]{.claim}.", {"role": "labeling"}, "DIS003", "lawful dietary supplement"),
        ("[Supports calm]{.claim}.\n\nSold in boxes of 5\\* 3.", {"role": "labeling"}, "DIS005", "take this * for"),
        ("# [Supports calm]{.claim}\n\nDaily.", {"role": "labeling"}, "DIS005", "heading"),
        ("::: {.claim}\nSupports calm.\n:::", {"role": "labeling"}, "DIS005", "whole block"),
        ("[[a]{.claim} b]{.claim}", {"role": "labeling"}, "DIS005", "contains another"),
        ("[![](p.png){.decorative}]{.claim}", {"role": "labeling"}, "DIS005", "no words"),
        ("Chamomile is a daisy.", {"role": "labeling", "disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}]},
         "DIS004", "marks none"),
        ("[a]{.claim} [b]{.claim}",
         {"role": "labeling", "disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}]}, "DIS005", "marks 2"),
    ],
)  # fmt: skip
def test_claims_that_cannot_be_tied_are_refused(
    publication: Publish, picture: bytes, text: str, metadata: dict[str, Any], rule: str, words: str
) -> None:
    report = pipeline.check(publication(text, files={"p.png": picture}, **metadata))
    assert [one.message for one in report.findings if one.rule == rule and words in one.message]


def test_a_stray_symbol_is_shown_in_its_line(publication: Publish) -> None:
    report = pipeline.check(publication("[Calm]{.claim}.\n\nA box\nof 5\\* 3.", role="labeling"))
    place = next(one.location for one in report.findings if one.rule == "DIS005")
    assert place
    assert place.line == 4


def label(make: MakeEdition, text: str = LABEL, **fields: Any) -> Edition:
    """An edition of a label with its statement."""
    edition = make(text.replace("page2021", "vicknasingam2020"), **fields)
    claims = marked(edition.tree)
    number = "This statement has" if len(claims) == 1 else "These statements have"
    words = (
        "been evaluated by the Food and Drug Administration. This product is not intended to diagnose, treat, cure, or"
    )
    block = DisclaimerBlock(
        variant="dshea",
        locale="en",
        version="1.0.0",
        identifier="pubkit-disclaimer-dshea",
        heading="Dietary supplement statement",
        paragraphs=(f"* {number} not {words} prevent any disease.",),
        source="21 CFR 101.93",
        as_of=dt.date(2026, 1, 1),
        sha256="1" * 64,
        typography=Typography(minimum_o_height=4.5, bold=True, boxed=True),
        marker="*",
        claims=claims,
    )
    return structs.replace(edition, disclaimers=(block,))


@pytest.fixture(scope="module")
def webpage(make_edition: MakeEdition) -> tuple[Edition, str]:
    edition = label(make_edition)
    data = html.render(edition)
    assert disclaimer_html.prove(data, edition.disclaimers)[0] == []
    return edition, data.decode()


@pytest.fixture(scope="module")
def book(make_edition: MakeEdition) -> tuple[Edition, bytes]:
    edition = label(make_edition)
    data = epub.render(edition)
    assert disclaimer_epub.prove(data, edition.disclaimers)[0] == []
    return edition, data


@pytest.fixture(scope="module")
def printed(make_edition: MakeEdition) -> tuple[Edition, bytes]:
    edition = label(make_edition, page_size="A5")
    return edition, pdf.render(edition)


def test_the_same_label_gives_the_same_bytes(printed: tuple[Edition, bytes]) -> None:
    edition, data = printed
    assert pdf.render(edition) == data


def messages(data: bytes, edition: Edition) -> list[str]:
    return [finding.message for finding in disclaimer_pdf.prove(data, edition.disclaimers)[0]]


@pytest.mark.parametrize("size", ["A4", "letter"])
def test_the_statement_fits_the_foot_of_every_size_of_page(make_edition: MakeEdition, size: str) -> None:
    edition = label(make_edition, page_size=size)
    assert messages(pdf.render(edition), edition) == []


def test_the_statement_stands_whatever_the_publication_sets_at_the_foot(make_edition: MakeEdition) -> None:
    own = sheets.load(None)
    sheet = """@page { size: 120mm 160mm; margin: 9mm 12mm; @bottom-left { content: "Left" } @bottom-center { content: "M" }
      @bottom-right { content: counter(page) } } a { display: none; color: #fff } .claim { opacity: .9 } p { color: #333 }"""
    edition = label(
        make_edition,
        styles=structs.replace(own, print=own.print + sheet, web=own.web + "a { color: #333 }"),
    )
    assert messages(pdf.render(edition), edition) == []
    assert disclaimer_html.prove(html.render(edition), edition.disclaimers)[0] == []


def test_a_claim_that_goes_on_overleaf_has_the_statement_on_both_pages(make_edition: MakeEdition) -> None:
    claim = " ".join(f"It supports part{number} of the body in its own way." for number in range(25))
    text = f"{'Filler words. ' * 200}\n\n[{claim} So it is calm]{{.claim}}.\n\n{'Filler words. ' * 500}"
    edition = label(make_edition, text, page_size="A5")
    data = pdf.render(edition)
    pages = page_texts(data)
    bearing = [number for number, page in enumerate(pages) if "supports part" in page]
    assert bearing == [1, 2]
    assert all("This statement has not been evaluated" in pages[number] for number in bearing)
    assert len(pages) > bearing[-1] + 1
    assert messages(data, edition) == []
    assert any("begins on page 2" in message for message in messages(blanked(data, 1), edition))


def blanked(data: bytes, page: int) -> bytes:
    """The PDF with the foot of one page painted white."""
    with pikepdf.open(io.BytesIO(data)) as document, io.BytesIO() as copy:
        one = document.pages[page]
        one.contents_add(pikepdf.Stream(document, b"q"), prepend=True)
        one.contents_add(pikepdf.Stream(document, b"Q q 1 1 1 rg 0 0 2000 105 re f Q"))
        document.save(copy)
        return copy.getvalue()


def test_a_statement_covered_on_one_page_is_refused(printed: tuple[Edition, bytes]) -> None:
    edition, data = printed
    assert messages(data, edition) == []
    page = next(number for number, text in enumerate(page_texts(data)) if "digestion*" in text)
    assert [f"page {page + 1} has a statement" in message for message in messages(blanked(data, page), edition)] == [
        True
    ]


def test_a_statement_printed_on_the_first_page_only_is_refused(make_edition: MakeEdition) -> None:
    from weasyprint import CSS, HTML

    edition = label(make_edition, page_size="A5")
    page = pdf.page(edition)
    own = [sheets.own("page-A5.css"), edition.styles.print, sheets.protection()]
    own += [".pubkit-disclaimer { font-size: 10.4pt !important } .pubkit-disclaimer-foot { display: none !important }"]
    data = HTML(string=page).write_pdf(stylesheets=[CSS(string=sheet) for sheet in own])
    bare = [text for text in page_texts(data) if re.search(r"[a-z]\*", text) and PLURAL not in text]
    assert len(bare) >= 2
    assert sum("but not the disclaimer" in message for message in messages(data, edition)) == len(bare)


def test_a_claim_printed_without_its_symbol_is_refused(printed: tuple[Edition, bytes]) -> None:
    edition, data = printed
    block = edition.disclaimers[0]
    more = structs.replace(block, claims=(*block.claims, "Each capsule holds"))
    found = [finding.message for finding in disclaimer_pdf.prove(data, [more])[0]]
    assert any("“Each capsule holds” is not printed with its *" in message for message in found)
    assert any("4 statements are tied to it, but 3 marks are printed" in message for message in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">*</a>", "></a>"),
        ('href="#pubkit-disclaimer-dshea', 'href="#elsewhere'),
        ('class="pubkit-claim-mark"', 'class="pubkit-claim-mark" style="visibility: hidden !important"'),
        ('class="pubkit-claim-mark"', 'class="pubkit-claim-mark" style="color: #fff !important"'),
        ('class="pubkit-claim"', 'class="pubkit-claim" hidden=""'),
        ("supports calm</span>", "supports calm, or so it is said</span>"),
    ],
)
def test_a_symbol_that_readers_cannot_see_or_follow_is_refused(
    webpage: tuple[Edition, str], old: str, new: str
) -> None:
    edition, page = webpage
    first = page.index('id="pubkit-claim-1"') - 60
    broken = page[:first] + page[first:].replace(old, new, 1)
    assert broken != page
    found, _ = disclaimer_html.prove(broken.encode(), edition.disclaimers)
    assert "PRF072" in {finding.rule for finding in found}
    assert {finding.rule for finding in found} <= {"PRF070", "PRF072"}


def rewritten(data: bytes, change: Callable[[str], str]) -> bytes:
    """The EPUB with the chapter of the second claim changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, io.BytesIO() as copy:
        with zipfile.ZipFile(copy, "w") as other:
            for name in archive.namelist():
                content = archive.read(name)
                if b'id="pubkit-claim-2"' in content:
                    content = change(content.decode()).encode()
                other.writestr(name, content)
        return copy.getvalue()


@pytest.mark.parametrize(
    ("pattern", "new", "rule"),
    [
        (r'<aside class="pubkit-disclaimer.*</aside>', "", "PRF072"),
        (r'href="#pubkit-disclaimer-dshea-\d+"', 'href="title.xhtml#pubkit-disclaimer-dshea"', "PRF072"),
        (r"prevent any disease", "prevent most diseases", "PRF061"),
        (r'<aside class="pubkit-disclaimer pubkit-disclaimer-bold"', '<aside class="pubkit-disclaimer"', "PRF067"),
    ],
)
def test_a_chapter_without_a_sound_statement_is_refused(
    book: tuple[Edition, bytes], pattern: str, new: str, rule: str
) -> None:
    edition, data = book
    broken = rewritten(data, lambda text: re.sub(pattern, new, text, flags=re.DOTALL))
    assert broken != data
    assert {finding.rule for finding in disclaimer_epub.prove(broken, edition.disclaimers)[0]} == {rule}


def test_a_claim_inside_a_link_and_one_in_a_note_are_tied(make_edition: MakeEdition) -> None:
    text = "[See [it is calming]{.claim}](https://example.org/).[^n]\n\n[^n]: A note: [it soothes]{.claim}.\n"
    edition = label(make_edition, text)
    assert disclaimer_html.prove(html.render(edition), edition.disclaimers)[0] == []
    assert disclaimer_epub.prove(epub.render(edition), edition.disclaimers)[0] == []
    assert messages(pdf.render(edition), edition) == []
