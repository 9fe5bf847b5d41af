"""For authors of rules: the examples of a rule become its tests.

    import nurse_rules
    import pytest
    from pubkit.testing import Case, cases

    @pytest.mark.parametrize("case", cases(nurse_rules), ids=str)
    def test_an_example_is_judged_as_it_says(case: Case, tmp_path: Path) -> None:
        case.check(tmp_path)

Each example is written to disk as a publication of one chapter and read as `pubkit check` reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from msgspec import Struct

from pubkit import manuscript
from pubkit.catalogue import Entry, Example, declared
from pubkit.disclaimers.choice import select
from pubkit.errors import PubkitError
from pubkit.findings import Finding
from pubkit.manuscript.model import Manuscript
from pubkit.project import loading
from pubkit.project.loading import Project
from pubkit.references.bibliography import reading as bibliographies
from pubkit.references.bibliography import styles
from pubkit.references.bibliography.citeproc import printed
from pubkit.references.model import Bibliography, Verdict, VerdictStatus
from pubkit.rules import Rule, rules_of
from pubkit.rules.base import Submission
from pubkit.rules.disclaimers import problems
from pubkit.rules.rulebook import found_by

__all__ = ["BIBLIOGRAPHY", "METADATA", "Case", "cases", "found"]

#: The metadata of an example, unless it gives its own.
METADATA: Mapping[str, Any] = {
    "title": "Sleep after surgery",
    "version": "1.0.0",
    "lang": "en-US",
    "slug": "sleep",
    "dates": {
        "published": "2026-01-05",
        "updated": "2026-02-01",
        "last_reviewed": "2026-02-01",
        "next_review": "2027-02-01",
        "evidence_search": "2026-01-20",
    },
    "authors": [
        {"name": "Ada Example", "credentials": "MD", "affiliation": "Example Hospital", "conflicts": "None declared."}
    ],
    "publisher": "Example Hospital",
    "funding": "None.",
    "contact": "Write to the hospital.",
    "licence": "CC BY 4.0",
    "abstract": "What this text is about, and what it is not about.",
    "bibliography": "references.bib",
}

#: The bibliography of an example without one of its own: page2021 and kruegel2016.
BIBLIOGRAPHY = """\
@article{page2021,
  author  = {Page, Matthew J. and McKenzie, Joanne E. and others},
  title   = {The {PRISMA} 2020 statement: an updated guideline for reporting systematic reviews},
  journal = {BMJ},
  year    = {2021},
  volume  = {372},
  pages   = {n71},
  doi     = {10.1136/bmj.n71},
}

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

_TODAY = dt.date(2026, 11, 22)
#: libyaml, where PyYAML has it.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Case(Struct, frozen=True):
    """One example of one rule, and whether the rule must find something in it.

    `rules` contains the rule itself; it is empty if reading, and not a rule, decides.
    """

    entry: Entry
    number: int
    example: Example
    bad: bool
    rules: tuple[Rule, ...] = ()

    def __str__(self) -> str:
        return f"{self.entry.id}-{'bad' if self.bad else 'good'}-{self.number}"

    def check(self, folder: Path) -> None:
        """Write the example into `folder`, and judge it.

        Raises:
            AssertionError: a bad example is not found, or a good one is.
        """
        findings = [one for one in found(self.example, folder, *self.rules) if one.rule == self.entry.id]
        if self.bad and not findings:
            raise AssertionError(f"{self.entry.id} does not find its bad example: {self.example.text!r}")
        if findings and not self.bad:
            raise AssertionError(f"{self.entry.id} finds its good example: {findings[0].message}")


def cases(*modules: ModuleType) -> list[Case]:
    """Return the examples of every rule that `modules` declare."""
    entries = {entry.id: entry for module in modules for entry in declared(module)}
    rules = {rule.entry.id: (rule,) for rule in rules_of(modules)}
    return [case for entry in entries.values() for case in _of(entry, rules.get(entry.id, ()))]


def _of(entry: Entry, rules: tuple[Rule, ...]) -> Iterator[Case]:
    for bad, examples in ((True, entry.bad), (False, entry.good)):
        for number, example in enumerate(examples):
            shown = example if isinstance(example, Example) else Example(example)
            yield Case(entry, number, shown, bad, rules)


def found(example: Example, folder: Path, *rules: Rule) -> list[Finding]:
    """Return what reading `example` and applying `rules` finds; the publication is written into `folder`.

    An example that is refused gives the findings of its refusal.
    """
    said = {**METADATA, **example.metadata}
    said = {key: value for key, value in said.items() if value is not None}
    (folder / "pubkit.yaml").write_text(yaml.dump(said, Dumper=_DUMPER, allow_unicode=True, sort_keys=False), "utf-8")
    (folder / "01-text.md").write_text(example.text, "utf-8")
    (folder / "references.bib").write_text(example.bibliography or BIBLIOGRAPHY, "utf-8")
    try:
        return list(_judged(_submission(folder, example, in_print=any(rule.reads_print for rule in rules)), rules))
    except PubkitError as error:
        return list(error.findings)


def _submission(folder: Path, example: Example, *, in_print: bool) -> Submission:
    """Return the submission of an example; with its references as they are printed, if a rule reads them."""
    loaded = loading.load(folder)
    text = manuscript.read(loaded)
    works = bibliographies.read(folder, loaded.bibliography, {one.key for one in text.citations})
    verdicts = {one.key: Verdict(one.key, VerdictStatus.OK) for one in works}
    verdicts |= {key: Verdict(key, VerdictStatus(status)) for key, status in example.verdicts.items()}
    blocks = select(loaded.publication, text.document, _TODAY).blocks
    references = _references(loaded, text, works) if in_print else {}
    abstracts = example.abstracts
    return Submission(
        loaded.publication, text, works, verdicts, blocks, _TODAY, abstracts=abstracts, references=references
    )


def _references(loaded: Project, text: Manuscript, works: Bibliography) -> Mapping[str, str]:
    publication, items = loaded.publication, {entry.key: entry.item for entry in works}
    style = styles.load(publication.csl, loaded.folder)
    return printed(text.document.tree, items, {}, style, publication.lang).references


def _judged(submission: Submission, rules: Sequence[Rule]) -> Iterator[Finding]:
    yield from submission.manuscript.findings
    yield from submission.bibliography.findings
    yield from problems(submission)
    for rule in rules:
        yield from found_by(rule, submission)
