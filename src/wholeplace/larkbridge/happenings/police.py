"""Police and youth justice: offences, antisocial behaviour, domestic abuse."""

import datetime as dt

from wholeplace.larkbridge.people import Household, Person
from wholeplace.larkbridge.story import Story

__all__ = ["abuse_at_home", "offend", "pass_by", "report_abuse", "report_offence", "sentence_youth"]

_OFFENCES = (
    "Theft from a shop",
    "Criminal damage",
    "Common assault",
    "Possession of cannabis",
    "Burglary",
    "Public order",
    "Vehicle crime",
)
_DISPOSALS = (
    "Community resolution",
    "Charged",
    "Conditional caution",
    "No further action",
    "Under investigation",
)
_ASB = ("Noise", "Rowdy behaviour", "Neighbour dispute", "Street drinking", "Nuisance vehicle")
_YOUTH = ("Youth caution", "Referral order", "Youth rehabilitation order", "Turnaround support")
_YOUTH_JUSTICE = 7


def incident_number(story: Story) -> str:
    """Return a number for one more incident."""
    story.serial += 1
    return f"LV{story.serial:07d}"


def report_offence(story: Story, person: Person, day: dt.date, offence: str, disposal: str) -> None:
    """Write one offence of a suspect."""
    story.add(
        "police-incidents",
        day,
        person,
        {
            "class": "OFF",
            "incident_no": incident_number(story),
            "incident_date": day,
            "offence": offence,
            "disposal": disposal,
            "officer_intelligence_note": "see log",
        },
    )


def report_nuisance(story: Story, person: Person, day: dt.date, kind: str) -> None:
    """Write one antisocial behaviour incident."""
    story.add(
        "police-incidents",
        day,
        person,
        {
            "class": "ASB",
            "incident_no": incident_number(story),
            "incident_date": day,
            "asb_kind": kind,
        },
    )


def sentence_youth(
    story: Story, home: Household, person: Person, day: dt.date, outcome: str
) -> None:
    """Write a youth justice outcome."""
    worker, contact = story.worker(_YOUTH_JUSTICE, home)
    story.add(
        "youth-justice", day, person,
        {"OUTCOME": outcome, "OUTCOME_DATE": day, "END_DATE": story.ended(day, 180), "TEAM": "Youth justice service", "WORKER": worker, "WORKER_TEL": contact},
    )  # fmt: skip


def offend(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let one or two of a household offend or cause a nuisance."""
    rng = story.rng
    able = [each for each in home.members if 11 <= each.age(story.as_of) <= 62]
    for person in rng.sample(
        able, min(len(able), 1 + (rng.random() < 0.4) + (home.kind == "hostel") * 5)
    ):
        story.need(person, "crime", since, until, "offends or causes nuisance")
        for day in story.days(since, until, rng.randrange(1, 4)):
            if person.age(day) >= 10:
                report_offence(story, person, day, rng.choice(_OFFENCES), rng.choice(_DISPOSALS))
        for day in story.days(since, until, rng.randrange(0, 3)):
            report_nuisance(story, person, day, rng.choice(_ASB))
        for day in story.days(since, until, 1):
            if 10 <= person.age(day) <= 17 and rng.random() < 0.6:
                sentence_youth(story, home, person, day, rng.choice(_YOUTH))


def pass_by(story: Story) -> None:
    """Write the offences of people with no other trouble: a few in every hundred."""
    rng = story.rng
    for person in story.world.people:
        if 15 <= person.age(story.as_of) <= 70 and not person.cast and rng.random() < 0.022:
            for day in story.days(story.starts_on, None, 1):
                if rng.random() < 0.6:
                    report_offence(
                        story, person, day, rng.choice(_OFFENCES), rng.choice(_DISPOSALS)
                    )
                else:
                    report_nuisance(story, person, day, rng.choice(_ASB))


def abuse_at_home(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let one adult abuse another, living together or parted."""
    rng = story.rng
    father = next((child.father for child in home.children if child.father is not None), None)
    first = home.adults[0]
    second = home.adults[1] if len(home.adults) > 1 else father
    if second is None or second is first:
        return
    victim, suspect = (first, second) if first.sex == "F" or rng.random() < 0.2 else (second, first)
    for person in [victim, *home.children]:
        story.need(
            person, "domestic-abuse", max(since, person.born), until, "abused or lives with abuse"
        )
    risk = rng.choice(("standard", "standard", "medium", "medium", "high"))
    for day in story.days(since, until, rng.randrange(1, 5)):
        report_abuse(story, home, victim, suspect, day, risk)
    if risk == "high":
        for day in story.days(since, until, 1):
            hold_conference(story, victim, suspect, day)


def report_abuse(
    story: Story, home: Household, victim: Person, suspect: Person, day: dt.date, risk: str
) -> None:
    """Write one domestic abuse incident: victim, suspect and children at home."""
    number = incident_number(story)
    present = bool(home.children) and story.rng.random() < 0.6
    roles = [(victim, "victim"), (suspect, "suspect")]
    roles += [(child, "child") for child in home.children if present and child.born < day]
    for person, role in roles:
        story.add(
            "police-incidents", day, person,
            {"class": "DAI", "incident_no": number, "incident_date": day, "role": role, "risk": risk, "children_present": present},
        )  # fmt: skip


def hold_conference(story: Story, victim: Person, suspect: Person, day: dt.date) -> None:
    """Write one risk assessment conference."""
    number = incident_number(story)
    for person, role in ((victim, "victim"), (suspect, "suspect")):
        story.add(
            "police-incidents",
            day,
            person,
            {"class": "MRC", "incident_no": number, "incident_date": day, "role": role},
        )
