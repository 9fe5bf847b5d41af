"""What a sentence claims, and which sources support it."""
