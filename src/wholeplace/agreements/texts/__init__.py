"""Texts: what is signed: parties, clauses, words, hash, plain English, and other formats.

Nothing here knows who signed, what is in force, or anybody's record.
"""

__all__: list[str] = []
