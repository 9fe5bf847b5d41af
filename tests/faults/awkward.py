"""Ordinary manuscripts that are awkward for a program: each must be accepted, without an error."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pubkit import pipeline
from pubkit.errors import PubkitError
from pubkit.findings import Severity

from ..conftest import BIBLIOGRAPHY, METADATA, png
from .tally import Tally

#: Chapters, by what is awkward about them.
CHAPTERS: Mapping[str, str] = {
    "headings like ids of pubkit": "# Footnotes\n\nWords.\n\n## Refs\n\nWords.\n\n## References\n\nWords.\n\n## Ref-lists\n\nWords.\n",
    "a gene": "# FN1\n\nThe gene of fibronectin is FN1.\n",
    "headings like parts of a page": "# Contents\n\nWords.\n\n## Index\n\nWords.\n\n## Title page\n\nWords.\n\n## Main\n\nWords.\n",
    "headings like disclaimers": "# Disclaimer\n\nWords.\n\n## Emergency\n\nWords.\n\n## Imprint\n\nWords.\n",
    "the same heading thrice": "# Rest\n\nOne.\n\n## Summary\n\nTwo.\n\n## Summary\n\nThree.\n\n## Summary\n\nFour.\n",
    "a heading of signs": "# ???\n\nWords.\n\n## +/-\n\nWords.\n\n## 100 %\n\nWords.\n",
    "a heading that is a number": "# 2026\n\nWords.\n\n## 1.\n\nWords.\n",
    "headings in other scripts": "# Сон и отдых\n\nСлова.\n\n## 睡眠\n\n字。\n\n## שינה\n\nמילים.\n",
    "a heading with marks": "# Rest *and* `code` and H~2~O^+^\n\nWords.\n",
    "a very long heading": f"# {'Sleep and rest, ' * 20}and more\n\nWords.\n",
    "isolates around Hebrew": "# Isolates\n\nThe word \u2067שלום\u2069 means peace.\n",
    "isolates of an unknown direction": "# First strong\n\nThe author \u2068דנה\u2069 writes, and so does \u2068Ann\u2069.\n",
    "isolates inside isolates": "# Nested\n\nHe said \u2067שלום \u2066hello\u2069 שלום\u2069 to all.\n",
    "direction marks": "# Marks\n\nTwelve \u200e12\u200e and \u200fאבג\u200f and \u061cعربي.\n",
    "Arabic with Western digits": '# Digits\n\n::: {lang=ar dir=rtl}\nيشرب الناس 250 مل من الماء كل يوم.\n:::\n',
    "Persian with a joiner": "# Joiners\n\nمی\u200cخواهم و کتاب\u200cها.\n",
    "Hindi with joiners": "# Conjuncts\n\nक\u094d\u200dष और र\u094d\u200c.\n",
    "flags of countries": "# Flags\n\nOpen in 🇩🇪, 🇫🇷 and 🇯🇵.\n",
    "flags of Scotland and Wales": "# More flags\n\nOpen in 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f and "
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f.\n",
    "families and tones": "# People\n\nA family 👨‍👩‍👧‍👦, a nurse 👩🏽‍⚕️, a heart ❤️ and a key 1️⃣.\n",
    "many scripts in a line": "# Scripts\n\nGreek α, Cyrillic я, Armenian ա, Georgian ა, Thai ก, Tamil அ, Ethiopic አ, Hangul 한.\n",
    "rare Chinese": "# Rare signs\n\nThe name 𠮷野 and the sign 𡈽.\n",
    "Vietnamese, composed and not": "# Accents\n\nTiếng Việt, and Tie\u0302\u0301ng Vie\u0323\u0302t.\n",
    "mathematical letters": "# Letters\n\nThe sets ℝ and ℕ, the function 𝑓, the angle ∠ABC, and x ≤ 5 ± 2.\n",
    "superscripts as characters": "# Raised\n\nAn area of 5 m², 10⁻³ mol and CO₂.\n",
    "quotation marks of five languages": "# Quotations\n\n„Deutsch“, « français », “English”, 「日本語」, »dansk«.\n",
    "dashes": "# Dashes\n\nPages 5–9, a break — here, a minus −5, a hyphen‑that stays, and a figure‒dash.\n",
    "dollars": "# Money\n\nIt costs $5 or $6.50, in all $11.50, and US$3 for the rest.\n",
    "stars and underscores": "# Signs\n\nThe file my_file_name.txt, 3 * 4 = 12, and a footnote mark*.\n",
    "at signs": "# Addresses\n\nWrite to desk\\@example.org, or to <desk@example.org>; the handle is \\@desk.\n",
    "angle brackets": "# Relations\n\nWhere a < b and b > c, with x <= y & y >= z, and <- or ->.\n",
    "ampersands": "# Firms\n\nR&D at Smith & Sons, AT&T, and a&b.\n",
    "backslashes": "# Paths\n\nThe path C:\\\\Users\\\\Ann, and a line\\\nthat breaks.\n",
    "braces": "# Braces\n\nThe set {1, 2}, and the text {a}.\n",
    "brackets": "# Brackets\n\nHe [the author] spoke [sic] of the range [a, b).\n",
    "hashes": "# Ranks\n\nRanked \\#1, the key F\\#, and C# is a language.\n",
    "pipes": "# Bars\n\nThe sum of |x| and |y|, a|b, and P(A | B).\n",
    "tildes": "# Tildes\n\nAbout \\~5 people, and the mark \\~ itself.\n",
    "carets": "# Carets\n\nThe mark \\^ itself, and 10^6^ cells.\n",
    "percent signs": "# Shares\n\nOf all beds 5% stand here [@page2021], and 5 % there [@page2021].\n",
    "colons": "# Times\n\nAt 10:30, a ratio of 1:2, ::, and Note: this.\n",
    "numbers at the start of lines": "# Years\n\nThe year was\n1984. It was long ago.\n\n1984\\. A year.\n",
    "a line that begins with a plus": "# Plus\n\nTwo and two\n\\+ one is five.\n",
    "an empty list item": "# Items\n\n- one\n-\n- three\n",
    "a list of one": "# One item\n\n1. Only this.\n",
    "a list that starts at five": "# From five\n\n5. Five.\n6. Six.\n",
    "lists in lists": "# Deep lists\n\n- a\n    - b\n        - c\n            - d\n                1. e\n",
    "a list with paragraphs": "# Long items\n\n1. First.\n\n    More of it.\n\n2. Second.\n\n    > Quoted in it.\n",
    "definitions": "# Terms\n\nSleep\n:   A state of rest.\n:   It is also a word.\n\nRest\n:   No work.\n",
    "a table of one column": "# Narrow\n\n| Name |\n|------|\n| Ann  |\n",
    "a table with empty cells": "# Gaps\n\n| a | b |\n|---|---|\n|   | 1 |\n| 2 |   |\n",
    "a table with pipes in it": "# Bars in cells\n\n| a | b |\n|---|---|\n| x \\| y | `p` |\n",
    "a table with long words": f"# Wide words\n\n| a | b |\n|---|---|\n| {'Methylenedioxymethamphetamine' * 3} | 1 |\n",
    "notes in odd places": "# Notes\n\nA word[^a], *marked[^b]*.\n\n| a[^c] | b |\n|---|---|\n| 1 | 2 |\n\n[^a]: One.\n\n[^b]: Two\n    lines.\n\n"
    "[^c]: Three, with `code` and a [link](https://example.org/).\n",
    "a note named in letters and signs": "# Named notes\n\nA word[^my-note_1].\n\n[^my-note_1]: Words.\n",
    "a note within brackets": "# Inline notes\n\nA word^[A note with [brackets] in it.] goes on.\n",
    "links of all kinds": "# Links\n\nSee <https://example.org/a_(b)>, [a](https://example.org/?q=a&b=c#d), [b][x] and [Links](#links).\n\n"
    "[x]: https://example.org/x 'A title'\n",
    "an address with everything": "# Address\n\nSee <https://example.org/~a/b;c=d/e,f?g=h+i&j=%20#k>.\n",
    "code with everything": "# Code\n\n```\n<script>alert('&amp;')</script> ${x} {{y}} `z` \\n --- :::\n```\n\nAnd `` a`b `` here.\n",
    "a formula": "# Formulas\n\nWhere $a < b$ and $x_1^2 \\le \\frac{1}{2}$:\n\n$$\\sum_{i=1}^n i = \\frac{n(n+1)}{2}$$\n",
    "a quotation in a quotation": "# Quoted\n\n> The poem goes:\n>\n> > Rest.\n>\n> And slept.\n",
    "a line block": "# Verse\n\n| Roses are red,\n|   violets are blue.\n| \n| The end.\n",
    "a rule": "# Ruled\n\nWords.\n\n* * *\n\nMore.\n\n-----\n\nMore.\n",
    "comments": "# Comments\n\nWords. <!-- Not for readers -- or so. --> More.\n\n<!--\nLines\n-->\n\nEnd.\n",
    "trailing spaces and tabs": "# Spaces   \n\nWords.   \nMore.\t\n\n\tcode\n\nEnd.\n\n\n\n\n",
    "no line end at the end": "# End\n\nWords.",
    "empty lines first": "\n\n\n# Late\n\nWords.\n",
    "a setext heading": "Rest and sleep\n==============\n\nWords.\n\nMore\n----\n\nWords.\n",
    "headings without a space after the text": "# Hashes #\n\nWords.\n\n## More ##\n\nWords.\n",
    "a long paragraph": f"# Long\n\n{'Sleep is a state of rest that people need. ' * 300}\n",
    "a long word": f"# Long word\n\nThe word {'Donaudampfschifffahrt' * 12} is long.\n",
    "many short paragraphs": "# Short\n\n" + "Rest.\n\n" * 150,
    "one word": "# Word\n\nSleep\n",
    "a picture whose words have signs": "# Picture\n\n![Levels & doses, a < b](a.png){alt='A \"bar\" & <one>, a < b'}\n",
    "a picture without words": "# Ornament\n\nWords.\n\n![](a.png){.decorative}\n",
    "no-break and thin spaces": "# Fixed spaces\n\n5\u00a0mg, 10\u202f000 people, §\u20095 and\u2003a wide one.\n",
    "soft hyphens": "# Soft\n\nThe Do\u00adnau\u00addampf\u00adschiff goes.\n",
    "headings without words": "# `x = 1`\n\nWords.\n\n## $x^2$\n\nWords.\n\n## [Link](https://example.org)\n\nWords.\n\n## *All of it*\n\nWords.\n",
    "headings like names of a program": "# Constructor\n\nWords.\n\n## toString\n\nWords.\n\n## \\_\\_proto\\_\\_\n\nWords.\n\n## Body\n\nWords.\n",
    "a heading with a note and a picture": "# Rest^[A note.] ![A bar](a.png){alt='One bar'}\n\nWords.\n",
    "headings that skip levels": "# Levels\n\n## Two\n\nWords.\n\n###### Six\n\nWords.\n\n## Two again\n\nWords.\n",
    "sixty equal headings": "# Equal\n\n" + "".join(f"## Summary\n\nWords {number}.\n\n" for number in range(60)),
    "Hindi with signs before their letters": "# हिन्दी\n\nनमस्ते दुनिया, क्षत्रिय किताब।\n",
    "six more scripts": "# Six scripts\n\nខ្មែរ, བོད་ཡིག, မြန်မာ, 한국어, አማርኛ, ქართული.\n",
    "a table with a foot and joined cells": "# Foot\n\n<table><thead><tr><th rowspan='2'>a</th><th colspan='2'>b</th></tr><tr><th>c</th><th>d</th></tr></thead>"
    "<tbody><tr><th>r</th><td>1</td><td>2</td></tr></tbody><tfoot><tr><td>f</td><td>5</td><td>6</td></tr></tfoot></table>\n\nAfter words.\n",
    "a table with lists in cells": "# Grid\n\n+---------+----------+\n| Fruit   | Words    |\n+=========+==========+\n| Bananas | - one    |\n|         | - two    |\n"
    "+---------+----------+\n| Both of them       |\n+---------+----------+\n",
    "a table without a head": "# Headless\n\n-------   ------\n     12   a\n    123   b\n-------   ------\n",
    "a table of fourteen columns": f"# Wide\n\n{'| 12.5 ' * 14}|\n{'|---' * 14}|\n{'| 3.4 ' * 14}|\n",
    "a picture in a cell": "# Cells with pictures\n\n| a | b |\n|---|---|\n| ![A bar](a.png){alt='One bar'} | x |\n",
    "a picture in a list": "# Lists with pictures\n\n- one\n\n    ![A bar](a.png){alt='One bar'}\n\n- two\n",
    "a picture in a note": "# Notes with pictures\n\nWord.[^picture]\n\n[^picture]: See ![A bar](a.png){alt='One bar'} here.\n",
    "a picture that is a link": "# Linked\n\n[![A bar](a.png){alt='One bar'}](https://example.org)\n",
    "words of a picture in Hebrew": "# Signs\n\n![A sign](a.png){alt='The sign says שלום, then مرحبا.'}\n",
    "a note with everything": "# Full notes\n\nWord.[^full]\n\n[^full]: Note.\n\n    - a\n    - b\n\n    | a | b |\n    |---|---|\n    | 1 | 2 |\n\n        code\n",
    "code without a place to break": f"# Long code\n\nThe name `{'verylongidentifier_' * 12}` and `{'ACGT' * 60}`.\n",
    "formulas in odd places": "# The case $x < y$ & more\n\n- $$b$$\n\n> $c \\ge 1$\n\n| $d$ |\n|---|\n| $e_1$ |\n\nTerm $f$\n:   def $g$\n\n"
    "[link $h$](https://example.org)^[note $i$] **$k$**\n",
    "type in formulas": "# Type\n\nLet $\\textbf{x} = \\mathbf{y}$, $\\textit{z}$ and $\\text{if } w \\text{ is odd}$.\n",
    "lists of all kinds": "# Kinds\n\na) one\nb) two\n\n(i) one\n(ii) two\n\n(@a) first\n\nSee (@a).\n\n#. auto\n#. auto\n\n- [ ] open\n- [x] done\n",
    "a definition with paragraphs": "# Long terms\n\nTerm *one*\n\n:   Words.\n\n    More.\n\n    - a\n\n:   Others.\n\nTerm two\n~ Words.\n",
    "titles of words and cells": "# Titles\n\n[CBT]{title='cognitive behavioural therapy'} and [a site](https://example.org 'Its home page').\n\n| a |\n|---|\n"
    "| [x]{title='the unknown'} |\n",
    "HTML that means something": "# Elements\n\nH<sub>2</sub>O, <kbd>Ctrl</kbd>, <mark>m</mark>, <abbr title='World Health Organization'>WHO</abbr>, <q>q</q>, x<br/>y &copy; &#8211;.\n",
    "letters with marks of their own": "# Means\n\nx̄ = 5, p̂, ŷ, and a\u030a.\n",
    "a sheet's signs and arrows": "# Arrows\n\n† ‡ § ¶ ′ ″ ½ × ÷ ± ≈ ∞ → ← ↔ ⇒ ✓ ✗ ★ ☐ ‰ № ℃ Ω ♂ ♀ ☎ ✉ ⚠\n",
    "citations in odd forms": "# Cited\n\nAs @page2021 [p. 3] say [see @page2021, pp. 33-35 and *passim*]. @page2021’s list.\n",
    "old Macintosh ligatures": "# Ligatures\n\nThe ﬁrst ﬂoor ofﬁce.\n",
}  # fmt: skip

_FILES = [f"{number:03}-text.md" for number in range(2, 2 + len(CHAPTERS))]
_SOUND = yaml.safe_dump({**METADATA, "bibliography": "references.bib"}, allow_unicode=True, sort_keys=False)


def _without(*keys: str) -> str:
    kept = {key: value for key, value in METADATA.items() if key not in keys}
    return yaml.safe_dump({**kept, "bibliography": "references.bib"}, allow_unicode=True, sort_keys=False)


#: Files of metadata that are odd but right.
METADATA_FILES: Mapping[str, bytes] = {
    "CRLF and a byte order mark": b"\xef\xbb\xbf" + _SOUND.replace("\n", "\r\n").encode(),
    "comments and empty lines": ("# ours\n\n" + _SOUND.replace("\n", "\n\n# x\n\n", 1) + "\n\n# end").encode(),
    "the marks of a document": f"---\n{_SOUND}...\n".encode(),
    "a title in folded lines": (_without("title") + "title: >-\n  A guide\n  to sleep: what helps,\n  and what does not\n").encode(),
    "a title with signs": (_without("title") + "title: 'Sleep & rest: 5 < 6, \"so\" to say {now} [here] #1 @home'\n").encode(),
    "a title of 300 characters": (_without("title") + f"title: {'Sleep and rest, ' * 18}and more\n").encode(),
    "a title in Hebrew with isolates": (_without("title") + 'title: "Peace \u2067שלום\u2069 and sleep"\n').encode(),
    "a title that is a number": (_without("title") + 'title: "1984"\n').encode(),
    "JSON, which is YAML": b'{"title": "T", ' + yaml.safe_dump(
        {**{k: v for k, v in METADATA.items() if k != "title"}, "bibliography": "references.bib"}, default_flow_style=True, width=10_000, sort_keys=False,
    ).strip()[1:].encode() + b"\n",
    "names of all kinds": (_without("authors") + "authors:\n" + "".join(
        f"  - {{name: \"{name}\", affiliation: X, conflicts: None declared.}}\n"
        for name in ("Seán O’Néill-d’Arcy", "María José de la Cruz y Ñíguez", "Jr. Null", "李 小龍", "عمر خالد", "X Æ A-12", "Ø")
    )).encode(),
    "days in quotation marks": (_without("dates") + "dates:\n" + "".join(
        f'  {key}: "{value}"\n' for key, value in METADATA["dates"].items()
    )).encode(),
    "escapes": (_without("title") + 'title: "Sl\\u0065ep \\xe0 la carte \\U0001F600"\n').encode(),
}  # fmt: skip

#: What a text editor does to the bytes of a chapter.
ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR": lambda data: data.replace(b"\n", b"\r"),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "a mixture of line ends": lambda data: data.replace(b"\n", b"\r\n", 2),
}
_TEXT = "# One\n\nA guideline says so [@page2021].\n\n- Rest\n- Sleep\n"


def run() -> Iterator[Tally]:
    """Yield the tally of all manuscripts."""
    tally = Tally("awkward manuscripts")
    with tempfile.TemporaryDirectory(prefix="pubkit-faults-") as folder:
        check(Path(folder), tally)
        build(Path(folder) / "built", tally)
    yield tally


def build(folder: Path, tally: Tally) -> None:
    """Build the chapters as one book in every format."""
    book = _book(folder)
    fault = ""
    try:
        pipeline.build(book, folder / "out", only=("html", "epub", "pdf", "docx", "jats", "txt"))
    except PubkitError as error:
        fault = "; ".join(said for _, said in _said(error.findings or [error]))
    tally.enter("the book in six formats", fault)


def _book(folder: Path) -> Path:
    book = _written(folder / "book", _SOUND.encode())
    for file, text in zip(_FILES, CHAPTERS.values(), strict=True):
        (book / file).write_text(text, "utf-8")
    return book


def check(folder: Path, tally: Tally) -> None:
    """Check all of them in few runs: the chapters are one book."""
    faults = _errors(_book(folder))
    for file, name in zip(_FILES, CHAPTERS, strict=True):
        tally.enter(name, "; ".join(said for place, said in faults if place == file))
    rest = [said for place, said in faults if place not in _FILES]
    tally.enter("the book", "; ".join(rest))
    for name, data in METADATA_FILES.items():
        tally.enter(name, "; ".join(said for _, said in _errors(_written(folder / name, data))))
    for name, change in ENCODINGS.items():
        tally.enter(name, "; ".join(said for _, said in _errors(_written(folder / name, _SOUND.encode(), change))))


def _written(root: Path, metadata: bytes, change: Callable[[bytes], bytes] = bytes) -> Path:
    root.mkdir(parents=True)
    (root / "pubkit.yaml").write_bytes(metadata)
    (root / "01-text.md").write_bytes(change(_TEXT.encode()))
    (root / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
    (root / "a.png").write_bytes(png())
    return root


def _errors(root: Path) -> list[tuple[str, str]]:
    """Return the file and the words of every error."""
    try:
        found: Any = pipeline.check(root).findings
    except PubkitError as error:
        found = error.findings or [error]
    return list(_said(found))


def _said(found: Any) -> Iterator[tuple[str, str]]:
    for one in found:
        if isinstance(one, PubkitError):
            yield "", str(one)
        elif one.severity is Severity.ERROR:
            yield one.location.file if one.location else "", f"{one.rule} {one.message}"
