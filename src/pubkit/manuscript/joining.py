"""Chapters made one text: every id unique, and links between chapters leading to ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from pubkit.expressions import expression
from pubkit.manuscript import crossref, tree
from pubkit.manuscript.chapter import Chapter
from pubkit.manuscript.outline import Outline
from pubkit.manuscript.paths import linked_chapter

__all__ = ["joined"]

#: What tools differ in when they make an id of a heading: pandoc leaves out the number before it, GitHub dots within it.
_SLUG = expression(r"^\d+(?=\D)|[\W_]+")


def joined(chapters: Sequence[Chapter], outlines: Sequence[Outline]) -> list[tree.Block]:
    """Return all chapters as one list of blocks, in which every id is unique and links between chapters lead to ids."""
    taken: set[str] = set()
    renamed: dict[str, dict[str, str]] = {}
    for chapter in chapters:
        renamed[chapter.source.path] = _rename_taken(chapter.blocks, taken)
    starts = _Starts(chapters, taken, renamed)
    for chapter, found in zip(chapters, outlines, strict=True):
        _redirect(chapter, found, starts)
    return [block for chapter in chapters for block in chapter.blocks]


def _slug(identifier: str) -> str:
    return _SLUG.sub("", _SLUG.sub("", identifier.lower()))


class _Starts:
    """The ids to which links lead: those of headings, and of the beginnings of chapters.

    A chapter that begins without a heading is given an id when it is asked for.
    """

    def __init__(self, chapters: Sequence[Chapter], taken: set[str], renamed: Mapping[str, Mapping[str, str]]) -> None:
        self._renamed = renamed
        self._slugs: dict[str, dict[str, str]] = {}
        self._chapters = {chapter.source.path: chapter for chapter in chapters}
        self.paths = frozenset(self._chapters)
        self._taken = taken

    def __getitem__(self, path: str) -> str:
        blocks = self._chapters[path].blocks
        match blocks:
            case [tree.Header() | tree.Div() as first, *_] if first.attr.identifier:
                return first.attr.identifier
        names = (f"chapter-{count}" for count in range(1, 1_000_000))
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        blocks[:1] = [tree.Div((tree.Attr(name), blocks[:1]))]
        return name

    def meant(self, path: str, identifier: str) -> str:
        """Return the id that a link to `identifier` in the chapter `path` means: as written, or as another tool makes it."""
        identifier = self._renamed[path].get(identifier, identifier)
        if identifier in self._taken or not identifier:
            return identifier
        if path not in self._slugs:
            headers = [one.attr.identifier for one in tree.every(tree.Header, self._chapters[path].blocks)]
            self._slugs[path] = {_slug(one): one for one in reversed(headers)}
        return self._slugs[path].get(_slug(identifier), identifier)


def _rename_taken(blocks: list[tree.Block], taken: set[str]) -> dict[str, str]:
    """Add a number to ids that an earlier chapter has used; return the new id of each.

    Labels that are mentioned by number stay: a label that occurs twice is a mistake, which a rule reports.
    """
    renamed: dict[str, str] = {}
    used: set[str] = set()
    attrs = list(filter(None, map(tree.attributes, tree.attributed(blocks))))
    known = taken | {attr.identifier for attr in attrs}
    for attr in attrs:
        identifier = attr.identifier
        if identifier in taken and not crossref.is_label(identifier):
            fresh = (f"{identifier}-{count}" for count in range(2, 1_000_000))
            attr.identifier = renamed.setdefault(identifier, next(name for name in fresh if name not in known))
        used.add(attr.identifier)
    taken |= used - {""}
    return renamed


def _redirect(chapter: Chapter, found: Outline, starts: _Starts) -> None:
    """Let the links of a chapter lead to the ids as they are now, and those to other chapters into them."""
    own = chapter.source.path
    targets: dict[str, str] = {}
    for link in tree.every(tree.Link, chapter.blocks):
        target = link.target.url
        if target not in targets:
            targets[target] = _redirected(own, target, starts)
        link.target.url = targets[target]
    found.links = [replace(link, target=targets.get(link.target, link.target)) for link in found.links]


def _redirected(own: str, target: str, starts: _Starts) -> str:
    path, identifier = (own, target[1:]) if target.startswith("#") else ("", "")
    if linked := linked_chapter(own, target, starts.paths):
        path, identifier = linked
    if not path:
        return target
    return f"#{starts.meant(path, identifier) or starts[path]}"
