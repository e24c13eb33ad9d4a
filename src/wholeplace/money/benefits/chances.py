"""Everything uncertain at once, many times: how often a case pays, and between what.

Draws come from one generator with a fixed seed, in the order of the parameters, and every sum
is made element by element in a fixed order: the same case gives the same figures on any machine,
however many threads it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from wholeplace.money.benefits.definitions import Benefit, Intervention, Settings
from wholeplace.money.benefits.discounting import load_schedules
from wholeplace.money.benefits.parameters import Parameter, parameters_of
from wholeplace.money.unit_costs import find_unit_cost, load_deflator, parts_of

__all__ = ["DRAWS", "SEED", "Chances", "draw_chances", "net_of"]

SEED = 20151103
"""The first of the draws; named so that everybody can repeat them."""

DRAWS = 10_000


@dataclass(frozen=True)
class Chances:
    """What many draws of a case's net fiscal value came to.

    Attributes:
        pays_share: in what share of them savings cover costs.
        low_pence: nine in ten draws lie between this and `high_pence`.
        bins: lower edge, upper edge and number of draws of each bar of the picture.
    """

    draws: int
    seed: int
    pays_share: Decimal
    low_pence: int
    middle_pence: int
    high_pence: int
    bins: tuple[tuple[int, int, int], ...]


def draw_chances(
    intervention: Intervention, settings: Settings, *, draws: int = DRAWS, seed: int = SEED
) -> Chances:
    """Return how often a case pays, where each figure lies anywhere in its range.

    Effects are drawn from a normal distribution with their interval, everything else from a
    triangle with its peak at the figure used.
    """
    from scipy.special import ndtri

    generator = np.random.Generator(np.random.PCG64(seed))
    values: dict[str, Any] = {}
    level = {f"effect:{each.outcome}": each.confidence_level for each in intervention.effects}
    for each in parameters_of(intervention):
        chance = generator.random(draws)
        if not each.is_range:
            continue
        if each.kind == "effect":
            wide = 2 * float(ndtri(0.5 + float(level[each.id]) / 2))
            spread = float(each.high - each.low) / wide
            values[each.id] = float(each.value) + spread * ndtri(np.maximum(chance, 1e-12))
        else:
            values[each.id] = _triangle(each, chance)
    net = np.sort(np.broadcast_to(net_of(intervention, settings, values), (draws,)))
    return Chances(
        draws,
        seed,
        (Decimal(int((net >= 0).sum())) / draws).quantize(Decimal("0.001")),
        round(float(net[int(draws * 0.05)])),
        round(float(net[draws // 2])),
        round(float(net[int(draws * 0.95)])),
        _bins(net),
    )


def net_of(intervention: Intervention, settings: Settings, values: Mapping[str, Any]) -> Any:
    """Return net fiscal value in pence, not rounded, for given figures or whole arrays of them.

    The same sum as `appraise`, in floating point.
    """
    given = {each.id: float(each.value) for each in parameters_of(intervention)} | dict(values)
    factors = _factors(settings, intervention.horizon_years)
    reached = given["population"] * given["need_share"] * given["take_up"]
    net: Any = 0.0
    for benefit in intervention.benefits:
        sign = -1 if benefit.direction == "less" else 1
        each_one = (
            sign
            * given[f"effect:{benefit.effect}"]
            * float(benefit.units_per_effect)
            * given[f"people_per_reached:{benefit.id}"]
            * (1 - given[f"deadweight:{benefit.id}"])
        )
        worth = _fiscal_pence(benefit, intervention, settings)
        kept = _kept(intervention, benefit, given[f"retention:{benefit.id}"], factors)
        net = net + reached * each_one * worth * kept
    for cost in intervention.costs:
        discounted = sum(pence * factor for pence, factor in zip(cost.pence, factors, strict=False))
        net = net - discounted * (1 + given[f"overrun:{cost.id}"])
    return net


def _factors(settings: Settings, years: int) -> Sequence[float]:
    schedule = load_schedules()[settings.schedule]
    return [float(schedule.factor(year)) for year in range(years)]


def _fiscal_pence(benefit: Benefit, intervention: Intervention, settings: Settings) -> float:
    """Return what one unit saves public bodies, corrected for the grade of the evidence."""
    kept = 1 - settings.correction(intervention.effect(benefit.effect).grade)
    parts = parts_of(find_unit_cost(benefit.unit_cost))
    return float(kept) * sum(
        load_deflator().restate(each.value_pence, each.price_year, settings.price_year)
        for each in parts
        if each.kind == "fiscal"
    )


def _kept(
    intervention: Intervention, benefit: Benefit, retention: Any, factors: Sequence[float]
) -> Any:
    kept: Any = 0.0
    for year, factor in enumerate(factors):
        for began in range(intervention.delivery_years):
            since = year - began - benefit.lag_years
            if 0 <= since < benefit.lasts_years:
                kept = kept + factor * retention**since
    return kept


def _triangle(parameter: Parameter, chance: Any) -> Any:
    low, peak, high = (float(each) for each in (parameter.low, parameter.value, parameter.high))
    split = (peak - low) / (high - low)
    rising = low + np.sqrt(chance * (high - low) * (peak - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - peak))
    return np.where(chance < split, rising, falling)


def _bins(net: Any, bars: int = 24) -> tuple[tuple[int, int, int], ...]:
    low, high = float(net[0]), float(net[-1])
    if low == high:
        return ((round(low), round(high), len(net)),)
    edges = [low + (high - low) * each / bars for each in range(bars + 1)]
    places = np.searchsorted(net, edges)
    places[-1] = len(net)
    return tuple(
        (round(edges[n]), round(edges[n + 1]), int(places[n + 1] - places[n])) for n in range(bars)
    )
