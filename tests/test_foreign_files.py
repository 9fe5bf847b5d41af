"""XML and zip files from anywhere: what is not read, and that it costs nothing."""

from __future__ import annotations

import io
import zipfile

import pytest

from pubkit.boundary import xml
from pubkit.boundary.xml import NotXml
from pubkit.boundary.zip import Archive, Bounds, Member, NotZip, packed

LAUGHS = b"<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>"
FETCHED = b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
DAY = (1980, 1, 1, 0, 0, 0)


def zipped(**members: bytes) -> bytes:
    return packed((Member(name, data) for name, data in members.items()), DAY, 9)


@pytest.mark.parametrize("data", [LAUGHS, FETCHED, LAUGHS.replace(b"&y;", b"")], ids=["laughs", "fetched", "declared"])
@pytest.mark.parametrize("read", [xml.document, xml.long_document])
def test_no_entity_is_read(data: bytes, read: object) -> None:
    with pytest.raises(NotXml, match="document type with entities"):
        read(data)  # type: ignore[operator]


def test_a_document_type_is_left_where_it_is_or_refused() -> None:
    data = b'<!DOCTYPE a PUBLIC "-//A//B" "http://127.0.0.1:9/a.dtd"><a/>'
    assert xml.long_document(data).tag == "a"
    with pytest.raises(NotXml, match="document type"):
        xml.document(data)


def test_depth_and_length_are_bounded_in_what_comes_from_elsewhere() -> None:
    deep = b"<a>" * 300 + b"</a>" * 300
    with pytest.raises(NotXml):
        xml.document(deep)
    long = b'<a b="' + b"x" * 11_000_000 + b'"/>'
    with pytest.raises(NotXml):
        xml.document(long)
    assert len(xml.long_document(long).get("b", "")) == 11_000_000


def test_comments_split_no_text() -> None:
    assert xml.document(b"<a>one<!-- x -->two<?y z?></a>").text == "onetwo"


def test_what_is_broken_says_why() -> None:
    with pytest.raises(NotXml, match="tag"):
        xml.document(b"<a><b></a>")


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        (Bounds(packed=100), "it has more than"),
        (Bounds(members=1), "it has 2 parts"),
        (Bounds(member=1 << 20), "part b contains more than 1 MB"),
        (Bounds(unpacked=3 << 20), "part b contains more than"),
        (Bounds(ratio=2), "part b contains more than 1 MB"),
    ],
    ids=["packed", "members", "member", "unpacked", "ratio"],
)
def test_an_archive_beyond_its_bounds_is_refused(bounds: Bounds, why: str) -> None:
    data = zipped(a=b"x" * 10, b=b"x" * (4 << 20))
    with pytest.raises(NotZip, match=why):
        Archive(data, bounds).files()
    assert Archive(data, Bounds(ratio=5_000)).files()["a"] == b"x" * 10


def test_a_size_that_lies_is_not_believed() -> None:
    data = zipped(a=b"x" * (3 << 20)).replace((3 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(NotZip, match="part a"):
        Archive(data, Bounds()).read("a")


def test_names_that_no_program_should_follow_are_said() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("/a", "b/../../c", "d\\e", "C:f", "g", "G"):
            archive.writestr(name, b"")
        link = zipfile.ZipInfo("h")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")
    faults = list(Archive(buffer.getvalue(), Bounds()).faults())
    assert [fault.partition(":")[0] for fault in faults] == [
        *(4 * ["A name leads out of the file"]), "Two parts have the same name", "A part is a symbolic link",
    ]  # fmt: skip


@pytest.mark.parametrize("damage", [b"", b"PK", b"%PDF-1.7"])
def test_what_is_no_archive_is_refused(damage: bytes) -> None:
    with pytest.raises(NotZip, match="not a zip file"):
        Archive(damage, Bounds())
