"""What the writers get of a picture: bytes that every screen, and PDF/A, shows as they were meant."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms

from pubkit.errors import InputRefused
from pubkit.findings import Location
from pubkit.manuscript.model import Picture
from pubkit.manuscript.pictures import read_pictures

_RED = (200, 20, 30)
_ORIENTATION = 0x0112


def read(folder: Path, name: str) -> Picture:
    read = read_pictures(folder, [(name, Location("01.md"))])
    assert read.findings == []
    return read.files[name]


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    assert image.size == (picture.width, picture.height)
    return image


@pytest.mark.parametrize("name", ["plain.png", "plain.jpg", "plain.webp", "plain.gif"])
def test_a_picture_for_the_screen_goes_in_as_it_is(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (8, 6), _RED).save(tmp_path / name)
    assert read(tmp_path, name).data == (tmp_path / name).read_bytes()


def test_a_picture_for_the_press_is_converted_to_rgb_and_to_the_same_bytes_each_time(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 6), (0, 255, 255, 0)).save(tmp_path / "press.jpg")
    first, second = read(tmp_path, "press.jpg"), read(tmp_path, "press.jpg")
    image = opened(first)
    assert first == second
    assert (first.media_type, image.format, image.mode) == ("image/jpeg", "JPEG", "RGB")
    red, green, blue = image.getpixel((4, 3))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp", "photo.gif"])
def test_a_photograph_is_published_without_what_its_camera_wrote(tmp_path: Path, name: str) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9003] = "Camera of Ann Lee", "2026:01:02 03:04:05"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    said: dict[str, Any] = {"exif": exif} if name.endswith(("jpg", "webp", "png")) else {}
    said |= {"comment": b"of Ann Lee"} if name.endswith(("jpg", "gif")) else {}
    said |= {"icc_profile": profile} if not name.endswith("gif") else {}
    Image.linear_gradient("L").convert("RGB").save(tmp_path / name, **said)
    written = (tmp_path / name).read_bytes() + b"a film after the end, of Ann Lee"
    (tmp_path / name).write_bytes(written)
    picture = read(tmp_path, name)
    assert b"Ann Lee" in written
    assert b"Ann Lee" not in picture.data
    shown, before = opened(picture), Image.open(io.BytesIO(written))
    assert ImageChops.difference(shown.convert("RGB"), before.convert("RGB")).getbbox() is None
    assert shown.info.get("icc_profile") == before.info.get("icc_profile")


@pytest.mark.parametrize("name", ["film.gif", "film.webp", "film.png"])
def test_of_a_moving_picture_the_first_frame_is_published(tmp_path: Path, name: str) -> None:
    frames = [Image.new("RGB", (8, 6), colour) for colour in (_RED, (0, 0, 255))]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=100, lossless=True)
    found = read_pictures(tmp_path, [(name, Location("01.md", 3, 1))])
    [finding] = found.findings
    assert (finding.rule, finding.location, finding.blocks) == ("SRC141", Location("01.md", 3, 1), False)
    image = opened(found.files[name])
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((4, 3)) == pytest.approx(_RED, abs=3)


@pytest.mark.parametrize(
    ("name", "start", "kind"),
    [
        ("scan.tif", b"II*\0", "TIFF picture"),
        ("scan.png", b"MM\0*", "TIFF picture"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC photograph"),
        ("photo.jpg", b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF picture"),
        ("saved.avif", b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf", "AVIF picture"),
        ("saved.png", b"<!DOCTYPE html><html>", "web page"),
        ("large.png", b"version https://git-lfs.github.com/spec/v1\n", "pointer of Git LFS"),
        ("chart.jpg", b"%PDF-1.7", "PDF document"),
        ("ray.dcm", b"\0" * 128 + b"DICM", "DICOM image"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, name: str, start: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(start + b"\0" * 200)
    [finding] = read_pictures(tmp_path, [(name, Location("01.md", 3, 1))]).findings
    assert (finding.rule, finding.location) == ("SRC063", Location("01.md", 3, 1))
    assert f"{name} is a {kind}" in finding.message


def test_a_profile_that_cannot_be_read_does_not_stop_the_conversion(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 6), (0, 255, 255, 0)).save(tmp_path / "press.jpg", icc_profile=b"no profile")
    assert opened(read(tmp_path, "press.jpg")).mode == "RGB"


@pytest.mark.parametrize(("name", "kind"), [("side.jpg", "image/jpeg"), ("side.png", "image/png")])
def test_a_photograph_on_its_side_is_turned_once(tmp_path: Path, name: str, kind: str) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    Image.new("RGB", (8, 6), _RED).save(tmp_path / name, exif=exif)
    picture = read(tmp_path, name)
    assert (picture.width, picture.height, picture.media_type) == (6, 8, kind)
    assert opened(picture).getexif().get(_ORIENTATION, 1) == 1


def test_a_jpeg_with_a_preview_behind_it_is_a_jpeg(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (8, 6), _RED), Image.new("RGB", (4, 3), _RED)]
    pages[0].save(tmp_path / "camera.jpg", "MPO", save_all=True, append_images=pages[1:])
    assert read(tmp_path, "camera.jpg").media_type == "image/jpeg"


def test_pictures_that_are_too_large_together_are_refused_where_they_become_too_many(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (900, 900), Random(1).randbytes(900 * 900 * 3))
    noise.save(tmp_path / "noise.png")
    size = (tmp_path / "noise.png").stat().st_size
    most = 300_000_000 // size
    mentions = [("./" * (line % 3) + "noise.png", Location("01.md", line)) for line in range(1, most + 2)]
    assert len(read_pictures(tmp_path, mentions[:most]).files) == 1
    with pytest.raises(InputRefused, match="each counted as often as it is shown") as caught:
        read_pictures(tmp_path, mentions)
    assert caught.value.findings[0].location == mentions[most][1]
