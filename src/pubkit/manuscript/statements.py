"""The words of pubkit.yaml that readers see, as blocks of text, so that the rules on wording read them too.

Names of people are left out: they are no sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pubkit.manuscript.model import Block, BlockKind
from pubkit.project.loading import Project
from pubkit.project.metadata import Author, Publication, Reviewer

__all__ = ["stated"]


def stated(project: Project, publication: Publication) -> Iterator[Block]:
    """Yield the text that the front matter prints, for the language rules."""
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
    if publication.audience:
        readers = publication.audience.readers
        yield Block(BlockKind.METADATA, readers, project.at("audience", "readers"), section=("audience",))
    if publication.unreviewed:
        why = publication.unreviewed.why
        yield Block(BlockKind.METADATA, why, project.at("unreviewed", "why"), section=("unreviewed",))
    yield from _people(project, "authors", publication.authors)
    yield from _people(project, "reviewers", publication.reviewers)
    for index, keyword in enumerate(publication.keywords):
        yield Block(BlockKind.METADATA, keyword, project.at("keywords", index), section=("keywords",))
    for index, correction in enumerate(publication.corrections):
        place = project.at("corrections", index, "what")
        yield Block(BlockKind.METADATA, correction.what, place, section=("corrections",))
    for index, translation in enumerate(publication.translations):
        if translation.title:
            place = project.at("translations", index, "title")
            yield Block(BlockKind.METADATA, translation.title, place, section=("translations",))
    if publication.translation_of and publication.translation_of.title:
        place = project.at("translation_of", "title")
        yield Block(BlockKind.METADATA, publication.translation_of.title, place, section=("translation_of",))


def _people(project: Project, role: str, people: Sequence[Author | Reviewer]) -> Iterator[Block]:
    """Yield what is printed about people besides their names."""
    for index, who in enumerate(people):
        for text in who.affiliations:
            yield Block(BlockKind.METADATA, text, project.at(role, index, "affiliation"), section=(role,))
        if who.credentials:
            yield Block(BlockKind.METADATA, who.credentials, project.at(role, index, "credentials"), section=(role,))
        if who.conflicts:
            yield Block(BlockKind.METADATA, who.conflicts, project.at(role, index, "conflicts"), section=(role,))
