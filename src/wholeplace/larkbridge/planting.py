"""Planting the cast: settling the named people and acting their story."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from wholeplace.larkbridge.cast import read_cast
from wholeplace.larkbridge.happenings import families, health, homes, money, police, schools
from wholeplace.larkbridge.histories import Historian
from wholeplace.larkbridge.households import Settler
from wholeplace.larkbridge.people import Dwelling, Household, Person, Spell, World
from wholeplace.larkbridge.story import Story

__all__ = ["act_cast", "settle_cast"]

_PARTS = ("leanne", "jayden", "mia", "craig", "tara", "ellis", "nadine")


def settle_cast(settler: Settler, historian: Historian, spare: list[Dwelling]) -> int:
    """Settle the named people at their fixed addresses; return how many are residents."""
    found, world = read_cast(), settler.world
    dwellings = {key: _dwelling(world, each) for key, each in found["addresses"].items()}
    made: dict[str, Person] = {}
    for key, each in found["people"].items():
        made[key] = _person(settler, each)
    for key, each in found["people"].items():
        made[key].mother, made[key].father = (
            made.get(each.get("mother", "")),
            made.get(each.get("father", "")),
        )
    homes_made = {
        home["id"]: _household(settler, home, made, dwellings) for home in found["households"]
    }
    for key, each in found["people"].items():
        own = next(home for home in homes_made.values() if made[key] in home.members)
        early = homes_made.get(each.get("with", ""), own)
        _stay(world, made[key], each["stays"], dwellings, early, own)
    return len(made)


def _dwelling(world: World, wanted: Any) -> Dwelling:
    block = wanted["postcode_of_block"]
    near = next(each for each in world.dwellings if each.block == block)
    made = Dwelling(
        f"D{900_000 + len(world.dwellings):06d}", wanted["line"], wanted.get("flat", ""), near.postcode,
        999_900_000_000 + len(world.dwellings) * 37, block, wanted.get("kind", "home"), wanted.get("tenure", "private"),
    )  # fmt: skip
    world.dwellings.append(made)
    return made


def _person(settler: Settler, each: Any) -> Person:
    as_of = settler.world.as_of
    made = settler.person(
        each["sex"], each["born"], each["names"][0]["surname"], each["given"], each["middle"]
    )
    made.names += [
        (as_of - dt.timedelta(days=name["days_ago"]), name["surname"]) for name in each["names"][1:]
    ]
    made.phone, made.email, made.cast = each["phone"], each["email"], True
    made.flags.update(each.get("flags", ()))
    return made


def _household(
    settler: Settler, home: Any, made: dict[str, Person], dwellings: dict[str, Dwelling]
) -> Household:
    household = settler.household(
        home["kind"],
        [made[key] for key in home["adults"]],
        [made[key] for key in home["children"]],
        dwellings[home["at"]],
    )
    household.needs = list(home["needs"])
    household.phone = household.adults[0].phone
    return household


def _stay(
    world: World,
    person: Person,
    stays: Any,
    dwellings: dict[str, Dwelling],
    early: Household,
    own: Household,
) -> None:
    starts = [max(world.as_of - dt.timedelta(days=stay["days_ago"]), person.born) for stay in stays]
    for index, stay in enumerate(stays):
        last = index == len(stays) - 1
        end = None if last else starts[index + 1]
        person.spells.append(
            Spell(starts[index], end, dwellings[stay["at"]], own if last else early)
        )
    person.changes = sorted([*starts[1:], *(day for day, _ in person.names[1:])])
    own.start = min(own.start, starts[-1])


def act_cast(story: Story) -> None:
    """Write what happened to the named people into the story."""
    found = read_cast()
    # The cast is planted first, so its people lead the list in the order of the file.
    people = dict(zip(found["people"], story.world.people, strict=False))
    households = {
        home["id"]: people[home["adults"][0]].spells[-1].household for home in found["households"]
    }
    for each in found["happenings"]:
        _ACTS[each["do"]](story, each, people, households)
    for home in found["households"]:
        for key in [*home["adults"], *home["children"]]:
            for headline in home["needs"]:
                story.need(
                    people[key],
                    headline,
                    story.as_of - dt.timedelta(days=430),
                    None,
                    "planted story",
                )


_People = dict[str, Person]
_Homes = dict[str, Household]


def _day(story: Story, each: Any, name: str = "days_ago") -> dt.date:
    return story.as_of - dt.timedelta(days=each[name])


def _assess(story: Story, each: Any, people: _People, homes_made: _Homes) -> None:
    home = homes_made[each["home"]]
    day = _day(story, each)
    worker = ("Amira Khan", "01632 960110")
    for person in home.members:
        story.add(
            "early-help",
            day,
            person,
            {
                "Entry": "Assessment",
                "Started": day,
                "Score": each["score"],
                "Lead practitioner": worker[0],
            },
        )
        start = day + dt.timedelta(days=21)
        story.add(
            "early-help",
            start,
            person,
            {
                "Entry": "Plan",
                "Started": start,
                "Lead practitioner": worker[0],
                "Service": "Early help family support",
                "Lead contact": worker[1],
            },
        )


def _tenancy(story: Story, each: Any, people: _People, homes_made: _Homes) -> None:
    ends = [day for day in homes.quarters(story) if day >= _day(story, each, "from_days_ago")]
    weeks = each["weeks"][-len(ends) :]
    for index, (day, owed) in enumerate(zip(ends, weeks, strict=False)):
        status = (
            "START" if index == 0 else "NOTICE" if owed >= 9 else "ARREARS" if owed else "CLEAR"
        )
        homes.state(
            story, homes_made[each["home"]], people[each["who"]], day, status, owed, joint=False
        )


def _temporary(story: Story, each: Any, people: _People, homes_made: _Homes) -> None:
    end = _day(story, each, "until_days_ago") if "until_days_ago" in each else None
    for person in homes_made[each["home"]].members:
        homes.stay_temporarily(story, person, _day(story, each), end, each["kind"])


def _abuse(story: Story, each: Any, people: _People, homes_made: _Homes) -> None:
    number, day = police.incident_number(story), _day(story, each)
    roles = [
        (each["victim"], "victim"),
        (each["suspect"], "suspect"),
        *((child, "child") for child in each["children"]),
    ]
    for key, role in roles:
        story.add(
            "police-incidents",
            day,
            people[key],
            {
                "class": "DAI",
                "incident_no": number,
                "incident_date": day,
                "role": role,
                "risk": each["risk"],
                "children_present": bool(each["children"]),
            },
        )


def _attendance(story: Story, each: Any, people: _People, homes_made: _Homes) -> None:
    spans = schools.terms(story)
    shares = each["missed"][-len(spans) :]
    for term, share in zip(spans[-len(shares) :], shares, strict=True):
        schools.attend(story, people[each["who"]], term, share)


def _missing(story: Story, each: Any, people: _People, homes_made: _Homes) -> None:
    day, person = _day(story, each), people[each["who"]]
    number = police.incident_number(story)
    story.add(
        "police-incidents",
        day,
        person,
        {
            "class": "MIS",
            "incident_no": number,
            "incident_date": day,
            "hours_missing": each["hours"],
        },
    )
    story.add(
        "children-social-care",
        day,
        person,
        {
            "EpisodeType": "MIS",
            "EpisodeStart": day,
            "EpisodeEnd": day,
            "HoursMissing": each["hours"],
        },
    )


def _need_plan(story: Story, each: Any, people: _People, homes_made: _Homes) -> None:
    worker = ("Petra Lang", "01632 960111")
    day = _day(story, each)
    families.plan(story, people[each["who"]], each["kind"], day, None, each["category"], worker)
    families.plan(story, people[each["parent"]], "PAR", day, None, "", worker)


def _home_of(person: Person) -> Household:
    return person.spells[-1].household


_Act = Callable[[Story, Any, _People, _Homes], None]
_ACTS: dict[str, _Act] = {
    "assess": _assess,
    "tenancy": _tenancy,
    "temporary": _temporary,
    "abuse": _abuse,
    "attendance": _attendance,
    "missing": _missing,
    "need_plan": _need_plan,
    "homeless": lambda s, e, p, h: homes.apply_homeless(
        s, p[e["who"]], _day(s, e), e["duty"], e["reason"]
    ),
    "conference": lambda s, e, p, h: police.hold_conference(
        s, p[e["victim"]], p[e["suspect"]], _day(s, e)
    ),
    "offence": lambda s, e, p, h: police.report_offence(
        s, p[e["who"]], _day(s, e), e["offence"], e["disposal"]
    ),
    "nuisance": lambda s, e, p, h: police.report_nuisance(s, p[e["who"]], _day(s, e), e["kind"]),
    "youth": lambda s, e, p, h: police.sentence_youth(
        s, _home_of(p[e["who"]]), p[e["who"]], _day(s, e), e["outcome"]
    ),
    "suspension": lambda s, e, p, h: schools.suspend(
        s, p[e["who"]], _day(s, e), e["days"], e["reason"]
    ),
    "referral": lambda s, e, p, h: families.refer(
        s, p[e["who"]], _day(s, e), e["referrer"], e["concern"]
    ),
    "missed": lambda s, e, p, h: health.miss(s, p[e["who"]], _day(s, e), e["service"]),
    "check": lambda s, e, p, h: health.check(s, p[e["who"]], _day(s, e), e["name"], e["score"]),
    "mental_health": lambda s, e, p, h: health.refer_mental_health(
        s, _home_of(p[e["who"]]), p[e["who"]], _day(s, e), e["urgency"]
    ),
    "claim": lambda s, e, p, h: _claim(s, e, p),
    "parcel": lambda s, e, p, h: money.eat(s, p[e["who"]], _day(s, e), e["fed"]),
    "debt": lambda s, e, p, h: money.take_advice(s, p[e["who"]], _day(s, e), e["pence"]),
    "treatment": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "adult-social-care",
        {
            "contact_type": "DA",
            "start_date": _day(s, e),
            "end_date": _day(s, e) + dt.timedelta(days=90),
            "substance": e["substance"],
            "treatment_outcome": e["outcome"],
            "team": "Larkbridge Recovery",
        },
    ),
    "exploitation": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "children-social-care",
        {"EpisodeType": "EXP", "EpisodeStart": _day(s, e), "RiskLevel": e["risk"]},
    ),
    "restricted": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "children-social-care",
        {
            "EpisodeType": "PAR",
            "EpisodeStart": _day(s, e),
            "EpisodeEnd": _day(s, e) + dt.timedelta(days=60),
            "Team": "Children's social care",
        },
    ),
    "funded": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "school-attendance",
        {"Kind": "FUNDED", "PeriodStart": _day(s, e), "PlaceTaken": e["taken"]},
    ),
    "emergency": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "community-health",
        {"contactType": "emergency", "startedOn": _day(s, e), "reason": e["reason"]},
    ),
    "conflict": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "early-help",
        {"Entry": "Conflict", "Started": _day(s, e), "Recorded by": e["noted"]},
    ),
    "carer": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "adult-social-care",
        {"contact_type": "CA", "start_date": _day(s, e), "young_carer": True},
    ),
    "sanction": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "jobcentre-claims",
        {"LINE_TYPE": "SANCTION", "START_DATE": _day(s, e), "SANCTION_WEEKS": e["weeks"]},
    ),
    "job": lambda s, e, p, h: _plain(
        s,
        e,
        p,
        "jobcentre-claims",
        {"LINE_TYPE": "JOBSTART", "START_DATE": _day(s, e), "HOURS": e["hours"]},
    ),
}


def _claim(story: Story, each: Any, people: _People) -> None:
    day = _day(story, each)
    values = {
        "LINE_TYPE": "CLAIM", "START_DATE": day, "REGIME": each["regime"], "WORK_COACH": "Marcus Bell",
        "COACH_CONTACT": "01632 960112", "OFFICE": "Larkbridge Jobcentre",
    }  # fmt: skip
    story.add("jobcentre-claims", day, people[each["who"]], values)


def _plain(story: Story, each: Any, people: _People, dataset: str, values: dict[str, Any]) -> None:
    story.add(dataset, _day(story, each), people[each["who"]], values)
