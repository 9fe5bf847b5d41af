"""The finished EPUB: a valid container, a true package document, and pages with the whole tree, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pubkit.boundary.files import printable
from pubkit.boundary.xml import Element, NotXml, long_document
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.language.labels import labels_for
from pubkit.manuscript.drawings import MEDIA_TYPE
from pubkit.proof.accessibility import untrue
from pubkit.proof.markup import (
    Page,
    drawing_that_runs,
    inner_text,
    internal_links,
    missing,
    name,
    style_sheet,
    words,
)
from pubkit.proof.package import Package, opened, resolved, unsound
from pubkit.proof.promises.contents import Contents, promised
from pubkit.proof.promises.gaps import gaps_in_pages
from pubkit.proof.promises.sequence import few
from pubkit.proof.rules import PRF100, PRF101, PRF105, PRF108, PRF202, PRF203
from pubkit.render.model import Edition

__all__ = ["prove"]

_XHTML = "application/xhtml+xml"


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """Yield a finding for each promise that the EPUB `data` does not keep.

    Args:
        data: the file.
        edition: what it was written from.
        file: its name, for findings.
    """
    location = Location(file)
    files, broken = opened(data, location)
    yield from broken
    if files is None:
        return
    package = Package.read(files)
    if package is None:
        yield PRF100.at(location, "The book has no package document that can be read.")
        return
    yield from unsound(package, files, edition, location)
    pages: dict[str, Page] = {}
    for path in package.of_type(_XHTML):
        page = _page(path, files, location)
        if isinstance(page, Finding):
            yield page
        else:
            pages[path] = page
    for page in pages.values():
        yield from few(page.safe())
        yield from few(page.sound())
        yield from _language(page, edition)
    for path in package.of_type("text/css"):
        yield from few(style_sheet(files.get(path, b"").decode("utf-8", "replace"), location, inside=True))
    for path in package.of_type(MEDIA_TYPE):
        yield from drawing_that_runs(files.get(path, b""), location)
    yield from few(_dangling(pages, files, location))
    spine = [pages[path] for path in package.spine if path in pages]
    text = [pages[path] for path in package.spine if path in pages and path != package.navigation]
    contents = promised(edition.tree)
    yield from few(missing(text, contents, location))
    yield from few(gaps_in_pages(text, edition, contents, location))
    yield from _navigation(package, pages, contents, location)
    yield from untrue(package, spine, contents, files, location)
    yield from _draft_mark(text, edition, location)


def _page(path: str, files: Mapping[str, bytes], location: Location) -> Page | Finding:
    try:
        root = long_document(files[path])
    except NotXml as error:
        return PRF202.at(location, f"{printable(path)} is not well-formed XML: {printable(str(error))}")
    except KeyError:
        return PRF202.at(location, f"{printable(path)} is listed in the package but is not in the book.")
    if root.tag != "{http://www.w3.org/1999/xhtml}html":
        return PRF202.at(location, f"{printable(path)} is not an XHTML page.")
    return Page(root, location, whole=False)


def _language(page: Page, edition: Edition) -> Iterator[Finding]:
    lang = edition.publication.lang
    said = (page.root.get("lang"), page.root.get("{http://www.w3.org/XML/1998/namespace}lang"))
    if said != (lang, lang):
        yield PRF101.at(page.location, f"A page's language is {said[0]!r} and {said[1]!r}, not {lang!r}.")
    if not "".join(map(inner_text, page.all("title")[:1])):
        yield PRF101.at(page.location, "A page has no title.")


def _dangling(pages: Mapping[str, Page], files: Mapping[str, bytes], location: Location) -> Iterator[Finding]:
    """Yield a finding for each link, picture and style sheet without a target, resolved from its own page."""
    identifiers = {path: page.identifiers for path, page in pages.items()}
    for path, page in pages.items():
        for link, target in internal_links(page):
            place, _, fragment = target.partition("#")
            goal = resolved(path, place)
            if goal not in files or (fragment and fragment not in identifiers.get(goal, set())):
                shown = printable(words(link).strip() or target, 60)
                message = f"The link “{shown}” in {printable(path)} has no target: {printable(target, 60)}"
                yield PRF105.at(location, message)
        for element in page.all("img", "link"):
            target = element.get("src") or element.get("href") or ""
            if resolved(path, target) not in files:
                message = f"{printable(path)} refers to a file that is not in the book: {printable(target, 60)}"
                yield PRF105.at(location, message)


def _navigation(
    package: Package, pages: Mapping[str, Page], contents: Contents, location: Location
) -> Iterator[Finding]:
    """Yield a finding for each first-level heading that the table of contents lacks, or that its entry does not reach."""
    page = pages.get(package.navigation)
    if page is None:
        yield PRF203.at(location, "The book has no table of contents (nav).")
        return
    listed = [element for element in page.all("nav") if "toc" in (element.get(_EPUB_TYPE) or "").split()]
    links = [link for nav in listed for link in nav.iter() if name(link) == "a"]
    lines = [letters(inner_text(link)) for link in links]
    cursor = 0
    for heading in contents.headings:
        if heading.level > 1 or not heading.listed or not heading.sectional:
            continue
        wanted = letters(heading.parts[0])
        place = next((index for index in range(cursor, len(lines)) if lines[index].startswith(wanted)), None)
        if place is None:
            shown = printable(heading.text, 80)
            yield PRF203.at(location, f"The table of contents does not list “{shown}”, or lists it in the wrong place.")
            continue
        cursor = place + 1
        if not _leads_to(links[place], wanted, package.navigation, pages):
            shown = printable(heading.text, 80)
            yield PRF203.at(location, f"The entry “{shown}” in the table of contents leads to another place.")


_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


def _leads_to(link: Element, wanted: str, path: str, pages: Mapping[str, Page]) -> bool:
    """Return whether the target of `link` begins with the letters `wanted`."""
    place, _, fragment = (link.get("href") or "").partition("#")
    goal = pages.get(resolved(path, place))
    if goal is None:
        return False
    target = next((one for one in goal.elements if one.get("id") == fragment), None) if fragment else goal.root
    return target is not None and wanted in letters(words(target))[: len(wanted) + 200]


def _draft_mark(pages: Sequence[Page], edition: Edition, location: Location) -> Iterator[Finding]:
    """Yield a finding if pages of a draft do not say that they are; a reader may open the book anywhere."""
    if not edition.draft:
        return
    banner = letters(labels_for(edition.publication.lang)["draft-banner"])
    unmarked = [page for page in pages if letters(words(page.root)) and banner not in letters(words(page.root))]
    if unmarked:
        message = f"{len(unmarked)} of the book's {len(pages)} parts do not say that it is a draft."
        yield PRF108.at(location, message)
