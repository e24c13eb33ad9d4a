"""Flags on screen: what limits sight of a person, who set it and why.

Enters: what a practitioner, a guardian or the data protection officer states of a person:
sealed, restricted, consent, objection. Leaves: the flags in force, with their history.
Promises: a flag works from the next page on; the stricter one survives every merge; nobody
lifts what another partner set. Law: UK GDPR Articles 6(1)(a), 7, 18 and 21.
"""

__all__: list[str] = []
