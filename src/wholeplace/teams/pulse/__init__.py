"""The partnership pulse: how working together feels, asked shortly and never traced to anybody.

Enters: counts of answers by organisation and role. Leaves: the same, through disclosure control,
with every group of fewer than eight answers hidden, and figures of organisations and roles
protected together, so that one less the other tells of nobody.

    statements.yaml   what is asked, in the order in which it is asked
    asking            the statements, and the answers that may be given
    telling           what may be shown of a round

Promises: there is no row for an answer, only counters; a round is shown once, when it has closed,
and never again with other figures; from one round to the next a figure changes only when enough
people do. Law: UK GDPR Articles 5(1)(c) and 25. See `docs/adr/0051`.
"""

from wholeplace.teams.pulse.asking import ANSWERS, Statement, check_answers, statements
from wholeplace.teams.pulse.telling import PulseResult, tell_round

__all__ = ["ANSWERS", "PulseResult", "Statement", "check_answers", "statements", "tell_round"]
