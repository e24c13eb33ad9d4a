"""The shape before version 3: services of Open Referral UK 1 in the words of version 3.

Field names as publishers and finders of version 1 use them (`content`, `totalElements`,
`eligibilitys`, `regular_schedules`, `service_taxonomys`, `physical_addresses`).
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["is_older", "read_older"]

_MARKS = frozenset(
    {
        "eligibilitys", "regular_schedules", "service_taxonomys", "holiday_schedules", "fundings",
        "attending_access", "attending_type", "deliverable_type",
    }
)  # fmt: skip
_SAME = (
    "id", "name", "description", "url", "email", "status", "fees", "accreditations", "assured_date",
    "assurer_email", "alert", "last_modified", "minimum_age", "maximum_age",
)  # fmt: skip
_DAYS = {
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR",
    "saturday": "SA", "sunday": "SU",
}  # fmt: skip
_NUMBERED = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def is_older(service: Mapping[str, Any]) -> bool:
    """Tell whether a service has the shape of version 1."""
    return bool(_MARKS & service.keys())


def read_older(service: Mapping[str, Any]) -> dict[str, Any]:
    """Return a service of version 1 in the words of version 3; values are not yet checked."""
    found = {name: service[name] for name in _SAME if service.get(name) not in (None, "")}
    found |= _ages(_rows(service, "eligibilitys"))
    places = _rows(service, "service_at_locations")
    schedules = [*_rows(service, "regular_schedules")]
    for each in places:
        schedules += _rows(each, "regular_schedules")
    found["schedules"] = [_schedule(each) for each in schedules]
    found["service_at_locations"] = [
        {"id": each.get("id"), "location": _location(each.get("location") or {})} for each in places
    ]
    found["service_areas"] = [_renamed(each, {}) for each in _rows(service, "service_areas")]
    found["cost_options"] = [_renamed(each, {}) for each in _rows(service, "cost_options")]
    found["funding"] = [_renamed(each, {}) for each in _rows(service, "fundings")]
    found["contacts"] = [_contact(each) for each in _rows(service, "contacts")]
    found["languages"] = [
        _renamed(each, {"language": "name"}) for each in _rows(service, "languages")
    ]
    found["attributes"] = [_attribute(each) for each in _rows(service, "service_taxonomys")]
    if isinstance(service.get("organization"), Mapping):
        found["organization"] = _renamed(service["organization"], {"url": "website"})
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _rows(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = row.get(name)
    rows = value if isinstance(value, list) else [value]
    return [each for each in rows if isinstance(each, Mapping)]


def _renamed(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in row.items() if key != "service_id"}


def _ages(eligible: list[Mapping[str, Any]]) -> dict[str, Any]:
    lowest = [each["minimum_age"] for each in eligible if _is_number(each.get("minimum_age"))]
    highest = [each["maximum_age"] for each in eligible if _is_number(each.get("maximum_age"))]
    words = [str(each["eligibility"]) for each in eligible if each.get("eligibility")]
    found: dict[str, Any] = {}
    # Several groups: open to the youngest of any, unless one group has no limit at all.
    if lowest and len(lowest) == len(eligible):
        found["minimum_age"] = min(lowest)
    if highest and len(highest) == len(eligible):
        found["maximum_age"] = max(highest)
    if words:
        found["eligibility_description"] = "; ".join(dict.fromkeys(words))
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _schedule(row: Mapping[str, Any]) -> dict[str, Any]:
    found = _renamed(row, {"weekday": "byday"})
    if day := found.get("byday"):
        named = _DAYS.get(str(day).strip().casefold(), str(day))
        found["byday"] = _NUMBERED[int(named) - 1] if named in "1234567" else named
        found.setdefault("freq", "WEEKLY")
    return found


def _location(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in row.items() if key not in _LISTS_OF_LOCATION}
    kept["location_type"] = "physical"
    kept["addresses"] = [
        {**each, "address_type": "physical"} for each in _rows(row, "physical_addresses")
    ]
    kept["accessibility"] = [
        _renamed(each, {"accessibility": "description"})
        for each in _rows(row, "accessibility_for_disabilities")
    ]
    return kept


_LISTS_OF_LOCATION = frozenset({"physical_addresses", "accessibility_for_disabilities"})


def _contact(row: Mapping[str, Any]) -> dict[str, Any]:
    return _renamed(row, {}) | {"phones": _rows(row, "phones")}


def _attribute(row: Mapping[str, Any]) -> dict[str, Any]:
    term = row.get("taxonomy") or row.get("taxonomy_term") or {}
    if not isinstance(term, Mapping):
        return {}
    return {
        "id": row.get("id"),
        "link_type": "service",
        "taxonomy_term": {
            "id": term.get("id"),
            "name": term.get("name"),
            "taxonomy": term.get("vocabulary"),
        },
    }
