"""Rules on what is found while the chapters are read."""

from __future__ import annotations

from pubkit.catalogue import Entry, Example, When
from pubkit.findings import Severity

_MODEL = "pubkit's threat model: manuscripts are untrusted input (docs/security.md)"
_SCHEMA = "the schema of pubkit.yaml (`pubkit schema`)"

CIT013 = Entry(
    "CIT013",
    "Citation keys in one pair of brackets are separated by semicolons.",
    Severity.ERROR,
    remedy="Put a semicolon between the keys: [@first2020; @second2021].",
    source=(
        "Pandoc User's Guide, Citations: keys are separated by semicolons; what follows a key up to the "
        "next semicolon is its suffix"
    ),
    waivable=False,
    bad=[
        Example("Two papers [@kruegel2016, @doi:10.1021/jacs.6b00360] say so."),
        Example("Two papers [@kruegel2016 @kruegel2016, p. 4] say so."),
        Example("Two papers say so.^[See @kruegel2016 and [@kruegel2016 and @kruegel2016].]"),
    ],
    good=[
        Example("Two papers [@kruegel2016; see also @kruegel2016, p. 4] say so."),
        Example("See [@sec:one, @sec:two].\n\n# One {#sec:one}\n\nText.\n\n# Two {#sec:two}\n\nText."),
    ],
)

SRC005 = Entry(
    "SRC005",
    "Lists, quotations and brackets are not nested too deeply.",
    Severity.ERROR,
    remedy="Reduce the nesting.",
    source=_MODEL,
    waivable=False,
    bad=[">" * 300 + " deep"],
    good=["> A quotation."],
)

SRC014 = Entry(
    "SRC014",
    "Metadata is given only in the front matter or in pubkit.yaml.",
    Severity.ERROR,
    remedy="Move it to the front matter or to pubkit.yaml.",
    source=_MODEL,
    waivable=False,
    bad=["Text.\n\n---\ntitle: Another\n---\n\nMore."],
    good=["Text.\n\n---\n\nMore."],
)

SRC016 = Entry(
    "SRC016",
    "Every Markdown file in the folder is part of the publication.",
    Severity.WARNING,
    remedy="List it under `chapters:`, give it a number (02-name.md), or move it out of the folder.",
    source=_SCHEMA,
)

SRC017 = Entry(
    "SRC017",
    "Every chapter contains text.",
    Severity.ERROR,
    remedy="Write the chapter, or remove the file.",
    source=_SCHEMA,
    waivable=False,
)

SRC032 = Entry(
    "SRC032",
    "Every formula can be typeset.",
    Severity.ERROR,
    remedy="Correct its TeX notation; pubkit knows the commands of ordinary formulas (amsmath).",
    source=_MODEL,
    waivable=False,
    bad=[r"A half is $\frac{1}$ of it.", r"The letter $\mathscr{\unknowncommand}$ stands for it."],
    good=[r"A half is $\frac{1}{2}$ of it.", r"It costs 5 \$ here and 6 \$ there."],
)

SRC035 = Entry(
    "SRC035",
    "Every style sheet in styles/ has a name that pubkit reads.",
    Severity.WARNING,
    remedy="Give it one of the names that styles/README.md lists.",
    source="pubkit's allow-list for style sheets (styles/README.md)",
)

SRC040 = Entry(
    "SRC040",
    "The text contains no HTML that runs code, loads files or asks for input.",
    Severity.ERROR,
    remedy="Remove it; what it shows can be described, and linked to.",
    source=_MODEL,
    details="A draft is made without it, and marks the place of what a reader would miss.",
    waivable=False,
    bad=["Text <script>alert(1)</script>.", '<iframe src="https://www.example.org"></iframe>', "<input>"],
    good=["Text with 3 < 4.", "`<script>` in code.", "<details><summary>More</summary>\n\nText.\n\n</details>"],
)

SRC041 = Entry(
    "SRC041",
    "The text contains only HTML that pubkit reads, and nothing raw in other formats.",
    Severity.ERROR,
    remedy="Write it in Markdown.",
    source=_MODEL,
    details=(
        "HTML with a meaning in every format is read: sub, sup, br, em, strong, code, abbr, links, pictures, lists, "
        "tables, figures, details and so on. Other elements keep their content, and one finding names each kind."
    ),
    waivable=False,
    bad=["A <foo>word</foo>.", "Text `\\newpage`{=latex} more."],
    good=["H<sub>2</sub>O", "5 mg<br>10 mg", "Text <!-- an editor's comment --> goes on."],
)

