"""What a sentence claims, and what stands behind it."""
