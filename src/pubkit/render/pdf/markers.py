"""A correction of WeasyPrint: the content that a style sheet gives to a list's marker can be set.

WeasyPrint 70 takes the marker out of the flow by its style, which it shares with the text inside it if `content` makes that
text. The text is then taken out of the flow as well, and cannot be measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pubkit.render.pdf.lines import WrongVersion

__all__ = ["correct"]


def correct() -> None:
    """Leave the text of a marker in the flow of its marker.

    Raises:
        WrongVersion: WeasyPrint no longer makes markers in this way.
    """
    import weasyprint
    from weasyprint.formatting_structure import build

    own: Any = getattr(build, "marker_to_box", None)
    if own is None:
        raise WrongVersion(weasyprint.__version__)

    def marked(*arguments: Any) -> Iterator[Any]:
        for box in own(*arguments):
            if any(child.style is box.style for child in box.children):
                box.style = box.style.copy()
                for child in box.children:
                    child.style["position"] = "static"
            yield box

    build.marker_to_box = marked
