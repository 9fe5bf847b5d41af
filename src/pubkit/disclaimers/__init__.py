"""The disclaimers: their texts, and which of them a manuscript needs."""
