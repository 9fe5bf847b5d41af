"""The disclaimers as a reader of the finished file sees them."""
