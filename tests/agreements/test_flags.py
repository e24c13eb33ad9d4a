"""Laws of flags: the strictest holds whatever the order, and no re-linking loses a statement."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import (
    Anchor,
    Flag,
    Statement,
    Subject,
    project_statements,
    standing_statements,
    strictest_flags,
    strictness,
)

ON = dt.date(2026, 3, 1)
KINDS = ("sealed", "restricted", "objection", "national-opt-out", "consent")
PURPOSES = ("", "safeguarding", "whole-family-support")

flags = st.builds(
    Flag,
    st.sampled_from(KINDS),
    st.sampled_from(["yes", "no", "unknown"]),
    st.sampled_from(PURPOSES),
    st.sampled_from(["police", "council", ""]),
)


def strict_of(flags_of, kind, purpose):
    found = [
        strictness(each.flag, each.value)
        for each in flags_of
        if (each.flag, each.purpose) == (kind, purpose)
    ]
    return max(found, default=-1)


@given(st.lists(flags, max_size=8), st.randoms())
def test_the_order_of_statements_does_not_count(stated, random):
    mixed = list(stated)
    random.shuffle(mixed)
    assert strictest_flags(mixed) == strictest_flags(stated)


@given(st.lists(flags, max_size=8))
def test_joining_again_changes_nothing(stated):
    assert strictest_flags(strictest_flags(stated)) == strictest_flags(stated)


@given(st.lists(flags, max_size=6), flags)
def test_one_more_statement_never_loosens(stated, more):
    before, after = strictest_flags(stated), strictest_flags([*stated, more])
    for kind in KINDS:
        for purpose in PURPOSES:
            assert strict_of(after, kind, purpose) >= strict_of(before, kind, purpose)


@given(st.lists(flags, max_size=6), st.lists(flags, max_size=6))
def test_two_people_made_one_are_protected_as_each_was(one, other):
    merged = strictest_flags((*strictest_flags(one), *strictest_flags(other)))
    assert merged == strictest_flags((*one, *other))
    subject = Subject("p", "", merged)
    for part in (one, other):
        alone = Subject("p", "", tuple(part))
        for kind in KINDS[:4]:
            for purpose in PURPOSES:
                assert strictness(kind, subject.value_of(kind, purpose)) >= strictness(
                    kind, alone.value_of(kind, purpose)
                )
        # Silence is neither an agreement nor a refusal, so it may give way to either.
        for purpose in PURPOSES:
            consent = alone.consent_to(purpose)
            if consent != "unstated":
                assert strictness("consent", subject.consent_to(purpose)) >= strictness(
                    "consent", consent
                )


@given(st.lists(flags, max_size=8))
def test_subjects_read_the_strictest_as_they_read_all(stated):
    every, strictest = Subject("p", "", tuple(stated)), Subject("p", "", strictest_flags(stated))
    for purpose in PURPOSES:
        assert every.consent_to(purpose) == strictest.consent_to(purpose)
        for kind in KINDS[:4]:
            assert every.value_of(kind, purpose) == strictest.value_of(kind, purpose)
    assert every.sealing_partners == strictest.sealing_partners


# ------------------------------------------------------------ statements made on screen

ANCHORS = [Anchor("d", str(n)) for n in range(5)]


def statement(name, flag="restricted", value="yes", anchors=(0,), **more):
    chosen = frozenset(ANCHORS[n] for n in anchors)
    given_ = {"purpose": "safeguarding" if flag in ("consent", "objection") else ""}
    given_ |= {"partner": "council", "person_id": "p", "reached": chosen} | more
    return Statement(name, flag, value, anchors=chosen, **given_)


def flags_after(statements, linking, reached=None, on=ON):
    people_at = {ANCHORS[n]: {person} for n, person in enumerate(linking)}
    return project_statements(statements, people_at, reached or {}, on).flags


def value_of(found, person, flag="restricted"):
    return next((each.value for each in found.get(person, ()) if each.flag == flag), None)


linkings = st.lists(st.sampled_from("PQR"), min_size=5, max_size=5)
anchor_sets = st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True).map(tuple)


@given(anchor_sets, linkings, linkings, st.sampled_from(["restricted", "sealed", "objection"]))
def test_what_protects_follows_every_anchor_through_merges_and_splits(at, before, after, flag):
    made = statement("s", flag, anchors=at)
    for linking in (before, after):
        found = flags_after([made], linking)
        for n in at:
            assert value_of(found, linking[n], flag) == "yes"


@given(anchor_sets, linkings)
def test_an_agreement_holds_of_one_person_or_of_nobody(at, linking):
    found = flags_after([statement("s", "consent", "yes", anchors=at)], linking)
    held = {linking[n] for n in at}
    wanted = "yes" if len(held) == 1 else "unknown"
    assert {person: value_of(found, person, "consent") for person in held} == dict.fromkeys(
        held, wanted
    )
    assert set(found) == held


@given(linkings, st.lists(st.sampled_from(["yes", "no"]), min_size=1, max_size=5))
def test_the_newest_word_of_a_resident_stands(linking, words):
    made = []
    for n, word in enumerate(words):
        replaces = (made[-1].id,) if made else ()
        made.append(statement(str(n), "consent", word, anchors=(0,), replaces=replaces))
    found = flags_after(made, linking)
    assert value_of(found, linking[0], "consent") == words[-1]
    assert {each.id for each in standing_statements(made).values()} == {made[-1].id}


def test_reach_keeps_a_person_protected_whose_records_left():
    made = statement("s", "sealed", guardians=frozenset({"7"}))
    found = flags_after([made], "PQQQQ", {"s": {"Q", "P"}})
    assert value_of(found, "Q", "sealed") == value_of(found, "P", "sealed") == "yes"


def test_only_those_whom_the_anchors_lead_to_are_freed_by_a_later_agreement():
    refused = statement("a", "consent", "no")
    agreed = statement("b", "consent", "yes", replaces=("a",))
    found = flags_after([refused, agreed], "PQQQQ", {"a": {"P", "Q"}})
    assert value_of(found, "P", "consent") == "yes"
    assert value_of(found, "Q", "consent") == "unknown"


def test_a_lift_frees_everybody_whom_that_statement_reached_and_no_other():
    one = statement("a", "restricted")
    other = statement("b", "restricted", partner="police")
    lifted = statement("c", "restricted", "no", replaces=("a",))
    found = flags_after([one, lifted], "PQQQQ", {"a": {"P", "Q"}})
    assert value_of(found, "P") == value_of(found, "Q") == "no"
    found = flags_after([one, other, lifted], "PPPPP")
    assert value_of(found, "P") == "yes"


@pytest.mark.parametrize(("day", "expected"), [(0, "yes"), (1, "unknown")])
def test_an_agreement_that_ran_out_is_not_known(day, expected):
    made = statement("s", "consent", "yes", holds_until=ON)
    found = flags_after([made], "PPPPP", on=ON + dt.timedelta(days=day))
    assert value_of(found, "P", "consent") == expected


def test_a_refusal_never_runs_out():
    made = statement("s", "consent", "no", holds_until=ON)
    found = flags_after([made], "PPPPP", on=ON + dt.timedelta(days=900))
    assert value_of(found, "P", "consent") == "no"


def test_an_entry_that_was_a_mistake_says_nothing_and_stays_in_the_history():
    made = [statement("a"), replace(statement("b", replaces=("a",)), value="")]
    people_at = {ANCHORS[0]: {"P"}}
    found = project_statements(made, people_at, {}, ON)
    assert found.flags.get("P", ()) == ()
    assert found.statements["P"] == {"a", "b"}


# ------------------------------------------------------------ guardians


def guardians_of(statements, linking, sealing=("council",)):
    people_at = {ANCHORS[n]: {person} for n, person in enumerate(linking)}
    return project_statements(statements, people_at, {}, ON).guardians("P", sealing)


def test_two_partners_seals_leave_only_guardians_of_both():
    seals = [
        statement("a", "sealed", guardians=frozenset({"1", "2"})),
        statement("b", "sealed", partner="police", guardians=frozenset({"2", "3"})),
    ]
    assert guardians_of(seals, "PPPPP", ("council", "police")) == {"2"}
    assert guardians_of(seals[:1], "PPPPP") == {"1", "2"}


def test_a_seal_from_an_extract_that_named_nobody_leaves_nobody():
    seal = statement("a", "sealed", guardians=frozenset({"1"}))
    assert guardians_of([seal], "PPPPP", ("council", "police")) == frozenset()
    assert guardians_of([], "PPPPP") == frozenset()


@given(st.sets(st.sampled_from("123")), st.sets(st.sampled_from("123")), linkings)
def test_a_merge_never_adds_a_guardian(one, other, linking):
    seals = [
        statement("a", "sealed", anchors=(0,), guardians=frozenset(one)),
        statement("b", "sealed", anchors=(1,), guardians=frozenset(other)),
    ]
    people_at = {ANCHORS[n]: {person} for n, person in enumerate(linking)}
    found = project_statements(seals, people_at, {}, ON)
    for n, allowed in enumerate((one, other)):
        assert found.guardians(linking[n], ("council",)) <= allowed
