"""The pages of two builds compared as pictures: `pubkit diff OLD NEW --pages DIR`."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pubkit.cli.main import main
from pubkit.publish import manifest
from pubkit.report.drawn import drawn

_HEIGHT = 1000


def pdf(*pages: str) -> bytes:
    """A PDF of one page for each word: a bar as long as the word, and the page's number at its foot."""
    images = []
    for number, word in enumerate(pages, 1):
        page = Image.new("RGB", (700, _HEIGHT), "white")
        draw = ImageDraw.Draw(page)
        draw.rectangle((100, 200, 100 + 20 * len(word), 230), fill="black")
        draw.rectangle((300, _HEIGHT - 40, 300 + 10 * number, _HEIGHT - 30), fill="black")
        images.append(page)
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], resolution=96)
    return buffer.getvalue()


def built(folder: Path, data: bytes) -> Path:
    """An output folder with this PDF."""
    folder.mkdir()
    made = {"path": "text.pdf", "sha256": hashlib.sha256(data).hexdigest(), "format": "pdf"}
    (folder / "text.pdf").write_bytes(data)
    (folder / "manifest.json").write_bytes(manifest.written({"artifacts": [made]}, {"text.pdf": data}))
    said = {"schema": "pubkit-evidence/1", "title": "A", "version": "1", "made_on": "2026-11-28", "rows": []}
    (folder / "evidence.json").write_text(json.dumps(said))
    return folder


@pytest.mark.parametrize(
    ("before", "after", "expected", "summary"),
    [
        (["a", "bb", "ccc"], ["a", "bb", "ccc"], [], "0 of 3 pages differ."),
        (["a", "bb", "ccc"], ["a", "bbbb", "ccc"], [(2, 2)], "1 of 3 pages differs."),
        # Pages behind a new one have another number, and nothing else.
        (["a", "ccc"], ["a", "bb", "ccc"], [(0, 2)], "1 of 3 pages differs."),
        (["a", "bb", "ccc"], ["a", "ccc"], [(2, 0)], "0 of 2 pages differ; 1 is gone."),
        (["a"], ["bb", "ccc"], [(1, 1), (0, 2)], "2 of 2 pages differ."),
    ],
)
def test_pages_that_differ_are_drawn_and_those_that_moved_are_not(
    before: Sequence[str], after: Sequence[str], expected: list[tuple[int, int]], summary: str
) -> None:
    found = drawn(pdf(*before), pdf(*after))
    assert [(one.before, one.after) for one in found.pages] == expected
    assert found.summary == summary
    assert len({one.name for one in found.pages}) == len(expected)


def test_a_bar_stands_beside_what_differs_only() -> None:
    (page,) = drawn(pdf("a"), pdf("bbbb")).pages
    picture = Image.open(io.BytesIO(page.picture)).convert("RGB")
    red = [
        row
        for row in range(picture.height)
        if any(r > 150 and g < 80 for r, g, _ in (picture.getpixel((x, row)) for x in range(740, 752)))  # type: ignore[misc]
    ]
    assert red
    assert 200 < min(red) < max(red) < 280


def test_the_command_writes_pictures_and_a_page_with_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = built(tmp_path / "old", pdf("a", "bb")), built(tmp_path / "new", pdf("a", "bbb"))
    pictures = tmp_path / "pictures"
    assert main(["diff", str(old), str(new), "--pages", str(pictures)]) == 0
    assert "1 of 2 pages differs." in capsys.readouterr().err
    assert sorted(one.name for one in pictures.iterdir()) == ["index.html", "page-002.png"]
    assert 'src="page-002.png" alt="Page 2, before and after"' in (pictures / "index.html").read_text()
    assert main(["diff", str(old), str(new), "--pages", str(pictures)]) == 2
    assert "already has files" in capsys.readouterr().err


def test_a_pdf_that_pubkit_did_not_make_is_not_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = built(tmp_path / "old", pdf("a")), built(tmp_path / "new", pdf("bb"))
    (old / "text.pdf").write_bytes(pdf("other"))
    assert main(["diff", str(old), str(new), "--pages", str(tmp_path / "p")]) == 2
    assert "is not the file that pubkit made" in capsys.readouterr().err
    assert main(["diff", str(tmp_path), str(new), "--pages", str(tmp_path / "p")]) == 2
    assert "is no output of a build that made a PDF" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()
    broken = built(tmp_path / "broken", b"%PDF-1.7 no more")
    assert main(["diff", str(broken), str(new), "--pages", str(tmp_path / "p")]) == 2
    assert "cannot be drawn" in capsys.readouterr().err
