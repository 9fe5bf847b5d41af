"""How many invented and altered references a release refuses, and how many genuine ones: `nox -s bench -- invented`.

The whole way that a user goes: one publication cites all references, `pubkit refs update` asks a server on this machine's
loopback that holds real records and searches them by their words, as Crossref does, and `pubkit release` judges. No
reference has an identifier, so that each has to be found by its title, which is the hardest case.

    refused         of the invented and altered references, how many have an error of a rule on registries (REF1)
    stopped         of the genuine ones (those that name a journal or proceedings), how many have
    release         the genuine ones that have none, released by themselves: the exit code must be 0
    with a DOI      the same for all that state a DOI which the server holds

HALLMARK (MIT) labels the references. The genuine ones are its own and, with authors' given names cut to initials, articles
of real bibliographies. Records are HALLMARK's genuine entries, the other side of its pairs, the originals that it quotes of
altered titles, and the articles of these bibliographies. An altered reference whose title, authors, year and venue are
those of a record is left out, as is one whose only fault was its DOI.

The data lie in the folder that PUBKIT_SHARED_DATA names, or in `shared/data` beside the checkout; without them there is
nothing to measure, and the program says so and ends with 1, as it does where a target is missed. `--list` prints every
reference that was judged wrongly.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
from tests.conftest import METADATA, UNREVIEWED
from tests.references.registry import JSON, Registry, send
from tests.references.test_snapshot import WORK, table

from pubkit.cli.main import main as pubkit
from pubkit.references.bibliography.identifiers import normalise_doi
from pubkit.references.bibliography.markup import fold, plain
from pubkit.references.bibliography.reading import read
from pubkit.references.item import Name

from .references import ORIGINAL, read_lines, shared_data

ARTICLES = 300
PRINTED = ("author", "title", "year", "booktitle", "journal", "volume", "pages")
KEY = re.compile(r"\b(?:faulty|genuine)\d{4}\b")
TARGETS = {"refused": 415 / 425, "stopped": 0.02}


@dataclass(frozen=True)
class Reference:
    """A reference to cite: its BibTeX type and fields, and the kind of its fault ("" if it is genuine)."""

    type: str
    fields: Mapping[str, str]
    kind: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two references one: title, authors, year and venue, compared by their letters."""
        return (*(fold(self.fields[name]) for name in ("title", "author", "year")), fold(self.venue))

    @property
    def venue(self) -> str:
        """The journal or proceedings."""
        return self.fields.get("booktitle") or self.fields.get("journal") or ""

    def bibtex(self, key: str) -> str:
        """Return the entry, with what BibTeX would take for commands escaped."""
        lines = [f"  {name} = {{{_tex(value)}}},\n" for name, value in self.fields.items() if value]
        return f"@{self.type}{{{key},\n{''.join(lines)}}}\n"


def _tex(value: str) -> str:
    value = " ".join(value.split()).replace("\\", "").replace("{", "").replace("}", "")
    return re.sub(r"(?<!\\)([&%#_$])", r"\\\1", value)


# ----------------------------------------------------------------------------------------------------------------- data


def reference(fields: Mapping[str, str], kind: str = "") -> Reference:
    """Return HALLMARK's reference, in a proceedings or a journal as its fields say, whatever its type is called."""
    return Reference("inproceedings" if fields.get("booktitle") else "article", fields, kind)


def hallmark(folder: Path) -> tuple[list[Reference], list[Reference], list[Reference]]:
    """Return HALLMARK's faulty references, its genuine ones, and references for the records that are neither."""
    faulty: list[Reference] = []
    genuine: list[Reference] = []
    others: list[Reference] = []
    for row in read_lines(folder / "hallmark-dev.jsonl"):
        one = reference(row["fields"], row.get("hallucination_type") or "")
        if row["label"] == "VALID":
            genuine.append(one)
            continue
        if quoted := ORIGINAL.search(row.get("explanation") or ""):
            others.append(reference({**one.fields, "title": quoted[1]}))
        if one.kind != "fabricated_doi":
            faulty.append(one)
    for row in read_lines(folder / "pairs.jsonl"):
        one = reference(row["cited"], "" if row["label"] == "same" else row["kind"])
        (faulty if one.kind else genuine).append(one)
        others.append(reference(row["registry"]))
    return faulty, genuine, others


def articles(folder: Path) -> Iterator[Reference]:
    """Yield references to the articles in real bibliographies whose authors are all persons."""
    for path in sorted(folder.iterdir()):
        for entry in read(folder, [path.name], cited=()):
            item = entry.item
            persons = item.author and all(
                name.family and name.given and " and " not in name.given for name in item.author
            )
            whole = persons and item.title and item.container_title and item.year
            if item.type == "article-journal" and whole and "arxiv" not in item.container_title.lower():
                authors = " and ".join(f"{_family(name)}, {name.given}" for name in item.author)
                fields = {"author": authors, "title": plain(item.title), "journal": plain(item.container_title)}
                fields |= {"year": str(item.year), "volume": item.volume, "pages": item.page, "doi": item.doi}
                yield Reference("article", fields)


