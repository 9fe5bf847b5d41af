"""A CSL-JSON item as it may reach citeproc: known variables, known shapes, and no markup but CSL's own.

Source: CSL 1.0.2 specification, appendix IV (variables), and the CSL-JSON schema (names, dates, rich text).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pubkit.boundary.files import printable
from pubkit.boundary.text import forbidden
from pubkit.findings import Severity
from pubkit.references.bibliography.identifiers import doi_as_printed

__all__ = ["DATES", "NAMES", "TEXTS", "TYPES", "clean", "plain"]

_TYPES_WORDS = """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage"""
TYPES = frozenset(_TYPES_WORDS.split())

_NAMES_WORDS = """
    author chair collection-editor compiler composer container-author contributor curator director editor
    editorial-director editor-translator executive-producer guest host illustrator interviewer narrator organizer
    original-author performer producer recipient reviewed-author script-writer series-creator translator"""
NAMES = frozenset(_NAMES_WORDS.split())

DATES = frozenset({"accessed", "available-date", "event-date", "issued", "original-date", "submitted"})

_TEXTS_WORDS = """
    abstract annote archive archive-place archive_collection archive_location authority call-number chapter-number
    citation-key citation-label citation-number collection-number collection-title container-title container-title-short
    dimensions division DOI edition event event-place event-title first-reference-note-number genre ISBN ISSN issue
    journalAbbreviation jurisdiction keyword language license locator medium note number number-of-pages
    number-of-volumes original-publisher original-publisher-place original-title page page-first part part-number
    part-title PMCID PMID printing-number publisher publisher-place references reviewed-genre reviewed-title scale
    section shortTitle source status supplement-number title title-short URL version volume volume-title
    volume-title-short year-suffix"""
TEXTS = frozenset(_TEXTS_WORDS.split())

_NAME_TEXTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
_NAME_MARKS = ("comma-suffix", "static-ordering", "parse-names")
#: The longest text of one field; abstracts have a tenth of it.
MOST_CHARACTERS = 50_000
#: What JSON and YAML can write with escapes though a source file may not hold it.
_HIDDEN = re.compile("[\ud800-\udfff\x00]")
_DATE_REMEDY = 'Write it as {"date-parts": [[2020, 5, 17]]}.'
_SEASONS = {1, 2, 3, 4}

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)((?:\s[^<>]*|/)?)>|<!--|-->|<!\[CDATA\[|\]\]>|<[!?][A-Za-z][^<>]*>")
_ALLOWED = frozenset({"i", "b", "em", "strong", "sup", "sub", "sc"})
_SPAN = re.compile(
    r"""\sclass=(?:"nocase"|'nocase')|\sstyle=(?:"font-variant:\s*small-caps;?"|'font-variant:\s*small-caps;?')"""
)
_ELEMENTS_WORDS = """
    a abbr address animate annotation applet area article aside audio base bdi bdo blockquote body br button canvas
    caption center cite code col colgroup data datalist dd del details dfn dialog div dl dt embed fieldset figcaption
    figure font footer foreignobject form frame frameset g h1 h2 h3 h4 h5 h6 head header hr html iframe image img input
    ins isindex kbd label legend li link main map mark marquee math menu meta meter mi mn mo mrow msub msubsup msup
    mtext nav noembed noscript object ol optgroup option output p param picture plaintext pre progress q rect ruby s samp
    script section select set slot small source strike style summary svg table tbody td template text textarea tfoot th
    thead time title tr track tt u ul use var video wbr xml xmp jats:italic jats:bold jats:sup jats:sub jats:title
    inf italic scp mml:math mml:mi mml:mn mml:mo mml:mrow mml:msub mml:msup mml:mtext"""
#: Elements of HTML, MathML and SVG; `p<0.05` and `<italic text` of an ill-made export are text, and stay.
_ELEMENTS = frozenset(_ELEMENTS_WORDS.split())
_SAME_AS = {"italic": "i", "jats:italic": "i", "jats:bold": "b", "jats:sup": "sup", "jats:sub": "sub", "inf": "sub"}

#: Markup that does something, or reaches for something, where it is shown.
_ACTIVE = re.compile(
    r"<\s*/?(?:script|style|iframe|frame|object|embed|applet|svg|form|input|button|link|meta|base|img|image|video|audio|"
    r"template|noscript|[!?])|[\s/]on\w+\s*=|(?:href|src|style|xlink:href)\s*=",
    re.IGNORECASE,
)

Notice = Callable[[str, Severity, str, str], None]


def plain(text: str) -> str:
    """Return `text` without CSL's markup, for comparison and for messages."""
    return " ".join(_TAG.sub("", text).split()) if "<" in text else " ".join(text.split())


def clean(raw: Mapping[str, Any], notice: Notice) -> dict[str, Any]:
    """Return the part of the item `raw` that may reach citeproc.

    `notice(variable, severity, message, remedy)` is called for each thing left out that an author should know of: markup,
    a link that is not http(s), a value of the wrong shape.
    """
    item: dict[str, Any] = {"type": "document"}
    for name, value in raw.items():
        cleaned = _value(name, value, notice)
        if cleaned not in (None, "", [], {}):
            item[name] = cleaned
    return item


def _value(name: str, value: Any, notice: Notice) -> Any:
    if name == "id":
        return str(value)
    if name == "type":
        return value if isinstance(value, str) and value in TYPES else "document"
    if name in NAMES:
        return _names(name, value, notice)
    if name in DATES:
        return _date(name, value, notice)
    if name in TEXTS:
        return _text_value(name, value, notice)
    return None


