"""The API's own description: the profile's, with what a real answer needs beside it.

The profile as published names no refusal, lets a page be empty of all that makes it a page, and
describes one place of a service as a service. Here each is stated as it is served.
"""

import copy
from collections.abc import Mapping
from typing import Any

from wholeplace.directory.figures import figures
from wholeplace.directory.standard import read_openapi

__all__ = ["PAGE_FIELDS", "describe_api"]

PAGE_FIELDS = (
    "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents",
)  # fmt: skip
_LISTS = ("/services", "/taxonomies", "/taxonomy_terms", "/service_at_locations")


def describe_api(address: str, place: str) -> dict[str, Any]:
    """Return the description of the API that is served.

    Args:
        address: what stands before `/services`.
        place: the place's name.
    """
    found = copy.deepcopy(dict(read_openapi()))
    found["servers"] = [{"url": address}]
    found["info"] = {
        **found["info"],
        "title": f"Directory of {place}, Open Referral UK 3.0",
        "description": "What help there is. Public, read only, no key.",
    }
    schemas = found["components"]["schemas"]
    schemas["Page"]["required"] = [each for each in PAGE_FIELDS if each != "contents"]
    schemas["Refusal"] = {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string"}},
    }
    schemas["About"] = _about(found)
    _narrow(found["components"]["parameters"])
    for path, item in found["paths"].items():
        _describe(path, item)
    place_of = found["paths"]["/service_at_locations/{id}"]["get"]["responses"]["200"]
    place_of["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/c_service_at_location_list"
    }
    return found


def _about(found: Mapping[str, Any]) -> dict[str, Any]:
    given = found["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**given, "required": ["version", "profile", "openapi_url"]}


def _describe(path: str, item: dict[str, Any]) -> None:
    responses = item["get"]["responses"]
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    if path == "/":
        responses["200"]["content"]["application/json"]["schema"] = {
            "$ref": "#/components/schemas/About"
        }
    if path in _LISTS:
        responses["400"] = {"description": "A parameter is wrong.", "content": refusal}
    if path.endswith("{id}"):
        item["parameters"] = [
            {
                "in": "path",
                "name": "id",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        ]
        responses["404"] = {"description": "There is nothing of that id.", "content": refusal}
    if path == "/services/{id}":
        responses["301"] = {
            "description": "The service is listed under another id now: two feeds had it.",
            "content": refusal,
        }


def _narrow(parameters: dict[str, dict[str, Any]]) -> None:
    """State what each parameter may be, as the answers hold it."""
    whole = {"type": "integer", "minimum": 1}
    years = {"type": "number", "minimum": 0, "maximum": 150}
    time = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}
    schemas: dict[str, dict[str, Any]] = {
        "page": {**whole, "maximum": 1_000_000},
        "per_page": {**whole, "maximum": figures().page_size_most},
        "minimum_age": years,
        "maximum_age": years,
        "start_time": time,
        "end_time": time,
        "day": {"type": "string", "enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]},
        "taxonomy_term_id": {"type": "string", "format": "uuid"},
        "taxonomy_id": {"type": "string", "format": "uuid"},
        "proximity": {"type": "string", "pattern": "^[0-9]{1,6}$"},
    }
    for name, schema in schemas.items():
        parameters[name]["schema"] = schema
