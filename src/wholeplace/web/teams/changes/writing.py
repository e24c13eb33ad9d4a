"""Writing down: notes, which are corrected and never changed, and assessments."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.partnership.definitions import Framework
from wholeplace.teams.assessment import HeadlineView, check_assessment
from wholeplace.teams.case import CASE_LIFE, ENDED, MEMBER
from wholeplace.teams.figures import figures
from wholeplace.teams.notes import NOTE_KINDS, READERS
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.teams.changes.opening import (
    actors_of,
    check_unchanged,
    count_up,
    find_case,
    keep_case_step,
    lock_case,
    people_of,
)
from wholeplace.web.teams.changes.taking import check_words, note_change, refuse, said
from wholeplace.web.teams.models import Assessment, Case, Note

__all__ = ["Written", "keep_assessment", "views_of", "write_note"]


@dataclass(frozen=True, repr=False)
class Written:
    """A note as somebody writes it.

    Attributes:
        person_id: about whom.
        kind: one of `NOTE_KINDS`.
        on: the day on which it happened.
        readers: one of `READERS`; `named` are user ids of the team.
        replaces: number of the note that it corrects; 0 where it corrects none.
    """

    person_id: str
    kind: str
    text: str
    on: dt.date
    readers: str = "team"
    named: tuple[str, ...] = ()
    replaces: int = 0


def write_note(viewer: Viewer, case_id: str, written: Written, at: dt.datetime) -> Note:
    """Write a note in a case. Two people may write at once: a note changes nobody else's.

    Raises:
        NotFoundError: if the case is not the viewer's.
        UnsafeActionError: if they are not of its team, the case has ended, or it says too little.
        AuditUnavailableError: if it cannot be recorded; nothing was kept then.
    """
    with transaction.atomic():
        find_case(viewer, case_id)
        case = lock_case(case_id)
        if MEMBER not in actors_of(case, viewer) or case.state in ENDED:
            raise refuse("Only the team writes in a case, while it goes on.")
        text = check_words(written.text, figures().least_characters, "what there is to say")
        _check_written(case, written)
        replaces = case.notes.filter(pk=written.replaces, by=viewer.user_id).first()
        if written.replaces and replaces is None:
            raise refuse("Only your own note is yours to correct.", "Write a note of your own.")
        note_change(
            "case.note-written", viewer, [written.person_id], case=case.pk, note=written.kind,
            readers=written.readers,
        )  # fmt: skip
        return Note.objects.create(
            case=case, person_id=written.person_id, kind=written.kind, text=text, on=written.on,
            by=viewer.user_id, organisation=viewer.organisation, at=at, readers=written.readers,
            named=list(written.named), replaces=replaces,
        )  # fmt: skip


def keep_assessment(
    viewer: Viewer, case_id: str, version: int, views: Sequence[HeadlineView], wishes: str,
    framework: Framework, at: dt.datetime,
) -> Assessment:  # fmt: skip
    """Keep how the family is on this day, across every headline of the case's framework.

    Raises:
        NotFoundError, ChangedMeanwhileError, UnsafeActionError: as every change of a case; also
            where a headline is missing.
    """
    with transaction.atomic():
        find_case(viewer, case_id)
        case = lock_case(case_id)
        may_write = MEMBER in actors_of(case, viewer)
        if not may_write or case.state not in ("assessing", "planning", "active", "review"):
            raise refuse(
                f"A case that is “{CASE_LIFE.states[case.state].lower()}” is not assessed, or you are "
                "not of its team."
            )
        check_unchanged(case, version)
        if (framework.id, framework.version) != (case.framework, case.framework_version):
            raise refuse("The case keeps the framework that it began with.")
        check_assessment(views, framework)
        people = people_of(case)
        note_change("case.assessed", viewer, people, case=case.pk)
        made = Assessment.objects.create(
            case=case, person_id=people[0], on=current_place().today, by=viewer.user_id,
            organisation=viewer.organisation, at=at, wishes=said(wishes),
            views=[asdict(each) for each in views],
        )  # fmt: skip
        count_up(case)
        keep_case_step(case, viewer, "assessment", at)
    return made


def views_of(assessment: Assessment) -> list[HeadlineView]:
    """Return what an assessment says, headline by headline."""
    return [
        HeadlineView(
            each["headline"], each["scale"], each["works_well"], each["worries"],
            tuple(each["needs"]),
        )
        for each in assessment.views
    ]  # fmt: skip


def _check_written(case: Case, written: Written) -> None:
    team = set(case.members.filter(left_at=None).values_list("user_id", flat=True))
    if written.kind not in NOTE_KINDS or written.readers not in READERS:
        raise refuse("It does not say what kind of note it is, or who may read it.")
    if written.person_id not in people_of(case):
        raise refuse("The case is not about that person.", "Choose somebody of the case.")
    if set(written.named) - team or (written.readers == "named" and not written.named):
        raise refuse("Choose who of the team may read it.", "At least one person.")
    if written.on > current_place().today:
        raise refuse("A note tells of what has happened.", "Choose a day up to today.")
