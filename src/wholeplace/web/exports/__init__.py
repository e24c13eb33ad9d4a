"""Exports: the airlock through which figures leave.

Enters: requests for tables, reports and packs, with why they are wanted and for whom.
Leaves: files that were checked for disclosure, decided on by a second person, recorded and
marked with the request they answer. Promises: nobody releases what they asked for themselves;
what is released is byte for byte what was decided on. Law: UK GDPR Articles 5(1)(c), 5(1)(f)
and 5(2).
"""

__all__: list[str] = []
