"""One page of HTML or XHTML, and what a reader sees of a disclaimer on it.

The page is parsed as browsers do, its style sheets are worked out for a phone and a desk screen, light and dark, and for
paper, and the disclaimer's element, its ancestors and each run of its text are judged in all of them. No browser is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct, field, structs
from tinycss2.ast import Declaration

from pubkit.catalogue import Entry
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.findings import Finding
from pubkit.language.folding import normalise
from pubkit.proof.css import visibility
from pubkit.proof.css.cascade import Cascade, Styled
from pubkit.proof.css.media import ENVIRONMENTS, Environment
from pubkit.proof.css.sheets import Sheet, Unread, data_url, declarations, read
from pubkit.proof.css.shown import chain, weight, word
from pubkit.proof.measure import fault
from pubkit.proof.rules import PRF061, PRF063, PRF064, PRF065, PRF066, PRF067, PRF068, PRF070, PRF071

__all__ = ["Page", "Seen", "judge", "opened", "written_text"]

Element = Any
#: Twelve CSS pixels are nine points: with an x-height of 0.45 of its size, the smallest type that reaches the 1.2 mm which
#: Regulation (EU) No 1169/2011, Article 13(2), asks for, with a margin for fonts of small x-height.
_SMALLEST = 12.0
#: The size from which the lowercase "o" is 1/16 inch high in all 42 bold faces that were measured: 10.02 points.
_STATUTORY = 10.02 * 96 / 72
_CLOSED = {"details": "open", "dialog": "open"}
_UNSEEN = {
    *("script", "style", "template", "noscript", "head", "title", "iframe", "object", "svg", "math", "select"),
    *("textarea", "datalist", "video", "audio", "canvas", "picture", "option", "button", "map"),
}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "h1", "h2", "h3"),
    *("h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "section", "table", "td", "th", "tr", "ul"),
}
_COVERING = {"position", "margin", "margin-top", "margin-block", "margin-block-start", "inset", "all"}
_LINES = ("first-line", "first-letter")


class Page(Struct):
    """A parsed page with its styles. `scripted` tells that a script could change it once it is opened; `suspects` are
    elements, and pseudo-elements, that could lie over others; `identified` are its elements by their id.
    """

    root: Element
    sheet: Sheet
    schemes: tuple[str, ...] = ()
    scripted: bool = False
    suspects: list[tuple[Element, str | None]] = field(default_factory=list)
    identified: dict[str, list[Element]] = field(default_factory=dict)
    _cascades: dict[Environment, Cascade] = field(default_factory=dict)

    def cascades(self, environments: Sequence[Environment]) -> list[Cascade]:
        """The styles in each of `environments`; open conditions are met only where that makes a difference."""
        for environment in environments:
            if environment not in self._cascades:
                self._cascades[environment] = Cascade(self.sheet, environment, self.schemes)
        wanted = [self._cascades[environment] for environment in environments]
        plain = {cascade.environment: cascade.active for cascade in wanted if not cascade.environment.uncertain}
        return [
            cascade
            for cascade in wanted
            if not cascade.environment.uncertain
            or plain.get(structs.replace(cascade.environment, uncertain=False)) != cascade.active
        ]

    def find(self, identifier: str) -> list[Element]:
        """Every element with the id `identifier`."""
        return self.identified.get(identifier, [])


class Seen(Struct, frozen=True):
    """The lowest contrast and the smallest type, in CSS pixels, in which a disclaimer's text is seen in any environment."""

    contrast: float
    font_size: float


def opened(root: Element, importer: Callable[[str], str] | None = None) -> Page:
    """The page below `root` (a cssselect2 element), its style sheets read.

    Args:
        root: the wrapped root element, without comments and processing instructions.
        importer: gives the text of a linked style sheet by its address, raising `Unread`; data: addresses need none.
    """
    page = Page(root, Sheet())

    def fetched(address: str) -> str:
        if address.lower().startswith("data:") or importer is None:
            return data_url(address)
        return importer(address)

    for element in root.iter_subtree():
        tag, node = element.local_name, element.etree_element
        if node.get("id"):
            page.identified.setdefault(node.get("id"), []).append(element)
        if tag == "style":
            read(page.sheet, "".join(node.itertext()), fetched, node.get("media") or "")
        elif tag == "link" and "stylesheet" in (node.get("rel") or "").lower().split():
            _link(page, node, fetched)
        elif tag == "script" and (node.get("type") or "").lower() not in {"application/ld+json", "application/json"}:
            page.scripted = True
        elif tag == "meta" and (node.get("name") or "").lower() == "color-scheme":
            page.schemes = tuple((node.get("content") or "").lower().split())
    page.suspects = list(_suspects(page))
    return page


