"""Between a draft's plain values and the guided form."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from django import forms

from wholeplace.agreements import DraftFault
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.agreements.forms import day_or_none

__all__ = [
    "about_values",
    "add_faults",
    "apply_about",
    "apply_item",
    "arrange",
    "clause_values",
    "faults_at",
    "form_values",
    "items_of",
    "party_values",
]

_NAMED = re.compile(r"^`(\w+)`")
_TEXTS = ("title", "version", "why", "contact", "dpia")
_DAYS = ("starts_on", "ends_on", "review_on")
# What the form calls them: a form has a `fields` of its own.
_TO_FORM = {"fields": "fields_named"}


def items_of(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a draft's parties or clauses; what is no mapping stands as an empty one."""
    listed = data.get(key)
    items = listed if isinstance(listed, list) else []
    return [dict(each) if isinstance(each, Mapping) else {} for each in items]


def about_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's values of the agreement as a whole."""
    purposes = data.get("purposes")
    return {
        **{key: str(data.get(key) or "") for key in (*_TEXTS, "supersedes")},
        **{key: day_or_none(data.get(key)) for key in _DAYS},
        "purposes": [str(each) for each in purposes] if isinstance(purposes, list) else [],
    }


def apply_about(data: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with what was typed about the whole; an empty day is left out."""
    made = dict(data)
    made |= {key: _plain(given[key]) for key in _TEXTS}
    made["purposes"] = list(given["purposes"])
    for key in (*_DAYS, "supersedes"):
        made.pop(key, None)
        if given[key]:
            made[key] = given[key]
    return made


def form_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a party's or clause's values under the form's names."""
    return {_TO_FORM.get(key, key): value for key, value in values.items()}


def party_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return one party's plain values; conditions that are not named are left out."""
    made = {key: given[key] for key in ("partner", "lawful_basis")}
    made["legal_power"] = _plain(given["legal_power"])
    if given["gateways"]:
        made["gateways"] = list(given["gateways"])
    for key in ("acting_for", "special_condition", "schedule_1"):
        if given[key]:
            made[key] = given[key]
    return made


def clause_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return one clause's plain values; what is not chosen yet is left out."""
    made: dict[str, Any] = {"id": given["id"]}
    made |= {key: given[key] for key in ("source", "recipient")}
    made["roles"] = list(given["roles"])
    made["purpose"] = given["purpose"]
    made["fields"] = list(given["fields_named"])
    if given["level"]:
        made["level"] = given["level"]
    if given["consent"] and given["consent"] != "none":
        made["consent"] = given["consent"]
    if given["needs_factors"]:
        made["needs_factors"] = given["needs_factors"]
    if given["retention_days"]:
        made["retention_days"] = given["retention_days"]
    if given["onward"]:
        made["onward"] = True
    return made


def apply_item(
    data: Mapping[str, Any], key: str, place: int | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values with one party or clause put in its place, or added at the end.

    Raises:
        NotFoundError: if there is no such place.
    """
    items = items_of(data, key)
    if place is None:
        items.append(dict(values))
    elif place < len(items):
        items[place] = dict(values)
    else:
        raise NotFoundError("There is no such item.")
    return {**data, key: items}


def arrange(data: Mapping[str, Any], key: str, place: int, how: str) -> dict[str, Any]:
    """Return the values with one party or clause copied, taken out, or moved by one place.

    Raises:
        NotFoundError: if there is no such place.
        UnsafeActionError: if there is no such way to arrange them.
    """
    items = items_of(data, key)
    if place >= len(items):
        raise NotFoundError("There is no such item.")
    if how == "remove":
        del items[place]
    elif how == "copy" and key == "clauses":
        twin = copy.deepcopy(items[place])
        twin["id"] = _free_id(str(twin.get("id", "clause")), {str(e.get("id")) for e in items})
        items.insert(place + 1, twin)
    elif how in ("up", "down"):
        other = place + (1 if how == "down" else -1)
        if 0 <= other < len(items):
            items[place], items[other] = items[other], items[place]
    else:
        raise UnsafeActionError("Nothing was done.", "There is no such step.", "Go back.")
    return {**data, key: items}


def faults_at(faults: tuple[DraftFault, ...], *prefix: str | int) -> list[DraftFault]:
    """Return the faults at a place of the text or inside it."""
    return [each for each in faults if each.path[: len(prefix)] == prefix]


def add_faults(form: forms.Form, faults: list[DraftFault], depth: int) -> None:
    """Show each fault at the input that it is about, or above them all."""
    for each in faults:
        named = _NAMED.match(each.what)
        inside = each.path[depth] if len(each.path) > depth else (named[1] if named else "")
        name = _TO_FORM.get(str(inside), str(inside))
        form.add_error(name if name in form.fields else None, each.words)


def _free_id(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def _plain(text: str) -> str:
    """Return text with one kind of line end and no spaces at its ends."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
