"""Factors in a household: the compiled count equals a plain one, and tells of nobody hidden."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements.law import load_law
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.intake.shapes import EVENTS
from wholeplace.people.factors import count_factors

AS_OF = dt.date(2026, 3, 1)
PEOPLE = ("ann", "bob", "cat", "dan")
KINDS = {
    "crime.antisocial-behaviour": "anti-social-behaviour",
    "crime.offence": "offending",
    "crime.youth-justice": "offending",
    "domestic-abuse.incident": "domestic-violence",
    "finance.food-parcel": "financial-exclusion",
    "housing.rent-arrears": "financial-exclusion",
}
HIDING = ("sealed", "restricted", "objection")


@pytest.fixture(scope="module")
def store():
    with Store(threads=1) as opened:
        yield opened


def fill(store, events, homes, flags):
    """Register a world: events (person, kind, days ago), homes (home, person, kind), flags."""
    rows = [
        {
            "event_id": f"e{n}",
            "dataset": "d",
            "partner": "p",
            "source_id": person,
            "record_id": f"r-{person}",
            "kind": kind,
            "start_on": AS_OF - dt.timedelta(days=days),
            "end_on": AS_OF - dt.timedelta(days=days),
            "attributes": "{}",
        }
        for n, (person, kind, days) in enumerate(events)
    ]
    store.register("events", pa.Table.from_pylist(rows, schema=EVENTS))
    store.register(
        "person_records",
        pa.table({"record_id": [f"r-{each}" for each in PEOPLE], "person_id": list(PEOPLE)}),
    )
    text, day = pa.string(), pa.date32()
    store.register(
        "households",
        pa.Table.from_pylist(
            [{"household_id": home, "kind": kind} for home, kind in sorted({h[:2] for h in homes})],
            schema=pa.schema([("household_id", text), ("kind", text)]),
        ),
    )
    store.register(
        "household_members",
        pa.Table.from_pylist(
            [
                {
                    "household_id": home,
                    "person_id": person,
                    "start_on": AS_OF - dt.timedelta(days=900),
                    "end_on": None if stays else AS_OF - dt.timedelta(days=1),
                }
                for home, _, person, stays in homes
            ],
            schema=pa.schema(
                [("household_id", text), ("person_id", text), ("start_on", day), ("end_on", day)]
            ),
        ),
    )
    store.register(
        "subject_flags",
        pa.Table.from_pylist(
            [{"person_id": person, "flag": flag, "value": value} for person, flag, value in flags],
            schema=pa.schema([("person_id", text), ("flag", text), ("value", text)]),
        ),
    )
    store.register(
        "person_births",
        pa.table({"person_id": pa.array([], text), "birth_date": pa.array([], day)}),
    )
    store.materialise(SqlFile.read("people", "timeline"))
    store.materialise(SqlFile.read("people", "need_events"), {"as_of": AS_OF})
    count_factors(store, AS_OF)
    return {
        row["person_id"]: row["factors"]
        for row in store.rows("SELECT person_id, factors FROM person_factors")
    }


def plainly(events, homes, flags):
    own = {each: set() for each in PEOPLE}
    for person, kind, days in events:
        if days <= 365:
            own[person].add(KINDS[kind])
    hidden = {person for person, flag, value in flags if flag in HIDING and value != "no"}
    known = {}
    for person in PEOPLE:
        factors = set(own[person])
        for home, kind, member, stays in homes:
            if member == person and stays and kind == "home":
                for other, _, mate, mate_stays in homes:
                    if other == home and mate_stays and mate not in hidden:
                        factors |= own[mate]
        known[person] = len(factors)
    return known


events = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE), st.sampled_from(sorted(KINDS)), st.sampled_from((0, 365, 366))
    ),
    max_size=8,
)
homes = st.lists(
    st.tuples(
        st.sampled_from((("h1", "home"), ("h2", "home"), ("h3", "communal"))),
        st.sampled_from(PEOPLE),
        st.booleans(),
    ).map(lambda drawn: (*drawn[0], *drawn[1:])),
    max_size=6,
    unique_by=lambda each: (each[0], each[2]),
)
flags = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from((*HIDING, "consent")),
        st.sampled_from(("yes", "no", "unknown")),
    ),
    max_size=3,
)


@given(events, homes, flags)
@settings(max_examples=40, deadline=None)
def test_the_count_is_what_the_words_say(store, events, homes, flags) -> None:
    assert fill(store, events, homes, flags) == plainly(events, homes, flags)


def test_a_sealed_housemate_leaves_no_trace_in_others_counts(store) -> None:
    home = [("h1", "home", "ann", True), ("h1", "home", "bob", True)]
    seen = [("bob", "crime.offence", 9), ("ann", "finance.food-parcel", 9)]
    sealed = [("bob", "sealed", "yes")]
    assert fill(store, seen, home, [])["ann"] == 2
    with_bob = fill(store, seen, home, sealed)
    without = fill(store, seen[1:], home[:1], [])
    assert with_bob["ann"] == without["ann"] == 1


def test_every_factor_is_shown_by_events_of_the_vocabulary_or_says_why_not() -> None:
    from wholeplace.partnership.vocabulary import load_vocabulary

    words, factors = load_vocabulary(), load_law().factors
    assert len(factors) == len({each.id for each in factors}) == 13
    for each in factors:
        assert bool(each.shown_by) is not bool(each.not_shown)
        for condition in each.shown_by:
            assert condition.event in words.events
            assert set(condition.where) <= set(words.events[condition.event].attributes)
