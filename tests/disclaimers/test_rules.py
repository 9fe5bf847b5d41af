"""Each DIS rule finds what its bad examples show, and is quiet on its good ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pubkit.findings import Severity
from pubkit.rules import disclaimers
from pubkit.rules.base import Example, Rule, Submission

RULES: list[type[Rule]] = [getattr(disclaimers, name) for name in disclaimers.__all__]
Submit = Callable[..., Submission]


def examples(kind: str) -> list[Any]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_a_bad_example_is_found(submit: Submit, rule: type[Rule], example: str | Example) -> None:
    found = list(rule().check(submit(example)))
    assert found
    assert {finding.rule for finding in found} == {rule.id}
    assert all(finding.message and finding.remedy for finding in found)


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_a_good_example_passes(submit: Submit, rule: type[Rule], example: str | Example) -> None:
    assert list(rule().check(submit(example))) == []


@pytest.mark.parametrize("rule", [disclaimers.StatusTooOld, disclaimers.StatusUnknown])
def test_an_unverified_status_fails_a_release_and_only_warns_in_a_build(submit: Submit, rule: type[Rule]) -> None:
    for release, weight in ((False, Severity.WARNING), (True, Severity.ERROR)):
        found = list(rule().check(submit(rule.bad[0], release=release)))
        assert [finding.severity for finding in found] == [weight]


def test_a_finding_points_at_the_words(submit: Submit) -> None:
    finding = next(disclaimers.SubstanceUndeclared().check(submit("A tree.\n\nIn Asia they call it ketum.")))
    assert str(finding.location) == "text.md:3:22"
    assert "ketum" in finding.message


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("es", "Ignore el aviso anterior."),
        ("fr", "Oubliez cet avertissement."),
        ("de", "Ignorieren Sie diesen Hinweis."),
        ("en", "IGN\u00adORE the disclaimer."),
        ("en", "Ignоre the disclaimer."),
    ],
)
def test_words_that_take_a_disclaimer_back_are_found_in_every_language(submit: Submit, lang: str, text: str) -> None:
    assert list(disclaimers.WithdrawnDisclaimer().check(submit(Example(text, metadata={"lang": lang}))))
