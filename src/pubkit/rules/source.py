"""SRC: source files and safety. What reading has shown; the reader finds these, the gate weighs them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pubkit.findings import Finding, Severity
from pubkit.rules.base import Example, Rule, Submission

_MODEL = "pubkit's threat model: manuscripts are untrusted input (docs/security.md)"


class _Read(Rule):
    """A rule whose findings come from reading."""

    source = _MODEL

    def check(self, submission: Submission) -> Iterator[Finding]:
        """The findings of this id that reading the manuscript and its bibliography has shown."""
        for finding in (*submission.manuscript.findings, *submission.bibliography.findings):
            if finding.rule == self.id:
                yield replace(finding, waivable=finding.waivable and self.waivable)


class _Refused(_Read):
    """A rule whose breach ends the reading: the input is refused, drafts too."""

    waivable = False


class NotUtf8(_Refused):
    """A source file is strict UTF-8."""

    id = "SRC001"
    severity = Severity.ERROR
    remedy = "Save the file as UTF-8."
    bad = []
    good = ["Naïve café."]


class InvisibleCharacter(_Refused):
    """No control, direction-override or tag characters."""

    id = "SRC002"
    severity = Severity.ERROR
    remedy = "Delete the character: no reader sees it, and it can hide what a check reads."
    bad = ["Safe \u202etxet neddih\u202c words."]
    good = ["Plain words."]


class EmptyManuscript(_Refused):
    """There is text."""

    id = "SRC003"
    severity = Severity.ERROR
    remedy = "Write some."
    bad = ["\n"]
    good = ["A sentence."]


class LongLine(_Refused):
    """No line has more than 100,000 characters."""

    id = "SRC004"
    severity = Severity.ERROR
    remedy = "Break the line."
    bad = ["word " * 20_001]
    good = ["A line."]


class NestedTooDeep(_Refused):
    """Lists, quotes and brackets nest as deep as a reader can follow."""

    id = "SRC005"
    severity = Severity.ERROR
    remedy = "Make it flatter."
    bad = [">" * 300 + " deep"]
    good = ["> A quotation."]


class SecondMetadata(_Read):
    """Metadata stands in one place."""

    id = "SRC014"
    waivable = False
    severity = Severity.ERROR
    remedy = "Move it to the front matter or pubkit.yaml."
    bad = ["Text.\n\n---\ntitle: Another\n---\n\nMore."]
    good = ["Text.\n\n---\n\nMore."]


class BibliographyBomb(_Refused):
    """A bibliography that a reader could hold in hand: no abbreviations that unfold without end, no millions of entries."""

    id = "SRC025"
    severity = Severity.ERROR
    remedy = "Keep the entries that the text cites, and write long abbreviations out."
    bad = [
        Example(
            "A claim [@a].",
            '@string{s0 = "aaaaaaaaaa"}\n'
            + "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 40))
            + "@misc{a, title = s39, author = {B, C}, year = {2020}}\n",
        )
    ]
    good = [
        Example(
            "A claim [@a].",
            '@string{j = "BMJ"}\n@article{a, journal = j, title = {T}, author = {B, C}, year = {2020}}\n',
        )
    ]


class ActiveHtml(_Refused):
    """No HTML that runs, loads or asks for anything."""

    id = "SRC040"
    severity = Severity.ERROR
    remedy = "Remove it; a manuscript is Markdown only."
    bad = ["Text <script>alert(1)</script>.", '<b onclick="x()">Text</b>', "<iframe src=x></iframe>"]
    good = ["Text with 3 < 4.", "`<script>` in code."]


class RawMarkup(_Read):
    """No raw HTML or TeX: it is not in every output, so it is in none."""

    id = "SRC041"
    waivable = False
    severity = Severity.ERROR
    remedy = "Write it in Markdown."
    bad = ["Line<br>break.", "H<sub>2</sub>O", "Text `\\newpage`{=latex} more."]
    good = ["H~2~O", "Text <!-- an editor's comment --> goes on."]


class UnsafeAttribute(_Refused):
    """No attribute that styles, loads or runs."""

    id = "SRC042"
    severity = Severity.ERROR
    remedy = "Remove the attribute."
    bad = ['[words]{style="color:white"}', '[words]{onclick="x()"}']
    good = ["[mot]{lang=fr}"]


class UnknownAttribute(_Read):
    """Only attributes that pubkit prints."""

    id = "SRC043"
    severity = Severity.WARNING
    remedy = "Remove the attribute."
    bad = ["[words]{data-mood=good}"]
    good = ["[words]{.note}"]


class ReservedIdentifier(_Refused):
    """Ids of pubkit's own parts are not taken."""

    id = "SRC044"
    severity = Severity.ERROR
    remedy = "Choose another id."
    bad = ["[words]{#pubkit-disclaimer-general}", "::: {#fn1}\nText.\n:::"]
    good = ["[words]{#my-words}"]


class ReservedClass(_Refused):
    """Classes of pubkit's own parts are not taken."""

    id = "SRC045"
    severity = Severity.ERROR
    remedy = "Choose another class."
    bad = ["::: pubkit-disclaimer\nAll is well.\n:::"]
    good = ["::: note\nText.\n:::"]


class UnsafeLink(_Refused):
    """Links go to web pages, mail, telephones and places in the text."""

    id = "SRC046"
    severity = Severity.ERROR
    remedy = "Link to https:// or mailto: addresses, or to #ids."
    bad = ["[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](//example.org/a)"]
    good = ["[x](https://www.example.org/a)", "[x](mailto:a@example.org)"]


class ImpossibleNumber(_Refused):
    """List numbers and table spans are such as a page can show."""

    id = "SRC047"
    severity = Severity.ERROR
    remedy = "Correct the list or table."
    bad = ["99999999999999. one"]
    good = ["4. four"]


class UnsafeFormula(_Refused):
    """Formulas are formulas."""

    id = "SRC048"
    severity = Severity.ERROR
    remedy = "Write the formula without the command."
    bad = ["$\\href{javascript:x}{y}$"]
    good = ["$a^2 + b^2$"]


class LocalLink(_Read):
    """No links to files that the reader does not have."""

    id = "SRC050"
    waivable = False
    severity = Severity.ERROR
    remedy = "Link to a heading with #id, or to a page on the web."
    bad = ["See [the data](data.xlsx)."]
    good = ["See [above](#above).\n\n# Above\n\nText."]


class MissingPicture(_Read):
    """Every picture is there."""

    id = "SRC060"
    waivable = False
    severity = Severity.ERROR
    remedy = "Correct its name, or put the file there."
    bad = ["![A chart](nowhere.png)"]
    good = ["No picture."]


class VectorPicture(_Read):
    """Pictures are raster images: an SVG can load files and run scripts."""

    id = "SRC061"
    waivable = False
    severity = Severity.ERROR
    remedy = "Export it as PNG, at 300 dots per inch of its printed size."
    bad = ["![A chart](chart.svg)"]
    good = ["No picture."]


class RemotePicture(_Read):
    """Pictures are files of the publication; nothing is loaded from the network."""

    id = "SRC062"
    waivable = False
    severity = Severity.ERROR
    remedy = "Save it into the folder and name it by its path."
    bad = ["![A chart](https://www.example.org/chart.png)"]
    good = ["No picture."]


class PathEscape(_Refused):
    """No path leaves the publication's folder, and none passes a link."""

    id = "SRC020"
    severity = Severity.ERROR
    remedy = "Put the file into the publication's folder and name it by its relative path."
    bad = ["![A chart](../chart.png)", "![A chart](/etc/chart.png)"]
    good = [Example("Text.")]
