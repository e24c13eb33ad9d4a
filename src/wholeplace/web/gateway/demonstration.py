"""What a demonstration needs in the database: personas, and agreements that are signed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from wholeplace.agreements.standing.records import SignOff
from wholeplace.agreements.texts.signing import agreement_hash
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.personas import keep_personas

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_personas", "sign_everything"]


def make_personas(place: "OpenPlace", cast: Iterable[Mapping[str, object]]) -> int:
    """Make the accounts of the cast's personas. Return how many there are.

    Raises:
        UnsafeActionError: if the place's people are real.
    """
    _check_invented(place)
    return keep_personas(cast)


def sign_everything(place: "OpenPlace") -> int:
    """Sign every agreement for every party by its demonstration signatory; return how many signatures.

    A signature that stands is not put again. Each is dated the morning before the agreement starts
    to run, or now where that lies ahead. An agreement that starts on a later day is left alone:
    people are still to sign it.

    Raises:
        UnsafeActionError: if the place's people are real.
    """
    _check_invented(place)
    signatories = {
        user.organisation: str(user.pk)
        for user in User.objects.filter(is_active=True).exclude(persona="").order_by("-id")
        if "signatory" in user.roles
    }
    now = dt.datetime.now(dt.UTC)
    count = 0
    for agreement in place.agreements:
        if agreement.starts_on > place.today:
            continue
        text_hash = agreement_hash(agreement)
        signed = {
            each.partner
            for each in place.sign_offs.sign_offs(agreement.id)
            if each.hash == text_hash
        }
        morning = dt.datetime.combine(agreement.starts_on, dt.time(9), dt.UTC) - dt.timedelta(
            days=1
        )
        for party in agreement.parties:
            if party.partner in signed:
                continue
            signatory = signatories.get(party.partner, f"signatory-of-{party.partner}")
            place.sign_offs.sign(
                SignOff(agreement.id, text_hash, party.partner, signatory, min(morning, now))
            )
            count += 1
    return count


def _check_invented(place: "OpenPlace") -> None:
    if not place.place.place.invented:
        raise UnsafeActionError(
            "Nothing was signed and no persona was made.",
            "This place's people are real: place.yaml does not say that they are invented.",
            "Invite people, and have each signatory sign.",
        )
