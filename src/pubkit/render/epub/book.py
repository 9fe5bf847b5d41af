"""The EPUB 3.3 book: cover, title page with the disclaimers, contents, a file for each chapter, imprint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree
from msgspec import Struct

from pubkit.language.labels import Labels, direction, labels_for
from pubkit.manuscript.model import Picture
from pubkit.render import claims, cover, formula_face, formulas, front, lists, tables, unbroken
from pubkit.render.body import Body, Element, as_xml, make, read_body, set_pictures
from pubkit.render.epub.archive import container
from pubkit.render.epub.package import Item, accessibility, metadata
from pubkit.render.headings import Contents, contents, label
from pubkit.render.html import context
from pubkit.render.index import add_index, by_section
from pubkit.render.model import Edition
from pubkit.render.notes import call_identifier, link_calls, note_identifier, with_way_back
from pubkit.render.styles import sheets

__all__ = ["render"]

_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
#: The style sheet of chapters with formulas.
_FORMULAS = f"""@font-face {{ font-family: "{formula_face.FACE.family}"; src: url(../fonts/formulas.woff) format("woff") }}
math {{ font-family: "{formula_face.FACE.family}", math, serif }}
"""
_XHTML = "application/xhtml+xml"
_TYPE = "{http://www.idpf.org/2007/ops}type"
etree.register_namespace("epub", "http://www.idpf.org/2007/ops")


class _Chapter(Struct, frozen=True):
    """One file of the text; `heading` is None for what comes before the first heading."""

    name: str
    title: str
    root: Element
    line: Contents | None


def render(edition: Edition) -> bytes:
    """Return the edition as an EPUB file.

    Raises:
        InputRefused: a formula or a part of the text cannot be printed.
        EnvironmentFault: a font for the cover is not installed.
        PandocError: pandoc failed.
    """
    labels = labels_for(edition.publication.lang)
    body = read_body(edition, shift=0)
    book = edition.form == "book"
    if book:
        add_index(body, labels, by_section)
    access = accessibility(edition, body.parts)
    link_calls(body)
    claims.tie(body, edition.disclaimers)
    lines = contents(body.text)
    listed = (lists.figures(body.text), lists.tables(body.text)) if book else ((), ())
    tables.let_scroll(body.text, labels)
    unbroken.keep_numbers(body.text, edition.publication.lang)
    unbroken.keep_citations(body.text, edition.publication.lang)
    formulas.let_scroll(body.text, labels)
    for part in body.parts:
        unbroken.soften(part, edition.publication.lang)
    chapters = _chapters(body, lines, edition, labels)
    _place_notes(body, chapters, labels)
    _place_statements(chapters, edition)
    _link_across(chapters)
    pictures: dict[str, bytes] = {}

    def address(picture: Picture) -> str:
        name = f"images/{picture.sha256[:16]}.{_ENDINGS[picture.media_type]}"
        pictures[name] = picture.data
        return f"../{name}"

    set_pictures([chapter.root for chapter in chapters], edition, address)
    pages = {
        "cover": (labels["cover"], "cover.xhtml"),
        "title": (labels["title-page"], "title.xhtml"),
        "imprint": (labels["imprint"], "imprint.xhtml"),
    }
    picture = cover.drawn(edition)
    values: dict[str, object] = context(edition, soft=True) | {
        "cover_image": f"images/cover.{_ENDINGS[picture.media_type]}",
        "pages": pages,
        "imprint_address": "imprint.xhtml",
        "formulas": False,
        "house_logo": front.logo(edition, address, "/>"),
        "chapters": chapters,
        "nav": front.trusted(_navigation(lines, chapters)),
        "lists": [
            (kind, labels[name], front.trusted(_list(entries, chapters)))
            for kind, name, entries in zip(("loi", "lot"), ("list-of-figures", "list-of-tables"), listed, strict=True)
            if entries
        ],
    }
    files = {f"EPUB/text/{name}.xhtml": _page(values, name, title) for name, (title, _) in pages.items()}
    for chapter in chapters:
        files[f"EPUB/text/{chapter.name}"] = _page(
            values | {"body": front.trusted(as_xml(chapter.root)), "formulas": bool(formulas.of([chapter.root]))},
            "chapter",
            chapter.title,
        )
    files["EPUB/nav.xhtml"] = front.render_template("epub-nav.xhtml", values).encode()
    files["EPUB/styles/epub.css"] = edition.styles.epub.encode()
    if found := formulas.of(chapter.root for chapter in chapters):
        files["EPUB/styles/formulas.css"] = _FORMULAS.encode()
        files["EPUB/fonts/formulas.woff"] = formula_face.cut(found)
    files["EPUB/styles/disclaimer.css"] = sheets.protection().encode()
    files[f"EPUB/{values['cover_image']}"] = picture.data
    files |= {f"EPUB/{name}": data for name, data in pictures.items()}
    files["META-INF/container.xml"] = front.render_template("epub-container.xml", {}).encode()
    package = {
        "language": edition.publication.lang,
        "direction": direction(edition.publication.lang),
        "metadata": metadata(edition, access),
        "items": tuple(_items(files, chapters)),
        "cover": _identifier(str(values["cover_image"])),
    }
    files["EPUB/package.opf"] = front.render_template("epub-package.opf", package).encode()
    return container(files, edition.moment)


def _page(values: dict[str, object], kind: str, title: str) -> bytes:
    text = front.render_template("epub-page.xhtml", values | {"kind": kind, "page_title": title})
    return text.lstrip().encode()


def _chapters(body: Body, contents: Sequence[Contents], edition: Edition, labels: Labels) -> tuple[_Chapter, ...]:
    """Return the text in files: what comes before the first heading, then each section of the first level."""
    groups: list[tuple[Element | None, list[Element]]] = [(None, [])]
    for child in list(body.text):
        holder = child if child.tag == "section" else None
        if child.tag == "div" and len(child) and child[0].tag == "section":
            holder = child[0]
        if holder is not None:
            groups.append((holder, [child]))
        else:
            groups[-1][1].append(child)
    lines = {one.identifier: one for line in contents for one in (line, *line.parts)}
    chapters = []
    for number, (section, parts) in enumerate(group for group in groups if group[1]):
        name = f"chapter-{number:03}.xhtml"
        line = lines.get(section.get("id", "")) if section is not None else None
        title = label(line.title) if line else edition.publication.title
        chapters.append(_Chapter(name, title or labels["text"], make("div", *parts), line))
    return tuple(chapters)


def _place_notes(body: Body, chapters: Sequence[_Chapter], labels: Labels) -> None:
    """Put each note at the end of the chapter that calls it first, so that readers show it as a pop-up."""
    notes = {note_identifier(number): note for number, note in enumerate(body.notes.values(), 1)}
    placed: set[str] = set()
    for chapter in chapters:
        section = make("section", make("h2", labels["notes"]), class_="notes", role="doc-endnotes")
        section.set(_TYPE, "footnotes")
        for identifier in _called(chapter.root, notes):
            if identifier not in placed:
                placed.add(identifier)
                number = int(identifier.rpartition("-")[2])
                section.append(_note(body.mark(number), identifier, number, notes[identifier], labels))
        if len(section) > 1:
            chapter.root.append(section)
        for link in chapter.root.iterfind(".//a[@role='doc-noteref']"):
            link.set(_TYPE, "noteref")


def _place_statements(chapters: Sequence[_Chapter], edition: Edition) -> None:
    """End each chapter that has a statement tied to a disclaimer with that disclaimer (21 CFR 101.93(d))."""
    block = claims.tied_block(edition.disclaimers)
    if block is None:
        return
    for number, chapter in enumerate(chapters):
        copy = claims.copy_of(block, f"{number:03}")
        if claims.link_to(chapter.root, copy.get("id", "")):
            chapter.root.append(copy)


def _note(mark: str, identifier: str, number: int, blocks: Element, labels: Labels) -> Element:
    """Return one note with its mark before it and the link back after it."""
    note = make(
        "aside", *with_way_back(blocks, f"#{call_identifier(number)}", labels), class_="note", role="doc-footnote"
    )
    note.set("id", identifier)
    note.set(_TYPE, "footnote")
    sign = make("span", f"{mark}\u2002", class_="note-mark")
    if note[0].tag == "p":
        sign.tail, note[0].text = note[0].text, None
        note[0].insert(0, sign)
    else:
        note.insert(0, make("p", sign))
    return note


def _called(root: Element, notes: Mapping[str, Element]) -> Iterator[str]:
    """Yield the ids of the notes called below `root`, each followed by those called in it."""
    for link in root.iterfind(".//a[@role='doc-noteref']"):
        identifier = link.get("href", "").removeprefix("#")
        yield identifier
        yield from _called(notes[identifier], notes)


def _link_across(chapters: Iterable[_Chapter]) -> None:
    """Make every link point to its target, in whichever file that is."""
    place = {element.get("id"): chapter.name for chapter in chapters for element in chapter.root.iterfind(".//*[@id]")}
    for chapter in chapters:
        for link in chapter.root.iterfind(".//a[@href]"):
            target = link.get("href", "")
            name = place.get(target[1:]) if target.startswith("#") else None
            if name and name != chapter.name:
                link.set("href", f"{name}{target}")


def _navigation(lines: Iterable[Contents], chapters: Iterable[_Chapter]) -> str:
    """Return the list items of the contents, chapters and their sections below the parts of a book."""
    chapters = tuple(chapters)
    # A heading in a division may begin no chapter, and be at the top of the contents all the same.
    files = {one.get("id"): chapter.name for chapter in chapters for one in chapter.root.iterfind(".//*[@id]")}
    files |= {chapter.line.identifier: chapter.name for chapter in chapters if chapter.line}

    def item(line: Contents, above: str) -> str:
        name = files.get(line.identifier, above)
        inner = "".join(item(part, name) for part in line.parts)
        return f"<li>{_link(line, name)}{f'<ol>{inner}</ol>' if inner else ''}</li>"

    return "\n".join(item(line, "") for line in lines)


def _list(entries: Iterable[Contents], chapters: Iterable[_Chapter]) -> str:
    """Return the list items of a list of figures or tables."""
    files = {one.get("id"): chapter.name for chapter in chapters for one in chapter.root.iter() if one.get("id")}
    return "\n".join(f"<li>{_link(entry, files[entry.identifier])}</li>" for entry in entries)


def _link(line: Contents, name: str) -> str:
    words = etree.tostring(line.title, method="xml", encoding="unicode")
    return f'<a href="text/{name}#{line.identifier}">{words}</a>'


def _items(files: dict[str, bytes], chapters: Sequence[_Chapter]) -> Iterator[Item]:
    """Yield the manifest, the spine's files first and in reading order."""
    order = ["text/cover.xhtml", "text/title.xhtml", "nav.xhtml"]
    order += [f"text/{chapter.name}" for chapter in chapters] + ["text/imprint.xhtml"]
    types = {"css": "text/css", "woff": "font/woff", **{ending: media_type for media_type, ending in _ENDINGS.items()}}
    for name in order:
        if (data := files.get(f"EPUB/{name}")) is not None:
            marks = [mark for mark, sign in (("mathml", b"<math"), ("nav", b'epub:type="toc"')) if sign in data]
            yield Item(_identifier(name), name, _XHTML, " ".join(marks), in_spine=True)
    for path in sorted(files):
        name = path.removeprefix("EPUB/")
        if path.startswith("EPUB/") and name not in order:
            kind = types[name.rpartition(".")[2]]
            yield Item(_identifier(name), name, kind, "cover-image" if name.startswith("images/cover.") else "")


def _identifier(name: str) -> str:
    return name.replace("/", "-").replace(".", "-")
