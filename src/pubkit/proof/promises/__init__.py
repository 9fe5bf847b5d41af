"""What every format promises of the text: headings, tables, figures, notes and references, in their order."""
