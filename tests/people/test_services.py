"""People who use several services: counted as a plain reading of the rule counts them."""

import datetime as dt
import itertools

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.foundation.store import Store
from wholeplace.people.services import count_services, is_visit, service_figures

AS_OF = dt.date(2026, 3, 1)
PARTNERS = ("charity", "council", "jobcentre", "police")
KINDS = ("finance.debt-advice", "crime.offence", "housing.rent-arrears", "education.attendance")
PIECES = ("W1", "W2")
PEOPLE = ("ann", "bob", "cat")
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE), st.sampled_from(PARTNERS), st.sampled_from(KINDS),
        st.integers(-10, 500), st.none() | st.integers(0, 300),
    ),
    max_size=14,
)  # fmt: skip
COVER = st.sets(st.tuples(st.sampled_from(PARTNERS), st.sampled_from(KINDS)), max_size=9)
CONSENT = st.sampled_from(["none", "required", "unless-refused"])


@pytest.fixture(scope="module")
def store():
    with Store(threads=1) as opened:
        yield opened


def days(event):
    _, _, _, ago, length = event
    start = AS_OF - dt.timedelta(days=ago)
    return start, None if length is None else start + dt.timedelta(days=length)


def put(store, events, cover, asked, stated, homes):
    rows = [
        {
            "person_id": e[0],
            "partner": e[1],
            "kind": e[2],
            "start_on": days(e)[0],
            "end_on": days(e)[1],
        }
        for e in events
    ]
    schema = pa.schema(
        [("person_id", pa.string()), ("partner", pa.string()), ("kind", pa.string()),
         ("start_on", pa.date32()), ("end_on", pa.date32())]
    )  # fmt: skip
    store.register("timeline", pa.Table.from_pylist(rows, schema=schema))
    names = ("recipient", "source", "field", "consent")
    facts = [dict(zip(names, ("us", *pair, asked), strict=True)) for pair in sorted(cover)]
    facts.append(dict(zip(names, ("us", "council", "contact.address", "none"), strict=True)))
    store.register("countable_facts", pa.Table.from_pylist(facts))
    store.register(
        "countable_people", pa.table({"person_id": list(stated), "consent": list(stated.values())})
    )
    store.register(
        "countable_homes",
        pa.table(
            {"recipient": ["us"] * len(homes), "person_id": list(homes),
             "area_set": ["wards"] * len(homes), "area_code": list(homes.values())}
        ),
    )  # fmt: skip


def used_by(events, cover, asked, stated):
    """Partners that each person used, by the prose alone."""
    may = {
        "none": ("yes", "no", "unknown", "unstated"),
        "required": ("yes",),
        "unless-refused": ("yes", "unstated"),
    }
    found = {}
    for event in events:
        who, partner, kind, *_ = event
        start, end = days(event)
        is_recent = start <= AS_OF and (end or start) >= AS_OF - dt.timedelta(
            days=service_figures().recent_days
        )
        if is_recent and (partner, kind) in cover and is_visit(kind) and stated[who] in may[asked]:
            found.setdefault(who, set()).add(partner)
    return found


@settings(deadline=None, max_examples=15)
@given(
    EVENTS, COVER, CONSENT,
    st.fixed_dictionaries({each: st.sampled_from(["yes", "no", "unknown", "unstated"]) for each in PEOPLE}),
    st.fixed_dictionaries({each: st.sampled_from(PIECES) for each in PEOPLE}),
)  # fmt: skip
def test_each_is_counted_where_a_plain_reading_counts_them(
    store, events, cover, asked, stated, homes
):
    put(store, events, cover, asked, stated, homes)
    count_services(store, AS_OF)
    rows = {(row["piece"], row["used"]): row for row in store.rows("FROM piece_services")}
    used = used_by(events, cover, asked, stated)
    sources = sorted({source for source, field in cover if is_visit(field)})
    groups = {
        "two-or-more": lambda theirs: len(theirs) >= 2,
        "three-or-more": lambda theirs: len(theirs) >= 3,
    } | {
        f"{one}+{two}": lambda theirs, pair=(one, two): set(pair) <= theirs
        for one, two in itertools.combinations(sources, 2)
    }
    expected = {
        (f"wards\x1f{piece}", name)
        for piece in set(homes.values())
        for name in groups
    } if sources else set()  # fmt: skip
    assert set(rows) == expected
    for (piece, name), row in rows.items():
        there = [who for who, code in homes.items() if piece == f"wards\x1f{code}"]
        assert row["residents"] == len(there)
        assert row["people"] == sum(groups[name](used.get(who, set())) for who in there), name


def test_contact_that_nobody_chose_is_no_visit():
    assert not is_visit("crime.offence") and not is_visit("education.attendance")
    assert not is_visit("contact.address")
    assert is_visit("finance.food-parcel") and is_visit("involvement.open-case")
