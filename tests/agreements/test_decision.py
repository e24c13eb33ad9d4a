"""Laws of the decision, then a table of what each circumstance gives."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements import (
    Flag,
    Level,
    Request,
    Viewer,
    compile_rules,
    decide,
    decide_page,
    kept_fields,
    lowest_of,
)

from .reference import is_in_force, level_by_prose
from .worlds import (
    FIELDS,
    PARTNERS,
    PURPOSES,
    TERMS,
    TODAY,
    World,
    agreement,
    clause,
    flags,
    people,
    person,
    reason,
    request,
    requests,
    rules_of,
    signed,
    worlds,
)

EVERYTHING = [(source, field) for source in PARTNERS for field in FIELDS]


def levels(world: World, asked: Request) -> dict[tuple[str, str], Level]:
    page = decide_page(world.rules(), asked, EVERYTHING)
    return {key: decision.level for key, decision in page.items()}


# Laws


@given(worlds(), requests())
@settings(max_examples=120)
def test_decisions_are_those_of_the_plain_reference(world: World, asked: Request) -> None:
    found = levels(world, asked)
    assert found == {key: level_by_prose(world, asked, *key) for key in EVERYTHING}


@given(worlds(), requests(), st.data())
def test_taking_a_clause_away_never_shows_more(
    world: World, asked: Request, data: st.DataObject
) -> None:
    before = levels(world, asked)
    index = data.draw(st.integers(0, len(world.agreements) - 1))
    chosen = world.agreements[index]
    gone = data.draw(st.integers(0, len(chosen.clauses) - 1))
    kept = chosen.clauses[:gone] + chosen.clauses[gone + 1 :]
    changed = list(world.agreements)
    changed[index] = chosen.model_copy(update={"clauses": kept})
    sign_offs = world.sign_offs
    for each in signed(*changed).sign_offs(chosen.id):
        sign_offs.sign(each)
    after = levels(World(tuple(changed), sign_offs, world.on), asked)
    assert all(after[key] <= before[key] for key in EVERYTHING)


@given(worlds(), requests(), flags)
def test_adding_a_block_never_shows_more(world: World, asked: Request, flag: Flag) -> None:
    subject = asked.subject
    assert subject is not None
    if flag.flag == "consent":  # agreeing opens; every other statement closes
        flag = replace(flag, value="no")
    blocked = asked.about(replace(subject, flags=(*subject.flags, flag)))
    before, after = levels(world, asked), levels(world, blocked)
    assert all(after[key] <= before[key] for key in EVERYTHING)


@given(worlds(), requests())
def test_what_is_not_in_force_is_as_if_absent(world: World, asked: Request) -> None:
    rules = world.rules()
    live = World(
        tuple(each for each in world.agreements if is_in_force(world, each)),
        world.sign_offs,
        world.on,
    ).rules()
    assert rules.hash == live.hash
    for source, field in EVERYTHING:
        one, other = decide(rules, asked, source, field), decide(live, asked, source, field)
        assert (one.level, one.clauses, one.blocks) == (other.level, other.clauses, other.blocks)


@given(worlds(), requests(), st.randoms(use_true_random=False))
def test_the_order_of_clauses_and_agreements_does_not_matter(
    world: World, asked: Request, random: object
) -> None:
    shuffled = []
    for each in world.agreements:
        mixed = list(each.clauses)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        shuffled.append(each.model_copy(update={"clauses": tuple(mixed)}))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    sign_offs = signed(*shuffled)
    for each in world.agreements:
        for stop in world.sign_offs.suspensions(each.id):
            sign_offs.suspend(stop)
    assert levels(World(tuple(shuffled), sign_offs, world.on), asked) == levels(world, asked)


@given(worlds(), requests(), flags)
def test_an_unknown_flag_blocks_as_yes_would(world: World, asked: Request, flag: Flag) -> None:
    if flag.flag == "consent":
        unknown, strict = replace(flag, value="unknown"), replace(flag, value="no")
    else:
        unknown, strict = replace(flag, value="unknown"), replace(flag, value="yes")
    subject = asked.subject
    assert subject is not None
    one = asked.about(replace(subject, flags=(*subject.flags, unknown)))
    other = asked.about(replace(subject, flags=(*subject.flags, strict)))
    assert levels(world, one) == levels(world, other)


@given(worlds(), requests(), st.lists(people, min_size=1, max_size=4))
@settings(max_examples=40)
def test_a_household_is_shown_at_the_least_of_its_people(
    world: World, asked: Request, members: list[object]
) -> None:
    rules = world.rules()
    each_asked = [asked.about(member) for member in members]  # type: ignore[arg-type]
    for source, field in EVERYTHING:
        each = [decide(rules, one, source, field) for one in each_asked]
        together = lowest_of(each)
        assert together.level == min(one.level for one in each)


@given(worlds(), requests())
def test_near_misses_always_offer_more_and_need_one_thing(world: World, asked: Request) -> None:
    rules = world.rules()
    for source, field in EVERYTHING:
        decision = decide(rules, asked, source, field)
        for miss in decision.near_misses:
            assert miss.level > decision.level
            bound = rules.clauses[miss.clause]
            mended = asked
            if miss.but_for == "role":
                viewer = replace(asked.viewer, role=bound.clause.roles[0])
                mended = replace(asked, viewer=viewer)
            elif miss.but_for == "reason":
                mended = replace(asked, reason=reason())
            elif miss.but_for == "consent":
                assert asked.subject is not None
                stated = tuple(f for f in asked.subject.flags if f.flag != "consent")
                agreed = Flag("consent", "yes", asked.purpose)
                mended = asked.about(replace(asked.subject, flags=(*stated, agreed)))
            else:
                continue
            assert decide(rules, mended, source, field).level >= miss.level


@given(worlds())
def test_intake_keeps_exactly_what_somebody_could_see(world: World) -> None:
    rules = world.rules()
    for partner in PARTNERS:
        seen = {
            key[4]
            for key, found in rules.index.items()
            if key[3] == partner and any(each.level > 0 for each in found)
        }
        assert kept_fields(rules, partner) == seen


@given(worlds(), requests())
def test_without_a_live_reason_nobody_learns_more_than_existence(
    world: World, asked: Request
) -> None:
    without = replace(asked, reason=None)
    assert all(level <= Level.EXISTENCE for level in levels(world, without).values())


@given(worlds(), requests())
def test_every_level_has_its_clauses(world: World, asked: Request) -> None:
    rules = world.rules()
    for source, field in EVERYTHING:
        decision = decide(rules, asked, source, field)
        assert bool(decision.clauses) == (decision.level > Level.NOTHING)
        for ref in decision.clauses:
            if ref != "own-data":
                assert rules.clauses[ref].is_in_force
                assert rules.clauses[ref].level >= decision.level


# What each circumstance gives

CIRCUMSTANCES = [
    ("nothing stated", (), "none", Level.SUMMARY, ()),
    ("sealed", (Flag("sealed", "yes"),), "none", Level.NOTHING, ("sealed",)),
    ("perhaps sealed", (Flag("sealed", "unknown"),), "none", Level.NOTHING, ("sealed",)),
    ("not sealed", (Flag("sealed", "no"),), "none", Level.SUMMARY, ()),
    ("restricted", (Flag("restricted", "yes"),), "none", Level.EXISTENCE, ("restricted",)),
    (
        "perhaps restricted",
        (Flag("restricted", "unknown"),),
        "none",
        Level.EXISTENCE,
        ("restricted",),
    ),
    (
        "objects to this",
        (Flag("objection", "yes", PURPOSES[0]),),
        "none",
        Level.NOTHING,
        ("objection",),
    ),
    ("objects to all", (Flag("objection", "yes"),), "none", Level.NOTHING, ("objection",)),
    ("objects to other", (Flag("objection", "yes", PURPOSES[1]),), "none", Level.SUMMARY, ()),
    ("opted out, care", (Flag("national-opt-out", "yes"),), "none", Level.SUMMARY, ()),
    ("consent not stated", (), "required", Level.NOTHING, ("consent",)),
    (
        "consent unknown",
        (Flag("consent", "unknown", PURPOSES[0]),),
        "required",
        Level.NOTHING,
        ("consent",),
    ),
    ("consent given", (Flag("consent", "yes", PURPOSES[0]),), "required", Level.SUMMARY, ()),
    (
        "consent to other",
        (Flag("consent", "yes", PURPOSES[1]),),
        "required",
        Level.NOTHING,
        ("consent",),
    ),
    (
        "consent to nothing named",
        (Flag("consent", "yes"),),
        "required",
        Level.NOTHING,
        ("consent",),
    ),
    (
        "consent given and refused",
        (Flag("consent", "yes", PURPOSES[0]), Flag("consent", "no", PURPOSES[0])),
        "required",
        Level.NOTHING,
        ("consent",),
    ),
    ("refusal not stated", (), "unless-refused", Level.SUMMARY, ()),
    (
        "refused",
        (Flag("consent", "no", PURPOSES[0]),),
        "unless-refused",
        Level.NOTHING,
        ("consent",),
    ),
    ("refused all", (Flag("consent", "no"),), "unless-refused", Level.NOTHING, ("consent",)),
    (
        "perhaps refused",
        (Flag("consent", "unknown", PURPOSES[0]),),
        "unless-refused",
        Level.NOTHING,
        ("consent",),
    ),
]


@pytest.mark.parametrize(
    ("stated", "consent", "level", "blocks"),
    [each[1:] for each in CIRCUMSTANCES],
    ids=[each[0] for each in CIRCUMSTANCES],
)
def test_circumstance(
    stated: tuple[Flag, ...], consent: str, level: Level, blocks: tuple[str, ...]
) -> None:
    rules = rules_of(agreement("family", clause(consent=consent)))
    decision = decide(rules, request(subject=person(*stated)), "police", "crime.offence")
    assert (decision.level, decision.blocks) == (level, blocks)


FACTORS = [
    ("not counted", None, "none", Level.NOTHING, ("factors",)),
    ("none known", 0, "none", Level.NOTHING, ("factors",)),
    ("one known", 1, "none", Level.NOTHING, ("factors",)),
    ("two known", 2, "none", Level.SUMMARY, ()),
    ("many known", 13, "none", Level.SUMMARY, ()),
    ("two known, no consent", 2, "required", Level.NOTHING, ("consent",)),
    ("one known, no consent", 1, "required", Level.NOTHING, ("consent", "factors")),
]


@pytest.mark.parametrize(
    ("known", "consent", "level", "blocks"),
    [each[1:] for each in FACTORS],
    ids=[each[0] for each in FACTORS],
)
def test_a_clause_that_needs_factors(
    known: int | None, consent: str, level: Level, blocks: tuple[str, ...]
) -> None:
    rules = rules_of(agreement("family", clause(consent=consent, needs_factors=2)))
    asked = request(subject=person(factors=known))
    decision = decide(rules, asked, "police", "crime.offence")
    assert (decision.level, decision.blocks) == (level, blocks)
    if blocks == ("factors",):
        assert [each.but_for for each in decision.near_misses] == ["factors"]


def test_opting_out_touches_planning() -> None:
    rules = rules_of(agreement("planning", clause(purpose="service-planning")))
    asked = request(purpose="service-planning", subject=person(Flag("national-opt-out", "yes")))
    decision = decide(rules, asked, "police", "crime.offence")
    assert (decision.level, decision.blocks) == (Level.NOTHING, ("national-opt-out",))


def test_a_guardian_sees_past_the_seal() -> None:
    rules = rules_of(agreement())
    sealed = person(Flag("sealed", "yes", partner="police"), guardians=frozenset({"ana"}))
    assert decide(rules, request(subject=sealed), "police", "crime.offence").level == Level.SUMMARY


def test_the_highest_clause_that_fits_decides() -> None:
    rules = rules_of(
        agreement("family", clause("low", level="existence"), clause("high", level="detail"))
    )
    decision = decide(rules, request(subject=person()), "police", "crime.offence")
    assert (decision.level, decision.clauses) == (Level.DETAIL, ("family/high",))


def test_a_lower_clause_stands_in_where_consent_is_missing() -> None:
    rules = rules_of(
        agreement(
            "family",
            clause("open", level="summary"),
            clause("full", level="detail", consent="required"),
        )
    )
    decision = decide(rules, request(subject=person()), "police", "crime.offence")
    assert (decision.level, decision.clauses, decision.blocks) == (
        Level.SUMMARY,
        ("family/open",),
        ("consent",),
    )
    assert [(miss.but_for, miss.clause) for miss in decision.near_misses] == [
        ("consent", "family/full")
    ]


@pytest.mark.parametrize(
    ("at", "level"),
    [
        ("opened", Level.SUMMARY),
        ("a microsecond before it ends", Level.SUMMARY),
        ("as it ends", Level.EXISTENCE),
        ("before it was opened", Level.EXISTENCE),
    ],
)
def test_a_reason_holds_from_its_opening_to_the_second_of_its_end(at: str, level: Level) -> None:
    why = reason()
    assert why.expires_at is not None
    moments = {
        "opened": why.opened_at,
        "a microsecond before it ends": why.expires_at - dt.timedelta(microseconds=1),
        "as it ends": why.expires_at,
        "before it was opened": why.opened_at - dt.timedelta(microseconds=1),
    }
    asked = request(why=why, at=moments[at], subject=person())
    assert decide(rules_of(agreement()), asked, "police", "crime.offence").level == level


def test_ones_own_data_needs_role_purpose_and_reason_but_no_agreement() -> None:
    rules = rules_of()
    own = Viewer("ana", "police", "practitioner")
    full = decide(rules, request(own, subject=person()), "police", "crime.offence")
    assert (full.level, full.clauses) == (Level.DETAIL, ("own-data",))
    cases = [
        request(own, subject=person(), has_reason=False),
        request(replace(own, role="analyst"), subject=person()),
        request(own, "service-planning", subject=person()),
        request(own, subject=person(Flag("restricted", "yes"))),
        request(own, subject=person(Flag("sealed", "yes"))),
        request(replace(own, organisation="clinic"), subject=person()),
    ]
    found = [decide(rules, each, "police", "crime.offence").level for each in cases]
    assert found == [Level.EXISTENCE, 0, 0, Level.EXISTENCE, 0, 0]
    assert decide(rules, request(own, subject=person()), "police", "no.such-field").level == 0


def test_near_misses_name_role_purpose_and_standing() -> None:
    ended = agreement("old", clause("c1", level="detail"), ends_on=TODAY - dt.timedelta(days=1))
    live = agreement(
        "family",
        clause("by-role", roles=("coordinator",), level="detail"),
        clause("by-purpose", purpose="safeguarding", level="detail"),
        clause("by-both", purpose="safeguarding", roles=("coordinator",), level="detail"),
        clause("now"),
    )
    rules = rules_of(ended, live)
    decision = decide(rules, request(subject=person()), "police", "crime.offence")
    assert {(miss.but_for, miss.clause) for miss in decision.near_misses} == {
        ("standing", "old/c1"),
        ("role", "family/by-role"),
        ("purpose", "family/by-purpose"),
    }


def test_nobodys_data_moves_on_an_agreement_that_they_did_not_sign() -> None:
    without_police = agreement()
    parties = tuple(each for each in without_police.parties if each.partner != "police")
    rules = rules_of(without_police.model_copy(update={"parties": parties}))
    assert rules.index == {}
    assert kept_fields(rules, "police") == frozenset()


def test_all_parties_is_every_party_but_the_source() -> None:
    rules = rules_of(agreement("family", clause(recipient="all-parties", fields=("crime",))))
    assert {key[0] for key in rules.index} == {"council", "clinic"}
    assert {key[4] for key in rules.index} == {"crime.offence", "crime.antisocial-behaviour"}


def test_two_agreements_of_one_id_are_refused() -> None:
    from wholeplace.foundation.errors import WholeplaceError

    with pytest.raises(WholeplaceError, match="same id"):
        compile_rules([agreement(), agreement()], signed(), TODAY, TERMS)


def test_a_decision_is_remembered() -> None:
    rules = rules_of(agreement())
    asked = request(subject=person())
    first = decide(rules, asked, "police", "crime.offence")
    assert decide(rules, replace(asked), "police", "crime.offence") is first
    assert len(rules.decisions) == 1
