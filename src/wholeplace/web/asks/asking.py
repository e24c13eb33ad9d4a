"""Writing an ask and taking its steps. Each stands in the trail before it is done."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.foundation.sheet import Sheet
from wholeplace.foundation.sheet_check import check_sheet
from wholeplace.partnership.asks import ANSWERS, ASK_LIFE, AskFacts, ask_actors
from wholeplace.web.accounts.models import User
from wholeplace.web.asks.models import Ask, AskStep
from wholeplace.web.chain.trail import record

__all__ = ["AskText", "actors_of", "counterparts", "find_ask", "take_step", "write_ask"]

_LEAST_CHARACTERS = 10
_LOCK_NUMBER = 0x61736B73  # any number that nothing else in this database locks


@dataclass(frozen=True)
class AskText:
    """What is asked, as typed.

    Attributes:
        counterpart: user id of whoever must answer.
    """

    kind: str
    title: str
    wanted: str
    evidence: str
    costs: str
    counterpart: str
    due_on: dt.date


def counterparts() -> list[User]:
    """Return everybody who answers for the centre."""
    found = User.objects.filter(is_active=True).order_by("name")
    return [each for each in found if "central-sponsor" in each.roles]


def write_ask(viewer: Viewer, text: AskText, at: dt.datetime) -> Ask:
    """Keep a new ask; it is published and sent when a colleague has checked it.

    Raises:
        UnsafeActionError: if somebody could be found in its words, or nobody could answer it.
    """
    _check_words(text)
    named = _counterpart(text.counterpart)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        last = Ask.objects.order_by("-id").values_list("id", flat=True).first()
        ask_id = f"A-{int(last.removeprefix('A-')) + 1 if last else 1:04d}"
        record("ask.write", **_facts(viewer), ask=ask_id, about=text.kind)
        ask = Ask(id=ask_id, asked_by=viewer.user_id, organisation=viewer.organisation)
        _fill(ask, text, named)
        ask.written_at, ask.state = at, ASK_LIFE.first
        ask.save(force_insert=True)
        AskStep.objects.create(ask=ask, event="write", by=viewer.user_id, at=at)
    return ask


def take_step(
    viewer: Viewer,
    ask_id: str,
    event: str,
    version: int,
    given: Mapping[str, str],
    at: dt.datetime,
    text: AskText | None = None,
) -> Ask:
    """Take one step of an ask's life.

    Args:
        viewer: who, in which role.
        ask_id: which ask.
        event: the step.
        version: of the ask as the viewer saw it.
        given: `words` and `answer`, as the step asks.
        at: UTC instant.
        text: the whole ask, for a change of it.

    Raises:
        NotFoundError: if there is no such ask for this viewer.
        ChangedMeanwhileError: if it changed since the viewer saw it.
        UnsafeActionError: if it is not theirs to take, or words are missing.
    """
    with transaction.atomic():
        ask = find_ask(viewer, ask_id, lock=True)
        actors = actors_of(ask, viewer)
        target = ASK_LIFE.take(ask.state, event, actors)
        check_version(ask.version, version, [_last_words(ask)])
        step = next(each for each in ASK_LIFE.steps_from(ask.state, actors) if each.event == event)
        words = " ".join(given.get("words", "").split()) if "words" in step.asks else ""
        answer = given.get("answer", "") if "answer" in step.asks else ""
        _check_given(step.asks, words, answer)
        if "text" in step.asks:
            if text is None:
                raise UnsafeActionError(
                    "Nothing was changed.", "The words are missing.", "Type them."
                )
            _check_words(text)
            _fill(ask, text, _counterpart(text.counterpart))
        record(f"ask.{event}", **_facts(viewer), ask=ask.id, answer=answer)
        ask.state, ask.version = target, ask.version + 1
        if event == "send":
            ask.sent_at = at
        if event == "answer":
            ask.answer, ask.answer_words, ask.answered_at = answer, words, at
        ask.save()
        AskStep.objects.create(
            ask=ask, event=event, by=viewer.user_id, at=at, answer=answer, words=words
        )
    return ask


def find_ask(viewer: Viewer, ask_id: str, *, lock: bool = False) -> Ask:
    """Return an ask that the viewer may see: their organisation's, or sent to them.

    Raises:
        NotFoundError: if there is none; the same for another's.
    """
    rows = Ask.objects.select_for_update() if lock else Ask.objects
    ask = rows.filter(id=ask_id).first()
    is_ours = (
        ask is not None
        and viewer.role != "central-sponsor"
        and ask.organisation == viewer.organisation
    )
    is_theirs = ask is not None and ask.counterpart == viewer.user_id and ask.state != "written"
    if ask is None or not (is_ours or is_theirs):
        raise NotFoundError("There is no such ask.")
    return ask


def actors_of(ask: Ask, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to an ask."""
    facts = AskFacts(ask.asked_by, ask.organisation, ask.counterpart)
    return ask_actors(facts, viewer.user_id, viewer.organisation, viewer.role)


def _counterpart(user_id: str) -> User:
    named = next((each for each in counterparts() if str(each.pk) == user_id), None)
    if named is None:
        raise UnsafeActionError(
            "The ask was not kept.",
            "Nobody of the centre with that name signs in here.",
            "Choose somebody from the list, or ask the administrator to invite them.",
        )
    return named


def _fill(ask: Ask, text: AskText, named: User) -> None:
    ask.kind, ask.title, ask.wanted = text.kind, text.title, text.wanted
    ask.evidence, ask.costs, ask.due_on = text.evidence, text.costs, text.due_on
    ask.counterpart, ask.counterpart_job = str(named.pk), named.job


def _check_given(asks: tuple[str, ...], words: str, answer: str) -> None:
    if "answer" in asks and answer not in ANSWERS:
        raise UnsafeActionError(
            "Nothing was changed.", "No answer was chosen.", "Choose one of the four, and say why."
        )
    if "words" in asks:
        if len(words) < _LEAST_CHARACTERS:
            raise UnsafeActionError(
                "Nothing was changed.",
                f"Say it in at least {_LEAST_CHARACTERS} characters.",
                "Everybody can read it in the register.",
            )
        _refuse_identifiers((words,))


def _check_words(text: AskText) -> None:
    _refuse_identifiers((text.title, text.wanted, text.evidence, text.costs))


def _refuse_identifiers(texts: tuple[str, ...]) -> None:
    """Refuse words in which somebody could be found: they stand in a register open to all."""
    found = check_sheet(Sheet("Ask", (), ("words",), tuple((each,) for each in texts)))
    if found:
        kinds = sorted({each.what for each in found})
        raise UnsafeActionError(
            "Nothing was changed.",
            f"The words hold {', '.join(kinds)}, and everybody can read them.",
            "Say it without naming anybody.",
        )


def _facts(viewer: Viewer) -> dict[str, str]:
    return {"actor": viewer.user_id, "organisation": viewer.organisation, "role": viewer.role}


def _last_words(ask: Ask) -> str:
    last = ask.steps.last()
    when = f"{last.at:%-d %B, %H:%M}" if last else ""
    return (
        f"Somebody else changed it on {when} UTC: it is now “{ASK_LIFE.states[ask.state].lower()}”."
    )
