"""Law: the compiled rules and the plain reference never disagree. Then what rules mean, row by row."""

import datetime as dt
import json

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.intake.shapes import EVENTS, RECORDS
from wholeplace.partnership.definitions import Condition, Framework, Headline, Need, Rule
from wholeplace.people.conditions import number_conditions
from wholeplace.people.needs import find_needs
from wholeplace.people.reference import (
    Evidence,
    NeedFound,
    PlainEvent,
    age_in_years,
    evaluate_needs,
)

AS_OF = dt.date(2026, 3, 1)
KINDS = ("education.attendance", "crime.offence", "housing.rent-arrears")


@pytest.fixture(scope="module")
def store():
    with Store(threads=1) as opened:
        yield opened


def framework_of(*rules):
    needs = tuple(
        Need(id=f"need-{n}", label=f"Need {n}", rule=rule, evidence="any", source="test")
        for n, rule in enumerate(rules)
    )
    headline = Headline(id="headline", label="Headline", needs=needs)
    return Framework(
        id="trial",
        version="1",
        title="Trial",
        source="test",
        reviewed_on=AS_OF,
        headlines=(headline,),
    )


def by_sql(store, conditions, events, births, as_of):
    store.register(
        "events",
        pa.Table.from_pylist(
            [
                {
                    "event_id": e.event_id,
                    "dataset": "d",
                    "partner": "p",
                    "source_id": e.person_id,
                    "record_id": f"r-{e.person_id}",
                    "kind": e.kind,
                    "start_on": e.start_on,
                    "end_on": e.end_on,
                    "attributes": e.attributes,
                }
                for e in events
            ],
            schema=EVENTS,
        ),
    )
    people = sorted({e.person_id for e in events} | set(births))
    records = [
        dict.fromkeys(RECORDS.names)
        | {
            "record_id": f"r-{p}",
            "dataset": "d",
            "partner": "p",
            "source_id": p,
            "birth_date": births.get(p),
        }
        for p in people
    ]
    store.register("records", pa.Table.from_pylist(records, schema=RECORDS))
    links = {"record_id": [f"r-{p}" for p in people], "person_id": people}
    store.register("person_records", pa.table(links, schema=LINKS))
    for name in ("timeline", "person_births"):
        store.materialise(SqlFile.read("people", name))
    find_needs(store, conditions, as_of)
    needs = [
        NeedFound(
            row["person_id"],
            row["framework"],
            row["need"],
            row["since_on"],
            row["newest_on"],
            row["evidence"],
        )
        for row in store.rows("SELECT * FROM person_needs")
    ]
    evidence = [
        Evidence(
            row["person_id"],
            row["framework"],
            row["need"],
            row["event_id"],
            tuple(row["conditions"]),
        )
        for row in store.rows("SELECT * FROM need_evidence")
    ]
    return sorted(needs), sorted(evidence)


LINKS = pa.schema([("record_id", pa.string()), ("person_id", pa.string())])

near = st.integers(-40, 5).map(lambda n: AS_OF + dt.timedelta(days=n))
scalars = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, 1.0, -0.5, 0.1, 1e-7]),
    st.sampled_from(["", "a", "b", "true", "1", "2026-02-20", "É", "\U0001f600", "'; --", "0.5"]),
)
stored = st.one_of(scalars, st.none(), st.just([1]), st.just({"a": 1}))
names = st.sampled_from(["score", "kind", "a/b", "~x", "$.y", "with space"])
wheres = st.dictionaries(
    names,
    st.one_of(
        scalars.map(lambda v: {"eq": v}),
        st.lists(scalars, max_size=3).map(lambda v: {"in": v}),
        scalars.filter(lambda v: not isinstance(v, bool)).map(lambda v: {"gte": v}),
        scalars.filter(lambda v: not isinstance(v, bool)).map(lambda v: {"lte": v}),
        st.tuples(st.integers(-3, 0), st.integers(0, 3)).map(lambda v: {"gte": v[0], "lte": v[1]}),
    ),
    max_size=2,
)
ages = st.one_of(st.none(), st.integers(0, 20))
conditions = st.builds(
    Condition,
    event=st.sampled_from(KINDS),
    where=wheres,
    at_least=st.integers(1, 3),
    within_days=st.one_of(st.none(), st.integers(1, 40)),
    open=st.booleans(),
    age_from=ages,
    age_to=ages,
)
rules = st.builds(
    lambda every, some: Rule(all=tuple(every), any=tuple(some)),
    st.lists(conditions, max_size=2),
    st.lists(conditions, max_size=2),
).filter(lambda rule: rule.all or rule.any)
births = st.dictionaries(
    st.sampled_from("abc"),
    st.one_of(
        near,
        st.dates(dt.date(2004, 1, 1), dt.date(2026, 3, 1)),
        st.sampled_from([dt.date(2012, 2, 29), dt.date(2012, 3, 1), dt.date(2012, 2, 28)]),
    ),
)


