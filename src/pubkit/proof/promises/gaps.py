"""Signs of something missing in a finished file: a key instead of a citation, words instead of a picture.

A draft may show both, because its author is still at work; a finished file that shows one is refused. The rules refuse
such a text before it is printed; this second net looks at the tree that was printed and at the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Location
from pubkit.proof.markup import Page, inner_text, name
from pubkit.proof.promises.contents import Contents
from pubkit.proof.rules import PRF113, PRF115
from pubkit.render.model import Edition

__all__ = ["gaps_in_pages", "gaps_in_text"]

#: What reading a manuscript puts in the place of a picture that cannot be shown.
_IN_PLACE_OF_A_PICTURE = "[Picture missing]"


def gaps_in_pages(pages: Iterable[Page], edition: Edition, contents: Contents, location: Location) -> Iterator[Finding]:
    """Yield a finding for each key printed for a citation, and for words printed for a picture, in pages of markup.

    Args:
        pages: the pages of the finished file.
        edition: what was printed; nothing is asked of a draft.
        contents: what its tree promises, and the gaps in the tree itself.
        location: where findings point.
    """
    if edition.draft:
        return
    keys = list(contents.unresolved)
    replaced = 0
    for page in pages:
        for element in page.elements:
            classes = (element.get("class") or "").split()
            replaced += "missing-picture" in classes
            if "citation" in classes:
                shown = [inner_text(part) for part in element.iter() if name(part) in {"strong", "b"}]
                keys += [text[:-1] for text in shown if text.endswith("?") and text[:-1] in contents.cited]
    yield from _findings(keys, max(replaced, contents.replaced_pictures), location)


def gaps_in_text(text: str, edition: Edition, contents: Contents, location: Location) -> Iterator[Finding]:
    """Yield the same for `text`, that of all pages of a PDF, where only the words of a citation are left."""
    if edition.draft:
        return
    known = {item.id for item in edition.cited}
    keys = [key for key in sorted(contents.cited - known) if f"{key}?" in text]
    replaced = max(contents.replaced_pictures, text.count(_IN_PLACE_OF_A_PICTURE))
    yield from _findings([*contents.unresolved, *keys], replaced, location)


def _findings(keys: Iterable[str], replaced: int, location: Location) -> Iterator[Finding]:
    for key in dict.fromkeys(keys):
        message = f"A citation was printed as “{printable(key, 60)}?”: the bibliography has no such entry."
        yield PRF115.at(location, message)
    if replaced:
        message = f"{replaced} pictures are missing; words were printed in their place."
        yield PRF113.at(location, message if replaced > 1 else "A picture is missing; words were printed in its place.")
