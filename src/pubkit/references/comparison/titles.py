"""Decide whether two titles are one, word by word, after folding.

A token-set ratio cannot do this: one changed word in twelve leaves it near 100, and one changed word is what an invented
reference looks like. So the folded words are aligned, and every place where they differ is looked at. Spelling (British and
American), hyphens, spaces, a leading article and a missing subtitle are no difference; any other word is one.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz.distance import Levenshtein

from pubkit.expressions import expression
from pubkit.language.comparison import bare_words, spelling
from pubkit.references.bibliography.markup import plain

__all__ = ["Change", "TitleMatch", "TitleRelation", "compare_titles"]

MAX_TITLE = 4_000

_SIGNS = frozenset(("plus", "minus", "percent", "above", "below", "and"))
_ARTICLES = frozenset(("the", "a", "an"))
_UNTELLING = frozenset(
    bare_words(
        "with from into through among between during after before under over their this that these using based "
        "study studies analysis effect effects role review trial system systematic meta evidence results patients "
        "model models method methods novel learning data approach toward towards have does what when which more "
        "than"
    )
)

_STATUS = expression(
    r"^[\W_]*(?:retracted|withdrawn|removed|temporary removal|partially retracted)"
    r"(?:[ -](?:article|paper|chapter|manuscript|publication|note))?(?:\s*[:\]).–—]+|\s+-)[\s:]*",
    re.IGNORECASE,
)
_STATUS_AT_END = expression(r"\s*[(\[]\s*(?:retracted|withdrawn)\b[^()\[\]]{0,300}[)\]]\s*\.?$", re.IGNORECASE)
_TAG_AT_END = expression(
    r"\s*\[(?:version \d{1,3}\b[^\[\]]{0,200}|internet|online|preprint|data ?set|article in [a-z]{1,20}|"
    r"published erratum[^\[\]]{0,200}|editorial|letter|comment|abstract|electronic resource)\]\s*\.?$",
    re.IGNORECASE,
)
_NOTICE = expression(
    r"^[\W_]*(?:(?:notice of )?(?:partial )?retraction|(?:author |publisher )?correction|corrigendum|erratum|errata|addendum"
    r"|(?:editorial )?expression of concern)(?: notice)?(?:\s*[:.–—]|\s+-|\s+to:?\s|\s+for:?\s|\s+note:?\s)\s*",
    re.IGNORECASE,
)
_TRANSLATED = expression(r"^\[([^\[\]]*)\]\.?$")
_BOUNDARY = expression(r"[:.?!;]\s+|\s[-–—]+\s|—|\s:\s|\s?\(|\)\s?")


class TitleRelation(enum.Enum):
    """The relation between two titles, nearest first."""

    SAME = enum.auto()
    SPELLING = enum.auto()
    SHORTENED = enum.auto()
    NOTICE = enum.auto()
    CHANGED = enum.auto()
    REWRITTEN = enum.auto()
    OTHER = enum.auto()


class Change(Struct, frozen=True):
    """One place where the words differ: the cited words and the registry's, either of which may be empty."""

    cited: str
    registry: str
    before: str
    words: int


class TitleMatch(Struct, frozen=True):
    """The relation of a cited title to a registry's.

    `changes` are the differing places, `changed` the share of the longer title's words in them. `common` counts the
    significant words of the subject that both titles have, `subject` is their share of the shorter title's: versions of
    one manuscript keep them. `shorter_is_cited` belongs to SHORTENED.
    """

    relation: TitleRelation
    changes: tuple[Change, ...] = ()
    changed: float = 0.0
    common: int = 0
    subject: float = 0.0
    shorter_is_cited: bool = False
    marked_retracted: bool = False
    cut: bool = False

    @property
    def words_changed(self) -> int:
        """Return the number of words that differ, over all changes."""
        return sum(change.words for change in self.changes)


def compare_titles(cited: str, registry: str) -> TitleMatch:
    """Compare a cited title with a registry's, both as they were written, markup included.

    Titles beyond `MAX_TITLE` characters are compared up to there, and `cut` says so.
    """
    if cited == registry:
        return TitleMatch(TitleRelation.SAME)
    cut = max(len(cited), len(registry)) > MAX_TITLE
    ours, our_status = _without_status(plain(cited[:MAX_TITLE]))
    theirs, their_status = _without_status(plain(registry[:MAX_TITLE]))
    match = _compare(ours, theirs)
    return replace(match, marked_retracted=their_status and not our_status, cut=cut)


def _without_status(title: str) -> tuple[str, bool]:
    """Return the title without "RETRACTED:", "[version 2]" and translation brackets, and whether it said "retracted"."""
    bare = _STATUS_AT_END.sub("", _STATUS.sub("", title))
    status = bare != title
    if bare.endswith(("]", "].")):
        bare = _TAG_AT_END.sub("", bare)
        translated = _TRANSLATED.match(bare)
        if translated:
            bare = translated[1]
    return bare, status


