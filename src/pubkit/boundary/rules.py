"""Rules on what comes in: files, text, YAML and metadata."""

from __future__ import annotations

from pubkit.catalogue import Entry, Example
from pubkit.findings import Severity

_MODEL = "pubkit's threat model: manuscripts are untrusted input (docs/security.md)"
_SCHEMA = "the schema of pubkit.yaml (`pubkit schema`)"

SRC001 = Entry(
    "SRC001",
    "Every source file is valid UTF-8.",
    Severity.ERROR,
    remedy="Save the file as UTF-8.",
    source=_MODEL,
    waivable=False,
)

SRC002 = Entry(
    "SRC002",
    "The text contains no control, direction-override or tag characters, but for closed isolates and known flags.",
    Severity.ERROR,
    remedy="Delete the character; readers cannot see it, and it can hide text from a check.",
    source=_MODEL,
    waivable=False,
    details="Nor are more than eight marks set on one letter: fonts stack them, over the lines around it.",
    bad=["Safe \u202etxet neddih\u202c words.", f"Safe wo{chr(0x302) * 9}rds.", f"Safe wo{'&#x302;' * 9}rds."],
    good=[
        "Plain words, Vie\u0323\u0302t, ke\u030b\u0301\u0331.",
        "The word \u2068\u05e9\u05dc\u05d5\u05dd\u2069 means peace.",
    ],
)

SRC003 = Entry(
    "SRC003",
    "The manuscript contains text.",
    Severity.ERROR,
    remedy="Write the text.",
    source=_MODEL,
    waivable=False,
    bad=["\n"],
    good=["A sentence."],
)

SRC004 = Entry(
    "SRC004",
    "No line is longer than 100,000 characters.",
    Severity.ERROR,
    remedy="Break the line into shorter ones.",
    source=_MODEL,
    waivable=False,
    bad=["word " * 20_001],
    good=["A line."],
)

SRC010 = Entry(
    "SRC010",
    "Every listed chapter exists.",
    Severity.ERROR,
    remedy="Correct the name under `chapters:`.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"chapters": ["02-nowhere.md"]})],
    good=["Text."],
)

SRC011 = Entry(
    "SRC011",
    "pubkit.yaml and the front matter are valid YAML.",
    Severity.ERROR,
    remedy="Indent with spaces (not tabs), and put quotation marks around a value that contains a colon, a # or a bracket.",
    source=_SCHEMA,
    waivable=False,
)

SRC012 = Entry(
    "SRC012",
    "YAML is plain: no aliases, tags, duplicate keys, deep nesting or invisible characters.",
    Severity.ERROR,
    remedy="Write out each value once, as plain text.",
    source=_SCHEMA,
    waivable=False,
)

SRC013 = Entry(
    "SRC013",
    "Metadata has only the keys and values that the schema allows.",
    Severity.ERROR,
    remedy="Correct the key or the value; `pubkit schema` describes each.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"titel": "A title"}), Example("Text.", metadata={"dates": {"published": "soon"}})],
    good=["Text."],
)

SRC015 = Entry(
    "SRC015",
    "Every chapter is listed only once.",
    Severity.ERROR,
    remedy="Keep one of the two under `chapters:`.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"chapters": ["01-text.md", "01-text.md"]})],
    good=["Text."],
)

SRC020 = Entry(
    "SRC020",
    "Every path stays within the publication's folder and follows no symbolic link.",
    Severity.ERROR,
    remedy="Put the file in the publication's folder and refer to it by its relative path.",
    source=_MODEL,
    waivable=False,
    bad=["![A chart](../chart.png)", "![A chart](/etc/chart.png)"],
    good=[Example("Text.")],
)

SRC021 = Entry(
    "SRC021",
    "Every file has an extension that pubkit accepts for its purpose.",
    Severity.ERROR,
    remedy="Save the file in one of the formats that the message names.",
    source=_SCHEMA,
    waivable=False,
    bad=[Example("Text.", metadata={"bibliography": "references.docx"})],
    good=["Text."],
)

SRC022 = Entry(
    "SRC022",
    "No file is too large, and a manuscript has no more files than a publication could.",
    Severity.ERROR,
    remedy="Make the file smaller; the message gives the limit.",
    source=_SCHEMA,
    waivable=False,
)

SRC023 = Entry(
    "SRC023",
    "Every file is an ordinary file that can be read.",
    Severity.ERROR,
    remedy="Replace it with an ordinary file, and check its permissions.",
    source=_SCHEMA,
    waivable=False,
)

SRC024 = Entry(
    "SRC024",
    "No file is reached through a symbolic link.",
    Severity.ERROR,
    remedy="Replace the link with the file itself.",
    source=_SCHEMA,
    waivable=False,
)
