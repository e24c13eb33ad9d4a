"""Merging two cases and splitting one, and undoing either."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.case import CASE_LIFE, ENDED, HOLDER, LEAD
from wholeplace.teams.figures import figures
from wholeplace.web.teams.changes.opening import (
    actors_of,
    add_people,
    check_unchanged,
    count_up,
    find_case,
    keep_case_step,
    lock_case,
    open_case,
    people_of,
)
from wholeplace.web.teams.changes.relating import end_case_reasons, relate_to_case
from wholeplace.web.teams.changes.taking import check_words, note_change, refuse
from wholeplace.web.teams.models import Case, CaseJoining, CaseMember, Goal

__all__ = ["merge_cases", "split_case", "undo_joining"]


def merge_cases(
    viewer: Viewer, case_id: str, version: int, into_id: str, words: str, at: dt.datetime
) -> Case:
    """Let a case become part of another; its people, team and goals go on there.

    Notes and assessments stay where they were written and are read from both.

    Returns:
        The case that goes on.

    Raises:
        NotFoundError: if one of them is not the viewer's.
        ChangedMeanwhileError: if the first changed since they saw it.
        UnsafeActionError: if they are held by different partners, or one has ended.
        AuditUnavailableError: if it cannot be recorded; nothing was changed then.
    """
    with transaction.atomic():
        case, into = _two(viewer, case_id, into_id)
        check_unchanged(case, version)
        target = CASE_LIFE.take(case.state, "merge", actors_of(case, viewer))
        told = check_words(words, figures().least_characters)
        if into.state in ENDED or (case.holder, case.purpose) != (into.holder, into.purpose):
            raise refuse(
                "They are held by different partners or for different purposes, or it has ended.",
                "Choose another case.",
            )
        note_change("case.merge", viewer, people_of(case), case=case.pk, into=into.pk)
        people = [(each.person_id, each.relation) for each in case.people.filter(removed_at=None)]
        moved: dict[str, list[Any]] = {
            "people": add_people(into, viewer, people, at),
            "members": _move_team(case, into, viewer, at),
            "goals": list(case.goals.values_list("pk", flat=True)),
        }
        Goal.objects.filter(pk__in=moved["goals"]).update(case=into)
        CaseJoining.objects.create(
            kind="merge", case=into, other=case, moved=moved, state_before=case.state,
            by=viewer.user_id, at=at,
        )  # fmt: skip
        _end_by_merge(case, into, target, viewer, told, at)
        count_up(into)
        keep_case_step(into, viewer, "merged-in", at, words=told, about=case.pk)
    return into


def split_case(
    viewer: Viewer, case_id: str, version: int, person_ids: Sequence[str], words: str,
    at: dt.datetime,
) -> Case:  # fmt: skip
    """Let some of a case's people have a case of their own, with the same team.

    Returns:
        The new case.

    Raises:
        As `merge_cases`; also UnsafeActionError, if nobody would be left in one of them.
    """
    with transaction.atomic():
        find_case(viewer, case_id)
        case = lock_case(case_id)
        check_unchanged(case, version)
        CASE_LIFE.take(case.state, "split", actors_of(case, viewer))
        told = check_words(words, figures().least_characters)
        rows = {each.person_id: each for each in case.people.filter(removed_at=None)}
        going = [each for each in rows if each in set(person_ids)]
        if not going or len(going) == len(rows) or any(rows[each].is_main for each in going):
            raise refuse(
                "Some of the people go, and the one whom the case is mainly about stays.",
                "Choose who goes.",
            )
        people = [(each, rows[each].relation) for each in going]
        made = open_case(
            Viewer(viewer.user_id, case.holder, viewer.role), people, case.purpose,
            (case.framework, case.framework_version), case.tier, at,
        )  # fmt: skip
        made.state, made.review_on = case.state, case.review_on
        made.save(update_fields=["state", "review_on"])
        moved: dict[str, list[Any]] = {
            "people": going,
            "members": _copy_team(case, made, viewer, at),
            "goals": list(case.goals.filter(person_id__in=going).values_list("pk", flat=True)),
        }
        Goal.objects.filter(pk__in=moved["goals"]).update(case=made)
        note_change("case.split", viewer, going, case=case.pk, new=made.pk)
        case.people.filter(person_id__in=going).update(removed_at=at)
        end_case_reasons(case, at, by=viewer.user_id, person_ids=going)
        CaseJoining.objects.create(
            kind="split", case=case, other=made, moved=moved, state_before=case.state,
            by=viewer.user_id, at=at,
        )  # fmt: skip
        count_up(case)
        keep_case_step(case, viewer, "split", at, words=told, about=made.pk)
    return made


def undo_joining(
    viewer: Viewer, case_id: str, joining_id: int, version: int, words: str, at: dt.datetime
) -> Case:
    """Undo a merge, or a split. What was done since stays where it was done.

    Shape:
        case_id, version: of the case that went on.

    Returns:
        The case that went on.

    Raises:
        As `merge_cases`; also UnsafeActionError, if it was undone already.
    """
    with transaction.atomic():
        joining = CaseJoining.objects.filter(pk=joining_id, case_id=case_id, undone_at=None).first()
        if joining is None:
            raise refuse("It was undone already.")
        case, other = _two(viewer, joining.case_id, joining.other_id)
        check_unchanged(case, version)
        told = check_words(words, figures().least_characters)
        if case.state in ENDED:
            raise refuse("The case has ended.", "Reopen it first.")
        if joining.kind == "merge":
            _undo_merge(joining, case, other, viewer, told, at)
        else:
            _undo_split(joining, case, other, viewer, told, at)
        joining.undone_at = at
        joining.save(update_fields=["undone_at"])
        count_up(case)
        keep_case_step(case, viewer, f"undo-{joining.kind}", at, words=told, about=other.pk)
    return case


def _undo_merge(
    joining: CaseJoining, case: Case, other: Case, viewer: Viewer, told: str, at: dt.datetime
) -> None:
    CASE_LIFE.take(other.state, "unmerge", {HOLDER})
    moved = joining.moved
    note_change("case.unmerge", viewer, people_of(other), case=other.pk, out_of=case.pk)
    Goal.objects.filter(pk__in=moved["goals"], case=case).update(case=other)
    case.people.filter(person_id__in=moved["people"]).update(removed_at=at)
    end_case_reasons(case, at, by=viewer.user_id, person_ids=moved["people"])
    for member in other.members.filter(left_why="case-ended"):
        member.left_at, member.left_why = None, ""
        member.save(update_fields=["left_at", "left_why"])
        relate_to_case(other, member.user_id, member.organisation, at, by=viewer.user_id)
    joined = case.members.filter(user_id__in=moved["members"], left_at=None)
    for member in joined:
        member.left_at, member.left_why = at, "removed"
        member.save(update_fields=["left_at", "left_why"])
        end_case_reasons(case, at, by=viewer.user_id, user_ids=[member.user_id])
    other.state, other.merged_into, other.closed_at = joining.state_before, "", None
    other.version += 1
    other.save()
    keep_case_step(other, viewer, "unmerge", at, words=told, about=case.pk)


def _undo_split(
    joining: CaseJoining, case: Case, other: Case, viewer: Viewer, told: str, at: dt.datetime
) -> None:
    if other.state in ENDED:
        raise refuse("The case that was split off has ended.", "Reopen it first.")
    note_change("case.merge", viewer, people_of(other), case=other.pk, into=case.pk)
    people = [(each.person_id, each.relation) for each in other.people.filter(removed_at=None)]
    add_people(case, viewer, people, at)
    _move_team(other, case, viewer, at)
    other.goals.update(case=case)
    _end_by_merge(other, case, "merged", viewer, told, at)


def _end_by_merge(
    case: Case, into: Case, target: str, viewer: Viewer, told: str, at: dt.datetime
) -> None:
    end_case_reasons(case, at, by=viewer.user_id)
    case.members.filter(left_at=None).update(left_at=at, left_why="case-ended")
    case.state, case.merged_into, case.closed_at = target, into.pk, at
    case.version += 1
    case.save()
    keep_case_step(case, viewer, "merge", at, words=told, about=into.pk)


def _move_team(case: Case, into: Case, viewer: Viewer, at: dt.datetime) -> list[str]:
    """Take a case's team into another's, as members. Return who was new there."""
    there = set(into.members.filter(left_at=None).values_list("user_id", flat=True))
    fresh = [each for each in case.members.filter(left_at=None) if each.user_id not in there]
    has_lead = into.members.filter(left_at=None, is_lead=True).exists()
    for member in fresh:
        CaseMember.objects.create(
            case=into, user_id=member.user_id, organisation=member.organisation, job=member.job,
            is_lead=member.is_lead and not has_lead, joined_at=at, added_by=viewer.user_id,
        )  # fmt: skip
        relate_to_case(into, member.user_id, member.organisation, at, by=viewer.user_id)
    return [each.user_id for each in fresh]


def _copy_team(case: Case, made: Case, viewer: Viewer, at: dt.datetime) -> list[str]:
    """Let a new case have the same team and lead."""
    members = list(case.members.filter(left_at=None))
    for member in members:
        CaseMember.objects.create(
            case=made, user_id=member.user_id, organisation=member.organisation, job=member.job,
            is_lead=member.is_lead, joined_at=at, added_by=viewer.user_id,
        )  # fmt: skip
        relate_to_case(made, member.user_id, member.organisation, at, by=viewer.user_id)
    return [each.user_id for each in members]


def _two(viewer: Viewer, case_id: str, other_id: str) -> tuple[Case, Case]:
    """Return two different cases that the viewer leads or gives out, locked in one order."""
    for each in (case_id, other_id):
        find_case(viewer, each)
    if case_id == other_id:
        raise refuse("It is the same case.", "Choose another.")
    locked = {each: lock_case(each) for each in sorted((case_id, other_id))}
    for case in locked.values():
        if not {LEAD, HOLDER} & actors_of(case, viewer):
            raise refuse("Only whoever leads both cases, or gives cases out, joins or parts them.")
    return locked[case_id], locked[other_id]
