"""From happenings to rows: the lists that partners hold, and what each extract would carry.

`full` datasets are whole lists on a day; `changes` datasets come as a backlog and an update,
with some rows late and some sent again put right.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from wholeplace.larkbridge.definitions import read_dataset, read_rates
from wholeplace.larkbridge.desk import Desk, Identity
from wholeplace.larkbridge.happenings.health import condition_of
from wholeplace.larkbridge.people import Household, Person
from wholeplace.larkbridge.story import Story

__all__ = ["Extract", "Row", "extract_dates", "make_extracts"]

_KEYS = {
    "children-social-care": ("EpisodeID", "E{:07d}"),
    "early-help": ("Record ref", "EH{:07d}"),
    "youth-justice": ("YJS_CASE", "YJ{:05d}"),
    "adult-social-care": ("contact_ref", "{:07d}"),
    "homelessness": ("CaseLine", "HL-{:05d}"),
    "community-health": ("contactId", "c{:08d}"),
    "school-attendance": ("RowRef", "{:08d}"),
    "school-suspensions": ("Ref", "S{:05d}"),
    "jobcentre-claims": ("LINE_REF", "JC{:06d}"),
    "advice-and-food": ("Visit", "V{:05d}"),
}
_LISTS = ("gp-registrations", "council-tax")


@dataclass(slots=True)
class Row:
    """One row of an extract before it is written: who it is, what is held, what happened."""

    person: Person
    identity: Identity
    values: Mapping[str, Any]


@dataclass(slots=True)
class Extract:
    """One file to be written.

    Attributes:
        cut: the file breaks off in the middle of a row.
    """

    dataset: str
    date: dt.date
    rows: list[Row]
    cut: bool = False


def extract_dates(dataset: str, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """Return the dates of a dataset's first and last extract."""
    last = as_of - dt.timedelta(days=1)
    whole = read_dataset(dataset)["file"].get("update", "changes") == "full"
    return last - dt.timedelta(days=365 if whole else 31), last


def make_extracts(story: Story, dataset: str) -> tuple[list[Extract], dict[str, int]]:
    """Return a dataset's extracts, and how often each kind of error was made in them."""
    world = story.world
    rng = Random(f"desk {dataset} {world.seed} {world.residents}")  # noqa: S311 - invented errors
    desk = Desk(dataset, read_rates(), rng)
    first, last = extract_dates(dataset, story.as_of)
    if dataset in _LISTS:
        lists = _list_patients if dataset == "gp-registrations" else _list_accounts
        extracts = [Extract(dataset, day, lists(story, desk, day)) for day in (first, last)]
    elif read_dataset(dataset)["file"].get("update") == "full":
        rows = _rows(story, dataset, desk, rng)
        extracts = [
            Extract(
                dataset, day, [_as_known(dataset, row, day) for begun, row in rows if begun <= day]
            )
            for day in (first, last)
        ]
    else:
        extracts = _changes(dataset, desk, _rows(story, dataset, desk, rng), first, last, rng)
    return extracts, desk.made


def _rows(story: Story, dataset: str, desk: Desk, rng: Random) -> list[tuple[dt.date, Row]]:
    """Return each happening as a row in order of time, with the day it was recorded."""
    key, pattern = _KEYS.get(dataset, ("", ""))
    definition = read_dataset(dataset)
    observed = str(definition["observed"])
    last = story.as_of - dt.timedelta(days=1)
    found = []
    consents: dict[str, Any] = {}
    happenings = sorted(story.rows[dataset], key=lambda each: each[:2])
    for number, (day, _, person, values) in enumerate(happenings, 1):
        recorded = min(last, day + dt.timedelta(days=int(rng.expovariate(0.25))))
        identity = desk.identify(person, day)
        extra = _standing(dataset, person, rng, consents)
        if key:
            extra[key] = pattern.format(number)
        if observed not in values:
            extra[observed] = recorded
        found.append(
            (
                max(day, recorded if observed in extra else day),
                Row(person, identity, {**values, **extra}),
            )
        )
    return found


def _as_known(dataset: str, row: Row, day: dt.date) -> Row:
    """Return a row as a whole list made on a day would show it: dated, ends still to come blank."""
    definition = read_dataset(dataset)
    values = {**row.values, str(definition["observed"]): day}
    ends = {str(each["end"]) for each in definition["events"] if "end" in each}
    for name in ends:
        if isinstance(values.get(name), dt.date) and values[name] > day:
            values[name] = None
    return Row(row.person, row.identity, values)