SRC042 = Entry(
    "SRC042",
    "No attribute sets styles, loads files or runs code.",
    Severity.ERROR,
    remedy="Remove the attribute.",
    source=_MODEL,
    waivable=False,
    bad=['[words]{style="color:white"}', '<b onclick="x()">Text</b>', "<p hidden>Text</p>"],
    good=["[mot]{lang=fr}", '<td align="right">Text</td>'],
)

SRC043 = Entry(
    "SRC043",
    "Every attribute is one that pubkit prints, and every class of a division has an effect.",
    Severity.WARNING,
    remedy="Remove the attribute.",
    source=_MODEL,
    bad=["[words]{data-mood=good}", '<b data-mood="good">Text</b>'],
    good=["[words]{.note}"],
)

SRC044 = Entry(
    "SRC044",
    "No id is one that pubkit reserves for its own parts.",
    Severity.ERROR,
    remedy="Choose another id.",
    source=_MODEL,
    waivable=False,
    bad=["[words]{#pubkit-disclaimer-general}", "::: {#fn1}\nText.\n:::"],
    good=["[words]{#my-words}"],
)

SRC045 = Entry(
    "SRC045",
    "No class is one that pubkit reserves for its own parts.",
    Severity.ERROR,
    remedy="Choose another class.",
    source=_MODEL,
    waivable=False,
    bad=["::: pubkit-disclaimer\nAll is well.\n:::"],
    good=["::: note\nText.\n:::"],
)

SRC046 = Entry(
    "SRC046",
    "Every link goes to a web page, an email address, a telephone number or a place in the text.",
    Severity.ERROR,
    remedy="Link to https:// or mailto: addresses, or to #ids.",
    source=_MODEL,
    waivable=False,
    bad=["[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](//example.org/a)"],
    good=["[x](https://www.example.org/a)", "[x](mailto:a@example.org)"],
)

SRC047 = Entry(
    "SRC047",
    "List numbers and table spans are small enough for a page.",
    Severity.ERROR,
    remedy="Correct the list or table.",
    source=_MODEL,
    waivable=False,
    bad=["99999999999999. one"],
    good=["4. four"],
)

SRC048 = Entry(
    "SRC048",
    "Formulas contain only mathematical notation.",
    Severity.ERROR,
    remedy="Write the formula without the command.",
    source=_MODEL,
    waivable=False,
    bad=["A formula: $\\href{javascript:x}{y}$."],
    good=["$a^2 + b^2$"],
)

SRC050 = Entry(
    "SRC050",
    "No link goes to a file that readers do not have.",
    Severity.ERROR,
    remedy="Link to a heading with #id, or to a web page.",
    source=_MODEL,
    waivable=False,
    bad=["See [the data](data.xlsx).", 'See <a href="data.xlsx">the data</a>.'],
    good=["See [above](#above).\n\n# Above\n\nText.", "# This\n\nSee [this chapter](01-text.md)."],
)

SRC060 = Entry(
    "SRC060",
    "Every picture exists.",
    Severity.ERROR,
    remedy="Correct the name, or add the file.",
    source=_MODEL,
    waivable=False,
    bad=["![A chart](nowhere.png)"],
    good=["No picture."],
)

SRC061 = Entry(
    "SRC061",
    "Every drawing is an SVG that runs no code and loads no file.",
    Severity.ERROR,
    remedy="Export the drawing as plain SVG, or as PNG with 300 dots per inch at its printed size.",
    source=_MODEL,
    details=(
        "Shapes, text, colours, gradients, patterns, masks, markers and embedded pictures are accepted; links and shadows "
        "are dropped. Scripts, event handlers, foreign objects, other filters, animations, and fonts and style sheets that "
        "load something are not accepted. Of a PDF the first page is printed as pixels, and a note says so."
    ),
    waivable=False,
    bad=["![A chart](chart.eps)"],
    good=["No picture."],
)

SRC062 = Entry(
    "SRC062",
    "Every picture is a file of the publication; nothing is loaded from the network.",
    Severity.ERROR,
    remedy="Save the picture in the publication's folder and refer to it by its path.",
    source=_MODEL,
    waivable=False,
    bad=["![A chart](https://www.example.org/chart.png)"],
    good=["No picture."],
)

SRC063 = Entry(
    "SRC063",
    "Every picture can be opened and is small enough for a page.",
    Severity.ERROR,
    remedy="Save the picture again as PNG or JPEG, with at most 80 million pixels.",
    source=_MODEL,
    waivable=False,
)

