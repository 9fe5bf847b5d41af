"""Words after a key with type of their own, such as [@key, p. *33*], are printed as they are written.

Citeproc takes the number of a page, and what looks like one (H~2~O), for a locator, and drops its type. Empty braces before
the words say that there is none (Pandoc User's Guide, Citation syntax).
"""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.expressions import expression
from pubkit.manuscript.tree import Citation, Emph, Inline, SmallCaps, Str, Strong, Subscript, Superscript, plain_text

__all__ = ["keep_type"]

_TYPE = (Emph, SmallCaps, Strong, Subscript, Superscript)
#: What may be before the type of a locator: its label and the beginning of a number, or the brace that the author opens.
_BEFORE = expression(r"[,;\s]*(?:\{[^{}]*|(?:[^\W\d]{1,15}\.?\s+)?[\w–-]*[^\w\s]*)")
_NO_LOCATOR = "{}"


def keep_type(citation: Citation) -> None:
    """Say that the words after the key of `citation` are no locator if citeproc would drop type in one, in place."""
    first = next((at for at, node in enumerate(citation.suffix) if isinstance(node, _TYPE)), None)
    if first is not None and _BEFORE.fullmatch(plain_text(citation.suffix[:first])):
        citation.suffix = [Str(_NO_LOCATOR), *_without_braces(citation.suffix)]


def _without_braces(suffix: Sequence[Inline]) -> list[Inline]:
    """Return `suffix` without the braces of a locator that the author has put into some."""
    if not plain_text(suffix).lstrip(" ,;").startswith("{"):
        return list(suffix)
    words = [Str(node.text.strip("{}")) if isinstance(node, Str) else node for node in suffix]
    return [node for node in words if not (isinstance(node, Str) and not node.text)]
