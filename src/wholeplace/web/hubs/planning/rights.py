"""Whose use of services may be counted for a viewer, and why not where it may not.

A count of people who use several services rests on every fact that it was made of. It is shown
where the clauses in force name the viewer's role for all of them, today.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wholeplace.agreements import (
    HOME,
    CountableFact,
    Viewer,
    countable_facts,
    counting_clauses,
    counting_roles,
    place_day,
)
from wholeplace.agreements.texts.wording import and_list, in_sentence
from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.people.services import is_visit
from wholeplace.places.hubs.demand import SEVERAL, THREE
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["PlanningRights", "is_planning_role", "read_rights"]


@dataclass(frozen=True)
class PlanningRights:
    """What one viewer may plan with today.

    Attributes:
        clauses: refs of the clauses in force that name the viewer's organisation and role.
        uses: which services people use together: value and words.
        why: why nothing may be shown; empty where it may.
    """

    clauses: tuple[str, ...]
    uses: tuple[tuple[str, str], ...]
    why: str

    def words(self, used: str) -> str:
        """Return the words of a use."""
        return dict(self.uses).get(used, "People who use several services")


def is_planning_role(role: str) -> bool:
    """Tell whether some clause for service planning names a role, in force or not."""
    try:
        return role in counting_roles(current_place().agreements)
    except WholeplaceError:
        return False


def read_rights(served: OpenPlace, viewer: Viewer) -> PlanningRights:
    """Return what a viewer may plan with, from the rules of today and the snapshot."""
    rules = served.rules(place_day(dt.datetime.now(dt.UTC), served.place.place.time_zone))
    mine = countable_facts(rules, viewer.organisation, viewer.role)
    made = _facts_counted(served, viewer.organisation)
    clauses = counting_clauses(rules, viewer.organisation, viewer.role)
    words = rules.terms
    if not mine:
        role = in_sentence(words.words("role", viewer.role))
        partner = words.words("partner", viewer.organisation)
        return PlanningRights(
            clauses,
            (),
            f"No agreement in force for service planning names your role, {role} at {partner}.",
        )
    if not made:
        return PlanningRights(
            clauses, (), "Nothing has been counted under your agreements yet: the next run counts."
        )
    homes = [each for each in made if each.field == HOME and not each.is_within(mine)]
    lost = [each for each in made if is_visit(each.field) and not each.is_within(mine)]
    if homes or lost:
        sources = sorted({words.words("partner", each.source) for each in (*homes, *lost)})
        return PlanningRights(
            clauses,
            (),
            f"No clause for your role covers now what was counted from {and_list(sources)}.",
        )
    sources = sorted({each.source for each in made if is_visit(each.field)})
    names = {each: words.words("partner", each) for each in sources}
    pairs = tuple(
        (f"{one}+{two}", f"People who use both {names[one]} and {names[two]}")
        for number, one in enumerate(sources)
        for two in sources[number + 1 :]
    )
    several = (
        (SEVERAL, "People who use two or more services"),
        (THREE, "People who use three or more services"),
    )
    return PlanningRights(clauses, (*several, *pairs), "")


def _facts_counted(served: OpenPlace, organisation: str) -> tuple[CountableFact, ...]:
    """Return what the published snapshot counted for an organisation; nothing before the first."""
    reader = served.snapshot_reader
    try:
        if not {"countable_facts", "piece_services"} <= set(reader.snapshot.tables):
            return ()
    except NotFoundError:
        return ()

    def read() -> list[Mapping[str, Any]]:
        return list(
            reader.rows(
                "SELECT recipient, source, field, consent FROM countable_facts ORDER BY ALL"
            )
        )

    rows = reader.keep("countable facts", read)
    return tuple(CountableFact(**row) for row in rows if row["recipient"] == organisation)
