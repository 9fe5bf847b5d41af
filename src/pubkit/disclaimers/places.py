"""Which statement of the front matter a problem of the disclaimers is about, so that its place can be shown."""

from __future__ import annotations

from pubkit.disclaimers.rules import DIS002, DIS007, DIS009, DIS010, DIS013, DIS016, DIS017
from pubkit.disclaimers.triggers import by_topic
from pubkit.findings import Finding
from pubkit.project.metadata import Publication

__all__ = ["statement"]

_OF_THE_LANGUAGE = {DIS013.id, DIS016.id}
_OF_A_SUBSTANCE = {DIS007.id, DIS009.id, DIS010.id}


def statement(problem: Finding, publication: Publication) -> tuple[str | int, ...]:
    """The path of the statement to change or to add ("topics", 0) for `problem`, one that choosing disclaimers has shown."""
    subject = problem.context
    if problem.rule in _OF_THE_LANGUAGE:
        return ("lang",)
    if problem.rule in _OF_A_SUBSTANCE:
        return _entry("substances", publication.substances, subject)
    if problem.rule == DIS017.id:
        return _entry("topics", publication.topics, subject)
    asked = [choice.variant for choice in publication.disclaimers]
    if subject in asked:
        # Of two entries for one disclaimer the later is the one to take out.
        return ("disclaimers", len(asked) - 1 - asked[::-1].index(subject))
    if problem.rule == DIS002.id:
        return ("lang",)
    if topic := by_topic(subject, publication.topics):
        return _entry("topics", publication.topics, topic)
    return ("disclaimers",)


def _entry(key: str, entries: list[str], subject: str) -> tuple[str | int, ...]:
    return (key, entries.index(subject)) if subject in entries else (key,)
