"""Reading one person's account out of the trail."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Func, JSONField, Q, Value

from wholeplace.agreements import Rules
from wholeplace.agreements.account.sightings import (
    AccountGroup,
    HeldAs,
    Sighting,
    group_sightings,
    read_sightings,
)
from wholeplace.agreements.account.telling import account_words
from wholeplace.agreements.account.withholding import tell_sightings
from wholeplace.agreements.subjects.request import Subject
from wholeplace.people.earlier_ids import read_earlier_ids
from wholeplace.people.read import read_subjects
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import known_pseudonym
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.marks import standing_marks

__all__ = ["Account", "read_account"]


@dataclass(frozen=True)
class Account:
    """What one person is told of who looked.

    Attributes:
        subject: with the flags of today.
        pseudonym: the one of today's id; empty where nothing ever stood in the trail.
        sightings: all that is told, newest first.
    """

    subject: Subject
    pseudonym: str
    rules: Rules
    sightings: tuple[Sighting, ...]

    @property
    def groups(self) -> list[AccountGroup]:
        """By day and organisation, newest first."""
        return group_sightings(self.sightings, self.rules.terms.time_zone)


def read_account(
    person_id: str, starts_on: dt.date | None = None, ends_on: dt.date | None = None
) -> Account:
    """Return a person's account: every entry about them that is told, once, newest first.

    Args:
        person_id: their id of today; entries under earlier ids are found too.
        starts_on: first day told; None for all.
        ends_on: last day told; None for all.
    """
    place = current_place()
    rules, reader = place.rules(place.today), place.snapshot_reader
    zone, ids = rules.terms.time_zone, read_earlier_ids(reader, person_id)
    held_as = [
        HeldAs(name, each.until_on, each.mixed_until_on)
        for each in ids
        if (name := known_pseudonym(each.person_id))
    ]
    subject = read_subjects(reader, [person_id])[person_id]
    words = account_words()
    found = read_sightings(_entries(held_as), held_as, words.told, zone)
    marks = standing_marks(each.person_id for each in ids)
    told = tell_sightings(found, marks, subject, words.own, zone)
    return Account(
        subject,
        known_pseudonym(person_id) or "",
        rules,
        tuple(each for each in told if _is_within(each, zone, starts_on, ends_on)),
    )


def _is_within(
    sighting: Sighting, zone: str, starts_on: dt.date | None, ends_on: dt.date | None
) -> bool:
    day = sighting.day(ZoneInfo(zone))
    return (starts_on is None or day >= starts_on) and (ends_on is None or day <= ends_on)


def _entries(held_as: list[HeldAs]) -> list[tuple[int, dict[str, Any], str]]:
    """Return every entry about the person, with what it says of others left behind."""
    if not held_as:
        return []
    about = Q()
    for each in held_as:
        about |= Q(event__contains={"subjects": [{"subject": each.pseudonym}]})
    # Pseudonyms are hexadecimal digits, so they stand in the path as they are.
    names = " || ".join(f'@.subject == "{each.pseudonym}"' for each in held_as)
    path = Func(Value(f"$.subjects[*] ? ({names})"), template="(%(expressions)s)::jsonpath")
    rows = (
        Entry.objects.filter(about)
        .annotate(
            mine=Func(
                F("event"), path, function="jsonb_path_query_array", output_field=JSONField()
            ),
            rest=Func(
                F("event"),
                template="(%(expressions)s - 'subjects' - 'alerts')",
                output_field=JSONField(),
            ),
        )
        .order_by("-position")
        .values_list("position", "rest", "mine", "hash")
    )
    return [(position, {**rest, "subjects": mine}, seal) for position, rest, mine, seal in rows]
