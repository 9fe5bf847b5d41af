"""`refs add` writes one work into a bibliography of any format: it reads back as that work, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from tests.conftest import Publish
from tests.references.builder import bibliography_of
from tests.references.registry import DOI, Registry, crossref_work
from tests.references.test_registries import MEDLINE
from tests.references.test_update import ENTRY, RETRACTED, asked, conditions, verdict

from pubkit.cli.main import main
from pubkit.errors import EnvironmentFault, InputRefused, UsageError
from pubkit.findings import Location
from pubkit.references.bibliography.adding import with_entry
from pubkit.references.bibliography.bibtex_entry import entry_text
from pubkit.references.bibliography.formats.csl import plain
from pubkit.references.bibliography.keys import new_key
from pubkit.references.bibliography.reading import SUFFIXES, read
from pubkit.references.item import Date, Item, Name
from pubkit.references.model import Bibliography, Entry, VerdictStatus
from pubkit.references.registries.adding import append, look_up_work

EMPTY = Bibliography()
ARTICLE = Item(
    type="article-journal",
    title="GABA-A receptors & 50% of the mRNA in {Mitragyna}: a $10 study *of* [users]_1, p < 0.05",
    author=(Name("Krügel", "Zoë B."), Name(literal="Kratom and Sleep Group"), Name("O’Neill", "J.", suffix="Jr.")),
    container_title="Journal of Invented Sleep Research",
    container_title_short="J Invent Sleep Res",
    volume="29",
    issue="2",
    page="101-109",
    issued=Date(((2020, 3, 1),)),
    doi="10.1000/sleep.2020_1",
    issn="0378-5955",
    pmid="30881061",
    pmcid="PMC6411314",
)
BOOK = Item(
    type="book",
    title="Medical toxicology of leaves",
    author=(Name("Li", "Ann"),),
    publisher="Leaf & Root",
    publisher_place="Bern",
    edition="2",
    isbn="9780306406157",
    issued=Date(((2016,),)),
    pmid="11111111",
)
CHAPTER = Item(
    type="chapter",
    title="Leaves at night",
    author=(Name("Li", "Ann"),),
    editor=(Name("Ng", "Bo"), Name("Das", "Eva")),
    container_title="Handbook of leaves",
    page="7-9",
    publisher="Leaf & Root",
    isbn="9780306406157",
    issued=Date(((2016,),)),
    pmid="22222222",
)
PAPER = Item(
    type="paper-conference",
    title="Deep leaves",
    author=(Name("Shen", "Z."),),
    container_title="Proceedings of the Meeting on Leaves",
    page="12",
    publisher="Leaf Society",
    doi="10.1000/p",
    issued=Date(((2019,),)),
)
WORKS = {"article": ARTICLE, "book": BOOK, "chapter": CHAPTER, "paper": PAPER}
#: What a format, or pubkit's writer of it, has no field for.
LOST: dict[str, set[str]] = {
    ".bib": {"container_title_short", "title_short"},
    ".ris": set(),
    ".enw": set(),
    ".xml": set(),
    ".nbib": {"edition"},
    ".json": set(),
    ".yaml": set(),
    ".yml": set(),
}
OTHERS = {
    ".bib": "% my own words\n@string{j = {BMJ}}\n@article{x2019, title={Y},\n  journal=j}",
    ".ris": "TY  - JOUR\nID  - x2019\nTI  - Y\nJO  - BMJ\nER  - \n",
    ".enw": "%0 Book\n%T Y\n%A Xu, A.\n%D 2019\n",
    ".xml": '<?xml version="1.0"?>\n<xml>\n  <records>\n    <record>\n      <ref-type name="Book">6</ref-type>\n'
    "      <titles><title>Y</title></titles>\n    </record>\n  </records>\n</xml>\n",
    ".nbib": "\nPMID- 1\nTI  - Y.\nJT  - BMJ\n",
    ".json": '[\n    {\n        "id": "x2019",\n        "type": "book",\n        "title": "Y"\n    }\n]\n',
    ".yaml": "---\n# my own words\nreferences:\n  - id: x2019\n    type: book\n    title: Y # not Z\n"
    "    author: [{family: Xu, given: A.}]\nlang: en\n...\n",
    ".yml": "- id: x2019\n  title: Y\n  abstract: |\n    One\n    two\n\n# the end\n",
}


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        yield server


def added(item: Item, tmp_path: Path, name: str, text: str) -> tuple[str, Entry]:
    """Return the whole text of the bibliography, and the entry that is new in it, as it is printed."""
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    before = read(tmp_path, [name], [])
    made = append(item, tmp_path, name, before)
    entries = read(tmp_path, [name], {made.key})
    assert entries.findings == before.findings == ()
    assert len(entries) == len(before) + 1
    return path.read_bytes().decode("utf-8"), entries.entries[made.key]


def bare(item: Item, lost: set[str]) -> Item:
    """Return `item` without what is `lost`, and with the text of its title alone."""
    title = plain(item.title).casefold()
    fields = {name: getattr(Item(), name) for name in {*lost, "url"}}
    return structs.replace(item, id="", title=title, page=item.page.replace("–", "-"), **fields)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("work", WORKS)
def test_what_was_added_reads_back_as_the_same_work(work: str, suffix: str, tmp_path: Path) -> None:
    item = WORKS[work]
    if suffix == ".nbib" and not item.pmid:
        with pytest.raises(UsageError, match="no PubMed ID"):
            added(item, tmp_path, f"refs{suffix}", OTHERS[suffix])
        return
    lost = LOST[suffix]
    _, entry = added(item, tmp_path, f"refs{suffix}", OTHERS[suffix])
    # A year is all that BibTeX entries are given.
    dated = structs.replace(item, issued=Date(((item.year,),))) if suffix == ".bib" and item.year else item
    assert bare(entry.item, lost) == bare(dated, lost)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_authors_own_text_stays_as_it_is(suffix: str, mark: str, end: str, tmp_path: Path) -> None:
    text = mark + OTHERS[suffix].replace("\n", end)
    new, _ = added(ARTICLE, tmp_path, f"refs{suffix}", text)
    start = next((n for n, (one, other) in enumerate(zip(text, new, strict=False)) if one != other), len(text))
    assert new.endswith(text[start:])
    assert len(new) > len(text)
    assert new.count("\r\n") == (new.count("\n") if end == "\r\n" else 0)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_new_bibliography_is_one_that_reads(suffix: str, tmp_path: Path) -> None:
    made = append(ARTICLE, tmp_path, f"new{suffix}", EMPTY)
    entries = read(tmp_path, [f"new{suffix}"], [])
    assert (entries.keys(), entries.findings) == ((made.key,), ())


def test_json_keeps_its_indentation_and_yaml_its_comments(tmp_path: Path) -> None:
    new, _ = added(BOOK, tmp_path, "refs.json", OTHERS[".json"])
    assert new == json.dumps(json.loads(new), ensure_ascii=False, indent=4) + "\n"
    new, _ = added(BOOK, tmp_path, "flat.json", '[{"id":"a2000","title":"Y"}]')
    assert new.startswith('[{"id":"a2000","title":"Y"},{"') and new.endswith("}]")
    new, _ = added(BOOK, tmp_path, "wrapped.json", '{"version": 1, "references": [], "more": true}')
    assert json.loads(new)["references"][0]["title"] == BOOK.title
    new, _ = added(BOOK, tmp_path, "refs.yaml", OTHERS[".yaml"])
    assert new.index("title: Y # not Z") < new.index("  - id: li2016\n    type: book\n") < new.index("lang: en\n...")


def test_markup_of_a_title_survives(tmp_path: Path) -> None:
    item = structs.replace(BOOK, title="Use of <i>Mitragyna</i> and CO<sub>2</sub>")
    for suffix in (".json", ".ris", ".enw", ".xml", ".yaml"):
        _, entry = added(item, tmp_path, f"refs{suffix}", OTHERS[suffix])
        assert entry.item.title == item.title, suffix


def test_endnote_xml_on_one_line_stays_on_one_line(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><rec-number>1</rec-number></record></records></xml>'
    new, entry = added(ARTICLE, tmp_path, "refs.xml", text)
    assert "\n" not in new
    assert (entry.key, entry.item.author[1]) == ("krugel2020", Name(literal="Kratom and Sleep Group"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"id": "x", "title": }]'),
        ("a.json", '{"id": "x"}'),
        ("a.yaml", "references: [{id: x}]\n"),
        ("a.yaml", "references:\n- id: 'x\n"),
        ("a.yaml", "title: no list\n"),
        ("a.xml", "<xml><records><record>"),
        ("a.xml", "<modsCollection/>"),
    ],
)
def test_nothing_is_written_where_it_would_not_be_read(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(InputRefused):
        append(ARTICLE, tmp_path, name, EMPTY)
    assert (tmp_path / name).read_text("utf-8") == text


def test_nothing_is_written_through_a_link_or_to_rubbish(tmp_path: Path) -> None:
    (tmp_path / "real.bib").write_text("old", "utf-8")
    (tmp_path / "link.bib").symlink_to(tmp_path / "real.bib")
    (tmp_path / "latin.bib").write_bytes("é".encode("latin-1"))
    for name in ("link.bib", "latin.bib", ".", "../a.bib", "a.docx"):
        with pytest.raises(InputRefused):
            append(ARTICLE, tmp_path, name, EMPTY)
    assert (tmp_path / "real.bib").read_text("utf-8") == "old"


# ---------------------------------------------------------------------------------------------------------- looking up


def test_a_new_entry_is_found_ok_at_once(registry: Registry) -> None:
    registry.hold(crossref_work())
    work = look_up_work(f"https://doi.org/{DOI}", bibliography=EMPTY, conditions=conditions(registry))
    assert work.source == "Crossref"
    text, _ = with_entry("", work.item, "okafor2020", "refs.bib")
    assert verdict(asked(registry, text), "okafor2020") is VerdictStatus.OK


def test_a_retracted_work_is_added_with_its_notice(registry: Registry) -> None:
    registry.hold(crossref_work(**RETRACTED))
    work = look_up_work(DOI, bibliography=EMPTY, conditions=conditions(registry))
    assert work.notices == ("retraction of 2022 (Crossref, from Retraction Watch, doi:10.1000/n)",)


@pytest.mark.parametrize("identifier", [DOI.upper(), f"doi:{DOI}"])
def test_an_identifier_that_is_there_is_not_asked_about(registry: Registry, identifier: str) -> None:
    with pytest.raises(UsageError, match=r"already in the bibliography \(refs\.bib:1:1\)") as refused:
        look_up_work(identifier, bibliography=bibliography_of(f"\n{ENTRY}".lstrip()), conditions=conditions(registry))
    assert refused.value.remedy == "Cite it as [@okafor2020]."
    assert registry.requests == []


def test_a_work_that_is_there_without_its_identifier_is_not_added_again(registry: Registry) -> None:
    registry.hold(crossref_work())
    there = bibliography_of(ENTRY.replace(f"doi = {{{DOI}}}", "issn = {0378-5955}"))
    with pytest.raises(UsageError, match=r"is already in the bibliography \(refs\.bib:1:1\)"):
        look_up_work(DOI, bibliography=there, conditions=conditions(registry))


def test_a_work_that_may_be_there_is_added_with_a_note(registry: Registry) -> None:
    registry.hold(crossref_work())
    preprint = ENTRY.replace(DOI, "10.1101/2020.01.01.123456").replace("Journal of Invented Sleep Research", "medRxiv")
    there = bibliography_of(preprint.replace("volume = {29}, number = {2}, pages = {101--109},", ""))
    (note,) = look_up_work(DOI, bibliography=there, conditions=conditions(registry)).notices
    assert note == "okafor2020 (refs.bib:1:1): preprint and article, same title and authors"


@pytest.mark.parametrize("number", ["1234567", "pmid:1234567", "PMID: 1234567"])
def test_a_work_is_looked_up_by_its_pubmed_number(registry: Registry, number: str) -> None:
    registry.put("/pubmed/efetch.fcgi", MEDLINE.encode(), "text/plain")
    work = look_up_work(number, bibliography=EMPTY, conditions=conditions(registry))
    assert (work.item.pmid, "Sleep and shift work" in work.item.title) == ("1234567", True)


def test_what_is_no_identifier_or_none_that_exists_is_not_added(registry: Registry) -> None:
    with pytest.raises(UsageError, match="Not a DOI"):
        look_up_work("10.1/../x y", bibliography=EMPTY, conditions=conditions(registry))
    with pytest.raises(UsageError, match="no such DOI"):
        look_up_work(DOI, bibliography=EMPTY, conditions=conditions(registry))
    registry.behave("crossref", "503")
    with pytest.raises(EnvironmentFault):
        look_up_work(DOI, bibliography=EMPTY, conditions=conditions(registry))


def test_the_command_writes_to_the_bibliography_that_is_named(
    registry: Registry, publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.hold(crossref_work())
    files = {"references.bib": b"", "more/other.ris": b""}
    book = publication(files=files, bibliography=None)
    text = (book / "pubkit.yaml").read_text("utf-8")
    (book / "pubkit.yaml").write_text(f"{text}bibliography: [references.bib, more/other.ris]\n", "utf-8")
    command = ["refs", "add", DOI, str(book), "--registries", registry.base]
    assert main([*command, "--to", "nowhere.bib"]) == 2
    assert "Choose one of references.bib, more/other.ris" in capsys.readouterr().err
    assert main([*command, "--to", "./more/other.ris"]) == 0
    assert "Cite it as [@okafor2020]." in capsys.readouterr().out
    assert (book / "more/other.ris").read_text("utf-8").startswith("TY  - JOUR\nID  - okafor2020\n")
    assert main(command) == 2
    assert f"{DOI} is already in the bibliography (more/other.ris:1:1)." in capsys.readouterr().err
    assert (book / "references.bib").read_text("utf-8") == ""


# ---------------------------------------------------------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("author", "taken", "key"),
    [
        (Name("Krügel", "A."), [], "krugel2016"),
        (Name("O’Neill-Łącki", "A."), [], "oneilllacki2016"),
        (Name(literal="World Health Organization"), [], "worldhealth2016"),
        (Name("Krügel", "A."), ["krugel2016", "Krugel2016A"], "krugel2016b"),
        (Name("李", "明"), [], "work2016"),
    ],
)
def test_a_new_key_is_readable_and_ascii(author: Name, taken: list[str], key: str) -> None:
    assert new_key(Item(author=(author,), issued=Date(((2016,),)), title="T"), taken=taken) == key


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["li2016", "ng2017a", "x"], "shen2019"),
        (["Li2016", "Ng2017"], "Shen2019"),
        (["Li_2016", "Ng_2017"], "Shen_2019"),
        (["li2016leaves", "ng2017roots"], "shen2019deep"),
        (["liLeavesNight2016", "ngRootsDay2017"], "shenDeepLeaves2019"),
        (["li_leaves_2016", "ng_roots_2017"], "shen_deep_2019"),
        (["Li:2016", "smith12", "smith13", "Ng:2017"], "Shen:2019"),
        (["key1", "key2", "key3"], "shen2019"),
    ],
)
def test_a_new_key_is_made_like_the_others(keys: list[str], expected: str) -> None:
    first = Item(author=(Name("Li", "A."),), title="The leaves at night", issued=Date(((2016,),)))
    second = Item(author=(Name("Ng", "B."),), title="Roots by day", issued=Date(((2017,),)))
    entries = [
        Entry(key, "book", first if "2016" in key else second, Location("r.json", number))
        for number, key in enumerate(keys, 1)
    ]
    assert new_key(PAPER, entries) == expected


def test_a_key_is_not_used_again_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@book{li2016, title = {Z}, author = {Li, A.}, year = 2016}\n", "utf-8")
    (tmp_path / "b.enw").write_text("%0 Book\n%A Li, B.\n%D 2016\n%T Q\n", "utf-8")
    both = read(tmp_path, ["a.bib", "b.enw"], [])
    assert append(BOOK, tmp_path, "b.enw", both).key == "li2016a"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Effects of DNA on sleep in Thailand", "Effects of {DNA} on sleep in {Thailand}"),
        ("The Effects of DNA on Sleep in Healthy Adults", "The Effects of {DNA} on Sleep in Healthy Adults"),
        ("Sleep: A study", "Sleep: A study"),
        ("mRNA vaccines & sleep", r"{mRNA} vaccines \& sleep"),
    ],
)
def test_capitals_that_carry_meaning_are_kept(title: str, written: str) -> None:
    assert f"title = {{{written}}}," in entry_text(Item(type="article-journal", title=title), "x")
