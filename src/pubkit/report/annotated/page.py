"""The annotated page: the publication as its readers will see it, with each finding beside its sentence.

One HTML file without a script and without a request, so that it can be sent, printed and kept. It is the finished web
page with marks in its text and notes beside it; if there is no such page, because the text cannot be read, the lines of
the source stand in its place. Jinja escapes everything that comes from a manuscript.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources

import jinja2
from lxml import etree
from markupsafe import Markup

from pubkit.boundary.xml import Element, fragment, page
from pubkit.findings import Finding
from pubkit.render.elements import make, text_of, wrap
from pubkit.render.front import trusted
from pubkit.render.templates import template
from pubkit.report.annotated.notes import MOST, Note, Reference, numbered, references
from pubkit.report.annotated.places import Places
from pubkit.report.annotated.printed import Printed
from pubkit.report.annotated.raw import passages
from pubkit.report.annotated.words import Run
from pubkit.report.model import Sheet, judgement
from pubkit.report.sources import Sources

__all__ = ["write"]

#: What is shown unless its box is unticked, and what is shown only if it is ticked.
_FILTERS = {"error": "errors", "warning": "warnings", "note": "notes", "waived": "waived", "baseline": "accepted"}
_SHOWN = frozenset({"error", "warning"})
#: Elements that hold blocks: what lies directly in one of them has its notes beside it.
_HOLDERS = frozenset({"front", "text", "title-block", "page"})
#: So many notes without a place on the page are shown at once.
_FEW = 6
_LISTS = frozenset({"ul", "ol", "dl"})


def write(sheet: Sheet, printed: Printed | None, *, target: str = ".", live: bool = False) -> str:
    """Return the page as HTML.

    Args:
        sheet: the findings, and how they are shown.
        printed: the web page of the same text; None if it could not be made.
        target: the publication as the command line names it, for the commands that are shown.
        live: it is part of a preview, which shows the result above the page.
    """
    sources = Sources(sheet.root) if sheet.root else None
    if printed is None:
        notes = numbered(sheet, None, sources, target)
        shown = passages(notes, sources) if sources else ()
        beside = {note.identifier for passage in shown for line in passage.lines for note in line.notes}
        values = _values(sheet, [note for note in notes if note.identifier not in beside], {}, live)
        return _template().render(values, passages=shown, style=trusted(_style()), whole=True).lstrip()
    root = page(printed.html)
    _reserve(root)
    places = Places(root, printed)
    notes = numbered(sheet, places, sources, target)
    known = references(sheet.report.verdicts)
    _mark(places, notes)
    _put_beside([note for note in notes if note.spot])
    _tell_of_references(root, places, known)
    _dress(root, _template().render(_values(sheet, notes, known, live), passages=(), style="", whole=False), live=live)
    return etree.tostring(root, method="html", encoding="unicode", doctype="<!DOCTYPE html>")


def _values(sheet: Sheet, notes: Sequence[Note], known: Mapping[str, Reference], live: bool) -> dict[str, object]:
    """Return what the template prints: the result, the filters, and the notes without a place on the page."""
    counts = Counter(finding.standing for finding in sheet.findings)
    kinds = Counter(one.kind for one in known.values())
    first = next((note for note in notes if note.spot), None)
    said = sheet.error and not any(sheet.error.endswith(one.message) for one in sheet.findings)
    return {
        "sheet": sheet,
        "judgement": judgement(sheet),
        "filters": [(kind, name, counts[kind], kind in _SHOWN) for kind, name in _FILTERS.items() if counts[kind]],
        "unplaced": sorted((note for note in notes if not note.spot), key=_gravity),
        "few": _FEW,
        "first": first,
        "rules": Counter(_counted(sheet.findings)).most_common(),
        "error": sheet.error if said else "",
        "left_out": max(0, len(sheet.findings) - MOST),
        "known": (kinds["good"], kinds["unsettled"], kinds["bad"]) if known else None,
        "live": live,
    }


def _gravity(note: Note) -> tuple[bool, int]:
    """Sort what counts before what was accepted, and errors first."""
    return note.standing != note.finding.severity.value, note.finding.severity.rank


def _counted(findings: Sequence[Finding]) -> Iterator[str]:
    return (finding.rule for finding in findings if finding.standing == finding.severity.value)


# What is put into the finished page


def _reserve(root: Element) -> None:
    """Take our own names away from what a manuscript has given them to, so that nothing in it passes for a note."""
    for element in root.iter("*"):
        if "pk-" in (element.get("class") or ""):
            kept = [name for name in str(element.get("class")).split() if not name.startswith("pk-")]
            element.set("class", " ".join(kept))
        if str(element.get("id", "")).startswith("pk-"):
            del element.attrib["id"]


def _mark(places: Places, notes: Sequence[Note]) -> None:
    """Mark what each note is about: its words, or the element as a whole."""
    runs: dict[int, list[Run]] = {}
    for note in notes:
        if note.spot is None:
            continue
        kind, mark = f"pk-{note.standing}", f"{note.identifier}-at"
        if note.spot.stream is None:
            _mark_element(note.spot.element, kind, mark, note.number)
        else:
            run = Run(note.spot.first, note.spot.last, kind, mark, str(note.number))
            runs.setdefault(id(note.spot.stream), []).append(run)
    for stream in places.streams.values():
        stream.mark(runs.get(id(stream), ()))


def _mark_element(element: Element, kind: str, mark: str, number: int) -> None:
    if "pk-mark" in (element.get("class") or ""):
        element.set("data-pk", f"{element.get('data-pk')}, {number}")
    else:
        element.set("class", f"{element.get('class') or ''} pk-mark {kind}".strip())
        element.set("data-pk", str(number))
    holder = make("span", id=mark)
    if element.tag == "img":
        element.addprevious(holder)
    else:
        holder.tail, element.text = element.text, None
        element.insert(0, holder)


def _put_beside(notes: Sequence[Note]) -> None:
    """Put each note beside the block that its mark is in."""
    beside: dict[Element, list[Note]] = {}
    for note in notes:
        if note.spot is not None:
            beside.setdefault(_block(note.spot.element), []).append(note)
    for block, held in beside.items():
        _margin(block).extend(fragment(_note(note))[0] for note in held)


def _block(element: Element) -> Element:
    """Return the block of the page that `element` is in; of a list, the item."""
    chain = [element, *element.iterancestors()]
    found = next((index for index, one in enumerate(chain[1:]) if _is_holder(one)), 0)
    block = chain[found]
    while block.tag in _LISTS or "reference-list" in (block.get("class") or ""):
        if found == 0:
            break
        found -= 1
        block = chain[found]
    return block


def _is_holder(element: Element) -> bool:
    return element.tag in {"section", "body", "main"} or (element.get("class") or "") in _HOLDERS


def _margin(block: Element) -> Element:
    """Return a new, empty margin beside `block`."""
    margin = make("div", class_="pk-margin")
    row = make("div", margin, class_="pk-row")
    if block.tag in {"li", "dd", "dt"}:
        body = make("div", class_="pk-body")
        body.text, block.text = block.text, None
        body.extend(list(block))
        row.append(body)
        block.append(row)
    else:
        wrap(block, row)
    return margin


def _tell_of_references(root: Element, places: Places, known: Mapping[str, Reference]) -> None:
    """Put the verdict on each reference behind it, and into each citation, where it shows on pointing at it."""
    shown = {}
    for reference in known.values():
        spot = places.reference(reference.key)
        if spot is not None:
            words = text_of(spot.element)
            shown[f"#ref-{reference.key}"] = (reference, words)
            spot.element.append(_parsed("reference", reference))
    for citation in list(root.iterfind(".//span[@class]")):
        if "citation" not in str(citation.get("class")).split():
            continue
        cited = dict.fromkeys(str(link.get("href")) for link in citation.iterfind(".//a[@href]"))
        held = [shown[address] for address in cited if address in shown]
        if held:
            citation.append(_parsed("pointed", held))


def _parsed(macro: str, value: object) -> Element:
    made: Element = fragment(_macro(macro)(value))[0]
    return made


def _note(note: Note) -> Markup:
    made: Markup = _macro("note")(note)
    return made


def _macro(name: str) -> Callable[..., Markup]:
    """Return a macro of the template."""
    found: Callable[..., Markup] = getattr(_template().module, name)
    return found


def _dress(root: Element, prelude: str, *, live: bool) -> None:
    """Put the style of the notes into the head of the page, and the result above its text."""
    root.set("class", "pk-annotated pk-live" if live else "pk-annotated")
    head, body = root.find("head"), root.find("body")
    if head is None or body is None:
        return
    for element in [*head.iterfind("script"), *head.iterfind("meta[@property]")]:
        head.remove(element)
    head.append(make("meta", name="robots", content="noindex"))
    head.append(make("style", _style()))
    title = head.find("title")
    if title is not None:
        title.text = f"Annotated: {title.text or ''}"
    body.insert(0, fragment(prelude)[0])
    for link in root.iter("a"):
        if str(link.get("href", "")).startswith("http"):
            link.set("target", "_blank")
            link.set("rel", "noopener noreferrer")


def _style() -> str:
    return resources.files(__package__).joinpath("annotated.css").read_text("utf-8")


def _template() -> jinja2.Template:
    return template("pubkit.report.annotated", "annotated.html.jinja")
