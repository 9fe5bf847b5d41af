"""One reader for each bibliography format; `pubkit.references.bibliography` chooses among them."""
