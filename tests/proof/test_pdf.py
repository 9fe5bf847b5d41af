"""A PDF that breaks a promise is found out; one that keeps them all is left alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pikepdf
import pytest
from msgspec import structs

from pubkit.manuscript.tree import Attr, Div, Header, Image, Note, Para, Str, Table, Target, Tree, copied, every
from pubkit.proof.pdf import prove
from pubkit.render import write
from pubkit.render.model import Edition

from ..faults.mutation import mutated
from .finished import Finished, article, rules, shipped, uncited, unpictured


def broken(data: bytes, of: Finished | None = None) -> set[str]:
    return rules(prove(data, (of or article()).edition, "sleep.pdf"))


def edited(edit: Callable[[pikepdf.Pdf], Any], of: Finished | None = None) -> set[str]:
    """What is found once `edit` has changed the article's PDF."""
    finished = of or article()
    with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
        edit(pdf)
        buffer = io.BytesIO()
        pdf.save(buffer)
    return broken(buffer.getvalue(), finished)


def promising(edit: Callable[[list[Any]], Any]) -> Edition:
    """The article's edition with other blocks than those that were printed."""
    blocks = list(article().edition.tree.blocks)
    edit(blocks)
    return structs.replace(article().edition, tree=Tree(blocks=blocks))


def header(text: str) -> Header:
    return Header((1, Attr("x"), [Str(text)]))


@pytest.mark.parametrize(("made", "draft"), [(article, False), (article, True), (shipped, False)])
def test_a_pdf_as_written_keeps_every_promise(made: Callable[..., Finished], draft: bool) -> None:
    finished = made(draft=draft)
    assert list(prove(finished.pdf, finished.edition, "book.pdf")) == []


def test_saving_a_pdf_again_breaks_nothing() -> None:
    assert edited(lambda _: None) == set()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"<html>"])
def test_what_is_no_pdf_is_unreadable(data: bytes) -> None:
    assert broken(data) == {"PRF100"}


def test_a_report_on_what_is_no_pdf_is_the_same_each_time() -> None:
    [finding] = prove(b"%PDF-1.7\n", article().edition, "book.pdf")
    assert " at 0x" not in finding.message


def test_a_pdf_without_pages_is_unreadable() -> None:
    def empty(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[:]

    assert edited(empty) == {"PRF100"}


def test_an_encrypted_pdf_is_unreadable() -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(article().pdf)) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="x", user=""))
    assert broken(buffer.getvalue()) == {"PRF100"}


def _delete(*path: str) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        place: Any = pdf.Root
        for name in path[:-1]:
            place = place[name]
        del place[path[-1]]

    return edit


def _set(name: str, value: object) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root[name] = value

    return edit


def _title(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Title"]


def _claim(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root["/Metadata"].read_bytes().decode()
        assert re.search(old, packet, re.DOTALL)
        pdf.Root["/Metadata"].write(re.sub(old, new, packet, flags=re.DOTALL).encode())

    return edit


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (_delete("/Lang"), "PRF101"),
        (_set("/Lang", pikepdf.String("fr")), "PRF101"),
        (_title, "PRF101"),
        (_delete("/ViewerPreferences"), "PRF101"),
        (_claim("<dc:title>.*</dc:title>", ""), "PRF101"),
        (_delete("/MarkInfo"), "PRF300"),
        (_delete("/StructTreeRoot"), "PRF300"),
        (_delete("/StructTreeRoot", "/ParentTree"), "PRF300"),
        (_delete("/Outlines"), "PRF203"),
        (_delete("/Metadata"), "PRF301"),
        (_delete("/OutputIntents"), "PRF301"),
        (_delete("/StructTreeRoot"), "PRF301"),
        (_claim("<pdfuaid:part>1</pdfuaid:part>", ""), "PRF301"),
        (_claim('pdfaid:conformance="A"', 'pdfaid:conformance="B"'), "PRF301"),
        (_delete("/Names"), "PRF105"),
    ],
)
def test_what_a_reader_needs_of_the_catalog_is_missed(edit: Callable[[pikepdf.Pdf], None], rule: str) -> None:
    assert rule in edited(edit)


def test_metadata_that_cannot_be_read_are_found() -> None:
    data = article().pdf
    assert data.count(b"<x:xmpmeta") == 1
    assert "PRF301" in broken(data.replace(b"<x:xmpmeta", b"<x:xmpmetb"))


