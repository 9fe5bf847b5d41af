"""What a publication's own style sheets may do: each place that goes beyond it is refused with its line, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubkit
from pubkit.errors import InputRefused
from pubkit.findings import Finding
from pubkit.formats import OutputFormat
from pubkit.manuscript.policy import OF_PAGES
from pubkit.render.styles import house, sheets

Publish = Callable[..., Path]
README = Path(__file__).parents[2] / "styles" / "README.md"


def put(folder: Path, text: str, name: str = "web") -> Path:
    (folder / "styles").mkdir(exist_ok=True)
    (folder / "styles" / f"{name}.css").write_text(text, "utf-8")
    return folder


def refused(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(InputRefused) as error:
        sheets.load(folder)
    return error.value.findings


def places(found: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.rule} {finding.location}" for finding in found]


@pytest.mark.parametrize(
    "rule",
    [
        "p { background: url(https://example.org/x.png) }",
        "p { background: URL( 'x.png' ) }",
        "p { background: u\\72l(x.png) }",
        "p { background: image-set('x.png' 1x) }",
        "@import 'other.css';",
        "@font-face { font-family: x }",
        "@namespace svg 'http://www.w3.org/2000/svg';",
        "p { width: expression(alert(1)) }",
        "p { -moz-binding: none }",
        "p { color: red !important }",
        "p::before { content: '</style><script>' }",
        ".pubkit-disclaimer { display: block }",
        "#pubkit-disclaimer-general { color: red }",
        ".pub\\6bit-disclaimer { color: red }",
        "[class^='pubkit-'] { color: red }",
        ":not(.pubkit-draft) { color: red }",
        "@media print { p { background: url(x) } }",
        "@media print { @media print { p { color: red } } }",
        "@page { @top-left { content: url(x) } }",
        "@page { @import 'x'; }",
        "p { & a { color: blue } }",
        "p { color: red; a { color: blue } }",
        "p:state(gone) { color: red }",
        "p::view-transition { color: red }",
        "svg|a { color: red }",
        "p { color: }",
        "p { line-height: calc(1px - 1px) }",
        "p { color: var(--nowhere) }",
        "p { color: var(--nowhere, red) }",
        ":root { --ink: 1 2 3 }",
        ":root { --pubkit-ink: red }",
        "p { content: '*' }",
        "p::before { content: 'cures all ills' }",
        "@page { @bottom-left { content: 'It cures all ills' } }",
        "h2::after { content: 'f' 'a' 'l' 's' 'e' }",
        "blockquote { quotes: 'u' 'n' 't' 'r' }",
        "@page { @top-right { content: 'outdated' } }",
        "@page { @top-left { content: 'None of' counter(page) } @top-right { content: 'it holds' counter(page) } }",
        "@page { size: 10mm 10mm }",
        "p { color: #fff }",
        "p { color: #eee; background: white }",
        "p { background: #777; color: #888 }",
    ],
)
def test_what_is_not_on_the_list_is_refused_with_its_line(tmp_path: Path, rule: str) -> None:
    found = refused(put(tmp_path, f"p {{ color: #123 }}\n\n/* url( in a comment is harmless */\n{rule}\n"))
    assert {(finding.rule, finding.location and finding.location.line) for finding in found} == {("SRC030", 4)}


@pytest.mark.parametrize(
    "rule",
    [
        "body { color: red;\n\nhtml, p { color: blue }",
        "@media print { p { color: red }",
        "p { color: rgb(1, 2, 3 }",
        "p { color: red } }",
        "p { color red; }",
        "p { 5: red }",
        "p::before { content: 'x\n }",
        "p { color: red } /* a comment without its end",
        ".lead",
        "p { color: " + "(" * 5000,
        ":is(" * 5000,
    ],
)
def test_a_style_sheet_with_a_mistake_is_refused_with_its_line(tmp_path: Path, rule: str) -> None:
    found = refused(put(tmp_path, f"p {{ color: #123 }}\n/* \" ' {{ }} */\na {{ color: #456 }}\n{rule}\n"))
    assert ("SRC030", 4) in {(finding.rule, finding.location and finding.location.line) for finding in found}


def test_every_place_of_every_sheet_is_named_at_once(tmp_path: Path) -> None:
    put(tmp_path, "@import 'x';\nmain { position: absolute; left: -99em }\np { font-size: 2px }\n")
    found = refused(put(tmp_path, "h1 { color: red !important }", "print.extra"))
    assert places(found) == [
        "SRC030 styles/web.css:1:1",
        "SRC030 styles/web.css:2:8",
        "SRC030 styles/web.css:2:28",
        "SRC030 styles/web.css:3:5",
        "SRC030 styles/print.extra.css:1:6",
    ]
    assert "“font-size: 2px”" in found[3].message
    assert found[3].remedy.startswith("font-size takes 0.6em to 4em, 60% to 400%, small")
    assert "move" in found[1].message


def test_a_sheet_written_for_something_else_is_refused_in_one_screenful(tmp_path: Path) -> None:
    found = refused(put(tmp_path, "a { float: left }\n" * 3000))
    assert len(found) == 61
    assert "2940 more" in found[-1].message


def test_a_misspelt_property_or_variable_is_told_the_nearest_one(tmp_path: Path) -> None:
    css = ":root { --accent: #a00 }\nh1 { colour: red; border-color: var(--acent) }\n"
    remedies = [finding.remedy for finding in refused(put(tmp_path, css))]
    assert "color" in remedies[0]
    assert "--accent" in remedies[1]


@pytest.mark.parametrize(
    "css",
    [
        "/* { ( */ p::before { content: '{ ( [ \\' ' }\n@page { size: A4 }\n",
        ":root { --brand: #a00; --face: 'Inter', sans-serif } a { color: var(--brand); font: 600 1rem var(--face) }\n",
        ":root { --step: 1.5em } h1 { margin: var(--step) 0 0; border: 1px solid; border-radius: 4px }\n",
        "body { font-size: clamp(1rem, .9rem + .5vw, 1.25rem); max-width: min(100%, 40rem) }\n",
        "thead th { background: #17566b; color: #fff } tbody tr:nth-child(2n) { background: rgb(0 0 0 / 4%) }\n",
        "@page { size: 152mm 229mm; margin: 18mm 15mm 20mm; @top-left { content: string(book-title) } }\n",
        "@page { @bottom-center { content: 'Page ' counter(page) ' of ' counter(pages); font-size: 8pt } }\n",
        "@page :left { @top-left { content: 'S. ' counter(page) } }\n",
        "@page :first { margin: 30mm }\n@media not print { a { color: red } }\n",
        "@media (min-width: 50em) and (prefers-color-scheme: dark) { p { color: #eee } }\n",
        ".text > section + section h2::first-letter { color: #a00; font-size: 2em } ul { list-style: square inside }\n",
        ".text { columns: 2 14em; column-gap: 2em; column-rule: 1px solid silver; hyphens: auto }\n",
        "h2 { color: inherit; letter-spacing: .04em; border-bottom: 2px dotted currentcolor; break-before: page }\n",
    ],
)
@pytest.mark.parametrize("name", ["web", "epub", "print"])
def test_type_colour_and_space_are_the_houses_own(tmp_path: Path, css: str, name: str) -> None:
    chosen = getattr(sheets.load(put(tmp_path, css, name)), name)
    assert css in chosen
    assert chosen.startswith(sheets.own(f"{name}-base.css"))
    assert sheets.own(f"{name}.css") not in chosen


@pytest.mark.parametrize("name", ["web", "epub", "print"])
def test_an_unedited_copy_of_each_sheet_gives_the_same_file(publication: Publish, tmp_path: Path, name: str) -> None:
    kinds: dict[str, OutputFormat] = {"web": "html", "epub": "epub", "print": "pdf"}
    root = publication()
    plain = pubkit.build(root, tmp_path / "plain", only=[kinds[name]])
    put(root, sheets.own(f"{name}.css"), name)
    copied = pubkit.build(root, tmp_path / "copied", only=[kinds[name]])
    assert copied.artifacts[0].sha256 == plain.artifacts[0].sha256


def test_an_addition_comes_after_pubkits_own_sheet_and_may_use_its_variables(
    publication: Publish, tmp_path: Path
) -> None:
    root = put(publication(), ":root { --accent: #a00 }\nh2 { color: var(--accent) }\n", "web.extra")
    page = pubkit.build(root, tmp_path / "out", only=["html"]).artifacts[0].path.read_text("utf-8")
    own, added, last = (
        page.index(part) for part in ("--accent: #17566b", "--accent: #a00", "Comes last in every output")
    )
    assert own < added < last


def test_a_brand_colour_reaches_the_printed_page(publication: Publish, tmp_path: Path) -> None:
    import pypdfium2

    root = publication("# Rest\n\nA quiet room helps.\n", bibliography=None)
    put(root, ":root { --ink: #a01020 }\n", "print.extra")
    pdf = pubkit.build(root, tmp_path / "out", only=["pdf"]).artifacts[0].path
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("RGB")
    assert (0xA0, 0x10, 0x20) in {colour for _, colour in page.getcolors(1 << 24)}


def test_one_line_in_place_of_the_print_sheet_keeps_pictures_on_the_page(
    publication: Publish, picture: bytes, tmp_path: Path
) -> None:
    from ..conftest import png

    root = publication("# Rest\n\n![A chart.](chart.png){alt='A wide chart.'}\n", files={"chart.png": png(3000, 200)})
    put(root, "h1 { color: #a00 }\n", "print")
    assert pubkit.build(root, tmp_path / "out", only=["pdf"]).artifacts


def test_a_proof_that_fails_names_the_house_style_sheet(publication: Publish, tmp_path: Path) -> None:
    root = put(publication(), "html, body, main { padding: 0 20% }\n", "web")
    with pytest.raises(pubkit.Blocked) as error:
        pubkit.build(root, tmp_path / "out", only=["html"])
    assert all("styles/web.css" in finding.remedy for finding in error.value.report.findings if finding.blocks)


def test_a_sheet_that_weasyprint_cannot_set_is_named(publication: Publish, tmp_path: Path) -> None:
    css = ".text, .contents, .imprint, h1 { margin: 0 0 0 auto; padding: 10em; display: inline-block; width: 100% }"
    root = put(publication("# Rest {#sec:rest}\n\nA quiet room helps.\n", bibliography=None), css, "print.extra")
    with pytest.raises(pubkit.PubkitError) as error:
        pubkit.build(root, tmp_path / "out", only=["pdf"])
    remedies = [error.value.remedy, *(finding.remedy for finding in error.value.findings)]
    assert any("styles/print.extra.css" in remedy for remedy in remedies)


def test_a_sheet_with_a_name_that_nothing_reads_is_a_warning(publication: Publish) -> None:
    root = put(put(publication(), "h1 { color: red }", "brand"), "", "pritn.extra")
    found = {str(one.location): one.remedy for one in pubkit.check(root).findings if one.rule == "SRC035"}
    assert sorted(found) == ["styles/brand.css", "styles/pritn.extra.css"]
    assert found["styles/pritn.extra.css"].startswith("Rename it to print.extra.css")


def test_designers_read_what_the_door_lets_through() -> None:
    table = "\n".join(
        f"| {', '.join(f'`{name}`' for name in row.names)} | {row} |" for row in house.allow_list().properties
    )
    assert table in README.read_text("utf-8")


def test_designers_read_the_names_that_they_may_use() -> None:
    text = README.read_text("utf-8")
    allowed = house.allow_list()
    named = {*allowed.media_types, *allowed.media_features, *allowed.pseudo_classes, *allowed.pseudo_elements}
    assert [name for name in sorted(named) if f"`{name}`" not in text] == []
    variables = {*house.variables(sheets.own("web.css")), *house.variables(sheets.own("print.css"))}
    assert [name for name in sorted(variables) if f"`{name}`" not in text] == []


@given(st.text(st.sampled_from("{}()[];:@!<>'\"\\/*-.#%, \n1aurlpmport")))
def test_any_text_is_taken_or_refused_and_what_is_taken_loads_nothing(text: str) -> None:
    if house.findings(text, "styles/web.css"):
        return
    assert "<" not in text
    plain = re.sub(r"/\*.*?\*/|'[^']*'|\"[^\"]*\"", "", text, flags=re.DOTALL)
    assert "@import" not in plain
    assert "!" not in plain.replace("\\!", "")


#: What an author may set among the words: boxes, parts of a book, lists, widths.
AUTHORS = re.compile(
    r"align-(center|right)|appendix|callout(-\w+)?|chapter|citation|decimal|equation|example|line-block|notes?|"
    r"(lower|upper)-(alpha|roman)|one-paren|two-parens|part|part-number|roman|section-number|sideways|smallcaps|subfigures|"
    r"table-notes|tasks?|uri|very-wide|wide|width-\d+"
)


def test_an_author_cannot_take_the_class_of_a_part_of_the_page() -> None:
    shipped = README.parent
    names = set()
    for sheet in shipped.glob("*.css"):
        rules = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL))
        names |= set(re.findall(r"\.([a-z][\w-]*)", rules))
    for template in shipped.glob("*.*html"):
        names |= {
            name for said in re.findall(r'class="([^"{]*)"', template.read_text("utf-8")) for name in said.split()
        }
    assert {"cover", "facts"} <= names
    kept = {
        name for name in names if not OF_PAGES.fullmatch(name) and not name.startswith(("pubkit-", "csl-", "footnote"))
    }
    assert {name for name in kept if not AUTHORS.fullmatch(name)} == set()
