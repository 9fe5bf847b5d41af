"""What a line's end must not take apart: numbers, marks with their words, the last words of a paragraph, addresses.

No letter is added or lost: what belongs together is put in an element that the style sheets keep on one line. A long
address may end a line at its signs only. On screens, which often have no hyphenation for a language, a long word says
itself where it may be divided.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

import pyphen
from markupsafe import Markup

from pubkit.boundary.xml import Element
from pubkit.language.labels import direction
from pubkit.render.elements import make, text_of

__all__ = [
    "BROKEN",
    "SOFT_HYPHEN",
    "is_code",
    "keep_citations",
    "keep_marks",
    "keep_numbers",
    "part_long_words",
    "soften",
    "softened",
]

#: The class of what is kept on one line, and that of a word that a line's end may break anywhere.
_NOBR, _LONG = "nobr", "long"
#: The class of a paragraph whose lines are not filled.
_RAGGED = "ragged"
#: The longest text that is kept on one line, in characters.
_LONGEST = 26
#: A number with signs in it after which a line could end: a range, a ratio, a date, a pair of values, one that begins
#: with its decimal sign, the year, volume and pages of a reference.
_NUMBER = re.compile(
    r"(?<!\S)(?!10\.\d{4,9}/)[^\s\w]{0,4}(?:\d[\d.,]*(?:[^\W\d]{0,2}[%°]?[-–−/:×][+−-]?[^\W\d]{0,2}\d[\d.,]*)+[^\W\d]{0,3}"
    r"|[<>=≤≥]?\.\d+[\d.,]*%?|\d{4};\d+(?:\([\w–-]+\))?:[^\W\d]{0,2}\d+(?:[-–~〜～][^\W\d]{0,2}\d+)?)[^\s\w]{0,4}(?!\S)"
)
#: What is in another order among right-to-left words, with its sign at its end: a telephone number, a number below zero.
_RUNNING_LEFT = re.compile(
    r"(?<![\w.,])(?:\+\d{1,3}|\(?0\d{1,4}\)?)(?:[ \u00a0()-]{1,2}\d{1,8}){1,6}(?![\w,.]?\d)"
    r"|(?<![^\s([])[−–+-]\d+(?:[.,]\d+)*(?!\w|[-–−])"
)
#: The last words of a paragraph of some length are kept together if they are short.
_SHORT_WORD, _SHORT_END, _LONG_PARAGRAPH = 5, 14, 60
#: The same for a word that a mark follows, at the end of a paragraph.
_LAST_WORD, _LAST_END = 10, 16
#: The signs that belong to the mark before them.
_SIGNS = re.compile(r"[.,;:!?)\]»”’…。，、；：！？）」』】》]+")
#: A citation printed as numbers on the line: (3), [4–6].
_NUMBERS = re.compile(r"[(\[]\d+(?:[,–-] ?\d+)*[)\]]")
#: A word longer than this may be broken at its signs; one without signs anywhere, unless it is a word of a language.
_LONG_WORD, _LONGEST_WORD = 24, 45
#: Letters and signs of scripts without spaces, between which a line may end as their rules allow: these are no long words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff65]+")
#: The last sign of a text in Chinese or Japanese, or what is in another script after it, with the marks that follow.
_LAST_SIGN = re.compile(
    r"(?:[\u2e80-\ua4cf\uf900-\ufaff\uff21-\uff65]|(?<=[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uff65])"
    r"[^\s\u2e80-\ua4cf\uf900-\ufaff\uff00-\uff65]{1,20})[.,;:!?)\]»”’…。，、；：！？）」』】》]*$"
)
#: A zero-width space: a line may end there. Nothing is printed for it.
_PLACE = "\u200b"
#: Where an address may be broken: after its dividing signs, before a bracket, and before a full stop between words.
_PLACES = re.compile(
    r"(?<=[/?&=#_@:;+–])(?=[^\W_])|(?<=[^\W_])(?=[(%][^\W_])|(?<=[^\W\d_])(?=\.[^\W_])|(?<=\d)(?=\.[^\W\d_])"
)
#: A DOI, after what names it as one, and where it may be broken: after its dots and slashes.
_DOI = re.compile(r"(\S*?(?:doi:|doi\.org/))?(10\.\d{4,9}/)", re.IGNORECASE)
_DOI_PLACES = re.compile(r"(?<=[/.])(?=[^\W_])")
#: Says where a word may be divided; nothing is printed for it elsewhere.
SOFT_HYPHEN = "\u00ad"
#: A word that is too wide for the cell of a table, and one that is for other lines on a phone.
_WIDE, _WIDER = re.compile(r"[^\W\d_]{17,}"), re.compile(r"[^\W\d_]{20,}")
_CELLS = frozenset({"td", "th"})
#: The class of a cell with a word that may be broken anywhere, which is no longer needed if all its words are divided.
BROKEN = "long-word"
_UNDIVIDED = re.compile(rf"[^\s{SOFT_HYPHEN}]{{22,}}")
#: The fewest letters of a divided word before and after the hyphen.
_LEAST = 4
#: A word that is divided before a mark; and the fewest letters of it that stay before the part that is kept with the mark.
_DIVISIBLE = re.compile(r"([^\W\d_]{12,})[^\w\s]{0,3}")
_LEAST_BEFORE = 7
_TAG_OR_WORD = re.compile(r"<[^>]*>|&[^;\s]*;|[^\W\d_]{20,}")
#: A compound, or a word of Chinese or Japanese, and how long it is if a title keeps it on one line.
_TAG_OR_COMPOUND = re.compile(
    r"<[^>]*>|&[^;\s]*;|(?<![\w-])[^\W_]+(?:-[^\W_]+){1,2}(?![\w-])|[\u3040-\u30ff\u3400-\u9fff]{2,}"
)
_LONGEST_COMPOUND = 18
_UNSPACED_LANGUAGES = frozenset({"ja", "zh"})
_CODE_LIKE = re.compile(r"\d|_|[a-z][A-Z]|^[A-Z]+$")
_LITERAL = frozenset({"annotation", "code", "kbd", "math", "pre", "samp", "svg"})
_PARAGRAPHS = ("caption", "dd", "figcaption", "li", "p")

#: An element and the name of its attribute that has the text: `text` or `tail`.
_Text = tuple[Element, str]


def keep_numbers(root: Element, language: str) -> None:
    """Keep each range, ratio, date and pair of values on one line: 12–15, 120/80, 2020-11-03.

    In a `language` written from right to left, a telephone number runs from the left all the same, and so does a number with
    its sign before it.
    """
    if direction(language) == "rtl":
        for place in list(_texts(root)):
            _enclose(place, [one.span() for one in _RUNNING_LEFT.finditer(_get(place))], _NOBR, dir="ltr")
    for place in list(_texts(root)):
        holder = _holder(place)
        kept = _NOBR in (holder.get("class") or "").split()
        if holder.tag != "a" and not kept:  # in a tagged PDF, a link has no elements in it
            found = [one.span() for one in _NUMBER.finditer(_get(place))]
            _enclose(place, [(start, end) for start, end in found if end - start <= _LONGEST], _NOBR)


def keep_marks(root: Element, language: str) -> None:
    """Keep each raised mark with the word before it, and the last short words of a paragraph together.

    Of a long word in a `language` whose hyphenation is known, it is kept with the last syllables only.
    """
    for mark in list(root.iter("span")):
        if _is_raised(mark):
            _keep_with_word(mark, _known(language))
    for paragraph in list(root.iter(*_PARAGRAPHS)):
        _keep_end(paragraph)


def keep_citations(root: Element, language: str) -> None:
    """Keep the numbers of a citation on one line, and with the word before them where they are not raised: (3), [4–6].

    Raised marks, those of notes too, are kept with the sign of Chinese or Japanese before them, where a line could end.
    """
    for mark in list(root.iter("span", "sup")):
        names = (mark.get("class") or "").split()
        text = text_of(mark)
        numbers = "citation" in names and _NUMBERS.fullmatch(text) is not None
        if "citation" in names and len(text) <= _LONGEST and (numbers or text[:1].isdigit()):
            mark.set("class", " ".join([*names, _NOBR]))
        before = _before(mark)
        raised = "note-call" in names or _is_raised(mark)
        if (numbers and not raised) or (raised and before and _LAST_SIGN.search(_get(before))):
            _keep_with_word(mark, _known(language))


def part_long_words(root: Element) -> None:
    """Let a line end within a long word: at the signs of an address, or anywhere in a code without signs.

    A paragraph with such words is not justified, because the spaces of its lines would be torn open.
    """
    for place in list(_texts(root)):
        text = _get(place)
        if any(_length(word) > _LONG_WORD for word in text.split()):
            _set(place, text := re.sub(r"\S+", lambda found: _with_places(found[0]), text))
            codes = [one.span() for one in re.finditer(r"\S+", text) if is_code(one[0])]
            if codes or _PLACE in text:
                _set_ragged(place)
            if codes and _holder(place).tag == "a":
                _holder(place).set("class", f"{_holder(place).get('class') or ''} {_LONG}".strip())
            else:
                _enclose(place, codes, _LONG)


def soften(root: Element, language: str) -> None:
    """Put soft hyphens into the long words below `root`, where there are patterns for `language`."""
    if not (known := _known(language)):
        return
    for place in list(_texts(root)):
        if (text := _get(place)) and _WIDE.search(text):
            around = (_holder(place), *_holder(place).iterancestors())
            long = _WIDE if any(one.tag in _CELLS for one in around) else _WIDER
            _set(place, long.sub(lambda found: _divided(found[0], known), text))
    for cell in root.iter(*_CELLS):
        names = (cell.get("class") or "").split()
        if BROKEN in names and not _UNDIVIDED.search(text_of(cell)):
            cell.set("class", " ".join(name for name in names if name != BROKEN))


def softened(markup: Markup, language: str) -> Markup:
    """Return HTML with soft hyphens in the long words of its text, as `soften` puts them."""
    if not (known := _known(language)):
        return markup
    return Markup(  # noqa: S704
        _TAG_OR_WORD.sub(lambda found: _divided(found[0], known) if found[0].isalpha() else found[0], markup)
    )


def whole_words(markup: Markup, language: str) -> Markup:
    """Return HTML whose short compounds ("follow-up") stay on one line; so do words in Chinese and Japanese signs."""
    foreign = language.partition("-")[0] not in _UNSPACED_LANGUAGES

    def kept(found: re.Match[str]) -> str:
        word = found[0]
        short = len(word) <= _LONGEST_COMPOUND and (foreign or word.isascii())
        return f'<span class="{_NOBR}">{word}</span>' if short and word[0] not in "<&" else word

    return Markup(_TAG_OR_COMPOUND.sub(kept, markup))  # noqa: S704


def _known(language: str) -> str | None:
    """Return the name of the patterns for a language; None if there are none."""
    found: str | None = pyphen.language_fallback(language.replace("-", "_"))
    return found


@functools.cache
def _patterns(known: str) -> pyphen.Pyphen:
    """Read patterns; only a text with a long word needs them."""
    return pyphen.Pyphen(lang=known, left=_LEAST, right=_LEAST)


def _divided(word: str, known: str) -> str:
    return str(_patterns(known).inserted(word, SOFT_HYPHEN))


# Texts


def _texts(root: Element) -> Iterator[_Text]:
    """Yield the texts below `root`, without those of code and formulas."""
    if root.tag in _LITERAL:
        return
    yield root, "text"
    for child in root:
        yield from _texts(child)
        yield child, "tail"


def _holder(place: _Text) -> Element:
    """Return the element in which a text is."""
    element, kind = place
    parent = element.getparent() if kind == "tail" else None
    return element if parent is None else parent


def _get(place: _Text) -> str:
    return str(getattr(*place) or "")


def _set(place: _Text, text: str) -> None:
    setattr(*place, text or None)


def _enclose(place: _Text, spans: Iterable[tuple[int, int]], name: str, **attributes: str) -> None:
    """Put the parts `spans` of a text, which are in order, each into an element of the class `name`."""
    text, (element, kind) = _get(place), place
    for start, end in reversed(list(spans)):
        part = make("span", text[start:end], class_=name, **attributes)
        after, text = text[end:], text[:start]
        if kind == "tail":
            element.addnext(part)
        else:
            element.insert(0, part)
        part.tail = after
        _set(place, text)


# Marks


def _is_raised(part: Element) -> bool:
    """Return whether `part` is the call of a note, or a citation printed as a raised number."""
    names = (part.get("class") or "").split()
    cites = "citation" in names and len(part) > 0 and part[0].tag == "sup" and not part.text
    return "footnote" in names or (cites and len(text_of(part)) <= _LONGEST)


def _before(mark: Element) -> _Text | None:
    """Return the text before `mark`; None if it is in nothing."""
    before, parent = mark.getprevious(), mark.getparent()
    if before is not None:
        return before, "tail"
    return None if parent is None else (parent, "text")


def _keep_with_word(mark: Element, known: str | None) -> None:
    """Put `mark`, the word before it and the signs after it into one element that is kept on one line.

    `known` names the patterns by which a long word is divided.
    """
    before = mark.getprevious()
    if before is not None and not before.tail and before.get("class") == _NOBR:
        holder = before
    else:
        holder = make("span", class_=_NOBR)
        if not _take_word(mark, holder, known):
            return
    tail = mark.tail or ""
    signs = _SIGNS.match(tail)
    mark.tail = None
    holder.append(mark)
    mark.tail = signs[0] if signs else None
    holder.tail = tail[signs.end() :] if signs else tail


def _take_word(mark: Element, holder: Element, known: str | None) -> bool:
    """Put `holder` before `mark`, and the word between them, or its end, into it; say whether there is a word."""
    before, place = mark.getprevious(), _before(mark)
    if place is None:
        return False
    text = _get(place)
    is_last = mark.getnext() is None and not _SIGNS.sub("", mark.tail or "").strip()
    start = _start_of_end(text[:-1] if text[-1:] == " " else text, known, is_last=is_last)
    if start < len(text):
        mark.addprevious(holder)
        holder.text = text[start:]
        _set(place, text[:start])
        return True
    if before is None or text or not 0 < len(text_of(before)) <= _LONGEST:
        return False
    before.addprevious(holder)
    holder.append(before)
    return True


def _start_of_end(text: str, known: str | None, *, is_last: bool) -> int:
    """Return where the last word of `text` begins, with the one before it if both are short; its length if none ends it.

    Of a long word it is where its last syllables begin, of Chinese and Japanese the last sign. `is_last` says that its
    paragraph ends there.
    """
    if sign := _LAST_SIGN.search(text):
        return sign.start()
    word = text.rpartition(" ")[2]
    if known and (letters := _DIVISIBLE.fullmatch(word)):
        places = [int(place) for place in _patterns(known).positions(letters[1]) if place >= _LEAST_BEFORE]
        if places:
            return len(text) - len(word) + places[-1]
    if len(word) > _LONGEST or text[-1:].isspace():
        return len(text)
    start = len(text) - len(word)
    earlier = text[: max(0, start - 1)].rpartition(" ")[2]
    most, whole = (_LAST_WORD, _LAST_END) if is_last else (_SHORT_WORD, _SHORT_END)
    if 0 < len(word) < most and earlier and len(earlier) + len(word) < whole:
        return start - len(earlier) - 1
    return start


def _keep_end(paragraph: Element) -> None:
    """Keep the last two words of a paragraph together if they are short, so that none is alone on the last line."""
    place = (paragraph[-1], "tail") if len(paragraph) else (paragraph, "text")
    text = _get(place).rstrip()
    found = re.search(r"\S+ \S+$", text)
    if found and len(found[0]) <= _SHORT_END and len(text_of(paragraph)) >= _LONG_PARAGRAPH:
        _set(place, text)
        _enclose(place, [found.span()], _NOBR)


# Long words


def _with_places(word: str) -> str:
    """Return `word`, if it is long, with a zero-width space at each place at which a line may end."""
    if _length(word) <= _LONG_WORD:
        return word
    if (doi := _DOI.match(word)) is None:
        return _PLACES.sub(_PLACE, word)
    pieces = _DOI_PLACES.sub(_PLACE, word[doi.end() :]).split(_PLACE)
    return _PLACE.join(filter(None, (*doi.groups(), *map(_with_places, pieces))))


def _length(word: str) -> int:
    """Return the length of the longest part of `word` in a script that puts spaces between words."""
    return len(word) if len(word) <= _LONG_WORD else max(map(len, _UNSPACED.split(word)))


def _set_ragged(place: _Text) -> None:
    """Leave the lines of the paragraph of a text unfilled; a note in it never is filled, and changes nothing around it."""
    holder = _holder(place)
    around = itertools.takewhile(
        lambda one: "footnote" not in (one.get("class") or "").split(), (holder, *holder.iterancestors())
    )
    paragraph = next((one for one in around if one.tag in _PARAGRAPHS), None)
    if paragraph is not None and _RAGGED not in (paragraph.get("class") or "").split():
        paragraph.set("class", f"{paragraph.get('class') or ''} {_RAGGED}".strip())


def is_code(word: str) -> bool:
    """Return whether `word` has a long part without places that no hyphenation can divide."""
    longest = max(re.split(f"[{_PLACE}-]", _UNSPACED.sub(_PLACE, word)), key=len)
    return len(longest) > _LONGEST_WORD or (len(longest) > _LONG_WORD and bool(_CODE_LIKE.search(longest)))
