"""Capacity: whether a service can take people now, as its own organisation says.

What nobody has confirmed for some weeks (`figures.yaml`) is shown as old, and counts as not
known: an old “yes” sends families to closed doors.
"""

import datetime as dt
from dataclasses import dataclass

from wholeplace.directory.figures import figures

__all__ = ["CAPACITY_STATES", "Capacity"]

CAPACITY_STATES = {
    "open": "Can take people now",
    "limited": "A few places",
    "waiting": "Waiting list",
    "closed": "Not taking anybody now",
}


@dataclass(frozen=True)
class Capacity:
    """What was last said of a service's capacity.

    Attributes:
        state: of `CAPACITY_STATES`.
        note: for whoever refers, as typed; shown to all.
        checked_on: the day on which it was said.
    """

    state: str
    note: str
    checked_on: dt.date

    @property
    def words(self) -> str:
        """The state in words."""
        return CAPACITY_STATES[self.state]

    def is_current(self, on: dt.date) -> bool:
        """Tell whether somebody said it lately enough to be relied on."""
        return (on - self.checked_on).days <= figures().capacity_days

    def can_take(self, on: dt.date) -> bool | None:
        """Tell whether it can take referrals on a day; None where that is not known."""
        if not self.is_current(on):
            return None
        return self.state in ("open", "limited")
