"""What a rule knows to correct exactly, corrected in the author's files: a diff first, and a check afterwards."""
