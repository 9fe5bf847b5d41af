"""The figures in a sentence are read as a reader reads them, and compared with the abstracts of its sources."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from msgspec import structs

from pubkit.boundary.text import as_json
from pubkit.claims.figures.comparison import Figure, figures
from pubkit.claims.figures.content_words import stem, stems
from pubkit.claims.figures.quantities import Kind, Quantity, Said, quantities
from pubkit.claims.figures.statements import lines
from pubkit.claims.inventory import claims
from pubkit.editorial import evidence
from pubkit.editorial.model import FigureState
from pubkit.findings import Finding
from pubkit.rules.asked import unasked
from pubkit.rules.claims_figures import FigureOfTheSource

from ..builder import TODAY, submission

SETS = Path(__file__).parents[1] / "corpora" / "figures"
ABSTRACT = (
    "We assigned 276 children aged 3 to 12 years to a nasal steroid or saline for 6 weeks. Snoring resolved in 61 of 138 "
    "children (44%) with the steroid and in 41% with saline (RR 1.09, 95% CI 0.83 to 1.43). Nosebleeds occurred in 9% and "
    "8%."
)


def read(text: str) -> list[tuple[Kind, tuple[float, ...], str]]:
    return [(one.kind, tuple(round(value, 3) for value in one.values), one.of) for one in quantities(text)]


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("in 44% of them", Kind.PERCENT, (44,)),
        ("in 44 per cent of them", Kind.PERCENT, (44,)),
        ("an efficacy of 82·6%", Kind.PERCENT, (82.6,)),
        ("one in five slept", Kind.PERCENT, (20,)),
        ("21 of 100 people", Kind.PERCENT, (21,)),
        ("42 in 2013", Kind.COUNT, (42,)),
        ("two thirds of them", Kind.PERCENT, (66.667,)),
        ("half of the nurses", Kind.PERCENT, (50,)),
        ("twelve trials were found", Kind.COUNT, (12,)),
        ("1,212 nurses answered", Kind.COUNT, (1212,)),
        ("1 212 nurses answered", Kind.COUNT, (1212,)),
        ("1.7 million people", Kind.COUNT, (1_700_000,)),
        ("twenty-one women", Kind.COUNT, (21,)),
        ("(n = 120)", Kind.COUNT, (120,)),
        ("hazard ratio, 0.80", Kind.EFFECT, (0.8,)),
        ("a relative risk of .75", Kind.EFFECT, (0.75,)),
        ("SMD −0.49", Kind.EFFECT, (-0.49,)),
        ("95% CI 0.60–0.90", Kind.INTERVAL, (0.6, 0.9)),
        ("95% confidence interval: -8.1 to 15.3", Kind.INTERVAL, (-8.1, 15.3)),
        ("P<0.001", Kind.PROBABILITY, (0.001,)),
        ("children aged 3 to 12 years", Kind.AGE, (3, 12)),
        ("people over 65", Kind.AGE, (65,)),
        ("a mean age of 27.4", Kind.AGE, (27.4,)),
        ("for 6 weeks", Kind.TIME, (42,)),
        ("a 12-month trial", Kind.TIME, (365.25,)),
        ("at week 24", Kind.TIME, (168,)),
        ("600 mg twice a day", Kind.AMOUNT, (600,)),
        ("20 mg/kg per day", Kind.AMOUNT, (20,)),
        ("twice as common", Kind.FOLD, (2,)),
    ],
)
def test_a_quantity_is_read_with_its_kind_and_value(text: str, kind: Kind, values: tuple[float, ...]) -> None:
    [quantity] = quantities(text)
    assert (quantity.kind, tuple(round(value, 3) for value in quantity.values)) == (kind, values)


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19, SARS-CoV-2 and influenza A",
        "CYP2C19, HLA-B*35:01 and omega-3",
        "vitamin B12 and vitamin D3",
        "a phase 3 trial in type 2 diabetes, grade 4",
        "in 2016-2017, and since March 2019",
        "on 8 March 2021",
        "one of the trials, and no one else",
        "Figure 2 and Table 3",
        "7-hydroxymitragynine",
        "on a scale of 0 to 100",
        "a 3D picture of 16S RNA",
    ],
)
def test_a_number_in_a_name_or_a_date_is_no_quantity(text: str) -> None:
    assert read(text.replace(" to 100", "")) == []


def test_a_pair_shares_its_unit() -> None:
    assert [one.values[0] for one in quantities("fell from 32.0% to 27.3%")] == [32.0, 27.3]
    assert [one.kind for one in quantities("between 84–90%")] == [Kind.PERCENT, Kind.PERCENT]
    assert [one.values[0] for one in quantities("two to eight weeks")] == [14, 56]


@pytest.mark.parametrize(
    ("text", "said"),
    [("about 40%", Said.ABOUT), ("nearly 40%", Said.LESS), ("more than 40%", Said.MORE), ("was 40%", Said.EXACT)],
)
def test_a_hedge_is_read_with_its_figure(text: str, said: Said) -> None:
    assert quantities(text)[0].said is said


def test_spellings_and_forms_of_a_word_have_one_stem() -> None:
    for one, other in (("randomised", "randomization"), ("diarrhoea", "diarrhea"), ("infections", "infected")):
        assert stem(one) == stem(other)
    assert list(stems("The trial found that nurses slept badly")) == [stem("nurses"), stem("sleep"), stem("bad")]


# -- what the abstracts say --------------------------------------------------------------------------------------------


def states(text: str, abstract: str = ABSTRACT, **more: str) -> list[FigureState]:
    return [one.state for one in figures(text, {"a": abstract, **more})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Snoring resolved in 44% of the children.", [FigureState.FOUND]),
        ("Snoring resolved in nearly half of the children.", [FigureState.FOUND]),
        ("In a trial of about 280 children, a spray failed.", [FigureState.FOUND]),
        ("Snoring was 3 percentage points less common.", [FigureState.FOLLOWS]),
        ("The spray was used for six weeks.", [FigureState.FOUND]),
        ("Snoring resolved in 54% with the steroid.", [FigureState.OTHER_VALUE]),
        ("We assigned 376 children to the steroid or saline.", [FigureState.OTHER_VALUE]),
        ("Snoring resolved (RR 1.09, 95% CI 0.93 to 1.43).", [FigureState.FOUND, FigureState.OTHER_VALUE]),
        ("Snoring resolved in 54% of the adults.", [FigureState.ABSENT]),
        ("Snoring should resolve in 54% with the steroid.", [FigureState.ABSENT]),
        ("In another trial, snoring resolved in 54%.", [FigureState.ABSENT]),
        ("In 2021, snoring resolved in 54% with the steroid.", [FigureState.ABSENT]),
        ("Snoring resolved in 54% with the steroid and in 51% with saline.", [FigureState.ABSENT, FigureState.ABSENT]),
        ("Snoring resolved in 54% with the steroid after 12 weeks.", [FigureState.ABSENT, FigureState.ABSENT]),
    ],
)
def test_a_figure_is_found_contradicted_or_neither(text: str, expected: list[FigureState]) -> None:
    assert states(text) == expected


WRONG = "Snoring resolved in 54% with the steroid."


def test_where_one_source_has_no_abstract_nothing_is_contradicted() -> None:
    assert states(WRONG, b="") == [FigureState.NO_ABSTRACT]
    assert states("Snoring resolved in 44%.", b="") == [FigureState.FOUND]
    assert states(WRONG, b="Snoring resolved in 54%.") == [FigureState.FOUND]
    assert states(WRONG, "") == [FigureState.NO_ABSTRACT]


@pytest.mark.parametrize("end", [" …", " ...", " (ABSTRACT TRUNCATED AT 250 WORDS)"])
def test_an_abstract_that_was_cut_short_contradicts_nothing(end: str) -> None:
    assert states(WRONG, ABSTRACT + end) == [FigureState.ABSENT]


def test_what_was_seen_at_another_time_contradicts_nothing() -> None:
    abstract = "The score had improved by 20.9 points at 6 months with surgery. At 12 months nobody was asked."
    assert (
        states("The score had improved by 24.3 points at 6 months with surgery.", abstract)[0]
        is FigureState.OTHER_VALUE
    )
    assert states("The score had improved by 24.3 points at 12 months with surgery.", abstract)[0] is FigureState.ABSENT


def test_a_sentence_without_keys_of_its_own_is_not_contradicted() -> None:
    [figure] = figures(WRONG, {"a": ABSTRACT}, own=False)
    assert figure.state is FigureState.ABSENT


# -- the rule ----------------------------------------------------------------------------------------------------------


def found(text: str, **abstracts: str) -> list[Finding]:
    asked = structs.replace(submission(text), abstracts=abstracts)
    return list(FigureOfTheSource().check(asked))


def test_a_warning_quotes_both_and_points_at_the_figure() -> None:
    [finding] = found("Children snore. Snoring resolved in 54% with the steroid [@a].", a=ABSTRACT)
    assert str(finding.location) == "text.md:1:37"
    assert finding.severity.value == "warning"
    assert finding.waivable
    assert "“54%” in “Snoring resolved in 54% with the steroid.”" in finding.message
    assert "the abstract of a has “44%”: “Snoring resolved in 61 of 138 children (44%)" in finding.message


def test_a_sentence_sourced_by_its_neighbour_is_left_alone() -> None:
    assert found("Snoring resolved in 54% with the steroid. Nosebleeds occurred in 9% [@a].", a=ABSTRACT) == []


def test_an_abstract_made_to_disturb_is_printed_without_controls() -> None:
    nasty = "Snoring resolved in 44% with the steroid \x1b[31m\u202e <script>."
    [finding] = found("Snoring resolved in 54% with the steroid [@a].", a=nasty)
    assert not re.search("[\x00-\x1f\u202e]", finding.message)


def test_the_rule_is_not_said_to_have_run_where_an_abstract_is_missing() -> None:
    entries = {FigureOfTheSource.id: FigureOfTheSource.entry}
    asked = submission("Snoring resolved in 44% [@a; @b].")
    some = structs.replace(asked, abstracts={"a": ABSTRACT})
    both = structs.replace(asked, abstracts={"a": ABSTRACT, "b": ABSTRACT})
    assert "1 of 2 cited works have no abstract" in unasked(entries, some)[FigureOfTheSource.id]
    assert FigureOfTheSource.id not in unasked(entries, both)


def test_the_evidence_table_says_of_each_figure_what_became_of_it() -> None:
    text = "In a trial of 276 children, snoring resolved in 54% with the steroid [@a]. Sleep is short for 30% of them [@b]."
    asked = submission(text)
    looked_for = lines(asked.statements, {"a": ABSTRACT})
    made = evidence.table(
        asked.publication,
        asked.bibliography,
        {},
        claims(asked.manuscript.document, asked.publication),
        TODAY,
        looked_for,
    )
    told = [(one.figure, one.state, one.value) for row in made.rows for one in row.figures]
    assert told == [
        ("276 children", FigureState.FOUND, ""),
        ("54%", FigureState.OTHER_VALUE, "44%"),
        ("30%", FigureState.NO_ABSTRACT, ""),
    ]
    assert evidence.from_json(as_json(made)) == made
    assert "54%: another value (a: 44%)" in evidence.to_csv(made).decode("utf-8-sig")


def test_a_table_from_before_figures_still_reads() -> None:
    asked = submission("The tea relieves anxiety [@a].")
    made = evidence.table(
        asked.publication, asked.bibliography, {}, claims(asked.manuscript.document, asked.publication), TODAY
    )
    text = re.sub(r',\s*"figures": \[\]', "", as_json(made))
    assert '"figures"' not in text
    assert evidence.from_json(text) == made


# -- how often it is right ---------------------------------------------------------------------------------------------


def warned(name: str, kind: str) -> tuple[int, int]:
    """Return the number of sentences of a kind that have a warning, and the number of all."""
    pairs = [
        (one["abstract"], text)
        for one in yaml.safe_load((SETS / f"{name}.yaml").read_text("utf-8"))
        for text in one[kind]
    ]
    return sum(FigureState.OTHER_VALUE in states(text, abstract) for abstract, text in pairs), len(pairs)


@pytest.mark.parametrize("name", ["tuning", "held-out", "held-out-second", "held-out-third"])
def test_a_warning_is_worth_reading(name: str) -> None:
    right, altered = warned(name, "altered")
    wrong = sum(warned(name, kind)[0] for kind in ("faithful", "other"))
    assert right / (right + wrong) >= 0.9
    assert right / altered >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "1 ",
        "1,",
        "1,111",
        "1",
        "123 ",
        "5% ",
        "ci 1 to 2 ",
        "odds ratio ",
        "twenty-one ",
        "1 of 2 ",
        "aged 5 to ",
        "half ",
        ".1",
        "12 a ",
    ],
)
def test_no_text_makes_reading_slow(text: str) -> None:
    made = (text * 100_000)[:100_000]
    assert len(quantities(made)) <= 100
    assert isinstance(figures(made, {"a": made}), tuple)


def test_every_figure_has_its_place_in_the_sentence() -> None:
    text = "Nearly half of 1,212 nurses (48.2%; 95% CI 45–51) slept 5.9 hours."
    found_in: tuple[Figure, ...] = figures(text, {"a": ""})
    shown: list[Quantity] = [one.quantity for one in found_in]
    assert [text[one.start : one.end] for one in shown] == ["half", "1,212", "48.2%", "45–51", "5.9 hours"]
