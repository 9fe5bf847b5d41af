"""Framework by framework: what a publication meets, and what only a person can judge."""
