"""Which statement of the front matter a problem with the disclaimers concerns, so that its place can be shown."""

from __future__ import annotations

from pubkit.disclaimers.rules import DIS002, DIS007, DIS009, DIS010, DIS013, DIS016, DIS017
from pubkit.disclaimers.triggers import by_topic
from pubkit.findings import Finding
from pubkit.project.metadata import Publication

__all__ = ["statement"]

_OF_THE_LANGUAGE = {DIS013.id, DIS016.id}
_OF_A_SUBSTANCE = {DIS007.id, DIS009.id, DIS010.id}


def statement(problem: Finding, publication: Publication) -> tuple[str | int, ...]:
    """Return the path of the statement to change or add, such as ("topics", 0), for a `problem` found in choosing."""
    subject = problem.context
    if problem.rule in _OF_THE_LANGUAGE:
        return ("lang",)
    if problem.rule in _OF_A_SUBSTANCE:
        return _entry("substances", publication.substances, subject)
    if problem.rule == DIS017.id:
        return _entry("topics", publication.topics, subject)
    asked = [choice.variant for choice in publication.disclaimers]
    if subject in asked:
        # Of two entries for one disclaimer, the later is the one to remove.
        return ("disclaimers", len(asked) - 1 - asked[::-1].index(subject))
    if problem.rule == DIS002.id:
        return ("lang",)
    if topic := by_topic(subject, publication.topics):
        return _entry("topics", publication.topics, topic)
    return ("disclaimers",)


def _entry(key: str, entries: list[str], subject: str) -> tuple[str | int, ...]:
    return (key, entries.index(subject)) if subject in entries else (key,)
