"""Citations printed: the tree with every citation and the reference list in the chosen style, by pandoc's citeproc.

Citeproc reads files, and pandoc's sandbox does not cover it. It is therefore given two files that pubkit has written
itself, the items and the style, and a tree whose metadata holds nothing but the language.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from pubkit.boundary import pandoc
from pubkit.language.labels import labels_for, labels_in
from pubkit.manuscript.model import Tree
from pubkit.manuscript.tree import nodes, plain_text

__all__ = ["Printed", "printed"]


class Printed(Struct, frozen=True):
    """The tree with its citations and reference list in place, and the items of that list in their order."""

    tree: Tree
    cited: tuple[Mapping[str, Any], ...]


def printed(
    tree: Tree, items: Mapping[str, Mapping[str, Any]], canonical: Mapping[str, str], style: bytes, lang: str
) -> Printed:
    """Print the citations of `tree`.

    Args:
        tree: the manuscript's tree; it is not changed.
        items: the CSL-JSON item of each key.
        canonical: the key under which a work is printed, for each key of the text; others stand for themselves.
        style: an independent CSL style, as XML.
        lang: the language of the text, such as "en-US".

    Raises:
        PandocError: citeproc could not read the items or the style.
    """
    tree = pandoc.tree_of(json.dumps(tree))  # a copy, made in a tenth of the time that copy.deepcopy takes
    cited = set()
    for node in nodes(tree["blocks"]):
        for one in node["c"][0] if node["t"] == "Cite" else ():
            one["citationId"] = canonical.get(one["citationId"], one["citationId"])
            cited.add(one["citationId"])
    if not cited:
        return Printed(tree, ())
    files = {"items.json": _written(items, cited), "style.csl": style}
    meta: dict[str, Any] = {"lang": {"t": "MetaString", "c": lang}, "link-citations": {"t": "MetaBool", "c": True}}
    # English sets raised numbers after the full stop and the comma (AMA Manual of Style, 11th edition, 3.6).
    labels = labels_in(lang)
    meta["notes-after-punctuation"] = {"t": "MetaBool", "c": labels is not None and labels.notes_after_punctuation}
    options = [
        "--from",
        "json",
        "--to",
        "json",
        "--citeproc",
        "--bibliography={folder}/items.json",
        "--csl={folder}/style.csl",
    ]
    data = json.dumps({**tree, "meta": meta}, ensure_ascii=False).encode("utf-8", "replace")
    done = pandoc.tree_of(pandoc.run(options, data, files))
    _under_heading(done["blocks"], lang)
    return Printed({**done, "meta": {}}, tuple(items[key] for key in _listed(done["blocks"]) if key in items))


def _written(items: Mapping[str, Mapping[str, Any]], cited: Collection[str]) -> bytes:
    """Return the items that are cited, each under its key, as one CSL-JSON file."""
    kept = [{**item, "id": key} for key, item in items.items() if key in cited]
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")


def _under_heading(blocks: list[dict[str, Any]], lang: str) -> None:
    """Give the list that citeproc has put at the end a heading; one that the author has placed has its own."""
    last = blocks[-1] if blocks else {}
    if last.get("t") == "Div" and last["c"][0][0] == "refs" and not _headed(blocks):
        title = labels_for(lang)["references"]
        heading = {"t": "Header", "c": [1, ["references", ["unnumbered"], []], [{"t": "Str", "c": title}]]}
        blocks.insert(len(blocks) - 1, heading)


def _headed(blocks: Sequence[dict[str, Any]]) -> bool:
    """Return whether the reference list at the end already follows a heading."""
    return len(blocks) > 1 and blocks[-2]["t"] == "Header" and bool(plain_text(blocks[-2]["c"][2]))


def _listed(blocks: Sequence[dict[str, Any]]) -> list[str]:
    """Return the keys of the reference list, in its order."""
    return [
        node["c"][0][0].removeprefix("ref-")
        for node in nodes(blocks)
        if node["t"] == "Div" and "csl-entry" in node["c"][0][1]
    ]
