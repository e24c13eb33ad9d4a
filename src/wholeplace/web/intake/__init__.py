"""Intake, on screen: what arrived, what was rejected and why, what was not kept and why.

Enters: the load report and the quarantine. Leaves: two kinds of page for the people who look
after data. Promises: no value of anybody's record is shown, only its shape; every figure of a
file adds up on the page. Law: UK GDPR Article 5(1)(c), 5(1)(d) and 5(2).
"""

__all__: list[str] = []
