"""The venue of a work: journal names and their abbreviations, conferences, preprint servers.

An abbreviation is recognised by how abbreviations are made (ISO 4, NLM): its words are, in order, beginnings or
contractions of the title's words, with articles, prepositions and conjunctions left out; a title of one word is never
shortened; an acronym takes the first letters. A list of known names can be given for others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TypeAlias

from pubkit.expressions import expression
from pubkit.language.comparison import spelling
from pubkit.language.recognition import small_words
from pubkit.references.bibliography.markup import fold, plain, words

__all__ = ["VenueNames", "is_versioned", "preprint_doi", "preprint_server", "same_venue"]

VenueNames: TypeAlias = Mapping[str, str] | Callable[[str], str | None]
"""Known names of journals: from a name as `markup.fold` gives it ("n engl j med") to the journal's full title."""

MAX_VENUE = 400

_MOST_WORDS = 30

#: Function words of languages that have no folder: Italian, Portuguese, Dutch, the Scandinavian ones, Romanian.
_SMALL_ELSEWHERE = "di della delle dell e da do dos en van het voor i og och si din s"
_SERIES = frozenset(("part", "section", "series", "volume", "edition", "teil", "serie"))
_CONFERENCE = frozenset(
    words(
        "proceedings proc advances adv annual international int conference conf meeting joint symposium symp "
        "workshop congress association chapter european north american asian world empirical methods findings "
        "winter volume main aaai on of the in"
    )
)
_SPONSORS = frozenset(("ieee", "acm", "cvf", "usenix", "siam"))
_ORDINAL = expression(
    r"^(?:\d+(?:st|nd|rd|th)?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[a-z]{3,7}teenth|[a-z]{3,5}tieth)?)$"
)
_MEETING = expression(r"^(?:proceedings|proc)\b|\b(?:conference|conf|symposium|symp|workshop|meeting|congress)\b")
_YEAR = expression(r"(?:19|20)\d\d")
_IN_PARENTHESES = expression(r"\s*[(\[][^()\[\]]{0,200}[)\]]")
_BESIDE = expression(r"\s+:\s+|\s+=\s+|\s+/\s+")
_COLON = expression(r"[:.]\s+")
_DESCRIPTION = expression(
    r"^(?:an? |the )?(?:official |international |peer[- ]reviewed |monthly |weekly |multidisciplinary |open access )*"
    r"(?:journal|organ|publication|bulletin|magazine|newsletter|proceedings|annals|preprint server|zeitschrift|revue"
    r"|rivista)\b",
    re.IGNORECASE,
)
_PUBLISHING_BODY = expression(
    r"\b(?:society|association|academy|universit\w{1,5}|institut\w{1,3}|museum|foundation|fondazione|college|library)\b",
    re.IGNORECASE,
)
_PLACE_AT_END = expression(r"(?: of)?(?: the)? (?:u s a|usa|u s|united states of america|united states|engl|lond)$")
_KNOWN = {
    "nips": "neural information processing systems",
    "neurips": "neural information processing systems",
    "advances in neural information processing systems": "neural information processing systems",
    "adv neural inf process syst": "neural information processing systems",
    "neural inf process syst": "neural information processing systems",
    "pnas": "proceedings of the national academy of sciences",
    "nejm": "new england journal of medicine",
    "aistats": "artificial intelligence and statistics",
    "corr": "arxiv",
    "jmlr": "journal of machine learning research",
    "tmlr": "transactions on machine learning research",
}

# ------------------------------------------------------------------------------------------------------ preprint servers

