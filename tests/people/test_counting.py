"""Law: who and what is counted is what decisions on each person say. Then needs on part of the evidence."""

import datetime as dt
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements import (
    PLANNING,
    Agreement,
    Clause,
    CountableFact,
    Flag,
    Level,
    MemorySignOffs,
    Party,
    Reason,
    Request,
    SignOff,
    Subject,
    Viewer,
    agreement_hash,
    compile_rules,
    countable_facts,
    counting_roles,
    decide,
    terms_of,
)
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.intake.shapes import EVENTS, RECORDS
from wholeplace.partnership.definitions import Condition, Framework, Headline, Need, Rule
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.people.conditions import number_conditions
from wholeplace.people.counting import count_needs
from wholeplace.people.needs import find_needs
from wholeplace.people.reference import PlainEvent, evaluate_needs

AT = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
AS_OF = AT.date()
ANALYST = Viewer("u1", "council", "analyst")
KINDS = ("education.attendance", "crime.offence", "housing.rent-arrears")
PARTNERS = ("council", "police")
VALUES = ("yes", "no", "unknown")
FLAGS = st.lists(
    st.builds(
        lambda flag, value, purpose: Flag(flag, value, purpose, "council"),
        st.sampled_from(["sealed", "restricted", "objection", "national-opt-out", "consent"]),
        st.sampled_from(VALUES),
        st.sampled_from(["", PLANNING, "safeguarding"]),
    ),
    max_size=4,
    unique_by=lambda each: (each.flag, each.purpose),
)
CONSENT = st.sampled_from(["none", "required", "unless-refused"])


@pytest.fixture(scope="module")
def store():
    with Store(threads=1) as opened:
        yield opened


def rules_with(*clauses):
    agreement = Agreement(
        id="planning",
        version="1",
        vocabulary=1,
        title="Planning",
        purposes=(PLANNING, "safeguarding"),
        why="To test.",
        parties=tuple(
            Party(partner=each, lawful_basis="6(1)(e)", legal_power="An Act") for each in PARTNERS
        ),
        dpia="D1",
        starts_on=dt.date(2025, 1, 1),
        ends_on=dt.date(2030, 1, 1),
        review_on=dt.date(2029, 1, 1),
        contact="a@council.example",
        clauses=clauses,
    )
    signed = [
        SignOff("planning", agreement_hash(agreement), each, "signatory", AT) for each in PARTNERS
    ]
    rules = compile_rules([agreement], MemorySignOffs(signed), AS_OF, terms_of(load_vocabulary()))
    return agreement, rules


def clause(name, fields, *, purpose=PLANNING, roles=("analyst",), consent="none", source="police"):
    return Clause(
        id=name,
        source=source,
        recipient="council",
        roles=roles,
        purpose=purpose,
        fields=fields,
        level=Level.EXISTENCE,
        consent=consent,
        retention_days=30,
    )


def put(store, events, flags):
    """Put people, flags, homes in one area and evidence of needs into a store."""
    people = sorted({each.person_id for each, _ in events} | set(flags))
    links = {"person_id": people, "record_id": people}
    store.register("person_records", pa.table(links))
    stated = [
        {
            "person_id": who,
            "flag": f.flag,
            "purpose": f.purpose,
            "value": f.value,
            "partner": f.partner,
        }
        for who, theirs in flags.items()
        for f in theirs
    ]
    names = ("person_id", "flag", "purpose", "value", "partner")
    text = pa.schema([(name, pa.string()) for name in names])
    store.register("subject_flags", pa.Table.from_pylist(stated, schema=text))
    homes = {"person_id": people, "partner": ["council"] * len(people)}
    homes |= {"area_set": ["wards"] * len(people), "area_code": ["W1"] * len(people)}
    store.register("person_areas", pa.table(homes | {"recency": [1] * len(people)}))
    store.register("areas", pa.table({"area_set": ["wards"], "area_code": ["W1"]}))


@settings(deadline=None)
@given(st.lists(FLAGS, min_size=1, max_size=8), CONSENT)
def test_a_person_is_counted_exactly_where_they_would_be_decided_on(store, stated, consent):
    flags = {f"p{n}": theirs for n, theirs in enumerate(stated)}
    _, rules = rules_with(
        clause("c1", ("contact.address",), source="council", consent=consent),
    )
    put(store, [], flags)
    find_nothing(store)
    count_needs(store, countable_facts(rules))
    counted = {row["person_id"] for row in store.rows("SELECT person_id FROM countable_homes")}
    for who, theirs in flags.items():
        subject = Subject(who, "", tuple(theirs))
        reason = Reason("r", "duty", "", frozenset({who}), AT, None, "u1")
        request = Request(ANALYST, PLANNING, reason, AT, subject)
        decision = decide(rules, request, "council", "contact.address")
        # At existence a decision does not tell a restricted person apart; a count leaves them out.
        may = decision.level > Level.NOTHING and subject.value_of("restricted") == "no"
        assert (who in counted) is may, theirs


