"""Money and work: claims, sanctions, job starts, food parcels, debt advice."""

import datetime as dt

from wholeplace.larkbridge.people import Household, Person
from wholeplace.larkbridge.story import Story

__all__ = ["claim", "eat", "go_short", "look_for_work", "take_advice"]

_WORK_COACH = 8
_REGIMES = ("Searching for work", "Preparing for work", "Working, could earn more")


def go_short(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let a household run short: food parcels, advice, a sanction, a claim."""
    rng = story.rng
    for person in home.members:
        story.need(
            person,
            "financial-stability",
            max(since, person.born),
            until,
            "debt or too little money",
        )
    heads = home.adults if home.kind == "hostel" else home.adults[:1]
    for head in heads:
        for day in story.days(since, until, rng.randrange(0, 4)):
            eat(story, head, day, len(home.members) if home.children else 1)
        for day in story.days(since, until, rng.randrange(0, 3)):
            take_advice(story, head, day, rng.randrange(40_000, 1_900_000, 500))
        if 18 <= head.age(story.as_of) <= 65 and rng.random() < 0.6:
            for day in story.days(since, until, 1):
                claim(story, home, head, day)
            for day in story.days(since, until, int(rng.random() < 0.3)):
                story.add(
                    "jobcentre-claims",
                    day,
                    head,
                    {
                        "LINE_TYPE": "SANCTION",
                        "START_DATE": day,
                        "SANCTION_WEEKS": rng.choice((1, 4, 8, 13)),
                    },
                )


def eat(story: Story, person: Person, day: dt.date, fed: int) -> None:
    """Write one food parcel."""
    story.add(
        "advice-and-food",
        day,
        person,
        {"What for": "Food parcel", "Visit date": day, "People fed": fed},
    )


def take_advice(story: Story, person: Person, day: dt.date, debt_pence: int) -> None:
    """Write one debt advice session."""
    story.add(
        "advice-and-food",
        day,
        person,
        {"What for": "Debt advice", "Visit date": day, "Debt (pence)": debt_pence},
    )


def claim(story: Story, home: Household, person: Person, day: dt.date) -> None:
    """Write one claim, and for some the job that ended it."""
    rng = story.rng
    worker, contact = story.worker(_WORK_COACH, home)
    end = story.ended(day, 300)
    story.add(
        "jobcentre-claims", day, person,
        {"LINE_TYPE": "CLAIM", "START_DATE": day, "END_DATE": end, "REGIME": rng.choice(_REGIMES), "WORK_COACH": worker, "COACH_CONTACT": contact, "OFFICE": "Larkbridge Jobcentre"},
    )  # fmt: skip
    if end is not None and rng.random() < 0.6:
        story.add(
            "jobcentre-claims",
            end,
            person,
            {"LINE_TYPE": "JOBSTART", "START_DATE": end, "HOURS": rng.choice((8, 16, 20, 30, 37))},
        )


def look_for_work(story: Story) -> None:
    """Write the claims of people who are between jobs and short of nothing else."""
    for home in story.world.households:
        for person in home.adults:
            if (
                18 <= person.age(story.as_of) <= 65
                and not person.cast
                and story.rng.random() < 0.05
            ):
                for day in story.days(story.starts_on, None, 1):
                    claim(story, home, person, day)
