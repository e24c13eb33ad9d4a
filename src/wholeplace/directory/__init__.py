"""Directory: what help exists, whether it can take someone now, in Open Referral UK terms.

Enters: feeds of Open Referral UK 3.0 and 1, as they really are, named in the place folder's
`directory/feeds.yaml`; what organisations say of their capacity; what people decided on doubles.
Leaves: one catalogue to search in plain words; documents that conform to Open Referral UK 3.0.

    feeds         read to the end, reported, brought into one shape, with ids that never change
    confidential  addresses that nobody may learn
    listing       one service as people find it
    catalogue     every listing as it stands now; `services_for` a need, an area and an age
    finding       plain words, distance, eligibility
    duplicates    one service in two feeds: pairs for a person to decide
    supply        services by area, to set beside need
    publishing    the API's answers, and proof that they conform
    standard      the standard's own schemas

Promises: a second import of the same feed changes nothing; nothing that could not be read is
taken for gone; the address of a refuge stands in no listing, answer, file or fault. Standard:
Open Referral UK (HSDS-UK 3.0).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholeplace.directory.capacity import CAPACITY_STATES, Capacity
    from wholeplace.directory.catalogue import (
        Catalogue,
        current_catalogue,
        find_service,
        offer_catalogue,
        services_for,
    )
    from wholeplace.directory.finding.choosing import Choice, Wish, choose_services
    from wholeplace.directory.listing import Listing

__all__ = [
    "CAPACITY_STATES",
    "Capacity",
    "Catalogue",
    "Choice",
    "Listing",
    "Wish",
    "choose_services",
    "current_catalogue",
    "find_service",
    "offer_catalogue",
    "services_for",
]

_HOMES = {
    "capacity": ("CAPACITY_STATES", "Capacity"),
    "catalogue": (
        "Catalogue",
        "current_catalogue",
        "find_service",
        "offer_catalogue",
        "services_for",
    ),
    "finding.choosing": ("Choice", "Wish", "choose_services"),
    "listing": ("Listing",),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the room is cheap to import."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"wholeplace.directory.{module}"), name)
    raise AttributeError(f"module 'wholeplace.directory' has no attribute {name!r}")
