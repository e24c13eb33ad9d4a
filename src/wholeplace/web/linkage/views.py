"""Pages of the review: the list, one pair, the answer, and decisions that contradict each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wholeplace.agreements import Subject
from wholeplace.foundation.deletions import Anchor
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.linkage.review import MatchDecision, bind_decisions
from wholeplace.linkage.review.figures import review_figures
from wholeplace.linkage.review.life import MATCH_REVIEW_LIFE, Answer, Given, review_actors
from wholeplace.linkage.review.queue import DoubtfulPair, read_pairs
from wholeplace.people.read import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.linkage.access import (
    PURPOSE,
    REVIEWERS,
    Reviewer,
    find_pair,
    reviewer_of,
    visible_doubts,
)
from wholeplace.web.linkage.forms import AnswerForm, UndoForm
from wholeplace.web.linkage.models import MatchAnswer, MatchReview
from wholeplace.web.linkage.reviews import (
    answers_of,
    find_review,
    list_decisions,
    reviews_by_anchors,
    take_answer,
    undo_answer,
)
from wholeplace.web.linkage.showing import show_values

__all__ = ["answer", "contradictions", "queue", "show_pair", "undo"]

_COLOURS = {"same": "green", "different": "purple", "second": "yellow", "disputed": "red"}
_MOST_DECIDED = 25


@dataclass(frozen=True)
class Line:
    """One pair in a list, without anything that a record holds.

    Attributes:
        partners: whose records they are.
        effect: what an answer would join or part.
    """

    ref: str
    partners: str
    effect: str
    state: str
    colour: str
    value: float


@route(roles=REVIEWERS, shows="personal")
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The doubtful matches by the value of an answer, and those that wait for somebody."""
    reviewer = reviewer_of(request)
    _record_view(reviewer, "linkage.queue-viewed")
    try:
        doubts, taken = visible_doubts(reviewer), _visible_reviews(reviewer)
    except NotFoundError:
        return render(request, "linkage/queue.html", {"is_before_first_run": True})
    figures, me = review_figures(), reviewer.viewer.user_id
    mine = _answered_by(me)
    waiting = [
        each for each in taken if each[1].state in ("open", "second") and each[1].pk not in mine
    ]
    context = {
        "lines": [_line(reviewer, each, None) for each in doubts[: figures.listed]],
        "has_more": len(doubts) > figures.listed,
        "waiting": [_line(reviewer, *each) for each in waiting[: figures.listed]],
        "disputed": [_line(reviewer, *each) for each in taken if each[1].state == "disputed"],
        "unsure": [_line(reviewer, *each) for each in taken if each[1].state == "unsure"],
        "mine": [
            _line(reviewer, *each)
            for each in sorted(taken, key=lambda e: e[1].changed_at, reverse=True)
            if each[1].pk in mine and each[1].state != "unsure"
        ][:_MOST_DECIDED],
        "open_to": reviewer.partners[0],
        "closed": reviewer.partners[1],
        "contradicting": len(_visible_contradictions(reviewer)),
    }
    return render(request, "linkage/queue.html", context)


@route(roles=REVIEWERS, shows="personal")
@never_cache
@require_safe
def show_pair(request: HttpRequest, pair: str) -> HttpResponse:
    """Both records side by side, at the level decided, and how they compare."""
    return _show(request, reviewer_of(request), pair)


@route(roles=REVIEWERS, shows="personal")
@never_cache
@require_POST
def answer(request: HttpRequest, pair: str) -> HttpResponse:
    """Say whether they are one person."""
    reviewer = reviewer_of(request)
    found, _ = find_pair(reviewer, pair)
    form = AnswerForm(request.POST, can_ask=True)
    if not form.is_valid():
        return _show(request, reviewer, pair, form=form, status=422)
    given = form.cleaned_data
    try:
        review = take_answer(
            reviewer.viewer, found, cast("Answer", given["answer"]), given["version"],
            reviewer.at, asks_second=given["asks_second"],
        )  # fmt: skip
    except UnsafeActionError as error:
        return _show_error(request, reviewer, pair, error)
    messages.success(request, _SAID[review.state])
    return redirect("linkage:queue")


