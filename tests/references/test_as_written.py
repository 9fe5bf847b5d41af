"""A .bib entry is printed as its author wrote it: capitals, formulas, particles, and nothing that TeX would swallow."""

from __future__ import annotations

import pytest
from tests.references.builder import bibliography_of

from pubkit.language.formulas import CSL, as_text
from pubkit.language.names import keeps_capital
from pubkit.references.bibliography.formats.title_case import is_sentence_case
from pubkit.references.bibliography.markup import plain
from pubkit.references.item import Date, Item, Name


def item(fields: str, kind: str = "article") -> Item:
    return bibliography_of(f"@{kind}{{x, {fields}}}").entries["x"].item


def title(written: str) -> str:
    return item(f"title = {{{written}}}, author = {{A, B}}, journal = {{J}}").title


@pytest.mark.parametrize(
    "written",
    [
        "tipr: an R package for unmeasured confounders in Malaysia",
        "The PRISMA 2020 statement: an updated guideline",
        "Effects of pH on mRNA, TNF-α and NaCl in E. coli",
        "Statistical tests, P values, and Covid-19 in March 2020",
        "Sleep",
    ],
)
def test_a_title_in_sentence_case_keeps_its_letters(written: str) -> None:
    assert title(written) == written


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Kratom Use in Southeast Asia and the United States", "Kratom use in Southeast Asia and the United States"),
        ("Mitragyna Speciosa among Users of Vitamin D", "Mitragyna speciosa among users of vitamin D"),
        ("Crohn's Disease and Women's Health after Covid-19", "Crohn’s disease and women’s health after Covid-19"),
        (
            "Growth of E. coli in Food and Drug Administration Tests",
            "Growth of E. coli in Food and Drug Administration tests",
        ),
        ("A Survey of {Kedah} in May 2021 that May Help", "A survey of Kedah in May 2021 that may help"),
        (
            "Cox Regression in the Nurses' Health Study and UK Biobank after Down Syndrome",
            "Cox regression in the Nurses’ Health Study and UK Biobank after Down syndrome",
        ),
        (
            "leafkit: Tools for \\ce{Na2CO3} and \\ce{NH4+}",
            "leafkit: Tools for Na<sub>2</sub>CO<sub>3</sub> and NH<sub>4</sub><sup>+</sup>",
        ),
        ("Bootstrap Methods: Another Look at the Jackknife", "Bootstrap methods: Another look at the jackknife"),
    ],
)
def test_a_title_in_title_case_keeps_the_capitals_of_names(written: str, printed: str) -> None:
    assert title(written) == printed


def test_markup_and_braces_do_not_disturb_the_letters() -> None:
    assert (
        title("Use of \\emph{Mitragyna speciosa} in rural {M}alaysia")
        == "Use of <i>Mitragyna speciosa</i> in rural Malaysia"
    )
    assert title("SLEEP IN MALAYSIA AND ELSEWHERE") == "SLEEP IN MALAYSIA AND ELSEWHERE"


def test_sentence_case_is_told_from_title_case_by_the_words_that_title_case_raises() -> None:
    assert is_sentence_case("Kratom use in Malaysia")
    assert not is_sentence_case("Kratom Use in Malaysia")
    assert not is_sentence_case("Negative Controls")
    assert keeps_capital("Parkinson’s")
    assert not keeps_capital("Patients’")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Effect of 5 $\\mu$g on $\\beta$-endorphin", "Effect of 5 μg on β-endorphin"),
        ("A dose of $5\\ \\mathrm{mg}$", "A dose of 5 mg"),
        ("$\\mathrm{EC}_{50}$ at 8$^\\circ$S", "EC<sub>50</sub> at 8°S"),
        ("$^{18}$F and Ca$^{2+}$ in 10$^{-3}$ mol", "<sup>18</sup>F and Ca<sup>2+</sup> in 10<sup>−3</sup> mol"),
        ("$p < 0.05$, $\\sim$10 \\(x^2\\)", "<i>p</i> < 0.05, ∼10 <i>x</i><sup>2</sup>"),
        ("\\ensuremath{\\alpha_1}-acid, $\\bar{x}$", "α<sub>1</sub>-acid, x̄"),
        ("between $5 and $10 million", "between $5 and $10 million"),
        ("$\\mathfrak{g}$ and $x^", "$\\mathfrak{g}$ and $x^"),
    ],
)
def test_a_formula_is_written_as_text_or_left_whole(written: str, printed: str) -> None:
    assert as_text(written, CSL) == printed


