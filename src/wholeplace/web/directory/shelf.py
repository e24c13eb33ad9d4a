"""The catalogue of the place that is served: read from the database, kept until something changes."""

import threading
from typing import Any

from django.db.models import Count, Max, Sum

from wholeplace.directory import Capacity, Catalogue
from wholeplace.directory.catalogue import Joined, KeptService, build_catalogue
from wholeplace.directory.feeds import DirectoryDefinition, read_directory_definition
from wholeplace.directory.finding import Origins
from wholeplace.foundation.errors import CheckFailedError
from wholeplace.places.lookups import valid_area_sets
from wholeplace.web.accounts.place import folder_state
from wholeplace.web.directory.models import DuplicatePair, ServiceCapacity, SourceService
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["open_catalogue", "read_definition"]

_lock = threading.Lock()
_kept: dict[str, Any] = {}


def read_definition(place: OpenPlace) -> DirectoryDefinition:
    """Return what the place folder says of the directory."""
    return read_directory_definition(place.folder, place.place.partners)


def open_catalogue() -> Catalogue:
    """Return the catalogue as it stands now; it is built again only where something changed."""
    place = current_place()
    key = (str(place.folder), folder_state(place.folder), place.today, *_version())
    with _lock:
        if _kept.get("key") != key:
            try:
                _kept["catalogue"] = _build(place)
            except CheckFailedError:
                # An edit of the place folder that has faults must not close the door to help.
                if _kept.get("key", ("",))[0] != key[0]:
                    raise
            _kept["key"] = key
        found: Catalogue = _kept["catalogue"]
        return found


def _version() -> tuple[Any, ...]:
    services = SourceService.objects.aggregate(
        Count("id"), Max("changed_at"), Max("seen_at"), Max("gone_at")
    )
    capacity = ServiceCapacity.objects.aggregate(Count("service_id"), Sum("version"))
    pairs = DuplicatePair.objects.aggregate(Count("id"), Sum("version"))
    return (*services.values(), *capacity.values(), *pairs.values())


def _build(place: OpenPlace) -> Catalogue:
    definition = read_definition(place)
    order = {each.id: number for number, each in enumerate(definition.feeds)}
    rows = SourceService.objects.filter(gone_at=None, feed__in=order).defer(
        "received", "sealed_received", "faults"
    )
    kept = [
        KeptService(row.id, row.feed, row.document, bool(row.why_confidential), row.seen_at)
        for row in sorted(rows, key=lambda row: (order[row.feed], row.id))
    ]
    same = DuplicatePair.objects.filter(state="same").order_by("decided_at", "id")
    joined = [Joined(pair.first, pair.second, pair.shown) for pair in same]
    capacities = {
        row.service_id: Capacity(row.state, row.note, row.checked_on)
        for row in ServiceCapacity.objects.all()
    }
    origins = Origins(place.place, valid_area_sets(place.place, place.today))
    return build_catalogue(kept, joined, capacities, definition, origins)
