"""The review queue: whose it is, what a reviewer sees, and how a review moves."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.db.models import Q, QuerySet

from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.reviewing import (
    Escalation,
    Review,
    ReviewMove,
    ReviewState,
    escalation_of,
    move_review,
)
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.partnership import PlaceFolder
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.place import served_place
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.models import OpenReason
from wholeplace.web.gateway.notices import officers_of, tell, users_with
from wholeplace.web.reasons.models import ReviewStep

__all__ = ["OPEN_STATES", "Waiting", "find_review", "move", "queue_of", "saw", "tell_of_late"]

OPEN_STATES = ("waiting", "asked")
OFFICER = "data-protection-officer"


@dataclass(frozen=True)
class Waiting:
    """One reason in the queue, and how late it is."""

    reason: OpenReason
    escalation: Escalation

    @property
    def is_late(self) -> bool:
        """Whether its due day has passed."""
        return bool(self.escalation)


def queue_of(user: User, role: str, today: dt.date) -> list[Waiting]:
    """Return the reviews that are a user's to do in a role: overdue first, then by due day.

    Those of their own organisation's people, never of themselves. The host's officer also has
    those that have been late for days, and those of organisations where nobody else can do them.
    """
    if role not in figures().reviewer_roles:
        return []
    found = _open().exclude(opened_by=str(user.pk)).exclude(confirmed_by=str(user.pk))
    waiting = [Waiting(each, escalation_of(each.review_due_on, today)) for each in found]  # type: ignore[arg-type]
    mine = [each for each in waiting if _is_for(user, role, each)]
    return sorted(mine, key=lambda each: (not each.is_late, each.reason.review_due_on))


def find_review(user: User, role: str, reason_id: str, today: dt.date) -> OpenReason | None:
    """Return a reason that is this user's to review, decided on or not."""
    reason = OpenReason.objects.filter(pk=reason_id).exclude(review_state="").first()
    if reason is None or role not in figures().reviewer_roles:
        return None
    if str(user.pk) in (reason.opened_by, reason.confirmed_by):
        return None
    is_decided = reason.review_state not in OPEN_STATES
    late = escalation_of(reason.review_due_on or today, today)
    has_decided = ReviewStep.objects.filter(reason_id=reason_id, by=str(user.pk)).exists()
    if (is_decided and has_decided) or _is_for(user, role, Waiting(reason, late)):
        return reason
    return None


def move(
    user: User, reason_id: str, step: ReviewMove, note: str, at: dt.datetime, *, version: int,
    done: str = "",
) -> ReviewState:  # fmt: skip
    """Move a review on: ask, tell, or decide. The step stands in the trail first.

    Raises:
        UnsafeActionError: if it is their own, has moved on since they looked, or is decided.
        WholeplaceError: if words are missing.
        AuditUnavailableError: if it cannot be recorded; nothing was changed then.
    """
    with transaction.atomic():
        reason = OpenReason.objects.select_for_update().get(pk=reason_id)
        if reason.version != version:
            raise UnsafeActionError(
                "Your review was not kept.",
                f"Somebody moved it on while you read it: it is now “{STATE_WORDS[reason.review_state]}”.",
                "Read what they wrote below, then decide whether there is more to say.",
            )
        review = Review(
            cast("ReviewState", reason.review_state), reason.opened_by, reason.confirmed_by
        )
        after = move_review(review, step, str(user.pk), note, done)
        record(
            "reason.review-moved", actor=str(user.pk), organisation=user.organisation,
            reason={"id": reason.pk, "kind": reason.kind}, step=step, state=after,
        )  # fmt: skip
        ReviewStep.objects.create(
            reason_id=reason.pk, move=step, by=str(user.pk), organisation=user.organisation,
            at=at, note=note.strip(), done=done.strip(),
        )  # fmt: skip
        reason.review_state, reason.version = after, reason.version + 1
        reason.save(update_fields=["review_state", "version"])
        if step == "ask":
            tell([reason.opened_by], "review-asked", f"{reason.pk}-{reason.version}", at)
        elif step != "tell":
            tell([reason.opened_by], "review-decided", reason.pk, at)
    return after


STATE_WORDS = {
    "waiting": "Waiting for review",
    "asked": "Waiting for an answer",
    "justified": "Justified",
    "not-justified": "Not justified",
    "": "Not in the sample",
}


def tell_of_late(today: dt.date, at: dt.datetime) -> int:
    """Tell officers of reviews that are late; each is told once. Return how many were told."""
    told = 0
    host = served_place().place.host
    for each in _open().filter(review_due_on__lt=today):
        late = escalation_of(each.review_due_on or today, today)
        whose = officers_of(each.reviewed_in, but=each.opened_by)
        if late == "host":
            whose = [*whose, *officers_of(host, but=each.opened_by)]
        told += tell(whose, "review-late", each.pk, at)
    return told


def saw(reason: OpenReason, place: PlaceFolder) -> list[dict[str, Any]]:
    """Return what was seen on a reason, by the trail: when, on which page, which fields, how much.

    Fields and levels; never a value, and not who the person is.
    """
    own = {"reason": {"id": reason.pk}}
    found = Entry.objects.filter(
        Q(event__contains={"kind": "sight", **own})
        | Q(event__contains={"kind": "sight", "subjects": [own]})
    )
    return [_tell(each.event, reason.pk, place) for each in found.order_by("position")[:200]]


def _tell(event: Mapping[str, Any], reason_id: str, place: PlaceFolder) -> dict[str, Any]:
    has_own = any(each.get("reason") for each in event["subjects"])
    lines: dict[tuple[str, str], set[str]] = {}
    for subject in event["subjects"]:
        if has_own and (subject.get("reason") or {}).get("id") != reason_id:
            continue
        for partner, fields in (subject.get("seen") or {}).items():
            for field, levels in fields.items():
                for level in levels:
                    lines.setdefault((partner, level), set()).add(field)
    return {
        "at": dt.datetime.fromisoformat(event["at"]),
        "page": event.get("page", ""),
        "lines": [
            {
                "partner": place.partners[partner].name if partner in place.partners else partner,
                "level": level,
                # That somebody is known tells nothing of what is held.
                "fields": [] if level == "existence" else sorted(_words(fields, place)),
            }
            for (partner, level), fields in sorted(lines.items())
        ],
    }


def _words(fields: Iterable[str], place: PlaceFolder) -> list[str]:
    return [place.vocabulary.label(each) for each in fields]


def _open() -> "QuerySet[OpenReason]":
    return OpenReason.objects.filter(review_state__in=OPEN_STATES).order_by("review_due_on", "id")


def _is_for(user: User, role: str, waiting: Waiting) -> bool:
    reason = waiting.reason
    if user.organisation == reason.reviewed_in:
        return True
    if role != OFFICER or user.organisation != served_place().place.host:
        return False
    others = users_with(figures().reviewer_roles, [reason.reviewed_in])
    is_nobodys = not set(others) - {reason.opened_by, reason.confirmed_by}
    return is_nobodys or waiting.escalation == "host"