def _structure(kind: str) -> Callable[[pikepdf.Pdf], list[Any]]:
    def found(pdf: pikepdf.Pdf) -> list[Any]:
        return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and str(one.get("/S", "")) == kind]

    return found


@pytest.mark.parametrize(("kind", "rule"), [("/Table", "PRF112"), ("/H2", "PRF300"), ("/H3", "PRF300")])
def test_a_part_that_is_not_tagged_as_what_it_is_is_missed(kind: str, rule: str) -> None:
    def retag(pdf: pikepdf.Pdf) -> None:
        elements = _structure(kind)(pdf)
        assert elements
        for element in elements:
            element["/S"] = pikepdf.Name("/P")

    assert rule in edited(retag)


def test_a_figure_without_an_alternative_is_found() -> None:
    def silence(pdf: pikepdf.Pdf) -> None:
        for element in _structure("/Figure")(pdf):
            del element["/Alt"]

    assert {"PRF107", "PRF113"} <= edited(silence)


def _action(**entries: object) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary({f"/{name}": value for name, value in entries.items()})
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/Link"), Rect=[0, 0, 9, 9], A=action
        )
        pdf.pages[0].obj["/Annots"] = pikepdf.Array([*pdf.pages[0].obj.get("/Annots", []), annotation])

    return edit


