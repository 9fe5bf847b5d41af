"""What comes back from Word: tracked changes and comments, with the lines they belong to."""
