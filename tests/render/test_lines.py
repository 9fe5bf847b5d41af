"""Lines that end with a space before an element, and markers with a content of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import weasyprint
from weasyprint.formatting_structure import build
from weasyprint.layout import inline

from pubkit.render.pdf import lines, markers

CSS = "@page { size: 600px 200px; margin: 10px } p { margin: 0; width: %dpx; font: 16px/20px monospace }"
TEXT = "A dose of some milligrams a day is given, of about%s<b>5 mg</b> more"


def printed(space: str, width: int) -> list[str]:
    """The lines of the text."""
    page = weasyprint.HTML(string=f"<style>{CSS % width}</style><p>{TEXT % space}").render().pages[0]._page_box
    return ["".join(part.text for part in line.descendants() if hasattr(part, "text")) for line in _lines(page)]


def _lines(box: Any) -> Iterator[Any]:
    if type(box).__name__ == "LineBox":
        yield box
    for child in getattr(box, "children", ()):
        yield from _lines(child)


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_a_line_is_filled_though_the_space_at_its_end_is_too_wide(space: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inline, "split_first_line", inline.split_first_line)
    widths = range(380, 560, 9)
    assert "A" in [printed(space, width)[0] for width in widths], "WeasyPrint fills lines itself: the correction can go"
    lines.correct()
    filled = [printed(space, width)[0].rstrip() for width in widths]
    assert filled == sorted(filled, key=len)
    assert len(filled[0]) > 30
    bound = [one for one in filled if one.endswith("about")]
    assert bool(bound) == (space == " ")


@pytest.mark.parametrize("content", ["'– '", "counter(list-item) ')'", "'(' counter(list-item) ') '", "open-quote"])
def test_a_style_sheet_gives_a_marker_its_content(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "marker_to_box", build.marker_to_box)
    text = f"<style>li::marker {{ content: {content}; color: red }}</style><ol><li>Rest<li>Sleep</ol>"
    with pytest.raises(TypeError):  # as soon as WeasyPrint sets it, the correction can go
        weasyprint.HTML(string=text).render()
    markers.correct()
    [page] = weasyprint.HTML(string=text).render().pages
    shown = [box for box in page._page_box.descendants() if getattr(box, "is_outside_marker", False)]
    assert [box.width > 0 and box.position_x + box.width == pytest.approx(123) for box in shown] == [True, True]


def test_another_weasyprint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inline, "split_first_line", lambda text, style: None)
    with pytest.raises(lines.WrongVersion):
        lines.correct()
