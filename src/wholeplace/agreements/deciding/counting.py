"""Counts of people: which facts may be counted for whom.

A count is a sight for the purpose `service-planning`, and a clause authorises it as it does any
other: a recipient's people in the roles it names may learn how many, from the source and the
fields it names. It differs from a sight of a person in two ways. A count is about nobody, so
no reason about a person is asked; and what leaves is a number, so `existence` is enough.

Each person is decided on as by `decide`: somebody sealed, objecting (to planning or to
everything) or opted out is not counted, nor is somebody for whom a clause's consent is not met.
Somebody restricted is not counted either: `decide` leaves that a partner knows them, and a
count says more than that (UK GDPR Article 18). A clause that asks for factors in the household
counts nobody: a count is about nobody, so there is no household to ask of. Unknown blocks as yes would. The rules on people
run in SQL, `people/sql/countable_people.sql`; a law in `tests/people` holds the two equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from wholeplace.agreements.deciding.rules import BoundClause, Rules
from wholeplace.agreements.texts.agreement import Agreement, Level

__all__ = [
    "HOME",
    "PLANNING",
    "CountableFact",
    "countable_facts",
    "counting_clauses",
    "counting_roles",
]

PLANNING = "service-planning"
"""The purpose of every count."""

HOME = "contact.address"
"""The field that says in which area somebody is counted."""

ConsentRule = Literal["none", "required", "unless-refused"]

_STRICTNESS: dict[ConsentRule, int] = {"none": 0, "unless-refused": 1, "required": 2}


@dataclass(frozen=True, order=True)
class CountableFact:
    """One field of one source that a recipient may have counted.

    Attributes:
        consent: what the clauses ask of each person; the least that any of them asks.
    """

    recipient: str
    source: str
    field: str
    consent: ConsentRule

    def is_within(self, others: Iterable["CountableFact"]) -> bool:
        """Tell whether some other covers the same with no more consent asked."""
        return any(
            (self.recipient, self.source, self.field)
            == (other.recipient, other.source, other.field)
            and _STRICTNESS[other.consent] <= _STRICTNESS[self.consent]
            for other in others
        )


def countable_facts(
    rules: Rules, recipient: str | None = None, role: str | None = None
) -> tuple[CountableFact, ...]:
    """Return what clauses in force let be counted, sorted.

    Args:
        rules: of the day.
        recipient: for one partner alone; for all when None.
        role: by clauses that name this role; by any when None.
    """
    least: dict[tuple[str, str, str], ConsentRule] = {}
    for (its_recipient, its_role, purpose, source, field), clauses in rules.index.items():
        if purpose != PLANNING or recipient not in (None, its_recipient):
            continue
        if role not in (None, its_role):
            continue
        key = (its_recipient, source, field)
        for bound in clauses:
            if _counts(bound):
                asked = bound.clause.consent
                least[key] = min(least.get(key, asked), asked, key=_STRICTNESS.__getitem__)
    return tuple(sorted(CountableFact(*key, consent) for key, consent in least.items()))


def counting_clauses(rules: Rules, recipient: str, role: str) -> tuple[str, ...]:
    """Return the refs of the clauses in force that let a role of a partner have counts."""
    return tuple(
        sorted(
            {
                bound.ref
                for key, clauses in rules.index.items()
                if key[:3] == (recipient, role, PLANNING)
                for bound in clauses
                if _counts(bound)
            }
        )
    )


def _counts(bound: BoundClause) -> bool:
    return bound.level > Level.NOTHING and not bound.clause.needs_factors


def counting_roles(agreements: Iterable[Agreement]) -> frozenset[str]:
    """Return the roles that some clause for planning names, whether or not it is in force."""
    return frozenset(
        role
        for agreement in agreements
        for clause in agreement.clauses
        if clause.purpose == PLANNING
        for role in clause.roles
    )
