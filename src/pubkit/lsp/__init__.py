"""A language server: findings, references and labels in any text editor that speaks the Language Server Protocol.

Source: Language Server Protocol, version 3.17.
"""
