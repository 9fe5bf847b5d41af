"""Check CSL items: only known variables, known shapes and CSL's own markup reach citeproc.

Source: CSL 1.0.2 specification, appendix III (types), and the CSL-JSON schema (names, dates, rich text).
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import structs

from pubkit.boundary.addresses import linkable
from pubkit.boundary.files import printable
from pubkit.boundary.text import forbidden
from pubkit.expressions import expression
from pubkit.findings import Severity
from pubkit.language.formulas import CSL, as_text
from pubkit.references.bibliography.exports import address_as_meant, doi_as_meant
from pubkit.references.item import DATES, NAMES, TEXTS, Date, Item, Name

__all__ = ["TYPES", "Notice", "cleaned", "plain", "read_item"]

_TYPES_WORDS = """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage"""
TYPES = frozenset(_TYPES_WORDS.split())

_NAME_TEXTS = {field.name: field.encode_name for field in structs.fields(Name) if field.type is str}
_NAME_MARKS = {field.name: field.encode_name for field in structs.fields(Name) if field.type is not str}
#: The longest text of one field; abstracts have a tenth of it.
MOST_CHARACTERS = 50_000
#: What JSON and YAML can write with escapes although a source file may not contain it.
_HIDDEN = expression("[\ud800-\udfff\x00]")
_DATE_REMEDY = 'Write it as {"date-parts": [[2020, 5, 17]]}.'
_SEASONS = {"1": 1, "2": 2, "3": 3, "4": 4}
_SEASON_WORDS = {"spring": "1", "summer": "2", "autumn": "3", "fall": "3", "winter": "4"}

_TAG = expression(r"</?([A-Za-z][A-Za-z0-9:-]*)((?:\s[^<>]*|/)?)>|<!--|-->|<!\[CDATA\[|\]\]>|<[!?][A-Za-z][^<>]*>")
#: A blank belongs to an address only if a file's name follows.
_WEB_ADDRESS = expression(r"https?:\S+(( \S+)* \S+\.(pdf|docx?|xlsx?|pptx?|html?|csv|zip))?", re.IGNORECASE)
_ALLOWED = frozenset({"i", "b", "em", "strong", "sup", "sub", "sc"})
_SPAN = expression(
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
#: Elements of HTML, MathML and SVG; `p<0.05` and `<italic text` in a faulty export are text and are kept.
_ELEMENTS = frozenset(_ELEMENTS_WORDS.split())
_SAME_AS = {
    "italic": "i",
    "jats:italic": "i",
    "jats:bold": "b",
    "jats:sup": "sup",
    "jats:sub": "sub",
    "inf": "sub",
    "scp": "sc",
}

#: Markup that runs or loads something where it is shown.
_ACTIVE = expression(
    r"<\s*/?(?:script|style|iframe|frame|object|embed|applet|svg|form|input|button|link|meta|base|img|image|video|audio|"
    r"template|noscript|[!?])|[\s/]on\w+\s*=|(?:href|src|style|xlink:href)\s*=",
    re.IGNORECASE,
)

Notice = Callable[[str, Severity, str, str], None]


def plain(text: str) -> str:
    """Return `text` without CSL's markup, for comparison and for messages."""
    return " ".join(_TAG.sub("", text).split()) if "<" in text else " ".join(text.split())


def read_item(raw: Mapping[str, Any], key: str, notice: Notice) -> Item:
    """Read the item of `key` from a CSL-JSON object, as a file or a program gives it.

    Args:
        raw: the object; values of any shape.
        key: the citation key, which becomes the item's id.
        notice: called as `notice(variable, severity, message, remedy)` for each omission that an author should know
            about: markup, a link that is not http(s), a value of the wrong shape. Variables that CSL does not know are
            omitted without it; `Entry.fields` has them.
    """
    values: dict[str, Any] = {}
    of_link = _of_link(notice, raw.get("URL", ""), raw.get("DOI") or raw.get("container-title"))
    for name, value in raw.items():
        if name in TEXTS:
            values[TEXTS[name]] = _text_value(name, value, of_link if name == "URL" else notice)
        elif name in NAMES:
            values[NAMES[name]] = _names(name, value, notice)
        elif name in DATES:
            values[DATES[name]] = _date(name, value, notice)
    return Item(id=key, type=_known_type(raw.get("type")), **values)


