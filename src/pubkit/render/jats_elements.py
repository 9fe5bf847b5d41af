"""Making and reading the elements of a JATS file."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

__all__ = ["ALI", "HREF", "XLINK", "XML_LANG", "Element", "element", "words"]

XLINK = "http://www.w3.org/1999/xlink"
ALI = "http://www.niso.org/schemas/ali/1.0/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HREF = f"{{{XLINK}}}href"

Element = etree._Element


def element(tag: str, *content: Element | str | Mapping[str, str]) -> Element:
    """An element with `content`: text and elements in their order, attributes as mappings."""
    made = etree.Element(tag)
    for part in content:
        if isinstance(part, str):
            if len(made):
                made[-1].tail = (made[-1].tail or "") + part
            else:
                made.text = (made.text or "") + part
        elif isinstance(part, Mapping):
            for name, value in part.items():
                made.set(name, value)
        else:
            made.append(part)
    return made


def words(part: Element) -> str:
    """All text below `part`."""
    return "".join(str(text) for text in part.itertext())
