"""Requests for information: asking, opening, deciding, withdrawing. Each stands in the trail first."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.db import models, transaction

from wholeplace.agreements import Level, Reason, Request, Viewer, decide, place_day
from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.information_request import (
    AskableField,
    FieldAnswer,
    RequestMove,
    RequestState,
    due_at,
    move_request,
    outcome_of,
)
from wholeplace.agreements.reasons.opening import Relationship
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.read import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.notices import officers_of, tell, users_with
from wholeplace.web.gateway.reasons import end_relationships, open_relationship
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.reasons.answers import keep_answers
from wholeplace.web.reasons.models import InformationRequest

__all__ = [
    "Question",
    "answer_request",
    "ask",
    "is_still_covered",
    "open_request",
    "reason_of_answering",
    "sweep_requests",
    "withdraw",
]

_LIVE = ("sent", "opened")
_EVENTS: dict[RequestMove, str] = {
    "open": "information-request.opened",
    "withdraw": "information-request.withdrawn",
    "expire": "information-request.expired",
}


@dataclass(frozen=True, repr=False)
class Question:
    """What is asked: of whom, about whom, which fields, why, by when."""

    person_id: str
    purpose: str
    partner: str
    fields: Sequence[AskableField]
    question: str
    necessity: str
    urgency: str
    due: dt.datetime | None = None


def ask(user: User, viewer: Viewer, reason: Reason, question: Question, at: dt.datetime) -> InformationRequest:  # fmt: skip
    """Send a question to a partner, for a live reason; its people who may answer are told.

    Raises:
        UnsafeActionError: if nothing is asked, or it is due before it is asked.
        AuditUnavailableError: if it cannot be recorded; nothing was sent then.
    """
    due = question.due or due_at(question.urgency, at)
    is_ready = reason.is_live(at) and reason.is_for(viewer, question.purpose)
    if not is_ready or not question.fields or due <= at:
        raise UnsafeActionError(
            "Nothing was asked.",
            "A request has a live reason, at least one field, and a time to come.",
            "Say why you need to look, what you need to know, and by when.",
        )
    made = InformationRequest(
        id=secrets.token_hex(12),
        person_id=question.person_id,
        purpose=question.purpose,
        partner=question.partner,
        fields=[
            {"field": each.field, "level": int(each.level), "clauses": list(each.clauses)}
            for each in question.fields
        ],
        question=question.question.strip(),
        necessity=question.necessity.strip(),
        urgency=question.urgency,
        reason_id=reason.id,
        reason_kind=reason.kind,
        asked_by=viewer.user_id,
        asker_name=user.name,
        asker_position=user.job,
        organisation=viewer.organisation,
        role=viewer.role,
        asked_at=at,
        due_at=due,
        expires_at=due + dt.timedelta(days=figures().request_open_days),
    )
    record(
        "information-request.sent", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, purpose=question.purpose, request=made.pk, partner=question.partner,
        reason={"id": reason.id, "kind": reason.kind},
        fields={each.field: list(each.clauses) for each in question.fields},
        subjects=[{"subject": subject_pseudonym(question.person_id)}],
    )  # fmt: skip
    with transaction.atomic():
        made.save()
        answerers = users_with(figures().answering_roles, [question.partner])
        tell([each for each in answerers if each != viewer.user_id], "request", made.pk, at)
    return made


def open_request(request_id: str, viewer: Viewer, at: dt.datetime) -> InformationRequest:
    """Take a request on: who answers it may from now on see who is meant, until it is decided.

    Raises:
        UnsafeActionError: if it was decided, withdrawn or has expired.
        AuditUnavailableError: if it cannot be recorded.
    """
    with transaction.atomic():
        request = _locked(request_id)
        after = _check_move(request, "open", at)
        _record_move("open", request, viewer.user_id, viewer.organisation)
        request.opened_at = request.opened_at or at
        _save(request, after)
    if viewer.user_id.isdigit():
        open_relationship(
            _relationship(request, viewer, at), viewer.organisation, by=viewer.user_id
        )
    return request


def reason_of_answering(request: InformationRequest, viewer: Viewer, at: dt.datetime) -> Reason:
    """Return the reason for which whoever answers may see who is meant."""
    return _relationship(request, viewer, at).reason()


def is_still_covered(place: OpenPlace, request: InformationRequest, at: dt.datetime) -> set[str]:
    """Return the fields that clauses in force still let the asker see, with a live reason."""
    viewer = Viewer(request.asked_by, request.organisation, request.role)
    held = Reason("", "information-request", "", frozenset([request.person_id]), at, None, viewer.user_id)  # fmt: skip
    if request.reason_kind == "break-glass":
        held = replace(held, kind="break-glass")
    subject = read_subjects(place.snapshot_reader, [request.person_id])[request.person_id]
    asked = Request(viewer, request.purpose, held, at, subject)
    rules = place.rules(place_day(at, place.place.place.time_zone))
    return {
        str(each["field"])
        for each in request.fields
        if decide(rules, asked, request.partner, each["field"]).level > Level.EXISTENCE
    }


def answer_request(
    place: OpenPlace,
    request_id: str,
    viewer: Viewer,
    answers: Sequence[FieldAnswer],
    decided: tuple[str, str, str],
    at: dt.datetime,
    *,
    version: int,
) -> InformationRequest:
    """Decide a request, field by field, once. A link to it dies.

    Args:
        place: whose rules are asked once more.
        request_id: which request.
        viewer: who answers; by a link, the partner's stand-in.
        answers: one for each field asked for.
        decided: name and position of whoever decided, and what they say of it.
        at: UTC instant.
        version: as the answerer saw it.

    Raises:
        UnsafeActionError: if it was decided or withdrawn meanwhile, a field is missing, or an
            agreement ended since that covered what is given.
        AuditUnavailableError: if it cannot be recorded; nothing was kept then.
    """
    with transaction.atomic():
        request = _locked(request_id)
        move = outcome_of(answers)
        after = _check_move(request, move, at)
        if request.version != version:
            raise _moved_on()
        _check_answers(place, request, answers, at)
        record(
            "information-request.decided", actor=viewer.user_id, organisation=request.partner,
            request=request.pk, outcome=after, purpose=request.purpose,
            fields={each.field: each.refusal or each.outcome for each in answers},
            subjects=[{"subject": subject_pseudonym(request.person_id)}],
        )  # fmt: skip
        keep_answers(place, request, answers)
        request.decided_name, request.decided_position, request.decision_note = decided
        request.decided_at = at
        request.decided_by = viewer.user_id if viewer.user_id.isdigit() else "link"
        request.link_hash = request.code_hash = ""
        _save(request, after)
        tell([request.asked_by], "request-answered", request.pk, at)
    end_relationships("information-request", request.pk, at, by=viewer.user_id)
    return request


def withdraw(request_id: str, viewer: Viewer, at: dt.datetime) -> InformationRequest:
    """Take a question back; nobody can answer it from now on.

    Raises:
        UnsafeActionError: if it was decided meanwhile.
        AuditUnavailableError: if it cannot be recorded.
    """
    with transaction.atomic():
        request = _locked(request_id)
        after = _check_move(request, "withdraw", at)
        _record_move("withdraw", request, viewer.user_id, viewer.organisation)
        request.link_hash = request.code_hash = ""
        request.decided_at = at
        _save(request, after)
    end_relationships("information-request", request.pk, at, by=viewer.user_id)
    return request


def sweep_requests(at: dt.datetime) -> None:
    """Let requests expire whose time is over, and tell of answers that are late, once each."""
    for request_id in _live().filter(expires_at__lte=at).values_list("pk", flat=True):
        with transaction.atomic():
            request = _locked(request_id)
            if request.state not in _LIVE:
                continue
            _record_move("expire", request, "system", "")
            request.link_hash = request.code_hash = ""
            request.decided_at = at
            _save(request, "expired")
        end_relationships("information-request", request_id, at, by="system")
    for late in _live().filter(due_at__lt=at):
        tell([late.asked_by, *officers_of(late.partner)], "request-late", late.pk, at)


def _check_answers(
    place: OpenPlace, request: InformationRequest, answers: Sequence[FieldAnswer], at: dt.datetime
) -> None:
    if sorted(each.field for each in answers) != sorted(str(e["field"]) for e in request.fields):
        raise UnsafeActionError(
            "Nothing was answered.", "Not every field has an answer.", "Answer each field."
        )
    given = {each.field for each in answers if each.outcome == "given"}
    if given - is_still_covered(place, request, at):
        raise UnsafeActionError(
            "Nothing was answered.",
            "An agreement that let this be shared is no longer in force, or the person’s flags "
            "have changed. What you typed was not kept.",
            "Refuse the fields that say so, or ask your data protection officer.",
        )


def _check_move(request: InformationRequest, move: RequestMove, at: dt.datetime) -> RequestState:
    if at >= request.expires_at and request.state in _LIVE:
        raise _moved_on()
    return move_request(cast("RequestState", request.state), move)


def _moved_on() -> UnsafeActionError:
    return UnsafeActionError(
        "Nothing was changed.",
        "The request was answered by a colleague, withdrawn, or has expired since you opened it.",
        "Look at it again.",
    )


def _record_move(
    move: RequestMove, request: InformationRequest, actor: str, organisation: str
) -> None:
    record(
        _EVENTS[move], actor=actor, organisation=organisation, request=request.pk,
        purpose=request.purpose,
        subjects=[{"subject": subject_pseudonym(request.person_id)}],
    )  # fmt: skip


def _locked(request_id: str) -> InformationRequest:
    return InformationRequest.objects.select_for_update().get(pk=request_id)


def _save(request: InformationRequest, state: RequestState) -> None:
    # Opening twice changes nothing that an answerer saw.
    request.version += request.state != state
    request.state = state
    request.save()


def _live() -> "models.QuerySet[InformationRequest]":
    return InformationRequest.objects.filter(state__in=_LIVE)


def _relationship(request: InformationRequest, viewer: Viewer, at: dt.datetime) -> Relationship:
    return Relationship(
        viewer.user_id,
        request.person_id,
        "information-request",
        request.pk,
        "A request for information that you took on",
        at,
        request.purpose,
        request.expires_at,
    )
