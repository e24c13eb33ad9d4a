"""Travel, sites, what is reckoned with, and what a choice costs whom."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.errors import CheckFailedError, WholeplaceError
from wholeplace.foundation.protected import ProtectedCount
from wholeplace.larkbridge.definitions import place_source
from wholeplace.partnership.texts import read_yaml
from wholeplace.places.hubs.choosing import choose_hubs
from wholeplace.places.hubs.demand import _reckon
from wholeplace.places.hubs.effects import measure_effects, trips_today
from wholeplace.places.hubs.problem import HubProblem
from wholeplace.places.hubs.sites import read_sites
from wholeplace.places.hubs.travel import read_distances, straight_lines

POINTS = st.lists(st.tuples(st.floats(-2.5, -1.5), st.floats(53, 54)), min_size=1, max_size=5)


@given(POINTS, POINTS)
def test_straight_lines_are_the_same_both_ways_and_never_negative(one, two):
    there = straight_lines(one, two)
    assert (there >= 0).all() and np.allclose(there, straight_lines(two, one).T)


def test_a_known_distance_and_a_grid():
    # Greenwich to the Eiffel Tower is about 334 km.
    assert straight_lines([(0.0, 51.4779)], [(2.2945, 48.8584)])[0, 0] == pytest.approx(
        334_000, rel=0.01
    )
    assert straight_lines([(384000.0, 398000.0)], [(384300.0, 398400.0)])[0, 0] == 500


def test_a_given_table_is_read_whole_or_not_at_all(tmp_path):
    file = tmp_path / "ways.csv"
    file.write_text("area,site,metres\nA,x,100\nB,x,250.5\nC,x,9\n", "utf-8")
    assert read_distances(file, ["A", "B"], ["x"]).tolist() == [[100], [250.5]]
    for text in ("area,site,metres\nA,x,1\n", "area,site,metres\nA,x,-1\nB,x,1\n", "a,b\n1,2\n"):
        file.write_text(text, "utf-8")
        with pytest.raises(WholeplaceError):
            read_distances(file, ["A", "B"], ["x"])


def test_larkbridges_sites_are_whole():
    partners, _ = read_yaml(place_source() / "partners.yaml", "partners.yaml")
    known = {each["id"] for each in partners.data["partners"]}
    found = read_sites(place_source(), dict.fromkeys(known))
    assert len(found.sites) == 12 and {each.partner for each in found.offices} <= known


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: market-house", "id: weaver-hall", "stands twice"),
        ("owner: charity", "owner: nobody", "is no partner"),
        ("can_take: 900", "can_take: 0", "greater than 0"),
        ("longitude: -1.968", "longitude: far", "number"),
    ],
)
def test_faults_of_the_sites_are_named(tmp_path, old, new, said):
    text = (place_source() / "hubs" / "sites.yaml").read_text("utf-8")
    (tmp_path / "hubs").mkdir()
    (tmp_path / "hubs" / "sites.yaml").write_text(text.replace(old, new, 1), "utf-8")
    partners, _ = read_yaml(place_source() / "partners.yaml", "partners.yaml")
    with pytest.raises(CheckFailedError) as caught:
        read_sites(tmp_path, {each["id"]: None for each in partners.data["partners"]})
    assert any(said in fault.what for fault in caught.value.faults)
    assert read_sites(tmp_path / "nowhere", {}) is None


def test_what_is_hidden_is_reckoned_with_from_what_is_shown():
    small, hidden = ProtectedCount(None, "small"), ProtectedCount(None, "protecting")
    counts = [ProtectedCount(40), small, hidden, hidden]
    residents = [ProtectedCount(n) for n in (500, 100, 200, 100)]
    found = _reckon(counts, residents, ProtectedCount(104), 7)
    assert found[:2] == [40, 4] and found[2:] == [40, 20]
    assert _reckon([small], residents[:1], small, 7) == [4]


@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_effects_add_up(k, seed):
    numbers = np.random.default_rng(seed)
    distance = numbers.integers(0, 5000, (6, 5)).astype(float)
    people = numbers.integers(0, 40, 6).astype(float) + (np.arange(6) == 0)
    problem = HubProblem(distance, people, k)
    choice = choose_hubs(problem)
    today = trips_today([numbers.integers(0, 5000, (6, 2)).astype(float) for _ in range(3)])
    found = measure_effects(problem, choice, today)
    assert found.mean_m * people.sum() == pytest.approx(choice.person_m)
    assert sum(found.used_by) == pytest.approx(people.sum())
    assert found.mean_m - 1e-6 <= found.worst_off_m <= found.furthest_m + 1e-6
    assert found.trips == 3 and all(len(each.trips_m) == 3 for each in found.rows)
    worst = sum(p for p, row in zip(people, found.rows, strict=True) if row.is_worst_off)
    assert worst >= 0.1 * people.sum() - 1e-9
