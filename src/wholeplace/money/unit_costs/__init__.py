"""Unit costs: what one more, or one fewer, of something costs a public body.

Files of values with their source, licence, price year and who bears them; the GDP deflator that
takes each to the prices of the case. A value never travels without its source.
"""

from wholeplace.money.unit_costs.deflator import Deflator, load_deflator
from wholeplace.money.unit_costs.reading import (
    CostSource,
    UnitCost,
    find_unit_cost,
    load_cost_source,
    load_unit_costs,
    parts_of,
)

__all__ = [
    "CostSource",
    "Deflator",
    "UnitCost",
    "find_unit_cost",
    "load_cost_source",
    "load_deflator",
    "load_unit_costs",
    "parts_of",
]
