"""Agreements, on screen: the list, one text with its signatures, and who may see what.

Enters: the place's agreements, signatures and suspensions. Leaves: pages about rules, never
about people. Promises: the text shown is generated from the object that decides; the matrix is
read from the compiled rules. Law: UK GDPR Articles 5(1)(a), 13 and 14 (transparency) and 26(2).
"""

__all__: list[str] = []
