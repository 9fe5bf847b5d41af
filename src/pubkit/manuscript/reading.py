"""Read a project's files into a `Manuscript`: parse each chapter, apply the policy, outline and number the whole.

Chapters are parsed one by one, because footnote and link definitions of two chapters may have the same names, and side by
side, because each parse is a process of its own. Everything after that works on the joined tree.
"""

from __future__ import annotations

import bisect
import difflib
import functools
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from pubkit.boundary.files import printable
from pubkit.boundary.keeping import Keeper
from pubkit.boundary.rules import SRC003
from pubkit.boundary.text import Edit, SourceFile, rewritten, written
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.language.labels import Labels, labels_for
from pubkit.manuscript import crossref, html, tree, uncited
from pubkit.manuscript.callouts import box_up, name_theorems
from pubkit.manuscript.charts import set_charts
from pubkit.manuscript.conditional import shown_here
from pubkit.manuscript.endless import parsed
from pubkit.manuscript.floats import settle_floats
from pubkit.manuscript.form import findings as form_findings
from pubkit.manuscript.form import form_of
from pubkit.manuscript.front import read_front
from pubkit.manuscript.marking import MarkedText, mark
from pubkit.manuscript.marks import notes_by_name, unmarked
from pubkit.manuscript.marks.cells import NOT_COMPUTED
from pubkit.manuscript.marks.defined import defined
from pubkit.manuscript.marks.headings import (
    breaks_left_out,
    comments_left_out,
    highlights,
    lists_apart,
    pictures_without_captions,
    rules_apart,
    set_apart,
)
from pubkit.manuscript.marks.session import with_common_options
from pubkit.manuscript.mentions import resolve
from pubkit.manuscript.misread import misread
from pubkit.manuscript.model import Block, BlockKind, Document, Heading, Manuscript, Picture
from pubkit.manuscript.outline import Outline, outline
from pubkit.manuscript.paths import linked_chapter
from pubkit.manuscript.pictographs import set_arrays
from pubkit.manuscript.pictures import Pictures, read_pictures
from pubkit.manuscript.places import Places
from pubkit.manuscript.policy import Formula, cleaned, is_reserved, is_reserved_class
from pubkit.manuscript.positions import SourceWords
from pubkit.manuscript.rules import SRC014, SRC016, SRC017, SRC035
from pubkit.manuscript.spoken import put_into_language
from pubkit.manuscript.statements import stated
from pubkit.manuscript.unprinted import unprinted
from pubkit.manuscript.unset import left_as_source
from pubkit.project.loading import STYLE_SHEETS, Project
from pubkit.project.metadata import Form, Publication

__all__ = ["read"]

_SECOND_METADATA = expression(r"^---\n(?:[A-Za-z_-]+:.*\n)(?:.*\n)*?(?:---|\.\.\.)[ \t]*$", re.MULTILINE)

#: The dialects whose tools follow CommonMark, where a heading may follow a paragraph at once.
_COMMONMARK = frozenset({"myst", "folder"})

#: The dialects in which [[name]] may be a link to another text.
_OF_NOTES = frozenset({"folder", "document"})

#: The ids that an author has typed, as an attribute of Markdown or of HTML.
_TYPED_ID = expression(r"(?:#|\bid\s*=\s*[\"']?)([\w.:-]+)(?=[\s}\"'>])")
_SCHEME = expression(r"^(?:https?://|#)")
#: The files of tools that know no citations.
_WITHOUT_CITATIONS = ("mkdocs.yml", "SUMMARY.md", "src/SUMMARY.md")
#: The name of a package: @scope/name; and any name.
_PACKAGE, _ANY = re.compile(r"[\w-]+/[\w.-]+"), re.compile(r".+")
#: A mention of a label by its number alone.
_BY_NUMBER = expression(r"\[-@([\w:.-]+)\]")
#: The labels that Quarto keeps for figures and so on, whatever the bibliography has (Quarto, Cross References).
_QUARTO_LABEL = expression(r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg)-\w")
_NOT_IN_ID = expression(r"[^\w\s.-]")
#: The ids and classes of reference lists and notes, as pandoc makes them.
_OF_LISTS = expression(r"refs|ref-.*|fn[0-9]+|fnref[0-9]+|footnotes")
_CLASS_OF_LISTS = expression(r"csl-.*|references|footnotes?")

# What comes before the @ in an address such as https://example.org/@name.
_ADDRESS_END = expression(r"(?:https?://|www\.)\S*[/=?&~+:-]$", re.IGNORECASE)


