"""The differences between a reference and a registry's record, field by field, in words for the editor.

One function for each field. Each yields nothing if the two agree or differ only in form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.findings import Severity
from pubkit.references.comparison.authors import AuthorMatch, same_person
from pubkit.references.comparison.locators import Locator, compare_pages, same_number
from pubkit.references.comparison.names import AuthorList, Name, read_authors
from pubkit.references.comparison.sides import Sides
from pubkit.references.comparison.titles import Change, TitleRelation
from pubkit.references.comparison.venues import VenueNames, preprint_doi, same_venue
from pubkit.references.registries.works import Work

__all__ = ["Difference", "compared_fields", "differences"]

MOST_YEARS_BETWEEN_VERSIONS = 3
"""A preprint's article, or its next version, appears within this many years of it, or is not taken for one."""

_SHOWN = 300


class Difference(Struct, frozen=True):
    """One field in which the reference and the record differ.

    `cited` and `registry` are the two values, shortened for reading, "" if absent. `why` explains the difference.
    `severity` is ERROR for a wrong field, WARNING for a mark of another version of the work, NOTE for what is worth knowing.
    `missing` says that one side does not have the field at all.
    """

    field: str
    cited: str
    registry: str
    why: str
    severity: Severity
    missing: bool = False

    @property
    def blocking(self) -> bool:
        """Return whether the reference is wrong until this is corrected."""
        return self.severity is Severity.ERROR


def differences(sides: Sides) -> Iterator[Difference]:
    """Yield every difference between the two sides, in the order of a reference's fields."""
    for check in (_title, _authors, _year, _venue, _volume, _issue, _pages, _doi, _pmid):
        yield from check(sides)


def compared_fields(sides: Sides) -> Iterator[str]:
    """Yield the names of the fields that both sides have."""
    ours, theirs = sides.cited, sides.registry
    present = {
        "title": (ours.title, theirs.title),
        "authors": (sides.same_byline or sides.authors, sides.same_byline or sides.authors),
        "year": (ours.published, theirs.published),
        "venue": (ours.venue or ours.server, theirs.venue or theirs.server),
        "volume": (ours.volume, theirs.volume),
        "pages": (ours.pages, theirs.pages or theirs.article_number),
        "issue": (ours.issue, theirs.issue),
        "doi": (ours.doi, theirs.doi),
        "pmid": (ours.pmid, theirs.pmid),
    }
    return (field for field, (one, other) in present.items() if one and other)


# ---------------------------------------------------------------------------------------------------------------- title


def _title(sides: Sides) -> Iterator[Difference]:
    cited, registry, match = sides.cited.title, sides.registry.title, sides.title
    if not cited or not registry:
        yield from _absent("title", cited, registry)
        return

    def differs(why: str, severity: Severity) -> Difference:
        return Difference("title", _shown(cited), _shown(registry), why, severity)

    if match.marked_retracted:
        yield differs("The registry's title says that the work has been retracted or withdrawn.", Severity.NOTE)
    match match.relation:
        case TitleRelation.SAME | TitleRelation.SPELLING:
            if match.cut:
                yield differs("The title is too long to be compared in full.", Severity.ERROR)
        case TitleRelation.SHORTENED:
            side = "reference" if match.shorter_is_cited else "registry"
            yield differs(f"The {side} gives the title without its subtitle or heading.", Severity.NOTE)
        case TitleRelation.NOTICE:
            why = (
                "One of the two is a notice about the work (a correction, a retraction), and the other the work itself."
            )
            yield differs(why, Severity.ERROR)
        case _ if sides.rewritten:
            yield differs("The same authors' version of this work has another title.", Severity.WARNING)
        case TitleRelation.CHANGED:
            yield differs(_changes(match.changes), Severity.ERROR)
        case _:
            yield differs("The registry's record has another title.", Severity.ERROR)


def _changes(changes: Sequence[Change]) -> str:
    shown = [_change(change) for change in changes[:3]]
    if len(changes) > 3:
        shown.append(f"and {len(changes) - 3} more places differ")
    return f"The titles differ: {'; '.join(shown)}."


def _change(change: Change) -> str:
    if not change.registry:
        return f"“{_shown(change.cited, 80)}” is not in the registry's title"
    if not change.cited:
        place = f" after “{_shown(change.before, 40)}”" if change.before else ""
        return f"the registry has “{_shown(change.registry, 80)}”{place}, the reference leaves it out"
    return f"“{_shown(change.cited, 80)}” where the registry has “{_shown(change.registry, 80)}”"


# -------------------------------------------------------------------------------------------------------------- authors


