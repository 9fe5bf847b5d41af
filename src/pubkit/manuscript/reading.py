"""A project's files to a `Manuscript`: one parse of each chapter, the policy, one outline, one numbering.

Chapters are parsed one by one, because footnote and link definitions of two chapters may have the same names, and side by
side, because each is a process of its own. What follows works on the joined tree.
"""

from __future__ import annotations

import bisect
import difflib
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct
from msgspec.structs import replace

from pubkit.boundary import pandoc
from pubkit.boundary.files import printable
from pubkit.boundary.rules import SRC003
from pubkit.boundary.text import SourceFile
from pubkit.errors import InputRefused
from pubkit.findings import Finding, Location
from pubkit.language.labels import labels_for
from pubkit.manuscript import crossref, tree
from pubkit.manuscript.marking import MarkedText, mark
from pubkit.manuscript.model import Block, BlockKind, Document, Heading, Manuscript, Picture
from pubkit.manuscript.outline import Outline, outline
from pubkit.manuscript.pictures import read_pictures
from pubkit.manuscript.places import Places
from pubkit.manuscript.policy import Formula, cleaned
from pubkit.manuscript.positions import SourceWords
from pubkit.manuscript.rules import SRC014, SRC016, SRC017, SRC035
from pubkit.manuscript.unset import left_as_source
from pubkit.project.loading import STYLE_SHEETS, Project

__all__ = ["read"]

_SECOND_METADATA = re.compile(r"^---\n(?:[A-Za-z_-]+:.*\n)(?:.*\n)*?(?:---|\.\.\.)[ \t]*$", re.MULTILINE)

# What stands before the @ in an address such as https://example.org/@name.
_ADDRESS_END = re.compile(r"(?:https?://|www\.)\S*[/=?&~+:-]$", re.IGNORECASE)


class _Chapter(Struct):
    source: SourceFile
    places: Places
    marked: MarkedText
    blocks: list[tree.Block]
    findings: list[Finding]
    refused: list[Finding]
    formulas: list[Formula]


def read(project: Project) -> Manuscript:
    """Return the manuscript of `project`, read and found safe.

    Raises:
        InputRefused: a part is unsafe, or there is no text; every such place is among the findings.
        EnvironmentFault: pandoc cannot be run.
    """
    chapters = _chapters(project.chapters)
    refused = [finding for chapter in chapters for finding in chapter.refused]
    findings = [finding for chapter in chapters for finding in chapter.findings]
    outlines = [_outlined(chapter) for chapter in chapters]
    images = [image for one in outlines for image in one.images]
    pictures, missing, unsafe = read_pictures(project.folder, ((image.target, image.location) for image in images))
    refused += unsafe
    if refused:
        raise InputRefused(
            _count(refused), remedy="Correct what is listed; nothing is built until then.", findings=refused
        )
    blocks = _joined(chapters)
    labels = crossref.number(blocks, labels_for(project.publication.lang))
    crossref.resolve(blocks, labels, project.publication.lang)
    _leave_out_missing(blocks, pictures)
    formulas = [formula for chapter in chapters for formula in chapter.formulas]
    findings += left_as_source(blocks, formulas, drawn="pdf" in project.publication.outputs)
    document = _document(project, outlines, blocks, labels)
    if not document.images and all(block.kind is BlockKind.METADATA for block in document.blocks):
        raise _empty(project)
    findings += (finding for one in outlines for finding in one.findings)
    findings += [*missing, *_left_out(project), *_unread_sheets(project), *_empty_chapters(chapters)]
    return Manuscript(project.publication, project.chapters, document, pictures, tuple(findings))


def _left_out(project: Project) -> Iterator[Finding]:
    for name in project.left_out:
        message = f"{printable(name)} is not a chapter, so it is not printed."
        remedy = "List it under `chapters:`, give it a number (02-name.md), or move it out of the folder."
        yield SRC016.at(project.at("chapters"), message, context=name, remedy=remedy)


