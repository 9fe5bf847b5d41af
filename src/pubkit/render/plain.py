"""Plain text: for mail, for archives, for screen readers and programs that take nothing else.

Seventy-eight columns; headings underlined; the addresses of links to be seen; notes, then references, at the end. Pandoc
sets paragraphs, lists and tables; what its plain-text writer drops (addresses, pictures' alternatives) or mixes up (the
raised numbers of citations with those of notes) is written out in the tree first.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Any

from pubkit import pandoc
from pubkit.language.labels import Labels, labels_for
from pubkit.manuscript.model import Tree
from pubkit.manuscript.tree import Node, inline_lists, nodes, plain_text
from pubkit.render import front
from pubkit.render.exchange import is_decorative, prepared, string
from pubkit.render.model import Edition
from pubkit.render.plain_tables import fit_tables

__all__ = ["COLUMNS", "render"]

COLUMNS = 78

#: Pandoc sets the text of definitions and lists up to two columns too wide.
_PANDOC_COLUMNS = COLUMNS - 2
_UNDERLINES = {1: "=", 2: "-"}
_RULE = "-" * COLUMNS


def render(edition: Edition) -> bytes:
    """The edition as plain text, UTF-8, with line feeds.

    Raises:
        InputRefused: a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    labels = labels_for(edition.publication.lang)
    tree = prepared(edition, lambda picture: picture.sha256)
    notes = _take_notes(tree)
    text, references = _divided(tree["blocks"])
    if notes:
        text = [*text, _header(labels["notes"]), *notes]
    blocks = [*text, *references]
    _write_out(blocks)
    fit_tables(blocks, _PANDOC_COLUMNS)
    parts = [_front(edition, labels), _set(blocks), _imprint(edition, labels)]
    lines = "\n\n\n".join(part.strip("\n") for part in parts if part.strip()).split("\n")
    return ("\n".join(line.rstrip() for line in lines) + "\n").encode()


def _set(blocks: list[Node]) -> str:
    if not blocks:
        return ""
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    return pandoc.convert(tree, "plain", [f"--columns={_PANDOC_COLUMNS}", "--wrap=auto"]).decode()


# The front and the back


def _front(edition: Edition, labels: Labels) -> str:
    publication = edition.publication
    parts = [_underlined(publication.title, "=")]
    if publication.subtitle:
        parts.append(_wrapped(publication.subtitle))
    people = [", ".join(filter(None, (front.person(who), who.affiliation))) for who in publication.authors]
    said = [*people, *(f"{fact.name}: {fact.words}" for fact in front.facts(edition))]
    if publication.funding:
        said.append(f"{labels['funding']}: {publication.funding}")
    said += [f"{labels['conflicts']}: {who.name}: {who.conflicts}" for who in publication.authors if who.conflicts]
    parts.append("\n".join(_wrapped(line, after="  ") for line in said))
    if edition.draft:
        parts.append(_wrapped(f"*** {labels['draft-banner']} ***"))
    parts += [_notices(edition)] if edition.disclaimers else []
    if publication.abstract:
        paragraphs = [_wrapped(part) for part in publication.abstract.split("\n\n") if part.strip()]
        parts.append("\n\n".join((_underlined(labels["abstract"], "-"), *paragraphs)))
    if publication.keywords:
        parts.append(_wrapped(f"{labels['keywords']}: {', '.join(publication.keywords)}"))
    return "\n\n".join(parts)


def _notices(edition: Edition) -> str:
    """The disclaimers between rules; a link's address stands after its words."""
    blocks = []
    for block in edition.disclaimers:
        paragraphs = [_with_addresses(text, dict(block.links)) for text in block.paragraphs]
        blocks.append("\n\n".join((block.heading, *(_wrapped(text) for text in paragraphs))))
    return f"{_RULE}\n" + f"\n{_RULE}\n".join(blocks) + f"\n{_RULE}"


#: Addresses of numbers, which the words of the link already give.
_DIALLED = "tel:"


def _with_addresses(text: str, links: dict[str, str]) -> str:
    for words, target in links.items():
        if not _is_shown(words, target) and not target.startswith(_DIALLED):
            text = text.replace(words, f"{words} <{target}>", 1)
    return text


