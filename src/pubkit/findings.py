"""What every check produces: what is wrong, where, and what to do about it.

Every check yields `Finding`s; the gate turns them into a `Report`. A finding is identified by its fingerprint, which
does not depend on line numbers, so that a waiver survives edits elsewhere and lapses with its sentence.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib

from msgspec import Struct
from msgspec.structs import replace

from pubkit.language.folding import fold

__all__ = ["Finding", "Location", "Severity", "Waiver"]


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
    it is not known.
    """

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


class Waiver(Struct, frozen=True):
    """An editor's decision to accept one finding: who, why, and until when.

    `where` is the fingerprint of the finding. A waiver lapses when its date has passed, or when the sentence changes
    (the fingerprint is made from it).
    """

    rule: str
    where: str
    reason: str
    who: str
    expires: dt.date
    location: Location | None = None


class Finding(Struct, frozen=True):
    """One thing to correct.

    `context` is the folded text the finding is about (a sentence, a key, a target); the fingerprint is made from it, so
    it must stay the same when other lines change. `occurrence` distinguishes equal findings in one file (0 for the
    first).
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
    def blocks(self) -> bool:
        """Return whether this finding alone prevents a release."""
        return self.severity is Severity.ERROR and not self.waived

    def another(self, message: str) -> Finding:
        """Return a finding of the same rule at the same place with this `message`."""
        return replace(self, message=message, context=f"{message} {self.location}")

    def with_waiver(self, waiver: Waiver) -> Finding:
        """Return the same finding, waived by `waiver`."""
        return replace(self, waiver=waiver)
