"""Read a project's files into a `Manuscript`: parse each chapter, apply the policy, outline and number the whole.

Chapters are parsed one by one, because footnote and link definitions of two chapters may have the same names, and side by
side, because each parse is a process of its own. Everything after that works on the joined tree.
"""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

from msgspec.structs import replace

from pubkit.boundary.files import printable
from pubkit.boundary.keeping import Keeper
from pubkit.boundary.rules import SRC003
from pubkit.boundary.text import written
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.language.labels import labels_for
from pubkit.manuscript import crossref, tree, uncited
from pubkit.manuscript.at_signs import say_addresses
from pubkit.manuscript.chapter import Chapter, parsed_chapter
from pubkit.manuscript.form import findings as form_findings
from pubkit.manuscript.form import form_of
from pubkit.manuscript.front import read_front
from pubkit.manuscript.joining import joined
from pubkit.manuscript.marks.defined import defined
from pubkit.manuscript.marks.session import with_common_options
from pubkit.manuscript.mentions import resolve
from pubkit.manuscript.misread import misread
from pubkit.manuscript.model import Block, BlockKind, Document, Heading, Manuscript, Picture
from pubkit.manuscript.outline import Outline, outline
from pubkit.manuscript.pictures import Pictures, read_pictures
from pubkit.manuscript.rules import SRC016, SRC017, SRC035
from pubkit.manuscript.statements import stated
from pubkit.manuscript.unset import left_as_source
from pubkit.project.loading import STYLE_SHEETS, Project
from pubkit.project.metadata import Form, Publication

__all__ = ["read"]

#: A mention of a label by its number alone.
_BY_NUMBER = expression(r"\[-@([\w:.-]+)\]")
#: The labels that Quarto keeps for figures and so on, whatever the bibliography has (Quarto, Cross References).
_QUARTO_LABEL = expression(r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg)-\w")


def read(project: Project, kept: Keeper | None = None, told: Callable[[int, int], None] | None = None) -> Manuscript:
    """Return the manuscript of `project`, read and found safe.

    Args:
        project: the publication.
        kept: chapters that were parsed before.
        told: called with the number of chapters that are parsed, and of all.

    Raises:
        InputRefused: a part is unsafe, or there is no text; the findings list every such place.
        EnvironmentFault: pandoc cannot be run.
    """
    publication, front = read_front(project.publication)
    chapters = []
    for chapter in _chapters(project, kept):
        chapters.append(chapter)
        if told:
            told(len(chapters), len(project.chapters))
    findings = [finding for chapter in chapters for finding in chapter.findings]
    is_label = _mentionable(chapters, project.dialect)
    outlines = [_outlined(chapter, is_label) for chapter in chapters]
    images = [image for one in outlines for image in one.images]
    shown = [(image.target, image.location) for image in images]
    pictures = read_pictures(project.folder, [*shown, *_of_house(project)])
    for chapter, found in zip(chapters, outlines, strict=True):
        _name_pictures(chapter, found, pictures)
    blocks = joined(chapters, outlines)
    form = form_of(project.publication, blocks, len(chapters))
    labels = _numbered(form)(blocks, labels_for(project.publication.lang), is_label)
    resolve(blocks, labels, project.publication.lang)
    if project.dialect == "myst":
        say_addresses(blocks)
    _leave_out_missing(blocks, pictures.files)
    formulas = [formula for chapter in chapters for formula in chapter.formulas]
    findings += left_as_source(blocks, formulas, drawn="pdf" in project.publication.outputs)
    document = _document(project, publication, outlines, blocks, labels, pictures)
    if not document.images and all(block.kind is BlockKind.METADATA for block in document.blocks):
        raise _empty(project, findings)
    findings += (finding for one in outlines for finding in one.findings)
    findings += form_findings(project.publication, form, blocks, project.at("kind"))
    included = written(chapter.source for chapter in chapters)
    findings += [
        *pictures.findings,
        *_left_out(project, included),
        *_unread_sheets(project),
        *_empty_chapters(chapters, is_foreign=bool(project.dialect)),
    ]
    findings += project.findings
    sources = tuple(chapter.source for chapter in chapters)
    # Two chapters that include the same file both find what is wrong with it.
    once = tuple(dict.fromkeys(findings))
    return Manuscript(publication, sources, document, pictures.files, once, form, front, uncited.named(project))


def _numbered(form: Form) -> Callable[..., dict[str, crossref.Label]]:
    """Return what numbers a text of this form: a book counts its figures by chapters."""
    return crossref.number_book if form == "book" else crossref.number


def _of_house(project: Project) -> Iterator[tuple[str, Location]]:
    """Yield the pictures that the publication itself has: its cover and the logo of its publisher."""
    for key, target in (("cover", project.publication.cover), ("logo", project.publication.logo)):
        if target:
            yield target, project.at(key)


def _left_out(project: Project, included: Collection[str]) -> Iterator[Finding]:
    for name in (one for one in project.left_out if one not in included):
        message = f"{printable(name)} is not a chapter, so it is not published."
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


def _empty_chapters(chapters: Sequence[Chapter], *, is_foreign: bool) -> Iterator[Finding]:
    """Yield a finding for each chapter without text.

    In another tool's book the index may contain its metadata alone, and a chapter only what that tool makes a page of, such
    as \\tableofcontents.
    """
    for chapter in chapters:
        is_index = PurePosixPath(chapter.source.path).stem.lower() == "index"
        if not chapter.blocks and not (is_foreign and (is_index or "\\" in chapter.source.written)):
            message = f"The chapter {printable(chapter.source.path)} is empty."
            remedy = "Write the chapter, or remove the file."
            yield SRC017.at(Location(chapter.source.path, 1, 1), message, remedy=remedy)