@route(roles=REVIEWERS, shows="personal")
@never_cache
@require_POST
def undo(request: HttpRequest, pair: str) -> HttpResponse:
    """Take one's own answer back."""
    reviewer = reviewer_of(request)
    found, _ = find_pair(reviewer, pair)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _show(request, reviewer, pair, status=422)
    try:
        undo_answer(reviewer.viewer, found, form.cleaned_data["version"], reviewer.at)
    except UnsafeActionError as error:
        return _show_error(request, reviewer, pair, error)
    messages.success(request, "Your answer was taken back. It does not count in the next run.")
    return redirect("linkage:pair", pair=pair)


@route(roles=REVIEWERS, shows="personal")
@never_cache
@require_safe
def contradictions(request: HttpRequest) -> HttpResponse:
    """Decisions that cannot all be right, each with the decisions to look at again."""
    reviewer = reviewer_of(request)
    _record_view(reviewer, "linkage.queue-viewed")
    found = _visible_contradictions(reviewer)
    return render(request, "linkage/contradictions.html", {"found": found})


_SAID = {
    "same": "Kept: they are one person. It counts from the next run on.",
    "different": "Kept: they are two people. It counts from the next run on.",
    "unsure": "Kept: you are not sure. Nothing changes in the next run.",
    "second": "Kept. It counts once a second reviewer has given the same answer.",
    "disputed": "Kept. The two of you disagree, so nothing changes until a third person settles it.",
}


def _show(
    request: HttpRequest,
    reviewer: Reviewer,
    ref: str,
    *,
    form: AnswerForm | None = None,
    error: UnsafeActionError | None = None,
    status: int = 200,
) -> HttpResponse:
    pair, subjects = find_pair(reviewer, ref)
    review = find_review(pair.left, pair.right)
    answers = answers_of(review) if review else []
    shown = show_values(request, reviewer, pair, subjects, review.pk if review else "")
    state = review.state if review else MATCH_REVIEW_LIFE.first
    given = [Given(each.reviewer, cast("Answer", each.answer)) for each in answers]
    actors = review_actors(reviewer.viewer.user_id, given)
    steps = {step.event for step in MATCH_REVIEW_LIFE.steps_from(state, actors)}
    can_undo = bool(steps & {"undo", "undo-one", "undo-settling"})
    version = review.version if review else 0
    can_answer = bool(steps) and not can_undo
    if can_answer and form is None:
        form = AnswerForm(
            initial={"version": version}, can_ask="ask-second" in steps and not _is_double(review),
            can_doubt=state != "disputed",
        )  # fmt: skip
    terms = reviewer.rules.terms
    context = {
        "pair": pair,
        "ref": ref,
        "shown": shown,
        "left_partner": terms.words("partner", pair.partner_l),
        "right_partner": terms.words("partner", pair.partner_r),
        "effect": _effect(pair),
        "state": MATCH_REVIEW_LIFE.states[state],
        "colour": _COLOURS.get(state, "blue"),
        "review": review,
        "version": version,
        "history": _history(review, answers, is_blind=state == "second" and not can_undo),
        "is_double": _is_double(review),
        "can_undo": can_undo,
        "form": form if can_answer else None,
        "error": error,
    }
    return render(request, "linkage/pair.html", context, status=status)


def _show_error(
    request: HttpRequest, reviewer: Reviewer, ref: str, error: UnsafeActionError
) -> HttpResponse:
    status = 409 if isinstance(error, ChangedMeanwhileError) else 422
    return _show(request, reviewer, ref, error=error, status=status)


def _is_double(review: MatchReview | None) -> bool:
    return review is not None and review.needs_second


