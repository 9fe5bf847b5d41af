"""Footnotes: their marks in the text, their place, and the links back."""

from __future__ import annotations

from pubkit.language.labels import Labels
from pubkit.render.body import Body, Element, make
from pubkit.render.tree import NOTE

__all__ = ["call_identifier", "calls", "link_calls", "note_identifier", "place_before_references", "with_way_back"]


def call_identifier(number: int) -> str:
    """Return the id of the mark that calls note `number`."""
    return f"pubkit-call-{number}"


def note_identifier(number: int) -> str:
    """Return the id of note `number`."""
    return f"pubkit-note-{number}"


def calls(root: Element) -> list[Element]:
    """Return the footnote marks below `root`, in reading order."""
    return root.findall(f".//span[@{NOTE}]")


def link_calls(body: Body) -> None:
    """Make every footnote mark a raised link to its note."""
    numbers = {key: number for number, key in enumerate(body.notes, 1)}
    for part in (body.text, *body.notes.values()):
        for call in calls(part):
            number = numbers[call.get(NOTE, "")]
            del call.attrib[NOTE]
            mark = body.mark(number)
            call.tag, call.text = "sup", None
            call.set("class", "note-call")
            link = make("a", mark, id=call_identifier(number), href=f"#{note_identifier(number)}", role="doc-noteref")
            call.append(link)


def with_way_back(note: Element, target: str, labels: Labels) -> list[Element]:
    """Return the blocks of a note, the last of which ends in a link back to its mark."""
    back = make("a", labels["back"], href=target, role="doc-backlink", class_="note-back")
    blocks = list(note)
    if blocks and blocks[-1].tag == "p":
        last = blocks[-1]
        if len(last):
            last[-1].tail = (last[-1].tail or "") + " "
        else:
            last.text = (last.text or "") + " "
        last.append(back)
        return blocks
    return [*blocks, make("p", back)]


def place_before_references(root: Element, section: Element) -> None:
    """Put `section` before the reference list's section, or at the end if there is none."""
    for place in root:
        if place.get("id") == "refs" or place.find('.//*[@id="refs"]') is not None:
            place.addprevious(section)
            return
    root.append(section)
