"""One person's account and statements as FHIR resources: the same that the account tells."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from wholeplace.agreements.account.fhir import audit_event, bundle, consents
from wholeplace.agreements.account.sightings import SIGHT
from wholeplace.agreements.subjects.request import Flag, Subject
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.people.earlier_ids import read_anchors
from wholeplace.people.read import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.reading import read_account

__all__ = ["OFFICER", "export_account", "export_for_officer", "may_officer_tell"]

OFFICER = "data-protection-officer"
_LONGEST_ID = 80


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


def may_officer_tell(person_id: str) -> bool:
    """Whether there is such a person, of whom an officer may know; a sealed one is nobody."""
    reader = current_place().snapshot_reader
    if len(person_id) > _LONGEST_ID or not read_anchors(reader, person_id):
        return False
    return read_subjects(reader, [person_id])[person_id].value_of("sealed") == "no"


def export_for_officer(
    email: str,
    person_id: str,
    reference: str,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> dict[str, Any]:
    """Return a person's account as a data protection officer hands it over; written down first.

    Args:
        email: the officer's.
        person_id: whose.
        reference: of the request that it answers.
        starts_on: first day of the sights; None for all.
        ends_on: last day of the sights; None for all.

    Raises:
        UnsafeActionError: if that is no officer's address.
        NotFoundError: if there is no such person of whom an officer may know.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    host = current_place().place.place.host
    if user is None or not user.has_role(OFFICER) or user.organisation != host:
        raise UnsafeActionError(
            "Nothing was exported.",
            "That is not the address of a data protection officer of the host who signs in here.",
            "Name the officer who answers for this export with --officer.",
        )
    if not may_officer_tell(person_id):
        record(
            "my-record.letter-refused", actor=str(user.pk), organisation=user.organisation,
            reference=reference,
        )  # fmt: skip
        raise NotFoundError(
            "Nothing was exported.",
            "There is no record of that number that an officer may write about.",
            "Check the person number.",
        )
    record(
        "my-record.exported", actor=str(user.pk), organisation=user.organisation, role=OFFICER,
        reference=reference, subjects=[{"subject": subject_pseudonym(person_id)}],
    )  # fmt: skip
    return export_account(person_id, starts_on, ends_on)


def _statements(subject: Subject) -> Iterable[Flag]:
    """Return what the person has said: those flags that are a person's own word."""
    return subject.flags
