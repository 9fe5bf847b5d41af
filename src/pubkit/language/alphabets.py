"""Letters and their Latin stand-ins: the tables that folding rests on.

Transliteration follows the BGN/PCGN romanisation of Russian and ELOT 743 for Greek, without their accents: what passports
and PubMed write. LaTeX commands are those of the LaTeX kernel and amsmath.
"""

from __future__ import annotations

__all__ = ["GREEK_NAMES", "LATEX_LETTERS", "LATEX_MARKS", "LOOKALIKES", "SPECIAL_LATIN", "TRANSLITERATED"]

SPECIAL_LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŋ": "ng",
    "ŧ": "t",
    "ə": "e",
    "ƒ": "f",
    "ɓ": "b",
    "ɗ": "d",
    "ƙ": "k",
}

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

LOOKALIKES = {ord(letter): latin for letter, latin in zip("аесорхуіјѕһкмтвнԁԛԝο", "aecopxyijshkmtbhdqwo", strict=True)}
"""Letters that stand for a Latin one when they turn up inside a Latin word; Greek omicron is among them."""

LATEX_MARKS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "d": "\u0323",
    "b": "\u0331",
    "k": "\u0328",
    "r": "\u030a",
    "t": "\u0361",
}

LATEX_LETTERS = (
    {
        "ss": "ß",
        "ae": "æ",
        "AE": "Æ",
        "oe": "œ",
        "OE": "Œ",
        "aa": "å",
        "AA": "Å",
        "o": "ø",
        "O": "Ø",
        "l": "ł",
        "L": "Ł",
        "i": "i",
        "j": "j",
        "dh": "ð",
        "DH": "Ð",
        "th": "þ",
        "TH": "Þ",
        "dj": "đ",
        "DJ": "Đ",
        "ng": "ŋ",
        "NG": "Ŋ",
        "textendash": "–",
        "textemdash": "—",
        "textquoteright": "’",
        "textquoteleft": "‘",
        "textquotedblleft": "“",
        "textquotedblright": "”",
        "textquotesingle": "'",
        "textasciitilde": "~",
        "textregistered": "®",
        "texttrademark": "™",
        "textdegree": "°",
        "times": "×",
        "pm": "±",
        "leq": "≤",
        "geq": "≥",
        "ldots": "…",
        "dots": "…",
        "quad": " ",
        "newline": " ",
        "linebreak": " ",
        "slash": "/",
        "varepsilon": "ε",
        "vartheta": "θ",
        "varphi": "φ",
        "Gamma": "Γ",
        "Delta": "Δ",
        "Theta": "Θ",
        "Lambda": "Λ",
        "Sigma": "Σ",
        "Phi": "Φ",
        "Psi": "Ψ",
        "Omega": "Ω",
    }
    | {name: letter for letter, name in GREEK_NAMES.items() if letter != "ς"}
    | {"text" + name: letter for letter, name in GREEK_NAMES.items() if letter != "ς"}
)