def cleaned(item: Item, notice: Notice) -> Item:
    """Clean an item that was made from the fields of a file, as `read_item` cleans what it reads."""
    values: dict[str, Any] = {"type": _known_type(item.type)}
    of_link = _of_link(notice, item.url, item.doi or item.container_title)
    for name, attribute in TEXTS.items():
        if text := getattr(item, attribute):
            values[attribute] = _text(name, text, of_link if name == "URL" else notice)
    for attribute in NAMES.values():
        if people := getattr(item, attribute):
            values[attribute] = tuple(filter(None, (_clean_name(person, notice) for person in people)))
    for name, attribute in DATES.items():
        if (date := getattr(item, attribute)) and date.literal:
            values[attribute] = structs.replace(date, literal=plain(_text(name, date.literal, notice))) or None
    return structs.replace(item, **values)


def _of_link(notice: Notice, url: object, named: object) -> Notice:
    """Return `notice` for a link, milder if only a database can follow it and a DOI or a journal identifies the work."""
    has_scheme = re.match(r"\s*\w+:(?!//)", str(url))
    return _milder(notice) if named and not has_scheme else notice


def _milder(notice: Notice) -> Notice:
    """Return `notice` with a warning for each error."""

    def warn(variable: str, severity: Severity, message: str, remedy: str) -> None:
        notice(variable, Severity.WARNING if severity is Severity.ERROR else severity, message, remedy)

    return warn


def _known_type(value: object) -> str:
    return value if isinstance(value, str) and value in TYPES else "document"


def _text_value(name: str, value: object, notice: Notice) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if value is not None:
            notice(name, Severity.ERROR, f"The value of {name} is not text.", "Write it as text in quotes.")
        return ""
    return _text(name, str(value), notice)


def _text(name: str, text: str, notice: Notice) -> str:
    if len(text) > MOST_CHARACTERS:
        remedy = f"Shorten it to at most {MOST_CHARACTERS:,} characters."
        notice(name, Severity.ERROR, f"The field {name} has {len(text):,} characters and is left out.", remedy)
        return ""
    if _HIDDEN.search(text) or forbidden(text):
        message = f"The field {name} contains invisible control characters, which are dropped."
        notice(
            name, Severity.ERROR, message, "Delete them; readers cannot see them, and they can hide text from a check."
        )
        text = "".join(char for char in text if not _HIDDEN.match(char) and not forbidden(char))
        while code := forbidden(text):  # marks, of which each alone is accepted
            text = text.replace(chr(int(code[2:], 16)), "")
    if name == "URL":
        return _address(text, notice)
    if name == "DOI":
        return doi_as_meant(text)
    return _marked_up(name, as_text(_ENTITY.sub(lambda found: html.unescape(found[0]), text), CSL), notice)


#: A character as HTML names it, which exporters leave in titles: R&amp;D, p&lt;0.05.
_ENTITY = expression(r"&(?:#\d{1,6}|#x[\da-fA-F]{1,5}|[A-Za-z]{2,8});")


def _address(text: str, notice: Notice) -> str:
    """Return a web address as it is written; "" and a notice if nobody can open it."""
    address = address_as_meant(text).strip()
    if _WEB_ADDRESS.fullmatch(address) and linkable(address):
        return address
    if address:
        remedy = "Give a full web address that begins with https:// (or http://)."
        message = f"This link is not a web address and is left out: {printable(address)}"
        notice("URL", Severity.ERROR, message, remedy)
    return ""


def _marked_up(name: str, text: str, notice: Notice) -> str:
    """Return `text` without any markup but CSL's; the words of other elements are kept."""
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
    if removed and (name != "abstract" or any(_ACTIVE.search(part) for part in removed)):
        message = f"The field {name} contains markup that is dropped: {printable(' '.join(removed), 80)}"
        remedy = 'Delete the markup; only <i>, <b>, <sup>, <sub> and <span class="nocase"> are allowed here.'
        active = any(_ACTIVE.search(part) for part in removed)
        notice(name, Severity.ERROR if active else Severity.WARNING, message, remedy)
        if name in {"note", "annote"}:
            return ""
    return " ".join(_closed(result).split())


