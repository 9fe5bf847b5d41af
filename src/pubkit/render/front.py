"""What an edition says about itself on its first and last pages."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import metadata
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from pubkit.boundary import pandoc
from pubkit.boundary.addresses import linkable
from pubkit.boundary.distribution import tool
from pubkit.formats import file_name
from pubkit.language.labels import Labels, labels_for
from pubkit.manuscript.model import Picture
from pubkit.project.metadata import Author, Publication, Reviewer
from pubkit.render.model import Edition

__all__ = [
    "Byline",
    "Entry",
    "Fact",
    "alternates",
    "authors",
    "byline",
    "doi",
    "facts",
    "identifier_address",
    "imprint",
    "last_look",
    "licence_address",
    "logo",
    "orcid_address",
    "person",
    "render_template",
    "trusted",
    "unreviewed",
]

_DOI = re.compile(r"^(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_CREATIVE_COMMONS = re.compile(
    r"^CC[- ](BY(?:[- ](?:SA|NC|ND|NC[- ]SA|NC[- ]ND))?)(?:[- ](\d\.\d))?$|^(CC0)(?:[- ]1\.0)?$", re.IGNORECASE
)

#: From more authors than this on, only the first are named below the title; places longer than this line are not.
_MOST_AUTHORS, _FIRST_AUTHORS, _LONGEST_PLACES = 10, 6, 160


class Fact(Struct, frozen=True):
    """A fact below the title: its name ("" for one that speaks for itself), its words, and its date in ISO form."""

    name: str
    words: str
    date: str = ""

    @property
    def text(self) -> str:
        """Return the fact on one line: "Updated 3 May 2026"."""
        return f"{self.name} {self.words}".strip()


class Byline(Struct, frozen=True):
    """The people and places below the title; of a long list only the beginning (`more`), because the imprint has all.

    `between` separates the people.
    """

    authors: tuple[Author, ...]
    between: str
    affiliations: tuple[str, ...]
    more: bool


class Entry(Struct, frozen=True):
    """One entry of the imprint. Each line is a pair: its words, and a link or "".

    A printed leaflet, which has little room, leaves out what is `technical`: how the text was made, and for which search.
    """

    name: str
    lines: tuple[tuple[str, str], ...]
    code: bool = False
    technical: bool = False


def render_template(template: str, context: Mapping[str, Any]) -> str:
    """Return pubkit's template `template`, filled in; every value is escaped unless it is Markup."""
    return str(_environment().get_template(template).render(context))


def trusted(markup: str) -> Markup:
    """Return markup that pubkit has made or cleaned itself, so that a template does not escape it."""
    return Markup(markup)  # noqa: S704


@functools.cache
def _environment() -> Any:
    import jinja2

    from pubkit.render.styles.sheets import own

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(own),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def person(who: Author | Reviewer, labels: Labels) -> str:
    """Return a name with its credentials, behind the comma of the language: "Mara Lindqvist, PharmD", "王小明，MD"."""
    return labels["comma"].join(filter(None, (who.name, who.credentials)))


def byline(edition: Edition) -> Byline:
    """Return the authors and affiliations for the title page, as far as they fit on a line or two each."""
    people = tuple(edition.publication.authors)
    more = len(people) > _MOST_AUTHORS
    shown = people[:_FIRST_AUTHORS] if more else people
    places = tuple(dict.fromkeys(place for who in people for place in who.affiliations))
    return Byline(
        shown,
        _between(shown, labels_for(edition.publication.lang)),
        places if not more and len("; ".join(places)) <= _LONGEST_PLACES else (),
        more,
    )


def authors(edition: Edition) -> str:
    """Return all authors on one line, separated as in their language; "" if there are none."""
    people, labels = edition.publication.authors, labels_for(edition.publication.lang)
    return _between(people, labels).join(person(who, labels) for who in people)


def _between(people: Sequence[Author], labels: Labels) -> str:
    return labels["semicolon" if any(who.credentials or "," in who.name for who in people) else "comma"]


def facts(edition: Edition) -> tuple[Fact, ...]:
    """Return the version, its date and the state of its review, for the line below the title."""
    labels, dates = labels_for(edition.publication.lang), edition.publication.dates
    changed = dates.updated if dates.updated and dates.updated > dates.published else None
    day = _dated(labels, "updated", changed) or _dated(labels, "published", dates.published)
    version = Fact("", labels["version-of"].format(version=edition.publication.version))
    return tuple(fact for fact in (version, day, *_reviewed(edition, labels)) if fact)


def beside(edition: Edition) -> dict[str, str]:
    """Return the files to which the web page links, by what readers call them."""
    version = edition.publication.version
    return {name.upper(): file_name(edition.slug, version, name, draft=edition.draft) for name in edition.beside}


