"""Files to Manuscript: front matter, source text, syntax tree, positions, sentences."""

from pubkit.manuscript.model import Manuscript
from pubkit.manuscript.reading import read

__all__ = ["Manuscript", "read"]