def _closed(text: str) -> str:
    """Return `text` without unpaired span tags, which removing others may leave."""
    opened = len(re.findall(r"<span\b", text))
    return text if opened == text.count("</span>") else re.sub(r"</?span\b[^<>]*>", "", text)


def _names(name: str, value: object, notice: Notice) -> tuple[Name, ...]:
    people: list[Name] = []
    for person in value if isinstance(value, list) else [value]:
        if isinstance(person, str):
            people.append(Name(literal=_text("literal", person, notice)))
        elif isinstance(person, Mapping):
            people.append(_name(person, notice))
        else:
            message = f"A name in {name} cannot be read."
            notice(name, Severity.ERROR, message, "Give each name as family and given, or literal.")
    return tuple(filter(None, people))


def _name(person: Mapping[str, Any], notice: Notice) -> Name:
    parts: dict[str, Any] = {
        part: _text_value(name, person[name], notice) for part, name in _NAME_TEXTS.items() if name in person
    }
    marks = {mark: person[name] for mark, name in _NAME_MARKS.items() if isinstance(person.get(name), bool)}
    return Name(**parts, **marks)


def _clean_name(person: Name, notice: Notice) -> Name:
    texts = {part: _text(name, text, notice) for part, name in _NAME_TEXTS.items() if (text := getattr(person, part))}
    return structs.replace(person, **texts)


def _date(name: str, value: object, notice: Notice) -> Date | None:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _from_text(name, str(value), notice) or None
    value = _in_parts(value)
    if not isinstance(value, Mapping):
        notice(name, Severity.ERROR, f"The date {name} cannot be read.", _DATE_REMEDY)
        return None
    date = _in_numbers(name, value.get("date-parts"), notice)
    for part in ("literal", "raw"):
        if isinstance(value.get(part), str | int) and value[part] != "" and not date.date_parts:
            read = _from_text if part == "raw" else _in_words
            date = read(name, str(value[part]), notice)
    season = str(value.get("season", "")).casefold()
    season = _SEASON_WORDS.get(season, season)
    if season in _SEASONS:
        date = structs.replace(date, season=_SEASONS[season])
    return structs.replace(date, circa=bool(value.get("circa"))) if date else None


def _in_parts(value: object) -> object:
    """Return a date in the YAML of pandoc and Better BibTeX, `- year: 2020`, `  month: 5`, with date-parts; else `value`."""
    listed: list[object] = value if isinstance(value, list) else [value]
    days = [day for day in listed if isinstance(day, Mapping)]
    if not days or len(days) < len(listed) or not all("year" in day for day in days):
        return days[0] if days and len(listed) == 1 else value  # `- literal: Spring 2020`
    parts = [[day[part] for part in itertools.takewhile(day.__contains__, ("year", "month", "day"))] for day in days]
    return {"date-parts": parts, "season": days[0].get("season", ""), "circa": days[0].get("circa", False)}


def _in_numbers(name: str, parts: object, notice: Notice) -> Date:
    dates = [_numbers(part) for part in parts[:2]] if isinstance(parts, list) else []
    if dates and all(dates):
        return Date(tuple(dates))
    if isinstance(parts, list) and parts not in ([], [[]]):
        notice(name, Severity.ERROR, f"The date {name} is not made of numbers.", _DATE_REMEDY)
    return Date()


def _numbers(part: object) -> tuple[int, ...]:
    if not isinstance(part, list):
        return ()
    numbers: list[int] = []
    for value in part[:3]:
        written = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,5}", written):
            break
        numbers.append(int(written))
    return tuple(numbers)


_ISO = expression(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T[\d:.Z+-]*)?")


def _in_words(name: str, text: str, notice: Notice) -> Date:
    return Date(literal=plain(_text(name, text, notice)))


def _from_text(name: str, text: str, notice: Notice) -> Date:
    """Return the date in a text: ISO 8601 (a range with "/"), or else the text itself."""
    parts: list[tuple[int, ...]] = []
    for half in text.strip().split("/"):
        found = _ISO.fullmatch(half.strip())
        if not found:
            return _in_words(name, text, notice)
        parts.append(tuple(int(number) for number in found.groups() if number))
    return Date(tuple(parts[:2]))
