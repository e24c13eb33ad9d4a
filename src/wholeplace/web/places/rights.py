"""Which needs may be counted for a viewer, and why others may not.

A count is shown where three things meet: the published snapshot counted the need for the
viewer's organisation; the clauses that it was counted under are still in force; and they name
the viewer's role. So a suspension works at once, and a role never has a count made partly of
what it may not have. One count is made for each organisation, so that the counts of two roles
cannot be compared to find the few whom one of them may not count.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wholeplace.agreements import (
    HOME,
    PLANNING,
    CountableFact,
    Rules,
    Viewer,
    countable_facts,
    counting_clauses,
    counting_roles,
    place_day,
)
from wholeplace.agreements.texts.wording import and_list, in_sentence
from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.partnership.definitions import Framework, Need
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["CountingRights", "NeedRight", "is_counting_role", "read_rights"]

Pair = tuple[str, str]
"""Source and field."""


@dataclass(frozen=True)
class NeedRight:
    """One need, and whether its count may be shown.

    Attributes:
        state: `whole`, `part` (some of its evidence may not be counted) or `no`.
        why: what is missing, in words; empty where the count is whole.
    """

    framework: str
    need: str
    label: str
    headline: str
    state: Literal["whole", "part", "no"]
    why: str

    @property
    def value(self) -> str:
        """What stands for the need in an address."""
        return f"{self.framework}/{self.need}"


@dataclass(frozen=True)
class CountingRights:
    """What one viewer may have counted today.

    Attributes:
        clauses: refs of the clauses in force that name the viewer's organisation and role.
        needs: every need of the place, in its order.
        why: why nothing at all may be shown; empty where something may.
        ask: whom to ask.
    """

    clauses: tuple[str, ...]
    needs: tuple[NeedRight, ...]
    why: str
    ask: str


def is_counting_role(role: str) -> bool:
    """Tell whether some clause for service planning names a role, in force or not."""
    try:
        return role in counting_roles(current_place().agreements)
    except WholeplaceError:
        # A place folder with faults counts for nobody; the page itself says what is wrong.
        return False


def read_rights(served: OpenPlace, viewer: Viewer) -> CountingRights:
    """Return what a viewer may have counted, from the rules of today and the snapshot."""
    rules = served.rules(place_day(dt.datetime.now(dt.UTC), served.place.place.time_zone))
    mine = countable_facts(rules, viewer.organisation, viewer.role)
    made = _facts_counted(served, viewer.organisation)
    asked = _kinds_counted(served) if made else {}
    clauses = counting_clauses(rules, viewer.organisation, viewer.role)
    words = _Words(served, rules)
    needs = tuple(
        _right_of(framework, headline.label, need, mine, made, asked, words)
        for framework in served.place.frameworks
        for headline in framework.headlines
        for need in headline.needs
    )
    return CountingRights(
        clauses, needs, _why_nothing(served, viewer, mine, made, words), _whom_to_ask(served)
    )


def _facts_counted(served: OpenPlace, organisation: str) -> tuple[CountableFact, ...]:
    """Return what the published snapshot counted for an organisation; nothing before the first."""
    reader = served.snapshot_reader
    try:
        if "countable_facts" not in reader.snapshot.tables:
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


def _kinds_counted(served: OpenPlace) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the kinds of event that each need was counted by, as its rule stood at the run."""
    reader = served.snapshot_reader

    def read() -> dict[tuple[str, str], frozenset[str]]:
        kinds: dict[tuple[str, str], frozenset[str]] = {}
        for row in reader.rows("SELECT framework, need, event FROM need_conditions"):
            key = (row["framework"], row["need"])
            kinds[key] = kinds.get(key, frozenset()) | {row["event"]}
        return kinds

    return reader.keep("kinds counted", read)