def _attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["evil.sh"] = b"#!/bin/sh"


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (_action(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)")), "PRF102"),
        (_action(S=pikepdf.Name("/Launch"), F=pikepdf.String("x.exe")), "PRF102"),
        (_action(S=pikepdf.Name("/GoToR"), F=pikepdf.String("x.pdf")), "PRF102"),
        (_action(S=pikepdf.Name("/SubmitForm"), F=pikepdf.String("https://x.example")), "PRF102"),
        (_set("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name("/GoTo"))), "PRF102"),
        (_set("/AA", pikepdf.Dictionary()), "PRF102"),
        (_attach, "PRF102"),
        (_action(S=pikepdf.Name("/URI"), URI=pikepdf.String("javascript:alert(1)")), "PRF104"),
        (_action(S=pikepdf.Name("/URI"), URI=pikepdf.String("file:///etc/passwd")), "PRF104"),
        (_action(S=pikepdf.Name("/URI"), URI=pikepdf.String("café.html")), "PRF104"),
        (_action(S=pikepdf.Name("/GoTo"), D=pikepdf.String("nowhere")), "PRF105"),
    ],
)
def test_what_acts_or_leads_astray_is_found(edit: Callable[[pikepdf.Pdf], None], rule: str) -> None:
    assert rule in edited(edit)


def test_words_that_only_look_like_actions_are_none() -> None:
    def retitle(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Subject"] = "On /JavaScript and /Launch (and \\(/EmbeddedFile\\))"

    assert edited(retitle) == set()


def test_a_bookmark_that_leads_elsewhere_is_found() -> None:
    def mislead(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            target = next(item for item in outline.root if item.title.endswith("What remains unknown"))
            target.destination = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name("/XYZ"), 0, 800, 0])

    assert "PRF110" in edited(mislead)


def test_a_page_that_is_lost_is_missed() -> None:
    def tear_out(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[len(pdf.pages) // 2 : len(pdf.pages) - 2]

    assert {"PRF111", "PRF110"} & edited(tear_out, shipped())


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (lambda blocks: blocks.append(header("A heading nobody printed")), "PRF203"),
        (lambda blocks: blocks.append(Para([Str("Nobody has printed these words anywhere.")])), "PRF111"),
        (lambda blocks: blocks.insert(1, blocks[-3]), "PRF111"),
        (lambda blocks: blocks.append(Para([Note([Para([Str("A lost note.")])])])), "PRF114"),
        (
            lambda blocks: blocks.append(
                Div((Attr("ref-x", ["csl-entry"]), [Para([Str("2. Lost AB. A lost work.")])]))
            ),
            "PRF115",
        ),
        (lambda blocks: blocks.extend(one for one in list(blocks) if isinstance(one, Table)), "PRF112"),
        (
            lambda blocks: blocks.append(Para([Image((Attr(), [Str("A lost picture.")], Target("x.png")))])),
            "PRF113",
        ),
    ],
)
def test_what_was_promised_and_is_not_printed_is_missed(edit: Callable[[list[Any]], Any], rule: str) -> None:
    assert rule in rules(prove(article().pdf, promising(edit), "sleep.pdf"))


def _composite(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/DescendantFonts" in one]


def test_a_face_that_is_not_embedded_is_found() -> None:
    def strip(pdf: pikepdf.Pdf) -> None:
        del _composite(pdf)[0].DescendantFonts[0].FontDescriptor["/FontFile2"]

    assert "PRF302" in edited(strip)


def test_a_glyph_that_stands_for_no_character_is_found() -> None:
    def unmap(pdf: pikepdf.Pdf) -> None:
        del _composite(pdf)[0]["/ToUnicode"]

    assert "PRF303" in edited(unmap)


def test_an_empty_box_is_found() -> None:
    def blank(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.Contents.write(re.sub(rb"<[0-9a-f]{4}>", b"<0000>", page.Contents.read_bytes(), count=1))

    assert "PRF303" in edited(blank)


def test_a_letter_that_prints_as_nothing_is_found() -> None:
    """A face cut down wrongly: its outlines are gone, the text can still be copied."""

    def hollow(pdf: pikepdf.Pdf) -> None:
        from fontTools.ttLib import TTFont

        program = _composite(pdf)[0].DescendantFonts[0].FontDescriptor["/FontFile2"]
        face = TTFont(io.BytesIO(program.read_bytes()))
        glyphs = face["glyf"]
        for name in face.getGlyphOrder():
            glyphs[name] = type(glyphs[name])()
        buffer = io.BytesIO()
        face.save(buffer)
        program.write(buffer.getvalue())

    assert "PRF303" in edited(hollow)


@pytest.mark.parametrize("shift", [b"1 0 0 1 -400 0 cm\n", b"1 0 0 1 0 500 cm\n"])
def test_text_outside_its_page_is_found(shift: bytes) -> None:
    def push(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.Contents.write(shift + page.Contents.read_bytes())

    assert "PRF304" in edited(push)


def test_a_draft_is_marked_on_each_page() -> None:
    def unmark(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].Contents.write(b"")

    assert "PRF108" in edited(unmark, article(draft=True))


def test_a_sign_that_is_not_printed_is_missed() -> None:
    def promise(blocks: list[Any]) -> None:
        blocks[:] = copied(Tree(blocks=blocks)).blocks
        word = next(one for one in every(Str, blocks) if one.text == "closing")
        word.text = "closing‰"

    found = list(prove(article().pdf, promising(promise), "sleep.pdf"))
    assert [one.message for one in found] == ["Signs of the text are missing: ‰ (1 of 1)"]


def test_a_key_in_the_place_of_a_citation_is_found_in_the_print_whatever_the_tree_says() -> None:
    printed = write("pdf", uncited(article().edition))
    assert "PRF115" in broken(printed, Finished(uncited(article().edition)))
    assert "PRF115" in rules(prove(printed, structs.replace(article().edition, cited=()), "sleep.pdf"))


def test_words_in_the_place_of_a_picture_are_found_in_the_print_whatever_the_tree_says() -> None:
    printed = write("pdf", unpictured(article().edition))
    assert "PRF113" in broken(printed, Finished(unpictured(article().edition)))
    assert "PRF113" in broken(printed)


def test_a_picture_in_the_colours_of_the_press_is_found() -> None:
    def press(pdf: pikepdf.Pdf) -> None:
        image = next(item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Width") == 320)
        image.ColorSpace = pikepdf.Name.DeviceCMYK

    assert edited(press) == {"PRF301"}


def test_paint_in_the_colours_of_the_press_is_found() -> None:
    assert edited(lambda pdf: pdf.pages[0].contents_add(b"q 0 1 0 0.2 k Q", prepend=True)) == {"PRF301"}


@pytest.mark.parametrize("number", [26, 29, 31, 32, 35])
def test_a_damaged_pdf_is_a_finding_wherever_the_damage_is(number: int) -> None:
    damaged = mutated((article().pdf,), Random(f"finished pdf 1 {number}"))
    assert list(prove(damaged, article().edition, "a.pdf"))
