"""The reference list of the JATS file: each work as it is printed, and beside it in parts that a program can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from pubkit.references.names import ends_the_list
from pubkit.render.jats_elements import HREF, Element, element, words

__all__ = ["complete"]


_KINDS = {
    "article-journal": "journal",
    "article-magazine": "magazine",
    "article-newspaper": "newspaper",
    "book": "book",
    "chapter": "book",
    "dataset": "data",
    "legislation": "legal",
    "paper-conference": "confproc",
    "patent": "patent",
    "report": "report",
    "software": "software",
    "thesis": "thesis",
    "webpage": "webpage",
    "post-weblog": "webpage",
}
_RICH_TEXT = re.compile(r"</?(?:i|b|sc|sub|sup|span)\b[^>]*>")
_PAGES = re.compile(r"\s*([A-Za-z]?\d+[A-Za-z]?)\s*(?:-{1,2}|[\u2010-\u2015])\s*([A-Za-z]?\d+[A-Za-z]?)\s*")
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\S+)", re.IGNORECASE)


def complete(root: Element, cited: tuple[Mapping[str, Any], ...]) -> None:
    """Give every <ref> below `root` its label, its identifiers and its parts, from the CSL items `cited`."""
    items = {f"ref-{item.get('id', '')}": item for item in cited}
    for number, reference in enumerate(root.iter("ref")):
        printed = reference.find("mixed-citation")
        if printed is None:
            continue
        _take_label(reference, printed)
        _unwrap(printed, "named-content")
        _name_identifiers(printed)
        item = items.get(reference.get("id", "")) or (cited[number] if number < len(cited) else None)
        if item is not None:
            place = list(reference).index(printed)
            reference.insert(place, element("citation-alternatives", _parts(item), printed))


def _take_label(reference: Element, printed: Element) -> None:
    margin = printed.find("named-content[@content-type='csl-left-margin']")
    if margin is None:
        return
    reference.insert(0, element("label", words(margin).strip()))
    printed.text = (printed.text or "") + (margin.tail or "").lstrip()
    printed.remove(margin)


def _unwrap(root: Element, tag: str) -> None:
    """Take the elements `tag` below `root` out, and leave what is in them."""
    for wrapper in list(root.iter(tag)):
        etree.SubElement(wrapper, "pubkit-end").tail = wrapper.tail
        parent = wrapper.getparent()
        if parent is not None:
            place = parent.index(wrapper)
            _append_text(parent, place, wrapper.text or "")
            for child in list(wrapper):
                parent.insert(place, child)
                place += 1
            wrapper.tail = None
            parent.remove(wrapper)
    etree.strip_tags(root, "pubkit-end")


def _append_text(parent: Element, place: int, text: str) -> None:
    if place:
        before = parent[place - 1]
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _name_identifiers(printed: Element) -> None:
    """Make a link to a DOI's address the identifier that it is."""
    for link in list(printed.iter("ext-link")):
        found = _DOI_ADDRESS.fullmatch(link.get(HREF, ""))
        if found and words(link) == found[1]:
            link.tag = "pub-id"
            del link.attrib["ext-link-type"]
            link.set("pub-id-type", "doi")


def _parts(item: Mapping[str, Any]) -> Element:
    kind = _KINDS.get(str(item.get("type", "")), "other")
    return element("element-citation", *_said(item), {"publication-type": kind})


def _said(item: Mapping[str, Any]) -> Iterator[Element]:
    for role in ("author", "editor", "translator"):
        people = [_name(name) for name in item.get(role) or () if isinstance(name, Mapping)]
        if people:
            yield element("person-group", *people, {"person-group-type": role})
    container, title = _plain(item.get("container-title")), _plain(item.get("title"))
    if container:
        chapter = item.get("type") in {"chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary"}
        if title:
            yield element("chapter-title" if chapter else "article-title", title)
        yield element("source", container)
    elif title:
        yield element("source", title)
    yield from _date(item)
    for variable, tag in (("volume", "volume"), ("issue", "issue"), ("edition", "edition")):
        if value := _plain(item.get(variable)):
            yield element(tag, value)
    yield from _pages(_plain(item.get("page")))
    for variable, tag in (("publisher-place", "publisher-loc"), ("publisher", "publisher-name")):
        if value := _plain(item.get(variable)):
            yield element(tag, value)
    for variable, kind in (("DOI", "doi"), ("PMID", "pmid"), ("PMCID", "pmcid")):
        if value := _plain(item.get(variable)):
            yield element("pub-id", value, {"pub-id-type": kind})
    if isbn := _plain(item.get("ISBN")):
        yield element("isbn", isbn)
    address = _plain(item.get("URL"))
    if address.startswith(("https://", "http://")):
        yield element("ext-link", address, {"ext-link-type": "uri", HREF: address})


def _plain(value: object) -> str:
    return _RICH_TEXT.sub("", str(value)).strip() if isinstance(value, str | int) else ""


def _name(name: Mapping[str, Any]) -> Element:
    family, given = _plain(name.get("family")), _plain(name.get("given"))
    if ends_the_list(name):
        return element("etal")
    if not family:
        return element("collab", _plain(name.get("literal")) or given or "?")
    particles = [_plain(name.get(part)) for part in ("dropping-particle", "non-dropping-particle")]
    parts = [element("surname", " ".join(filter(None, (*particles, family))))]
    if given:
        parts.append(element("given-names", given))
    if suffix := _plain(name.get("suffix")):
        parts.append(element("suffix", suffix))
    return element("name", *parts)


def _date(item: Mapping[str, Any]) -> Iterator[Element]:
    issued = item.get("issued")
    groups = issued.get("date-parts") if isinstance(issued, Mapping) else None
    parts = [str(part) for part in (groups[0] if groups else ()) if str(part).isdecimal()]
    for tag, value in zip(("year", "month", "day"), parts, strict=False):
        yield element(tag, value if tag == "year" else f"{int(value):02}")


def _pages(pages: str) -> Iterator[Element]:
    if found := _PAGES.fullmatch(pages):
        yield element("fpage", found[1])
        yield element("lpage", found[2])
    elif pages.isdecimal():
        yield element("fpage", pages)
    elif pages:
        yield element("elocation-id", pages)
