"""The Word file for reviewers."""
