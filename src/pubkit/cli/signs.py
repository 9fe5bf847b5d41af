"""Signs for terminals and pipes that cannot show all of Unicode: a report is printed all the same."""

from __future__ import annotations

import codecs
import io
import sys

__all__ = ["all_there", "spell_out"]

_HANDLER = "pubkit.signs"
_SPELT = {
    "→": "->", "│": "|", "─": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "…": "...",
    "\u00a0": " ", "\u202f": " ", "×": "x", "≤": "<=", "≥": ">=", "·": "-", "•": "*",
}  # fmt: skip


def all_there() -> bool:
    """Return whether standard output can print every sign."""
    return not isinstance(sys.stdout, io.TextIOWrapper) or codecs.lookup(sys.stdout.encoding).name == "utf-8"


def spell_out() -> None:
    """Let standard output print other signs in place of those that its encoding lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not all_there():
        codecs.register_error(_HANDLER, _other_signs)
        sys.stdout.reconfigure(errors=_HANDLER)


def _other_signs(error: UnicodeError) -> tuple[str, int]:
    from pubkit.language.folding import ascii_only

    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_SPELT.get(sign) or ascii_only(sign) or "?" for sign in signs), error.end
