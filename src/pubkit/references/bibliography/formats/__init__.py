"""One reader for each bibliography format; `pubkit.references.bibliography.reading` chooses among them."""
