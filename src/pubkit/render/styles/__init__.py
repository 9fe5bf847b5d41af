"""How an edition looks: our own style sheets, and the door for those of a publication."""
