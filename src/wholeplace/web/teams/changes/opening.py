"""Opening a case, finding one, and whom it is about."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.teams.case import (
    CASE_LIFE,
    ENDED,
    HOLDER,
    LEAD,
    TIERS,
    TeamMember,
    case_actors,
)
from wholeplace.teams.figures import figures
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.teams.changes.relating import end_case_reasons, relate_to_case
from wholeplace.web.teams.changes.taking import (
    check_words,
    last_change,
    new_id,
    note_change,
    refuse,
    said,
)
from wholeplace.web.teams.models import Case, CaseMember, CasePerson, CaseStep

__all__ = [
    "actors_of",
    "add_people",
    "add_person",
    "check_unchanged",
    "count_up",
    "find_case",
    "keep_case_step",
    "let_read_plan",
    "lock_case",
    "look_in",
    "open_case",
    "people_of",
    "remove_person",
    "team_of",
]


def open_case(
    viewer: Viewer, people: Sequence[tuple[str, str]], purpose: str, framework: tuple[str, str],
    tier: str, at: dt.datetime, *, job: str = "", referral: str = "",
) -> Case:  # fmt: skip
    """Open a case that the viewer's organisation holds. Part of the caller's transaction.

    Shape:
        viewer: who opens it.
        people: person id and how they are related, the main person first.
        purpose: for which its team may look, and for no other.
        framework: id and version; the case keeps these rules.
        tier: one of `TIERS`.
        at: UTC instant.
        job: what the viewer does for the family, where they lead it; empty where nobody does yet.
        referral: the referral that it starts from.

    Raises:
        UnsafeActionError: if nobody is named, or there is no such tier.
        AuditUnavailableError: if it cannot be recorded.
    """
    if not people or tier not in TIERS:
        raise refuse("A case is about somebody, at one of the tiers of help.")
    case = Case(
        id=new_id(), holder=viewer.organisation, purpose=purpose, framework=framework[0],
        framework_version=framework[1], tier=tier, state=CASE_LIFE.first, opened_at=at,
        opened_by=viewer.user_id,
    )  # fmt: skip
    note_change(
        "case.opened", viewer, [each for each, _ in people], case=case.pk, purpose=purpose,
        **({"referral": referral} if referral else {}),
    )  # fmt: skip
    case.save(force_insert=True)
    CasePerson.objects.bulk_create(
        [
            CasePerson(
                case=case, person_id=each, is_main=place == 0, relation=said(relation)[:80],
                added_at=at, added_by=viewer.user_id,
            )
            for place, (each, relation) in enumerate(dict(people).items())
        ]
    )  # fmt: skip
    keep_case_step(case, viewer, "open", at, about=referral)
    if job:
        CaseMember.objects.create(
            case=case, user_id=viewer.user_id, organisation=viewer.organisation, job=said(job)[:120],
            is_lead=True, joined_at=at, added_by=viewer.user_id,
        )  # fmt: skip
        relate_to_case(case, viewer.user_id, viewer.organisation, at, by=viewer.user_id)
    return case


def add_people(
    case: Case, viewer: Viewer, people: Iterable[tuple[str, str]], at: dt.datetime
) -> list[str]:
    """Make a case be about more people; its whole team may look from now on. Return who was new.

    Part of the caller's transaction, with the case locked.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    held = {each.person_id: each for each in case.people.all()}
    fresh = [
        (each, relation)
        for each, relation in people
        if each not in held or held[each].removed_at is not None
    ]
    if not fresh:
        return []
    ids = [each for each, _ in fresh]
    note_change("case.people-added", viewer, ids, case=case.pk)
    for each, relation in fresh:
        CasePerson.objects.update_or_create(
            case=case, person_id=each,
            defaults={
                "relation": said(relation)[:80], "added_at": at, "added_by": viewer.user_id,
                "removed_at": None,
            },
        )  # fmt: skip
    for member in case.members.filter(left_at=None):
        relate_to_case(
            case, member.user_id, member.organisation, at, by=viewer.user_id, person_ids=ids
        )
    count_up(case)
    keep_case_step(case, viewer, "add-people", at, about=str(len(ids)))
    return ids


def add_person(
    viewer: Viewer, case_id: str, version: int, person_id: str, relation: str, at: dt.datetime
) -> Case:
    """Make a case be about one more person of the household, for whom the viewer has a reason now.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError: as every change of a case.
    """
    with transaction.atomic():
        case = _leading(viewer, case_id, version)
        if person_id not in live_reasons_for(viewer, [person_id], at, case.purpose):
            raise refuse(
                "You have no live reason for that person.",
                "Open their page and say why you need to look, then add them.",
            )
        add_people(case, viewer, [(person_id, relation)], at)
    return case


