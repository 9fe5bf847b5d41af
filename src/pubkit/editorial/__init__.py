"""The editorial record: what was claimed on what evidence, who reviewed it, and which frameworks the publication meets."""