SRC170 = Entry(
    "SRC170",
    "All pictures together are small enough to be written: 300 million bytes as often as shown, 4 billion pixels.",
    Severity.ERROR,
    remedy="Make the pictures smaller, or show fewer.",
    source=_MODEL,
    waivable=False,
)

SRC105 = Entry(
    "SRC105",
    "The text contains only those marks of other tools that pubkit reads.",
    Severity.ERROR,
    remedy="Write it in pandoc's Markdown, or write what it stands for.",
    source="pubkit's list of dialects (docs/adopt.md)",
    bad=["Take {{< var dose >}} a day.", "See {unheard}`of`."],
    good=["See `{{< var dose >}}` and `{name}`."],
)

SRC106 = Entry(
    "SRC106",
    "The results of the manuscript's code are in the manuscript.",
    Severity.ERROR,
    remedy="Run the code with the tool that it was written for, and check the Markdown that it produces.",
    source="pubkit runs no code of a manuscript (docs/security.md)",
    bad=["```{r}\nsummary(lm(y ~ x))\n```\n\nWords.", "The mean is `r mean(x)`."],
    good=["```{r, eval=FALSE}\nsummary(x)\n```\n\nWords.", "```r\nsummary(x)\n```\n\nWords."],
)

SRC107 = Entry(
    "SRC107",
    "Parts that are meant for other formats are listed.",
    Severity.NOTE,
    remedy="Take the conditions away if readers of every format are to see it.",
    source="pubkit's list of dialects (docs/adopt.md)",
    bad=['::: {.content-visible when-format="pdf"}\nOn paper.\n:::\n\nWords.'],
    good=['::: {.content-visible when-format="html"}\nWords.\n:::\n'],
)

SRC078 = Entry(
    "SRC078",
    "Signs that are meant as they are written are not read as markup.",
    Severity.ERROR,
    remedy="Write a backslash before the sign.",
    source="Pandoc User's Guide, Pandoc's Markdown: Block quotations, Emphasis, Lists, Math; Backslash escapes",
    details=(
        "Pandoc reads `> 65 years` as a quotation, `CYP2C19*2 and CYP2C19*3` as italics, `~5 mg/~10 mg` as a lowered and "
        "`10^6–10^7` as a raised text, `$5/day or 10$` as a formula, and `+ 5 kg` or `2019. A year` at the start of a line "
        "as a list, and prints none of the signs. A quotation that begins with a number is a warning unless a unit follows."
    ),
    bad=[
        Example("Dose\tAdults\nMelatonin\t2 mg"),
        Example("Drug,Dose,When\nMelatonin,2 mg,night\nValerian,3 g,evening"),
        "> 65 years: half the dose.",
        "Groups:\n\n- < 2 drinks\n- >= 2 drinks\n",
        "Carriers of CYP2D6*4 or CYP2D6*10 were few.",
        "The diplotype *1/*17 is common.",
        "A glass held ~150ml/~200ml.",
        "The count was 10^3–10^4 a sample.",
        "It costs $5/visit or 20$ a month.",
        "Text.\n\n1995. A cold year.",
        "Pressure changed.\n\n+ 5 mmHg\n- 3 mmHg\n",
        "The usual dose was\n~ 5 mg a day.",
        "Everybody slept well.\n---\nNobody woke.",
    ],
    good=[
        Example("Salt, pepper, oil\nTea, coffee, milk\nRice, beans, peas"),
        Example("Ann Ray,\nthe author,\nlives here."),
        "\\> 65 years: half the dose, for CYP2D6\\*4 and \\*10, \\~5ml/\\~10ml, 10^3^–10^4^ and $10^3$.",
        "> 1. She slept.\n> 2. She woke.\n\n> 2019 was a hard year.\n",
        "H~2~O, Ca^2+^-channels, *in vitro*, un*believ*able, *p*-values, the 5^th^ day and m^3/2^.",
        "Doses:\n\n- 5 mg\n- 10 mg\n\nTea\n: A drink of 5 leaves.\n\nSleep\n-----\n\nIt costs $5 to $10.",
        "1. Sit.\n\nThen:\n\n2. Lie down.\n\nIn short:\n\n- 5 kg less.",
        "Where:\n\n* T = temperature\n* P = pressure",
    ],
)

