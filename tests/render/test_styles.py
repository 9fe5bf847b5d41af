"""What a publication's own style sheets may do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.errors import InputRefused
from pubkit.render import styles


def put(folder: Path, text: str, name: str = "web") -> Path:
    (folder / "styles").mkdir()
    (folder / "styles" / f"{name}.css").write_text(text, "utf-8")
    return folder


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
        ".pubkit-disclaimer { display: none }",
        "#pubkit-disclaimer-general { color: white }",
        ".pub\\6bit-disclaimer { display: none }",
        "[class^='pubkit-'] { display: none }",
        "@media print { @media print { p { background: url(x) } } }",
        "@page { @top-left { content: url(x) } }",
        "@page { @import 'x'; }",
    ],
)
def test_author_css_is_refused_with_its_line(tmp_path: Path, rule: str) -> None:
    with pytest.raises(InputRefused) as error:
        styles.load(put(tmp_path, f"p {{ color: #123 }}\n\n/* url( in a comment is harmless */\n{rule}\n"))
    (finding,) = error.value.findings
    assert finding.rule == "SRC030"
    assert finding.location is not None
    assert (finding.location.file, finding.location.line) == ("styles/web.css", 4)


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
    ],
)
def test_a_style_sheet_with_a_mistake_is_refused_with_its_line(tmp_path: Path, rule: str) -> None:
    with pytest.raises(InputRefused) as error:
        styles.load(put(tmp_path, f"p {{ color: #123 }}\n/* \" ' {{ }} */\na {{ color: #456 }}\n{rule}\n"))
    (finding,) = error.value.findings
    assert finding.rule == "SRC030"
    assert finding.location is not None
    assert (finding.location.file, finding.location.line) == ("styles/web.css", 4)


@pytest.mark.parametrize("name", ["web.css", "epub.css", "print.css"])
def test_pubkits_own_style_sheets_hold_no_mistake(name: str) -> None:
    styles.check(styles.own(name).replace(".pubkit-", ".own-"), name)


def test_brackets_in_strings_and_comments_open_nothing(tmp_path: Path) -> None:
    css = "/* { ( */ p::before { content: '{ ( [ \\' '; color: red; & a { color: blue } }\n@page { size: A4 }\n"
    assert styles.load(put(tmp_path, css)).web == css


def test_a_publication_puts_its_own_sheet_in_the_place_of_one(tmp_path: Path) -> None:
    css = "body { color: #123456 }\n@page { margin: 2cm; @top-left { content: counter(page) } }\n"
    css += "@media (min-width: 50em) { p { color: red } }\n"
    chosen = styles.load(put(tmp_path, css, "print"))
    assert chosen.print == css
    assert chosen.web == styles.own("web.css")


@pytest.mark.parametrize("name", ["web.css", "epub.css", "print.css", "page-A4.css", "page-A5.css", "page-letter.css"])
def test_an_editor_may_start_from_any_sheet_of_ours_once_the_reserved_parts_are_out(name: str) -> None:
    lines = [line for line in styles.own(name).splitlines() if "pubkit-" not in line]
    styles.check("\n".join(lines), name)


@given(st.text(st.sampled_from("{}()[];:@!<>'\"\\/*-.#%, \n1aurlpmport")))
def test_any_text_is_taken_or_refused_and_what_is_taken_loads_nothing(text: str) -> None:
    try:
        styles.check(text, "styles/web.css")
    except InputRefused:
        return
    assert "<" not in text
    assert "!" not in text.replace("\\!", "") or "'" in text or '"' in text or "/*" in text
