"""The team round the family: who is of it, who leads it, who leaves it."""

import datetime as dt

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.case import ENDED, HOLDER, LEAD, MEMBER
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.notices import tell
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.teams.changes.opening import (
    actors_of,
    check_unchanged,
    count_up,
    find_case,
    keep_case_step,
    lock_case,
    people_of,
)
from wholeplace.web.teams.changes.relating import end_case_reasons, relate_to_case
from wholeplace.web.teams.changes.taking import note_change, refuse, said
from wholeplace.web.teams.models import Case, CaseMember

__all__ = ["add_member", "leave_team", "name_lead", "remove_member", "take_out"]


def add_member(
    viewer: Viewer, case_id: str, version: int, user_id: str, job: str, at: dt.datetime,
    *, leads: bool = False,
) -> Case:  # fmt: skip
    """Take somebody of any partner into the team; the case is from now on a reason for them.

    Shape:
        user_id: of somebody who works with people.
        job: what they do for the family, in words that it understands.
        leads: whether they lead from now on; whoever led stays of the team.

    Raises:
        NotFoundError: if the case is not the viewer's.
        ChangedMeanwhileError: if it changed since they saw it.
        UnsafeActionError: if it is not theirs to say, or the person cannot be of a team.
        AuditUnavailableError: if it cannot be recorded; nothing was changed then.
    """
    with transaction.atomic():
        case = _held(viewer, case_id, version)
        user = User.objects.filter(
            pk=int(user_id) if user_id.isdigit() else 0, is_active=True
        ).first()
        if user is None or not PEOPLE_ROLES & set(user.roles) or user.suspended_at:
            raise refuse("That person does not work with people here.", "Choose somebody else.")
        if case.members.filter(user_id=user_id, left_at=None).exists():
            raise refuse("They are of the team already.", "Name them as lead if they lead it.")
        if not said(job):
            raise refuse("Say what they do for the family.", "Use words that the family knows.")
        note_change(
            "case.member-added", viewer, people_of(case), case=case.pk, worker=user_id,
            of=user.organisation, leads=leads,
        )  # fmt: skip
        if leads:
            case.members.filter(left_at=None, is_lead=True).update(is_lead=False)
        CaseMember.objects.create(
            case=case, user_id=user_id, organisation=user.organisation, job=said(job)[:120],
            is_lead=leads, joined_at=at, added_by=viewer.user_id,
        )  # fmt: skip
        relate_to_case(case, user_id, user.organisation, at, by=viewer.user_id)
        count_up(case)
        keep_case_step(case, viewer, "name-lead" if leads else "add-member", at, about=user_id)
        if user_id != viewer.user_id:
            tell([user_id], "case-joined", case.pk, at)
    return case


def name_lead(viewer: Viewer, case_id: str, version: int, user_id: str, at: dt.datetime) -> Case:
    """Let somebody of the team lead it.

    Raises:
        As `add_member`.
    """
    with transaction.atomic():
        case = _held(viewer, case_id, version)
        member = case.members.filter(user_id=user_id, left_at=None).first()
        if member is None:
            raise refuse("They are not of the team.", "Take them into the team first.")
        note_change("case.lead-named", viewer, people_of(case), case=case.pk, worker=user_id)
        case.members.filter(left_at=None, is_lead=True).update(is_lead=False)
        member.is_lead = True
        member.save(update_fields=["is_lead"])
        count_up(case)
        keep_case_step(case, viewer, "name-lead", at, about=user_id)
        tell([user_id], "case-lead", case.pk, at)
    return case


def remove_member(
    viewer: Viewer, case_id: str, version: int, user_id: str, at: dt.datetime
) -> Case:
    """Take somebody out of the team; the case is no reason for them from now on.

    Raises:
        As `add_member`.
    """
    with transaction.atomic():
        case = _held(viewer, case_id, version)
        _end_membership(case, viewer, user_id, "removed", at)
    return case


def leave_team(viewer: Viewer, case_id: str, version: int, at: dt.datetime) -> Case:
    """Leave a team oneself.

    Raises:
        As `add_member`; also UnsafeActionError, if one leads it: somebody else is named first.
    """
    with transaction.atomic():
        find_case(viewer, case_id)
        case = lock_case(case_id)
        actors = actors_of(case, viewer)
        if MEMBER not in actors or LEAD in actors:
            raise refuse(
                "You lead it, or are not of the team.", "Name somebody else as lead, then leave."
            )
        check_unchanged(case, version)
        _end_membership(case, viewer, viewer.user_id, "left", at)
    return case


def take_out(case: Case, viewer: Viewer, user_id: str, why: str, at: dt.datetime) -> None:
    """End somebody's membership. Part of the caller's transaction, with the case locked."""
    _end_membership(case, viewer, user_id, why, at)


def _end_membership(case: Case, viewer: Viewer, user_id: str, why: str, at: dt.datetime) -> None:
    member = case.members.filter(user_id=user_id, left_at=None).first()
    if member is None:
        raise refuse("They are not of the team.")
    note_change(
        "case.member-left", viewer, people_of(case), case=case.pk, worker=user_id, cause=why
    )
    member.left_at, member.left_why, was_lead = at, why, member.is_lead
    member.save(update_fields=["left_at", "left_why"])
    end_case_reasons(case, at, by=viewer.user_id, user_ids=[user_id])
    count_up(case)
    keep_case_step(case, viewer, "lose-lead" if was_lead else "leave", at, about=user_id)


def _held(viewer: Viewer, case_id: str, version: int) -> Case:
    find_case(viewer, case_id)
    case = lock_case(case_id)
    if not {LEAD, HOLDER} & actors_of(case, viewer) or case.state in ENDED:
        raise refuse("Only whoever leads the case, or gives cases out, changes its team.")
    check_unchanged(case, version)
    return case
