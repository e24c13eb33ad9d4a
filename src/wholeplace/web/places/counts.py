"""Needs by area in the order of the table: protected counts, and rates made from them alone."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.protected import ProtectedCount
from wholeplace.places import WITH_NEED, Area, NeedByArea, needs_by_area
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.places.shading import Band, band_of, bands_of

__all__ = ["AreaRow", "rate_per_1000", "read_needs", "rows_of"]

_KEPT_TABLES = 256


@dataclass(frozen=True)
class AreaRow:
    """One area: a row of the table and a shape of the map.

    Attributes:
        number: stands in the table and on the map, so that one can be found from the other.
        rate: per 1,000 residents, from the protected counts; None where either is hidden.
        band: 0 where no rate may be shown.
    """

    number: int
    area: Area
    people: ProtectedCount
    residents: ProtectedCount
    rate: float | None
    band: int

    @property
    def rate_words(self) -> str:
        """The rate, or that it cannot be worked out."""
        return f"{self.rate:.1f}" if self.rate is not None else "not shown"


def read_needs(
    served: OpenPlace, recipient: str, area_set: str, framework: str, need: str
) -> NeedByArea:
    """Return protected counts of a recipient, protected once for each published snapshot.

    What is published of a snapshot is recorded in the data folder's ledger of releases first,
    and repeated from there whatever process asks again. Whether the viewer may have it is asked
    of `rights` first, at every page.

    Raises:
        NotFoundError: if there is no such table, or the snapshot was built before counts were
            kept in a shape that all sets of areas can be protected by.
    """
    snapshot = served.snapshot_reader.snapshot
    if "piece_needs" not in snapshot.tables:
        raise NotFoundError(
            "There are no counts to show yet.",
            "The snapshot was built by an older version.",
            "Run `wholeplace run`.",
        )
    edition = f"{snapshot.id} {snapshot.manifest.get('cut_at', '')}".strip()
    return _read_needs(
        served.snapshot_reader,
        edition,
        served.data.ledger / "releases",
        (recipient, area_set, framework, need),
    )


@lru_cache(maxsize=_KEPT_TABLES)
def _read_needs(
    reader: Any, edition: str, releases: Path, asked: tuple[str, str, str, str]
) -> NeedByArea:
    return needs_by_area(reader, *asked, edition=edition, releases=releases)


def rows_of(found: NeedByArea) -> tuple[list[AreaRow], tuple[Band, ...]]:
    """Return the rows in order of the areas' names, and the bands of the map."""
    areas = sorted(found.areas, key=lambda area: (area.name, area.code))
    listed = [area for area in areas if area.code in found.table.rows]
    rates = {area.code: rate for area in listed if (rate := _rate(found, area.code)) is not None}
    bands = bands_of(rates)
    rows = [
        AreaRow(
            number,
            area,
            found.table.count(area.code, WITH_NEED),
            found.table.row_total(area.code),
            rates.get(area.code),
            band_of(rates.get(area.code), bands),
        )
        for number, area in enumerate(listed, start=1)
    ]
    return rows, bands


def _rate(found: NeedByArea, code: str) -> float | None:
    return rate_per_1000(found.table.count(code, WITH_NEED), found.table.row_total(code))


def rate_per_1000(people: ProtectedCount, residents: ProtectedCount) -> float | None:
    """Return a rate of two protected counts; None where either is hidden or nobody lives there."""
    if people.shown is None or not residents.shown:
        return None
    return round(1000 * people.shown / residents.shown, 1)
