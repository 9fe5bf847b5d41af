"""The forms of markup that pandoc prints as text: what other tools read, and what is only half marked."""

from __future__ import annotations

import re

from msgspec import Struct

from pubkit.findings import Severity

__all__ = ["REMNANTS", "Remnant"]


class Rewriting(Struct, frozen=True):
    """How a remnant is to be written: what a pattern matches on its line, or on each line of its block, and what instead.

    It is given only where nothing else can be meant. `in_prose` says that it is not for what may be a formula.
    """

    pattern: str
    new: str
    every_line: bool = False
    in_prose: bool = False


class Remnant(Struct, frozen=True):
    """Markup that did not work, as it appears in the text.

    `typed` says that the text may also come of signs that an author has escaped, so that the source is looked at; `opens`
    that the mark is one only where it begins its line, not after other markup (`**#hashtag**`).
    """

    pattern: re.Pattern[str]
    what: str
    remedy: str
    severity: Severity = Severity.ERROR
    typed: bool = False
    opens: bool = False
    rewriting: Rewriting | None = None


#: Spaces that pandoc takes for letters: no-break, fixed and zero-width ones.
_FIXED = "\u00a0\u2000-\u200b\u202f\u2060\u3000\ufeff"
#: A power of a number, a square or cube of a length, the charge of an ion: what was raised ends there.
_RAISED = (
    r"(?:(?<=\d)\^[+−-]?\d{1,3}|(?<=[\s/·(\d]m)\^[23]|(?<=[\s/·(\d][ckdµm]m)\^[23]|"
    r"(?<=[A-Za-z])\^\d?[+−-])(?![\w^{(+−-]|[.,/]\w)"
)
_LOWERED = r"(?<=[A-Za-z])~(?:\d{1,2}|max|min|ss|trough|1/2)(?![\w~]|[.,/-]\w)"
REMNANTS = (
    Remnant(
        re.compile(rf"\A(?:#{{1,6}}|[-*+])[{_FIXED}]|\A1[.)][{_FIXED}](?=.*\s2[.)][{_FIXED}])"),
        "A heading or list was read as text, because a no-break space follows its mark",
        "Type an ordinary space after the mark.",
        rewriting=Rewriting(rf"^([ \t]*(?:#{{1,6}}|[-*+]|\d{{1,2}}[.)]))[{_FIXED}]+[ ]*", r"\1 ", every_line=True),
    ),
    Remnant(
        re.compile(r"(?:^|(?<=\s))(?:#{2,6}(?=[^\W_]| \S)|\A#(?=[A-Z])(?![0-9A-F]{6}\b))"),
        "A heading was read as text",
        "Put a space after the # and an empty line before the heading.",
        opens=True,
        rewriting=Rewriting(r"^([ \t]*#{2,6})(?=[^\W_#])", r"\1 "),
    ),
    Remnant(
        re.compile(r"\{(?:[#.][\w:.-]+)(?:\s[^{}]*)?\}|\{\s*(?:alt|width|height|lang)\s*=[^{}]*\}"),
        "Attributes in braces were read as text",
        "Put the brace directly after the ) or ] that it belongs to, without a space.",
        rewriting=Rewriting(r"([)\]])[ \t]+(?=\{)", r"\1"),
    ),
    Remnant(
        re.compile(r"\{(?:[#.][A-Za-z][\w:.-]*|\s*(?:alt|width|height|lang)\s*=)(?![^{}]*\})"),
        "Attributes without a closing brace were read as text",
        "Add the closing brace: {#id}, {.class}, {width=50%}.",
    ),
    Remnant(
        re.compile(r"!\([^()\s]+\)\s?\["),
        "An image was read as text",
        "Write ![Caption](file.png): the caption in square brackets, then the file in parentheses.",
    ),
    Remnant(
        re.compile(r"\(\\?#[a-z]{2,5}:[\w:.-]+\)"),
        "A label was read as text",
        "Put it at the start of the caption of a figure or table, or write {#fig:name} behind the figure.",
    ),
    Remnant(
        re.compile(r"\A\$\$(?=\s*[^\s$])|(?<=[^\s$])\s*\$\$\Z"),
        "A formula was read as text",
        "Close it with $$, and leave no empty line inside it.",
    ),
    Remnant(
        re.compile(r"!\[\[[^\[\]]+\]\]"),
        "A note of Obsidian was read as text",
        "Copy the text of the note.",
    ),
    Remnant(
        re.compile(r"(?<![\w\])!])\[\[(?=[^\[\]]*[A-Za-z]{2})[^\[\]]+\]\](?!\()"),
        "A link of a wiki was read as text",
        "Write [words](#id) for a place in the text, [words](https://...) for a page.",
    ),
    Remnant(
        re.compile(r"(?<![\w%])%%(?=\s?\w)[^%]+%%(?!%)"),
        "A comment of Obsidian was read as text",
        "Write <!-- ... -->.",
    ),
    Remnant(
        re.compile(r"(?<![=\w])==(?=[\w“‘(])[^=\n]+(?<=[\w.,;:!?”’)])==(?![=\w])"),
        "Markers for highlighted words were printed",
        "Write [words]{.mark}, or **words**.",
        rewriting=Rewriting(r"(?<![=\w])==([^=\n\[\]]+)==(?![=\w])", r"[\1]{.mark}"),
    ),
    Remnant(
        re.compile(r"(?<![\w:]):(?:cite|footcite|ref|numref|eq|doc|term)(?::\w+)?:(?=\s|\Z|[.,;)])"),
        "A role of reStructuredText was read as text",
        "Write [@key] for a citation, @fig:name for a reference within the text.",
    ),
    Remnant(
        re.compile(r"(?<=[\w.,;!?)] ):(?!(?:cite|footcite|ref|numref|eq|doc|term):)[a-z]+(?:_[a-z]+)*:(?=\s|\Z)"),
        "The name of an emoji was read as text",
        "Type the sign itself, or remove it.",
        Severity.WARNING,
    ),
    Remnant(
        re.compile(r"\*\[[^\[\]]+\]:\s"),
        "The explanation of an abbreviation was read as text",
        "Explain the abbreviation at its first use.",
    ),
    Remnant(
        re.compile(r"`{3,}|~{3,}"),
        "A code fence was read as text",
        "Close the code block with a line of ```.",
        typed=True,
    ),
    Remnant(re.compile(r"<!(?:--|[–—])"), "A comment was read as text", "Close the comment with -->."),
    Remnant(
        re.compile(r"(?<!\S):{3,}"),
        "A line of ::: was read as text",
        ("Put an empty line before and after the line of :::."),
    ),
    Remnant(
        re.compile(r"(?<![\w:\\/])\\[A-Za-z]{3,}"),
        "A TeX command was read as text",
        "Write it in Markdown; page breaks and fonts are set by the style sheets.",
    ),
    Remnant(
        re.compile(r"\|\s*:?(?:-{3,}|[–—][-–—]*):?\s*\|"),
        "A table was read as text",
        "Put an empty line before the table, and a header row before its line of dashes.",
    ),
    Remnant(
        re.compile(r"\A[^|\s][^|]*(?:(?<=\s)\|(?=\s)[^|]*)+(?<=\s)\|\Z"),
        "A row of a table was read as text",
        "Put a line of dashes, such as |---|---|, under the row of names, and an empty line before the table.",
    ),
    Remnant(
        re.compile(r"\[[^\[\]]+\]\s?\((?:https?://|mailto:|www\.)[^)\s]*"),
        "A link was read as text",
        "Write [words](https://...) without a space between the brackets; in the address, %20 for a space, %3C for < and "
        "%3E for >. A link cannot be inside another one.",
        rewriting=Rewriting(r"(\[[^\[\]\n]+\])[ \t](?=\((?:https?://|mailto:)[^()\s<>]*\))", r"\1"),
    ),
    Remnant(
        re.compile(r"(?:^|(?<=[\s(“‘]))(?:\*\*|__)(?=[^\W_])(?![pP]\s*[<=≤])"),
        "Markers for bold type were printed",
        "End the bold words with the same two markers.",
        Severity.WARNING,
        typed=True,
    ),
    Remnant(
        re.compile(r"(?<=[^\s.;:,*] )\*(?=[^\W\d_]{2})(?![^*]*\*)"),
        "A marker for italics was printed",
        "End the italics with a second star; write \\* for a star that is meant.",
        Severity.WARNING,
        typed=True,
    ),
    Remnant(
        re.compile(r"(?<=[^\s] )_(?=[^\W\d_]{2,}(?:\s|[,;:.!?](?:\s|\Z)))(?![^_]*_)"),
        "A marker for italics was printed",
        "End the italics with a second _; put a name such as _site between backticks.",
        Severity.WARNING,
        typed=True,
    ),
    Remnant(
        re.compile(r"(?<!`)`{1,2}(?!`)"),
        "A backtick was printed",
        "End the code with a second backtick.",
        Severity.WARNING,
        typed=True,
    ),
    # Half marked
    Remnant(
        re.compile(r"(?:(?<![\w.,])[\w.,]*[A-Za-zµμ°\d]|[)\]])\^(?:[-−+–]?[\w{(][\w+−]*|[+−-](?!\w))"),
        "The sign ^ is printed: a raised part was not closed",
        "Write a second ^ after the raised part, such as 10^6^ or Ca^2+^; write \\^ for the sign itself.",
        typed=True,
        rewriting=Rewriting(_RAISED, r"\g<0>^", in_prose=True),
    ),
    Remnant(
        re.compile(
            r"(?<![\w~])(?:(?:Sp|Pa|Fi|V|E|P|S)?C?O|SO|NO|PO|H|NH|CH|Ca|Mg|N|T|B|D|IC|EC|ED|LD|HbA|PM|VO|Q)~\d[\w.]*|"
            r"(?<![\w~])(?:C|T|AUC|t|V|k|CL)~(?:max|min|ss|trough|1/2|0)\b"
        ),
        "The sign ~ is printed: a lowered part was not closed",
        "Write a second ~ after the lowered part, such as CO~2~; write \\~ for the sign itself.",
        typed=True,
        rewriting=Rewriting(_LOWERED, r"\g<0>~", in_prose=True),
    ),
    Remnant(
        re.compile(
            r"(?<!\w)(?:Figs?|Figures?|Tab|Tables?|Secs?|Sections?|Eqs?|Equations?|Chapters?|Refs?|Nos?|Dr|Prof|Mrs?|vol|"
            r"pp?|cf)\.?~(?=\w)|(?<![\w~.,])\d[\d.,]*~(?:[mkµμn]?g|m?[lL]|[mkcn]?m|m?mol|h|min|s|kcal|kJ|mmHg|IU|years?|"
            r"days?|weeks?|months?|patients?|people)\b"
        ),
        "The sign ~ is printed, which LaTeX reads as a space",
        "Write a backslash and a space for a space at which no line ends: Fig.\\ 2, 5\\ mg.",
        typed=True,
        rewriting=Rewriting(r"(?<=[\w.])~(?=\w)", r"\\ "),
    ),
    Remnant(
        re.compile(r"\\\\?(?=\s|\Z)"),
        "A line break of LaTeX was printed",
        "End the line with a single backslash, or begin a new paragraph.",
        typed=True,
        rewriting=Rewriting(r"(?<!\\)\\\\[ \t]*$", r"\\"),
    ),
    Remnant(
        re.compile(r"(?<![\w:\\/])\\(?:mu|nu|pi|xi|pm|mp|le|ge|ne|in|to|bf|it|em|rm|tt|sc|cr)(?![A-Za-z])"),
        "A TeX command was read as text",
        "Type the sign itself, such as µ or ±; write a formula between dollars: $\\mu$.",
        typed=True,
    ),
    Remnant(
        re.compile(r"&(?:[a-z]{2,8}|[A-Z][a-z]{2,7}|frac\d\d|sup\d|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});"),
        "The name of a character was read as text",
        "Type the character itself, or write its name once: &micro; rather than &amp;micro;.",
        rewriting=Rewriting(r"&amp;(?=(?:[A-Za-z]{2,8}|#\d{2,6});)", "&"),
    ),
    Remnant(
        re.compile(
            r"&(?:nbsp|micro|deg|plusmn|le|ge|lt|gt|times|alpha|beta|mu|ndash|mdash|amp|quot|middot|hellip)(?![\w;=])"
        ),
        "The name of a character was read as text",
        "Type the character itself, or end its name with a semicolon.",
        typed=True,
        rewriting=Rewriting(r"&[a-z]{2,6}(?![\w;=])", r"\g<0>;"),
    ),
    Remnant(
        re.compile(r"(?<![\w*)])\*\*\s(?=[^\W\d_])[^*\n]{0,200}?[^\s*]\s?\*\*(?![\w*])"),
        "Markers for bold type were printed",
        "Write the markers directly before and after the words, without a space: **words**.",
        Severity.WARNING,
        typed=True,
        rewriting=Rewriting(r"\*\*[ \t]+([^*\n]*[^*\s])[ \t]*\*\*", r"**\1**"),
    ),
    Remnant(
        re.compile(r"\^\[(?=[^\]]*\Z)"),
        "A footnote was read as text",
        "Close the note with a bracket: ^[The note.]",
        typed=True,
    ),
    Remnant(
        re.compile(r"(?<=\w\))\[(?:https?://|www\.|mailto:)[^\]\s]*\]"),
        "A link was read as text",
        "Write [words](https://...): the words in square brackets, then the address in parentheses.",
        typed=True,
        rewriting=Rewriting(r"\(([^()\n]+)\)\[((?:https?://|mailto:)[^\[\]()\s]*)\]", r"[\1](\2)"),
    ),
    # Marks of lists that pandoc does not know
    Remnant(
        re.compile(r"\A[•●▪◦‣■·\uf0a7\uf0b7\uf0d8]\s?(?=\S)"),
        "A bullet was printed, and this is no list",
        "Begin each item with a hyphen and a space, and put an empty line before the first.",
        rewriting=Rewriting(r"^([ \t]*)[•●▪■·\uf0a7\uf0b7\uf0d8]\s?(?=\S)", r"\1- ", every_line=True),
    ),
    # What reference managers leave until their fields are updated
    Remnant(
        re.compile(
            r"\{[^{}]*\b\d{4}[a-z]?\s#\d+[^{}]*\}|\{Citation\}|\bZOTERO_[A-Z]+|\bADDIN (?:EN\.|ZOTERO|CSL_|Mendeley)"
        ),
        "A citation of a reference manager was read as text",
        "Write [@key], with the key of the work in the bibliography.",
    ),
    # Tags, boxes, imports and comments of other tools
    Remnant(
        re.compile(r"</?(?:su[bp]|strong|em|[biu]|br|p|div|span|t[dhr]|table|li|[uo]l|h[1-6])(?=[\s/>]|\Z)"),
        "A tag of HTML was read as text",
        "Close the tag with >; write \\< for the sign itself.",
        typed=True,
    ),
    Remnant(
        re.compile(r"\A\.\.\s+[a-z][\w-]*::"),
        "A directive of reStructuredText was read as text",
        'Write ::: {.callout-note title="..."}, the text, and a line of ::: for a box; ![Caption](file.png) for a figure.',
    ),
    Remnant(
        re.compile(r"\A(?:import\s(?:[\w*{}, ]+\sfrom\s)?[‘“'\"][^‘’“”'\"]+[’”'\"]|export\s(?:const|default)\s)"),
        "A line of MDX was read as text",
        "Remove it; write what the component shows in Markdown.",
    ),
    Remnant(
        re.compile(r"\{::?\s*(?:[.#][\w-]|toc\b|[a-z]+=)[^{}]*\}"),
        "Attributes of kramdown were read as text",
        "Remove them, or write {.class} directly after the ) or ] that it belongs to.",
    ),
    Remnant(
        re.compile(
            r"\A\+{3}\s+\w+\s*=|"
            r"\A(?:title|author|date|layout|tags|output):\s.+\s(?:author|date|layout|tags|output|title):\s"
        ),
        "Front matter was read as text",
        "Put it at the top of the file, between two lines of ---, or into pubkit.yaml.",
    ),
    Remnant(
        re.compile(r"(?<![\w+])\+\+(?=\w)[^+\n]{1,200}(?<=\w)\+\+(?![\w+])"),
        "Markers ++ of another tool were printed",
        "Write <kbd>Enter</kbd> for a key, [words]{.underline} for inserted words, or remove the markers.",
    ),
    Remnant(
        re.compile(r"(?:\A|(?<=[^|+\s] ))\+(?:[-–—=:]{2,}\+){1,60}(?!\S)"),
        "A border of a table was read as text",
        "Let every line of the table end at the same column, with a + wherever a line crosses another.",
    ),
    Remnant(
        re.compile(r"(?<!!)\[[^\[\]\n]{1,200}\]\((?:#|https?://|mailto:)[^()\s]{1,300}\)"),
        "A link was read as text",
        "Take it out of the words of the link that it is in.",
        typed=True,
    ),
    Remnant(
        re.compile(r"!\[[^\[\]]*\]\("),
        "An image was read as text",
        "Close the parenthesis after the file: ![Caption](file.png).",
        typed=True,
    ),
    Remnant(
        re.compile(r"<(?:https?://|mailto:)(?=\S)"),
        "A link was read as text",
        "Close it with >, without a space: <https://...>.",
        typed=True,
    ),
    Remnant(
        re.compile(r"<!-(?!-)"), "A comment was read as text", "Write <!-- ... -->, with two hyphens on each side."
    ),
)
