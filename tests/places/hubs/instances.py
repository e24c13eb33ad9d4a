"""Reading OR-Library's p-median files: nodes, links, p; and their published optima."""

from pathlib import Path

import numpy as np
import pytest

from wholeplace.places.hubs.problem import HubProblem
from wholeplace.places.hubs.travel import walk_links

OWN = Path(__file__).parents[2] / "data" / "p-median"
SHARED = Path(__file__).parents[3].parent / "shared" / "data"


def read_problem(name: str) -> HubProblem:
    """One instance: every node is home to one person and may have a hub."""
    folder = OWN if (OWN / f"{name}.txt").exists() else SHARED / "p-median"
    if not (folder / f"{name}.txt").exists():
        pytest.skip("the larger instances stand beside the project, not in it")
    words = (folder / f"{name}.txt").read_text().split()
    nodes, links, k = (int(each) for each in words[:3])
    triples = [words[at : at + 3] for at in range(3, 3 + 3 * links, 3)]
    distance = walk_links(((int(a) - 1, int(b) - 1, float(c)) for a, b, c in triples), nodes)
    return HubProblem(distance, np.ones(nodes), k)


def read_optima() -> dict[str, int]:
    lines = (OWN / "optima.txt").read_text().splitlines()[1:]
    return {each.split()[0]: int(each.split()[1]) for each in lines if each.strip()}
