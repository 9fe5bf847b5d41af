"""What an EPUB says about its accessibility, compared with what is in it (EPUB Accessibility 1.1, section 2)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.proof.markup import Page
from pubkit.proof.package import Package
from pubkit.proof.promises.contents import Contents
from pubkit.proof.rules import PRF204

__all__ = ["untrue"]

_REQUIRED = (
    "schema:accessMode",
    "schema:accessModeSufficient",
    "schema:accessibilityFeature",
    "schema:accessibilityHazard",
    "schema:accessibilitySummary",
)
_KNOWN_FEATURES = frozenset(
    ["alternativeText", "displayTransformability", "MathML", "readingOrder", "structuralNavigation", "tableOfContents"]
)
_MOVING = frozenset({"image/gif", "image/webp", "image/png"})


def untrue(
    package: Package, pages: Sequence[Page], contents: Contents, files: Mapping[str, bytes], location: Location
) -> Iterator[Finding]:
    """Yield a finding for each accessibility statement that is missing, and each that is not true of the book.

    Args:
        package: what the book says.
        pages: the pages of its spine.
        contents: the tree's pictures, with what their author says about them.
        files: the container's files.
        location: where findings point.
    """

    def finding(message: str) -> Finding:
        return PRF204.at(location, message)

    for name in _REQUIRED:
        if not package.said(name):
            yield finding(f"The book says nothing under {name}.")
    features = set(package.said("schema:accessibilityFeature"))
    for feature in sorted(features - _KNOWN_FEATURES):
        yield finding(f"The book claims {feature}, which pubkit cannot vouch for.")
    yield from (finding(message) for message in _of_pictures(package, pages, contents, features))
    formulas = any(page.all("math") for page in pages)
    if formulas != ("MathML" in features):
        yield finding(
            "The book claims MathML but has none." if not formulas else "The book has MathML but does not say so."
        )
    if "tableOfContents" in features and not package.navigation:
        yield finding("The book claims to have a table of contents but has none.")
    if "structuralNavigation" in features and not any(page.headings for page in pages):
        yield finding("The book claims structural navigation but has no headings.")
    hazards = set(package.said("schema:accessibilityHazard"))
    if hazards & {"none", "noFlashingHazard"} and any(
        _moves(files, item.path, item.media_type) for item in package.items
    ):
        yield finding("The book claims that nothing in it moves, but a picture does.")


def _of_pictures(package: Package, pages: Sequence[Page], contents: Contents, features: set[str]) -> Iterator[str]:
    """Yield what is wrong with the statements on pictures; only decorative ones need no alternative text."""
    silent = any(not letters(picture.alt) and not picture.decorative for picture in contents.pictures)
    images = [image for page in pages for image in page.all("img")]
    empty = sum(not (image.get("alt") or "").strip() for image in images)
    decoration = sum(picture.decorative for picture in contents.pictures)
    described = not silent and empty <= decoration
    if "alternativeText" in features and (not described or not images):
        yield "The book claims alternative text for its pictures, but a picture has none."
    modes = set(package.said("schema:accessMode"))
    if "textual" not in modes:
        yield "The book does not say that it is text (accessMode)."
    informative = any(not picture.decorative for picture in contents.pictures)
    if informative and "visual" not in modes:
        yield "The book has meaningful pictures but does not say so (accessMode visual)."
    if "visual" in modes and not images:
        yield "The book claims to have pictures but has none (accessMode visual)."
    if "textual" in package.said("schema:accessModeSufficient") and not described:
        yield "The book claims that its text is enough, but a meaningful picture has no alternative text."


def _moves(files: Mapping[str, bytes], path: str, media_type: str) -> bool:
    """Return whether the picture has more than one frame."""
    data = files.get(path, b"")
    if media_type not in _MOVING or (media_type == "image/png" and b"acTL" not in data[:4096]):
        return False
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("GIF", "WEBP", "PNG")) as image:
            return bool(getattr(image, "is_animated", False))
    except (UnidentifiedImageError, OSError):
        return True
