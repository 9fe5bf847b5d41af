"""Code of other tools is shown or hidden as it says, and never run."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

import pubkit
from pubkit.cli.main import main
from pubkit.manuscript import read
from pubkit.manuscript.model import BlockKind
from pubkit.manuscript.tree import CodeBlock, every
from pubkit.project import loading

from .laying import BOOKDOWN, Lay, headings, one, rules, words


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


def test_marks_in_code_are_code(lay: Lay) -> None:
    text = "Write `{{< var x >}}`, `\\@ref(fig:a)` and `> [!NOTE]`.\n\n```\n{{< include a.md >}}\n!!! note\n{cite}`x`\n```\n"
    found = one(lay, text)
    assert rules(found) == []
    assert r"\@ref(fig:a)" in words(found)
    assert [block.text for block in every(CodeBlock, found.document.tree.blocks)] == [
        "{{< include a.md >}}\n!!! note\n{cite}`x`"
    ]


def test_a_heading_of_nothing_but_code_is_not_empty(lay: Lay) -> None:
    assert headings(one(lay, "# `filter()`\n\nText.\n")) == ["filter()"]


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


def test_a_figure_that_a_cell_would_draw_is_mentioned_by_number(lay: Lay) -> None:
    cell = "```{code-cell}\n---\nmystnb:\n  figure:\n    caption: Hours\n    name: hours\n---\nplot()\n```\n"
    found = one(lay, f"See {{numref}}`hours`.\n\n{cell}")
    assert "See Figure 1." in words(found)
    assert found.document.labels.keys() == {"hours"}


@pytest.mark.parametrize("where", ["index.Rmd", "_common.R"])
def test_what_one_chapter_of_bookdown_sets_for_all_chunks_holds_in_every_chapter(lay: Lay, where: str) -> None:
    options = "knitr::opts_chunk$set(echo = FALSE)\n"
    setup = f"```{{r setup, include=FALSE}}\n{options}```\n" if where == "index.Rmd" else ""
    files = {
        **BOOKDOWN,
        "index.Rmd": f"# About\n\n{setup}\nText.\n",
        "one.Rmd": "# One\n\n```{r}\nhidden()\n```\n\n```{r, echo=TRUE}\nshown()\n```\n",
        "_common.R": options if where == "_common.R" else "library(x)\n",
    }
    code = every(CodeBlock, read(loading.load(lay(files))).document.tree.blocks)
    assert [block.text for block in code] == ["shown()"]


FROZEN = """---
title: Rest
---

# Rest

```{r}
#| echo: false
library(tidyverse)
```

```{r}
mean(x)
```

```{r, echo=FALSE, fig.cap="Naps"}
#| label: fig-naps
plot(x)
```

```{r}
table(x)
```

```{r}
#| label: tbl-doses
#| tbl-cap: "Doses"
#| echo: false
gt(x)
```

See @tbl-doses.
"""
RUN = """# Rest

::: {.cell}

```{.r .cell-code}
mean(x)
```

::: {.cell-output .cell-output-stdout}
```
[1] 7.5
```
:::
:::

