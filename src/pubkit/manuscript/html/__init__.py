"""HTML in a manuscript, read into the tree: its tags become the elements of pandoc that mean the same."""

from pubkit.manuscript.html.reader import read

__all__ = ["read"]
