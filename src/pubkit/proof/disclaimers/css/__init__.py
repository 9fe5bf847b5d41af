"""How a browser would show the disclaimers: the part of CSS that pubkit's own sheets and the door for others let through."""
