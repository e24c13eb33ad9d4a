"""What the API gives: listings as the documents of Open Referral UK."""

from collections.abc import Iterable, Mapping
from typing import Any

from wholeplace.directory.identity import mint_id
from wholeplace.directory.listing import Listing

__all__ = [
    "CAPACITY_FIELD",
    "line_document",
    "service_document",
    "site_documents",
    "taxonomy_documents",
    "term_documents",
]

CAPACITY_FIELD = "wholeplace_capacity"
"""Beside the standard's own fields: HSDS-UK 3.0 has none for capacity and forbids no other."""

_LISTS = frozenset(
    {
        "schedules", "service_areas", "service_at_locations", "languages", "funding", "cost_options",
        "contacts", "attributes", "phones",
    }
)  # fmt: skip


def service_document(listing: Listing) -> dict[str, Any]:
    """Return a service with all that belongs to it."""
    found = {name: value for name, value in listing.document.items() if name != CAPACITY_FIELD}
    organisation = found.get("organization")
    if isinstance(organisation, Mapping) and organisation.get("id"):
        found["organization_id"] = organisation["id"]
    if listing.capacity is not None:
        found[CAPACITY_FIELD] = {
            "state": listing.capacity.state,
            "description": listing.capacity.words,
            "checked_on": listing.capacity.checked_on.isoformat(),
        }
    return found


def line_document(listing: Listing) -> dict[str, Any]:
    """Return a service as it stands in a list: what there is one of."""
    return {name: value for name, value in service_document(listing).items() if name not in _LISTS}


def site_documents(listing: Listing) -> list[dict[str, Any]]:
    """Return each place of a service.

    The profile describes a single one of these as a service, which is a slip of it; with the
    service's name and status beside it, one answer is right by either reading.
    """
    return [
        {
            **each,
            "service_id": listing.id,
            **({"location_id": each["location"]["id"]} if each.get("location") else {}),
            "name": listing.name,
            "status": str(listing.document["status"]),
        }
        for each in listing.document.get("service_at_locations", ())
    ]


def term_documents(listings: Iterable[Listing]) -> list[dict[str, Any]]:
    """Return every term that some listing stands under, once, in order of name."""
    found: dict[str, dict[str, Any]] = {}
    for listing in listings:
        for row in listing.document.get("attributes", ()):
            term = row.get("taxonomy_term")
            if isinstance(term, Mapping) and term.get("id") and term.get("name"):
                taxonomy = str(term.get("taxonomy") or "Terms without a vocabulary")
                found.setdefault(
                    term["id"],
                    {**term, "taxonomy": taxonomy, "taxonomy_id": _taxonomy_id(taxonomy)},
                )
    return sorted(found.values(), key=lambda each: (str(each["name"]).casefold(), each["id"]))


def taxonomy_documents(terms: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return every vocabulary that the terms come from."""
    names = sorted({str(each["taxonomy"]) for each in terms}, key=str.casefold)
    return [{"id": _taxonomy_id(each), "name": each, "description": each} for each in names]


def _taxonomy_id(name: str) -> str:
    return mint_id("", "taxonomy", name)
