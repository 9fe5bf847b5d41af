"""The text of an edition as one clean HTML element: written by pandoc, cleaned by an allow-list, used by all formats.

Nothing that an author wrote is trusted: what pandoc writes goes through nh3 with a closed list of elements and
attributes, and only then are pubkit's own parts, ids and pictures added. Ids and classes that begin with "pubkit-"
belong to pubkit.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary

import nh3
from lxml import etree
from msgspec import Struct

from pubkit.boundary import pandoc
from pubkit.boundary.files import printable, refusal
from pubkit.boundary.xml import Element, fragment
from pubkit.language.labels import direction, labels_for, strong_letters
from pubkit.manuscript.model import Picture
from pubkit.manuscript.rules import SRC032
from pubkit.manuscript.tree import encode
from pubkit.render import tables, upright
from pubkit.render.elements import drop, make, text_of, wrap
from pubkit.render.model import Edition
from pubkit.render.rules import SRC033
from pubkit.render.tree import LIST_MARKS, NOTE, NOTES, has_superscript_citations, prepare
from pubkit.render.unbroken import BROKEN

__all__ = [
    "RESERVED",
    "SIZED",
    "SPACING_ACCENTS",
    "Body",
    "Element",
    "as_html",
    "as_xml",
    "data_address",
    "drop",
    "embedded",
    "make",
    "page_identifier",
    "read_body",
    "set_pictures",
    "text_before",
    "text_of",
    "wrap",
]


RESERVED = "pubkit-"
#: The class of pictures of which the author has given the size.
SIZED = "sized"
_MATHML = "http://www.w3.org/1998/Math/MathML"

_MATH_ELEMENTS = {
    "annotation", "math", "menclose", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext",
    "mtr", "munder", "munderover", "none", "semantics",
}  # fmt: skip
_ELEMENTS = _MATH_ELEMENTS | {
    "a", "abbr", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins",
    "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "wbr",
}  # fmt: skip
_MATH_ATTRIBUTES = {
    "accent", "accentunder", "columnalign", "columnspacing", "columnspan", "depth", "display", "displaystyle", "encoding",
    "fence", "form", "height", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation",
    "rowspacing", "rowspan", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class", "lang", "dir", "title", NOTE, NOTES},
    "span": {"data-entry"},
    "a": {"href", "role"},
    "img": {"src", "alt", "data-width", "data-height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope", "abbr"},
    **{name: set(_MATH_ATTRIBUTES) for name in _MATH_ELEMENTS},
}
#: Combining accents and their spacing forms, as in MathML Core, appendix B.
SPACING_ACCENTS = dict(
    zip("\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u030a\u030c\u20d7", "`´^~¯‾˘˙¨˚ˇ→", strict=True)
)
_SCHEMES = {"http", "https", "mailto", "tel"}
_NOT_IN_NAME = re.compile(r"[^\w.-]+")
#: U+202F, at which lines do not break.
_NARROW_SPACE = "\u202f"
#: Longer than any word of a language; lines break after hyphens, dashes and slashes anyway.
_LONG_WORD = re.compile(r"[^\s/–—-]{32,}")
_INLINE = frozenset({"a", "em", "span", "strong"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Body(Struct, frozen=True):
    """The text of an edition.

    `text` is a div that contains the sections; footnote marks in it are spans with the attribute `data-note`, whose
    value is a key of `notes`, in reading order. `letters` says that notes are marked a, b, c because citations are
    raised numbers.
    """

    text: Element
    notes: dict[str, Element]
    letters: bool

    @property
    def parts(self) -> tuple[Element, ...]:
        """Return the text and each of its notes."""
        return (self.text, *self.notes.values())

    def mark(self, number: int) -> str:
        """Return the mark of the note with this number, counting from 1."""
        if not self.letters:
            return str(number)
        mark = ""
        while number:
            number, letter = divmod(number - 1, 26)
            mark = chr(ord("a") + letter) + mark
        return mark


def read_body(edition: Edition, *, shift: int) -> Body:
    """Return the text of `edition`, its headings moved down by `shift` levels.

    Raises:
        InputRefused: a formula cannot be read, a raw part is left, or a picture is not among the checked ones.
        PandocError: pandoc failed.
    """
    root = fragment(_clean_page(edition))
    upright.keep_source([root], edition.tree.blocks)
    _lower_headings(root, shift)
    unread = next((span for span in root.iter("span") if "math" in (span.get("class") or "").split()), None)
    if unread is not None:
        formula = printable(text_of(unread))
        raise refusal(SRC032, f"This formula cannot be read: {formula}", "Correct its TeX notation.", None)
    notes = _notes_taken_out(root)
    _rename_identifiers(root, notes)
    for part in (root, *notes.values()):
        _check_pictures(part, edition)
    for caption in root.iter("figcaption"):
        if "aria-hidden" in caption.attrib:
            del caption.attrib["aria-hidden"]
    _close_sections_without_names(root)
    _use_spacing_accents(root)
    _set_aligned_large(root)
    _keep_reference_numbers_in_line(root)
    if direction(edition.publication.lang) == "rtl":
        _turn_foreign(root)
    _name_boxes(root)
    for part in (root, *notes.values()):
        _part_marks_from_digits(part)
        _name_list_marks(part)
    tables.mark(root)
    _mark_cells_with_long_words(root)
    return Body(root, notes, has_superscript_citations(edition.tree))


#: The cleaned text of the editions being written, which all formats share.
_PAGES: WeakKeyDictionary[Edition, str] = WeakKeyDictionary()


def _clean_page(edition: Edition) -> str:
    """Return the text of `edition` as HTML with only what is allowed in it; its headings begin at level 1."""
    page = _PAGES.get(edition)
    if page is None:
        tree = prepare(edition.tree, labels_for(edition.publication.lang))
        upright.set_upright(tree.blocks)
        options = ["--mathml", "--section-divs", "--wrap=none"]
        page = _PAGES[edition] = nh3.clean(
            pandoc.convert(encode(tree), "html5", options).decode() if tree.blocks else "",
            tags=set(_ELEMENTS),
            attributes=_ATTRIBUTES,
            attribute_filter=_own_names_only,
            url_schemes=_SCHEMES,
            link_rel=None,
        )
    return page


def _lower_headings(root: Element, shift: int) -> None:
    """Move all headings down by `shift` levels, as far as HTML allows."""
    for heading in list(root.iter(*_HEADINGS)) if shift else ():
        level = min(int(heading.tag[1]) + shift, len(_HEADINGS))
        section = heading.getparent()
        if section is not None and section.tag == "section" and section[0] is heading:
            names = (section.get("class") or "").split()
            section.set(
                "class", " ".join(f"level{level}" if name == f"level{heading.tag[1]}" else name for name in names)
            )
        heading.tag = f"h{level}"


def _own_names_only(_: str, name: str, value: str) -> str | None:
    """Keep reserved ids and classes out of the author's text."""
    if name in {"id", "class"} and RESERVED in value:
        return " ".join(part for part in value.split() if not part.startswith(RESERVED)) or None
    return value


