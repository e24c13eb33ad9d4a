import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import (
    MemorySignOffs,
    RuleBook,
    SignOff,
    Termination,
    agreement_hash,
    in_force,
    place_day,
    standings,
)
from wholeplace.foundation.errors import WholeplaceError

from .worlds import PARTNERS, SIGNED_AT, TERMS, TODAY, agreement, clause, signed, suspended

ONE_DAY = dt.timedelta(days=1)


@given(st.dates(dt.date(2025, 6, 1), dt.date(2027, 6, 1)))
def test_in_force_from_the_first_day_to_the_last(on: dt.date) -> None:
    """Signed on 10 January 2026, for 2026: in force from the later of the two."""
    standing = in_force(agreement(), signed(agreement()), on)
    assert standing.is_in_force == (dt.date(2026, 1, 10) <= on <= dt.date(2026, 12, 31))


@given(st.sets(st.sampled_from(PARTNERS)))
def test_every_party_must_have_signed(who: set[str]) -> None:
    text = agreement()
    records = MemorySignOffs(
        [SignOff(text.id, agreement_hash(text), each, "s", SIGNED_AT) for each in who]
    )
    standing = in_force(text, records, TODAY, names=TERMS.partners)
    assert standing.is_in_force == (who == set(PARTNERS))
    assert set(standing.unsigned) == set(PARTNERS) - who
    for partner in standing.unsigned:
        assert f"{TERMS.partners[partner]} has not signed it." in standing.why


def test_a_changed_text_needs_every_signature_again() -> None:
    old = agreement()
    new = agreement("family", clause(level="detail"))
    standing = in_force(new, signed(old), TODAY, names=TERMS.partners)
    assert (standing.state, set(standing.signed_another)) == ("unsigned", set(PARTNERS))
    assert "The Clinic signed another text of it, not this one." in standing.why
    assert in_force(old, signed(old, new), TODAY).is_in_force


def test_signatures_of_strangers_or_to_other_agreements_do_not_count() -> None:
    text, digest = agreement(), agreement_hash(agreement())
    records = MemorySignOffs(
        [
            SignOff(text.id, digest, each, "s", SIGNED_AT)
            for each in ("council", "police", "stranger")
        ]
        + [SignOff("other", digest, "clinic", "s", SIGNED_AT)]
    )
    assert in_force(text, records, TODAY).unsigned == ("clinic",)


@pytest.mark.parametrize("partner", PARTNERS)
def test_any_party_suspends_alone_and_at_once(partner: str) -> None:
    records = signed(agreement())
    at = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
    records.suspend(suspended("family", partner, at))
    assert in_force(agreement(), records, TODAY - ONE_DAY).is_in_force
    standing = in_force(agreement(), records, TODAY, names=TERMS.partners)
    assert (standing.state, standing.suspended_by) == ("suspended", (partner,))
    assert standing.why == (f"{TERMS.partners[partner]} has suspended it.",)
    records.lift("family", partner, at + dt.timedelta(hours=3))
    assert in_force(agreement(), records, TODAY).is_in_force


def test_a_suspension_by_a_stranger_stops_nothing() -> None:
    records = signed(agreement())
    records.suspend(suspended("family", "stranger", SIGNED_AT))
    assert in_force(agreement(), records, TODAY).is_in_force


def test_days_begin_at_local_midnight_in_summer_and_winter() -> None:
    summer = dt.datetime(2026, 6, 14, 23, 0, tzinfo=dt.UTC)
    winter = dt.datetime(2026, 1, 14, 23, 0, tzinfo=dt.UTC)
    assert place_day(summer, "Europe/London") == dt.date(2026, 6, 15)
    assert place_day(winter, "Europe/London") == dt.date(2026, 1, 14)
    with pytest.raises(WholeplaceError, match="time zone"):
        place_day(summer.replace(tzinfo=None), "Europe/London")


def test_a_signature_just_after_local_midnight_counts_from_that_day() -> None:
    text = agreement("family", clause(), starts_on=dt.date(2026, 6, 1))
    at = dt.datetime(2026, 6, 14, 23, 30, tzinfo=dt.UTC)
    digest = agreement_hash(text)
    records = MemorySignOffs([SignOff("family", digest, each, "s", at) for each in PARTNERS])
    assert not in_force(text, records, dt.date(2026, 6, 14)).is_in_force
    assert in_force(text, records, dt.date(2026, 6, 15)).is_in_force


def test_an_agreement_without_parties_is_never_in_force() -> None:
    empty = agreement().model_copy(update={"parties": ()})
    assert not in_force(empty, signed(), TODAY).is_in_force


def test_a_later_agreement_replaces_an_earlier_one() -> None:
    old, new = agreement("old"), agreement("new", clause(), supersedes="old")
    found = standings([old, new], signed(old, new), TODAY)
    assert (found["old"].state, found["new"].state) == ("superseded", "in-force")
    unsigned = standings([old, new], signed(old), TODAY)
    assert (unsigned["old"].state, unsigned["new"].state) == ("in-force", "unsigned")


