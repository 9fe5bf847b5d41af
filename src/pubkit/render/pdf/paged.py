"""The text rearranged for WeasyPrint, using public means only, so that its output is tagged as PDF/UA requires.

WeasyPrint 70 takes the structure tree from the elements. Those that would give a tree that PDF/UA-1 forbids are changed
here: a list item that contains blocks, markup inside a link, a picture without alternative text.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Container

from lxml import etree

from pubkit.language.labels import Labels
from pubkit.render import unbroken
from pubkit.render.body import Body, Element, make, text_of, wrap
from pubkit.render.headings import Contents, label
from pubkit.render.notes import call_identifier, calls, note_identifier
from pubkit.render.together import NO_BREAK
from pubkit.render.tree import NOTE

__all__ = ["arrange", "contents_entries", "name_headings", "running_title"]

_ITEM_BLOCKS = {"blockquote", "div", "dl", "figure", "p", "pre", "table"}
_NOTE_BLOCKS = (
    "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "hr", "li", "ol", "p", "pre", "section",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
)  # fmt: skip
#: The letters of the longest running head of a chapter; those of the line, and of the number of a table that goes on, which
#: in a book is at the other side of it.
_RUNNING_LENGTH, _RUNNING_LINE, _CONTINUED = 38, 88, 28
_ALONE = _RUNNING_LINE - _CONTINUED
#: Code of fewer lines than this is on one page.
_FEW_LINES = 12


def arrange(body: Body, labels: Labels, language: str, *, alone: bool) -> None:
    """Rearrange the text of `body`, in `language`, in place, after its headings have been named (`name_headings`).

    `labels` has the word for a table that continues; for `alone` see `name_headings`.
    """
    _mark_decoration(body.text)
    _place_notes(body)
    _push_links_inward(body.text)
    _hold_items(body.text)
    _number_lists(body.text)
    _hold_tables(body.text)
    _hold_short_code(body.text)
    _name_continuations(body.text, labels, alone=alone)
    unbroken.keep_numbers(body.text, language)
    unbroken.keep_citations(body.text, language)
    unbroken.keep_marks(body.text, language)
    unbroken.part_long_words(body.text)
    _hold_pictures_in_cells(body)


def _place_notes(body: Body) -> None:
    """Put each note where it is called, after a link to it; the style sheet floats it to the foot of the page.

    The mark is a link of our own, because that of the style sheet ("::footnote-call") is no link for a reader. An HTML
    parser ends a paragraph where a block begins, so the blocks of a note become spans, which the style sheet shows as
    the blocks they were ("note-p", "note-ul").
    """
    numbers = {key: number for number, key in enumerate(body.notes, 1)}
    for part in (*body.notes.values(), body.text):
        for call in calls(part):
            key = call.get(NOTE, "")
            note, number = body.notes[key], numbers[key]
            del call.attrib[NOTE]
            call.text = None
            call.set("class", "footnote")
            _mark(call, body.mark(number), number)
            for block in list(note):
                block.tail = None
                for element in (block, *block.iterdescendants(*_NOTE_BLOCKS)):
                    element.set("class", f"note-{element.tag} {element.get('class') or ''}".strip())
                    element.tag = "span"
                    _drop_white_space(element)
                call.append(block)


def _mark(call: Element, mark: str, number: int) -> None:
    """Put the raised mark before the note `call`, and the same mark at its beginning, each a link to the other."""
    call.set("id", note_identifier(number))
    linked = next(call.iterancestors("a"), None) is None
    raised = make("a" if linked else "span", mark, id=call_identifier(number), class_="note-call")
    if linked:
        raised.set("href", f"#{note_identifier(number)}")
    call.addprevious(raised)
    back = make("a", mark, href=f"#{call_identifier(number)}", class_="note-mark")
    back.tail = "\u2002"
    call.insert(0, back)


def _drop_white_space(element: Element) -> None:
    """Drop the line ends between blocks, which would print as empty lines between spans."""
    if "note-pre" not in element.get("class", ""):
        element.text = element.text if element.text and element.text.strip() else None
        for child in element:
            if child.tail and not child.tail.strip() and child.tag in {"span", *_NOTE_BLOCKS}:
                child.tail = None


def _push_links_inward(root: Element) -> None:
    """Put the markup inside a link around it, piece by piece, because only an element that is a link is tagged as one."""
    for link in list(root.iter("a")):
        if link.get("href") and len(link):
            _push_inward(link)


def _push_inward(link: Element) -> None:
    """Replace a link that contains elements by those elements, each piece of text in them a link of its own."""
    attributes = {name: value for name, value in link.attrib.items() if name != "id"}

    def piece(text: str | None) -> Element | None:
        if not text:
            return None
        part = make("a", text)
        part.attrib.update(attributes)
        return part

    def linked(element: Element) -> None:
        tails = [(child, child.tail) for child in element]
        first, element.text = piece(element.text), None
        for child, tail in tails:
            child.tail = None
            linked(child)
            if (after := piece(tail)) is not None:
                child.addnext(after)
        if first is not None:
            element.insert(0, first)

    linked(link)
    link.tag = "span"
    for name in attributes:
        del link.attrib[name]


def _hold_items(root: Element) -> None:
    """Wrap the blocks of a list item in the element that WeasyPrint tags as the item's body (LBody)."""
    for item in root.iter("li"):
        if any(child.tag in _ITEM_BLOCKS for child in item):
            holder = make("dd", *item, class_="item")
            holder.text, item.text = item.text, None
            item.append(holder)


