"""Breaking the glass: at once where the person may be known, with a second person where sealed.

Whoever asks about somebody sealed and whoever asks about nobody at all gets the same answer in
the same time, until a second person of the partner that sealed the record, or its guardian,
confirms. A refusal by that person looks like no answer.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import transaction

from wholeplace.agreements import Level, Reason, Request, Subject, Viewer, decide, place_day
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.opening import break_the_glass
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.facts import Facts
from wholeplace.people.find import find_people
from wholeplace.people.read import read_holdings, read_subjects
from wholeplace.people.searchable import Searchable
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.notices import tell, users_with
from wholeplace.web.gateway.reasons import open_break_glass
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.reasons.models import SealedAsk

__all__ = [
    "TooManyAsksError",
    "answer_ask",
    "break_glass",
    "find_in_emergency",
    "may_answer_ask",
    "open_asks",
    "reason_of_second",
]


class TooManyAsksError(UnsafeActionError):
    """Somebody has asked about people whom no search finds as often as a day allows."""

    def __init__(self) -> None:
        super().__init__(
            "The glass was not broken.",
            "You have asked about people whom no search finds as often as one day allows.",
            "Ring the emergency desk of the partner that you think knows them.",
        )


def break_glass(
    place: OpenPlace, viewer: Viewer, person_id: str, purpose: str, text: str, at: dt.datetime
) -> Reason | SealedAsk:
    """Open a person's record for two hours, or ask a second person for it.

    Returns:
        The reason where something is opened at once; else what was asked, the same whether
        somebody is sealed, is of nobody's knowing, or is not there.

    Raises:
        WholeplaceError: if the text is too short to be judged.
        TooManyAsksError: if a day's asks are used up.
        AuditUnavailableError: if it cannot be recorded; nothing was opened then.
    """
    checked = break_the_glass("", viewer, text, person_id or "nobody", purpose, at)
    subject = _subject_of(place, person_id)
    if subject and not _is_sealed(subject):
        asked = Request(viewer, purpose, checked, at, subject)
        if _would_open(place, asked, subject.person_id):
            return open_break_glass(viewer, subject, purpose, text, at)
        subject = None
    return _ask(viewer, subject, checked, at)


def find_in_emergency(
    place: OpenPlace, viewer: Viewer, facts: Facts, purpose: str, at: dt.datetime
) -> str:
    """Return the id of the one person whom facts mean, sealed people among them, or nothing.

    The answer is for `break_glass` alone. Nobody is told it.
    """
    rules = place.rules(place_day(at, place.place.place.time_zone))
    asked = Request(viewer, purpose, None, at)
    found = find_people(place.snapshot_reader, facts, _InEmergency(rules, asked))
    sure = [each for each in found if each.certainty == "match"]
    return sure[0].person_id if len(sure) == 1 else ""


def may_answer_ask(place: OpenPlace, user: User, ask: SealedAsk) -> bool:
    """Return whether a user may confirm: a guardian, or of the sealing partner in such a role."""
    subject = _subject_of(place, ask.person_id)
    if subject is None or not _is_sealed(subject) or str(user.pk) == ask.asked_by:
        return False
    if str(user.pk) in subject.guardians:
        return True
    has_role = bool(figures().second_person_roles & set(user.roles))
    return has_role and user.organisation in subject.sealing_partners


def open_asks(place: OpenPlace, user: User, at: dt.datetime) -> list[SealedAsk]:
    """Return what waits for this user's answer now, the oldest first."""
    waiting = SealedAsk.objects.filter(outcome="", expires_at__gt=at).exclude(person_id="")
    return [each for each in waiting.order_by("asked_at") if may_answer_ask(place, user, each)]


def reason_of_second(viewer: Viewer, ask: SealedAsk, at: dt.datetime) -> Reason:
    """Return the reason for which a second person may see who is meant, on that page alone.

    It lifts the seal for them as their answer would for the asker, and is told to the guardians.
    """
    return Reason(
        ask.id,
        "break-glass",
        "Asked to confirm a broken glass",
        frozenset([ask.person_id]),
        at,
        ask.expires_at,
        viewer.user_id,
        purpose=ask.purpose,
        lifts_seal=True,
    )