def _unread_sheets(project: Project) -> Iterator[Finding]:
    for name in project.unread_sheets:
        close = difflib.get_close_matches(name, STYLE_SHEETS, 1, 0.7)
        meant = f"Rename it to {close[0]}" if close else f"Give it one of the names {', '.join(STYLE_SHEETS)}"
        remedy = (
            f"{meant}; *.extra.css are added to pubkit's own style sheet, the others replace it (styles/README.md)."
        )
        location = Location(f"styles/{printable(name)}")
        yield SRC035.at(location, f"{location.file} has no effect: nothing reads it.", context=name, remedy=remedy)


def _empty_chapters(chapters: Sequence[_Chapter]) -> Iterator[Finding]:
    for chapter in chapters:
        if not chapter.blocks:
            message = f"The chapter {printable(chapter.source.path)} is empty."
            remedy = "Write the chapter, or remove the file."
            yield SRC017.at(Location(chapter.source.path, 1, 1), message, remedy=remedy)


def _count(refused: Sequence[Finding]) -> str:
    number = f"{len(refused)} places are" if len(refused) > 1 else "One place is"
    return f"{number} unsafe, so the manuscript is refused."


def _empty(project: Project) -> InputRefused:
    path = project.chapters[0].path
    finding = SRC003.at(Location(path, 1, 1), "The manuscript has no text.", remedy="Write some.")
    return InputRefused(finding.message, remedy=finding.remedy, findings=(finding,))


def _chapters(sources: Sequence[SourceFile]) -> list[_Chapter]:
    """Return each source parsed and put under the policy, as many at a time as there are processors."""
    if len(sources) == 1:
        return [_parsed(sources[0])]
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        return list(pool.map(_parsed, sources))


def _parsed(source: SourceFile) -> _Chapter:
    marked = mark(source.text)
    words = SourceWords(source.path, source.text)
    blocks = tree.decode(marked.restore(pandoc.parse(marked.text).decode())).blocks
    _leave_addresses_whole(blocks)
    places = Places(words, blocks, marked.keys.get)
    clean = cleaned(blocks, places)
    findings = [*clean.findings, *_second_metadata(source, words, _code(blocks, places))]
    return _Chapter(source, places, marked, blocks, findings, clean.refused, clean.formulas)


def _leave_addresses_whole(blocks: list[tree.Block]) -> None:
    """Put the @name of a bare web address back into its text, where pandoc has taken it for a citation."""
    for siblings in tree.inline_lists(blocks):
        for index in range(len(siblings) - 1, 0, -1):
            match siblings[index - 1 : index + 1]:
                case [tree.Str(address), tree.Cite(content=[tree.Str(name), *others])]:
                    if _ADDRESS_END.search(address) and name.startswith("@"):
                        siblings[index - 1 : index + 1] = [tree.Str(address + name), *others]


def _code(blocks: list[tree.Block], places: Places) -> list[tuple[int, int]]:
    """Return where blocks of code begin and end in the source."""
    return [places.extent(block) for block in tree.every(tree.CodeBlock, blocks)]


