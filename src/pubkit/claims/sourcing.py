"""Which citation keys source a sentence, following the way people cite.

**When a sentence is sourced.** A sentence is sourced

1. by a citation key in it, or by a later one in its paragraph;
2. by a key before it in its paragraph, unless it, or a sentence between, introduces a new speaker ("Another study", "Experts
   say", "A 2019 survey"), who needs a separate key;
3. in a table, by a key anywhere in its row or in the caption of the table; in a list, by a key in the paragraph that
   introduces the list and ends with a colon;
4. in a paragraph or list without any key, when it speaks of work that the text has introduced ("the trials", "the review
   authors", "two studies", "they searched"): by the source that its section names first, else by the one named last before
   it in the same chapter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from pubkit.expressions import expression
from pubkit.manuscript.model import Block, BlockKind

__all__ = ["Keys", "inherited_sources", "reported_works", "reports_on_named_work", "sources_in"]

Keys = tuple[str, ...]

_CELLS = frozenset({BlockKind.CELL, BlockKind.HEADER_CELL})
_WORK = (
    r"(?:stud(?:y|ies)|trials?|rcts?|reviews?|surveys?|meta[ -]analys[ei]s|experiments?|authors?|researchers|"
    r"investigators|evidence|participants|findings?|results?|analys[ei]s|cohorts?|guidelines?|reports?|papers?)"
)
_NEW_SPEAKER = expression(
    r"^(?:(?:in|according to|based on) )?(?:(?:an?|another|one|other|some|several|many|most|few|two|three|four|more|"
    r"additional|recent|new|earlier|previous|separate|different|numerous|early|later|\d{4}|various|multiple|further|"
    r"large|small|animal|human|clinical|observational) )(?:[\w'-]+ ){0,4}?(?:study|studies|trials?|surveys?|reviews?|"
    r"meta[ -]analys[ei]s|experiments?|reports?|papers?|researchers|scientists|experts|doctors|analys[ei]s|research|"
    r"evidence|team|group of (?:researchers|scientists|doctors))\b|^(?:studies|research|researchers|scientists|"
    r"experts|doctors|evidence|surveys|trials|meta[ -]analys[ei]s|systematic reviews?|the (?:fda|cdc|who|dea|nih|nhs|"
    r"ema)|according to)\b"
)
#: What trials were, of which the text has spoken: "most trials were small".
_DESCRIBED = expression(
    rf"^(?:two|three|four|some|many|most|few|several) (?:[\w-]+ ){{0,2}}?{_WORK} (?:were|was|are|had) "
    r"(?:(?:all|also|both|very|quite|too|rather|relatively|fairly) )?(?:small|short|old|large|few|poor|low|high|not|single|"
    r"blinded|randomi[sz]ed|funded|paid|sponsored|conducted|carried|done|at (?:low|high|unclear|some) risk|"
    r"of (?:low|poor|high|moderate))\b"
)
_CONNECTIVE = expression(r"^(?:(?:however|but|and|also|in addition|moreover|furthermore|by contrast|overall|yet),? )+")
_UNNAMED_WORK = expression(rf"^(?:in |according to )?(?:an?|another) (?:[\w-]+ ){{0,4}}?{_WORK}\b")
_NAMED_WORK = expression(
    rf"\b(?:the|this|these|those|both|all|none of the|most of the|some of the|each|no|of the|included) "
    rf"(?:(?!other|recent|new|latest|scientific|journal|annals|archives|proceedings|bulletin)[\w-]+ ){{0,3}}?{_WORK}\b|"
    rf"^(?:only |all |about |over |most )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d[\d,]*|"
    rf"most) "
    rf"(?:(?!recent|new|other|more)[\w-]+ ){{0,3}}?(?:stud(?:y|ies)|trials?|rcts|participants)\b|"
    r"^(?:they|we|he|she) (?:also |then |did not |could not |have |had )?(?:searched|compared|included|looked|"
    r"summari[sz]ed|rated|"
    r"pooled|found|reported|assessed|wanted|asked|measured|collected|concluded|analy[sz]ed|identified|gave)\b|"
    r"\b(?:placebo|control|comparison|intervention|treatment) groups?\b|\bin both groups\b|^the quality of\b|"
    r"^(?:it|this) (?:found|showed|included|compared|lasted|gave|asked)\b"
)


def sources_in(own: Sequence[Keys], texts: Sequence[str]) -> list[Keys]:
    """Return the keys that source each sentence of a paragraph; `own` are its own keys, `texts` its folded sentences."""
    return [own[index] or _after(index, own) or _before(index, own, texts) for index in range(len(own))]


def _after(index: int, own: Sequence[Keys]) -> Keys:
    return next((keys for keys in own[index + 1 :] if keys), ())


def _before(index: int, own: Sequence[Keys], texts: Sequence[str]) -> Keys:
    for earlier in range(index, -1, -1):
        if own[earlier]:
            return own[earlier]
        said = _CONNECTIVE.sub("", texts[earlier])
        if _NEW_SPEAKER.search(said) and not _DESCRIBED.search(said):
            return ()
    return ()


def reports_on_named_work(text: str) -> bool:
    """Return whether a folded sentence refers to work introduced earlier in the text: "the trials", "two studies"."""
    said = _CONNECTIVE.sub("", text)
    return _UNNAMED_WORK.search(said) is None and _NAMED_WORK.search(said) is not None


def inherited_sources(blocks: Sequence[Block]) -> dict[int, Keys]:
    """Return, for cells, the keys of their row and caption; for list items, those of the paragraph before the list."""
    inherited: dict[int, Keys] = {}
    caption: Keys = ()
    lead: Keys = ()
    in_row = _row_keys(blocks)
    for index, block in enumerate(blocks):
        keys = _keys(block)
        if block.kind in _CELLS:
            inherited[index] = in_row[index] or caption
            lead = ()
        elif block.kind is BlockKind.CAPTION:
            caption, lead = keys, ()
            inherited[index] = keys
            for cell in _cells_before(blocks, index):
                inherited[cell] = inherited[cell] or keys
        elif block.kind is BlockKind.LIST_ITEM:
            inherited[index] = lead
            caption = ()
        else:
            caption = ()
            lead = keys if block.text.rstrip().endswith(":") else ()
    return inherited


def _cells_before(blocks: Sequence[Block], index: int) -> Iterator[int]:
    """Yield the cells of the table whose caption the block `index` is: they are read before it."""
    for cell in range(index - 1, -1, -1):
        if blocks[cell].kind not in _CELLS:
            return
        yield cell


def reported_works(blocks: Sequence[Block]) -> list[Keys]:
    """Return for each block the keys of the work that its section reports on; none for a block with its own keys."""
    first_in_section: dict[tuple[str, ...], Keys] = {}
    last: Keys = ()
    chapter = ""
    found: list[Keys] = []
    for block in blocks:
        keys = _keys(block)
        if block.location.file != chapter:
            last, chapter = (), block.location.file
        if keys:
            first_in_section.setdefault(block.section, keys)
            last = keys
        found.append(() if keys else first_in_section.get(block.section, last))
    return found


def _keys(block: Block) -> Keys:
    return tuple(dict.fromkeys(citation.key for citation in block.citations))


def _row_keys(blocks: Sequence[Block]) -> dict[int, Keys]:
    """Return for each cell the keys in its row."""
    found: dict[int, Keys] = {}
    for (cells, _), row in itertools.groupby(
        range(len(blocks)), lambda at: (blocks[at].kind in _CELLS, blocks[at].row)
    ):
        if not cells:
            continue
        indexes = list(row)
        keys = tuple(dict.fromkeys(key for index in indexes for key in _keys(blocks[index])))
        found |= dict.fromkeys(indexes, keys)
    return found
