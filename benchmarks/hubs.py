"""Choosing hubs: OR-Library's p-median instances, spopt as the peer, and real Greater Manchester.

    python benchmarks/hubs.py --data FOLDER [--instances 20] [--peer 120] [--seconds 60]

FOLDER holds `p-median` (pmed*.txt, optima.txt), `greater-manchester` (boundaries, venues) and
`england/lsoa21.csv.gz` (people out of work by area). With `--peer`, spopt (`pip install spopt
highspy`) solves the same instances with HiGHS in the same run, for so many seconds each; what it
does not finish is not compared. Nothing else needs spopt.
"""

import argparse
import csv
import gzip
import json
import time
from pathlib import Path

import numpy as np

from wholeplace.places.hubs.choosing import choose_hubs, travel_of
from wholeplace.places.hubs.problem import HubProblem, worst_off_mean
from wholeplace.places.hubs.travel import straight_lines, walk_links

_VENUES = ("libraries", "jobcentres", "food_banks_pts", "post_offices", "probation", "fire_stations")


def read_instance(file: Path) -> HubProblem:
    words = file.read_text().split()
    nodes, links, k = (int(each) for each in words[:3])
    triples = [words[at : at + 3] for at in range(3, 3 + 3 * links, 3)]
    distance = walk_links(((int(a) - 1, int(b) - 1, float(c)) for a, b, c in triples), nodes)
    return HubProblem(distance, np.ones(nodes), k)


def ask_peer(problem: HubProblem, seconds: int) -> tuple[float, float] | None:
    """Return cost and seconds of spopt with HiGHS; None where it is absent or did not finish."""
    try:
        import pulp
        from spopt.locate import PMedian
    except ImportError:
        return None
    began = time.perf_counter()
    model = PMedian.from_cost_matrix(problem.distance_m, problem.people, p_facilities=problem.k)
    model = model.solve(pulp.HiGHS(msg=False, timeLimit=seconds))
    taken = time.perf_counter() - began
    if pulp.LpStatus[model.problem.status] != "Optimal" or taken > seconds:
        return None
    return float(pulp.value(model.problem.objective)), taken


def run_instances(folder: Path, count: int, peer_seconds: int) -> None:
    lines = (folder / "optima.txt").read_text().splitlines()[1:]
    optima = {each.split()[0]: int(each.split()[1]) for each in lines if each.strip()}
    total, both, theirs = 0.0, 0.0, 0.0
    print("instance  sites  p    optimum  found    proved  seconds  spopt+HiGHS seconds")
    for name in [f"pmed{number}" for number in range(1, count + 1)]:
        problem = read_instance(folder / f"{name}.txt")
        began = time.perf_counter()
        found = choose_hubs(problem, 300)
        taken = time.perf_counter() - began
        total += taken
        peer = ask_peer(problem, peer_seconds) if peer_seconds else None
        if peer:
            both, theirs = both + taken, theirs + peer[1]
        said = f"{peer[1]:.1f}" if peer else "–"
        print(
            f"{name:9} {len(problem.people):5}  {problem.k:3}  {optima[name]:7}  {found.person_m:7.0f}"
            f"  {'yes' if found.is_proved else 'no':6}  {taken:7.2f}  {said}",
            flush=True,
        )
        assert found.person_m == optima[name] and found.is_proved, name
    print(f"all {count} at the published optimum and proved: {total:.1f} s")
    if both:
        print(f"where spopt finished too: {both:.1f} s against {theirs:.1f} s, {theirs / both:.0f} times")


def read_points(file: Path) -> list[tuple[float, float]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [(float(row["lon"]), float(row["lat"])) for row in rows if row["lon"] and row["lat"]]


def run_greater_manchester(folder: Path, k: int, seconds: float) -> None:
    from shapely.geometry import shape

    with gzip.open(folder / "england" / "lsoa21.csv.gz", "rt", encoding="utf-8") as stream:
        out_of_work = {
            row["lsoa21_code"]: float(row["employment_domain_numerator"] or 0)
            for row in csv.DictReader(stream)
        }
    ground = folder / "greater-manchester"
    features = json.loads((ground / "lsoa21.geojson").read_text())["features"]
    middles = [shape(each["geometry"]).centroid for each in features]
    origins = [(each.x, each.y) for each in middles]
    people = np.array([out_of_work[each["properties"]["area_code"]] for each in features])
    points = {name: read_points(ground / f"svc_{name}.csv") for name in _VENUES}
    venues = sorted({each for found in points.values() for each in found})
    problem = HubProblem(straight_lines(origins, venues), people, k)
    began = time.perf_counter()
    found = choose_hubs(problem, seconds)
    taken = time.perf_counter() - began
    way = travel_of(problem, found)
    trips = [
        float((straight_lines(origins, points[name]).min(axis=1) * people).sum() / people.sum())
        for name in ("jobcentres", "libraries", "food_banks_pts")
    ]
    print(f"\nGreater Manchester: {len(people)} areas, {len(venues)} venues, {k} hubs, {taken:.1f} s")
    print(f"gap {100 * found.gap_share:.4f} %, proved: {found.is_proved}")
    print(
        f"jobcentre, library and food bank are three trips of {sum(trips) / 1000:.2f} km in all, one"
        f" way; one trip to a hub is {(way * people).sum() / people.sum() / 1000:.2f} km; the tenth who"
        f" travel furthest go {worst_off_mean(way, people) / 1000:.2f} km"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--instances", type=int, default=20)
    asked.add_argument("--peer", type=int, default=0)
    asked.add_argument("--hubs", type=int, default=26)
    asked.add_argument("--seconds", type=float, default=45)
    given = asked.parse_args()
    if given.instances:
        run_instances(given.data / "p-median", given.instances, given.peer)
    run_greater_manchester(given.data, given.hubs, given.seconds)


if __name__ == "__main__":
    main()
