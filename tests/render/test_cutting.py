"""The fonts in a PDF: cut by what Python carries, so that a file does not depend on what the system has."""

from __future__ import annotations

import ast
import html
import importlib.util
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

from pubkit.errors import EnvironmentFault, PubkitError
from pubkit.render import fonts
from pubkit.render.pdf import press, weasy
from pubkit.render.pdf.press import Press
from pubkit.render.styles import sheets

WORDS = "A hundred leaves, and (25 of) them cut: ffi, Ångström."
SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib")
FACE = fonts.file(fonts.FACES[0])


def job(style: str = "") -> dict[str, Any]:
    text = f'<html lang=en><title>A</title><body data-running=A><main><h1>A</h1><p style="{html.escape(style)}">{WORDS}'
    sheets: dict[str, Any] = {"form": [], "styles": [], "index": [], "labels": []}
    return {"page": text, **sheets, "statement": None, "identifier": "00" * 16, "cpu_seconds": 60}


def printed(preparation: dict[str, Any]) -> bytes:
    with Press() as running:
        running.prepare(preparation)
        running.start(job())
        return running.result()


def embedded(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The names and files of the fonts in a PDF."""
    with pikepdf.open(io.BytesIO(data)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                file: Any = item.get("/FontFile2") or item.get("/FontFile3")
                yield str(item.FontName), bytes(file.read_bytes())


def test_the_bytes_are_the_same_with_and_without_the_library_of_the_system(
    preparation: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = printed(preparation)
    for name in SUBSET:
        (tmp_path / name).write_text("This is no library.\n")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    monkeypatch.setenv("DYLD_FALLBACK_LIBRARY_PATH", str(tmp_path))
    assert printed(preparation) == whole


def test_every_font_is_cut_to_what_the_page_shows(preparation: dict[str, Any]) -> None:
    found = dict(embedded(printed(preparation)))
    assert found
    for name, file in found.items():
        assert re.match(r"/[A-Z]{6}\+", name)
        assert len(file) < FACE.stat().st_size / 4
        assert "GSUB" not in TTFont(io.BytesIO(file))


# Faces of the system come in every kind of file. These are of one design, so that their pages can be compared.


def renamed(font: TTFont, family: str) -> TTFont:
    """The face as Regular of another family."""
    for identifier in (1, 16):
        font["name"].setName(family, identifier, 3, 1, 0x409)
    font["name"].setName("Regular", 2, 3, 1, 0x409)
    for identifier in (3, 4, 6):
        font["name"].setName(family.replace(" ", ""), identifier, 3, 1, 0x409)
    return font


def as_truetype(path: Path) -> None:
    renamed(TTFont(FACE), "Test Face").save(path)


def as_collection(path: Path) -> None:
    """The face as the second of a collection, after another."""
    collection = TTCollection()
    collection.fonts = [
        renamed(TTFont(fonts.file(fonts.FACES[6])), "First Face"),
        renamed(TTFont(FACE), "Test Face"),
    ]
    collection.save(path)


def built(face: TTFont, outlines: bool) -> FontBuilder:
    builder = FontBuilder(face["head"].unitsPerEm, isTTF=outlines)
    builder.setupGlyphOrder(face.getGlyphOrder())
    builder.setupCharacterMap(face.getBestCmap())
    return builder


def finish(builder: FontBuilder, face: TTFont) -> None:
    builder.setupHorizontalMetrics(dict(face["hmtx"].metrics))
    builder.setupHorizontalHeader(ascent=face["hhea"].ascent, descent=face["hhea"].descent)
    builder.setupNameTable({"familyName": "Test Face", "styleName": "Regular", "psName": "TestFace"})
    builder.setupOS2(sTypoAscender=face["hhea"].ascent, sTypoDescender=face["hhea"].descent)
    builder.setupPost()


def as_opentype(path: Path) -> None:
    """The face with the cubic curves of a CFF table."""
    face = TTFont(FACE)
    glyphs = face.getGlyphSet()
    strings = {}
    for name in face.getGlyphOrder():
        pen = T2CharStringPen(glyphs[name].width, glyphs)
        glyphs[name].draw(pen)
        strings[name] = pen.getCharString()
    builder = built(face, outlines=False)
    builder.setupCFF("TestFace", {"FullName": "Test Face"}, strings, {})
    finish(builder, face)
    builder.save(path)


def as_variable(path: Path) -> None:
    """The face with an axis of weight, on which its glyphs stay as they are."""
    face = TTFont(FACE)
    glyphs = face.getGlyphSet()
    drawn = {}
    for name in face.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(pen)
        drawn[name] = pen.glyph()
    builder = built(face, outlines=True)
    builder.setupGlyf(drawn)
    finish(builder, face)
    builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])
    builder.setupGvar({})
    builder.save(path)


Make = Callable[[Path], None]
FILES: dict[str, Make] = {
    "face.ttf": as_truetype,
    "face.ttc": as_collection,
    "face.otf": as_opentype,
    "variable.ttf": as_variable,
}


def printed_with(make: Make, name: str, folder: Path) -> bytes:
    """The PDF of a page in a face that the system has, straight from WeasyPrint's process."""
    folder.mkdir()
    make(folder / name)
    configuration = folder / "test.conf"
    configuration.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>")
    messages = {"page": [], "styles": [], "fonts": {}, "lang": "en"}, job("font: 40pt 'Test Face'")
    environment = press._environment(folder) | {"FONTCONFIG_FILE": str(configuration)}
    done = subprocess.run(
        [sys.executable, "-I", weasy.__file__],
        input=b"".join(json.dumps(message).encode() + b"\n" for message in messages),
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def ink(data: bytes) -> list[float]:
    """How dark each of a hundred squares of the first page is."""
    image = pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil().convert("L")
    return [float(255 - value) for value in image.resize((10, 10)).tobytes()]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return printed_with(as_truetype, "face.ttf", tmp_path_factory.mktemp("face") / "plain")


@pytest.mark.parametrize("name", FILES)
def test_a_face_of_the_system_is_cut_whatever_kind_of_file_it_is_in(name: str, plain: bytes, tmp_path: Path) -> None:
    data = printed_with(FILES[name], name, tmp_path / "other")
    text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    assert WORDS in " ".join(text.split())
    assert sum(ink(plain)) > 100
    assert ink(data) == pytest.approx(ink(plain), abs=2)
    found = {name: file for name, file in embedded(data) if "Test-Face" in name}
    assert found
    for file in found.values():
        assert len(file) < FACE.stat().st_size / 4


def test_a_variable_face_does_not_bring_the_day_of_the_build_into_the_file(tmp_path: Path) -> None:
    data = printed_with(as_variable, "variable.ttf", tmp_path / "variable")
    for file in [file for name, file in embedded(data) if "Test-Face" in name]:
        font = TTFont(io.BytesIO(file))
        assert "fvar" not in font
        assert font["head"].modified == 2_082_844_800  # 1 January 1970, in seconds from 1904


def test_another_weasyprint_is_an_error_with_its_version() -> None:
    code = (
        "import weasyprint.pdf.fonts as fonts\nfrom pubkit.render.pdf import weasy\n"
        "fonts.Font.subset = lambda self, glyphs: None\nweasy._cut_fonts_with_uharfbuzz()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    error = press._failure(done.stderr)
    assert isinstance(error, EnvironmentFault)
    assert error.message.startswith(f"WeasyPrint {importlib.metadata.version('weasyprint')} ")
    assert "weasyprint>=70" in error.remedy


# What WeasyPrint warns of.


def said_by_weasyprint() -> list[str]:
    """The messages of all warnings and errors in WeasyPrint's source, with their places as they are written."""
    spec = importlib.util.find_spec("weasyprint")
    assert spec
    assert spec.origin
    found = []
    for path in sorted(Path(spec.origin).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _WARNS:
                found += [str(node.args[0].value)] if isinstance(node.args[0], ast.Constant) else []
    return found


_WARNS = {"LOGGER.warning", "LOGGER.error", "warnings.warn"}


def test_what_weasyprint_says_of_itself_is_no_fault_and_all_else_is() -> None:
    messages = said_by_weasyprint()
    assert len(messages) > 60
    notices = [message for message in messages if weasy.is_notice(message)]
    assert len(notices) == len(weasy.NOTICES), "a notice that no WeasyPrint gives any more, or one that takes in more"
    for message in notices:
        assert re.search("deprecated|future versions", message, re.IGNORECASE)


@pytest.mark.parametrize(
    "message",
    [
        "Failed to load image at 'data:': cannot identify image file",
        '.notdef glyph rendered for Unicode string unsupported by fonts: "x" (U+0078)',
        "Font-face 'Source Serif Pro' cannot be loaded",
        'Unable to subset "Source Serif Pro" with HarfBuzz',
        "Ignored `colour: red` at 1:5, unknown property.",
        "No anchor #where for internal URI reference",
        "A message that nobody knows yet",
        "Deprecated",
        "",
    ],
)
def test_a_warning_of_the_page_or_an_unknown_one_is_a_fault(message: str) -> None:
    assert not weasy.is_notice(message)


def test_a_fault_names_weasyprint_and_what_it_said(preparation: dict[str, Any]) -> None:
    with Press() as running:
        running.prepare(preparation)
        running.start(job("colour: red"))
        with pytest.raises(PubkitError, match="WeasyPrint warns: Ignored `colour: red`") as caught:
            running.result()
    assert "--only html,epub" in caught.value.remedy


@pytest.mark.parametrize(
    "name",
    [
        *("page-A4.css", "page-A5.css", "page-letter.css", "print.css", "statement.css", "cover.css", "print-book.css"),
        *("book-A4.css", "book-A5.css", "book-letter.css", "leaflet.css", "panels.css", "large-print.css"),
        *("rtl.css", "rtl-print.css", "rtl-book.css", "script-arabic.css", "script-han.css", "script-japanese.css"),
    ],
)
def test_weasyprint_passes_over_no_declaration_of_our_own_for_the_page(
    name: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import logging

    from weasyprint import CSS

    monkeypatch.setattr(logging.getLogger("weasyprint"), "propagate", True)
    CSS(string=sheets.own(name))
    assert caplog.messages == []
