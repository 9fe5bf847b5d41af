"""A manuscript from a Word file: its text as Markdown, its pictures, and the works that its citation fields name.

Pandoc reads the file inside its sandbox. Tracked changes are accepted and comments left out; what could not be taken over is
said. The table of contents, which pubkit makes itself, is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from pubkit.boundary import pandoc
from pubkit.boundary.files import printable, refusal
from pubkit.editorial.word.citations import Works, name_works
from pubkit.editorial.word.markup import read_markup
from pubkit.editorial.word.package import WordPackage, open_package
from pubkit.editorial.word.sent import paragraphs_sent
from pubkit.manuscript.rules import SRC080
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Cite,
    Div,
    Figure,
    Header,
    Image,
    Inline,
    Link,
    MetaList,
    Para,
    Plain,
    RawBlock,
    RawInline,
    Space,
    Span,
    Str,
    Target,
    Tree,
    block_lists,
    decode,
    encode,
    every,
    inline_lists,
    plain_text,
)

__all__ = ["Converted", "converted"]

_TO = f"{pandoc.MARKDOWN}-raw_html-raw_attribute-simple_tables-multiline_tables-native_divs-native_spans"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TEXT = f"{_WORD}p", f"{_WORD}t"
_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
_PICTURES = ("{http://schemas.openxmlformats.org/drawingml/2006/main}blip", "{urn:schemas-microsoft-com:vml}imagedata")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CONTENTS = re.compile(r"#_Toc\d+")
_TYPED_CITATION = re.compile(
    r"\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]"
    r"|\([A-Z][\w’'-]+(?: et al\.| (?:and|&) [A-Z][\w’'-]+)?,? (?:19|20)\d\d[a-z]?[;)]"
)
_LENGTH = re.compile(r"([0-9.]+)(in|cm|mm|px|pt|%)")
#: Titles that programs give to files without one.
_NO_TITLE = re.compile(r"\s*(?:word document|microsoft word\b.*|document\d*|untitled|title)?\s*", re.IGNORECASE)
_KEPT_CLASSES = frozenset({"underline", "smallcaps", "mark"})


class Converted(Struct, frozen=True):
    """A manuscript: its text, the statements for its front matter, its pictures by path, its works as CSL JSON.

    `bibliography` is "" if the file names no works in its fields. `remarks` say what was not taken over, or needs a look.
    """

    text: str
    statements: Mapping[str, Any]
    pictures: Mapping[str, bytes]
    bibliography: str
    remarks: Sequence[str]


#: What is said of a Word file that comes from a publication.
_OURS = (
    "pubkit has made this file from a publication. To take over what somebody has changed in it, run "
    "`pubkit import-review FILE.docx` there; the text written here has lost its labels, waivers and reviews."
)


def converted(docx: bytes) -> Converted:
    """Return the manuscript in the Word file `docx`.

    Raises:
        InputRefused: it is not a Word file, is damaged, unsafe or too large.
    """
    package = open_package(docx)
    markup = read_markup(package)
    tree = _read(docx)
    works = name_works(tree, package, json.loads(pandoc.convert(encode(tree), "csljson")))
    changes = sum(len(paragraph.changes) for paragraph in markup.paragraphs)
    remarks = list(_remarks(changes, len(markup.comments), works, tree))
    if paragraphs_sent(package) is not None:
        remarks.insert(0, _OURS)
    statements = _statements(tree, package)
    tree.meta = {}
    _unwrap(tree.blocks)
    _name_charts(tree)
    shown = sum(1 for _ in every(Image, tree.blocks))
    pictures, missing = _pictures(tree, package)
    remarks += [f"The picture {name} is not in the file." for name in missing]
    remarks += _not_taken_over(package, shown)
    text = pandoc.convert(encode(tree), _TO, ["--wrap=none"]).decode() if tree.blocks else ""
    return Converted(text, statements, pictures, works.as_csl() if works.items else "", remarks)


def _read(docx: bytes) -> Tree:
    try:
        return decode(pandoc.run(["--from=docx+citations", "--to=json", "--track-changes=accept"], docx))
    except pandoc.PandocError as error:
        message = f"This Word file cannot be read: {printable(error.detail or error.message, 200)}"
        raise refusal(SRC080, message, SRC080.remedy, None) from error


def _remarks(changes: int, comments: int, works: Works, tree: Tree) -> Iterator[str]:
    if changes:
        yield f"{changes} tracked changes were accepted; reject in Word what you do not want, and convert it again."
    if comments:
        yield f"{comments} comments were left out."
    if works.items:
        yield f"{len(works.items)} works were found in the fields of a reference manager; check them as any bibliography."
    if works.unmatched:
        yield f"{works.unmatched} citations name a work whose data are not in the file."
    typed = len(_TYPED_CITATION.findall(" ".join(_running_text(tree))))
    if typed:
        seem = "1 citation seems" if typed == 1 else f"{typed} citations seem"
        yield f"{seem} to be typed by hand: replace each by the key of its work, [@key]."


def _running_text(tree: Tree) -> Iterator[str]:
    """Yield the text outside citations."""
    for siblings in inline_lists(tree.blocks, without=(Cite,)):
        yield "".join(
            " " if isinstance(node, Space) else node.text if isinstance(node, Str) else "" for node in siblings
        )


def _statements(tree: Tree, package: WordPackage) -> dict[str, Any]:
    """Return what the file says about itself: by its styles (Title, Author, Abstract), else by its properties."""
    core = package.xml("docProps/core.xml")

    def stated(tag: str) -> str:
        return " ".join((core.findtext(f"{{*}}{tag}") or "").split()) if core is not None else ""

    said: dict[str, Any] = {name: _words(tree.meta.get(name)) for name in ("title", "subtitle", "date", "abstract")}
    if _NO_TITLE.fullmatch(said["title"]) and not _NO_TITLE.fullmatch(stated("title")):
        said["title"] = stated("title")
    author = tree.meta.get("author")
    names = list(map(_words, author.content if isinstance(author, MetaList) else [author]))
    said["author"] = list(filter(None, names)) or [
        name.strip() for name in stated("creator").split(";") if name.strip()
    ]
    keywords = [word.strip() for word in re.split("[;,]", stated("keywords")) if word.strip()]
    return {name: value for name, value in {**said, "keywords": keywords}.items() if value}


def _words(value: object) -> str:
    return " ".join(plain_text(value).split()) if value is not None else ""


# The text


def _unwrap(blocks: list[Block]) -> None:
    """Keep what Markdown has: no divisions of styles, no empty anchors, no raw parts, no table of contents."""
    targets = {link.target.url[1:] for link in every(Link, blocks) if link.target.url.startswith("#")}
    for siblings in list(block_lists(blocks)) or [blocks]:
        siblings[:] = [part for node in siblings for part in _block(node)]
    for inlines in list(inline_lists(blocks)):
        inlines[:] = [part for node in inlines for part in _inline(node, targets)]


def _block(node: Block) -> list[Block]:
    match node:
        case Div():
            return [part for one in node.content for part in _block(one)]
        case RawBlock():
            return []
        case Para() | Plain() if _is_contents(node.content):
            return []
        case Header():
            node.attr = Attr(node.attr.identifier)
        case Para([Image() as image]):
            image.content, image.attr = [], _described(image)
        case Figure():
            for image in every(Image, node.content):
                image.content, image.attr = [], _described(image)
    return [node]


def _is_contents(inlines: Sequence[Inline]) -> bool:
    links = [node for node in inlines if isinstance(node, Link)]
    return (
        bool(links)
        and all(_CONTENTS.fullmatch(link.target.url) for link in links)
        and len(links) == len([node for node in inlines if not isinstance(node, Space)])
    )


def _described(image: Image) -> Attr:
    """Return the attributes of a picture with its description and a short width."""
    said = dict(image.attr.pairs)
    words = said.get("alt") or plain_text(image.content)
    pairs = [("alt", words)] if words else []
    if found := _LENGTH.fullmatch(said.get("width", "")):
        pairs.append(("width", f"{round(float(found[1]), 2):g}{found[2]}"))
    return Attr("", [], pairs)


def _inline(node: Inline, targets: set[str]) -> list[Inline]:
    match node:
        case RawInline():
            return []
        case Span() if not node.content and node.attr.identifier not in targets:
            return []
        case Span():
            classes = [name for name in node.attr.classes if name in _KEPT_CLASSES]
            identifier = node.attr.identifier if node.attr.identifier in targets else ""
            node.attr = Attr(identifier, classes)
            return [node] if identifier or classes else node.content
        case Image() if node.attr.pairs and "alt" not in dict(node.attr.pairs):
            node.attr = Attr("", [], [pair for pair in _described(node).pairs if pair[0] != "alt"])
        case Cite() if not node.citations:
            return node.content
    return [node]


def _name_charts(tree: Tree) -> None:
    """Name a picture where pandoc says that there is a chart, so that a check shows where one is missing."""
    count = 0
    for siblings in inline_lists(tree.blocks):
        for place, node in enumerate(siblings):
            if isinstance(node, Str) and node.text in {"[CHART]", "[DIAGRAM]"}:
                count += 1
                siblings[place] = Image((Attr(), [], Target(f"images/drawing-{count}.png")))


def _not_taken_over(package: WordPackage, shown: int) -> Iterator[str]:
    """Yield where the file has charts and diagrams, and how many more pictures than the `shown` ones of the text."""
    root = package.xml("word/document.xml")
    before, pictures = "", 0
    for node in root.iter(_PARAGRAPH, _GRAPHIC, *_PICTURES) if root is not None else ():
        if any(True for _ in node.iterancestors(_FALLBACK)):
            continue
        if node.tag == _PARAGRAPH:
            before = "".join(part.text or "" for part in node.iter(_TEXT)).strip() or before
        elif node.tag in _PICTURES:
            pictures += 1
        elif node.get("uri", "").endswith(("/chart", "/diagram")):
            yield f"A chart or diagram is missing at “{printable(before[:60])}”: save it as a picture and add it there."
    if pictures > shown:
        yield f"Pictures that are not in the text: {pictures - shown}. Those in text boxes are not taken over; add them."


def _pictures(tree: Tree, package: WordPackage) -> tuple[dict[str, bytes], list[str]]:
    """Return the pictures that the text shows, by their new paths, and the names of those that are not in the file."""
    found: dict[str, bytes] = {}
    missing = []
    for image in every(Image, tree.blocks):
        old = image.target.url
        if old.startswith("images/drawing-"):
            continue
        data = package.part(f"word/{old}") or package.part(old.lstrip("/"))
        name = re.sub(r"[^\w.-]+", "-", PurePosixPath(old).name).lstrip(".") or "picture"
        image.target = Target(f"images/{name}", "")
        if data is None:
            missing.append(image.target.url)
        else:
            found[image.target.url] = data
    return found, missing