SRC120 = Entry(
    "SRC120",
    "Every item of a numbered list is printed with the number that its author wrote.",
    Severity.WARNING,
    remedy=(
        "Correct the numbers, or write 1. before every item to have them counted; write 1998\\. if the number is no "
        "mark of a list."
    ),
    source="Pandoc User's Guide, Ordered lists: the number of the first item counts, the others are ignored",
    bad=["1998. A cold year.\n2003. A hot year.\n", "1. Sit down.\n2. Lie down.\n4. Sleep.\n"],
    good=["1. Sit down.\n1. Lie down.\n", "#. Sit down.\n#. Lie down.\n", "3. Sit down.\n4. Lie down.\n"],
)

SRC125 = Entry(
    "SRC125",
    "Every word of the source is printed.",
    Severity.ERROR,
    remedy="Look for markup around these words that was not meant, such as a bracket, a brace or a tag.",
    source="Pandoc User's Guide, Pandoc's Markdown: attributes, definitions and raw parts are not printed",
    details="Comments, attributes, addresses and names of notes and links are not meant to be printed.",
    bad=["---\nRest first.\n\nBefore you take it, ask a doctor.\n\n---\nThen sleep.\n\n---\n\nText.\n"],
    good=[
        "Rest. <!-- Ask Bo whether this is so. -->\n\n| a | b |\n|---|---|\n| c | d |\n\n[words]{lang=de title='x y z w'}"
    ],
)

SRC140 = Entry(
    "SRC140",
    "Every web address can be opened.",
    Severity.ERROR,
    remedy="Correct the address.",
    source="RFC 3986 (URI), RFC 5891 (international host names)",
    details=(
        "Spaces, umlauts, `<`, `>`, `|` and the like are printed as they are written and encoded in the link itself. What "
        "cannot be opened is an address without a host, or with a host or port that cannot exist."
    ),
    bad=["See [the data](https:///data).", "See [the data](https://data.example.org:99999/)."],
    good=["See [the data](https://müller.example.org/a|b;c) and <https://www.example.org/Übersicht>."],
)

SRC141 = Entry(
    "SRC141",
    "No picture moves.",
    Severity.WARNING,
    remedy="Show what matters in a still picture, or in several, and link to the film.",
    source="WCAG 2.2, success criterion 2.2.2 (level A); paper cannot move",
)

SRC080 = Entry(
    "SRC080",
    "A Word file returned by a reviewer is intact and not too large to read.",
    Severity.ERROR,
    remedy="Open it in Word, save it as .docx under a new name, and try again.",
    source="pubkit's threat model: files from elsewhere are untrusted (docs/security.md)",
    waivable=False,
    when=When.IMPORTED,
)

SRC162 = Entry(
    "SRC162",
    "A leaflet is short enough for one sheet.",
    Severity.WARNING,
    remedy="Shorten it; or write `kind: [leaflet, article]`, which sets it as an article.",
    source="Two pages of A4 in type of 11 points hold about 1,200 words beside the disclaimers",
)

SRC180 = Entry(
    "SRC180",
    "An icon array counts people who are there.",
    Severity.ERROR,
    remedy='Write ::: {.icon-array of=1000 harmed=3 harmed-means="have a serious bleed"}, with whole numbers.',
    source="A drawing that does not show its numbers misleads",
    details="At most two kinds of people are counted, of 5 to 1,000, and together they are not more than all.",
    waivable=False,
    bad=["::: {.icon-array of=100 harmed=101}\nBleeding.\n:::", "::: {.icon-array of=100 harmed=3%}\nBleeding.\n:::"],
    good=["::: {.icon-array of=100 harmed=3 harmed-means='sleep badly'}\nSleep in one year [@page2021].\n:::"],
)

SRC181 = Entry(
    "SRC181",
    "A chart is drawn from a table of numbers.",
    Severity.ERROR,
    remedy="Put one table into ::: {.chart kind=bars} (or columns, lines): names first, numbers in the other columns.",
    source="A drawing that does not show its numbers misleads",
    details=(
        "Bars (2 to 24) and columns (2 to 12) show one column of numbers; lines (2 to 60 points) one to three, over numbers "
        "that rise, such as years."
    ),
    waivable=False,
    bad=[
        "::: {.chart}\nSleep.\n:::",
        "::: {.chart kind=pie}\n| A | Minutes |\n|---|---|\n| B | 3 |\n| C | 4 |\n:::",
        "::: {.chart}\n| A | Minutes |\n|---|---|\n| B | three |\n| C | 4 |\n:::",
    ],
    good=["::: {.chart}\n| A | Minutes |\n|---|---|\n| B | 3 |\n| C | 4 |\n\nSleep gained [@page2021].\n:::"],
)
