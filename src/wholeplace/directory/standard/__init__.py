"""The standard as published: tables of HSDS-UK 3.0 and its API description."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["TABLES", "read_openapi", "read_table"]

TABLES = (
    "accessibility", "address", "attribute", "contact", "cost_option", "funding", "language", "location",
    "organization", "organization_identifier", "phone", "schedule", "service", "service_area",
    "service_at_location", "taxonomy", "taxonomy_term",
)  # fmt: skip
_ROOM = "wholeplace.directory.standard"

# What the UK profile leaves out of its own tables, though publishers need it: numbers to ring
# and the names of languages. HSDS 3.0 has both under these names.
_ALSO: Mapping[str, Mapping[str, Any]] = {
    "contact": {"phones": {"type": "array", "items": {"$ref": "phone.json"}}},
    "language": {"name": {"type": "string"}, "code": {"type": "string"}},
    "service": {
        "eligibility_description": {"type": "string"},
        "phones": {"type": "array", "items": {"$ref": "phone.json"}},
    },
}


@cache
def read_table(name: str) -> Mapping[str, Any]:
    """Return one table's JSON Schema, with the properties that HSDS 3.0 has beside it."""
    text = (files(_ROOM) / "schemata" / f"{name}.json").read_text("utf-8")
    found = dict(json.loads(text))
    found["properties"] = {**found["properties"], **_ALSO.get(name, {})}
    return found


@cache
def read_openapi() -> Mapping[str, Any]:
    """Return the profile's API description, whole, with every reference inside itself."""
    return dict(json.loads((files(_ROOM) / "openapi.json").read_text("utf-8")))