def test_a_formula_of_a_bib_title_is_printed_and_reported_as_nothing_lost() -> None:
    bibliography = bibliography_of("@article{x, title = {5 $\\mu$g and $\\mathrm{EC}_{50}$ in rats}, journal = {J}}")
    assert bibliography.entries["x"].item.title in {"5 μg and EC<sub>50</sub> in rats", "5 μg and EC₅₀ in rats"}
    assert bibliography.findings == ()


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("van Doremalen, Neeltje", Name("Doremalen", "Neeltje", non_dropping_particle="van")),
        ("Ana de la Cruz", Name("Cruz", "Ana", non_dropping_particle="de la")),
        ("O'Brien, Pat", Name("O’Brien", "Pat")),
        ("family=Berg, given=A., prefix=van den, useprefix=true", Name("Berg", "A.", non_dropping_particle="van den")),
        ("family=Berg, given=A., prefix=von, useprefix=false", Name("Berg", "A.", "von")),
        ("Beethoven, Ludwig van", Name("Beethoven", "Ludwig", non_dropping_particle="van")),
        ("Garc{\\'\\i}a, Ana", Name("García", "Ana")),
        ("d'{\\null} Este, Bea", Name("Este", "Bea", non_dropping_particle="d’")),
    ],
)
def test_a_particle_stays_with_its_family_name(author: str, name: Name) -> None:
    bibliography = bibliography_of(f"@book{{x, author = {{{author}}}, title = {{T}}}}")
    assert bibliography.entries["x"].item.author == (name,)
    assert bibliography.findings == ()


def test_an_entry_may_keep_its_particles_apart() -> None:
    assert item("author = {von Berg, A.}, title = {T}, options = {useprefix=false}").author == (
        Name("Berg", "A.", "von"),
    )


def test_nothing_of_a_bib_entry_is_swallowed_by_tex() -> None:
    assert title("Wearable Polyimide\\textendash{{PDMS}} Electrodes").startswith("Wearable polyimide–PDMS")
    assert item("title = {T}, type = {{PhD} thesis}, school = {U}", "phdthesis").genre == "PhD thesis"
    assert item("title = {T}, author = {A, B}, year = {Twentieth century}", "book").issued == Date(
        literal="Twentieth century"
    )
    read = item("title = {T}, url = {https://a.org/b}, urldate = {Wed Dec 09 2020 13:49:01}", "online").accessed
    assert read == Date(((2020, 12, 9),))


def test_an_article_number_and_a_day_of_access_in_words_are_printed() -> None:
    assert item("title = {T}, journal = {J}, eid = {e1234}, year = {2001}").page == "e1234"
    note = "note = {Retrieved from https://a.org/b on 5 May 2020}"
    found = item(f"title = {{T}}, {note}", "misc")
    assert (found.url, found.accessed) == ("https://a.org/b", Date(((2020, 5, 5),)))
    assert title("Words in 'single' marks of O'Neil's") == "Words in “single” marks of O’Neil’s"


def test_what_programs_leave_in_a_field_is_not_printed() -> None:
    found = item("title = {T}, journal = {-}, volume = {-}, note = {Publisher: Nature Publishing Group}")
    assert (found.container_title, found.volume, found.note) == ("", "", "")
    assert item("title = {T}, note = {Second draft}", "misc").note == "Second draft"


