"""The doors through which things from outside come in: files, text, programs, the system."""
