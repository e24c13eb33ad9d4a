"""What this room asks of whoever keeps referrals, cases and actions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wholeplace.agreements.subjects.request import Viewer

__all__ = ["DayAction", "DayCase", "DayReferral", "TeamRecords"]


@dataclass(frozen=True)
class DayAction:
    """An action that is still to be done, as far as somebody's day goes.

    Attributes:
        case: id of its case.
        person_id: whose it is; the name is the gateway's to show.
        lead: user id of whoever leads the case; empty where nobody does.
    """

    id: str
    case: str
    person_id: str
    organisation: str
    owner: str
    proposed_by: str
    state: str
    due_on: dt.date
    lead: str = ""


@dataclass(frozen=True)
class DayCase:
    """A case that goes on, as far as somebody's day goes.

    Attributes:
        lead: user id; empty where nobody leads it.
        team: user ids.
        family_waits: how many words of the family nobody has answered.
        closing_by: who asked for it to be closed.
    """

    id: str
    person_id: str
    holder: str
    state: str
    lead: str
    team: frozenset[str]
    review_on: dt.date | None = None
    family_waits: int = 0
    closing_by: str = ""


@dataclass(frozen=True)
class DayReferral:
    """A referral that is under way, as far as somebody's day goes.

    Attributes:
        paused: how long the sender was asked; that time is not the receiver's.
        triaged_by: user id of who looks at it.
    """

    id: str
    sent_by: str
    sender: str
    receiver: str
    state: str
    urgency: str
    due_at: dt.datetime | None
    paused: dt.timedelta
    triaged_by: str


class TeamRecords(Protocol):
    """What is kept of referrals, cases and actions, for one viewer."""

    def actions_of(self, viewer: Viewer) -> Sequence[DayAction]:
        """Return the actions still to be done that are theirs, or that they wait for.

        Theirs: the owner's, the lead's of the case, the proposer's, and those of their organisation
        that nobody was named for.
        """
        ...

    def cases_of(self, viewer: Viewer) -> Sequence[DayCase]:
        """Return the cases that go on: of their teams, and those that they give out."""
        ...

    def referrals_of(self, viewer: Viewer) -> Sequence[DayReferral]:
        """Return the referrals under way that they sent, or that wait for their organisation."""
        ...
