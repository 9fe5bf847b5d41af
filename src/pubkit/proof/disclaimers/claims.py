"""The statements tied to a disclaimer, looked for in a finished file: each must have the symbol that leads to it.

21 CFR 101.93(d): a symbol at the end of each statement, the same symbol at the disclaimer, and the disclaimer on each
page. Words are compared as letters and digits only, so that hyphens, quotation marks and capitals do not matter.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.findings import Finding
from pubkit.language.folding import letters, normalise
from pubkit.proof.disclaimers.css import sight
from pubkit.proof.disclaimers.css.media import Medium
from pubkit.proof.disclaimers.measure import fault
from pubkit.proof.disclaimers.page import Page, ancestors, judge
from pubkit.proof.rules import PRF072

__all__ = ["linked", "printed"]

#: How many characters of a statement a message shows.
_SHOWN = 60


def printed(
    texts: Sequence[str], block: DisclaimerBlock, own: int, sound: Sequence[int], file: str
) -> Iterator[Finding]:
    """Yield what is wrong with the statements in a PDF whose pages read `texts`.

    Args:
        texts: the text of each page, from the first.
        block: the disclaimer to which its `claims` are tied.
        own: how many of the symbols are those of the disclaimer itself.
        sound: the pages, from 0, on which the disclaimer is correct.
        file: the file's name, for messages.
    """
    if not block.claims:
        return
    pages = [_with_marks(text, block.marker) for text in texts]
    count = sum(page.count(block.marker) for page in pages) - own
    if count < len(block.claims):
        yield _untied(
            block, file, f"{len(block.claims)} statements are tied to it, but {max(count, 0)} marks are printed."
        )
    for words, times in collections.Counter(block.claims).items():
        wanted = letters(words) + block.marker
        found = sum(page.count(wanted) for page in pages)
        begun = list(_broken(pages, words, block.marker)) if found < times else []
        if letters(words) and found + len(begun) < times:
            yield _untied(block, file, f"the statement “{words[:_SHOWN]}” is not printed with its {block.marker}.")
        for page in begun:
            if page not in sound:
                message = f"the statement “{words[:_SHOWN]}” begins on page {page + 1}, which lacks the disclaimer."
                yield _untied(block, file, message)


def _broken(pages: Sequence[str], words: str, marker: str) -> Iterator[int]:
    """Yield the pages, from 0, on which a statement begins that ends on the next one."""
    wanted = letters(words) + marker
    for number in range(len(pages) - 1):
        cuts = range(len(wanted) - 2, 0, -1)
        if any(wanted[:cut] in pages[number] and wanted[cut:] in pages[number + 1] for cut in cuts):
            yield number


def linked(pages: Iterable[Page], block: DisclaimerBlock, file: str, media: tuple[Medium, ...]) -> Iterator[Finding]:
    """Yield what is wrong with the statements in a web page, or in the content documents of a book.

    The symbol after each statement must be visible and lead to the disclaimer in the same document, which must be
    correct there.
    """
    if not block.claims:
        return
    found = ""
    for page in pages:
        marks = {link.etree_element for link in _marks(page, block) if _seen(page, link, block, media)}
        text: list[str] = []
        _read(page.root.etree_element, marks, block.marker, text)
        found += "".join(text)
        targets = {mark.get("href")[1:] for mark in marks} - {block.identifier}
        for identifier in sorted(targets):
            yield from judge(page, page.find(identifier)[0], block, file, media)[0]
    for words, times in collections.Counter(block.claims).items():
        if found.count(letters(words) + block.marker) < times:
            message = f"the statement “{words[:_SHOWN]}” has no {block.marker} that leads to it on the same page."
            yield _untied(block, file, message)
    if found.count(block.marker) < len(block.claims):
        yield _untied(
            block,
            file,
            f"{len(block.claims)} statements are tied to it, but {found.count(block.marker)} links lead to it.",
        )


def _marks(page: Page, block: DisclaimerBlock) -> Iterator[Any]:
    """Yield the links that show the symbol and lead to the disclaimer, or to a copy of it, on the same page."""
    for element in page.root.iter_subtree():
        node = element.etree_element
        target = (node.get("href") or "") if element.local_name == "a" else ""
        leads = target.startswith(f"#{block.identifier}") and len(page.find(target[1:])) == 1
        if leads and normalise("".join(node.itertext())) == block.marker:
            yield element


def _seen(page: Page, link: Any, block: DisclaimerBlock, media: tuple[Medium, ...]) -> bool:
    path = [*ancestors(link), link]
    if any(node.etree_element.get(name) is not None for node in path for name in ("hidden", "style")):
        return False
    looks = [cascade.styled(link) for cascade in page.sheet.cascades(media, path)]
    return not any(
        any(sight.hidden(look)) or sight.contrast_of(look, page.schemes) < block.typography.contrast for look in looks
    )


def _read(node: Any, marks: set[Any], marker: str, text: list[str]) -> None:
    """Add the letters of `node` to `text`, and the symbol for each of `marks`."""
    if node in marks:
        text.append(marker)
        return
    if not isinstance(node.tag, str) or node.tag.rpartition("}")[2] in {"head", "script", "style"}:
        return
    text.append(letters(node.text or ""))
    for child in node:
        _read(child, marks, marker, text)
        text.append(letters(child.tail or ""))


def _with_marks(text: str, marker: str) -> str:
    return marker.join(letters(part) for part in text.split(marker))


def _untied(block: DisclaimerBlock, file: str, message: str) -> Finding:
    return fault(PRF072, block, file, message, "Print the symbol after the statement, and the disclaimer on its page.")
