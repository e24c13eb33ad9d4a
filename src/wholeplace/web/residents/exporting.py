"""One person's account and statements as FHIR resources: the same that the account tells."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from wholeplace.agreements.account import SIGHT
from wholeplace.agreements.fhir import audit_event, bundle, consents
from wholeplace.agreements.request import Flag, Subject
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.reading import read_account

__all__ = ["export_account"]


def export_account(
    person_id: str, starts_on: dt.date | None = None, ends_on: dt.date | None = None
) -> dict[str, Any]:
    """Return a Bundle: an AuditEvent for each sight that is told, and the person's Consents.

    Who may ask is decided, and written down, before this is called.

    Args:
        person_id: whose.
        starts_on: first day of the sights; None for all.
        ends_on: last day of the sights; None for all.
    """
    account = read_account(person_id, starts_on, ends_on)
    terms, host = account.rules.terms, current_place().place.place.host
    name = account.pseudonym or "nobody"
    events = [
        audit_event(each, name, host, terms) for each in account.sightings if each.kind == SIGHT
    ]
    stated = consents(_statements(account.subject), name, terms)
    return bundle([*events, *stated], dt.datetime.now(dt.UTC))


def _statements(subject: Subject) -> Iterable[Flag]:
    """Return what the person has said: those flags that are a person's own word."""
    return subject.flags
