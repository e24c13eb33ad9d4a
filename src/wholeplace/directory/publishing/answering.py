"""Answering the API's questions: filters, pages, and refusals that say what is wrong."""

import datetime as dt
import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholeplace.directory.catalogue import Catalogue
from wholeplace.directory.figures import figures
from wholeplace.directory.finding.origins import nearest_km
from wholeplace.directory.listing import Listing
from wholeplace.directory.publishing.documents import (
    line_document,
    service_document,
    site_documents,
    taxonomy_documents,
    term_documents,
)

__all__ = ["BadQuestionError", "answer_list", "answer_one"]

_DAYS = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
_TIME = re.compile(r"^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$")
_OLDEST = 150
_LAST_PAGE = 1_000_000


class BadQuestionError(Exception):
    """A question that cannot be answered; its text says which parameter is wrong, not what it was."""


@dataclass(frozen=True)
class _Rows:
    rows: Sequence[Any]
    document: Callable[[Any], dict[str, Any]]


def answer_list(catalogue: Catalogue, kind: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return one page of a list.

    Args:
        catalogue: what may be found.
        kind: `services`, `service_at_locations`, `taxonomies` or `taxonomy_terms`.
        asked: the question's parameters.

    Raises:
        BadQuestionError: if a parameter is wrong.
    """
    number = _whole(asked, "page", 1, _LAST_PAGE, 1)
    size = _whole(asked, "per_page", 1, figures().page_size_most, figures().page_size)
    found = _rows(catalogue, kind, asked)
    pages = max(1, math.ceil(len(found.rows) / size))
    shown = [found.document(each) for each in found.rows[(number - 1) * size : number * size]]
    return {
        "total_items": len(found.rows),
        "total_pages": pages,
        "page_number": number,
        "size": len(shown),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not shown,
        "contents": shown,
    }


def answer_one(catalogue: Catalogue, kind: str, wanted: str) -> dict[str, Any] | None:
    """Return one thing by its id; None where there is none."""
    if kind == "services":
        listing = catalogue.get(wanted)
        return service_document(listing) if listing and listing.id == wanted else None
    if kind == "service_at_locations":
        rows = (each for listing in catalogue.listings for each in site_documents(listing))
        return next((each for each in rows if each["id"] == wanted), None)
    terms = term_documents(catalogue.listings)
    held = terms if kind == "taxonomy_terms" else taxonomy_documents(terms)
    return next((each for each in held if each["id"] == wanted), None)


def _rows(catalogue: Catalogue, kind: str, asked: Mapping[str, str]) -> _Rows:
    if kind == "taxonomy_terms":
        return _Rows(term_documents(catalogue.listings), dict)
    if kind == "taxonomies":
        return _Rows(taxonomy_documents(term_documents(catalogue.listings)), dict)
    listings = _filtered(catalogue, asked)
    if kind == "services":
        return _Rows(listings, line_document)
    listings = _near(catalogue, listings, asked)
    return _Rows([each for listing in listings for each in site_documents(listing)], dict)


def _filtered(catalogue: Catalogue, asked: Mapping[str, str]) -> list[Listing]:
    words = asked.get("search", "").strip()
    listings = (
        [each.listing for each in catalogue.index.find(words)]
        if words
        else list(catalogue.listings)
    )
    for keeps in _filters(asked):
        listings = [each for each in listings if keeps(each)]
    return listings


def _filters(asked: Mapping[str, str]) -> list[Callable[[Listing], bool]]:
    """Return the filters of a question; all of them must hold."""
    found: list[Callable[[Listing], bool]] = []
    for name in ("taxonomy_term_id", "taxonomy_id"):
        wanted = _uuid(asked, name)
        found += [_by_taxonomy(name, wanted)] if wanted else []
    if (low := _age(asked, "minimum_age")) is not None:
        found.append(lambda each: each.ages[0] is not None and each.ages[0] >= low)
    if (high := _age(asked, "maximum_age")) is not None:
        found.append(lambda each: each.ages[1] is not None and each.ages[1] <= high)
    if start := _time(asked, "start_time"):
        found.append(lambda each: any(t >= start for t in _times(each, "opens_at")))
    if end := _time(asked, "end_time"):
        found.append(lambda each: any(t <= end for t in _times(each, "closes_at")))
    if day := asked.get("day", "").strip():
        if day not in _DAYS:
            raise BadQuestionError("day is one of MO, TU, WE, TH, FR, SA, SU")
        found.append(lambda each: any(day in t.split(",") for t in _times(each, "byday")))
    return found


def _by_taxonomy(name: str, wanted: str) -> Callable[[Listing], bool]:
    own = "id" if name == "taxonomy_term_id" else "taxonomy_id"
    return lambda each: any(row[own] == wanted for row in term_documents([each]))


def _near(catalogue: Catalogue, listings: list[Listing], asked: Mapping[str, str]) -> list[Listing]:
    metres = asked.get("proximity", "").strip()
    if metres and not re.fullmatch(r"\d{1,6}", metres):
        raise BadQuestionError("proximity is a whole number of metres")
    postcode = asked.get("postcode", "").strip()
    if not postcode:
        return listings
    origin = catalogue.origins.find(postcode)
    if origin is None:
        # A postcode that is not known here is near nothing.
        return []
    most = int(metres) / 1000 if metres else math.inf
    away = {each.id: nearest_km(each, origin) for each in listings}
    return [each for each in listings if (km := away[each.id]) is not None and km <= most]


def _times(listing: Listing, name: str) -> list[str]:
    rows = listing.document.get("schedules", ())
    return [str(row[name]) for row in rows if row.get(name)]


def _whole(asked: Mapping[str, str], name: str, least: int, most: int, otherwise: int) -> int:
    text = asked.get(name)
    if text is None:
        return otherwise
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
        raise BadQuestionError(f"{name} is a whole number from {least} to {most}")
    return int(text)


def _age(asked: Mapping[str, str], name: str) -> float | None:
    text = asked.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,3}(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", text, re.ASCII) or float(text) > _OLDEST:  # fmt: skip
        raise BadQuestionError(f"{name} is a number of years from 0 to {_OLDEST}")
    return float(text)


def _uuid(asked: Mapping[str, str], name: str) -> str:
    text = asked.get(name)
    if text is None:
        return ""
    try:
        return str(uuid.UUID(text)) if len(text) == 36 else _refuse_id(name)
    except ValueError:
        return _refuse_id(name)


def _refuse_id(name: str) -> str:
    raise BadQuestionError(f"{name} is a UUID")


def _time(asked: Mapping[str, str], name: str) -> str:
    text = asked.get(name)
    if text is None:
        return ""
    if not _TIME.match(text):
        raise BadQuestionError(f"{name} is a time such as 09:30")
    return dt.time.fromisoformat(text).isoformat()
