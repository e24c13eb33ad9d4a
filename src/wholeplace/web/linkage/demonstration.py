"""What the demonstration's stewards have done: a few answers, and one that waits for a second person."""

import datetime as dt
from typing import TYPE_CHECKING

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.accounts.models import User
from wholeplace.web.linkage.access import Reviewer, visible_doubts
from wholeplace.web.linkage.models import MatchReview
from wholeplace.web.linkage.reviews import take_answer

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]


def make_examples(place: "OpenPlace") -> None:
    """Answer a few doubtful pairs through the real functions; asked again, nothing more is answered.

    Nothing that binds is decided: who is one person in the town stays as linkage found it.
    """
    users = [User.objects.filter(persona=each).first() for each in ("sam-okoro", "ivy-marlow")]
    if MatchReview.objects.exists() or not all(users):
        return
    at = dt.datetime.now(dt.UTC)
    sam, ivy = (Viewer(str(each.pk), each.organisation, each.roles[0]) for each in users if each)
    try:
        doubts = visible_doubts(Reviewer(sam, place.rules(place.today), at))
    except NotFoundError:
        return
    # The lower of the list, so that the most valuable stay open to whoever looks.
    picked = doubts[10:13] if len(doubts) > 12 else doubts[:3]
    for number, pair in enumerate(picked):
        if number == 0:
            take_answer(sam, pair, "same", 0, at, asks_second=True)
        elif number == 1:
            take_answer(ivy, pair, "different", 0, at, asks_second=True)
        else:
            take_answer(sam, pair, "unsure", 0, at)
