"""PRF: proofs of the finished files: they inspect the files themselves after these have been written."""

from __future__ import annotations

from pubkit.catalogue import Entry, When
from pubkit.findings import Severity

#: Formats read as HTML pages; those whose layout is proved; the others.
_PAGES = ("html", "epub")
_LAID_OUT = (*_PAGES, "pdf")
_FLAT = ("docx", "jats", "txt")

_REBUILD = (
    "Build again; if the error remains, remove the publication's own style sheets; if it still "
    "remains, report it to pubkit's maintainers with the manuscript."
)
_STYLES = "Undo what the publication's own style sheets do to the disclaimer."

PRF060 = Entry(
    "PRF060",
    "The disclaimer is in the file.",
    Severity.ERROR,
    remedy=(
        "Build again without the publication's own style sheets; if the error remains, report it to "
        "pubkit's maintainers."
    ),
    source="HONcode principle 2; 21 CFR 101.93(d)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF061 = Entry(
    "PRF061",
    "The disclaimer's wording is complete, in order, printed once, and not added to.",
    Severity.ERROR,
    remedy=_STYLES,
    source="21 CFR 101.93(c)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF062 = Entry(
    "PRF062",
    "The disclaimer is near the front, in the main part of the file.",
    Severity.ERROR,
    remedy=(
        "Build again without the publication's own style sheets; if the error remains, report it to "
        "pubkit's maintainers."
    ),
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
    "No style hides the disclaimer on any screen or page.",
    Severity.ERROR,
    remedy=_STYLES,
    source="16 CFR 255.0(f): difficult to miss",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF065 = Entry(
    "PRF065",
    "The disclaimer contrasts with its background by at least 4.5 to 1.",
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
    "The statutory statement is printed in bold type.",
    Severity.ERROR,
    remedy="Set the statement in bold, and make sure that its font has a real bold face.",
    source="21 CFR 101.93(e)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF068 = Entry(
    "PRF068",
    "Nothing covers the disclaimer.",
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
    remedy="Build again; if the error remains, report it to pubkit's maintainers with the manuscript.",
    source="EPUB 3.3, 5.7 (spine) and 7 (navigation document)",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF070 = Entry(
    "PRF070",
    "Everything that decides whether the disclaimer is visible can be judged.",
    Severity.ERROR,
    remedy="Remove the script, external style sheet or selector that the message names.",
    source="what cannot be judged is never shown as checked",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF071 = Entry(
    "PRF071",
    "The statutory statement is set off in a box.",
    Severity.ERROR,
    remedy="Let the style sheet draw a border around the statement on all four sides.",
    source="21 CFR 101.93(d)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF072 = Entry(
    "PRF072",
    "The statutory statement is on every page with a claim that it belongs to.",
    Severity.ERROR,
    remedy="Print the statement on that page too, or remove the claim from it.",
    source="21 CFR 101.93(d): on each panel or page",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF100 = Entry(
    "PRF100",
    "The finished file can be read to the end.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="HTML Living Standard 13; EPUB 3.3, 4; ISO 32000-1, 7.5",
    formats=("html", "epub", "pdf", "jats"),
    waivable=False,
    when=When.PROVED,
)

PRF101 = Entry(
    "PRF101",
    "The finished file states its title, language, identifier and date.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="WCAG 2.2, 2.4.2 and 3.1.1; EPUB 3.3, 5.5; ISO 14289-1, 7.1",
    formats=("html", "epub", "pdf", "docx"),
    waivable=False,
    when=When.PROVED,
)

PRF102 = Entry(
    "PRF102",
    "Nothing in the finished file can be executed.",
    Severity.ERROR,
    remedy="Remove it from the manuscript or style sheet that it comes from.",
    source="pubkit's threat model: manuscripts are untrusted input (docs/security.md)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF103 = Entry(
    "PRF103",
    "The finished file loads nothing from elsewhere.",
    Severity.ERROR,
    remedy="Put the picture or font in the publication's folder, and remove addresses from style sheets.",
    source="pubkit's threat model; readers are not reported to third parties",
    formats=_PAGES,
    waivable=False,
    when=When.PROVED,
)

PRF104 = Entry(
    "PRF104",
    "Every link goes to the web, an email address, a telephone number or a place in the file.",
    Severity.ERROR,
    remedy="Use a link that begins with https://, http://, mailto: or tel:.",
    source="pubkit's threat model: manuscripts are untrusted input (docs/security.md)",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF105 = Entry(
    "PRF105",
    "Every link within the file has a target.",
    Severity.ERROR,
    remedy="Correct the link, or the identifier that it names.",
    source="EPUBCheck RSC-012; HTML Living Standard 7.4.2",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF106 = Entry(
    "PRF106",
    "No id is used twice.",
    Severity.ERROR,
    remedy="Give one of the two headings, figures or tables another identifier.",
    source="HTML Living Standard 3.2.6: the id attribute",
    formats=_PAGES,
    waivable=False,
    when=When.PROVED,
)

PRF107 = Entry(
    "PRF107",
    "Every picture has alternative text.",
    Severity.ERROR,
    remedy='Add alternative text: ![Caption](file.png){alt="..."}, or mark the picture {.decorative}.',
    source="WCAG 2.2, 1.1.1; ISO 14289-1, 7.3",
    formats=_LAID_OUT,
    waivable=False,
    when=When.PROVED,
)

PRF108 = Entry(
    "PRF108",
    "A draft is marked as a draft wherever it is opened.",
    Severity.ERROR,
    remedy="Remove what the publication's own style sheets do to the draft mark.",
    source="pubkit's promise: a draft has unresolved findings and must not be mistaken for a release",
    formats=_LAID_OUT,
    waivable=False,
    when=When.DRAFT_PROVED,
)

PRF109 = Entry(
    "PRF109",
    "A web page's security policy forbids everything that the page does not need.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="Content Security Policy Level 3",
    formats=("html",),
    waivable=False,
    when=When.PROVED,
)

PRF110 = Entry(
    "PRF110",
    "Every heading is in the finished file, in order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: nothing is lost; a layout engine can silently drop the end of a book",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF111 = Entry(
    "PRF111",
    "All text is in the finished file, in order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: nothing is lost; a layout engine can silently drop the end of a book",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF112 = Entry(
    "PRF112",
    "Every table is in the finished file, with all its cells.",
    Severity.ERROR,
    remedy="Simplify the table (no blocks in cells, no spans); if the error remains, report it to pubkit's maintainers.",
    source="pubkit's promise: everything promised is looked for in the finished file",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF113 = Entry(
    "PRF113",
    "Every figure and picture is in the finished file, with its caption and alternative text.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: everything promised is looked for in the finished file",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF114 = Entry(
    "PRF114",
    "Every footnote is in the finished file, and its mark links to it.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: everything promised is looked for in the finished file",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF115 = Entry(
    "PRF115",
    "Every entry of the reference list is in the finished file, in order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: everything promised is looked for in the finished file",
    formats=(*_LAID_OUT, *_FLAT),
    waivable=False,
    when=When.PROVED,
)

PRF116 = Entry(
    "PRF116",
    "A page has one main part, one title heading, and only parts that pubkit writes.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="HTML Living Standard 4.4.14; WCAG 2.2, 1.3.1",
    formats=_PAGES,
    waivable=False,
    when=When.PROVED,
)

PRF200 = Entry(
    "PRF200",
    "An EPUB is a valid container: its media type comes first, uncompressed, and no file name leads outside.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="EPUB 3.3 OCF, 4.2 and 4.3",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF201 = Entry(
    "PRF201",
    "An EPUB's package document lists every file, and every file it lists exists.",
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
    remedy="Remove what the message names; reading systems display nothing of a part that is not well-formed.",
    source="XML 1.0, 2.1",
    formats=("epub",),
    waivable=False,
    when=When.PROVED,
)

PRF203 = Entry(
    "PRF203",
    "The table of contents links to the parts of the text, in order.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="EPUB 3.3, 7.4; ISO 14289-1, 7.17",
    formats=("epub", "pdf"),
    waivable=False,
    when=When.PROVED,
)

PRF204 = Entry(
    "PRF204",
    "An EPUB's accessibility metadata is complete and true.",
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
    "A PDF declares PDF/UA-1 and PDF/A-3, and has what they require.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ISO 14289-1, 5; ISO 19005-3, 6.6.4",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF302 = Entry(
    "PRF302",
    "Every font that a PDF uses is embedded.",
    Severity.ERROR,
    remedy="Use the bundled fonts in style sheets, or fonts that may be embedded.",
    source="ISO 14289-1, 7.21.4; ISO 19005-3, 6.2.11.4",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF303 = Entry(
    "PRF303",
    "Every character in a PDF is visible and can be read aloud.",
    Severity.ERROR,
    remedy="Install fonts for the character (on Debian: sudo apt-get install fonts-noto-core fonts-noto-cjk), or remove it.",
    source="ISO 14289-1, 7.21.7 and 7.21.8",
    formats=("pdf",),
    waivable=False,
    when=When.PROVED,
)

PRF304 = Entry(
    "PRF304",
    "Everything in a PDF lies within its page.",
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
    remedy="Correct what the validator reports; the message names its rule.",
    source="Nu, html-validate, axe, EPUBCheck, Ace, veraPDF, qpdf",
    waivable=False,
    when=When.VALIDATED,
)

PRF391 = Entry(
    "PRF391",
    "Every installed reference validator runs to completion.",
    Severity.ERROR,
    remedy="Reinstall the validator, or see what it reports.",
    source="what has not been checked is never shown as checked",
    waivable=False,
    when=When.VALIDATED,
)

PRF400 = Entry(
    "PRF400",
    "The Word file is a valid package: every part is well-formed and named once, and every picture is in it once.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 2, Open Packaging Conventions",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF401 = Entry(
    "PRF401",
    "Nothing in the Word file can be executed: no macros, no embedded objects, no fields that start or fetch anything.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 1, 17.16 (fields); pubkit's threat model (docs/security.md)",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF402 = Entry(
    "PRF402",
    "The Word file loads nothing from elsewhere: it refers to the outside only by links for readers to follow.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 2, 9.3 (external relationships); pubkit's threat model (docs/security.md)",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF403 = Entry(
    "PRF403",
    "The Word file has page numbers and tracks changes, as reviewers need.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ECMA-376, part 1, 17.15.1.90 (trackRevisions) and 17.16.5.44 (PAGE)",
    formats=("docx",),
    waivable=False,
    when=When.PROVED,
)

PRF410 = Entry(
    "PRF410",
    "Every disclaimer is in the file, word for word.",
    Severity.ERROR,
    remedy=(
        "Build again; if the error remains, report it to pubkit's maintainers with the manuscript. Do "
        "not publish the file."
    ),
    source="pubkit's promise: every disclaimer is looked for in the finished file",
    formats=_FLAT,
    waivable=False,
    when=When.PROVED,
)

PRF411 = Entry(
    "PRF411",
    "Every disclaimer is near the front, before the text, and visible.",
    Severity.ERROR,
    remedy=(
        "Build again; if the error remains, report it to pubkit's maintainers with the manuscript. Do "
        "not publish the file."
    ),
    source="pubkit's promise: every disclaimer is looked for in the finished file",
    formats=_FLAT,
    waivable=False,
    when=When.PROVED,
)

PRF412 = Entry(
    "PRF412",
    "A draft is marked as a draft near its front and, where there are pages, on every page.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's promise: a draft has unresolved findings and must not be mistaken for a release",
    formats=_FLAT,
    waivable=False,
    when=When.DRAFT_PROVED,
)

PRF420 = Entry(
    "PRF420",
    "The JATS file has the structure of an article, unique ids, and references that lead to their targets.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ANSI/NISO Z39.96-2021, JATS Journal Publishing 1.3",
    formats=("jats",),
    waivable=False,
    when=When.PROVED,
)

PRF421 = Entry(
    "PRF421",
    "The JATS file states its authors, title, dates and licence.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="ANSI/NISO Z39.96-2021, <article-meta>",
    formats=("jats",),
    waivable=False,
    when=When.PROVED,
)

PRF422 = Entry(
    "PRF422",
    "The JATS file loads nothing from elsewhere: it contains its pictures, and its links go to web pages.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="pubkit's threat model (docs/security.md)",
    formats=("jats",),
    waivable=False,
    when=When.PROVED,
)

PRF430 = Entry(
    "PRF430",
    "The text file is plain: UTF-8, line feeds, no control characters, and the address of every link in full.",
    Severity.ERROR,
    remedy=_REBUILD,
    source="RFC 3629; pubkit's promise: any program can read the plain text",
    formats=("txt",),
    waivable=False,
    when=When.PROVED,
)
