"""Every rule's own examples: the bad ones are found by it, the good ones are not. Nothing else is needed for a new rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pubkit import manuscript, project
from pubkit.disclaimers.choice import select
from pubkit.errors import PubkitError
from pubkit.findings import Finding
from pubkit.references import bibliography as bibliographies
from pubkit.references.model import Verdict, VerdictStatus
from pubkit.rules import Example, Rule, Submission, all_rules

from ..conftest import BIBLIOGRAPHY, METADATA

TODAY = dt.date(2026, 11, 22)

#: What examples may cite without a bibliography of their own, as the design's own example does.
KNOWN = (
    BIBLIOGRAPHY
    + """
@article{kruegel2016,
  author  = {Kruegel, Andrew C. and Gassaway, Madalee M. and others},
  title   = {Synthetic and receptor signaling explorations of the Mitragyna alkaloids},
  journal = {Journal of the American Chemical Society},
  year    = {2016},
  volume  = {138},
  pages   = {6754--6764},
  doi     = {10.1021/jacs.6b00360},
}
"""
)


def cases(which: str) -> Iterator[object]:
    for kind in all_rules():
        for number, example in enumerate(getattr(kind, which)):
            shown = example if isinstance(example, Example) else Example(example)
            yield pytest.param(kind, shown, id=f"{kind.id}-{which}-{number}")


def found(example: Example, folder: Path) -> list[Finding]:
    """What reading and all rules find in an example, laid down as a real publication."""
    said = {**METADATA, "bibliography": "references.bib", **example.metadata}
    said = {key: value for key, value in said.items() if value is not None}
    (folder / "pubkit.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
    (folder / "01-text.md").write_text(example.text, "utf-8")
    (folder / "references.bib").write_text(example.bibliography or KNOWN, "utf-8")
    try:
        return list(_asked(example, folder))
    except PubkitError as error:
        return list(error.findings)


def _asked(example: Example, folder: Path) -> Iterator[Finding]:
    loaded = project.load(folder)
    text = manuscript.read(loaded)
    works = bibliographies.read(folder, loaded.bibliography, {one.key for one in text.citations})
    verdicts = {one.key: Verdict(one.key, VerdictStatus.OK) for one in works}
    verdicts |= {key: Verdict(key, VerdictStatus(status)) for key, status in example.verdicts.items()}
    blocks = select(loaded.publication, text.document, TODAY).blocks
    submission = Submission(loaded.publication, text, works, verdicts, blocks, TODAY)
    for kind in all_rules():
        yield from kind().check(submission)


@pytest.mark.parametrize(("kind", "example"), list(cases("bad")))
def test_a_bad_example_is_found(kind: type[Rule], example: Example, tmp_path: Path) -> None:
    assert kind.id in {finding.rule for finding in found(example, tmp_path)}


@pytest.mark.parametrize(("kind", "example"), list(cases("good")))
def test_a_good_example_is_left_alone(kind: type[Rule], example: Example, tmp_path: Path) -> None:
    assert kind.id not in {finding.rule for finding in found(example, tmp_path)}


@pytest.mark.parametrize("kind", all_rules(), ids=lambda kind: kind.id)
def test_a_rule_says_what_it_wants_and_what_to_do(kind: type[Rule]) -> None:
    assert kind.title().endswith(".")
    assert kind.remedy.endswith(".")
    assert kind.title() != Rule.title()
