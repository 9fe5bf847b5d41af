"""Which key of the bibliography an undefined key can only mean, and which it probably means."""

from __future__ import annotations

import re
from collections.abc import Collection

from pubkit.expressions import expression
from pubkit.language.comparison import ascii_spelling
from pubkit.language.folding import ascii_only

__all__ = ["meant", "squeezed"]

_LETTERS_AND_REST = expression(r"(?P<name>[^\W\d_]*)(?P<rest>.*)", re.DOTALL)
_WITH_YEAR = expression(r"(?P<name>[^\W\d_]{3,})(?:1[89]|20)[0-9]{2}(?P<rest>.*)", re.DOTALL)
_SPELT_OUT = expression(r"(?<=[aou])e")
_DOUBLED = expression(r"(.)\1+")
#: A name with so many letters may differ in one letter; in a shorter one this is another name.
_LONG = 6


def squeezed(key: str) -> str:
    """Return a key without capital letters and punctuation marks."""
    return re.sub(r"[\W_]", "", key).casefold()


def meant(key: str, known: Collection[str]) -> tuple[str, bool]:
    """Return the one key of `known` that `key` means, and whether it can mean no other; "" if there is none or several.

    What is certain differs only in capital letters, punctuation marks, letters that look alike, umlauts, doubled or
    exchanged letters. Numbers and what follows them must be the same, but for the year if no other key has the name:
    another year may be another work, so that this is only likely.
    """
    same = [other for other in known if _bare(other) == _bare(key)]
    if same:
        return (same[0], True) if len(same) == 1 else ("", False)
    near = [other for other in known if _differ_in_one_letter(key, other)]
    if not near:
        alike = [other for other in known if _differ_in_the_year(key, other)]
        return (alike[0], False) if len(alike) == 1 else ("", False)
    if len(near) != 1:
        return "", False
    return near[0], sorted(_folded(near[0])) == sorted(_folded(key))


def _folded(key: str) -> str:
    return squeezed(ascii_only(ascii_spelling(key)))


def _bare(key: str) -> str:
    """Return what stays of a key without all that is easily mistyped in its name; numbers stay as they are."""
    found = _LETTERS_AND_REST.fullmatch(_folded(key))
    name, rest = (found["name"], found["rest"]) if found else ("", key)
    return _DOUBLED.sub(r"\1", _SPELT_OUT.sub("", name)) + rest


def _differ_in_the_year(key: str, other: str) -> bool:
    """Return whether two keys have the same name, and the same after a year that each has."""
    first, second = (_WITH_YEAR.fullmatch(_folded(one)) for one in (key, other))
    return first is not None and second is not None and first.groups() == second.groups()


def _differ_in_one_letter(key: str, other: str) -> bool:
    """Return whether the names of two keys differ in one letter, or by two that are exchanged."""
    from rapidfuzz.distance import OSA

    first, second = (_LETTERS_AND_REST.fullmatch(_folded(one)) for one in (key, other))
    if not first or not second or first["rest"] != second["rest"] or not first["rest"]:
        return False
    short = min(len(first["name"]), len(second["name"]))
    return short >= _LONG and OSA.distance(first["name"], second["name"], score_cutoff=1) <= 1
