"""Drawing links to check, and counting the pairs that the labels speak for."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wholeplace.foundation.deletions import Anchor
from wholeplace.foundation.store import SqlFile
from wholeplace.linkage.decisions import DECIDED_APART, DECIDED_TOGETHER
from wholeplace.linkage.review.estimating import allocate_labels
from wholeplace.linkage.review.figures import band_of, review_figures
from wholeplace.linkage.review.queue import Reads

__all__ = ["Drawn", "Frame", "draw_sample", "read_frame"]


@dataclass(frozen=True)
class Drawn:
    """One pair drawn: its anchors, its band, whether it is linked, whether two people answer it."""

    left: Anchor
    right: Anchor
    band: str
    is_linked: bool
    is_double: bool


@dataclass(frozen=True)
class Frame:
    """Every pair that a sample may be drawn from: what linkage decided by itself.

    Attributes:
        pairs: dataset_l, source_id_l, dataset_r, source_id_r, probability, is_linked, band, and
            of the left record sex, age_band and area.
    """

    pairs: tuple[Mapping[str, Any], ...]

    def sizes(self) -> dict[str, dict[str, int]]:
        """Return how many pairs there are by band, of those linked and those not."""
        counts: dict[str, Counter[str]] = {"linked": Counter(), "unlinked": Counter()}
        for row in self.pairs:
            counts["linked" if row["is_linked"] else "unlinked"][row["band"]] += 1
        return {name: dict(found) for name, found in counts.items()}

    def groups(self, dimension: str) -> dict[str, Counter[str]]:
        """Return by group how many linked pairs there are in each band.

        Args:
            dimension: `datasets`, `sex`, `age_band` or `area`.
        """
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.pairs:
            if row["is_linked"]:
                found[group_of(row, dimension)][row["band"]] += 1
        return dict(found)


def group_of(row: Mapping[str, Any], dimension: str) -> str:
    """Return the group that a pair is of; `not known` where neither record says."""
    if dimension == "datasets":
        return " | ".join(sorted((row["dataset_l"], row["dataset_r"])))
    return str(row[dimension] or "not known")


def read_frame(reads: Reads, *, has_areas: bool) -> Frame:
    """Return every pair linked or kept as possible, but for those that people decided on.

    Args:
        reads: a snapshot.
        has_areas: whether it holds `person_areas`.
    """
    pairs = SqlFile.read("linkage", "review_pairs").select
    frame = SqlFile.read("linkage", "review_frame").select
    areas = (
        "(SELECT person_id, min(area_code) AS area FROM person_areas WHERE recency = 1 AND area_set = (SELECT "
        "min(area_set) FROM person_areas) GROUP BY person_id)"
        if has_areas
        else "(SELECT NULL::VARCHAR AS person_id, NULL::VARCHAR AS area LIMIT 0)"
    )
    rows = reads.rows(
        "WITH kept_edges AS (SELECT * FROM link_edges WHERE coalesce(reason, '') NOT IN "
        f"($together, $apart)), pairs AS ({pairs}), areas AS (FROM {areas}) FROM ({frame})",
        {"together": DECIDED_TOGETHER, "apart": DECIDED_APART},
    )
    return Frame(
        tuple(
            {**row, "band": band_of(row["probability"]), "age_band": _age_band(row["years"])}
            for row in rows
        )
    )


def _age_band(years: int | None) -> str | None:
    starts = review_figures().age_bands
    held = [start for start in starts if years is not None and start <= years]
    if not held:
        return None
    following = next((start for start in starts if start > held[-1]), None)
    return f"{held[-1]} to {following - 1}" if following else f"{held[-1]} or over"


def draw_sample(frame: Frame, seed: str) -> list[Drawn]:
    """Draw pairs by band; the same frame and seed give the same pairs, in the order to take them."""
    figures = review_figures()
    found = []
    for is_linked, labels in (
        (True, figures.sample_labels),
        (False, figures.sample_missed_labels),
    ):
        of_band: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in frame.pairs:
            if bool(row["is_linked"]) == is_linked:
                of_band[row["band"]].append(row)
        doubts = {band: _doubt(rows, is_linked=is_linked) for band, rows in of_band.items()}
        wanted = allocate_labels(
            {band: len(rows) for band, rows in of_band.items()},
            doubts,
            labels,
            least=figures.least_labels_a_band,
            floor=figures.least_doubt,
        )
        for band, count in sorted(wanted.items()):
            ranked = sorted(of_band[band], key=lambda row: _rank(row, seed))
            found += [_drawn(row, band, seed, is_linked=is_linked) for row in ranked[:count]]
    return found


def _doubt(rows: Iterable[Mapping[str, Any]], *, is_linked: bool) -> float:
    chances = [float(row["probability"]) for row in rows]
    mean = sum(chances) / len(chances)
    return 1 - mean if is_linked else mean


def _drawn(row: Mapping[str, Any], band: str, seed: str, *, is_linked: bool) -> Drawn:
    share = int(_rank(row, f"{seed} twice")[:8], 16) / 0xFFFFFFFF
    return Drawn(
        (row["dataset_l"], row["source_id_l"]),
        (row["dataset_r"], row["source_id_r"]),
        band,
        is_linked,
        share < review_figures().double_share,
    )


def _rank(row: Mapping[str, Any], seed: str) -> str:
    names = ("dataset_l", "source_id_l", "dataset_r", "source_id_r")
    text = "\x1f".join([seed, *(row[name] for name in names)])
    return hashlib.sha256(text.encode()).hexdigest()
