"""Facts of a family, whether it held, samples, returns, and the life of a claim."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.outcomes.claims.facts import FamilyRecord, find_facts
from wholeplace.outcomes.claims.judging import judge_claim, passes
from wholeplace.outcomes.claims.life import CLAIM_LIFE, claim_actors
from wholeplace.outcomes.claims.payments import result_due
from wholeplace.outcomes.claims.returns import CaseLine, make_return, reconcile_return
from wholeplace.outcomes.claims.sampling import draw_sample, sample_size
from wholeplace.outcomes.holding import HeldEvent, needs_since
from wholeplace.partnership import load_framework
from wholeplace.partnership.programmes.terms import FactTest
from wholeplace.people.reference import PlainEvent

SF = load_framework("supporting-families", "2022")
TF = load_framework("troubled-families", "2012")
JOINED, CLOSED, TODAY = dt.date(2025, 1, 10), dt.date(2025, 9, 1), dt.date(2026, 6, 1)
BIRTHS = {"mum": dt.date(1990, 5, 1), "child": dt.date(2014, 5, 1)}


def happened(
    kind: str,
    on: dt.date,
    who: str = "child",
    *,
    ended: dt.date | None = None,
    **attributes: object,
) -> HeldEvent:
    name = f"{kind}-{on}-{who}"
    return HeldEvent(
        PlainEvent(name, who, kind, on, ended, json.dumps(attributes)), "a-partner", "a-dataset"
    )


BEFORE = [
    happened("education.attendance", JOINED - dt.timedelta(days=200), absence_share=0.2),
    happened("education.attendance", JOINED - dt.timedelta(days=90), absence_share=0.3),
    happened("safeguarding.child-in-need", JOINED - dt.timedelta(days=60), ended=CLOSED),
    happened("domestic-abuse.incident", JOINED - dt.timedelta(days=30), who="mum", role="victim"),
    happened("crime.offence", JOINED - dt.timedelta(days=50), who="mum"),
]
RECORD = FamilyRecord(
    "F-0001", ("child", "mum"), JOINED, JOINED + dt.timedelta(days=9), JOINED + dt.timedelta(days=20),
    CLOSED, has_lead=True,
)  # fmt: skip


def failed(record: FamilyRecord, events: list[HeldEvent], on: dt.date = TODAY) -> set[str]:
    assert SF.claims is not None
    facts = find_facts(SF, record, events, BIRTHS, on)
    return {each.rule.id for each in judge_claim(SF.claims, facts).failed}


def test_a_family_whose_needs_are_met_and_held_may_be_claimed() -> None:
    assert failed(RECORD, BEFORE) == set()


def test_every_failed_rule_is_listed_not_the_first_alone() -> None:
    bare = FamilyRecord("F-0001", ("child", "mum"), JOINED)
    assert failed(bare, []) == {
        "enough-needs", "whole-family-assessment", "lead-practitioner", "one-plan",
        "work-has-ended", "needs-met", "sustained",
    }  # fmt: skip


@pytest.mark.parametrize(("days", "holds"), [(181, False), (182, True)])
def test_it_has_held_on_the_last_of_the_days_and_not_before(days: int, holds: bool) -> None:
    on = CLOSED + dt.timedelta(days=days)
    assert ("sustained" not in failed(RECORD, BEFORE, on)) is holds


def test_what_happens_again_within_half_a_year_breaks_it_with_its_evidence() -> None:
    again = happened("safeguarding.child-in-need", CLOSED + dt.timedelta(days=100))
    assert SF.claims is not None
    facts = find_facts(SF, RECORD, [*BEFORE, again], BIRTHS, TODAY)
    result = next(r for r in judge_claim(SF.claims, facts).rules if r.rule.id == "needs-met")
    assert not result.passed and result.evidence == (again.event.event_id,)
    later = happened("safeguarding.child-in-need", CLOSED + dt.timedelta(days=183))
    assert failed(RECORD, [*BEFORE, later]) == set(), "after half a year it is another story"


def test_a_need_that_the_family_did_not_bring_is_no_unmet_need() -> None:
    new = happened("housing.eviction-notice", CLOSED + dt.timedelta(days=30), who="mum")
    assert failed(RECORD, [*BEFORE, new]) == set()


def test_a_need_that_came_up_while_the_work_went_on_must_be_met_too() -> None:
    during = happened("housing.eviction-notice", CLOSED - dt.timedelta(days=30), who="mum")
    again = happened("housing.eviction-notice", CLOSED + dt.timedelta(days=30), who="mum")
    assert failed(RECORD, [*BEFORE, during]) == set()
    assert failed(RECORD, [*BEFORE, during, again]) == {"needs-met"}


def test_a_spell_that_goes_on_has_not_ended_however_long_ago_it_began() -> None:
    benefit = happened("work.unemployment-claim", JOINED - dt.timedelta(days=400), who="mum")
    ended = happened(
        "work.unemployment-claim", JOINED - dt.timedelta(days=400), who="mum", ended=JOINED
    )
    shown = needs_since(SF, [benefit], BIRTHS, CLOSED, TODAY)
    assert {each.event_ids for each in shown} == {(benefit.event.event_id,)}
    assert not needs_since(SF, [ended], BIRTHS, CLOSED, TODAY)


@pytest.mark.parametrize(
    ("before", "after", "falls"),
    [(5, 2, True), (5, 3, False), (10, 4, True), (10, 5, False), (0, 0, True), (0, 1, False)],
)
def test_antisocial_behaviour_falls_by_sixty_per_cent_in_whole_numbers(
    before: int, after: int, falls: bool
) -> None:
    test = FactTest(fact="antisocial_after", falls_by_percent=60, since="antisocial_before")
    assert passes(test, {"antisocial_before": before, "antisocial_after": after}) is falls


@pytest.mark.parametrize(
    ("before", "after", "falls"), [(3, 2, True), (3, 3, False), (100, 67, True), (100, 68, False)]
)
def test_youth_offending_falls_by_thirty_three_per_cent(
    before: int, after: int, falls: bool
) -> None:
    test = FactTest(fact="offences_after", falls_by_percent=33, since="offences_before")
    assert passes(test, {"offences_before": before, "offences_after": after}) is falls


def test_phase_one_counts_school_by_the_worst_child() -> None:
    """More than 85 per cent attendance and fewer than three exclusions, each child (2012)."""
    assert TF.claims is not None
    terms = [
        happened("education.attendance", TODAY - dt.timedelta(days=d), absence_share=s)
        for d, s in ((300, 0.1499), (100, 0.15))
    ]
    suspended = [
        happened("education.suspension", TODAY - dt.timedelta(days=d)) for d in (10, 20, 30)
    ]
    record = FamilyRecord("F-0001", ("child", "mum"), JOINED)

    def school(events: list[HeldEvent]) -> bool:
        assert TF.claims is not None
        facts = find_facts(TF, record, events, BIRTHS, TODAY)
        return next(
            r.passed
            for r in judge_claim(TF.claims, facts).rules
            if r.rule.id == "children-in-school"
        )

    assert school(terms[:1]) and not school(terms)
    assert school(suspended[:2]) and not school(suspended)


def test_what_is_not_known_passes_no_test_but_the_one_that_asks_for_it() -> None:
    assert not passes(FactTest(fact="needs_unmet", at_most=5), {})
    assert not passes(FactTest(fact="has_lead", equals=False), {})
    assert passes(FactTest(fact="closed_on", known=False), {})


def test_nothing_is_due_where_nothing_was_earned_or_no_amount_is_stated() -> None:
    assert SF.claims is not None
    for earned in ([], ["outcome"]):
        with pytest.raises(UnsafeActionError):
            result_due(SF.claims, "2025-26", earned)


refs = st.lists(st.integers(1, 9999).map("C-{:04d}".format), max_size=60, unique=True)


@given(refs, st.text(max_size=20), st.integers(0, 20))
def test_a_sample_can_be_drawn_again_by_anybody(claims: list[str], seed: str, size: int) -> None:
    drawn = draw_sample(claims, seed, size)
    assert drawn == draw_sample(reversed(claims), seed, size)
    assert len(drawn) == min(size, len(claims)) == len(set(drawn))
    assert set(drawn) <= set(claims)
    assert draw_sample(claims, seed, size + 1)[: len(drawn)] == drawn, "a larger one holds it"


def test_a_sample_is_a_tenth_and_never_fewer_than_five() -> None:
    assert SF.claims is not None
    assert [sample_size(SF.claims, n) for n in (0, 3, 5, 50, 51, 101)] == [0, 3, 5, 5, 6, 11]


days = st.none() | st.integers(0, 120).map(lambda n: dt.date(2026, 1, 1) + dt.timedelta(days=n))


@st.composite
def cases(draw: st.DrawFn) -> list[CaseLine]:
    numbers = draw(st.lists(st.integers(1, 99), max_size=12, unique=True))
    return [
        CaseLine(f"F-{n:04d}", draw(days), draw(days), draw(st.booleans()), draw(days), draw(days), draw(days), draw(st.integers(0, 90_000)))
        for n in numbers
    ]  # fmt: skip


PERIOD = (dt.date(2026, 1, 10), dt.date(2026, 3, 31))


@given(cases(), cases())
def test_every_difference_of_a_return_is_explained_family_by_family(
    then: list[CaseLine], now: list[CaseLine]
) -> None:
    sent = {
        each.line.id: {
            ref: next(c.pence for c in then if c.ref == ref)
            if each.line.counts == "pence-claimed"
            else 1
            for ref in each.refs
        }
        for each in make_return(SF.returns, then, *PERIOD)
    }
    counted = make_return(SF.returns, now, *PERIOD)
    found = reconcile_return(sent, counted, now)
    for result in counted:
        was = sent[result.line.id]
        gone = {d.ref for d in found if d.line == result.line.id and d.kind == "only-sent"}
        new = {d.ref for d in found if d.line == result.line.id and d.kind == "only-now"}
        assert (was.keys() - gone) | new == set(result.refs), (
            "sent and differences give what is counted now"
        )
        assert all(each.why for each in found)
    if then == now:
        assert not found


def test_whoever_claims_neither_approves_nor_audits() -> None:
    claimer = claim_actors("1", "a", "programme-lead", claimed_by="1", of="a")
    assert {each.event for each in CLAIM_LIFE.steps_from("claimed", claimer)} == {"withdraw"}
    for role in ("finance-lead", "auditor"):
        assert not claim_actors("1", "a", role, claimed_by="1", of="a")
    finance = claim_actors("2", "a", "finance-lead", claimed_by="1", of="a")
    auditor = claim_actors("3", "a", "auditor", claimed_by="1", of="a")
    assert {each.event for each in CLAIM_LIFE.steps_from("claimed", finance)} == {
        "approve",
        "refuse",
    }
    assert not CLAIM_LIFE.steps_from("claimed", auditor)
    assert {each.event for each in CLAIM_LIFE.steps_from("paid", auditor)} == {
        "find-right",
        "find-wrong",
    }
    assert not claim_actors("3", "b", "auditor", claimed_by="1", of="a")
