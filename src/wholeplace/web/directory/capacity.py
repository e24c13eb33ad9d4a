"""Saying whether a service can take people now; only its own organisation may."""

import datetime as dt

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.directory import CAPACITY_STATES, Listing
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.web.chain.trail import record
from wholeplace.web.directory.models import CapacityChange, ServiceCapacity

__all__ = ["is_run_by", "say_capacity"]


def is_run_by(listing: Listing, viewer: Viewer) -> bool:
    """Tell whether a service is of the viewer's own organisation."""
    return bool(listing.partner) and listing.partner == viewer.organisation


def say_capacity(
    viewer: Viewer, listing: Listing, state: str, note: str, version: int, at: dt.datetime, on: dt.date
) -> ServiceCapacity:  # fmt: skip
    """Keep what a service's own organisation says of its capacity; recorded first.

    Args:
        viewer: who says it.
        listing: of which service.
        state: of `CAPACITY_STATES`.
        note: for whoever refers.
        version: as it was seen; 0 where nothing had been said.
        at: the instant; `on` is the day that it is at the place.
        on: see `at`.

    Raises:
        UnsafeActionError: if it is another organisation's service, or no such state.
        ChangedMeanwhileError: if a colleague said something since.
    """
    if not is_run_by(listing, viewer) or state not in CAPACITY_STATES:
        raise UnsafeActionError(
            "Nothing was changed.",
            "Only the organisation that runs a service says what it can take.",
            "Ask them to, or tell whoever keeps the directory.",
        )
    said = " ".join(note.split())
    with transaction.atomic():
        held = ServiceCapacity.objects.select_for_update().filter(pk=listing.id).first()
        check_version(held.version if held else 0, version, [_last_words(held)] if held else [])
        record(
            "directory.capacity",
            actor=viewer.user_id,
            organisation=viewer.organisation,
            role=viewer.role,
            service=listing.id,
            state=state,
        )
        row = held or ServiceCapacity(service_id=listing.id, version=0)
        row.state, row.note, row.checked_on = state, said, on
        row.by, row.organisation, row.changed_at = viewer.user_id, viewer.organisation, at
        row.version += 1
        row.save()
        CapacityChange.objects.create(
            service_id=listing.id, state=state, note=said, by=viewer.user_id,
            organisation=viewer.organisation, at=at,
        )  # fmt: skip
    return row


def _last_words(held: ServiceCapacity) -> str:
    words = CAPACITY_STATES[held.state].lower()
    return f"A colleague said on {held.changed_at:%-d %B, %H:%M} UTC that it is: {words}."