def find_nothing(store):
    empty = "CREATE OR REPLACE TABLE {} AS SELECT {} WHERE false"
    text = ", ".join(
        f"'' AS {name}" for name in ("person_id", "framework", "need", "partner", "kind")
    )
    store.run(empty.format("need_evidence", f"{text}, [0] AS conditions"))
    text = ", ".join(f"'' AS {name}" for name in ("framework", "need", "joined"))
    store.run(empty.format("need_conditions", f"{text}, 0 AS condition, 1 AS at_least"))


CONDITIONS = st.builds(
    Condition, event=st.sampled_from(KINDS), at_least=st.integers(1, 2), within_days=st.none()
)
RULES = st.builds(
    Rule,
    all=st.lists(CONDITIONS, max_size=2).map(tuple),
    any=st.lists(CONDITIONS, max_size=2).map(tuple),
).filter(lambda rule: rule.all or rule.any)
HAPPENED = st.lists(
    st.tuples(st.sampled_from(["ann", "bob"]), st.sampled_from(KINDS), st.sampled_from(PARTNERS)),
    max_size=10,
)
COVER = st.sets(st.tuples(st.sampled_from(PARTNERS), st.sampled_from(KINDS)))


@settings(deadline=None)
@given(st.lists(RULES, min_size=1, max_size=3), HAPPENED, COVER)
def test_a_need_is_counted_exactly_where_its_rule_holds_on_covered_evidence(
    store, rules, happened, cover
):
    needs = tuple(
        Need(id=f"n{n}", label="N", rule=rule, evidence="any", source="test")
        for n, rule in enumerate(rules)
    )
    framework = Framework(
        id="f", version="1", title="F", source="test", reviewed_on=AS_OF,
        headlines=(Headline(id="h", label="H", needs=needs),),
    )  # fmt: skip
    events = [
        (PlainEvent(f"e{n}", who, kind, dt.date(2026, 1, 1), dt.date(2026, 1, 2), "{}"), partner)
        for n, (who, kind, partner) in enumerate(happened)
    ]
    put(store, events, {"ann": [], "bob": []})
    timeline(store, events)
    conditions = number_conditions([framework])
    find_needs(store, conditions, AS_OF)
    facts = [CountableFact("council", *pair, "none") for pair in sorted(cover)]
    count_needs(store, [*facts, CountableFact("council", "council", "contact.address", "none")])
    covered = [each for each, partner in events if (partner, each.kind) in cover]
    expected, _ = evaluate_needs(conditions, covered, {}, AS_OF)
    rows = store.rows("SELECT person_id, need FROM countable_needs ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [
        (each.person_id, each.need) for each in expected
    ]
    people = {row["need"]: row["people"] for row in store.rows("FROM area_needs")}
    for need in needs:
        assert people[need.id] == sum(each.need == need.id for each in expected)


def timeline(store, events):
    rows = [
        {
            "event_id": e.event_id,
            "record_id": e.person_id,
            "dataset": "d",
            "partner": partner,
            "source_id": e.person_id,
            "kind": e.kind,
            "start_on": e.start_on,
            "end_on": e.end_on,
            "attributes": json.dumps({}),
        }
        for e, partner in events
    ]
    store.register("events", pa.Table.from_pylist(rows, schema=EVENTS))
    store.register("records", pa.Table.from_pylist([], schema=RECORDS))
    for name in ("timeline", "person_births"):
        store.materialise(SqlFile.read("people", name))


def test_a_role_has_what_clauses_that_name_it_cover_and_no_more():
    agreement, rules = rules_with(
        clause("c1", ("crime",), roles=("analyst", "commissioner"), consent="required"),
        clause("c2", ("crime.offence",), roles=("analyst",)),
        clause("c3", ("education",), purpose="safeguarding", roles=("practitioner",)),
    )
    analyst = countable_facts(rules, "council", "analyst")
    commissioner = countable_facts(rules, "council", "commissioner")
    assert CountableFact("council", "police", "crime.offence", "none") in analyst
    assert all(fact.consent == "required" for fact in commissioner) and commissioner
    assert not CountableFact("council", "police", "crime.offence", "none").is_within(commissioner)
    assert all(fact.is_within(analyst) for fact in commissioner)
    assert countable_facts(rules, "council", "practitioner") == ()
    assert countable_facts(rules, "police") == ()
    assert counting_roles([agreement]) == {"analyst", "commissioner"}


def test_people_whom_one_set_of_areas_does_not_place_are_counted_in_none(store):
    put(store, [], {"ann": [], "bob": []})
    store.run("DROP VIEW IF EXISTS person_areas; DROP VIEW IF EXISTS areas")
    store.register(
        "person_areas",
        pa.table(
            {
                "person_id": ["ann", "ann", "bob", "bob"],
                "partner": ["council"] * 4,
                "area_set": ["wards", "beats"] * 2,
                "area_code": ["W1", "B1", "W1", None],
                "recency": [1] * 4,
            }
        ),
    )
    store.register("areas", pa.table({"area_set": ["wards", "beats"], "area_code": ["W1", "B1"]}))
    find_nothing(store)
    count_needs(store, [CountableFact("council", "council", "contact.address", "none")])
    rows = store.rows("SELECT person_id, area_set FROM countable_homes ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [("ann", "beats"), ("ann", "wards")]
