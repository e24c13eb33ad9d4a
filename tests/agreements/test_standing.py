import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import (
    MemorySignOffs,
    RuleBook,
    SignOff,
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
