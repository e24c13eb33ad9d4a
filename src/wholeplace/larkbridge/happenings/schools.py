"""School: attendance by term, suspensions, exclusions, young people after sixteen, early places."""

import datetime as dt

from wholeplace.larkbridge.definitions import read_names
from wholeplace.larkbridge.people import Household, Person
from wholeplace.larkbridge.programme import Programme
from wholeplace.larkbridge.story import Story

__all__ = ["go_to_school", "trouble_at_school"]

_REASONS = (
    "Persistent disruptive behaviour",
    "Physical assault against a pupil",
    "Verbal abuse against an adult",
    "Damage",
    "Drug and alcohol related",
)
_SESSIONS = {9: 140, 1: 120, 4: 112}


def terms(story: Story) -> list[tuple[str, dt.date, dt.date, int]]:
    """Return the whole terms of the three years: name, first day, last day, sessions."""
    found = []
    for year in range(story.starts_on.year, story.as_of.year + 1):
        for name, first, last in (
            (f"Spring {year}", dt.date(year, 1, 6), dt.date(year, 4, 2)),
            (f"Summer {year}", dt.date(year, 4, 20), dt.date(year, 7, 20)),
            (f"Autumn {year}", dt.date(year, 9, 3), dt.date(year, 12, 19)),
        ):
            if first >= story.starts_on and last < story.as_of:
                found.append((name, first, last, _SESSIONS[first.month]))
    return found


def school_of(person: Person, on: dt.date) -> str:
    """Return the school a pupil goes to on a day."""
    schools = read_names()["schools"]
    block = person.spell_on(on).dwelling.block
    return str(schools[5 + block % 2] if person.age(on) >= 11 else schools[block % 5])


def go_to_school(story: Story, programme: Programme) -> None:
    """Write each pupil's terms, and what comes before and after school."""
    rng = story.rng
    spans = terms(story)
    for person in story.world.people:
        if person.age(story.as_of) > 21 or not person.spells:
            continue
        usual = min(0.3, rng.betavariate(1.6, 27))
        troubled = [each for each in person.pressures if each.headline == "good-education"]
        added = rng.uniform(0.08, 0.32) if troubled else 0.0
        for name, first, last, sessions in spans:
            if not 5 <= person.age(first) <= 15 or not person.lives_on(last):
                continue
            active = any(
                each.since <= last and (each.until is None or each.until > first)
                for each in troubled
            )
            share = max(0.0, usual + (added if active else 0) + rng.gauss(0, 0.015))
            share = programme.attend(person, first, min(0.95, share))
            attend(story, person, (name, first, last, sessions), share)
        _before_and_after(story, person, troubled=bool(troubled))


def attend(
    story: Story, person: Person, term: tuple[str, dt.date, dt.date, int], share: float
) -> None:
    """Write one pupil's term."""
    name, first, last, sessions = term
    missed = round(sessions * share)
    story.add(
        "school-attendance", last, person,
        {"Kind": "TERM", "School": school_of(person, first), "Term": name, "PeriodStart": first, "PeriodEnd": last,
         "SessionsPossible": sessions, "SessionsMissed": missed, "AbsenceShare": round(missed / sessions, 4),
         "FreeMeals": "Y" if person.pressures else "N"},
    )  # fmt: skip


def _before_and_after(story: Story, person: Person, *, troubled: bool) -> None:
    rng = story.rng
    third = _birthday(person, 3) + dt.timedelta(days=rng.randrange(20, 110))
    early = any(each.headline == "early-years" for each in person.pressures)
    story.add(
        "school-attendance", third, person,
        {"Kind": "FUNDED", "PeriodStart": third, "PlaceTaken": rng.random() < (0.45 if early else 0.94)},
    )  # fmt: skip
    sixteen = _birthday(person, 16) + dt.timedelta(days=rng.randrange(60, 300))
    if sixteen < story.as_of and rng.random() < (0.3 if troubled else 0.035):
        story.add(
            "school-attendance", sixteen, person,
            {"Kind": "NEET", "PeriodStart": sixteen, "PeriodEnd": story.ended(sixteen, 260), "AgeYears": person.age(sixteen)},
        )  # fmt: skip


def _birthday(person: Person, age: int) -> dt.date:
    return person.born + dt.timedelta(days=int(age * 365.25) + 1)


def trouble_at_school(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let one or two children miss school, some of them suspended or excluded."""
    rng = story.rng
    able = [child for child in home.children if 6 <= child.age(story.as_of) <= 17]
    for child in able[: 1 + (rng.random() < 0.45)]:
        story.need(child, "good-education", since, until, "misses school often")
        if child.age(story.as_of) < 11 or rng.random() > 0.5:
            continue
        for day in story.days(since, until, rng.randrange(1, 4)):
            suspend(story, child, day, rng.choice((0.5, 1, 2, 3, 5)), rng.choice(_REASONS))
        if rng.random() < 0.08:
            for day in story.days(since, until, 1):
                story.add(
                    "school-suspensions", day, child,
                    {"Type": "Permanent exclusion", "School": school_of(child, day), "Date": day, "Reason": rng.choice(_REASONS)},
                )  # fmt: skip


def suspend(story: Story, child: Person, day: dt.date, length: float, reason: str) -> None:
    """Write one suspension of some days."""
    if 5 <= child.age(day) <= 16:
        story.add(
            "school-suspensions", day, child,
            {"Type": "Suspension", "School": school_of(child, day), "Date": day, "Days": length, "Reason": reason},
        )  # fmt: skip