class _Chapter(Struct):
    source: SourceFile
    places: Places
    marked: MarkedText
    blocks: list[tree.Block]
    findings: list[Finding]
    formulas: list[Formula]


def read(project: Project, kept: Keeper | None = None) -> Manuscript:
    """Return the manuscript of `project`, read and found safe; `kept` has chapters that were parsed before.

    Raises:
        InputRefused: a part is unsafe, or there is no text; the findings list every such place.
        EnvironmentFault: pandoc cannot be run.
    """
    publication, front = read_front(project.publication)
    chapters = _chapters(project, kept)
    findings = [finding for chapter in chapters for finding in chapter.findings]
    is_label = _mentionable(chapters, project.dialect)
    outlines = [_outlined(chapter, is_label) for chapter in chapters]
    images = [image for one in outlines for image in one.images]
    shown = [(image.target, image.location) for image in images]
    pictures = read_pictures(project.folder, [*shown, *_of_house(project)])
    for chapter, found in zip(chapters, outlines, strict=True):
        _name_pictures(chapter, found, pictures)
    blocks = _joined(chapters, outlines)
    form = form_of(project.publication, blocks, len(chapters))
    labels = _numbered(form)(blocks, labels_for(project.publication.lang), is_label)
    resolve(blocks, labels, project.publication.lang)
    if project.dialect == "myst":
        _say_addresses(blocks)
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


def _empty_chapters(chapters: Sequence[_Chapter], *, is_foreign: bool) -> Iterator[Finding]:
    """Yield a finding for each chapter without text; the index of another tool's book may contain its metadata alone."""
    for chapter in chapters:
        is_index = is_foreign and PurePosixPath(chapter.source.path).stem.lower() == "index"
        if not chapter.blocks and not is_index:
            message = f"The chapter {printable(chapter.source.path)} is empty."
            remedy = "Write the chapter, or remove the file."
            yield SRC017.at(Location(chapter.source.path, 1, 1), message, remedy=remedy)


def _empty(project: Project, others: Sequence[Finding]) -> InputRefused:
    path = project.chapters[0].path
    finding = SRC003.at(Location(path, 1, 1), "The manuscript has no text.", remedy="Write some.")
    return InputRefused(finding.message, remedy=finding.remedy, findings=(finding, *others))


def _chapters(project: Project, kept: Keeper | None) -> list[_Chapter]:
    """Return each chapter, parsed and under the policy; as many are parsed at a time as there are processors."""
    project = with_common_options(project)
    read = functools.partial(
        _parsed,
        project=project,
        paths=frozenset(source.path for source in project.chapters),
        labels=defined(project.chapters),
        words_of=labels_for(project.publication.lang),
        kept=kept,
    )
    if len(project.chapters) == 1:
        return [read(project.chapters[0])]
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        return list(pool.map(read, project.chapters))


def _parsed(
    written: SourceFile,
    project: Project,
    paths: frozenset[str],
    labels: Mapping[str, str],
    words_of: Labels,
    kept: Keeper | None,
) -> _Chapter:
    """Return one chapter as a tree with only what may be printed.

    Args:
        written: the chapter.
        project: the publication, which may have other files and values that the chapter names.
        paths: those of all chapters.
        labels: those that any chapter defines.
        words_of: the words for kinds of boxes.
        kept: has what pandoc has made of the same text before.
    """
    body, misplaced = _without_metadata(written)
    apart = _set_apart(body, project)
    notes = notes_by_name(paths) if project.dialect in _OF_NOTES else {}
    source, unread = unmarked(apart, project.folder, project.variables, labels, notes)
    if source is not apart:  # a list in what was a directive
        source = _lists_apart(source, project)
    marked = mark(source.text)
    words = SourceWords(source)
    blocks = tree.decode(marked.restore(parsed(marked.text, source, kept).decode())).blocks
    _leave_addresses_whole(blocks)
    if not project.bibliography and any((project.folder / name).is_file() for name in _WITHOUT_CITATIONS):
        _leave_names_of_users(blocks)
    elif project.dialect and not project.bibliography:
        _leave_names_of_users(blocks, _PACKAGE)
    _show_not_computed(blocks)
    unread += html.read(blocks, words)
    if project.dialect:
        _free_reserved_names(blocks)
    _rename_headings(blocks, source.text)
    if project.dialect:
        _free_typed_names(blocks, source.text)
    places = Places(words, blocks, marked.keys.get)
    lost = [*unprinted(places), *set_arrays(blocks, places, words_of), *set_charts(blocks, places, words_of)]
    elsewhere = list(shown_here(blocks, places))
    if project.dialect:
        name_theorems(blocks)
    clean = cleaned(blocks, places, paths)
    box_up(blocks, words_of)
    settle_floats(blocks)
    if (lang := project.languages.get(written.path)) is not None:
        put_into_language(blocks, lang, project.publication.lang)
    second = _second_metadata(source, words, _code(blocks, places))
    findings = [*misplaced, *unread, *elsewhere, *lost, *clean.findings, *second]
    return _Chapter(source, places, marked, blocks, findings, clean.formulas)


