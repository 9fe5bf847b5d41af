"""An EPUB that breaks a promise is found out; one that keeps them all is left alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from pubkit.proof.epub import prove

from .finished import Finished, article, rezipped, rules, shipped, uncited, unpictured

OPF = "EPUB/package.opf"
Files = dict[str, bytes]


def broken(data: bytes, of: Finished | None = None) -> set[str]:
    return rules(prove(data, (of or article()).edition, "sleep.epub"))


def edited(name: str, old: str, new: str) -> set[str]:
    """What is found where the first `old` in every file that matches `name` is exchanged."""

    def edit(files: Files) -> None:
        names = [one for one in files if re.search(name, one) and re.search(old.encode(), files[one], re.DOTALL)]
        assert names, f"{old!r} is in no file {name!r}; the test breaks nothing"
        for one in names:
            files[one] = re.sub(old.encode(), new.encode(), files[one], count=1, flags=re.DOTALL)

    return broken(rezipped(article().epub, edit))


@pytest.mark.parametrize("made", [article, shipped])
@pytest.mark.parametrize("draft", [False, True])
def test_a_book_as_written_keeps_every_promise(made: Callable[..., Finished], draft: bool) -> None:
    finished = made(draft=draft)
    assert list(prove(finished.epub, finished.edition, "book.epub")) == []


def test_packing_a_book_again_breaks_nothing() -> None:
    assert broken(rezipped(article().epub)) == set()


@pytest.mark.parametrize("kept", [0, 2, 5_000])
def test_a_book_that_cannot_be_unpacked_is_unreadable(kept: int) -> None:
    assert broken(article().epub[:kept]) == {"PRF100"}


def test_a_book_with_a_damaged_file_is_unreadable() -> None:
    data = bytearray(article().epub)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = archive.getinfo("EPUB/nav.xhtml")
    data[member.header_offset + 60] ^= 0xFF
    assert broken(bytes(data)) == {"PRF100"}


@pytest.mark.parametrize(("first", "stored"), [(False, True), (True, False)])
def test_the_type_stands_first_and_stored(first: bool, stored: bool) -> None:
    assert "PRF200" in broken(rezipped(article().epub, type_first=first, store_type=stored))


@pytest.mark.parametrize("name", ["../outside.xhtml", "/absolute.css", "EPUB/../../x", "EPUB\\x.css", "epub/NAV.xhtml"])
def test_no_name_leads_out_of_the_book_or_stands_twice(name: str) -> None:
    def add(files: Files) -> None:
        files[name] = b"x"

    assert "PRF200" in broken(rezipped(article().epub, add))


def test_a_wrong_type_is_found() -> None:
    assert "PRF200" in broken(rezipped(article().epub, lambda files: files.update(mimetype=b"application/zip")))


@pytest.mark.parametrize("lost", ["META-INF/container.xml", OPF])
def test_a_book_without_its_package_is_unreadable(lost: str) -> None:
    def lose(files: Files) -> None:
        del files[lost]

    assert broken(rezipped(article().epub, lose)) == {"PRF100"}


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (OPF, r"<item [^>]*epub-css[^>]*>", "", "PRF201"),
        (OPF, r"</manifest>", '<item id="x" href="x.css" media-type="text/css"/></manifest>', "PRF201"),
        (OPF, r"</manifest>", '<item id="x" href="styles/epub.css" media-type="text/css"/></manifest>', "PRF201"),
        (OPF, r"</spine>", '<itemref idref="nothing"/></spine>', "PRF201"),
        (OPF, r'<itemref idref="text-chapter-001-xhtml"/>', "", "PRF201"),
        (OPF, r'media-type="text/css"', 'media-type="text/javascript"', "PRF201"),
        (OPF, r"<dc:language>en-US", "<dc:language>fr", "PRF101"),
        (OPF, r"<dc:title([^>]*)>Sleep", r"<dc:title\1>Wake", "PRF101"),
        (OPF, r"urn:uuid:", "urn:uuid:0", "PRF101"),
        (OPF, r'<meta property="dcterms:modified">[^<]*</meta>', "", "PRF101"),
        ("chapter", r'xml:lang="en-US"', 'xml:lang="de"', "PRF101"),
        ("chapter", r"<title>[^<]*</title>", "<title></title>", "PRF101"),
        ("chapter", r"</p>", "", "PRF202"),
        ("chapter", r"</body>", "&nbsp;</body>", "PRF202"),
        ("chapter-000", r"^.*$", "<svg/>", "PRF202"),
        (OPF, r' properties="nav"', "", "PRF203"),
        ("nav", r"What remains unknown", "What else", "PRF203"),
        ("nav", r"<a href=\"text/chapter-001.xhtml[^\"]*\"", '<a href="text/title.xhtml"', "PRF203"),
        ("chapter", r"</body>", "<script>1</script></body>", "PRF102"),
        ("chapter", r"</head>", '<script type="application/ld+json">{}</script></head>', "PRF102"),
        ("chapter", r"<body ", '<body onload="x()" ', "PRF102"),
        ("chapter", r"</body>", '<p><img src="https://x.example/p.png" alt="x"/></p></body>', "PRF103"),
        ("chapter", r"</head>", '<link rel="stylesheet" href="//x.example/x.css"/></head>', "PRF103"),
        ("epub.css", r"$", "@import url(https://x.example/x.css);", "PRF103"),
        ("epub.css", r"$", "p{background:url(https://x.example/x.png)}", "PRF103"),
        ("chapter", r"</body>", '<p><a href="javascript:1">x</a></p></body>', "PRF104"),
        ("chapter", r"</body>", '<p><a href="chapter-001.xhtml#nowhere">x</a></p></body>', "PRF105"),
        ("chapter", r"</body>", '<p><a href="../nothing.xhtml">x</a></p></body>', "PRF105"),
        ("chapter", r"</body>", '<p><img src="../images/nothing.png" alt="x"/></p></body>', "PRF105"),
        ("chapter", r'id="ref-page2021"', 'id="ref-other"', "PRF105"),
        ("chapter", r"</body>", '<p id="twice"/><p id="twice"/></body>', "PRF106"),
        ("chapter", r'alt="Two bars[^"]*"', "", "PRF107"),
        ("chapter", r"<h1[^>]*>What remains unknown</h1>", "", "PRF110"),
        ("chapter", r"Guidelines say what a review", "", "PRF111"),
        ("chapter", r"<p>The closing words[^<]*</p>", "", "PRF111"),
        ("chapter", r"<table.*</table>", "", "PRF112"),
        ("chapter", r"<td[^>]*>7.75</td>", "", "PRF112"),
        ("chapter", r"<figure.*</figure>", "", "PRF113"),
        ("chapter", r"<math.*?</math>", "", "PRF113"),
        ("chapter", r"The note explains how the hours were counted\.", "", "PRF114"),
        ("chapter", r"reporting systematic reviews", "", "PRF115"),
    ],
)
def test_what_breaks_a_promise_is_found(name: str, old: str, new: str, rule: str) -> None:
    assert rule in edited(name, old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r'<meta property="schema:accessMode">[^<]*</meta>', ""),
        (r'<meta property="schema:accessModeSufficient">[^<]*</meta>', ""),
        (r'<meta property="schema:accessibilityHazard">[^<]*</meta>', ""),
        (r'<meta property="schema:accessibilitySummary">[^<]*</meta>', ""),
        (r'<meta property="schema:accessibilityFeature">MathML</meta>', ""),
        (r'accessibilityFeature">MathML', 'accessibilityFeature">synchronizedAudioText'),
    ],
)
def test_accessibility_metadata_that_lack_or_lie_are_found(old: str, new: str) -> None:
    assert "PRF204" in edited(OPF, old, new)


def test_alternative_text_is_not_claimed_for_a_picture_without_one() -> None:
    assert "PRF204" in edited("chapter", r'alt="Two bars[^"]*"', 'alt=""')


def test_formulas_are_not_claimed_where_there_are_none() -> None:
    assert "PRF204" in edited("chapter", r"<math.*?</math>", "")


def test_stillness_is_not_claimed_for_a_picture_that_moves() -> None:
    from PIL import Image

    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = io.BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])

    def exchange(files: Files) -> None:
        name = next(one for one in files if "images/" in one and "cover" not in one)
        files[name] = moving.getvalue()
        entry = rb'(href="' + name.removeprefix("EPUB/").encode() + rb'" media-type=")image/png'
        files[OPF], count = re.subn(entry, rb"\1image/gif", files[OPF])
        assert count == 1

    assert "PRF204" in broken(rezipped(article().epub, exchange))


def test_a_symbolic_link_in_the_container_is_found() -> None:
    buffer = io.BytesIO(article().epub)
    with zipfile.ZipFile(buffer, "a") as archive:
        link = zipfile.ZipInfo("META-INF/link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "PRF200" in broken(buffer.getvalue())


def test_a_book_whose_last_chapter_is_lost_is_found_out() -> None:
    def drop(files: Files) -> None:
        last = max(name for name in files if "chapter-" in name)
        short = last.removeprefix("EPUB/").encode()
        identifier = short.replace(b"/", b"-").replace(b".", b"-")
        del files[last]
        files[OPF] = re.sub(rb'<item id="' + identifier + rb'"[^>]*>', b"", files[OPF])
        files[OPF] = files[OPF].replace(b'<itemref idref="' + identifier + b'"/>', b"")
        files["EPUB/nav.xhtml"] = re.sub(rb'<li><a href="' + short + rb".*?</li>", b"", files["EPUB/nav.xhtml"])

    assert {"PRF105", "PRF110", "PRF115", "PRF203"} <= broken(rezipped(shipped().epub, drop), shipped())


def test_chapters_in_the_wrong_order_are_found() -> None:
    def swap(files: Files) -> None:
        first, second = b'<itemref idref="text-chapter-000-xhtml"/>', b'<itemref idref="text-chapter-001-xhtml"/>'
        assert first in files[OPF] and second in files[OPF]
        files[OPF] = files[OPF].replace(first, b"@").replace(second, first).replace(b"@", second)

    assert "PRF110" in broken(rezipped(article().epub, swap))


def test_a_draft_that_does_not_say_so_is_found() -> None:
    def unmark(files: Files) -> None:
        for name in files:
            if "chapter-" in name:
                files[name] = files[name].replace(b"not for publication", b"ready")

    assert "PRF108" in broken(rezipped(article(draft=True).epub, unmark), article(draft=True))


def test_a_key_in_the_place_of_a_citation_is_found() -> None:
    assert "PRF115" in edited(
        "chapter", '(<span class="citation nobr">).*?</span>', r"\1<strong>page2021?</strong></span>"
    )
    assert "PRF115" in broken(article().epub, Finished(uncited(article().edition)))


def test_words_in_the_place_of_a_picture_are_found() -> None:
    words = '<span class="missing-picture">[Picture missing]</span></body>'
    assert "PRF113" in edited("chapter-001", "</body>", words)
    assert "PRF113" in broken(article().epub, Finished(unpictured(article().edition)))
