"""Laws of decisions: every one holds, order never matters, and nothing else is changed by one."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.linkage.street import partition_of
from tests.linkage.test_clustering import POOLING, forbid, graphs
from tests.linkage.test_delta import (
    ON,
    POOL,
    SMALL,
    START,
    applied,
    keep,
    store_with,
    tables_of,
)

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.linkage import LINK_TABLES, PreviousLinks, link_delta, link_records
from wholeplace.linkage.clustering import group_records
from wholeplace.linkage.decisions import DECIDED_APART
from wholeplace.linkage.review import MatchDecision, bind_decisions, hash_decisions
from wholeplace.linkage.version import read_version

HEAVY = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)

numbers = st.integers(0, 5)
pairs = st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1])
decided = st.lists(
    st.builds(
        lambda pair, verdict: MatchDecision.of(
            ("homes", str(pair[0])), ("homes", str(pair[1])), verdict
        ),
        pairs,
        st.sampled_from(["same", "different"]),
    ),
    max_size=9,
)


def joined_by(decisions):
    """Return a function that tells whether decisions put two anchors together; plainly."""
    groups = []
    for each in decisions:
        touched = [group for group in groups if group & {each.left, each.right}]
        groups = [group for group in groups if group not in touched]
        groups.append(set().union({each.left, each.right}, *touched))
    return lambda one, other: any({one, other} <= group for group in groups)


@given(decided, st.randoms(use_true_random=False))
def test_what_binds_never_contradicts_itself_and_order_does_not_matter(decisions, chance):
    found = bind_decisions(decisions)
    is_joined = joined_by(found.must)
    assert not any(is_joined(each.left, each.right) for each in found.cannot)
    shuffled = [*decisions, *decisions[:2]]
    chance.shuffle(shuffled)
    assert bind_decisions(shuffled) == found
    assert hash_decisions(set(shuffled)) == hash_decisions(set(decisions))


@given(decided)
def test_every_contradiction_is_told_and_nothing_else_is_set_aside(decisions):
    found = bind_decisions(decisions)
    same = [each for each in set(decisions) if each.verdict == "same"]
    is_joined = joined_by(same)
    apart = {each for each in decisions if each.verdict == "different"}
    wrong = {each for each in apart if is_joined(each.left, each.right)}
    assert {each.apart for each in found.contradictions} == wrong
    assert set(found.cannot) == apart
    assert {*found.must, *found.set_aside} == set(same)
    for each in found.contradictions:
        assert joined_by(each.chain)(each.apart.left, each.apart.right)
        assert set(each.chain) <= set(found.set_aside)
    for each in found.set_aside:
        assert any(is_joined(each.left, one.left) for one in wrong)


def test_nobody_decides_on_one_number_of_one_system():
    with pytest.raises(WholeplaceError, match="not kept"):
        MatchDecision.of(("homes", "1"), ("homes", "1"), "different")


@given(graphs(), st.data())
def test_records_put_together_are_in_one_group_whatever_vetoes_say(graph, data):
    count, edges, forbidden = graph
    every = [(left, right) for left in range(count) for right in range(left + 1, count)]
    together = data.draw(st.lists(st.sampled_from(every), max_size=4))
    found = group_records(edges, POOLING, forbid(forbidden), together)
    group_of = {record: name for name, group in found.members.items() for record in group}
    for left, right in together:
        assert group_of[left] == group_of[right]
    turned = [(right, left) for left, right in reversed(together)]
    assert group_records(edges, POOLING, forbid(forbidden), turned) == found


@given(graphs(), st.integers(10, 12))
def test_a_decision_changes_no_group_that_it_does_not_reach(graph, start):
    _, edges, forbidden = graph
    alone = group_records(edges, POOLING, forbid(forbidden)).members
    more = [*edges, (start, start + 1, -9.0)]
    found = group_records(more, POOLING, forbid(forbidden), [(start, start + 1)]).members
    assert {name: group for name, group in found.items() if name < 10} == alone
    assert found[start] == [start, start + 1]


def anchor(number):
    return POOL[number]["dataset"], POOL[number]["source_id"]


places = st.integers(0, len(POOL) - 1)
verdicts = st.lists(
    st.tuples(places, places, st.sampled_from(["same", "different"])).filter(
        lambda each: anchor(each[0]) != anchor(each[1])
    ),
    max_size=5,
)
days = st.lists(
    st.tuples(st.sets(places, max_size=6), st.sets(places, max_size=6), st.just({}), verdicts),
    min_size=2,
    max_size=3,
)


def decisions_of(given_verdicts):
    return [
        MatchDecision.of(anchor(one), anchor(other), verdict)
        for one, other, verdict in given_verdicts
    ]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("day0")
    with store_with(START) as store:
        link_records(store, SMALL, seed=1, on=ON)
        keep(store, folder)
    return folder


def link_all_with(state, before, decisions):
    with store_with(state) as store:
        store.view_parquet("held", before / "link_version.parquet")
        version = read_version(store, "held")
        store.view_parquet("values_held", before / "link_frequencies.parquet")
        store.run("CREATE TABLE link_frequencies AS FROM values_held")
        report = link_records(
            store,
            SMALL,
            version=version,
            previous=PreviousLinks.read(before),
            on=ON,
            decisions=decisions,
        )
        return tables_of(store), partition_of(store), report


def check_decided(partition, state, constraints):
    """Every must and cannot holds between all versions of both records."""
    records = {}
    for row in state.values():
        records.setdefault((row["dataset"], row["source_id"]), set()).add(row["record_id"])
    person_of = {record: person for person in partition for record in person}
    for each in constraints.must:
        held = records.get(each.left, set()), records.get(each.right, set())
        if all(held):
            assert len({person_of[record] for record in held[0] | held[1]}) == 1
    for each in constraints.cannot:
        left = {person_of[record] for record in records.get(each.left, ())}
        assert not left & {person_of[record] for record in records.get(each.right, ())}


@HEAVY
@given(batches=days)
def test_a_delta_keeps_to_decisions_as_the_full_run_does(trained, batches):
    before, state = trained, START
    with tempfile.TemporaryDirectory() as home:
        for number, (come, go, changed, said) in enumerate(batches):
            state, decisions = applied(state, (come, go, changed)), decisions_of(said)
            expected, partition, _ = link_all_with(state, before, decisions)
            check_decided(partition, state, bind_decisions(decisions))
            with store_with(state) as store:
                link_delta(store, SMALL, before, on=ON, decisions=reversed(decisions))
                found = tables_of(store)
                for name in LINK_TABLES:
                    assert found[name].equals(expected[name]), name
                before = Path(home) / str(number)
                before.mkdir()
                keep(store, before)


@HEAVY
@given(said=verdicts.filter(bool))
def test_people_whom_no_decision_reaches_stay_as_they_were(trained, said):
    decisions = decisions_of(said)
    _, plain, _ = link_all_with(START, trained, [])
    tables, partition, _ = link_all_with(START, trained, decisions)
    named = {place for each in decisions for place in (each.left, each.right)}
    edges = tables["link_edges"].select(["record_id_l", "record_id_r", "weight"]).to_pylist()
    reached = {
        row["record_id"] for row in START.values() if (row["dataset"], row["source_id"]) in named
    }
    while True:
        more = {
            record
            for row in edges
            if row["weight"] >= SMALL.pooling.link_bits
            for record in (row["record_id_l"], row["record_id_r"])
            if {row["record_id_l"], row["record_id_r"]} & reached
        } - reached
        if not more:
            break
        reached |= more
    assert {person for person in plain if not person & reached} == {
        person for person in partition if not person & reached
    }


def test_a_decision_stands_in_the_evidence(trained):
    plain, _, _ = link_all_with(START, trained, [])
    anchors = {row["record_id"]: (row["dataset"], row["source_id"]) for row in START.values()}
    left, right = next(
        (anchors[row["record_id_l"]], anchors[row["record_id_r"]])
        for row in plain["link_edges"].to_pylist()
        if row["outcome"] == "linked" and row["reason"] is None
    )
    split = MatchDecision.of(left, right, "different")
    tables, _, report = link_all_with(START, trained, [split])
    rows = [row for row in tables["link_edges"].to_pylist() if "people" in (row["reason"] or "")]
    assert rows and {row["outcome"] for row in rows} == {"refused"}
    assert report.decided == {"one person": 0, "two people": 1, "set aside": 0}
    assert report.refused[DECIDED_APART] >= 1
