"""Why somebody may look: a reason that they typed, or a relationship with the person.

Every reason is opened and ended here, and stands in the trail first. Other rooms' pages make
relationships through `open_relationship` and end them through `end_relationships`.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.opening import Relationship, RelationshipKind, break_the_glass
from wholeplace.agreements.reasons.reviewing import needs_review, review_due_on
from wholeplace.agreements.standing.records import AuditUnavailableError
from wholeplace.agreements.subjects.request import (
    Reason,
    ReasonKind,
    Subject,
    Viewer,
    open_duty_reason,
)
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.models import Caseload, OpenReason, WorkingRelationship
from wholeplace.web.gateway.notices import leads_of, officers_of, tell

__all__ = [
    "AuditUnavailableError",
    "close_reason",
    "close_reasons_of",
    "end_relationships",
    "list_reasons",
    "live_reason_for",
    "live_reasons_for",
    "open_break_glass",
    "open_reason",
    "open_relationship",
]


def open_reason(viewer: Viewer, person_id: str, purpose: str, text: str, at: dt.datetime) -> Reason:
    """Open a duty reason for one person and a limited time; it stands in the trail first.

    Raises:
        WholeplaceError: if the text is too short to be reviewed.
        AuditUnavailableError: if it cannot be recorded; no reason was opened then.
    """
    reason = open_duty_reason(secrets.token_hex(12), viewer, text, [person_id], purpose, at)
    _record_opened("reason.opened", viewer, reason, person_id)
    _keep(viewer, reason, person_id, viewer.organisation)
    return reason


def open_break_glass(
    viewer: Viewer,
    subject: Subject,
    purpose: str,
    text: str,
    at: dt.datetime,
    *,
    confirmed_by: str = "",
) -> Reason:
    """Break the glass on one person for two hours, and tell those who work with them, at once.

    The reason, and that they are told, are kept together or not at all.

    Args:
        viewer: who breaks it.
        subject: the person, with their flags.
        purpose: what for.
        text: why, so that a reviewer can judge it.
        at: UTC instant.
        confirmed_by: the second person, where the subject is sealed.

    Raises:
        WholeplaceError: if the text is too short, or the second person is the first.
        AuditUnavailableError: if it cannot be recorded; nothing was opened then.
    """
    made = break_the_glass(
        secrets.token_hex(12), viewer, text, subject.person_id, purpose, at,
        confirmed_by=confirmed_by,
    )  # fmt: skip
    sealing = subject.sealing_partners
    _record_opened("break-glass.opened", viewer, made, subject.person_id, sealing, confirmed_by)
    with transaction.atomic():
        _keep(
            viewer, made, subject.person_id, sealing[0] if sealing else viewer.organisation,
            confirmed_by,
        )  # fmt: skip
        told = leads_of(subject.person_id, viewer.user_id, viewer.organisation, at, sealing or None)
        tell(told, "break-glass", made.id, at)
        since = at - dt.timedelta(days=7)
        recent = OpenReason.objects.filter(
            kind="break-glass", opened_by=viewer.user_id, opened_at__gt=since
        )
        if not sealing and recent.count() >= figures().break_glass_often_per_week:
            officers = officers_of(viewer.organisation, but=viewer.user_id)
            tell(officers, "break-glass-often", made.id, at)
    return made


def close_reason(viewer: Viewer, reason_id: str, at: dt.datetime) -> bool:
    """End one's own reason before its time. Return whether there was one to end.

    Its review stays due: what was looked at was looked at.
    """
    found = OpenReason.objects.filter(
        id=reason_id, opened_by=viewer.user_id, closed_at=None, expires_at__gt=at
    )
    kind = found.values_list("kind", flat=True).first()
    if kind is None:
        return False
    record(
        "reason.closed", actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        reason={"id": reason_id, "kind": kind},
    )  # fmt: skip
    return found.update(closed_at=at) == 1


def open_relationship(relationship: Relationship, organisation: str, *, by: str) -> Reason:
    """Keep that a user works with a person; it is a reason from now on, until it ends.

    Asked again for the same user, person and source it is opened anew, with the new words.

    Args:
        relationship: who works with whom, and what it comes from.
        organisation: the user's.
        by: user id of whoever brought it about (accepted a request, allocated a case).

    Raises:
        AuditUnavailableError: if it cannot be recorded; nothing was opened then.
    """
    reason = relationship.reason()
    record(
        "relationship.opened", actor=by, organisation=organisation,
        worker=relationship.user_id, purpose=relationship.purpose,
        reason={"id": reason.id, "kind": reason.kind},
        subjects=[{"subject": subject_pseudonym(relationship.person_id)}],
    )  # fmt: skip
    WorkingRelationship.objects.update_or_create(
        user_id=relationship.user_id,
        person_id=relationship.person_id,
        kind=relationship.kind,
        source_id=relationship.source_id,
        defaults={
            "organisation": organisation,
            "purpose": relationship.purpose,
            "text": relationship.text,
            "opened_at": relationship.opened_at,
            "expires_at": relationship.expires_at,
            "closed_at": relationship.closed_at,
        },
    )
    return reason


def end_relationships(
    kind: RelationshipKind,
    source_id: str,
    at: dt.datetime,
    *,
    by: str,
    user_ids: Iterable[str] | None = None,
) -> int:
    """End what a request, referral or case gave, for some users or for all. Return how many.

    Raises:
        AuditUnavailableError: if it cannot be recorded; nothing was ended then.
    """
    found = WorkingRelationship.objects.filter(kind=kind, source_id=source_id, closed_at=None)
    if user_ids is not None:
        found = found.filter(user_id__in=list(user_ids))
    if not found.exists():
        return 0
    record("relationship.ended", actor=by, reason={"id": f"{kind}-{source_id}", "kind": kind})
    return found.update(closed_at=at)


def close_reasons_of(user_id: str, at: dt.datetime) -> int:
    """End every reason and relationship of somebody whose access ends. Return how many there were.

    What they worked on is given to somebody else; should they come back, they are given it anew.
    """
    typed = OpenReason.objects.filter(opened_by=user_id, closed_at=None, expires_at__gt=at)
    related = WorkingRelationship.objects.filter(user_id=user_id, closed_at=None)
    # Read again from the snapshot, without them, when users are next counted.
    Caseload.objects.filter(user_id=user_id).delete()
    return typed.update(closed_at=at) + related.update(closed_at=at)


def list_reasons(viewer: Viewer, at: dt.datetime) -> list[Reason]:
    """Return the viewer's typed reasons and relationships that hold now, newest first.

    Their own organisation's caseload is not among them.
    """
    found = [*map(_reason, _live(viewer, at)), *map(_related, _related_to(viewer, at))]
    return sorted(found, key=lambda each: each.opened_at, reverse=True)


def live_reason_for(
    viewer: Viewer, person_id: str, at: dt.datetime, purpose: str = ""
) -> Reason | None:
    """Return what makes it right that this viewer looks at this person now, or None."""
    return live_reasons_for(viewer, [person_id], at, purpose).get(person_id)


def live_reasons_for(
    viewer: Viewer, person_ids: Sequence[str], at: dt.datetime, purpose: str = ""
) -> dict[str, Reason]:
    """Return a live reason for each of the people for whom there is one.

    Broken glass comes first, for it alone sets consent aside; then the caseload and other
    relationships: looking at those one works with is no exception to explain.
    """
    fits = Q(person_id__in=person_ids)
    if purpose:
        fits &= Q(purpose__in=("", purpose))
    typed = [_reason(each) for each in _live(viewer, at).filter(fits)]
    related = [_related(each) for each in _related_to(viewer, at).filter(fits)]
    own = Caseload.objects.filter(user_id=viewer.user_id, person_id__in=person_ids)
    caseload = [
        Reason(
            id=f"caseload-{viewer.user_id}",
            kind="case",
            text="In your own caseload",
            person_ids=frozenset([each]),
            opened_at=at,
            expires_at=None,
            opened_by=viewer.user_id,
        )
        for each in own.values_list("person_id", flat=True)
    ]
    broken = [each for each in typed if each.kind == "break-glass"]
    found: dict[str, Reason] = {}
    for reason in (*broken, *caseload, *related, *typed):
        for person_id in reason.person_ids:
            found.setdefault(person_id, reason)
    return found


def _keep(
    viewer: Viewer, reason: Reason, person_id: str, reviewed_in: str, confirmed_by: str = ""
) -> None:
    is_reviewed = needs_review(reason.kind, reason.id)
    OpenReason.objects.create(
        id=reason.id,
        kind=reason.kind,
        text=reason.text,
        person_id=person_id,
        purpose=reason.purpose,
        opened_by=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        opened_at=reason.opened_at,
        # A typed reason always ends.
        expires_at=reason.expires_at or reason.opened_at,
        lifts_seal=reason.lifts_seal,
        confirmed_by=confirmed_by,
        reviewed_in=reviewed_in if is_reviewed else "",
        review_state="waiting" if is_reviewed else "",
        review_due_on=review_due_on(timezone.localdate(reason.opened_at)) if is_reviewed else None,
    )


def _record_opened(
    kind: str,
    viewer: Viewer,
    reason: Reason,
    person_id: str,
    sealing: Sequence[str] = (),
    confirmed_by: str = "",
) -> None:
    pseudonym = subject_pseudonym(person_id)
    alert = {"kind": "sealed", "subject": pseudonym, "partners": list(sealing)}
    facts: dict[str, Any] = {"alerts": [alert]} if sealing else {}
    if confirmed_by:
        facts["confirmed_by"] = confirmed_by
    record(
        kind,
        actor=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        purpose=reason.purpose,
        reason={"id": reason.id, "kind": reason.kind},
        subjects=[{"subject": pseudonym}],
        needs_review=needs_review(reason.kind, reason.id),
        **facts,
    )


def _live(viewer: Viewer, at: dt.datetime) -> "QuerySet[OpenReason]":
    return OpenReason.objects.filter(
        opened_by=viewer.user_id,
        organisation=viewer.organisation,
        opened_at__lte=at,
        expires_at__gt=at,
        closed_at=None,
    )


def _related_to(viewer: Viewer, at: dt.datetime) -> "QuerySet[WorkingRelationship]":
    return WorkingRelationship.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=at),
        user_id=viewer.user_id,
        organisation=viewer.organisation,
        opened_at__lte=at,
        closed_at=None,
    ).order_by("-opened_at")


def _related(each: WorkingRelationship) -> Reason:
    return Relationship(
        each.user_id,
        each.person_id,
        cast("RelationshipKind", each.kind),
        each.source_id,
        each.text,
        each.opened_at,
        each.purpose,
        each.expires_at,
        each.closed_at,
    ).reason()


def _reason(each: OpenReason) -> Reason:
    return Reason(
        each.id,
        cast("ReasonKind", each.kind),
        each.text,
        frozenset([each.person_id]),
        each.opened_at,
        each.expires_at,
        each.opened_by,
        purpose=each.purpose,
        needs_review=bool(each.review_state),
        lifts_seal=each.lifts_seal,
    )
