"""Which households carry which needs: clustered in a minority, heavier where it is poorer.

The ten headlines are those of the Supporting Families outcome framework 2022. Shares are
judgement, chosen so that at 20,000 residents every headline is shown by hundreds.
"""

import datetime as dt

from wholeplace.larkbridge.ground import deprivation
from wholeplace.larkbridge.people import Household
from wholeplace.larkbridge.story import Story

__all__ = ["HEADLINES", "Burden", "draw_burdens"]

HEADLINES = (
    "good-education",
    "early-years",
    "health",
    "substance-use",
    "family-relationships",
    "safe-from-harm",
    "crime",
    "domestic-abuse",
    "secure-housing",
    "financial-stability",
)
_WEIGHTS = (1.5, 1.4, 1.3, 0.8, 1.0, 0.9, 0.9, 0.9, 1.0, 1.5)
_ALONE = ("health", "substance-use", "crime", "secure-housing", "financial-stability")

# household, headline, since, until
Burden = tuple[Household, str, dt.date, dt.date | None]


def draw_burdens(story: Story) -> list[Burden]:
    """Return every household's needs with when each began and ended."""
    found: list[Burden] = []
    for home in story.world.households:
        if any(person.cast for person in home.members):
            continue
        for headline in _headlines(story, home):
            since, until = _span(story)
            if since >= (home.end or story.as_of):
                continue
            home.needs.append(headline)
            found.append((home, headline, since, until))
    return found


def _span(story: Story) -> tuple[dt.date, dt.date | None]:
    days = (story.as_of - story.starts_on).days
    since = story.as_of - dt.timedelta(days=int(40 + (days - 40) * story.rng.random()))
    length = 150 + int(story.rng.expovariate(1 / 420))
    until = since + dt.timedelta(days=length)
    return since, until if until < story.as_of else None


def _headlines(story: Story, home: Household) -> list[str]:
    rng, poor = story.rng, deprivation(home.dwelling.block)
    if home.kind == "care-home":
        return []
    if home.kind == "hostel":
        return ["secure-housing", "substance-use", "financial-stability", "crime"]
    draw = rng.random()
    if home.children:
        high, some = 0.07 + 0.26 * poor, 0.2 + 0.2 * poor
        count = (
            rng.randrange(3, 8) if draw < high else rng.randrange(1, 3) if draw < high + some else 0
        )
        return _sample(story, home, count, HEADLINES, _WEIGHTS)
    count = rng.randrange(1, 3) if draw < 0.045 + 0.11 * poor else 0
    pool = (*_ALONE, "domestic-abuse") if len(home.adults) == 2 else _ALONE
    return _sample(story, home, count, pool, (1.0,) * len(pool))


def _sample(
    story: Story, home: Household, count: int, pool: tuple[str, ...], weights: tuple[float, ...]
) -> list[str]:
    able = [
        (name, weight)
        for name, weight in zip(pool, weights, strict=True)
        if _is_able(story, home, name)
    ]
    ranked = sorted(able, key=lambda each: story.rng.random() ** (1 / each[1]), reverse=True)
    return [name for name, _ in ranked[:count]]


def _is_able(story: Story, home: Household, headline: str) -> bool:
    ages = [child.age(story.as_of) for child in home.children]
    if headline == "good-education":
        return any(6 <= age <= 17 for age in ages)
    if headline == "early-years":
        return any(age <= 5 for age in ages)
    if headline == "domestic-abuse":
        return len(home.adults) >= 2 or any(child.father is not None for child in home.children)
    return True
