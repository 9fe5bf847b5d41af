"""Dangerous HTML never reaches an output: one draft holds every construct, and none is left in HTML, EPUB or PDF.

A draft goes on without what is dangerous; a build is blocked by it.
"""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import lxml.html
import pikepdf
import pypdfium2
import pytest
import yaml
from lxml import etree

import pubkit
from pubkit.findings import Severity
from pubkit.publish.model import Blocked

from .conftest import BIBLIOGRAPHY, METADATA

#: Each construct, as a paragraph of its own; {evil} is an address that nothing but this construct holds.
CONSTRUCTS = {
    "script": "<script src='{evil}'>load('{evil}')</script>",
    "script-in-line": "a <script>load('{evil}')</script> b",
    "iframe": "<iframe src='{evil}'></iframe>",
    "srcdoc": "<iframe srcdoc=\"<script src='{evil}'></script>\"></iframe>",
    "object": "<object data='{evil}'></object>",
    "embed": "<embed src='{evil}'>",
    "form": "<form action='{evil}'><input name=a formaction='{evil}'><button formaction='{evil}'>go</button></form>",
    "handler": "<b onclick=\"load('{evil}')\">b</b> <p onmouseover=\"load('{evil}')\">p</p>",
    "handler-of-a-table": "<table onload=\"load('{evil}')\"><tr onclick='{evil}'><td ondrop='{evil}'>c</td></tr></table>",
    "javascript": "<a href=\"javascript:load('{evil}')\">a</a>",
    "javascript-in-entities": "<a href=\"&#106;ava&#x73;cript:'{evil}'\">a</a> <a href=\" java&#10;script:'{evil}'\">b</a>",
    "vbscript": "<a href='vbscript:{evil}'>a</a>",
    "data-page": "<a href='data:text/html,<script>{evil}</script>'>a</a>",
    "remote-picture": "<img src='{evil}' alt=a> ![a]({evil})",
    "srcset": "<img src='x.png' srcset='{evil} 2x' alt=a>",
    "picture-handler": "<img src=x onerror=\"load('{evil}')\" alt=a>",
    "style-attribute": "<p style=\"background: url('{evil}')\">p</p> <td style='text-align:left; color:url({evil})'>t</td>",
    "style-element": "<style>body {{ background: url({evil}) }}</style>",
    "stylesheet": "<link rel=stylesheet href='{evil}'>",
    "base": "<base href='{evil}'>",
    "refresh": "<meta http-equiv=refresh content='0; url={evil}'>",
    "video": "<video src='{evil}' poster='{evil}'><source src='{evil}'></video> <audio src='{evil}'></audio>",
    "svg": "<svg onload=\"load('{evil}')\"><image href='{evil}'/><script>load('{evil}')</script></svg>",
    "math": "<math><mi xlink:href=\"javascript:'{evil}'\">x</mi></math>",
    "background": "<table background='{evil}'><tr><td background='{evil}'>c</td></tr></table>",
    "ping": "<a href='#top' ping='{evil}'>a</a>",
    "attachment": "<a rel=attachment href='file://{evil}'>a</a>",
    "hidden": "<p hidden data-x='{evil}'>Hidden words.</p>",
    "raw-block": "```{{=html}}\n<script>load('{evil}')</script><p onclick=\"'{evil}'\">p</p><svg onload='{evil}'>\n```",
    "raw-block-open": "```{{=html}}\n</div></div><iframe src='{evil}'><a href='javascript:{evil}'>a</a>\n```",
    "raw-inline": "a `<img src='{evil}' onerror=load()><script>load('{evil}')</script>`{{=html}} b",
    "disclaimer": '<div id="pubkit-disclaimer-general" class="pubkit-disclaimer" data-x="{evil}">All is well.</div>',
    "drawing-that-runs": "![a drawing](evil.svg)",
    "plaintext": "<plaintext data-x='{evil}'>\n\n<xmp><textarea><template><noscript data-x='{evil}'>",
}  # fmt: skip
_ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "base",
    "audio",
    "video",
    "svg",
    "link",
    "meta",
}


def evil(name: str) -> str:
    return f"https://{name}.attack.example/x"


