"""A crosswalk: which share of each area of one set goes to each area of another.

Built from units, the finest bits of ground whose weight (residents, households, addresses) is
known and which lie in one area of each set. Where a unit's weight was itself spread over
smaller points, such as an output area's residents over its postcodes, units name the group that
they were spread from: the error that this leaves is told apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from wholeplace.foundation.errors import WholeplaceError

__all__ = ["OUTSIDE", "Crosswalk", "Tier", "Unit", "build_crosswalk", "join_finest"]

OUTSIDE = ""
"""The code of everywhere that no area of the target set covers."""

Tier = Literal["address", "postcode", "output-area", "area", "lookup"]

_FINEST_FIRST: tuple[Tier, ...] = ("address", "postcode", "output-area", "area", "lookup")
_WHOLE = 1 - 1e-9


class Unit(NamedTuple):
    """One unit of ground.

    Attributes:
        source: code of the area of the source set that it lies in.
        target: code of the area of the target set; `OUTSIDE` where none covers it.
        weight: residents, households or addresses in it, or its area; any unit of measure.
        group: what its weight was spread from; its own name where it was counted itself.
    """

    source: str
    target: str
    weight: float
    group: str


@dataclass(frozen=True)
class Crosswalk:
    """Shares from one set of areas to another.

    Attributes:
        source_set: id of the set converted from.
        target_set: id of the set converted to.
        sources: codes of the source set, sorted.
        targets: codes of the target set, sorted; `OUTSIDE` stands first where it is needed.
        shares: sparse, sources by targets; each row sums to 1.
        between: variance of each share when whole groups of units are left out in turn, for a
            rate that differs by its own mean from group to group.
        within: the same for units inside their groups.
        tiers: for each source, the kind of unit that its shares were made of.
        weights: for each source, its weight in all.
    """

    source_set: str
    target_set: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    shares: Any
    between: Any
    within: Any
    tiers: tuple[Tier, ...]
    weights: tuple[float, ...]

    def share(self, source: str, target: str) -> float:
        """Return which share of one area goes to another."""
        return float(self.shares[self.sources.index(source), self.targets.index(target)])

    @property
    def pieces(self) -> int:
        """Into how many pieces the two sets of boundaries cut each other."""
        return int(self.shares.nnz)

    def is_whole(self) -> Any:
        """Return for each source whether all of it lies in one target."""
        return np.asarray(self.shares.max(axis=1).todense()).ravel() >= _WHOLE


def build_crosswalk(
    source_set: str, target_set: str, units: Iterable[Unit], tier: Tier
) -> Crosswalk:
    """Return the crosswalk that units of ground make.

    A source whose units weigh nothing counts each of them alike.

    Raises:
        WholeplaceError: if there are no units, or one weighs less than nothing.
    """
    listed = list(units)
    if not listed:
        raise WholeplaceError(
            f"Nothing can be converted from {source_set} to {target_set}.",
            "No unit of ground lies in both sets.",
            "Give a lookup or boundaries that cover the same place.",
        )
    source, target, weight, group = zip(*listed, strict=True)
    return _build(source_set, target_set, source, target, np.asarray(weight, float), group, tier)


def _build(
    source_set: str,
    target_set: str,
    source: Sequence[str],
    target: Sequence[str],
    weight: Any,
    group: Sequence[str],
    tier: Tier,
) -> Crosswalk:
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise WholeplaceError(
            "The weights cannot be used.",
            "A unit of ground weighs less than nothing, or no number.",
            "Correct the file of weights.",
        )
    sources, at_source = np.unique(np.asarray(source), return_inverse=True)
    targets, at_target = np.unique(np.asarray(target), return_inverse=True)
    # A group is of one source: what was spread over a source's border is two groups.
    names, name_of = np.unique(np.asarray(group), return_inverse=True)
    _, at_group = np.unique(at_source * len(names) + name_of, return_inverse=True)
    total = np.bincount(at_source, weight, len(sources))
    weight = np.where(total[at_source] > 0, weight, 1.0)
    total = np.bincount(at_source, weight, len(sources))
    part = weight / total[at_source]
    shape = (len(sources), len(targets))
    shares = _sum_over(part, at_source, at_target, shape)
    between, within = _leave_out(part, at_source, at_target, at_group, shares)
    return Crosswalk(
        source_set,
        target_set,
        tuple(map(str, sources)),
        tuple(map(str, targets)),
        shares,
        between,
        within,
        (tier,) * len(sources),
        tuple(map(float, total)),
    )


def _sum_over(values: Any, rows: Any, columns: Any, shape: tuple[int, int]) -> Any:
    from scipy.sparse import coo_array

    summed = coo_array((values, (rows, columns)), shape=shape).tocsr()
    summed.sum_duplicates()
    return summed


def _leave_out(part: Any, source: Any, target: Any, group: Any, shares: Any) -> tuple[Any, Any]:
    """Return the variances between and within groups, where shares are neither 0 nor 1.

    With q the part of a source's weight in a group and a the share of the group in a target, the
    variance between groups is the sum of q²(a − p)², times n/(n − 1): what leaving out one group
    in turn shows (the jackknife). Written out, it needs sums of q², q²a and q²a² alone, so no
    group is ever set against every target.
    """
    shape = shares.shape
    groups = int(group.max()) + 1
    in_group = np.bincount(group, part, groups)
    source_of = np.zeros(groups, np.int64)
    source_of[group] = source
    count = np.bincount(source_of, minlength=shape[0])
    squares = np.bincount(source_of, in_group**2, shape[0])
    pair = _sum_over(part, group, target, (groups, shape[1])).tocoo()
    pair_source, pair_target = source_of[pair.row], pair.col
    with_q = _sum_over(in_group[pair.row] * pair.data, pair_source, pair_target, shape)
    with_a = _sum_over(pair.data**2, pair_source, pair_target, shape)
    p = shares.tocoo()
    q2, q2a, q2aa = squares[p.row], with_q.data, with_a.data
    between = q2aa - 2 * p.data * q2a + p.data**2 * q2
    between = np.maximum(between, 0) * (count / np.maximum(count - 1, 1))[p.row]
    # Inside a group: units of it that lie in the target, and those that do not.
    safe = np.where(in_group > 0, in_group, 1)
    unit_squares = np.bincount(group, part**2, groups)
    own = _sum_over(part**2, group, target, (groups, shape[1])).tocoo()
    a = pair.data / safe[pair.row]
    inside = own.data * (1 - 2 * a) + a**2 * unit_squares[pair.row]
    within = _sum_over(np.maximum(inside, 0), pair_source, pair_target, shape)
    return _like(shares, between), _like(shares, within.data)


def _like(shares: Any, data: Any) -> Any:
    from scipy.sparse import csr_array

    return csr_array((data, shares.indices, shares.indptr), shape=shares.shape)


def join_finest(crosswalks: Sequence[Crosswalk]) -> Crosswalk:
    """Return one crosswalk that takes each source's shares from the finest units at hand.

    Args:
        crosswalks: between the same two sets, made of units of different kinds.
    """
    from scipy.sparse import csr_array

    first = crosswalks[0]
    chosen: dict[str, tuple[int, int]] = {}
    order = sorted(
        range(len(crosswalks)), key=lambda n: _FINEST_FIRST.index(crosswalks[n].tiers[0])
    )
    for number in order:
        for row, code in enumerate(crosswalks[number].sources):
            chosen.setdefault(code, (number, row))
    sources = tuple(sorted(chosen))
    targets = tuple(sorted({code for each in crosswalks for code in each.targets}))
    place = {code: number for number, code in enumerate(targets)}
    tables: list[Any] = []
    for name in ("shares", "between", "within"):
        rows, columns, data = [], [], []
        for number, code in enumerate(sources):
            one = crosswalks[chosen[code][0]]
            matrix, row = getattr(one, name), chosen[code][1]
            span = slice(matrix.indptr[row], matrix.indptr[row + 1])
            columns += [place[one.targets[at]] for at in matrix.indices[span]]
            data += list(matrix.data[span])
            rows += [number] * (span.stop - span.start)
        table = csr_array((data, (rows, columns)), shape=(len(sources), len(targets)))
        tables.append(table)
    picks = [(crosswalks[number], row) for number, row in (chosen[code] for code in sources)]
    return Crosswalk(
        first.source_set,
        first.target_set,
        sources,
        targets,
        tables[0],
        tables[1],
        tables[2],
        tuple(each.tiers[row] for each, row in picks),
        tuple(each.weights[row] for each, row in picks),
    )
