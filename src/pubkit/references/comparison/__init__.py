"""A cited work held against a record of it: titles, people, venues, the rest."""
