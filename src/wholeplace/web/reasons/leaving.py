"""What ends with somebody's access: what they asked of partners, and of a second person."""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.web.reasons.models import InformationRequest, SealedAsk
from wholeplace.web.reasons.requests import withdraw

__all__ = ["end_asks_of"]


def end_asks_of(user_id: str, at: dt.datetime) -> int:
    """Take back every open question of somebody whose access ends. Return how many there were.

    Nobody answers a question whose asker may not read the answer; links to it die, and no second
    person opens a record for them.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    waiting = SealedAsk.objects.filter(asked_by=user_id, outcome="", expires_at__gt=at)
    ended = waiting.update(expires_at=at)
    for each in InformationRequest.objects.filter(
        asked_by=user_id, state__in=("sent", "opened"), expires_at__gt=at
    ):
        withdraw(each.pk, Viewer(user_id, each.organisation, each.role), at)
        ended += 1
    return ended
