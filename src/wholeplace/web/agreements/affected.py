"""How many residents an agreement would touch: never exact, never a small number."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from wholeplace.agreements.deciding.preview import Preview, SightChange
from wholeplace.foundation.disclosure import ProtectedCount, protect_counts
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.store import SqlFile
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["Affected", "count_affected"]


@dataclass(frozen=True)
class Affected:
    """Residents of whom something more, or something less, would be seen.

    Attributes:
        gained: None where nothing is gained, or before anything was published; lost likewise.
    """

    gained: ProtectedCount | None
    lost: ProtectedCount | None


def count_affected(place: OpenPlace, preview: Preview) -> Affected:
    """Count in the published snapshot, through disclosure control."""
    try:
        return Affected(_count(place, preview.gained), _count(place, preview.lost))
    except NotFoundError:
        return Affected(None, None)


def _count(place: OpenPlace, changes: Iterable[SightChange]) -> ProtectedCount | None:
    pairs = sorted({f"{each.source} {each.field}" for each in changes})
    if not pairs:
        return None
    reader = place.snapshot_reader

    def make() -> ProtectedCount | None:
        text = (files("wholeplace.web.agreements") / "sql" / "affected.sql").read_text("utf-8")
        (row,) = reader.rows_of(SqlFile.parse("affected", text), {"pairs": pairs})
        # Beside those who are not affected: that all but a few are would tell of those few.
        table = {"affected": row["affected"], "others": row["residents"] - row["affected"]}
        return protect_counts(table).figures["cell", "affected"]

    return reader.keep(f"affected by {' '.join(pairs)}", make)
