"""The steps of a case: assess, plan, act, review, hold, step up or down, close, reopen."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.action import OPEN_ACTION
from wholeplace.teams.case import CASE_LIFE, ENDED, Standing, next_tier, why_not_step
from wholeplace.teams.figures import figures
from wholeplace.web.gateway.notices import tell, users_with
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.teams.changes.opening import (
    actors_of,
    check_unchanged,
    find_case,
    keep_case_step,
    lock_case,
    people_of,
)
from wholeplace.web.teams.changes.relating import end_case_reasons, relate_to_case
from wholeplace.web.teams.changes.taking import check_words, note_change, refuse
from wholeplace.web.teams.models import Action, Case

__all__ = ["Given", "standing_of", "take_case_step"]

_ELSEWHERE = frozenset({"merge", "unmerge", "split"})


@dataclass(frozen=True, repr=False)
class Given:
    """What somebody gives with a step of a case.

    Attributes:
        review_on: when it is looked at next.
    """

    words: str = ""
    review_on: dt.date | None = None


def take_case_step(
    viewer: Viewer, case_id: str, event: str, version: int, given: Given, at: dt.datetime
) -> Case:
    """Take one step of a case.

    Raises:
        NotFoundError: if there is no such case for this viewer.
        ChangedMeanwhileError: if it changed since they saw it.
        UnsafeActionError: if it is not theirs to take, or the case lacks something for it.
        AuditUnavailableError: if it cannot be recorded; nothing was changed then.
    """
    with transaction.atomic():
        find_case(viewer, case_id)
        case = lock_case(case_id)
        actors = actors_of(case, viewer)
        check_unchanged(case, version)
        target = CASE_LIFE.take(case.state, event, actors)
        if event in _ELSEWHERE:
            raise refuse("That takes a page of its own.", "Open it from the case.")
        if why_not := why_not_step(event, standing_of(case)):
            raise refuse(why_not, "Then try again.")
        step = next(s for s in CASE_LIFE.steps_from(case.state, actors) if s.event == event)
        words = check_words(given.words, figures().least_characters) if "words" in step.asks else ""
        if "review-on" in step.asks:
            case.review_on = _check_review(given.review_on)
        note_change(f"case.{event}", viewer, people_of(case), case=case.pk, to=target)
        before, case.state, case.version = case.state, target, case.version + 1
        _DOES.get(event, _nothing_more)(case, viewer, at)
        if target in ENDED:
            _end(case, viewer, at)
        case.save()
        keep_case_step(case, viewer, event, at, words=words, about=_about(case, event, before))
    return case


def standing_of(case: Case) -> Standing:
    """Return what a case rests on, as it stands now."""
    goals = list(case.goals.all())
    actions = list(Action.objects.filter(goal__case=case).values_list("state", flat=True))
    return Standing(
        has_lead=case.members.filter(left_at=None, is_lead=True).exists(),
        has_assessment=case.assessments.exists(),
        goals=len(goals),
        actions=sum(each != "cancelled" for each in actions),
        open_actions=sum(each in OPEN_ACTION for each in actions),
        goals_without_outcome=sum(not each.outcome for each in goals),
    )


def _check_review(review_on: dt.date | None) -> dt.date:
    today = current_place().today
    latest = today + dt.timedelta(days=figures().review_most_days)
    if review_on is None or not today < review_on <= latest:
        raise refuse(
            f"The next review is after today and not after {latest:%-d %B %Y}.",
            "Choose such a day.",
        )
    return review_on


def _first_review(case: Case, _viewer: Viewer, _at: dt.datetime) -> None:
    case.review_on = current_place().today + dt.timedelta(days=figures().review_days)


def _ask_closing(case: Case, viewer: Viewer, at: dt.datetime) -> None:
    case.closing_by = viewer.user_id
    those = users_with(figures().holder_roles, [case.holder])
    tell([each for each in those if each != viewer.user_id], "case-closing", case.pk, at)


def _not_closing(case: Case, _viewer: Viewer, at: dt.datetime) -> None:
    tell([case.closing_by], "case-returned", case.pk, at)
    case.closing_by = ""


def _close(case: Case, _viewer: Viewer, _at: dt.datetime) -> None:
    case.sustained_on = current_place().today + dt.timedelta(days=figures().sustained_days)


def _move_tier(event: str) -> Callable[[Case, Viewer, dt.datetime], None]:
    def move(case: Case, _viewer: Viewer, _at: dt.datetime) -> None:
        after = next_tier(case.tier, event)
        if not after:
            raise refuse("There is no further tier.", "Say it in a note instead.")
        case.tier = after

    return move


def _reopen(case: Case, viewer: Viewer, at: dt.datetime) -> None:
    """Give the team that it had back its reason to look, as far as they still have access."""
    case.closed_at, case.closing_by, case.sustained_on = None, "", None
    for member in case.members.filter(left_why="case-ended"):
        if case.members.filter(user_id=member.user_id, left_at=None).exists():
            continue
        member.left_at, member.left_why = None, ""
        member.save(update_fields=["left_at", "left_why"])
        relate_to_case(case, member.user_id, member.organisation, at, by=viewer.user_id)


def _end(case: Case, viewer: Viewer, at: dt.datetime) -> None:
    """End a case for its whole team: it is nobody's reason to look any more."""
    case.closed_at, case.review_on = at, None
    end_case_reasons(case, at, by=viewer.user_id)
    case.members.filter(left_at=None).update(left_at=at, left_why="case-ended")


def _nothing_more(*_: object) -> None:
    """Do no more than take the step."""


_DOES: dict[str, Callable[[Case, Viewer, dt.datetime], None]] = {
    "activate": _first_review,
    "begin-closing": _ask_closing,
    "take-back": _not_closing,
    "return": _not_closing,
    "close": _close,
    "reopen": _reopen,
    "step-up": _move_tier("step-up"),
    "step-down": _move_tier("step-down"),
}


def _about(case: Case, event: str, before: str) -> str:
    return case.tier if event in ("step-up", "step-down") else before