def _reviewed(edition: Edition, labels: Labels) -> Iterator[Fact]:
    """Yield who has reviewed the text, or that it is planned or that nobody has; the imprint says more."""
    if people := edition.review.reviewed:
        yield Fact(labels["reviewed-by"], f" {labels['and']} ".join(person(who, labels) for who in people))
    if edition.review.planned:
        yield Fact("", labels["review-planned"])
    if edition.review.unreviewed:
        yield Fact("", labels["not-reviewed"])


def last_look(edition: Edition) -> str:
    """Return the label for the date `last_reviewed`, which is the authors' own until a reviewer has signed."""
    return "last-reviewed" if edition.review.reviewed else "last-checked"


def unreviewed(edition: Edition) -> str:
    """Return the statement that nobody has reviewed the text, as readers see it: why, who decided so, when; else ""."""
    said, labels = edition.review.unreviewed, labels_for(edition.publication.lang)
    if said is None:
        return ""
    why = said.why.strip() if said.why.rstrip().endswith((".", "!", "?", "…")) else f"{said.why.strip()}."
    who = labels["comma"].join(filter(None, (said.who, said.role)))
    return labels["decided-by"].format(why=" ".join(why.split()), who=who, date=labels.date(said.on))


def _dated(labels: Labels, name: str, day: dt.date | None) -> Fact | None:
    return Fact(labels[name], labels.date(day), day.isoformat()) if day else None


def imprint(edition: Edition) -> tuple[Entry, ...]:
    """Return the entries of the imprint, in order, leaving out what a publication does not state."""
    return tuple(entry for entry in _imprint(edition) if entry.lines)


def _imprint(edition: Edition) -> Iterator[Entry]:
    publication, labels = edition.publication, labels_for(edition.publication.lang)
    dates = publication.dates

    def day(value: dt.date | None) -> tuple[tuple[str, str], ...]:
        return ((labels.date(value), ""),) if value else ()

    def text(value: str | None, link: str = "") -> tuple[tuple[str, str], ...]:
        return ((value, link),) if value else ()

    yield Entry(
        labels["authors"], tuple((_affiliated(who, labels), orcid_address(who.orcid)) for who in publication.authors)
    )
    for name, people in (("reviewed-by", edition.review.reviewed), ("review-planned", edition.review.planned)):
        yield Entry(labels[name], tuple((_affiliated(who, labels), orcid_address(who.orcid)) for who in people))
    roles = ((who.name, labels["semicolon"].join(who.roles)) for who in publication.authors)
    did = tuple((f"{name}{labels['colon']}{words}", "") for name, words in roles if words)
    yield Entry(labels["contributions"], did)
    yield Entry(labels["not-reviewed"], text(unreviewed(edition)))
    yield Entry(labels["publisher"], text(publication.publisher))
    yield Entry(labels["version"], text(publication.version))
    yield Entry(labels["translated-from"], _original(publication, labels))
    yield Entry(labels["other-languages"], tuple((name, url) for _, name, url in alternates(publication)))
    corrections = [(f"{labels.date(one.on)}: {one.what}", "") for one in publication.corrections]
    yield Entry(labels["corrections"], tuple(corrections))
    earlier = [
        (f"{labels['version-of'].format(version=version)}{labels['comma']}{labels.date(on)}", "")
        for version, on in edition.earlier
    ]
    yield Entry(labels["earlier-editions"], tuple(earlier))
    yield Entry(labels["permanent-link"], text(publication.permalink, linkable(publication.permalink or "")))
    yield Entry(labels["published"], day(dates.published))
    yield Entry(labels["updated"], day(dates.updated))
    yield Entry(labels[last_look(edition)], day(dates.last_reviewed))
    yield Entry(labels["next-review"], day(dates.next_review))
    yield Entry(labels["evidence-search"], day(dates.evidence_search))
    yield Entry(labels["audience"], text(_audience(edition, labels)))
    yield Entry(labels["keywords"], text(labels["comma"].join(publication.keywords)), technical=True)
    yield Entry(labels["funding"], text(publication.funding))
    yield Entry(labels["conflicts"], tuple(_conflicts(edition, labels)))
    yield Entry(labels["licence"], text(publication.licence, licence_address(publication.licence) or ""))
    yield Entry(labels["contact"], text(publication.contact, _contact_address(publication.contact)))
    yield Entry(labels["identifier"], text(edition.identifier, identifier_address(edition.identifier)), code=True)
    yield Entry(labels["checks"], text(_checks(edition, labels)))
    blocks = [
        (f"{block.heading} ({block.variant}{labels['comma']}{labels['version-of'].format(version=block.version)})", "")
        for block in edition.disclaimers
    ]
    yield Entry(labels["disclaimer-texts"], tuple(blocks), technical=True)
    yield Entry(labels["citation-style"], text(edition.csl_title if edition.cited else ""), technical=True)
    yield Entry(labels["source"], text(edition.source_sha256), code=True, technical=True)
    yield Entry(labels["made-with"], text(_tools()), technical=True)
    if edition.notes:
        yield Entry(labels["notes"], tuple((note, "") for note in edition.notes))


