"""The finished JATS file: an article that is complete and in order, states its facts, and loads nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.boundary.xml import Element, NotXml, long_document
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.proof.markup import SAFE_LINK, text_outside
from pubkit.proof.promises.completeness import Reading, incomplete
from pubkit.proof.promises.contents import Kind
from pubkit.proof.promises.sequence import few
from pubkit.proof.rules import PRF100, PRF420, PRF421, PRF422
from pubkit.render.model import Edition

__all__ = ["prove"]

_HREF = "{http://www.w3.org/1999/xlink}href"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,")
#: What is not running text: references in machine-readable form, sources of formulas, alternative texts.
_UNREAD = frozenset({"element-citation", "tex-math", "alt-text", "long-desc", _MATH})


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """Yield a finding for each promise that the JATS file `data` does not keep; `file` is its name, for messages."""
    location = Location(file)
    try:
        root = long_document(data)
    except NotXml as error:
        yield PRF100.at(location, f"The file is not valid XML: {printable(str(error))}")
        return
    front, body = root.find("front"), root.find("body")
    if root.tag != "article" or front is None or body is None:
        yield PRF420.at(location, "The file has no <article> with <front> and <body>.")
        return
    yield from few(_structure(root, location))
    yield from _front_matter(root, front, edition, location)
    yield from few(_links(root, location))
    yield from incomplete(edition, _reading(root, body), location)


def _reading(root: Element, body: Element) -> Reading:
    for table in root.iter("table"):
        table.extend(table.findall("tfoot"))  # comes before the rows here, and after them on a page
    sections = [*_titles(root, "sec"), *(lists := _titles(root, "ref-list"))]
    tables = [sum(1 for _ in table.iter("td", "th")) for table in root.iter("table")]
    return Reading(
        text=" ".join((_words(body), *lists)),
        headings=sections,
        references=" ".join(_words(one) for one in root.iter("ref")),
        notes=[_words(note) for note in root.iterfind("back/fn-group/fn")],
        calls=sum(1 for _ in root.iterfind(".//xref[@ref-type='fn']")),
        tables=tables,
        pictures=[one.findtext("alt-text") or "" for one in root.iter("graphic", "inline-graphic")],
        formulas=sum(1 for _ in root.iter(_MATH)),
        # A caption comes before its figure here, and after it in the tree.
        floating=frozenset({Kind.FIGURE}),
    )


def _titles(root: Element, name: str) -> list[str]:
    """Return the numbers and titles of the elements `name`."""
    return [
        (part.findtext("label") or "") + _words(title)
        for part in root.iter(name)
        if (title := part.find("title")) is not None
    ]


def _words(element: Element) -> str:
    """Return what a reader sees of `element`, without the marks of notes."""
    return text_outside(element, lambda part: part.tag in _UNREAD or part.get("ref-type") == "fn")


def _structure(root: Element, location: Location) -> Iterator[Finding]:
    """Yield a finding for each id that is used twice, and each reference without a target."""
    identifiers = Counter(one.get("id") for one in root.iter() if one.get("id"))
    for identifier, count in identifiers.items():
        if count > 1:
            yield PRF420.at(location, f"The id {printable(str(identifier), 60)} is used twice.")
    for reference in root.iter("xref"):
        target = reference.get("rid", "")
        if target not in identifiers:
            yield PRF420.at(location, f"A reference has no target: {printable(target, 60)}")


def _front_matter(root: Element, front: Element, edition: Edition, location: Location) -> Iterator[Finding]:
    """Yield a finding for each fact of the publication that is not in its element of the front matter."""
    publication = edition.publication
    wanted = [
        ("title", publication.title, "title-group"),
        ("date", publication.dates.published.strftime("%d%m%Y"), "pub-date"),
        ("licence", publication.licence, "permissions"),
        ("funding", publication.funding, "funding-group"),
        ("abstract", publication.abstract, "abstract"),
        *(("authors", part, "contrib-group") for who in publication.authors for part in who.name.split()),
        *(("conflicts", who.conflicts, "author-notes") for who in publication.authors),
    ]
    for name, value, part in wanted:
        given = "".join("".join(map(str, one.itertext())) for one in front.iterfind(f"article-meta/{part}"))
        if letters(value or "") not in letters(given):
            yield PRF421.at(location, f"The front matter does not state the {name}.")
    if publication.lang != root.get(_LANGUAGE):
        yield PRF421.at(location, f"The file's language is not {publication.lang}.")


def _links(root: Element, location: Location) -> Iterator[Finding]:
    for element in root.iter():
        target = element.get(_HREF)
        allowed = _PICTURE if element.tag in {"graphic", "inline-graphic"} else SAFE_LINK
        if target is not None and not allowed.match(target):
            yield PRF422.at(location, f"<{element.tag}> leads to {printable(target, 100)}")
