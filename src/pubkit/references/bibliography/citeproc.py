"""Print the citations and the reference list of a tree in the chosen style, with pandoc's citeproc.

Citeproc reads files, and pandoc's sandbox does not cover it. It is therefore given two files that pubkit has written
itself, the items and the style, and a tree whose metadata contains only the language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from pubkit.boundary import pandoc
from pubkit.boundary.keeping import Keeper
from pubkit.expressions import expression
from pubkit.language.labels import labels_for, labels_in
from pubkit.language.names import small_in, species_in
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Citation,
    Cite,
    Div,
    Header,
    Meta,
    MetaBool,
    MetaInlines,
    MetaString,
    Para,
    Str,
    Tree,
    copied,
    decode,
    encode,
    every,
    inline_lists,
    plain_text,
)
from pubkit.references.bibliography.ahead import without_claim_of_print
from pubkit.references.bibliography.layout import Layout, layout_of
from pubkit.references.bibliography.locators import keep_type
from pubkit.references.bibliography.sentences import (
    Naming,
    in_sentences,
    name_authors,
    notes_after_possessive,
    unnamed,
)
from pubkit.references.item import Date, Item

__all__ = ["Printed", "listed", "printed"]


#: Pandoc's time grows with the square of the citations of a paragraph: 0.3 seconds for 1,000, 6 for 4,000.
_MOST_IN_ONE = 1_000


class Printed(Struct, frozen=True):
    """A tree with its citations and reference list in place, and the items of that list in order."""

    tree: Tree
    cited: tuple[Item, ...]

    @property
    def references(self) -> Mapping[str, str]:
        """Return the text of each entry of the reference list, by key."""
        entries = (one for one in every(Div, self.tree.blocks) if "csl-entry" in one.attr.classes)
        return {one.attr.identifier.removeprefix("ref-"): plain_text(one) for one in entries}


def printed(
    tree: Tree,
    items: Mapping[str, Item],
    canonical: Mapping[str, str],
    style: bytes,
    lang: str,
    kept: Keeper | None = None,
    uncited: Sequence[str] = (),
) -> Printed:
    """Print the citations of `tree`.

    Args:
        tree: the manuscript's tree; it is not changed.
        items: the CSL item of each key.
        canonical: the key under which a work is printed, for each key of the text; other keys print their own work.
        style: an independent CSL style, as XML.
        lang: the language of the text, such as "en-US".
        kept: has what citeproc has made of the same before.
        uncited: keys of works that the reference list has though the text does not cite them.

    Raises:
        PandocError: citeproc could not read the items or the style.
    """
    tree = copied(tree)
    besides = [canonical.get(key, key) for key in uncited]
    cited = set(besides)
    for one in (citation for cite in every(Cite, tree.blocks) for citation in cite.citations):
        one.key = canonical.get(one.key, one.key)
        keep_type(one)
        cited.add(one.key)
    if not cited:
        return Printed(tree, ())
    layout = layout_of(style, lang)
    works = {key: _for_style(item, layout) for key, item in items.items() if key in cited}
    files = {"items.json": _written(works), "style.csl": layout.style}
    tree.meta = _how(lang, crowded=_is_crowded(tree.blocks))
    if besides:
        tree.meta["nocite"] = MetaInlines([Cite(([Citation(key)], [])) for key in besides])
    done = _named(tree, items, layout, lang, lambda one: _processed(one, files, kept))
    done.meta = {}
    notes_after_possessive(done.blocks)
    without_claim_of_print(done.blocks, works)
    _under_heading(done.blocks, lang)
    return Printed(done, tuple(items[key] for key in _listed(done.blocks) if key in items))


def listed(
    tree: Tree,
    items: Mapping[str, Item],
    canonical: Mapping[str, str],
    style: bytes,
    lang: str,
    kept: Keeper | None = None,
    uncited: Sequence[str] = (),
) -> Printed:
    """Print the reference list of `tree` alone, which only its citations decide: other words may change meanwhile.

    Args and Raises: as `printed`.
    """
    cites = (Cite(([Citation(one.key) for one in cite.citations], [])) for cite in every(Cite, tree.blocks))
    alone = Tree(tree.api_version, {}, [Para([cite]) for cite in cites])
    return printed(alone, items, canonical, style, lang, kept, uncited)


def _named(tree: Tree, items: Mapping[str, Item], layout: Layout, lang: str, process: Callable[[Tree], Tree]) -> Tree:
    """Return `tree` after citeproc, which is `process`, with the authors named in every sentence that needs them.

    `tree` may change.
    """
    naming = Naming(layout.wording, lang)
    if not layout.names_authors:
        name_authors(tree.blocks, items, naming, range(len(in_sentences(tree.blocks))))
    done = process(tree)
    if missing := unnamed(done.blocks, items, naming):
        name_authors(tree.blocks, items, naming, missing)
        done = process(tree)
    return done


def _processed(tree: Tree, files: Mapping[str, bytes], kept: Keeper | None) -> Tree:
    options = ["--from", "json", "--to", "json", "--citeproc", "--bibliography={folder}/items.json"]
    return decode(pandoc.run([*options, "--csl={folder}/style.csl"], encode(tree), files, kept=kept))


def _is_crowded(blocks: list[Block]) -> bool:
    """Return whether a paragraph has so many citations that pandoc, which looks behind each for signs, takes minutes."""
    return any(sum(isinstance(one, Cite) for one in inlines) > _MOST_IN_ONE for inlines in inline_lists(blocks))


def _how(lang: str, *, crowded: bool) -> dict[str, Meta]:
    """Return citeproc's settings; English puts superscript numbers after the full stop and the comma (AMA Manual, 3.6)."""
    labels = labels_in(lang)
    after_punctuation = labels is not None and labels.notes_after_punctuation and not crowded
    return {
        "lang": MetaString(lang),
        "link-citations": MetaBool(True),
        "notes-after-punctuation": MetaBool(after_punctuation),
    }


