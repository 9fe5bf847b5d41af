"""How a browser would show an element: style sheets, the cascade, lengths, colours, and what they hide."""