def remove_person(
    viewer: Viewer, case_id: str, version: int, person_id: str, words: str, at: dt.datetime
) -> Case:
    """Take somebody out of a case: from now on it is no reason to look at them.

    What was written about them stays, and is shown to nobody through this case.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError: as every change of a case.
    """
    with transaction.atomic():
        case = _leading(viewer, case_id, version)
        told = check_words(words, figures().least_characters)
        row = case.people.filter(person_id=person_id, removed_at=None).first()
        if row is None or row.is_main:
            raise refuse("That person is not of the case, or it is mainly about them.")
        note_change("case.person-removed", viewer, [person_id], case=case.pk)
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        end_case_reasons(case, at, by=viewer.user_id, person_ids=[person_id])
        count_up(case)
        keep_case_step(case, viewer, "remove-person", at, words=told)
    return case


def let_read_plan(
    viewer: Viewer, case_id: str, version: int, person_id: str, *, reads: bool, at: dt.datetime
) -> Case:
    """Say whether somebody of the family reads the whole plan in their own account.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError: as every change of a case.
    """
    with transaction.atomic():
        case = _leading(viewer, case_id, version)
        row = case.people.filter(person_id=person_id, removed_at=None).first()
        if row is None:
            raise refuse("That person is not of the case.")
        note_change("case.plan-readers", viewer, [person_id], case=case.pk, reads=reads)
        row.reads_plan = reads
        row.save(update_fields=["reads_plan"])
        count_up(case)
        keep_case_step(case, viewer, "plan-readers", at)
    return case


def look_in(viewer: Viewer, case_id: str, at: dt.datetime) -> Case:
    """Let somebody who gives cases out look into one, for a few hours, to decide on it.

    Raises:
        NotFoundError: if it is not their organisation's.
        AuditUnavailableError: if it cannot be recorded.
    """
    with transaction.atomic():
        find_case(viewer, case_id)
        case = lock_case(case_id)
        if HOLDER not in actors_of(case, viewer) or case.state in ENDED:
            raise refuse("Only those who give cases out look into one, while it goes on.")
        note_change("case.looked-into", viewer, people_of(case), case=case.pk)
        relate_to_case(
            case, viewer.user_id, viewer.organisation, at, by=viewer.user_id, is_looking_in=True
        )
        keep_case_step(case, viewer, "look-in", at)
    return case


def find_case(viewer: Viewer, case_id: str) -> Case:
    """Return a case to which the viewer is somebody.

    Raises:
        NotFoundError: if there is none; the same for a case that is not theirs.
    """
    found = Case.objects.filter(pk=case_id).first()
    if found is None or not actors_of(found, viewer):
        raise NotFoundError("There is no such case.")
    return found


def lock_case(case_id: str) -> Case:
    """Return a case that nobody else changes until this transaction ends."""
    return Case.objects.select_for_update().get(pk=case_id)


def actors_of(case: Case, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to a case."""
    return case_actors(viewer, team_of(case), case.holder, case.closing_by)


def team_of(case: Case) -> list[TeamMember]:
    """Return everybody of a team, past and present."""
    return [
        TeamMember(each.user_id, each.organisation, each.job, each.is_lead, each.left_at)
        for each in case.members.all()
    ]


def people_of(case: Case) -> list[str]:
    """Return whom a case is about now, the main person first."""
    return list(case.people.filter(removed_at=None).values_list("person_id", flat=True))


def check_unchanged(case: Case, version: int) -> None:
    """Refuse a change made from an older version of a case.

    Raises:
        ChangedMeanwhileError: saying what somebody did meanwhile.
    """
    last = case.steps.last()
    words = last_change(CASE_LIFE, case.state, last.at, last.event) if last else ""
    check_version(case.version, version, [words] if words else [])


def count_up(case: Case) -> None:
    """Count a case's version up, and keep it."""
    case.version += 1
    case.save(update_fields=["version"])


def keep_case_step(
    case: Case, viewer: Viewer, event: str, at: dt.datetime, *, words: str = "", about: str = ""
) -> None:
    """Keep that something happened."""
    CaseStep.objects.create(
        case=case, event=event, by=viewer.user_id, organisation=viewer.organisation, at=at,
        words=words, about=about, version=case.version,
    )  # fmt: skip


def _leading(viewer: Viewer, case_id: str, version: int) -> Case:
    find_case(viewer, case_id)
    case = lock_case(case_id)
    if not {LEAD, HOLDER} & actors_of(case, viewer) or case.state in ENDED:
        raise refuse("Only whoever leads the case, or gives cases out, says whom it is about.")
    check_unchanged(case, version)
    return case