def _text_value(name: str, value: Any, notice: Notice) -> str | None:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if value is not None:
            notice(name, Severity.ERROR, f"The value of {name} is not text.", "Write it as text in quotation marks.")
        return None
    text = str(value)
    if len(text) > MOST_CHARACTERS:
        remedy = f"Shorten it to at most {MOST_CHARACTERS:,} characters."
        notice(name, Severity.ERROR, f"The field {name} has {len(text):,} characters and is dropped.", remedy)
        return None
    if _HIDDEN.search(text) or forbidden(text):
        message = f"The field {name} contains invisible control characters, which are dropped."
        notice(
            name, Severity.ERROR, message, "Delete them; readers cannot see them, and they can hide text from a check."
        )
        text = "".join(char for char in text if not _HIDDEN.match(char) and not forbidden(char))
    if name == "URL" and not re.match(r"https?://[^\s<>\"]+$", text.strip(), re.IGNORECASE):
        remedy = "Give a full web address that begins with https:// (or http://)."
        if text.strip():
            notice(name, Severity.ERROR, f"This link is not a web address and is dropped: {printable(text)}", remedy)
        return None
    return doi_as_printed(text) if name == "DOI" else _marked_up(name, text, notice)


def _marked_up(name: str, text: str, notice: Notice) -> str:
    """Return `text` with nothing left of markup but CSL's; other elements are taken out, their words stay."""
    if "<" not in text and "-->" not in text and "]]>" not in text:
        return " ".join(text.split())
    removed: list[str] = []

    def keep(found: re.Match[str]) -> str:
        element = (found[1] or "").lower()
        closing = found[0].startswith("</")
        if element in _ALLOWED and not (found[2] or "").strip(" /"):
            return f"<{'/' if closing else ''}{element}>"
        if element == "span":
            span = _SPAN.fullmatch(found[2] or "")
            if closing or span:
                return found[0]
        if element in _SAME_AS:
            return f"<{'/' if closing else ''}{_SAME_AS[element]}>"
        if element and element not in _ELEMENTS and element not in _ALLOWED and element != "span":
            return found[0]
        removed.append(found[0])
        return ""

    result = _TAG.sub(keep, text)
    if removed:
        message = f"The field {name} contains markup that is dropped: {printable(' '.join(removed), 80)}"
        remedy = 'Delete the markup; only <i>, <b>, <sup>, <sub> and <span class="nocase"> are allowed here.'
        active = any(_ACTIVE.search(part) for part in removed)
        notice(name, Severity.ERROR if active else Severity.WARNING, message, remedy)
        if name in {"note", "annote"}:
            return ""
    return " ".join(_closed(result).split())


def _closed(text: str) -> str:
    """Return `text` without span tags that do not pair, which taking others out may leave."""
    opened = len(re.findall(r"<span\b", text))
    return text if opened == text.count("</span>") else re.sub(r"</?span\b[^<>]*>", "", text)


def _names(name: str, value: Any, notice: Notice) -> list[dict[str, Any]]:
    names = []
    for person in value if isinstance(value, list) else [value]:
        if isinstance(person, str):
            person = {"literal": person}
        if not isinstance(person, Mapping):
            notice(
                name,
                Severity.ERROR,
                f"A name in {name} cannot be read.",
                "Give each name as family and given, or as literal.",
            )
            continue
        cleaned: dict[str, Any] = {}
        for part in _NAME_TEXTS:
            text = _text_value(part, person.get(part), notice) if part in person else None
            if text:
                cleaned[part] = text
        cleaned |= {mark: person[mark] for mark in _NAME_MARKS if isinstance(person.get(mark), bool)}
        if any(part in cleaned for part in _NAME_TEXTS):
            names.append(cleaned)
    return names


def _date(name: str, value: Any, notice: Notice) -> dict[str, Any]:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _from_text(str(value))
    if not isinstance(value, Mapping):
        notice(
            name,
            Severity.ERROR,
            f"The date {name} cannot be read.",
            'Write it as {"date-parts": [[2020, 5, 17]]}.',
        )
        return {}
    cleaned: dict[str, Any] = {}
    parts = value.get("date-parts")
    if isinstance(parts, list):
        dates = [_numbers(part) for part in parts[:2]]
        if dates and all(dates):
            cleaned["date-parts"] = dates
        elif parts not in ([], [[]]):
            notice(
                name,
                Severity.ERROR,
                f"The date {name} is not made of numbers.",
                'Write it as {"date-parts": [[2020, 5, 17]]}.',
            )
    for part in ("literal", "raw"):
        if isinstance(value.get(part), str | int) and value[part] != "" and "date-parts" not in cleaned:
            cleaned |= _from_text(str(value[part])) if part == "raw" else {"literal": plain(str(value[part]))}
    if str(value.get("season", "")).isdigit() and int(value["season"]) in _SEASONS:
        cleaned["season"] = int(value["season"])
    if value.get("circa") and cleaned:
        cleaned["circa"] = True
    return cleaned


def _numbers(part: Any) -> list[int]:
    if not isinstance(part, list):
        return []
    numbers: list[int] = []
    for value in part[:3]:
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,5}", str(value).strip()):
            break
        numbers.append(int(value))
    return numbers


_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T[\d:.Z+-]*)?")


def _from_text(text: str) -> dict[str, Any]:
    """Return a date from text: ISO 8601 (a range with "/"), or else the text itself."""
    parts = []
    for half in text.strip().split("/"):
        found = _ISO.fullmatch(half.strip())
        if not found:
            return {"literal": plain(text)} if text.strip() else {}
        parts.append([int(number) for number in found.groups() if number])
    return {"date-parts": parts[:2]}
