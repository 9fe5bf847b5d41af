"""Bibliographies: what five formats are read as, with the place of everything, and what a broken or hostile one gives."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.references.builder import bibliography_of

from pubkit.errors import InputRefused
from pubkit.findings import Finding
from pubkit.references.bibliography.reading import read
from pubkit.references.item import Date, Item, Name, as_json
from pubkit.references.model import Bibliography
from pubkit.references.registries.lock import digest_of_entry
from pubkit.store.kept import Kept

SOUND = """@article{kruegel2016,
  author = {Kruegel, Andrew C. and V{\\'a}radi, Andr{\\'a}s},
  title = {Synthetic and receptor signaling explorations of the {Mitragyna} alkaloids: {DNA} and \\emph{in vitro} work},
  journal = {J Am Chem Soc},
  year = 2016, month = {May}, volume = 138, number = 21,
  pages = {6754--6764},
  doi = {https://doi.org/10.1021/jacs.6b00360},
}
"""


def places(bibliography: Bibliography, rule: str = "CIT006") -> list[str]:
    return [str(finding.location) for finding in bibliography.findings if finding.rule == rule]


def refused(text: str, name: str = "refs.bib", cited: tuple[str, ...] = ()) -> Finding:
    with pytest.raises(InputRefused) as caught:
        bibliography_of(text, name, cited)
    return caught.value.findings[0]


# ------------------------------------------------------------------------------------------------------ BibTeX


def test_a_bib_entry_has_the_item_that_pandoc_prints() -> None:
    item = bibliography_of(SOUND).entries["kruegel2016"].item
    assert item.title == (
        'Synthetic and receptor signaling explorations of the <span class="nocase">Mitragyna</span> alkaloids: DNA and '
        "<i>in vitro</i> work"
    ).replace('<span class="nocase">Mitragyna</span>', "Mitragyna")
    assert item.author[1] == Name("Váradi", "András")
    assert item.issued == Date(((2016, 5),))
    assert (item.volume, item.issue, item.page) == ("138", "21", "6754-6764")
    assert item.doi == "10.1021/jacs.6b00360"
    assert item.type == "article-journal"


def test_a_bib_entry_knows_the_line_of_each_field_by_both_its_names() -> None:
    entry = bibliography_of("\n\n" + SOUND).entries["kruegel2016"]
    assert str(entry.location) == "refs.bib:3:1"
    assert [entry.at(name).line for name in ("title", "pages", "page", "doi", "DOI", "container-title")] == [
        5,
        8,
        8,
        9,
        9,
        6,
    ]
    assert entry.at("publisher") == entry.location
    assert entry.fields["pages"] == "6754--6764"


def test_an_uncited_entry_is_read_without_pandoc_and_says_the_same() -> None:
    cited = bibliography_of(SOUND).entries["kruegel2016"].item
    draft = bibliography_of(SOUND, cited=()).entries["kruegel2016"].item
    same = ("type", "doi", "author", "issued", "volume", "issue", "page", "container_title")
    assert [getattr(draft, name) for name in same] == [getattr(cited, name) for name in same]


@pytest.mark.parametrize("month", ['{M{\\"a}rz}', "{März}", "{mars}", "{marzo}", "{Mar.}", "mar", "3"])
@pytest.mark.parametrize("cited", [None, ()], ids=["cited", "uncited"])
def test_a_month_is_read_in_every_language_that_pubkit_knows(month: str, cited: tuple[str, ...] | None) -> None:
    [entry] = bibliography_of(f"@book{{x, title = {{T}}, year = 2016, month = {month}}}", cited=cited)
    assert entry.item.issued == Date(((2016, 3),))


def test_two_entries_on_one_line_have_their_columns() -> None:
    text = "@book{a, title = {A}}@book{b, title = {B}}"
    assert [str(entry.location) for entry in bibliography_of(text)] == ["refs.bib:1:1", "refs.bib:1:22"]


def test_abbreviations_and_joins_are_unfolded() -> None:
    text = '@string{jcp = "J Clin"}\n@string{full = jcp # " Phyt"}\n@article{a, title = {T}, journal = full # { A}}'
    assert bibliography_of(text).entries["a"].item.container_title == "J Clin Phyt A"


def test_a_crossref_gives_its_child_what_it_lacks() -> None:
    text = "@inproceedings{a, author = {X, Y}, title = {T}, crossref = {m}}\n@proceedings{m, title = {Meeting}, year = 2016}"
    for cited in (None, ("a",), ()):
        item = bibliography_of(text, cited=cited).entries["a"].item
        assert (item.container_title, item.issued) == ("Meeting", Date(((2016,),)))


@pytest.mark.parametrize("parent", ["a", "b"])
def test_a_crossref_in_a_circle_ends(parent: str) -> None:
    text = f"@book{{a, title = {{A}}, crossref = {{{parent}}}}}\n@book{{b, title = {{B}}, crossref = {{a}}}}"
    assert bibliography_of(text).keys() == ("a", "b")


def test_a_key_of_any_spelling_survives() -> None:
    keys = ("müller2020", "DOI:10.1/a_b", "a/b+c", "x'y")
    text = "\n".join(f"@book{{{key}, title = {{T}}, year = 2016}}" for key in keys)
    bibliography = bibliography_of(text)
    assert bibliography.keys() == keys
    assert all(entry.item.id == entry.key and entry.item.title == "T" for entry in bibliography)


def test_a_later_entry_under_a_taken_key_is_kept_apart() -> None:
    bibliography = bibliography_of("@book{a, title = {First}}\n@book{a, title = {Second}}")
    assert bibliography.entries["a"].item.title == "First"
    assert [(str(entry.location), entry.item.title) for entry in bibliography.duplicates] == [
        ("refs.bib:2:1", "Second")
    ]


def test_an_address_in_howpublished_is_the_address() -> None:
    text = "@misc{a, title = {T}, year = 2016, howpublished = {\\url{https://www.fda.gov/a_b?x=1%20}}}"
    for cited in (None, ()):
        item = bibliography_of(text, cited=cited).entries["a"].item
        assert item.url == "https://www.fda.gov/a_b?x=1%20"
        assert not item.publisher


@pytest.mark.parametrize(
    ("title", "printed"),
    [("100% of $5 fees", "100% of $5 fees"), ("H_2O & co", "H_2O & co"), ("a~b -- c", "A b – c")],
)
def test_signs_that_tex_would_swallow_are_printed(title: str, printed: str) -> None:
    bibliography = bibliography_of(f"@book{{a, title = {{{title}}}}}")
    assert bibliography.entries["a"].item.title.replace("\u00a0", " ") == printed
    assert bibliography.findings == ()


def test_a_field_that_pandoc_would_drop_in_silence_is_found() -> None:
    bibliography = bibliography_of("@book{a,\n  title = {\\frac{1}{2} dose}}")
    assert places(bibliography) == ["refs.bib:2:1"]


@pytest.mark.parametrize("cited", [None, ()])
def test_a_broken_entry_leaves_the_others_readable(cited: tuple[str, ...] | None) -> None:
    text = "@book{a, title = {A}}\n@book{b, title = {B, year = 2016}\n\n@book{c, title = {C}}\n"
    text += "@book{d title = {D}}\n@book{e, title = {E}}"
    bibliography = bibliography_of(text, cited=cited)
    assert bibliography.keys() == ("a", "c", "e")
    assert places(bibliography) == ["refs.bib:2:1", "refs.bib:5:1"]


def test_fields_after_a_missing_comma_are_still_read() -> None:
    bibliography = bibliography_of("@book{a,\n  title = {A}\n  year = 2016\n  publisher = {P}\n}")
    assert {name: bibliography.entries["a"].fields[name] for name in ("title", "year", "publisher")} == {
        "title": "A",
        "year": "2016",
        "publisher": "P",
    }
    assert places(bibliography) == ["refs.bib:2:1", "refs.bib:3:1"]
    assert bibliography.entries["a"].at("publisher").line == 4


def test_the_sample_of_another_checker_reads_well(shared_data: Path) -> None:
    folder = shared_data / "registry-answers"
    bibliography = read(folder, ["sample.bib"])
    assert len(bibliography) == 11
    assert [entry.key for entry in bibliography.duplicates] == ["dupkey2022"]
    assert places(bibliography) == ["sample.bib:74:1"]


def test_doubling_abbreviations_are_refused() -> None:
    lines = ['@string{a0 = "' + "x" * 100 + '"}']
    lines += [f"@string{{a{number} = a{number - 1} # a{number - 1}}}" for number in range(1, 60)]
    finding = refused("\n".join(lines) + "\n@book{b, title = a59}")
    assert finding.rule == "SRC025"
    assert finding.location and finding.location.line < 25


@pytest.mark.parametrize(
    "title",
    [
        "\\input{/etc/hostname}",
        "\\newcommand{\\x}{\\x\\x}\\x",
        "\\def\\x{\\x\\x}\\x",
        "\\verb|x|",
        "\\loop\\x\\repeat",
        "\\openin1=x",
    ],
)
def test_tex_that_defines_or_reads_never_reaches_pandoc(title: str) -> None:
    bibliography = bibliography_of(f"@book{{a, year = 2016,\n  title = {{{title}}}}}")
    assert not bibliography.entries["a"].item.title
    assert places(bibliography, "CIT009") == ["refs.bib:2:1"]


def test_deep_braces_are_answered_in_time() -> None:
    depth = 20_000
    bibliography = bibliography_of(f"@book{{a, title = {{{'{' * depth}x{'}' * depth}}}}}", cited=())
    assert bibliography.keys() == ("a",)


# ------------------------------------------------------------------------------------------------ CSL JSON and YAML


ITEM: dict[str, Any] = {
    "id": "x",
    "type": "article-journal",
    "title": "Kratom <i>in vitro</i>",
    "author": [{"family": "Doe", "given": "B."}],
    "issued": {"date-parts": [["2016", 5]]},
    "DOI": "10.1000/x_y",
}


def test_csl_json_knows_the_line_of_each_field() -> None:
    text = json.dumps([{"id": "a", "type": "book", "title": "A"}, ITEM], indent=1)
    entry = bibliography_of(text, "refs.json").entries["x"]
    lines = text.split("\n")
    assert str(entry.location) == f"refs.json:{lines.index(' {', 2) + 1}:2"
    assert lines[entry.at("DOI").line - 1].strip().startswith('"DOI"')
    assert entry.item.issued == Date(((2016, 5),))
    assert entry.item.title == "Kratom <i>in vitro</i>"


@pytest.mark.parametrize("wrapped", ["references", "items"])
def test_csl_json_may_stand_in_an_object(wrapped: str) -> None:
    assert bibliography_of(json.dumps({"version": 1, wrapped: [ITEM]}), "refs.json").keys() == ("x",)


def test_a_minified_json_file_of_any_length_is_read() -> None:
    items = [{"id": f"k{number}", "type": "book", "title": "T" * 100} for number in range(1500)]
    assert len(bibliography_of(json.dumps(items), "refs.json")) == 1500


def test_a_broken_json_item_leaves_the_others_readable() -> None:
    lines = [
        '{"id": "a", "title": "A"},',
        '{"id": "b", "title": },',
        '{"id": "c"},',
        '{"title": "no id"},',
        "7,",
        '{"id": "d"}',
    ]
    text = "\n".join(["[", *lines, "]"])
    bibliography = bibliography_of(text, "refs.json")
    assert bibliography.keys() == ("a", "c", "d")
    assert [place.split(":")[1] for place in places(bibliography)] == ["3", "5", "6"]


def test_a_field_given_twice_in_json_is_found() -> None:
    bibliography = bibliography_of('[{"id": "a",\n"title": "A",\n"title": "B"}]', "refs.json")
    assert [finding.rule for finding in bibliography.findings] == ["REF002"]


def test_json_that_nests_without_end_is_refused() -> None:
    assert refused('[{"id": "a", "title": ' + "[" * 100_000, "refs.json").rule == "SRC012"


def test_csl_yaml_is_markdown_and_prints_as_such() -> None:
    text = "---\nreferences:\n- id: x\n  type: book\n  title: Kratom *in vitro*, CO~2~ 🧪\n"
    text += "  DOI: 10.1000/a_b_c~d\n  issued: 2016-05\n...\n"
    for name in ("refs.yaml", "refs.yml"):
        entry = bibliography_of(text, name).entries["x"]
        assert entry.item.title == "Kratom <i>in vitro</i>, CO<sub>2</sub> 🧪"
        assert (entry.item.type, entry.item.doi) == ("book", "10.1000/a_b_c~d")
        assert entry.item.issued == Date(((2016, 5),))
        assert entry.at("DOI").line == 6
    draft = bibliography_of(text, "refs.yaml", ()).entries["x"]
    assert draft.item.title == "Kratom in vitro, CO2 🧪"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\n  - year: 2016\n    month: 5\n    day: 2", Date(((2016, 5, 2),))),
        ("\n  - year: 2016\n    season: 2", Date(((2016,),), season=2)),
        ("\n  - year: 2016\n  - year: 2018", Date(((2016,), (2018,)))),
        ("\n    year: 2016", Date(((2016,),))),
        ("\n  - literal: in press", Date(literal="in press")),
    ],
)
def test_dates_as_pandoc_and_better_bibtex_write_them_in_yaml(written: str, read: Date) -> None:
    bibliography = bibliography_of(f"references:\n- id: x\n  type: book\n  title: T\n  issued:{written}\n", "refs.yaml")
    assert (bibliography.entries["x"].item.issued, bibliography.findings) == (read, ())


def test_a_broken_yaml_item_leaves_the_others_readable() -> None:
    text = "references:\n- id: a\n  title: A\n- id: b\n  title: [B\n- id: c\n  title: C\n"
    bibliography = bibliography_of(text, "refs.yaml")
    assert bibliography.keys() == ("a", "c")
    assert len(places(bibliography)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "references:\n- &a {id: x}\n- *a\n",
        "references:\n- &a {id: x}\n",
        "references:\n- id: !!python/name:os.system x\n",
        "references: " + "[" * 40 + "]" * 40,
    ],
)
def test_yaml_that_could_unfold_is_refused(text: str) -> None:
    assert refused(text, "refs.yaml").rule == "SRC012"


# --------------------------------------------------------------------------------------------------------- RIS and NBIB


def test_ris_records_are_read_with_their_lines() -> None:
    text = (
        "TY  - JOUR\nID  - kruegel2016\nAU  - Kruegel, Andrew C.\nAU  - Gassaway, M. M.\nTI  - Mitragyna\n  alkaloids\n"
        "JO  - J Am Chem Soc\nVL  - 138\nIS  - 21\nSP  - 6754\nEP  - 6764\nPY  - 2016/05/17/\nDO  - 10.1021/jacs.6b00360\n"
        "SN  - 0002-7863\nER  - \n\nTY  - BOOK\nAU  - Müller, Anna\nTI  - Leaves\nPY  - 2019\nER  - \n"
    )
    bibliography = bibliography_of(text, "refs.ris")
    assert bibliography.keys() == ("kruegel2016", "muller2019")
    entry = bibliography.entries["kruegel2016"]
    assert entry.item.title == "Mitragyna alkaloids"
    assert entry.item.page == "6754-6764"
    assert entry.item.issued == Date(((2016, 5, 17),))
    assert entry.item.issn == "0002-7863"
    assert [person.family for person in entry.item.author] == ["Kruegel", "Gassaway"]
    assert (entry.at("DOI").line, entry.at("DO").line, bibliography.entries["muller2019"].location.line) == (13, 13, 17)


def test_ris_without_keys_gives_each_record_its_own() -> None:
    record = "TY  - BOOK\nAU  - Li, A\nPY  - 2019\nTI  - {}\nER  - \n"
    bibliography = bibliography_of("".join(record.format(number) for number in range(3)), "refs.ris")
    assert bibliography.keys() == ("li2019", "li2019b", "li2019c")


def test_a_ris_record_that_is_not_closed_and_a_stray_line_are_found() -> None:
    bibliography = bibliography_of("stray\nTY  - BOOK\nID  - a\nTY  - BOOK\nID  - b\nER  - \n", "refs.ris")
    assert bibliography.keys() == ("a", "b")
    assert places(bibliography) == ["refs.ris:1:1", "refs.ris:2:1"]


def test_nbib_records_are_read_as_pubmed_writes_them() -> None:
    text = (
        "PMID- 27192616\nOWN - NLM\nTI  - Synthetic and Receptor Signaling Explorations of the\n      Mitragyna Alkaloids.\n"
        "PG  - 6754-64\nLID - 10.1021/jacs.6b00360 [doi]\nFAU - Kruegel, Andrew C\nAU  - Kruegel AC\nCN  - Kratom Group\n"
        "PT  - Journal Article\nDP  - 2016 Jun 1\nTA  - J Am Chem Soc\nJT  - Journal of the American Chemical Society\n"
        "VI  - 138\nIP  - 21\nPMC - PMC4931747\nIS  - 1520-5126 (Electronic)\n\nPMID- 1\nTI  - B\n"
        "VI  - 7\nLID - E51 [pii]\nLID - 10.1000/a.51 [doi]\n"
    )
    bibliography = bibliography_of(text, "refs.nbib")
    assert bibliography.entries["pmid:1"].item.page == "E51"
    assert bibliography.keys() == ("pmid:27192616", "pmid:1")
    item = bibliography.entries["pmid:27192616"].item
    assert item.title == "Synthetic and Receptor Signaling Explorations of the Mitragyna Alkaloids"
    assert item.author == (Name("Kruegel", "Andrew C"), Name(literal="Kratom Group"))
    assert item.issued == Date(((2016, 6, 1),))
    assert (item.doi, item.pmcid, item.issn) == ("10.1021/jacs.6b00360", "PMC4931747", "1520-5126")
    assert bibliography.entries["pmid:27192616"].at("PMCID").line == 16


# ------------------------------------------------------------------------------------------------------------- safety


def test_a_missing_file_is_found_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "references.bib").write_text(SOUND)
    bibliography = read(tmp_path, ["refrences.bib"])
    assert [finding.rule for finding in bibliography.findings] == ["CIT007"]
    assert "Did you mean references.bib?" in bibliography.findings[0].message
    bibliography = read(tmp_path, ["refrences.bib", "references.bib"])
    assert bibliography.files == ("references.bib",)
    assert "Did you mean" not in bibliography.findings[0].message


@pytest.mark.parametrize("name", ["../x.bib", "/etc/passwd", "http://host/x.bib", "refs.txt", "a\\b.bib"])
def test_a_file_outside_the_folder_or_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "refs.txt").write_text("x")
    with pytest.raises(InputRefused):
        read(tmp_path, [name])


@pytest.mark.parametrize(
    ("data", "rule"), [(b"@book{a, title = {\xe9}}", "SRC001"), (b"@book{a, title = {a\x1b[31m}}", "SRC002")]
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, rule: str) -> None:
    (tmp_path / "refs.bib").write_bytes(data)
    with pytest.raises(InputRefused) as caught:
        read(tmp_path, ["refs.bib"])
    assert caught.value.findings[0].rule == rule


@pytest.mark.parametrize(
    ("value", "kept", "severity"),
    [
        ("a<script>alert(1)</script>b", "aalert(1)b", "error"),
        ("a<img src=x onerror=y>b", "ab", "error"),
        ("<p>a</p>", "a", "warning"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x", "warning"),
        ('<a href="javascript:x">a</a>', "a", "error"),
        ("<!-- x -->a", "x a", "error"),
        ('<span class="nocase">DNA</span>', '<span class="nocase">DNA</span>', None),
        ('<span style="position:fixed">DNA</span>', "DNA", "error"),
        ("p<0.05 and q>3", "p<0.05 and q>3", None),
        ("<i>a</i><SUB>2</SUB>", "<i>a</i><sub>2</sub>", None),
        ("<i onclick=x>a</i>", "a</i>", "error"),
        ("<italic>a</italic>", "<i>a</i>", None),
    ],
)
def test_markup_other_than_csl_s_own_is_left_out_and_named(value: str, kept: str, severity: str | None) -> None:
    bibliography = bibliography_of(json.dumps([{"id": "x", "type": "book", "title": value}], indent=1), "refs.json")
    assert bibliography.entries["x"].item.title == kept
    named = [(finding.rule, str(finding.severity), str(finding.location)) for finding in bibliography.findings]
    assert named == ([("CIT009", severity, "refs.json:5:1")] if severity else [])


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//host/x", "ftp://h/x", "https://a b"]
)
def test_an_address_that_is_not_of_the_web_is_left_out(url: str) -> None:
    for text, name in (
        (json.dumps([{"id": "x", "type": "book", "title": "T", "URL": url}]), "refs.json"),
        (f"@book{{x, title = {{T}}, url = {{{url}}}}}", "refs.bib"),
        (f"TY  - BOOK\nID  - x\nTI  - T\nUR  - {url}\nER  - \n", "refs.ris"),
    ):
        bibliography = bibliography_of(text, name)
        assert not bibliography.entries["x"].item.url
        assert [finding.rule for finding in bibliography.findings] == ["CIT009"], name


def test_a_note_with_markup_is_not_printed() -> None:
    text = json.dumps([{"id": "x", "type": "book", "title": "T", "note": "see <iframe src=x></iframe> there"}])
    assert not bibliography_of(text, "refs.json").entries["x"].item.note


def test_nothing_that_is_no_csl_variable_reaches_citeproc() -> None:
    foreign = {"bibliography": "/etc/passwd", "csl": "http://h/x", "custom": {"a": 1}, "citation-abbreviations": "y"}
    entry = bibliography_of(json.dumps([{**ITEM, **foreign}]), "refs.json").entries["x"]
    assert set(as_json(entry.item)) == set(ITEM)
    yaml = "bibliography: /etc/passwd\nreferences:\n- id: x\n  title: T\n  bibliography: /etc/passwd\n"
    assert set(as_json(bibliography_of(yaml, "refs.yaml").entries["x"].item)) == {"id", "type", "title"}


def test_half_a_character_in_a_field_does_not_stop_the_judging() -> None:
    bibliography = bibliography_of('[{"id": "x", "type": "\\ud800", "title": "T", "\\ud801": "\\ud802"}]', "refs.json")
    assert bibliography.entries["x"].fields == {"id": "x", "type": "?", "title": "T", "?": "?"}
    assert len(digest_of_entry(bibliography.entries["x"], bibliography)) == 64


def test_control_characters_written_as_escapes_are_left_out() -> None:
    text = '[{"id": "x", "type": "book", "title": "a\\u001b[31m\\u202eb\\ud800"}, {"id": "y\\u200b", "title": "T"}]'
    bibliography = bibliography_of(text, "refs.json")
    assert bibliography.entries["x"].item.title == "a[31mb"
    assert bibliography.keys() == ("x",)
    assert [finding.rule for finding in bibliography.findings] == ["CIT009", "CIT006"]
    for season in ("²", "9" * 5_000):
        said = f'"literal": "in\\ud800 20\\u202e20", "season": "{season}"'
        dated = bibliography_of(f'[{{"id": "x", "issued": {{{said}}}}}]', "refs.json")
        assert dated.entries["x"].item.issued == Date(literal="in 2020")
    assert [finding.rule for finding in dated.findings] == ["CIT009"]
    yaml = bibliography_of('- id: x\n  title: "a\\x1b[31m"\n', "refs.yaml")
    assert yaml.entries["x"].item.title == "a[31m"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@a{b}\n" * 60_000, "refs.bib"),
        ("[" + "{}," * 60_000 + "]", "refs.json"),
        ("TY  - A\n" * 60_000, "refs.ris"),
    ],
)
def test_more_entries_than_a_bibliography_can_have_are_refused(text: str, name: str) -> None:
    assert refused(text, name).rule == "SRC025"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@book{a, title = {}" + "a={}" * 20_000 + "}", "refs.bib"),
        ("@book{a,\n" + "author = {" + "\n" * 50_000 + "x}}", "refs.bib"),
        ("@book{a, title = {" + "<!--" * 12_000 + "}}", "refs.bib"),
        ("@book{a, title = {" + "<script>" * 3_000 + "}}", "refs.bib"),
        ("@book{a, title = {" + "$\\frac{" * 5_000 + "}" * 5_000 + "}}", "refs.bib"),
        ("- id: x\n  title: '" + "[" * 40 + "]" * 40 + "'\n", "refs.yaml"),
        ("- id: x\n  title: '" + "*a " * 16_000 + "'\n", "refs.yaml"),
        ("TY  - BOOK\nTI  - a\n" + "b\n" * 100_000 + "ER  - \n", "refs.ris"),
        ("TY  - BOOK\n" + "AU  - A\n" * 50_000 + "ER  - \n", "refs.ris"),
        (
            "\n".join(f"@xdata{{x{n}, xdata = {{x{n - 1},x{n - 1}}}}}" for n in range(60))
            + "\n@book{a, xdata = {x59}}",
            "refs.bib",
        ),
    ],
)
def test_input_made_to_take_for_ever_comes_to_an_end(text: str, name: str) -> None:
    read_or_refuse(text, name, None)


# --------------------------------------------------------------------------------------------------------- any text at all

TEXT = st.text(st.sampled_from("@{}\",=#\\ \n%()abcAé$&~<>-:'1[]!|*`_^" + string.ascii_lowercase), max_size=300)
PIECES = [
    *(
        "@article{a,",
        "title = {",
        "}",
        "},\n",
        "@string{x = ",
        "@comment{",
        "@preamble{",
        "author = {A and B}",
        "\n@book{b, ",
    ),
    *(
        "year = 2016",
        "month = jan",
        "crossref = {a}",
        "doi = {10.1/x}",
        '"',
        "@string(y = x # x)",
        "x # y",
        "\\url{http://a}",
    ),
]
BIBTEX = st.lists(st.one_of(TEXT, st.sampled_from(PIECES)), max_size=25).map("".join)
NAMED = ["id", "type", "title", "author", "issued", "URL", "DOI", "date-parts", "family", "note", "x"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMED), inner, max_size=5),
    max_leaves=25,
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refuse(text: str, name: str, cited: tuple[str, ...] | None = ()) -> None:
    try:
        bibliography = bibliography_of(text, name, cited)
    except InputRefused as refusal:
        assert refusal.findings
        return
    for entry in bibliography:
        assert entry.item.id == entry.key
        assert entry.location.line >= 1
        assert msgspec.json.decode(msgspec.json.encode(entry.item), type=Item) == entry.item
    for finding in bibliography.findings:
        assert finding.location
        assert finding.message.isprintable()


@QUICK
@given(BIBTEX)
def test_reading_any_bibtex_raises_nothing_but_a_refusal(text: str) -> None:
    read_or_refuse(text, "refs.bib")


@settings(max_examples=25, deadline=None)
@given(BIBTEX)
@example("@{,1\n1=}")
def test_reading_any_bibtex_through_pandoc_raises_nothing_but_a_refusal(text: str) -> None:
    read_or_refuse(text + "\n@book{z, title = {" + text.replace("{", "").replace("}", "") + "}}", "refs.bib", None)


@QUICK
@given(st.one_of(TEXT, JSON.map(json.dumps), st.lists(JSON).map(json.dumps)), st.integers(0, 40))
def test_reading_any_json_raises_nothing_but_a_refusal(text: str, cut: int) -> None:
    read_or_refuse(text, "refs.json")
    read_or_refuse(text[: max(0, len(text) - cut)], "refs.json")


@QUICK
@given(
    st.one_of(
        TEXT,
        JSON.map(lambda value: f"references: {json.dumps(value)}"),
        TEXT.map(lambda text: f"references:\n- id: {text}"),
    )
)
def test_reading_any_yaml_raises_nothing_but_a_refusal(text: str) -> None:
    read_or_refuse(text, "refs.yaml")


@QUICK
@given(
    st.lists(
        st.tuples(st.sampled_from(["TY", "ID", "AU", "TI", "PY", "ER", "PMID", "FAU", "DP", "LID", "IS"]), TEXT),
        max_size=12,
    )
)
def test_reading_any_tagged_file_raises_nothing_but_a_refusal(tags: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{tag:<4}- {value}" for tag, value in tags)
    read_or_refuse(text, "refs.ris")
    read_or_refuse(text, "refs.nbib")


def test_a_bibliography_that_has_not_changed_is_not_read_by_pandoc_again(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(SOUND, "utf-8")
    store = tmp_path / "store"

    def again() -> set[Path]:
        assert read(tmp_path, ["refs.bib"], kept=Kept(store)) == read(tmp_path, ["refs.bib"])
        return set(store.iterdir())

    first = again()
    assert first
    assert again() == first
    (tmp_path / "refs.bib").write_text(SOUND.replace("2016,", "2017,"), "utf-8")
    assert again() > first
