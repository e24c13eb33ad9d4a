"""Bringing a service into the standard's shape, table by table, from the standard's own schemas.

What can be mended is mended, what cannot is left out, and each is counted as a fault. Fields
that the profile does not know are kept as they are, so that later versions pass through.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from wholeplace.directory.faults import Faults
from wholeplace.directory.feeds.values import read_value
from wholeplace.directory.identity import mint_id, read_source_id
from wholeplace.directory.standard import read_table

__all__ = ["Shaper"]

# Whose id stands in a field that points elsewhere.
_POINTS_TO = {
    "organization_id": "organization",
    "parent_organization_id": "organization",
    "service_id": "service",
    "location_id": "location",
    "service_at_location_id": "service_at_location",
    "contact_id": "contact",
    "phone_id": "phone",
    "taxonomy_term_id": "taxonomy_term",
    "taxonomy_id": "taxonomy",
    "parent_id": "taxonomy_term",
}
# What a required value is filled from where it is missing: other fields, then a text.
_FILLED: Mapping[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("address", "address_1"): (("attention",), ""),
    ("address", "city"): (("region", "state_province"), ""),
    ("address", "state_province"): (("region", "city"), ""),
    ("address", "postal_code"): ((), "not known"),
    ("address", "country"): ((), "GB"),
    ("address", "address_type"): ((), "physical"),
    ("location", "location_type"): ((), "physical"),
    ("organization", "description"): (("name",), ""),
    ("taxonomy_term", "name"): (("term",), ""),
    ("taxonomy_term", "description"): (("name", "term"), ""),
    ("taxonomy", "description"): (("name",), ""),
    ("service", "status"): ((), "active"),
    ("organization_identifier", "identifier_type"): (("identifier_scheme",), ""),
}
_DEEPEST = 12


class Shaper:
    """Shapes the services of one feed.

    Args:
        feed: id of the feed, from which ids are minted.
        faults: where faults are counted.
    """

    def __init__(self, feed: str, faults: Faults) -> None:
        self._feed = feed
        self._faults = faults

    def shape(self, table: str, raw: Mapping[str, Any], *, within: str = "") -> dict[str, Any]:
        """Return a row of a table in the standard's shape; empty where nothing is left of it.

        Args:
            table: of `standard.TABLES`.
            raw: the row as received.
            within: what the row stands in, from which an id is minted where it has none.
        """
        return self._shape(table, raw, within or self._feed, 0)

    def _shape(self, table: str, raw: Any, within: str, depth: int) -> dict[str, Any]:
        if not isinstance(raw, Mapping) or depth > _DEEPEST:
            self._faults.add("dropped", table)
            return {}
        schema = read_table(table)["properties"]
        own = self._own_id(table, raw.get("id"), within)
        found: dict[str, Any] = {"id": own}
        for name, value in raw.items():
            if name == "id" or value is None or value in ("", [], {}):
                continue
            if name not in schema:
                found[name] = value
                continue
            shaped = self._field(table, name, schema[name], value, own, depth)
            if shaped not in (None, "", [], {}):
                found[name] = shaped
        return found if self._fill(table, found) else {}

    def _own_id(self, table: str, value: Any, within: str) -> str:
        given = read_source_id(value)
        if given is None:
            # Nameless parts are known by where they stand.
            return mint_id(self._feed, table, within)
        if not isinstance(value, str):
            self._faults.add("number-for-id", table)
        elif not _is_uuid(given):
            self._faults.add("not-uuid", table)
        return mint_id(self._feed, table, given)

    def _field(
        self, table: str, name: str, schema: Mapping[str, Any], value: Any, own: str, depth: int
    ) -> Any:
        within = f"{own}/{name}"
        if "$ref" in schema:
            return self._shape(_table_of(schema["$ref"]), value, within, depth + 1)
        if schema.get("type") == "array":
            rows = value if isinstance(value, list) else [value]
            inner = _table_of(schema["items"]["$ref"])
            shaped = [
                self._shape(inner, row, f"{within}/{number}", depth + 1)
                for number, row in enumerate(rows)
            ]
            return [row for row in shaped if row]
        if schema.get("format") == "uuid":
            given = read_source_id(value)
            return mint_id(self._feed, _POINTS_TO[name], given) if given and name in _POINTS_TO else None  # fmt: skip
        read, fault = read_value(schema, name, value)
        if fault:
            self._faults.add(fault, f"{table}.{name}")
        return read

    def _fill(self, table: str, found: dict[str, Any]) -> bool:
        """Fill what is required; return whether the row may stay."""
        for name in read_table(table).get("required", ()):
            if found.get(name) not in (None, ""):
                continue
            others, text = _FILLED.get((table, name), ((), ""))
            filled = next((found[each] for each in others if found.get(each)), text)
            if not filled:
                self._faults.add("dropped", f"{table} without {name}")
                return False
            self._faults.add("filled", f"{table}.{name}")
            found[name] = filled
        return True


def _table_of(reference: str) -> str:
    return reference.rpartition("/")[2].removesuffix(".json")


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