def _empty(project: Project, others: Sequence[Finding]) -> InputRefused:
    path = project.chapters[0].path
    finding = SRC003.at(Location(path, 1, 1), "The manuscript has no text.", remedy="Write some.")
    return InputRefused(finding.message, remedy=finding.remedy, findings=(finding, *others))


def _chapters(project: Project, kept: Keeper | None) -> Iterator[Chapter]:
    """Yield each chapter, parsed and under the policy; as many are parsed at a time as there are processors."""
    project = with_common_options(project)
    read = functools.partial(
        parsed_chapter,
        project=project,
        paths=frozenset(source.path for source in project.chapters),
        labels=defined(project.chapters),
        words_of=labels_for(project.publication.lang),
        kept=kept,
    )
    if len(project.chapters) == 1:
        yield read(project.chapters[0])
        return
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        yield from pool.map(read, project.chapters)


def _mentionable(chapters: Sequence[Chapter], dialect: str | None) -> Callable[[str], bool]:
    """Return a function that decides whether a key mentions a label: by its form, or because an author defined it.

    In a manuscript of another tool, a mention by number alone may also mean the id that a heading has from its words.
    """
    texts = [chapter.source.text for chapter in chapters]
    written = frozenset().union(*map(crossref.written_labels, texts))
    if dialect:
        written |= {found[1] for text in texts for found in _BY_NUMBER.finditer(text)}
    known = written & set().union(*(crossref.labelled(chapter.blocks) for chapter in chapters)) if written else written
    known |= frozenset().union(*map(crossref.tex_labels, texts))
    quarto = dialect == "quarto" or any(chapter.source.path.endswith(".qmd") for chapter in chapters)
    is_label = _QUARTO_LABEL.match if quarto else crossref.is_label
    return lambda key: crossref.is_label(key) or key in known or bool(is_label(key))


def _outlined(chapter: Chapter, is_label: Callable[[str], bool]) -> Outline:
    found = outline(chapter.blocks, chapter.places, chapter.marked.keys.get, is_label)
    found.findings += misread(chapter.blocks, chapter.places)
    for cite in tree.every(tree.Cite, chapter.blocks):
        for one in cite.citations:
            key = chapter.marked.keys.get(one.key)
            one.key = key[0] if key else one.key
    found.blocks += _index_entries(chapter)
    found.blocks += _titles(chapter)
    return found


def _index_entries(chapter: Chapter) -> Iterator[Block]:
    """Yield the words that only the index prints: [dose]{.index entry="kratom!dose"}."""
    for span in tree.every(tree.Span, chapter.blocks):
        said = dict(span.attr.pairs).get("entry", "")
        if "index" in span.attr.classes and said:
            place = chapter.places.source.location(chapter.places.start(span))
            yield Block(BlockKind.TERM, " ".join(said.replace("!", ", ").split()), place)


def _titles(chapter: Chapter) -> Iterator[Block]:
    """Yield what is shown to a reader who points at a part of the text: [CBT]{title="cognitive behavioural therapy"}."""
    for node in tree.attributed(chapter.blocks):
        attributes = [tree.attributes(node)]
        if isinstance(node, tree.Table):
            attributes += [attr for row in node.rows for attr in (row.attr, *(cell.attr for cell in row.cells))]
        for attr in attributes:
            if attr and (title := dict(attr.pairs).get("title", "").strip()):
                place = chapter.places.source.location(chapter.places.start(node))
                yield Block(BlockKind.ALT, title, place)


def _name_pictures(chapter: Chapter, found: Outline, pictures: Pictures) -> None:
    """Replace the target of each picture by its path below the publication's folder."""

    def named(target: str) -> str:
        return pictures.names.get((chapter.source.path, target), target)

    for image in tree.every(tree.Image, chapter.blocks):
        image.target.url = named(image.target.url)
    found.images = [replace(image, target=named(image.target)) for image in found.images]


def _leave_out_missing(blocks: list[tree.Block], pictures: dict[str, Picture]) -> None:
    """Put a note in the place of each picture that could not be read; only drafts get this far."""

    def shown(image: tree.Image) -> tree.Inline:
        if image.target.url in pictures:
            return image
        return tree.Span((tree.Attr(classes=["missing-picture"]), [tree.Str("[Picture missing]")]))

    tree.replace(tree.Image, blocks, shown)


def _document(
    project: Project,
    publication: Publication,
    outlines: Sequence[Outline],
    blocks: list[tree.Block],
    labels: dict[str, crossref.Label],
    pictures: Pictures,
) -> Document:
    headers = tree.every(tree.Header, blocks)
    headings = [heading for one in outlines for heading in one.headings]
    drawn = (block for picture in pictures.files.values() for block in picture.words)
    return Document(
        tree=tree.Tree(blocks=blocks),
        blocks=(*stated(project, publication), *(block for one in outlines for block in one.blocks), *drawn),
        citations=tuple(citation for one in outlines for citation in one.citations),
        cross_references=tuple(mention for one in outlines for mention in one.cross_references),
        headings=tuple(_as_printed(heading, header) for heading, header in zip(headings, headers, strict=True)),
        images=tuple(image for one in outlines for image in one.images),
        links=tuple(link for one in outlines for link in one.links),
        labels=labels,
    )


def _as_printed(heading: Heading, header: tree.Header) -> Heading:
    """Return a heading with the id and number that it has in the joined tree."""
    match header.content:
        case [tree.Span(attr=tree.Attr(classes=["section-number"])) as span, *_]:
            number = tree.plain_text(span)
        case _:
            number = ""
    return replace(heading, identifier=header.attr.identifier, number=number)