def _history(
    review: MatchReview | None, answers: Iterable[MatchAnswer], *, is_blind: bool
) -> list[dict[str, Any]]:
    """Return who answered what; without the answers for somebody who is to give a second one."""
    if review is None:
        return []
    names = {str(user.pk): user.name for user in User.objects.all()}
    words = {"same": "one person", "different": "two people", "unsure": "not sure"}
    return [
        {
            "by": names.get(each.reviewer, "Somebody who has left"),
            "at": each.given_at,
            "said": "" if is_blind else words[each.answer],
        }
        for each in answers
    ]


def _effect(pair: DoubtfulPair) -> str:
    one, other = pair.sides
    if pair.kind == "join":
        return (
            f"“One person” would join two people, of {_count(one)} and {_count(other)}."
            if pair.value
            else "“One person” would keep or bring them together."
        )
    return (
        f"“Two people” would part one person, into {_count(one)} and {_count(other)}."
        if pair.value
        else "“Two people” would part them."
    )


def _count(records: int) -> str:
    return "1 record" if records == 1 else f"{records} records"


def _line(reviewer: Reviewer, pair: DoubtfulPair, review: MatchReview | None) -> Line:
    terms, state = reviewer.rules.terms, review.state if review else ""
    partners = [terms.words("partner", each) for each in (pair.partner_l, pair.partner_r)]
    return Line(
        pair.ref,
        " and ".join(dict.fromkeys(partners)) + (", twice" if len(set(partners)) == 1 else ""),
        _effect(pair),
        MATCH_REVIEW_LIFE.states[state] if state else "",
        _COLOURS.get(state, "blue"),
        pair.value,
    )


def _answered_by(user_id: str) -> set[str]:
    mine = MatchAnswer.objects.filter(reviewer=user_id, withdrawn_at=None)
    return set(mine.values_list("review", flat=True))


def _visible_reviews(reviewer: Reviewer) -> list[tuple[DoubtfulPair, MatchReview]]:
    """Return what was taken up and the reviewer may know of, in the order of its taking up."""
    reviews = sorted(reviews_by_anchors().items(), key=lambda item: (item[1].opened_at, item[1].pk))
    pairs = _pairs_of([anchors for anchors, _ in reviews])
    subjects = _subjects_of(pairs.values())
    return [
        (pairs[anchors], review)
        for anchors, review in reviews
        if anchors in pairs and reviewer.may_know(pairs[anchors], subjects)
    ]


def _visible_contradictions(reviewer: Reviewer) -> list[dict[str, Any]]:
    """Return contradictions of which the reviewer may know every pair; others are told nowhere."""
    found = bind_decisions(list_decisions()).contradictions
    every = {(each.left, each.right) for one in found for each in (one.apart, *one.chain)}
    pairs = _pairs_of(every)
    subjects = _subjects_of(pairs.values())

    def line(decision: MatchDecision) -> Line:
        pair = pairs[decision.left, decision.right]
        return _line(reviewer, pair, find_review(decision.left, decision.right))

    return [
        {"apart": line(one.apart), "chain": [line(each) for each in one.chain]}
        for one in found
        if all(
            (each.left, each.right) in pairs
            and reviewer.may_know(pairs[each.left, each.right], subjects)
            for each in (one.apart, *one.chain)
        )
    ]


def _pairs_of(
    wanted: Iterable[tuple[Anchor, Anchor]],
) -> dict[tuple[Anchor, Anchor], DoubtfulPair]:
    return read_pairs(current_place().snapshot_reader, list(wanted))


def _subjects_of(pairs: Iterable[DoubtfulPair]) -> dict[str, Subject]:
    people = sorted({each for pair in pairs for each in pair.people})
    return read_subjects(current_place().snapshot_reader, people)


def _record_view(reviewer: Reviewer, kind: str) -> None:
    viewer = reviewer.viewer
    record(
        kind, actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        purpose=PURPOSE,
    )  # fmt: skip
