"""The findings beside their sentences, on the publication's own web page: what an editor who reads no terminal gets."""
