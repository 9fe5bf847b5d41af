"""References as other tools write them: bookdown's \\@ref, LaTeX's \\ref, Manubot's tags, and links to DOIs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.marks.context import Context
from pubkit.manuscript.marks.names import canonical
from pubkit.manuscript.marks.replacing import defined, removed, replaced

__all__ = ["numbered_links", "reference_edits"]

_BOOKDOWN = expression(r"\\@ref\((?P<label>[\w:.-]+)\)")
_LATEX_REF = expression(r"\\(?P<command>auto|c|C|eq|name|page|v)?ref\*?\{(?P<label>[^{}\n]+)\}")
_LINK_SCHEME = expression(
    r"(?<=\]\()(?P<scheme>doi|wiki):(?P<rest>[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)(?=[\s)])|<doi:(?P<bare>10\.[^\s<>]+)>"
)
#: MyST's identifiers of research resources and organisations (mystmd.org/guide, External references).
_RESOURCE = expression(
    r"<(?P<scheme>rrid|ror):(?P<identifier>[\w:.-]{1,80})>|(?<=\]\()(?P<inside>rrid|ror):(?P<rest>[\w:.-]{1,80})(?=\))",
    re.IGNORECASE,
)
_RESOURCES = {"rrid": "https://scicrunch.org/resolver/RRID:", "ror": "https://ror.org/"}
_WIKI = expression(r"<wiki:(?P<page>[^\s<>]+)>")
#: The link to a label, as MyST writes it; the empty one gets the words of what it leads to.
_LABEL_LINK = expression(r"(?<=\]\()#?(?P<label>[\w:./-]+)(?=\))")
#: A link into another project: MyST's, and Sphinx's.
_PROJECT_LINK = expression(
    r"\[(?P<words>[^\[\]]{0,500})\]\((?P<target>(?:xref|inv):(?P<project>[\w.-]*)[:#]?(?P<label>[^\s()]*))\)"
)
#: Sphinx's shorter form: the name of the project before the colon.
_NAMED_PROJECT = expression(r"(?<=\]\()(?P<project>[A-Za-z][\w-]*):(?!//)(?P<page>[\w./-]+)(?=[#)])")
_PROJECTS = ("meta.references.{}.url", "meta.references.{}", "meta.sphinx.config.intersphinx_mapping.{}.0")
#: A part of a figure that a chunk draws, as Quarto numbers them.
_PART_MENTIONED = expression(r"(?<=@)(?P<whole>(?:fig|tbl)-[\w-]+)-\d+\b")
#: A mention at the beginning of a sentence, for which Quarto and pandoc-crossref have a capital.
_CAPITAL_MENTIONED = expression(r"(?<=@)[A-Z][a-z]{1,3}[-:]\w(?:[\w:.-]*\w)?")
_BRACED = expression(r"\{@(?P<key>(?:fig|tbl|eq|sec):[\w:.-]+)\}")
#: The attribute of pandoc-xnos for a mention that is no link.
_NO_LINK = expression(r"(?<=[\w}])\{nolink=\w{1,10}\}")
#: A link in the words of a link to the same place, as pandoc writes the page numbers of Word's table of contents.
_LINK_IN_LINK = expression(
    r"\[[^\[\]]{1,300}(?P<open>\[)[^\[\]]{1,60}(?P<close>\]\((?P<to>#[^()\s]{1,200})\))\]\(\s?(?P=to)\)"
)
#: The signs of pandoc-xnos before a mention; a star with another one behind it is emphasis.
_MODIFIED = expression(r"(?<![\w@*])(?:[+!]|\*(?!(?:[^*\n]|\n(?!\s*\n)){1,2000}\*(?!@)))(?=@(?:fig|tbl|eq|sec):\w)")
#: Citations in brackets of their own, side by side, of which pandoc prints the first brackets.
_SIDE_BY_SIDE = expression(r"(?<![\w\]!])(?:\[[^\[\]\n]{0,200}?-?@[^\[\]\n]{1,400}\]){2,}(?![\[({:])")
#: Scripts without spaces between words, in which pandoc takes the @ for part of a word, or the next word for part of a key.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WITHIN_WORDS = expression(
    rf"(?<=(?P<before>[{_UNSPACED}]))?@(?P<label>[A-Za-z][A-Za-z0-9_:.-]*[A-Za-z0-9])(?=(?P<after>[{_UNSPACED}]))?"
)
_KEY_MENTIONED = expression(r"@(?P<name>\w(?:[\w:.#$%&+?<>~/-]*[\w/])?)")
_TAG_MENTIONED = expression(r"@(?P<name>\w(?:[\w:.-]*\w)?)")
_TAG_DEFINED = expression(r"^\[@(?P<name>[^\]\s]+)\]:[ \t]*(?P<said>\S+)(?:[ \t]+[\"'(].*)?[ \t]*$", re.MULTILINE)


#: The words of a link with a place for the number of what it leads to (mystmd.org/guide, Cross-references).
_NUMBERED_LINK = expression(
    r"\[(?P<words>[^\[\]\n]{0,200}(?:%s|\{number\})[^\[\]\n]{0,200})\]\(#(?P<label>[\w:./-]+)\)"
)


def numbered_links(text: str, known: Context) -> Iterator[Edit]:
    """Yield the edits that put the number of a figure into the words of a link to it: [Figure %s](#fig)."""
    for found in _NUMBERED_LINK.finditer(text):
        if name := known.labels.get(found["label"].lower()):
            yield Edit(found.start(), found.end(), re.sub(r"%s|\{number\}", f"[-@{name}]", found["words"]))


def reference_edits(text: str, known: Context) -> Iterator[Edit]:
    """Yield the edits that turn references to labels and identifiers into pandoc's."""
    yield from replaced(text, _BOOKDOWN, lambda found: f"[-@{known.label(canonical(found['label']), 'sec')}]")
    yield from replaced(text, _LATEX_REF, lambda found: _latex_reference(found, known))
    yield from replaced(text, _WIKI, _wikipedia)
    yield from replaced(text, _RESOURCE, _resource)
    yield from replaced(text, _LINK_SCHEME, _address)
    yield from _to_labels(text, known)
    yield from _to_projects(text, known)
    for found in _LINK_IN_LINK.finditer(text):
        yield from (Edit(*found.span(part), "") for part in ("open", "close"))
    yield from removed(text, _NO_LINK)
    yield from replaced(text, _BRACED, lambda found: f"[@{found['key']}]")
    yield from removed(text, _MODIFIED)
    for found in _SIDE_BY_SIDE.finditer(text):
        for between in re.finditer(r"\]\[", found[0]):
            yield Edit(found.start() + between.start(), found.start() + between.end(), "; ")
    for found in _WITHIN_WORDS.finditer(text):
        if (found["before"] or found["after"]) and found["label"].lower() in known.labels:
            yield Edit(found.start(), found.end(), f"[@{found['label']}]")
    yield from _tagged(text, known)
    yield from defined(text, _TAG_DEFINED, _TAG_MENTIONED, lambda found: f"@{found['said'].removeprefix('@')}")


def _latex_reference(found: re.Match[str], known: Context) -> str:
    """Return a mention of a label: with its word, as \\autoref and \\cref print it, else its number alone."""
    sign = "" if found["command"] in {"auto", "c", "C"} else "-"
    return f"[{sign}@{known.label(canonical(found['label'].strip()), 'sec')}]"


def _wikipedia(found: re.Match[str]) -> str:
    return f"[{found['page'].replace('_', ' ')}](https://en.wikipedia.org/wiki/{found['page']})"


def _resource(found: re.Match[str]) -> str:
    """Return a link to a research resource or organisation; only the address where the link has words of its own."""
    if found["inside"]:
        return f"<{_RESOURCES[found['inside'].lower()]}{found['rest']}>"
    scheme, identifier = found["scheme"].lower(), found["identifier"]
    return f"[{'RRID:' if scheme == 'rrid' else ''}{identifier}]({_RESOURCES[scheme]}{identifier})"


def _to_labels(text: str, known: Context) -> Iterator[Edit]:
    """Let links and mentions lead to the labels that they mean."""
    for found in _LABEL_LINK.finditer(text):
        name = known.labels.get(found["label"].lower())
        if name and found[0] != f"#{name}" and not known.exists(found["label"]):
            yield Edit(found.start(), found.end(), f"#{name}")
    for found in _CAPITAL_MENTIONED.finditer(text):
        small = found[0][0].lower() + found[0][1:]
        if known.labels.get(small.lower()) == small:
            yield Edit(found.start(), found.end(), small)
    for found in _PART_MENTIONED.finditer(text):
        if found["whole"].lower() in known.labels and found[0].lower() not in known.labels:
            yield Edit(found.start(), found.end(), found["whole"])


def _to_projects(text: str, known: Context) -> Iterator[Edit]:
    """Let links into another project lead to the site that the configuration gives for it."""
    for found in _NAMED_PROJECT.finditer(text):
        if address := known.variables.get(_PROJECTS[-1].format(found["project"])):
            page = re.sub(r"\.(?:md|rst|ipynb)$", ".html", found["page"])
            yield Edit(found.start(), found.end(), f"{address.rstrip('/')}/{page}")
    for found in _PROJECT_LINK.finditer(text):
        addresses = (known.variables.get(name.format(found["project"])) for name in _PROJECTS)
        if address := next(filter(None, addresses), None):
            words = found["words"] or found["label"] or found["project"]
            yield Edit(found.start("words"), found.end("words"), words)
            yield Edit(found.start("target"), found.end("target"), f"<{address}>")


def _address(found: re.Match[str]) -> str:
    site = "https://en.wikipedia.org/wiki/" if found["scheme"] == "wiki" else "https://doi.org/"
    return f"<{site}{found['bare']}>" if found["bare"] else f"{site}{found['rest']}"


def _tagged(text: str, known: Context) -> Iterator[Edit]:
    """Put the identifier in place of a tag that Manubot's citation-tags.tsv defines."""
    for found in _KEY_MENTIONED.finditer(text) if any(name.startswith("tag:") for name in known.variables) else ():
        meant = known.variables.get(found["name"] if found["name"].startswith("tag:") else f"tag:{found['name']}")
        if meant:
            yield Edit(found.start(), found.end(), f"@{{{meant}}}" if meant.endswith("/") else f"@{meant}")
