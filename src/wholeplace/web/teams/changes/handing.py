"""A resident who is handed over at a hub: an ordinary referral, sent with their agreement."""

import datetime as dt

from django.urls import NoReverseMatch, reverse

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.teams.referral import REFERRAL_LIFE
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.handovers import Handed, ReferralStanding
from wholeplace.web.teams.changes.referring import (
    Told,
    actors_for,
    draft_referral,
    find_referral,
    send_referral,
)
from wholeplace.web.teams.changes.triaging import Decided, take_triage_step

__all__ = ["HandoverReferrals"]

_PAGE = "teams:referral"


class HandoverReferrals:
    """Makes each handover a referral."""

    def start(self, user: User, viewer: Viewer, handed: Handed, at: dt.datetime) -> str:
        """Write and send it; as `referring.send_referral`."""
        told = Told(
            receiver=handed.receiver, purpose=handed.purpose, urgency="soon", why=handed.why,
            agreed="yes", family_says=handed.family_says,
        )  # fmt: skip
        made = draft_referral(user, viewer, [handed.person_id], told, at)
        return str(send_referral(viewer, made.pk, made.version, at).pk)

    def take_on(self, viewer: Viewer, referral_id: str, version: int, at: dt.datetime) -> None:
        """Begin to work on it; as `triaging.take_triage_step`."""
        take_triage_step(viewer, referral_id, "acknowledge", version, Decided(), at)

    def standing(self, viewer: Viewer, referral_id: str) -> ReferralStanding | None:
        """Return how it stands for this viewer."""
        try:
            found = find_referral(viewer, referral_id)
        except NotFoundError:
            return None
        steps = REFERRAL_LIFE.steps_from(found.state, actors_for(viewer, found))
        can_take_on = any(each.event == "acknowledge" for each in steps)
        words = REFERRAL_LIFE.states[found.state]
        return ReferralStanding(words, found.version, can_take_on, _page_of(referral_id))


def _page_of(referral_id: str) -> str:
    try:
        reverse(_PAGE, args=[referral_id])
    except NoReverseMatch:
        return ""
    return _PAGE
