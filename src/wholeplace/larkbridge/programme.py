"""The planted programme: an intensive early-help offer with a known true effect.

From its first day it takes some of the eligible families. Who is taken depends on needs that
partners can see, so a plain comparison of taken and not taken misleads; what a fair
comparison must adjust for stands in the truth. The effect on each pupil's absence and each
tenancy's arrears is noted with and without the programme, so the true average is exact.
"""

import datetime as dt
import math
from typing import Any

from wholeplace.larkbridge.people import Person
from wholeplace.larkbridge.pressures import Burden
from wholeplace.larkbridge.story import Story

__all__ = ["INTENSIVE_SERVICE", "ORDINARY_SERVICE", "Programme"]

INTENSIVE_SERVICE = "Larkbridge Together (intensive)"
ORDINARY_SERVICE = "Early help family support"
_ABSENCE_CUT = 0.06
_ARREARS_KEPT = 0.6
_MONTHS_RUNNING = 15
_ELIGIBLE_NEEDS = 3


class Programme:
    """Chooses families and applies the effect.

    Args:
        story: the story so far; its burdens are drawn.
    """

    def __init__(self, story: Story) -> None:
        self.starts_on = story.as_of - dt.timedelta(days=round(_MONTHS_RUNNING * 30.44))
        self._treated: dict[str, dt.date] = {}
        self._absence: list[tuple[float, float]] = []
        self._arrears: list[tuple[int, int]] = []
        self._families: list[dict[str, Any]] = []

    def choose(self, story: Story, burdens: list[Burden]) -> None:
        """Choose the families: eligible with three or more headlines open on the first day."""
        open_needs: dict[str, list[str]] = {}
        for home, headline, since, until in burdens:
            if since <= self.starts_on and (until is None or until > self.starts_on):
                open_needs.setdefault(home.id, []).append(headline)
        for home in story.world.households:
            count = len(open_needs.get(home.id, []))
            home.eligible = bool(home.children) and count >= _ELIGIBLE_NEEDS and home.end is None
            if not home.eligible:
                continue
            education = "good-education" in open_needs[home.id]
            odds = -1.0 + 0.7 * (count - _ELIGIBLE_NEEDS) + 0.9 * education
            home.treated = story.rng.random() < 1 / (1 + math.exp(-odds))
            home.supported_on = self.starts_on + dt.timedelta(days=story.rng.randrange(90))
            if home.treated:
                self._treated.update(
                    dict.fromkeys((each.id for each in home.members), home.supported_on)
                )
            self._families.append(
                {"household_true_id": home.id, "treated": home.treated, "supported_on": home.supported_on.isoformat(),
                 "open_headlines": count, "education_open": education, "people": [each.id for each in home.members]}
            )  # fmt: skip

    def attend(self, person: Person, first: dt.date, share: float) -> float:
        """Return the share of sessions missed in a term, lower where the programme works."""
        since = self._treated.get(person.id)
        if since is None or first < since + dt.timedelta(days=30):
            return share
        changed = max(0.0, share - _ABSENCE_CUT)
        self._absence.append((share, changed))
        return changed

    def owe(self, person: Person, on: dt.date, weeks: int) -> int:
        """Return the weeks of rent owed at a quarter's end, fewer where the programme works."""
        since = self._treated.get(person.id)
        if since is None or on < since + dt.timedelta(days=60):
            return weeks
        changed = round(weeks * _ARREARS_KEPT)
        self._arrears.append((weeks, changed))
        return changed

    def truth(self) -> dict[str, Any]:
        """Return what was planted and what it truly did, for `truth/effect.json`."""
        return {
            "programme": INTENSIVE_SERVICE,
            "compared_with": ORDINARY_SERVICE,
            "starts_on": self.starts_on.isoformat(),
            "eligible": f"families with children and {_ELIGIBLE_NEEDS} or more headline needs open on the first day",
            "selection": "log-odds of being taken = -1.0 + 0.7 x (open headlines - 3) + 0.9 x (good-education open)",
            "adjust_for": ["open_headlines", "education_open", "absence before the start", "rent weeks owed before the start"],
            "outcomes": {
                "absence_share": {
                    "unit": "share of sessions missed in a term", "planted": -_ABSENCE_CUT, "floor": 0.0,
                    "counts_from": "first term that begins 30 days or more after support began",
                    **_average(self._absence),
                },
                "rent_weeks_owed": {
                    "unit": "weeks of rent owed at a quarter's end", "planted": f"multiplied by {_ARREARS_KEPT}, rounded",
                    "counts_from": "first quarter's end 60 days or more after support began",
                    **_average(self._arrears),
                },
            },
            "families": self._families,
        }  # fmt: skip


def _average(pairs: list[tuple[float, float]] | list[tuple[int, int]]) -> dict[str, Any]:
    if not pairs:
        return {"measurements": 0, "true_average_effect": None}
    effect = sum(after - before for before, after in pairs) / len(pairs)
    return {"measurements": len(pairs), "true_average_effect": round(effect, 6)}
