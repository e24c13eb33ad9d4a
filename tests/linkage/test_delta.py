"""Laws of the daily delta: what is linked anew alone gives what linking everything gives."""

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.linkage.street import Street, build_street, partition_of, store_of
from tests.linkage.test_link import MODEL

from wholeplace.foundation.errors import NotFoundError
from wholeplace.linkage import LINK_TABLES, PreviousLinks, link_delta, link_records
from wholeplace.linkage.version import read_version

ON = dt.date(2026, 11, 22)
POOL = [row | {"record_id": f"r{n:04d}"} for n, row in enumerate(build_street(26, 8).rows)]
# Trained on a handful of records, and few may share a value: so that both matter here.
SMALL = MODEL.model_copy(
    update={
        "largest_group": 7,
        "training": MODEL.training.model_copy(update={"random_pairs": 20_000, "least_records": 30}),
    }
)
START = {number: POOL[number] for number in range(0, len(POOL), 2)}
CHANGES = [
    {"given_name": "Fatima"},
    {"family_name": "Begum", "uprn": None},
    {"birth_date": dt.date(1990, 2, 1)},
    {"phone": "07700900001"},
    {"address": "Harbour Hostel, Mill Lane", "uprn": 10_000_003},
    {"seen_to": dt.date(2026, 11, 1)},
    {"seen_from": dt.date(2023, 5, 1)},
    {"seen_from": None, "seen_to": None},
    {"dataset": "tenancies", "source_id": "T1"},
]

places = st.integers(0, len(POOL) - 1)
batches = st.lists(
    st.tuples(
        st.sets(places, max_size=12),  # come, or come back
        st.sets(places, max_size=12),  # go
        st.dictionaries(places, st.integers(0, len(CHANGES) - 1), max_size=6),
    ),
    min_size=1,
    max_size=3,
)


def applied(state, batch):
    """Return a town after a batch; most changes give the record another id, as intake does."""
    come, go, changed = batch
    after = {number: row for number, row in state.items() if number not in go}
    after |= {number: POOL[number] for number in come if number not in state}
    for number, change in changed.items():
        if number in after:
            row = after[number] | CHANGES[change]
            after[number] = (
                row if number % 4 == 0 else row | {"record_id": f"c{number:04d}-{change}"}
            )
    return after


def store_with(state):
    return store_of(Street(list(state.values())).table())


def keep(store, folder):
    for name in LINK_TABLES:
        store.write_parquet(f"SELECT * FROM {name}", folder / f"{name}.parquet")


def tables_of(store):
    return {name: store.arrow(f"SELECT * FROM {name} ORDER BY ALL") for name in LINK_TABLES}


