"""Manuscripts of other tools on disk, and what pubkit makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pubkit.manuscript import read
from pubkit.manuscript.model import Manuscript
from pubkit.manuscript.tree import Header, Para, Plain, nodes, plain_text
from pubkit.project import loading

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
              roles: [Conceptualisation, {software: lead}, made the tea]
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


def headings(manuscript: Manuscript) -> list[str]:
    return [heading.text for heading in manuscript.document.headings]


def one(lay: Lay, text: str, files: Mapping[str, str] | None = None, name: str = "text.md") -> Manuscript:
    return read(loading.load(lay({name: text, **(files or {})}) / name))


def words(manuscript: Manuscript) -> str:
    runs = (node for node in nodes(manuscript.document.tree.blocks) if isinstance(node, Para | Plain | Header))
    return " ".join(" ".join(map(plain_text, runs)).split())


def rules(manuscript: Manuscript) -> list[str]:
    return [finding.rule for finding in manuscript.findings if finding.rule in {"SRC105", "SRC106"}]


def findings_of(manuscript: Manuscript, *wanted: str) -> list[str]:
    return [finding.message for finding in manuscript.findings if finding.rule in wanted]
