"""PRF400 to PRF449: proofs of the finished Word, JATS and plain-text files; SRC080: Word files that come back.

What all formats promise (headings, text, tables, notes, references) has its rules in `pubkit.rules.proofs`; here stands
what only these three promise. They find nothing in a manuscript.
"""

from __future__ import annotations

from pubkit.rules.proofs import FLAT, Proof

__all__ = [
    "DisclaimerElsewhere",
    "DisclaimerLost",
    "DraftUnmarked",
    "JatsFrontMatter",
    "JatsLink",
    "JatsStructure",
    "NotPlain",
    "UnsafeReview",
    "WordFurniture",
    "WordPackageBroken",
    "WordReaches",
    "WordRuns",
]


class WordPackageBroken(Proof):
    """The Word file is a sound package: every part is well-formed and named once, every picture is in it, and once."""

    id = "PRF400"
    formats = ("docx",)
    source = "ECMA-376, part 2, Open Packaging Conventions"


class WordRuns(Proof):
    """Nothing in the Word file runs: no macro, no embedded object, no field that starts or fetches anything."""

    id = "PRF401"
    formats = ("docx",)
    source = "ECMA-376, part 1, 17.16 (fields); pubkit's threat model (docs/security.md)"


class WordReaches(Proof):
    """The Word file loads nothing from anywhere: what leads out of it is a link that a reader follows."""

    id = "PRF402"
    formats = ("docx",)
    source = "ECMA-376, part 2, 9.3 (external relationships); pubkit's threat model (docs/security.md)"


class WordFurniture(Proof):
    """The Word file has what a reviewer works with: page numbers and tracked changes."""

    id = "PRF403"
    formats = ("docx",)
    source = "ECMA-376, part 1, 17.15.1.90 (trackRevisions) and 17.16.5.44 (PAGE)"


class DisclaimerLost(Proof):
    """Every disclaimer stands in the file, word for word."""

    id = "PRF410"
    formats = FLAT
    source = "design §5.7: the disclaimer is looked for in the finished file"
    remedy = "Build again; if it stays, report it with the manuscript. The file must not be handed on."


class DisclaimerElsewhere(Proof):
    """Every disclaimer stands near the front, before the text, and can be seen."""

    id = "PRF411"
    formats = FLAT
    source = "design §5.7: the disclaimer is looked for in the finished file"
    remedy = "Build again; if it stays, report it with the manuscript. The file must not be handed on."


class DraftUnmarked(Proof):
    """A draft says that it is one, near its front and, where there are pages, on each of them."""

    id = "PRF412"
    formats = FLAT
    source = "design §4: `pubkit build --draft`"


class JatsStructure(Proof):
    """The JATS file has the structure of an article, ids that stand once, and references that lead home."""

    id = "PRF420"
    formats = ("jats",)
    source = "ANSI/NISO Z39.96-2021, JATS Journal Publishing 1.3"


class JatsFrontMatter(Proof):
    """The JATS file says who, what, when and under which terms."""

    id = "PRF421"
    formats = ("jats",)
    source = "ANSI/NISO Z39.96-2021, <article-meta>"


class JatsLink(Proof):
    """The JATS file loads nothing from anywhere: pictures are in it, and its links go to web pages."""

    id = "PRF422"
    formats = ("jats",)
    source = "pubkit's threat model (docs/security.md)"


class NotPlain(Proof):
    """The text file is plain: UTF-8, line feeds, no control characters, every address of a link to be seen."""

    id = "PRF430"
    formats = ("txt",)
    source = "RFC 3629; design: plain text is for every reader and every program"


class UnsafeReview(Proof):
    """A Word file that comes back for review is sound, and of a size that can be read."""

    id = "SRC080"
    source = "pubkit's threat model: files from elsewhere are untrusted (docs/security.md)"
    remedy = "Open it in Word, save it as .docx under a new name, and try again."
