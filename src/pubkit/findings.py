"""Findings: what is wrong, where, and what to do about it.

Every check yields `Finding`s; the gate turns them into a `Report`. A finding is identified by its fingerprint, which
does not depend on line numbers, so that a waiver survives edits elsewhere and lapses with its sentence.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from fnmatch import fnmatchcase
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from pubkit.language.folding import fold

__all__ = [
    "PROJECT",
    "Acceptance",
    "Accepted",
    "Comparison",
    "Finding",
    "Fix",
    "Location",
    "Replacement",
    "Severity",
    "Waiver",
]


#: The extent of a waiver for every finding of its rule.
PROJECT = "project"


class Severity(enum.StrEnum):
    """How serious a finding is: an error blocks a release, a warning does not, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Return 0 for an error, 1 for a warning, 2 for a note: the order in which reports list them."""
        return ("error", "warning", "note").index(self.value)


class Location(Struct, frozen=True, order=True):
    """A place in a source file or a finished file.

    `file` is relative to the publication's folder, with forward slashes. `line` and `column` count from 1, in
    characters; 0 means the file as a whole. `end_column` is the column after the last character in the same line, 0 if
    it is not known. `within` is the place as an author finds it in a file whose lines mean nothing to people, such as
    "cell 3, line 2" of a notebook.
    """

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    within: str = ""

    def __str__(self) -> str:
        if self.within:
            return f"{self.file}, {self.within}"
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


class Waiver(Struct, frozen=True):
    """An editor's decision to waive findings of one rule: which, who, why, and until when.

    `where` is the fingerprint of one finding, or "project" for all of them; if it is empty, `file` names the files, in
    which `*` matches any characters. A waiver lapses when its date has passed; a waiver of a single finding also lapses
    when the sentence changes (the fingerprint is made from it).
    """

    rule: str
    where: str
    reason: str
    who: str
    expires: dt.date
    location: Location | None = None
    file: str = ""

    @property
    def wide(self) -> bool:
        """Return whether it covers all findings of the rule in a file or in the publication, not only one."""
        return bool(self.file) or self.where == PROJECT

    @property
    def extent(self) -> str:
        """Return what it covers: a fingerprint, the files, or "project"."""
        return self.file or self.where

    def covers(self, finding: Finding) -> bool:
        """Return whether it covers `finding`, if the finding can be waived."""
        if self.rule != finding.rule or not finding.waivable:
            return False
        if self.file:
            return fnmatchcase(finding.location.file if finding.location else "", self.file)
        return self.where in {PROJECT, finding.fingerprint}


class Acceptance(Struct, frozen=True):
    """Who accepted a finding as part of the baseline, and when."""

    who: str
    on: dt.date

    def __str__(self) -> str:
        return f"accepted as a baseline on {self.on} by {self.who}"


class Replacement(Struct, frozen=True):
    """What a fix writes: `text` in the place of the words `written`, which begin at `location` and end in the same line.

    `written` is empty for an insertion; `text` may have several lines. Whoever applies it makes sure that `written` is
    still there.
    """

    location: Location
    written: str
    text: str


class Fix(Struct, frozen=True):
    """The exact correction of a finding: what it does, as an imperative, and what it writes, from first to last.

    `certain` says that nothing else can have been meant, so that it may be made without asking; any other fix is a
    suggestion.
    """

    title: str
    changes: tuple[Replacement, ...]
    certain: bool = True


class Finding(Struct, frozen=True):
    """One thing to correct.

    `context` is the folded text the finding is about (a sentence, a key, a target); the fingerprint is made from it, so it
    must be stable when other lines change. `occurrence` numbers equal findings of one file, from 0.
    `accepted` is set for a finding in the baseline. `fix` is the correction, where a rule knows it exactly.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    location: Location | None = None
    context: str = ""
    occurrence: int = 0
    waivable: bool = True
    waiver: Waiver | None = None
    accepted: Acceptance | None = None
    fix: Fix | None = None

    @property
    def fingerprint(self) -> str:
        """Return sixteen hexadecimal digits, the same as long as the rule, the file and the text in question are."""
        file = self.location.file if self.location else ""
        text = "\x1f".join((self.rule, file, fold(self.context or self.message), str(self.occurrence)))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def waived(self) -> bool:
        """Return whether an editor has waived this finding."""
        return self.waiver is not None

    @property
    def standing(self) -> str:
        """Return what reports count it as: "waived", "baseline" if the baseline accepts it, or else its severity."""
        return "waived" if self.waiver else "baseline" if self.accepted else self.severity.value

    @property
    def blocks(self) -> bool:
        """Return whether this finding alone keeps a release from being made."""
        return self.standing == Severity.ERROR.value

    def another(self, message: str) -> Finding:
        """Return a finding of the same rule at the same place with this `message`."""
        return replace(self, message=message, context=f"{message} {self.location}", fix=None)

    def with_waiver(self, waiver: Waiver) -> Finding:
        """Return the same finding, waived by `waiver`."""
        return replace(self, waiver=waiver)

    def with_acceptance(self, accepted: Acceptance) -> Finding:
        """Return the same finding, accepted by the baseline."""
        return replace(self, accepted=accepted)


class Accepted(Struct, frozen=True, forbid_unknown_fields=True):
    """Equal findings in one file that were accepted: their number, who accepted them, and when.

    `fingerprint` is that of the first of them; `text` is the beginning of the words in question, for people who read the
    file.
    """

    rule: str
    file: str
    fingerprint: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    count: Annotated[int, Meta(ge=1)]
    who: Annotated[str, Meta(min_length=1, max_length=300)]
    on: dt.date
    text: str


class Comparison(Struct, frozen=True):
    """A baseline, compared with the findings of today.

    `matched` is the number of its findings that are still there; `gone` are those that are not, with their number as
    `count`.
    """

    file: str
    matched: int
    gone: tuple[Accepted, ...] = ()
