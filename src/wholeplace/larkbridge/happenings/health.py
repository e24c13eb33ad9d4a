"""Health: GP conditions, health visiting, mental health, missed and emergency attendances."""

import datetime as dt

from wholeplace.larkbridge.people import Household, Person
from wholeplace.larkbridge.story import Story

__all__ = [
    "ail",
    "check_development",
    "condition_of",
    "fall_behind",
    "refer_mental_health",
    "treat_substances",
]

_CONDITIONS = ("Asthma", "Diabetes", "Hypertension", "COPD", "Epilepsy")
_CHECKS = ((300, "ASQ-3 9 to 12 months"), (830, "ASQ-3 2 to 2½ years"))
_HEALTH_VISITING, _MENTAL_HEALTH, _RECOVERY = 1, 2, 3


def condition_of(story: Story, person: Person) -> tuple[str, dt.date] | None:
    """Return the main long-term condition and since when, likelier with age."""
    rng = story.rng
    age = person.age(story.as_of)
    if any(each.headline == "health" for each in person.pressures) and rng.random() < 0.6:
        return "Depression" if age >= 16 else "Asthma", person.born + dt.timedelta(
            days=int(age * 300)
        )
    if rng.random() > 0.05 + 0.006 * max(0, age - 15):
        return None
    name = "Asthma" if age < 30 else rng.choice(_CONDITIONS)
    return name, person.born + dt.timedelta(days=rng.randrange(365, max(366, age * 365)))


def check_development(story: Story) -> None:
    """Write health visitors' checks of every small child, and their caseload."""
    rng = story.rng
    for home in story.world.households:
        worker, contact = story.worker(_HEALTH_VISITING, home)
        for child in home.children:
            if child.cast or child.age(story.as_of) > 5:
                continue
            behind = [each for each in child.pressures if each.headline == "early-years"]
            for days, name in _CHECKS:
                day = child.born + dt.timedelta(days=days + rng.randrange(45))
                if behind and rng.random() < 0.25:
                    miss(story, child, day, "Health visiting")
                    day += dt.timedelta(days=rng.randrange(30, 120))
                good = rng.random() < (0.12 if behind else 0.9)
                check(
                    story,
                    child,
                    day,
                    name,
                    rng.randrange(190, 290) if good else rng.randrange(60, 180),
                )
            if behind:
                start = behind[0].since
                end = behind[0].until
                story.add(
                    "community-health",
                    start,
                    child,
                    {
                        "contactType": "caseload",
                        "startedOn": start,
                        "endedOn": end,
                        "service": "Health visiting",
                        "clinicianName": worker,
                        "clinicianContact": contact,
                    },
                )


def check(story: Story, child: Person, day: dt.date, name: str, score: int) -> None:
    """Write one development check; 185 and more is on track."""
    values = {
        "contactType": "development-check",
        "startedOn": day,
        "checkName": name,
        "checkScore": score,
        "onTrack": score >= 185,
    }
    story.add("community-health", day, child, values)


def miss(story: Story, person: Person, day: dt.date, service: str) -> None:
    """Write one appointment that was not attended."""
    story.add(
        "community-health",
        day,
        person,
        {"contactType": "missed", "startedOn": day, "service": service},
    )


def fall_behind(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let the small children of a family fall behind in their development."""
    for child in home.children:
        if child.age(story.as_of) <= 5:
            story.need(
                child, "early-years", max(since, child.born), until, "development behind for age"
            )


def ail(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let one or two of a household be unwell in mind or body."""
    rng = story.rng
    able = [each for each in home.members if each.age(story.as_of) >= 9] or home.adults
    for person in rng.sample(able, min(len(able), 1 + (rng.random() < 0.35))):
        story.need(person, "health", since, until, "poor mental or physical health")
        for day in story.days(since, until, rng.randrange(1, 3)):
            refer_mental_health(
                story, home, person, day, rng.choice(("routine", "routine", "urgent"))
            )
        for day in story.days(since, until, rng.randrange(0, 3)):
            miss(
                story,
                person,
                day,
                rng.choice(("Talking therapies", "Outpatients", "School nursing")),
            )
        for day in story.days(since, until, rng.randrange(0, 2)):
            reason = rng.choice(("Self-harm", "Injury", "Chest pain", "Asthma attack"))
            story.add(
                "community-health",
                day,
                person,
                {"contactType": "emergency", "startedOn": day, "reason": reason},
            )


def refer_mental_health(
    story: Story, home: Household, person: Person, day: dt.date, urgency: str
) -> None:
    """Write one referral and, for most, the caseload entry that follows."""
    young = person.age(day) < 18
    service = "Child and adolescent mental health" if young else "Talking therapies"
    story.add(
        "community-health",
        day,
        person,
        {"contactType": "mental-health", "startedOn": day, "service": service, "urgency": urgency},
    )
    if story.rng.random() < 0.6:
        worker, contact = story.worker(_MENTAL_HEALTH, home)
        story.add(
            "community-health", day, person,
            {"contactType": "caseload", "startedOn": day, "endedOn": story.ended(day, 200), "service": service, "clinicianName": worker, "clinicianContact": contact},
        )  # fmt: skip


def treat_substances(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let an adult, or now and then a teenager, be treated for drugs or alcohol."""
    rng = story.rng
    teens = [child for child in home.children if child.age(story.as_of) >= 14]
    able = teens if teens and rng.random() < 0.25 else home.adults
    worker, contact = story.worker(_RECOVERY, home)
    for person in rng.sample(
        able, min(len(able), 1 + (home.kind == "hostel") * 8 + (rng.random() < 0.3))
    ):
        story.need(person, "substance-use", since, until, "misuses drugs or alcohol")
        for day in story.days(since, until, 1 + (rng.random() < 0.3)):
            end = story.ended(day, 240)
            story.add(
                "adult-social-care", day, person,
                {"contact_type": "DA", "start_date": day, "end_date": end,
                 "substance": rng.choice(("Alcohol", "Alcohol", "Opiates", "Cannabis", "Cocaine")),
                 "treatment_outcome": rng.choice(("Completed", "Left early")) if end else "In treatment",
                 "team": "Larkbridge Recovery", "worker": worker, "worker_contact": contact},
            )  # fmt: skip
