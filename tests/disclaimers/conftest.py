"""Submissions made from a few lines of Markdown-like text, as the reading room would hand them on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.manuscript.model import Block, BlockKind, Document, Link, Manuscript
from pubkit.manuscript.tree import Attr, Inline, Para, Span, Str, Tree
from pubkit.project.metadata import Publication
from pubkit.references.model import Bibliography
from pubkit.rules.base import Example, Submission

MINIMUM: dict[str, Any] = {
    "title": "Sleep",
    "version": "1.0",
    "publisher": "The Open Press",
    "dates": {"published": "2026-01-10", "last_reviewed": "2026-01-08", "evidence_search": "2025-12-20"},
}
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
CLAIM = re.compile(r"\[([^\]]*)\]\{\.claim\}")


def publication(**metadata: Any) -> Publication:
    return msgspec.convert({**MINIMUM, **metadata}, Publication)


def document(text: str) -> Document:
    """The paragraphs of `text` (empty lines between them) as blocks, links and marked claims as in Markdown."""
    blocks, links = [], []
    claims: list[Inline] = []
    line = 1
    for part in text.split("\n\n"):
        place = Location("text.md", line, 1)
        links += [Link(target, words, "", place) for words, target in LINK.findall(part)]
        claims += [Span((Attr(classes=["claim"]), [Str(words)])) for words in CLAIM.findall(part)]
        words = CLAIM.sub(r"\1", LINK.sub(r"\1", part))
        starts = [found.start() for found in re.finditer(r"\S+", words)]
        anchors = tuple((start, Location("text.md", line, start + 1)) for start in starts)
        blocks.append(Block(BlockKind.PARAGRAPH, words, place, anchors=anchors))
        line += part.count("\n") + 2
    return Document(Tree(blocks=[Para(claims)]), tuple(blocks), (), (), (), (), tuple(links))


def submission(example: str | Example, *, release: bool = False, today: dt.date = dt.date(2026, 9, 1)) -> Submission:
    if isinstance(example, str):
        example = Example(example)
    entry = publication(**dict(example.metadata))
    manuscript = Manuscript(entry, (SourceFile("text.md", example.text, "0" * 64),), document(example.text), {})
    return Submission(entry, manuscript, Bibliography(), {}, (), today, release)


@pytest.fixture
def submit() -> Callable[..., Submission]:
    return submission


@pytest.fixture
def publish() -> Callable[..., Publication]:
    return publication


@pytest.fixture
def read() -> Callable[[str], Document]:
    return document
