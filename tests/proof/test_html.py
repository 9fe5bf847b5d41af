"""A web page that breaks a promise is found out; one that keeps them all is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pubkit.findings import Severity
from pubkit.proof.html import prove

from .finished import Finished, article, cut, exchanged, rules, shipped, uncited, unpictured


def broken(data: bytes, of: Finished | None = None) -> set[str]:
    return rules(prove(data, (of or article()).edition, "sleep.html"))


@pytest.mark.parametrize("made", [article, shipped])
@pytest.mark.parametrize("draft", [False, True])
def test_a_page_as_written_keeps_every_promise(made: Callable[..., Finished], draft: bool) -> None:
    finished = made(draft=draft)
    assert list(prove(finished.html, finished.edition, "page.html")) == []


def test_a_finding_is_an_error_that_nobody_can_waive_and_names_the_file() -> None:
    finding = next(iter(prove(b"", article().edition, "sleep.html")))
    assert finding.severity is Severity.ERROR
    assert not finding.waivable
    assert str(finding.location) == "sleep.html"
    assert finding.remedy


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"\xff\xfe",
        lambda page: page[:-200],
        lambda page: page.replace(b"<!DOCTYPE html>", b"", 1),
        lambda page: page + b"\xc3",
    ],
)
def test_a_page_that_is_not_whole_is_unreadable(damage: Callable[[bytes], bytes]) -> None:
    assert broken(damage(article().html)) == {"PRF100"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('<html lang="en-US"', '<html lang="de"', "PRF101"),
        ('<html lang="en-US"', "<html", "PRF101"),
        ("<title>Sleep after surgery", "<title>Another", "PRF101"),
        ("</body>", "<script>alert(1)</script></body>", "PRF102"),
        ("</body>", "<SCRIPT type=module>1</SCRIPT></body>", "PRF102"),
        ("</body>", '<p onclick="x()">x</p></body>', "PRF102"),
        ("</body>", "<iframe></iframe></body>", "PRF102"),
        ("</body>", "<form action='/x'></form></body>", "PRF102"),
        ("</body>", "<object data='x'></object></body>", "PRF102"),
        ("</head>", '<base href="https://x.example/"></head>', "PRF102"),
        ("</head>", '<meta http-equiv="Refresh" content="0;url=x"></head>', "PRF102"),
        ("</body>", '<p style="behavior:url(#x)">x</p></body>', "PRF102"),
        ('"@context"', '"@context', "PRF102"),
        ("</body>", '<img src="https://x.example/p.png" alt="x"></body>', "PRF103"),
        ("</body>", '<img src="p.png" alt="x"></body>', "PRF103"),
        ("</body>", '<img src="data:image/svg+xml,x" alt="x"></body>', "PRF103"),
        ("</body>", '<img srcset="https://x.example/p.png 2x" alt="x"></body>', "PRF103"),
        ("</head>", '<link rel="stylesheet" href="x.css"></head>', "PRF103"),
        ("</head>", '<link rel="preconnect" href="https://x.example"></head>', "PRF103"),
        ("</style>", "@import 'x.css';</style>", "PRF103"),
        ("</style>", "p{background:url(https://x.example/p.png)}</style>", "PRF103"),
        ("</style>", r"p{background:\75 rl(//x.example/p.png)}</style>", "PRF103"),
        ("</style>", "p{background:u/**/rl(x);background:url( 'x.png' )}</style>", "PRF103"),
        ("</body>", "<p style=\"background:image-set('x.png' 1x)\">x</p></body>", "PRF103"),
        ("</body>", '<a href="javascript:alert(1)">x</a></body>', "PRF104"),
        ("</body>", '<a href=" jAva\tscript:alert(1)">x</a></body>', "PRF104"),
        ("</body>", '<a href="data:text/html,x">x</a></body>', "PRF104"),
        ("</body>", '<a href="file:///etc/passwd">x</a></body>', "PRF104"),
        ("</body>", '<a href="#nowhere">x</a></body>', "PRF105"),
        ("</body>", '<a href="other.html">x</a></body>', "PRF105"),
        ('id="what-remains-unknown"', 'id="what-else"', "PRF105"),
        ("</body>", '<p id="pubkit-main">x</p></body>', "PRF106"),
        (' alt="Two bars, the second one higher."', "", "PRF107"),
        ('<meta http-equiv="Content-Security-Policy"', '<meta name="x"', "PRF109"),
        ("default-src &#39;none&#39;", "default-src *", "PRF109"),
        ("style-src", "script-src 'unsafe-inline'; style-src", "PRF102"),
        ("img-src data:", "img-src https: data:", "PRF103"),
        ("<main ", "<main></main><main ", "PRF116"),
        ("<h1", "<h1>Twice</h1><h1", "PRF116"),
        ('aria-labelledby="pubkit-contents"', 'aria-labelledby="pubkit-nothing"', "PRF116"),
    ],
)
def test_what_a_page_must_not_hold_is_found(old: str, new: str, rule: str) -> None:
    data = article().html
    assert old.encode() in data
    assert rule in broken(data.replace(old.encode(), new.encode(), 1))


def test_a_link_element_that_only_tells_of_something_is_no_resource() -> None:
    told = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head>'
    assert broken(exchanged(article().html, "</head>", told)) == set()


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        (r"<h2[^>]*>(?:(?!</h2>).)*What remains unknown</h2>", "PRF110"),
        (r"<h3[^>]*>(?:(?!</h3>).)*What the groups slept</h3>", "PRF110"),
        (r"Guidelines say what a review should report", "PRF111"),
        (r"<p>The closing words of the whole text stand at its very end.</p>", "PRF111"),
        (r"<li>And another thing.</li>", "PRF111"),
        (r"≥", "PRF111"),
        (r"±", "PRF111"),
        (r"<table.*</table>", "PRF112"),
        (r"<td[^>]*>7.75</td>", "PRF112"),
        (r"<figure.*</figure>", "PRF113"),
        (r"Hours of rest in two groups.</figcaption>", "PRF113"),
        (r"<math.*?</math>", "PRF113"),
        (r"The note explains how the hours were counted.", "PRF114"),
        (r' role="doc-noteref"', "PRF114"),
        (r"Page MJ.*?reporting systematic reviews", "PRF115"),
    ],
)
def test_what_is_dropped_is_missed(pattern: str, rule: str) -> None:
    assert rule in broken(cut(article().html, pattern))


def test_a_heading_that_is_no_longer_one_is_missed() -> None:
    data = article().html.replace(b"<h3", b"<p").replace(b"</h3>", b"</p>")
    assert "PRF110" in broken(data)


def test_text_that_has_changed_its_place_is_missed() -> None:
    closing = "<p>The closing words of the whole text stand at its very end.</p>"
    without = exchanged(article().html, closing, "")
    moved = exchanged(without, '<div class="text">', f'<div class="text">{closing}')
    found = [one for one in prove(moved, article().edition, "x.html") if one.rule == "PRF111"]
    assert any("not in its place" in finding.message for finding in found)


def test_a_changed_alternative_is_missed() -> None:
    assert "PRF113" in broken(exchanged(article().html, "the second one higher", "the second one lower"))


def test_a_draft_that_does_not_say_so_is_found() -> None:
    finished = article(draft=True)
    assert "PRF108" in broken(finished.html.replace(b"not for publication", b"ready"), finished)


def test_a_book_without_its_tail_gives_a_few_findings_and_the_number_of_the_rest() -> None:
    finished = shipped()
    start = finished.html.index(b'<section id="sec-risks"')
    end = finished.html.index(b'<section class="imprint"')
    found = list(prove(finished.html[:start] + finished.html[end:], finished.edition, "x.html"))
    assert {"PRF110", "PRF111", "PRF112", "PRF113", "PRF114", "PRF115"} <= rules(found)
    assert len(found) < 100
    assert any("more of this kind" in finding.message for finding in found)


def test_a_key_in_the_place_of_a_citation_is_found_in_the_page_and_in_the_tree() -> None:
    page = re.sub(
        rb'(<span class="citation nobr">).*?</span>', rb"\1<strong>page2021?</strong></span>", article().html, count=1
    )
    assert page != article().html
    assert "PRF115" in broken(page)
    assert broken(article().html, Finished(uncited(article().edition))) == {"PRF111", "PRF115"}


def test_a_strong_question_in_a_citation_is_not_taken_for_a_key() -> None:
    page = exchanged(
        article().html, '<span class="citation nobr">', '<span class="citation nobr"><strong>why?</strong>'
    )
    assert "PRF115" not in broken(page)


def test_words_in_the_place_of_a_picture_are_found_in_the_page_and_in_the_tree() -> None:
    words = '<span class="missing-picture">[Picture missing]</span></body>'
    assert broken(exchanged(article().html, "</body>", words)) == {"PRF113"}
    assert "PRF113" in broken(article().html, Finished(unpictured(article().edition)))


def test_a_draft_may_show_what_is_missing() -> None:
    words = '<span class="missing-picture">[Picture missing]</span></body>'
    draft = article(draft=True)
    assert broken(exchanged(draft.html, "</body>", words), draft) == set()