def _second_metadata(source: SourceFile, words: SourceWords, code: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Yield a YAML block inside the text, which pandoc would otherwise take as metadata and a reader never sees."""
    for found in _SECOND_METADATA.finditer(source.text):
        at = bisect.bisect_right(code, (found.start() + len("---\n"), len(source.text)))
        if at and found.start() < code[at - 1][1]:
            continue
        message = "There is a metadata block in the middle of the text."
        remedy = (
            "Move it to the front matter or to pubkit.yaml; if the lines are horizontal rules, put an empty "
            "line before and after each."
        )
        yield SRC014.at(words.location(found.start()), message, context=found[0][:200], remedy=remedy)


def _outlined(chapter: _Chapter) -> Outline:
    found = outline(chapter.blocks, chapter.places, chapter.marked.keys.get)
    for cite in tree.every(tree.Cite, chapter.blocks):
        for one in cite.citations:
            key = chapter.marked.keys.get(one.key)
            one.key = key[0] if key else one.key
    return found


def _joined(chapters: Sequence[_Chapter]) -> list[tree.Block]:
    """All chapters as one list of blocks, in which every id stands once."""
    taken: set[str] = set()
    joined: list[tree.Block] = []
    for chapter in chapters:
        renamed = _rename_taken(chapter.blocks, taken)
        if renamed:
            _redirect(chapter.blocks, renamed)
        joined += chapter.blocks
    return joined


def _rename_taken(blocks: list[tree.Block], taken: set[str]) -> dict[str, str]:
    """Give ids that an earlier chapter has used a number of their own; tell which.

    Labels that are mentioned by number keep theirs: one that occurs twice is a mistake, and a rule says so.
    """
    renamed: dict[str, str] = {}
    used: set[str] = set()
    for attr in filter(None, map(tree.attributes, tree.nodes(blocks))):
        identifier = attr.identifier
        if identifier in taken and not crossref.is_label(identifier):
            fresh = (f"{identifier}-{count}" for count in range(2, 1_000_000))
            attr.identifier = renamed.setdefault(identifier, next(name for name in fresh if name not in taken))
        used.add(attr.identifier)
    taken |= used - {""}
    return renamed


def _redirect(blocks: list[tree.Block], renamed: dict[str, str]) -> None:
    for link in tree.every(tree.Link, blocks):
        if link.target.url.startswith("#") and link.target.url[1:] in renamed:
            link.target.url = "#" + renamed[link.target.url[1:]]


def _leave_out_missing(blocks: list[tree.Block], pictures: dict[str, Picture]) -> None:
    """Where a picture could not be read, a draft says so in its place; a build never gets that far."""

    def shown(image: tree.Image) -> tree.Inline:
        if image.target.url in pictures:
            return image
        return tree.Span((tree.Attr(classes=["missing-picture"]), [tree.Str("[Picture missing]")]))

    tree.replace(tree.Image, blocks, shown)


def _document(
    project: Project, outlines: Sequence[Outline], blocks: list[tree.Block], labels: dict[str, str]
) -> Document:
    headers = tree.every(tree.Header, blocks)
    headings = [heading for one in outlines for heading in one.headings]
    return Document(
        tree=tree.Tree(blocks=blocks),
        blocks=(*_metadata(project), *(block for one in outlines for block in one.blocks)),
        citations=tuple(citation for one in outlines for citation in one.citations),
        cross_references=tuple(mention for one in outlines for mention in one.cross_references),
        headings=tuple(_as_printed(heading, header) for heading, header in zip(headings, headers, strict=True)),
        images=tuple(image for one in outlines for image in one.images),
        links=tuple(link for one in outlines for link in one.links),
        labels=labels,
    )


def _as_printed(heading: Heading, header: tree.Header) -> Heading:
    """A heading with the id and number that it has in the joined tree."""
    match header.content:
        case [tree.Span(attr=tree.Attr(classes=["section-number"])) as span, *_]:
            number = tree.plain_text(span)
        case _:
            number = ""
    return replace(heading, identifier=header.attr.identifier, number=number)


def _metadata(project: Project) -> Iterator[Block]:
    """Yield what the front matter prints, as text for the language rules."""
    publication = project.publication
    for name, text in (
        ("title", publication.title),
        ("subtitle", publication.subtitle),
        ("abstract", publication.abstract),
        ("publisher", publication.publisher),
        ("contact", publication.contact),
        ("licence", publication.licence),
        ("funding", publication.funding),
    ):
        if text:
            yield Block(BlockKind.METADATA, text, project.at(name), section=(name,))
    for index, author in enumerate(publication.authors):
        if author.affiliation:
            place = project.at("authors", index, "affiliation")
            yield Block(BlockKind.METADATA, author.affiliation, place, section=("authors",))
    for index, keyword in enumerate(publication.keywords):
        yield Block(BlockKind.METADATA, keyword, project.at("keywords", index), section=("keywords",))
