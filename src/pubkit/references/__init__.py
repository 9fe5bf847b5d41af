"""What a manuscript cites, and what is known of it.

`compare` holds a cited record against a registry's; it is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pubkit.references.comparison.works import Comparison, compare

__all__ = ["Comparison", "compare"]


def __getattr__(name: str) -> Any:
    """Import the comparison when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pubkit.references.comparison import works as comparison

    return getattr(comparison, name)
