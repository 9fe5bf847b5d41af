"""What a manuscript cites, and what is known of it."""