class Made(NamedTuple):
    folder: Path
    html: bytes
    pages: dict[str, bytes]
    pdf: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("attack")
    paragraphs = "\n\n".join(text.format(evil=evil(name)) for name, text in CONSTRUCTS.items())
    (folder / "01-text.md").write_text(f"# Words {{#top}}\n\nA guideline [@page2021].\n\n{paragraphs}\n\nThe end.\n")
    script = f"<script>load('{evil('drawing-that-runs')}')</script>"
    (folder / "evil.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{script}</svg>")
    (folder / "references.bib").write_text(BIBLIOGRAPHY)
    (folder / "pubkit.yaml").write_text(yaml.safe_dump({**METADATA, "bibliography": "references.bib"}, sort_keys=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795305600")
        release = pubkit.build(folder, folder / "draft", draft=True)
    files = {artifact.format: artifact.path for artifact in release.artifacts}
    with zipfile.ZipFile(files["epub"]) as book:
        pages = {name: book.read(name) for name in book.namelist()}
    yield Made(folder, files["html"].read_bytes(), pages, files["pdf"])


def attributes(root: etree._Element) -> str:
    return " ".join(str(value) for element in root.iter(etree.Element) for value in element.attrib.values())


def decoded(text: str) -> str:
    """Addresses of data, read."""
    data = re.findall(r"base64,([A-Za-z0-9+/=]+)", text)
    return text + "".join(base64.b64decode(one).decode("latin-1") for one in data)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_dangerous_construct_reaches_no_output(made: Made, name: str) -> None:
    address = evil(name)
    page = lxml.html.document_fromstring(made.html)
    assert address not in decoded(attributes(page))
    assert not [one for one in page.iter("style", "script") if address in (one.text or "")]
    for path, data in made.pages.items():
        if path.endswith((".xhtml", ".opf", ".ncx")):
            assert address not in attributes(etree.fromstring(data))
        if not path.endswith(".xhtml"):
            assert address.encode() not in data
    with pikepdf.open(made.pdf) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                assert address.encode() not in thing.read_bytes()
            assert address not in repr(thing)


def test_no_output_holds_anything_active(made: Made) -> None:
    page: Any = lxml.html.document_fromstring(made.html)
    assert {str(one.tag) for one in page.find("body").iter(etree.Element)} & _ACTIVE == set()
    for path, data in made.pages.items():
        if path.endswith(".xhtml"):
            chapter: Any = etree.fromstring(data)
            tags = {etree.QName(one).localname for one in chapter.find("{*}body").iter(etree.Element)}
            assert tags & _ACTIVE == set()
        assert not path.endswith(".svg")
    with pikepdf.open(made.pdf) as pdf:
        shown = " ".join(repr(thing) for thing in pdf.objects)
    assert not re.search(r"/JavaScript|/JS\b|/Launch|/EmbeddedFile|/SubmitForm|/GoToR", shown)


def test_the_disclaimer_is_the_only_one_of_its_id_and_the_rest_of_the_text_is_there(made: Made) -> None:
    page: Any = lxml.html.document_fromstring(made.html)
    [notice] = page.xpath('//*[@id="pubkit-disclaimer-general"]')
    assert "All is well" not in notice.text_content()
    document = pypdfium2.PdfDocument(made.pdf)
    printed = " ".join(one.get_textpage().get_text_range() for one in document)
    document.close()
    for words in (
        "All is well",
        "Hidden words",
        "[embedded page left out]",
        "[video left out]",
        "[Picture missing]",
        "The end.",
    ):
        assert words in page.text_content()
        assert words in printed


def test_a_build_is_blocked_by_what_a_draft_leaves_out(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Blocked) as blocked:
        pubkit.build(made.folder, made.folder / "dist")
    findings = [one for one in blocked.value.report.findings if one.severity is Severity.ERROR]
    assert {"SRC040", "SRC042", "SRC044", "SRC045", "SRC046", "SRC061", "SRC062"} <= {one.rule for one in findings}
    assert not any(one.waivable for one in findings if one.rule in {"SRC040", "SRC042", "SRC046"})
    assert not (made.folder / "dist").exists()