def _imprint(edition: Edition, labels: Labels) -> str:
    entries = []
    for entry in front.imprint(edition):
        lines = [
            f"{words} <{target}>" if target and not _is_shown(words, target) else words for words, target in entry.lines
        ]
        first, *others = [_wrapped(line, before="  ", after="  ") for line in lines]
        entries.append("\n".join((f"{entry.name}:", first, *others)))
    return "\n\n".join((_underlined(labels["imprint"], "="), "\n".join(entries))) if entries else ""


def _wrapped(text: str, *, before: str = "", after: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split(" ")), COLUMNS, initial_indent=before, subsequent_indent=after,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _underlined(text: str, sign: str) -> str:
    return f"{_wrapped(text)}\n{sign * min(COLUMNS, _width(text))}"


def _width(text: str) -> int:
    """The columns that `text` takes: two for a wide character, none for one that combines."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


# The tree


def _take_notes(tree: Tree) -> list[Node]:
    """Put a mark in the place of each note, and give the notes, each with its mark, in the order of the marks."""
    notes: list[Node] = []
    number = 0
    pending: list[Any] = [tree["blocks"]]
    while pending:
        part = pending.pop(0)
        for siblings in inline_lists(part):
            for index, node in enumerate(siblings):
                if node["t"] == "Note":
                    number += 1
                    mark = f"[*{number}]"
                    siblings[index] = string(f" {mark}")
                    blocks = _marked(mark, node["c"])
                    notes += blocks
                    pending.append(blocks)
    return notes


def _marked(mark: str, blocks: list[Node]) -> list[Node]:
    if blocks and blocks[0]["t"] in {"Para", "Plain"}:
        return [{"t": "Para", "c": [string(mark), {"t": "Space"}, *blocks[0]["c"]]}, *blocks[1:]]
    return [{"t": "Para", "c": [string(mark)]}, *blocks]


def _divided(blocks: list[Node]) -> tuple[list[Node], list[Node]]:
    """The text, and the reference list at its end with the heading above it."""
    if not blocks or blocks[-1]["t"] != "Div" or blocks[-1]["c"][0][0] != "refs":
        return blocks, []
    start = len(blocks) - (2 if len(blocks) > 1 and blocks[-2]["t"] == "Header" else 1)
    return blocks[:start], blocks[start:]


def _header(text: str) -> Node:
    return {"t": "Header", "c": [1, ["", [], []], [string(text)]]}


def _write_out(blocks: list[Node]) -> None:
    """Write out what the plain-text writer would drop: citations' brackets, addresses, alternatives, headings."""
    for node in nodes(blocks):
        if node["t"] == "Cite":
            node["c"][1] = [part for one in node["c"][1] for part in _lowered(one)]
    for siblings in inline_lists(blocks):
        if any(node["t"] in {"Link", "Image", "Header", "Figure"} for node in siblings):
            siblings[:] = [part for node in siblings for part in _in_words(node)]


def _lowered(inline: Node) -> list[Node]:
    """A raised number as one in brackets."""
    if inline["t"] != "Superscript":
        return [inline]
    return [string("["), *(part for one in inline["c"] for part in _without_link(one)), string("]")]


def _without_link(inline: Node) -> list[Node]:
    if inline["t"] == "Link":
        inner: list[Node] = inline["c"][1]
        return inner
    return [inline]


def _in_words(node: Node) -> Iterator[Node]:
    content: Any = node.get("c")
    match node["t"]:
        case "Link":
            yield from (part for inner in content[1] for part in _in_words(inner))
            target = content[2][0]
            if not target.startswith("#") and not _is_shown(plain_text(content[1]), target):
                yield from ({"t": "Space"}, string(f"<{target}>"))
        case "Image":
            if not is_decorative(node) and plain_text(content[1]):
                yield from (string("["), *content[1], string("]"))
        case "Header":
            yield from _heading(content)
        case "Figure":
            yield from content[2]
            yield from content[1][1]
        case _:
            yield node


def _is_shown(words: str, target: str) -> bool:
    """Whether the words of a link already show where it leads: the address itself, or a DOI."""
    words = words.strip()
    bare = target.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
    return words in {target, bare, f"{bare}/"} or (words.startswith("10.") and target.endswith(f"/{words}"))


def _heading(content: list[Any]) -> list[Node]:
    level, _, inlines = content
    flat = [part for inline in inlines for part in _in_words(inline)]
    sign = _UNDERLINES.get(level, "~")
    underline = string(sign * max(1, min(COLUMNS, _width(plain_text(flat)))))
    return [{"t": "Header", "c": [level, ["", [], []], []]}, {"t": "LineBlock", "c": [flat, [underline]]}]
