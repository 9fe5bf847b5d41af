"""The EPUB 3 package."""
