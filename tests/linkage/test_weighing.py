"""What was learnt weighs alike ever after: Splink's levels and ours are held equal."""

import datetime as dt

import pytest
from tests.linkage.street import build_street, store_of
from tests.linkage.test_link import MODEL

from wholeplace.linkage import LINK_TABLES, link_records
from wholeplace.linkage.comparing import compare_pairs, estimate_chance_agreement
from wholeplace.linkage.standardise import build_keys, list_keys, pair_keys, standardise_records
from wholeplace.linkage.training import learn_parameters, weigh_pairs
from wholeplace.linkage.version import learn_version, read_version
from wholeplace.linkage.weighing import weigh_given_pairs

ON = dt.date(2026, 11, 22)


@pytest.mark.parametrize("seed", [3, 4])
def test_every_pair_has_splinks_level_rarity_and_weight(seed):
    with store_of(build_street(150, seed).table()) as store:
        records = standardise_records(store)
        list_keys(store, MODEL, "linkage_input", "link_keys")
        build_keys(store, MODEL)
        chance = estimate_chance_agreement(store, MODEL, 1)
        compare_pairs(store, MODEL, chance)
        parameters = learn_parameters(store, MODEL, chance, records)
        weigh_pairs(store, MODEL, parameters)
        version = learn_version(store, MODEL, chance, parameters, on=ON, passed_over={})
        assert parameters.trained
        whole = "SELECT * FROM linkage_pairs ORDER BY record_id_l, record_id_r"
        splinks = store.arrow(whole)
        pair_keys(store, MODEL, "link_keys", "link_keys", "blocked")
        weigh_given_pairs(store, MODEL, version, "blocked", "linkage_input")
        ours = store.arrow(whole)
        assert splinks.num_rows > 5_000
        assert len(set(splinks.column("f_given_name").to_pylist())) > 10
        for column in splinks.column_names:
            assert ours.column(column).equals(splinks.column(column)), column


def test_a_full_run_with_what_was_learnt_is_the_run_that_learnt_it(street):
    with store_of(street.table()) as store:
        link_records(store, MODEL, seed=1, on=ON)
        first = {name: store.arrow(f"SELECT * FROM {name} ORDER BY ALL") for name in LINK_TABLES}
        version = read_version(store)
        report = link_records(store, MODEL, on=ON, version=version)
        for name, table in first.items():
            assert store.arrow(f"SELECT * FROM {name} ORDER BY ALL").equals(table), name
        assert report.parameters["trained"] is True


def test_a_version_is_named_after_what_it_learnt(street):
    named = set()
    for seed in (1, 1, 2):
        with store_of(street.table()) as store:
            link_records(store, MODEL, seed=seed, on=ON)
            named.add((seed, read_version(store).hash))
    assert len(named) == len({name for _, name in named}) == 2
