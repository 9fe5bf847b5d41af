"""HTML in a manuscript, read into the tree: its tags become pandoc's elements of the same meaning."""

from pubkit.manuscript.html.reader import read

__all__ = ["read"]
