"""Retention: what was deleted, when and under which clause, provable without keeping it.

Enters: receipts of deletions. Leaves: pages for the data protection officer, and erasure on a
resident's request. Promises: nobody erased comes back, from no snapshot and no backup.
Law: UK GDPR Articles 5(1)(e) and 17.
"""

__all__: list[str] = []
