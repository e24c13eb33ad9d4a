"""Deciding: agreements in force compiled, one look-up's answer, and the same in words.

What may be seen, counted, kept and previewed all come from one index.
"""

__all__: list[str] = []