def _notes_taken_out(root: Element) -> dict[str, Element]:
    """Remove the notes from the text and return them in the order in which the text calls them."""
    found = {note.get(NOTE, ""): note for holder in root.findall(f"div[@{NOTES}]") for note in holder}
    for holder in root.findall(f"div[@{NOTES}]"):
        root.remove(holder)
    notes: dict[str, Element] = {}

    def follow(element: Element) -> None:
        for call in element.iterfind(f".//span[@{NOTE}]"):
            key = call.get(NOTE, "")
            if key not in notes and key in found:
                notes[key] = found[key]
                follow(found[key])

    follow(root)
    return notes


def page_identifier(identifier: str) -> str:
    """Return the name by which pages know what the manuscript calls `identifier`; XML accepts it."""
    name = _NOT_IN_NAME.sub("-", identifier).strip("-") or "part"
    return name if name[0].isalpha() or name[0] == "_" else f"id-{name}"


def _rename_identifiers(root: Element, notes: dict[str, Element]) -> None:
    """Make every id a unique name that XML accepts, and adjust the links."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    parts = [root, *notes.values()]
    for part in parts:
        for element in part.iterfind(".//*[@id]"):
            old = element.get("id", "")
            name = page_identifier(old)
            unique, count = name, 2
            while unique in taken:
                unique, count = f"{name}-{count}", count + 1
            taken.add(unique)
            names.setdefault(old, unique)
            element.set("id", unique)
    for part in parts:
        for link in part.iterfind(".//a[@href]"):
            target = link.get("href", "")
            name = names.get(target[1:], "") if target.startswith("#") else ""
            if name:
                link.set("href", f"#{name}")
            elif target.partition(":")[0].lower() not in _SCHEMES:
                _unlink(link)


def _unlink(link: Element) -> None:
    """Keep only the words of a link without a target: to an id that does not exist, or a file beside the manuscript."""
    for name in ("href", "role"):
        if name in link.attrib:
            del link.attrib[name]
    link.tag = "span"


def _check_pictures(root: Element, edition: Edition) -> None:
    for image in root.iter("img"):
        target = image.get("src", "")
        if target not in edition.pictures:
            raise refusal(
                SRC033,
                (f"A picture was not checked before rendering: {printable(target)}"),
                "Refer to the picture by its path.",
                None,
            )
        _set_size(image, edition.pictures[target])
        if "alt" not in image.attrib:
            image.set("alt", "")


def _set_size(image: Element, picture: Picture) -> None:
    """Give a picture the size that its author wants in pixels, in its own proportions; else that of its file."""
    wanted = {name: int(image.attrib.pop(f"data-{name}", "0")) for name in ("width", "height")}
    width, height = picture.width, picture.height
    if wanted["width"]:
        width, height = wanted["width"], round(wanted["width"] * picture.height / picture.width)
    elif wanted["height"]:
        width, height = round(wanted["height"] * picture.width / picture.height), wanted["height"]
    image.set("width", str(max(1, width)))
    image.set("height", str(max(1, height)))
    if any(wanted.values()):
        image.set("class", f"{image.get('class') or ''} {SIZED}".strip())


def _close_sections_without_names(root: Element) -> None:
    """Make a section without a heading a div, because screen readers list sections by heading."""
    for section in list(root.iter("section")):
        heading = section[0] if len(section) and section[0].tag in _HEADINGS else None
        if heading is None:
            section.tag = "div"


def _name_boxes(root: Element) -> None:
    """Mark boxes for screen readers as notes, each with its title as its name."""
    for part in root.iter("div"):
        if "callout" in (part.get("class") or "").split() and len(part):
            part.set("role", "note")
            part.set("aria-label", "".join(map(str, part[0].itertext())).strip())


def _name_list_marks(root: Element) -> None:
    """Give a list the classes of its marks, and remove the division that carried them through the HTML writer."""
    for holder in list(root.iter("div")):
        names, around = (holder.get("class") or "").split(), holder.getparent()
        if around is not None and LIST_MARKS.intersection(names) and [child.tag for child in holder] == ["ol"]:
            items = holder[0]
            items.set("class", " ".join(names))
            items.tail = holder.tail
            around.replace(holder, items)


def _keep_reference_numbers_in_line(root: Element) -> None:
    """Put the number of a reference and its text on one line; the writer makes a block of each."""
    for part in list(root.iter("div")):
        names = (part.get("class") or "").split()
        if "csl-left-margin" in names or "csl-right-inline" in names:
            part.tag = "span"
            part.tail = None
            if "csl-left-margin" in names:
                _mark_numbered(part)


def _turn_foreign(root: Element) -> None:
    """Set each reference in the direction of its first word, and each paragraph that is all in Latin letters from the left.

    In a right-to-left text, most references are in English.
    """
    for entry in root.iter("div", "li", "p"):
        is_reference = "reference" in (entry.get("class") or "").split()
        text = text_of(entry) if is_reference or entry.tag == "p" else ""
        strong = strong_letters(text)
        if (is_reference and "rtl" not in strong[:1]) or (" " in text.strip() and set(strong) == {"ltr"}):
            entry.set("dir", "ltr")


def _mark_numbered(number: Element) -> None:
    """Mark the entry after `number`, so that the style sheets can hang its text beside the number."""
    entry = number.getparent()
    if entry is None:
        return
    entry.set("class", f"{entry.get('class') or ''} numbered".strip())
    for empty in [part for part in entry.iterchildren("p") if not len(part) and not (part.text or "").strip()]:
        drop(empty)


def _part_marks_from_digits(root: Element) -> None:
    """Put a narrow space between a digit and the raised number after it, which would read as one ("Figure 1¹")."""
    for mark in root.iter("span"):
        raised = (
            "citation" in (mark.get("class") or "").split() and len(mark) and mark[0].tag == "sup" and not mark.text
        )
        if raised and text_before(mark)[-1:].isdigit():
            mark[0].text = _NARROW_SPACE + (mark[0].text or "")


def text_before(element: Element) -> str:
    """Return the text before `element` on its line; "" if the element begins the line."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        return str(before.tail or "".join(map(str, before.itertext())))
    if parent is None:
        return ""
    return str(parent.text or "") or (text_before(parent) if parent.tag in _INLINE else "")


