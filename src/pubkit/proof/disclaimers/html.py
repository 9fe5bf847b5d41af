"""The disclaimers looked for in a finished HTML file: their words, their place, and whether a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cssselect2

from pubkit.boundary.xml import browser_page
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.findings import Finding
from pubkit.language.folding import normalise
from pubkit.proof.disclaimers.claims import linked
from pubkit.proof.disclaimers.css.media import Medium
from pubkit.proof.disclaimers.measure import Measure, fault, measure
from pubkit.proof.disclaimers.page import Page, ancestors, judge, opened, written_text
from pubkit.proof.rules import PRF060, PRF061, PRF062

__all__ = ["FRONT_MATTER", "prove"]

#: How many characters of running text may come before a disclaimer: a title, names, dates and an abstract, no more.
FRONT_MATTER = 6000
_MEDIA: tuple[Medium, ...] = ("screen", "print")


def prove(
    data: bytes, blocks: Sequence[DisclaimerBlock], file: str = "index.html"
) -> tuple[list[Finding], list[Measure]]:
    """Return what keeps a reader of an HTML file from seeing the disclaimers `blocks`, and the measures of those found.

    Each block must be in one element with its reserved id, inside <main>, before the text proper, with exactly its
    words, visible on screen and on paper, in type that is large enough and contrasts with its background; statements
    tied to it must have its symbol, as a link to it. `file` is the file's name, for messages. A block without findings
    is proved; nothing is taken on trust from the program that wrote the file.
    """
    root = browser_page(data)
    _without_comments(root)
    page = opened(cssselect2.ElementWrapper.from_html_root(root), "web")
    findings: list[Finding] = []
    measures: list[Measure] = []
    for block in blocks:
        found, taken = _block(page, block, blocks, file)
        findings += found
        measures += taken
    return findings, measures


def _block(
    page: Page, block: DisclaimerBlock, blocks: Sequence[DisclaimerBlock], file: str
) -> tuple[list[Finding], list[Measure]]:
    elements = page.find(block.identifier)
    if not elements:
        return [fault(PRF060, block, file, "it is not in the file.")], []
    findings = []
    if len(elements) > 1:
        findings.append(fault(PRF061, block, file, f"{len(elements)} elements have its id {block.identifier}."))
    element = elements[0]
    main = next((node for node in ancestors(element) if node.local_name == "main"), None)
    if main is None:
        findings.append(fault(PRF062, block, file, "it is outside <main>."))
    else:
        before = _text_before(main, element, {other.identifier for other in blocks})
        if before > FRONT_MATTER:
            findings.append(fault(PRF062, block, file, f"{before:,} characters of text come before it."))
    faults, seen = judge(page, element, block, file, _MEDIA)
    taken = measure(block, "html", file, f"#{block.identifier}", contrast=seen.contrast, font_size=seen.font_size)
    return [*findings, *faults, *linked([page], block, file, _MEDIA)], [taken]


def _text_before(main: Any, element: Any, identifiers: set[str]) -> int:
    """Return how many characters of `main` come before `element`, without the table of contents and disclaimers."""
    count, depth = 0, len(ancestors(main)) + 1
    for node in main.iter_subtree():
        if node.etree_element is element.etree_element:
            return count
        if node.local_name in {"p", "li", "td", "th", "h2", "h3", "dd", "dt", "pre", "figcaption"}:
            path = [*ancestors(node), node][depth:]
            outside = any(step.local_name == "nav" or step.etree_element.get("id") in identifiers for step in path)
            nested = any(step.local_name in {"p", "li", "td", "dd"} for step in path[:-1])
            count += 0 if outside or nested else len(normalise(written_text(node)))
    return count


def _without_comments(root: Any) -> None:
    """Remove comments from the tree, keeping the text after each."""
    for parent in list(root.iter()):
        previous = None
        for child in list(parent):
            if isinstance(child.tag, str):
                previous = child
                continue
            tail = child.tail or ""
            if previous is not None:
                previous.tail = (previous.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
            parent.remove(child)
