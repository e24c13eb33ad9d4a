"""Chain: the trail of every sight and every change of rights, which nobody can rewrite.

Enters: events without personal values. Leaves: their hashes, once committed.
Promises: positions without gaps; an entry can be neither changed nor removed, by grants and
by trigger; a page that failed or was rolled back leaves its sight in the trail.
Law: UK GDPR Articles 5(2) (accountability), 30 and 32.
"""

__all__: list[str] = []
