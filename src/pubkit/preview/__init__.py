"""The page in the browser while it is written: renewed on every save, with each finding beside its sentence."""
