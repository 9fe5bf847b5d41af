"""What entering pubkit takes: files, text, YAML and the metadata they hold."""

from __future__ import annotations

from pubkit.catalogue import Entry, Example
from pubkit.findings import Severity

_MODEL = "pubkit's threat model: manuscripts are untrusted input (docs/security.md)"
_SCHEMA = "the schema of pubkit.yaml (`pubkit schema`)"

SRC001 = Entry(
    "SRC001",
    "A source file is strict UTF-8.",
    Severity.ERROR,
    remedy="Save the file as UTF-8.",
    source=_MODEL,
    waivable=False,
)

SRC002 = Entry(
    "SRC002",
    "No control, direction-override or tag characters.",
    Severity.ERROR,
    remedy="Delete the character: no reader sees it, and it can hide what a check reads.",
    source=_MODEL,
    waivable=False,
    bad=["Safe \u202etxet neddih\u202c words."],
    good=["Plain words."],
)

SRC003 = Entry(
    "SRC003",
    "There is text.",
    Severity.ERROR,
    remedy="Write some.",
    source=_MODEL,
    waivable=False,
    bad=["\n"],
    good=["A sentence."],
)

SRC004 = Entry(
    "SRC004",
    "No line has more than 100,000 characters.",
    Severity.ERROR,
    remedy="Break the line.",
    source=_MODEL,
    waivable=False,
    bad=["word " * 20_001],
    good=["A line."],
)

SRC010 = Entry(
    "SRC010",
    "Every chapter that is listed is there.",
    Severity.ERROR,
    remedy="Correct its name under `chapters:`.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"chapters": ["02-nowhere.md"]})],
    good=["Text."],
)

SRC011 = Entry(
    "SRC011",
    "pubkit.yaml and front matter are YAML.",
    Severity.ERROR,
    remedy="Indent with blanks (not tabs), and put quotes around a value that holds a colon, a # or a bracket.",
    source=_SCHEMA,
    waivable=False,
)

SRC012 = Entry(
    "SRC012",
    "YAML is plain: no aliases, no tags, no key twice, no deep nesting, no invisible characters.",
    Severity.ERROR,
    remedy="Write the value out, once.",
    source=_SCHEMA,
    waivable=False,
)

SRC013 = Entry(
    "SRC013",
    "Metadata has the keys and the forms of values that the schema names.",
    Severity.ERROR,
    remedy="Correct the key or the value; `pubkit schema` describes each.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"titel": "A title"}), Example("Text.", metadata={"dates": {"published": "soon"}})],
    good=["Text."],
)

SRC015 = Entry(
    "SRC015",
    "A chapter is printed once.",
    Severity.ERROR,
    remedy="Keep one of the two under `chapters:`.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"chapters": ["01-text.md", "01-text.md"]})],
    good=["Text."],
)

SRC020 = Entry(
    "SRC020",
    "No path leaves the publication's folder, and none passes a link.",
    Severity.ERROR,
    remedy="Put the file into the publication's folder and name it by its relative path.",
    source=_MODEL,
    waivable=False,
    bad=["![A chart](../chart.png)", "![A chart](/etc/chart.png)"],
    good=[Example("Text.")],
)

SRC021 = Entry(
    "SRC021",
    "Files have the ending of their kind.",
    Severity.ERROR,
    remedy="Save the file in one of the forms that the message names.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"bibliography": "references.docx"})],
    good=["Text."],
)

SRC022 = Entry(
    "SRC022",
    "Files are of a size that a person has written.",
    Severity.ERROR,
    remedy="Make it smaller; the message has the limit.",
    source=_SCHEMA,
    waivable=False,
)

SRC023 = Entry(
    "SRC023",
    "Files are ordinary files that can be read.",
    Severity.ERROR,
    remedy="Replace it by an ordinary file, and check its rights.",
    source=_SCHEMA,
    waivable=False,
)

SRC024 = Entry(
    "SRC024",
    "No file is reached through a symbolic link.",
    Severity.ERROR,
    remedy="Replace the link by the file itself.",
    source=_SCHEMA,
    waivable=False,
)
