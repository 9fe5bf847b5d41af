"""Manuscripts of other tools are read as they are: their configuration, the order of their chapters, their marks."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import pubkit
from pubkit.cli.main import main
from pubkit.errors import ConfigurationError, UsageError
from pubkit.manuscript import read
from pubkit.manuscript.model import BlockKind, Manuscript
from pubkit.manuscript.tree import (
    CodeBlock,
    Div,
    Figure,
    Header,
    Math,
    OrderedList,
    Para,
    Plain,
    Table,
    every,
    nodes,
    plain_text,
)
from pubkit.project import loading
from pubkit.project.loading import Project

Lay = Callable[[Mapping[str, str]], Path]

BIB = (
    "@article{ray2019,\n  title = {Light at night},\n  author = {Ray, Ann},\n  journal = {Sleep},\n  year = {2019}\n}\n"
)

QUARTO = {
    "_quarto.yml": """
        project:
          type: book
        book:
          title: "Rest and *light*"
          author: "Ann Ray and Bo Lund"
          date: "12 May 2025"
          chapters:
            - index.qmd
            - part: "Basics"
              chapters:
                - night.qmd
        bibliography: refs.bib
        """,
    "index.qmd": "# Preface {.unnumbered}\n\nWelcome.\n",
    "night.qmd": "---\ntitle: The night\n---\n\nDark [@ray2019].\n",
    "refs.bib": BIB,
}
BOOKDOWN = {
    "_bookdown.yml": "rmd_files: [index.Rmd, two.Rmd, one.Rmd]\n",
    "index.Rmd": """
        ---
        title: A book on rest
        author: Ann Ray
        date: 2025-05-12
        bibliography: refs.bib
        ---

        # About {-}

        Text.
        """,
    "one.Rmd": "# One\n\nText [@ray2019].\n",
    "two.Rmd": "# Two\n\nText.\n",
    "refs.bib": BIB,
}
MYST = {
    "myst.yml": """
        version: 1
        project:
          title: On rest
          authors:
            - name: Ann Ray
              orcid: 0000-0002-1825-0097
              affiliations: [lab]
          affiliations:
            - id: lab
              name: Sleep Laboratory
          date: 2025-05-12
          bibliography: [refs.bib]
          toc:
            - file: start.md
            - title: Nights
              children:
                - file: late.md
        """,
    "start.md": "# Start\n\nText [@ray2019].\n",
    "late.md": "# Late\n\nText.\n",
    "refs.bib": BIB,
}
JUPYTER_BOOK = {
    "_config.yml": "title: On rest\nauthor: Ann Ray\n",
    "_toc.yml": """
        format: jb-book
        root: start
        parts:
          - caption: Nights
            chapters:
              - file: late
              - file: notes
        """,
    "start.md": "# Start\n\nText.\n",
    "late.md": "# Late\n\nText.\n",
    "notes.ipynb": "{}",
}
MANUBOT = {
    "content/metadata.yaml": "title: On rest\nauthors:\n  - name: Ann Ray\n    affiliations: [Sleep Laboratory, Abend]\n",
    "content/00.front-matter.md": "{% for author in manubot.authors %}\n{{author.name}}\n{% endfor %}\n",
    "content/02.late.md": "## Late\n\nText [@doi:10.1000/182].\n",
    "content/10.later.md": "## Later\n\nText.\n",
    "content/notes.md": "Not a chapter.\n",
    "content/manual-references.json": "[]",
}
JOSS = {
    "paper.md": """
        ---
        title: 'restful: rest in R'
        tags: [R, sleep]
        authors:
          - name: Ann Ray^[Corresponding author.]
            orcid: 0000-0002-1825-0097
            affiliation: "1, 2"
        affiliations:
          - name: Sleep Laboratory
            index: 1
          - name: Night School
            index: 2
        date: 12 May 2025
        bibliography: refs.bib
        ---

        # Summary

        Text [@ray2019].
        """,
    "refs.bib": BIB,
}
SUMMARY = {
    "SUMMARY.md": "# Summary\n\n- [Second](b.md)\n- [First](a/one.md)\n",
    "a/one.md": "# First\n\nText.\n",
    "b.md": "# Second\n\nText.\n",
    "unlisted.md": "# Unlisted\n\nText.\n",
}


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Writes files into a folder and returns it."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "work" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return tmp_path / "work"

    return write


def headings(manuscript: Manuscript) -> list[str]:
    return [heading.text for heading in manuscript.document.headings]


@pytest.mark.parametrize(
    ("files", "dialect", "title", "texts"),
    [
        (QUARTO, "quarto", "Rest and light", ["Preface", "Basics", "The night"]),
        (BOOKDOWN, "bookdown", "A book on rest", ["About", "Two", "One"]),
        (MYST, "myst", "On rest", ["Start", "Nights", "Late"]),
        (JUPYTER_BOOK, "myst", "On rest", ["Start", "Nights", "Late"]),
        (MANUBOT, "manubot", "On rest", ["Late", "Later"]),
        (JOSS, "document", "restful: rest in R", ["Summary"]),
        (SUMMARY, "folder", "work", ["Second", "First"]),
    ],
    ids=["quarto", "bookdown", "myst", "jupyter-book", "manubot", "joss", "folder"],
)
def test_a_manuscript_of_another_tool_is_read_in_its_own_order(
    lay: Lay, files: Mapping[str, str], dialect: str, title: str, texts: list[str]
) -> None:
    project = loading.load(lay(files))
    manuscript = read(project)
    assert (project.dialect, manuscript.publication.title) == (dialect, title)
    assert headings(manuscript) == texts


def authors(project: Project) -> list[tuple[str, tuple[str, ...]]]:
    return [(author.name, author.affiliations) for author in project.publication.authors]


def test_authors_are_read_with_their_affiliations(lay: Lay) -> None:
    assert authors(loading.load(lay(JOSS))) == [("Ann Ray", ("Sleep Laboratory", "Night School"))]


def test_authors_in_one_line_are_several_persons(lay: Lay) -> None:
    assert authors(loading.load(lay(QUARTO))) == [("Ann Ray", ()), ("Bo Lund", ())]


def test_affiliations_are_found_by_their_id(lay: Lay) -> None:
    project = loading.load(lay(MYST))
    assert authors(project) == [("Ann Ray", ("Sleep Laboratory",))]
    assert project.publication.authors[0].orcid == "0000-0002-1825-0097"


def test_a_date_in_words_is_a_date(lay: Lay) -> None:
    assert loading.load(lay(JOSS)).publication.dates.published.isoformat() == "2025-05-12"


def test_a_finding_on_the_metadata_is_at_its_place_in_the_other_tools_file(lay: Lay) -> None:
    project = loading.load(lay(QUARTO))
    assert str(project.at("authors", 1)) == "_quarto.yml:5:3"
    assert str(project.at("bibliography")) == "_quarto.yml:12:1"


def test_a_profile_of_a_quarto_project_is_read_where_it_is_the_default(lay: Lay) -> None:
    base = textwrap.dedent(QUARTO["_quarto.yml"]) + "profile:\n  default: full\n"
    more = 'book:\n  title: "All of it"\n  chapters:\n    - part: "Beyond"\n      chapters:\n        - more.qmd\n'
    folder = lay(
        {
            **QUARTO,
            "_quarto.yml": base,
            "_quarto-full.yml": more,
            "_quarto-short.yml": "book:\n  title: Short\n",
            "more.qmd": "# More\n\nText.\n",
        }
    )
    project = loading.load(folder)
    assert project.publication.title == "All of it"
    assert [chapter.path for chapter in project.chapters[-2:]] == ["_quarto-full.yml", "more.qmd"]
    assert project.chapters[-2].text.startswith("# Beyond")
    said = {str(one.location): one.message for one in project.findings if "profile" in one.message}
    assert "is read" in said["_quarto-full.yml:1:1"]
    assert "is left out" in said["_quarto-short.yml:1:1"]


def test_what_is_missing_is_asked_for_once_and_stops_nothing(lay: Lay) -> None:
    project = loading.load(lay({"text.md": "Words.\n"}))
    asked = [finding.message.split(".")[0] for finding in project.findings if finding.rule == "SRC100"]
    assert asked == ["The title is missing; a draft has the name of the file in its place",
                     "The date is missing; a draft has the day on which it is built",
                     "The version is missing; a draft has version 0"]  # fmt: skip
    assert project.publication.title == "text"


def test_a_date_that_a_program_makes_is_none(lay: Lay) -> None:
    project = loading.load(lay({"text.Rmd": "---\ntitle: A\ndate: '`r Sys.Date()`'\n---\n\nWords.\n"}))
    assert [finding.context for finding in project.findings if finding.rule == "SRC100"] == ["dates", "version"]


def test_a_citation_style_that_is_not_there_stops_nothing(lay: Lay) -> None:
    folder = lay({"text.md": "---\ntitle: Rest\ndate: 2025-05-12\ncsl: journal.csl\n---\n\n# One\n\nWords.\n"})
    project = loading.load(folder / "text.md")
    (fault,) = [finding for finding in project.findings if finding.rule == "SRC101"]
    assert (str(fault.location), fault.severity) == ("text.md:4:1", "warning")
    assert "journal.csl does not exist" in fault.message
    assert project.publication.csl == "american-medical-association"


def test_a_link_to_a_folder_leads_to_its_page(lay: Lay) -> None:
    folder = lay(
        {
            "SUMMARY.md": "- [One](one/README.md)\n- [Two](two/index.md)\n",
            "one/README.md": "# One\n\nSee [two](../two/) and [its end](../two#end).\n",
            "two/index.md": "# Two\n\nWords.\n\n## End\n\nSee [one](../one).\n",
        }
    )
    manuscript = read(loading.load(folder))
    assert [link.target for link in manuscript.document.links] == ["#two", "#end", "#one"]


def test_a_chapter_that_is_no_text_or_does_not_exist_is_a_finding_at_the_place_that_lists_it(lay: Lay) -> None:
    files = {**JUPYTER_BOOK, "_toc.yml": JUPYTER_BOOK["_toc.yml"] + "      - file: lost\n"}
    found = {finding.rule: str(finding.location) for finding in loading.load(lay(files)).findings}
    assert found["SRC104"] == "_toc.yml:7:9"
    assert found["SRC010"] == "_toc.yml:8:9"


def test_a_folder_prefers_the_text_that_a_run_has_left(lay: Lay) -> None:
    project = loading.load(lay({"a.md": "# Made\n\nText.\n", "a.Rmd": "# Source\n\nText.\n", "b.md": "# B\n\nText.\n"}))
    assert [chapter.path for chapter in project.chapters] == ["a.md", "b.md"]


def test_a_folder_is_read_as_people_number_its_files(lay: Lay) -> None:
    files = {f"{name}.md": f"# {name}\n\nText.\n" for name in ("10-last", "2-second", "index", "1-first")}
    assert headings(read(loading.load(lay(files)))) == ["index", "1-first", "2-second", "10-last"]


def test_nothing_to_read_is_said_with_what_to_do(lay: Lay) -> None:
    with pytest.raises(UsageError, match="no manuscript that pubkit reads") as caught:
        loading.load(lay({"data.csv": "a,b\n"}))
    assert "pubkit init" in caught.value.remedy


def test_pubkit_yaml_adds_to_what_the_other_tools_files_say(lay: Lay) -> None:
    own = 'dialect: joss\nversion: "2.0"\n'
    with pytest.raises(ConfigurationError):
        loading.load(lay({**JOSS, "pubkit.yaml": own}))
    own = """
        dialect: document
        version: "2.0"
        authors:
          - name: Ann Ray
            conflicts: None declared.
        """
    project = loading.load(lay({**JOSS, "pubkit.yaml": own}))
    assert (project.publication.title, project.publication.version) == ("restful: rest in R", "2.0")
    author = project.publication.authors[0]
    assert (author.affiliations, author.conflicts) == (("Sleep Laboratory", "Night School"), "None declared.")
    assert [finding.rule for finding in project.findings if finding.severity == "error"] == []


@pytest.mark.parametrize("files", [QUARTO, BOOKDOWN, MYST, MANUBOT, JOSS, SUMMARY])
def test_init_from_writes_a_pubkit_yaml_that_answers_what_was_asked(
    lay: Lay, files: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = lay(files)
    assert main(["init", "--from", str(folder)]) == 0
    assert "pubkit.yaml for a" in capsys.readouterr().out
    project = loading.load(folder)
    assert [finding for finding in project.findings if finding.rule == "SRC100"] == []
    assert all(author.conflicts for author in project.publication.authors)
    assert main(["init", "--from", str(folder)]) == 2
    assert "already exists" in capsys.readouterr().err


def test_init_wants_a_folder_or_a_manuscript(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 2
    assert "--from" in capsys.readouterr().err


def test_a_draft_is_made_from_another_tools_manuscript(lay: Lay, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["build", str(lay(QUARTO)), "--draft", "--only", "html", "--out", str(out)]) == 0
    text = next(path for path in out.glob("*.html") if path.name != "compliance.html").read_text("utf-8")
    assert "The night" in text
    assert "<title>Rest and light" in text
    assert '<h1 class="title">Rest and <em>light</em></h1>' in text


def test_marks_after_a_name_lead_to_its_affiliations(lay: Lay) -> None:
    front = "---\ntitle: A\nauthor: ['Ann Ray^1,2^', 'Bo Lund^2^']\ninstitute: [Here, There]\n---\n\nWords.\n"
    assert authors(loading.load(lay({"text.md": front}))) == [("Ann Ray", ("Here", "There")), ("Bo Lund", ("There",))]


def test_the_title_block_of_pandoc_is_metadata(lay: Lay) -> None:
    project = loading.load(lay({"text.md": "% Rest and *light*\n% Ann Ray; Bo Lund\n% 12 May 2025\n\nWords.\n"}))
    found = read(project)
    assert found.publication.title == "Rest and light"
    assert [name for name, _ in authors(project)] == ["Ann Ray", "Bo Lund"]
    assert project.publication.dates.published.isoformat() == "2025-05-12"
    assert [block.text for block in found.document.blocks if block.kind.value == "paragraph"] == ["Words."]
    assert str(project.at("authors")) == "text.md:2:1"


def test_an_abstract_of_another_tool_keeps_its_emphasis_and_its_parts(lay: Lay) -> None:
    front = "---\ntitle: A\nabstract:\n  Aims: To *sleep*.\n  Results: We did.\n---\n\nWords.\n"
    abstract = loading.load(lay({"text.md": front})).publication.abstract
    assert abstract == "**Aims.** To *sleep*.\n\n**Results.** We did."


def test_several_affiliations_are_numbered_in_print(lay: Lay, tmp_path: Path) -> None:
    assert main(["build", str(lay(JOSS)), "--draft", "--only", "html,jats", "--out", str(tmp_path / "out")]) == 0
    page = next(path for path in (tmp_path / "out").glob("*.html") if path.name != "compliance.html").read_text("utf-8")
    assert "Ann Ray<sup>1,2</sup>" in page
    assert "<sup>1</sup>&#160;Sleep Laboratory" in page
    article = next((tmp_path / "out").glob("*.xml")).read_text("utf-8")
    assert article.count('<xref ref-type="aff"') == 2


# Marks


def one(lay: Lay, text: str, files: Mapping[str, str] | None = None, name: str = "text.md") -> Manuscript:
    return read(loading.load(lay({name: text, **(files or {})}) / name))


def words(manuscript: Manuscript) -> str:
    runs = (node for node in nodes(manuscript.document.tree.blocks) if isinstance(node, Para | Plain | Header))
    return " ".join(" ".join(map(plain_text, runs)).split())


def rules(manuscript: Manuscript) -> list[str]:
    return [finding.rule for finding in manuscript.findings if finding.rule in {"SRC105", "SRC106"}]


TABLE = "\n\n| a |\n|---|\n| 1 |\n\n: Rows {#tbl-rows}\n"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("See @tbl-rows." + TABLE, "See Table 1."),
        ("See Table @tbl-rows." + TABLE, "See Table 1."),
        ("See ([-@tbl-rows])." + TABLE, "See (1)."),
        (r"See Table \@ref(tab:rows)." + TABLE.replace("tbl-", "tbl:"), "See Table 1."),
        (r"See \autoref{tab:rows}." + "\n\n| a |\n|---|\n| 1 |\n\n: Rows \\label{tab:rows}\n", "See Table 1."),
        (r"See Table \ref{tab:rows}." + "\n\n| a |\n|---|\n| 1 |\n\nTable: (\\#tab:rows) Rows\n", "See Table 1."),
        ("See {@tbl:rows}B." + TABLE.replace("tbl-", "tbl:"), "See Table 1B."),
        ("See {numref}`tbl-rows`." + TABLE, "See Table 1."),
        ("See {numref}`row %s <tbl-rows>`." + TABLE, "See row 1."),
        ("See {ref}`late`.\n\n(late)=\n# Late nights\n\nText.\n", "See Late nights."),
        ("See {ref}`this <late>`.\n\n(late)=\n# Late nights\n\nText.\n", "See this."),
        (r"See Chapter \@ref(late)." + "\n\n# Late {#late}\n\nText.\n", "See Chapter 1."),
        (r"See \@ref(eq:sum)." + "\n\n\\begin{equation}\na = b\n(\\#eq:sum)\n\\end{equation}\n", "See (1)."),
        (r"See \eqref{eq:sum}." + "\n\n\\begin{align}\na &= b \\label{eq:sum}\n\\end{align}\n", "See (1)."),
        ("See {eq}`sum`.\n\n```{math}\n:label: sum\na = b\n```\n", "See (1)."),
        ("See @eq-sum.\n\n$$\na = b\n$$ {#eq-sum}\n", "See Equation 1."),
    ],
)
def test_a_reference_of_any_tool_is_a_link_to_what_it_names(lay: Lay, text: str, printed: str) -> None:
    found = one(lay, text)
    assert printed in words(found)
    assert "[?]" not in words(found)
    assert not found.citations


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("{cite}`a1`", [("a1", "normal")]),
        ("{cite:p}`a1,b2`", [("a1", "normal"), ("b2", "normal")]),
        ("{cite:t}`a1`", [("a1", "in-text")]),
        (r"\citep{a1, b2}", [("a1", "normal"), ("b2", "normal")]),
        (r"\citet{a1}", [("a1", "in-text")]),
    ],
)
def test_a_citation_of_any_tool_is_a_citation(lay: Lay, text: str, cited: list[tuple[str, str]]) -> None:
    assert [(one.key, one.mode) for one in one(lay, f"It is so {text}.\n").citations] == cited


def test_a_tag_of_manubot_is_the_identifier_that_it_stands_for(lay: Lay) -> None:
    found = one(lay, "It is so [@tag:night].\n\n[@tag:night]: doi:10.1000/182\n")
    assert [citation.key for citation in found.citations] == ["doi:10.1000/182"]
    assert "tag" not in words(found)


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("::: {.callout-warning title='Do not mix'}\nBoxed.\n:::\n", "warning", "Do not mix"),
        ("::: callout-tip\n## A heading\n\nBoxed.\n:::\n", "tip", "A heading"),
        ("::: {.important}\nBoxed.\n:::\n", "important", "Important"),
        ("```{note}\nBoxed.\n```\n", "note", "Note"),
        (":::{warning} Take *care*\nBoxed.\n:::\n", "warning", "Take care"),
        ("```{admonition} By name\n:class: tip\nBoxed.\n```\n", "tip", "By name"),
        ("> [!CAUTION]\n> Boxed.\n", "caution", "Caution"),
        ("> [!note] Of Obsidian\n> Boxed.\n", "note", "Of Obsidian"),
        ('!!! danger "Of MkDocs"\n    Boxed.\n', "warning", "Of MkDocs"),
        (":::tip Of Docusaurus\n\nBoxed.\n\n:::\n", "tip", "Of Docusaurus"),
        ("```{block, type='rmdnote'}\nBoxed.\n```\n", "note", "Note"),
        ("{: .attention }\nBoxed.\n", "caution", "Caution"),
        ("Boxed.\n{: .warn}\n", "warning", "Warning"),
        ("{: .info }\n\n> Boxed.\n", "note", "Note"),
        ("{: .tip-title }\n> Of *Jekyll*\n>\n> Boxed.\n", "tip", "Of Jekyll"),
    ],
)
def test_a_box_of_any_tool_is_a_box_with_its_title(lay: Lay, text: str, kind: str, title: str) -> None:
    found = one(lay, f"Before.\n\n{text}\nAfter.\n")
    boxes = [part for part in every(Div, found.document.tree.blocks) if "callout" in part.attr.classes]
    assert [part.attr.classes for part in boxes] == [["callout", f"callout-{kind}"]]
    assert plain_text(boxes[0].content[0]).strip() == title
    assert plain_text(boxes[0].content[1:]).strip() == "Boxed."
    assert words(found) == f"Before. {title} Boxed. After."
    assert not found.document.headings


@pytest.mark.parametrize("directive", ["table", "list-table"])
def test_what_follows_a_table_is_read_like_any_other_text(lay: Lay, directive: str) -> None:
    rows = {"table": "| A |\n|---|\n| 5 |\n", "list-table": ":header-rows: 1\n\n* - A\n* - 5\n"}
    text = f"Before.\n\n```{{{directive}}} A caption\n{rows[directive]}```\n\n```{{note}}\nBoxed.\n```\n"
    found = one(lay, text).document.tree.blocks
    assert [plain_text(table.caption.blocks) for table in every(Table, found)] == ["Table\u00a01. A caption"]
    assert [part.attr.classes for part in every(Div, found) if part.attr.classes] == [
        ["callout", "callout-note"],
        ["callout-title"],
    ]


@pytest.mark.parametrize("directive", ["bibliography", "toctree"])
def test_a_directive_that_nothing_closes_hides_no_text(lay: Lay, directive: str) -> None:
    found = one(lay, f"Before.\n\n```{{{directive}}}\n\nAfter.\n")
    assert "After." in words(found)
    assert rules(found) == ["SRC105"]


def test_a_box_has_no_sections(lay: Lay) -> None:
    text = "# A\n\n::: {.callout-tip}\n## Title\n\nWords.\n\n# Deep {#sec:deep}\n\n> ## Deeper\n:::\n\n# B\n"
    found = one(lay, text)
    assert headings(found) == ["A", "B"]
    assert words(found) == "A Title Words. Deep Deeper B"


def test_a_warning_box_can_be_seen_and_heard_in_every_format(lay: Lay, tmp_path: Path) -> None:
    folder = lay({"text.md": "Before.\n\n::: warning\nDo not drive.\n:::\n"})
    assert main(["build", str(folder), "--draft", "--only", "html,epub,txt", "--out", str(tmp_path / "out")]) == 0
    text = next(path for path in (tmp_path / "out").glob("text*.html")).read_text("utf-8")
    assert '<div class="callout callout-warning" role="note" aria-label="Warning">' in text
    assert "Warning\n\nDo not drive." in next((tmp_path / "out").glob("*.txt")).read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "shown", "computed"),
    [
        ("{r}", True, True),
        ("{r, echo=FALSE}", False, True),
        ("{r setup, include=FALSE}", False, False),
        ("{r, eval=FALSE}", True, False),
        ("{r, echo=FALSE, fig.cap='The `x`'}", False, True),
        ("{toml, eval=FALSE}", True, False),
        ("{python}\n#| echo: false\n#| output: false", False, False),
        ("r", True, False),
    ],
)
def test_code_is_shown_or_hidden_as_its_chunk_says_and_never_run(
    lay: Lay, options: str, shown: bool, computed: bool
) -> None:
    found = one(lay, f"Words.\n\n```{options}\nsummary(x)\n```\n", name="text.Rmd")
    assert [block.text for block in every(CodeBlock, found.document.tree.blocks)] == (["summary(x)"] if shown else [])
    assert rules(found) == (["SRC106"] if computed else [])


def test_a_picture_that_a_run_has_left_is_taken(lay: Lay, picture: bytes) -> None:
    text = "See \\@ref(fig:night).\n\n```{r night, echo=FALSE, fig.cap='A night'}\nplot(x)\n```\n"
    folder = lay({"text.Rmd": text})
    assert "[Figure not computed]" in words(read(loading.load(folder)))
    kept = folder / "text_files" / "figure-html"
    kept.mkdir(parents=True)
    (kept / "night-1.png").write_bytes(picture)
    found = read(loading.load(folder))
    assert list(found.pictures) == ["text_files/figure-html/night-1.png"]
    assert "See 1." in words(found)
    assert "Figure 1. A night" in words(found)
    assert rules(found) == []


def test_the_picture_that_a_chunk_names_is_taken(lay: Lay, picture: bytes) -> None:
    chunk = "```{r a, fig.cap='(ref:long)'}\nknitr::include_graphics('night.png')\n```\n\n(ref:long) A *night*.\n"
    folder = lay({"text.Rmd": chunk})
    (folder / "night.png").write_bytes(picture)
    found = read(loading.load(folder))
    assert list(found.pictures) == ["night.png"]
    assert "Figure 1. A night." in words(found)


def test_a_value_that_only_a_run_gives_is_an_error_with_its_count(lay: Lay) -> None:
    found = one(lay, "It is `r mean(x)`.\n\nAnd `r sd(x)`.\n", name="text.Rmd")
    problem = next(finding for finding in found.findings if finding.rule == "SRC106")
    assert str(problem.location) == "text.Rmd:1:7"
    assert "2 times (also in line 3)" in problem.message


def test_words_of_a_picture_are_its_alternative_text_where_pandoc_makes_a_caption_of_them(
    lay: Lay, picture: bytes
) -> None:
    page = (
        "# Night {: #dark .wide }\n\n![Stars above a house](a.png)\n{: .align-centre }\n\n"
        '> ![A *lamp*](a.png "On"){: width="30" .right }\n\nSee [there](#dark){: target="_blank" }.\n\nRest.\n{: .note }\n'
    )
    folder = lay({"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": page})
    (folder / "docs/a.png").write_bytes(picture)
    found = read(loading.load(folder))
    assert [(one.alt, one.location.line) for one in found.document.images] == [
        ("Stars above a house", 3),
        ("A lamp", 6),
    ]
    assert not any(True for _ in every(Figure, found.document.tree.blocks))
    assert words(found).endswith("See there. Rest.")  # a class, and no box as on a site of Jekyll
    assert next(iter(every(Header, found.document.tree.blocks))).attr.identifier == "dark"


def test_pictures_of_obsidian_are_found_and_packages_are_no_citations(lay: Lay, picture: bytes) -> None:
    text = "# Night\n\n![[Pasted image 1.png|center|400]]\n\nSee ![[b.png|Two *beds*]] and [@scope/plugin](https://example.org).\n"
    folder = lay({"index.md": text, "deep/other.md": "# Day\n\n![[b.png]]\n"})
    (folder / "attachments").mkdir()
    for name in ("attachments/Pasted image 1.png", "b.png"):
        (folder / name).write_bytes(picture)
    found = read(loading.load(folder))
    shown = [(one.target, one.alt) for one in found.document.images]
    assert {alt for _, alt in shown} == {"", "Two *beds*"}
    assert sorted(found.pictures) == ["attachments/Pasted%20image%201.png", "b.png"]
    assert not found.citations
    assert "@scope/plugin" in words(found)


def test_what_is_meant_for_a_web_page_is_shown_in_every_format(lay: Lay) -> None:
    text = (
        '::: {.content-visible when-format="html"}\nOn screen.\n:::\n\n'
        '::: {.content-hidden when-format="html"}\nOn paper [@gone].\n:::\n\n'
        'A [click]{.content-visible unless-format="pdf"}[turn]{.content-visible when-format="docx"} away.\n'
    )
    found = one(lay, text, name="text.qmd")
    assert words(found) == "On screen. A click away."
    assert not found.citations
    notes = [note for note in found.findings if note.rule == "SRC107"]
    assert [(note.severity.value, note.location and note.location.line) for note in notes] == [("note", 5), ("note", 9)]


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


def test_citations_side_by_side_are_one(lay: Lay) -> None:
    found = one(lay, "Dim [@ray2019][see @lund2020, p. 3] light, [@a](https://example.org) `[@b][@c]` [x][@d].")
    assert [(each.key, each.location.column) for each in found.citations[:2]] == [("ray2019", 6), ("lund2020", 20)]
    assert words(found).startswith("Dim [@ray2019; see @lund2020, p. 3] light")


def test_a_mention_needs_no_space_in_scripts_that_have_none(lay: Lay) -> None:
    table = "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n: Naps {#tbl:naps}\n"
    found = one(lay, f"如@tbl:naps所示，見@tbl:naps。ann@tbl:naps.org{table}")
    assert words(found).replace("\u00a0", " ").startswith("如Table 1所示，見Table 1。ann@tbl:naps.org")


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


def test_places_are_those_of_the_authors_file_behind_every_kind_of_mark(lay: Lay) -> None:
    text = textwrap.dedent(
        """\
        ---
        title: A
        ---

        Alpha and {cite}`ray2019` bravo.

        ```{note} Charlie
        :class: dropdown
        Delta {ref}`late` echo.
        ```

        > [!TIP]
        > Foxtrot golf.

        ```{figure} night.png
        :name: fig-night

        Hotel india.
        ```

        (late)=
        # Juliett

        Kilo \\@ref(fig:night) lima.
        """
    )
    found = one(lay, text)
    lines = text.split("\n")
    seen = []
    for block in found.document.blocks:
        for offset, place in block.anchors:
            word = block.text[offset:].split()[0].strip(".,")
            if word == "Tip":  # the word for the kind of box, which stands where its mark does
                continue
            assert lines[place.line - 1][place.column - 1 :].startswith(word), (word, place)
            seen.append(word)
    assert {
        "Alpha",
        "bravo",
        "Charlie",
        "Delta",
        "echo",
        "Foxtrot",
        "golf",
        "Hotel",
        "india",
        "Juliett",
        "Kilo",
        "lima",
    } <= set(seen)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("A {{< video x.mp4 >}} b.", "shortcode {{< video >}}"),
        ("Take {{ dose }} a day.", "variable {{ dose }}"),
        ("{% if x %} b.", "template mark {% if %}"),
        ("See {unheard}`of`.", "role {unheard}"),
        ("```{unheard}\nText.\n```", "directive {unheard}"),
    ],
)
def test_a_mark_that_is_not_read_is_left_as_it_is_and_reported(lay: Lay, text: str, what: str) -> None:
    found = one(lay, f"{text}\n")
    problem = next(finding for finding in found.findings if finding.rule == "SRC105")
    assert what in problem.message
    assert str(problem.location).startswith("text.md:1:")


def test_marks_in_code_are_code(lay: Lay) -> None:
    text = "Write `{{< var x >}}`, `\\@ref(fig:a)` and `> [!NOTE]`.\n\n```\n{{< include a.md >}}\n!!! note\n{cite}`x`\n```\n"
    found = one(lay, text)
    assert rules(found) == []
    assert r"\@ref(fig:a)" in words(found)
    assert [block.text for block in every(CodeBlock, found.document.tree.blocks)] == [
        "{{< include a.md >}}\n!!! note\n{cite}`x`"
    ]


def test_an_id_that_pandoc_made_is_no_label(lay: Lay) -> None:
    found = one(lay, "# Night\n\nIt is so [@night].\n")
    assert [citation.key for citation in found.citations] == ["night"]


def test_a_heading_of_nothing_but_code_is_not_empty(lay: Lay) -> None:
    assert headings(one(lay, "# `filter()`\n\nText.\n")) == ["filter()"]


def test_sections_are_numbered_as_deep_as_a_mention_leads(lay: Lay) -> None:
    text = "# A\n\n## B\n\n### C\n\n#### D {#sec-d}\n\nSee @sec-d.\n\n#### E\n\nText.\n\n##### F\n\nText.\n"
    found = one(lay, text)
    assert "See Section 1.1.1.1." in words(found)
    assert [heading.number for heading in found.document.headings] == [
        "1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.2", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("link", "printed"),
    [
        ("[that](nights/late)", "See that."),
        ("[](Late:Night)", "See Late nights."),
        ("[](#late:night)", "See Late nights."),
        ("[](nights/late)", "See Late nights."),
    ],
)
def test_a_link_to_a_label_leads_there_from_any_chapter(lay: Lay, link: str, printed: str) -> None:
    late = "(nights/late)=\n(late:night)=\n# Late nights\n\nText.\n"
    found = read(loading.load(lay({**MYST, "start.md": f"# Start\n\nSee {link}.\n", "late.md": late})))
    assert printed in words(found)
    assert found.document.links[0].target.startswith("#")
    assert not [finding for finding in found.findings if finding.rule in {"SRC046", "SRC050", "SRC105"}]


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


def test_attributes_on_a_line_are_those_of_the_block_below_and_headings_may_be_indented(lay: Lay) -> None:
    text = "{#dark}\n## Dark\n\n {#note .wide}\nA word.\n\n  ### Deep\n\n- a\n\n  #### In it\n\n`{#x}` {#not}\nWords.\n"
    files = {"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": f"# Night\n\nText.\n\n{text}"}
    found = read(loading.load(lay(files)))
    headings = [(one.text, one.identifier, one.location.line) for one in found.document.headings]
    assert headings == [("Night", "night", 1), ("Dark", "dark", 6), ("Deep", "deep", 11), ("In it", "in-it", 15)]
    notes = [one.attr.classes for one in every(Div, found.document.tree.blocks) if one.attr.identifier == "note"]
    assert notes == [["wide"]]
    assert words(found).endswith("A word. Deep a In it {#x} {#not} Words.")


def test_a_quotation_may_follow_a_line_of_text_where_the_tool_allows_it(lay: Lay) -> None:
    text = "- A task\n  > of somebody\n\nSome words\n> and more\n> of them\n\n```\na\n> b\n```\n"
    blocks = read(loading.load(lay({"mkdocs.yml": "nav:\n  - index.md\n", "docs/index.md": text}))).document.blocks
    assert [block.text for block in blocks if block.kind is BlockKind.QUOTE] == ["of somebody", "and more of them"]


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
        '{"id": "url:https://example.org/b/", "type": "webpage", "title": "B"}]',
    }
    keys = [one.key for one in read(loading.load(lay(files))).citations]
    assert keys == ["x1Y", "url:https://example.org/b/", "url:https://example.org/c/"]


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


def test_chunk_options_may_be_written_as_r_writes_them(lay: Lay) -> None:
    text = 'See Figure \\@ref(fig:rest).\n\n```{r rest}\n#| fig.cap = "Rest,\n#| at night",\n#| echo = FALSE\nplot(x)\n```\n'
    found = one(lay, text, name="text.Rmd")
    assert "See Figure 1." in words(found)
    assert "Figure 1. Rest, at night" in words(found)
    assert not list(every(CodeBlock, found.document.tree.blocks))


def test_what_a_chunk_names_is_found_where_only_a_run_knows_its_caption(lay: Lay) -> None:
    text = 'See Table \\@ref(tab:rows).\n\n```{r r1, tab.id = "rows", echo=FALSE}\nsource("rows.R")\n```\n'
    found = one(lay, text, name="text.Rmd")
    assert "See Table 1." in words(found)
    assert "[Caption not computed]" in words(found)


def test_a_part_of_a_figure_that_a_chunk_draws_is_that_figure(lay: Lay) -> None:
    chunk = '```{r}\n#| label: fig-rest\n#| fig-cap: "Rest."\nplot(x)\nplot(y)\n```\n'
    assert "See Figure 1." in words(one(lay, f"See @fig-rest-2.\n\n{chunk}", name="text.qmd"))


@pytest.mark.parametrize(
    ("written", "language"), [("```shell script", "shell"), ('```js title="x"', "js"), ("~~~text wrap", "text")]
)
def test_code_stays_code_whatever_is_said_beside_its_language(lay: Lay, written: str, language: str) -> None:
    found = one(lay, f"Words.\n\n{written}\nls\n{written[:3]}\n")
    blocks = list(every(CodeBlock, found.document.tree.blocks))
    assert [(block.attr.classes, block.text) for block in blocks] == [([language], "ls")]


@pytest.mark.parametrize("tex", [r"\(\beta\)", r"\[\beta\]", r"$ \beta $", r"$\beta $", r"$ \beta$"])
def test_a_formula_may_have_the_signs_of_any_tool(lay: Lay, tex: str) -> None:
    found = one(lay, f"So {tex} is.\n")
    assert [math.text for math in every(Math, found.document.tree.blocks)] == [r"\beta"]


def test_brackets_and_sums_of_money_are_no_formulas(lay: Lay) -> None:
    found = one(lay, r"It \[sic\] costs $ 5 to $ 9 \(more\)." + "\n")
    assert words(found) == "It [sic] costs $ 5 to $ 9 (more)."


def test_code_in_braces_is_no_role(lay: Lay) -> None:
    found = one(lay, "Use `{broom}` with `lm`, and `{dplyr}`.\n")
    assert rules(found) == []
    assert words(found) == "Use {broom} with lm, and {dplyr}."


def test_a_reference_list_that_a_run_has_left_stays_as_text(lay: Lay) -> None:
    text = (
        'So (<a href="#ref-ray">Ray 2019</a>).\n\n<div id="refs" class="references csl-bib-body">\n\n'
        '<div id="ref-ray" class="csl-entry">\n\nRay, Ann. 2019.\n\n</div>\n\n</div>\n'
    )
    found = one(lay, text)
    assert words(found) == "So (Ray 2019). Ray, Ann. 2019."
    assert not [finding for finding in found.findings if finding.rule in {"SRC044", "SRC045"}]
    assert found.document.links[0].target == "#own-ref-ray"


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


def test_a_link_to_nowhere_stops_no_draft(lay: Lay, tmp_path: Path) -> None:
    folder = lay({"text.md": "# Rest\n\nSee [this](#) text.\n"})
    assert main(["build", str(folder), "--draft", "--out", str(tmp_path / "out")]) == 0
    assert list((tmp_path / "out").glob("*.pdf"))


def findings_of(manuscript: Manuscript, *wanted: str) -> list[str]:
    return [finding.message for finding in manuscript.findings if finding.rule in wanted]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("$$\nx_1 = 2\n$$ (eq:two)\n\nBy {eq}`eq:two`.", "By (1)."),
        ("$$\nx_1 = 2\n$$ (eq:two)\n\nBy [](eq:two).", "By Equation 1."),
        ("::: {#tip-pool .callout-tip}\n### Pool them\n\nText.\n:::\n\nSee @tip-pool.", "See Pool them."),
        ("```{exercise}\n:label: do_it\n\nTry.\n```\n\nSee {ref}`do_it`.", "See Exercise."),
        ("```{prf:Theorem} Long nights\n:label: long\n\nText.\n```\n\nBy {prf:ref}`long`.", "By Long nights."),
        ("```{theorem, long, name='Long nights'}\nText.\n```\n\nBy \\@ref(thm:long).", "By Long nights."),
        ("# Long nights\n\nSee Chapter \\@ref(long-nights).", "See Chapter 1."),
        ("$a_1$ and $b_1 $, $\\{d_t\\}_{t=0} $.", "a₁ and b₁"),
    ],
)
def test_what_a_tool_lets_a_text_mention_is_found(lay: Lay, text: str, printed: str) -> None:
    found = one(lay, f"{text}\n")
    if "₁" not in printed:
        assert printed in words(found)
    assert not findings_of(found, "SRC105", "SRC032")
    assert {mention.label for mention in found.document.cross_references} <= found.document.labels.keys()
    assert not found.citations


@pytest.mark.parametrize(
    ("text", "label"),
    [("By {eq}`none`.", "eq:none"), ("See {numref}`none`.", "fig:none"), ("See \\@ref(none).", "sec:none")],
)
def test_a_mention_of_a_label_that_is_not_there_is_no_citation(lay: Lay, text: str, label: str) -> None:
    found = one(lay, f"{text}\n")
    assert [mention.label for mention in found.document.cross_references] == [label]
    assert not found.citations


def test_a_mention_within_a_citation_is_no_second_key(lay: Lay) -> None:
    files = {"refs.bib": BIB}
    text = "---\nbibliography: refs.bib\n---\n\n# Late {#late}\n\nSo [@ray2019, see Chapter \\@ref(late)].\n"
    found = one(lay, text, files)
    assert [citation.key for citation in found.citations] == ["ray2019"]
    assert not findings_of(found, "CIT013")


def test_a_figure_that_a_cell_would_draw_is_mentioned_by_number(lay: Lay) -> None:
    cell = "```{code-cell}\n---\nmystnb:\n  figure:\n    caption: Hours\n    name: hours\n---\nplot()\n```\n"
    found = one(lay, f"See {{numref}}`hours`.\n\n{cell}")
    assert "See Figure 1." in words(found)
    assert found.document.labels.keys() == {"hours"}


@pytest.mark.parametrize("between", ["- a\n- b\n", "  * a\n  * b\n", "1. a\n2. b\n"])
def test_a_list_right_after_a_paragraph_is_a_list_in_commonmark(lay: Lay, between: str) -> None:
    text = (
        f"# Start\nThere are two:\n{between}\n```{{note}}\nText that\n- goes on.\n```\n\n- an item\ngoes on\n- here\n"
    )
    project = loading.load(lay({**MYST, "start.md": text}))
    items = [block.text for block in read(project).document.blocks if block.kind == "list-item"]
    assert items == ["a", "b", "goes on.", "an item goes on", "here"]


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


def test_bookdown_reads_the_configuration_that_the_book_names(lay: Lay) -> None:
    knit = "knit: '(function(i, ...) bookdown::render_book(i, config_file = \"_bookdown_final.yml\"))'"
    index = textwrap.dedent(BOOKDOWN["index.Rmd"]).lstrip("\n").replace("---\n", f"---\n{knit}\n", 1)
    files = {**BOOKDOWN, "index.Rmd": index, "_bookdown_final.yml": "rmd_files: [index.Rmd, one.Rmd]\n"}
    assert headings(read(loading.load(lay(files)))) == ["About", "One"]


def test_the_title_of_a_box_is_in_its_own_place(lay: Lay) -> None:
    found = one(lay, 'Words before.\n\nMore words.\n\n::: {.callout-note title="Late nights"}\nText.\n:::\n')
    (title,) = [block for block in found.document.blocks if block.text == "Late nights"]
    assert str(title.location) == "text.md:5:27"


def test_an_included_text_whose_front_matter_cannot_be_read_stops_nothing(lay: Lay) -> None:
    found = one(lay, "Before.\n\n{{< include part.md >}}\n", {"part.md": "---\na: [b\n---\n\nInside.\n"})
    assert "Inside." in words(found)
    assert findings_of(found, "SRC105") == ["part.md has front matter that is not YAML."]


def test_a_web_page_is_cited_by_its_address_in_manubot(lay: Lay) -> None:
    files = {**MANUBOT, "content/01.a.md": "# Late\n\nSo [@url:https://example.org/a] and [@wikidata:Q1].\n"}
    found = [one for one in pubkit.check(lay(files)).findings if one.rule in {"CIT001", "CIT007", "CIT008"}]
    assert {one.rule for one in found if "example.org" in one.message or "Q1" in one.message} == {"CIT008"}
    assert "Add an entry with this key" in found[0].remedy


def test_a_text_that_begins_with_a_lower_heading_has_sections_side_by_side(lay: Lay) -> None:
    found = one(lay, "## Introduction\n\nA.\n\n## Results\n\n### One\n\nWords.\n")
    assert [block.section for block in found.document.blocks if block.text == "Words."] == [("Results", "One")]


def test_an_alert_in_a_list_item_stays_in_it(lay: Lay) -> None:
    found = one(lay, "1. First.\n\n   - inner\n\n   > [!NOTE]\n   > Boxed.\n\n2. Second.\n")
    (listed,) = [block for block in found.document.tree.blocks if isinstance(block, OrderedList)]
    assert [len(list(every(Div, item))) for item in listed.content] == [2, 0]
