"""Ids that cannot stay: those that pubkit uses itself, and those of headings that an author gave to other parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from pubkit.expressions import expression
from pubkit.manuscript import tree
from pubkit.manuscript.policy import is_reserved, is_reserved_class

__all__ = ["free_reserved_names", "free_typed_names", "rename_headings", "unname_alternatives"]

#: The ids that an author has typed, as an attribute of Markdown or of HTML.
_TYPED_ID = expression(r"(?:#|\bid\s*=\s*[\"']?)([\w.:-]+)(?=[\s}\"'>])")
_NOT_IN_ID = expression(r"[^\w\s.-]")
#: The ids and classes of reference lists and notes, as pandoc makes them.
_OF_LISTS = expression(r"refs|ref-.*|fn[0-9]+|fnref[0-9]+|footnotes")
_CLASS_OF_LISTS = expression(r"csl-.*|references|footnotes?")


def free_reserved_names(blocks: list[tree.Block]) -> None:
    """Give the ids of another tool's manuscript names that pubkit does not use itself, in links as well; drop such classes.

    Such ids come from a reference list that a run has left in the text; it stays, as the text that it is.
    """
    for node in tree.attributed(blocks):
        attr = tree.attributes(node)
        if attr is None or (isinstance(node, tree.Div) and not node.content):
            continue
        if _OF_LISTS.fullmatch(attr.identifier):
            attr.identifier = f"own-{attr.identifier}"
        attr.classes = [
            name for name in attr.classes if not (_CLASS_OF_LISTS.fullmatch(name) or is_reserved_class(name))
        ]
    _lead_elsewhere(blocks, lambda name: _OF_LISTS.fullmatch(name) is not None)


def rename_headings(blocks: list[tree.Block], text: str) -> None:
    """Rename headings whose words make an id that is reserved for pubkit, such as "Footnotes"; nobody has typed that id."""
    reserved = [header for header in tree.every(tree.Header, blocks) if is_reserved(header.attr.identifier)]
    typed = frozenset(_TYPED_ID.findall(text)) if reserved else frozenset()
    renamed = {header.attr.identifier for header in reserved} - typed
    for header in reserved:
        if header.attr.identifier in renamed:
            header.attr.identifier = f"own-{header.attr.identifier}"
    if renamed:
        _lead_elsewhere(blocks, renamed.__contains__)


def free_typed_names(blocks: list[tree.Block], text: str) -> None:
    """Rename headings whose words make an id that an author has given, once, to something else in the same chapter."""
    ids = Counter(filter(None, map(tree.identifier, tree.attributed(blocks))))
    typed = Counter(_TYPED_ID.findall(text)) if max(ids.values(), default=0) > 1 else Counter()
    for header in tree.every(tree.Header, blocks):
        name = header.attr.identifier
        made = "-".join(_NOT_IN_ID.sub("", tree.plain_text(header.content).lower()).split())
        if ids[name] > 1 and name == made and typed[name] == 1:
            ids[name] -= 1
            header.attr.identifier = f"own-{name}"


def unname_alternatives(blocks: list[tree.Block]) -> None:
    """Take the ids off the words of pictures, in place: they are alternative text, and the caption repeats them."""
    for image in tree.every(tree.Image, blocks):
        for node in tree.attributed(image.content):
            if (attr := tree.attributes(node)) is not None:
                attr.identifier = ""


def _lead_elsewhere(blocks: list[tree.Block], is_renamed: Callable[[str], bool]) -> None:
    """Let the links to renamed ids follow them."""
    for link in tree.every(tree.Link, blocks):
        if link.target.url.startswith("#") and is_renamed(link.target.url[1:]):
            link.target.url = f"#own-{link.target.url[1:]}"
