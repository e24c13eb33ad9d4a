"""Choosing hubs: the published optima, proved; and each thing asked, against HiGHS and by trying all."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from tests.places.hubs.instances import read_optima, read_problem

from wholeplace.places.hubs import choosing
from wholeplace.places.hubs.choosing import choose_hubs, next_best, travel_of
from wholeplace.places.hubs.problem import HubProblem, NoChoiceError, worst_off_mean

SMALL = ["pmed1", "pmed2", "pmed3", "pmed4", "pmed5"]


@pytest.mark.parametrize("name", SMALL)
def test_the_published_optimum_is_found_and_proved(name):
    problem = read_problem(name)
    found = choose_hubs(problem, 60)
    assert found.person_m == read_optima()[name]
    assert found.is_proved and found.bound_m == found.person_m
    assert len(set(found.sites)) == problem.k


@pytest.mark.heavy
@pytest.mark.parametrize("name", [f"pmed{number}" for number in range(6, 21)])
def test_larger_published_optima_are_found_and_proved(name):
    found = choose_hubs(read_problem(name), 240)
    assert found.person_m == read_optima()[name] and found.is_proved


@st.composite
def problems(draw, *, with_room=False, with_cap=False):
    rows, sites = draw(st.integers(2, 7)), draw(st.integers(2, 6))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    distance = numbers.integers(0, 60, (rows, sites)).astype(float) * 100
    people = numbers.integers(0, 9, rows).astype(float)
    people[0] += 1
    k = draw(st.integers(1, sites - 1))
    sites_left = list(range(sites))
    keep = frozenset(draw(st.lists(st.sampled_from(sites_left), max_size=min(k, 2), unique=True)))
    spare = sites - k - 0
    free = [each for each in sites_left if each not in keep]
    barred = frozenset(draw(st.lists(st.sampled_from(free), max_size=min(spare, 1), unique=True)))
    allowed = None
    if draw(st.booleans()):
        allowed = numbers.random((rows, sites)) < 0.75
    capacity = numbers.integers(0, 25, sites).astype(float) if with_room else None
    cap = float(draw(st.integers(300, 4500))) if with_cap else None
    return HubProblem(distance, people, k, keep, barred, allowed, capacity, cap)


def every_choice(problem):
    sites = range(problem.distance_m.shape[1])
    for chosen in itertools.combinations(sites, problem.k):
        if problem.must_keep <= set(chosen) and not problem.barred & set(chosen):
            yield chosen


def plain_cost(problem, chosen):
    """The cost where each row goes to the nearest site it may use; None where some may use none."""
    far = np.where(problem.can_use(), problem.distance_m, np.inf)[:, list(chosen)].min(axis=1)
    used = problem.people > 0
    if not np.isfinite(far[used]).all():
        return None
    if problem.worst_off_cap_m is not None and (
        worst_off_mean(far[used], problem.people[used]) > problem.worst_off_cap_m + 1e-9
    ):
        return None
    return float((far[used] * problem.people[used]).sum())


def best_by_trying(problem, cost):
    return min(
        (c for c in (cost(problem, each) for each in every_choice(problem)) if c is not None),
        default=None,
    )


def check(problem, best):
    try:
        found = choose_hubs(problem, 20)
    except NoChoiceError:
        assert best is None
        return None
    assert best is not None
    assert found.person_m == pytest.approx(best, abs=1e-4)
    assert found.is_proved and found.bound_m <= found.person_m + 1e-4
    assert len(set(found.sites)) == problem.k
    assert problem.must_keep <= set(found.sites) and not problem.barred & set(found.sites)
    used = problem.people > 0
    assert np.allclose(found.shares[used].sum(axis=1), 1)
    assert not (found.shares[:, :][~problem.can_use()[:, list(found.sites)]] > 1e-9).any()
    return found


@given(problems())
def test_sites_that_stay_fell_through_and_bundles_as_trying_all_choices_finds(problem):
    check(problem, best_by_trying(problem, plain_cost))


@given(problems(with_cap=True))
def test_the_cap_on_the_worst_off_holds_as_trying_all_choices_finds(problem):
    found = check(problem, best_by_trying(problem, plain_cost))
    if found is not None:
        used = problem.people > 0
        mean = worst_off_mean(travel_of(problem, found)[used], problem.people[used])
        assert mean <= problem.worst_off_cap_m + 1e-6


def room_cost(problem, chosen):
    """The cheapest way to share people out, as a transport problem of its own."""
    rows = np.flatnonzero(problem.people > 0)
    count, sites = len(rows), len(chosen)
    dear = np.where(problem.can_use(), problem.distance_m, np.nan)[np.ix_(rows, chosen)]
    cost = np.nan_to_num(dear, nan=0.0).ravel()
    each_row = np.kron(np.eye(count), np.ones(sites))
    each_site = np.kron(np.ones(count), np.eye(sites))
    bounds = [(0, 0 if np.isnan(value) else None) for value in dear.ravel()]
    found = linprog(
        cost, A_ub=each_site, b_ub=problem.capacity[list(chosen)], A_eq=each_row,
        b_eq=problem.people[rows], bounds=bounds,
    )  # fmt: skip
    return float(found.fun) if found.success else None


@given(problems(with_room=True))
def test_no_site_gets_more_than_it_can_take_as_trying_all_choices_finds(problem):
    found = check(problem, best_by_trying(problem, room_cost))
    if found is not None:
        taken = (found.shares * problem.people[:, None]).sum(axis=0)
        assert (taken <= problem.capacity[list(found.sites)] + 1e-6).all()


@given(problems())
def test_branching_and_highs_agree(problem):
    """The same problem as a model of its own, weak and plain, for HiGHS."""
    rows = np.flatnonzero(problem.people > 0)
    count, sites = len(rows), problem.distance_m.shape[1]
    cost = np.concatenate(
        [(problem.distance_m[rows] * problem.people[rows, None]).ravel(), np.zeros(sites)]
    )
    serve = np.hstack([np.kron(np.eye(count), np.ones(sites)), np.zeros((count, sites))])
    use = np.hstack([np.eye(count * sites), -np.kron(np.ones((count, 1)), np.eye(sites))])
    k = np.concatenate([np.zeros(count * sites), np.ones(sites)])[None]
    low, high = np.zeros(len(cost)), np.ones(len(cost))
    high[: count * sites] = problem.can_use()[rows].ravel()
    for site in range(sites):
        low[count * sites + site] = site in problem.must_keep
        high[count * sites + site] = site not in problem.barred
    found = milp(
        cost, integrality=np.ones(len(cost)), bounds=Bounds(low, high),
        constraints=[
            LinearConstraint(serve, 1, 1), LinearConstraint(use, -np.inf, 0),
            LinearConstraint(k, problem.k, problem.k),
        ],
    )  # fmt: skip
    check(problem, float(found.fun) if found.status == 0 else None)


@given(problems(with_room=True), st.sampled_from([0.4]))
def test_where_highs_is_not_asked_the_gap_is_true(problem, seconds):
    """Exchange alone: what it finds fits, and its bound is below the best there is."""
    kept = choosing._PAIRS_FOR_HIGHS
    choosing._PAIRS_FOR_HIGHS = 0
    try:
        found = choose_hubs(problem, seconds)
    except NoChoiceError:
        return
    finally:
        choosing._PAIRS_FOR_HIGHS = kept
    best = best_by_trying(problem, room_cost)
    assert best is not None and found.bound_m <= best + 1e-4 <= found.person_m + 2e-4
    assert found.method == "interchange"


@given(problems())
def test_the_next_best_site_is_the_best_there_is(problem):
    try:
        found = choose_hubs(problem, 20)
    except NoChoiceError:
        return
    for each in next_best(problem, found):
        assert each.lost in found.sites and each.lost not in problem.must_keep
        others = set(found.sites) - {each.lost}
        tried = [
            plain_cost(problem, tuple(sorted({*others, site})))
            for site in problem.free
            if site not in found.sites
        ]
        best = min((cost for cost in tried if cost is not None), default=None)
        assert (each.choice is None) == (best is None)
        if each.choice is not None:
            assert each.choice.person_m == pytest.approx(best, abs=1e-4)
            assert each.site not in found.sites
    assert {each.lost for each in next_best(problem, found)} == set(found.sites) - problem.must_keep


@given(problems(), st.randoms())
def test_the_order_of_rows_and_sites_changes_nothing(problem, shuffle):
    rows, sites = (list(range(n)) for n in problem.distance_m.shape)
    shuffle.shuffle(rows)
    shuffle.shuffle(sites)
    place = {site: number for number, site in enumerate(sites)}
    other = HubProblem(
        problem.distance_m[np.ix_(rows, sites)], problem.people[rows], problem.k,
        frozenset(place[each] for each in problem.must_keep),
        frozenset(place[each] for each in problem.barred),
        None if problem.allowed is None else problem.allowed[np.ix_(rows, sites)],
    )  # fmt: skip
    costs = []
    for each in (problem, other):
        try:
            costs.append(choose_hubs(each, 20).person_m)
        except NoChoiceError:
            costs.append(None)
    assert costs[0] == pytest.approx(costs[1]) if costs[0] is not None else costs[1] is None


def test_more_hubs_never_lengthen_the_way():
    problem = read_problem("pmed1")
    costs = [
        choose_hubs(HubProblem(problem.distance_m, problem.people, k), 20).person_m
        for k in (3, 5, 8)
    ]
    assert costs == sorted(costs, reverse=True)


def test_a_search_cut_short_says_how_much_better_it_could_be():
    found = choose_hubs(read_problem("pmed2"), 0.0)
    assert found.bound_m <= read_optima()["pmed2"] <= found.person_m
    assert 0 <= found.gap_share < 0.02


@pytest.mark.parametrize(
    ("k", "keep", "barred"),
    [(0, (), ()), (4, (), ()), (1, (0, 1), ()), (1, (0,), (0,)), (3, (), (1,))],
)
def test_what_contradicts_itself_is_refused(k, keep, barred):
    with pytest.raises(NoChoiceError):
        HubProblem(np.ones((2, 3)), np.ones(2), k, frozenset(keep), frozenset(barred))


def test_the_worst_off_are_a_tenth_of_the_people_and_not_of_the_rows():
    assert worst_off_mean([1, 5, 3], [80, 10, 10]) == 5
    assert worst_off_mean([1, 5, 3], [85, 5, 10]) == 4
    assert worst_off_mean([2.0], [0]) == 0
