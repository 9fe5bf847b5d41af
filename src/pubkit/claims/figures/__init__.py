"""The figures in a sourced sentence, and what the abstracts of its sources say about them."""
