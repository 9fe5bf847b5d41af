"""The web page: one file that needs nothing else, works on every screen, and loads nothing from anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree
from markupsafe import Markup, escape

from pubkit.boundary.xml import page
from pubkit.disclaimers.model import DisclaimerBlock, Place
from pubkit.language.labels import Labels, direction, labels_for, strong_letters
from pubkit.render import claims, fallback, fonts, formula_face, formulas, front, head, icon, tables, unbroken
from pubkit.render.body import (
    Body,
    Element,
    as_html,
    embedded,
    make,
    read_body,
    set_pictures,
    text_of,
    wrap,
)
from pubkit.render.front_text import in_phrases, marked_up, marked_up_blocks
from pubkit.render.headings import Contents, contents
from pubkit.render.index import add_index, by_section
from pubkit.render.model import Edition
from pubkit.render.notes import call_identifier, link_calls, note_identifier, place_before_references, with_way_back
from pubkit.render.styles import sheets

__all__ = ["context", "render"]

#: No script, no request to anywhere, no form; style sheets only from the page itself.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
)

#: A number of three digits or more, such as one to send a message to, without groups within it.
_NUMBER = r"\+?\d(?:[ ().-]?\d){2,}"
#: The width of the text in a wide window, in pixels.
_COLUMN = 640

#: What style sheets print besides the text: list marks, hyphens, and capitals made from small letters.
_MARKS = "0123456789()-.–•‐ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def render(edition: Edition) -> bytes:
    """Return the edition as one HTML file, UTF-8.

    Raises:
        InputRefused: a formula or a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    labels = labels_for(edition.publication.lang)
    body = read_body(edition, shift=1)
    set_pictures(body.parts, edition, embedded)
    if edition.form == "book":
        add_index(body, labels, by_section)
    lines = contents(body.text)
    claims.tie(body, edition.disclaimers)
    _place_notes(body, labels)
    _let_figures_open(body.text, labels)
    tables.let_scroll(body.text, labels)
    unbroken.keep_numbers(body.text, edition.publication.lang)
    unbroken.keep_citations(body.text, edition.publication.lang)
    formulas.let_scroll(body.text, labels)
    unbroken.soften(body.text, edition.publication.lang)
    values = context(edition, soft=True) | {
        "policy": POLICY,
        "json_ld": front.trusted(head.json_ld(edition)),
        "meta": head.meta_tags(edition),
        "card": head.card(edition),
        "alternates": front.alternates(edition.publication),
        "icon": icon.address(edition),
        "house_logo": front.logo(edition, embedded),
        "body": front.trusted(as_html(body.text)),
        "contents": unbroken.softened(front.trusted(contents_list(lines)), edition.publication.lang),
    }
    text = text_of(page(front.render_template("template.html", values | {"style": ""}).encode()))
    rules = fonts.web_rules(f"{text}{_MARKS}", house=edition.styles.faces)
    if found := formulas.of([body.text]):
        rules += "\n" + fonts.web_rule(formula_face.FACE, formula_face.cut(found))
    style = "\n".join((rules, fallback.rules(), edition.styles.web, sheets.protection()))
    return front.render_template("template.html", values | {"style": front.trusted(style)}).encode()


def context(edition: Edition, *, soft: bool = False) -> dict[str, object]:
    """Return what every template needs to print the front and back matter of `edition`.

    `soft` says that long words need soft hyphens, as they do on screens.
    """
    publication = edition.publication
    labels = labels_for(publication.lang)
    words = (
        unbroken.whole_words(one, publication.lang)
        for one in (
            in_phrases(edition.printed_front.title, publication.lang),
            marked_up(edition.printed_front.subtitle),
        )
    )
    title, subtitle, abstract = (
        unbroken.softened(one, publication.lang) if soft else one
        for one in (*words, marked_up_blocks(edition.printed_front.abstract))
    )
    return {
        "edition": edition,
        "publication": publication,
        "labels": labels,
        "direction": direction(publication.lang),
        "strong_letters": strong_letters,
        "person": front.person,
        "byline": front.byline(edition),
        "imprint_address": "#pubkit-imprint",
        "facts": front.facts(edition),
        "beside": front.beside(edition),
        "imprint": front.imprint(edition),
        "title": title,
        "subtitle": subtitle,
        "abstract": abstract,
        "notices": [
            (block, [linked(text, block) for text in block.paragraphs], direction(block.locale))
            for block in edition.disclaimers
        ],
    }


def linked(text: str, block: DisclaimerBlock) -> Markup:
    """Return a paragraph of `block`, escaped, with its links.

    A day and its month stay on one line, and in the strip at the top numbers do.
    """
    months = "|".join(map(re.escape, labels_for(block.locale).months))
    words = [*map(re.escape, sorted(block.links, key=len, reverse=True))]
    words += [_NUMBER] if block.place is Place.TOP else []
    words += [rf"\b\d{{1,2}}(?:er|\.)? (?:{months})\b", rf"\b(?:{months}) \d{{1,2}}\b"]
    parts = enumerate(re.split("(" + "|".join(words) + ")", text))
    return Markup("").join(_whole(part, block.links) if number % 2 else escape(part) for number, part in parts)


def _whole(words: str, links: Mapping[str, str]) -> Markup:
    """Return words as a link if they are one; the style sheets keep a telephone number (".nobr") or a date on one line."""
    if words in links:
        whole = Markup(' class="nobr"') if links[words].startswith("tel:") else ""
        return Markup('<a href="{}"{}>{}</a>').format(links[words], whole, words)
    return Markup('<span class="nobr">{}</span>').format(words)


def contents_list(lines: tuple[Contents, ...], tag: str = "ul") -> str:
    """Return the table of contents as a nested list of links."""
    if not lines:
        return ""
    parts = []
    for line in lines:
        title = etree.tostring(line.title, method="html", encoding="unicode")
        title = title.removeprefix("<span>").removesuffix("</span>")
        parts.append(f'<li><a href="#{line.identifier}">{title}</a>{contents_list(line.parts, tag)}</li>')
    return f"<{tag}>" + "".join(parts) + f"</{tag}>"


def _place_notes(body: Body, labels: Labels) -> None:
    """Put the footnotes in a section of their own before the references, with links there and back."""
    if not body.notes:
        return
    link_calls(body)
    items = [
        make("li", *with_way_back(note, f"#{call_identifier(number)}", labels), id=note_identifier(number))
        for number, note in enumerate(body.notes.values(), 1)
    ]
    heading = make("h2", labels["notes"], id="pubkit-notes")
    notes = make("ol", *items, type="a" if body.letters else "1")
    section = make("section", heading, notes, class_="notes", role="doc-endnotes", aria__labelledby="pubkit-notes")
    place_before_references(body.text, section)


def _let_figures_open(root: Element, labels: Labels) -> None:
    """Make each picture of a figure that is wider than a column a link to itself, which shows it as large as the window.

    The link after it, which only shows then, leads back to the text.
    """
    wide = [image for image in root.iterfind(".//figure/img") if int(image.get("width") or 0) > _COLUMN]
    for number, image in enumerate([image for image in wide if image.get("alt")], 1):
        identifier = f"pubkit-picture-{number}"
        holder = make("span", class_="picture")
        wrap(image, holder)
        wrap(image, make("a", class_="enlarge", id=identifier, href=f"#{identifier}"))
        holder.append(make("a", labels["back"], class_="enlarged-back", href=f"#pubkit-place-{number}"))
        holder.set("id", f"pubkit-place-{number}")