class _Words:
    """What partners and fields are called, and which partners supply which kinds."""

    def __init__(self, served: OpenPlace, rules: Rules) -> None:
        self._terms = rules.terms
        self.supplied: dict[str, tuple[str, ...]] = {}
        for dataset in served.place.datasets.values():
            for event in dataset.events:
                known = self.supplied.get(event.kind, ())
                self.supplied[event.kind] = tuple(sorted({*known, dataset.partner}))

    def facts(self, pairs: Iterable[Pair]) -> str:
        """Return, for example, “debt advice” from Larkbridge Advice and Food."""
        by_source: dict[str, list[str]] = {}
        for source, field in sorted(set(pairs)):
            by_source.setdefault(source, []).append(
                f"“{in_sentence(self._terms.words('field', field))}”"
            )
        return and_list(
            f"{and_list(fields)} from {self._terms.words('partner', source)}"
            for source, fields in by_source.items()
        )

    def fields(self, names: Iterable[str]) -> str:
        return and_list(f"“{in_sentence(self._terms.words('field', each))}”" for each in names)

    def role(self, viewer: Viewer) -> str:
        role = self._terms.words("role", viewer.role)
        return f"{in_sentence(role)} at {self._terms.words('partner', viewer.organisation)}"


def _right_of(
    framework: Framework,
    headline: str,
    need: Need,
    mine: tuple[CountableFact, ...],
    made: tuple[CountableFact, ...],
    by_run: Mapping[tuple[str, str], frozenset[str]],
    words: _Words,
) -> NeedRight:
    kinds = {each.event for each in (*need.rule.all, *need.rule.any)}
    # A rule that was changed since the run must not authorise what the old one counted.
    kinds |= by_run.get((framework.id, need.id), frozenset())
    counted = [fact for fact in made if fact.field in kinds]
    lost = [
        (fact.source, fact.field)
        for fact in (*counted, *(fact for fact in made if fact.field == HOME))
        if not fact.is_within(mine)
    ]
    asked = {(source, kind) for kind in kinds for source in words.supplied.get(kind, ())}
    uncovered = asked - {(fact.source, fact.field) for fact in counted}
    covered = {fact.field for fact in counted}

    def right(state: Literal["whole", "part", "no"], why: str = "") -> NeedRight:
        return NeedRight(framework.id, need.id, need.label, headline, state, why)

    without = sorted(kinds - set(words.supplied))
    is_possible = all(each.event in covered for each in need.rule.all) and (
        not need.rule.any or any(each.event in covered for each in need.rule.any)
    )
    if not is_possible:
        lacking = words.facts(pair for pair in uncovered if pair[1] not in covered)
        return right(
            "no",
            f"no agreement covers {lacking}"
            if lacking
            else f"no partner supplies {words.fields(without)}",
        )
    if lost:
        return right("no", f"no clause for your role covers {words.facts(lost)} now")
    if uncovered:
        return right("part", f"no agreement covers {words.facts(uncovered)}")
    return right("whole")


def _why_nothing(
    served: OpenPlace,
    viewer: Viewer,
    mine: tuple[CountableFact, ...],
    made: tuple[CountableFact, ...],
    words: _Words,
) -> str:
    if not mine:
        named = is_counting_role(viewer.role)
        return (
            f"No agreement in force for service planning names your role, {words.role(viewer)}."
            + (" Some agreement names the role: it may not be signed by all." if named else "")
        )
    if not any(fact.field == HOME for fact in mine):
        return f"No clause lets {words.fields([HOME])} be counted for you, so nobody can be placed."
    if not made:
        return "Nothing has been counted under your agreements yet: the next run counts."
    return ""


def _whom_to_ask(served: OpenPlace) -> str:
    """Return who answers for the agreements that have clauses for planning, or for the host."""
    texts = [
        each
        for each in served.agreements
        if any(clause.purpose == PLANNING for clause in each.clauses)
    ]
    if texts:
        return and_list(sorted({f"{each.contact} about “{each.title}”" for each in texts}), "or")
    host = served.place.partners[served.place.place.host]
    return f"{host.name}, {host.contact}"
