"""What depends on a language or a script: one folding of text, one table of look-alikes, one folder for each language."""
