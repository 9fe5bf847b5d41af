"""Where things from outside come in: files, text, pandoc, the system."""