_SERVERS = {
    "research square": "Research Square",
    "ssrn": "SSRN",
    "ssrn electronic journal": "SSRN",
    "social science research network": "SSRN",
    "corr": "arXiv",
    "computing research repository": "arXiv",
    "preprints": "Preprints.org",
    "preprints org": "Preprints.org",
    "authorea": "Authorea",
    "osf preprints": "OSF Preprints",
    "openrxiv": "bioRxiv or medRxiv",
    "peerj preprints": "PeerJ Preprints",
    "peerj prepr": "PeerJ Preprints",
    "jmir preprints": "JMIR Preprints",
    "scielo preprints": "SciELO Preprints",
    "preprints with the lancet": "Preprints with The Lancet",
    "cold spring harbor laboratory": "bioRxiv or medRxiv",
    "thesis commons": "Thesis Commons",
    "nature precedings": "Nature Precedings",
}
# A name without any of these is not a server's, which for most journals saves the folding.
_SERVER_MARKS = (
    "rxiv",
    "prepr",
    "square",
    "ssrn",
    "social",
    "corr",
    "repository",
    "authorea",
    "harbor",
    "commons",
    "preced",
)
_RXIV = expression(r"\b([a-z]{0,10}(?:rxiv|arxiv))\b")
_PROPER = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv", "arxiv": "arXiv", "chemrxiv": "ChemRxiv", "psyarxiv": "PsyArXiv"}
_PREPRINT_DOI = (
    (re.compile(r"10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8}(?:v\d+)?$"), "bioRxiv or medRxiv"),
    (re.compile(r"10\.64898/"), "bioRxiv or medRxiv"),
    (re.compile(r"10\.48550/arxiv\."), "arXiv"),
    (re.compile(r"10\.21203/rs\."), "Research Square"),
    (re.compile(r"10\.2139/ssrn\."), "SSRN"),
    (re.compile(r"10\.20944/preprints"), "Preprints.org"),
    (re.compile(r"10\.26434/chemrxiv"), "ChemRxiv"),
    (re.compile(r"10\.22541/au\."), "Authorea"),
    (re.compile(r"10\.36227/techrxiv"), "TechRxiv"),
    (re.compile(r"10\.31234/osf\.io"), "PsyArXiv"),
    (re.compile(r"10\.31235/osf\.io"), "SocArXiv"),
    (re.compile(r"10\.31219/osf\.io"), "OSF Preprints"),
    (re.compile(r"10\.7287/peerj\.preprints"), "PeerJ Preprints"),
    (re.compile(r"10\.2196/preprints"), "JMIR Preprints"),
    (re.compile(r"10\.1590/scielopreprints"), "SciELO Preprints"),
)
# Platforms that publish an article at once and revise it in numbered versions after review, each with its own date.
_VERSIONED = expression(
    r"\b(?:f1000 ?research|(?:wellcome|gates|hrb|ahrq|aas|nihr|health) open research|open research europe"
    r"|mededpublish|routledge open research|elife)\b"
)


def preprint_server(name: str) -> str | None:
    """Return the preprint server that `name` names ("arXiv preprint arXiv:2101.00001"), or None for a journal."""
    lowered = name[:MAX_VENUE].lower()
    if not any(mark in lowered for mark in _SERVER_MARKS):
        return None
    folded = fold(lowered)
    found = _RXIV.search(folded)
    if found:
        return _PROPER.get(found[1], found[1])
    return _SERVERS.get(folded)


def preprint_doi(doi: str) -> str | None:
    """Return the preprint server that gave out `doi` (lower case, without resolver), or None."""
    return next((server for pattern, server in _PREPRINT_DOI if pattern.match(doi)), None)


def is_versioned(name: str) -> bool:
    """Return whether a journal revises its articles in dated versions (F1000Research, Wellcome Open Research, eLife)."""
    lowered = name[:MAX_VENUE].lower()
    return (
        any(mark in lowered for mark in ("open", "f1000", "elife", "mededpublish"))
        and _VERSIONED.search(fold(name[:MAX_VENUE])) is not None
    )


# ---------------------------------------------------------------------------------------------------------------- names


def same_venue(one: str, other: str, known: VenueNames | None = None) -> bool:
    """Return whether two names are one journal's: equal, abbreviated, an acronym, with or without a place or a description.

    `known` gives full titles of names that cannot be recognised by their form.

    >>> same_venue("J Clin Oncol", "Journal of Clinical Oncology"), same_venue("Lancet", "The Lancet Psychiatry")
    (True, False)
    """
    if one == other:
        return True
    ours, theirs = _names(one[:MAX_VENUE]), _names(other[:MAX_VENUE])
    if any(_same(some, others) for some in ours for others in theirs):
        return True
    if known is None:
        return False
    full = [_full(known, name) or name for name in (one[:MAX_VENUE], other[:MAX_VENUE])]
    return full != [one[:MAX_VENUE], other[:MAX_VENUE]] and same_venue(full[0], full[1])


def _full(known: VenueNames, name: str) -> str | None:
    for form in _names(name):
        key = " ".join(form)
        full = known(key) if callable(known) else known.get(key)
        if full:
            return full
    return None


