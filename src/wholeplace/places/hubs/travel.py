"""How far it is: by straight line, over a network of links, or as a given table says."""

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.places.hubs.problem import Matrix

__all__ = ["EARTH_RADIUS_M", "read_distances", "straight_lines", "walk_links"]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth. Source: IUGG, Geodetic Reference System 1980 (Moritz 2000)."""

Point = tuple[float, float]
"""Longitude and latitude in degrees, or metres east and north on a grid."""


def straight_lines(origins: Sequence[Point], sites: Sequence[Point]) -> Matrix:
    """Return the metres from each origin to each site as the crow flies (haversine; plain on a grid)."""
    given = [np.array(each, float).reshape(-1, 2) for each in (origins, sites)]
    if any(np.abs(each[:, 1]).max(initial=0) > 90 for each in given):
        # Beyond the range of degrees they are metres on a grid.
        flat: Matrix = np.hypot(
            *(given[0][:, None, axis] - given[1][None, :, axis] for axis in (0, 1))
        )
        return flat
    one, two = (np.radians(each) for each in given)
    east = one[:, None, 0] - two[None, :, 0]
    north = one[:, None, 1] - two[None, :, 1]
    across = np.cos(one[:, None, 1]) * np.cos(two[None, :, 1])
    half = np.sin(north / 2) ** 2 + across * np.sin(east / 2) ** 2
    found: Matrix = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return found


def walk_links(links: Iterable[tuple[int, int, float]], nodes: int) -> Matrix:
    """Return the shortest way between all nodes of a network. A link written twice: the later holds."""
    from scipy.sparse.csgraph import floyd_warshall

    direct = np.full((nodes, nodes), np.inf)
    np.fill_diagonal(direct, 0.0)
    for one, two, metres in links:
        direct[one, two] = direct[two, one] = metres
    found: Matrix = floyd_warshall(direct, directed=False)
    return found


def read_distances(file: Path, origins: Sequence[str], sites: Sequence[str]) -> Matrix:
    """Return a given table of travel, in metres one way.

    Shape: a CSV in UTF-8 with the columns area, site and metres; other areas and sites are passed over.

    Raises:
        WholeplaceError: if it lacks a pair, or says something that is no distance.
    """
    found = np.full((len(origins), len(sites)), np.nan)
    rows, columns = ({name: place for place, name in enumerate(each)} for each in (origins, sites))
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for line in csv.DictReader(stream):
                metres = float(line["metres"])
                if not 0 <= metres < math.inf:
                    raise ValueError
                if line["area"] in rows and line["site"] in columns:
                    found[rows[line["area"]], columns[line["site"]]] = metres
    except (OSError, KeyError, ValueError, csv.Error) as error:
        raise WholeplaceError(
            f"The distances in {file.name} cannot be used.",
            "It is not a CSV file with the columns area, site and metres, each a distance.",
            "Mend the file, or leave it out to go by straight lines.",
        ) from error
    if missing := int(np.isnan(found).sum()):
        raise WholeplaceError(
            f"The distances in {file.name} cannot be used.",
            f"{missing} pairs of area and site have none.",
            "Add them, or leave the file out to go by straight lines.",
        )
    return found
