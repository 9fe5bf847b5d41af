"""The figures of a sourced sentence, and what the abstracts of its sources say of them."""
