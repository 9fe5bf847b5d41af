"""The reference validators, run where they are installed."""
