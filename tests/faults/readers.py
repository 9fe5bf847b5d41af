"""Every reader of pubkit, fed with inputs that nobody would write: each is read or refused, in one line, in time."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import functools
import io
import json
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml
from PIL import Image

from pubkit import manuscript, proof, render
from pubkit.catalogue import entries
from pubkit.disclaimers.choice import select
from pubkit.editorial import baseline, ledger
from pubkit.editorial.word.markup import read_markup
from pubkit.editorial.word.package import open_package
from pubkit.findings import Location
from pubkit.functions import diff
from pubkit.manuscript import drawings
from pubkit.manuscript.pictures import inside_drawing, read_pictures
from pubkit.project import loading
from pubkit.publish import manifest
from pubkit.references.bibliography import reading, styles
from pubkit.references.known import consult
from pubkit.references.registries import crossref, datacite, europepmc, pubmed, snapshot
from pubkit.references.registries.untrusted import NotUsable
from pubkit.render.styles import house
from pubkit.rules.house import parse_rules

from ..conftest import METADATA, png
from ..proof.finished import article
from ..references.registry import DOI, crossref_answer, crossref_work
from ..references.test_snapshot import WORK, table
from .mutation import mutated
from .tally import Tally

DAY = dt.date(2026, 11, 22)
_STYLES = Path(__file__).parents[2] / "styles"


@dataclass(frozen=True)
class Reader:
    """A reader: valid inputs, what reads one in a folder of its own, and the errors that it may raise besides pubkit's.

    `weight` is how many inputs it gets for each one that a slow reader gets.
    """

    name: str
    seeds: Callable[[], tuple[bytes, ...]]
    read: Callable[[bytes, Path], object]
    expected: tuple[type[Exception], ...] = ()
    weight: int = 20


def fuzz(inputs: int, seed: int = 1, names: Collection[str] = ()) -> Iterator[Tally]:
    """Yield one tally for each reader, or those of `names`; all together read about `inputs` inputs."""
    share = inputs / sum(reader.weight for reader in READERS)
    for reader in (one for one in READERS if not names or one.name in names):
        yield of_reader(reader, max(1, round(reader.weight * share)), seed)


def of_reader(reader: Reader, inputs: int, seed: int) -> Tally:
    tally = Tally(reader.name)
    seeds = reader.seeds()
    for number in range(inputs):
        data = mutated(seeds, Random(f"{reader.name} {seed} {number}"))
        with tempfile.TemporaryDirectory(prefix="pubkit-faults-") as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with tally.trial(f"{reader.name}, input {number} of seed {seed}", *reader.expected):
                reader.read(data, Path(folder))
    return tally


# ---------------------------------------------------------------------------------------------------------- publications


def _publication(folder: Path, files: Mapping[str, bytes] | None = None) -> Path:
    (folder / "pubkit.yaml").write_text(yaml.safe_dump(METADATA, sort_keys=False), "utf-8")
    (folder / "01-text.md").write_text("# One\n\nWords about rest.\n", "utf-8")
    for name, data in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _configuration() -> tuple[bytes, ...]:
    more: dict[str, Any] = {
        "identifier": "urn:uuid:00000000-0000-4000-8000-000000000000", "subtitle": "A subtitle", "keywords": ["rest", "sleep"],
        "waivers": [{"rule": "CLM001", "where": "project", "reason": "A reason.", "who": "Ada", "expires": dt.date(2027, 1, 1)}],
        "reviewers": [{"name": "Rita", "credentials": "MD", "conflicts": "None."}], "outputs": ["html", "pdf"], "csl": "apa",
    }  # fmt: skip
    return tuple(
        yaml.safe_dump(one, allow_unicode=True, sort_keys=False).encode() for one in (METADATA, {**METADATA, **more})
    )


def _load(data: bytes, folder: Path, name: str = "pubkit.yaml") -> None:
    loading.load(_publication(folder, {name: data}))


_HUGO = b'baseURL = "https://example.org"\ntitle = "Rest"\n[params]\nauthor = "Ada"\n'
_FRONT = (
    b'+++\ntitle = "Rest"\nauthors = ["Ada"]\ndate = 2026-11-01\n[params]\na = 1\n+++\n\n# One\n\nWords about rest.\n'
)
_CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Rest\n", "\n", "Words about rest."]},
    {
        "cell_type": "code", "metadata": {"tags": ["remove-input"], "label": "fig"}, "source": "#| label: fig\nplot()", "outputs": [
            {"output_type": "display_data", "data": {"image/png": base64.b64encode(png()).decode(), "text/plain": "a"}},
            {"output_type": "execute_result", "data": {"text/html": ["<table><tr><td>1</td></tr></table>"]}},
            {"output_type": "stream", "name": "stdout", "text": "5 mg\n"},
        ],
    },
]  # fmt: skip
_NOTEBOOK = json.dumps({"nbformat": 4, "metadata": {"language_info": {"name": "python"}}, "cells": _CELLS}).encode()
_QUARTO = b"project: {type: book}\nbook:\n  title: Rest\n  author: Ada\n  chapters: [index.qmd, 01-text.md]\nbibliography: r.bib\n"
_MYST = b"version: 1\nproject:\n  title: Rest\n  authors: [{name: Ada}]\n  toc: [{file: 01-text.md}]\n"


def _adopted(name: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        _publication(folder, {name: data, "index.qmd": b"# Index\n\nWords.\n"})
        (folder / "pubkit.yaml").unlink()
        loading.load(folder)

    return read


def _with_notebook(data: bytes, folder: Path) -> None:
    _publication(folder, {"text.ipynb": data, "myst.yml": _MYST.replace(b"01-text.md", b"text.ipynb")})
    (folder / "pubkit.yaml").unlink()
    manuscript.read(loading.load(folder))


_MARKDOWN = (
    b"---\ntitle: One\n---\n\n# One {#one .lead}\n\nWords *of* **rest** [@page2021, p. 3] and $x^2$, see @fig:a.[^1]\n\n"
    b'![A bar](a.png){#fig:a alt="One bar." width=50%}\n\n[^1]: A note with `code`.\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n: A table.\n',
    b"1. a\n2. b\n   - c\n\n> Quoted\n\n::: {.callout-note}\nA note.\n:::\n\n<div class='x'>HTML <b>bold</b></div>\n\n| line\n| block\n\n"
    b"Term\n:   Definition\n\n```python\nx = 1\n```\n\n$$\\frac{1}{2}$$\n\nA [link](https://example.org 'title') and <br> H~2~O ^a^.\n",
)  # fmt: skip


def _manuscript(data: bytes, folder: Path) -> None:
    loaded = loading.load(_publication(folder, {"01-text.md": data, "a.png": png(), "b.png": png()}))
    text = manuscript.read(loaded)
    select(loaded.publication, text.document, DAY)


# ---------------------------------------------------------------------------------------------------------- bibliography

_ITEM = {
    "id": "okafor2020", "type": "article-journal", "title": "Sleep and <i>shift</i> work", "DOI": "10.1000/sleep.1",
    "author": [{"family": "Okafor", "given": "Ada"}, {"literal": "The Group"}], "issued": {"date-parts": [[2020, 5, 1]]},
    "container-title": "J Sleep Res", "page": "1-9", "volume": "29",
}  # fmt: skip
_BIBLIOGRAPHIES = {
    ".bib": b"@string{jsr = {J Sleep Res}}\n@article{okafor2020, author = {Okafor, Ada and {The Group}}, title = {Sleep \\& {Shift} "
    b"\\'{e} work}, journal = jsr, year = 2020, month = may, pages = {1--9}, doi = {10.1000/sleep.1}}\n@comment{x}\n",
    ".json": json.dumps([_ITEM]).encode(),
    ".yaml": yaml.safe_dump({"references": [_ITEM]}).encode(),
    ".ris": b"TY  - JOUR\nAU  - Okafor, Ada\nTI  - Sleep and shift work\nJO  - J Sleep Res\nPY  - 2020/05/01\nSP  - 1\nDO  - 10.1000/sleep.1\nER  - \n",
    ".nbib": b"PMID- 12345678\nTI  - Sleep and shift work\n      in nurses\nFAU - Okafor, Ada\nDP  - 2020 May 1\nTA  - J Sleep Res\nAID - 10.1000/sleep.1 [doi]\n",
    ".enw": b"%0 Journal Article\n%A Okafor, Ada\n%T Sleep and shift work\n%J J Sleep Res\n%D 2020\n%R 10.1000/sleep.1\n",
    ".xml": b"<xml><records><record><rec-number>1</rec-number><ref-type name='Journal Article'>17</ref-type><contributors><authors>"
    b"<author>Okafor, Ada</author></authors></contributors><titles><title>Sleep</title></titles><dates><year>2020</year></dates>"
    b"</record></records></xml>",
}  # fmt: skip


def _bibliography(suffix: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        (folder / f"r{suffix}").write_bytes(data)
        reading.read(folder, [f"r{suffix}"], set())

    return read


def _lock() -> tuple[bytes, ...]:
    answer = {
        "source": "Crossref", "asked": "doi:10.1000/sleep.1", "outcome": "found", "retrieved": "2026-11-01", "sha256": "0" * 64,
        "record": {"item": {"title": "Sleep", "DOI": "10.1000/sleep.1"}},
    }  # fmt: skip
    reference = {
        "cited": "0" * 64, "verdict": "OK", "match": "OK", "evidence": ["agrees"], "answers": [answer], "checked": "2026-11-01",
        "differences": [{"field": "year", "cited": "2020", "registry": "2021", "why": "differs"}], "seal": "0" * 32,
    }  # fmt: skip
    return (json.dumps({"schema": 2, "references": {"okafor2020": reference}}, indent=1).encode(),)


def _consulted(data: bytes, folder: Path) -> None:
    (folder / "references.lock.json").write_bytes(data)
    (folder / "r.json").write_bytes(_BIBLIOGRAPHIES[".json"])
    consult(folder, ["r.json"], ["doi:10.1000/sleep.1"], DAY)


@functools.cache
def _snapshots() -> tuple[bytes, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, snapshot.FILE_NAME)
        snapshot.build(path, table([WORK]), date=DAY)
        return (path.read_bytes(),)


def _snapshot(data: bytes, folder: Path) -> None:
    path = folder / snapshot.FILE_NAME
    path.write_bytes(data)
    with contextlib.closing(snapshot.Snapshot(path)) as opened:
        opened.check(crossref.read(crossref_answer(crossref_work()), DOI).item, DAY)


# ------------------------------------------------------------------------------------------------------------- the rest


def _pictures() -> tuple[bytes, ...]:
    made = [png()]
    for mode, kind in (("P", "GIF"), ("RGB", "JPEG"), ("RGBA", "WEBP"), ("I;16", "PNG"), ("CMYK", "JPEG")):
        buffer = io.BytesIO()
        Image.new(mode, (9, 7)).save(buffer, kind)
        made.append(buffer.getvalue())
    return tuple(made)


def _picture(data: bytes, folder: Path) -> None:
    (folder / "a.png").write_bytes(data)
    read_pictures(folder, [("a.png", Location("01.md", 1))])


_SVG = (
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><title>A</title><defs><linearGradient id='g'><stop offset='0'/>"
    b"</linearGradient></defs><g transform='rotate(45)'><path d='M0 0L9 9z' fill='url(#g)'/><text x='1' y='2'>b</text></g></svg>"
)


def _word() -> tuple[bytes, ...]:
    return (render.write("docx", article().edition),)


def _stored(name: str, read: Callable[[Any], object]) -> Callable[[bytes, Path], None]:
    def reader(data: bytes, folder: Path) -> None:
        read(loading.load(_publication(folder, {name: data})))

    return reader


def _set(name: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        files = {"a.html": b"x"}
        contents = {**files, manifest.MANIFEST: manifest.written(_SAID, files)}
        for path, content in {**contents, manifest.CHECKSUMS: manifest.checksums(contents), name: data}.items():
            (folder / path).write_bytes(content)
        manifest.verify(folder)
        manifest.made_files(folder)
        ledger.set_in(folder, "x")

    return read


_SAID: dict[str, Any] = {
    "publication": {"mode": "release", "identifier": "x", "version": "1", "date": "2026-11-01"}, "source_sha256": "0" * 64,
    "artifacts": [{"path": "a.html", "format": "html", "sha256": "0" * 64}], "tools": {"pandoc": "3.9"},
}  # fmt: skip
_RELEASES = {
    "version": "1.0",
    "date": "2026-11-01",
    "source_sha256": "0" * 64,
    "files": {"a": "0"},
    "sha256sums": "0",
    "tools": {},
}
_ROW = {
    "claim": "0", "text": "A claim.", "file": "01.md", "line": 1, "column": 1, "section": [], "kinds": ["risk"], "strength": "hedged",
    "benefit": False, "risk": True, "verdict": "unsourced", "sources": [{"key": "a", "year": 2020, "checked_on": "2026-11-01"}],
}  # fmt: skip
_EVIDENCE = {"schema": "pubkit-evidence/1", "title": "T", "version": "1.0", "made_on": "2026-11-01", "rows": [_ROW]}


def _diff(data: bytes, folder: Path) -> None:
    (folder / "a.json").write_bytes(data)
    (folder / "b.json").write_bytes(json.dumps(_EVIDENCE).encode())
    diff(folder / "a.json", folder / "b.json")


def _proved(name: Any) -> Reader:
    def seeds() -> tuple[bytes, ...]:
        return (render.write(name, article().edition),)

    def read(data: bytes, folder: Path) -> None:
        proof.prove(name, data, article().edition, "a")

    return Reader(f"finished {name}", seeds, read, weight=2)


def _answered(read: Callable[[bytes, str], object]) -> Callable[[bytes, Path], object]:
    return lambda data, _: read(data, DOI)


_DATACITE = {
    "data": {"attributes": {
        "doi": DOI, "titles": [{"title": "Sleep"}, {"title": "A cohort", "titleType": "Subtitle"}], "publicationYear": 2020,
        "types": {"resourceTypeGeneral": "Preprint"}, "container": {"title": "J", "firstPage": "1", "lastPage": "9"},
        "creators": [{"givenName": "Ada", "familyName": "Okafor"}], "dates": [{"date": "2020-05-01", "dateType": "Issued"}],
        "descriptions": [{"description": "Words.", "descriptionType": "Abstract"}], "publisher": {"name": "P"}, "version": "1",
    }}
}  # fmt: skip
_EUROPE_PMC = {
    "resultList": {"result": [{
        "doi": DOI, "title": "Sleep.", "pmid": "12345678", "pubYear": "2020", "pubTypeList": {"pubType": ["Journal Article"]},
        "journalInfo": {"volume": "29", "journal": {"title": "J Sleep Res", "issn": "0962-1105"}}, "pageInfo": "1-9",
        "authorList": {"author": [{"firstName": "Ada", "lastName": "Okafor"}]}, "abstractText": "<h4>Aim</h4>Words.",
    }]}
}  # fmt: skip
_MEDLINE = _BIBLIOGRAPHIES[".nbib"]
_HOUSE_RULES = (
    b"rules:\n- {id: PUB001, kind: existence, words: [leaky gut], patterns: ['a.{0,80}b'], exceptions: [x y]}\n"
    b"- {id: PUB002, kind: substitution, swap: {kratom powder: powdered leaf}}\n"
    b"- {id: PUB003, kind: pair, first: [x y], second: ['z*'], within: section}\n"
)
_CSL = (
    b'<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info><title>A</title><id>a</id></info>'
    b'<citation><layout><text variable="citation-number"/></layout></citation><bibliography><layout><text variable="title"/>'
    b"</layout></bibliography></style>"
)

READERS = (
    Reader("pubkit.yaml", _configuration, _load),
    Reader("_quarto.yml", lambda: (_QUARTO,), _adopted("_quarto.yml"), weight=10),
    Reader("myst.yml", lambda: (_MYST,), _adopted("myst.yml"), weight=10),
    Reader("hugo.toml", lambda: (_HUGO,), _adopted("hugo.toml"), weight=10),
    Reader("texts with TOML", lambda: (_FRONT,), _adopted("01-text.md"), weight=10),
    Reader("*.ipynb", lambda: (_NOTEBOOK,), _with_notebook, weight=10),
    Reader("chapters", lambda: _MARKDOWN, _manuscript, weight=10),
    *(Reader(f"*{end}", lambda data=data: (data,), _bibliography(end)) for end, data in _BIBLIOGRAPHIES.items()),  # type: ignore[misc]
    Reader("references.lock.json", _lock, _consulted),
    Reader("retractions.sqlite", _snapshots, _snapshot, ),
    Reader(
        "retraction_watch.csv",
        lambda: (table([WORK]),),
        lambda data, folder: snapshot.build(folder / "s.sqlite", data, date=DAY),
    ),
    Reader(
        "Crossref", lambda: (crossref_answer(crossref_work()),), _answered(crossref.read), (NotUsable,)
    ),
    Reader("DataCite", lambda: (json.dumps(_DATACITE).encode(),), _answered(datacite.read), (NotUsable,)),
    Reader("Europe PMC", lambda: (json.dumps(_EUROPE_PMC).encode(),), _answered(europepmc.read), (NotUsable,)),
    Reader("PubMed", lambda: (_MEDLINE,), lambda data, _: pubmed.read(data, "12345678"), (NotUsable,)),
    Reader("rules/*.yaml", lambda: (_HOUSE_RULES,), lambda data, _: parse_rules(data, "rules/a.yaml", entries())),
    Reader(
        "styles/*.css",
        lambda: tuple((_STYLES / f"{name}.css").read_bytes() for name in ("web", "epub", "print")),
        lambda data, _: house.findings(data.decode("utf-8", "replace"), "styles/web.css"),
        weight=4,
    ),
    Reader("*.csl", lambda: (_CSL,), lambda data, folder: styles.load("a.csl", _publication(folder, {"a.csl": data}))),
    Reader("pictures", _pictures, _picture),
    Reader("*.svg", lambda: (_SVG,), lambda data, _: drawings.drawing(data, inside_drawing), (drawings.Refused,)),
    Reader("*.docx", _word, lambda data, _: read_markup(open_package(data))),
    Reader(
        "releases.json",
        lambda: (json.dumps({"schema": "pubkit-releases-1", "releases": [_RELEASES]}).encode(),),
        _stored("releases.json", ledger.read),
    ),
    Reader(
        "pubkit.baseline.json",
        lambda: (b'{"schema": "pubkit-baseline-1", "accepted": [{"fingerprint": "0", "rule": "CLM001", "count": 1}]}',),
        _stored("pubkit.baseline.json", lambda loaded: baseline.read(loaded, entries(), DAY)),
    ),
    Reader("manifest.json", lambda: (manifest.written(_SAID, {"a.html": b"x"}),), _set(manifest.MANIFEST)),
    Reader("SHA256SUMS", lambda: (manifest.checksums({"a.html": b"x", "manifest.json": b"y"}),), _set(manifest.CHECKSUMS)),
    Reader("evidence.json", lambda: (json.dumps(_EVIDENCE).encode(),), _diff),
    *(_proved(name) for name in ("html", "epub", "docx", "jats", "txt", "pdf")),
)  # fmt: skip