def test_the_number_of_a_preprint_is_no_part_of_a_journal() -> None:
    found = item("title = {T}, journal = {arXiv preprint arXiv:2106.10577}, year = {2021}")
    assert (found.container_title, found.url) == ("arXiv", "https://arxiv.org/abs/2106.10577")


def test_a_chapter_that_scopus_calls_a_serial_is_printed_with_its_series() -> None:
    text = "TY  - SER\nID  - x\nTI  - Leaves\nT2  - Days of leaves\nSP  - 1\nEP  - 7\nPY  - 2019\nER  - \n"
    found = bibliography_of(text, "refs.ris").entries["x"].item
    assert (found.type, found.container_title) == ("chapter", "Days of leaves")


def test_a_day_of_access_in_a_tagged_file_may_be_in_words() -> None:
    text = "TY  - ELEC\nID  - x\nTI  - Leaves\nUR  - https://a.org/b\nY2  - 5 May 2020\nER  - \n"
    assert bibliography_of(text, "refs.ris").entries["x"].item.accessed == Date(((2020, 5, 5),))


@pytest.mark.parametrize(
    ("languages", "read"), [("LA  - fre\n", "fre"), ("LA  - English\n", "en"), ("LA  - eng\nLA  - spa\n", ""), ("", "")]
)
def test_the_language_of_a_work_is_read_from_tagged_files(languages: str, read: str) -> None:
    text = f"TY  - JOUR\nID  - x\nTI  - Feuilles\nJO  - J\n{languages}PY  - 2019\nER  - \n"
    assert bibliography_of(text, "refs.ris").entries["x"].item.language == read


#: Fields as publishers, databases and hands write them, with an attribute of the item and what it has to be.
HABITS = (
    ("article", "journal = {J}, articleno = {77}, pages = {1--12}, numpages = {12}", "page", "77"),
    ("article", "journal = {J}, article-number = {e5}, pages = {301--312}", "page", "301-312"),
    ("book", "edition = {Fourth edition}", "edition", "4"),
    ("book", "edition = {Revised}", "edition", "Revised"),
    ("article", "journal = {J}, year = {1998}, month = {sep/oct}", "issued", Date(((1998, 9), (1998, 10)))),
    ("article", "journal = {J}, year = {1998}, month = {12~mar}", "issued", Date(((1998, 3, 12),))),
    ("article", "journal = {J}, year = {1998}, month = {Fall}", "issued", Date(((1998, 23),))),
    ("article", "journal = {J}, year = {1998-99}", "issued", Date(((1998,), (1999,)))),
    ("online", "url = {https://a.org/b}, urldate = {Retrieved in July 2019}", "accessed", Date(literal="July 2019")),
    ("online", "url = {https://a.org/b}, urldate = {23.7.2019}", "accessed", Date(((2019, 7, 23),))),
    ("inbook", "chapter = {4}, publisher = {P}", "type", "book"),
    ("incollection", "crossref = {whole}", "container_title", "Leaves: All of them"),
    ("standard", "number = {ISO 1:2}", "type", "standard"),
    (
        "article",
        "journal = {J}, title = {Über {Nutzen} und Risiko}, language = {ger}",
        "title",
        "Über Nutzen und Risiko",
    ),
    ("article", "journal = {J}, title = {L'usage du Thé}, language = {Français}", "title", "L’usage du Thé"),
    ("article", "journal = {J}, title = {Use of Tea Leaves}, language = {en_GB}", "title", "Use of tea leaves"),
    ("article", "journal = {J}, title = {Use of Tea Leaves}, language = {eng}", "title", "Use of tea leaves"),
)


