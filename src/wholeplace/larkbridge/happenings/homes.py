"""Homes: tenancies and arrears, homelessness, temporary accommodation."""

import datetime as dt

from wholeplace.larkbridge.people import Household, Person, Spell
from wholeplace.larkbridge.programme import Programme
from wholeplace.larkbridge.story import Story

__all__ = ["apply_homeless", "lose_footing", "quarters", "rent", "stay_temporarily"]

_RENT_PENCE = 9_800
_DUTIES = ("Prevention duty", "Relief duty", "Main duty")
_REASONS = (
    "End of private tenancy",
    "Family no longer willing",
    "Domestic abuse",
    "Rent arrears",
    "Relationship breakdown",
)
_PLACES = ("Bed and breakfast", "Nightly paid", "Hostel", "Leased flat")


def quarters(story: Story) -> list[dt.date]:
    """Return the quarter ends of the three years."""
    ends = [
        dt.date(year, month, 28)
        for year in range(story.starts_on.year, story.as_of.year + 1)
        for month in (3, 6, 9, 12)
    ]
    return [day for day in ends if story.starts_on <= day < story.as_of]


def rent(story: Story, programme: Programme) -> None:
    """Write every housing association tenancy's quarters."""
    ends = quarters(story)
    for home in story.world.households:
        if (
            home.dwelling.tenure == "social"
            and home.dwelling.kind == "home"
            and not any(each.cast for each in home.members)
        ):
            tenants = [
                each
                for each in home.adults[:2]
                if each.spells[-1].household is home and each.age(story.as_of) >= 18
            ]
            _pay_rent(
                story,
                programme,
                home,
                tenants,
                [day for day in ends if day >= home.start and (home.end is None or day < home.end)],
            )


def _pay_rent(
    story: Story, programme: Programme, home: Household, tenants: list[Person], ends: list[dt.date]
) -> None:
    rng = story.rng
    pressed = [
        each
        for person in home.members
        for each in person.pressures
        if each.headline in ("secure-housing", "financial-stability")
    ]
    level = rng.uniform(3, 11)
    served = False
    for index, day in enumerate(ends):
        active = any(
            each.since <= day and (each.until is None or each.until > day) for each in pressed
        )
        weeks = (
            round(max(0, level + rng.gauss(0, 1.2)))
            if active
            else int(rng.random() < 0.05) * rng.randrange(1, 3)
        )
        for tenant in tenants:
            owed = programme.owe(tenant, day, weeks)
            status = "START" if index == 0 else "ARREARS" if owed else "CLEAR"
            if status == "ARREARS" and owed >= 8 and (served or rng.random() < 0.25):
                status, served = "NOTICE", True
            state(story, home, tenant, day, status, owed, joint=len(tenants) > 1)
        served = served and active


def state(
    story: Story,
    home: Household,
    tenant: Person,
    day: dt.date,
    status: str,
    weeks: int,
    *,
    joint: bool,
) -> None:
    """Write one tenant's statement of one quarter."""
    spell = tenant.spell_on(day)
    story.add(
        "tenancies", day, tenant,
        {"TenancyRef": f"SW{int(spell.dwelling.key[1:]) * 10 + int(home.id[1:]) % 10:07d}", "Tenure": "Assured", "Joint": joint,
         "TenancyStart": max(spell.start, tenant.born + dt.timedelta(days=6575)), "TenancyEnd": spell.end if spell.end and spell.end <= day else None,
         "Status": status, "StatementDate": day, "WeeksOwed": weeks, "OwedPence": weeks * _RENT_PENCE,
         "Ground": "Ground 8, rent arrears" if status == "NOTICE" else None},
    )  # fmt: skip


def lose_footing(story: Story, home: Household, since: dt.date, until: dt.date | None) -> None:
    """Let a household's home be at risk: an application, perhaps a stay elsewhere."""
    rng = story.rng
    for person in home.members:
        story.need(person, "secure-housing", max(since, person.born), until, "home at risk or lost")
    if home.dwelling.tenure != "social" or rng.random() < 0.4 or home.kind == "hostel":
        head = home.adults if home.kind == "hostel" else home.adults[:1]
        for person in head:
            for day in story.days(since, until, 1):
                apply_homeless(story, person, day, rng.choice(_DUTIES), rng.choice(_REASONS))
                if rng.random() < 0.3:
                    end = story.ended(day, 120)
                    for member in [person] if home.kind == "hostel" else home.members:
                        stay_temporarily(story, member, day, end, rng.choice(_PLACES))


def apply_homeless(story: Story, person: Person, day: dt.date, duty: str, reason: str) -> None:
    """Write one homelessness application."""
    story.add(
        "homelessness",
        day,
        person,
        {"LineType": "APP", "StartDate": day, "DutyOwed": duty, "ReasonForLoss": reason},
    )


def stay_temporarily(
    story: Story, person: Person, day: dt.date, end: dt.date | None, kind: str
) -> None:
    """Write one stay in temporary accommodation."""
    story.add(
        "homelessness",
        day,
        person,
        {"LineType": "TA", "StartDate": day, "EndDate": end, "TAType": kind},
    )


def sheltered(story: Story) -> None:
    """Write the stays of everybody who lived in temporary accommodation."""
    for person in story.world.people:
        for spell in person.spells:
            if spell.dwelling.kind == "temporary" and not person.cast:
                _register(story, person, spell)


def _register(story: Story, person: Person, spell: Spell) -> None:
    if person is spell.household.adults[0]:
        apply_homeless(story, person, spell.start, "Main duty", story.rng.choice(_REASONS))
    stay_temporarily(story, person, spell.start, spell.end, "Leased flat")
    story.need(person, "secure-housing", spell.start, spell.end, "lived in temporary accommodation")
