"""Decide whether two author lists name the same people.

Two names are one person when every word and initial of the shorter finds its place in the longer; so "Silva WMD Junior" is
Walderi Monteiro da Silva Junior, and "J. A. Smith" is not John B. Smith. Lists are matched the same way, in any order, so
that a dropped author, an invented one and a mere change of order are distinguished.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from rapidfuzz.distance import Levenshtein

from pubkit.references.comparison.names import AuthorList, Name

__all__ = ["AuthorMatch", "match_authors", "same_person"]

_MOST_LOOKS = 20_000
# Short forms that do not begin like the name.
_NICKNAMES = {
    "bill": "william",
    "bob": "robert",
    "dick": "richard",
    "ted": "edward",
    "tony": "anthony",
    "beth": "elizabeth",
    "betty": "elizabeth",
    "liz": "elizabeth",
    "peggy": "margaret",
    "hank": "henry",
    "gene": "eugene",
    "catherine": "katherine",
    "cathy": "katherine",
    "chris": "kristopher",
}
_MOST_GROUPS = 80


class AuthorMatch(Struct, frozen=True):
    """The extent to which two author lists name the same people.

    `invented` are cited people whom the registry does not name, `dropped` people of the registry whom the reference omits,
    `respelled` pairs taken for one person although the names are not written alike. Groups are counted separately.
    """

    cited: int
    registry: int
    matched: int
    invented: tuple[Name, ...] = ()
    dropped: tuple[Name, ...] = ()
    respelled: tuple[tuple[Name, Name], ...] = ()
    reordered: bool = False
    first_differs: bool = False
    groups_matched: int = 0
    groups_cited_only: tuple[Name, ...] = ()
    groups_registry_only: tuple[Name, ...] = ()


def same_person(one: Name, other: Name) -> bool:
    """Return whether two names can be one person's: they share a family name or part of it, and no initial contradicts."""
    if one.family == other.family:
        return _fits(one.rest, other.rest)
    return _same_words(one, other)


