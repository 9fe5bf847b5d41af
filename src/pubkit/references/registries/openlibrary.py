"""Open Library: books, by ISBN. It does not have every book, so an ISBN that it does not know may still be correct.

Source: the Books API's documentation (jscmd=data) and its answers.
"""

from __future__ import annotations

import re

from pubkit.references.registries import (
    NotUsable,
    Record,
    RegisteredItem,
    date_of,
    given_first,
    objects,
    parse_json,
    text_of,
)
from pubkit.references.registries.client import Request, Source

__all__ = ["read", "request"]


def request(isbn: str) -> Request:
    """Return the question for one ISBN, digits only."""
    query = {"bibkeys": f"ISBN:{isbn}", "format": "json", "jscmd": "data"}
    return Request(Source.OPEN_LIBRARY, ("api", "books"), query)


def read(body: bytes, isbn: str) -> Record | None:
    """Return the record of `isbn`, or None if Open Library has none.

    Raises:
        NotUsable: an answer that is not a mapping of ISBNs to books.
    """
    answer = parse_json(body)
    if not isinstance(answer, dict):
        raise NotUsable("the answer contains no books")
    if not answer:
        return None
    book = answer.get(f"ISBN:{isbn}")
    if not isinstance(book, dict) or not text_of(book.get("title")):
        raise NotUsable("the answer is about another book")
    title, subtitle = text_of(book.get("title")), text_of(book.get("subtitle"))
    authors = (text_of(author.get("name"), 300) for author in objects(book.get("authors")))
    publishers = (text_of(publisher.get("name"), 300) for publisher in objects(book.get("publishers")))
    year = re.search(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)", text_of(book.get("publish_date"), 60))
    return Record(
        RegisteredItem(
            type="book",
            title=f"{title}: {subtitle}" if subtitle else title,
            isbn=isbn,
            author=tuple(given_first(name) for name in authors if name),
            publisher=next(publishers, ""),
            number_of_pages=text_of(book.get("number_of_pages"), 20),
            issued=date_of(year[1]) if year else None,
        )
    )