@st.composite
def happenings(draw):
    parts = draw(
        st.lists(
            st.tuples(
                st.sampled_from("abc"),
                st.sampled_from(KINDS),
                near,
                st.one_of(st.none(), near),
                st.dictionaries(names, stored, max_size=3),
            ),
            max_size=12,
        )
    )
    return [
        PlainEvent(f"e{n}", person, kind, start, end, json.dumps(attributes))
        for n, (person, kind, start, end, attributes) in enumerate(parts)
    ]


@settings(
    max_examples=35, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(rules, min_size=1, max_size=3), happenings(), births)
def test_compiled_rules_equal_the_plain_reference(store, chosen, events, born):
    numbered = number_conditions([framework_of(*chosen)])
    expected = evaluate_needs(numbered, events, born, AS_OF)
    assert by_sql(store, numbered, events, born, AS_OF) == expected


@settings(deadline=None)
@given(st.dates(dt.date(1930, 1, 1), dt.date(2020, 1, 1)), st.integers(0, 40_000))
def test_age_grows_by_one_on_each_birthday_and_never_falls(born, days):
    on = born + dt.timedelta(days=days)
    age, tomorrow = age_in_years(born, on), age_in_years(born, on + dt.timedelta(days=1))
    assert tomorrow - age in (0, 1)
    assert 365.2425 * age - 2 <= days < 365.2425 * (age + 1) + 2


# given: days before the as-of day on which the event starts and ends, the condition; expected
SPEC = [
    ("on the as-of day counts", 0, None, {}, True),
    ("tomorrow does not count", -1, None, {}, False),
    ("last day of the window counts", 10, None, {"within_days": 10}, True),
    ("one day too old", 11, None, {"within_days": 10}, False),
    ("an end inside the window counts", 30, 5, {"within_days": 10}, True),
    ("an end before the window", 30, 11, {"within_days": 10}, False),
    ("an end after the as-of day is still open", 30, -5, {"open": True}, True),
    ("ended on the as-of day is still open", 30, 0, {"open": True}, True),
    ("ended yesterday is not open", 30, 1, {"open": True}, False),
    ("open spells are in every window", 300, None, {"open": True, "within_days": 10}, True),
    ("no end date, not asked for open", 300, None, {"within_days": 10}, False),
    ("attribute at the edge", 1, None, {"where": {"score": {"gte": 3}}}, True),
    ("whole and decimal numbers compare", 1, None, {"where": {"score": {"lte": 3.0}}}, True),
    ("text is not a number", 1, None, {"where": {"name": {"gte": 3}}}, False),
    ("null never matches", 1, None, {"where": {"none": {"in": ["x"]}}}, False),
    ("missing never matches", 1, None, {"where": {"absent": {"eq": "x"}}}, False),
    ("true is not 1", 1, None, {"where": {"flag": {"eq": 1}}}, False),
    ("true is true", 1, None, {"where": {"flag": {"eq": True}}}, True),
    ("dates compare as text", 1, None, {"where": {"day": {"gte": dt.date(2026, 1, 1)}}}, True),
    ("old enough on the day", 1, None, {"age_from": 14}, True),
    ("too young on the day", 1, None, {"age_from": 15}, False),
    ("two are needed", 1, None, {"at_least": 2}, False),
]


@pytest.mark.parametrize(("_", "start", "end", "extra", "shown"), SPEC, ids=[s[0] for s in SPEC])
def test_what_a_condition_means(store, _, start, end, extra, shown):
    attributes = {"score": 3, "name": "x", "none": None, "flag": True, "day": "2026-02-01"}
    event = PlainEvent(
        "e",
        "a",
        KINDS[0],
        AS_OF - dt.timedelta(days=start),
        None if end is None else AS_OF - dt.timedelta(days=end),
        json.dumps(attributes),
    )
    numbered = number_conditions([framework_of(Rule(all=(Condition(event=KINDS[0], **extra),)))])
    needs, _evidence = by_sql(store, numbered, [event], {"a": dt.date(2012, 1, 15)}, AS_OF)
    assert bool(needs) is shown
    plain, _evidence = evaluate_needs(numbered, [event], {"a": dt.date(2012, 1, 15)}, AS_OF)
    assert bool(plain) is shown


def test_an_age_is_never_guessed(store):
    event = PlainEvent("e", "a", KINDS[0], AS_OF, None, "{}")
    numbered = number_conditions([framework_of(Rule(all=(Condition(event=KINDS[0], age_to=200),)))])
    assert by_sql(store, numbered, [event], {}, AS_OF) == ([], [])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "no condition"),
        (Rule(all=(Condition(event="a.b", where={"x": {"in": "text"}}),)), "not a list"),
        (Rule(all=(Condition(event="a.b", where={"x": {"gte": True}}),)), "true or false"),
        (Rule(all=(Condition(event="a.b", where={"x": {"eq": {"y": 1}}}),)), "no value"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(rule, words):
    with pytest.raises(WholeplaceError, match=words) as caught:
        number_conditions([framework_of(rule)])
    assert "need-0" in str(caught.value)
