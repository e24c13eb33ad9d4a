"""The ground of Larkbridge: one plan of sixty blocks, and the dwellings on it.

Blocks are the cells of a Voronoi diagram, so that neighbours share their edges exactly.
Wards, police beats and NHS localities are each grown from the same blocks from different
starting points, so that no set nests in another. The plan is the same for every seed; the
number of dwellings follows the number of residents.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from wholeplace.larkbridge.definitions import read_names
from wholeplace.larkbridge.identifiers import postcode
from wholeplace.larkbridge.people import Dwelling

__all__ = ["AREA_SETS", "Block", "GroundPlan", "deprivation", "draw_plan", "lay_dwellings"]

AREA_SETS = {"wards": 12, "police-beats": 7, "nhs-localities": 5}
CODES = {"wards": "LBW", "police-beats": "LVB", "nhs-localities": "LVL"}
_COLUMNS, _ROWS = 10, 6
_CELL_M = 850.0
_WEST, _SOUTH = -2.062, 53.041  # a moor without a town; plausible England
_PEOPLE_A_DWELLING = 2.12
_HOMES_A_POSTCODE = 15


@dataclass(frozen=True)
class Block:
    """One block: its number, outline and area codes by area set."""

    number: int
    outline: Any
    areas: dict[str, str]


@dataclass(frozen=True)
class GroundPlan:
    """All blocks, with the names of the areas they make up."""

    blocks: tuple[Block, ...]
    area_names: dict[str, dict[str, str]]


def deprivation(block: int) -> float:
    """Return how deprived a block is, from 0 to 1: worst in the east, two poor pockets west."""
    row, column = divmod(block, _COLUMNS)
    east = math.exp(-((column - 7.5) ** 2 + (row - 2.0) ** 2) / 7)
    canal = 0.8 * math.exp(-((column - 2.0) ** 2 + (row - 4.5) ** 2) / 3)
    return min(1.0, 0.08 + east + canal)


@cache
def draw_plan() -> GroundPlan:
    """Draw the one plan of the town."""
    cells = _cells()
    sets = {name: _grow(cells, count, name) for name, count in AREA_SETS.items()}
    blocks = tuple(
        Block(
            number, cell, {name: f"{CODES[name]}{sets[name][number] + 1:02d}" for name in AREA_SETS}
        )
        for number, cell in enumerate(cells)
    )
    names = read_names()
    area_names = {
        name: {f"{CODES[name]}{index + 1:02d}": names[name][index] for index in range(count)}
        for name, count in AREA_SETS.items()
    }
    return GroundPlan(blocks, area_names)


def _cells() -> list[Any]:
    from shapely import MultiPoint, Polygon, voronoi_polygons

    rng = Random("larkbridge ground")  # noqa: S311 - a map, not a secret
    points = [
        (_CELL_M * (column + rng.uniform(0.2, 0.8)), _CELL_M * (row + rng.uniform(0.2, 0.8)))
        for row in range(_ROWS)
        for column in range(_COLUMNS)
    ]
    width, height = _CELL_M * _COLUMNS, _CELL_M * _ROWS
    town = Polygon(
        [
            (0, height * 0.25),
            (width * 0.2, 0),
            (width * 0.8, 0),
            (width, height * 0.3),
            (width, height * 0.8),
            (width * 0.75, height),
            (width * 0.3, height),
            (0, height * 0.75),
        ]
    ).buffer(_CELL_M * 0.35)
    diagram = voronoi_polygons(MultiPoint(points), extend_to=town, ordered=True)
    return [_to_degrees(cell.intersection(town)) for cell in diagram.geoms]


def _to_degrees(cell: Any) -> Any:
    """Return a cell of metres in longitude and latitude, to about a tenth of a metre."""
    import numpy as np
    from shapely import transform

    east = 1 / (111_320 * math.cos(math.radians(_SOUTH)))
    north = 1 / 110_574
    # Neighbours' corners are the same points, and stay so when rounded.
    return transform(cell, lambda at: np.round(at * (east, north) + (_WEST, _SOUTH), 6))


def _grow(cells: list[Any], count: int, name: str) -> list[int]:
    """Share the blocks among `count` areas, each in one piece and of about equal size."""
    rng = Random(f"larkbridge {name}")  # noqa: S311 - a map, not a secret
    near = [
        [
            other
            for other in range(len(cells))
            if other != own and cells[own].intersection(cells[other]).length > 1e-5
        ]
        for own in range(len(cells))
    ]
    seeds = _spread(cells, count, rng)
    owner = {block: area for area, block in enumerate(seeds)}
    while len(owner) < len(cells):
        sizes = [sum(1 for area in owner.values() if area == own) for own in range(count)]
        for area in sorted(range(count), key=lambda own: (sizes[own], own)):
            free = sorted(
                {b for own, a in owner.items() if a == area for b in near[own] if b not in owner}
            )
            if free:
                centre = cells[seeds[area]].centroid
                owner[min(free, key=lambda b: cells[b].centroid.distance(centre))] = area
                break
    return [owner[block] for block in range(len(cells))]


def _spread(cells: list[Any], count: int, rng: Random) -> list[int]:
    chosen = [rng.randrange(len(cells))]
    while len(chosen) < count:
        far = max(
            range(len(cells)),
            key=lambda b: min(cells[b].centroid.distance(cells[c].centroid) for c in chosen),
        )
        chosen.append(far)
    return chosen


def lay_dwellings(residents: int, rng: Random) -> list[Dwelling]:
    """Return the town's dwellings, those of one postcode side by side."""
    wanted = math.ceil(residents / _PEOPLE_A_DWELLING) + 40
    weights = [0.6 + 0.8 * deprivation(block) for block in range(_COLUMNS * _ROWS)]
    serial = _serials(residents)
    dwellings: list[Dwelling] = []
    streets = _street_names(rng)
    for block, weight in enumerate(weights):
        homes = max(3, round(wanted * weight / sum(weights)))
        for first in range(0, homes, _HOMES_A_POSTCODE):
            count = min(_HOMES_A_POSTCODE, homes - first)
            code, street = postcode(next(serial)), next(streets)
            dwellings += _one_street(block, street, code, count, len(dwellings), rng)
    return dwellings


def _serials(residents: int) -> Iterator[int]:
    # Spread over the districts LB1 to LB6, so that neighbouring blocks share a sector.
    yield from itertools.count(7, max(1, 560_000 // max(residents, 2_000)))


def _street_names(rng: Random) -> Iterator[str]:
    words = read_names()["streets"]
    pairs = [f"{start} {end}" for start in words["starts"] for end in words["ends"]]
    rng.shuffle(pairs)
    while True:
        yield from pairs


def _one_street(
    block: int, street: str, code: str, count: int, done: int, rng: Random
) -> list[Dwelling]:
    poor = deprivation(block)
    flats = rng.random() < 0.12 + 0.25 * poor
    first = rng.randrange(1, 60)
    found = []
    for index in range(count):
        number = first + (index // 6 if flats else index) * 2
        flat = str(index % 6 + 1) if flats else ""
        draw = rng.random()
        tenure = (
            "social"
            if draw < 0.03 + 0.33 * poor
            else "private"
            if draw < 0.24 + 0.4 * poor
            else "owned"
        )
        serial = done + index + 1
        found.append(
            Dwelling(
                f"D{serial:06d}",
                f"{number} {street}",
                flat,
                code,
                999_000_000_000 + serial * 37,
                block,
                tenure=tenure,
            )
        )
    return found
