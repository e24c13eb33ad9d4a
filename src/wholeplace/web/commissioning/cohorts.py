"""Who a contract is for: people with a need, as far as agreements let them be counted for planning.

Their ids stay in the database and never reach a page. Whoever is sealed, restricted, objected or
opted out of planning is in no cohort; a later flag takes them out of what is measured.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from wholeplace.agreements import PLANNING, Level, Request, decide
from wholeplace.agreements.standing.standings import place_day
from wholeplace.agreements.subjects.request import Subject, Viewer
from wholeplace.outcomes.holding import HeldEvent, needs_on, needs_since, read_births, read_events
from wholeplace.partnership.definitions import Framework, Need
from wholeplace.people.read import read_subjects
from wholeplace.web.commissioning.sql_files import read_sql
from wholeplace.web.gateway.flags import subjects_with_stated
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["choose_cohort", "count_with_need", "countable_needs"]

_HELD = ("sealed", "restricted", "objection", "national-opt-out")


def countable_needs(place: OpenPlace, viewer: Viewer, at: dt.datetime) -> list[tuple[str, str]]:
    """Return `framework/need` and words of every need that the viewer may have counted."""
    rules = place.rules(place_day(at, place.place.place.time_zone))
    fields = {
        field
        for recipient, role, purpose, _, field in rules.index
        if (recipient, role, purpose) == (viewer.organisation, viewer.role, PLANNING)
    }
    return [
        (f"{framework.id}/{need.id}", need.label)
        for framework in place.place.frameworks
        for headline in framework.headlines
        for need in headline.needs
        if all(each.event in fields for each in (*need.rule.all, *need.rule.any))
    ]


def choose_cohort(
    place: OpenPlace, viewer: Viewer, framework: Framework, need: Need, on: dt.date, at: dt.datetime
) -> list[str]:
    """Return the ids of people who have a need on a day, as far as they may be counted."""
    rows = place.snapshot_reader.rows_of(
        read_sql("people_with_events"),
        {"kinds": sorted({each.event for each in (*need.rule.all, *need.rule.any)})},
    )
    people = [row["person_id"] for row in rows]
    events, births, _ = _countable(place, viewer, people, at)
    shown = needs_on(_only(framework, need), events, births, on)
    return sorted({each.person_id for each in shown})


def count_with_need(
    place: OpenPlace,
    viewer: Viewer,
    framework: Framework,
    need: Need,
    people: Sequence[str],
    since: dt.date,
    at: dt.datetime,
) -> tuple[int, int]:
    """Return how many of a cohort have the need by what happened since a day, of how many measured.

    Whoever was erased, sealed or objected since the cohort was frozen is not measured.
    """
    events, births, measured = _countable(place, viewer, people, at)
    on = place_day(at, place.place.place.time_zone)
    shown = needs_since(_only(framework, need), events, births, since, on)
    return len({each.person_id for each in shown}), measured


def _only(framework: Framework, need: Need) -> Framework:
    headlines = tuple(
        each.model_copy(update={"needs": (need,)})
        for each in framework.headlines
        if any(one.id == need.id for one in each.needs)
    )
    return framework.model_copy(update={"headlines": headlines})


def _countable(
    place: OpenPlace, viewer: Viewer, people: Sequence[str], at: dt.datetime
) -> tuple[list[HeldEvent], dict[str, dt.date], int]:
    if not people:
        return [], {}, 0
    reader = place.snapshot_reader
    subjects = subjects_with_stated(tuple(read_subjects(reader, list(people)).values()))
    free = {each.person_id: each for each in subjects if not _is_held(each)}
    rules = place.rules(place_day(at, place.place.place.time_zone))
    request = Request(viewer=viewer, purpose=PLANNING, reason=None, at=at)
    asked = {person_id: request.about(subject) for person_id, subject in free.items()}
    events = [
        each
        for each in _read_in_parts(place, sorted(free))
        if decide(rules, asked[each.event.person_id], each.partner, each.event.kind).level
        >= Level.EXISTENCE
    ]
    births = read_births(reader, sorted(free)) if free else {}
    return events, births, len(free)


def _read_in_parts(place: OpenPlace, people: Sequence[str]) -> Iterable[HeldEvent]:
    for first in range(0, len(people), 500):
        yield from read_events(place.snapshot_reader, people[first : first + 500])


def _is_held(subject: Subject) -> bool:
    return any(subject.value_of(flag, PLANNING) != "no" for flag in _HELD)  # type: ignore[arg-type]
