"""The bibliography, as the author keeps it and as citeproc prints it."""
