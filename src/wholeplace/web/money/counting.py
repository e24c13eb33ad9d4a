"""Counts for the pages of money: what may be counted for everybody who is shown them."""

from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.agreements import (
    PLANNING,
    CountableFact,
    Viewer,
    countable_facts,
    counting_clauses,
)
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.protected import ProtectedCount
from wholeplace.money.counting import HouseholdNeeds, count_household_needs, count_open_families
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["MONEY_ROLES", "Counts", "has_counting_clauses", "read_counts"]

MONEY_ROLES = frozenset(
    {"finance-lead", "commissioner", "programme-lead", "board-member", "analyst"}
)
"""Who sees these pages. One count is made for all of them, on the facts that each may have
counted, so that no two of them can be compared."""


@dataclass(frozen=True)
class Counts:
    """What may be shown to a viewer.

    Attributes:
        families: service → families open, protected.
        households: households by needs; None where they may not be counted.
        why: why nothing is counted; empty where something is.
    """

    families: Mapping[str, ProtectedCount]
    households: HouseholdNeeds | None
    why: str = ""

    def families_words(self, services: tuple[str, ...]) -> str:
        """Return how many families are open with some services, in words for a sentence.

        Families that two of the services know stand in both counts.
        """
        known = [self.families[each] for each in services if each in self.families]
        if not known:
            return ""
        shown = [each.shown for each in known if each.shown is not None]
        if not shown:
            return str(known[0]) if len(known) == 1 else "a few"
        return f"about {sum(shown):,}"


def has_counting_clauses(served: OpenPlace, viewer: Viewer) -> bool:
    """Tell whether some clause in force lets the viewer have people counted today."""
    rules = served.rules(served.today)
    return bool(counting_clauses(rules, viewer.organisation, viewer.role))


def read_counts(served: OpenPlace, viewer: Viewer, *, why_asked: str) -> Counts:
    """Return the counts that a viewer may be shown today; that they were read stands in the trail.

    Args:
        served: the place.
        viewer: who asks.
        why_asked: which page.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    rules = served.rules(served.today)
    clauses = counting_clauses(rules, viewer.organisation, viewer.role)
    if not clauses:
        return Counts({}, None, "No agreement in force lets your role have people counted.")
    try:
        reader = served.snapshot_reader
        if "countable_facts" not in reader.snapshot.tables:
            return Counts({}, None, "Nothing has been counted yet: the next run counts.")
    except NotFoundError:
        return Counts({}, None, "Nothing has been counted yet: no extract was loaded.")
    facts = _facts_for_all(served, viewer.organisation)
    if not facts:
        return Counts({}, None, "No fact may be counted for everybody who is shown this page.")
    record(
        "money.counted", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, purpose=PLANNING, page=why_asked, clauses=list(clauses),
    )  # fmt: skip
    releases = served.data.ledger / "releases"
    key = f"money {viewer.organisation} {sorted((each.source, each.field) for each in facts)}"
    return reader.keep(
        key,
        lambda: Counts(
            count_open_families(reader, viewer.organisation, facts, releases),
            count_household_needs(reader, viewer.organisation, facts, releases),
        ),
    )


def _facts_for_all(served: OpenPlace, organisation: str) -> tuple[CountableFact, ...]:
    """Return the facts of the run that clauses in force let each of the roles have counted."""
    rules = served.rules(served.today)
    by_role = [countable_facts(rules, organisation, role) for role in sorted(MONEY_ROLES)]
    made = served.snapshot_reader.rows(
        "SELECT recipient, source, field, consent FROM countable_facts ORDER BY ALL"
    )
    facts = (CountableFact(**row) for row in made if row["recipient"] == organisation)
    return tuple(each for each in facts if all(each.is_within(mine) for mine in by_role))
