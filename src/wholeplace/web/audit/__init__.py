"""Audit: who looked, when and why, in plain words; and the proof that nothing was changed.

Enters: the trail. Leaves: pages for the data protection officer.
Promises: looking at the trail stands in the trail; no page shows a value of anybody's record.
Law: UK GDPR Articles 5(2), 15(1)(c) and 39(1)(b).
"""

__all__: list[str] = []
