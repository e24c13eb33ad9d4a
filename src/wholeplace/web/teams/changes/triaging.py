"""The receiver's side of a referral: look at it, ask, accept, start, decline, pass it on, end it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.lifecycle import check_version
from wholeplace.teams.figures import figures
from wholeplace.teams.referral import (
    DECLINE_KINDS,
    REFERRAL_LIFE,
    Waiting,
    lateness_of,
    triage_due_at,
)
from wholeplace.web.gateway.notices import tell, users_with
from wholeplace.web.teams.changes.opening import add_people, find_case, lock_case, open_case
from wholeplace.web.teams.changes.referring import (
    actors_for,
    find_referral,
    keep_step,
    tell_receiver,
    words_of_last,
)
from wholeplace.web.teams.changes.relating import end_referral_reasons, relate_to_referral
from wholeplace.web.teams.changes.taking import check_words, new_id, note_change, refuse
from wholeplace.web.teams.models import Referral, ReferralPerson

__all__ = ["Decided", "identify_person", "sweep_late", "take_triage_step", "waiting_of"]


@dataclass(frozen=True, repr=False)
class Decided:
    """What a triager gives with a step.

    Attributes:
        kind: of a decline, one of `DECLINE_KINDS`.
        partner: to whom it is passed on.
        case: the case that it joins; empty where it starts one.
        framework: id and version of the framework for a case that it starts.
        job: what the triager does for the family, where they lead the case; empty where they do not.
    """

    words: str = ""
    kind: str = ""
    partner: str = ""
    case: str = ""
    framework: tuple[str, str] = ("", "")
    tier: str = "early-help"
    job: str = ""


def take_triage_step(
    viewer: Viewer, referral_id: str, event: str, version: int, given: Decided, at: dt.datetime
) -> Referral:
    """Take one step of a referral as the receiver.

    Raises:
        NotFoundError: if there is no such referral for this viewer.
        ChangedMeanwhileError: if it changed since the viewer saw it.
        UnsafeActionError: if it is not theirs to take, or something asked for is missing.
        AuditUnavailableError: if it cannot be recorded; nothing was changed then.
    """
    with transaction.atomic():
        found = find_referral(viewer, referral_id, lock=True)
        target = REFERRAL_LIFE.take(found.state, event, actors_for(viewer, found))
        check_version(found.version, version, [words_of_last(found)])
        words = _check_given(found, viewer, event, given)
        people = [each.person_id for each in found.people.all()]
        facts = {"decline": given.kind} if event == "decline" else {}
        note_change(f"referral.{event}", viewer, people, referral=found.pk, **facts)
        found.state, found.version = target, found.version + 1
        if target in REFERRAL_LIFE.ends:
            found.ended_at, found.outcome = at, words
        found.triaged_by = found.triaged_by or viewer.user_id
        _DOES.get(event, _nothing_more)(found, viewer, given, at)
        found.save()
        keep_step(found, viewer, event, at, words)
        if target in REFERRAL_LIFE.ends:
            end_referral_reasons(found, at, by=viewer.user_id)
        tell([found.sent_by], f"referral-{event}", found.pk, at)
    return found


def identify_person(
    viewer: Viewer, referral_id: str, row: int, person_id: str, version: int, at: dt.datetime
) -> Referral:
    """Say who somebody typed in a referral is; the triager decides, nobody else.

    Shape:
        row: number of the `ReferralPerson`.
        person_id: the person of the snapshot that it is.

    Raises:
        As `take_triage_step`.
    """
    with transaction.atomic():
        found = find_referral(viewer, referral_id, lock=True)
        if found.state != "acknowledged" or "triager" not in actors_for(viewer, found):
            raise refuse("Look at the referral first; who it is about is then yours to say.")
        check_version(found.version, version, [words_of_last(found)])
        typed = found.people.filter(pk=row, is_known=False).first()
        if typed is None or found.people.filter(person_id=person_id).exists():
            raise refuse("That person of the referral is known already.")
        note_change("referral.identified", viewer, [person_id], referral=found.pk)
        if typed.is_main:
            found.person_id = person_id
        typed.person_id, typed.is_known = person_id, True
        typed.save()
        found.version += 1
        found.save()
        keep_step(found, viewer, "identify", at)
        relate_to_referral(found, viewer.user_id, viewer.organisation, at, by=viewer.user_id)
    return found


def sweep_late(at: dt.datetime) -> int:
    """Tell those who give cases out of every referral that nobody decided in time. Return how many.

    Nothing is closed: that it is late changes nothing but who knows.
    """
    count = 0
    for found in Referral.objects.filter(state__in=("sent", "acknowledged"), escalated_at=None):
        if lateness_of(waiting_of(found), at) != "escalated":
            continue
        viewer = Viewer("system", found.receiver, "")
        note_change("referral.escalated", viewer, [], referral=found.pk)
        Referral.objects.filter(pk=found.pk, escalated_at=None).update(escalated_at=at)
        those = users_with(figures().holder_roles, [found.receiver])
        tell([each for each in those if each != found.sent_by], "referral-late", found.pk, at)
        count += 1
    return count


def waiting_of(found: Referral) -> Waiting:
    """Return a referral as far as its time goes."""
    return Waiting(found.state, found.due_at, dt.timedelta(seconds=found.paused_seconds))


def _check_given(found: Referral, viewer: Viewer, event: str, given: Decided) -> str:
    steps = REFERRAL_LIFE.steps_from(found.state, actors_for(viewer, found))
    step = next(each for each in steps if each.event == event)
    words = check_words(given.words, figures().least_characters) if "words" in step.asks else ""
    if "kind" in step.asks and given.kind not in DECLINE_KINDS:
        raise refuse(
            "Say on whose side it is that it cannot be done.", "Choose one of the reasons."
        )
    if "partner" in step.asks and given.partner in ("", found.receiver, found.sender):
        raise refuse("Say to which other organisation it is passed on.", "Choose one.")
    return words


def _take_on(found: Referral, viewer: Viewer, _given: Decided, at: dt.datetime) -> None:
    found.triaged_by = viewer.user_id
    relate_to_referral(found, viewer.user_id, viewer.organisation, at, by=viewer.user_id)


def _pause(found: Referral, _viewer: Viewer, _given: Decided, at: dt.datetime) -> None:
    found.paused_since = at


def _decline(found: Referral, _viewer: Viewer, given: Decided, _at: dt.datetime) -> None:
    found.decline_kind = given.kind


def _start(found: Referral, viewer: Viewer, given: Decided, at: dt.datetime) -> None:
    """Join the case that the household has, or open one."""
    people = [(each.person_id, each.relation) for each in found.people.all()]
    if given.case:
        find_case(viewer, given.case)
        case = lock_case(given.case)
        if case.holder != viewer.organisation or case.purpose != found.purpose:
            raise refuse("That case is held by others, or for another purpose.", "Choose another.")
        add_people(case, viewer, people, at)
    else:
        case = open_case(
            viewer, people, found.purpose, given.framework, given.tier, at,
            job=given.job, referral=found.pk,
        )  # fmt: skip
    found.case_id = case.pk


def _pass_on(found: Referral, viewer: Viewer, given: Decided, at: dt.datetime) -> None:
    """Send the same referral to another partner, in its sender's name."""
    onward = Referral.objects.get(pk=found.pk)
    onward.pk = new_id()
    onward.receiver, onward.state, onward.version = given.partner, "sent", 1
    onward.made_at = onward.sent_at = at
    onward.due_at = triage_due_at(found.urgency, at)
    onward.paused_seconds, onward.paused_since, onward.escalated_at = 0, None, None
    onward.triaged_by, onward.redirected_from = "", found.pk
    people = list(found.people.all())
    note_change(
        "referral.sent", viewer, [each.person_id for each in people], referral=onward.pk,
        receiver=onward.receiver, purpose=onward.purpose, redirected_from=found.pk,
    )  # fmt: skip
    onward.save(force_insert=True)
    ReferralPerson.objects.bulk_create(
        [
            ReferralPerson(
                referral=onward, person_id=each.person_id, is_main=each.is_main,
                is_known=each.is_known, relation=each.relation, typed_name=each.typed_name,
                typed_born=each.typed_born, typed_contact=each.typed_contact,
            )
            for each in people
        ]
    )  # fmt: skip
    keep_step(onward, viewer, "send", at)
    if onward.sent_by:
        relate_to_referral(onward, onward.sent_by, onward.sender, at, by=viewer.user_id)
    tell_receiver(onward, at)
    found.redirected_to = onward.pk


def _nothing_more(*_: Any) -> None:
    """Do no more than take the step."""


_DOES: dict[str, Callable[[Referral, Viewer, Decided, dt.datetime], None]] = {
    "acknowledge": _take_on,
    "ask": _pause,
    "decline": _decline,
    "start": _start,
    "redirect": _pass_on,
}