def test_nobodys_agreement_is_replaced_by_the_signatures_of_others() -> None:
    old = agreement("old")
    new = agreement("new", clause(), supersedes="old")
    new = new.model_copy(update={"parties": new.parties[:2]})
    assert standings([old, new], signed(old, new), TODAY)["old"].is_in_force


def test_a_rule_book_compiles_again_only_when_standing_changes() -> None:
    records = signed(agreement())
    book = RuleBook([agreement()], records, TERMS)
    rules = book.rules(TODAY)
    assert book.rules(TODAY) is rules
    records.suspend(suspended("family", "police", SIGNED_AT + ONE_DAY))
    assert book.rules(TODAY).index == {}
    assert book.rules(TODAY).hash != rules.hash


def notice(partner: str, at: dt.datetime, last_on: dt.date) -> Termination:
    return Termination("family", partner, f"sig-{partner}", at, last_on, "we are leaving")


@given(st.integers(-3, 3))
def test_a_notice_ends_it_after_its_last_day(days: int) -> None:
    records, last_on = signed(agreement()), TODAY
    records.terminate(notice("police", SIGNED_AT, last_on))
    standing = in_force(agreement(), records, last_on + days * ONE_DAY, names=TERMS.partners)
    assert standing.state == ("in-force" if days <= 0 else "terminated")
    assert standing.last_on == last_on
    assert any("police" in each.lower() for each in standing.why)


def test_the_earliest_notice_counts_and_strangers_give_none() -> None:
    records = signed(agreement())
    for partner, days in (("police", 9), ("council", 4), ("stranger", 1)):
        records.terminate(notice(partner, SIGNED_AT, TODAY + days * ONE_DAY))
    standing = in_force(agreement(), records, TODAY)
    assert standing.last_on == TODAY + 4 * ONE_DAY
    assert [each.partner for each in standing.notices] == ["council", "police"]
    records.withdraw_notice("family", "council", SIGNED_AT + ONE_DAY)
    assert in_force(agreement(), records, TODAY).last_on == TODAY + 9 * ONE_DAY


def test_void_signatures_sign_nothing() -> None:
    records = signed(agreement())
    records.void("family")
    assert set(in_force(agreement(), records, TODAY).unsigned) == set(PARTNERS)


STOPS = ("suspended", "ended", "terminated", "edited")


@pytest.mark.parametrize("how", STOPS)
def test_what_was_replaced_never_comes_back(how: str) -> None:
    old = agreement("old", ends_on=dt.date(2026, 12, 31))
    new = agreement("new", clause(), supersedes="old", review_on=TODAY, ends_on=TODAY + ONE_DAY)
    records = signed(old, new)
    on = TODAY + 2 * ONE_DAY if how == "ended" else TODAY
    if how == "suspended":
        records.suspend(suspended("new", "police", SIGNED_AT + ONE_DAY))
    if how == "terminated":
        records.terminate(Termination("new", "police", "s", SIGNED_AT, TODAY - ONE_DAY))
    if how == "edited":
        new = new.model_copy(update={"why": "Another reason."})
    found = standings([old, new], records, on)
    assert found["old"].state == "superseded"
    assert not found["new"].is_in_force


def test_a_new_version_replaces_from_its_first_day_at_local_midnight() -> None:
    """Clocks go back on 25 October 2026 at 01:00 UTC: the day has 25 hours."""
    first = dt.date(2026, 10, 25)
    old = agreement("old")
    new = agreement("new", clause(), supersedes="old", starts_on=first)
    for at, expected in (
        ("2026-10-24T22:59:59", "in-force"),
        ("2026-10-24T23:00:00", "superseded"),
        ("2026-10-25T23:59:59", "superseded"),
    ):
        on = place_day(dt.datetime.fromisoformat(f"{at}+00:00"), "Europe/London")
        assert standings([old, new], signed(old, new), on)["old"].state == expected


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # Clocks go forward on 29 March 2026 at 01:00 UTC: the day has 23 hours.
        ("2026-03-28T23:59:59", 28), ("2026-03-29T00:00:00", 29), ("2026-03-29T22:59:59", 29),
        ("2026-03-29T23:00:00", 30),
        # And back on 25 October: until 23:00 UTC the day before, from 24:00 UTC the day after.
        ("2026-10-24T22:59:59", 24), ("2026-10-24T23:00:00", 25), ("2026-10-25T23:59:59", 25),
        ("2026-10-26T00:00:00", 26),
    ],
)  # fmt: skip
def test_the_last_day_ends_at_local_midnight_when_the_clocks_change(at: str, day: int) -> None:
    instant = dt.datetime.fromisoformat(f"{at}+00:00")
    on = place_day(instant, "Europe/London")
    assert on.day == day
    last = dt.date(instant.year, instant.month, 28 if instant.month == 3 else 24)
    text = agreement(ends_on=last, review_on=last)
    assert in_force(text, signed(text), on).is_in_force == (on <= last)


def test_a_suspension_on_the_night_of_the_change_works_from_its_own_day() -> None:
    at = dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)
    records = signed(agreement())
    records.suspend(suspended("family", "police", at))
    assert in_force(agreement(), records, dt.date(2026, 10, 24)).is_in_force
    assert not in_force(agreement(), records, dt.date(2026, 10, 25)).is_in_force