def _authors(sides: Sides) -> Iterator[Difference]:
    if sides.same_byline:
        return
    ours, theirs, match = sides.cited_authors, sides.registry_authors, sides.authors
    if match is None:
        if ours or theirs:
            yield from _absent("authors", _people(ours), _people(theirs))
        return

    def differs(why: str, severity: Severity) -> Difference:
        return Difference("authors", _people(ours), _people(theirs), why, severity)

    if ours.too_long or theirs.too_long:
        yield differs("The author list is too long to be compared in full.", Severity.NOTE)
    yield from (differs(why, severity) for why, severity in _people_differ(sides, match))
    if match.respelled and match.matched:
        pairs = "; ".join(f"{one.written} is {other.written} in the registry" for one, other in match.respelled[:3])
        yield differs(f"Taken for the same people, though written differently: {_shown(pairs)}.", Severity.NOTE)
    if match.reordered:
        first = ", and another name comes first" if match.first_differs else ""
        yield differs(f"The authors are in a different order{first}.", Severity.NOTE)


def _people_differ(sides: Sides, match: AuthorMatch) -> Iterator[tuple[str, Severity]]:
    if not match.cited or not match.registry:
        yield from _groups_against_people(match)
        return
    if not match.matched:
        yield f"None of the cited authors is among the registry's {match.registry}.", Severity.ERROR
        return
    invented = () if match.groups_matched and not match.dropped else _not_editors(match.invented, sides.registry)
    severity = Severity.WARNING if sides.revised_byline else Severity.ERROR
    if invented:
        yield f"The registry does not name {_names(invented)} as an author.", severity
    if match.dropped:
        yield f"The reference leaves out {_names(match.dropped)} and does not say “et al.”.", severity
    if match.groups_registry_only:
        yield f"The registry also names the group {_names(match.groups_registry_only)}.", Severity.NOTE
    if match.groups_cited_only:
        yield f"The registry does not name the group {_names(match.groups_cited_only)}.", Severity.NOTE


def _groups_against_people(match: AuthorMatch) -> Iterator[tuple[str, Severity]]:
    if match.groups_matched:
        if match.cited or match.registry:
            side = "reference" if match.cited else "registry"
            yield f"The {side} also names the group's people.", Severity.NOTE
    elif match.cited:
        yield f"The registry names only the group {_names(match.groups_registry_only)}.", Severity.ERROR
    elif match.registry:
        why = f"The reference names only the group {_names(match.groups_cited_only)}, the registry {match.registry} people."
        yield why, Severity.NOTE
    else:
        yield f"The registry names another group: {_names(match.groups_registry_only)}.", Severity.ERROR


def _not_editors(names: Sequence[Name], registry: Work) -> Sequence[Name]:
    if not names or registry.editors is None:
        return names
    editors = read_authors(registry.editors).people[:50]
    return [name for name in names if not any(same_person(name, editor) for editor in editors)]


def _names(names: Sequence[Name]) -> str:
    shown = [_shown(name.written, 80) for name in names[:4]]
    if len(names) > 4:
        return f"{', '.join(shown)} and {len(names) - 4} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _people(authors: AuthorList) -> str:
    names = [*authors.people, *authors.groups]
    return _shown(
        "; ".join(name.written for name in names[:12]) + ("; …" if len(names) > 12 or authors.truncated else "")
    )


# ----------------------------------------------------------------------------------------------------------------- year


def _year(sides: Sides) -> Iterator[Difference]:
    cited, registry = sides.cited, sides.registry
    ours, theirs = (", ".join(map(str, sorted(work.published))) or work.year_text for work in (cited, registry))
    if not cited.published or not registry.published:
        if ours or theirs:
            yield from _absent("year", ours if cited.published else "", theirs if registry.published else "")
        return
    if cited.published & (registry.published | registry.other_years) or cited.other_years & registry.published:
        return
    years = min(abs(one - other) for one in cited.published for other in registry.published)
    if years == 1:
        yield Difference(
            "year", ours, theirs, "One year apart, as online and print publication often are.", Severity.NOTE
        )
    elif sides.versions and years <= MOST_YEARS_BETWEEN_VERSIONS:
        yield Difference(
            "year", ours, theirs, f"{years} years apart, as versions of a preprint can be.", Severity.WARNING
        )
    else:
        yield Difference(
            "year", ours, theirs, f"The nearest year that the registry has is {years} years away.", Severity.ERROR
        )


# ---------------------------------------------------------------------------------------------------------------- venue


def _venue(sides: Sides) -> Iterator[Difference]:
    cited, registry = sides.cited, sides.registry
    ours, theirs = cited.venue or cited.server or "", registry.venue or registry.server or ""

    def differs(why: str, severity: Severity) -> Difference:
        return Difference("venue", _shown(ours), _shown(theirs), why, severity)

    if not ours or not theirs:
        if ours or theirs:
            yield from _absent("venue", ours, theirs)
    elif cited.server and registry.server:
        if not _same_server(cited.server, registry.server):
            yield differs("The registry has the work on another preprint server.", Severity.WARNING)
    elif cited.server:
        yield differs(
            "The reference is to a preprint; the registry has the article, published in a journal.", Severity.WARNING
        )
    elif registry.server:
        if cited.doi and (preprint_doi(cited.doi) or cited.base_doi == registry.base_doi):
            why = f"The DOI is the preprint's on {registry.server}; its record does not mention publication in this journal."
            yield differs(why, Severity.ERROR)
        else:
            yield differs("The reference is to an article; the registry has its preprint.", Severity.WARNING)
    elif not cited.issns & registry.issns and not _any_same_venue(cited, registry, sides.venues):
        yield differs("The registry says that the work appeared elsewhere.", Severity.ERROR)


