"""How a resident who is handed over becomes a referral: the app that keeps referrals takes them.

Pages never import each other. Whoever hands over asks here; the app of referrals says at its start
that it takes handovers, and makes each one an ordinary referral, with everything that belongs to it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.models import User

__all__ = ["Handed", "ReferralStanding", "TakesHandovers", "register_taker", "taker_of_handovers"]


@dataclass(frozen=True, repr=False)
class Handed:
    """What is handed over, as typed.

    Attributes:
        receiver: partner of the colleague who takes over.
        purpose: what for.
        why: what the person needs, as typed.
        family_says: in their own words.
    """

    person_id: str
    receiver: str
    purpose: str
    why: str
    family_says: str = ""


@dataclass(frozen=True)
class ReferralStanding:
    """How a referral stands.

    Attributes:
        words: the state in words.
        can_take_on: whether this viewer may begin to work on it now.
        opens: name of the page that shows it; empty where there is none.
    """

    words: str
    version: int
    can_take_on: bool
    opens: str = ""


class TakesHandovers(Protocol):
    """The app that keeps referrals."""

    def start(self, user: User, viewer: Viewer, handed: Handed, at: dt.datetime) -> str:
        """Write and send a referral with the person's agreement; return its id.

        Raises:
            UnsafeActionError: if the sender has no live reason for the person.
            AuditUnavailableError: if it cannot be recorded; nothing was sent then.
        """
        ...

    def take_on(self, viewer: Viewer, referral_id: str, version: int, at: dt.datetime) -> None:
        """Begin to work on it as the receiver.

        Raises:
            NotFoundError, ChangedMeanwhileError, UnsafeActionError: as for any referral.
        """
        ...

    def standing(self, viewer: Viewer, referral_id: str) -> ReferralStanding | None:
        """Return how it stands for this viewer; None where it is not theirs to see."""
        ...


_taker: list[TakesHandovers] = []


def register_taker(taker: TakesHandovers) -> None:
    """Say who takes handovers; called once, when the app of referrals starts."""
    _taker[:] = [taker]


def taker_of_handovers() -> TakesHandovers:
    """Return who takes handovers.

    Raises:
        UnsafeActionError: if no app keeps referrals here.
    """
    if not _taker:
        raise UnsafeActionError(
            "Nothing was handed over.",
            "No referrals are kept here.",
            "Hand over in person, and write it down in your own system.",
        )
    return _taker[0]
