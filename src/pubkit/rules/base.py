"""What a rule is that asks something about a manuscript.

It is one class with an id, a one-line title (the first line of its docstring: the wanted state), a severity, the source it
rests on, a remedy, and its own examples. Defining the class is all it takes: the gate, the tests, `pubkit explain` and the
reports find it in the catalogue. A rule that asks nothing is a value there: see `pubkit.catalogue`.
"""

from __future__ import annotations

import datetime as dt
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from msgspec import Struct, field

from pubkit.boundary.text import SourceFile
from pubkit.catalogue import Entry, Example
from pubkit.claims.genre import kind_of
from pubkit.claims.reading import Statement, read
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.ledger import Ledger
from pubkit.editorial.review import ReviewRecord, record
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import Manuscript
from pubkit.project.metadata import Publication, TextKind
from pubkit.references.model import Bibliography, Verdict

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

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every sentence, with what it rests on; the same submission is read once."""
        return read(self.manuscript.document, self.publication)

    @property
    def kind(self) -> TextKind:
        """What kind of text it is, as stated or as the text tells; see `pubkit.claims.genre`."""
        return kind_of(self.manuscript.document, self.publication)

    def place(self, *path: str | int) -> Location | None:
        """Where pubkit.yaml says what is at `path` ("dates", "published"); the file as a whole where it does not."""
        found = self.at(*path)
        # The place of all statements is that of the first of them, so a stated key is known by its value.
        missing = found == self.at() and not getattr(self.publication, str(path[0]))
        return Location(found.file) if found and missing else found


class Rule(ABC):
    """Base of the rules that ask something about a submission; see the module's docstring."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    source: ClassVar[str] = ""
    remedy: ClassVar[str]
    bad: ClassVar[list[str | Example]] = []
    good: ClassVar[list[str | Example]] = []
    waivable: ClassVar[bool] = True
    english: ClassVar[bool] = False
    entry: ClassVar[Entry]

    def __init_subclass__(cls) -> None:
        """Make the catalogue entry of a class that has an id; without one it takes its `entry`, or is a base of others."""
        if "entry" in vars(cls):
            cls.id, cls.severity = cls.entry.id, cls.entry.severity
        elif vars(cls).get("id"):
            title, _, details = (inspect.getdoc(cls) or cls.__name__).partition("\n")
            cls.entry = Entry(
                id=cls.id,
                title=title,
                severity=cls.severity,
                remedy=cls.remedy,
                source=cls.source,
                details=details.strip(),
                waivable=cls.waivable,
                bad=cls.bad,
                good=cls.good,
                english=cls.english,
            )

    @abstractmethod
    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each place in `submission` that breaks this rule."""

    def at(
        self,
        location: Location | None,
        message: str,
        *,
        context: str = "",
        remedy: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule; see `pubkit.catalogue.Entry.at`."""
        return self.entry.at(location, message, context=context, remedy=remedy, severity=severity)
