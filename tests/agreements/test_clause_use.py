"""Folding the trail into counts, and what the report makes of them."""

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.agreements.worlds import agreement, clause, rules_of

from wholeplace.agreements.account.clause_use import (
    RefusalKey,
    UseKey,
    fold_event,
    report_use,
    round_count,
    use_figures,
)

DAY = dt.date(2026, 6, 15)


def sight(
    *parts: dict[str, Any], organisation: str = "council", actor: str = "7"
) -> dict[str, Any]:
    return {
        "kind": "sight", "at": "2026-06-15T10:00:00+00:00", "page": "person", "actor": actor,
        "organisation": organisation, "role": "practitioner", "purpose": "whole-family-support",
        "subjects": [{"subject": str(n), **part} for n, part in enumerate(parts)],
    }  # fmt: skip


def seen(partner: str, field: str, *clauses: str, level: str = "detail") -> dict[str, Any]:
    return {
        "seen": {partner: {field: {level: {"items": 3, "clauses": list(clauses)}}}},
        "refused": {},
    }


def refused(partner: str, field: str, *blocks: str) -> dict[str, Any]:
    return {"seen": {}, "refused": {partner: {field: {"items": 1, "blocks": list(blocks)}}}}


def test_an_event_counts_each_person_and_field_once_for_each_clause() -> None:
    event = sight(
        seen("police", "crime.offence", "a/1", "a/2"), seen("police", "crime.offence", "a/1")
    )
    used, none = fold_event(event, "Europe/London")
    assert {key.clause: count for key, count in used.items()} == {"a/1": 2, "a/2": 1}
    assert not none
    assert {key.day for key in used} == {DAY}


def test_a_day_is_the_places_own() -> None:
    event = {**sight(seen("police", "crime.offence", "a/1")), "at": "2026-06-15T23:30:00+00:00"}
    used, _ = fold_event(event, "Europe/London")
    assert {key.day for key in used} == {DAY + dt.timedelta(days=1)}


def test_what_is_no_sight_and_what_a_seal_refused_counts_nothing() -> None:
    assert fold_event({**sight(), "kind": "account.left"}, "UTC") == (Counter(), Counter())
    event = sight(refused("police", "crime.offence", "sealed"))
    assert fold_event(event, "UTC") == (Counter(), Counter())


def test_unused_clauses_repeated_refusals_and_near_misses_are_named() -> None:
    rules = rules_of(
        agreement(
            "family",
            clause("used", source="police", recipient="council", fields=("crime.offence",)),
            clause("idle", source="police", recipient="council", fields=("contact.address",)),
            clause("near", source="clinic", recipient="council", roles=("coordinator",), fields=("health.missed-appointment",)),
        )
    )  # fmt: skip
    used: Counter[UseKey] = Counter()
    refusals: Counter[RefusalKey] = Counter()
    events = [sight(seen("police", "crime.offence", "family/used"))]
    events += [
        sight(refused("clinic", "health.missed-appointment"), actor=str(actor))
        for actor in (1, 2, 2)
    ]
    events += [sight(refused("police", "identity.name"))]
    for event in events:
        more, fewer = fold_event(event, "Europe/London")
        used.update(more)
        refusals.update(fewer)
    report = report_use(rules, used, refusals, DAY, DAY)
    assert [each.ref for each in report.unused] == ["family/idle", "family/near"]
    assert [each.bound.ref for each in report.used] == ["family/used"]
    (refusal,) = report.refusals
    assert (refusal.field, refusal.requests, refusal.practitioners) == (
        "health.missed-appointment",
        3,
        2,
    )
    assert [(each.but_for, each.clause) for each in refusal.near_misses] == [
        ("role", "family/near")
    ]
    assert [(each.field, each.agreement) for each in report.seen] == [("crime.offence", "family")]
    assert report_use(rules, {}, {}, DAY, DAY).is_empty
    outside = report_use(
        rules, used, refusals, DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=9)
    )
    assert outside.is_empty and len(outside.unused) == 3


def test_of_one_partner_only_what_it_gives_or_is_given_is_told() -> None:
    rules = rules_of(
        agreement(
            "family",
            clause("one", source="police", recipient="council", fields=("crime.offence",)),
            clause(
                "two", source="clinic", recipient="council", fields=("health.missed-appointment",)
            ),
        )
    )
    report = report_use(rules, {}, {}, DAY, DAY, "police")
    assert [each.ref for each in report.unused] == ["family/one"]


@given(st.integers(0, 5_000))
def test_a_count_about_residents_is_never_exact(count: int) -> None:
    told, figures = round_count(count), use_figures()
    if count == 0:
        assert told == "0"
    elif count < figures.small_count:
        assert told == f"fewer than {figures.small_count}"
    else:
        number = int(told.removeprefix("about ").replace(",", ""))
        assert number % figures.rounded_to == 0
        assert abs(number - count) <= figures.rounded_to // 2