def _family(name: Name) -> str:
    return " ".join(filter(None, (name.dropping_particle, name.non_dropping_particle, name.family)))


def initials(one: Reference) -> Reference:
    """Return the reference as most styles of medicine cite it: given names cut to initials."""
    authors = re.sub(r", ([^,]+?)(?= and |$)", lambda given: f", {_first_letters(given[1])}", one.fields["author"])
    return replace(one, fields={**one.fields, "author": authors})


def _first_letters(given: str) -> str:
    return " ".join(f"{part[0]}." for part in re.split(r"[\s.-]+", given) if part)


def unlike(references: Iterable[Reference], *others: Iterable[Reference]) -> list[Reference]:
    """Return `references` once each, without those that are also among `others`."""
    known = {one.key for group in others for one in group}
    return list({one.key: one for one in references if one.key not in known}.values())


def cited_by(one: Reference, *identifiers: str) -> Reference:
    """Return the reference with no other identifiers than these."""
    return replace(one, fields={name: one.fields[name] for name in (*PRINTED, *identifiers) if one.fields.get(name)})


def _doi(one: Reference) -> str:
    return normalise_doi(one.fields.get("doi", "")) or ""


def record(one: Reference, number: int) -> dict[str, Any]:
    """Return Crossref's record of a work."""
    return {
        "DOI": _doi(one) or f"10.5555/record.{number}",
        "type": "proceedings-article" if "booktitle" in one.fields else "journal-article",
        "title": [one.fields["title"]],
        "author": [_name(name) for name in one.fields["author"].split(" and ")],
        "container-title": [one.venue] if one.venue else [],
        "issued": {"date-parts": [[int(one.fields["year"])]]},
        "volume": one.fields.get("volume", ""),
        "page": one.fields.get("pages", ""),
    }


def _name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    if not comma:
        given, _, family = name.rpartition(" ")
    return {"given": given, "family": family} if given else {"name": family}


# --------------------------------------------------------------------------------------------------------------- server


class Search:
    """What the server holds: by DOI, and found by the words that it shares with a question."""

    def __init__(self, works: Iterable[dict[str, Any]]) -> None:
        self.works = list({work["DOI"]: work for work in works}.values())
        self.by_doi = {work["DOI"]: work for work in self.works}
        self._words = [
            _words(work["title"][0], *(name.get("family", "") for name in work["author"])) for work in self.works
        ]
        self._holding: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._words):
            for word in words:
                self._holding[word].append(number)

    def best(self, question: str, rows: int) -> list[dict[str, Any]]:
        """Return the records most like `question`, rare words counting for more."""
        weights: Counter[int] = Counter()
        for word in sorted(_words(question)):
            for number in self._holding.get(word, ()):
                weights[number] += 1_000 // len(self._holding[word])
        order = sorted(weights, key=lambda number: (-weights[number] / len(self._words[number]) ** 0.5, number))
        return [self.works[number] for number in order[:rows]]

    def answer(self, registry: Registry, handler: BaseHTTPRequestHandler, path: str) -> None:
        """Answer as api.crossref.org does, with the pace that it allows."""
        query = parse_qs(urlsplit(handler.path).query)
        pace = {"x-rate-limit-limit": "50", "x-rate-limit-interval": "1s"}
        doi = path.removeprefix("/crossref/works").strip("/")
        if doi and doi.lower() not in self.by_doi:
            send(handler, 404, "text/plain", b"Resource not found.", pace)
            return
        if doi:
            message: dict[str, Any] = self.by_doi[doi.lower()]
        else:
            message = {"items": self.best(query["query.bibliographic"][0], int(query["rows"][0]))}
        send(handler, 200, JSON, json.dumps({"status": "ok", "message": message}).encode(), pace)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in fold(text).split() if len(word) > 1)


# ----------------------------------------------------------------------------------------------------------- the way


def write_publication(root: Path, references: Mapping[str, Reference]) -> None:
    """Write a publication that cites `references`, by key."""
    metadata = {**METADATA, "unreviewed": UNREVIEWED, "bibliography": "references.bib", "kind": "research"}
    root.mkdir()
    (root / "pubkit.yaml").write_text(yaml.safe_dump(metadata, allow_unicode=True), "utf-8")
    text = "".join(f"This work is one of many [@{key}].\n\n" for key in references)
    (root / "01-text.md").write_text(f"# Works\n\n{text}", "utf-8")
    (root / "references.bib").write_text("\n".join(one.bibtex(key) for key, one in references.items()), "utf-8")


