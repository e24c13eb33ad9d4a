"""Commissioning, on screen: from a need to a contract that pays for outcomes.

Enters: a need, a service, providers and their shares, a price, a counterfactual. Leaves: contracts
frozen with a hash before work begins, payments that are computed, and open data. Promises: whoever
writes a contract does not freeze it, and whoever computes a payment does not approve it; a cohort
is known to the page by a count alone. Law: UK GDPR Article 5(1)(c); Social Value: the place's own
questions.
"""

__all__: list[str] = []