def _set_apart(written: SourceFile, project: Project) -> SourceFile:
    """Return a chapter with an empty line wherever its own tool needs none and pandoc does."""
    commonmark = _is_commonmark(written, project)
    apart = rewritten(written, rules_apart(written, commonmark=commonmark))
    if not commonmark:
        return apart
    if project.dialect == "myst":
        apart = rewritten(apart, breaks_left_out(apart))
    apart = rewritten(apart, set_apart(apart))
    if project.dialect == "myst" or any((project.folder / name).is_file() for name in _WITHOUT_CITATIONS):
        apart = rewritten(apart, pictures_without_captions(apart))
    if (project.folder / ".obsidian").is_dir():
        apart = rewritten(rewritten(apart, comments_left_out(apart)), highlights(apart))
    if (project.folder / "mkdocs.yml").is_file():
        return rewritten(apart, highlights(apart))
    return _lists_apart(apart, project)


def _lists_apart(source: SourceFile, project: Project) -> SourceFile:
    """Return a text with an empty line before its lists, if its tool reads them as CommonMark; MkDocs does not."""
    if not _is_commonmark(source, project) or (project.folder / "mkdocs.yml").is_file():
        return source
    return rewritten(source, lists_apart(source))


def _is_commonmark(source: SourceFile, project: Project) -> bool:
    """Return whether the tool of a text reads CommonMark: that of its project, or GitHub, which shows a README."""
    is_readme = bool(project.dialect) and source.path.rpartition("/")[2].lower() == "readme.md"
    return is_readme or project.dialect in _COMMONMARK


def _leave_addresses_whole(blocks: list[tree.Block]) -> None:
    """Put the @name of a bare web address, which pandoc has taken for a citation, back into its text."""
    for siblings in tree.inline_lists(blocks):
        for index in range(len(siblings) - 1, 0, -1):
            match siblings[index - 1 : index + 1]:
                case [tree.Str(address), tree.Cite(content=[tree.Str(name), *others])]:
                    if _ADDRESS_END.search(address) and name.startswith("@"):
                        siblings[index - 1 : index + 1] = [tree.Str(address + name), *others]


def _say_addresses(blocks: list[tree.Block]) -> None:
    """Give links without words those that MyST would look up: here their address."""
    for link in tree.every(tree.Link, blocks):
        if not link.content and link.target.url:
            link.content = [tree.Str(_SCHEME.sub("", link.target.url))]


def _leave_names_of_users(blocks: list[tree.Block], like: re.Pattern[str] = _ANY) -> None:
    """Put @name, if it is `like` that, back into the text where there is no bibliography."""
    for siblings in tree.inline_lists(blocks):
        for index, inline in enumerate(siblings):
            match inline:
                case tree.Cite(citations=[tree.Citation() as one], content=[tree.Str() as name]):
                    if one.mode.t == "AuthorInText" and like.fullmatch(name.text.removeprefix("@")):
                        siblings[index] = name


def _free_reserved_names(blocks: list[tree.Block]) -> None:
    """Give the ids of another tool's manuscript names that pubkit does not use itself, in links as well; drop such classes.

    Such ids come from a reference list that a run has left in the text; it stays, as the text that it is.
    """
    for node in tree.attributed(blocks):
        attr = tree.attributes(node)
        if attr is None or (isinstance(node, tree.Div) and not node.content):
            continue
        if _OF_LISTS.fullmatch(attr.identifier):
            attr.identifier = f"own-{attr.identifier}"
        attr.classes = [
            name for name in attr.classes if not (_CLASS_OF_LISTS.fullmatch(name) or is_reserved_class(name))
        ]
    _lead_elsewhere(blocks, lambda name: _OF_LISTS.fullmatch(name) is not None)