def _link(page: Page, node: Element, fetched: Callable[[str], str]) -> None:
    if "alternate" in node.get("rel").lower().split():
        return
    try:
        read(page.sheet, fetched(node.get("href") or ""), fetched, node.get("media") or "")
    except Unread as error:
        page.sheet.unread.append(f"the style sheet {error}")


def _suspects(page: Page) -> Iterator[tuple[Element, str | None]]:
    for element in page.root.iter_subtree():
        pseudos = {found for _, found, rule in page.sheet.matched(element) if any(map(_could_cover, rule.declarations))}
        inline = element.etree_element.get("style")
        if inline and any(_could_cover(declaration) for declaration in declarations(inline)):
            pseudos.add(None)
        yield from ((element, pseudo) for pseudo in sorted(pseudos, key=str) if pseudo in {None, "before", "after"})


def _could_cover(declaration: Declaration) -> bool:
    return declaration.lower_name in _COVERING


def written_text(element: Element) -> str:
    """The text of `element` as a reader's program finds it, with a blank where one block ends and another begins."""
    parts: list[str] = []
    _gather(element.etree_element, parts)
    return "".join(parts)


def _gather(node: Element, parts: list[str]) -> None:
    tag = _tag(node)
    block = tag in _BLOCKS
    parts.append(" " if block else "")
    if tag not in _UNSEEN:
        parts.append(node.text or "")
        for child in node:
            _gather(child, parts)
            parts.append(child.tail or "")
    parts.append(" " if block else "")


