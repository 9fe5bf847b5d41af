"""The finished web page: complete, safe, correct, and with the whole tree, in its order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pubkit.boundary.files import printable
from pubkit.boundary.xml import Element
from pubkit.boundary.xml import page as parsed_page
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.language.labels import labels_for
from pubkit.proof.markup import Page, internal_links, missing, words
from pubkit.proof.promises.contents import promised
from pubkit.proof.promises.gaps import gaps_in_pages
from pubkit.proof.promises.sequence import few
from pubkit.proof.rules import PRF100, PRF101, PRF102, PRF103, PRF105, PRF108, PRF109, PRF116
from pubkit.render.front import beside
from pubkit.render.model import Edition

__all__ = ["prove"]

_END = re.compile(rb"</body>\s*</html>\s*$", re.IGNORECASE)
_START = re.compile(rb"^\s*<!doctype html>", re.IGNORECASE)
_ALWAYS_THERE = frozenset({"", "top"})


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """Yield a finding for each promise that the web page `data` does not keep.

    Args:
        data: the file.
        edition: what it was written from.
        file: its name, for findings.
    """
    location = Location(file)
    broken = list(_unreadable(data, location))
    yield from broken
    if broken:
        return
    page = Page(parsed_page(data), location, whole=True)
    yield from few(page.safe())
    yield from few(page.sound())
    yield from _statements(page, edition)
    yield from _policy(page)
    yield from few(_dangling(page, {*beside(edition).values()}))
    contents = promised(edition.tree)
    yield from few(missing([page], contents, location))
    yield from few(gaps_in_pages([page], edition, contents, location))


def _unreadable(data: bytes, location: Location) -> Iterator[Finding]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield PRF100.at(location, f"The page is not UTF-8 at byte {error.start}.")
        return
    if not _START.match(data):
        yield PRF100.at(location, "The page does not begin with <!DOCTYPE html>.")
    if not _END.search(data[-200:]):
        yield PRF100.at(location, "The page does not end with </body></html>, so part of it is missing.")


def _statements(page: Page, edition: Edition) -> Iterator[Finding]:
    """Yield what is wrong with the language, title, main part, title heading and draft mark."""
    publication, labels = edition.publication, labels_for(edition.publication.lang)
    lang = page.root.get("lang")
    if lang != publication.lang:
        yield PRF101.at(page.location, f"The page's lang is {lang!r}, not {publication.lang!r}.")
    title = " ".join("".join(element.text or "" for element in page.all("title")[:1]).split())
    if letters(publication.title) not in letters(title):
        shown = printable(publication.title)
        yield PRF101.at(page.location, f"The page's title is not that of the publication: “{shown}”")
    for kind, elements in (("main", page.all("main")), ("h1", page.all("h1"))):
        if len(elements) != 1:
            yield PRF116.at(page.location, f"The page has {len(elements)} <{kind}> elements, not one.")
    if page.all("h1") and letters(publication.title) not in letters(words(page.all("h1")[0])):
        yield PRF116.at(page.location, "The page's first heading is not the publication's title.")
    banner = letters(labels["draft-banner"])
    if edition.draft and banner not in letters("".join(words(main) for main in page.all("main"))):
        yield PRF108.at(page.location, "The page is not marked as a draft.")


def _policy(page: Page) -> Iterator[Finding]:
    """Yield what is wrong with the Content Security Policy, which must come first in the head and allow nothing more."""
    head = [element for element in page.all("head") for element in element]
    places = [index for index, element in enumerate(head) if _is_policy(element)]
    if not places:
        yield PRF109.at(page.location, "The page has no Content Security Policy in its head.")
        return
    if any(element.tag in {"script", "style", "link"} for element in head[: places[0]]):
        yield PRF109.at(page.location, "The Content Security Policy comes after content that it should govern.")
    rules = _directives(head[places[0]].get("content") or "")
    if rules.get("default-src") != {"'none'"}:
        yield PRF109.at(page.location, "The Content Security Policy does not begin with default-src 'none'.")
    for directive in ("base-uri", "form-action"):
        if rules.get(directive) != {"'none'"}:
            yield PRF109.at(page.location, f"The Content Security Policy lacks {directive} 'none'.")
    for directive, sources in rules.items():
        if directive.startswith("script-src") and sources - {"'none'"} and not all(map(_is_digest, sources)):
            yield PRF102.at(page.location, "The Content Security Policy lets scripts run.")
        if any(source == "*" or source.rstrip(":") in {"http", "https"} or "." in source for source in sources):
            message = f"The Content Security Policy lets {printable(directive)} load from the web."
            yield PRF103.at(page.location, message)


def _is_policy(element: Element) -> bool:
    return element.tag == "meta" and (element.get("http-equiv") or "").lower() == "content-security-policy"


def _directives(policy: str) -> dict[str, set[str]]:
    parts = [part.split() for part in policy.lower().split(";")]
    return {part[0]: set(part[1:]) for part in reversed(parts) if part}


def _is_digest(source: str) -> bool:
    return source.startswith(("'sha256-", "'sha384-", "'sha512-"))


def _dangling(page: Page, known_files: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each link to a place that is not in the page, or to none of the files that lie beside it."""
    known = page.identifiers
    for link, target in internal_links(page):
        shown = printable(words(link).strip() or target, 60)
        if target in known_files:
            continue
        if not target.startswith("#"):
            message = f"The link “{shown}” goes to a file that does not exist: {printable(target, 60)}"
            yield PRF105.at(page.location, message)
        elif target[1:] not in known and target[1:] not in _ALWAYS_THERE:
            message = f"The link “{shown}” has no target: {printable(target, 60)}"
            yield PRF105.at(page.location, message)