def _rename_headings(blocks: list[tree.Block], text: str) -> None:
    """Rename headings whose words make an id that is reserved for pubkit, such as "Footnotes"; nobody has typed that id."""
    reserved = [header for header in tree.every(tree.Header, blocks) if is_reserved(header.attr.identifier)]
    typed = frozenset(_TYPED_ID.findall(text)) if reserved else frozenset()
    renamed = {header.attr.identifier for header in reserved} - typed
    for header in reserved:
        if header.attr.identifier in renamed:
            header.attr.identifier = f"own-{header.attr.identifier}"
    if renamed:
        _lead_elsewhere(blocks, renamed.__contains__)


def _free_typed_names(blocks: list[tree.Block], text: str) -> None:
    """Rename headings whose words make an id that an author has given, once, to something else in the same chapter."""
    ids = Counter(filter(None, map(tree.identifier, tree.attributed(blocks))))
    typed = Counter(_TYPED_ID.findall(text)) if max(ids.values(), default=0) > 1 else Counter()
    for header in tree.every(tree.Header, blocks):
        name = header.attr.identifier
        made = "-".join(_NOT_IN_ID.sub("", tree.plain_text(header.content).lower()).split())
        if ids[name] > 1 and name == made and typed[name] == 1:
            ids[name] -= 1
            header.attr.identifier = f"own-{name}"


def _lead_elsewhere(blocks: list[tree.Block], is_renamed: Callable[[str], bool]) -> None:
    """Let the links to renamed ids follow them."""
    for link in tree.every(tree.Link, blocks):
        if link.target.url.startswith("#") and is_renamed(link.target.url[1:]):
            link.target.url = f"#own-{link.target.url[1:]}"


def _show_not_computed(blocks: list[tree.Block]) -> None:
    """Put a note in the place of each picture that was never drawn; a finding on the code reports it as well."""

    def shown(image: tree.Image) -> tree.Inline:
        return tree.Str("[Figure not computed]") if image.target.url == NOT_COMPUTED else image

    tree.replace(tree.Image, blocks, shown)


def _code(blocks: list[tree.Block], places: Places) -> list[tuple[int, int]]:
    """Return where code blocks begin and end in the source."""
    return [places.extent(block) for block in tree.every(tree.CodeBlock, blocks)]


def _without_metadata(source: SourceFile) -> tuple[SourceFile, list[Finding]]:
    """Return a chapter without a block of metadata at its beginning, and a finding on that block."""
    found = _SECOND_METADATA.match(source.text)
    if not found:
        return source, []
    message = "The chapter begins with a block of metadata, of which nothing is read."
    remedy = "State in pubkit.yaml what the publication needs of it, and remove the block."
    finding = SRC014.at(source.location(0, len("---")), message, context=found[0][:200], remedy=remedy)
    return rewritten(source, [Edit(0, found.end(), "\n" * found[0].count("\n"))]), [finding]


