"""The PDF, paged by WeasyPrint in a process of its own."""
