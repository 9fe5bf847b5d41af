"""The base of rules that check a manuscript.

A rule is a class with an id, a one-line title (the first line of its docstring, which states the wanted state), a severity,
the source it rests on, a remedy and examples. Defining the class is enough: the gate, the tests, `pubkit explain`
and the reports find it through the catalogue. A rule without logic of its own is a value: see `pubkit.catalogue`.
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
from pubkit.claims.reading import SameObject, Statement, has_sources, read
from pubkit.disclaimers.choice import Declined
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.ledger import Ledger
from pubkit.editorial.review import ReviewRecord, record
from pubkit.findings import Finding, Fix, Location, Severity
from pubkit.manuscript.model import Manuscript
from pubkit.project.metadata import Publication, TextKind
from pubkit.references.known import Vouched
from pubkit.references.model import Bibliography, Verdict

__all__ = ["Example", "Rule", "Submission"]


def _nowhere(*_: str | int) -> Location | None:
    """Return the place of a statement in a submission that has no configuration file."""
    return None


def _unsaid(*_: str) -> bool:
    """Return whether a submission that has no configuration file states something."""
    return False


class Submission(Struct, frozen=True):
    """Everything that rules check: the manuscript, the works cited, what is known about them, and the disclaimers.

    `declined` are disclaimers that the text calls for and a named person declined. `content` names the printed parts, each
    with its SHA-256; a review covers all of them (`editorial.content`). `source_sha256` is the SHA-256 of the configuration
    and the chapters; `ledger` lists earlier releases; `abstracts` has, by citation key, the abstracts of cited works that
    the lock holds; `references` has the entries of the reference list as the citation style prints them. `today` is the date
    from which ages are counted; it is that of SOURCE_DATE_EPOCH if that is set. `release` is true for a release, in which
    nothing may be unchecked. `at` gives the place of a statement of the configuration, or of the nearest one around it;
    rules ask `place`. `states` says whether it gives a statement a value, even one that cannot be used. `vouched` says who
    has signed the lock, if that was asked for. `configuration` is pubkit.yaml, or the file with the front matter, as it was
    written.
    """

    publication: Publication
    manuscript: Manuscript
    bibliography: Bibliography
    verdicts: Mapping[str, Verdict]
    disclaimers: tuple[DisclaimerBlock, ...]
    today: dt.date
    release: bool = False
    at: Callable[..., Location | None] = _nowhere
    states: Callable[..., bool] = _unsaid
    configuration: SourceFile | None = None
    content: Mapping[str, str] = field(default_factory=dict)
    source_sha256: str = ""
    ledger: Ledger = Ledger()
    abstracts: Mapping[str, str] = field(default_factory=dict)
    declined: tuple[Declined, ...] = ()
    vouched: Vouched | None = None
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def review(self) -> ReviewRecord:
        """Return the review records, compared with the current text."""
        return record(self.publication, self.content, self.today)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Return every sentence with its sources; each submission is read once."""
        return read(self.manuscript.document, self.publication)

    def repeats(self, statement: Statement) -> bool:
        """Return whether `statement` is in a summary, which need not name again the sources that the body has."""
        return statement.in_summary and has_sources(SameObject(self.statements))

    @property
    def kind(self) -> TextKind:
        """Return the kind of text, as stated or as its words suggest; see `pubkit.claims.genre`."""
        return kind_of(self.manuscript.document, self.publication)

    def place(self, *path: str | int) -> Location | None:
        """Return where pubkit.yaml states `path` ("dates", "published"), or the file as a whole if it does not."""
        found = self.at(*path)
        # The place of all statements is that of the first one, so a stated key is recognised by its value.
        missing = found == self.at() and not getattr(self.publication, str(path[0]))
        return Location(found.file) if found and missing else found


class Rule(ABC):
    """Base of the rules that check a submission; see the module's docstring."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    source: ClassVar[str] = ""
    remedy: ClassVar[str]
    bad: ClassVar[list[str | Example]] = []
    good: ClassVar[list[str | Example]] = []
    waivable: ClassVar[bool] = True
    english: ClassVar[bool] = False
    #: Whether the rule reads `Submission.references`, which takes a run of citeproc.
    reads_print: ClassVar[bool] = False
    entry: ClassVar[Entry]

    def __init_subclass__(cls) -> None:
        """Make the catalogue entry of a class with an id; a class without an id has an `entry` or is a base class."""
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
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding of this rule; see `pubkit.catalogue.Entry.at`."""
        return self.entry.at(location, message, context=context, remedy=remedy, severity=severity, fix=fix)
