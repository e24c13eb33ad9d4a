"""A listing: one service as people find it, whatever feeds it came from."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wholeplace.directory.capacity import Capacity

__all__ = ["Listing", "Site", "Source"]

_DAY_NAMES = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
    "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a listing came from.

    Attributes:
        id: the UUID minted for the service in that feed.
        seen_at: when that feed last listed it.
    """

    id: str
    feed: str
    title: str
    seen_at: dt.datetime


@dataclass(frozen=True)
class Site:
    """One place where a service is given."""

    name: str
    lines: tuple[str, ...]
    postcode: str
    latitude: float | None
    longitude: float | None
    access: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """One service.

    Attributes:
        id: its UUID; the same at every import.
        document: the service in the standard's shape, without what is confidential.
        sources: every feed that lists it, the one shown first.
        capacity: whether it can take people now; None where nobody has said.
        partner: the partner that runs it; empty where none does.
        topics: ids of the topics that it helps with.
    """

    id: str
    document: Mapping[str, Any]
    sources: tuple[Source, ...] = ()
    is_confidential: bool = False
    capacity: Capacity | None = None
    partner: str = ""
    topics: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.document["name"])

    @property
    def summary(self) -> str:
        """The first sentences of its description, at most about thirty words."""
        words = str(self.document.get("description", "")).split()
        return " ".join(words[:30]) + (" …" if len(words) > 30 else "")

    @property
    def organisation(self) -> str:
        """Who runs it."""
        return str((self.document.get("organization") or {}).get("name", ""))

    @property
    def is_open(self) -> bool:
        """Tell whether it is running at all."""
        return self.document.get("status") == "active"

    @property
    def ages(self) -> tuple[float | None, float | None]:
        """The youngest and the oldest who may come; None for no limit."""
        return self.document.get("minimum_age"), self.document.get("maximum_age")

    @property
    def age_words(self) -> str:
        """Who may come by age, in words; empty for everybody."""
        low, high = self.ages
        # Feeds write “up to 100” or “from 0” where they mean no limit.
        low, high = (low or None), (high if high is None or high < 100 else None)
        if low and high:
            return f"{low:g} to {high:g} years"
        if low:
            return f"{low:g} years and over"
        return f"up to {high:g} years" if high is not None else ""

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Where it is given; none where that is confidential."""
        links = self.document.get("service_at_locations", ())
        return tuple(_site(each["location"]) for each in links if each.get("location"))

    @cached_property
    def phones(self) -> tuple[str, ...]:
        """Numbers to ring."""
        rows = [*self.document.get("phones", ())]
        for each in self.document.get("contacts", ()):
            rows += each.get("phones", ())
        return tuple(dict.fromkeys(str(row["number"]) for row in rows if row.get("number")))

    @property
    def terms(self) -> tuple[str, ...]:
        """Words that its feeds put it under."""
        rows = self.document.get("attributes", ())
        names = [str((row.get("taxonomy_term") or {}).get("name", "")) for row in rows]
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages spoken."""
        return tuple(row["name"] for row in self.document.get("languages", ()) if row.get("name"))

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas that it serves, as its feed names them."""
        rows = self.document.get("service_areas", ())
        names = [str(row.get("name") or row.get("service_area") or "") for row in rows]
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def costs(self) -> tuple[str, ...]:
        """What it costs, in words."""
        return tuple(filter(None, map(_cost, self.document.get("cost_options", ())))) or tuple(
            filter(None, [str(self.document.get("fees", ""))])
        )

    @property
    def is_free(self) -> bool | None:
        """Tell whether it costs nothing; None where its feeds do not say."""
        amounts = [row.get("amount") for row in self.document.get("cost_options", ())]
        known = [each for each in amounts if each is not None]
        if known:
            return all(each == 0 for each in known)
        said = str(self.document.get("fees", "")).casefold()
        return True if said.startswith(("free", "no charge", "none")) else None

    @cached_property
    def openings(self) -> tuple[str, ...]:
        """When it is open, in words."""
        rows: Sequence[Mapping[str, Any]] = self.document.get("schedules", ())
        return tuple(dict.fromkeys(filter(None, map(_opening, rows))))

    @property
    def assured_on(self) -> dt.date | None:
        """The day on which somebody last checked that the listing is right."""
        text = self.document.get("assured_date")
        return dt.date.fromisoformat(text) if text else None


def _site(location: Mapping[str, Any]) -> Site:
    address: Mapping[str, Any] = next(iter(location.get("addresses", ())), {})
    parts = [str(address.get(name, "")) for name in ("address_1", "city", "region")]
    postcode = str(address.get("postal_code", ""))
    access = [str(each.get("description", "")) for each in location.get("accessibility", ())]
    return Site(
        str(location.get("name", "")),
        tuple(dict.fromkeys(part for part in parts if part)),
        "" if postcode == "not known" else postcode,
        location.get("latitude"),
        location.get("longitude"),
        tuple(each for each in access if each),
    )


def _cost(row: Mapping[str, Any]) -> str:
    said = " ".join(str(row.get(each, "")) for each in ("option", "amount_description")).strip()
    amount = row.get("amount")
    if amount is None:
        return said
    price = "Free" if amount == 0 else f"£{amount:,.2f}".replace(".00", "")
    return f"{price} ({said})" if said and said.casefold() != price.casefold() else price


def _opening(row: Mapping[str, Any]) -> str:
    days = [_DAY_NAMES.get(each.strip(), "") for each in str(row.get("byday", "")).split(",")]
    named = ", ".join(day for day in days if day)
    times = [str(row.get(each, ""))[:5] for each in ("opens_at", "closes_at")]
    hours = f"{times[0]} to {times[1]}" if all(times) else ""
    when = ", ".join(part for part in (named, hours) if part)
    said = str(row.get("description", ""))
    return f"{when}. {said}".strip(". ") if when else said