def _changes(
    dataset: str,
    desk: Desk,
    rows: list[tuple[dt.date, Row]],
    first: dt.date,
    last: dt.date,
    rng: Random,
) -> list[Extract]:
    rates = read_rates()
    late, corrected = rates.of("late_row", dataset), rates.of("corrected_row", dataset)
    observed = str(read_dataset(dataset)["observed"])
    backlog, update = [], []
    for recorded, row in rows:
        if recorded > first or rng.random() < late:
            update.append(row)
            continue
        backlog.append(row)
        if rng.random() < corrected and not row.person.cast:
            values = dict(row.values)
            if observed in (
                "LastUpdated",
                "Last contact",
                "recorded_on",
                "entered_on",
                "recordedOn",
                "LINE_DATE",
                "Entered",
                "CensusDate",
            ):
                values[observed] = first + dt.timedelta(days=rng.randrange(1, (last - first).days))
            update.append(Row(row.person, desk.correct(row.person, recorded, row.identity), values))
    extracts = [Extract(dataset, first, backlog), Extract(dataset, last, update)]
    if dataset == "police-incidents":
        # The transfer broke off the day before; the whole file came again the next day.
        extracts.insert(1, Extract(dataset, last - dt.timedelta(days=1), update, cut=True))
    return extracts


def _standing(
    dataset: str, person: Person, rng: Random, consents: dict[str, Any]
) -> dict[str, Any]:
    """Return the columns that say how a person's record may be used."""
    if dataset == "children-social-care":
        return {
            "Restricted": "restricted" in person.flags,
            "Sealed": "sealed" in person.flags,
            "ObjectionUpheld": False,
        }
    if dataset == "police-incidents":
        return {"sealed": "sealed" in person.flags}
    consent, objection = {
        "early-help": ("Consent to share", "Objects to sharing"),
        "homelessness": ("ConsentToRefer", "ObjectsToShare"),
        "advice-and-food": ("Happy for us to share", ""),
    }.get(dataset, ("", ""))
    if not consent:
        return {}
    rates = read_rates()
    if person.id not in consents:
        draw = rng.random()
        asked = rates.among_people("consent_not_asked")
        consents[person.id] = (
            None if draw < asked else rng.random() < rates.among_people("consent_given")
        )
        if person.cast:
            consents[person.id] = "refuses" not in person.flags
    found: dict[str, Any] = {consent: consents[person.id]}
    if objection:
        found[objection] = dataset == "early-help" and "objection" in person.flags
    return found


def _list_patients(story: Story, desk: Desk, day: dt.date) -> list[Row]:
    """Return the patient list of a day: everybody living in the town but a few in a hundred."""
    found = []
    for person in story.world.people:
        if not person.lives_on(day) or (int(person.id[1:]) * 7919) % 100 < 2:
            continue
        since = max(person.born, person.spells[0].start)
        condition = _remembered(story, person)
        known = condition is not None and condition[1] <= day
        found.append(
            Row(person, desk.identify(person, day), {
                "practice": f"Y9{person.spell_on(day).dwelling.block % 6:04d}", "registered_on": since,
                "main_condition": condition[0] if known and condition else None,
                "condition_since": condition[1] if known and condition else None,
                "national_data_opt_out": "national-opt-out" in person.flags, "as_at": day,
            })
        )  # fmt: skip
    return found


def _remembered(story: Story, person: Person) -> tuple[str, dt.date] | None:
    known = story.conditions
    if person.id not in known:
        known[person.id] = condition_of(story, person)
    return known[person.id]


def _list_accounts(story: Story, desk: Desk, day: dt.date) -> list[Row]:
    """Return the council tax list of a day: the first two adults of each home."""
    found = []
    for home in story.world.households:
        if home.kind in ("care-home", "hostel", "student-house") or (
            home.end is not None and home.end <= day
        ):
            continue
        parties = [
            each
            for each in home.adults[:2]
            if each.age(day) >= 18 and each.lives_on(day) and each.spell_on(day).household is home
        ]
        for person in parties:
            dwelling = person.spell_on(day).dwelling
            if dwelling.kind != "home":
                continue
            account = f"5{int(dwelling.key[1:]):06d}{int(home.id[1:]) % 100:02d}"
            found.append(
                Row(
                    person,
                    desk.identify(person, day),
                    {
                        **_arrears(home, day),
                        "ACCOUNT_NO": account,
                        "BAND": "ABCDEFGH"[dwelling.uprn % 5],
                        "EXTRACT_DATE": day,
                    },
                )
            )
    return found


def _arrears(home: Household, day: dt.date) -> dict[str, Any]:
    short = [
        each for person in home.adults for each in person.pressures
        if each.headline == "financial-stability" and each.since <= day and (each.until is None or each.until > day)
    ]  # fmt: skip
    number = int(home.id[1:])
    if short and number % 10 < 7:
        return {
            "IN_ARREARS": "Y",
            "ARREARS_SINCE": short[0].since,
            "OWED_PENCE": 12_000 + number * 7919 % 190_000,
        }
    if number % 53 == 0 and home.start < day:
        return {
            "IN_ARREARS": "Y",
            "ARREARS_SINCE": max(home.start, day - dt.timedelta(days=120)),
            "OWED_PENCE": 6_000 + number % 9_000,
        }
    return {"IN_ARREARS": "N"}
