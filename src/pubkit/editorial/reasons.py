"""The reasons that people give for what they decide: whether they are words that others can follow."""

from __future__ import annotations

from pubkit.expressions import expression

__all__ = ["explains"]

_WORD = expression(r"[^\W\d_]{2,}")


def explains(reason: str, fewest: int = 3) -> bool:
    """Return whether a reason has words that readers can follow: at least `fewest` different ones."""
    return len({word.lower() for word in _WORD.findall(reason)}) >= fewest
