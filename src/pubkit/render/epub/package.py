"""The EPUB package document (EPUB 3.3, section 5): its metadata, and what the book says about its accessibility."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pubkit.language.labels import labels_for
from pubkit.manuscript.drawings import MEDIA_TYPE
from pubkit.manuscript.model import Picture
from pubkit.render.body import Element
from pubkit.render.model import Edition

__all__ = ["Accessibility", "Item", "accessibility", "metadata"]


class Item(Struct, frozen=True):
    """One file of the book as the manifest names it."""

    identifier: str
    href: str
    media_type: str
    properties: str = ""
    in_spine: bool = False


class Accessibility(Struct, frozen=True):
    """The schema.org accessibility properties, each derived from the finished text."""

    modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str


def accessibility(edition: Edition, parts: Sequence[Element]) -> Accessibility:
    """Return what is really in the text and its notes: pictures with or without alternatives, formulas, moving pictures."""
    labels = labels_for(edition.publication.lang)
    shown = [image for part in parts for image in part.iter("img")]
    images = [image for image in shown if "decorative" not in (image.get("class") or "").split()]
    described = all(image.get("alt") for image in images)
    formulas = any(next(part.iter("math"), None) is not None for part in parts)
    features = ["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"]
    words = [labels["access-structure"]]
    if images and described:
        features.append("alternativeText")
        words.append(labels["access-alt"])
    if formulas:
        features.append("MathML")
        words.append(labels["access-math"])
    text = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {labels['and']} {words[-1]}"
    moving = any(_moves(edition.pictures[name]) for name in {image.get("src", "") for image in shown})
    return Accessibility(
        modes=("textual", "visual") if images else ("textual",),
        sufficient=("textual",) if described else ("textual,visual",),
        features=tuple(features),
        hazards=("unknown",) if moving else ("none",),
        summary=labels["access-summary"].format(features=text) if not moving else text,
    )


def _moves(picture: Picture) -> bool:
    """Return whether a picture has more than one frame; a drawing has one."""
    if picture.media_type == MEDIA_TYPE:
        return False
    import io

    from PIL import Image

    with Image.open(io.BytesIO(picture.data), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
        return getattr(image, "n_frames", 1) > 1


def metadata(edition: Edition, access: Accessibility) -> Iterable[tuple[str, dict[str, str], str]]:
    """Return the metadata elements in order: name, attributes, text."""
    return tuple((name, attributes, text) for name, attributes, text in _metadata(edition, access) if text)


def _metadata(edition: Edition, access: Accessibility) -> Iterator[tuple[str, dict[str, str], str]]:
    publication = edition.publication
    yield "dc:identifier", {"id": "identifier"}, edition.identifier
    yield "dc:title", {"id": "title"}, publication.title
    if publication.subtitle:
        yield "meta", {"refines": "#title", "property": "title-type"}, "main"
        yield "dc:title", {"id": "subtitle"}, publication.subtitle
        yield "meta", {"refines": "#subtitle", "property": "title-type"}, "subtitle"
    yield "dc:language", {}, publication.lang
    for number, author in enumerate(publication.authors, 1):
        yield "dc:creator", {"id": f"author-{number}"}, author.name
        yield "meta", {"refines": f"#author-{number}", "property": "role", "scheme": "marc:relators"}, "aut"
    for number, reviewer in enumerate(edition.review.reviewed, 1):
        yield "dc:contributor", {"id": f"reviewer-{number}"}, reviewer.name
        yield "meta", {"refines": f"#reviewer-{number}", "property": "role", "scheme": "marc:relators"}, "rev"
    yield "dc:publisher", {}, publication.publisher or ""
    yield "dc:date", {}, publication.dates.published.isoformat()
    yield "dc:description", {}, " ".join((publication.abstract or "").split())
    for keyword in publication.keywords:
        yield "dc:subject", {}, keyword
    yield "dc:rights", {}, publication.licence or ""
    yield "meta", {"property": "dcterms:modified"}, edition.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    for mode in access.modes:
        yield "meta", {"property": "schema:accessMode"}, mode
    for mode in access.sufficient:
        yield "meta", {"property": "schema:accessModeSufficient"}, mode
    for feature in access.features:
        yield "meta", {"property": "schema:accessibilityFeature"}, feature
    for hazard in access.hazards:
        yield "meta", {"property": "schema:accessibilityHazard"}, hazard
    yield "meta", {"property": "schema:accessibilitySummary"}, access.summary