def _number_lists(root: Element) -> None:
    """Say where a list starts in the form that WeasyPrint reads: a counter."""
    for ordered in root.iter("ol"):
        start = ordered.get("start") or "1"
        if start.lstrip("-").isdigit() and start != "1":
            ordered.set("style", f"counter-reset: list-item {int(start) - 1}")


def _hold_tables(root: Element) -> None:
    """Wrap a table with its notes, and one that may have to be turned sideways, so that they move as one."""
    for table in list(root.iter("table")):
        following = table.getnext()
        notes = following if following is not None and "table-notes" in (following.get("class") or "").split() else None
        is_wide = "very-wide" in (table.get("class") or "").split()
        if is_wide or notes is not None:
            wrap(table, holder := make("div", class_="turnable" if is_wide else "annotated"))
            if notes is not None:
                holder.tail, notes.tail = notes.tail, None
                holder.append(notes)


def _hold_short_code(root: Element) -> None:
    """Keep code of a few lines on one page."""
    for code in root.iter("pre"):
        if "".join(map(str, code.itertext())).count("\n") < _FEW_LINES:
            code.set("class", f"{code.get('class') or ''} kept".strip())


def _name_continuations(root: Element, labels: Labels, *, alone: bool) -> None:
    """Give each numbered table the words for the head of a page on which it continues.

    In a book, whose running heads are `alone` on their pages, these words are beside them; otherwise they are in the place
    of the chapter's, which follows again at the table's last row.
    """
    for table in root.iter("table"):
        caption, rows = table.find("caption"), table.findall("tbody/tr")
        numbers = caption.iterfind(".//span[@class='caption-number']") if caption is not None else ()
        number = next((text_of(part) for part in numbers), "").rstrip(".")
        if number and len(rows) > 1:
            rows[0].set("data-continued", f"{number} {labels['continued']}")
            rows[-1].set("data-continued", "" if alone else _chapter_head(table))


def _chapter_head(element: Element) -> str:
    """Return the running head of the chapter in which `element` is."""
    headings = (heading for section in element.iterancestors("section") for heading in section.findall("h2"))
    return next(filter(None, (heading.get("data-running", "") for heading in headings)), "")


