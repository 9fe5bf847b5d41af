"""What a rule is.

A rule is one class with an id, a one-line title (the first line of its docstring), a severity, the source it rests on,
a remedy, and its own examples. Defining the class is all it takes: the gate, the tests, `pubkit explain` and the rules
page find it by itself.
"""

from __future__ import annotations

import datetime as dt
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from msgspec import Struct, field

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.ledger import Ledger
from pubkit.editorial.review import ReviewRecord, record
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import Manuscript
from pubkit.metadata import Publication
from pubkit.references.model import Bibliography, Verdict
from pubkit.text import SourceFile

__all__ = ["Example", "Rule", "Submission"]


def _nowhere(*_: str | int) -> Location | None:
    """The place of a statement in a submission that was made without a configuration file."""
    return None


class Submission(Struct, frozen=True):
    """Everything the gate judges: the manuscript, what it cites, what is known of that, and what it must carry.

    `content` names the parts of what is printed, each with its sha256; a review covers all of them (`editorial.content`).
    `source_sha256` is that of the configuration and the chapters; `ledger` tells what was released before.
    `today` is the day for all questions of age; it comes from SOURCE_DATE_EPOCH where that is set. `release` tells a
    release, in which nothing may be unchecked, from a build. `at` gives the place of a statement of the configuration, or
    of the nearest one around it; rules ask `place`. `configuration` is pubkit.yaml, or the file with the front matter, as it
    was written.
    """

    publication: Publication
    manuscript: Manuscript
    bibliography: Bibliography
    verdicts: Mapping[str, Verdict]
    disclaimers: tuple[DisclaimerBlock, ...]
    today: dt.date
    release: bool = False
    at: Callable[..., Location | None] = _nowhere
    configuration: SourceFile | None = None
    content: Mapping[str, str] = field(default_factory=dict)
    source_sha256: str = ""
    ledger: Ledger = Ledger()

    @property
    def review(self) -> ReviewRecord:
        """The review records, held against the text as it is now."""
        return record(self.publication, self.content, self.today)

    def place(self, *path: str | int) -> Location | None:
        """Where pubkit.yaml says what is at `path` ("dates", "published"); the file as a whole where it does not."""
        found = self.at(*path)
        # The place of all statements is that of the first of them, so a stated key is known by its value.
        missing = found == self.at() and not getattr(self.publication, str(path[0]))
        return Location(found.file) if found and missing else found


class Example(Struct, frozen=True):
    """A manuscript that shows a rule: its text, and where it matters the bibliography and the front matter.

    `bibliography` is BibTeX; `metadata` replaces or adds front-matter fields (YAML values as Python data); `verdicts` gives
    keys a verdict, by the name of its status, as if a registry had answered.
    """

    text: str
    bibliography: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)


class Rule(ABC):
    """Base of all rules; see the module's docstring."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    source: ClassVar[str] = ""
    remedy: ClassVar[str]
    bad: ClassVar[list[str | Example]]
    good: ClassVar[list[str | Example]]
    waivable: ClassVar[bool] = True

    @abstractmethod
    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each place in `submission` that breaks this rule."""

    @classmethod
    def title(cls) -> str:
        """The rule in one line: the first line of its docstring."""
        return (inspect.getdoc(cls) or cls.__name__).splitlines()[0]

    def finding(
        self,
        location: Location | None,
        message: str,
        *,
        context: str = "",
        remedy: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule at `location`; `context` is the text in question (the sentence, the key)."""
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            message=message,
            remedy=remedy or self.remedy,
            location=location,
            context=context or message,
            waivable=self.waivable,
        )
