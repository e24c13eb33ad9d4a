"""The map's shades: bands of published rates, which pattern tells apart and not colour alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Band", "band_of", "bands_of"]

_MOST_BANDS = 4


@dataclass(frozen=True)
class Band:
    """One shade of the map.

    Attributes:
        number: 1 is the lowest.
        lowest: lowest rate in it.
        highest: highest rate in it.
    """

    number: int
    lowest: float
    highest: float

    @property
    def range_words(self) -> str:
        """The band from its lowest to its highest, without a unit."""
        if f"{self.lowest:.1f}" == f"{self.highest:.1f}":
            return f"{self.lowest:.1f}"
        return f"{self.lowest:.1f} to {self.highest:.1f}"

    @property
    def words(self) -> str:
        """The words of the key."""
        return f"{self.range_words} per 1,000"


def bands_of(rates: Mapping[str, float]) -> tuple[Band, ...]:
    """Split published rates into bands of about equal numbers of areas.

    Equal rates always share a band, so a shade never tells apart what the table does not.
    """
    distinct = sorted(set(rates.values()))
    if not distinct:
        return ()
    count = min(_MOST_BANDS, len(distinct))
    edges = [distinct[i * len(distinct) // count] for i in range(count)] + [math.inf]
    return tuple(
        Band(i + 1, edges[i], max(rate for rate in distinct if rate < edges[i + 1]))
        for i in range(count)
    )


def band_of(rate: float | None, bands: tuple[Band, ...]) -> int:
    """Return the number of a rate's band; 0 where no rate may be shown."""
    return next(
        (band.number for band in bands if rate is not None and band.lowest <= rate <= band.highest),
        0,
    )
