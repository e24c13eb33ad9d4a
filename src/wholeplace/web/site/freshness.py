"""How fresh the information on the pages is, and what everybody should be warned of."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["Freshness", "freshness_of", "read_freshness"]


@dataclass(frozen=True)
class Freshness:
    """What a page says about the age of its information.

    Attributes:
        as_of: the day that the information is of; None before anything was published.
        days_old: whole days since then.
    """

    as_of: dt.date | None
    days_old: int
    warnings: tuple[str, ...]


def read_freshness(place: OpenPlace) -> Freshness:
    """Return the freshness of the published snapshot."""
    try:
        manifest: Mapping[str, Any] = place.snapshot.manifest
    except NotFoundError:
        return Freshness(None, 0, ())
    return freshness_of(manifest, place.today)


def freshness_of(manifest: Mapping[str, Any], today: dt.date) -> Freshness:
    """Return the freshness that a snapshot's manifest shows on a day."""
    as_of = dt.date.fromisoformat(str(manifest["as_of"])[:10])
    days_old = max(0, (today - as_of).days)
    warnings = []
    if days_old > _stale_days():
        warnings.append(
            "This information is older than it should be. Something may have changed since. "
            "Check with the partner before you act on it."
        )
    return Freshness(as_of, days_old, tuple(warnings))


@cache
def _stale_days() -> int:
    text = (files("wholeplace.web.site") / "figures.yaml").read_text("utf-8")
    return int(YAML(typ="safe").load(text)["stale_days"]["value"])
