"""Laws of a resident's account: each entry about them once, withheld ones never, all else alike."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements.account.sightings import (
    HeldAs,
    SeenField,
    group_sightings,
    read_sightings,
)
from wholeplace.agreements.account.withholding import Mark, tell_sightings
from wholeplace.agreements.subjects.request import Flag, Subject

ZONE = "Europe/London"
TOLD = ("reason.opened", "my-record.opened")
OWN = ("my-record.opened",)
PARTNERS = ("police", "schools", "housing")
FIELDS = ("identity.name", "domestic-abuse.incident", "housing.tenancy")
LEVELS = ("existence", "summary", "detail")
PURPOSES = ("safeguarding", "whole-family-support")
SUBJECTS = ("mine", "mine-before", "somebody", "somebody-else")


def part(draw: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    refused: dict[str, Any] = {}
    for partner, name in draw(
        st.lists(st.tuples(st.sampled_from(PARTNERS), st.sampled_from(FIELDS)), max_size=4)
    ):
        if draw(st.booleans()):
            level = draw(st.sampled_from(LEVELS))
            seen.setdefault(partner, {})[name] = {level: {"items": 1, "clauses": ["a/b"]}}
        else:
            refused.setdefault(partner, {})[name] = {"items": 1, "blocks": []}
    return {"seen": seen, "refused": refused}


@st.composite
def trails(draw: Any) -> list[tuple[int, dict[str, Any], str]]:
    """Entries of a year, in the order of the trail, about anybody and about nobody."""
    minutes = sorted(draw(st.lists(st.integers(0, 525_000), min_size=1, max_size=14)))
    entries = []
    for position, minute in enumerate(minutes, 1):
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
        names = draw(st.lists(st.sampled_from(SUBJECTS), unique=True, max_size=3))
        kind = draw(st.sampled_from(("sight", "sight", *TOLD, "account.signed-in", "flag.sealed")))
        event = {
            "kind": kind,
            "at": at.isoformat(timespec="microseconds"),
            "page": "person",
            "actor": "7",
            "organisation": draw(st.sampled_from(PARTNERS)),
            "role": "practitioner",
            "purpose": draw(st.sampled_from(PURPOSES)),
            "reason": {"id": "r", "kind": "duty"},
            "subjects": [{"subject": each, **part(draw)} for each in names],
        }
        entries.append((position, event, f"seal-{position}"))
    return entries


def marks() -> Any:
    days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return st.lists(
        st.one_of(
            st.builds(Mark, st.just("purpose"), st.sampled_from(PURPOSES)),
            st.builds(Mark, st.just("organisation"), st.sampled_from(PARTNERS)),
            st.builds(Mark, st.just("field-group"), st.just("domestic-abuse")),
            st.builds(Mark, st.just("event"), st.integers(1, 14).map(str)),
            st.builds(lambda p, d: Mark("day", f"{p}|{d}"), st.sampled_from(PARTNERS), days),
        ),
        max_size=3,
    )


def everything(entries: Any, held: Any) -> Any:
    return read_sightings(entries, held, TOLD, ZONE)


def about(event: dict[str, Any], *names: str) -> bool:
    return any(each["subject"] in names for each in event["subjects"])


@given(trails())
def test_every_sight_of_a_person_is_told_exactly_once(entries: Any) -> None:
    held = [HeldAs("mine"), HeldAs("mine-before")]
    told = [each.position for each in everything(entries, held)]
    expected = [
        position
        for position, event, _ in entries
        if event["kind"] in ("sight", *TOLD) and about(event, "mine", "mine-before")
    ]
    assert sorted(told) == expected
    assert len(set(told)) == len(told)


@given(trails())
def test_nothing_is_told_of_anybody_else(entries: Any) -> None:
    """What stands beside the person in an entry changes nothing of their account."""
    alone = [
        (at, {**event, "subjects": [s for s in event["subjects"] if s["subject"] == "mine"]}, seal)
        for at, event, seal in entries
    ]
    assert everything(entries, [HeldAs("mine")]) == everything(alone, [HeldAs("mine")])


@given(trails())
def test_grouping_loses_and_doubles_nothing(entries: Any) -> None:
    found = everything(entries, [HeldAs("mine")])
    groups = group_sightings(found, ZONE)
    assert sorted(s.position for g in groups for s in g.sightings) == sorted(
        each.position for each in found
    )
    days = [group.day for group in groups]
    assert days == sorted(days, reverse=True)
    assert len({(group.day, group.organisation) for group in groups}) == len(groups)


@given(trails(), marks())
def test_what_is_withheld_never_appears_and_changes_nothing_else(entries: Any, given: Any) -> None:
    found, subject = everything(entries, [HeldAs("mine")]), Subject("p", "mine")
    told = tell_sightings(found, given, subject, OWN, ZONE)
    held_back = [each for each in found if each not in told]
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(ZONE)
    assert all(any(mark.holds(each, zone) for mark in given) for each in held_back)
    assert not any(
        mark.holds(each, zone) for mark in given for each in told if each.kind not in OWN
    )
    # As if the entries had never been written.
    gone = {each.position for each in held_back}
    without = [entry for entry in entries if entry[0] not in gone]
    assert told == tell_sightings(everything(without, [HeldAs("mine")]), [], subject, OWN, ZONE)


@given(trails(), st.sampled_from(["yes", "unknown"]))
def test_of_a_sealed_person_nothing_is_told_but_their_own_acts(entries: Any, value: Any) -> None:
    found = everything(entries, [HeldAs("mine")])
    sealed = Subject("p", "mine", (Flag("sealed", value, "", "police"),))
    assert all(each.kind in OWN for each in tell_sightings(found, [], sealed, OWN, ZONE))


@given(trails(), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_an_earlier_id_counts_until_the_day_it_ended(entries: Any, day: dt.date) -> None:
    told = everything(entries, [HeldAs("mine"), HeldAs("mine-before", until_on=day)])
    for position, event, _ in entries:
        on = dt.datetime.fromisoformat(event["at"]).astimezone().date()
        is_old = about(event, "mine-before") and not about(event, "mine")
        if is_old and event["kind"] in ("sight", *TOLD) and abs((on - day).days) > 1:
            assert (position in {each.position for each in told}) == (on < day)


@given(trails())
def test_while_two_were_mixed_up_it_is_told_that_somebody_looked_and_not_what_they_saw(
    entries: Any,
) -> None:
    told = everything(entries, [HeldAs("mine", mixed_until_on=dt.date(2026, 12, 31))])
    assert all(each.is_mixed and not each.seen for each in told)
    assert len(told) == len(everything(entries, [HeldAs("mine")]))


def test_a_sighting_names_field_level_and_clauses_and_no_name_of_who_looked() -> None:
    event = {
        "kind": "sight", "at": "2026-03-01T10:00:00+00:00", "page": "person", "actor": "7",
        "organisation": "police", "role": "practitioner", "purpose": "safeguarding", "reason": None,
        "subjects": [
            {"subject": "mine", "reason": {"id": "x", "kind": "case"}, "refused": {"nhs": {"health.x": {"items": 2, "blocks": []}}},
             "seen": {"schools": {"identity.name": {"detail": {"items": 2, "clauses": ["a/1", "a/2"]}}}}}
        ],
    }  # fmt: skip
    (found,) = everything([(4, event, "seal")], [HeldAs("mine")])
    assert found.seen == (SeenField("schools", "identity.name", "detail", ("a/1", "a/2")),)
    assert found.reason_kind == "case"
    assert found.asked == {("schools", "identity.name"), ("nhs", "health.x")}
    assert not hasattr(found, "actor")
