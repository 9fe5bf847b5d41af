"""The substance registry: what a substance is called, which risks a text on it must name, and its legal status."""
