"""Asks and barriers, on screen: written here, answered by the centre, open to be read.

Enters: what a place asks of central government, with evidence, a named counterpart and a day.
Leaves: a register that anybody may read. Promises: nothing is published that its writer alone
looked at; nothing that looks like somebody's identifier is accepted; every answer keeps the one
before it. Law: UK GDPR Article 5(1)(c).
"""

__all__: list[str] = []
