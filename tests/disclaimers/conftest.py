"""Submissions on which the choice of disclaimers depends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from pubkit.manuscript.model import Document
from pubkit.project.metadata import Publication
from pubkit.rules.base import Example, Submission

from .. import builder

MINIMUM: dict[str, Any] = {
    "title": "Sleep",
    "version": "1.0",
    "publisher": "The Open Press",
    "dates": {"published": "2026-01-10", "last_reviewed": "2026-01-08", "evidence_search": "2025-12-20"},
}


def publication(**metadata: Any) -> Publication:
    return builder.publication(**{**MINIMUM, **metadata})


def submission(example: str | Example, *, release: bool = False, today: dt.date = dt.date(2026, 9, 1)) -> Submission:
    if isinstance(example, str):
        example = Example(example)
    return builder.submission(example.text, release=release, today=today, **{**MINIMUM, **example.metadata})


@pytest.fixture
def submit() -> Callable[..., Submission]:
    return submission


@pytest.fixture
def publish() -> Callable[..., Publication]:
    return publication


@pytest.fixture
def read() -> Callable[[str], Document]:
    return builder.document
