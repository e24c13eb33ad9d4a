"""Checking a family against its rules: what agreements let be used, what the rules say, what may be seen.

Two questions are kept apart. What the rules may *use* are events for which some clause in force
lets the viewer know at least that they exist, for the purpose of checking results, of people who
are not sealed, restricted or objecting. What the page *shows* of them is decided item by item by
the gateway, with the sight on record first.
"""

import datetime as dt
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from wholeplace.agreements import Level, Request, decide
from wholeplace.agreements.gateway import Revealed, SeenItem
from wholeplace.agreements.standing.standings import place_day
from wholeplace.agreements.subjects.request import Reason, SealedItem, Subject, Viewer
from wholeplace.outcomes.claims.facts import FamilyFacts, facts_as_json, find_facts
from wholeplace.outcomes.claims.judging import Judgement, judge_claim
from wholeplace.outcomes.holding import HeldEvent, needs_on, read_births, read_events
from wholeplace.partnership.definitions import Framework
from wholeplace.people.read import event_item, read_subjects
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.flags import subjects_with_stated
from wholeplace.web.gateway.reveal import reveal_page
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.outcomes.families import framework_of, record_of
from wholeplace.web.outcomes.models import Family

__all__ = [
    "PURPOSE",
    "Checked",
    "check_family",
    "check_list",
    "keep_check",
    "needs_over_time",
    "reveal_evidence",
]

PURPOSE = "programme-assurance"
_HELD = ("sealed", "restricted", "objection")
_QUARTER_DAYS = 91


@dataclass(frozen=True)
class Checked:
    """One family, checked.

    Attributes:
        events: that were used, by id.
        unused: event fields that the needs of the framework rest on and that no agreement lets be
            used for this.
    """

    framework: Framework
    facts: FamilyFacts
    judgement: Judgement
    events: dict[str, HeldEvent]
    subjects: tuple[Subject, ...]
    unused: tuple[str, ...]
    births: dict[str, dt.date]


def check_family(place: OpenPlace, viewer: Viewer, family: Family, at: dt.datetime) -> Checked:
    """Return what the rules that a family joined under say of it now."""
    framework, written = framework_of(family), record_of(family)
    people = list(written.members)
    reader = place.snapshot_reader
    subjects = tuple(subjects_with_stated(tuple(read_subjects(reader, people).values())))
    held = read_events(reader, people)
    usable, refused = _usable(place, viewer, family, subjects, held, at)
    births = read_births(reader, people)
    on = place_day(at, place.place.place.time_zone)
    facts = find_facts(framework, written, usable, births, on)
    terms = framework.claims
    assert terms is not None  # noqa: S101 - nobody joins without; for the type checker
    asked = {
        condition.event
        for headline in framework.headlines
        for need in headline.needs
        for condition in (*need.rule.all, *need.rule.any)
    }
    return Checked(
        framework,
        facts,
        judge_claim(terms, facts),
        {each.event.event_id: each for each in usable},
        subjects,
        tuple(sorted(asked & (refused - {each.event.kind for each in usable}))),
        births,
    )


def needs_over_time(checked: Checked, joined_on: dt.date, on: dt.date) -> list[tuple[dt.date, int]]:
    """Return how many needs data showed of a family when it joined and each quarter since.

    At each day the rules look back as they do everywhere, so a need fades a year after its last sign.
    """
    days = [joined_on]
    while (after := days[-1] + dt.timedelta(days=_QUARTER_DAYS)) < on:
        days.append(after)
    events = list(checked.events.values())
    return [
        (day, len({e.need for e in needs_on(checked.framework, events, checked.births, day)}))
        for day in (*days, on)
    ]


def reason_for(viewer: Viewer, family: Family, at: dt.datetime) -> Reason:
    """Return what makes a check right: the family is on the programme that the viewer answers for."""
    people = frozenset(family.members.values_list("person_id", flat=True))
    return Reason(
        f"programme-{family.ref}",
        "case",
        f"Checking results of family {family.ref}",
        people,
        at - dt.timedelta(seconds=1),
        at + dt.timedelta(hours=1),
        viewer.user_id,
        purpose=PURPOSE,
    )


