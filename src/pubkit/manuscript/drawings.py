"""SVG pictures: shapes, text and colours are accepted, anything that could run code, load files or link is not.

An SVG can contain scripts and refer to files and pages. It is accepted if everything that it draws is on the lists below;
what only drawing programs read (metadata, comments, elements of other namespaces) is dropped, and so are links and shadows.
A picture inside the drawing is checked and written anew as any other. Content that is repeated by reference counts each
time, so that a small file cannot become a huge drawing.

Source: SVG 2 (W3C), elements and presentation attributes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from lxml import etree

from pubkit.boundary.text import forbidden
from pubkit.boundary.xml import Element, NotXml, long_document
from pubkit.expressions import expression

__all__ = ["MEDIA_TYPE", "Refused", "drawing", "drawn_root", "tag"]

MEDIA_TYPE = "image/svg+xml"
_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_MAX_NODES = 100_000
_MAX_DEPTH = 60
_MAX_SIDE = 20_000
_MAX_TEXT = 200_000

_ELEMENTS = {
    "circle", "clipPath", "defs", "desc", "ellipse", "g", "image", "line", "linearGradient", "marker", "mask", "path",
    "pattern", "polygon", "polyline", "radialGradient", "rect", "stop", "style", "svg", "symbol", "text", "textPath",
    "title", "tspan", "use",
}  # fmt: skip
_UNDRAWN = {"metadata", "view"}
#: What a filter that only casts a shadow or softens an edge is made of.
_SHADOW = {
    "feBlend", "feComposite", "feDropShadow", "feFlood", "feGaussianBlur", "feMerge", "feMergeNode", "feOffset", "filter",
}  # fmt: skip
_GEOMETRY = {
    "class", "clipPathUnits", "cx", "cy", "d", "dx", "dy", "fx", "fy", "gradientTransform", "gradientUnits", "height", "id",
    "lengthAdjust", "markerHeight", "markerUnits", "markerWidth", "maskContentUnits", "maskUnits", "offset", "orient",
    "pathLength", "patternContentUnits", "patternTransform", "patternUnits", "points", "preserveAspectRatio", "r", "refX",
    "refY", "rotate", "rx", "ry", "spreadMethod", "startOffset", "textLength", "transform", "viewBox",
    "width", "x", "x1", "x2", "y", "y1", "y2", "{http://www.w3.org/XML/1998/namespace}space",
}  # fmt: skip
_PRESENTATION = {
    "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "color", "display", "dominant-baseline", "fill",
    "fill-opacity", "fill-rule", "font", "font-family", "font-size", "font-stretch", "font-style", "font-variant",
    "font-weight", "letter-spacing", "line-height", "marker", "marker-end", "marker-mid", "marker-start", "mask", "opacity",
    "overflow", "paint-order", "shape-rendering", "stop-color", "stop-opacity", "stroke", "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width",
    "text-align", "text-anchor", "text-decoration", "text-rendering", "vector-effect", "visibility", "white-space",
    "word-spacing",
}  # fmt: skip
_LOCAL = expression(r"""url\(\s*["']?#([\w.:-]+)["']?\s*\)""")
_UNSAFE_VALUE = expression(r"url\s*\(|[\\@<]|javascript|expression|image-set|src\s*\(", re.IGNORECASE)
_SLANT = expression(r"(?P<name>\bfont-style\s*:\s*)(?P<value>[^;{}!]*[^;{}!\s])", re.IGNORECASE)
_LENGTH = expression(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|pc|mm|cm|in|)\s*")
_UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 9.6 / 2.54, "cm": 96 / 2.54, "in": 96.0}
_NUMBERS = expression(r"[\s,]+")
_PICTURE = expression(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)

#: Returns the media type and the checked bytes of a picture inside a drawing; raises `Refused`.
Embedded = Callable[[bytes], tuple[str, bytes]]


class Refused(ValueError):
    """The SVG is not accepted; the message says why, as the rest of a sentence that begins with "it"."""


def drawing(data: bytes, embedded: Embedded) -> tuple[bytes, int, int]:
    """Return an SVG with only what may be drawn, and its width and height in pixels (96 to the inch).

    Args:
        data: the file.
        embedded: checks the pictures inside the drawing.

    Raises:
        Refused: it is not an SVG, contains something that pubkit does not draw, or is too large.
    """
    root = drawn_root(data)
    _check_elements(root)
    for element in root.iter(f"{_SVG}image"):
        _write_picture_anew(element, embedded)
    for element in root.iter():
        _check_attributes(element)
    _check_references(root)
    width, height = _size(root)
    root.set("width", f"{width}")
    root.set("height", f"{height}")
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True), width, height


def tag(name: str) -> str:
    """Return the tag of the SVG element `name`, with its namespace."""
    return f"{_SVG}{name}"


def drawn_root(data: bytes) -> Element:
    """Return the root of an SVG, without what only drawing programs read.

    Raises:
        Refused: it is not an SVG.
    """
    try:
        root = long_document(data)
    except NotXml as error:
        raise Refused(f"is not XML that pubkit reads ({error})") from None
    if root.tag != tag("svg"):
        raise Refused("is not an SVG drawing")
    _drop_undrawn(root)
    _choose(root)
    etree.strip_tags(root, f"{_SVG}a")
    return root


def _drop_undrawn(root: Element) -> None:
    """Drop what only drawing programs read."""
    foreign = [one for one in root.iter() if not str(one.tag).startswith(_SVG) or _name(one) in _UNDRAWN]
    shadows = [one for one in root.iter(f"{_SVG}filter") if {_name(part) for part in one.iter()} <= _SHADOW]
    for element in (*foreign, *shadows):
        _remove(element)


