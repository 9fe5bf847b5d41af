"""A publication on disk, and what it says about itself."""
