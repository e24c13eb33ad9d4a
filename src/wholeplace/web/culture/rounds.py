"""A round of the pulse: opened, answered, closed; and what was agreed after it."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.teams.pulse import ANSWERS, check_answers, statements
from wholeplace.web.chain.trail import record
from wholeplace.web.culture.models import PulseAction, PulseCount, PulseMark, PulseRound

__all__ = [
    "agree_action", "answer_pulse", "close_round", "count_answers", "finish_action", "has_answered",
    "open_round", "open_round_now",
]  # fmt: skip

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def open_round(viewer: Viewer, name: str, closes_on: dt.date, today: dt.date) -> PulseRound:
    """Open a round; one at a time.

    Raises:
        UnsafeActionError: if one is open, or it would close before tomorrow.
        AuditUnavailableError: if it cannot be recorded.
    """
    if open_round_now() is not None:
        raise UnsafeActionError("No round was opened.", "One is open.", "Close it first.")
    if closes_on <= today or not name.strip():
        raise UnsafeActionError(
            "No round was opened.", "It needs a name, and a day after today on which it closes.",
            "Give both.",
        )  # fmt: skip
    round_id = "".join(secrets.choice(_LETTERS) for _ in range(12))
    record(
        "pulse.opened", actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        round=round_id,
    )  # fmt: skip
    return PulseRound.objects.create(
        id=round_id, name=name.strip()[:80], opened_on=today, closes_on=closes_on,
        opened_by=viewer.user_id, key=secrets.token_hex(32),
    )  # fmt: skip


def open_round_now() -> PulseRound | None:
    """Return the round that is open; None where none is."""
    return PulseRound.objects.filter(closed_on=None).first()


def has_answered(held: PulseRound, user_id: str) -> bool:
    """Tell whether somebody has answered a round that is open."""
    return held.marks.filter(mark=_mark(held, user_id)).exists()


def answer_pulse(viewer: Viewer, round_id: str, answers: Mapping[str, str], today: dt.date) -> None:
    """Count somebody's answers, once.

    The trail says that somebody answered, and neither who, nor for which organisation and role. What
    is kept of the person is a mark under the round's key.

    Shape:
        answers: statement to one of `ANSWERS`.

    Raises:
        NotFoundError: if the round is not open.
        UnsafeActionError: if they have answered, or leave a statement out.
        AuditUnavailableError: if it cannot be recorded; nothing was counted then.
    """
    check_answers(answers)
    with transaction.atomic():
        held = PulseRound.objects.select_for_update().filter(pk=round_id, closed_on=None).first()
        if held is None or held.closes_on < today:
            raise NotFoundError("This round is over.")
        if has_answered(held, viewer.user_id):
            raise UnsafeActionError(
                "Your answers were not counted again.",
                "You have answered this round.",
                "Wait for its results.",
            )
        record("pulse.counted", actor="somebody", round=held.pk)
        PulseMark.objects.create(mark=_mark(held, viewer.user_id), round=held)
        count_answers(
            held, viewer.organisation, viewer.role, {a: {b: 1} for a, b in answers.items()}
        )


def count_answers(
    held: PulseRound, organisation: str, role: str, numbers: Mapping[str, Mapping[str, int]]
) -> None:
    """Add to the counters of one organisation and role.

    Shape:
        numbers: statement to answer to how many more gave it.
    """
    group = {"round": held, "organisation": organisation, "role": role}
    if not PulseCount.objects.filter(**group).exists():
        # Every counter of a group at once, so that which row came first tells nothing.
        PulseCount.objects.bulk_create(
            [
                PulseCount(**group, statement=statement.id, answer=answer)
                for statement in statements()
                for answer in ANSWERS
            ],
            ignore_conflicts=True,
        )
    for statement, answers in numbers.items():
        for answer, number in answers.items():
            PulseCount.objects.filter(**group, statement=statement, answer=answer).update(
                number=F("number") + number
            )


def close_round(viewer: Viewer, round_id: str, today: dt.date) -> PulseRound:
    """Close a round: its key and marks are destroyed, its counters written anew in one order.

    Raises:
        NotFoundError: if there is no such open round.
        AuditUnavailableError: if it cannot be recorded; it stays open then.
    """
    with transaction.atomic():
        held = PulseRound.objects.select_for_update().filter(pk=round_id, closed_on=None).first()
        if held is None:
            raise NotFoundError("There is no such round that is open.")
        record(
            "pulse.closed", actor=viewer.user_id, organisation=viewer.organisation,
            role=viewer.role, round=held.pk,
        )  # fmt: skip
        rows = list(
            held.counts.order_by("organisation", "role", "statement", "answer").values(
                "organisation", "role", "statement", "answer", "number"
            )
        )
        held.counts.all().delete()
        PulseCount.objects.bulk_create([PulseCount(round=held, **each) for each in rows])
        held.marks.all().delete()
        held.key, held.closed_on = "", today
        held.save()
    return held


def agree_action(
    viewer: Viewer, round_id: str, words: str, organisation: str, due_on: dt.date, today: dt.date
) -> PulseAction:
    """Keep what the partnership agreed to do after a round.

    Raises:
        NotFoundError: if the round is not closed.
        UnsafeActionError: if it says too little, or would be late already.
    """
    held = PulseRound.objects.filter(pk=round_id).exclude(closed_on=None).first()
    if held is None:
        raise NotFoundError("There is no such closed round.")
    told = " ".join(words.split())
    if len(told) < 10 or due_on < today:
        raise UnsafeActionError(
            "Nothing was agreed.", "Say what is to be done, by a day from today on.", "Try again."
        )
    record(
        "pulse.action-agreed", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, round=held.pk,
    )  # fmt: skip
    return PulseAction.objects.create(
        round=held, words=told[:300], organisation=organisation, due_on=due_on, agreed_on=today,
        agreed_by=viewer.user_id,
    )  # fmt: skip


def finish_action(viewer: Viewer, action_id: int, today: dt.date) -> None:
    """Say that what was agreed is done.

    Raises:
        NotFoundError: if there is no such action that is open.
    """
    found = PulseAction.objects.filter(pk=action_id, done_on=None).first()
    if found is None:
        raise NotFoundError("There is no such action that is open.")
    record(
        "pulse.action-done", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, round=found.round_id,
    )  # fmt: skip
    PulseAction.objects.filter(pk=action_id, done_on=None).update(done_on=today)


def _mark(held: PulseRound, user_id: str) -> str:
    said = f"{held.pk}\n{user_id}".encode()
    return hmac.new(held.key.encode(), said, hashlib.sha256).hexdigest()
