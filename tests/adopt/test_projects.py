"""Projects of other tools are read as they are: their configuration, their metadata, the order of their chapters."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

import pubkit
from pubkit.cli.main import main
from pubkit.errors import ConfigurationError, InputRefused, UsageError
from pubkit.findings import Severity
from pubkit.manuscript import read
from pubkit.manuscript.model import BlockKind
from pubkit.manuscript.tree import Header, every, plain_text
from pubkit.project import loading
from pubkit.project.loading import Project
from pubkit.references.bibliography import styles

from .laying import BOOKDOWN, JOSS, JUPYTER_BOOK, MANUBOT, MYST, QUARTO, SUMMARY, Lay, headings


@pytest.mark.parametrize(
    ("files", "dialect", "title", "texts"),
    [
        (QUARTO, "quarto", "Rest and light", ["Preface", "Basics", "The night"]),
        (
            {**QUARTO, "_quarto.yml": QUARTO["_quarto.yml"].replace('"Basics"', "<hr>")},
            "quarto",
            "Rest and light",
            ["Preface", "The night"],
        ),
        (BOOKDOWN, "bookdown", "A book on rest", ["About", "Two", "One"]),
        (MYST, "myst", "On rest", ["Start", "Nights", "Late"]),
        (JUPYTER_BOOK, "myst", "On rest", ["Start", "Nights", "Late"]),
        (MANUBOT, "manubot", "On rest", ["Late", "Later"]),
        (JOSS, "document", "restful: rest in R", ["Summary"]),
        (SUMMARY, "folder", "work", ["Second", "First"]),
    ],
    ids=["quarto", "line", "bookdown", "myst", "jupyter-book", "manubot", "joss", "folder"],
)
def test_a_manuscript_of_another_tool_is_read_in_its_own_order(
    lay: Lay, files: Mapping[str, str], dialect: str, title: str, texts: list[str]
) -> None:
    project = loading.load(lay(files))
    manuscript = read(project)
    assert (project.dialect, manuscript.publication.title) == (dialect, title)
    assert headings(manuscript) == texts


def test_the_pages_of_a_site_of_sphinx_are_read_in_the_order_of_its_tables_of_contents(lay: Lay) -> None:
    contents = "# Start\n\n```{toctree}\n:hidden:\n\nWhy <zest>\nmore/index\n```\n"
    more = "# More\n\n:::{toctree}\nlast.md\n:::\n"
    pages = {"zest.md": "# Zest\n", "more/index.md": more, "more/last.md": "# Last\n", "about.md": "# About\n"}
    project = loading.load(lay({"conf.py": "project = 'Rest'\n", "index.md": contents, **pages}))
    names = ["index.md", "zest.md", "more/index.md", "more/last.md", "about.md"]
    assert [chapter.path for chapter in project.chapters] == names


def test_tables_of_contents_may_lead_from_page_to_page(lay: Lay) -> None:
    chain = {f"p{number}.md": f"# P\n\n```{{toctree}}\np{number + 1}\nindex\n```\n" for number in range(1_200)}
    with pytest.raises(InputRefused, match="1,201 texts"):
        loading.load(lay({"conf.py": "", "index.md": "# Start\n\n```{toctree}\np0\n```\n", **chain}))


def test_a_text_with_a_control_character_costs_itself_among_others(lay: Lay) -> None:
    folder = lay({"a.md": "# One\n\nA \b text.\n", "b.md": "# Two\n\nText.\n"})
    project = loading.load(folder)
    assert [chapter.path for chapter in project.chapters] == ["b.md"]
    report = pubkit.check(folder)
    assert {(str(one.location), one.rule) for one in report.findings if one.rule in {"SRC002", "SRC104"}} == {
        ("a.md:3:3", "SRC002"),
        ("a.md", "SRC104"),
    }
    (folder / "b.md").write_text("# Two\n\nA \b text.\n")
    with pytest.raises(InputRefused, match="invisible character"):
        loading.load(folder)


def test_a_comment_in_code_is_no_title(lay: Lay) -> None:
    folder = lay({"text.qmd": "```{r}\n# library(rest)\n```\n\nText.\n\n# Rest\n\nMore.\n"})
    assert loading.load(folder / "text.qmd").publication.title == "Rest"


def authors(project: Project) -> list[tuple[str, tuple[str, ...]]]:
    return [(author.name, author.affiliations) for author in project.publication.authors]


def test_authors_are_read_with_their_affiliations(lay: Lay) -> None:
    assert authors(loading.load(lay(JOSS))) == [("Ann Ray", ("Sleep Laboratory", "Night School"))]


def test_a_website_of_quarto_leaves_out_what_it_excludes_and_the_page_for_missing_pages(lay: Lay) -> None:
    render = 'project:\n  type: website\n  render: ["*.qmd", "!notes/", "!draft.qmd", "!old-*.qmd"]\n'
    names = ("404", "a", "draft", "notes/b", "old-a", "part/c")
    files = {f"{name}.qmd": f"# {name.title()}\n\nWords.\n" for name in names}
    found = loading.load(lay({"_quarto.yml": render, **files}))
    assert [chapter.path for chapter in found.chapters] == ["a.qmd", "part/c.qmd"]


def test_degrees_after_a_name_are_credentials(lay: Lay) -> None:
    stated = "---\ntitle: Rest\nauthor:\n  - name: Ann Ray, MD, Ph.D.\n  - Bo Lund, MPH\n  - Lee, Kim\n---\n\nWords.\n"
    found = loading.load(lay({"text.md": stated}) / "text.md").publication.authors
    assert [(one.name, one.credentials) for one in found[:2]] == [("Ann Ray", "MD, Ph.D."), ("Bo Lund", "MPH")]
    assert not any(one.credentials for one in found[2:])


def test_authors_of_older_manubot_manuscripts_are_read(lay: Lay) -> None:
    stated = MANUBOT["content/metadata.yaml"].replace("authors:", "author_info:")
    found = loading.load(lay({**MANUBOT, "content/metadata.yaml": stated}))
    assert authors(found) == [("Ann Ray", ("Sleep Laboratory", "Abend"))]


def test_authors_in_one_line_are_several_persons(lay: Lay) -> None:
    assert authors(loading.load(lay(QUARTO))) == [("Ann Ray", ()), ("Bo Lund", ())]


def test_affiliations_are_found_by_their_id(lay: Lay) -> None:
    project = loading.load(lay(MYST))
    assert authors(project) == [("Ann Ray", ("Sleep Laboratory",))]
    assert project.publication.authors[0].orcid == "0000-0002-1825-0097"
    assert project.publication.authors[0].roles == ["Conceptualisation", "software", "made the tea"]


def test_front_matter_in_toml_is_the_same_metadata_with_its_places(lay: Lay) -> None:
    stated = """
        +++
        title = "Rest and *light*"
        date = 2025-05-12
        doi = "x"
        tags = ["rest"]
        [[authors]]
        name = "Ann Ray"
        +++

        Words.
        """
    project = loading.load(lay({"text.md": stated}) / "text.md")
    assert authors(project) == [("Ann Ray", ())]
    assert (project.publication.title, project.publication.keywords) == ("Rest and *light*", ["rest"])
    assert str(project.at("dates", "published")) == "text.md:3:1"
    assert project.chapters[0].text.split() == ["Words."]


@pytest.mark.parametrize(
    ("text", "place"), [('+++\ntitle = "Rest\n+++\n\nWords.\n', "text.md:2:14"), ("+++\na = 1\n", "text.md:1:1")]
)
def test_front_matter_that_is_no_toml_is_refused_with_its_place(lay: Lay, text: str, place: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        loading.load(lay({"text.md": text}) / "text.md")
    assert str(refused.value.findings[0].location) == place


def test_a_break_between_blocks_of_myst_is_no_front_matter(lay: Lay) -> None:
    project = loading.load(lay({"text.md": "+++\n\nWords.\n\n+++\n"}) / "text.md")
    assert "Words." in project.chapters[0].text


def test_the_language_of_a_text_is_told_where_no_file_states_it(lay: Lay) -> None:
    passage = "Das Mittel ist nicht für Kinder, und die Wirkung wird von der Dosis und den Umständen bestimmt. "
    project = loading.load(lay({"text.md": f"# Die Dosis\n\n{passage * 6}\n"}) / "text.md")
    assert project.publication.lang == "de"
    assert "“de”" in next(one.message for one in project.findings if "language" in one.message)


def test_a_date_in_words_is_a_date(lay: Lay) -> None:
    assert loading.load(lay(JOSS)).publication.dates.published.isoformat() == "2025-05-12"


@pytest.mark.parametrize(
    ("date", "published", "remedy"),
    [
        ("27/11/2026", "2026-11-27", ""),
        ("11-27-2026", "2026-11-27", ""),
        ("5/5/2026", "2026-05-05", ""),
        ("3/4/2026", "", "Write 2026-04-03 or 2026-03-04."),
        ("31/31/2026", "", "Write year, month and day, as in 2026-11-22."),
        ("spring", "", "Write year, month and day, as in 2026-11-22."),
    ],
)
def test_a_date_in_figures_is_a_date_if_it_means_one_day(lay: Lay, date: str, published: str, remedy: str) -> None:
    project = loading.load(lay({"text.md": f"---\ntitle: A\ndate: {date}\n---\n\nWords.\n"}))
    found = [finding.remedy for finding in project.findings if finding.rule == "SRC101"]
    assert found == ([remedy] if remedy else [])
    if published:
        assert project.publication.dates.published.isoformat() == published


def test_the_bibliography_beside_a_lone_text_is_used_if_its_works_are_cited(lay: Lay) -> None:
    entry = "@book{%s,\n  title = {Sleep}, author = {Ray, Ann}, year = 2020, publisher = {Press}}\n"
    files = {"text.md": "# Rest\n\nSleep helps [@ray2020].\n", "works.bib": entry % "ray2020", "b.bib": entry % "other"}
    assert loading.load(lay(files) / "text.md").publication.bibliography == ["works.bib"]
    folder = lay({**files, "b.bib": entry % "ray2020"})
    assert loading.load(folder / "text.md").publication.bibliography == []
    named = "---\ntitle: Rest\nbibliography: b.bib\n---\n\nSleep helps [@ray2020].\n"
    assert loading.load(lay({**files, "text.md": named}) / "text.md").publication.bibliography == ["b.bib"]


def test_a_text_of_ones_own_has_substitutions_too(lay: Lay) -> None:
    said = "title: A\nversion: '1'\nsubstitutions: {drug: loratadine}\ndates: {published: 2026-11-01}\n"
    text = "# One\n\nTake {{ drug }} or {{ other }} daily.\n"
    for files in ({"pubkit.yaml": said, "01.md": text}, {"one.md": f"---\n{said}funding: None\n---\n\n{text}"}):
        folder = lay(files)
        found = [one.message for one in pubkit.check(folder).findings if one.rule == "SRC105"]
        assert [message.split("{{ ")[1][:5] for message in found] == ["other"]
        for name in files:
            (folder / name).unlink()


def test_a_bibliography_that_is_not_there_is_reported_where_it_is_named(lay: Lay) -> None:
    said = "title: A\nversion: '1'\nbibliography:\n- a.bib\n- lost.bib\ndates: {published: 2026-11-01}\n"
    folder = lay({"pubkit.yaml": said, "01.md": "# One\n\nWords.\n", "a.bib": ""})
    assert [str(one.location) for one in pubkit.check(folder).findings if one.rule == "CIT007"] == ["pubkit.yaml:5:3"]


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


@pytest.mark.parametrize("heading", ["# Long nights", "(nights)=\n# Long nights", "# Long nights {#nights .wide}"])
def test_a_title_that_the_text_repeats_is_one_heading(lay: Lay, heading: str) -> None:
    page = f"---\ntitle: Long nights\n---\n{heading}\n\nSee {{ref}}`nights`.\n"
    toc = "project:\n  title: Rest\n  toc:\n    - file: index.md\n    - file: b.md\n"
    folder = lay({"myst.yml": toc, "index.md": "# Naps\n\nWords.\n", "b.md": page})
    assert headings(read(loading.load(folder))) == ["Naps", "Long nights"]


@pytest.mark.parametrize(
    ("files", "name", "project"),
    [
        (QUARTO, "night.qmd", "_quarto.yml"),
        (BOOKDOWN, "one.Rmd", "_bookdown.yml"),
        ({**QUARTO, "_quarto.yml": "project:\n  type: default\n"}, "night.qmd", ""),
        (QUARTO | {"extra.qmd": "# Extra\n\nWords.\n"}, "extra.qmd", ""),
    ],
)
def test_a_chapter_that_is_read_alone_is_noted(lay: Lay, files: Mapping[str, str], name: str, project: str) -> None:
    found = loading.load(lay(files) / name).findings
    noted = [one.context for one in found if one.rule == "SRC103" and "belongs to" in one.message]
    assert noted == ([project] if project else [])


def test_a_folder_of_texts_has_no_title_of_its_own(lay: Lay) -> None:
    folder = lay({"a.md": "---\ntitle: Naps\n---\n\nWords.\n", "b.md": "# Beds\n\nWords.\n"})
    project = loading.load(folder)
    assert "title" in [one.context for one in project.findings if one.rule == "SRC100"]
    assert project.publication.title == folder.name
    (folder / "pubkit.yaml").write_text("dialect: folder\ntitle: Rest\n", "utf-8")
    completed = loading.load(folder)
    assert completed.publication.title == "Rest"
    assert "title" not in [one.context for one in completed.findings if one.rule == "SRC100"]


@pytest.mark.parametrize("date", ["'`r Sys.Date()`'", "Today", "'{{< meta day >}}'"])
def test_a_title_or_date_that_a_run_makes_is_none(lay: Lay, date: str) -> None:
    project = loading.load(lay({"text.Rmd": f"---\ntitle: A {{{{< meta x >}}}}\ndate: {date}\n---\n\nWords.\n"}))
    asked = [(one.context, one.location and one.location.line) for one in project.findings if one.rule == "SRC100"]
    assert asked == [("title", 2), ("dates", 3), ("version", 1)]
    assert "that only a run knows" in next(one.message for one in project.findings if one.context == "dates")


def test_a_citation_style_that_is_not_there_stops_nothing(lay: Lay) -> None:
    folder = lay({"text.md": "---\ntitle: Rest\ndate: 2025-05-12\ncsl: journal.csl\n---\n\n# One\n\nWords.\n"})
    project = loading.load(folder / "text.md")
    (fault,) = [finding for finding in project.findings if finding.rule == "SRC101"]
    assert (str(fault.location), fault.severity) == ("text.md:4:1", "warning")
    assert "journal.csl does not exist" in fault.message
    assert project.publication.csl == "american-medical-association"


@pytest.mark.parametrize("name", ["vancouver", "Nature", "academic-medicine"])
def test_a_style_of_the_same_name_takes_the_place_of_one_that_is_not_there(lay: Lay, name: str) -> None:
    project = loading.load(lay({"text.md": f"---\ntitle: Rest\ncsl: styles/{name}.csl\n---\n\nWords.\n"}) / "text.md")
    (fault,) = [finding for finding in project.findings if finding.rule == "SRC101"]
    assert f"the style {name.lower()} that pubkit has is used" in fault.message
    assert styles.load(project.publication.csl, project.folder)


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


def test_the_dates_of_both_files_count_and_those_of_pubkit_yaml_first(lay: Lay) -> None:
    front = "---\ntitle: A\ndate: 2025-05-12\n---\n\nWords.\n"
    own = "dialect: document\nchapters: [text.md]\nversion: '1'\ndates:\n  last_reviewed: 2025-05-10\n  next_review:\n"
    dates = loading.load(lay({"text.md": front, "pubkit.yaml": own})).publication.dates
    assert (f"{dates.published}", f"{dates.last_reviewed}", dates.next_review) == ("2025-05-12", "2025-05-10", None)


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


def test_a_folder_says_whose_names_it_takes_and_keeps_the_language_of_each_text(lay: Lay) -> None:
    first = "---\nauthor: Ann Ray\ndate: 2025-05-12\nlang: en\n---\n\nWords on rest.\n"
    second = "---\ntitle: Schlaf\nlang: de\n---\n\nZuerst.\n\n# Nacht\n\nWenig.\n\n## Bett\n\nGut.\n"
    third = "+++\ntitle = 'نوم'\nlang = 'ar'\n+++\n\nنوم.\n"
    project = loading.load(lay({"a.md": first, "b.md": second, "c.md": third}))
    [note] = [one for one in project.findings if one.context == "authors, dates"]
    assert str(note.location) == "a.md:2:1" and "a.md" in note.message and "`authors:`" in note.remedy
    found = read(project)
    stated = [(plain_text(one.content), dict(one.attr.pairs)) for one in every(Header, found.document.tree.blocks)]
    right_to_left = {"lang": "ar", "dir": "rtl"}
    assert stated == [("Schlaf", {"lang": "de"}), ("Nacht", {"lang": "de"}), ("Bett", {}), ("نوم", right_to_left)]
    spoken = [(block.text, block.lang) for block in found.document.blocks if block.kind is BlockKind.PARAGRAPH]
    assert spoken == [("Words on rest.", ""), ("Zuerst.", "de"), ("Wenig.", "de"), ("Gut.", "de"), ("نوم.", "ar")]


def test_metadata_before_a_chapter_of_a_publication_is_one_finding(lay: Lay) -> None:
    own = "title: Rest\nversion: '1'\ndates: {published: 2025-05-12}\nchapters: [a.md]\n"
    found = read(loading.load(lay({"pubkit.yaml": own, "a.md": "---\nlang: de\nname: x\n---\n\nWords.\n"})))
    assert [(one.rule, str(one.location)) for one in found.findings] == [("SRC014", "a.md:1:1")]
    assert [block.text for block in found.document.blocks][-1] == "Words."


HUGO = {
    "hugo.toml": 'title = "Rest"\nlanguageCode = "en-us"\n',
    "archetypes/default.md": '---\ntitle: "{{ replace .Name "-" " " }}"\n---\n',
    "themes/plain/README.md": "# A theme\n",
    "content/_index.md": "---\ntitle: Welcome\n---\n\nHello.\n",
    "content/naps/_index.md": "---\ntitle: Naps\nweight: 2\n---\n\nOn naps.\n",
    "content/naps/short.md": '---\ntitle: Short\nweight: 2\n---\n\nSee [beds](/beds/) and [long]({{< ref "long.md" >}}).\n',
    "content/naps/long.md": "+++\ntitle = 'Long'\nweight = 1\n+++\n\n{{< figure src=/img/bed.png alt='A bed' >}}\n",
    "content/beds.md": "---\ntitle: Beds\nweight: 1\n---\n\nWords.\n",
}


def test_the_pages_of_a_hugo_site_are_read_in_its_order(lay: Lay, picture: bytes) -> None:
    folder = lay(HUGO)
    (folder / "static" / "img").mkdir(parents=True)
    (folder / "static" / "img" / "bed.png").write_bytes(picture)
    project = loading.load(folder)
    assert (project.publication.title, project.publication.lang) == ("Rest", "en-US")
    found = read(project)
    assert headings(found) == ["Welcome", "Beds", "Naps", "Long", "Short"]
    assert [link.target for link in found.document.links] == ["#beds", "#long"]
    assert [(one.alt, len(found.pictures)) for one in found.document.images] == [("A bed", 1)]
    assert {one.rule for one in found.findings} <= {"SRC100", "SRC103"}


def test_the_collections_of_a_jekyll_site_are_not_hidden(lay: Lay) -> None:
    files = {"README.md": "# A repository\n", "_config.yml": "collections:\n  leaflets:\n    output: true\n"}
    pages = {f"_{name}/one.md": f"---\ntitle: Of {name}\n---\n\nWords.\n" for name in ("posts", "leaflets", "drafts")}
    assert headings(read(loading.load(lay({**files, **pages})))) == ["Of leaflets", "Of posts"]


def test_the_notes_of_an_obsidian_vault_are_linked(lay: Lay) -> None:
    files = {
        ".obsidian/app.json": "{}",
        "Sleep.md": "Take [[tea|some tea]], ==never== [[Tea#The dose]] %%ask Bo%% or [[gone]]. \n"
        "# At night\n[[tea]]: a plant.\n",
        "herbs/Tea.md": "# Tea leaves\n\n| a |\n|---|\n| [[sleep\\|rest]] |\n\n## The dose\n\nUp to [[#The dose|here]].\n",
    }
    found = read(loading.load(lay(files)))
    assert headings(found) == ["Sleep", "At night", "Tea leaves", "The dose"]
    assert [(one.text, one.target) for one in found.document.links] == [
        ("some tea", "#tea-leaves"), ("Tea > The dose", "#the-dose"), ("tea", "#tea-leaves"), ("rest", "#sleep"),
        ("here", "#the-dose"),
    ]  # fmt: skip
    assert "never Tea > The dose or gone." in " ".join(found.document.blocks[2].text.split())
    [note] = [one for one in found.findings if one.rule == "SRC105"]
    assert note.severity is Severity.NOTE and str(note.location) == "Sleep.md:1:65"


def test_words_in_double_brackets_are_no_links_where_none_leads_to_a_text(lay: Lay) -> None:
    found = read(loading.load(lay({"a.md": "# A\n\nThe matrix [[x, y]].\n", "b.md": "# B\n\nWords.\n"})))
    assert found.document.links == ()


def test_the_metadata_file_of_pandoc_speaks_for_all_texts_of_a_folder(lay: Lay) -> None:
    stated = "---\ntitle: On rest\nauthor: [Ann Ray]\ndate: 2025-05-12\nbibliography: lib/refs.bib\n...\n"
    files = {"metadata.yaml": stated, "lib/refs.bib": "", "01-a.md": "# A\n\nText.\n", "02-b.md": "# B\n\nText.\n"}
    project = loading.load(lay(files))
    assert (project.publication.title, project.publication.authors[0].name) == ("On rest", "Ann Ray")
    assert project.bibliography == ("lib/refs.bib",)
    assert [one.context for one in project.findings if one.rule == "SRC100"] == ["version"]
    assert headings(read(project)) == ["A", "B"]
