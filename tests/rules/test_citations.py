"""The CIT rules: every key that would be printed as (key?), or as another work, is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.references.builder import bibliography_of, findings_of, submission_of

from pubkit.findings import Finding
from pubkit.references.bibliography.reading import read
from pubkit.rules import Example, own
from pubkit.rules.citations import MissingBibliography
from pubkit.rules.near_keys import meant
from pubkit.testing import found as found_in

ENTRY = (
    "@article{{{key}, author = {{Li, A.}}, title = {{T {key}}}, journal = {{J}}, year = {{2016}}, volume = {{1}}}}\n"
)


def entries(*keys: str) -> str:
    return "".join(ENTRY.format(key=key) for key in keys)


def found(text: str, cited: list[str], *rules: str) -> list[Finding]:
    return findings_of(bibliography_of(text), cited, *rules)


def test_an_undefined_key_is_named_with_the_nearest_known_one() -> None:
    findings = found(entries("kruegel2016", "swogger2018"), ["krugel2016", "swogger2018"], "CIT001")
    assert [(str(finding.location), finding.message) for finding in findings] == [
        ("ch1.md:1:1", "No bibliography entry has the key krugel2016. Did you mean @kruegel2016?")
    ]


@pytest.mark.parametrize(
    ("known", "cited", "likely"),
    [
        (("yang2023",), "yang2019", "yang2023"),
        (("yang2023a",), "Yang:2019a", "yang2023a"),
        (("yang2023a",), "yang2019b", ""),
        (("yang2023", "yang2024"), "yang2019", ""),
        (("yang2023",), "wang2019", ""),
    ],
)
def test_another_year_is_only_a_likely_correction_of_a_key(known: tuple[str, ...], cited: str, likely: str) -> None:
    assert meant(cited, known) == (likely, False)


def test_a_key_far_from_every_other_gets_no_hint() -> None:
    findings = found(entries("kruegel2016"), ["zhang1999"], "CIT001")
    assert [finding.message for finding in findings] == ["No bibliography entry has the key zhang1999."]


def test_each_place_that_cites_an_undefined_key_is_named() -> None:
    findings = found(entries("a"), ["nowhere", "a", "nowhere"], "CIT001")
    assert [finding.location.line for finding in findings if finding.location] == [1, 3]


def test_a_key_with_other_capitals_is_one_finding_of_its_own() -> None:
    findings = found(entries("kruegel2016"), ["Kruegel2016"], "CIT001", "CIT005")
    assert [finding.rule for finding in findings] == ["CIT005"]
    assert "kruegel2016" in findings[0].message


def test_an_uncited_entry_is_a_warning_and_a_cited_one_is_not() -> None:
    findings = found(entries("a", "b"), ["a"], "CIT002")
    assert [(str(finding.location), str(finding.severity)) for finding in findings] == [("refs.bib:2:1", "warning")]


def test_a_parent_of_a_cited_entry_counts_as_cited() -> None:
    text = entries("b") + "@inproceedings{a, author = {X, Y}, title = {T}, crossref = {meeting}}\n"
    text += "@proceedings{meeting, title = {Meeting}, year = 2016, crossref = {series}}\n@proceedings{series, title = {S}}\n"
    assert [finding.context for finding in found(text, ["a"], "CIT002")] == ["b"]


def test_a_star_in_the_text_cites_nothing() -> None:
    assert [one.rule for one in found(entries("a"), ["*"], "CIT001", "CIT002")] == ["CIT001", "CIT002"]


def test_a_duplicate_key_is_an_error_that_names_both_places() -> None:
    other = entries("a").replace("title = {", "title = {Quite another ")
    findings = found(f"{entries('a', 'b')}\n{other}", ["a", "b"], "CIT003")
    assert [(finding.location.line, str(finding.severity)) for finding in findings if finding.location] == [
        (4, "error")
    ]
    assert "refs.bib:1:1" in findings[0].message


def test_an_entry_that_an_export_holds_twice_is_a_warning() -> None:
    findings = found(entries("a", "b", "a"), ["a", "b"], "CIT003")
    assert [(str(finding.location), str(finding.severity)) for finding in findings] == [("refs.bib:3:1", "warning")]


@pytest.mark.parametrize(
    "key", ["größe2020", "señor2019", "łuczak2018", "хирург2020", "王2021", "مرجع2020", "הרנן2019", "tea🍵2020"]
)
def test_a_key_in_the_letters_of_one_language_passes(key: str) -> None:
    assert not found(entries(key), [key], "CIT004")


@pytest.mark.parametrize(
    "key", ["ѕоре2020", "smıtｈ2020", "grosse\u0301n2020", "smith\u200b2020", "ɑbel2020", "müllеr2020"]
)
def test_a_key_that_looks_like_another_is_an_error(key: str) -> None:
    assert found(entries(key), [], "CIT004")


def test_a_duplicate_key_is_found_across_files(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(entries("a"))
    (tmp_path / "b.json").write_text('[{"id": "a", "type": "book", "title": "T"}]')
    findings = findings_of(read(tmp_path, ["a.bib", "b.json"]), None, "CIT003")
    assert [str(finding.location) for finding in findings] == ["b.json:1:2"]


def test_a_look_alike_key_is_named_with_the_key_it_looks_like() -> None:
    fake = "smіth2020"
    findings = found(entries("smith2020", fake), ["smith2020", fake], "CIT004")
    assert len(findings) == 2
    assert all(
        "CYRILLIC" in finding.message and "looks like smith2020, the key" in finding.message for finding in findings
    )


def test_a_look_alike_in_the_text_alone_is_one_finding() -> None:
    findings = found(entries("smith2020"), ["smіth2020"], "CIT001", "CIT004", "CIT005")
    assert [finding.rule for finding in findings] == ["CIT004"]


@pytest.mark.parametrize(
    "broken", ["@article{broken, title = {T}, year = {2016\n\n", "@article{{broken, year = {2016}}\n\n"]
)
def test_an_unreadable_entry_is_not_reported_as_undefined_too(broken: str) -> None:
    text = broken + entries("b")
    rules = [finding.rule for finding in found(text, ["broken", "b"], "CIT001", "CIT006")]
    assert rules == ["CIT006"]


@pytest.mark.parametrize(
    "key",
    ["doi:10.1021/jacs.6b00360", "DOI:10.1021/jacs.6b00360", "pmid:27192616", "pmcid:PMC4931747", "isbn:9780306406157",
     "arxiv:1607.07519"],
)  # fmt: skip
def test_an_identifier_that_is_not_resolved_asks_for_refs_update(key: str) -> None:
    findings = found(entries("a"), [key, "a"], "CIT001", "CIT008")
    assert [finding.rule for finding in findings] == ["CIT008"]
    assert "pubkit refs update" in findings[0].remedy


@pytest.mark.parametrize(
    "key", ["doi:10.1", "pmid:PMC12", "pmcid:12", "isbn:9780306406158", "arxiv:2013.00001", "doi:"]
)
def test_an_identifier_that_cannot_be_one_is_not_sent_to_the_registries(key: str) -> None:
    findings = found(entries("a"), [key], "CIT008")
    assert len(findings) == 1
    assert "refs update" not in findings[0].remedy


def test_an_identifier_that_the_bibliography_defines_is_no_finding() -> None:
    assert found(entries("doi:10.1021/jacs.6b00360"), ["doi:10.1021/jacs.6b00360"], "CIT001", "CIT008") == []


def test_citing_without_any_bibliography_is_one_finding() -> None:
    submission = submission_of(bibliography_of(""), ["a", "b"], named=False)
    empty = type(submission.bibliography)()
    submission = submission_of(empty, ["a", "b"], named=False)
    assert [str(finding.location) for finding in MissingBibliography().check(submission)] == ["ch1.md:1:1"]


def test_citing_by_identifier_needs_no_bibliography() -> None:
    submission = submission_of(type(bibliography_of(""))(), ["doi:10.1021/jacs.6b00360"], named=False)
    assert list(MissingBibliography().check(submission)) == []


def test_an_empty_bibliography_does_not_hide_undefined_keys() -> None:
    assert [finding.context for finding in found("% nothing yet\n", ["a2020", "b2021"], "CIT001")] == ["a2020", "b2021"]


def test_two_digits_that_changed_places_are_the_nearest_key() -> None:
    findings = found(entries("yang2023", "yang2024"), ["yang2042"], "CIT001")
    assert findings[0].message.endswith("Did you mean @yang2024?")


@pytest.mark.parametrize(
    ("cited", "key"),
    [
        ("[@yang 2024]", "yang2024"),
        ("[see @yang 2024, p. 3]", "yang2024"),
        ("[@Yang et al 2023]", "yang_et-al:2023"),
        ("@yang 2024 said so", "yang2024"),
    ],
)
def test_a_key_that_a_blank_breaks_is_suggested_whole(cited: str, key: str, tmp_path: Path) -> None:
    text = entries("yang2023", "yang2024", "yang_et-al:2023", "yan2")
    (finding,) = (one for one in found_in(Example(f"One {cited}.", text), tmp_path, *own()) if one.rule == "CIT001")
    assert finding.message.endswith(f"Did you mean @{key}?")


def test_a_look_alike_in_the_bibliography_is_named_at_the_key_it_hides() -> None:
    findings = found(entries("yаng2023"), ["yang2023"], "CIT001")
    assert "CYRILLIC SMALL LETTER A (U+0430)" in findings[0].message


def test_a_figure_mentioned_with_a_capital_is_told_the_small_letter() -> None:
    assert "@fig:pooled" in found(entries("a"), ["Fig:pooled"], "CIT001")[0].message


def test_an_invisible_character_behind_a_key_is_named(tmp_path: Path) -> None:
    text = "Kratom is a tree [@kruegel\u200b2016]."
    (finding,) = (one for one in found_in(Example(text), tmp_path, *own()) if one.rule == "CIT001")
    assert "ZERO WIDTH SPACE" in finding.message
    assert str(finding.location) == "01-text.md:1:19"


def test_keys_parted_by_a_comma_are_named_and_both_count_as_cited(tmp_path: Path) -> None:
    example = Example("Two papers [@first20, @second2] say so.", entries("first20", "second2"))
    findings = [one for one in found_in(example, tmp_path, *own()) if one.rule.startswith("CIT")]
    assert [(one.rule, str(one.location), one.waivable) for one in findings] == [("CIT013", "01-text.md:1:23", False)]


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("ABC+:Sleep:12", "ABC"),
        ("share--of_leaves_2019", "share"),
        ("no_date_????", "no_date_"),
        ("DBLP:conf/x/Li(2)20", "DBLP:conf/x/Li"),
    ],
)
def test_a_key_that_pandoc_cuts_short_is_to_be_written_in_braces(key: str, read: str, tmp_path: Path) -> None:
    findings = found_in(Example(f"One [see @{key}, p. 3].", entries(key)), tmp_path, *own())
    ours = [one for one in findings if one.rule.startswith("CIT")]
    assert [(one.rule, one.message) for one in ours] == [
        ("CIT001", f"The key {key} is cut off after {read}, where pandoc ends a key.")
    ]
    assert ours[0].remedy == f"Write it in braces: [@{{{key}}}]."
    assert not [
        one
        for one in found_in(Example(f"One [@{{{key}}}].", entries(key)), tmp_path, *own())
        if one.rule.startswith("CIT")
    ]


def test_a_whole_identifier_is_written_in_braces_too(tmp_path: Path) -> None:
    findings = found_in(Example("One [@doi:10.5555/0009-26(84)85-6].", entries("a")), tmp_path, *own())
    assert [one.remedy for one in findings if one.rule in {"CIT001", "CIT008"}] == [
        "Write it in braces: [@{doi:10.5555/0009-26(84)85-6}]."
    ]


def test_a_shorter_key_that_is_there_does_not_hide_the_whole_one(tmp_path: Path) -> None:
    findings = found_in(Example("One [@li2020--b]; two [@li2020].", entries("li2020", "li2020--b")), tmp_path, *own())
    assert [one.remedy for one in findings if one.rule.startswith("CIT")] == ["Write it in braces: [@{li2020--b}]."]
