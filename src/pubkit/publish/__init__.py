"""What `pubkit verify` finds in a set."""
