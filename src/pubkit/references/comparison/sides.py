"""A reference and a registry's record side by side: what judging one field takes from the others.

A changed title is an error in a journal article and a new version in a preprint by the same people; left-out authors
likewise. So titles and author lists are matched once, here, and the questions that several fields ask are answered in one
place.
"""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.references.comparison.authors import AuthorMatch, match_authors
from pubkit.references.comparison.names import AuthorList, read_authors
from pubkit.references.comparison.titles import TitleMatch, TitleRelation, compare_titles
from pubkit.references.comparison.venues import VenueNames, preprint_doi
from pubkit.references.registries.works import Work

__all__ = ["Sides"]

_MOST_TITLES = 4


class Sides:
    """Reference and record, and what judging one field takes from the others."""

    __slots__ = (
        "authors",
        "cited",
        "cited_authors",
        "registry",
        "registry_authors",
        "same_byline",
        "title",
        "venues",
        "versions",
    )

    def __init__(self, cited: Work, registry: Work, venues: VenueNames | None) -> None:
        self.cited = cited
        self.registry = registry
        self.venues = venues
        self.title = _best_title(cited.titles[:_MOST_TITLES], registry.titles[:_MOST_TITLES])
        # One side is a preprint, or appears on a platform that revises what it has published. Two references to one
        # numbered version of a preprint cannot differ as versions do; PubMed's to F1000 can, as it keeps the first date.
        same_version = cited.doi == registry.doi and cited.doi != cited.base_doi and preprint_doi(cited.doi)
        revised = cited.server or registry.server or cited.versioned or registry.versioned
        self.versions = bool(revised) and not same_version
        self.same_byline = (
            isinstance(cited.byline, str) and cited.byline == registry.byline and bool(cited.byline.strip())
        )
        self.cited_authors = self.registry_authors = AuthorList()
        self.authors: AuthorMatch | None = None
        if not self.same_byline:
            self.cited_authors, self.registry_authors = _bylines(cited, registry)
            if self.cited_authors and self.registry_authors:
                self.authors = match_authors(self.cited_authors, self.registry_authors)

    @property
    def other_people(self) -> bool:
        """Return whether both sides name authors, of whom hardly any are the same."""
        if self.authors is None:
            return False
        if not self.authors.cited or not self.authors.registry:
            return not self.authors.groups_matched
        return self.authors.matched * 3 < min(self.authors.cited, self.authors.registry)

    @property
    def two_versions(self) -> bool:
        """Return whether only one side is a preprint, or the two have the DOIs of two versions."""
        if bool(self.cited.server) != bool(self.registry.server):
            return True
        different_dois = bool(self.cited.doi and self.registry.doi) and self.cited.doi != self.registry.doi
        return self.versions and different_dois and self.cited.base_doi == self.registry.base_doi

    @property
    def rewritten(self) -> bool:
        """Return whether the titles differ as those of two versions by the same people do.

        One or two words is how a title is miscopied, except between a preprint and its article. Beyond a quarter of the
        title it may be another work of the same group: then nearly the same people must have written both, and the fewer
        they are, the more of the subject must be in both titles.
        """
        title = self.title
        if not self.versions or title.relation not in (TitleRelation.CHANGED, TitleRelation.REWRITTEN):
            return False
        if title.common < 2 or title.subject < 0.2 or not (self.two_versions or title.words_changed > 2):
            return False
        matched, shorter, longer = self._people_in_common()
        if not matched:
            return False
        if title.changed <= 0.25:
            return matched >= 0.6 * shorter and matched >= min(2, shorter)
        same_people = matched >= 0.9 * longer and (longer > 3 or title.subject >= 0.4)
        return same_people or (matched >= 0.7 * longer and title.subject >= 0.5 and title.common > 2)

    def _people_in_common(self) -> tuple[int, int, int]:
        """Return how many people both sides name, of how many on the shorter and on the longer list."""
        if self.same_byline:
            authors = read_authors(self.cited.byline)
            count = len(authors.people) or len(authors.groups)
            return count, count, count
        if self.authors is None:
            return 0, 0, 0
        shorter, longer = sorted((self.authors.cited, self.authors.registry))
        return (self.authors.matched, shorter, longer) if shorter else (self.authors.groups_matched, 1, 1)

    @property
    def revised_byline(self) -> bool:
        """Return whether the author lists differ as those of two versions do: by few people, or by some and in order.

        Someone who leaves authors out keeps the others in their order, and mostly leaves out more than one in five.
        """
        match = self.authors
        if not self.versions or match is None or not match.matched:
            return False
        if self.title.relation in (TitleRelation.OTHER, TitleRelation.NOTICE):
            return False
        shorter, longer = sorted((match.cited, match.registry))
        if match.matched >= 0.8 * longer:
            return True
        return (match.reordered and match.matched >= 0.75 * shorter) or (
            self.rewritten and match.matched >= 0.6 * shorter
        )


def _best_title(cited: Sequence[str], registry: Sequence[str]) -> TitleMatch:
    matches = [compare_titles(one, other) for one in cited for other in registry]
    return min(matches, key=lambda match: match.relation.value, default=TitleMatch(TitleRelation.SAME))


def _bylines(cited: Work, registry: Work) -> tuple[AuthorList, AuthorList]:
    """Return the author lists to compare: authors with authors, or editors with editors if one side has no authors."""
    ours, theirs = read_authors(cited.byline), read_authors(registry.byline)
    if ours and theirs:
        return ours, theirs
    if not ours and not theirs:
        return read_authors(cited.editors), read_authors(registry.editors)
    # A book is cited by its editors, or its editors are cited as authors.
    return (
        (ours, read_authors(registry.editors))
        if ours
        else (read_authors(cited.editors) if registry.editors is None else ours, theirs)
    )
