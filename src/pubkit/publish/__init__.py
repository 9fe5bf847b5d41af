"""What a release is: its files, its manifest, how it is put in place, and what `pubkit verify` finds in it."""