def _hold_pictures_in_cells(body: Body) -> None:
    """Limit each picture in a cell to the cell's share of the line, because a column grows to hold its pictures."""
    for part in body.parts:
        for table in part.iter("table"):
            columns = max((sum(int(cell.get("colspan") or 1) for cell in row) for row in table.iter("tr")), default=1)
            for cell in table.iter("td", "th"):
                share = int(cell.get("colspan") or 1) / max(1, columns)
                for image in cell.iter("img"):
                    limit = f"max-width: calc(var(--measure) * {share:.3f} - 1.2em)"
                    image.set("style", "; ".join(filter(None, (image.get("style"), limit))))


def name_headings(root: Element, *, alone: bool) -> None:
    """Give each heading the words of its bookmark, and that of a chapter those of its running head, on one line.

    `alone` says that the running head of a chapter is on another page than that of the title, as in a book.
    """
    for heading in root.iter("h2", "h3", "h4", "h5", "h6"):
        heading.set("data-label", label(heading))
        if heading.tag == "h2":
            heading.set(
                "data-running", _running_head(heading.get("data-label", ""), _ALONE if alone else _RUNNING_LENGTH)
            )


def running_title(title: str, root: Element, last: str, *, alone: bool) -> str:
    """Return `title` as a running head, which on the same line as that of a chapter has the room that those leave.

    The headings of `root` have theirs (`name_headings`), and its tables the words for a page that continues them, which are
    in the same place; `last` is that of the imprint.
    """
    if alone:
        return _running_head(title, _ALONE)
    names = [last, *(heading.get("data-running", "") for heading in root.iter("h2"))]
    names += [row.get("data-continued", "") for row in root.iterfind(".//*[@data-continued]")]
    return _running_head(title, max(_RUNNING_LENGTH, _RUNNING_LINE - max(map(_half_widths, names))))


def _running_head(title: str, most: int) -> str:
    """Return `title`, cut at a word, or a sign of Chinese or Japanese, if it is longer than `most` letters."""
    words = " ".join(title.split())
    ends = [*itertools.accumulate(map(_half_widths, words))]
    room = sum(end <= most for end in ends)
    if room == len(words):
        return words
    start = words[:room] if ends[room] - ends[room - 1] > 1 else words[: room + 1].rpartition(" ")[0] or words[:room]
    return f"{start.rstrip(' ,:;–—')}{NO_BREAK}…"


def _half_widths(text: str) -> int:
    """Return the letters of `text`; a sign of Chinese or Japanese is as wide as two."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _mark_decoration(root: Element) -> None:
    """Print pictures without alternative text as backgrounds, which tagged PDF leaves out of the reading order."""
    for image in list(root.iter("img")):
        if not image.get("alt"):
            width, height = int(image.get("width", "1")), int(image.get("height", "1"))
            ground = make(
                "span", style=f"background-image:url({image.get('src')});padding-top:{100 * height / width:.2f}%"
            )
            holder = make("span", class_=f"decoration {image.get('class') or ''}".strip())
            if "width-" not in holder.get("class", ""):
                holder.set("style", f"width:{width}px")
            wrap(image, holder)
            holder.replace(image, ground)


def contents_entries(lines: tuple[Contents, ...], roman: Container[str] = ()) -> str:
    """Return the contents as a nested list; each entry names its target again, for the page number.

    `roman` are the ids on pages with Roman numbers.
    """
    return etree.tostring(_entries(lines, roman), method="html", encoding="unicode") if lines else ""


def _entries(lines: tuple[Contents, ...], roman: Container[str]) -> Element:
    items = []
    for line in lines:
        link = make("a", href=f"#{line.identifier}")
        link.text = line.title.text
        link.extend(list(line.title))
        classes = ("entry", line.kind, "roman" if line.identifier in roman else "")
        entry = make("span", link, class_=" ".join(filter(None, classes)), data__target=f"#{line.identifier}")
        if len(link):
            _push_inward(link)
        items.append(make("li", entry, *([_entries(line.parts, roman)] if line.parts else [])))
    return make("ul", *items)
