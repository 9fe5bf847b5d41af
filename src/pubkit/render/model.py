"""What is printed: one edition, the same for every format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.review import PrintedReview
from pubkit.formats import OutputFormat
from pubkit.manuscript.front import FrontMatter, unmarked_front
from pubkit.manuscript.model import Block, Picture
from pubkit.manuscript.tree import Tree
from pubkit.project.metadata import Form, Publication
from pubkit.references.item import Item

__all__ = ["Edition", "HouseFace", "Styles"]


class HouseFace(Struct, frozen=True):
    """One face of the house: its use ("text" or "headings"), its weight from 100 to 900, its slope, its file's bytes."""

    use: str
    weight: int
    italic: bool
    data: bytes

    @property
    def family(self) -> str:
        """Return the name of the family by which style sheets select it."""
        return "House Text" if self.use == "text" else "House Headings"


class Styles(Struct, frozen=True):
    """The style sheets of an edition, as text; `house` has the publication's own, by path, and `faces` its typeface."""

    web: str
    epub: str
    print: str
    house: Mapping[str, str] = {}
    faces: tuple[HouseFace, ...] = ()


class Edition(Struct, frozen=True, weakref=True, eq=False):
    """Everything that the writers need, the same for each of them.

    An edition equals only itself, so that what was made from it can be kept for as long as it lives.

    `tree` is the checked syntax tree after citeproc: no raw parts, every image target a key of `pictures`, cross-references
    resolved, the reference list in a Div with the id "refs". `cited` are the CSL items of the reference list. `moment`
    is the date of the edition (UTC), from SOURCE_DATE_EPOCH or the front matter, never from the clock. `unchecked` counts
    the references that no registry has confirmed; the imprint says so. `sections_numbered` is read from the tree. `review`
    is what may be said of the review: the names of reviewers are printed from there, never from the front matter.
    `faceless` are characters that no installed face has; the PDF prints their numbers. `form` is how the text is set. The
    title, subtitle and abstract of `publication` are plain; `printed_front` has them with their emphasis. `text` has the
    runs of the text with their places in the source, so that a proof can say where to look. `earlier` are the editions
    released before this one: the version and the day of each. `beside` are the formats that lie beside the web page, and to
    which it links.
    """

    publication: Publication
    slug: str
    identifier: str
    tree: Tree
    pictures: Mapping[str, Picture]
    disclaimers: tuple[DisclaimerBlock, ...]
    cited: tuple[Item, ...]
    styles: Styles
    moment: dt.datetime
    source_sha256: str
    csl_name: str
    csl_title: str
    draft: bool = False
    unchecked: int = 0
    checked_on: dt.date | None = None
    notes: tuple[str, ...] = ()
    review: PrintedReview = PrintedReview()
    faceless: tuple[str, ...] = ()
    form: Form = "article"
    front: FrontMatter | None = None
    text: tuple[Block, ...] = ()
    earlier: tuple[tuple[str, dt.date], ...] = ()
    beside: tuple[OutputFormat, ...] = ()

    @property
    def printed_front(self) -> FrontMatter:
        """Return what is printed as the title, the subtitle and the abstract."""
        return self.front or unmarked_front(self.publication)
