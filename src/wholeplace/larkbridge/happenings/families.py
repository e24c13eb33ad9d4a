"""Families: early help, children's social care, adult social care."""

import datetime as dt

from wholeplace.larkbridge.people import Household, Person
from wholeplace.larkbridge.programme import INTENSIVE_SERVICE, ORDINARY_SERVICE, Programme
from wholeplace.larkbridge.story import Story

__all__ = ["care_for_adults", "fall_out", "harm_children", "help_families"]

_EARLY_HELP, _SOCIAL_WORK, _ADULTS = 4, 5, 6
_CONCERNS = (
    "Neglect",
    "Emotional abuse",
    "Physical abuse",
    "Domestic abuse",
    "Parental mental health",
    "Parental substance misuse",
)
_REFERRERS = ("Police", "School", "Health visitor", "GP", "Neighbour", "Housing")


def fall_out(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let a family's relationships suffer: conflict noted, perhaps a young carer."""
    rng = story.rng
    for person in home.members:
        story.need(
            person,
            "family-relationships",
            max(since, person.born),
            until,
            "conflict or caring role at home",
        )
    for day in story.days(since, until, rng.randrange(1, 3)):
        noted = rng.choice(("School", "Health visitor", "Early help worker"))
        for person in home.adults[:2]:
            story.add(
                "early-help",
                day,
                person,
                {"Entry": "Conflict", "Started": day, "Recorded by": noted},
            )
    carers = [child for child in home.children if child.age(story.as_of) >= 10]
    if carers and rng.random() < 0.35:
        for day in story.days(since, until, 1):
            story.add(
                "adult-social-care",
                day,
                carers[0],
                {"contact_type": "CA", "start_date": day, "young_carer": True},
            )


def help_families(story: Story, programme: Programme) -> None:
    """Assess and support families: the eligible at the programme's start, others when needs build up."""
    rng = story.rng
    for home in story.world.households:
        if not home.children or not home.needs:
            continue
        day = home.supported_on
        if day is None:
            if len(home.needs) < 2 or rng.random() > 0.55:
                continue
            day = story.starts_on + dt.timedelta(
                days=rng.randrange(30, (story.as_of - story.starts_on).days - 5)
            )
        service = INTENSIVE_SERVICE if home.treated else ORDINARY_SERVICE
        assess(story, home, day, service, min(5, 1 + len(home.needs) // 2 + rng.randrange(2)))


def assess(story: Story, home: Household, day: dt.date, service: str, score: int) -> None:
    """Write a whole-family assessment and the plan that follows, a row for each member."""
    lead, contact = story.worker(_EARLY_HELP, home)
    assessed = day - dt.timedelta(days=21)
    end = story.ended(day, 330)
    for person in home.members:
        story.add(
            "early-help",
            assessed,
            person,
            {"Entry": "Assessment", "Started": assessed, "Score": score, "Lead practitioner": lead},
        )
        story.add(
            "early-help", day, person,
            {"Entry": "Plan", "Started": day, "Ended": end, "Lead practitioner": lead, "Service": service, "Lead contact": contact},
        )  # fmt: skip


def harm_children(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let children be at risk: referrals, plans, missing episodes, exploitation."""
    rng = story.rng
    worker = story.worker(_SOCIAL_WORK, home)
    if not home.children:
        return
    concern, depth = rng.choice(_CONCERNS), rng.random()
    for child in home.children:
        story.need(child, "safe-from-harm", max(since, child.born), until, concern.lower())
        for day in story.days(max(since, child.born), until, 1 + (rng.random() < 0.35)):
            refer(story, child, day, rng.choice(_REFERRERS), concern)
        kind = "CPP" if depth < 0.22 else "CIN" if depth < 0.65 else None
        if kind:
            start = max(since, child.born) + dt.timedelta(days=30)
            plan(
                story,
                child,
                kind,
                start,
                until,
                concern if kind == "CPP" else "Abuse or neglect",
                worker,
            )
            for adult in home.adults[:2]:
                if child is home.children[0]:
                    plan(story, adult, "PAR", start, until, "", worker)
        if child.age(story.as_of) >= 12 and rng.random() < 0.4:
            _go_missing(story, child, since, until)


def refer(story: Story, child: Person, day: dt.date, referrer: str, concern: str) -> None:
    """Write one referral to children's social care."""
    values = {
        "EpisodeType": "REF",
        "EpisodeStart": day,
        "ReferralSource": referrer,
        "Concern": concern,
    }
    story.add("children-social-care", day, child, values)


def plan(
    story: Story,
    person: Person,
    kind: str,
    start: dt.date,
    end: dt.date | None,
    category: str,
    worker: tuple[str, str],
) -> None:
    """Write a child in need (CIN) or protection (CPP) plan, or a parent's part in it (PAR)."""
    values = {
        "EpisodeType": kind, "EpisodeStart": start, "EpisodeEnd": end if end and end > start else None, "Category": category,
        "Team": "Children's social care", "AllocatedWorker": worker[0], "WorkerContact": worker[1],
        "Religion": "Not stated",
    }  # fmt: skip
    story.add("children-social-care", start, person, values)


def _go_missing(story: Story, child: Person, since: dt.date, until: dt.date | None) -> None:
    rng = story.rng
    for day in story.days(since, until, rng.randrange(1, 4)):
        hours = round(rng.expovariate(1 / 14) + 2, 1)
        story.serial += 1
        story.add(
            "police-incidents",
            day,
            child,
            {
                "class": "MIS",
                "incident_no": f"LV{story.serial:07d}",
                "incident_date": day,
                "hours_missing": hours,
            },
        )
        story.add(
            "children-social-care",
            day,
            child,
            {"EpisodeType": "MIS", "EpisodeStart": day, "EpisodeEnd": day, "HoursMissing": hours},
        )
    if rng.random() < 0.5:
        for day in story.days(since, until, 1):
            risk = rng.choice(("emerging", "moderate", "significant"))
            story.add(
                "children-social-care",
                day,
                child,
                {"EpisodeType": "EXP", "EpisodeStart": day, "RiskLevel": risk},
            )


def care_for_adults(story: Story) -> None:
    """Write adult social care's work with older and disabled people and their carers."""
    rng = story.rng
    for home in story.world.households:
        worker, contact = story.worker(_ADULTS, home)
        for person in home.adults:
            age = person.age(story.as_of)
            if person.cast or rng.random() > (0.16 if age >= 75 else 0.012) * (
                3 if home.kind == "care-home" else 1
            ):
                continue
            for day in story.days(story.starts_on, None, 1):
                story.add(
                    "adult-social-care", day, person,
                    {"contact_type": "LT", "start_date": day, "end_date": story.ended(day, 600), "team": "Adult social care", "worker": worker, "worker_contact": contact},
                )  # fmt: skip
            for day in story.days(story.starts_on, None, int(rng.random() < 0.3)):
                category = rng.choice(("Neglect", "Financial abuse", "Self-neglect"))
                story.add(
                    "adult-social-care",
                    day,
                    person,
                    {"contact_type": "SG", "start_date": day, "category": category},
                )
            carer = home.adults[1] if len(home.adults) > 1 and home.adults[0] is person else None
            if carer is not None and rng.random() < 0.4:
                for day in story.days(story.starts_on, None, 1):
                    story.add(
                        "adult-social-care",
                        day,
                        carer,
                        {"contact_type": "CA", "start_date": day, "young_carer": False},
                    )
