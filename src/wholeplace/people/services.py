"""People who use several services, counted for each recipient on what it may have counted alone.

They are whom working from the same building helps: two trips become one. What a service and a
recent use are stands in `services.yaml`.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from wholeplace.foundation.store import SqlFile, Store

__all__ = ["ServiceFigures", "count_services", "is_visit", "service_figures"]


@dataclass(frozen=True)
class ServiceFigures:
    """What counts as using a service.

    Attributes:
        recent_days: how far back a use counts.
        not_visits: groups of fields whose events are no visit to a service.
    """

    recent_days: int
    not_visits: tuple[str, ...]


@cache
def service_figures() -> ServiceFigures:
    """Return the reviewed figures."""
    found = YAML(typ="safe").load((files("wholeplace.people") / "services.yaml").read_text("utf-8"))
    return ServiceFigures(found["recent_days"]["value"], tuple(found["not_visits"]["value"]))


def is_visit(field: str) -> bool:
    """Tell whether an event of this kind is a visit to a service."""
    return field.split(".")[0] not in service_figures().not_visits


def count_services(store: Store, as_of: dt.date) -> int:
    """Build `piece_services`; return its rows.

    Args:
        store: holds `timeline` and what `count_needs` left: `countable_facts`,
            `countable_people`, `countable_homes`.
        as_of: the day from which recent is counted back.
    """
    known = service_figures()
    return store.materialise(
        SqlFile.read("people", "piece_services"),
        {"as_of": as_of, "recent_days": known.recent_days, "not_visits": list(known.not_visits)},
    )
