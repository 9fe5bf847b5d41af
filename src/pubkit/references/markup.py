"""One text under many spellings: the forms in which a title, a name or a journal can be compared.

The same title reaches us as LaTeX from a .bib file, as HTML or MathML from Crossref, in upper case from an old index, with
its UTF-8 bytes read as Windows-1252, with Greek letters spelled out, with a Cyrillic "a" among Latin letters. `plain` undoes
the mark-up and the damage and leaves text a person reads; `fold` goes on to the bare words that two spellings of one text
have in common. Everything here takes time in proportion to the text, and never raises on any `str`.
"""

from __future__ import annotations

import html
import re
import unicodedata

from pubkit.language.alphabets import (
    GREEK_NAMES,
    LATEX_LETTERS,
    LATEX_MARKS,
    LOOKALIKES,
    SPECIAL_LATIN,
    TRANSLITERATED,
)

__all__ = ["bare_words", "fold", "letters", "plain", "spelling", "words"]

# ---------------------------------------------------------------------------------------------------------------- plain

_NEEDS_WORK = re.compile(r"[&<\\{}$~]")

_ANNOTATION = re.compile(
    r"<(?P<tag>(?:mml:)?annotation(?:-xml)?|(?:jats:)?tex-math)\b[^<>]{0,300}>[^<]{0,2000}</(?P=tag)>"
)
# Only names of mark-up that registries are known to send: "p < 0.05 and q > 3" holds no tag.
_TAG = re.compile(
    r"</?(?:(?:jats|mml|m|xhtml):[a-z][\w-]{0,30}"
    r"|i|b|u|s|em|strong|sub|sup|inf|sc|scp|tt|italic|bold|roman|underline|strike|overline|monospace|sans-serif"
    r"|small|big|span|font|a|p|br|div|title|subtitle|xref|fn|inline-formula|disp-formula|alternatives|named-content"
    r"|math|mrow|mi|mo|mn|ms|mtext|msub|msup|msubsup|mover|munder|munderover|mfrac|msqrt|mroot|mstyle|mspace|mfenced"
    r"|mpadded|mphantom|mtable|mtr|mtd|semantics|none|mprescripts|mmultiscripts)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_BREAKING_TAG = re.compile(r"</?(?:jats:)?(?:p|br|div|title|subtitle)\s{0,3}/?>", re.IGNORECASE)

_LATEX_ACCENT = re.compile(r"""\\(?:(['"`^~=.])\s?|([uvHcdbkrt])(?=[\s{]))\s?\{?\\?([A-Za-z])\}?""")
_LATEX_COMMAND = re.compile(r"\\([A-Za-z]{1,30})\*?(?:\{\}|\s{0,3})")
_LATEX_ESCAPE = re.compile(r"\\([&%$#_{}])")
_LATEX_REST = str.maketrans({"{": None, "}": None, "$": None, "~": " ", "\\": None})


def plain(text: str) -> str:
    """`text` as a person reads it: HTML, MathML, LaTeX and UTF-8 misread as Windows-1252 undone, white space single.

    >>> plain(r"{\\'E}tude of <i>E. coli</i> &amp;amp; CO<sub>2</sub>")
    'Étude of E. coli & CO2'
    """
    if _NEEDS_WORK.search(text):
        text = _without_markup(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _repaired(text)).translate(_INVISIBLE)
    return " ".join(text.split())


def _without_markup(text: str) -> str:
    if "&" in text:
        for _ in range(3):  # Crossref holds titles escaped twice, and some three times
            unescaped = html.unescape(text)
            if unescaped == text:
                break
            text = unescaped
    if "<" in text:
        text = _TAG.sub("", _BREAKING_TAG.sub(" ", _ANNOTATION.sub("", text)))
    if "\\" in text:
        text = text.replace("\\\\", " ").replace("\\-", "").replace("\\/", "").replace("\\ ", " ")
        text = _LATEX_ESCAPE.sub(r"\1", _LATEX_COMMAND.sub(_latex_letter, _LATEX_ACCENT.sub(_latex_accent, text)))
    return text.translate(_LATEX_REST)


def _latex_accent(match: re.Match[str]) -> str:
    return match[3] + LATEX_MARKS[match[1] or match[2]]


def _latex_letter(match: re.Match[str]) -> str:
    return LATEX_LETTERS.get(match[1], "")


# UTF-8 read as Windows-1252 or Latin-1: a lead byte, then as many continuation bytes as it announces.
_BYTE_OF = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)} | {
    chr(byte): byte for byte in range(0x80, 0x100)
}
_CONTINUATION = "".join(re.escape(char) for char, byte in _BYTE_OF.items() if byte < 0xC0)
_MISREAD = re.compile(f"[\xc3-\xdf][{_CONTINUATION}]|\xc2[{_CONTINUATION}]|[\xe0-\xef][{_CONTINUATION}]{{2}}")


def _repaired(text: str) -> str:
    for _ in range(2):  # twice misread is met with
        mended = _MISREAD.sub(_reread, text)
        if mended == text:
            break
        text = mended
    return text


