"""Counts and rates converted from one set of areas to another, each with its error.

A total is never changed: what is given in whole people is given back in whole people, by the
largest remainder, and adds up to the same. A rate is made of its converted numerator and
denominator and never averaged.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.places.converting.crosswalk import OUTSIDE, Crosswalk
from wholeplace.places.converting.figures import error_figures

__all__ = [
    "Converted",
    "Figure",
    "How",
    "Rate",
    "convert_amounts",
    "convert_counts",
    "convert_rates",
]

How = Literal["counted", "best fit", "estimated"]
"""How a figure came to be: added up of whole areas, of whole areas that a lookup assigns, or
of shares."""

_WHOLE = 1 - 1e-9


@dataclass(frozen=True)
class Figure:
    """One converted figure.

    Attributes:
        value: the figure; whole where whole people were given.
        low: lower end of its interval, never below 0 for a count.
        high: upper end.
        how: how it came to be.
        error: its standard error.
    """

    value: float
    low: float
    high: float
    how: How
    error: float


@dataclass(frozen=True)
class Converted:
    """Counts in the areas of another set.

    Attributes:
        figures: by code of the target set.
        outside: what belongs to no area of the target set; None where nothing can.
        total: the same before and after.
    """

    figures: Mapping[str, Figure]
    outside: Figure | None
    total: float


@dataclass(frozen=True)
class Rate:
    """A rate in one area of another set, of converted numerator and denominator.

    Attributes:
        value: None where nobody is in the denominator.
    """

    value: float | None
    low: float | None
    high: float | None
    how: How


def convert_counts(
    crosswalk: Crosswalk, counts: Mapping[str, int], noise: Mapping[str, float] | None = None
) -> Converted:
    """Return whole counts in the target's areas; their sum is the sum of what was given.

    Args:
        crosswalk: from the set that the counts are of.
        counts: by code; every area of the source set that the crosswalk knows.
        noise: standard deviation of a count's own perturbation or rounding, by code; where none
            is given, that of the reviewed figures.

    Raises:
        WholeplaceError: if codes are missing or unknown, or a count is below nothing.
    """
    given = _in_order(crosswalk, counts)
    if (given != np.floor(given)).any():
        raise WholeplaceError(
            "The counts cannot be converted.",
            "Some of them are no whole numbers.",
            "Convert amounts as amounts, and rates by their numerator and denominator.",
        )
    spread = crosswalk.shares.T @ given
    return _converted(crosswalk, given, _whole_parts(spread, int(given.sum())), noise)


def convert_amounts(
    crosswalk: Crosswalk, amounts: Mapping[str, float], noise: Mapping[str, float] | None = None
) -> Converted:
    """Return amounts that need not be whole, such as pounds, in the target's areas.

    The sum is that of what was given, to the last bit that a float holds.
    """
    given = _in_order(crosswalk, amounts)
    spread = crosswalk.shares.T @ given
    # What rounding in the last bit took away goes back where it shows least.
    spread[int(np.argmax(spread))] += math.fsum(given) - math.fsum(spread)
    return _converted(crosswalk, given, spread, noise)


def convert_rates(
    crosswalk: Crosswalk,
    numerators: Mapping[str, int],
    denominators: Mapping[str, int],
    *,
    per: float = 1.0,
) -> dict[str, Rate]:
    """Return rates in the target's areas, each of its own converted numerator and denominator.

    The interval takes the two errors as independent, which is too wide rather than too narrow:
    where more people live, more of them are usually counted.
    """
    above = convert_counts(crosswalk, numerators)
    below = convert_counts(crosswalk, denominators)
    z = error_figures().confidence.value
    found = {}
    for code, top in above.figures.items():
        bottom = below.figures[code]
        if not bottom.value:
            found[code] = Rate(None, None, None, top.how)
            continue
        rate = top.value / bottom.value
        error = math.hypot(top.error, rate * bottom.error) / bottom.value
        found[code] = Rate(
            per * rate, per * max(0.0, rate - z * error), per * (rate + z * error), top.how
        )
    return found


def _in_order(crosswalk: Crosswalk, counts: Mapping[str, float]) -> Any:
    missing = [code for code in crosswalk.sources if code not in counts]
    known = set(crosswalk.sources)
    unknown = [code for code in counts if code not in known]
    given = np.array([counts.get(code, 0) for code in crosswalk.sources], float)
    if missing or unknown or not np.isfinite(given).all() or (given < 0).any():
        why = (
            f"{len(missing)} of its areas have no count, such as {missing[0]}."
            if missing
            else f"{len(unknown)} codes are not in it, such as {unknown[0]}."
            if unknown
            else "A count is below nothing, or no number."
        )
        raise WholeplaceError(
            f"The counts by {crosswalk.source_set} cannot be converted.",
            why,
            "Give one count for each area of the set, 0 where there is none.",
        )
    return given


def _whole_parts(spread: Any, total: int) -> Any:
    """Return whole numbers that add up to a total, nearest to what was spread (largest remainder)."""
    whole = np.floor(spread + 1e-9)
    left = total - int(whole.sum())
    # Equal remainders go by the order of codes, so that the same input gives the same figures.
    order = np.lexsort((np.arange(len(spread)), whole - spread))
    whole[order[: max(left, 0)]] += 1
    if left < 0:
        largest = np.lexsort((np.arange(len(spread)), spread - whole))
        can_spare = [n for n in largest if whole[n] > 0]
        whole[can_spare[:-left]] -= 1
    return whole


def _converted(
    crosswalk: Crosswalk, given: Any, values: Any, noise: Mapping[str, float] | None
) -> Converted:
    errors = np.sqrt(_variance(crosswalk, given, noise))
    z = error_figures().confidence.value
    how = _how(crosswalk)
    found = {
        code: Figure(
            float(value),
            max(0.0, math.floor(value - z * error)) if how[n] != "counted" else float(value),
            math.ceil(value + z * error) if how[n] != "counted" else float(value),
            how[n],
            float(error) if how[n] != "counted" else 0.0,
        )
        for n, (code, value, error) in enumerate(
            zip(crosswalk.targets, values, errors, strict=True)
        )
    }
    if noise is not None:
        found = {
            code: _widened(figure, float(errors[n]), z)
            for n, (code, figure) in enumerate(found.items())
        }
    outside = found.pop(OUTSIDE, None)
    return Converted(found, outside, math.fsum(given))


def _widened(figure: Figure, error: float, z: float) -> Figure:
    """Return a counted figure with the error of what it was added up of, where that is known."""
    if figure.how != "counted" or not error:
        return figure
    low, high = max(0.0, math.floor(figure.value - z * error)), math.ceil(figure.value + z * error)
    return Figure(figure.value, low, high, "counted", error)


def _variance(crosswalk: Crosswalk, given: Any, noise: Mapping[str, float] | None) -> Any:
    """Return the variance of each target's figure.

    Five parts: rates differ between groups of units (which leaving groups out in turn shows, and
    the count's own differences from area to area scale); between the two sides of a line as a
    whole, since neighbours are alike; inside groups; people are whole; and what was given is
    itself perturbed or rounded.
    """
    figures = error_figures()
    tiers = np.array(crosswalk.tiers)
    squares = given**2
    between = figures.between_floor.value**2 + _difference(crosswalk, given)
    inside = np.select(
        [tiers == "area", tiers == "lookup"],
        [figures.area.value**2 * np.maximum(1.0, between), 0.0],
        figures.within.value**2,
    )
    shares = crosswalk.shares
    own = (
        np.full(len(given), figures.own_noise.value**2)
        if noise is None
        else np.array([noise.get(code, 0.0) ** 2 for code in crosswalk.sources])
    )
    cut = shares.copy()
    cut.data = np.clip(shares.data * (1 - shares.data), 0, None)
    sides = shares.copy()
    sides.data = 2 * cut.data**2
    touched = shares.copy()
    touched.data = shares.data**2 if noise is not None else np.ones_like(shares.data)
    by_lookup = np.where(tiers == "lookup", (figures.lookup.value * given) ** 2, 0.0)
    parts = (
        crosswalk.between.T @ (squares * between),
        sides.T @ (squares * between * figures.sides.value),
        crosswalk.within.T @ (squares * inside),
        cut.T @ given,
        touched.T @ own,
        touched.T @ by_lookup,
    )
    return np.maximum(sum(parts), 0.0)


def _difference(crosswalk: Crosswalk, given: Any) -> float:
    """Return how much the rate differs between areas, beyond chance: relative variance.

    Each area is set against the rate of all others, leaving it out.
    """
    weights = np.array(crosswalk.weights)
    total, weight = given.sum(), weights.sum()
    if len(given) < 2 or not total or (crosswalk.tiers[0] in ("area", "lookup")):
        return 0.0
    others = (total - given) / np.maximum(weight - weights, 1e-12)
    expected = np.maximum(others * weights, 1e-12)
    has_people = weights > 0
    apart = (given / expected - 1) ** 2 - 1 / expected
    return float(max(0.0, np.average(apart[has_people], weights=weights[has_people])))


def _how(crosswalk: Crosswalk) -> list[How]:
    shares = crosswalk.shares.tocoo()
    by_lookup = np.array(crosswalk.tiers)[shares.row] == "lookup"
    is_cut = shares.data < _WHOLE
    words: tuple[How, ...] = ("counted", "best fit", "estimated")
    rank = np.zeros(len(crosswalk.targets), np.int64)
    np.maximum.at(rank, shares.col, np.where(is_cut, 2, np.where(by_lookup, 1, 0)))
    return [words[each] for each in rank]
