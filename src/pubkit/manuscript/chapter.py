"""One chapter: what other tools mean made plain, parsed by pandoc, and under the policy."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pubkit.boundary.keeping import Keeper
from pubkit.boundary.text import Edit, SourceFile, rewritten
from pubkit.expressions import expression
from pubkit.findings import Finding
from pubkit.language.labels import Labels
from pubkit.manuscript import html, tree
from pubkit.manuscript.at_signs import PACKAGE, leave_addresses_whole, leave_names_of_users
from pubkit.manuscript.callouts import box_up, name_listings, name_theorems
from pubkit.manuscript.charts import set_charts
from pubkit.manuscript.conditional import shown_here
from pubkit.manuscript.endless import parsed
from pubkit.manuscript.floats import settle_floats
from pubkit.manuscript.ids import free_reserved_names, free_typed_names, rename_headings, unname_alternatives
from pubkit.manuscript.marking import MarkedText, mark
from pubkit.manuscript.marks import notes_by_name, unmarked
from pubkit.manuscript.marks.cells import NOT_COMPUTED
from pubkit.manuscript.marks.headings import (
    breaks_left_out,
    comments_left_out,
    highlights,
    lists_apart,
    pictures_without_captions,
    rules_apart,
    set_apart,
)
from pubkit.manuscript.marks.slides import is_slides, slide_edits
from pubkit.manuscript.pictographs import set_arrays
from pubkit.manuscript.places import Places
from pubkit.manuscript.policy import Formula, cleaned
from pubkit.manuscript.positions import SourceWords
from pubkit.manuscript.rules import SRC014
from pubkit.manuscript.spoken import put_into_language
from pubkit.manuscript.unprinted import unprinted
from pubkit.project.loading import Project

__all__ = ["Chapter", "parsed_chapter"]

_SECOND_METADATA = expression(r"^---\n(?:[A-Za-z_-]+:.*\n)(?:.*\n)*?(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
#: The dialects whose tools follow CommonMark, where a heading may follow a paragraph at once.
_COMMONMARK = frozenset({"myst", "folder"})
#: The dialects in which [[name]] may be a link to another text.
_OF_NOTES = frozenset({"folder", "document"})
#: The files of tools that know no citations.
_WITHOUT_CITATIONS = ("mkdocs.yml", "SUMMARY.md", "src/SUMMARY.md")


class Chapter(Struct):
    """A chapter as it was read: its source, the tree that is printed, and where the words of one are in the other."""

    source: SourceFile
    places: Places
    marked: MarkedText
    blocks: list[tree.Block]
    findings: list[Finding]
    formulas: list[Formula]


def parsed_chapter(
    written: SourceFile,
    project: Project,
    paths: frozenset[str],
    labels: Mapping[str, str],
    words_of: Labels,
    kept: Keeper | None,
) -> Chapter:
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
    leave_addresses_whole(blocks)
    if not project.bibliography and any((project.folder / name).is_file() for name in _WITHOUT_CITATIONS):
        leave_names_of_users(blocks)
    elif project.dialect and not project.bibliography:
        leave_names_of_users(blocks, PACKAGE)
    _show_not_computed(blocks)
    unread += html.read(blocks, words)
    if project.dialect:
        free_reserved_names(blocks)
    rename_headings(blocks, source.text)
    if project.dialect:
        free_typed_names(blocks, source.text)
    places = Places(words, blocks, marked.keys.get)
    lost = [*unprinted(places), *set_arrays(blocks, places, words_of), *set_charts(blocks, places, words_of)]
    elsewhere = list(shown_here(blocks, places))
    if project.dialect:
        name_listings(blocks)
        name_theorems(blocks)
    clean = cleaned(blocks, places, paths)
    box_up(blocks, words_of)
    settle_floats(blocks)
    unname_alternatives(blocks)
    if (lang := project.languages.get(written.path)) is not None:
        put_into_language(blocks, lang, project.publication.lang)
    second = _second_metadata(source, words, _code(blocks, places))
    findings = [*misplaced, *unread, *elsewhere, *lost, *clean.findings, *second]
    return Chapter(source, places, marked, blocks, findings, clean.formulas)


def _set_apart(written: SourceFile, project: Project) -> SourceFile:
    """Return a chapter with an empty line wherever its own tool needs none and pandoc does."""
    commonmark = _is_commonmark(written, project)
    apart = rewritten(written, rules_apart(written, commonmark=commonmark))
    if not commonmark:
        return apart
    if project.dialect == "myst":
        apart = rewritten(apart, breaks_left_out(apart))
    apart = rewritten(apart, set_apart(apart))
    if is_slides(written):
        apart = rewritten(apart, slide_edits(apart))
    if (
        project.dialect == "myst"
        or is_slides(written)
        or any((project.folder / name).is_file() for name in _WITHOUT_CITATIONS)
    ):
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
    """Return whether the tool of a text reads CommonMark: that of its project, Marp, or GitHub, which shows a README."""
    is_readme = source.path.rpartition("/")[2].lower() == "readme.md"
    return project.dialect in _COMMONMARK or (bool(project.dialect) and (is_readme or is_slides(source)))


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
