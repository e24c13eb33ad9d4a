"""Why somebody may look: a duty reason that they typed, or their own caseload."""

import datetime as dt
import secrets
from collections.abc import Sequence

from django.db.models import QuerySet

from wholeplace.agreements.records import AuditUnavailableError
from wholeplace.agreements.request import Reason, Viewer, open_duty_reason
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.models import Caseload, OpenReason

__all__ = [
    "AuditUnavailableError",
    "close_reason",
    "close_reasons_of",
    "list_reasons",
    "live_reason_for",
    "live_reasons_for",
    "open_reason",
]


def open_reason(viewer: Viewer, person_id: str, purpose: str, text: str, at: dt.datetime) -> Reason:
    """Open a duty reason for one person and a limited time; it stands in the trail first.

    Raises:
        WholeplaceError: if the text is too short to be reviewed.
        AuditUnavailableError: if it cannot be recorded; no reason was opened then.
    """
    reason = open_duty_reason(secrets.token_hex(12), viewer, text, [person_id], purpose, at)
    record(
        "reason.opened",
        actor=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        purpose=purpose,
        reason={"id": reason.id, "kind": reason.kind},
        subjects=[{"subject": subject_pseudonym(person_id)}],
        needs_review=True,
    )
    OpenReason.objects.create(
        id=reason.id,
        kind=reason.kind,
        text=reason.text,
        person_id=person_id,
        purpose=purpose,
        opened_by=viewer.user_id,
        organisation=viewer.organisation,
        opened_at=reason.opened_at,
        # A duty reason always ends.
        expires_at=reason.expires_at or at,
    )
    return reason


def close_reason(viewer: Viewer, reason_id: str, at: dt.datetime) -> bool:
    """End one's own reason before its time. Return whether there was one to end."""
    found = OpenReason.objects.filter(id=reason_id, opened_by=viewer.user_id, closed_at=None)
    return found.update(closed_at=at) == 1


def close_reasons_of(user_id: str, at: dt.datetime) -> int:
    """End every reason of somebody whose access ends. Return how many there were."""
    live = OpenReason.objects.filter(opened_by=user_id, closed_at=None, expires_at__gt=at)
    return live.update(closed_at=at)


def list_reasons(viewer: Viewer, at: dt.datetime) -> list[Reason]:
    """Return the viewer's typed reasons that hold now, newest first."""
    return [_reason(each) for each in _live(viewer, at)]


def live_reason_for(
    viewer: Viewer, person_id: str, at: dt.datetime, purpose: str = ""
) -> Reason | None:
    """Return what makes it right that this viewer looks at this person now, or None."""
    return live_reasons_for(viewer, [person_id], at, purpose).get(person_id)


def live_reasons_for(
    viewer: Viewer, person_ids: Sequence[str], at: dt.datetime, purpose: str = ""
) -> dict[str, Reason]:
    """Return a live reason for each of the people for whom there is one.

    The caseload comes first: looking at those one works with is no exception to explain.
    """
    found: dict[str, Reason] = {}
    typed = _live(viewer, at).filter(person_id__in=person_ids)
    if purpose:
        typed = typed.filter(purpose=purpose)
    for each in typed:
        found.setdefault(each.person_id, _reason(each))
    for person_id in Caseload.objects.filter(
        user_id=viewer.user_id, person_id__in=person_ids
    ).values_list("person_id", flat=True):
        found[person_id] = Reason(
            id=f"caseload-{viewer.user_id}",
            kind="case",
            text="In your own caseload",
            person_ids=frozenset([person_id]),
            opened_at=at,
            expires_at=None,
            opened_by=viewer.user_id,
        )
    return found


def _live(viewer: Viewer, at: dt.datetime) -> "QuerySet[OpenReason]":
    return OpenReason.objects.filter(
        opened_by=viewer.user_id,
        organisation=viewer.organisation,
        opened_at__lte=at,
        expires_at__gt=at,
        closed_at=None,
    )


def _reason(each: OpenReason) -> Reason:
    return Reason(
        each.id,
        "duty",
        each.text,
        frozenset([each.person_id]),
        each.opened_at,
        each.expires_at,
        each.opened_by,
        purpose=each.purpose,
        needs_review=True,
    )
