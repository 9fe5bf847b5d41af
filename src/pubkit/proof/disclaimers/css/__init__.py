"""How a browser would show the disclaimers, for the part of CSS that can reach a finished file."""