def _usable(
    place: OpenPlace,
    viewer: Viewer,
    family: Family,
    subjects: Sequence[Subject],
    held: Sequence[HeldEvent],
    at: dt.datetime,
) -> tuple[list[HeldEvent], set[str]]:
    """Return the events that may be used, and the kinds of those that may not."""
    rules = place.rules(place_day(at, place.place.place.time_zone))
    request = Request(viewer=viewer, purpose=PURPOSE, reason=reason_for(viewer, family, at), at=at)
    asked = {each.person_id: request.about(each) for each in subjects}
    flagged = {
        each.person_id
        for each in subjects
        if any(each.value_of(flag, PURPOSE) != "no" for flag in _HELD)  # type: ignore[arg-type]
    }
    usable, refused = [], set()
    for each in held:
        about = asked.get(each.event.person_id)
        if about is None or each.event.person_id in flagged:
            continue
        level = decide(rules, about, each.partner, each.event.kind).level
        if level >= Level.EXISTENCE:
            usable.append(each)
        else:
            refused.add(each.event.kind)
    return usable, refused


def reveal_evidence(
    request: HttpRequest,
    viewer: Viewer,
    family: Family,
    checked: Checked,
    page: str,
    at: dt.datetime,
) -> dict[str, SeenItem]:
    """Return the evidence of a check that the viewer may see, by event id; the sight is recorded first.

    Raises:
        AuditUnavailableError: if the sight could not be recorded; nothing was opened then.
    """
    wanted = {
        event_id
        for result in checked.judgement.rules
        for test in result.tests
        for event_id in test.evidence
    }
    keys = {event_id: secrets.token_hex(8) for event_id in sorted(wanted)}
    items = [_item(keys[event_id], checked.events[event_id]) for event_id in sorted(wanted)]
    seen: Revealed = reveal_page(
        request,
        page=page,
        purpose=PURPOSE,
        subjects=checked.subjects,
        items=items,
        reason=reason_for(viewer, family, at),
        at=at,
    )
    by_key = {item.key: item for item in seen.items}
    return {event_id: by_key[key] for event_id, key in keys.items() if key in by_key}


def _item(key: str, held: HeldEvent) -> SealedItem:
    event = held.event
    row: dict[str, Any] = {
        "partner": held.partner,
        "dataset": held.dataset,
        "kind": event.kind,
        "start_on": event.start_on,
        "end_on": event.end_on,
        "attributes": event.attributes,
    }
    return event_item(key, event.person_id, row)


def keep_check(family: Family, checked: Checked, at: dt.datetime) -> None:
    """Keep what the last check said: which rules failed, and the values that they were asked of."""
    family.last_failed = [each.rule.id for each in checked.judgement.failed]
    family.last_facts, family.last_checked_at = facts_as_json(checked.facts), at
    Family.objects.filter(pk=family.pk).update(
        last_failed=family.last_failed, last_facts=family.last_facts, last_checked_at=at
    )


def check_list(place: OpenPlace, viewer: Viewer, at: dt.datetime) -> int:
    """Check every family of the viewer's organisation that has no live claim; return how many.

    Raises:
        AuditUnavailableError: if it could not be recorded; nothing was checked then.
    """
    families = list(
        Family.objects.filter(organisation=viewer.organisation).select_related("framework")
    )
    record(
        "families.checked",
        actor=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        families=[each.ref for each in families],
    )
    for family in families:
        keep_check(family, check_family(place, viewer, family, at), at)
    return len(families)


def facts_of(family: Family) -> dict[str, Any]:
    """Return the values at the last check."""
    found: dict[str, Any] = json.loads(family.last_facts) if family.last_facts else {}
    return found
