"""Plain text: for mail, for archives, for screen readers and programs that take nothing else.

Pandoc's plain-text writer sets everything, tables too, in lines of seventy-eight columns where words and tables allow. What
it drops (the addresses of links, captions of figures) or mixes up (the raised numbers of citations with those of notes) is
written out in the tree first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pubkit.boundary import pandoc
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.language.labels import labels_for
from pubkit.manuscript.model import Tree
from pubkit.manuscript.tree import Node, inline_lists, nodes, plain_text
from pubkit.render import exchange, front
from pubkit.render.exchange import paragraph, string
from pubkit.render.model import Edition

__all__ = ["render"]

_COLUMNS = 78
_RULE: Node = {"t": "HorizontalRule"}


def render(edition: Edition) -> bytes:
    """Return the edition as plain text, UTF-8, with line feeds.

    Raises:
        InputRefused: a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    tree = exchange.prepared(edition)
    notes = _taken_notes(tree)
    text, references = exchange.references_last(tree["blocks"])
    heading = _heading(labels_for(edition.publication.lang)["notes"])
    tree["blocks"] = [
        *_title(edition),
        *exchange.before_text(edition, _ruled_off(edition.disclaimers)),
        *text,
        *([heading, *notes] if notes else []),
        *references,
        *exchange.after_text(edition),
    ]
    _write_out(tree["blocks"])
    written = pandoc.convert(tree, "plain", [f"--columns={_COLUMNS}"]).decode()
    return ("\n".join(line.rstrip() for line in written.strip("\n").split("\n")) + "\n").encode()


def _title(edition: Edition) -> Iterator[Node]:
    publication = edition.publication
    yield _heading(publication.title)
    for line in (publication.subtitle, "; ".join(map(front.person, publication.authors)), exchange.dateline(edition)):
        if line:
            yield paragraph(string(line))


def _heading(text: str) -> Node:
    return {"t": "Header", "c": [1, ["", [], []], [string(text)]]}


def _ruled_off(disclaimers: tuple[DisclaimerBlock, ...]) -> Iterator[Node]:
    """Yield the disclaimers between rules."""
    for block in disclaimers:
        yield from (_RULE, paragraph(string(block.heading)), *exchange.notice(block))
    if disclaimers:
        yield _RULE


def _taken_notes(tree: Tree) -> list[Node]:
    """Put a mark in the place of each note; the notes, each behind its mark, in the order of the marks."""
    notes: list[Node] = []
    pending: list[Any] = [tree["blocks"]]
    number = 0
    while pending:
        for siblings in inline_lists(pending.pop(0)):
            for index, node in enumerate(siblings):
                if node["t"] == "Note":
                    number += 1
                    mark, blocks = string(f"[*{number}]"), node["c"]
                    siblings[index] = string(f"\u00a0[*{number}]")
                    opens = bool(blocks) and blocks[0]["t"] in {"Para", "Plain"}
                    first = [mark, {"t": "Space"}, *blocks[0]["c"]] if opens else [mark]
                    pending.append([paragraph(*first), *blocks[opens:]])
                    notes += pending[-1]
    return notes


def _write_out(blocks: list[Node]) -> None:
    """Write out what the plain-text writer would drop: citations' brackets, addresses, captions, lines below headings."""
    for node in nodes(blocks):
        if node["t"] == "Cite":
            node["c"][1] = [part for one in node["c"][1] for part in _lowered(one)]
    for siblings in inline_lists(blocks):
        siblings[:] = [part for node in siblings for part in _in_words(node)]


def _lowered(inline: Node) -> list[Node]:
    """Return a raised number as one in brackets."""
    return [string("["), *inline["c"], string("]")] if inline["t"] == "Superscript" else [inline]


def _in_words(node: Node) -> Iterator[Node]:
    content: Any = node.get("c")
    match node["t"]:
        case "Str" if " " in content:
            first, *others = content.split(" ")
            yield string(first)
            for word in others:
                yield from ({"t": "Space"}, string(word))
        case "Link":
            yield from (part for inner in content[1] for part in _in_words(inner))
            target = content[2][0]
            if not target.startswith(("#", "tel:")) and not _is_shown(plain_text(content[1]), target):
                yield from ({"t": "Space"}, string(f"<{target}>"))
        case "Image" if not content[1]:
            pass
        case "Header":
            inlines = [part for inline in content[2] for part in _in_words(inline)]
            line = ("=" if content[0] == 1 else "-") * min(_COLUMNS, len(plain_text(inlines)))
            yield from (
                {"t": "Header", "c": [content[0], ["", [], []], []]},
                {"t": "LineBlock", "c": [inlines, [string(line)]]},
            )
        case "Figure":
            yield from (*content[2], *content[1][1])
        case "Table":
            caption, content[0], content[1] = content[1][1], ["", [], []], [None, []]
            yield from (*caption, node)
        case _:
            yield node


def _is_shown(words: str, target: str) -> bool:
    """Return whether the words of a link already show where it leads: the address itself, or a DOI."""
    bare = target.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
    return words in {target, bare, f"{bare}/"} or (words.startswith("10.") and target.endswith(f"/{words}"))
