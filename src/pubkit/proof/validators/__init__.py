"""The reference validators, run if they are installed."""
