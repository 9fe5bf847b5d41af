"""Read the names in an author field: people, groups, and where the list was cut off.

Names arrive as "A. B. Smith", "Smith AB", "Smith, Anna B." and "Silva WMD Junior"; with the family name first or last, split
at the wrong place, without accents, with a consortium between two people, with "et al." for an author. Reading takes each as
its words and initials, and decides only what the writing decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from pubkit.expressions import expression
from pubkit.language.comparison import name_letters
from pubkit.references import item as csl
from pubkit.references.bibliography.markup import plain, words

__all__ = ["AuthorList", "Name", "ends_the_list", "read_authors"]

MAX_NAMES = 10_000
MAX_NAME = 300

_MAX_LIST = MAX_NAMES * 60

_PARTICLES = frozenset(
    words(
        "de da do dos das du di del della den der des van von vom zu zur zum la le les el al ter ten te tot bin "
        "ibn bint ben y e i af av st"
    )
)
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "esq"))
_GROUP = expression(
    r"\b(?:group|groups|consortium|consortia|collaborat(?:ion|ive|ors?)|network|committee|commission|council|association|society"
    r"|organi[sz]ation|foundation|federation|institutes?|university|universit\w{1,5}|cent(?:er|re)s?|department|ministry|agency"
    r"|bureau|office|administration|academy|college|hospital|laborator(?:y|ies)|project|initiative|program(?:me)?|panel"
    r"|task force|investigators?|study|trial|team|registry|alliance|partnership|on behalf of|for the|working party|who"
    r"|cdc|nih|fda|nhs|unicef|united nations|world bank|members|authors|contributors|editors|inc|llc|ltd|gmbh)\b",
    re.IGNORECASE,
)
_GROUP_NOISE = frozenset(words("the a an for on behalf of and in study group groups investigators collaborators"))
_TRUNCATION = frozenset(("others", "and others", "et al", "etal", "et alii", "et alia", "and colleagues"))
_TRAILING_ET_AL = expression(r"[\s,]+(?:et\.? al\.?|and others)$", re.IGNORECASE)
# Parts of every word of _GROUP and of every mark of a cut-off list: a byline without any of them names only people. Looking
# for each by itself is ten times faster than the expression.
_CARE = (
    *(
        "{",
        "}",
        "…",
        "...",
        "et al",
        "et. al",
        "task force",
        "on behalf",
        "for the",
        "united nations",
        "world bank",
        " inc",
    ),
    *words(
        "others etal colleagues group consorti collab network committee commission council associat society organi "
        "foundation federation institut universit center centre department ministry agency bureau office administration "
        "academy college hospital laborator project initiative program panel investigator study trial team registry who "
        "alliance partnership working cdc nih fda nhs unicef members authors contributors editors llc ltd gmbh"
    ),
)
_PARTS = {field.name: field.encode_name for field in structs.fields(csl.Name) if field.type is str}
_WORD = expression(r"[^\W\d_]+(?:['’‘ʼ`´][^\W\d_]+)*")
_INDEXED = expression(r"^[^\s,]+(?: [^\s,]+)? [^\W\d_a-z]{1,4}$")
_AND = expression(r" and | & ", re.IGNORECASE)


class Name(Struct, frozen=True):
    """One author: as written, and as the words and initials by which the person is recognised.

    `family` is the family name as far as the writing shows it, `rest` the other words and initials, `particles` the "van"
    and "de" that may be missing. For a group, `family` contains all its words.
    """

    written: str
    family: str
    rest: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    is_group: bool = False


class AuthorList(Struct, frozen=True):
    """The people and groups of one author field, in order.

    `truncated` says that the list ends in "et al." or "and others", `elided` that it leaves people out in its middle.
    """

    people: tuple[Name, ...] = ()
    groups: tuple[Name, ...] = ()
    truncated: bool = False
    elided: bool = False
    too_long: bool = False

    def __bool__(self) -> bool:
        return bool(self.people or self.groups)


# -------------------------------------------------------------------------------------------------------------- reading


def read_authors(value: object) -> AuthorList:
    """Return the authors in a BibTeX string ("A and B"), CSL names, or a list of strings or of names as Crossref sends them.

    Never raises.
    """
    if isinstance(value, str):
        text = " ".join(value[:_MAX_LIST].split())
        lowered = text.lower()
        if not any(mark in lowered for mark in _CARE):
            return _read_people(plain(text), len(value) > _MAX_LIST)
        return _read_each(_pieces(text), len(value) > _MAX_LIST)
    if isinstance(value, list | tuple):
        return _read_each(value, False)
    return _read_each((value,), False) if isinstance(value, Mapping) else AuthorList()


def _read_people(text: str, too_long: bool) -> AuthorList:
    """Return the people of a list that contains only names and " and ", as nearly all do."""
    pieces = _split(text)
    people = [name for piece in pieces[:MAX_NAMES] if (name := _read_person(piece[:MAX_NAME].strip(" ,;"))) is not None]
    return AuthorList(tuple(people), too_long=too_long or len(pieces) > MAX_NAMES)


def _read_each(pieces: Iterable[object], too_long: bool) -> AuthorList:
    people: list[Name] = []
    groups: list[Name] = []
    truncated = elided = False
    for count, piece in enumerate(pieces):
        if count >= MAX_NAMES:
            too_long = True
            break
        if ends_the_list(piece):
            truncated = True
            continue
        name, cut = _read(piece)
        if name is None:
            continue
        elided = elided or truncated
        truncated = truncated or cut
        (groups if name.is_group else people).append(name)
    return AuthorList(tuple(people), tuple(groups), truncated, elided, too_long)


def _pieces(text: str) -> list[str]:
    return _outside_braces(text) if "{" in text else _split(text)


def _split(text: str) -> list[str]:
    pieces = _AND.split(text)
    if len(pieces) > 1:
        return pieces
    if ";" in text:
        return text.split(";")
    parts = [part.strip() for part in text.rstrip(",. ").split(",")]
    indexed = len(parts) > 1 and all(map(_INDEXED.match, parts))
    spaced = len(parts) > 2 and all(" " in part for part in parts)
    return parts if indexed or spaced else pieces  # "Smith AB, Jones C, Lee D"


def _outside_braces(text: str) -> list[str]:
    pieces, depth, start = [], 0, 0
    for found in re.finditer(r"[{}]| and ", text, re.IGNORECASE):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and found.start() >= start:
            pieces.append(text[start : found.start()])
            start = found.end() - 1
            # The space is shared by the next " and ", so that "A and and B" is split twice.
    pieces.append(text[start:])
    return pieces


def ends_the_list(piece: object) -> bool:
    """Return whether one name of an author list, a string or a CSL name, is the mark of a cut-off list ("and others").

    pandoc makes a person of them: "others" whole, or the family "al." with the particle "et".
    """
    piece = _from_registry(piece) if isinstance(piece, Mapping) else piece
    written = _written(piece) if isinstance(piece, csl.Name) else piece
    if not isinstance(written, str) or len(written) > 40:
        return False
    text = written.strip(" {},.…-").lower().replace(".", "")
    return text in _TRUNCATION or (not text and ("…" in written or "..." in written))


def _written(name: csl.Name) -> str:
    """Return a CSL name in reading order, without its suffix."""
    parts = (name.given, name.dropping_particle, name.non_dropping_particle, name.family)
    return " ".join(part[:MAX_NAME] for part in parts if part) or name.literal[:MAX_NAME]


def _from_registry(piece: Mapping[Any, Any]) -> csl.Name:
    """Return a name as Crossref sends it: the parts of a CSL name, or the whole name of a group as "name"."""
    said = {part: piece.get(name) for part, name in _PARTS.items()}
    texts: dict[str, Any] = {part: text for part, text in said.items() if isinstance(text, str)}
    whole = piece.get("name")
    return csl.Name(**{"literal": whole if isinstance(whole, str) else "", **texts})


def _read(piece: object) -> tuple[Name | None, bool]:
    if isinstance(piece, Mapping):
        name = _from_registry(piece)
        read, cut = _read(name)
        is_group = "name" in piece and not name.family and not cut
        return _group(plain((name.literal or name.given)[:MAX_NAME])) if is_group else read, cut
    if isinstance(piece, csl.Name):
        if _TRAILING_ET_AL.search(text := _written(piece).strip(" ,;")):
            return _read_written(text)
        return _read_csl(piece), False
    return _read_written(piece[:MAX_NAME].strip(" ,;")) if isinstance(piece, str) else (None, False)


def _read_written(text: str) -> tuple[Name | None, bool]:
    """Return the name in `text`, and whether it goes on with "et al."."""
    cut = _TRAILING_ET_AL.search(text)
    if cut:
        text = text[: cut.start()]
    braced = text.startswith("{") and text.find("}") == len(text) - 1 and " " in text
    text = plain(text)
    return (_group(text) if braced or _is_group(text) else _read_person(text)), cut is not None


def _read_person(text: str) -> Name | None:
    family, comma, given = text.partition(",")
    return _person(text, family, given) if comma else _person(text, "", text)


def _read_csl(name: csl.Name) -> Name | None:
    family, given = plain(name.family[:MAX_NAME]), plain(name.given[:MAX_NAME])
    if not family:
        text = plain(name.literal[:MAX_NAME]) or given
        if not text:
            return None
        return _group(text) if _is_group(text) or len(text.split()) > 4 else _person(text, "", text)
    particles = [plain(part[:MAX_NAME]) for part in (name.dropping_particle, name.non_dropping_particle)]
    text = " ".join(filter(None, (given, *particles, family, plain(name.suffix[:MAX_NAME]))))
    return _group(text) if _is_group(text) else _person(text, f"{' '.join(particles)} {family}", given)


def _is_group(text: str) -> bool:
    if len(text) < 3 or _GROUP.search(text) is None:
        return False
    parts = _WORD.findall(text)
    # Bureau, College and Panel are family names: with an initial beside it, and little else, it is one.
    return len(parts) > 3 or all(len(part) > 1 for part in parts)


def _group(text: str) -> Name | None:
    known_by = [word for word in words(text) if word not in _GROUP_NOISE]
    return Name(text, " ".join(known_by or words(text)), is_group=True) if text else None


def _person(written: str, family: str, given: str) -> Name | None:
    """Return the name "Family, Given" or, if `family` is empty, the name `given`, which contains the family name."""
    family_words = [name_letters(word) for word in _WORD.findall(family)] if family else []
    rest = _given_words(written, _WORD.findall(given))
    particles = [word for word in (*family_words, *rest) if word in _PARTICLES and len(word) > 1]
    if particles or not _SUFFIXES.isdisjoint(rest) or not _SUFFIXES.isdisjoint(family_words):
        rest = [word for word in rest if word not in particles and word not in _SUFFIXES]
        family_words = [word for word in family_words if word not in particles and word not in _SUFFIXES]
    if family_words:
        return Name(written, family_words[-1], (*family_words[:-1], *rest), tuple(particles))
    if not family.strip():
        # "A. B. Smith" and "Smith AB": the last whole word, or the only one.
        for place in range(len(rest) - 1, -1, -1):
            if len(rest[place]) > 1:
                return Name(written, rest[place], (*rest[:place], *rest[place + 1 :]), tuple(particles))
    if particles:  # "Do", "Le" and "Van" are family names too
        return Name(written, particles[-1], tuple(rest), tuple(particles[:-1]))
    if rest:
        return Name(written, rest[-1], tuple(rest[:-1]))
    return Name(written, " ".join(words(written)) or written) if written.strip() else None


def _given_words(written: str, found: list[str]) -> list[str]:
    """Return the words of a name, "WMD" as three initials; "WM" beside a longer word in a name in capitals as two."""
    capitals = written.isupper()
    longest_initials = 4 if not capitals else 2 if max(map(len, found), default=0) > 3 else 0
    rest: list[str] = []
    for word in found:
        if 1 < len(word) <= longest_initials and word.isupper():
            if word.lower() not in _SUFFIXES:
                rest.extend(word.lower())
        elif folded := name_letters(word):
            rest.append(folded)
    return rest