def _tag(node: Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def judge(
    page: Page,
    element: Element,
    block: DisclaimerBlock,
    file: str,
    environments: Sequence[Environment] = ENVIRONMENTS,
) -> tuple[list[Finding], Seen]:
    """What keeps a reader of `file` from seeing `block`, which stands in `element`; and how it is seen at worst."""
    findings = [*_words(element, block, file), *_markup(element, block, file), *_open_questions(page, block, file)]
    reasons: dict[tuple[Entry, str], Environment] = {}
    worst = Seen(21.0, 1000.0)
    for cascade in page.cascades(environments):
        looked = _Look(page, cascade, element, block)
        for rule, reason in looked.faults():
            reasons.setdefault((rule, reason), cascade.environment)
        worst = Seen(min(worst.contrast, looked.contrast), min(worst.font_size, looked.font_size))
    findings += [
        fault(rule, block, file, f"{reason} {environment}.") for (rule, reason), environment in reasons.items()
    ]
    return findings, structs.replace(worst, contrast=round(worst.contrast, 2), font_size=round(worst.font_size, 2))


def _words(element: Element, block: DisclaimerBlock, file: str) -> Iterator[Finding]:
    found, meant = normalise(written_text(element)), normalise(block.text)
    if found != meant:
        at = next(
            (i for i, (a, b) in enumerate(zip(found, meant, strict=False)) if a != b), min(len(found), len(meant))
        )
        near = found[max(0, at - 20) : at + 40] or "nothing"
        yield fault(PRF061, block, file, f"its words are not those that belong there, from “{near}” on.")


def _markup(element: Element, block: DisclaimerBlock, file: str) -> Iterator[Finding]:
    """Attributes and elements that hide what is in them, on the way to the block and inside it."""
    path, node = [], element
    while node is not None:
        path.append(node)
        node = node.parent
    for node in [*path, *list(element.iter_subtree())[1:]]:
        tag, attributes = node.local_name, node.etree_element
        for name in ("hidden", "inert", "popover"):
            if attributes.get(name) is not None:
                yield fault(PRF063, block, file, f"the attribute {name} on <{tag}> hides it.")
        if (attributes.get("aria-hidden") or "").lower() == "true":
            yield fault(PRF063, block, file, f"aria-hidden on <{tag}> keeps it from screen readers.")
        if tag in _CLOSED and attributes.get(_CLOSED[tag]) is None:
            yield fault(PRF063, block, file, f"it is folded away in a closed <{tag}>.")
        if tag in _UNSEEN or tag in {"bdo", "del", "s", "strike"}:
            yield fault(PRF063, block, file, f"it stands in <{tag}>, which hides or alters it.")


def _open_questions(page: Page, block: DisclaimerBlock, file: str) -> Iterator[Finding]:
    for what in dict.fromkeys(page.sheet.unread):
        yield fault(PRF070, block, file, f"{what} decides how it is seen and cannot be read.")
    if page.scripted:
        yield fault(PRF070, block, file, "a script could change it once the page is open.", "Take the script out.")


class _Look:
    """One look at a disclaimer, in one environment."""

    def __init__(self, page: Page, cascade: Cascade, element: Element, block: DisclaimerBlock) -> None:
        self.page = page
        self.cascade = cascade
        self.element = element
        self.block = block
        self.contrast = 21.0
        self.font_size = 1000.0

    def faults(self) -> Iterator[tuple[Entry, str]]:
        """Each fault as its proof and words for it, to be followed by the environment."""
        moving = self.page.sheet.moving
        whole = self.cascade.styled(self.element)
        for reason in visibility.too_small_for(whole, self.block.text):
            yield PRF064, f"it does not fit into {reason}"
        for runner in self._runs():
            styled = self.cascade.styled(runner)
            for reason in visibility.hidden(styled, moving):
                yield PRF064, f"it is hidden by {reason}"
            if runner is not self.element:
                for reason in visibility.too_small_for(styled, _direct_text(runner)):
                    yield PRF064, f"it does not fit into {reason}"
            yield from self._legible(styled)
            yield from self._first_lines(runner)
        yield from self._statutory(whole)
        yield from self._additions()
        if self._covered():
            yield PRF068, "something lies over it"

    def _runs(self) -> list[Element]:
        """The elements of the block that hold text of their own."""
        return [element for element in self.element.iter_subtree() if _direct_text(element).strip()]

    def _legible(self, styled: Styled) -> Iterator[tuple[Entry, str]]:
        sight = visibility.sight(styled)
        self.contrast = min(self.contrast, sight.contrast)
        self.font_size = min(self.font_size, sight.font_size)
        wanted = self.block.typography.contrast
        if sight.contrast < wanted:
            yield PRF065, f"its contrast is {sight.contrast:.1f} to 1, less than {wanted}"
        if sight.over_picture:
            yield PRF065, "it stands on a picture, so that its contrast cannot be told"
        least = _STATUTORY if self.block.typography.minimum_o_height >= 4.5 else _SMALLEST
        if sight.font_size < least - 0.01:
            yield PRF066, f"its type of {sight.font_size:.1f} pixels is smaller than {least:.1f}"

    def _first_lines(self, element: Element) -> Iterator[tuple[Entry, str]]:
        """::first-line and ::first-letter can hide what stands in them."""
        for name in _LINES:
            pseudo = self.cascade.pseudo(element, name)
            if any(pseudo.own(part) for part in ("color", "font-size", "opacity", "-webkit-text-fill-color", "all")):
                yield from self._legible(pseudo)

    def _statutory(self, styled: Styled) -> Iterator[tuple[Entry, str]]:
        typography = self.block.typography
        if typography.bold and any(weight(self.cascade.styled(element)) < 600 for element in self._runs()):
            yield PRF067, "it is not in bold type"
        if typography.boxed and not visibility.boxed(styled):
            yield PRF071, "no line is drawn around it"

    def _additions(self) -> Iterator[tuple[Entry, str]]:
        for element in self.element.iter_subtree():
            for name in ("before", "after"):
                words = visibility.added_words(self.cascade.pseudo(element, name))
                if words:
                    yield PRF061, f"the style sheet adds words to it: “{words[:60]}”"

    def _covered(self) -> bool:
        path = {link.element.etree_element for link in chain(self.cascade.styled(self.element))}
        inside = {element.etree_element for element in self.element.iter_subtree()}
        for element, pseudo in self.page.suspects:
            node = element.etree_element
            if pseudo is None and (node in path or node in inside):
                continue
            styled = self.cascade.pseudo(element, pseudo) if pseudo else self.cascade.styled(element)
            if pseudo and not styled.tokens("content"):
                continue
            if visibility.covers(styled) and not self._contained(styled, path):
                return True
        return False

    def _contained(self, styled: Styled, path: set[Any]) -> bool:
        """Whether a box out of the flow stays inside an element that does not hold the disclaimer."""
        if word(styled, "position", "static") == "fixed":
            return False
        link = styled.parent
        while link is not None and link.element.etree_element not in path:
            if word(link, "position", "static") != "static":
                return True
            link = link.parent
        return False


def _direct_text(element: Element) -> str:
    node = element.etree_element
    return (node.text or "") + "".join(child.tail or "" for child in node)
