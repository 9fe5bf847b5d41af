"""What is particular to one tool, or to LaTeX in a text."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import pubkit
from pubkit.cli.main import main
from pubkit.manuscript import read
from pubkit.manuscript.tree import Div, Math, Table, every, plain_text
from pubkit.project import loading
from pubkit.references.bibliography import reading as bibliography

from .laying import BIB, BOOKDOWN, JOSS, JUPYTER_BOOK, MANUBOT, MYST, Lay, findings_of, headings, one, rules, words


def test_a_tag_of_manubot_is_the_identifier_that_it_stands_for(lay: Lay) -> None:
    found = one(lay, "It is so [@tag:night].\n\n[@tag:night]: doi:10.1000/182\n")
    assert [citation.key for citation in found.citations] == ["doi:10.1000/182"]
    assert "tag" not in words(found)


LATEX = textwrap.dedent(
    r"""
    See Table \ref{tab:naps} and \autoref{fig:lamp}.

    \begin{table}[ht]
    \centering
    \caption{Naps of \textbf{owls} [@ray2019].\label{tab:naps}}
    \begin{tabular}{@{}l|c|p{3cm}r@{}}
    \toprule
    Owl \& name & Hours & Where & Share \\ \midrule
    \multicolumn{2}{c}{Both {of} them} & barn & 10\% \\[2pt]
    Bo & $\frac{1}{2}$ & & \\ \bottomrule
    \end{tabular}
    \end{table}

    \begin{figure}
    \includegraphics[width=.5\textwidth]{lamp}
    \caption{A \emph{lamp}.}\label{fig:lamp}
    \end{figure}

    \begin{enumerate}
      \item Dim it.
      \item Sleep.
    \end{enumerate}

    ```
    \begin{table}\end{table}
    ```
    """
)


def test_tables_figures_and_lists_of_latex_are_read(lay: Lay, picture: bytes) -> None:
    folder = lay({"text.md": LATEX})
    (folder / "lamp.png").write_bytes(picture)
    found = read(loading.load(folder / "text.md"))
    [table] = every(Table, found.document.tree.blocks)
    assert [[plain_text(cell.content) for cell in row.cells] for row in table.rows] == [
        ["Owl & name", "Hours", "Where", "Share"],
        ["Both {of} them", "barn", "10%"],
        ["Bo", r"\frac{1}{2}", "", ""],
    ]
    assert [row.cells[0].col_span for row in table.rows] == [1, 2, 1]
    assert [one.text for one in found.document.labels.values()] == ["Table\u00a01", "Figure\u00a01"]
    assert [str(one.location) for one in found.citations] == ["text.md:5:33"]
    [shown] = found.document.images
    assert (shown.target, shown.location.line) == ("lamp.png", 14)
    barn = next(block for block in found.document.blocks if block.text == "barn")
    assert str(barn.location) == "text.md:9:38"
    assert words(found).replace("\u00a0", " ").startswith("See Table 1 and Figure 1.")
    assert [block.text for block in found.document.blocks if block.text in {"Dim it.", "Sleep."}] == [
        "Dim it.",
        "Sleep.",
    ]
    assert not findings_of(found, "SRC072", "SRC105")


def test_a_figure_that_tex_draws_is_one_finding_and_keeps_its_caption(lay: Lay) -> None:
    drawn = "\\begin{figure}\n\\begin{tikzpicture}\n\\draw[<->](0,0)--(1,1);\n\n\\end{tikzpicture}\n"
    found = one(lay, f"By @fig:a.\n\n{drawn}\\caption{{Doses}}\\label{{fig:a}}\n\\end{{figure}}\n\nWords.\n")
    assert [str(one.location) for one in found.findings if one.rule in {"SRC106", "SRC050"}] == ["text.md:3:1"]
    assert words(found).replace("\xa0", " ") == "By Figure 1. Figure 1. Doses [Figure not computed] Words."


def test_the_files_that_mkdocs_puts_into_a_text_are_read(lay: Lay) -> None:
    files = {
        "parts/dose.md": "Take --8<-- [start:a]\n\nOne *nap*.\n\nTwo naps.\n",
        "parts/rest.md": "Rest [@ray2019].\n",
    }
    text = (
        'Before.\n\n--8<-- "parts/dose.md:3:3"\n\n--8<--\nparts/rest.md\n; parts/none.md\n--8<--\n\n'
        '{% include-markdown "parts/rest.md" %}\n\n- a\n\n    --8<-- "parts/rest.md"\n\n'
        '!!! note "Boxed"\n\n    --8<-- "parts/dose.md:3:5"\n\n--8<-- "parts/gone.md"\n\n'
        '```\n--8<-- "parts/rest.md"\n```\n'
    )
    found = one(lay, text, files)
    assert words(found).startswith(
        "Before. One nap. Rest [@ray2019]. Rest [@ray2019]. a Rest [@ray2019]. Boxed One nap. Two naps."
    )
    assert [str(each.location) for each in found.citations] == ["parts/rest.md:1:7"] * 3
    assert [message.partition(".md ")[2] for message in findings_of(found, "SRC105")] == [
        "includes parts/gone.md, which does not exist."
    ]


def test_what_is_included_is_read_at_its_own_place(lay: Lay) -> None:
    files = {"_part.qmd": "First line.\n\nSleep {{< var hours >}}, [@ray2019].\n", "_variables.yml": "hours: 8 hours\n"}
    found = one(lay, "Before.\n\n{{< include _part.qmd >}}\n\nAfter.\n", files, "text.qmd")
    assert words(found).startswith("Before. First line. Sleep 8 hours")
    assert words(found).endswith("After.")
    assert str(found.citations[0].location) == "_part.qmd:3:27"
    after = next(block for block in found.document.blocks if block.text == "After.")
    assert str(after.location) == "text.qmd:5:1"


def test_an_include_that_leaves_the_publication_or_includes_itself_is_not_followed(lay: Lay, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Secret.\n")
    found = one(lay, "A.\n\n{{< include ../secret.md >}}\n\n{{< include text.qmd >}}\n", name="text.qmd")
    assert "Secret" not in words(found)
    assert rules(found) == ["SRC105", "SRC105"]


def test_a_link_into_another_project_leads_to_its_site(lay: Lay) -> None:
    project = MYST["myst.yml"].rstrip() + "\n          references:\n            spec: https://example.org/spec\n"
    text = "# Start\n\nSee [](xref:spec#box) and [boxes](xref:spec).\n"
    found = read(loading.load(lay({**MYST, "myst.yml": project, "start.md": text})))
    assert "See box and boxes." in words(found)
    assert {link.target for link in found.document.links} == {"https://example.org/spec"}


def test_a_link_of_a_web_site_leads_to_the_chapter_that_its_address_shows(lay: Lay) -> None:
    files = {
        "mkdocs.yml": "nav:\n  - index.md\n  - sleep/light.md\n  - sleep/README.md\n",
        "docs/index.md": "# Rest\n\nSee [light](/sleep/light/#2-late-light), [all](/sleep/), [home](./).\n",
        "docs/sleep/light.md": "# Light\n\n## 2. Late light\n\nText.\n",
        "docs/sleep/README.md": "# All of sleep\n\nText.\n",
    }
    found = read(loading.load(lay(files)))
    assert [link.target for link in found.document.links][:2] == ["#late-light", "#all-of-sleep"]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("---\ntitle: Light\n---\n\n# Light at night\n\nText.\n", ["Light at night"]),
        ("---\ntitle: Light\n---\n\n#\n\nText.\n", ["Light"]),
        ("---\ntitle: Light\n---\n\nText.\n# Late\n\nText.\n", ["Light", "Late"]),
    ],
)
def test_a_page_of_a_folder_has_one_title(lay: Lay, text: str, titles: list[str]) -> None:
    found = read(loading.load(lay({"a.md": "# First\n\nText.\n", "b.md": text})))
    assert headings(found) == ["First", *titles]


def test_manubot_keys_are_those_of_the_references_however_they_are_spelled(lay: Lay) -> None:
    files = {
        **MANUBOT,
        "content/02.late.md": "## Late\n\nA [@doi:10.1000/ABC; @pmc:PMC12; @https://doi.org/10.1000/abc; @url:x.org/B].\n",
        "content/manual-references.json": '[{"id": "doi:10.1000/abc", "type": "article", "title": "A"}]',
    }
    keys = [one.key for one in read(loading.load(lay(files))).citations]
    assert keys == ["doi:10.1000/abc", "pmcid:PMC12", "doi:10.1000/abc", "url:x.org/B"]


def test_records_that_manubot_has_looked_up_are_those_of_the_works_cited(lay: Lay) -> None:
    note = "Made by a program.\\nstandard_id: doi:10.1000/abc"
    files = {
        **MANUBOT,
        "content/02.late.md": "## Late\n\nA [@doi:10.1000/ABC; @url:https://example.org/b/], @url:https://example.org/c/.\n",
        "content/manual-references.json": f'[{{"id": "x1Y", "type": "article", "title": "A", "note": "{note}"}},'
        '{"id": "url:https://example.org/b/", "type": "webpage", "title": "B"},'
        '{"standard_citation": "url:https://example.org/c/", "type": "webpage", "title": "C"}]',
        "content/03.tags.md": "[@tag:c]: url:https://example.org/c/\n[@tag:d]: doi:10.1000/abc\n",
    }
    project = loading.load(lay(files))
    found = read(project)
    assert [one.key for one in found.citations] == ["x1Y", "url:https://example.org/b/", "url:https://example.org/c/"]
    assert "SRC017" not in {one.rule for one in found.findings}
    works = bibliography.read(project.folder, project.bibliography, cited=())
    assert "url:https://example.org/c/" in works and works.findings == ()


def test_an_index_of_metadata_alone_and_commands_of_layout_leave_nothing_behind(lay: Lay) -> None:
    index = BOOKDOWN["index.Rmd"].partition("# About")[0]
    chapter = "# One\n\n\\minitoc <!-- its own contents -->\n\n\\blandscape{}\n\nText.\n\n\\elandscape{}\n"
    files = {**BOOKDOWN, "index.Rmd": index, "one.Rmd": chapter, "more/_part.Rmd": "# A part\n"}
    found = read(loading.load(lay({**files, "_bookdown.yml": 'rmd_subdir: ["more"]\n'})))
    assert words(found) == "1 One Text. 2 Two Text."
    assert "SRC017" not in {finding.rule for finding in found.findings}


def test_a_doi_is_a_citation_in_myst(lay: Lay) -> None:
    text = "# Start\n\nA [@10.1000/abc] and @https://doi.org/10.1000/def, b.\n"
    found = read(loading.load(lay({**MYST, "start.md": text})))
    assert [one.key for one in found.citations] == ["doi:10.1000/abc", "doi:10.1000/def"]
    assert str(found.citations[1].location) == "start.md:3:22"


def test_a_key_given_twice_in_another_tools_file_is_a_warning_and_the_last_counts(lay: Lay) -> None:
    project = loading.load(lay({**JUPYTER_BOOK, "_config.yml": "title: Old\nauthor: Ann Ray\ntitle: New\n"}))
    assert project.publication.title == "New"
    problem = next(finding for finding in project.findings if finding.rule == "SRC101")
    assert str(problem.location) == "_config.yml:3:1"


@pytest.mark.parametrize(
    ("name", "formulas"), [("text.md", ["X = 1", "M_{aX}(t)"]), ("text.Rmd", ["a", "X = 1", "M_{aX}(t)"])]
)
def test_what_is_in_round_brackets_is_a_formula_in_r_markdown_and_elsewhere_if_it_looks_like_one(
    lay: Lay, name: str, formulas: list[str]
) -> None:
    found = one(lay, "1. For \\(a\\): \\( X = 1 \\) and \\(M_{aX}(t)\\).\n", name=name)
    assert [math.text for math in every(Math, found.document.tree.blocks)] == formulas


@pytest.mark.parametrize("tex", [r"\(\beta\)", r"\[\beta\]", r"$ \beta $", r"$\beta $", r"$ \beta$"])
def test_a_formula_may_have_the_signs_of_any_tool(lay: Lay, tex: str) -> None:
    found = one(lay, f"So {tex} is.\n")
    assert [math.text for math in every(Math, found.document.tree.blocks)] == [r"\beta"]


def test_brackets_and_sums_of_money_are_no_formulas(lay: Lay) -> None:
    found = one(lay, r"It \[sic\] costs $ 5 to $ 9 \(more\)." + "\n")
    assert words(found) == "It [sic] costs $ 5 to $ 9 (more)."


def test_what_two_equations_are_called_alike_is_told_at_the_first(lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    equation = "$$a = b$$ {#eq:sum}\n"
    assert main(["check", str(lay({"text.md": f"See @eq:sum.\n\n{equation}\n{equation}"}) / "text.md")]) == 1
    assert "3:11" in capsys.readouterr().out.split("CIT012")[0].splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("$\\newcommand{\\E}{\\mathbb{E}}$\n\nSo $\\E X$ is.\n", r"{\mathbb{E}} X"),
        ("\\newcommand{\\of}[2]{#1(#2)}\n\nSo $\\of{f}x = \\alpha$ is.\n", r"{f(x)} = \alpha"),
        ("\\DeclareMathOperator{\\risk}{Risk}\n\nSo $\\risk_1$ is.\n", r"{\operatorname{Risk}}_1"),
    ],
)
def test_a_macro_that_a_text_defines_is_what_it_stands_for(lay: Lay, text: str, tex: str) -> None:
    assert [math.text for math in every(Math, one(lay, text).document.tree.blocks)] == [tex]


def test_a_macro_that_calls_itself_is_left_and_told(lay: Lay) -> None:
    found = one(lay, "$\\newcommand{\\a}{\\b\\b}\\newcommand{\\b}{\\a\\a}$\n\nSo $\\a$ is.\n")
    assert [finding.rule for finding in found.findings if finding.rule == "SRC032"] == ["SRC032"]


def test_macros_of_the_configuration_are_known(lay: Lay) -> None:
    project = MYST["myst.yml"].rstrip() + "\n          math:\n            '\\dose': '\\mathbf{d}_{#1}'\n"
    found = read(loading.load(lay({**MYST, "myst.yml": project, "start.md": "# Start\n\nSo $\\dose{1} + 1$.\n"})))
    assert [math.text for math in every(Math, found.document.tree.blocks)] == [r"{\mathbf{d}_{1}} + 1"]


@pytest.mark.parametrize("key", ["    includes:\n      in_header: pre.tex", "    include-before-body: pre.tex"])
def test_macros_of_a_preamble_are_known(lay: Lay, key: str) -> None:
    preamble = "% \\newcommand\\dose{x}\n\\newcommand\\dose{\\mathbf{d}}\n\\DeclareMathOperator{\\e}{e}\n"
    stated = f"---\ntitle: Rest\noutput:\n  bookdown::html_document2:\n{key}\n---\n\nSo $\\dose + \\e^2$.\n"
    found = one(lay, stated, {"pre.tex": preamble}, name="text.Rmd")
    assert [math.text for math in every(Math, found.document.tree.blocks)] == [r"{\mathbf{d}} + {\operatorname{e}}^2"]


def test_a_box_of_myst_in_a_list_may_be_indented_further_than_its_text(lay: Lay) -> None:
    found = one(
        lay, "1. One\n   goes on.\n\n    :::{tip}\n    Inside.\n    :::\n\n2. `` ``r ''`x` `` Two\n", name="text.Rmd"
    )
    assert words(found).split() == ["One", "goes", "on.", "Tip", "Inside.", "`x`", "Two"]


def test_a_box_of_mkdocs_may_be_in_a_list_and_in_another(lay: Lay) -> None:
    text = "# A\n\n1. One\n\n    !!! note\n        Inside.\n\n2. Two\n\n"
    text += '!!! tip "T"\n    !!! note\n        Deep.\n\n??? "O"\n    End.\n'
    files = {"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": text}
    found = read(loading.load(lay(files)))
    assert words(found).split() == ["A", "One", "Note", "Inside.", "Two", "T", "Note", "Deep.", "O", "End."]
    assert [part.attr.classes[1] for part in every(Div, found.document.tree.blocks) if "callout" in part.attr.classes] == [
        "callout-note", "callout-tip", "callout-note", "callout-note",
    ]  # fmt: skip


def test_names_of_users_are_no_citations_where_the_tool_knows_none(lay: Lay) -> None:
    files = {"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": "# A\n\nThanks to @annray, ==at last==.\n"}
    found = read(loading.load(lay(files)))
    assert words(found) == "A Thanks to @annray, at last."
    assert not found.citations


def test_what_a_macro_would_make_is_an_error_and_links_into_it_are_none(lay: Lay) -> None:
    page = '# A\n\nSee [it](#made-later).\n\n{{ table_of("x", {"a": 1}) }}\n'
    folder = lay({"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": page})
    found = {(one.rule, one.severity.value): one.message for one in pubkit.check(folder).findings}
    assert found["SRC106", "error"] == "docs/index.md calls the macro table_of()."
    assert ("A11Y008", "warning") in found


def test_a_joss_paper_uses_files_of_its_repository(
    lay: Lay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = JOSS["paper.md"].replace("bibliography: refs.bib", "bibliography: ../docs/refs.bib")
    folder = lay({"paper/paper.md": paper, "docs/refs.bib": BIB, "README.md": "# Code\n"})
    project = loading.load(folder)
    assert (project.bibliography, [source.path for source in project.chapters]) == (
        ("docs/refs.bib",),
        ["paper/paper.md"],
    )
    monkeypatch.chdir(folder)
    for path in (".", "paper", "paper/paper.md"):
        assert main(["check", path, "-v"]) == 1
        assert "\npaper/paper.md\n" in capsys.readouterr().out
    (folder / "README.md").unlink()
    assert main(["check", "paper"]) == 3
    assert "is outside the publication's folder" in capsys.readouterr().out


def test_macros_are_those_of_a_file_that_pandoc_is_given(lay: Lay) -> None:
    settings = "---\nheader-includes:\n  - \\newcommand\\dose{\\mathbf{d}}\n---\n"
    folder = lay({"make/config.yaml": settings, "a.md": "# One\n\n$\\dose$\n", "b.md": "# Two\n\nText.\n"})
    tree = read(loading.load(folder)).document.tree
    assert [math.text for math in every(Math, tree.blocks)] == [r"{\mathbf{d}}"]


def test_bookdown_reads_the_configuration_that_the_book_names(lay: Lay) -> None:
    knit = "knit: '(function(i, ...) bookdown::render_book(i, config_file = \"_bookdown_final.yml\"))'"
    index = textwrap.dedent(BOOKDOWN["index.Rmd"]).lstrip("\n").replace("---\n", f"---\n{knit}\n", 1)
    files = {**BOOKDOWN, "index.Rmd": index, "_bookdown_final.yml": "rmd_files: [index.Rmd, one.Rmd]\n"}
    assert headings(read(loading.load(lay(files)))) == ["About", "One"]


def test_an_included_text_whose_front_matter_cannot_be_read_stops_nothing(lay: Lay) -> None:
    found = one(lay, "Before.\n\n{{< include part.md >}}\n", {"part.md": "---\na: [b\n---\n\nInside.\n"})
    assert "Inside." in words(found)
    assert findings_of(found, "SRC105") == ["part.md has front matter that is not YAML."]


def test_a_web_page_is_cited_by_its_address_in_manubot(lay: Lay) -> None:
    files = {**MANUBOT, "content/01.a.md": "# Late\n\nSo [@url:https://example.org/a] and [@wikidata:Q1].\n"}
    found = [one for one in pubkit.check(lay(files)).findings if one.rule in {"CIT001", "CIT007", "CIT008"}]
    assert {one.rule for one in found if "example.org" in one.message or "Q1" in one.message} == {"CIT008"}
    assert "Add an entry with this key" in found[0].remedy
