"""One HTML tag: its name, its attributes, and what pubkit does with tags of this name.

Source: HTML Living Standard, sections 4 (The elements of HTML) and 15.3 (Rendering).
"""

from __future__ import annotations

import html
import re

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.manuscript.tree import Attr

__all__ = [
    "ASKS", "LEFT_OUT", "RUNS", "SILENT", "TRANSPARENT", "VOID", "Tag", "attr_of", "cell_alignment", "declared",
    "first_name", "read_tag",
]  # fmt: skip

_TAG = expression(
    r"""\s*<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*+)>\s*""", re.DOTALL
)
_START = expression(r"\s*<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*)")
_ATTRIBUTE = expression(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_DECLARATION = expression(r"(?<![\w-])([\w-]++)\s*:\s*([^;]*[^;\s])\s*(?:;|$)")

#: Tags without content.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}

_OBJECTS = ("applet", "embed", "object")
_PAGES = ("frame", "frameset", "iframe", "portal")
_FIELDS = ("input", "meter", "progress", "select", "textarea")
#: The words that a draft shows in the place of elements that cannot be printed.
LEFT_OUT = {
    "audio": "audio", "video": "video", "canvas": "drawing", "svg": "drawing", **dict.fromkeys(_OBJECTS, "object"),
    **dict.fromkeys(_PAGES, "embedded page"), **dict.fromkeys(_FIELDS, "form field"),
}  # fmt: skip

#: Elements that run code or load files; and those that ask for input, whose words stay.
RUNS = {
    "applet", "audio", "base", "embed", "frame", "frameset", "iframe", "link", "meta", "object", "portal", "script",
    "style", "template", "video", "canvas",
}  # fmt: skip
ASKS = {
    "button", "datalist", "fieldset", "form", "input", "label", "legend", "meter", "optgroup", "option", "output",
    "progress", "select", "textarea",
}  # fmt: skip

#: Elements that mean nothing beyond their content.
TRANSPARENT = {
    "address", "article", "aside", "bdi", "big", "body", "center", "data", "details", "div", "font", "footer", "header",
    "hgroup", "html", "main", "nav", "nobr", "noscript", "picture", "rb", "search", "section", "summary", "tbody", "td",
    "tfoot", "th", "thead", "time", "title", "tr", "figcaption", "wbr",
}  # fmt: skip

#: Parts of elements that a finding names already (of a drawing, a video, a formula), and columns, which have no content.
SILENT = {
    "area", "circle", "clippath", "col", "colgroup", "defs", "desc", "ellipse", "foreignobject", "g", "image", "line",
    "lineargradient", "map", "marker", "mask", "noframes", "param", "path", "pattern", "polygon", "polyline",
    "maction", "menclose", "merror", "mfenced", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover", "radialgradient", "rect", "semantics", "source", "stop", "symbol", "text", "track", "tspan", "use",
}  # fmt: skip

#: Attributes that only set the look or the behaviour in a browser, which pubkit's style sheets decide.
_LOOKS = {
    "align", "bgcolor", "border", "bordercolor", "cellpadding", "cellspacing", "char", "charoff", "clear", "color",
    "compact", "crossorigin", "datetime", "decoding", "face", "frame", "frameborder", "headers", "height", "hspace",
    "loading", "nowrap", "noshade", "open", "referrerpolicy", "rel", "role", "rules", "scope", "size", "summary",
    "tabindex", "target", "type", "valign", "vspace", "width", "cite", "span", "xmlns", "reversed", "axis", "markdown",
}  # fmt: skip

#: Attributes that become something else in the tree.
_READ = {"id", "class", "href", "src", "alt", "colspan", "rowspan", "start"}


class Tag(Struct, frozen=True):
    """One tag; names are in lower case, the values of attributes have no entities."""

    name: str
    closing: bool = False
    attributes: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return the value of an attribute; "" if the tag does not have it."""
        return next((value for key, value in self.attributes if key == name), "")


def read_tag(text: str) -> Tag | None:
    """Return the tag in `text`; None if that is not exactly one tag."""
    found = _TAG.fullmatch(text)
    if not found:
        return None
    pairs = (
        (one[1].lower(), html.unescape(_unquoted(one[2] or ""))) for one in _ATTRIBUTE.finditer(found["attributes"])
    )
    return Tag(found["name"].lower(), bool(found["end"]), tuple(pairs))


def first_name(text: str) -> str:
    """Return the name of the tag at the beginning of `text`; "" if there is none."""
    found = _START.match(text)
    return found["name"].lower() if found else ""


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in {'"', "'"} else value


def attr_of(tag: Tag, *classes: str) -> Attr:
    """Return the attributes of `tag` that do more than set its look, for the policy to judge; `classes` come first."""
    identifier = tag.get("id") or (tag.get("name") if tag.name == "a" else "")
    pairs = [(name, value) for name, value in tag.attributes if _is_judged(tag, name, value)]
    return Attr(identifier, [*classes, *tag.get("class").split()], pairs)


def _is_judged(tag: Tag, name: str, value: str) -> bool:
    if name in _READ or name.startswith(("aria-", "xmlns:")) or (name == "name" and tag.name == "a"):
        return False
    return name not in _LOOKS and not _only_looks(tag, name, value)


def _only_looks(tag: Tag, name: str, value: str) -> bool:
    """Return whether a style attribute only aligns a cell or sets the size of a picture, which pubkit reads."""
    if name != "style":
        return False
    read = {"td": {"text-align"}, "th": {"text-align"}, "img": {"width", "height"}}.get(tag.name, set())
    said = dict(_DECLARATION.findall(value))
    return said.keys() <= read and not _DECLARATION.sub("", value).strip()


def declared(tag: Tag, name: str) -> str:
    """Return the value of the property `name` in the style attribute of `tag`; "" if it is not there."""
    said: dict[str, str] = dict(_DECLARATION.findall(tag.get("style")))
    return said.get(name, "")


def cell_alignment(tag: Tag) -> str:
    """Return the side to which a cell is aligned; "" if none is stated."""
    return (declared(tag, "text-align") or tag.get("align")).lower()