def _same_server(one: str, other: str) -> bool:
    return one == other or one in other or other in one or "a preprint server" in (one, other)


def _any_same_venue(cited: Work, registry: Work, known: VenueNames | None) -> bool:
    ours, theirs = cited.venues[:3], registry.venues[:4]
    if any(same_venue(one, other, known) for one in ours for other in theirs):
        return True
    return any(same_venue(one, other, known) for one in ours for other in registry.side_venues[:3]) or any(
        same_venue(one, other, known) for one in cited.side_venues[:3] for other in theirs
    )


# ----------------------------------------------------------------------------------------------- volume, pages, numbers


def _volume(sides: Sides) -> Iterator[Difference]:
    cited, registry = sides.cited, sides.registry
    ours, theirs = cited.volume, registry.volume
    if not ours or not theirs:
        if ours or theirs:
            yield from _absent("volume", ours, theirs)
        return
    if same_number(ours, theirs):
        return
    years = {str(year) for year in (*cited.published, *registry.published)}
    loose = sides.versions or "/" in ours or "/" in theirs or ours.strip() in years or theirs.strip() in years
    why = "The volume differs."
    yield Difference("volume", _shown(ours), _shown(theirs), why, Severity.NOTE if loose else Severity.ERROR)


def _pages(sides: Sides) -> Iterator[Difference]:
    ours, theirs = sides.cited.pages, sides.registry.pages or sides.registry.article_number
    if not ours or not theirs:
        if ours or theirs:
            yield from _absent("pages", ours, theirs)
        return
    found = compare_pages(ours, theirs)
    numbers = (sides.registry.article_number, sides.cited.article_number)
    if found is Locator.SAME or (numbers[0] and compare_pages(ours, numbers[0]) is Locator.SAME):
        return
    if numbers[1] and compare_pages(numbers[1], theirs) is Locator.SAME:
        return
    why, severity = {
        Locator.OTHER_END: ("The first page agrees, the last does not.", Severity.NOTE),
        Locator.OTHER_KIND: ("One side gives pages, the other an article number.", Severity.NOTE),
        Locator.DIFFERENT: ("The pages differ.", Severity.NOTE if sides.versions else Severity.ERROR),
    }[found]
    yield Difference("pages", _shown(ours), _shown(theirs), why, severity)


def _issue(sides: Sides) -> Iterator[Difference]:
    ours, theirs = sides.cited.issue, sides.registry.issue
    if ours and theirs and not same_number(ours, theirs):
        yield Difference("issue", _shown(ours), _shown(theirs), "The issue differs.", Severity.NOTE)


def _doi(sides: Sides) -> Iterator[Difference]:
    ours, theirs = sides.cited, sides.registry
    if not ours.doi or not theirs.doi:
        if ours.doi or theirs.doi:
            yield from _absent("doi", ours.doi, theirs.doi)
        return
    if ours.doi == theirs.doi:
        return
    on_zenodo = ours.doi.startswith("10.5281/zenodo.") and theirs.doi.startswith("10.5281/zenodo.")
    servers = [work.server or preprint_doi(work.doi) for work in (ours, theirs)]
    if ours.base_doi == theirs.base_doi or on_zenodo:
        why, severity = "The two DOIs belong to two versions of the work.", Severity.WARNING
    elif servers[0] != servers[1]:
        why, severity = "One of the two DOIs is a preprint's, so it is that of another version.", Severity.WARNING
    else:
        why, severity = "The registry's record has another DOI.", Severity.ERROR
    yield Difference("doi", _shown(ours.doi), _shown(theirs.doi), why, severity)


def _pmid(sides: Sides) -> Iterator[Difference]:
    ours, theirs = sides.cited.pmid, sides.registry.pmid
    if ours and theirs and ours.lstrip("0") != theirs.lstrip("0"):
        yield Difference("pmid", ours, theirs, "The PMID belongs to another record of PubMed.", Severity.ERROR)


# -------------------------------------------------------------------------------------------------------------- wording


def _absent(field: str, cited: str, registry: str) -> Iterator[Difference]:
    if cited and not registry:
        why = "The registry does not give this, so it could not be compared."
    elif registry and not cited:
        why = "The reference does not give this; the registry does."
    else:
        why = "Neither side gives this, so nothing could be compared."
    yield Difference(field, _shown(cited), _shown(registry), why, Severity.NOTE, missing=True)


def _shown(text: str, most: int = _SHOWN) -> str:
    """Return `text` on one line, shortened for reading, and valid as UTF-8."""
    text = " ".join(text[: most * 4].split())
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return text.encode("utf-8", "replace").decode("utf-8")