def _mark_cells_with_long_words(root: Element) -> None:
    """Mark cells with a word, such as a sequence or a checksum, that may have to be broken for its table to fit."""
    for cell in root.iter("td", "th"):
        if _LONG_WORD.search("".join(map(str, cell.itertext()))):
            cell.set("class", f"{BROKEN} {cell.get('class') or ''}".strip())


def _set_aligned_large(root: Element) -> None:
    """Give formulas that are aligned below each other the size of displayed ones, as TeX does; matrices stay small."""
    for table in root.iter("mtable"):
        if any(cell.get("columnalign") == "right" for cell in table.iter("mtd")):
            table.set("displaystyle", "true")


def _use_spacing_accents(root: Element) -> None:
    """Write accents over formulas as spacing characters: a combining one would join the markup before it."""
    for operator in root.iter("mo"):
        if operator.text in SPACING_ACCENTS:
            operator.text = SPACING_ACCENTS[operator.text]


def data_address(media_type: str, data: bytes) -> str:
    """Return `data` itself as an address, so that nothing is loaded."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def embedded(picture: Picture) -> str:
    """Return the picture itself as an address, so that nothing is loaded."""
    return data_address(picture.media_type, picture.data)


def set_pictures(parts: Iterable[Element], edition: Edition, target: Callable[[Picture], str]) -> None:
    """Point every picture in `parts` at what `target` returns for it."""
    for part in parts:
        for image in part.iter("img"):
            name = image.get("src", "")
            if name in edition.pictures:
                image.set("src", target(edition.pictures[name]))


def as_html(element: Element) -> str:
    """Return the contents of `element` in HTML syntax."""
    return _inside(element, "html")


def as_xml(element: Element) -> str:
    """Return the contents of `element` in XML syntax, with MathML in its namespace."""
    for formula in element.iter("math"):
        formula.set("xmlns", _MATHML)
    return _inside(element, "xml")


def _inside(element: Element, method: str) -> str:
    parts = [etree.tostring(child, method=method, encoding="unicode") for child in element]
    start = make("span", element.text or "")
    text: str = etree.tostring(start, method=method, encoding="unicode").removeprefix("<span>").removesuffix("</span>")
    return ("" if text == "<span/>" else text) + "".join(parts)