def _compare(cited: str, registry: str) -> TitleMatch:
    ours, theirs = bare_words(cited), bare_words(registry)
    if ours == theirs:
        return TitleMatch(TitleRelation.SAME) if ours or cited == registry else TitleMatch(TitleRelation.OTHER)
    if not ours or not theirs:
        return TitleMatch(TitleRelation.OTHER)
    if "".join(_bare(ours)) == "".join(_bare(theirs)):
        return TitleMatch(TitleRelation.SPELLING)
    changes = _changes(cited, registry, ours, theirs)
    if not changes:
        return TitleMatch(TitleRelation.SPELLING)
    if _is_notice_of(cited, registry) or _is_notice_of(registry, cited):
        return TitleMatch(TitleRelation.NOTICE)
    if _is_shortened(ours, theirs, registry):
        return TitleMatch(TitleRelation.SHORTENED, shorter_is_cited=True)
    if _is_shortened(theirs, ours, cited):
        return TitleMatch(TitleRelation.SHORTENED)
    changed = sum(change.words for change in changes) / max(len(ours), len(theirs))
    common, subject = _common_subject(ours, theirs)
    relation = TitleRelation.CHANGED
    if changed > 0.5:
        relation = TitleRelation.REWRITTEN if common >= 2 and subject >= 0.2 else TitleRelation.OTHER
    return TitleMatch(relation, changes, changed, common, subject)


def _bare(title: Sequence[str]) -> Sequence[str]:
    return title[1:] if len(title) > 1 and title[0] in _ARTICLES else title


# --------------------------------------------------------------------------------------------------------- word by word


def _changes(cited: str, registry: str, ours: list[str], theirs: list[str]) -> tuple[Change, ...]:
    """Return the places where the words differ and mean something else."""
    damaged = "\ufffd" in cited or "\ufffd" in registry
    starts: set[int] | None = None
    changes: list[Change] = []
    for start, end in _unequal(ours, theirs):
        some, others = ours[start[0] : end[0]], theirs[start[1] : end[1]]
        if starts is None and not _ARTICLES.isdisjoint((*some, *others)):
            starts = {*_starts(cited), *_starts(registry)}
        at_start = starts is not None and (start[0] in starts or start[1] in starts)
        at_end = end == (len(ours), len(theirs))
        if _same_reading(some, others, at_start, damaged) or (at_end and _footnoted(some, others)):
            continue
        before = ours[start[0] - 1] if start[0] else ""
        changes.append(Change(" ".join(some), " ".join(others), before, max(len(some), len(others))))
    return tuple(changes)


def _unequal(ours: list[str], theirs: list[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the runs of words that differ: where each begins and ends, in the one title and in the other."""
    begun: tuple[int, int] | None = None
    end = (0, 0)
    for block in Levenshtein.opcodes(ours, theirs):
        if block.tag == "equal":
            if begun is not None:
                yield begun, end
            begun = None
        else:
            begun = begun or (block.src_start, block.dest_start)
            end = (block.src_end, block.dest_end)
    if begun is not None:
        yield begun, end


def _same_reading(cited: list[str], registry: list[str], at_start: bool, damaged: bool) -> bool:
    """Return whether two runs of words are one written in two ways."""
    if "".join(cited) == "".join(registry):
        return True
    if not cited or not registry:
        extra = cited or registry
        # A sign lost from a superscript, or the article at the head of a title or subtitle.
        return all(word in _SIGNS for word in extra) or (at_start and len(extra) == 1 and extra[0] in _ARTICLES)
    if "".join(map(spelling, cited)) == "".join(map(spelling, registry)):
        return True
    if at_start and ("".join(_bare(cited)) == "".join(_bare(registry))):
        return True
    if damaged and Levenshtein.distance("".join(cited), "".join(registry), score_cutoff=2) <= 2:
        return True
    ours, theirs = ([word for word in run if word not in _SIGNS] for run in (cited, registry))
    signs = [{word for word in run if word in _SIGNS} for run in (cited, registry)]
    return bool(ours) and "".join(ours) == "".join(theirs) and not (signs[0] and signs[1])


def _footnoted(cited: list[str], registry: list[str]) -> bool:
    """Return whether the last words differ by the number of a footnote that has run into one of them."""
    if len(cited) != 1 or len(registry) != 1:
        return False
    short, long = sorted((cited[0], registry[0]), key=len)
    return len(short) > 4 and short.isalpha() and long.startswith(short) and long[len(short) :].isdigit()


def _starts(title: str) -> list[int]:
    """Return the word numbers at which the title and its subtitles begin."""
    starts = [0]
    for segment in _BOUNDARY.split(title):
        starts.append(starts[-1] + len(bare_words(segment)))
    return starts


def _is_shortened(short: Sequence[str], full: Sequence[str], title: str) -> bool:
    """Return whether `short` is `title` (its words are `full`) without a subtitle or without what precedes its colon."""
    target = "".join(_bare(short))
    if len(short) >= len(full) or target not in "".join(full):
        return False
    segments = [bare_words(segment) for segment in _BOUNDARY.split(title)]
    segments = [segment for segment in segments if segment]
    if len(segments) < 2 or len(segments) > 40:
        return False
    for count in range(1, len(segments)):
        if target == "".join(_bare([word for segment in segments[:count] for word in segment])):
            return True
        tail = [word for segment in segments[count:] for word in segment]
        if len(tail) >= 3 and target == "".join(_bare(tail)):
            return True
    return False


def _is_notice_of(notice: str, title: str) -> bool:
    found = _NOTICE.match(notice)
    if found is None or _NOTICE.match(title):
        return False
    rest = bare_words(notice[found.end() :])
    return bool(rest) and "".join(rest).startswith("".join(bare_words(title))[:60])


def _common_subject(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, float]:
    """Return how many significant words both titles share, by their beginnings, and their share of the shorter title."""
    stems = [
        {word[:6] for word in title if len(word) > 3 and word not in _UNTELLING and not word.isdigit()}
        for title in (ours, theirs)
    ]
    common = len(stems[0] & stems[1])
    return common, common / max(1, min(map(len, stems)))
