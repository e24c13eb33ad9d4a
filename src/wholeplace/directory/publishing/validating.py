"""Validating against the standard, by a validator that is not ours (`jsonschema`).

Formats are checked: without them the profile's own bad example passes. What the profile leaves
open, and a reader cannot do without, is checked beside it: the fields of a page.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wholeplace.directory.catalogue import Catalogue
from wholeplace.directory.publishing.answering import answer_list, answer_one
from wholeplace.directory.publishing.description import PAGE_FIELDS
from wholeplace.directory.standard import read_openapi

__all__ = ["Departure", "validate_answer", "validate_catalogue", "validate_service"]

_KINDS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")


@dataclass(frozen=True)
class Departure:
    """One departure from the standard.

    Attributes:
        endpoint: of the API.
        where: place in the answer, never a value.
        what: which rule of the schema.
    """

    endpoint: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.endpoint} {self.where}: {self.what}"


def validate_answer(endpoint: str, answer: Any) -> list[Departure]:
    """Return where an answer of an endpoint (`/services`, `/services/{id}` …) departs from the profile."""
    found = [
        Departure(endpoint, _path(error.absolute_path), _rule(error))
        for error in _validator(endpoint).iter_errors(answer)
    ]
    if endpoint != "/" and not endpoint.endswith("}") and isinstance(answer, Mapping):
        found += [
            Departure(endpoint, "page", f"`{each}` is missing")
            for each in PAGE_FIELDS
            if each not in answer
        ]
    return found


def validate_service(document: Any) -> list[Departure]:
    """Return where a whole service departs from the profile."""
    return validate_answer("/services/{id}", document)


def validate_catalogue(catalogue: Catalogue) -> list[Departure]:
    """Return where anything that would be published departs from the profile; empty where nothing does."""
    return list(_departures(catalogue))


def _departures(catalogue: Catalogue) -> Iterator[Departure]:
    for kind in _KINDS:
        page = answer_list(catalogue, kind, {"per_page": "500"})
        yield from validate_answer(f"/{kind}", page)
        for number in range(2, page["total_pages"] + 1):
            more = answer_list(catalogue, kind, {"per_page": "500", "page": str(number)})
            yield from validate_answer(f"/{kind}", more)
    for listing in catalogue.listings:
        yield from validate_service(answer_one(catalogue, "services", listing.id))


@cache
def _validator(endpoint: str) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    openapi = read_openapi()
    get = openapi["paths"][endpoint]["get"]
    schema = get["responses"]["200"]["content"]["application/json"]["schema"]
    resource: Any = Resource.from_contents(openapi, default_specification=DRAFT202012)
    registry: Any = Registry().with_resource("urn:oruk", resource)
    return Draft202012Validator(
        _absolute(schema), registry=registry, format_checker=FormatChecker()
    )


def _absolute(schema: Any) -> Any:
    """Return a schema whose references lead into the profile's description."""
    if isinstance(schema, Mapping):
        return {
            key: f"urn:oruk{value}"
            if key == "$ref" and str(value).startswith("#")
            else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema


def _path(parts: Iterable[Any]) -> str:
    return ".".join(str(part) for part in parts) or "the answer"


def _rule(error: Any) -> str:
    """Return the rule that is broken; never the value, which may be an address."""
    if error.validator == "required":
        missing = [each for each in error.validator_value if each not in error.instance]
        return f"{', '.join(missing)} is required"
    return f"breaks {error.validator} {error.validator_value}"[:120]
