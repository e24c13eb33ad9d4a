"""Reasons: why somebody may look, and who reviews it afterwards.

Enters: duty reasons, break-glass and requests for information (ICO data sharing code, Annex B).
Leaves: reasons that hold for a limited time, answers by partners without an account, the review
queue and counts by organisation. Promises: an exception is told to those responsible at once
and reviewed by somebody else. Law: UK GDPR Articles 5(1)(b), 5(2) and 25.
"""

__all__: list[str] = []