def _conflicts(edition: Edition, labels: Labels) -> Iterator[tuple[str, str]]:
    """Yield what people declare: "Ann Ray; Bo Lee: None declared." Those who declare the same are named together."""
    declared: dict[str, list[str]] = {}
    for who in _people(edition):
        if who.conflicts:
            declared.setdefault(who.conflicts, []).append(who.name)
    between, colon = labels["semicolon"], labels["colon"]
    yield from ((f"{between.join(names)}{colon}{conflicts}", "") for conflicts, names in declared.items())


def alternates(publication: Publication) -> tuple[tuple[str, str, str], ...]:
    """Return the same text in other languages: of each its language, its title or the language's own name, its address."""
    told = tuple((one.lang, one.title or _own_name(one.lang), one.url) for one in publication.translations if one.url)
    original = publication.translation_of
    if original is None or not original.url:
        return told
    return ((original.lang, original.title or _own_name(original.lang), original.url), *told)


def _original(publication: Publication, labels: Labels) -> tuple[tuple[str, str], ...]:
    """Return what was translated: "Sleep after surgery (English), Version 1.2.0"."""
    original = publication.translation_of
    if original is None:
        return ()
    language = _own_name(original.lang)
    name = f"{original.title} ({language})" if original.title else language
    version = labels["version-of"].format(version=original.version)
    return ((f"{name}{labels['comma']}{version}", original.url or ""),)


def _own_name(lang: str) -> str:
    """Return the name of a language in that language, or its code if pubkit has no words in it."""
    labels = labels_for(lang)
    return labels["own-name"] if labels.language == lang.partition("-")[0] else lang


def _people(edition: Edition) -> Iterator[Author | Reviewer]:
    yield from edition.publication.authors
    yield from edition.review.reviewed


def _affiliated(who: Author | Reviewer, labels: Labels) -> str:
    return labels["comma"].join((person(who, labels), *who.affiliations))


def _audience(edition: Edition, labels: Labels) -> str | None:
    audience = edition.publication.audience
    if audience is None:
        return None
    if audience.reading_grade is None:
        return audience.readers
    return f"{audience.readers} ({labels['reading-level'].format(grade=audience.reading_grade)})"


def _checks(edition: Edition, labels: Labels) -> str | None:
    """Return what is known about the references; nothing is said to be checked unless it was."""
    if edition.unchecked == 1:
        return labels["unchecked-one"]
    if edition.unchecked:
        return labels["unchecked-many"].format(count=edition.unchecked)
    if edition.cited and edition.checked_on:
        said = "checked-on-one" if len(edition.cited) == 1 else "checked-on"
        return labels[said].format(count=len(edition.cited), date=labels.date(edition.checked_on))
    return None


def _tools() -> str:
    return (
        f"{tool()}, pandoc {pandoc.version()}, WeasyPrint {metadata.version('weasyprint')}; "
        "Source Serif, Source Sans, IBM Plex Mono"
    )


def orcid_address(orcid: str | None) -> str:
    """Return the address of an ORCID iD, given bare or as an address; "" for None."""
    return f"https://orcid.org/{orcid.removeprefix('https://orcid.org/')}" if orcid else ""


def licence_address(licence: str | None) -> str | None:
    """Return the address of a Creative Commons licence named in short form ("CC BY 4.0", "CC-BY-NC-SA-4.0", "CC0")."""
    found = _CREATIVE_COMMONS.match(licence or "")
    if not found:
        return licence if licence and licence.startswith("https://") else None
    if found[3]:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return f"https://creativecommons.org/licenses/{found[1].lower().replace(' ', '-')}/{found[2] or '4.0'}/"


def _contact_address(contact: str | None) -> str:
    if contact and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", contact):
        return linkable(f"mailto:{contact}")
    return linkable(contact) if contact and contact.startswith("https://") else ""


def doi(identifier: str) -> str:
    """Return the DOI in an identifier, or ""."""
    found = _DOI.match(identifier)
    return found[1] if found else ""


def identifier_address(identifier: str) -> str:
    """Return the address of a DOI, or of an identifier that is an address itself; else ""."""
    if name := doi(identifier):
        return linkable(f"https://doi.org/{name}")
    return linkable(identifier) if identifier.startswith("https://") else ""


def logo(edition: Edition, address: Callable[[Picture], str], end: str = ">") -> Markup:
    """Return the logo of the house for the title block, an element that ends with `end`; nothing if there is none."""
    publication = edition.publication
    if (found := edition.pictures.get(publication.logo or "")) is None:
        return Markup("")
    name = publication.publisher or labels_for(publication.lang)["publisher"]
    form = Markup('<img src="{}" alt="{}" width="{}" height="{}"')
    return form.format(address(found), name, found.width, found.height) + trusted(end)