def released(root: Path, server: Registry) -> tuple[int, list[dict[str, Any]]]:
    """Update the lock, make a release, and return its exit code and errors."""
    asking = ["--registries", server.base, "--contact", "editor@example.org"]
    _run(["refs", "update", str(root), *asking])
    code, printed = _run(
        ["release", str(root), "--out", str(root.parent / "dist"), "--only", "txt", "--format", "json"]
    )
    return code, [one for one in json.loads(printed)["findings"] if one["severity"] == "error"]


def _run(arguments: list[str]) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()):
        code = pubkit(arguments)
    return code, printed.getvalue()


def refused(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what refuses each reference, by key."""
    found: dict[str, str] = {}
    for error in errors:
        if error["rule"].startswith("REF1"):
            for key in KEY.findall(error["message"]):
                found.setdefault(key, f"{error['rule']}: {error['message']}")
    return found


# -------------------------------------------------------------------------------------------------------------- results


def write(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measured(
    title: str, faulty: list[Reference], genuine: list[Reference], server: Registry, folder: Path, *, list_all: bool
) -> bool:
    """Cite, update, release and print; return whether the targets are reached."""
    references = {f"faulty{number:04d}": one for number, one in enumerate(faulty)}
    references |= {f"genuine{number:04d}": one for number, one in enumerate(genuine)}
    start = time.monotonic()
    write_publication(folder / "all", references)
    _, errors = released(folder / "all", server)
    found = refused(errors)
    missed = [key for key, one in references.items() if one.kind and key not in found]
    stopped = [key for key, one in references.items() if not one.kind and key in found]
    passing = {key: one for key, one in references.items() if not one.kind and key not in found}
    write_publication(folder / "genuine", passing)
    (folder / "genuine" / "references.lock.json").write_bytes((folder / "all" / "references.lock.json").read_bytes())
    code, left = released(folder / "genuine", server)
    write(f"\n{title}: {len(faulty)} invented or altered, {len(genuine)} genuine ({time.monotonic() - start:.0f} s)")
    write(f"  refused  {len(faulty) - len(missed)} of {len(faulty)} ({1 - len(missed) / len(faulty):.3f})")
    write(f"  stopped  {len(stopped)} of {len(genuine)} ({len(stopped) / len(genuine):.3f})")
    write(f"  release of the other {len(passing)} genuine ones: exit code {code}, {len(left)} errors")
    kinds = Counter(one.kind for one in faulty)
    through = Counter(references[key].kind for key in missed)
    for kind, count in sorted(kinds.items()):
        write(f"    {kind:<24}{count - through[kind]:4} of {count}")
    write(
        "  refused by " + ", ".join(f"{rule} {n}" for rule, n in sorted(Counter(s[:6] for s in found.values()).items()))
    )
    if list_all:
        for key in (*missed, *stopped):
            write(f"  {references[key].kind or 'genuine'} {key}: {found.get(key, 'passed')}")
            write(references[key].bibtex(key))
        for error in left[:10]:
            write(f"  left: {error['rule']} {error['message'][:300]}")
    return (
        1 - len(missed) / len(faulty) >= TARGETS["refused"]
        and len(stopped) / len(genuine) <= TARGETS["stopped"]
        and code == 0
    )


def main() -> int:
    """Measure and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="print every reference that was judged wrongly")
    options = parser.parse_args()
    folder = shared_data()
    if folder is None:
        write("The reference pairs are not here (PUBKIT_SHARED_DATA): not measured.")
        return 1
    faulty, genuine, others = hallmark(folder)
    cited = unlike(articles(folder.parent / "bibliographies"))
    real = unlike([*genuine, *others, *cited])
    held = Search(record(one, number) for number, one in enumerate(real))
    whole = [one for one in (*genuine, *map(initials, cited[:ARTICLES])) if one.venue]
    genuine = list({fold(one.fields["title"]): one for one in whole}.values())
    genuine = list({_doi(one) or one.key: one for one in genuine}.values())
    faulty = unlike(faulty, genuine, real)
    with_doi = [[cited_by(one, "doi") for one in group if _doi(one) in held.by_doi] for group in (faulty, genuine)]
    bare = [[cited_by(one) for one in group] for group in (faulty, genuine)]
    os.environ.update(SOURCE_DATE_EPOCH="1795305600", PUBKIT_CACHE="off")
    write(f"{len(held.works)} real records at the server")
    with Registry() as server, tempfile.TemporaryDirectory() as name:
        os.environ["XDG_DATA_HOME"] = f"{name}/data"
        server.behave("crossref", held.answer)
        server.put("/retraction_watch/retraction_watch.csv", table([WORK]), "text/csv")
        for journals in ("entrez", "medicus"):
            server.put(
                f"/journals/journal_abbreviations_{journals}.csv", b'"Acta Sleepiana","Acta Slp"\n', "text/plain"
            )
        reached = []
        for number, (title, groups) in enumerate({"Without identifier": bare, "With a DOI": with_doi}.items()):
            place = Path(name) / str(number)
            place.mkdir()
            reached.append(measured(title, groups[0], groups[1], server, place, list_all=options.list))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
