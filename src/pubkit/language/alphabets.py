"""Letters and their Latin equivalents: the tables that folding rests on.

Transliteration follows the BGN/PCGN romanisation of Russian and ELOT 743 for Greek, without their accents, as passports
and PubMed do. The characters that look like an ASCII letter or sign are data: lookalikes.yaml.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

import msgspec
from msgspec import Struct

from pubkit.expressions import expression
from pubkit.packaged import parsed

__all__ = ["DAMAGED", "GREEK_NAMES", "TRANSLITERATED", "dashes", "disguises", "lookalikes", "signs", "stand_ins"]

#: Letters in UTF-8 that were read as Windows-1252 ("Ã¶", "â€™"), and the sign for a letter that could not be read.
DAMAGED = expression(r"\ufffd|Ã[\x80-\xbf¡-¿ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|â€[™œ\x9d˜“”¦]|Â[°±²³µ·»«]")


class _LookAlikes(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    look_alikes: dict[str, str]
    stand_ins: dict[str, str]
    signs: dict[str, str]


@functools.cache
def _table() -> _LookAlikes:
    return msgspec.convert(parsed(resources.files(__package__).joinpath("lookalikes.yaml").read_bytes()), _LookAlikes)


@functools.cache
def lookalikes() -> Mapping[int, str]:
    """Return, for `str.translate`, the ASCII letter that each look-alike resembles, capital and small."""
    table = _table()
    small = {char: letter for letter, chars in table.look_alikes.items() for char in chars}
    small |= {char: letter for char, letter in table.stand_ins.items() if len(letter) == 1}
    capitals = {char.upper(): letter.upper() for char, letter in small.items()}
    return {ord(char): letter for char, letter in (capitals | small).items() if not char.isascii()}


@functools.cache
def disguises() -> Mapping[int, str]:
    """Return the look-alikes that cannot be symbols in a Latin word, as Greek letters can ("TNFα"), except omicron."""
    return {code: letter for code, letter in lookalikes().items() if chr(code) == "ο" or chr(code) not in GREEK_NAMES}


@functools.cache
def stand_ins() -> Mapping[str, str]:
    """Return the ASCII spelling of Latin letters that removing an accent does not make ASCII (ß, ø, þ)."""
    return _table().stand_ins


@functools.cache
def signs() -> Mapping[str, str]:
    """Return the ASCII form of quotation marks, dashes and the like; a dash between clauses has spaces around it."""
    return {char: sign for sign, chars in _table().signs.items() for char in chars}


@functools.cache
def dashes() -> frozenset[str]:
    """Return every kind of hyphen, dash and minus sign except the ASCII one."""
    return frozenset(char for char, sign in signs().items() if sign.strip() == "-")


GREEK_NAMES = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "ς": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}

_GREEK_WORDS = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
}
_CYRILLIC_WORDS = dict(zip("абвгдезийклмнопрстуфыэіїєґў", "abvgdeziyklmnoprstufyeiiegu", strict=True)) | {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
    "ђ": "d",
    "ј": "j",
    "љ": "lj",
    "њ": "nj",
    "ћ": "c",
    "џ": "dz",
}

TRANSLITERATED = {ord(letter): latin for letter, latin in (_GREEK_WORDS | _CYRILLIC_WORDS).items()}
