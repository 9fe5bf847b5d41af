"""What a review covers: everything that is printed, in named parts, each with its sha256.

A reviewer signs the sum of the parts. The parts themselves show later what has changed since: the title, a chapter, a
picture, a reference. A key that is added to pubkit.yaml is covered unless it is named here as left out.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pubkit.boundary.files import printable
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.manuscript import charts
from pubkit.manuscript.model import Manuscript
from pubkit.project.metadata import Publication, Reviewer
from pubkit.references.item import Item, as_json

__all__ = ["NOT_COVERED", "changes", "digest", "listing", "missing", "parts", "signed_by"]

#: What `_LEFT_OUT` means, in the words of a review record.
NOT_COVERED = (
    "version, identifier and file name; the dates published and updated; page size and output formats; other reviewers; "
    "translations; waivers and the baseline, how old the retraction data may be, and whether the lock keeps abstracts"
)
_LEFT_OUT = frozenset(
    {
        *("review", "reviewers", "unreviewed", "waivers", "translations"),
        *(
            "version",
            "identifier",
            "permalink",
            "slug",
            "outputs",
            "format_links",
            "page_size",
            "snapshot_max_age",
            "status_max_age",
            "keep_abstracts",
        ),
        *("authors", "chapters", "dates", "evidence"),  # split into parts below
    }
)
_DATES_LEFT_OUT = frozenset({"published", "updated"})
_SHORT = 12
_LONGEST_NAME = 600


def parts(
    publication: Publication,
    manuscript: Manuscript,
    items: Mapping[str, Item],
    disclaimers: Sequence[DisclaimerBlock],
    sheets: Mapping[str, str],
) -> dict[str, str]:
    """Return the sha256, in hexadecimal, of each part of what is printed, by the part's name.

    Args:
        publication: what the publication says about itself.
        manuscript: its chapters and pictures.
        items: the CSL item of each work that is cited, by citation key.
        disclaimers: the blocks that are printed.
        sheets: the publication's own style sheets and citation style, by name, as text.
    """
    found = {
        **_statements(publication),
        **_chapters(manuscript),
        **dict(_pictures(manuscript)),
        **{f"reference {key}": _sha256(as_json(items[key])) for key in _cited(manuscript) if key in items},
        **{f"disclaimer {block.variant}": _sha256(_as_chosen(block)) for block in disclaimers},
        **{name: _sha256(text) for name, text in sheets.items()},
    }
    return {printable(name, _LONGEST_NAME): found[name] for name in sorted(found)}


def _pictures(manuscript: Manuscript) -> Iterator[tuple[str, str]]:
    """Yield the name and sha256 of each picture; charts, whose paths say what they show, are numbered."""
    numbers = itertools.count(1)
    for target, picture in manuscript.pictures.items():
        name = f"chart {next(numbers)}" if target.startswith(f"/{charts.CLASS}/") else f"picture {target}"
        yield name, picture.sha256


def missing(manuscript: Manuscript, items: Mapping[str, Item], problems: Sequence[str]) -> tuple[str, ...]:
    """Return in words what is still missing from print: pictures, works cited, `problems` with disclaimers."""
    pictures = dict.fromkeys(one.target for one in manuscript.document.images if one.target not in manuscript.pictures)
    works = [key for key in _cited(manuscript) if key not in items]
    return (*(f"the picture {name}" for name in pictures), *(f"the reference {key}" for key in works), *problems)


def signed_by(content: Mapping[str, str], reviewer: Reviewer) -> dict[str, str]:
    """Return the parts that `reviewer` signs: `content`, and what is printed of the reviewer."""
    return {**content, "reviewer": _sha256(msgspec.to_builtins(reviewer))}


def digest(content: Mapping[str, str]) -> str:
    """Return one sha256, in hexadecimal, over all parts and their names."""
    lines = (f"{sha256}  {name}\n" for name, sha256 in sorted(content.items()))
    return hashlib.sha256("".join(lines).encode("utf-8", "replace")).hexdigest()


def listing(content: Mapping[str, str]) -> str:
    """Return the parts as a record keeps them, one a line: the sha256's first twelve digits, two spaces, the name."""
    return "".join(f"{sha256[:_SHORT]}  {name}\n" for name, sha256 in sorted(content.items()))


def changes(listed: str, content: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the parts that differ between `listed`, which `listing` wrote, and `content`."""
    old = {name: sha256 for sha256, _, name in (line.partition("  ") for line in listed.splitlines()) if name}
    new = {name: sha256[:_SHORT] for name, sha256 in content.items()}
    return tuple(_change(name, old, new) for name in sorted({*old, *new}) if old.get(name) != new.get(name))


def _change(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    if (name in old and name in new) or " " not in name:
        return name  # a key that pubkit.yaml leaves out has a value all the same
    return f"{name} ({'new' if name in new else 'gone'})"


def _statements(publication: Publication) -> dict[str, str]:
    said = msgspec.to_builtins(publication)
    stated = {name: value for name, value in said.items() if name not in _LEFT_OUT}
    stated |= {f"author {number}": author for number, author in enumerate(said.get("authors", ()), 1)}
    stated |= {name: value for name, value in said["dates"].items() if name not in _DATES_LEFT_OUT}
    stated |= {f"evidence {key}": value for key, value in said.get("evidence", {}).items()}
    return {name: _sha256(value) for name, value in stated.items()}


def _chapters(manuscript: Manuscript) -> dict[str, str]:
    # In a single file, empty lines replace the front matter, which includes the review.
    texts = {f"chapter {source.path}": source.text.lstrip("\n") for source in manuscript.sources}
    order = [source.path for source in manuscript.sources]
    return {"order of the chapters": _sha256(order), **{name: _sha256(text) for name, text in texts.items()}}


def _cited(manuscript: Manuscript) -> Sequence[str]:
    return tuple(dict.fromkeys(citation.key for citation in manuscript.citations))


def _as_chosen(block: DisclaimerBlock) -> Sequence[Any]:
    """Return a disclaimer without the dates and names in its slots, which are parts of their own."""
    return (block.variant, block.locale, block.version, block.sha256, sorted(block.links.items()), block.marker)


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