def _second_metadata(source: SourceFile, words: SourceWords, code: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Yield the YAML blocks inside the text, which pandoc takes for metadata, so that no reader sees them."""
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


def _mentionable(chapters: Sequence[_Chapter], dialect: str | None) -> Callable[[str], bool]:
    """Return a function that decides whether a key mentions a label: by its form, or because an author defined it.

    In a manuscript of another tool, a mention by number alone may also mean the id that a heading has from its words.
    """
    texts = [chapter.source.text for chapter in chapters]
    written = frozenset().union(*map(crossref.written_labels, texts))
    if dialect:
        written |= {found[1] for text in texts for found in _BY_NUMBER.finditer(text)}
    known = written & set().union(*(crossref.labelled(chapter.blocks) for chapter in chapters)) if written else written
    quarto = dialect == "quarto" or any(chapter.source.path.endswith(".qmd") for chapter in chapters)
    is_label = _QUARTO_LABEL.match if quarto else crossref.is_label
    return lambda key: crossref.is_label(key) or key in known or bool(is_label(key))


def _outlined(chapter: _Chapter, is_label: Callable[[str], bool]) -> Outline:
    found = outline(chapter.blocks, chapter.places, chapter.marked.keys.get, is_label)
    found.findings += misread(chapter.blocks, chapter.places)
    for cite in tree.every(tree.Cite, chapter.blocks):
        for one in cite.citations:
            key = chapter.marked.keys.get(one.key)
            one.key = key[0] if key else one.key
    found.blocks += _index_entries(chapter)
    return found


def _index_entries(chapter: _Chapter) -> Iterator[Block]:
    """Yield the words that only the index prints: [dose]{.index entry="kratom!dose"}."""
    for span in tree.every(tree.Span, chapter.blocks):
        said = dict(span.attr.pairs).get("entry", "")
        if "index" in span.attr.classes and said:
            place = chapter.places.source.location(chapter.places.start(span))
            yield Block(BlockKind.TERM, " ".join(said.replace("!", ", ").split()), place)


def _name_pictures(chapter: _Chapter, found: Outline, pictures: Pictures) -> None:
    """Replace the target of each picture by its path below the publication's folder."""

    def named(target: str) -> str:
        return pictures.names.get((chapter.source.path, target), target)

    for image in tree.every(tree.Image, chapter.blocks):
        image.target.url = named(image.target.url)
    found.images = [replace(image, target=named(image.target)) for image in found.images]


def _joined(chapters: Sequence[_Chapter], outlines: Sequence[Outline]) -> list[tree.Block]:
    """Return all chapters as one list of blocks, in which every id is unique and links between chapters lead to ids."""
    taken: set[str] = set()
    renamed: dict[str, dict[str, str]] = {}
    for chapter in chapters:
        renamed[chapter.source.path] = _rename_taken(chapter.blocks, taken)
    starts = _Starts(chapters, taken, renamed)
    for chapter, found in zip(chapters, outlines, strict=True):
        _redirect(chapter, found, starts)
    return [block for chapter in chapters for block in chapter.blocks]


#: What tools differ in when they make an id of a heading: pandoc leaves out the number before it, GitHub dots within it.
_SLUG = expression(r"^\d+(?=\D)|[\W_]+")


def _slug(identifier: str) -> str:
    return _SLUG.sub("", _SLUG.sub("", identifier.lower()))


class _Starts:
    """The ids to which links lead: those of headings, and of the beginnings of chapters.

    A chapter that begins without a heading is given an id when it is asked for.
    """

    def __init__(self, chapters: Sequence[_Chapter], taken: set[str], renamed: Mapping[str, Mapping[str, str]]) -> None:
        self._renamed = renamed
        self._slugs: dict[str, dict[str, str]] = {}
        self._chapters = {chapter.source.path: chapter for chapter in chapters}
        self.paths = frozenset(self._chapters)
        self._taken = taken

    def __getitem__(self, path: str) -> str:
        blocks = self._chapters[path].blocks
        match blocks:
            case [tree.Header() | tree.Div() as first, *_] if first.attr.identifier:
                return first.attr.identifier
        names = (f"chapter-{count}" for count in range(1, 1_000_000))
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        blocks[:1] = [tree.Div((tree.Attr(name), blocks[:1]))]
        return name

    def meant(self, path: str, identifier: str) -> str:
        """Return the id that a link to `identifier` in the chapter `path` means: as written, or as another tool makes it."""
        identifier = self._renamed[path].get(identifier, identifier)
        if identifier in self._taken or not identifier:
            return identifier
        if path not in self._slugs:
            headers = [one.attr.identifier for one in tree.every(tree.Header, self._chapters[path].blocks)]
            self._slugs[path] = {_slug(one): one for one in reversed(headers)}
        return self._slugs[path].get(_slug(identifier), identifier)


def _rename_taken(blocks: list[tree.Block], taken: set[str]) -> dict[str, str]:
    """Add a number to ids that an earlier chapter has used; return the new id of each.

    Labels that are mentioned by number stay: a label that occurs twice is a mistake, which a rule reports.
    """
    renamed: dict[str, str] = {}
    used: set[str] = set()
    attrs = list(filter(None, map(tree.attributes, tree.attributed(blocks))))
    known = taken | {attr.identifier for attr in attrs}
    for attr in attrs:
        identifier = attr.identifier
        if identifier in taken and not crossref.is_label(identifier):
            fresh = (f"{identifier}-{count}" for count in range(2, 1_000_000))
            attr.identifier = renamed.setdefault(identifier, next(name for name in fresh if name not in known))
        used.add(attr.identifier)
    taken |= used - {""}
    return renamed


def _redirect(chapter: _Chapter, found: Outline, starts: _Starts) -> None:
    """Let the links of a chapter lead to the ids as they are now, and those to other chapters into them."""
    own = chapter.source.path
    targets: dict[str, str] = {}
    for link in tree.every(tree.Link, chapter.blocks):
        target = link.target.url
        if target not in targets:
            targets[target] = _redirected(own, target, starts)
        link.target.url = targets[target]
    found.links = [replace(link, target=targets.get(link.target, link.target)) for link in found.links]


def _redirected(own: str, target: str, starts: _Starts) -> str:
    path, identifier = (own, target[1:]) if target.startswith("#") else ("", "")
    if linked := linked_chapter(own, target, starts.paths):
        path, identifier = linked
    if not path:
        return target
    return f"#{starts.meant(path, identifier) or starts[path]}"


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
