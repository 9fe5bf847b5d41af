"""Pictures as pandoc's Markdown writes them."""

from __future__ import annotations

from pubkit.expressions import expression

__all__ = ["attributes"]

_LABEL = expression(r"[\w:.-]+")
_WIDTH = expression(r"\d+(?:\.\d+)?(?:%|px|cm|in|em)")


def attributes(label: str, alt: str, width: str) -> str:
    """Return the attributes of a picture in braces, without those that pandoc could not read; "" if none is left."""
    alt = alt.replace('"', "'")
    stated = (
        f"#{label}" if _LABEL.fullmatch(label) else "",
        f'alt="{alt}"' if alt else "",
        f"width={width}" if _WIDTH.fullmatch(width) else "",
    )
    return f"{{{' '.join(filter(None, stated))}}}" if any(stated) else ""
