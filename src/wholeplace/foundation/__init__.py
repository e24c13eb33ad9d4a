"""Foundation: what every room stands on.

Enters: nothing. Leaves: errors that explain themselves, the canonical hash, sealed values,
the audit chain, disclosure control, the data folder, the store and snapshots.
Promises: equal meaning gives equal bytes; nothing half-built is ever published; a personal
value cannot be printed by accident. Law: UK GDPR Article 5(1)(f) (integrity and
confidentiality) and 5(2) (accountability).
"""
