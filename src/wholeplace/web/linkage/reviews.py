"""Answering and taking back: on record first, one version at a time, and what binds linkage."""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from django.db import transaction

from wholeplace.agreements import Viewer
from wholeplace.foundation.deletions import Anchor
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.linkage.review import MatchDecision
from wholeplace.linkage.review.life import (
    MATCH_REVIEW_LIFE,
    Answer,
    Given,
    answer_event,
    review_actors,
    undo_event,
)
from wholeplace.linkage.review.queue import DoubtfulPair
from wholeplace.web.chain.trail import record, subject_pseudonyms
from wholeplace.web.linkage.models import MatchAnchor, MatchAnswer, MatchReview

__all__ = [
    "answers_of",
    "find_review",
    "list_decisions",
    "open_review",
    "reviews_by_anchors",
    "take_answer",
    "undo_answer",
]

_BINDING = ("same", "different")


def reviews_by_anchors() -> dict[tuple[Anchor, Anchor], MatchReview]:
    """Return every review by the two anchors that it is about, the lower first."""
    sides: dict[str, list[Anchor]] = defaultdict(list)
    for row in MatchAnchor.objects.values_list("review", "dataset", "source_id"):
        sides[row[0]].append((row[1], row[2]))
    return {
        (min(anchors), max(anchors)): each
        for each in MatchReview.objects.all()
        if len(anchors := sides.get(each.pk, [])) == 2
    }


def find_review(one: Anchor, other: Anchor, *, lock: bool = False) -> MatchReview | None:
    """Return the review of two anchors; None where nobody has taken it up."""
    of_one, of_other = (
        set(
            MatchAnchor.objects.filter(dataset=anchor[0], source_id=anchor[1]).values_list(
                "review", flat=True
            )
        )
        for anchor in (one, other)
    )
    rows = MatchReview.objects.select_for_update() if lock else MatchReview.objects
    return rows.filter(pk__in=of_one & of_other).first() if one != other else None


def answers_of(review: MatchReview) -> list[MatchAnswer]:
    """Return the answers to a review that stand, oldest first."""
    return list(MatchAnswer.objects.filter(review=review.pk, withdrawn_at=None))


def list_decisions() -> list[MatchDecision]:
    """Return what people decided, for the pipeline: it binds the next run and the next delta."""
    return sorted(
        MatchDecision.of(left, right, "same" if each.state == "same" else "different")
        for (left, right), each in reviews_by_anchors().items()
        if each.state in _BINDING
    )


def open_review(
    pair: DoubtfulPair,
    at: dt.datetime,
    *,
    needs_second: bool = False,
    sample: str = "",
    band: str = "",
) -> MatchReview:
    """Take a pair up for review; the caller holds a transaction."""
    made = MatchReview.objects.create(
        id=secrets.token_hex(10), state=MATCH_REVIEW_LIFE.first, needs_second=needs_second,
        datasets=pair.datasets, weight=pair.weight, probability=pair.probability,
        outcome=pair.outcome, sample=sample, band=band, opened_at=at, changed_at=at, version=0,
    )  # fmt: skip
    for side, anchor in enumerate((pair.left, pair.right)):
        MatchAnchor.objects.create(
            review=made.pk, side=side, dataset=anchor[0], source_id=anchor[1]
        )
    return made


def take_answer(
    viewer: Viewer,
    pair: DoubtfulPair,
    answer: Answer,
    version: int,
    at: dt.datetime,
    *,
    asks_second: bool = False,
) -> MatchReview:
    """Give an answer about a pair; it stands in the trail before it counts.

    Args:
        viewer: who answers.
        pair: what it is about.
        answer: one person, two people, or not sure.
        version: of the review that the viewer saw; 0 where nobody had taken it up.
        at: UTC instant.
        asks_second: whether the viewer wants somebody else to answer too.

    Raises:
        ChangedMeanwhileError: if somebody answered since.
        UnsafeActionError: if it is not theirs to answer.
    """
    with transaction.atomic():
        _one_at_a_time(pair)
        review = find_review(pair.left, pair.right, lock=True)
        given = _given(answers_of(review)) if review else []
        check_version(review.version if review else 0, version, ["Somebody else answered it."])
        review = review or open_review(pair, at)
        asks = asks_second or (review.needs_second and not given)
        event = answer_event(review.state, answer, given, asks_second=asks)
        target = MATCH_REVIEW_LIFE.take(review.state, event, review_actors(viewer.user_id, given))
        _record("linkage.answered", viewer, review, pair, event=event)
        # A second reviewer sees no answer; whoever settles a dispute knows that there are two.
        is_blind = review.state == "second" or not given
        MatchAnswer.objects.create(
            review=review.pk, reviewer=viewer.user_id, organisation=viewer.organisation,
            answer=answer, is_blind=is_blind, given_at=at,
        )  # fmt: skip
        review.needs_second = review.needs_second or asks_second
        _move(review, target, at)
    return review


def undo_answer(viewer: Viewer, pair: DoubtfulPair, version: int, at: dt.datetime) -> MatchReview:
    """Take the viewer's own answer back.

    Raises:
        ChangedMeanwhileError: if somebody answered since.
        UnsafeActionError: if they gave none, or what they said was settled by somebody else.
    """
    with transaction.atomic():
        review = find_review(pair.left, pair.right, lock=True)
        if review is None:
            raise UnsafeActionError(
                "Nothing was changed.", "Nobody has answered this pair.", "Look at it again."
            )
        answers = answers_of(review)
        given = _given(answers)
        check_version(review.version, version, ["Somebody else answered it."])
        event = undo_event(review.state, given)
        target = MATCH_REVIEW_LIFE.take(review.state, event, review_actors(viewer.user_id, given))
        _record("linkage.undone", viewer, review, pair, event=event)
        mine = next(each for each in answers if each.reviewer == viewer.user_id)
        mine.withdrawn_at = at
        mine.save(update_fields=["withdrawn_at"])
        _move(review, target, at)
    return review


def _move(review: MatchReview, target: str, at: dt.datetime) -> None:
    review.state, review.version, review.changed_at = target, review.version + 1, at
    review.save(update_fields=["state", "version", "changed_at", "needs_second"])


def _given(answers: Sequence[MatchAnswer]) -> list[Given]:
    return [Given(each.reviewer, cast("Answer", each.answer)) for each in answers]


def _one_at_a_time(pair: DoubtfulPair) -> None:
    """Let two people who answer a pair that nobody had taken up come one after another."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [pair.ref])


def _record(
    kind: str, viewer: Viewer, review: MatchReview, pair: DoubtfulPair, *, event: str
) -> None:
    names = subject_pseudonyms(pair.people)
    record(
        kind, actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        purpose="matching", review=review.pk, step=event,
        subjects=[{"subject": names[each]} for each in pair.people],
    )  # fmt: skip