def _remove(element: Element) -> None:
    """Remove `element`, and keep the text after it."""
    before, parent = element.getprevious(), element.getparent()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _choose(root: Element) -> None:
    """Keep of each choice what programs without HTML draw; drawing programs put the words of a label there."""
    for switch in list(root.iter(f"{_SVG}switch")):
        for element in [part for part in switch if _name(part) == "foreignObject"]:
            switch.remove(element)
        for element in list(switch)[1:]:
            switch.remove(element)
        switch.tag = f"{_SVG}g"


def _write_picture_anew(image: Element, embedded: Embedded) -> None:
    """Replace the picture that `image` contains by what `embedded` makes of it."""
    named = next((name for name in _HREFS if name in image.attrib), "")
    found = _PICTURE.fullmatch(str(image.get(named, "")))
    if found is None:
        raise Refused("loads a file")
    try:
        media_type, data = embedded(base64.b64decode(found[1]))
    except binascii.Error:
        raise Refused("contains a picture that is damaged") from None
    image.set(named, f"data:{media_type};base64,{base64.b64encode(data).decode()}")


def _name(element: Element) -> str:
    return str(element.tag).removeprefix(_SVG)


def _check_elements(root: Element) -> None:
    words = "".join(str(part) for part in root.itertext(*map(tag, ("text", "tspan", "title", "desc"))))
    if len(words) > _MAX_TEXT:
        raise Refused(f"contains more than {_MAX_TEXT:,} characters of text")
    if character := forbidden(words):
        raise Refused(f"contains the invisible character {character}")
    depth = count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > _MAX_DEPTH or count > _MAX_NODES:
            raise Refused("has too many parts")
        if event == "start" and _name(element) not in _ELEMENTS:
            raise Refused(f"contains the element <{_name(element)}>, which pubkit does not draw")
        if event == "start" and _name(element) == "style":
            if _is_unsafe(element.text or ""):
                raise Refused("has a style sheet that loads something")
            element.text = _with_slants(element.text or "")


def _check_attributes(element: Element) -> None:
    for name, value in list(element.attrib.items()):
        if str(name).lower().startswith("on"):
            raise Refused("runs code")
        if name in _HREFS and (re.fullmatch(r"#[\w.:-]+", str(value)) or _name(element) == "image"):
            continue
        if name in _HREFS:
            raise Refused("loads a file")
        if name == "style":
            element.set("style", _declarations(str(value)))
        elif name not in _GEOMETRY | _PRESENTATION:
            del element.attrib[name]
        elif _is_unsafe(str(value)):
            raise Refused(f"has an attribute {name} that loads something")
        elif name == "font-style":
            element.set(name, _slant(str(value)))


def _declarations(style: str) -> str:
    """Return the declarations of a style attribute whose properties are on the list."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        if name.strip().lower() in _PRESENTATION:
            if _is_unsafe(value):
                raise Refused(f"has a property {name.strip()} that loads something")
            kept.append(f"{name.strip()}:{value.strip()}")
    return _with_slants(";".join(kept))


def _with_slants(style: str) -> str:
    """Return declarations or a style sheet with only those values of font-style that can be set."""
    return _SLANT.sub(lambda found: found["name"] + _slant(found["value"]), style)


def _slant(value: str) -> str:
    """Return a value of font-style; "normal" for one that CSS does not know, such as R's "regular"."""
    first = value.strip().lower().partition(" ")[0]
    return first if first in {"italic", "oblique", "inherit"} else "normal"


def _is_unsafe(value: str) -> bool:
    return _UNSAFE_VALUE.search(_LOCAL.sub("", value)) is not None


def _check_references(root: Element) -> None:
    """Return the number of elements that are drawn when every reference is followed."""
    named = {one.get("id"): one for one in root.iter() if one.get("id")}
    counts: dict[Element, int] = {}

    def count(element: Element, above: tuple[Element, ...]) -> int:
        if element in above or len(above) > _MAX_DEPTH:
            raise Refused("refers to itself")
        if element not in counts:
            total = 0
            for part in element.iter():
                total += 1
                for name in _references(part):
                    target = named.get(name)
                    total += count(target, (*above, element)) if target is not None else 0
                    if total > _MAX_NODES:
                        raise Refused("has too many parts once its references are followed")
            counts[element] = total
        return counts[element]

    count(root, ())


def _references(element: Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name in _HREFS:
            yield str(value)[1:200]
        else:
            yield from _LOCAL.findall(str(value))


def _size(root: Element) -> tuple[int, int]:
    """Return the width and height in pixels: those that the drawing states, or else those of its view box."""
    box = _NUMBERS.split((root.get("viewBox") or "").strip())
    stated = [_pixels(root.get(name) or "") for name in ("width", "height")]
    try:
        viewed = [float(number) for number in box[2:4]] if len(box) == 4 else [0.0, 0.0]
    except ValueError:
        viewed = [0.0, 0.0]
    if not all(stated) and all(viewed):
        stated = [stated[0] or (stated[1] * viewed[0] / viewed[1] if stated[1] else viewed[0]), stated[1]]
        stated[1] = stated[1] or stated[0] * viewed[1] / viewed[0]
    if not all(0 < side <= _MAX_SIDE for side in stated):
        raise Refused("does not state its size, or is too large")
    return max(1, round(stated[0])), max(1, round(stated[1]))


def _pixels(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _UNITS[found[2]] if found else 0.0