def _fits(some: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether every word and initial of the shorter finds its own place in the longer."""
    if not some or not others or some == others:
        return True
    shorter, longer = (some, list(others)) if len(some) <= len(others) else (others, list(some))
    for word in sorted(shorter, key=len, reverse=True):
        for place, candidate in enumerate(longer):
            if word.startswith(candidate) or candidate.startswith(word):
                del longer[place]
                break
        else:
            return False
    return True


def _same_words(one: Name, other: Name) -> bool:
    """Return whether names split at different places, or reversed, share a whole word and agree in all the rest."""
    ours, theirs = [one.family, *one.rest], [other.family, *other.rest]
    shared = [word for word in ours if len(word) > 1 and (word in theirs or word in other.particles)]
    shared += [word for word in theirs if len(word) > 1 and word in one.particles]
    if not shared:
        return False
    left = [word for word in ours if word not in shared]
    right = [word for word in theirs if word not in shared]
    if not left or not right:
        return one.family in shared or other.family in shared
    return _fits(left, right)


def _misspelt(one: Name, other: Name) -> bool:
    """Return whether the family names differ by a typing error, or one is the other run together with a part of it."""
    longest = max(len(one.family), len(other.family))
    slips = 2 if longest >= 9 else 1 if longest >= 5 else 0
    if slips and Levenshtein.distance(one.family, other.family, score_cutoff=slips) <= slips:
        return _fits(one.rest, other.rest)
    joined = ["".join(word for word in (*name.rest, name.family) if len(word) > 2) for name in (one, other)]
    return (
        (min(map(len, joined)) >= 8 and Levenshtein.distance(*joined, score_cutoff=1) <= 1)
        or _run_together(one, other)
        or _run_together(other, one)
    )


def _run_together(one: Name, other: Name) -> bool:
    if len(one.family) < 8:
        return False
    return any(
        Levenshtein.distance(one.family, word + other.family, score_cutoff=1) <= 1
        for word in other.rest
        if len(word) > 2 and one.family.startswith(word[:3])
    )


def _alike(one: Name, other: Name) -> bool:
    """Return whether the family names are equal and the first given names begin alike, though a middle one contradicts."""
    if one.family != other.family or not one.rest or not other.rest:
        return False
    given = (one.rest[0], other.rest[0])
    return given[0][0] == given[1][0] or _NICKNAMES.get(given[0], given[0]) == _NICKNAMES.get(given[1], given[1])


# ------------------------------------------------------------------------------------------------------------ the lists


def match_authors(cited: AuthorList, registry: AuthorList) -> AuthorMatch:
    """Match two author lists: first by place, then by name, then allowing typing errors.

    Takes time in proportion to the lengths of the lists.
    """
    ours, theirs = cited.people, registry.people
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for place, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one.family == other.family and _fits(one.rest, other.rest):
            partner[place] = place
            taken.add(place)
    respelled: list[tuple[Name, Name]] = []
    if len(partner) < len(ours) and len(taken) < len(theirs):
        _pair(ours, theirs, partner, taken, _family_and_initial, same_person)
        _pair(ours, theirs, partner, taken, _words, same_person)
        certain = set(partner)
        _pair(ours, theirs, partner, taken, _words, _alike)
        if partner or len(ours) < 3:  # no list is entirely misspelt
            _pair(ours, theirs, partner, taken, _anyone, _misspelt)
        respelled += [(ours[place], theirs[other]) for place, other in partner.items() if place not in certain]
        renamed = _renamed(ours, theirs, partner, taken)
        if renamed is not None:
            partner[renamed] = renamed
            taken.add(renamed)
            respelled.append((ours[renamed], theirs[renamed]))
    return _outcome(cited, registry, partner, taken, respelled)


def _pair(
    ours: Sequence[Name],
    theirs: Sequence[Name],
    partner: dict[int, int],
    taken: set[int],
    keys: Callable[[Name], Iterable[str]],
    agree: Callable[[Name, Name], bool],
) -> None:
    """Give each unmatched name the first free one that shares a key with it and agrees."""
    index: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(theirs):
        if place not in taken:
            for key in keys(name):
                index[key].append(place)
    looks = _MOST_LOOKS
    for place in [place for place in range(len(ours)) if place not in partner]:
        for other in (other for key in keys(ours[place]) for other in index.get(key, ())):
            looks -= 1
            if other not in taken and agree(ours[place], theirs[other]):
                partner[place] = other
                taken.add(other)
                break
            if looks < 0:
                return


def _family_and_initial(name: Name) -> list[str]:
    return [f"{name.family} {name.rest[0][0] if name.rest else ''}"]


def _words(name: Name) -> list[str]:
    return [word for word in dict.fromkeys((name.family, *name.rest, *name.particles)) if len(word) > 1]


def _anyone(_: Name) -> list[str]:
    return [""]


def _renamed(ours: Sequence[Name], theirs: Sequence[Name], partner: Mapping[int, int], taken: set[int]) -> int | None:
    """Return the one place in two otherwise equal lists with the same given names and a new family name."""
    if not len(ours) == len(theirs) > 2 or len(partner) != len(ours) - 1:
        return None
    place = next(place for place in range(len(ours)) if place not in partner)
    one, other = ours[place].rest, theirs[place].rest
    if place in taken or not one or [word[0] for word in one] != [word[0] for word in other]:
        return None
    return place if len(one) > 1 or (one == other and len(one[0]) > 2) else None


def _outcome(
    cited: AuthorList,
    registry: AuthorList,
    partner: Mapping[int, int],
    taken: set[int],
    respelled: Sequence[tuple[Name, Name]],
) -> AuthorMatch:
    ours, theirs = cited.people, registry.people
    order = [partner[place] for place in sorted(partner)]
    reordered = any(later < earlier for earlier, later in itertools.pairwise(order))
    known = {(name.family, name.rest) for name in (theirs[place] for place in taken)}
    dropped = [place for place in range(len(theirs)) if place not in taken]
    dropped = [place for place in dropped if (theirs[place].family, theirs[place].rest) not in known]
    if cited.truncated:
        last = max(taken, default=-1)
        dropped = [] if cited.elided or reordered else [place for place in dropped if place < last]
    cited_known = {(name.family, name.rest) for name in (ours[place] for place in partner)}
    invented = [ours[place] for place in range(len(ours)) if place not in partner]
    invented = [name for name in invented if (name.family, name.rest) not in cited_known]
    if registry.truncated and partner:
        invented = []
    cited_only, registry_only, groups_matched = _match_groups(cited.groups, registry.groups)
    return AuthorMatch(
        cited=len(ours),
        registry=len(theirs),
        matched=len(partner),
        invented=tuple(invented),
        dropped=tuple(theirs[place] for place in dropped),
        respelled=tuple(respelled),
        reordered=reordered,
        first_differs=bool(ours and theirs) and partner.get(0) != 0,
        groups_matched=groups_matched,
        groups_cited_only=cited_only,
        groups_registry_only=registry_only,
    )


def _match_groups(cited: Sequence[Name], registry: Sequence[Name]) -> tuple[tuple[Name, ...], tuple[Name, ...], int]:
    left = list(registry[:_MOST_GROUPS])
    unmatched = []
    for group in cited[:_MOST_GROUPS]:
        found = next((other for other in left if _same_group(group, other)), None)
        if found is None:
            unmatched.append(group)
        else:
            left.remove(found)
    return tuple(unmatched), tuple(left), len(cited[:_MOST_GROUPS]) - len(unmatched)


def _same_group(one: Name, other: Name) -> bool:
    ours, theirs = one.family.split(), other.family.split()
    if not ours or not theirs:
        return one.family == other.family
    if set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return True
    for short, long in ((ours, theirs), (theirs, ours)):
        if len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long):
            return True
    return len(set(ours) & set(theirs)) >= 0.75 * max(len(set(ours)), len(set(theirs)))
