"""PRF: proofs of the finished files. They look in the files themselves, after these have been written."""

from __future__ import annotations

from pubkit.catalogue import Entry, When
from pubkit.findings import Severity

#: Formats that are read as pages of HTML; those with a layout; those without one.
_PAGES = ("html", "epub")
_LAID_OUT = (*_PAGES, "pdf")
_FLAT = ("docx", "jats", "txt")

_REBUILD = "Build again; if it stays, take away the publication's own style sheets, and report it with the manuscript."
_STYLES = "Take back what the publication's own styles or templates do to the disclaimer."

PRF060 = Entry(
    "PRF060",
    "The disclaimer is in the file.",
    Severity.ERROR,
    remedy="Print the block; build again with pubkit's own templates.",
    source="HONcode principle 2; 21 CFR 101.93(d)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF061 = Entry(
    "PRF061",
    "The disclaimer's words are all there, in order and once, and no others.",
    Severity.ERROR,
    remedy=_STYLES,
    source="21 CFR 101.93(c)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF062 = Entry(
    "PRF062",
    "The disclaimer stands near the front, inside the text proper.",
    Severity.ERROR,
    remedy="Print the disclaimers before the text proper, inside <main>.",
    source="16 CFR 255.0(f): difficult to miss",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF063 = Entry(
    "PRF063",
    "No markup hides the disclaimer from readers or from screen readers.",
    Severity.ERROR,
    remedy=_STYLES,
    source="WCAG 2.2, 1.3.1; HTML Living Standard, the hidden and inert attributes",
    formats=_PAGES,
    waivable=False,
    when=When.PROVED,
)

PRF064 = Entry(
    "PRF064",
    "No style hides the disclaimer, on any screen or page.",
    Severity.ERROR,
    remedy=_STYLES,
    source="16 CFR 255.0(f): difficult to miss",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF065 = Entry(
    "PRF065",
    "The disclaimer stands out from its background by a contrast ratio of 4.5 to 1.",
    Severity.ERROR,
    remedy="Give the disclaimer a darker colour, or its background a lighter one (on dark pages the other way round).",
    source="WCAG 2.2, 1.4.3",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF066 = Entry(
    "PRF066",
    "The disclaimer is set in type large enough to read.",
    Severity.ERROR,
    remedy="Set the disclaimer larger: 9 points at least, 10.1 points for the statutory statement.",
    source="21 CFR 101.93(e): 1/16 inch; Regulation (EU) No 1169/2011, Article 13(2): an x-height of 1.2 mm",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF067 = Entry(
    "PRF067",
    "The statutory statement is in bold type, measured by its ink.",
    Severity.ERROR,
    remedy="Set the statement in bold, and see that a real bold face of its font is there.",
    source="21 CFR 101.93(e)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF068 = Entry(
    "PRF068",
    "Nothing lies over the disclaimer.",
    Severity.ERROR,
    remedy=_STYLES,
    source="21 CFR 101.93(d): no intervening material; 16 CFR 255.0(f)",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF069 = Entry(
    "PRF069",
    "In an EPUB, the disclaimer is in the reading order and in the navigation.",
    Severity.ERROR,
    remedy="Give the disclaimers a linear place in the spine and an entry in the contents.",
    source="EPUB 3.3, 5.7 (spine) and 7 (navigation document)",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF070 = Entry(
    "PRF070",
    "Everything that decides whether the disclaimer is seen can be judged.",
    Severity.ERROR,
    remedy="Take the script, the foreign style sheet or the selector out.",
    source="what cannot be judged is not shown as checked",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF071 = Entry(
    "PRF071",
    "The statutory statement is set off in a box.",
    Severity.ERROR,
    remedy="Draw a line around the statement, on all four sides.",
    source="21 CFR 101.93(d)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF072 = Entry(
    "PRF072",
    "The statutory statement is on every page that bears a statement tied to it.",
    Severity.ERROR,
    remedy="Print the statement on that page too, or take the marked statement off it.",
    source="21 CFR 101.93(d): on each panel or page",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF100 = Entry(
    "PRF100",
    "The finished file can be read to its end.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="HTML Living Standard 13; EPUB 3.3, 4; ISO 32000-1, 7.5",
    formats=("html", "epub", "pdf", "jats"),
    waivable=False,
    when=When.PROVED,
)

PRF101 = Entry(
    "PRF101",
    "The finished file says what it is: title, language, identifier, date.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="WCAG 2.2, 2.4.2 and 3.1.1; EPUB 3.3, 5.5; ISO 14289-1, 7.1",
    formats=("html", "epub", "pdf", "docx"),
    waivable=False,
    when=When.PROVED,
)

PRF102 = Entry(
    "PRF102",
    "Nothing in the finished file runs.",
    Severity.ERROR,
    remedy="Take the part out of the manuscript or the style sheet that it comes from.",
    source="pubkit's threat model: manuscripts are untrusted input (docs/security.md)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF103 = Entry(
    "PRF103",
    "The finished file loads nothing from anywhere.",
    Severity.ERROR,
    remedy="Put the picture or the face into the publication's folder, and take addresses out of style sheets.",
    source="pubkit's threat model; readers are not told on to third parties",
    formats=_PAGES,
    waivable=False,
    when=When.PROVED,
)

PRF104 = Entry(
    "PRF104",
    "Every link goes to the web, to a mailbox, to a telephone, or within the file.",
    Severity.ERROR,
    remedy="Let the link begin with https://, http://, mailto: or tel:.",
    source="pubkit's threat model: manuscripts are untrusted input (docs/security.md)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF105 = Entry(
    "PRF105",
    "Every link within the file has its target.",
    Severity.ERROR,
    remedy="Correct the link, or the identifier that it names.",
    source="EPUBCheck RSC-012; HTML Living Standard 7.4.2",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF106 = Entry(
    "PRF106",
    "No identifier stands twice.",
    Severity.ERROR,
    remedy="Give one of the two headings, figures or tables another identifier.",
    source="HTML Living Standard 3.2.6: the id attribute",
    formats=_PAGES,
    waivable=False,
    when=When.PROVED,
)

PRF107 = Entry(
    "PRF107",
    "Every picture has its text alternative.",
    Severity.ERROR,
    remedy="Write the alternative into the brackets: ![What the picture shows](file.png), or mark it {.decorative}.",
    source="WCAG 2.2, 1.1.1; ISO 14289-1, 7.3",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF108 = Entry(
    "PRF108",
    "A draft says that it is one, wherever it is opened.",
    Severity.ERROR,
    remedy="Take away what the publication's own style sheets say of the draft mark.",
    source="pubkit's promise: a draft carries findings, and must not be taken for the release",
    formats=_LAID_OUT,
    waivable=False,
    when=When.DRAFT_PROVED,
)

PRF109 = Entry(
    "PRF109",
    "A web page forbids, in its head, everything it does not need.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="Content Security Policy Level 3",
    formats=("html",),
    waivable=False,
    when=When.PROVED,
)

PRF110 = Entry(
    "PRF110",
    "Every heading stands in the finished file, in its order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: nothing is lost; a printing program can drop the tail of a book without a word",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF111 = Entry(
    "PRF111",
    "All text stands in the finished file, in its order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: nothing is lost; a printing program can drop the tail of a book without a word",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF112 = Entry(
    "PRF112",
    "Every table stands in the finished file, with all its cells.",
    Severity.ERROR,
    remedy="Make the table simpler (no blocks in its cells, no spans), or build again and report it.",
    source="pubkit's promise: the finished file is looked through for everything that was promised",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF113 = Entry(
    "PRF113",
    "Every figure and picture stands in the finished file, with its caption and its alternative.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: the finished file is looked through for everything that was promised",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF114 = Entry(
    "PRF114",
    "Every footnote stands in the finished file, and its mark leads to it.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: the finished file is looked through for everything that was promised",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF115 = Entry(
    "PRF115",
    "Every entry of the reference list stands in the finished file, in its order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: the finished file is looked through for everything that was promised",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF116 = Entry(
    "PRF116",
    "A page has one main part, one title heading, and no part that pubkit never writes.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="HTML Living Standard 4.4.14; WCAG 2.2, 1.3.1",
    formats=_PAGES,
    waivable=False,
    when=When.PROVED,
)

PRF200 = Entry(
    "PRF200",
    "An EPUB is a sound container: its type first and stored, no name that leads out of it.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="EPUB 3.3 OCF, 4.2 and 4.3",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF201 = Entry(
    "PRF201",
    "An EPUB's package lists every file, and every file that it lists is there.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="EPUB 3.3, 5.6 and 5.7",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF202 = Entry(
    "PRF202",
    "Every XML part of an EPUB is well-formed.",
    Severity.ERROR,
    remedy="Take out what the message names; readers show nothing of a part that is not well-formed.",
    source="XML 1.0, 2.1",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF203 = Entry(
    "PRF203",
    "The contents lead to the parts of the text, in their order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="EPUB 3.3, 7.4; ISO 14289-1, 7.17",
    formats=("epub", "pdf"),
    waivable=False,
    when=When.PROVED,
)

PRF204 = Entry(
    "PRF204",
    "What an EPUB says of its accessibility is there, and true.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="EPUB Accessibility 1.1, 2; schema.org accessibility properties",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF300 = Entry(
    "PRF300",
    "A PDF is tagged: it carries its structure for screen readers.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ISO 14289-1, 7.1 and 7.2",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF301 = Entry(
    "PRF301",
    "A PDF claims PDF/UA-1 and PDF/A-3, and only with what they ask for.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ISO 14289-1, 5; ISO 19005-3, 6.6.4",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF302 = Entry(
    "PRF302",
    "Every face that a PDF uses is in the file.",
    Severity.ERROR,
    remedy="Let style sheets use the bundled faces, or name faces that may be embedded.",
    source="ISO 14289-1, 7.21.4; ISO 19005-3, 6.2.11.4",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF303 = Entry(
    "PRF303",
    "Every character of a PDF shows, and can be read out.",
    Severity.ERROR,
    remedy="Run: sudo apt-get install fonts-noto-core fonts-noto-cjk; or take the character out.",
    source="ISO 14289-1, 7.21.7 and 7.21.8",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF304 = Entry(
    "PRF304",
    "Everything in a PDF stands within its page.",
    Severity.ERROR,
    remedy="Make the table or the picture narrower, or break the long word.",
    source="pubkit's promise: tables never overflow",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF390 = Entry(
    "PRF390",
    "The reference validators find no fault with the finished file.",
    Severity.ERROR,
    remedy="See what the validator says; its rule is named in the message.",
    source="Nu, html-validate, axe, EPUBCheck, Ace, veraPDF, qpdf",
    waivable=False,
    when=When.VALIDATED,
)

PRF391 = Entry(
    "PRF391",
    "A reference validator that is installed can do its work.",
    Severity.ERROR,
    remedy="Install the validator again, or see what it says.",
    source="what has not been checked is never shown as checked",
    waivable=False,
    when=When.VALIDATED,
)

PRF400 = Entry(
    "PRF400",
    "The Word file is a sound package: every part is well-formed and named once, every picture is in it, and once.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 2, Open Packaging Conventions",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF401 = Entry(
    "PRF401",
    "Nothing in the Word file runs: no macro, no embedded object, no field that starts or fetches anything.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 1, 17.16 (fields); pubkit's threat model (docs/security.md)",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF402 = Entry(
    "PRF402",
    "The Word file loads nothing from anywhere: what leads out of it is a link that a reader follows.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 2, 9.3 (external relationships); pubkit's threat model (docs/security.md)",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF403 = Entry(
    "PRF403",
    "The Word file has what a reviewer works with: page numbers and tracked changes.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 1, 17.15.1.90 (trackRevisions) and 17.16.5.44 (PAGE)",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF410 = Entry(
    "PRF410",
    "Every disclaimer stands in the file, word for word.",
    Severity.ERROR,
    remedy="Build again; if it stays, report it with the manuscript. The file must not be handed on.",
    source="design §5.7: the disclaimer is looked for in the finished file",
    formats=_FLAT,
    waivable=False,
    when=When.PROVED,
)

PRF411 = Entry(
    "PRF411",
    "Every disclaimer stands near the front, before the text, and can be seen.",
    Severity.ERROR,
    remedy="Build again; if it stays, report it with the manuscript. The file must not be handed on.",
    source="design §5.7: the disclaimer is looked for in the finished file",
    formats=_FLAT,
    waivable=False,
    when=When.PROVED,
)

PRF412 = Entry(
    "PRF412",
    "A draft says that it is one, near its front and, where there are pages, on each of them.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="design §4: `pubkit build --draft`",
    formats=_FLAT,
    waivable=False,
    when=When.DRAFT_PROVED,
)

PRF420 = Entry(
    "PRF420",
    "The JATS file has the structure of an article, ids that stand once, and references that lead home.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ANSI/NISO Z39.96-2021, JATS Journal Publishing 1.3",
    formats=("jats",),
    waivable=False,
    when=When.PROVED,
)

PRF421 = Entry(
    "PRF421",
    "The JATS file says who, what, when and under which terms.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ANSI/NISO Z39.96-2021, <article-meta>",
    formats=("jats",),
    waivable=False,
    when=When.PROVED,
)

PRF422 = Entry(
    "PRF422",
    "The JATS file loads nothing from anywhere: pictures are in it, and its links go to web pages.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's threat model (docs/security.md)",
    formats=("jats",),
    waivable=False,
    when=When.PROVED,
)

PRF430 = Entry(
    "PRF430",
    "The text file is plain: UTF-8, line feeds, no control characters, every address of a link to be seen.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="RFC 3629; design: plain text is for every reader and every program",
    formats=("txt",),
    waivable=False,
    when=When.PROVED,
)