def answer_ask(
    place: OpenPlace, user: User, ask_id: str, at: dt.datetime, *, is_confirmed: bool
) -> SealedAsk:
    """Confirm or refuse, as a second person. Both people stand in the trail.

    Raises:
        UnsafeActionError: if the time is over, somebody answered before, or it is not theirs.
        AuditUnavailableError: if it cannot be recorded; nothing was opened then.
    """
    with transaction.atomic():
        ask = SealedAsk.objects.select_for_update().get(pk=ask_id)
        if ask.outcome or at >= ask.expires_at or not may_answer_ask(place, user, ask):
            raise UnsafeActionError(
                "Nothing was changed.",
                "The time to answer is over, or somebody answered before you.",
                "Ring whoever asked.",
            )
        subject = _subject_of(place, ask.person_id)
        assert subject is not None  # noqa: S101 - `may_answer_ask` looked
        _record_ask(
            "break-glass.confirmed" if is_confirmed else "break-glass.refused",
            str(user.pk), user.organisation, ask, subject, asked_by=ask.asked_by,
        )  # fmt: skip
        if is_confirmed:
            viewer = Viewer(ask.asked_by, ask.organisation, ask.role)
            made = open_break_glass(
                viewer, subject, ask.purpose, ask.text, at, confirmed_by=str(user.pk)
            )
            ask.reason_id = made.id
        ask.outcome = "confirmed" if is_confirmed else "refused"
        ask.answered_by, ask.answered_at = str(user.pk), at
        ask.save()
    return ask


def _ask(viewer: Viewer, subject: Subject | None, checked: Reason, at: dt.datetime) -> SealedAsk:
    since = at - dt.timedelta(days=1)
    recent = SealedAsk.objects.filter(asked_by=viewer.user_id, asked_at__gt=since)
    if recent.count() >= figures().sealed_asks_per_day:
        record(
            "break-glass.limited", actor=viewer.user_id, organisation=viewer.organisation,
            role=viewer.role,
        )  # fmt: skip
        raise TooManyAsksError
    ask = SealedAsk(
        id=secrets.token_hex(12),
        person_id=subject.person_id if subject else "",
        purpose=checked.purpose,
        text=checked.text,
        asked_by=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        asked_at=at,
        expires_at=at + dt.timedelta(minutes=figures().second_person_minutes),
    )
    _record_ask("break-glass.asked", viewer.user_id, viewer.organisation, ask, subject)
    with transaction.atomic():
        ask.save()
        tell(_seconds_for(subject, viewer.user_id) if subject else (), "second-person", ask.id, at)
    return ask


def _seconds_for(subject: Subject, asker: str) -> list[str]:
    found = users_with(figures().second_person_roles, subject.sealing_partners)
    return [each for each in (*found, *subject.guardians) if each != asker]


def _record_ask(
    kind: str,
    actor: str,
    organisation: str,
    ask: SealedAsk,
    subject: Subject | None,
    **facts: str,
) -> None:
    # Of nobody no subject stands there. An officer who may not know of a sealed person is shown
    # none either, because of the alert: to them the two entries read alike.
    about: dict[str, object] = {}
    if subject:
        name = subject_pseudonym(subject.person_id)
        partners = list(subject.sealing_partners)
        about = {
            "subjects": [{"subject": name}],
            "alerts": [{"kind": "sealed", "subject": name, "partners": partners}],
        }
    record(
        kind, actor=actor, organisation=organisation, purpose=ask.purpose, ask=ask.id, **facts,
        **about,
    )  # fmt: skip


def _subject_of(place: OpenPlace, person_id: str) -> Subject | None:
    """Return somebody as a subject, where anybody holds anything about them."""
    # Both are read whoever it is, so that nobody takes as long as somebody.
    wanted = person_id or "nobody"
    subject = read_subjects(place.snapshot_reader, [wanted])[wanted]
    return subject if read_holdings(place.snapshot_reader, wanted) else None


def _is_sealed(subject: Subject) -> bool:
    return subject.value_of("sealed") != "no"


def _would_open(place: OpenPlace, asked: Request, person_id: str) -> bool:
    """Return whether clauses in force would let this viewer know of the person, glass broken."""
    reason = replace(asked.reason, person_ids=frozenset([person_id])) if asked.reason else None
    rules = place.rules(place_day(asked.at, place.place.place.time_zone))
    held = read_holdings(place.snapshot_reader, person_id)
    wanted = replace(asked, reason=reason)
    return any(
        decide(rules, wanted, each.partner, each.field).level > Level.NOTHING for each in held
    )


@dataclass(frozen=True)
class _InEmergency(Searchable):
    """Whom facts may find when the glass is to be broken: as with consent, and whoever is sealed."""

    rules: Rules
    asked: Request

    def partners(self, field: str) -> list[str]:
        """Return every partner: whether it may be searched by is asked person by person."""
        return sorted({*self.rules.supplied, self.asked.viewer.organisation})

    def about(self, subject: Subject) -> Callable[[str, str], bool]:
        """Return whether a person may be found by what a partner holds in a field."""
        if _is_sealed(subject):
            return lambda partner, field: True
        return super().about(subject)

    def is_sealed(self, subject: Subject) -> bool:
        """Return False: whoever is sealed is meant too, and nobody is told who was found."""
        return False

    @cached_property
    def _with_reason(self) -> Request:
        viewer, at, purpose = self.asked.viewer, self.asked.at, self.asked.purpose
        held = Reason("", "break-glass", "", frozenset({""}), at, None, viewer.user_id, purpose=purpose)  # fmt: skip
        return replace(self.asked, reason=held)
