"""Outcomes, on screen: families on a programme, claims judged rule by rule, audits and returns.

Enters: what workers wrote down about families on a programme, and partners' events as far as
agreements let them be used to check results. Leaves: judgements with their evidence, payments that
are computed, samples and returns. Promises: evidence is opened by the gateway alone, with the sight
on record first; whoever claims neither approves nor audits; an old family keeps its rules. Law: UK
GDPR Articles 5(1)(a), 5(1)(b) and 5(2).
"""

__all__: list[str] = []
