"""Laws of identity: ids survive, are never shared and never come back."""

import datetime as dt
import itertools
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.errors import NotFoundError
from wholeplace.linkage.explain import tell_history
from wholeplace.linkage.identity import IDENTITY_EVENTS, PreviousLinks, carry_ids

ON = dt.date(2026, 11, 22)


def partition(labels):
    groups = {}
    for record, label in enumerate(labels):
        if label is not None:
            groups.setdefault(label, []).append(f"r{record}")
    return sorted(sorted(group) for group in groups.values())


histories = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=8, max_size=8),
    min_size=1,
    max_size=6,
)


def follow(history):
    """Carry ids through a history of partitions; give each day's ids and the events so far."""
    previous, days, events = None, [], []
    for labels in history:
        groups = partition(labels)
        ids, new = carry_ids(groups, previous, ON)
        events += new
        person_of = {
            record: name for name, group in zip(ids, groups, strict=True) for record in group
        }
        previous = PreviousLinks(person_of, tuple(events))
        days.append((groups, ids, new))
    return days, events


@given(histories)
def test_no_two_groups_share_an_id(history):
    days, _ = follow(history)
    assert all(len(set(ids)) == len(ids) for _, ids, _ in days)


@given(histories)
def test_an_id_once_gone_never_comes_back(history):
    days, _ = follow(history)
    gone, before = set(), set()
    for _, ids, _ in days:
        assert not gone & set(ids)
        gone |= before - set(ids)
        before = set(ids)


@given(histories)
def test_every_id_that_goes_is_told(history):
    days, _ = follow(history)
    for (_, earlier, _), (_, later, events) in itertools.pairwise(days):
        told = {event.old_id for event in events if event.kind in ("merged", "retired")}
        assert set(earlier) - set(later) == told


@given(histories)
def test_the_same_groups_keep_their_ids_without_events(history):
    days, events = follow(history)
    groups, ids, _ = days[-1]
    person_of = {record: name for name, group in zip(ids, groups, strict=True) for record in group}
    again, new = carry_ids(groups, PreviousLinks(person_of, tuple(events)), ON)
    assert again == ids
    assert new == []


@given(histories)
def test_every_old_id_resolves_or_was_retired(history):
    """Whatever an id went through, it is told of, and resolves to somebody unless all left."""
    days, events = follow(history)
    groups, ids, _ = days[-1]
    with tempfile.TemporaryDirectory() as home:
        write_links(Path(home), groups, ids, events)
        for old in {name for _, named, _ in days for name in named}:
            told = tell_history(Path(home), old)
            if told.person_id is None:
                assert {event.kind for event in told.events} & {"retired", "merged"}
            else:
                assert told.person_id in ids
            if old in ids:
                assert told.person_id == old
        with pytest.raises(NotFoundError):
            tell_history(Path(home), "p-never-given")


def write_links(folder, groups, ids, events):
    named = [(record, name) for name, group in zip(ids, groups, strict=True) for record in group]
    people = {"record_id": [each[0] for each in named], "person_id": [each[1] for each in named]}
    texts = pa.schema([("record_id", pa.string()), ("person_id", pa.string())])
    pq.write_table(pa.table(people, schema=texts), folder / "person_records.parquet")
    rows = pa.Table.from_pylist([vars(event) for event in events], schema=IDENTITY_EVENTS)
    pq.write_table(rows, folder / "identity_events.parquet")


def test_a_merge_keeps_the_larger_and_a_split_keeps_the_larger():
    first, _ = carry_ids([["a", "b", "c"], ["d"]], None, ON)
    before = PreviousLinks({"a": first[0], "b": first[0], "c": first[0], "d": first[1]})
    merged, events = carry_ids([["a", "b", "c", "d"]], before, ON)
    assert merged == [first[0]]
    assert [(event.kind, event.old_id, event.new_id, event.records) for event in events] == [
        ("merged", first[1], first[0], 1)
    ]
    after = PreviousLinks(dict.fromkeys("abcd", first[0]), tuple(events))
    split, told = carry_ids([["a"], ["b", "c", "d"]], after, ON)
    assert split[1] == first[0]
    assert split[0] not in first
    assert [(event.kind, event.old_id, event.new_id) for event in told] == [
        ("split", first[0], split[0])
    ]
