"""Compare a cited work with a record of it: titles, people, venues and the other fields."""
