"""Confidential addresses: a refuge is listed, and nobody learns where it stands.

What a confidential service's listing may hold is a list of what is allowed, never of what is
forbidden: places, areas on a map, people's names and every field that the standard does not
know are left out, and its address is taken out of whatever is written in words. A service is
confidential where its feed marks it, where the place folder names it, or where its name or its
terms are words of `confidential.yaml`; a person must decide that one is not.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from wholeplace.directory.standard import read_table

__all__ = ["WITHHELD", "address_marks", "find_why_confidential", "withhold"]

WITHHELD = "[address withheld]"
_MARKS = ("confidential", "is_confidential", "address_confidential", "is_address_confidential")
_KEPT = (
    "id", "organization_id", "name", "description", "url", "email", "status", "fees", "accreditations",
    "minimum_age", "maximum_age", "assured_date", "alert", "last_modified", "eligibility_description",
    "languages", "organization", "cost_options", "contacts", "phones", "attributes",
)  # fmt: skip
_TABLE_OF = {
    "languages": "language",
    "organization": "organization",
    "cost_options": "cost_option",
    "contacts": "contact",
    "phones": "phone",
    "attributes": "attribute",
    "taxonomy_term": "taxonomy_term",
}
_LEFT_OUT = {("contact", "name"), ("contact", "attributes"), ("organization", "attributes")}


@cache
def _words() -> tuple[str, ...]:
    text = (files("wholeplace.directory") / "confidential.yaml").read_text("utf-8")
    return tuple(str(each).casefold() for each in YAML(typ="safe").load(text)["words"])


def find_why_confidential(
    document: Mapping[str, Any],
    raw: Mapping[str, Any],
    source_id: str,
    named: Collection[str],
    cleared: Collection[str] = (),
) -> str:
    """Return why a service's address is confidential; empty where it is not.

    Args:
        document: the service in the standard's shape.
        raw: the service as received.
        source_id: what its feed calls it.
        named: ids that the place folder names for this feed.
        cleared: ids of which it says that their words mean nothing.
    """
    if source_id in named:
        return "The place folder names it."
    if _is_marked(raw):
        return "Its feed marks it."
    if source_id in cleared:
        return ""
    terms = [
        str(each.get("taxonomy_term", {}).get("name", ""))
        for each in document.get("attributes", ())
        if isinstance(each.get("taxonomy_term"), Mapping)
    ]
    said = " ".join((str(document.get("name", "")), *terms)).casefold()
    if any(re.search(rf"\b{re.escape(word)}\b", said) for word in _words()):
        return "Its name or terms are those of services whose addresses are confidential."
    return ""


def _is_marked(raw: Any) -> bool:
    if isinstance(raw, Mapping):
        if any(str(raw.get(each, "")).casefold() in ("true", "yes", "1") for each in _MARKS):
            return True
        return any(_is_marked(each) for each in raw.values())
    return isinstance(raw, list) and any(_is_marked(each) for each in raw)


def address_marks(document: Mapping[str, Any]) -> frozenset[str]:
    """Return what a service's addresses are known by: first line and postcode, in one way."""
    return frozenset(
        f"{_close(each.get('address_1', ''))}|{_close(each.get('postal_code', ''))}"
        for each in _addresses(document)
        if each.get("address_1") and each.get("postal_code")
    )


def withhold(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a service's listing without anything that says where it stands."""
    secrets = _secrets(document)
    found = {
        name: _allowed(_TABLE_OF.get(name, ""), document[name], secrets)
        for name in _KEPT
        if name in document
    }
    # Saying that there is a place, and no more, keeps the listing whole for its readers.
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _allowed(table: str, value: Any, secrets: tuple[re.Pattern[str], ...]) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = secret.sub(WITHHELD, value)
        return value
    if isinstance(value, list):
        return [_allowed(table, each, secrets) for each in value]
    if isinstance(value, Mapping) and table:
        known = read_table(table)["properties"]
        return {
            name: _allowed(_TABLE_OF.get(name, ""), each, secrets)
            for name, each in value.items()
            if name in known and (table, name) not in _LEFT_OUT
        }
    return value if isinstance(value, int | float) else None


def _addresses(document: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for link in document.get("service_at_locations", ()):
        location = link.get("location") or {}
        yield from location.get("addresses", ())


def _secrets(document: Mapping[str, Any]) -> tuple[re.Pattern[str], ...]:
    """Return what must stand in no text: lines, postcodes and names of places."""
    said: set[str] = set()
    for each in _addresses(document):
        said |= {str(each.get(name, "")) for name in ("address_1", "postal_code", "attention")}
        # A line such as “27 Quiet Mews, Dunlin Road” is a secret in parts too.
        said |= {part.strip() for part in str(each.get("address_1", "")).split(",")}
    for link in document.get("service_at_locations", ()):
        said.add(str((link.get("location") or {}).get("name", "")))
    found = sorted({_close(each) for each in said} - {"", _close("not known")}, key=len, reverse=True)  # fmt: skip
    kept = [each for each in found if len(each) > 3 and each != _close(str(document["name"]))]
    return tuple(re.compile(r"[\s,.-]*".join(map(re.escape, each)), re.IGNORECASE) for each in kept)


def _close(text: str) -> str:
    return re.sub(r"[\s,.-]+", "", str(text)).casefold()
