"""People whom a sender wrote down and nobody has looked up yet: shown as what the sender holds."""

import secrets
from collections.abc import Iterable

from wholeplace.agreements.subjects.request import SealedItem
from wholeplace.foundation.sealed import Sealed
from wholeplace.web.teams.models import Referral, ReferralPerson

__all__ = ["typed_items"]


def typed_items(found: Referral, people: Iterable[ReferralPerson]) -> list[SealedItem]:
    """Return names, dates of birth and addresses as typed, each sealed.

    In the name of the sender; of somebody who asked for themselves, in that of the partner that
    they wrote to.
    """
    source = found.sender or found.receiver
    made = []
    for each in people:
        if not each.typed_name:
            continue
        made.append(_item(source, "identity.name", each, {"given_name": each.typed_name}))
        if each.typed_born:
            value = {"birth_date": each.typed_born.isoformat()}
            made.append(_item(source, "identity.birth-date", each, value))
        if each.typed_contact:
            made.append(_item(source, "contact.address", each, {"address": each.typed_contact}))
    return made


def _item(source: str, field: str, person: ReferralPerson, value: dict[str, str]) -> SealedItem:
    return SealedItem(
        secrets.token_hex(8), source, "casework", field, person.person_id, Sealed(value)
    )