def test_the_habits_of_publishers_are_printed_as_they_are_meant() -> None:
    text = "@book{whole, title = {Leaves}, subtitle = {All of them}}"
    for at, (kind, fields, *_) in enumerate(HABITS):
        title = "" if "title =" in fields else "title = {T}, "
        text += f"@{kind}{{x{at}, {title}{fields}}}\n"
    entries = bibliography_of(text).entries
    read = [getattr(entries[f"x{at}"].item, attribute) for at, (_, _, attribute, _) in enumerate(HABITS)]
    assert read == [value for *_, value in HABITS]


def test_signs_that_pandoc_drops_are_printed_in_titles() -> None:
    assert plain(item(r"title = {Forms of $\alpha$$\beta$-tubulin}, author = {Lee, K}").title) == "Forms of αβ-tubulin"
    hyphens = r"Left\hyphen{}right \slash{} 3\endash{}5 d\nobreakdash-d"
    assert plain(item(f"title = {{{hyphens}}}, author = {{Lee, K}}").title) == "Left-right / 3–5 d-d"
    written = r"5 \texttimes{} 3 \textpm{} 2 \micro g, \beta-blockers \ge{} $\alpha$ at 37 \textcelsius{} in \BibTeX"
    assert (
        plain(item(f"title = {{{written}}}, author = {{Lee, K}}").title)
        == "5 × 3 ± 2 µg, β-blockers ≥ α at 37 °C in BibTeX"
    )


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("Last accessed: 12th of March, 2021", (2021, 3, 12)),
        ("Accessed on Monday, 5 May 2020", (2020, 5, 5)),
        ("(accessed 3.4.2021)", (2021, 4, 3)),
        ("Retrieved 2021/03/04", (2021, 3, 4)),
        ("Accessed: May 2020", (2020, 5)),
    ],
)
def test_a_note_says_in_words_when_a_page_was_read(note: str, day: tuple[int, ...]) -> None:
    fields = f"title = {{T}}, author = {{Lee, K}}, howpublished = {{\\url{{https://lab.org/a}}}}, note = {{{note}}}"
    assert item(fields).accessed == Date((day,))


def test_a_suffix_is_no_part_of_the_family_name_in_any_format() -> None:
    bib = "Downey Jr, Robert A. and Sam van der Ham III and {Jr, Inc} and Lee, Sr., Kim"
    names = [Name("Downey", "Robert A.", suffix="Jr"), Name("Ham", "Sam", "", "van der", "III")]
    assert item(f"title = {{T}}, author = {{{bib}}}").author[:2] == tuple(names)
    assert item("title = {T}, author = {Ham, Sam, III and Lee, Kim, Jr.}").author == (
        Name("Ham", "Sam", suffix="III"),
        Name("Lee", "Kim", suffix="Jr."),
    )
    ris = "TY  - JOUR\nID  - x\nTI  - T\nAU  - Downey Jr, Robert A.\nAU  - Ham, Sam, III\nER  - \n"
    assert bibliography_of(ris, "refs.ris").entries["x"].item.author == (names[0], Name("Ham", "Sam", suffix="III"))
    nbib = "PMID- 1\nTI  - T\nFAU - Downey, Robert A Jr\nFAU - van der Ham, Sam 3rd\nTA  - J Leaf\nDP  - 2019 Nov-Dec\n"
    found = bibliography_of(nbib, "refs.nbib").entries["pmid:1"].item
    assert [(name.family, name.given, name.suffix) for name in found.author] == [
        ("Downey", "Robert A", "Jr"),
        ("van der Ham", "Sam", "III"),
    ]
    assert (found.container_title, found.issued) == ("J Leaf", Date(((2019, 11), (2019, 12))))


def test_a_report_in_a_tagged_file_has_its_kind_and_number_and_a_title_no_html() -> None:
    text = "TY  - RPRT\nID  - x\nTI  - R&amp;D at p&lt;.05\nM3  - Working paper\nSN  - WP-7\nER  - \n"
    found = bibliography_of(text, "refs.ris").entries["x"].item
    assert (found.title, found.genre, found.number, found.issn) == ("R&D at p<.05", "Working paper", "WP-7", "")
