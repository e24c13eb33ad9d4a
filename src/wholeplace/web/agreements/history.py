"""An agreement's history, as the trail holds it: who did what, when, and never anybody's words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from wholeplace.web.chain.models import Entry

__all__ = ["HistoryLine", "names_of", "read_history"]

_WORDS = {
    "agreement.draft-started": "Began the draft",
    "agreement.draft-saved": "Saved the draft",
    "agreement.sent-to-review": "Sent it to the parties for review",
    "agreement.commented": "Commented",
    "agreement.comment-closed": "Closed a comment",
    "agreement.changes-asked": "Took it back for changes",
    "agreement.ready-to-sign": "Said that the organisation is ready to sign",
    "agreement.text-fixed": "Fixed the text for signing",
    "agreement.signed": "Signed",
    "agreement.signing-declined": "Declined to sign; signatures so far are void",
    "agreement.reopened": "Took the text back to a draft; signatures so far are void",
    "agreement.draft-withdrawn": "Withdrew the draft",
    "agreement.draft-restored": "Took the draft up again",
    "agreement.suspended": "Suspended it",
    "agreement.resumed": "Lifted the suspension",
    "agreement.notice-given": "Gave notice to end it",
    "agreement.notice-withdrawn": "Took back the notice",
}
_MOST = 200


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened.

    Attributes:
        text_hash: hash of the text that it was about, where it was about one text.
    """

    at: dt.datetime
    what: str
    who: str
    organisation: str
    text_hash: str
    clause: str
    last_on: dt.date | None


def read_history(agreement_id: str, partners: dict[str, str]) -> list[HistoryLine]:
    """Return what the trail holds of an agreement, newest first, the newest 200."""
    found = list(
        Entry.objects.filter(
            event__contains={"agreement": agreement_id}, event__kind__in=list(_WORDS)
        ).order_by("-position")[:_MOST]
    )
    names = names_of(str(each.event.get("actor", "")) for each in found)
    others = {"system": "The system", "place-folder": "Somebody, in the place folder"}
    return [
        HistoryLine(
            dt.datetime.fromisoformat(str(event["at"])),
            _WORDS[str(event["kind"])],
            names.get(actor, others.get(actor, "Somebody who has no account here")),
            partners.get(str(event.get("organisation", "")), ""),
            str(event.get("hash", "")),
            str(event.get("clause", "")),
            dt.date.fromisoformat(event["last_on"]) if "last_on" in event else None,
        )
        for event, actor in ((each.event, str(each.event.get("actor", ""))) for each in found)
    ]


def names_of(user_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of users by their ids, of those who have an account here."""
    keys = {int(each) for each in user_ids if str(each).isdigit()}
    found = get_user_model().objects.filter(pk__in=keys)
    return {str(each.pk): str(each.name) for each in found}
