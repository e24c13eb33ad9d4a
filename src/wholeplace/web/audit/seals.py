"""What of the trail is kept from an officer because somebody is sealed.

A sealed person must look like nobody at all, and an entry that tells of a refusal because of a
seal tells that there is one. So only the officers of the organisations that sealed them, and
their guardians, see such entries as they are; to everybody else a search that met a sealed
person reads as one that met nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.wiring import current_place

__all__ = ["has_open_alert", "is_sealed_from", "open_subjects"]


def open_subjects(event: Mapping[str, Any], organisation: str) -> Sequence[Mapping[str, Any]]:
    """Return the subjects of an event that an organisation's officer may know of."""
    subjects = event.get("subjects") or []
    return [each for each in subjects if not _is_hidden(event, each, organisation)]


def has_open_alert(event: Mapping[str, Any], organisation: str) -> bool:
    """Whether somebody whom the organisation sealed was asked for."""
    return any(organisation in _partners(each) for each in event.get("alerts") or [])


def is_sealed_from(person_id: str, user: User) -> bool:
    """Whether a person is sealed now, by others than the user's organisation."""
    from wholeplace.people import read_subjects

    try:
        subject = read_subjects(current_place().snapshot_reader, [person_id])[person_id]
    except NotFoundError:
        return False
    if subject.value_of("sealed") == "no" or str(user.pk) in subject.guardians:
        return False
    return user.organisation not in subject.sealing_partners


def _is_hidden(event: Mapping[str, Any], subject: Mapping[str, Any], organisation: str) -> bool:
    alerts = [
        each
        for each in event.get("alerts") or []
        if each.get("kind") == "sealed" and each.get("subject") == subject.get("subject")
    ]
    if any(organisation in _partners(each) for each in alerts):
        return False
    return bool(alerts) or _is_refused_by_seal(subject)


def _is_refused_by_seal(subject: Mapping[str, Any]) -> bool:
    refused = subject.get("refused") or {}
    return any(
        "sealed" in (facts.get("blocks") or [])
        for fields in refused.values()
        for facts in fields.values()
    )


def _partners(alert: Mapping[str, Any]) -> Sequence[str]:
    return alert.get("partners") or []
