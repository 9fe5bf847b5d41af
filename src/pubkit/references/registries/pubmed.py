"""PubMed (E-utilities) and the PMC id converter.

Sources: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions"; the E-utilities and PMC ID Converter documentation. The
MEDLINE text is asked for because it carries the linked notices; the summary only distinguishes a number that does not
exist from an answer that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pubkit.references.item import Name
from pubkit.references.registries import (
    NotUsable,
    Record,
    RegisteredItem,
    abstract_of,
    clean,
    date_of,
    doi_of,
    family_first,
    objects,
    parse_json,
    text_of,
)
from pubkit.references.registries.client import Request, Source
from pubkit.references.registries.medline import citation_date, medline_notices, notice_itself

__all__ = ["exists", "read", "read_conversion", "request", "request_conversion", "request_summary"]

_INITIALS = re.compile(r"^[A-Z]{1,4}$")


def request(pmid: str, contact: str | None) -> Request:
    """Return the question for the MEDLINE text of one PMID."""
    query = {"db": "pubmed", "id": pmid, "rettype": "medline", "retmode": "text"} | _signed(contact)
    return Request(Source.PUBMED, ("efetch.fcgi",), query, ("text/plain",))


def request_summary(pmid: str, contact: str | None) -> Request:
    """Return the question whether a PMID exists."""
    query = {"db": "pubmed", "id": pmid, "retmode": "json"} | _signed(contact)
    return Request(Source.PUBMED, ("esummary.fcgi",), query)


def request_conversion(identifier: str, kind: str, contact: str | None) -> Request:
    """Return the question for the other identifiers of an article in PMC; `kind` is "pmcid", "pmid" or "doi"."""
    query = {"ids": identifier, "idtype": kind, "format": "json", "versions": "no"} | _signed(contact)
    return Request(Source.PMC, ("articles", ""), query)


def _signed(contact: str | None) -> dict[str, str]:
    return {"tool": "pubkit"} | ({"email": contact} if contact else {})


def read(body: bytes, pmid: str) -> Record | None:
    """Return the record of `pmid` from a MEDLINE text, or None if the text is complete and has no such record.

    Raises:
        NotUsable: a text that is not MEDLINE, or that has another record.
    """
    if body.startswith(b"\xef\xbb\xbf"):
        raise NotUsable("the answer starts with a byte order mark")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUsable("the answer is not UTF-8") from error
    if text.lstrip()[:1] in {"<", "{", "["}:
        raise NotUsable("the answer is not MEDLINE text")
    fields = list(_fields(text))
    numbers = [value for tag, value in fields if tag == "PMID"]
    if not numbers:
        return None
    if numbers != [pmid]:
        raise NotUsable("the answer is about another PMID")
    if "TI" not in {tag for tag, _ in fields} and "BTI" not in {tag for tag, _ in fields}:
        raise NotUsable("the record has no title: the answer is cut short")
    return _record(fields, pmid)


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a MEDLINE text in order, continued lines joined."""
    tag = ""
    parts: list[str] = []
    for line in text.splitlines():
        if match := re.match(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- (.*)$", line):
            if tag:
                yield tag, " ".join(parts)
            tag, parts = match[1], [match[2].strip()]
        elif line.startswith("      ") and tag:
            parts.append(line.strip())
    if tag:
        yield tag, " ".join(parts)


def _record(fields: Sequence[tuple[str, str]], pmid: str) -> Record:
    first: dict[str, str] = {}
    for tag, value in fields:
        first.setdefault(tag, clean(value))
    types = {value.casefold() for tag, value in fields if tag == "PT"}
    title, translated = _title(first.get("TI") or first.get("BTI", ""))
    electronic = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", first.get("DEP", ""))
    item = RegisteredItem(
        type="article" if "preprint" in types else "book" if "BTI" in first else "article-journal",
        genre="preprint" if "preprint" in types else "",
        title=title,
        container_title=first.get("JT", ""),
        container_title_short=first.get("TA", ""),
        volume=first.get("VI", ""),
        issue=first.get("IP", ""),
        page=first.get("PG", ""),
        publisher=first.get("PB", ""),
        issn=first.get("IS", "").partition(" ")[0],
        pmid=pmid,
        pmcid=first.get("PMC", ""),
        doi=_doi_of(fields),
        author=tuple(filter(None, _authors(fields))),
        issued=date_of(citation_date(first.get("DP", ""))),
        published_online=date_of("-".join(electronic.groups())) if electronic else None,
    )
    others = tuple(filter(None, (first.get("TT", "").rstrip("."), f"[{title}]" if translated else "")))
    abstract = next((abstract_of(value) for tag, value in fields if tag == "AB"), "")
    return Record(item, medline_notices(fields, Source.PUBMED), others, notice_itself(fields), abstract=abstract)


def _title(text: str) -> tuple[str, bool]:
    """Return the title without the final stop, and whether PubMed has put it in brackets as a translation."""
    text = text.strip()
    bare = text.removesuffix(".")
    if bare.startswith("[") and bare.endswith("]"):
        return bare[1:-1].rstrip("."), True
    return bare, False


def _doi_of(fields: Sequence[tuple[str, str]]) -> str:
    dois = (value for tag, value in fields if tag in {"LID", "AID"} and value.endswith("[doi]"))
    return doi_of(next(dois, "").removesuffix("[doi]"))


def _authors(fields: Sequence[tuple[str, str]]) -> Iterator[Name]:
    """Return the authors in order: full names, and a short name only if no full one precedes it."""
    before = ""
    for tag, value in fields:
        if tag in {"FAU", "CN"}:
            yield family_first(value) if tag == "FAU" else Name(literal=clean(value, 600))
        elif tag == "AU" and before != "FAU":
            family, _, initials = clean(value, 300).rpartition(" ")
            short = bool(family) and bool(_INITIALS.match(initials))
            yield Name(family, " ".join(initials)) if short else Name(literal=clean(value, 600))
        before = tag


def exists(body: bytes, pmid: str) -> bool:
    """Return whether the summary says that `pmid` exists.

    Raises:
        NotUsable: an answer that says neither.
    """
    answer = parse_json(body)
    result = answer.get("result") if isinstance(answer, dict) else None
    entry = result.get(pmid) if isinstance(result, dict) else None
    if isinstance(entry, dict) and "error" in entry:
        return False
    if isinstance(entry, dict) and entry.get("uid") == pmid:
        return True
    complaints = answer.get("esummaryresult") if isinstance(answer, dict) else None
    if isinstance(complaints, list) and any(f"invalid uid {pmid} " in f"{line} ".lower() for line in complaints):
        return False
    raise NotUsable("the summary does not say whether the number exists")


def read_conversion(body: bytes, asked: str) -> dict[str, str] | None:
    """Return the identifiers ("doi", "pmid", "pmcid") of the article `asked` for, or None if PMC has none.

    Raises:
        NotUsable: an answer that says neither.
    """
    answer = parse_json(body)
    records = objects(answer.get("records")) if isinstance(answer, dict) else []
    for record in records:
        values = {name: text_of(record.get(name), 20) for name in ("pmid", "pmcid")} | {
            "doi": doi_of(record.get("doi"))
        }
        requested = text_of(record.get("requested-id"), 300)
        if asked.casefold() not in {text.casefold() for text in (*values.values(), requested) if text}:
            continue
        if record.get("status") == "error" or record.get("errmsg"):
            return None
        if values["pmid"] or values["doi"]:
            return {name: text for name, text in values.items() if text}
    raise NotUsable("the converter's answer does not name the article")