::: {.cell}
::: {.cell-output-display}
![Naps](rest_files/figure-html/fig-naps-1.png){#fig-naps width=672}
:::
:::

::: {.cell}

```{.r .cell-code}
table(x)
```

::: {.cell-output-display}
`````{=html}
<div class="datatables html-widget"></div><script type="application/json">{"x": [1]}</script>
`````
:::
:::

::: {#tbl-doses .cell tbl-cap='Doses'}
::: {.cell-output-display}
`````{=html}
<div id="a"><style>#a td {color: red}</style>
<table class="gt_table"><tr><th style="text-align: right">Allele</th></tr>

    <tr><td class="gt_row">CYP2C19*2 <b>and</b> *3</td></tr></table></div>
`````
:::
:::
"""


@pytest.mark.parametrize("changed", [False, True])
def test_results_that_quarto_has_kept_are_used_while_the_chapter_is_the_one_that_was_run(
    lay: Lay, picture: bytes, changed: bool
) -> None:
    digest = hashlib.md5(FROZEN.encode(), usedforsecurity=False).hexdigest()
    kept = json.dumps({"hash": digest, "result": {"markdown": RUN}})
    folder = lay(
        {
            "_quarto.yml": "project:\n  type: book\nbook:\n  title: Rest\n  chapters: [part/rest.qmd]\n",
            "_freeze/part/rest/execute-results/html.json": kept,
        }
    )
    (folder / "part").mkdir()
    (folder / "part" / "rest.qmd").write_text(FROZEN + "Changed.\n" * changed, "utf-8")
    drawn = folder / "_freeze" / "part" / "rest" / "figure-html" / "fig-naps-1.png"
    drawn.parent.mkdir()
    drawn.write_bytes(picture)
    found = read(loading.load(folder))
    shown = [code.text for code in every(CodeBlock, found.document.tree.blocks)]
    missing = [one.message for one in found.findings if one.rule == "SRC106"]
    if changed:
        assert "[1] 7.5" not in shown and "5 times" in missing[0]
    else:
        # What a program draws in the browser is no result; a chunk without a cell of its own had none.
        assert shown == ["mean(x)", "[1] 7.5", "table(x)"] and len(missing) == 1 and "times" not in missing[0]
        assert [image.identifier for image in found.document.images] == ["fig-naps"]
        assert "See Table 1.1." in words(found).replace("\xa0", " ")
        cells = [block for block in found.document.blocks if block.kind in {BlockKind.CELL, BlockKind.HEADER_CELL}]
        assert [cell.text for cell in cells] == ["Allele", "CYP2C19*2 and *3"]
        assert not [one for one in found.findings if one.rule in {"SRC042", "SRC043"}]
        assert "not computed" not in words(found) and not [one for one in found.findings if one.rule == "SRC060"]


def test_a_figure_of_myst_shows_what_a_notebook_keeps_of_the_cell_that_it_names(lay: Lay, picture: bytes) -> None:
    def cell(label: str, data: dict[str, object]) -> dict[str, object]:
        return {
            "cell_type": "code",
            "source": [f"#| label: {label}\n", "x"],
            "outputs": [{"data": data}],
            "metadata": {},
        }

    drawn = cell("plot", {"image/png": base64.b64encode(picture).decode(), "text/plain": "<Figure>"})
    table = cell("doses", {"text/html": ["<table><tr><th>Dose</th></tr>", "<tr><td>5 mg</td></tr></table>"]})
    figures = "".join(
        f"```{{figure}} #{name}\n:label: {label}\nWords on {name}.\n```\n\n"
        for name, label in (("plot", "fig-plot"), ("doses", "tbl-doses"), ("gone", "fig-gone"))
    )
    value = cell("total", {"text/plain": "17 * 3"})
    shown = "Drawn: ![](#plot). In all ![](#total).\n\n![](#doses)\n\n![](#fig-plot)\n"
    text = f"# Rest\n\nSee @fig-plot and @tbl-doses.\n\n{figures}{shown}"
    files = {
        "myst.yml": "project:\n  toc:\n    - file: part/a.md\n",
        "runs/nb.ipynb": json.dumps({"cells": [drawn, table, value]}),
    }
    found = read(loading.load(lay({**files, "part/a.md": text})))
    assert "See Figure 1 and Table 1." in words(found).replace("\xa0", " ")
    assert len(found.pictures) == 1 and len(found.document.images) == 2
    assert "In all 17 * 3." in words(found)
    assert [link.target for link in found.document.links] == ["#fig-plot"]
    assert [block.text for block in found.document.blocks if block.kind is BlockKind.CELL] == ["5 mg", "5 mg"]
    missing = [one for one in found.findings if one.rule in {"SRC106", "SRC021", "SRC060"}]
    assert [str(one.location) for one in missing] == ["part/a.md:15:1"] and "#gone" in missing[0].message


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("text.Rmd", "```{r, fig.cap='Beds'}\nknitr::include_graphics('a.png')\n```\n", "fig.alt="),
        ("text.qmd", "```{r}\n#| fig-cap: Beds\nknitr::include_graphics('a.png')\n```\n", "#| fig-alt:"),
        ("text.qmd", "![Beds](a.png)\n", "{alt="),
    ],
)
def test_the_advice_on_alternative_text_fits_what_draws_the_picture(
    lay: Lay, picture: bytes, name: str, text: str, advice: str
) -> None:
    folder = lay({name: f"---\ntitle: A\ndate: 2026-01-05\n---\n\n{text}"})
    (folder / "a.png").write_bytes(picture)
    [found] = [finding for finding in pubkit.check(folder / name).findings if finding.rule == "A11Y001"]
    assert advice in found.remedy


def test_a_notebook_is_a_chapter_with_the_outputs_that_it_keeps(lay: Lay, picture: bytes) -> None:
    def code(*source: str, outputs: object = (), **metadata: object) -> dict[str, object]:
        return {"cell_type": "code", "source": [*source], "outputs": [*outputs], "metadata": metadata}  # type: ignore[misc]

    drawn = {"image/png": base64.b64encode(picture + bytes(60_000)).decode(), "text/plain": "<Figure>"}
    frame = (
        "<div><style scoped>\n.x {}\n</style>\n<table><tr><th>Dose</th></tr>\n\n<tr><td>5 mg</td></tr></table></div>"
    )
    cells = [
        {
            "cell_type": "markdown",
            "source": ["# Naps\n", "\n", 'One *said*: "rest".\n', "It is [said](#x)."],
            "metadata": {},
        },
        code(
            '#| echo: false\n#| fig-alt: "Two Beds"\n',
            "plot()",
            outputs=[{"output_type": "display_data", "data": drawn}],
        ),
        code("frame", outputs=[{"output_type": "execute_result", "data": {"text/html": frame}}]),
        code("print(1)", outputs=[{"output_type": "stream", "name": "stdout", "text": ["1\n"]}], tags=["remove-input"]),
        code("1 / 0", outputs=[{"output_type": "error", "ename": "ZeroDivisionError"}], tags=["remove-input"]),
        code("2 / 0", outputs=[{"output_type": "error"}], tags=["raises-exception", "remove-input"]),
        code("secret", outputs=[{"output_type": "stream", "name": "stderr", "text": "warned"}], tags=["remove-cell"]),
    ]
    notebook = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4}
    files = {
        "myst.yml": "project:\n  title: Rest\n  toc:\n    - file: part/nb.ipynb\n    - file: torn.ipynb\n",
        "torn.ipynb": "[]",
    }
    folder = lay({**files, "part/nb.ipynb": json.dumps(notebook, indent=1)})
    found = read(loading.load(folder))
    assert [block.text for block in found.document.blocks if block.kind is BlockKind.PARAGRAPH] == [
        "One said: “rest”. It is said.",
        "[Cell failed]",
    ]
    assert [(one.attr.classes, one.text) for one in every(CodeBlock, found.document.tree.blocks)] == [
        (["python"], "frame"), (["cell-output"], "1"),
    ]  # fmt: skip
    assert [block.text for block in found.document.blocks if block.kind is BlockKind.CELL] == ["5 mg"]
    [failed] = [one.message for one in found.findings if one.rule == "SRC106"]
    assert failed == "part/nb.ipynb has a cell that failed, and so has no result."
    assert list(found.pictures) == ["part/nb.ipynb#cell-2"]
    assert [image.alt for image in found.document.images] == ["Two Beds"]
    line = 1 + (folder / "part" / "nb.ipynb").read_text("utf-8").split("\n").index('    "It is [said](#x)."')
    assert [(link.location.file, link.location.line) for link in found.document.links] == [("part/nb.ipynb", line)]
    assert {one.rule for one in found.findings} <= {"SRC100", "SRC103", "SRC104", "SRC106", "SRC063"}
    assert [str(one.location) for one in found.findings if one.rule == "SRC104"] == ["myst.yml:5:7"]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_finding_in_a_notebook_names_the_cell_and_marks_its_words(
    lay: Lay, indent: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [{"output_type": "stream", "name": "stdout", "text": 'a "cell_type" \n'}]
    cells = [
        {"cell_type": "markdown", "source": "# Naps\n"},
        {"cell_type": "code", "source": "#| label: x\nprint(1)", "outputs": kept},
        {"cell_type": "markdown", "source": 'One\n\n"Rest" \\alpha 𝕏 costs [@lost2020].'},
    ]
    folder = lay({"myst.yml": "project:\n  toc:\n    - file: nb.ipynb\n"})
    (folder / "nb.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=indent))
    [place] = [one.location for one in pubkit.check(folder).findings if one.rule == "CIT007" and one.location]
    assert str(place) == "nb.ipynb, cell 3, line 3"
    line = (folder / "nb.ipynb").read_text().split("\n")[place.line - 1]
    assert line[place.column - 1 : place.end_column - 1] == "@lost2020"
    assert main(["check", str(folder), "--format", "json"]) == 1
    assert "cell 3, line 3" in {one.get("within") for one in json.loads(capsys.readouterr().out)["findings"]}
