"""Fixed texts: where each is in its life, signing it, stopping it, ending it."""

import datetime as dt

from django.db import transaction

from wholeplace.agreements import (
    Agreement,
    SignOff,
    Standing,
    Suspension,
    Termination,
    agreement_hash,
    check_step,
    life_state,
)
from wholeplace.agreements.standing.life import LifeFacts, Person
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.agreements.models import Draft
from wholeplace.web.gateway.records import hold_agreement
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = [
    "MovedTextError",
    "fixed_facts",
    "give_notice",
    "lift_suspension",
    "owner_of",
    "sign_agreement",
    "suspend_agreement",
    "take_back_notice",
]

_LEAST_REASON_CHARACTERS = 10


class MovedTextError(UnsafeActionError):
    """The text is no more the one that the person read."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was signed.",
            "The text of the agreement is not the one that you read; it was changed since.",
            "Read it again before you sign.",
        )


def fixed_facts(agreement: Agreement, standing: Standing, owner: str = "") -> LifeFacts:
    """Return what the life table asks of a fixed text."""
    return LifeFacts(
        owner=owner,
        parties=frozenset(each.partner for each in agreement.parties),
        signed=frozenset(each.partner for each in standing.signed),
        suspended_by=frozenset(standing.suspended_by),
        notice_by=frozenset(each.partner for each in standing.notices),
    )


def sign_agreement(place: OpenPlace, person: Person, agreement_id: str, text_hash: str) -> bool:
    """Sign one text for one's organisation. Return whether every party has signed it now.

    Two signatories of one organisation at once leave one signature; two organisations at once
    leave two.

    Raises:
        NotFoundError: if there is no such agreement.
        MovedTextError: if the text that stands there now has another hash; nothing was signed.
        UnsafeActionError: if they may not sign, or their organisation has signed.
    """
    with transaction.atomic():
        hold_agreement(agreement_id)
        agreement, standing = _now(place, agreement_id)
        if agreement_hash(agreement) != text_hash:
            raise MovedTextError
        check_step(life_state(standing), "sign", person, fixed_facts(agreement, standing))
        place.sign_offs.sign(
            SignOff(
                agreement_id,
                text_hash,
                person.organisation,
                person.user_id,
                dt.datetime.now(dt.UTC),
            )
        )
        return set(standing.unsigned) <= {person.organisation}


def suspend_agreement(place: OpenPlace, person: Person, agreement_id: str, reason: str) -> None:
    """Suspend an agreement for one's organisation, alone and at once.

    Raises:
        NotFoundError: if there is no such agreement.
        UnsafeActionError: if they may not, or gave no reason.
    """
    words = _reason(reason)
    with transaction.atomic():
        hold_agreement(agreement_id)
        agreement, standing = _now(place, agreement_id)
        check_step(life_state(standing), "suspend", person, fixed_facts(agreement, standing))
        now = dt.datetime.now(dt.UTC)
        place.sign_offs.suspend(
            Suspension(agreement_id, person.organisation, person.user_id, now, words)
        )


def lift_suspension(place: OpenPlace, person: Person, agreement_id: str) -> None:
    """Lift what one's own organisation suspended.

    Raises:
        NotFoundError: if there is no such agreement.
        UnsafeActionError: if they may not: others' suspensions are others' to lift.
    """
    with transaction.atomic():
        hold_agreement(agreement_id)
        agreement, standing = _now(place, agreement_id)
        check_step(life_state(standing), "lift", person, fixed_facts(agreement, standing))
        place.sign_offs.lift(
            agreement_id,
            person.organisation,
            dt.datetime.now(dt.UTC),
            lifted_by=person.user_id,
        )


def give_notice(
    place: OpenPlace, person: Person, agreement_id: str, last_on: dt.date, reason: str
) -> None:
    """Give notice that an agreement ends: for every party, after its last day.

    Raises:
        NotFoundError: if there is no such agreement.
        UnsafeActionError: if they may not, or the day is past or after its own end.
    """
    words = _reason(reason)
    with transaction.atomic():
        hold_agreement(agreement_id)
        agreement, standing = _now(place, agreement_id)
        check_step(life_state(standing), "terminate", person, fixed_facts(agreement, standing))
        if not place.today <= last_on <= agreement.ends_on:
            raise UnsafeActionError(
                "No notice was given.",
                "The last day must be today or later, and no later than the agreement’s own end, "
                f"{agreement.ends_on:%-d %B %Y}.",
                "Choose another day. To stop it at once, suspend it.",
            )
        now = dt.datetime.now(dt.UTC)
        place.sign_offs.terminate(
            Termination(agreement_id, person.organisation, person.user_id, now, last_on, words)
        )


def take_back_notice(place: OpenPlace, person: Person, agreement_id: str) -> None:
    """Take back one's own organisation's notice, while it has not run out.

    Raises:
        NotFoundError: if there is no such agreement.
        UnsafeActionError: if they may not.
    """
    with transaction.atomic():
        hold_agreement(agreement_id)
        agreement, standing = _now(place, agreement_id)
        check_step(life_state(standing), "keep", person, fixed_facts(agreement, standing))
        place.sign_offs.withdraw_notice(
            agreement_id,
            person.organisation,
            dt.datetime.now(dt.UTC),
            withdrawn_by=person.user_id,
        )


def owner_of(agreement_id: str) -> str:
    """Return the organisation that drafted an agreement; empty where it was written by hand."""
    row = Draft.objects.filter(agreement_id=agreement_id).values_list("owner", flat=True).first()
    return row or ""


def _now(place: OpenPlace, agreement_id: str) -> tuple[Agreement, Standing]:
    rules = place.rules(place.today)
    agreement = rules.agreements.get(agreement_id)
    if agreement is None:
        raise NotFoundError("There is no such agreement.")
    return agreement, rules.standings[agreement_id]


def _reason(reason: str) -> str:
    words = " ".join(reason.split())
    if len(words) < _LEAST_REASON_CHARACTERS:
        raise UnsafeActionError(
            "Nothing was done.",
            "The reason is missing or too short for the other parties to understand.",
            "Say in a sentence why.",
        )
    return words