def _written(items: Mapping[str, Item]) -> bytes:
    """Return the items, each under its key, as one CSL-JSON file."""
    return msgspec.json.encode([_with_species(replace(item, id=key)) for key, item in items.items()])


def _for_style(item: Item, layout: Layout) -> Item:
    """Return `item` with what the style does not know where it looks: "in press" as the date, a standard as a law."""
    is_out = item.issued and (item.volume or item.page or not item.type.startswith("article"))
    if item.status and not is_out and not layout.knows("status"):
        item = replace(item, issued=Date(literal=f"{item.status} {item.year or ''}".strip()))
    if item.type == "standard" and not layout.knows("standard"):
        item = replace(item, type="legislation")
    return item


def _with_species(item: Item) -> Item:
    """Return `item` with the words protected that styles which give every word of a title a capital would change."""
    titles = {name: _protected(getattr(item, name)) for name in ("title", "title_short")}
    return replace(item, **titles)


def _protected(title: str) -> str:
    """Return `title` with its species and units, and a first word that is a name in small letters ("tipr: ..."), protected.

    What its author has protected stays as it is.
    """
    parts = _OWN.split(title)
    if any("nocase" in part for part in parts[::2]):  # one in another
        return title
    parts[::2] = [_with_spans(part, first=not number) for number, part in enumerate(parts[::2])]
    return "".join(parts)


def _with_spans(text: str, *, first: bool) -> str:
    named = _SMALL_NAME.match(text) if first else None
    end = len(text)
    pieces: list[str] = []
    dotted = (found.span() for found in _DOTTED.finditer(text))
    kept = {*([named.span()] if named else []), *species_in(text), *small_in(text), *dotted}
    for start, stop in sorted(kept, reverse=True):
        if stop <= end:
            pieces += (text[stop:end], f'<span class="nocase">{text[start:stop]}</span>')
            end = start
    return "".join((text[:end], *reversed(pieces)))


_OWN = expression(r'(<span class="nocase">(?:(?!</?span)[^\n])*</span>)')
#: The name of a program, a file or a site, or code: data.table, `mean(x)`.
_DOTTED = expression(r"`[^`<>]+`|(?<![\w.@-])[a-z]\w+(?:\.[a-z]\w+)+(?![\w.])")
_SMALL_NAME = expression(r"[a-z]\w*(?=:)|[a-z]+[A-Z]\w*")


def _under_heading(blocks: list[Block], lang: str) -> None:
    """Add a heading to the list that citeproc put at the end; a list that the author placed has its own."""
    match blocks:
        case [*_, Header() as above, Div(attr=Attr("refs"))] if plain_text(above.content):
            pass
        case [*_, Div(attr=Attr("refs"))]:
            title = Header((1, Attr("references", ["unnumbered"]), [Str(labels_for(lang)["references"])]))
            blocks.insert(len(blocks) - 1, title)


def _listed(blocks: Sequence[Block]) -> list[str]:
    """Return the keys of the reference list, in order."""
    return [one.attr.identifier.removeprefix("ref-") for one in every(Div, blocks) if "csl-entry" in one.attr.classes]
