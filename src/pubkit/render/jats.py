"""JATS XML, the form in which journals, libraries and PubMed Central exchange articles.

Pandoc writes body, notes and reference list from the tree; the front matter, the disclaimers and what a program wants to
know of each reference are put in here. The file is one article of the Journal Publishing tag set, version 1.3 (ANSI/NISO
Z39.96-2021), and keeps to elements that version 1.1 has too, so that older programs read it. Pictures are in it as data.
"""

from __future__ import annotations

import re

from lxml import etree

from pubkit import pandoc
from pubkit.files import printable, refusal
from pubkit.manuscript.rules import SRC032
from pubkit.manuscript.tree import nodes
from pubkit.render import jats_references
from pubkit.render.exchange import address_of, is_decorative, prepared
from pubkit.render.jats_elements import ALI, HREF, XLINK, XML_LANG, Element, words
from pubkit.render.jats_front import disclaimers, front_matter
from pubkit.render.model import Edition

__all__ = ["PUBLIC_IDENTIFIER", "SYSTEM_IDENTIFIER", "render"]

PUBLIC_IDENTIFIER = "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD with MathML3 v1.3 20210610//EN"
SYSTEM_IDENTIFIER = "https://jats.nlm.nih.gov/publishing/1.3/JATS-journalpublishing1-3-mathml3.dtd"

_MATHML = "http://www.w3.org/1998/Math/MathML"
_DATA = re.compile(r"data:image/([a-z]+);")
_REFERENCE_TYPES = {
    "table-wrap": "table",
    "fig": "fig",
    "boxed-text": "fig",
    "sec": "sec",
    "disp-formula": "disp-formula",
}
_BLANK_BEFORE = re.compile(r"^\s+")


def render(edition: Edition) -> bytes:
    """The edition as one JATS article, UTF-8.

    Raises:
        InputRefused: a formula or a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    tree = prepared(edition, address_of)
    for node in nodes(tree["blocks"]):
        if node["t"] == "Image" and is_decorative(node):
            node["c"][1] = []
    written = pandoc.convert(tree, "jats_publishing", ["--wrap=none", "--standalone"])
    article = _read(written)
    body, back = article.find("body"), article.find("back")
    root = etree.Element("article", nsmap={"xlink": XLINK, "mml": _MATHML, "ali": ALI})
    root.set("article-type", "other")
    root.set("dtd-version", "1.3")
    root.set(XML_LANG, edition.publication.lang)
    root.append(front_matter(edition))
    for part in (body, back):
        if part is not None and (len(part) or part.tag == "body"):
            root.append(part)
    _check_formulas(root)
    _finish(root, edition)
    doctype = f'<!DOCTYPE article PUBLIC "{PUBLIC_IDENTIFIER}"\n  "{SYSTEM_IDENTIFIER}">'
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xlink", "mml", "ali"])
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}\n'.encode() + etree.tostring(root, encoding="UTF-8") + b"\n"
    )


def _read(written: bytes) -> Element:
    """Pandoc's own output as XML; a picture in it is one attribute of any length."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=False)
    return etree.fromstring(written, parser)


def _check_formulas(root: Element) -> None:
    """Pandoc writes a formula that it cannot read as its TeX source alone; here it is refused."""
    for formula in root.iter("tex-math"):
        parent = formula.getparent()
        if parent is not None and parent.find(f"{{{_MATHML}}}math") is None:
            message = f"This formula cannot be read: {printable(formula.text or '')}"
            raise refusal(SRC032, message, "Correct its TeX notation.", None)


def _finish(root: Element, edition: Edition) -> None:
    body = root.find("body")
    if body is None:
        return
    jats_references.complete(root, edition.cited)
    _set_labels(body)
    _set_identifiers(body)
    _set_cross_references(root)
    _set_media_types(root)
    _wrap_loose(body)
    _unwrap_paragraphs(root)
    for place, box in enumerate(disclaimers(edition)):
        body.insert(place, box)


def _unwrap_paragraphs(root: Element) -> None:
    """Pandoc wraps blocks into a paragraph where it expects one; a paragraph in a paragraph is none."""
    for wrapper in list(root.iter("p")):
        parent = wrapper.getparent()
        if parent is not None and wrapper.get("specific-use") == "wrapper" and wrapper.find("p") is not None:
            for child in list(wrapper):
                wrapper.addprevious(child)
            parent.remove(wrapper)


def _wrap_loose(body: Element) -> None:
    """Give text that follows a section without a heading (it stood below the reference list) a section of its own.

    Its title is empty: the standard asks for one.
    """
    section: Element | None = None
    seen = False
    for child in list(body):
        if child.tag == "sec":
            section, seen = None, True
        elif seen:
            if section is None:
                section = etree.Element("sec")
                etree.SubElement(section, "title")
                child.addprevious(section)
            section.append(child)


def _set_labels(body: Element) -> None:
    """Numbers of sections, figures and tables as the labels that they are."""
    for number in list(body.iter("named-content")):
        kind, parent = number.get("content-type"), number.getparent()
        if parent is None or kind not in {"section-number", "caption-number"} or (parent.text or "").strip():
            continue
        holder = parent if kind == "section-number" else parent.getparent()
        target = holder.getparent() if holder is not None else None
        if (
            holder is None
            or target is None
            or holder.tag not in {"title", "caption"}
            or target.find("label") is not None
        ):
            continue
        label = etree.Element("label")
        label.text = words(number)
        target.insert(target.index(holder), label)
        parent.text = _BLANK_BEFORE.sub("", (parent.text or "") + (number.tail or "")) or None
        number.tail = None
        parent.remove(number)


def _set_identifiers(body: Element) -> None:
    """A table is referred to with its caption: its id belongs to the wrapper."""
    for wrapper in body.iter("table-wrap"):
        table = wrapper.find("table")
        if table is not None and table.get("id") and not wrapper.get("id"):
            wrapper.set("id", table.get("id", ""))
            del table.attrib["id"]


def _set_cross_references(root: Element) -> None:
    """Every cross-reference says what it leads to; one that leads nowhere becomes text."""
    targets = {element.get("id"): element.tag for element in root.iter() if element.get("id")}
    for reference in list(root.iter("xref")):
        identifier = reference.get("rid", "")
        if identifier not in targets:
            reference.tag = "pubkit-nowhere"
        elif not reference.get("ref-type"):
            kind = _REFERENCE_TYPES.get(targets[identifier])
            if kind:
                reference.set("ref-type", kind)
    etree.strip_tags(root, "pubkit-nowhere")


def _set_media_types(root: Element) -> None:
    for picture in root.iter("graphic", "inline-graphic"):
        found = _DATA.match(picture.get(HREF, ""))
        picture.set("mimetype", "image")
        if found:
            picture.set("mime-subtype", found[1])