def _names(text: str) -> list[tuple[str, ...]]:
    """Return the folded names in a venue's text: as written, then without place, description or country."""
    text = plain(text)
    forms = [text]
    if "(" in text or "[" in text:
        forms.append(_IN_PARENTHESES.sub("", text))
    base = forms[-1]
    beside = _BESIDE.split(base)
    if len(beside) > 1:
        forms.append(beside[0])
        if " = " in base:
            forms.append(beside[-1])
    else:
        head, *rest = _COLON.split(base, maxsplit=1)
        if rest and (_DESCRIPTION.match(rest[0]) or _PUBLISHING_BODY.search(rest[0])):
            forms.append(head)
        elif rest and _is_acronym_of(fold(head).replace(" ", ""), words(rest[0])):
            forms += [head, rest[0]]
    folded = [fold(form) for form in forms]
    folded += [_PLACE_AT_END.sub("", form) for form in folded]
    folded += [_KNOWN[form] for form in (" ".join(_undated(form.split())) for form in folded) if form in _KNOWN]
    return list(dict.fromkeys(tuple(form.split()[:_MOST_WORDS]) for form in folded if form))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if one == other or "".join(one) == "".join(other):
        return True
    ours, theirs = _content(one), _content(other)
    if not ours or not theirs:
        return False
    if ours == theirs or "".join(ours) == "".join(theirs):
        return True
    if len(ours) == len(theirs):
        if len(ours) > 1 and all(map(_short_for_either, ours, theirs)):
            return True
    elif _abbreviates(ours, theirs) or _abbreviates(theirs, ours):
        return True
    return _is_conference(ours, theirs) or _is_conference(theirs, ours)


def _content(name: Sequence[str]) -> tuple[str, ...]:
    small = _small()
    return tuple(word for word in name if word not in small and not _YEAR.fullmatch(word))


@cache
def _small() -> frozenset[str]:
    return frozenset(words(" ".join((*small_words(), _SMALL_ELSEWHERE))))


def _short_for_either(one: str, other: str) -> bool:
    return one == other or _short_for(one, other) or _short_for(other, one) or spelling(one) == spelling(other)


def _short_for(short: str, word: str) -> bool:
    """Return whether `short` is the beginning of `word`, or a contraction of it: natl, dtsch, jpn, augenheilkd."""
    if word.startswith(short):
        return True
    if len(short) < 3 or len(short) >= len(word) or short[0] != word[0]:
        return False
    rest = iter(word)
    if not all(letter in rest for letter in short):
        return False
    return short[-1] == word[-1] or short[:5] == word[:5] or _skeleton(word).startswith(short)


@lru_cache(maxsize=4096)
def _skeleton(word: str) -> str:
    return word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou")


def _abbreviates(short: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether the words of `short`, in order, use up those of `full`.

    A word of `short` is one word, several run together ("neuroophthalmol"), or an acronym of several;
    "part" and "section" may be left out.
    """
    if len(short) > len(full):
        return False
    if len(short) == 1:
        others = [word for word in full if word != short[0] and not _ORDINAL.match(word)]
        return len(full) > 2 and len(short[0]) == len(others) and _is_acronym_of(short[0], others)
    reached = _past_series({0}, full)
    for word in short:
        following: set[int] = set()
        for start in reached:
            if start < len(full) and _short_for_either(word, full[start]):
                following.add(start + 1)
            following.update(_run_together(word, full, start))
            end = start + len(word)
            if 2 < len(word) <= 6 and end <= len(full) and word == "".join(each[0] for each in full[start:end]):
                following.add(end)
        reached = _past_series(following, full)
    return len(full) in reached


def _run_together(word: str, full: Sequence[str], start: int) -> list[int]:
    ends = []
    for place in range(start, min(start + 3, len(full))):
        if place > start and full[place].startswith(word):
            ends.append(place + 1)
        if not word.startswith(full[place]) or word == full[place]:
            break
        word = word[len(full[place]) :]
    return ends


def _past_series(reached: set[int], full: Sequence[str]) -> set[int]:
    return reached | {place + 1 for place in reached if place < len(full) and full[place] in _SERIES}


def _is_acronym_of(short: str, full: Sequence[str]) -> bool:
    """Return whether `short` consists of first letters of `full`, with or without those of small words."""
    if not 2 < len(short) <= 12:
        return False
    content = _content(full)
    return short == "".join(word[0] for word in content) or short == "".join(word[0] for word in full)


def _is_conference(short: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether `short` is a conference's acronym, and `full` its name, whose generic words are skipped.

    The acronym may take more than one letter of a word, as in AISTATS.
    """
    if not _MEETING.search(" ".join(full)):
        return False
    named = _undated(short)
    if len(named) > 1:
        return not _MEETING.search(" ".join(named)) and named == [
            word for word in _undated(full) if word not in _CONFERENCE
        ]
    if len(named) != 1 or not 3 <= len(named[0]) <= 12 or named[0] in _SPONSORS:
        return False
    acronym = named[0]
    if acronym in full:
        return len(full) > 2
    reached = {0}
    for word in full:
        passed = reached if word in _CONFERENCE or word in _SPONSORS or _ORDINAL.match(word) else set()
        reached = passed | {
            start + size
            for start in reached
            for size in range(1, 6)
            if size <= len(word) and acronym[start : start + size] == word[:size]
        }
    return len(acronym) in reached


def _undated(name: Sequence[str]) -> list[str]:
    return [word for word in name if not _ORDINAL.match(word)]