def link_all_with(state, before):
    """Link everything with the version and the ids that a snapshot keeps."""
    with store_with(state) as store:
        store.view_parquet("held", before / "link_version.parquet")
        version = read_version(store, "held")
        store.view_parquet("values_held", before / "link_frequencies.parquet")
        store.run("CREATE TABLE link_frequencies AS FROM values_held")
        report = link_records(
            store, SMALL, version=version, previous=PreviousLinks.read(before), on=ON
        )
        return tables_of(store), report


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The first day of a town, linked and learnt from."""
    folder = tmp_path_factory.mktemp("day0")
    with store_with(START) as store:
        assert link_records(store, SMALL, seed=1, on=ON).parameters["trained"]
        keep(store, folder)
    return folder


# An example links several towns, so a failing one is shown as it is, not shrunk for long.
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(days=batches)
def test_the_delta_is_the_full_run_record_for_record(trained, days):
    before, state = trained, START
    with tempfile.TemporaryDirectory() as home:
        for number, batch in enumerate(days):
            state = applied(state, batch)
            expected, full = link_all_with(state, before)
            with store_with(state) as store:
                report = link_delta(store, SMALL, before, on=ON)
                found = tables_of(store)
                for name, table in expected.items():
                    assert found[name].equals(table), name
                assert {*LINK_TABLES, "records", "given"} == {
                    row["name"]
                    for row in store.rows(
                        "SELECT table_name AS name FROM information_schema.tables"
                    )
                }
                before = Path(home) / str(number)
                before.mkdir()
                keep(store, before)
            for figure in ("records", "people", "households", "possible_links", "refused"):
                assert getattr(report, figure) == getattr(full, figure)
            assert (report.passed_over, report.version) == (full.passed_over, full.version)
            assert (report.way, full.way) == ("delta", "full")


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(come=st.lists(places, min_size=2, max_size=20, unique=True), data=st.data())
def test_how_records_are_split_into_batches_does_not_matter(trained, come, data):
    first, state = trained, START
    shuffled = data.draw(st.permutations(come))
    half = data.draw(st.integers(1, len(come) - 1))
    found = []
    for days in ([come], [shuffled[:half], shuffled[half:]]):
        before, now = first, state
        with tempfile.TemporaryDirectory() as home:
            for number, day in enumerate(days):
                now = applied(now, (set(day), set(), {}))
                with store_with(now) as store:
                    link_delta(store, SMALL, before, on=ON)
                    before = Path(home) / str(number)
                    before.mkdir()
                    keep(store, before)
                    people = partition_of(store)
        found.append(people)
    assert found[0] == found[1]


def test_who_comes_and_goes_again_leaves_nothing_behind(trained, tmp_path):
    first, state = trained, START
    more = applied(state, (set(range(1, 40, 2)), set(), {}))
    with store_with(more) as store:
        link_delta(store, SMALL, first, on=ON)
        keep(store, tmp_path)
    with store_with(state) as store:
        link_delta(store, SMALL, tmp_path, on=ON)
        after = tables_of(store)
        people = partition_of(store)
    with store_with(state) as store:
        link_delta(store, SMALL, first, on=ON)
        assert partition_of(store) == people
        for name in ("link_edges", "link_input", "link_keys", "link_version"):
            assert after[name].equals(store.arrow(f"SELECT * FROM {name} ORDER BY ALL")), name


def test_what_no_change_reaches_keeps_everything(trained, tmp_path):
    first, state = trained, START
    stranger = dict(
        POOL[0], record_id="z1", given_name="Wilfred", family_name="Newcomer", nhs_number=None,
        birth_date=dt.date(1931, 2, 3), address="1 Far Road", postcode="ZZ9 9ZZ", uprn=None,
        phone=None, source_id="z1",
    )  # fmt: skip
    with store_with(state) as store:
        link_delta(store, SMALL, first, on=ON)
        before = tables_of(store)
    with store_with(state | {-1: stranger}) as store:
        link_delta(store, SMALL, first, on=ON)
        after = tables_of(store)
    for name in ("person_records", "link_edges", "households", "household_members"):
        old, new = before[name].to_pylist(), after[name].to_pylist()
        assert [row for row in old if row not in new] == []
    assert after["identity_events"].equals(before["identity_events"])


def test_a_first_name_that_others_come_to_bear_parts_whom_it_did_not_part(trained, tmp_path):
    """Whether a name is somebody's real name rests on how many bear it, wherever they live."""
    first, state = trained, START
    twin = dict(
        POOL[0], family_name="Harlow", birth_date=dt.date(1994, 5, 17), address="7 Far Road",
        postcode="LB9 9ZZ", uprn=77, phone="07700900777", dataset="tenancies", source_id="T7",
        nhs_number=None,
    )  # fmt: skip
    names = [("t1", "Xanthe"), ("t2", "Quillon")]
    state = state | {record: twin | {"record_id": record, "given_name": n} for record, n in names}
    others = {
        f"{name}{number}": dict(
            POOL[0], record_id=f"{name}{number}", given_name=name, family_name=f"Away{number}",
            source_id=f"{name}{number}", birth_date=None, address=None, postcode=None, uprn=None,
            phone=None, nhs_number=None,
        )
        for _, name in names
        for number in range(2)
    }  # fmt: skip
    before, pairs = first, []
    for day, town in enumerate([state, state | others, state]):
        expected, _ = link_all_with(town, before)
        with store_with(town) as store:
            link_delta(store, SMALL, before, on=ON)
            for name, table in expected.items():
                assert tables_of(store)[name].equals(table), name
            pairs.append(any({"t1", "t2"} <= group for group in partition_of(store)))
            before = tmp_path / str(day)
            before.mkdir()
            keep(store, before)
    assert pairs == [True, False, True]


def test_an_address_borrows_the_number_that_a_neighbour_brings(trained, tmp_path):
    first, state = trained, START
    at_home = dict(
        POOL[0], record_id="n1", source_id="n1", given_name="Xanthe", family_name="Harlow",
        birth_date=dt.date(1994, 5, 17), address="7 Far Road", postcode="LB9 9ZZ", uprn=None,
        phone=None, nhs_number=None,
    )  # fmt: skip
    stranger = at_home | {
        "record_id": "n2", "source_id": "n2", "given_name": "Bartholomew", "family_name": "Quill",
        "birth_date": dt.date(1951, 8, 2), "uprn": 4242,
    }  # fmt: skip
    before, homes = first, []
    for day, more in enumerate([{"n1": at_home}, {"n1": at_home, "n2": stranger}, {"n1": at_home}]):
        expected, _ = link_all_with(state | more, before)
        with store_with(state | more) as store:
            link_delta(store, SMALL, before, on=ON)
            for name, table in expected.items():
                assert tables_of(store)[name].equals(table), name
            homes.append(
                store.value(
                    "SELECT address_key FROM households JOIN household_members USING (household_id) "
                    "JOIN person_records USING (person_id) WHERE record_id = 'n1'"
                )
            )
            before = tmp_path / str(day)
            before.mkdir()
            keep(store, before)
    assert homes == ["address:LB99ZZ/7", "uprn:4242", "address:LB99ZZ/7"]


def test_a_snapshot_without_an_index_or_of_another_model_is_refused(trained, tmp_path):
    first, state = trained, START
    with store_with(state) as store, pytest.raises(NotFoundError):
        link_delta(store, SMALL, tmp_path, on=ON)
    other = SMALL.model_copy(update={"largest_group": 60})
    with store_with(state) as store, pytest.raises(NotFoundError, match="model"):
        link_delta(store, other, first, on=ON)
