"""The editorial record: the claims and their evidence, the review, and the frameworks that the publication meets."""