def _reread(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[char] for char in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


# ----------------------------------------------------------------------------------------------------------------- fold

_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛ʼʻʹʾʿ′`´ˈ＇"))
_SIGNS = {ord("&"): " and ", ord("%"): " percent ", ord("+"): " plus ", ord("<"): " below ", ord(">"): " above "} | {
    ord("−"): "-",
    ord("∗"): " ",
    0xFFFD: None,
}
_TRADE_MARKS = dict.fromkeys(map(ord, "™®©℠"))
_ASCII_FOLD = _APOSTROPHES | _SIGNS
_FOLD = _ASCII_FOLD | _INVISIBLE | _TRADE_MARKS | {ord(old): new for old, new in SPECIAL_LATIN.items()}

_MINUS = re.compile(r"(?<=[a-z0-9)])-(?=[\s),;]|$)")
_GREEK = re.compile("[\u0370-\u03ff]+")
_LATIN_LETTER = re.compile("[a-z]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The words of `text`, in order, in the form in which they are compared, joined by single spaces.

    Case, accents, punctuation, hyphens, quotation marks and apostrophes go. Greek letters standing alone are spelled out,
    Greek and Cyrillic words put into Latin letters, look-alikes from another script replaced. The signs that carry meaning
    in a medical title stay as words: `&` and, `%` percent, `+` plus, `<` below, `>` above, a minus after a word minus.

    >>> fold("TNF-α in CD4+ T cells: “état”")
    'tnf alpha in cd4 plus t cells etat'
    """
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The words of `fold(text)`."""
    return bare_words(plain(text))


def bare_words(text: str) -> list[str]:
    """The words of `fold(text)`, for a `text` that `plain` has been through."""
    text = text.casefold()
    text = text.translate(_ASCII_FOLD) if text.isascii() else _latin(text)
    if "-" in text:
        text = _MINUS.sub(" minus ", text)
    return _WORD.findall(text)


def letters(token: str) -> str:
    """One word of a name, case and accents folded, German and Scandinavian vowels under one spelling.

    ö, ø and oe are one, as are ä, æ and ae, ü and ue, å and aa: "Sproeer" is Spröer, "Kjaer" is Kjær.
    """
    token = token.casefold()
    foreign = not token.isascii()
    if foreign:
        token = token.replace("æ", "a").replace("œ", "o")
    if "e" in token:
        token = token.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    if foreign or "'" in token or "`" in token:
        token = "".join(_WORD.findall(_latin(token)))
    return token.replace("aa", "a") if "aa" in token else token


def _latin(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.translate(_FOLD)).casefold()
    text = "".join([char for char in text if not unicodedata.combining(char)]).translate(_FOLD)
    if _CYRILLIC.search(text) or _GREEK.search(text):
        text = _GREEK.sub(_greek, _WORD.sub(_unmixed, text)).translate(TRANSLITERATED)
    return text


def _unmixed(match: re.Match[str]) -> str:
    word = match[0]
    return word.translate(LOOKALIKES) if _LATIN_LETTER.search(word) else word


def _greek(match: re.Match[str]) -> str:
    run = match[0]
    return GREEK_NAMES.get(run, run) if len(run) == 1 else run


# ------------------------------------------------------------------------------------------------------------- spelling

# British forms to American ones; only ever applied to two words that differ, so that a rule too wide cannot make two
# words equal unless the other word is the very form it produces.
_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=...)is(?=(?:e|ed|es|er|ers|ing|able|ation|ations|ational)$)", "iz"),
        (r"(?<=...)ys(?=(?:e|ed|es|er|ers|ing)$)", "yz"),
        (r"(?<=[a-z]{3})our(?=s?$)|(?<=[a-z]{2})our(?=[a-z]{2,}$)", "or"),
        (r"ae|oe", "e"),
        (r"(cent|theat|calib|spect|goit|fib|lit|met|tit|och|mit)re(?=s?$)", r"\1er"),
        (r"(?<=log)ue(?=s?$)", ""),
        (r"sulph", "sulf"),
        (r"(?<=gram)me(?=s?$)", ""),
        (r"(?<=[a-z]{3})ll(?=[a-z]{2})", "l"),
        (r"(?<=[a-z]{3})(p|s|t)\1(?=(?:ed|ing)$)", r"\1"),
        (r"(def|off|pret|lic)ence(?=s?$)", r"\1ense"),
        (r"(judg|acknowledg)ement(?=s?$)", r"\1ment"),
    )
)
_SAME_WORD = {
    "ageing": "aging",
    "grey": "gray",
    "towards": "toward",
    "whilst": "while",
    "amongst": "among",
    "sceptic": "skeptic",
    "sceptical": "skeptical",
    "scepticism": "skepticism",
    "aluminium": "aluminum",
    "mould": "mold",
    "tyre": "tire",
    "practise": "practice",
    "disc": "disk",
    "discs": "disks",
    "odour": "odor",
    "odours": "odors",
    "fulfill": "fulfil",
    "enroll": "enrol",
    "distill": "distil",
    "instill": "instil",
    "manoeuvre": "maneuver",
    "manoeuvres": "maneuvers",
    "vs": "versus",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "twelve": "12",
}


def spelling(word: str) -> str:
    """A folded word under its American spelling, a small number in digits: for two words that differ.

    >>> spelling("haemorrhage"), spelling("tumours"), spelling("randomised"), spelling("two")
    ('hemorrhage', 'tumors', 'randomized', '2')
    """
    if word in _SAME_WORD:
        return _SAME_WORD[word]
    if len(word) < 4 or len(word) > 40:
        return word
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word
