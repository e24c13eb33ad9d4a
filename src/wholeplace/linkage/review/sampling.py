"""Drawing links to check, and counting the pairs that the labels speak for."""

import hashlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wholeplace.foundation.deletions import Anchor
from wholeplace.foundation.store import SqlFile, quote_text
from wholeplace.linkage.decisions import DECIDED_APART, DECIDED_TOGETHER
from wholeplace.linkage.review.estimating import allocate_labels
from wholeplace.linkage.review.figures import review_figures
from wholeplace.linkage.review.queue import Reads

__all__ = ["Drawn", "Frame", "draw_sample", "read_frame", "read_groups"]


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
    """How many pairs a sample may be drawn from: what linkage decided by itself.

    Attributes:
        counts: is_linked, band, datasets, sex, age_band, area, pairs, and chance (the sum of
            the pairs' probabilities).
    """

    counts: tuple[Mapping[str, Any], ...]

    def sizes(self) -> dict[str, dict[str, int]]:
        """Return how many pairs there are by band, of those linked and those not."""
        found: dict[str, Counter[str]] = {"linked": Counter(), "unlinked": Counter()}
        for row in self.counts:
            found["linked" if row["is_linked"] else "unlinked"][row["band"]] += int(row["pairs"])
        return {name: dict(each) for name, each in found.items()}

    def doubts(self, *, is_linked: bool) -> dict[str, float]:
        """Return by band the mean chance that what linkage did is wrong, as the model has it."""
        pairs, chance = Counter[str](), Counter[str]()
        for row in self.counts:
            if bool(row["is_linked"]) == is_linked:
                pairs[row["band"]] += row["pairs"]
                chance[row["band"]] += row["chance"]
        means = {band: chance[band] / pairs[band] for band in pairs}
        return {band: 1 - mean if is_linked else mean for band, mean in means.items()}

    def groups(self, dimension: str) -> dict[str, Counter[str]]:
        """Return by group how many linked pairs there are in each band.

        Args:
            dimension: `datasets`, `sex`, `age_band` or `area`.
        """
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.counts:
            if row["is_linked"]:
                found[row[dimension]][row["band"]] += int(row["pairs"])
        return dict(found)


_GROUPS = ("datasets", "sex", "age_band", "area")


def read_frame(reads: Reads, *, has_areas: bool) -> Frame:
    """Count every pair linked or kept as possible, but for those that people decided on.

    Args:
        reads: a snapshot.
        has_areas: whether it holds `person_areas`.
    """
    listed = ", ".join(("is_linked", "band", *_GROUPS))
    rows = reads.rows(
        f"{_frame_tables(has_areas=has_areas)} SELECT {listed}, count(*) AS pairs, "
        f"sum(probability) AS chance FROM frame GROUP BY {listed} ORDER BY ALL",
        _DECIDED,
    )
    return Frame(tuple(rows))


def read_groups(
    reads: Reads, pairs: Sequence[tuple[Anchor, Anchor]], *, has_areas: bool
) -> dict[tuple[Anchor, Anchor], Mapping[str, str]]:
    """Return the groups of a few pairs by their anchors; without pairs that have left."""
    names = ("dataset_l", "source_id_l", "dataset_r", "source_id_r")
    flat = [[*left, *right] for left, right in pairs]
    asked = {name: [each[place] for each in flat] for place, name in enumerate(names)}
    wanted = ", ".join(f"unnest(${name}::VARCHAR[]) AS {name}" for name in names)
    rows = reads.rows(
        f"{_frame_tables(has_areas=has_areas)} SELECT {', '.join((*names, *_GROUPS))} FROM frame "
        f"SEMI JOIN (SELECT {wanted}) USING ({', '.join(names)})",
        _DECIDED | asked,
    )
    return {
        ((row["dataset_l"], row["source_id_l"]), (row["dataset_r"], row["source_id_r"])): {
            name: row[name] for name in _GROUPS
        }
        for row in rows
    }


def draw_sample(reads: Reads, frame: Frame, seed: str, *, has_areas: bool) -> list[Drawn]:
    """Draw pairs by band; the same snapshot and seed give the same pairs."""
    figures, found, sizes = review_figures(), list[Drawn](), frame.sizes()
    names = "dataset_l, source_id_l, dataset_r, source_id_r"
    for is_linked, labels in ((True, figures.sample_labels), (False, figures.sample_missed_labels)):
        wanted = allocate_labels(
            sizes["linked" if is_linked else "unlinked"],
            frame.doubts(is_linked=is_linked),
            labels,
            least=figures.least_labels_a_band,
            floor=figures.least_doubt,
        )
        rows = reads.rows(
            f"{_frame_tables(has_areas=has_areas)} SELECT {names}, band FROM frame "
            "WHERE is_linked = $is_linked QUALIFY row_number() OVER (PARTITION BY band ORDER BY "
            f"md5(concat_ws(chr(31), $seed, {names}))) <= $most ORDER BY "
            f"md5(concat_ws(chr(31), $seed, {names}))",
            _DECIDED | {"is_linked": is_linked, "seed": seed, "most": max([0, *wanted.values()])},
        )
        left = Counter(wanted)
        for row in rows:
            if left[row["band"]] > 0:
                left[row["band"]] -= 1
                found.append(_drawn(row, row["band"], seed, is_linked=is_linked))
    return found


_DECIDED = {"together": DECIDED_TOGETHER, "apart": DECIDED_APART}


def _frame_tables(*, has_areas: bool) -> str:
    """Return the WITH that makes table `frame`: every pair with its band and its groups."""
    figures = review_figures()
    pairs = SqlFile.read("linkage", "review_pairs").select
    said = SqlFile.read("linkage", "review_frame").select
    # Whose word on where somebody lives is the newest.
    areas = (
        "SELECT person_id, min(area_code) AS area FROM person_areas WHERE recency = 1 AND area_set = "
        "(SELECT min(area_set) FROM person_areas) GROUP BY person_id"
        if has_areas
        else "SELECT NULL::VARCHAR AS person_id, NULL::VARCHAR AS area LIMIT 0"
    )
    bands = " ".join(
        f"WHEN probability >= {least!r} THEN {quote_text(words)}" for least, words in figures.bands
    )
    starts = figures.age_bands
    ages = " ".join(
        f"WHEN years < {high} THEN {quote_text(f'{low} to {high - 1}')}"
        for low, high in itertools.pairwise(starts)
    )
    return (
        "WITH kept_edges AS (SELECT * FROM link_edges WHERE coalesce(reason, '') NOT IN "
        f"($together, $apart)), pairs AS ({pairs}), areas AS ({areas}), said AS ({said}), "
        f"frame AS (SELECT * EXCLUDE (sex, area, years), CASE {bands} END AS band, "
        "concat_ws(' | ', least(dataset_l, dataset_r), greatest(dataset_l, dataset_r)) AS datasets, "
        f"coalesce(sex, {_NOT_KNOWN}) AS sex, coalesce(area, {_NOT_KNOWN}) AS area, "
        f"CASE WHEN years IS NULL THEN {_NOT_KNOWN} {ages} ELSE "
        f"{quote_text(f'{starts[-1]} or over')} END AS age_band FROM said)"
    )


_NOT_KNOWN = quote_text("not known")


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
