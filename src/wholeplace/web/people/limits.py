"""Limits against trawling: facts, people listed, searches an hour, and how soon a refusal comes."""

import datetime as dt
import math
import time
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from wholeplace.web.people.models import Search

__all__ = ["Allowance", "Limits", "count_search", "limits", "wait_out"]

_WINDOW = dt.timedelta(hours=1)
_KEPT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """The figures of `figures.yaml`."""

    facts_needed: int
    people_listed: int
    searches_per_hour: int
    refusal_milliseconds: int


@dataclass(frozen=True)
class Allowance:
    """Whether a user may search now.

    Attributes:
        again_at: when they may next, where they may not now.
    """

    is_given: bool
    again_at: dt.datetime | None = None


@cache
def limits() -> Limits:
    """Return the figures."""
    text = (files("wholeplace.web.people") / "figures.yaml").read_text("utf-8")
    found = YAML(typ="safe").load(text)
    return Limits(**{name: int(found[name]["value"]) for name in Limits.__dataclass_fields__})


def wait_out(began: float) -> None:
    """Wait until an answer that nobody is to be found may be given.

    Somebody who is hidden takes a little longer to read than nobody, and that would tell. On a
    busy machine either may take longer than the least time, so answers come only at whole
    multiples of it: a small difference is seen in few of them.

    Args:
        began: when the request did, by `time.monotonic`.
    """
    step = limits().refusal_milliseconds / 1000
    taken = time.monotonic() - began
    time.sleep(max(0.0, step * max(1, math.ceil(taken / step)) - taken))


def count_search(user_id: str, at: dt.datetime) -> Allowance:
    """Count one search of a user's, if their hour still has room for it."""
    most = limits().searches_per_hour
    recent = Search.objects.filter(user_id=user_id, at__gt=at - _WINDOW).order_by("at")
    times = list(recent.values_list("at", flat=True))
    if len(times) >= most:
        return Allowance(is_given=False, again_at=times[-most] + _WINDOW)
    Search.objects.filter(at__lt=at - _KEPT).delete()
    Search.objects.create(user_id=user_id, at=at)
    return Allowance(is_given=True)
