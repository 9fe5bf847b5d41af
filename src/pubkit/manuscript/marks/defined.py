"""The labels that a manuscript defines, in the forms of all tools, and the names that pandoc can read for them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks.names import named

__all__ = ["defined", "name_of"]

_DEFINED = expression(
    r"^[ \t]*\((?P<target>[\w:./ -]+)\)=[ \t]*$|^[ \t]*(?::(?:name|label):|#\|[ \t]*label:|[ \t]{2}name:)"
    r"[ \t]*(?P<option>\S+)"
    r"|\{(?:[^{}\n#]{1,100}[ \t])?#(?P<attribute>[\w:./-]+)|\$\$[ \t]*\((?P<equation>[\w:./-]+)\)[ \t]*$"
    r"|^```\{\w+[ ,]+(?P<chunk>(?:fig|tbl)-[\w-]+)|\\label\{(?P<tex>[^{}\n]+)\}",
    re.MULTILINE,
)
#: A theorem, or what bookdown numbers like one, with its label.
_THEOREM = expression(
    rf"^[ \t]*`{{3,}}\{{(?:{'|'.join(sorted(named('theorems')))})[ ,]+(?:label[ ]?=[ ]?)?"
    r"[\"']?(?P<label>[\w-]+)[\"']?[ \t]*[,}]",
    re.MULTILINE,
)
#: Of labels one below the other, MyST lets all name what follows the last.
_STACKED = expression(r"^[ \t]*\(([^()\n]+)\)=[ \t]*\n(?=[ \t]*\(([^()\n]+)\)=[ \t]*$)", re.MULTILINE)
_HEADING = expression(r"^#{1,6}[ \t]+([^\n{]*[^\s{])", re.MULTILINE)
_NOT_IN_SLUGS = expression(r"[^\w\s.-]+")
_NOT_IN_NAMES = expression(r"[^\w:.-]+")


def name_of(label: str) -> str:
    """Return a label without signs that pandoc does not take in one: a/b is a-b."""
    return _NOT_IN_NAMES.sub("-", label.strip())


def _slug(heading: str) -> str:
    """Return the id that pandoc makes of the words of a heading."""
    kept = "-".join(_NOT_IN_SLUGS.sub("", heading).lower().split())
    return kept.lstrip("0123456789_.-")


def defined(sources: Iterable[SourceFile]) -> Mapping[str, str]:
    """Return the names of all labels in `sources`, by the label in small letters, in which MyST compares them."""
    texts = [source.text for source in sources]
    labels = (one[one.lastgroup or 0] for text in texts for one in _DEFINED.finditer(text))
    of_theorems = (one["label"] for text in texts for one in _THEOREM.finditer(text))
    found = itertools.chain(labels, of_theorems)
    names = {label.strip().strip("\"'").lower(): name_of(label.strip("\"'")) for label in found}
    for heading in (found[1] for text in texts for found in _HEADING.finditer(text)):
        names.setdefault(_slug(heading), _slug(heading))
    for text in texts:
        for above, below in reversed(_STACKED.findall(text)):
            names[above.strip().lower()] = names.get(below.strip().lower(), name_of(below))
    return names
